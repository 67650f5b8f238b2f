//! Passphrases of key files: asked for only where a key is under one, never on a command line.

use super::KeyError;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What a key file is encrypted with. Overwritten in memory when it is dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// A passphrase as it was typed or read. Not empty.
    pub fn new(text: String) -> Option<Passphrase> {
        let text = Zeroizing::new(text);
        (!text.is_empty()).then_some(Passphrase(text))
    }

    /// The first line of a file that only its owner reads.
    pub fn from_file(path: &Path) -> Result<Passphrase, KeyError> {
        let text = super::file::read_private(path)?;
        let line = text.lines().next().unwrap_or_default();
        Passphrase::new(line.to_owned()).ok_or_else(|| KeyError::NoPassphrase(path.to_owned()))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Asks for the passphrase of the key in a file.
pub type AskPassphrase<'a> = dyn Fn(&Path) -> Result<Passphrase, KeyError> + 'a;

/// For where nobody can be asked: a key under a passphrase can't be used.
pub fn no_passphrase(path: &Path) -> Result<Passphrase, KeyError> {
    Err(KeyError::Encrypted(path.to_owned()))
}

/// Asks for the passphrase of each key file once, however often the key is read.
pub fn asked_once(ask: &AskPassphrase<'_>) -> impl Fn(&Path) -> Result<Passphrase, KeyError> {
    let answers = RefCell::new(BTreeMap::<PathBuf, Passphrase>::new());
    move |key| {
        if let Some(answer) = answers.borrow().get(key) {
            return Ok(answer.clone());
        }
        let answer = ask(key)?;
        answers.borrow_mut().insert(key.to_owned(), answer.clone());
        Ok(answer)
    }
}
