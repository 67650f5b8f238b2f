//! `GET /v1/organizations/{code}/burden`.

use super::conforms::conforms;
use super::world::{EAST, STREET, WEST, World, check_in};

#[tokio::test(flavor = "multi_thread")]
async fn what_recording_took_is_told_and_what_was_handed_in_again_is_counted_apart() {
    let world = World::street();
    let recorder = world.token("w-1", &[&format!("recorder@{EAST}")]);
    // The fixture's clock stands in November: that is when it was all recorded.
    let address = format!("/v1/organizations/{EAST}/burden?month=2026-11");
    let before = world.get(&address, Some(&recorder)).await.json();
    assert_eq!(before["not_recorded_since_start"]["repeated"], 0);
    for (key, status) in [("k-1", 201), ("k-1", 200), ("k-2", 409)] {
        let answered = world.post("/v1/commands", Some(&recorder), Some(key), check_in(1)).await;
        assert_eq!(answered.status, status, "{}", answered.text());
    }
    let after = world.get(&address, Some(&recorder)).await.json();
    let scanned = |answer: &serde_json::Value| answer["scanned"]["facts"].as_u64().expect("a count");
    assert_eq!(scanned(&after), scanned(&before) + 1, "the log has the fact once");
    let again = &after["not_recorded_since_start"];
    assert_eq!((again["repeated"].as_u64(), again["refused_as_known"].as_u64()), (Some(1), Some(1)));
    let month = world.get(&address.replace("2026-11", "2026-10"), Some(&recorder)).await.json();
    assert_eq!((&month["typed"]["facts"], &month["records"]), (&0.into(), &0.into()));
    let street = world.get(&format!("/v1/organizations/{STREET}/burden?month=2026-11"), Some(&recorder)).await;
    assert_eq!(street.status, 403, "{}", street.text());
    let west = world.get(&format!("/v1/organizations/{WEST}/burden?month=2026-11"), Some(&recorder)).await;
    assert_eq!(west.status, 403, "{}", west.text());
    assert_eq!(world.get(&address, None).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_of_the_log_as_it_is_or_as_it_was() {
    let world = World::street();
    let recorder = world.token("w-1", &[&format!("recorder@{EAST}")]);
    let address = format!("/v1/organizations/{EAST}/burden?month=2026-11");
    let size = world.service.ledger.head().tree_size;
    let then = world.get(&address, Some(&recorder)).await.json();
    conforms(&then, "get", "/v1/organizations/{code}/burden", "200");
    assert_eq!(world.post("/v1/commands", Some(&recorder), Some("k-1"), check_in(1)).await.status, 201);
    let now = world.get(&address, Some(&recorder)).await.json();
    assert_eq!(now["scanned"]["facts"].as_u64(), then["scanned"]["facts"].as_u64().map(|facts| facts + 1));
    let again = world.get(&format!("{address}&as_of={size}"), Some(&recorder)).await;
    assert_eq!((again.header("mingzhang-tree-size"), again.json()), (size.to_string().as_str(), then));
    let beyond = world.get(&format!("{address}&as_of={}", size + 2), Some(&recorder)).await;
    assert_eq!(beyond.problem(), (404, "as_of_beyond_head".to_owned()));
    // Before the organisation was there, there is nothing to tell of it: as everywhere.
    assert_eq!(world.get(&format!("{address}&as_of=0"), Some(&recorder)).await.problem(), (404, "unknown".to_owned()));
}
