//! The protocol request by request (C2SP tlog-witness): each answer, and what is kept as evidence.

use super::fixture::*;
use axum::body::Body;
use axum::http::Request;
use mingzhang::transparency::{Checkpoint, Ed25519Signer, Note, SignedCheckpoint, Signer, empty_root, witness_request};
use sha2::{Digest, Sha256};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A witness that has cosigned the first 10 entries.
async fn at_ten(state: &std::path::Path) -> (Log, Served) {
    let log = Log::new(700, 0, 0);
    let served = Served::new(open(state, &log));
    assert_eq!(served.submit(log.request(0, 10)).await.status, 200);
    (log, served)
}

/// Rows on whose answer implementations differ.
pub(super) const MALFORMED_TOO: &str = "that too in a request that is malformed";

/// Requests to a witness that has cosigned the first 10 entries, each with its answer. Every one leaves the witness at 10, so that
/// their order doesn't matter.
pub(super) fn at_ten_requests(log: &Log) -> Vec<(&'static str, u16, Vec<u8>)> {
    let fork = Log::new(700, 1, 5);
    let note = |size| log.checkpoint(size);
    let hash = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n";
    let other_log = {
        let signer = Ed25519Signer::from_seed("log.example/other", &[1; 32]).unwrap();
        SignedCheckpoint::sign(Checkpoint::new("log.example/other", 12, log.root(12)), &[&signer]).unwrap()
    };
    let other_key = {
        let signer = Ed25519Signer::from_seed(ORIGIN, &[3; 32]).unwrap();
        SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 12, log.root(12)), &[&signer]).unwrap()
    };
    let wrong_signature = note(12).replace("log.example/street\n12\n", "log.example/street\n13\n");
    let unsigned = note(12).split_once("\n\n").unwrap().0.to_owned() + "\n\n";
    let extended =
        log.sign(Checkpoint { extensions: vec!["more".to_owned()], ..Checkpoint::new(ORIGIN, 12, log.root(12)) });
    let mut shortened = log.proof(10, 200);
    shortened.pop();
    let mut swapped = log.proof(10, 200);
    swapped.reverse();
    let of = witness_request::write;

    vec![
        ("an equal size again", 200, log.request(10, 10).into()),
        ("a log that isn't watched", 404, of(10, &[], other_log.note()).into()),
        (MALFORMED_TOO, 404, format!("odd\n\n{}", other_log.note()).into()),
        ("another key of the same name", 403, of(10, &log.proof(10, 12), other_key.note()).into()),
        (MALFORMED_TOO, 403, format!("odd\n\n{}", other_key.note()).into()),
        ("a signature over something else", 403, of(10, &log.proof(10, 12), &wrong_signature).into()),
        ("an empty body", 400, vec![]),
        ("no checkpoint", 400, b"old 10\n\n".to_vec()),
        ("no empty line", 400, log.request(10, 12).replace("\n\n", "\n").into()),
        ("no signature", 400, of(10, &log.proof(10, 12), &unsigned).into()),
        ("lines that end with CRLF", 400, log.request(10, 12).replace('\n', "\r\n").into()),
        ("a checkpoint whose lines end with CRLF", 400, of(10, &[], &note(12).replace('\n', "\r\n")).into()),
        ("bytes that aren't UTF-8", 400, b"old 10\n\n\xff\xfe\n".to_vec()),
        ("no old size", 400, format!("\n{}", note(12)).into()),
        ("an old size with a zero before it", 400, format!("old 010\n\n{}", note(12)).into()),
        ("a negative old size", 400, format!("old -1\n\n{}", note(12)).into()),
        ("an old size of 2^64", 400, format!("old 18446744073709551616\n\n{}", note(12)).into()),
        ("an old size beyond the checkpoint", 400, of(13, &[], &note(12)).into()),
        ("a hash that is too short", 400, format!("old 10\nqq==\n\n{}", note(12)).into()),
        ("a hash that isn't base64", 400, format!("old 10\n{}\n\n{}", "?".repeat(44), note(12)).into()),
        ("64 proof lines", 400, format!("old 10\n{}\n{}", hash.repeat(64), note(12)).into()),
        ("the old size unknown to the client", 409, log.request(0, 12).into()),
        ("a smaller checkpoint that was never cosigned", 409, log.request(0, 9).into()),
        ("an old size between", 409, log.request(11, 12).into()),
        ("an old size of 0 and the size we have", 409, log.request(0, 10).into()),
        ("no proof", 422, of(10, &[], &note(12)).into()),
        ("63 proof lines that prove nothing", 422, format!("old 10\n{}\n{}", hash.repeat(63), note(12)).into()),
        ("a proof without its last hash", 422, of(10, &shortened, &note(200)).into()),
        ("a proof in the wrong order", 422, of(10, &swapped, &note(200)).into()),
        ("a proof to another size", 422, of(10, &log.proof(10, 201), &note(200)).into()),
        ("an equal size with a proof", 422, of(10, &[[1; 32]], &note(10)).into()),
        ("an equal size with another root", 422, of(10, &[], &fork.checkpoint(10)).into()),
        ("a fork with its own proof", 422, fork.request(10, 12).into()),
        ("an extension line and a proof that is missing", 422, of(10, &[], &extended).into()),
    ]
}

#[tokio::test]
async fn each_request_has_the_answer_that_the_specification_says() {
    let directory = tempfile::tempdir().unwrap();
    let (log, served) = at_ten(directory.path()).await;
    for (what, status, body) in at_ten_requests(&log) {
        let answered = served.submit(body).await;
        assert_eq!(answered.status, status, "{what}: {answered:?}");
        match status {
            409 => assert_eq!((&*answered.content_type, &*answered.body), ("text/x.tlog.size", "10\n"), "{what}"),
            _ => assert!(answered.content_type.starts_with("text/plain"), "{what}"),
        }
    }
    let huge = served.submit("x".repeat(65 * 1_024)).await;
    assert_eq!(huge.status, 413, "{huge:?}");
    let answered = served.send(Request::get("/add-checkpoint").body(Body::empty()).unwrap()).await;
    assert_eq!(answered.status, 405);
    // After all this, the honest log still goes on.
    assert_eq!(served.submit(log.request(10, 700)).await.status, 200);
}

#[tokio::test]
async fn a_checkpoint_of_no_entries_is_cosigned_only_with_the_empty_root() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(20, 0, 0);
    let served = Served::new(open(directory.path(), &log));
    let other_root = log.sign(Checkpoint::new(ORIGIN, 0, [7; 32]));
    assert_eq!(served.submit(witness_request::write(0, &[], &other_root)).await.status, 422);
    let with_proof = witness_request::write(0, &[[1; 32]], &log.checkpoint(5));
    assert_eq!(served.submit(with_proof).await.status, 422, "proof lines after old 0");
    assert_eq!(log.root(0), empty_root());
    assert_eq!(served.submit(log.request(0, 0)).await.status, 200);
    assert_eq!(served.submit(log.request(0, 0)).await.status, 200);
    assert_eq!(served.submit(log.request(0, 20)).await.status, 200);
}

#[tokio::test]
async fn a_cosignature_holds_and_is_served_with_the_checkpoint() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(700, 0, 0);
    let served = Served::new(open(directory.path(), &log));
    let path = format!("/{}/checkpoint", hex(Sha256::digest(ORIGIN)));
    assert_eq!(served.get(&path).await.status, 404);
    assert_eq!(served.get("/00/checkpoint").await.status, 404);
    for (old, new) in [(0, 1), (1, 256), (256, 257), (257, 700)] {
        // What others wrote below the checkpoint is neither in the way nor kept.
        let noise = "— somebody.else/x q80AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
        let answered = served.submit(format!("{}{noise}", log.request(old, new))).await;
        assert_eq!(answered.status, 200, "{answered:?}");
        let note = format!("{}{}", log.checkpoint(new), answered.body);
        let keys = [log.key(), witness_key()];
        let (opened, signed_by) = Note::open(note.as_bytes(), &keys).unwrap();
        assert_eq!(signed_by.len(), 2, "{note}");
        let cosignature = opened.signatures.last().unwrap();
        assert_eq!(witness_key().signed_at(cosignature), Some(NOW));
        assert_eq!(answered.body.lines().count(), 1);
        let shown = served.get(&path).await;
        assert_eq!((shown.status, &*shown.body), (200, &*note));
    }
    let metrics = served.get("/metrics").await.body;
    assert!(metrics.contains("mingzhang_witness_answers_total{code=\"200\"} 4"), "{metrics}");
    assert!(metrics.contains("mingzhang_witness_cosigned_size{origin=\"log.example/street\"} 700"), "{metrics}");
    assert_eq!(served.get("/livez").await.body, "ok\n");
}

#[tokio::test]
async fn a_fork_is_kept_whole_and_once_whichever_way_it_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    let (log, served) = at_ten(directory.path()).await;
    assert_eq!(served.submit(log.request(10, 100)).await.status, 200);
    assert_eq!(served.submit(log.request(100, 300)).await.status, 200);
    assert_eq!(evidence(directory.path()), [""; 0], "honest requests leave nothing behind");
    // What was cosigned before may be shown again by anybody, and smaller heads that were never cosigned prove nothing.
    for request in [log.request(0, 10), log.request(10, 100), log.request(0, 55)] {
        assert_eq!(served.submit(request).await.status, 409);
    }
    assert_eq!(evidence(directory.path()), [""; 0]);
    let fork = Log::new(700, 1, 5);
    let shown = [
        ("of the size cosigned last", 422, witness_request::write(300, &[], &fork.checkpoint(300)), "fork-300-"),
        ("of a size cosigned long ago", 409, fork.request(0, 10), "fork-10-"),
        ("of that again", 409, fork.request(0, 10), "fork-10-"),
        ("in a request that is malformed", 400, format!("odd\n\n{}", fork.checkpoint(100)), "fork-100-"),
        ("that went on growing", 422, fork.request(300, 700), "not-consistent-700-"),
    ];
    for (what, status, request, kept) in shown {
        assert_eq!(served.submit(request.clone()).await.status, status, "{what}");
        let names = evidence(directory.path());
        let of_this: Vec<_> = names.iter().filter(|name| name.starts_with(kept)).collect();
        assert_eq!(of_this.len(), 2, "{what}: {names:?}");
        assert!(of_this[0].ends_with(".cosigned") && of_this[1].ends_with(".shown"), "{names:?}");
        let evidence = directory.path().join(hex(Sha256::digest(ORIGIN))).join("evidence");
        assert_eq!(std::fs::read_to_string(evidence.join(of_this[1])).unwrap(), request, "{what}");
        // Both sides are signed by the log: nothing else is needed to prove it.
        let cosigned = std::fs::read(evidence.join(of_this[0])).unwrap();
        Note::open(&cosigned, &[log.key()]).expect("the log's own signature");
        Note::open(&cosigned, &[witness_key()]).expect("and ours");
    }
    assert_eq!(evidence(directory.path()).len(), 8);
    assert!(served.get("/metrics").await.body.contains("mingzhang_witness_evidence_total 4"));
    assert_eq!(served.submit(log.request(300, 700)).await.status, 200);
}

#[tokio::test]
async fn what_a_key_in_rotation_signs_is_cosigned_and_what_an_unknown_one_adds_is_ignored() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(20, 0, 0);
    let next = Ed25519Signer::from_seed(ORIGIN, &[9; 32]).unwrap();
    let clock = std::sync::Arc::new(mingzhang::clock::SetClock::at("2026-11-05T02:00:00Z".parse().unwrap()));
    let signer = mingzhang::transparency::CosignatureSigner::from_seed(WITNESS, &[2; 32]).unwrap();
    let keys = vec![log.key(), mingzhang::transparency::VerifierKey::parse(&next.verifier_key()).unwrap()];
    let disk = std::sync::Arc::new(mingzhang::durable::MachineDisk);
    let witness = mingzhang::witness::Witness::open(directory.path(), signer, keys, disk, clock).unwrap();
    let served = Served::new(witness);
    assert_eq!(served.submit(log.request(0, 10)).await.status, 200);
    let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, 20, log.root(20)), &[&next]).unwrap();
    let request = witness_request::write(10, &log.proof(10, 20), signed.note());
    assert_eq!(served.submit(request).await.status, 200, "one memory for both keys");
}
