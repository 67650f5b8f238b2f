//! Key files: PKCS #8 in PEM (RFC 5958, RFC 8410), in clear or under a passphrase (PBES2 with scrypt and AES-256-CBC).
//!
//! Invariants. A key file is readable by its owner only, from its first byte on. It is replaced whole or not at all.

use super::{AskPassphrase, KeyError, Passphrase, random};
use ed25519_dalek::ed25519::pkcs8::KeypairBytes;
use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// What sort of key a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// SM2 (GB/T 32918).
    Sm2,
}

impl Algorithm {
    /// Its usual name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "Ed25519",
            Algorithm::Sm2 => "SM2",
        }
    }
}

/// A secret of 32 bytes. Overwritten in memory when it is dropped.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// The line that begins a key under a passphrase (RFC 7468 §11).
const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

/// A new secret of the system's randomness.
pub(super) fn new_secret(algorithm: Algorithm) -> Result<Secret, KeyError> {
    loop {
        let secret = Zeroizing::new(random()?);
        // Beyond the order of the curve there are 2^-32 of all numbers.
        if algorithm == Algorithm::Ed25519 || sm2::SecretKey::from_slice(secret.as_slice()).is_ok() {
            return Ok(secret);
        }
    }
}

/// Writes a key into a new file; it must not exist.
pub(super) fn create(
    path: &Path,
    algorithm: Algorithm,
    secret: &Secret,
    passphrase: Option<&Passphrase>,
) -> Result<(), KeyError> {
    let pem = written(path, algorithm, secret, passphrase)?;
    let file = |source| KeyError::File { doing: "making", path: path.to_owned(), source };
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut written = options.open(path).map_err(file)?;
    written.write_all(pem.as_bytes()).and_then(|()| written.sync_all()).map_err(file)?;
    make_name_durable(path).map_err(file)
}

/// Reads a key. Asks for its passphrase if it is under one.
pub(super) fn read(path: &Path, algorithm: Algorithm, ask: &AskPassphrase<'_>) -> Result<Secret, KeyError> {
    let pem = read_private(path)?;
    let passphrase = if pem.starts_with(ENCRYPTED) { Some(ask(path)?) } else { None };
    let key = match algorithm {
        Algorithm::Ed25519 => {
            decoded::<ed25519_dalek::SigningKey>(&pem, passphrase.as_ref()).map(|key| Zeroizing::new(key.to_bytes()))
        }
        Algorithm::Sm2 => decoded::<sm2::SecretKey>(&pem, passphrase.as_ref())
            .map(|key| Zeroizing::new(key.to_bytes().as_slice().try_into().expect("32 bytes"))),
    };
    key.ok_or_else(|| match passphrase {
        Some(_) => KeyError::WrongPassphrase(path.to_owned()),
        None => KeyError::Malformed { path: path.to_owned(), algorithm: algorithm.as_str() },
    })
}

/// Whether the key in a file is under a passphrase.
pub(super) fn is_encrypted(path: &Path) -> Result<bool, KeyError> {
    Ok(read_private(path)?.starts_with(ENCRYPTED))
}

/// Puts a key in the place of the one in a file, which stays as it is if anything fails.
pub(super) fn replace(
    path: &Path,
    algorithm: Algorithm,
    secret: &Secret,
    passphrase: Option<&Passphrase>,
) -> Result<(), KeyError> {
    let unfinished = path.with_extension("unfinished");
    let file = |source| KeyError::File { doing: "replacing", path: path.to_owned(), source };
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(file(error)),
        Ok(()) | Err(_) => {}
    }
    create(&unfinished, algorithm, secret, passphrase)?;
    put_in_place(&unfinished, path)
}

/// Moves a key file over another.
pub(super) fn put_in_place(from: &Path, to: &Path) -> Result<(), KeyError> {
    let moved = std::fs::rename(from, to).and_then(|()| make_name_durable(to));
    moved.map_err(|source| KeyError::File { doing: "replacing", path: to.to_owned(), source })
}

/// The text of a file that others may not read.
pub(super) fn read_private(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    let file = |source| KeyError::File { doing: "reading", path: path.to_owned(), source };
    let mode = std::fs::metadata(path).map_err(file)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed(path.to_owned()));
    }
    std::fs::read_to_string(path).map(Zeroizing::new).map_err(file)
}

fn make_name_durable(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(directory)?.sync_all()
}

fn written(
    path: &Path,
    algorithm: Algorithm,
    secret: &Secret,
    passphrase: Option<&Passphrase>,
) -> Result<Zeroizing<String>, KeyError> {
    let malformed = || KeyError::Malformed { path: path.to_owned(), algorithm: algorithm.as_str() };
    match algorithm {
        // Without the public key, which openssl 3.0 doesn't read there.
        Algorithm::Ed25519 => encoded(&KeypairBytes { secret_key: **secret, public_key: None }, passphrase),
        Algorithm::Sm2 => encoded(&sm2::SecretKey::from_slice(secret.as_slice()).map_err(|_| malformed())?, passphrase),
    }
    .ok_or_else(malformed)
}

fn encoded(key: &impl EncodePrivateKey, passphrase: Option<&Passphrase>) -> Option<Zeroizing<String>> {
    match passphrase {
        Some(passphrase) => key.to_pkcs8_encrypted_pem(passphrase.as_bytes(), LineEnding::LF),
        None => key.to_pkcs8_pem(LineEnding::LF),
    }
    .ok()
}

fn decoded<K: DecodePrivateKey>(pem: &str, passphrase: Option<&Passphrase>) -> Option<K> {
    match passphrase {
        Some(passphrase) => K::from_pkcs8_encrypted_pem(pem, passphrase.as_bytes()),
        None => K::from_pkcs8_pem(pem),
    }
    .ok()
}
