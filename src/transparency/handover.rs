//! Handing a log's signing key over: a note that the old key and the new one both sign, so that whoever trusts the old key may
//! trust the new one, and nobody hands over to a key that isn't there.
//!
//! No checkpoint can be read out of it: its second line is no size.

use super::{Note, NoteError, Signer, VerifierKey, sign_note};

const HEAD: &str = "mingzhang signing-key handover v1";

/// What both keys sign.
fn text(old_key: &str, new_key: &str) -> String {
    format!("{HEAD}\n{old_key}\n{new_key}\n")
}

/// The note of a handover, signed by both.
pub fn hand_over(old: &dyn Signer, new: &dyn Signer) -> Result<String, NoteError> {
    sign_note(&text(&old.verifier_key(), &new.verifier_key()), &[old, new])
}

/// Whether a note hands over from one key to another of the same name.
pub fn check_handover(note: &[u8], old: &VerifierKey, new: &VerifierKey) -> Result<(), NoteError> {
    if old.name() != new.name() || old.kind() != new.kind() || old == new {
        return Err(NoteError::Malformed("a handover is from one key of a log to another of the same kind and name"));
    }
    let keys = [old.clone(), new.clone()];
    let (opened, signed_by) = Note::open(note, &keys)?;
    if opened.text != text(&old.to_string(), &new.to_string()) {
        return Err(NoteError::Malformed("it hands over between other keys"));
    }
    if signed_by.len() == keys.len() { Ok(()) } else { Err(NoteError::NotSigned) }
}

#[cfg(test)]
mod tests {
    use super::{check_handover, hand_over};
    use crate::transparency::{Ed25519Signer, NoteError, Signer, VerifierKey, sign_note};

    fn signer(name: &str, seed: u8) -> Ed25519Signer {
        Ed25519Signer::from_seed(name, &[seed; 32]).expect("a signer")
    }

    fn key(signer: &Ed25519Signer) -> VerifierKey {
        VerifierKey::parse(&signer.verifier_key()).expect("a key")
    }

    #[test]
    fn a_handover_holds_between_its_two_keys_and_no_others() {
        let (old, new, other) = (signer("log", 1), signer("log", 2), signer("log", 3));
        let note = hand_over(&old, &new).expect("a note");
        check_handover(note.as_bytes(), &key(&old), &key(&new)).expect("it holds");
        for (from, to) in [(&new, &old), (&old, &other), (&other, &new), (&old, &old)] {
            assert!(check_handover(note.as_bytes(), &key(from), &key(to)).is_err());
        }
        let renamed = signer("other", 2);
        let note = hand_over(&old, &renamed).expect("a note");
        assert!(check_handover(note.as_bytes(), &key(&old), &key(&renamed)).is_err());
    }

    #[test]
    fn a_handover_that_one_key_alone_signed_is_none() {
        let (old, new) = (signer("log", 1), signer("log", 2));
        let text = super::text(&old.verifier_key(), &new.verifier_key());
        for alone in [&old, &new] {
            let note = sign_note(&text, &[alone]).expect("a note");
            let refused = check_handover(note.as_bytes(), &key(&old), &key(&new));
            assert_eq!(refused, Err(NoteError::NotSigned));
        }
    }
}
