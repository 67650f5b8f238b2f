//! Cosignatures as C2SP tlog-cosignature has them, made and merged.

use mingzhang::transparency::{
    Checkpoint, CheckpointError, CosignatureSigner, Ed25519Signer, KeyKind, Note, NoteError, NoteSignature,
    SignedCheckpoint, Signer, VerifierKey, empty_root,
};

const TIME: u64 = 1_679_315_147;

fn witness(seed: u8) -> CosignatureSigner {
    CosignatureSigner::from_seed(&format!("witness.example/{seed}"), &[seed; 32]).unwrap()
}

fn key(witness: &CosignatureSigner) -> VerifierKey {
    VerifierKey::parse(&witness.verifier_key()).unwrap()
}

fn signed() -> SignedCheckpoint {
    let log = Ed25519Signer::from_seed("log.example", &[9; 32]).unwrap();
    SignedCheckpoint::sign(Checkpoint::new("log.example", 0, empty_root()), &[&log]).unwrap()
}

fn text() -> String {
    signed().checkpoint().to_string()
}

/// Built by hand from the words of the specification: a message of two lines and the text, signed with the plain key.
#[test]
fn a_cosignature_is_a_time_and_a_signature_over_the_time_and_the_text() {
    let plain = Ed25519Signer::from_seed("witness.example/1", &[1; 32]).unwrap();
    let message = format!("cosignature/v1\ntime {TIME}\n{}", text());
    let expected = [&TIME.to_be_bytes()[..], &plain.sign(message.as_bytes())].concat();
    let (witness, text) = (witness(1), text());
    let line = witness.cosign(&text, TIME);
    assert_eq!((line.name, &line.signature), ("witness.example/1", &expected));
    assert_ne!(line.key_id, plain.key_id(), "a key id names the type as well");
    assert!(key(&witness).verify(text.as_bytes(), &line.signature));
    assert_eq!(key(&witness).signed_at(&line), Some(TIME));
}

#[test]
fn a_cosigner_s_key_is_read_and_written_as_type_4() {
    let key = key(&witness(1));
    assert_eq!((key.kind(), key.to_string()), (KeyKind::Cosignature, witness(1).verifier_key()));
    let log = Ed25519Signer::from_seed("witness.example/1", &[1; 32]).unwrap().verifier_key();
    let log = VerifierKey::parse(&log).unwrap();
    assert_eq!(log.kind(), KeyKind::Ed25519);
    assert_ne!(log.key_id(), key.key_id());
    assert!(log.is_duplicate_of(&key), "the same secret under two types");
}

#[test]
fn a_changed_cosignature_is_not_by_the_witness() {
    let (witness, text) = (witness(1), text());
    let line = witness.cosign(&text, TIME);
    for bit in 0..line.signature.len() * 8 {
        let mut changed = line.signature.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!key(&witness).verify(text.as_bytes(), &changed), "bit {bit}");
    }
    for length in 0..line.signature.len() {
        assert!(!key(&witness).verify(text.as_bytes(), &line.signature[..length]), "{length} bytes");
    }
    assert!(!key(&witness).verify(b"another text\n", &line.signature));
    // What a log signs is no cosignature, and the reverse.
    let plain = Ed25519Signer::from_seed("witness.example/1", &[1; 32]).unwrap();
    assert!(!key(&witness).verify(text.as_bytes(), &plain.sign(text.as_bytes())));
}

#[test]
fn cosignatures_are_put_under_the_checkpoint_and_the_note_opens_with_all_its_keys() {
    let (one, two) = (witness(1), witness(2));
    let (lines, known) = ([one.cosign(&text(), TIME), two.cosign(&text(), TIME)], [key(&one), key(&two)]);
    let signed = signed();
    let merged = signed.with_cosignatures(&lines, &known).unwrap();
    assert_eq!(merged.note(), format!("{}{}{}", signed.note(), lines[0], lines[1]));
    let (_, signed_by) = Note::open(merged.note().as_bytes(), &known).unwrap();
    assert_eq!(signed_by, known.iter().collect::<Vec<_>>());
    // In two steps, and again: nothing is doubled.
    let again = signed.with_cosignatures(&lines[..1], &known).unwrap().with_cosignatures(&lines, &known).unwrap();
    assert_eq!(again, merged);
}

#[test]
fn a_later_cosignature_takes_the_place_of_an_earlier_one_and_not_the_reverse() {
    let one = witness(1);
    let (early, late) = ([one.cosign(&text(), TIME)], [one.cosign(&text(), TIME + 60)]);
    let known = [key(&one)];
    let latest = signed().with_cosignatures(&late, &known).unwrap();
    assert_eq!(signed().with_cosignatures(&early, &known).unwrap().with_cosignatures(&late, &known).unwrap(), latest);
    assert_eq!(latest.with_cosignatures(&early, &known).unwrap(), latest);
}

#[test]
fn nobody_but_a_known_witness_puts_anything_under_a_checkpoint() {
    let (one, stranger) = (witness(1), witness(2));
    let log = Ed25519Signer::from_seed("log.example", &[9; 32]).unwrap();
    let in_the_log_s_name = NoteSignature { name: "log.example", key_id: log.key_id(), signature: vec![0; 64] };
    let lines = [stranger.cosign(&text(), TIME), in_the_log_s_name];
    assert_eq!(signed().with_cosignatures(&lines, &[key(&one)]).unwrap(), signed());
    let wrong = [one.cosign("another text\n", TIME)];
    let refused = signed().with_cosignatures(&wrong, &[key(&one)]);
    let expected = NoteError::WrongSignature { name: "witness.example/1".to_owned() };
    assert_eq!(refused, Err(CheckpointError::Note(expected)));
}

#[test]
fn signature_lines_are_read_without_a_note_around_them() {
    let (one, two) = (witness(1), witness(2));
    let lines = [one.cosign("text\n", 0), two.cosign("text\n", i64::MAX.unsigned_abs())];
    let written: String = lines.iter().map(NoteSignature::to_string).collect();
    assert_eq!(NoteSignature::parse_lines(&written).unwrap(), lines);
    for refused in ["", "\n", written.trim_end(), &format!("{written}\n"), &written.replace('\n', "\r\n")] {
        assert!(NoteSignature::parse_lines(refused).is_err(), "{refused:?}");
    }
}
