//! Handovers of the log's key among the entries of an export: only those count that the key in force and its successor have signed.

use super::fixture::{Export, ORIGIN, entries, log_key, log_signer, store_of, tree_of};
use super::programs::{BOTH, Kept};
use mingzhang::audit::{Finding, Scope, export_log, policy_along_handovers, verify_export};
use mingzhang::transparency::{Checkpoint, Ed25519Signer, Policy, SignedCheckpoint, Signer, hand_over, sign_note};
use mingzhang_events::{Event, EventId, Evidence, Instant, RecordedEvent, SigningKeyRotated, encode};

fn signer(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(ORIGIN, &[seed; 32]).expect("a signer")
}

/// An entry in the place of number `at` that hands over from one key to another, as a note says.
fn handing_over(at: usize, old: &Ed25519Signer, new: &Ed25519Signer, handover: String) -> (usize, Vec<u8>) {
    let (old_key, new_key) = (old.verifier_key(), new.verifier_key());
    let event = RecordedEvent {
        id: EventId(90_000 + at as u128),
        event: Event::from(SigningKeyRotated { handover, new_key, old_key }),
        evidence: Evidence::Office,
        imported: None,
        occurred_at: Instant::EARLIEST,
        recorded_at: Instant::EARLIEST.plus_minutes(u32::try_from(at / 100).expect("a small log")),
        recorded_by: "o-1".parse().expect("an actor"),
    };
    let mut bytes = Vec::new();
    encode(&event, ORIGIN, &mut bytes).expect("an entry");
    (at, bytes)
}

/// A log of 700 with these entries.
fn log_with(handovers: Vec<(usize, Vec<u8>)>) -> Vec<Vec<u8>> {
    let mut all = entries(700);
    handovers.into_iter().for_each(|(at, entry)| all[at] = entry);
    all
}

fn signed(all: &[Vec<u8>], signing: &Ed25519Signer) -> SignedCheckpoint {
    let head = Checkpoint::new(ORIGIN, all.len() as u64, tree_of(all).root());
    SignedCheckpoint::sign(head, &[signing]).expect("signed")
}

fn exported(all: &[Vec<u8>], signing: &Ed25519Signer) -> Export {
    let (export, store, published) = (Export::nothing_yet(), store_of(all), signed(all, signing));
    export_log(&store, &published, export.path(), Scope::EntriesAndHashes, &mut |_, _| {}).expect("exported");
    export
}

/// What whoever trusts the first key finds of a log of 700 with these entries, signed by `signing`.
fn found(handovers: Vec<(usize, Vec<u8>)>, signing: &Ed25519Signer) -> Result<usize, Finding> {
    let export = exported(&log_with(handovers), signing);
    let policy = policy_along_handovers(export.path(), Policy::of_log(log_key()), &[])?;
    verify_export(export.path(), &policy, &[], &mut |_, _| {}).map(|verified| verified.log.key_handovers)
}

#[test]
fn keys_are_followed_over_proved_handovers_and_over_no_others() {
    let (first, second, third) = (log_signer(), signer(21), signer(22));
    let proved = |at, old, new| handing_over(at, old, new, hand_over(old, new).expect("a note"));
    assert_eq!(found(vec![], &first).expect("sound"), 0);
    assert_eq!(found(vec![proved(30, &first, &second)], &second).expect("sound"), 1);
    assert_eq!(found(vec![proved(30, &first, &second), proved(600, &second, &third)], &third).expect("sound"), 2);

    let not_proved = |handovers, signing: &Ed25519Signer| match found(handovers, signing) {
        Err(Finding::HandoverNotProved { log_index, .. }) => log_index,
        other => panic!("{other:?}"),
    };
    // Signed by the new key alone: whoever has the ledger's database and no key.
    let note = hand_over(&first, &second).expect("a note");
    let (text, _) = note.split_once("\n\n").expect("a note");
    let alone = sign_note(&format!("{text}\n"), &[&second]).expect("signed");
    assert_eq!(not_proved(vec![handing_over(30, &first, &second, alone)], &second), 30);
    // A note of other keys in an entry of these.
    let other = hand_over(&first, &third).expect("a note");
    assert_eq!(not_proved(vec![handing_over(30, &first, &second, other)], &second), 30);
    // By a key that has handed over already: whoever has kept it.
    let twice = vec![proved(30, &first, &second), proved(600, &first, &third)];
    assert_eq!(not_proved(twice, &third), 600);
    // A chain that has nothing to do with the key that is trusted.
    let apart = found(vec![proved(30, &second, &third)], &third);
    assert!(matches!(apart, Err(Finding::CheckpointNotMet { .. })), "{apart:?}");
    let apart = found(vec![proved(30, &second, &third)], &first);
    assert!(matches!(apart, Err(Finding::CheckpointNotSigned { .. })), "{apart:?}");
}

/// The handover is proved, and the old key goes on signing.
#[test]
fn a_key_that_handed_over_signs_no_more() {
    let (first, second) = (log_signer(), signer(21));
    let handover = handing_over(30, &first, &second, hand_over(&first, &second).expect("a note"));
    let refused = found(vec![handover], &first);
    assert!(matches!(refused, Err(Finding::CheckpointNotSigned { .. })), "{refused:?}");
}

/// The policy of the guide after a handover: the old key first, then the new one; beginning with a remark.
#[test]
fn programs_that_we_did_not_write_take_every_key_of_a_policy() {
    let (first, second) = (log_signer(), signer(21));
    let all = log_with(vec![handing_over(600, &first, &second, hand_over(&first, &second).expect("a note"))]);
    let (export, drawer) = (exported(&all, &second), tempfile::tempdir().expect("a directory"));
    let file = |name: &str, text: &str| {
        let path = drawer.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let kept = |policy: &str| Kept {
        earlier: vec![file("kept", signed(&all[..300], &first).note())],
        policy: Some(file("policy", policy)),
        ..Kept::default()
    };
    let (old, new) = (first.verifier_key(), second.verifier_key());
    let policy = format!("# our own\n\nlog {old}\n log\t{new}  https://example.org\nquorum none\n");
    for program in BOTH {
        program.convinced(&export, &kept(&policy));
        let refused =
            program.refuses("the head, signed by the other key", &export, &kept(&format!("log {old}\nquorum none\n")));
        assert!(refused.contains("no key that was given"), "{program:?}: {refused}");
        let refused =
            program.refuses("what the other key signed", &export, &kept(&format!("log {new}\nquorum none\n")));
        assert!(refused.contains("kept"), "{program:?}: {refused}");
    }
}
