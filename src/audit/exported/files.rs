//! The files of an export, read as a store: so an export is verified, replayed and proved from as a ledger is.
//!
//! Trusts no file: one that is missing, too short or too long is damage, named by its path.

use crate::store::{CommitError, EventStore, SealedBatch, Segment, StoreError};
use crate::transparency::{BlockRoots, Hash, TILE_WIDTH, Tile, TileContent};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The longest bundle: 256 entries, each with its length.
const BUNDLE_BYTES_MAX: u64 = 256 * (2 + 65_535);

/// The files below one directory, as a log of a given size.
#[derive(Debug, Clone)]
pub struct ExportedLog {
    directory: PathBuf,
    size: u64,
}

impl ExportedLog {
    /// The first `size` entries of the log in a directory. Reads nothing yet.
    #[must_use]
    pub fn of_size(directory: &Path, size: u64) -> ExportedLog {
        ExportedLog { directory: directory.to_owned(), size }
    }

    /// The bytes of a tile, of the length that its path says; a bundle of entries is as long as it is.
    pub(super) fn file(&self, tile: &Tile) -> Result<Vec<u8>, StoreError> {
        let damaged = |what| Err(StoreError::Damaged { log_index: first_entry(tile), what });
        let failed = |source: std::io::Error| StoreError::Failed {
            doing: "reading a file of the exported log",
            source: Box::new(source),
        };
        let mut bytes = Vec::new();
        match std::fs::File::open(self.directory.join(tile.to_string())) {
            Ok(file) => file.take(BUNDLE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?,
            Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::TileMissing { path: tile.to_string(), log_index: first_entry(tile) });
            }
            Err(error) => return Err(failed(error)),
        };
        match tile.content {
            TileContent::Hashes { .. } if bytes.len() != usize::from(tile.width) * size_of::<Hash>() => {
                damaged(format!("the file {tile} has {} bytes and not {} hashes", bytes.len(), tile.width))
            }
            TileContent::Entries if bytes.len() as u64 > BUNDLE_BYTES_MAX => {
                damaged(format!("the file {tile} is longer than any bundle"))
            }
            TileContent::Hashes { .. } | TileContent::Entries => Ok(bytes),
        }
    }
}

/// The log index of the first entry below a tile.
fn first_entry(tile: &Tile) -> u64 {
    tile.first().checked_shl(8 * u32::from(tile.content.level())).unwrap_or(u64::MAX)
}

impl EventStore for ExportedLog {
    fn head(&self) -> Result<u64, StoreError> {
        Ok(self.size)
    }

    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError> {
        let end = from.saturating_add(entries_wanted).min(self.size);
        if from >= end {
            return Ok(Vec::new());
        }
        let mut segments = Vec::new();
        for index in from / TILE_WIDTH..end.div_ceil(TILE_WIDTH) {
            let tile = |content| Tile::at(content, index, self.size).expect("the index is below the size");
            let segment = Segment {
                first_index: index * TILE_WIDTH,
                bundle: self.file(&tile(TileContent::Entries))?,
                leaf_hashes: self.file(&tile(TileContent::Hashes { level: 0 }))?,
            };
            segment.check(segment.first_index)?;
            segments.push(segment);
        }
        Ok(segments)
    }

    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
        let mut hashes: Vec<Hash> = Vec::new();
        let mut next = start;
        while next < end {
            let content = TileContent::Hashes { level };
            let Some(tile) = Tile::at(content, next / TILE_WIDTH, self.size) else { break };
            let bytes = self.file(&tile)?;
            let (stored, _) = bytes.as_chunks();
            let in_tile = |position: u64| usize::try_from(position - tile.first()).unwrap_or(usize::MAX);
            let (skipped, wanted) = (in_tile(next), in_tile(end).min(stored.len()));
            if skipped >= wanted {
                break;
            }
            hashes.extend_from_slice(&stored[skipped..wanted]);
            next = tile.first() + TILE_WIDTH;
        }
        Ok(hashes)
    }

    /// Not part of the published format.
    fn block_roots(&self, _: u64) -> Result<Option<BlockRoots>, StoreError> {
        Ok(None)
    }

    /// An export is written from a ledger and from nothing else.
    fn commit(&self, _: &SealedBatch) -> Result<(), CommitError> {
        let source = "an exported log is for reading only: record in the ledger that it was made from".into();
        Err(CommitError::NotCommitted(StoreError::Failed { doing: "recording in an exported log", source }))
    }
}
