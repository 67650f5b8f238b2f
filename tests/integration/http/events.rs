//! `GET /v1/events…`: pages, one entry, and the stream.

use super::client::{Served, post};
use super::conforms::conforms;
use super::world::{EAST, World, check_in};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn entries_come_byte_for_byte_a_page_at_a_time() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let size = world.service.ledger.head().tree_size;
    let (mut next, mut seen) = (Some("/v1/events?from=0&limit=7".to_owned()), 0);
    while let Some(path) = next {
        let answered = world.get(&path, Some(&token)).await;
        let body = answered.json();
        conforms(&body, "get", "/v1/events", "200");
        for event in body["events"].as_array().expect("events") {
            assert_eq!(event["log_index"], seen);
            let stored = world.service.ledger.entries(seen, 1).expect("an entry").remove(0).bytes;
            let stored = String::from_utf8(stored).expect("JSON");
            assert!(answered.text().contains(&format!("\"entry\":{stored}}}")));
            seen += 1;
        }
        let link = answered.header("link");
        next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).map(str::to_owned);
    }
    assert_eq!(seen, size);
    let beyond = world.get(&format!("/v1/events?from={}", u64::MAX), Some(&token)).await.json();
    assert_eq!(beyond["events"], Value::Array(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_is_shown_with_its_receipt_to_auditors_and_to_whoever_recorded_it() {
    let world = World::street();
    let recorder = world.token("w-1", &[&format!("recorder@{EAST}")]);
    let other = world.token("w-2", &["recorder"]);
    let auditor = world.token("w-3", &["auditor"]);
    let id = world.post("/v1/commands", Some(&recorder), Some("k-1"), check_in(1)).await.json()["id"].clone();
    let path = format!("/v1/events/{}", id.as_str().expect("an id"));
    for token in [&recorder, &auditor] {
        let shown = world.get(&path, Some(token)).await.json();
        conforms(&shown, "get", "/v1/events/{id}", "200");
        assert_eq!((&shown["entry"]["id"], &shown["entry"]["recordedby"]), (&id, &"w-1".into()));
    }
    assert_eq!(world.get(&path, Some(&other)).await.problem(), (403, "role_does_not_reach".to_owned()));
    let absent = "/v1/events/e00000000000000000000000001";
    assert_eq!(world.get(absent, Some(&auditor)).await.problem(), (404, "unknown".to_owned()));
}

/// The log indexes of the next events of a stream.
async fn next_ids(connection: &mut super::client::Connection, count: usize) -> Vec<u64> {
    let mut ids = Vec::new();
    while ids.len() < count {
        connection.until("\nid: ").await.expect("the stream goes on");
        let id = connection.until("\n").await.expect("an id");
        ids.push(id.trim().parse().expect("a log index"));
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_with_what_is_recorded_and_resumes_after_the_last_event() {
    let world = World::street();
    let auditor = world.token("w-1", &["auditor"]);
    let recorder = world.token("w-2", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    let served = Served::of(&world).await;
    let mut stream = served.connect().await;
    let ask = format!(
        "GET /v1/events?from={} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {auditor}\r\naccept: text/event-stream\r\n",
        size - 2
    );
    stream.write(&format!("{ask}\r\n")).await.expect("sent");
    let head = stream.until("\r\n\r\n").await.expect("a head");
    assert!(head.contains("content-type: text/event-stream") && !head.contains("content-encoding"), "{head}");
    assert_eq!(next_ids(&mut stream, 2).await, [size - 2, size - 1]);
    let mut writing = served.connect().await;
    for number in 1..=3 {
        writing.write(&post(&recorder, &format!("k-{number}"), &check_in(number))).await.expect("sent");
        assert!(writing.answer().await.expect("answered").0.starts_with("HTTP/1.1 201"));
    }
    assert_eq!(next_ids(&mut stream, 3).await, [size, size + 1, size + 2]);
    drop(stream);
    let mut resumed = served.connect().await;
    resumed.write(&format!("{ask}last-event-id: {size}\r\n\r\n")).await.expect("sent");
    assert_eq!(next_ids(&mut resumed, 2).await, [size + 1, size + 2]);

    // A stream has no end of its own, and still doesn't hold up the stop.
    served.stop().await.expect("it stops").expect("in order");
    assert_eq!(resumed.until("never").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_soon_after_its_token_is_revoked() {
    let world = World::street();
    let (auditor, other) = (world.token("w-1", &["auditor"]), world.token("w-2", &["auditor"]));
    let size = world.service.ledger.head().tree_size;
    let served = Served::of(&world).await;
    let mut streams = Vec::new();
    for token in [&auditor, &other] {
        let mut stream = served.connect().await;
        let ask = format!(
            "GET /v1/events?from={} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n",
            size - 1
        );
        stream.write(&ask).await.expect("sent");
        assert_eq!(next_ids(&mut stream, 1).await, [size - 1]);
        streams.push(stream);
    }
    let identity = &world.service.identity;
    let tokens = identity.tokens().expect("tokens");
    let of_first = tokens.iter().find(|token| token.actor.to_string() == "w-1").expect("its token");
    assert!(identity.revoke_token(&of_first.fingerprint).expect("revoked"));
    // It ends by itself, without an entry in between; the other goes on.
    assert_eq!(streams[0].until("\r\n0\r\n\r\n").await.as_deref().map(|rest| rest.contains("id: ")), Some(false));
    world.record(
        "after",
        "mingzhang.organization.renamed.v1",
        "2026-10-02T00:00:00Z",
        "office",
        serde_json::json!({ "organization": EAST, "name": "朝阳社区党委" }),
    );
    assert_eq!(next_ids(&mut streams[1], 1).await, [size]);
    drop(served.stop().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_given_as_a_file_to_auditors_and_to_whoever_recorded_the_entry() {
    use mingzhang::transparency::{Policy, TlogProof, VerifierKey};
    let world = World::street();
    let recorder = world.token("w-1", &[&format!("recorder@{EAST}")]);
    let other = world.token("w-2", &["recorder"]);
    let auditor = world.token("w-3", &["auditor"]);
    let recorded = world.post("/v1/commands", Some(&recorder), Some("k-1"), check_in(1)).await.json();
    let path = format!("/v1/events/{}/proof", recorded["id"].as_str().expect("an id"));
    let policy = Policy::of_log(VerifierKey::parse(&world.service.ledger.verifier_key()).expect("a key"));
    let log_index = recorded["log_index"].as_u64().expect("a log index");
    let entry = world.service.ledger.entries(log_index, 1).expect("an entry").remove(0).bytes;
    for token in [&recorder, &auditor] {
        let answered = world.get(&path, Some(token)).await;
        assert_eq!(answered.header("content-type"), "text/plain; charset=utf-8");
        let proof = TlogProof::parse(&answered.text()).expect("a tlog-proof");
        assert_eq!(proof.log_index, log_index);
        proof.verify(&entry, &policy).expect("it holds");
    }
    assert_eq!(world.get(&path, None).await.problem().0, 401);
    assert_eq!(world.get(&path, Some(&other)).await.problem(), (403, "role_does_not_reach".to_owned()));
    let absent = "/v1/events/e00000000000000000000000001/proof";
    assert_eq!(world.get(absent, Some(&auditor)).await.problem(), (404, "unknown".to_owned()));
    assert_eq!(world.get(absent, Some(&other)).await.problem().0, 403);
}
