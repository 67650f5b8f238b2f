//! What a monitor writes down: the head known last with the right edge of its tree, every checkpoint seen, and what contradicts.
//!
//! Invariant: nothing that was kept as evidence is overwritten, and the head known last is replaced whole.

use super::Alarm;
use crate::durable::{DirectoryLock, Disk, MachineDisk, replace};
use crate::transparency::{Checkpoint, Frontier, witness_request};
use mingzhang_events::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Why the records can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// Another monitor works in this directory.
    #[error("another process holds {0}: give each monitor a directory of its own")]
    Held(PathBuf),
    /// A file can't be read or written.
    #[error("{doing} {path}")]
    File {
        /// What was being tried.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The head known last isn't what this program wrote.
    #[error("{0} is damaged: put it back from the file `checkpoints` beside it, or begin with an empty directory")]
    Damaged(PathBuf),
}

/// The head known last.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) checkpoint: Checkpoint,
    pub(super) note: String,
    /// The right edge of the tree at its last full tile.
    pub(super) aligned: Frontier,
}

/// A line of the file of checkpoints.
#[derive(Serialize, Deserialize)]
struct SeenLine {
    seen_at: String,
    note: String,
}

/// A monitor's directory.
pub(super) struct Records {
    directory: PathBuf,
    last_seen: Option<String>,
    _lock: DirectoryLock,
}

impl Records {
    /// Makes the directory if it isn't there.
    pub(super) fn open(directory: &Path) -> Result<Records, RecordsError> {
        let failed = |doing| move |source| RecordsError::File { doing, path: directory.to_owned(), source };
        std::fs::create_dir_all(directory).map_err(failed("making the directory"))?;
        let lock = DirectoryLock::take(directory).map_err(failed("locking"))?;
        let lock = lock.ok_or_else(|| RecordsError::Held(directory.to_owned()))?;
        Ok(Records { directory: directory.to_owned(), last_seen: None, _lock: lock })
    }

    /// The head known last; none at first. The file has the form of a request to a witness: size, hashes, checkpoint.
    pub(super) fn known(&self) -> Result<Option<Known>, RecordsError> {
        let path = self.directory.join("last");
        let content = match std::fs::read(&path) {
            Ok(content) => content,
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(RecordsError::File { doing: "reading", path, source }),
        };
        let read = || {
            let (head, note) = witness_request::split(&content)?;
            let (size, subtrees) = witness_request::parse_head(head)?;
            let checkpoint = read(std::str::from_utf8(note).ok()?)?;
            let aligned =
                Frontier::from_subtrees(size, subtrees).filter(|aligned| aligned.size() <= checkpoint.size)?;
            Some(Known { checkpoint, note: String::from_utf8(note.to_vec()).ok()?, aligned })
        };
        read().map(Some).ok_or(RecordsError::Damaged(path))
    }

    /// From now on this is the head known last.
    pub(super) fn keep(&self, note: &str, aligned: &Frontier) -> Result<(), RecordsError> {
        let path = self.directory.join("last");
        let content = witness_request::write(aligned.size(), aligned.subtrees(), note);
        let written = replace(&MachineDisk, &path, content.as_bytes());
        written.map_err(|source| RecordsError::File { doing: "writing", path, source })
    }

    /// Which old tile is read again next. Only a hint: a file that is damaged or gone begins at the first.
    pub(super) fn reread_from(&self) -> Result<u64, RecordsError> {
        let path = self.directory.join("reread");
        match std::fs::read(&path) {
            Ok(bytes) => Ok(std::str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)),
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(source) => Err(RecordsError::File { doing: "reading", path, source }),
        }
    }

    /// From here on old tiles are read again at the next look.
    pub(super) fn keep_reread_from(&self, index: u64) -> Result<(), RecordsError> {
        let path = self.directory.join("reread");
        std::fs::write(&path, format!("{index}\n")).map_err(|source| RecordsError::File {
            doing: "writing",
            path,
            source,
        })
    }

    /// Appends a checkpoint to those seen, unless it is the one seen last.
    pub(super) fn saw(&mut self, now: Instant, note: &str) -> Result<(), RecordsError> {
        let path = self.directory.join("checkpoints");
        if self.last_seen.is_none() {
            self.last_seen = self.seen().last();
        }
        if self.last_seen.as_deref() == Some(note) {
            return Ok(());
        }
        let line = SeenLine { seen_at: now.to_string(), note: note.to_owned() };
        let line = format!("{}\n", serde_json::to_string(&line).expect("text is JSON"));
        let appended = end_of_last_line(&path).and_then(|end| MachineDisk.append(&path, end, line.as_bytes()));
        appended.map_err(|source| RecordsError::File { doing: "appending to", path, source })?;
        self.last_seen = Some(note.to_owned());
        Ok(())
    }

    /// The checkpoint of that size that was seen first.
    pub(super) fn seen_at(&self, size: u64) -> Option<Checkpoint> {
        self.seen().filter_map(|note| read(&note)).find(|checkpoint| checkpoint.size == size)
    }

    /// Every checkpoint seen, in order. A line that was cut off by a crash is passed over.
    fn seen(&self) -> impl Iterator<Item = String> + use<> {
        let file = std::fs::File::open(self.directory.join("checkpoints")).ok();
        let lines = file.into_iter().flat_map(|file| BufReader::new(file).split(b'\n').map_while(Result::ok));
        lines.filter_map(|line| serde_json::from_slice::<SeenLine>(&line).ok()).map(|line| line.note)
    }

    /// Keeps what contradicts, once, and says where.
    pub(super) fn raise(&self, mut alarm: Alarm, known: Option<&Known>, served: &str) -> Result<Alarm, RecordsError> {
        let directory = self.directory.join("alarms");
        let failed = |doing, path: &Path| {
            let path = path.to_owned();
            move |source| RecordsError::File { doing, path, source }
        };
        std::fs::create_dir_all(&directory).map_err(failed("making", &directory))?;
        let hash = Sha256::digest(served);
        let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let name = |suffix: &str| directory.join(format!("{}-{hash}{suffix}", alarm.kind.code()));
        let (in_hand, shown) = (name(".known"), name(".served"));
        if !shown.exists() {
            if let Some(known) = known {
                replace(&MachineDisk, &in_hand, known.note.as_bytes()).map_err(failed("writing", &in_hand))?;
            }
            replace(&MachineDisk, &shown, served.as_bytes()).map_err(failed("writing", &shown))?;
        }
        alarm.kept = Some(name(""));
        Ok(alarm)
    }
}

/// Where the next line begins: what a crash has cut off is written over.
fn end_of_last_line(path: &Path) -> std::io::Result<u64> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    // A checkpoint with its signatures is far shorter.
    let from = file.get_ref().metadata()?.len().saturating_sub(4 << 20);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    Ok(tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| from + newline as u64 + 1))
}

fn read(note: &str) -> Option<Checkpoint> {
    Checkpoint::of_note(note.as_bytes()).ok()
}
