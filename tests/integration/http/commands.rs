//! `POST /v1/commands`.

use super::conforms::conforms;
use super::world::{EAST, World, check_in, command, member};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang::ledger::IdempotencyKey;
use mingzhang::transparency::{Hash, SignedCheckpoint, VerifierKey, leaf_hash, verify_inclusion};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_answered_with_a_receipt_that_proves_its_entry() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let answered = world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await;
    assert_eq!(answered.status, 201, "{}", answered.text());
    let receipt = answered.json();
    conforms(&receipt, "post", "/v1/commands", "201");
    assert_eq!(receipt["repeated"], false);
    let log_index = receipt["log_index"].as_u64().expect("an index");
    assert_eq!(answered.header("location"), format!("/v1/events/{}", receipt["id"].as_str().expect("an id")));

    let key = VerifierKey::parse(&world.service.ledger.verifier_key()).expect("a key");
    let note = receipt["checkpoint"].as_str().expect("a note");
    let checkpoint = SignedCheckpoint::open(note.as_bytes(), &key).expect("a signed checkpoint").checkpoint().clone();
    let proof: Vec<Hash> = (receipt["inclusion_proof"].as_array().expect("hashes").iter())
        .map(|hash| STANDARD.decode(hash.as_str().expect("base64")).expect("base64").try_into().expect("32 bytes"))
        .collect();
    let entry = world.service.ledger.entries(log_index, 1).expect("the entry").remove(0);
    let leaf = leaf_hash(&entry.bytes);
    verify_inclusion(&leaf, log_index, checkpoint.size, &proof, &checkpoint.root).expect("the proof leads to the root");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_and_content_again_is_the_same_receipt_and_records_nothing() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let first = world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await.json();
    let size = world.service.ledger.head().tree_size;
    // The draft standard writes the key in quotes.
    for key in ["k-1", "\"k-1\""] {
        let again = world.post("/v1/commands", Some(&token), Some(key), check_in(1)).await;
        assert_eq!(again.status, 200);
        let again = again.json();
        assert_eq!((&again["id"], &again["log_index"]), (&first["id"], &first["log_index"]));
        assert_eq!(again["repeated"], true);
    }
    assert_eq!(world.service.ledger.head().tree_size, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_for_another_fact_is_refused() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await;
    let other = world.post("/v1/commands", Some(&token), Some("k-1"), check_in(2)).await;
    assert_eq!(other.problem(), (409, "key_reused_with_other_content".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_status_and_code() {
    let world = World::street();
    let recorder = world.token("w-1", &["recorder"]);
    let west = world.token("w-2", &["recorder@420902001002"]);
    world.post("/v1/commands", Some(&recorder), Some("first"), check_in(1)).await;
    let unknown = command(
        "mingzhang.check-in.recorded.v1",
        "2026-11-03T11:05:00Z",
        "on_site_code",
        json!({ "activity": "a0000000000009", "member": member(99) }),
    );
    let future = check_in(2).replace("2026-11-03", "2026-12-03");
    let check_out = check_in(3).replace("check-in", "check-out");
    let adopt = command(
        "mingzhang.month.closed.v1",
        "2026-11-03T11:05:00Z",
        "office",
        json!({ "month": "2026-09", "organization": EAST }),
    );
    for (token, body, status, code) in [
        (&recorder, check_in(1), 409, "already_recorded"),
        (&recorder, check_out, 409, "not_checked_in"),
        (&recorder, unknown, 404, "unknown_member"),
        (&recorder, future, 422, "occurred_in_the_future"),
        (&recorder, adopt, 403, "role_does_not_reach"),
        (&west, check_in(2), 403, "role_does_not_reach"),
    ] {
        let answered = world.post("/v1/commands", Some(token), Some(&format!("k-{code}-{status}")), body).await;
        assert_eq!(answered.problem(), (status, code.to_owned()));
        let problem = answered.json();
        assert_eq!(problem["type"], format!("urn:mingzhang:problem:{code}"));
        assert_eq!(problem["status"], status);
        assert!(!problem["detail"].as_str().expect("a detail").is_ascii(), "Chinese first: {problem}");
        assert!(!problem["detail_en"].as_str().expect("a detail").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_command_is_refused_before_it_reaches_the_ledger() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let size = world.service.ledger.head().tree_size;
    for (body, status, code) in [
        ("{".to_owned(), 400, "malformed_json"),
        ("[]".to_owned(), 422, "content_malformed"),
        ("{}".to_owned(), 422, "content_malformed"),
        (check_in(1).replace("on_site_code", "hearsay"), 422, "content_malformed"),
        // A row without its file, and a row that no file has.
        (check_in(1).replacen('{', "{\"imported_row\":1,", 1), 422, "content_malformed"),
        (
            check_in(1).replacen('{', &format!("{{\"imported_file\":\"{}\",\"imported_row\":0,", "0".repeat(64)), 1),
            422,
            "content_malformed",
        ),
        (check_in(1).replace("check-in.recorded.v1", "check-in.recorded.v9"), 422, "unknown_event_type"),
        (check_in(1).replace("\"activity\"", "\"Activity\""), 422, "content_malformed"),
        (check_in(1).replace("2026-11-03T11:05:00Z", "2026-11-03T11:05:00+08:00"), 422, "content_malformed"),
        (format!("{}{}", " ".repeat(1_100_000), check_in(1)), 413, "too_large"),
    ] {
        let answered = world.post("/v1/commands", Some(&token), Some("k"), body).await;
        assert_eq!(answered.problem(), (status, code.to_owned()));
    }
    for key in [None, Some(""), Some("a b")] {
        let answered = world.post("/v1/commands", Some(&token), key, check_in(1)).await;
        assert_eq!(answered.problem(), (400, "idempotency_key_missing".to_owned()));
    }
    assert_eq!(world.service.ledger.head().tree_size, size);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_too_long_for_an_entry_is_refused() {
    let world = World::street();
    let token = world.token("w-1", &["operator"]);
    let items: Vec<_> = (0..200)
        .map(|at| {
            json!({
                "clause": format!("1.{at}"), "kind": "service", "name": "义".repeat(100), "per": "occurrence", "points": "1.00",
            })
        })
        .collect();
    let rules = json!({
        "effective_from": "2026-12", "items": items, "review_required_for": [], "title": "细则", "version": "2026-9",
    });
    let body =
        command("mingzhang.scoring-rules.adopted.v1", "2026-11-03T11:05:00Z", "office", json!({ "rules": rules }));
    let answered = world.post("/v1/commands", Some(&token), Some("k"), body).await;
    assert_eq!(answered.problem(), (413, "too_large".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_says_it_is_something_else_is_refused() {
    let world = World::street();
    let token = world.token("w-1", &["recorder"]);
    let request = axum::http::Request::post("/v1/commands")
        .header("authorization", format!("bearer {token}"))
        .header("idempotency-key", "k")
        .header("content-type", "text/xml")
        .body(check_in(1).into())
        .expect("a request");
    assert_eq!(world.send(request).await.problem(), (415, "unsupported_media_type".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_that_a_table_will_derive_cannot_be_taken_for_something_else() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "publisher"]);
    let of_fact = |text: &str| {
        let command: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let event = mingzhang_events::decode_data("mingzhang.check-in.recorded.v1", &command["data"].to_string());
        let occurred_at = command["time"].as_str().expect("a time").parse().expect("an instant");
        IdempotencyKey::of_fact(&event.expect("an event"), occurred_at).as_str().to_owned()
    };
    let derived = of_fact(&check_in(2));
    // Somebody with a token takes the key of another's row, alone and in a batch.
    let squatted = world.post("/v1/commands", Some(&token), Some(&derived), check_in(1)).await;
    assert_eq!(squatted.problem(), (409, "key_of_other_content".to_owned()));
    let line = format!("{{\"key\":\"{derived}\",{}", &check_in(1)[1..]);
    let squatted = world.post("/v1/commands/batch", Some(&token), None, line).await;
    assert!(squatted.text().contains(r#""code":"key_of_other_content""#), "{}", squatted.text());
    let month = "2026-10".parse().expect("a month");
    let notice = IdempotencyKey::of_notice(EAST.parse().expect("a code"), month, "〔2026〕1号");
    let wanted = json!({ "organization": EAST, "month": "2026-10", "number": "〔2026〕2号" }).to_string();
    let squatted = world.post("/v1/notices", Some(&token), Some(notice.as_str()), wanted).await;
    assert_eq!(squatted.problem(), (409, "key_of_other_content".to_owned()));
    // The row itself is recorded under it.
    assert_eq!(world.post("/v1/commands", Some(&token), Some(&derived), check_in(2)).await.status, 201);
}
