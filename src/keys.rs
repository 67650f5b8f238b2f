//! The signing key: made once, in a file that only its owner reads (RFC 8410, PKCS #8 PEM). The room for randomness of ids.

use crate::transparency::{CosignatureSigner, Ed25519Signer, Signer};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Why the key can't be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("{doing} the signing key {path}")]
    File {
        /// What was being tried.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The file isn't a key.
    #[error("{0} is not an Ed25519 private key in PKCS #8 PEM")]
    Malformed(PathBuf),
    /// No key can have this name.
    #[error("{0:?} can't name a key: it is not empty and has no space and no `+`")]
    Name(String),
    /// Others may read it.
    #[error("{0} can be read by others: run `chmod 600 {0}`")]
    Exposed(PathBuf),
    /// The system gives no randomness.
    #[error("the system gives no randomness for a key")]
    NoRandomness,
}

/// Makes the key; the file must not exist. A `seed` makes it a known key, for demonstrations only.
pub fn create(path: &Path, seed: Option<[u8; 32]>) -> Result<(), KeyError> {
    let seed = match seed {
        Some(seed) => seed,
        None => random()?,
    };
    let pem =
        SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Malformed(path.to_owned()))?;
    let file = |source| KeyError::File { doing: "making", path: path.to_owned(), source };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut written = options.open(path).map_err(file)?;
    written.write_all(pem.as_bytes()).and_then(|()| written.sync_all()).map_err(file)
}

/// Reads the key of the log named `origin`.
pub fn read(path: &Path, origin: &str) -> Result<Box<dyn Signer>, KeyError> {
    let signer = Ed25519Signer::from_seed(origin, &read_seed(path)?);
    Ok(Box::new(signer.map_err(|_| KeyError::Malformed(path.to_owned()))?))
}

/// Reads the key of the witness of that name.
pub fn read_cosigner(path: &Path, name: &str) -> Result<CosignatureSigner, KeyError> {
    CosignatureSigner::from_seed(name, &read_seed(path)?).map_err(|_| KeyError::Name(name.to_owned()))
}

fn read_seed(path: &Path) -> Result<[u8; 32], KeyError> {
    let file = |source| KeyError::File { doing: "reading", path: path.to_owned(), source };
    let mode = std::fs::metadata(path).map_err(file)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed(path.to_owned()));
    }
    let pem = std::fs::read_to_string(path).map_err(file)?;
    SigningKey::from_pkcs8_pem(&pem).map(|key| key.to_bytes()).map_err(|_| KeyError::Malformed(path.to_owned()))
}

/// 32 random bytes of the system.
pub fn random() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    #[expect(clippy::disallowed_methods, reason = "the room for randomness")]
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

/// A random number for a new pseudonym of a member or household.
pub fn random_id() -> Result<u64, KeyError> {
    random().map(|bytes| u64::from_be_bytes(*bytes.first_chunk().expect("32 bytes hold 8")))
}
