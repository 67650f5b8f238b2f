//! Signed notes (C2SP signed-note): a text and, after an empty line, the signatures under it.
//!
//! May not decide whom to trust: that is the caller's list of keys. A note is open only if a key of that list signed it
//! and no key of that list signed it wrongly.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::Signer;

/// The signature type of Ed25519 over the text.
pub(super) const ED25519: u8 = 0x01;

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
        if !signatures.ends_with('\n') {
            return Err(NoteError::Malformed("it doesn't end with a signature line"));
        }
        let signatures: Vec<_> = signatures.lines().map(parse_signature).collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::Malformed("it has more than 100 signatures"));
        }
        Ok(Self { text, signatures })
    }

    /// Takes a note apart and returns it with the keys that signed it.
    ///
    /// Signatures of unknown keys are passed over; a wrong signature of a known key fails, and so does a note that no known
    /// key signed. Of several signatures by one key, the first counts.
    pub fn open<'keys>(
        note: &'note [u8],
        known: &'keys [VerifierKey],
    ) -> Result<(Self, Vec<&'keys VerifierKey>), NoteError> {
        let note = Self::parse(note)?;
        let mut signed_by: Vec<&VerifierKey> = Vec::new();
        for signature in &note.signatures {
            let Some(key) = known.iter().find(|key| key.name == signature.name && key.key_id == signature.key_id)
            else {
                continue;
            };
            if signed_by.contains(&key) {
                continue;
            }
            if !key.verify(note.text.as_bytes(), &signature.signature) {
                return Err(NoteError::WrongSignature { name: key.name.clone() });
            }
            signed_by.push(key);
        }
        if signed_by.is_empty() { Err(NoteError::NotSigned) } else { Ok((note, signed_by)) }
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
        let mut signature = signer.key_id().to_be_bytes().to_vec();
        signature.extend(signer.sign(text.as_bytes()));
        note.push_str(SIGNATURE_LINE_START);
        note.push_str(signer.name());
        note.push(' ');
        STANDARD.encode_string(signature, &mut note);
        note.push('\n');
    }
    Ok(note)
}

/// A public key with its name, to check notes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Reads `name+key id+base64` (C2SP signed-note, verifier key). Only Ed25519 (type 0x01) is known.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let malformed = NoteError::Malformed("a verifier key is written name+key id+base64");
        let [name, id, key] = text.splitn(3, '+').collect::<Vec<_>>()[..] else {
            return Err(malformed);
        };
        check_key_name(name)?;
        let key = STANDARD.decode(key).map_err(|_| malformed)?;
        let Some((&ED25519, public_key)) = key.split_first() else {
            return Err(NoteError::Malformed("the verifier key isn't of a known type"));
        };
        let public_key: &[u8; 32] =
            public_key.try_into().map_err(|_| NoteError::Malformed("an Ed25519 key has 32 bytes"))?;
        let key_id = key_id(name, ED25519, public_key);
        if id != format!("{key_id:08x}") {
            return Err(NoteError::Malformed("the id of the verifier key isn't that of its name and key"));
        }
        let key = VerifyingKey::from_bytes(public_key)
            .map_err(|_| NoteError::Malformed("the verifier key isn't a point on the curve"))?;
        Ok(Self { name: name.to_owned(), key_id, key })
    }

    /// The name of the key; for the key of a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tells keys of the same name apart.
    #[must_use]
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// Whether this key signed the message.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        // Strict: a key or a signature of small order would sign any message.
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

/// The first four bytes of `SHA-256(name || 0x0A || type || public key)` (C2SP signed-note).
pub(super) fn key_id(name: &str, signature_type: u8, public_key: &[u8]) -> u32 {
    let hash =
        Sha256::new().chain_update(name).chain_update([b'\n', signature_type]).chain_update(public_key).finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
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
    /// The bytes aren't a signed note, or a key isn't one.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
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
