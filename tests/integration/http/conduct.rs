//! `GET /v1/organizations/{code}/conduct`.

use super::conforms::conforms;
use super::world::{EAST, STREET, WEST, World, member};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn only_an_auditor_who_reaches_the_organisation_sees_how_records_were_entered() {
    let world = World::street();
    let address = format!("/v1/organizations/{EAST}/conduct?month=2026-10");
    for (grant, status) in [
        ("auditor".to_owned(), 200),
        (format!("auditor@{STREET}"), 200),
        (format!("auditor@{EAST}"), 200),
        (format!("auditor@{WEST}"), 403),
        ("recorder".to_owned(), 403),
        ("publisher".to_owned(), 403),
        ("operator".to_owned(), 403),
    ] {
        let token = world.token("x-1", &[&grant]);
        let answered = world.get(&address, Some(&token)).await;
        assert_eq!(answered.status, status, "{grant}: {}", answered.text());
        if status == 200 {
            assert_eq!(answered.header("cache-control"), "private, no-cache");
        }
    }
    assert_eq!(world.get(&address, None).await.problem(), (401, "token_missing".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_of_the_log_as_it_is_or_as_it_was() {
    let world = World::street();
    let token = world.token("x-1", &["auditor"]);
    let before = world.service.ledger.head().tree_size;
    let late = json!({
        "activity": "a0000000000001", "member": member(5), "ended_at": "2026-10-03T13:00:00Z", "reason": "forgotten",
    });
    world.record("late", "mingzhang.late-check-in.recorded.v1", "2026-10-03T11:00:00Z", "back_entered", late);
    let address = format!("/v1/organizations/{STREET}/conduct?month=2026-10");
    let now = world.get(&address, Some(&token)).await;
    assert_eq!(now.header("mingzhang-tree-size"), (before + 1).to_string());
    let (now, then) = (now.json(), world.get(&format!("{address}&as_of={before}"), Some(&token)).await.json());
    conforms(&now, "get", "/v1/organizations/{code}/conduct", "200");
    // The four before were entered late, as if they had been scanned.
    for (answer, size, records, back_entered) in [(&now, before + 1, 5, 5), (&then, before, 4, 4)] {
        assert_eq!(answer["tree_size"], size);
        assert_eq!((&answer["records"], &answer["back_entered"]), (&json!(records), &json!(back_entered)), "{answer}");
        assert_eq!(answer["recorders"][0]["actor"], "keeper");
    }
    let beyond = world.get(&format!("{address}&as_of={}", before + 2), Some(&token)).await;
    assert_eq!(beyond.problem(), (404, "as_of_beyond_head".to_owned()));
    let nothing = world.get("/v1/organizations/420902999/conduct?month=2026-10", Some(&token)).await;
    assert_eq!(nothing.status, 404, "{}", nothing.text());
}
