//! `/v1/notices`.

use super::conforms::conforms;
use super::world::{EAST, World, check_in};
use serde_json::json;

fn wanted(number: &str) -> String {
    json!({ "organization": EAST, "month": "2026-10", "number": number }).to_string()
}

fn close(world: &World) {
    let data = json!({ "organization": EAST, "month": "2026-10" });
    world.record("close", "mingzhang.month.closed.v1", "2026-11-01T00:00:00Z", "office", data);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_issues_the_notice_of_a_closed_month_and_everybody_reads_it() {
    let world = World::street();
    world.name(3, "王小东", "E-3");
    let token = world.token("w-1", &[&format!("publisher@{EAST}")]);
    let open = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    assert_eq!(open.problem(), (409, "month_not_closed".to_owned()));
    close(&world);
    let issued = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    let id = issued.json()["id"].as_str().expect("an id").to_owned();

    let list = world.get("/v1/notices", None).await.json();
    conforms(&list, "get", "/v1/notices", "200");
    let entry = &list["notices"][0];
    assert_eq!((&entry["id"], &entry["number"]), (&json!(id), &json!("〔2026〕1号")));

    let figures = world.get(&format!("/v1/notices/{id}"), None).await;
    assert_eq!(figures.header("content-type"), "application/json; charset=utf-8");
    assert!(figures.text().contains(entry["digest"].as_str().expect("a digest")), "the notice names its digest");
    for (suffix, media) in
        [("html", "text/html"), ("csv", "text/csv"), ("txt", "text/plain"), ("json", "application/json")]
    {
        let by_suffix = world.get(&format!("/v1/notices/{id}.{suffix}"), None).await;
        let by_accept = world.get_with(&format!("/v1/notices/{id}"), None, &[("accept", media)]).await;
        assert_eq!(by_suffix.status, 200, "{}", by_suffix.text());
        assert_eq!(by_suffix.body, by_accept.body);
        assert!(by_suffix.header("content-type").starts_with(media));
        assert!(!by_suffix.text().contains("王小东"), "without consent no full name is published");
        let known = [("if-none-match", by_suffix.header("etag"))];
        assert_eq!(world.get_with(&format!("/v1/notices/{id}.{suffix}"), None, &known).await.status, 304);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn issuing_again_with_the_same_key_issues_nothing_though_the_log_has_grown() {
    let world = World::street();
    let token = world.token("w-1", &["publisher", "recorder"]);
    close(&world);
    let first = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await.json();
    world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await;
    let again = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕1号")).await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &first["id"]));
    let other = world.post("/v1/notices", Some(&token), Some("n-1"), wanted("〔2026〕2号")).await;
    assert_eq!(other.problem(), (409, "key_reused_with_other_content".to_owned()));
    assert_eq!(world.get("/v1/notices", None).await.json()["notices"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_publisher_that_reaches_the_organisation_issues() {
    let world = World::street();
    close(&world);
    for grant in ["recorder", "reviewer", "auditor", "operator", "publisher@420902001002"] {
        let token = world.token(&grant.replace('@', "-"), &[grant]);
        let refused = world.post("/v1/notices", Some(&token), Some(grant), wanted("〔2026〕1号")).await;
        assert_eq!(refused.problem(), (403, "role_does_not_reach".to_owned()), "{grant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_was_never_issued_is_not_found() {
    let world = World::street();
    let id = "e00000000000000000000000001";
    assert_eq!(world.get(&format!("/v1/notices/{id}"), None).await.problem(), (404, "unknown".to_owned()));
    assert_eq!(world.get(&format!("/v1/notices/{id}.docx"), None).await.problem(), (400, "malformed_path".to_owned()));
}
