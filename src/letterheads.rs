//! 版头存底: what the operator had set about notices and disclosures when each was issued, kept beside the ledger, so that a change in `mingzhang.toml` doesn't
//! rewrite them.
//!
//! Never needed: without such a file a notice stands under what is set today. Nothing of it is in the log, because whom to turn to may be a person.
//! Invariant: the file is on the disk before the notice is recorded.

use crate::config::Config;
use crate::durable::{Disk, MachineDisk, directory_of, replace};
use crate::notice::Letterhead;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Why a letterhead can't be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum LetterheadError {
    /// It can't be written, so nothing is issued under it.
    #[error(
        "keeping the letterhead of what is to be issued in {path}: make room or see to the permissions, and issue it again"
    )]
    Keep {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is there and can't be read.
    #[error("reading the letterhead in {path}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Somebody has changed it.
    #[error("{path} is no letterhead: {message}: put it back from a backup, or remove it to have what is set today")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
}

/// Those of what was issued and disclosed: a file each, by the digest of the notice.
#[derive(Clone, Debug)]
pub struct Letterheads {
    folder: PathBuf,
    /// One is written at a time: of two issues of the same, both would write the same file.
    keeping: Arc<Mutex<()>>,
}

impl Letterheads {
    /// Those in a folder, which is made with the first of them.
    pub fn in_folder(folder: PathBuf) -> Letterheads {
        Letterheads { folder, keeping: Arc::default() }
    }

    /// Whether a file of the folder has the name of one that is written here, whole or not.
    pub fn is_own(name: &str) -> bool {
        let name = name.strip_suffix(".unfinished").unwrap_or(name);
        name.strip_suffix(SUFFIX).is_some_and(is_digest)
    }

    /// Keeps the letterhead of what is about to be issued or disclosed.
    pub fn keep(&self, digest: &str, letterhead: &Letterhead) -> Result<(), LetterheadError> {
        let path = self.path(digest);
        let text = toml::to_string(letterhead).expect("a letterhead is TOML");
        let _turn = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        made(&self.folder)
            .and_then(|()| replace(&MachineDisk, &path, text.as_bytes()))
            .map_err(|source| LetterheadError::Keep { path, source })
    }

    /// Under which a notice was issued or disclosed. None where that wasn't kept.
    pub fn kept(&self, digest: &str) -> Result<Option<Letterhead>, LetterheadError> {
        if !is_digest(digest) {
            return Ok(None);
        }
        let path = self.path(digest);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(LetterheadError::Read { path, source }),
        };
        let read = toml::from_str(&text);
        read.map(Some).map_err(|fault| LetterheadError::Malformed { path, message: fault.to_string() })
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{digest}{SUFFIX}"))
    }
}

const SUFFIX: &str = ".toml";

/// SHA-256 in lower-case hex, as the log has it: never a path.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn made(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    // The folder's own name has to outlive a loss of power as well.
    MachineDisk.flush_directory(directory_of(folder))
}

/// What is set today.
pub fn of_today(config: &Config) -> Letterhead {
    let documents = config.documents.clone();
    Letterhead {
        issuing_body: config.issuing_body.clone(),
        header: documents.header,
        sealed: documents.sealed,
        contact: documents.contact,
        wording: documents.wording,
    }
}

#[cfg(test)]
mod tests {
    use super::{LetterheadError, Letterheads};
    use crate::notice::Letterhead;

    #[test]
    fn a_letterhead_is_read_as_it_was_kept_and_one_that_was_never_kept_is_none() {
        let directory = tempfile::tempdir().expect("a directory");
        let letterheads = Letterheads::in_folder(directory.path().join("letterheads"));
        let (digest, other) = ("0f".repeat(32), "f0".repeat(32));
        let letterhead = Letterhead {
            header: Some("中共书院街道\n工作委员会 \"文件\"".to_owned()),
            contact: Some(String::new()),
            sealed: false,
            ..Letterhead::default()
        };
        letterheads.keep(&digest, &letterhead).expect("kept");
        assert_eq!(letterheads.kept(&digest).expect("read"), Some(letterhead));
        for none in [other.as_str(), "", "../../mingzhang"] {
            assert_eq!(letterheads.kept(none).expect("nothing is there"), None, "{none}");
        }
        let names: Vec<_> = std::fs::read_dir(directory.path().join("letterheads")).expect("the folder").collect();
        let names: Vec<String> =
            names.into_iter().map(|of| of.expect("a file").file_name().into_string().expect("text")).collect();
        assert!(names.iter().all(|name| Letterheads::is_own(name)) && names.len() == 1, "{names:?}");
        assert!(!Letterheads::is_own("mine.toml") && Letterheads::is_own(&format!("{digest}.toml.unfinished")));
        std::fs::write(directory.path().join("letterheads").join(&names[0]), "sealed = 1").expect("written");
        assert!(matches!(letterheads.kept(&digest), Err(LetterheadError::Malformed { .. })));
    }
}
