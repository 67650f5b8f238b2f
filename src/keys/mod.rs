//! Signing keys in files that only their owner reads, in clear or under a passphrase. The one room for randomness.

mod file;
mod passphrase;

pub use file::Algorithm;
pub use passphrase::{AskPassphrase, Passphrase, asked_once, no_passphrase};

use crate::transparency::{CosignatureSigner, Ed25519Signer, Signer, Sm2Signer};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

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
    #[error("{path} is not an {algorithm} private key in PKCS #8 PEM")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Of which algorithm a key was expected.
        algorithm: &'static str,
    },
    /// A signer can't have this name.
    #[error("{0:?} can't name a signer: write it without spaces and without `+`")]
    Name(String),
    /// Others may read it.
    #[error("{0} can be read by others: run `chmod 600 {0}`")]
    Exposed(PathBuf),
    /// The key is under a passphrase, and nobody gave one.
    #[error(
        "{0} is under a passphrase: name the file that holds it with --passphrase-file or MINGZHANG_PASSPHRASE_FILE, or run in a terminal"
    )]
    Encrypted(PathBuf),
    /// The passphrase is another one.
    #[error("the passphrase doesn't open {0}: check it and try again")]
    WrongPassphrase(PathBuf),
    /// There is no passphrase in it.
    #[error("{0} holds no passphrase: write it on its first line")]
    NoPassphrase(PathBuf),
    /// The system gives no randomness.
    #[error("the system gives no randomness for a key")]
    NoRandomness,
}

/// Makes an Ed25519 key in clear; the file must not exist. A `seed` makes it a known key, for demonstrations only.
pub fn create(path: &Path, seed: Option<[u8; 32]>) -> Result<(), KeyError> {
    match seed {
        Some(seed) => file::create(path, Algorithm::Ed25519, &Zeroizing::new(seed), None),
        None => create_under(path, Algorithm::Ed25519, None),
    }
}

/// Makes a key, under a passphrase if one is given; the file must not exist.
pub fn create_under(path: &Path, algorithm: Algorithm, passphrase: Option<&Passphrase>) -> Result<(), KeyError> {
    file::create(path, algorithm, &file::new_secret(algorithm)?, passphrase)
}

/// Reads the key of the log named `origin`.
pub fn read(
    path: &Path,
    origin: &str,
    algorithm: Algorithm,
    ask: &AskPassphrase<'_>,
) -> Result<Box<dyn Signer>, KeyError> {
    let secret = file::read(path, algorithm, ask)?;
    let named = |_| KeyError::Name(origin.to_owned());
    Ok(match algorithm {
        Algorithm::Ed25519 => Box::new(Ed25519Signer::from_seed(origin, &secret).map_err(named)?),
        Algorithm::Sm2 => Box::new(Sm2Signer::from_secret(origin, secret.as_slice()).map_err(named)?),
    })
}

/// Reads the key of the witness of that name.
pub fn read_cosigner(path: &Path, name: &str) -> Result<CosignatureSigner, KeyError> {
    let secret = file::read(path, Algorithm::Ed25519, &no_passphrase)?;
    CosignatureSigner::from_seed(name, &secret).map_err(|_| KeyError::Name(name.to_owned()))
}

/// Whether the key in a file is under a passphrase.
pub fn is_encrypted(path: &Path) -> Result<bool, KeyError> {
    file::is_encrypted(path)
}

/// Puts a key under another passphrase, or in clear if none is given. The key itself stays the same.
pub fn encrypt(
    path: &Path,
    algorithm: Algorithm,
    ask: &AskPassphrase<'_>,
    passphrase: Option<&Passphrase>,
) -> Result<(), KeyError> {
    file::replace(path, algorithm, &file::read(path, algorithm, ask)?, passphrase)
}

/// Moves a key file over another, which is gone for good.
pub fn put_in_place(from: &Path, to: &Path) -> Result<(), KeyError> {
    file::put_in_place(from, to)
}

/// 32 random bytes of the system.
pub fn random() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    #[expect(clippy::disallowed_methods, reason = "the room for randomness")]
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

/// Randomness in pieces, asked of the system for many at once: for whoever needs some for each row of a table.
pub struct Pieces {
    block: Zeroizing<[u8; Pieces::BLOCK_BYTES]>,
    used: usize,
}

impl Default for Pieces {
    fn default() -> Pieces {
        Pieces { block: Zeroizing::new([0; Pieces::BLOCK_BYTES]), used: Pieces::BLOCK_BYTES }
    }
}

impl Pieces {
    const BLOCK_BYTES: usize = 4_096;

    /// The next 32 bytes; each is given once.
    pub fn next_piece(&mut self) -> Result<[u8; 32], KeyError> {
        if self.used == Pieces::BLOCK_BYTES {
            #[expect(clippy::disallowed_methods, reason = "the room for randomness")]
            getrandom::fill(&mut *self.block).map_err(|_| KeyError::NoRandomness)?;
            self.used = 0;
        }
        let piece = &mut self.block[self.used..self.used + 32];
        self.used += piece.len();
        let given = (*piece).try_into().expect("32 bytes");
        piece.fill(0);
        Ok(given)
    }

    /// A number for a new pseudonym.
    pub fn next_id(&mut self) -> Result<u64, KeyError> {
        self.next_piece().map(|bytes| u64::from_be_bytes(*bytes.first_chunk().expect("32 bytes hold 8")))
    }
}

/// A random number for a new pseudonym of a member or household.
pub fn random_id() -> Result<u64, KeyError> {
    random().map(|bytes| u64::from_be_bytes(*bytes.first_chunk().expect("32 bytes hold 8")))
}
