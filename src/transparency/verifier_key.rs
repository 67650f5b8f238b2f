//! Public keys with their names (C2SP signed-note, verifier key): what notes are checked with.
//!
//! May not decide whom to trust. A closed list of kinds: a key of another kind isn't read, and what it signed is passed over.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::cosignature::{COSIGNATURE, cosigned_message, split_time};
use super::note::check_key_name;
use super::sm2::{PRIVATE, Sm2Key};
use super::{KeyFault, NoteError, NoteSignature};

/// The signature type of Ed25519 over the text.
pub(super) const ED25519: u8 = 0x01;

/// A public key with its name, to check notes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_id: u32,
    public: PublicKey,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PublicKey {
    Ed25519(VerifyingKey),
    Cosignature(VerifyingKey),
    Sm2(Sm2Key),
}

/// What a key signs, and so whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Type 0x01: Ed25519 over the text of the note. For logs.
    Ed25519,
    /// Type 0x04: Ed25519 over a time and the text (C2SP tlog-cosignature). For witnesses.
    Cosignature,
    /// Type 0xff, `gm/sm2-sm3/v1`: SM2 with SM3 over the text of the note. For logs, beside their Ed25519 key.
    Sm2,
}

impl VerifierKey {
    /// Reads `name+key id+base64`. Known are Ed25519 (type 0x01), its timestamped cosignature (0x04), and SM2 with SM3 (0xff).
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let [name, id, key] = text.splitn(3, '+').collect::<Vec<_>>()[..] else {
            return Err(KeyFault::Form.into());
        };
        check_key_name(name)?;
        let key = STANDARD.decode(key).map_err(|_| KeyFault::Form)?;
        let public = match key.split_first() {
            Some((&ED25519, public)) => PublicKey::Ed25519(ed25519_key(public)?),
            Some((&COSIGNATURE, public)) => PublicKey::Cosignature(ed25519_key(public)?),
            Some((&PRIVATE, public)) => PublicKey::Sm2(Sm2Key::parse(public)?),
            Some(_) | None => return Err(KeyFault::Type.into()),
        };
        let key = Self { name: name.to_owned(), key_id: key_id(name, public.signature_type(), public.bytes()), public };
        if id != format!("{:08x}", key.key_id) {
            return Err(KeyFault::Id.into());
        }
        Ok(key)
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

    /// What it signs.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match &self.public {
            PublicKey::Ed25519(_) => KeyKind::Ed25519,
            PublicKey::Cosignature(_) => KeyKind::Cosignature,
            PublicKey::Sm2(_) => KeyKind::Sm2,
        }
    }

    /// Whether both are the same secret's, whatever their names and kinds (C2SP tlog-policy, duplicate keys).
    #[must_use]
    pub fn is_duplicate_of(&self, other: &Self) -> bool {
        self.public.bytes() == other.public.bytes()
    }

    /// Whether the signature says that it is by this key. Only [`VerifierKey::verify`] tells whether it is.
    #[must_use]
    pub fn is_named_in(&self, signature: &NoteSignature<'_>) -> bool {
        self.name == signature.name && self.key_id == signature.key_id
    }

    /// Whether this key made the signature, given as it stands in a note without the key id, over the text.
    #[must_use]
    pub fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            PublicKey::Ed25519(key) => verify_ed25519(key, text, signature),
            PublicKey::Cosignature(key) => split_time(signature)
                .is_some_and(|(time, signature)| verify_ed25519(key, &cosigned_message(time, text), signature)),
            PublicKey::Sm2(key) => key.verify(text, signature),
        }
    }

    /// When a signature of this key says that it was made, in Unix seconds; none for a kind that carries no time.
    #[must_use]
    pub fn signed_at(&self, signature: &NoteSignature<'_>) -> Option<u64> {
        match self.kind() {
            KeyKind::Ed25519 | KeyKind::Sm2 => None,
            KeyKind::Cosignature => split_time(&signature.signature).map(|(time, _)| time),
        }
    }
}

/// As others are given it: `name+key id+base64`.
impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&written(&self.name, self.public.signature_type(), self.public.bytes()))
    }
}

impl PublicKey {
    fn signature_type(&self) -> u8 {
        match self {
            Self::Ed25519(_) => ED25519,
            Self::Cosignature(_) => COSIGNATURE,
            Self::Sm2(_) => PRIVATE,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) | Self::Cosignature(key) => key.as_bytes(),
            Self::Sm2(key) => key.bytes(),
        }
    }
}

/// A verifier key as it is written.
pub(super) fn written(name: &str, signature_type: u8, public_key: &[u8]) -> String {
    let key = [&[signature_type], public_key].concat();
    format!("{name}+{:08x}+{}", key_id(name, signature_type, public_key), STANDARD.encode(key))
}

/// The first four bytes of `SHA-256(name || 0x0A || type || public key)` (C2SP signed-note).
pub(super) fn key_id(name: &str, signature_type: u8, public_key: &[u8]) -> u32 {
    let hash =
        Sha256::new().chain_update(name).chain_update([b'\n', signature_type]).chain_update(public_key).finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

fn ed25519_key(bytes: &[u8]) -> Result<VerifyingKey, KeyFault> {
    let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyFault::Point)?;
    VerifyingKey::from_bytes(bytes).map_err(|_| KeyFault::Point)
}

fn verify_ed25519(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    // Strict: a key or a signature of small order would sign any message.
    Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}
