//! The signing key: who hands it over, and what is signed with which.

use super::fixture::{BEFORE, Fixture, ORIGIN, PATROL, at};
use mingzhang::audit::{Finding, Published, verify_ledger};
use mingzhang::identity::Role;
use mingzhang::ledger::{LedgerError, Mode, Outcome, Rejection};
use mingzhang::store::{EventStore, MemorySignedHeads, MemoryStore};
use mingzhang::transparency::{Ed25519Signer, SignedCheckpoint, Signer, VerifierKey, hand_over};
use mingzhang_events::{MemberSignedUp, SigningKeyRotated};
use std::sync::Arc;

fn signer(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(ORIGIN, &[seed; 32]).expect("a signer")
}

fn key(seed: u8) -> VerifierKey {
    VerifierKey::parse(&signer(seed).verifier_key()).expect("a key")
}

fn rotate(fixture: &Fixture, seed: u8) -> u64 {
    let outcome = fixture.ledger.rotate_key(Box::new(signer(seed)), Arc::new(fixture.clerk())).expect("handed over");
    match outcome {
        Outcome::Recorded { log_index, .. } => log_index,
        refused @ (Outcome::Repeated { .. } | Outcome::Rejected(_) | Outcome::Withheld) => panic!("{refused:?}"),
    }
}

fn signed_by(fixture: &Fixture) -> (SignedCheckpoint, Vec<u8>) {
    let signed = fixture.ledger.checkpoint().expect("signed").as_ref().clone();
    let by = (1..=9).filter(|&seed| SignedCheckpoint::open(signed.note().as_bytes(), &key(seed)).is_ok()).collect();
    (signed, by)
}

fn verified(store: &dyn EventStore, note: &SignedCheckpoint, trusted: &VerifierKey) -> Result<usize, Finding> {
    let published = Published { note: note.note().as_bytes(), key: trusted };
    let verified = verify_ledger(store, ORIGIN, Some(published), &[], &mut |_, _| {}, &mut |_, _| {});
    verified.map(|verified| verified.key_handovers)
}

#[test]
fn from_the_handover_on_the_new_key_signs_and_whoever_trusts_any_key_of_the_chain_verifies() {
    let store = Arc::new(MemoryStore::new());
    let fixture = Fixture::on(store.clone());
    let (first, by) = signed_by(&fixture);
    assert_eq!(by, [7]);
    rotate(&fixture, 8);
    let (second, by) = signed_by(&fixture);
    assert_eq!((by, fixture.ledger.verifier_key()), (vec![8], signer(8).verifier_key()));
    fixture.record(MemberSignedUp { activity: PATROL, member: super::fixture::MEMBER }, at(BEFORE));
    rotate(&fixture, 9);
    let (third, by) = signed_by(&fixture);
    assert_eq!(by, [9]);
    for note in [&first, &second, &third] {
        for trusted in [7, 8, 9] {
            assert_eq!(verified(store.as_ref(), note, &key(trusted)).expect("sound"), 2, "with the key {trusted}");
        }
        assert!(matches!(verified(store.as_ref(), note, &key(3)), Err(Finding::CheckpointNotSigned { .. })));
    }
}

#[test]
fn a_checkpoint_by_a_key_that_was_not_in_force_at_its_size_is_found() {
    let store = Arc::new(MemoryStore::new());
    let fixture = Fixture::on(store.clone());
    rotate(&fixture, 8);
    let signed = fixture.ledger.checkpoint().expect("signed").checkpoint().clone();
    // The old key is still somewhere, and signs the present head.
    let by_old = SignedCheckpoint::sign(signed, &[&signer(7)]).expect("signed");
    for trusted in [7, 8] {
        assert!(matches!(verified(store.as_ref(), &by_old, &key(trusted)), Err(Finding::CheckpointNotSigned { .. })));
    }
}

#[test]
fn nobody_hands_the_key_over_by_recording_it() {
    let fixture = Fixture::new();
    let event = |old: u8, new: u8| SigningKeyRotated {
        handover: hand_over(&signer(old), &signer(new)).expect("a note"),
        new_key: signer(new).verifier_key(),
        old_key: signer(old).verifier_key(),
    };
    // Signed rightly by both keys, the first of them even the one in force.
    for (old, new) in [(7, 8), (1, 2)] {
        let refused = fixture.try_record(&fixture.clerk(), event(old, new), at(BEFORE));
        assert_eq!(refused, Outcome::Rejected(Rejection::HandoverNotProved));
    }
    let recorder = Arc::new(fixture.with_role(Role::Recorder, super::fixture::STREET));
    let outcome = fixture.ledger.rotate_key(Box::new(signer(8)), recorder).expect("decided");
    assert!(matches!(outcome, Outcome::Rejected(Rejection::RoleDoesNotReach { .. })), "{outcome:?}");
    assert_eq!(fixture.ledger.verifier_key(), signer(7).verifier_key());
    let all = vec![fixture.command(event(7, 8), at(BEFORE))];
    assert!(fixture.submit(&fixture.clerk(), all, Mode::AllOrNothing).is_ok_and(|told| told.len() == 1));
    assert_eq!(signed_by(&fixture).1, [7]);
}

#[test]
fn a_ledger_that_was_handed_over_is_not_opened_with_another_key() {
    let store: Arc<MemoryStore> = Arc::new(MemoryStore::new());
    let fixture = Fixture::on(store.clone());
    rotate(&fixture, 8);
    drop(fixture);
    // The fixture's own key is the old one.
    let refused =
        Fixture::signing(store, Box::new(MemorySignedHeads::default())).err().expect("another key is in force");
    assert!(
        matches!(&refused, LedgerError::KeyNotInForce { in_force } if *in_force == signer(8).verifier_key()),
        "{refused}"
    );
}

#[test]
fn a_handover_in_the_log_that_both_keys_did_not_sign_is_found() {
    use mingzhang::store::BatchBuilder;
    use mingzhang::transparency::Tree;
    use mingzhang_events::{EventId, Evidence, Instant, RecordedEvent, encode};
    let entry = |number: u32, old: u8, new: u8, handover: String| {
        let event =
            SigningKeyRotated { handover, new_key: signer(new).verifier_key(), old_key: signer(old).verifier_key() };
        let recorded_at = Instant::EARLIEST.plus_minutes(number);
        let mut bytes = Vec::new();
        let recorded = RecordedEvent {
            id: EventId(u128::from(number) + 1),
            event: event.into(),
            evidence: Evidence::Office,
            imported: None,
            occurred_at: recorded_at,
            recorded_at,
            recorded_by: "o-1".parse().expect("an actor"),
        };
        encode(&recorded, ORIGIN, &mut bytes).expect("an entry");
        bytes
    };
    let note = |old, new| hand_over(&signer(old), &signer(new)).expect("a note");
    let found = |entries: &[Vec<u8>]| {
        let (store, mut tree) = (MemoryStore::new(), Tree::new());
        let mut builder = BatchBuilder::new(0);
        for entry in entries {
            builder.push(entry).expect("it fits");
        }
        store.commit(&builder.seal(&mut tree)).expect("committed");
        verify_ledger(&store, ORIGIN, None, &[], &mut |_, _| {}, &mut |_, _| {}).map(|verified| verified.key_handovers)
    };
    assert_eq!(found(&[entry(0, 1, 2, note(1, 2)), entry(1, 2, 3, note(2, 3))]).expect("sound"), 2);
    // By another key than the one in force; by nobody; of other keys.
    for wrong in [entry(1, 1, 3, note(1, 3)), entry(1, 2, 3, String::new()), entry(1, 2, 3, note(2, 4))] {
        let found = found(&[entry(0, 1, 2, note(1, 2)), wrong]).expect_err("not handed over");
        assert!(matches!(found, Finding::HandoverNotProved { log_index: 1, .. }), "{found:?}");
    }
}
