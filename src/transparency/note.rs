//! Signed notes (C2SP signed-note): a text and, after an empty line, the signatures under it.
//!
//! May not decide whom to trust: that is the caller's list of keys. A note is open only if a key of that list signed it
//! and no key of that list signed it wrongly.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Signer, VerifierKey};

const SIGNATURES_MAX: usize = 100;
const SIGNATURE_LINE_START: &str = "— ";

/// A note that was taken apart, its signatures not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'note> {
    /// What is signed, with its final newline.
    pub text: &'note str,
    /// The signatures in their order.
    pub signatures: Vec<NoteSignature<'note>>,
}

/// One signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature<'note> {
    /// The name of the key.
    pub name: &'note str,
    /// Tells keys of the same name apart.
    pub key_id: u32,
    /// The signature itself; what it is depends on the key.
    pub signature: Vec<u8>,
}

impl<'note> Note<'note> {
    /// Takes a note apart. Checks its form and no signature.
    pub fn parse(note: &'note [u8]) -> Result<Self, NoteError> {
        let note = std::str::from_utf8(note).map_err(|_| NoteError::Malformed("it isn't UTF-8"))?;
        check_characters(note)?;
        let end =
            note.rfind("\n\n").ok_or(NoteError::Malformed("no empty line separates the text from the signatures"))?;
        let (text, signatures) = (&note[..=end], &note[end + 2..]);
        let signatures = NoteSignature::parse_lines(signatures)?;
        Ok(Self { text, signatures })
    }

    /// Takes a note apart and returns it with the keys that signed it.
    ///
    /// Signatures of unknown keys are passed over; a wrong signature of a known key fails, and so does a note that no known
    /// key signed. Of several signatures by one key all have to hold, and the first counts.
    pub fn open<'keys>(
        note: &'note [u8],
        known: &'keys [VerifierKey],
    ) -> Result<(Self, Vec<&'keys VerifierKey>), NoteError> {
        let note = Self::parse(note)?;
        let signed_by: Vec<_> = note.signatures_by(known)?.into_iter().map(|(key, _)| key).collect();
        if signed_by.is_empty() { Err(NoteError::NotSigned) } else { Ok((note, signed_by)) }
    }

    /// The known keys that signed it, each with its signature, in the order of the note; none is no error here. Otherwise as
    /// [`Note::open`].
    pub fn signatures_by<'keys>(
        &self,
        known: &'keys [VerifierKey],
    ) -> Result<Vec<(&'keys VerifierKey, &NoteSignature<'note>)>, NoteError> {
        let mut signed_by: Vec<(&VerifierKey, _)> = Vec::new();
        for signature in &self.signatures {
            let Some(key) = known.iter().find(|key| key.is_named_in(signature)) else {
                continue;
            };
            if !key.verify(self.text.as_bytes(), &signature.signature) {
                return Err(NoteError::WrongSignature { name: key.name().to_owned() });
            }
            if signed_by.iter().all(|(counted, _)| *counted != key) {
                signed_by.push((key, signature));
            }
        }
        Ok(signed_by)
    }
}

impl<'note> NoteSignature<'note> {
    /// Reads signature lines without a note around them, as a witness answers with them. Checks no signature.
    pub fn parse_lines(lines: &'note str) -> Result<Vec<Self>, NoteError> {
        check_characters(lines)?;
        if !lines.ends_with('\n') {
            return Err(NoteError::Malformed("it doesn't end with a signature line"));
        }
        let signatures: Vec<_> = lines.lines().map(parse_signature).collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::Malformed("it has more than 100 signatures"));
        }
        Ok(signatures)
    }
}

/// The line as it stands in a note, with its final newline.
impl std::fmt::Display for NoteSignature<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut signature = self.key_id.to_be_bytes().to_vec();
        signature.extend_from_slice(&self.signature);
        writeln!(f, "{SIGNATURE_LINE_START}{} {}", self.name, STANDARD.encode(signature))
    }
}

/// The note of a text with the signatures of all signers. The text ends with a newline and has no other control character.
pub fn sign_note(text: &str, signers: &[&dyn Signer]) -> Result<String, NoteError> {
    check_characters(text)?;
    if !text.ends_with('\n') {
        return Err(NoteError::Malformed("its text doesn't end with a newline"));
    }
    let mut note = format!("{text}\n");
    for signer in signers {
        let signature = signer.sign(text.as_bytes());
        let line = NoteSignature { name: signer.name(), key_id: signer.key_id(), signature };
        note.push_str(&line.to_string());
    }
    Ok(note)
}

pub(super) fn check_key_name(name: &str) -> Result<(), NoteError> {
    let refused = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(refused) {
        return Err(NoteError::Malformed("the name of a key is not empty and has no space and no `+`"));
    }
    Ok(())
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::Malformed("it has a control character other than newline"));
    }
    Ok(())
}

fn parse_signature(line: &str) -> Result<NoteSignature<'_>, NoteError> {
    let malformed = NoteError::Malformed("a signature line is written `— name base64`");
    let (name, signature) =
        line.strip_prefix(SIGNATURE_LINE_START).and_then(|rest| rest.split_once(' ')).ok_or(malformed.clone())?;
    check_key_name(name)?;
    let signature = STANDARD.decode(signature).map_err(|_| malformed.clone())?;
    match signature.split_first_chunk() {
        Some((key_id, signature)) if !signature.is_empty() => {
            Ok(NoteSignature { name, key_id: u32::from_be_bytes(*key_id), signature: signature.to_vec() })
        }
        Some(_) | None => Err(malformed),
    }
}

/// Why a note can't be opened or signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The bytes aren't a signed note.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// The text isn't a verifier key.
    #[error("not a verifier key: {0}")]
    NotAKey(#[from] KeyFault),
    /// A known key is named, and it didn't sign this text.
    #[error("the signature of {name} is not over this text: the note was changed, or the key is another")]
    WrongSignature {
        /// The name of the key.
        name: String,
    },
    /// No known key signed it.
    #[error("no key that is known here signed the note: check which key you were given")]
    NotSigned,
}

/// What is wrong with a text that should be a verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It lacks a part, or its last part isn't base64.
    #[error("it is written name+key id+base64")]
    Form,
    /// Its id is another key's: a digit of one of its parts was miswritten.
    #[error("its id isn't that of its name and key")]
    Id,
    /// Its signature type isn't one of those in [`KeyKind`](super::KeyKind).
    #[error("it isn't of a known type")]
    Type,
    /// No point on the curve, or not as long as one.
    #[error("it isn't a point on the curve")]
    Point,
}
