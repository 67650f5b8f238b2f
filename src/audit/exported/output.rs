//! The files of an export as they are written: tiles as they come, then the checkpoint.
//!
//! Invariant: a checkpoint stands under its name only after everything written before it is on the disk.

use super::{CHECKPOINT, ExportError};
use crate::durable::{MachineDisk, replace};
use crate::transparency::{Hash, SignedCheckpoint, Tile, TileContent};
use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Where an export is written.
pub(super) struct Output<'a> {
    pub(super) directory: &'a Path,
    /// What is there in its length stays as it is.
    pub(super) only_missing: bool,
}

impl Output<'_> {
    /// Writes a tile and says how many bytes it has; None if it stays as it is. A file that an interrupted export left behind is written anew:
    /// no published checkpoint has it.
    pub(super) fn write(&self, tile: &Tile, bytes: &[u8]) -> Result<Option<u64>, ExportError> {
        if self.only_missing && self.has(tile)? {
            return Ok(None);
        }
        let path = self.directory.join(tile.to_string());
        let failed = |source| ExportError::File { doing: "writing", path: path.clone(), source };
        match std::fs::write(&path, bytes) {
            Err(absent) if absent.kind() == ErrorKind::NotFound => {
                std::fs::create_dir_all(path.parent().expect("a tile is below the directory")).map_err(failed)?;
                std::fs::write(&path, bytes).map_err(failed)?;
            }
            other => other.map_err(failed)?,
        }
        Ok(Some(bytes.len() as u64))
    }

    /// Whether a tile is there in its length; of a bundle of entries no more is known than that it isn't empty.
    pub(super) fn has(&self, tile: &Tile) -> Result<bool, ExportError> {
        let path = self.directory.join(tile.to_string());
        match std::fs::metadata(&path) {
            Ok(found) if tile.content == TileContent::Entries => Ok(found.is_file() && found.len() > 0),
            Ok(found) => Ok(found.is_file() && found.len() == u64::from(tile.width) * size_of::<Hash>() as u64),
            Err(absent) if absent.kind() == ErrorKind::NotFound => Ok(false),
            Err(source) => Err(ExportError::File { doing: "looking at", path, source }),
        }
    }

    /// Puts the checkpoint in its place, whole or not at all.
    pub(super) fn publish(&self, published: &SignedCheckpoint) -> Result<(), ExportError> {
        std::fs::create_dir_all(self.directory).map_err(self.failed("making", self.directory.to_owned()))?;
        let flushing = self.failed("bringing to the disk what was written below", self.directory.to_owned());
        let directory = File::open(self.directory).map_err(&flushing)?;
        // Once for all: bringing many small files to the disk one by one takes longer than writing them.
        rustix::fs::syncfs(&directory).map_err(|error| flushing(Error::from(error)))?;
        // A crash before the next line leaves the export as it was, with files that no checkpoint has.
        let path = self.directory.join(CHECKPOINT);
        let failed = self.failed("writing", path.clone());
        replace(&MachineDisk, &path, published.note().as_bytes()).map_err(failed)
    }

    fn failed(&self, doing: &'static str, path: PathBuf) -> impl Fn(Error) -> ExportError + use<> {
        move |source| ExportError::File { doing, path: path.clone(), source }
    }
}

/// A checkpoint on its way, as `replace` names it.
pub(super) const UNFINISHED: &str = "checkpoint.unfinished";
