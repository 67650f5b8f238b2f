//! `POST /v1/people`.

use super::conforms::conforms;
use super::world::{EAST, World, member};
use mingzhang_events::MemberId;
use serde_json::json;

fn person(number: u64, name: &str, own_number: &str) -> serde_json::Value {
    json!({ "member": member(number), "name": name, "number": own_number })
}

#[tokio::test(flavor = "multi_thread")]
async fn names_go_beside_the_log_and_never_into_it() {
    let world = World::street();
    let size = world.service.ledger.head().tree_size;
    let token = world.token("w-1", &[&format!("recorder@{EAST}")]);
    // Member 500 is on no roster yet: the names of a roster come before it.
    let body = json!({ "people": [person(1, "王东", "E-1"), person(500, "新人", "E-500")] }).to_string();
    let answered = world.post("/v1/people", Some(&token), None, body).await;
    assert_eq!(answered.status, 204, "{}", answered.text());
    let known = world.service.identity.person(MemberId(500)).expect("people").expect("known");
    assert_eq!((known.name.as_str(), known.number.as_deref()), ("新人", Some("E-500")));
    // The log gets a commitment to the one who is on a roster, and to the other with their roster.
    assert_eq!(world.service.ledger.head().tree_size, size + 1);
    let again = json!({ "people": [person(1, "王东", "E-1")] }).to_string();
    assert_eq!(world.post("/v1/people", Some(&token), None, again).await.status, 204);
    assert_eq!(world.service.ledger.head().tree_size, size + 1, "the same name is no news");
    let data = json!({ "member": member(500), "class": "resident", "organization": EAST });
    let rostered = json!({ "type": "mingzhang.member.rostered.v1", "time": "2026-10-01T00:00:00Z", "evidence": "imported", "data": data });
    let answered = world.post("/v1/commands", Some(&token), Some("k-500"), rostered.to_string()).await;
    assert_eq!(answered.status, 201, "{}", answered.text());
    assert_eq!(world.service.ledger.head().tree_size, size + 3);
    for entry in world.service.ledger.entries(size, 3).expect("entries") {
        let text = String::from_utf8(entry.bytes).expect("JSON");
        assert!(!text.contains("王东") && !text.contains("新人") && !text.contains("E-"), "{text}");
        assert!(text.contains("\"recordedby\":\"w-1\""), "{text}");
    }
    let operator = world.token("o-1", &["operator"]);
    let reveal = world.get(&format!("/v1/members/{}/reveal", member(500)), Some(&operator)).await;
    assert_eq!((reveal.status.as_u16(), reveal.header("cache-control")), (200, "no-store"));
    conforms(&reveal.json(), "get", "/v1/members/{id}/reveal", "200");
    assert_eq!(reveal.json()["name"], "新人");
    let other = world.get(&format!("/v1/members/{}/reveal", member(2)), Some(&operator)).await;
    assert_eq!(other.status, 404, "of whom no name is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_committed_to_in_the_name_of_who_was_refused() {
    let world = World::street();
    let token = world.token("w-9", &[]);
    // As after a crash: the name is kept and not yet committed to.
    world.name(1, "王东", "E-1");
    let size = world.service.ledger.head().tree_size;
    let data = json!({ "member": member(1), "class": "resident", "organization": EAST });
    let mut rostered = json!({ "type": "mingzhang.member.rostered.v1", "time": "2026-10-01T00:00:00Z", "evidence": "imported", "data": data });
    let alone = world.post("/v1/commands", Some(&token), Some("k-1"), rostered.to_string()).await;
    assert!(alone.status.is_client_error(), "{}", alone.text());
    rostered["key"] = json!("k-2");
    for mode in ["each", "all", "dry-run"] {
        let path = format!("/v1/commands/batch?mode={mode}");
        let answered = world.post(&path, Some(&token), None, rostered.to_string()).await;
        assert!(answered.text().contains(r#""rejected":1"#), "{}", answered.text());
    }
    assert_eq!(world.service.ledger.head().tree_size, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_recorded_or_none() {
    let world = World::street();
    let token = world.token("w-1", &[&format!("recorder@{EAST}")]);
    let reviewer = world.token("w-2", &["reviewer"]);
    world.name(2, "李东", "E-2");
    let west = json!({ "people": [person(1, "王东", "E-1"), person(9, "西人", "W-9")] });
    let taken = json!({ "people": [person(1, "王东", "E-1"), person(3, "张东", "E-2")] });
    let invisible = json!({ "people": [person(1, "王东", "E-1"), person(3, "张\u{200b}东", "E-3")] });
    for (token, body, status, code) in [
        (&token, west.to_string(), 403, "role_does_not_reach"),
        (&token, taken.to_string(), 409, "number_taken"),
        (&token, invisible.to_string(), 422, "content_malformed"),
        (&token, "{\"people\": [{\"member\": 王东}]}".to_owned(), 400, "malformed_json"),
        (&token, format!("{}{{}}", " ".repeat(1_100_000)), 413, "too_large"),
        (&reviewer, json!({ "people": [person(1, "王东", "E-1")] }).to_string(), 403, "role_does_not_reach"),
    ] {
        let answered = world.post("/v1/people", Some(token), None, body).await;
        assert_eq!(answered.problem(), (status, code.to_owned()));
        assert!(!answered.text().contains('东'), "a problem quotes no name: {}", answered.text());
        assert_eq!(world.service.identity.person(MemberId(1)).expect("people"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_another_name_or_number_unless_it_is_said_that_it_is_meant() {
    let world = World::street();
    let token = world.token("w-1", &[&format!("recorder@{EAST}")]);
    world.name(1, "王东", "E-1");
    let kept = || {
        let person = world.service.identity.person(MemberId(1)).expect("people").expect("known");
        (person.name, person.number)
    };
    let (before, size) = (kept(), world.service.ledger.head().tree_size);
    for other in [person(1, "李东", "E-1"), person(1, "王东", "E-9")] {
        let body = json!({ "people": [other] }).to_string();
        let refused = world.post("/v1/people", Some(&token), None, body).await;
        assert!(!refused.text().contains('东'), "a problem quotes no name: {}", refused.text());
        assert_eq!(refused.problem(), (409, "registered_otherwise".to_owned()));
        assert_eq!((kept(), world.service.ledger.head().tree_size), (before.clone(), size));
    }
    let unnumbered = json!({ "people": [{ "member": member(1), "name": "王 东" }] }).to_string();
    assert_eq!(world.post("/v1/people", Some(&token), None, unnumbered).await.status, 204);
    assert_eq!(kept().1.as_deref(), Some("E-1"), "who is given no number keeps theirs");
    let body = json!({ "people": [person(1, "李东", "E-9")], "rename": true }).to_string();
    assert_eq!(world.post("/v1/people", Some(&token), None, body).await.status, 204);
    assert_eq!(kept(), ("李东".to_owned(), Some("E-9".to_owned())));
}
