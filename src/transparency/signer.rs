//! Who signs checkpoints: a trait, so that a hardware module can take the place of a key in a file.
//!
//! No file is read or written here, and a secret key never leaves its signer.

use ed25519_dalek::{Signer as _, SigningKey};

use super::NoteError;
use super::note::check_key_name;
use super::verifier_key::{ED25519, key_id, written};

/// Signs the text of notes under a name and a key id (C2SP signed-note).
pub trait Signer: Send + Sync {
    /// The name of the key; for the key of a log, its origin.
    fn name(&self) -> &str;
    /// Tells keys of the same name apart.
    fn key_id(&self) -> u32;
    /// The signature over the message, without the key id.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
    /// The public key as others are given it: `name+key id+base64` (C2SP signed-note, verifier key).
    fn verifier_key(&self) -> String;
}

/// Signs with an Ed25519 key (RFC 8032; signature type 0x01).
pub struct Ed25519Signer {
    name: String,
    key_id: u32,
    key: SigningKey,
}

impl Ed25519Signer {
    /// The signer of that name with the key that RFC 8032 derives from a seed. A name is not empty and has no space and no `+`.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_key_name(name)?;
        let key = SigningKey::from_bytes(seed);
        let key_id = key_id(name, ED25519, key.verifying_key().as_bytes());
        Ok(Self { name: name.to_owned(), key_id, key })
    }
}

impl Signer for Ed25519Signer {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.key_id
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_bytes().to_vec()
    }

    fn verifier_key(&self) -> String {
        written(&self.name, ED25519, self.key.verifying_key().as_bytes())
    }
}

impl std::fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ed25519Signer").field("name", &self.name).field("key_id", &self.key_id).finish_non_exhaustive()
    }
}
