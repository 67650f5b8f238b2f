//! Signatures with the Chinese national algorithms: SM2 over SM3 (GB/T 32918.2, GB/T 32905) as a second line under a note.
//!
//! C2SP signed-note leaves type 0xff to others, followed by a longer identifier; ours is `gm/sm2-sm3/v1` and a zero byte. A verifier
//! that doesn't know it passes the line over. The signature is the DER of `(r, s)` (GM/T 0009), so that other tools take it as
//! it is; the signer's distinguishing identifier is the default one of GM/T 0009.

use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{DerSignature, Signature, SigningKey, VerifyingKey};

use super::note::check_key_name;
use super::verifier_key::{key_id, written};
use super::{KeyFault, NoteError, Signer};

/// The private signature type, and what tells this one from others of it.
pub(super) const PRIVATE: u8 = 0xff;
pub(super) const IDENTIFIER: &[u8] = b"gm/sm2-sm3/v1\0";

/// What goes into the hash with the public key (GM/T 0009 §10).
const DISTINGUISHING_ID: &str = "1234567812345678";

/// An uncompressed point: 0x04, x, y.
const POINT_BYTES: usize = 65;

/// Signs with an SM2 key.
pub struct Sm2Signer {
    name: String,
    key_id: u32,
    key: SigningKey,
}

impl Sm2Signer {
    /// The signer of that name with a secret number from 1 to the order of the curve, 32 bytes, big-endian. A name is not empty
    /// and has no space and no `+`.
    pub fn from_secret(name: &str, secret: &[u8]) -> Result<Self, NoteError> {
        check_key_name(name)?;
        let key = SigningKey::from_slice(DISTINGUISHING_ID, secret)
            .map_err(|_| NoteError::Malformed("an SM2 secret is a number from 1 to the order of the curve"))?;
        let key_id = key_id(name, PRIVATE, &public_key(key.verifying_key()));
        Ok(Self { name: name.to_owned(), key_id, key })
    }
}

impl Signer for Sm2Signer {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.key_id
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(message);
        signature.to_der().as_ref().to_vec()
    }

    fn verifier_key(&self) -> String {
        written(&self.name, PRIVATE, &public_key(self.key.verifying_key()))
    }
}

impl std::fmt::Debug for Sm2Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sm2Signer").field("name", &self.name).field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// A public key as it stands in a verifier key after the type: the identifier, then the point.
#[derive(Debug, Clone)]
pub(super) struct Sm2Key {
    bytes: Vec<u8>,
    key: VerifyingKey,
}

impl PartialEq for Sm2Key {
    fn eq(&self, other: &Sm2Key) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Sm2Key {}

impl Sm2Key {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, KeyFault> {
        let point = bytes.strip_prefix(IDENTIFIER).filter(|point| point.len() == POINT_BYTES);
        let point = point.ok_or(KeyFault::Type)?;
        let key = VerifyingKey::from_sec1_bytes(DISTINGUISHING_ID, point).map_err(|_| KeyFault::Point)?;
        Ok(Self { bytes: bytes.to_vec(), key })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = DerSignature::try_from(signature).ok().and_then(|der| Signature::try_from(der).ok());
        signature.is_some_and(|signature| self.key.verify(message, &signature).is_ok())
    }
}

fn public_key(key: &VerifyingKey) -> Vec<u8> {
    [IDENTIFIER, &key.to_sec1_bytes()].concat()
}
