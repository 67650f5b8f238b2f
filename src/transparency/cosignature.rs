//! Cosignatures of witnesses (C2SP tlog-cosignature, type 0x04): at this time, this was the largest consistent tree seen.
//!
//! No clock: the time is given. May not decide whether to cosign: that is the witness's, after it checked consistency.

use ed25519_dalek::{Signer, SigningKey};

use super::note::check_key_name;
use super::verifier_key::{key_id, written};
use super::{NoteError, NoteSignature};

/// The signature type of a timestamped Ed25519 cosignature.
pub(super) const COSIGNATURE: u8 = 0x04;

const TIME_BYTES: usize = 8;

/// The latest time that a cosignature may carry, in Unix seconds.
const TIME_MAX: u64 = i64::MAX as u64;

/// Cosigns checkpoints with an Ed25519 key. Several cosigners of one operator need different keys: the message doesn't name
/// the cosigner.
pub struct CosignatureSigner {
    name: String,
    key_id: u32,
    key: SigningKey,
}

impl CosignatureSigner {
    /// The cosigner of that name with the key that RFC 8032 derives from a seed. A name is not empty and has no space and no
    /// `+`.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_key_name(name)?;
        let key = SigningKey::from_bytes(seed);
        let key_id = key_id(name, COSIGNATURE, key.verifying_key().as_bytes());
        Ok(Self { name: name.to_owned(), key_id, key })
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public key as others are given it: `name+key id+base64`.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        written(&self.name, COSIGNATURE, self.key.verifying_key().as_bytes())
    }

    /// The cosignature of a checkpoint's text, its final newline included, at a time in Unix seconds (at most 2^63 - 1).
    ///
    /// # Panics
    /// If the time is beyond that: a bug of the caller.
    #[must_use]
    pub fn cosign(&self, text: &str, unix_seconds: u64) -> NoteSignature<'_> {
        assert!(unix_seconds <= TIME_MAX, "a cosignature of the time {unix_seconds}");
        let mut signature = unix_seconds.to_be_bytes().to_vec();
        signature.extend(self.key.sign(&cosigned_message(unix_seconds, text.as_bytes())).to_bytes());
        NoteSignature { name: &self.name, key_id: self.key_id, signature }
    }
}

impl std::fmt::Debug for CosignatureSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CosignatureSigner")
            .field("name", &self.name)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

/// What a cosigner signs.
pub(super) fn cosigned_message(unix_seconds: u64, text: &[u8]) -> Vec<u8> {
    let mut message = format!("cosignature/v1\ntime {unix_seconds}\n").into_bytes();
    message.extend_from_slice(text);
    message
}

/// The time of a cosignature and the signature after it.
pub(super) fn split_time(signature: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = signature.split_first_chunk::<TIME_BYTES>()?;
    let time = u64::from_be_bytes(*time);
    (time <= TIME_MAX).then_some((time, signature))
}
