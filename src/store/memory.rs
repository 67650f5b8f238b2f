//! A log in memory, for tests and trials: gone when it is dropped.
//!
//! Keeps the same promise as the others, except that nothing outlives the program.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use super::{CommitError, EventStore, SealedBatch, Segment, StoreError};
use crate::transparency::{BlockRoots, Hash};

/// See the module.
#[derive(Debug, Default)]
pub struct MemoryStore {
    log: RwLock<Log>,
}

#[derive(Debug, Default)]
struct Log {
    tree_size: u64,
    segments: Vec<Segment>,
    tile_roots: BTreeMap<(u8, u64), Hash>,
    block_roots: Vec<BlockRoots>,
}

impl MemoryStore {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing can panic half-way through a change, so a poisoned lock still guards a whole log.
    fn log(&self) -> RwLockReadGuard<'_, Log> {
        self.log.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventStore for MemoryStore {
    fn head(&self) -> Result<u64, StoreError> {
        Ok(self.log().tree_size)
    }

    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError> {
        let log = self.log();
        let end = from.saturating_add(entries_wanted).min(log.tree_size);
        if from >= end {
            return Ok(Vec::new());
        }
        let start = log.segments.partition_point(|segment| segment.end_index() <= from);
        Ok(log.segments[start..].iter().take_while(|segment| segment.first_index < end).cloned().collect())
    }

    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
        if level > 0 {
            if start >= end {
                return Ok(Vec::new());
            }
            return Ok(self.log().tile_roots.range((level, start)..(level, end)).map(|(_, hash)| *hash).collect());
        }
        Ok(self
            .read(start, end.saturating_sub(start))?
            .iter()
            .flat_map(|segment| (segment.first_index..).zip(segment.hashes()))
            .filter(|(log_index, _)| (start..end).contains(log_index))
            .map(|(_, hash)| *hash)
            .collect())
    }

    fn block_roots(&self, tile: u64) -> Result<Option<BlockRoots>, StoreError> {
        Ok(usize::try_from(tile).ok().and_then(|tile| self.log().block_roots.get(tile).copied()))
    }

    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError> {
        batch.assert_whole();
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        if log.tree_size != batch.tree_size_before {
            return Err(CommitError::Conflict { expected: batch.tree_size_before, actual: log.tree_size });
        }
        log.segments.extend_from_slice(&batch.segments);
        log.tile_roots.extend(batch.tile_roots.iter().map(|&(level, index, hash)| ((level, index), hash)));
        log.block_roots.extend_from_slice(&batch.block_roots);
        log.tree_size = batch.tree_size_after;
        Ok(())
    }
}
