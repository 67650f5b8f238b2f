//! What a witness remembers of one log: the checkpoint cosigned last, and those before it.
//!
//! Nothing is kept in memory: what counts is what is on the disk, also after a write that failed. Invariant: `checkpoint` holds the
//! head cosigned last, and `history` every head cosigned before it.

use super::contradiction::{self, Contradiction};
use super::history;
use super::judgement::Shown;
use crate::durable::{Disk, replace};
use crate::transparency::{Checkpoint, Note};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a witness can't look up or keep what it cosigned. It cosigns nothing then.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
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
    /// What was written down isn't what this program writes.
    #[error(
        "{path} is damaged: {why}; put back a copy that is as new, or give this witness a new key and a new memory"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// The memory of one log.
pub(super) struct Memory {
    name: String,
    origin: String,
    directory: PathBuf,
    disk: Arc<dyn Disk>,
}

impl Memory {
    /// Makes the log's directory in `state` if it isn't there.
    pub(super) fn of_log(state: &Path, origin: &str, disk: Arc<dyn Disk>) -> std::io::Result<Memory> {
        let name: String = Sha256::digest(origin).iter().map(|byte| format!("{byte:02x}")).collect();
        let directory = state.join(&name);
        std::fs::create_dir_all(&directory)?;
        disk.flush_directory(state)?;
        Ok(Memory { name, origin: origin.to_owned(), directory, disk })
    }

    /// SHA-256 of the origin in hex: its name in the paths of a witness.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The note that was cosigned last.
    pub(super) fn note(&self) -> Result<Option<String>, MemoryError> {
        let path = self.checkpoint();
        match std::fs::read_to_string(&path) {
            Ok(note) => Ok(Some(note)),
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(MemoryError::File { doing: "reading", path, source }),
        }
    }

    /// The head that was cosigned last.
    pub(super) fn last(&self) -> Result<Option<Checkpoint>, MemoryError> {
        match self.note()? {
            Some(note) => self.read(&note).map(Some),
            // Heads before the last and no last one: somebody took it away.
            None if self.history().exists() => Err(self.damaged("there is a history beside it, and it is missing")),
            None => Ok(None),
        }
    }

    /// The head of that size, with its note, if it was cosigned.
    pub(super) fn cosigned_at(&self, size: u64) -> Result<Option<(Checkpoint, String)>, MemoryError> {
        let Some(last) = self.note()? else { return Ok(None) };
        let head = self.read(&last)?;
        if size >= head.size {
            return Ok((size == head.size).then_some((head, last)));
        }
        let note = history::find(&self.history(), size).map_err(self.failed("reading", self.history()))?;
        note.map(|note| Ok((self.read(&note)?, note))).transpose()
    }

    /// Remembers a note, with the cosignature, in the place of the last one. Durable when it returns well; after a failure either is.
    pub(super) fn cosigned(&mut self, note: &str) -> Result<(), MemoryError> {
        if let Some(last) = self.note()? {
            let (head, next) = (self.read(&last)?, self.read(note)?);
            assert!(next.size >= head.size, "a witness goes back from {} to {}", head.size, next.size);
            // First, so that no head that was given away is ever only in somebody else's hands.
            if next.size > head.size {
                let kept = history::append(self.disk.as_ref(), &self.history(), head.size, &last);
                kept.map_err(self.failed("appending to", self.history()))?;
            }
        }
        replace(self.disk.as_ref(), &self.checkpoint(), note.as_bytes())
            .map_err(self.failed("writing", self.checkpoint()))
    }

    /// Keeps evidence against the log.
    pub(super) fn keep(&self, evidence: &Contradiction, shown: &Shown<'_>) -> std::io::Result<Option<PathBuf>> {
        contradiction::keep(self.disk.as_ref(), &self.directory.join("evidence"), evidence, shown)
    }

    fn checkpoint(&self) -> PathBuf {
        self.directory.join("checkpoint")
    }

    fn history(&self) -> PathBuf {
        self.directory.join("history")
    }

    fn read(&self, note: &str) -> Result<Checkpoint, MemoryError> {
        let note = Note::parse(note.as_bytes()).map_err(|_| self.damaged("it isn't a signed note"))?;
        let checkpoint = Checkpoint::parse(note.text).map_err(|_| self.damaged("it isn't a checkpoint"))?;
        if checkpoint.origin == self.origin { Ok(checkpoint) } else { Err(self.damaged("it is of another log")) }
    }

    fn damaged(&self, why: &'static str) -> MemoryError {
        MemoryError::Damaged { path: self.checkpoint(), why }
    }

    fn failed(&self, doing: &'static str, path: PathBuf) -> impl FnOnce(std::io::Error) -> MemoryError + use<> {
        move |source| MemoryError::File { doing, path, source }
    }
}
