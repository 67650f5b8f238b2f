//! Where the log is kept. The only place with SQL.
//!
//! A store holds entries (the exact bytes that were hashed), their leaf hashes and the roots of full tiles. It never
//! looks inside an entry. Its one promise: a batch is committed whole, durably, and only if the tree size is still the
//! one the batch was sealed on.

mod batch;
mod memory;
mod signed_heads;
mod sqlite;
mod tile;

pub use batch::BatchBuilder;
pub use memory::MemoryStore;
pub use signed_heads::{MemorySignedHeads, SignedHead, SignedHeads, SignedHeadsError, SignedHeadsFile};
pub use sqlite::{BeyondEnd, PeopleStore, PersonRow, SqliteStore, TokenRow};
pub use tile::{read_block, read_tile};

use crate::transparency::{BlockRoots, Hash, TILE_WIDTH, bundle, leaf_hash};

/// A run of consecutive entries as stored: at most [`SEGMENT_ENTRIES_MAX`] and never across a multiple of it, so that
/// the segments of one tile, end to end, are the C2SP entry bundle of that tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The log index of its first entry.
    pub first_index: u64,
    /// `uint16be length || bytes` for each entry (C2SP tlog-tiles, entry bundle).
    pub bundle: Vec<u8>,
    /// 32 bytes for each entry: its leaf hash as it was when the entry was sealed.
    pub leaf_hashes: Vec<u8>,
}

impl Segment {
    /// How many entries it has.
    #[must_use]
    pub fn entry_count(&self) -> u64 {
        self.hashes().len() as u64
    }

    /// The log index after its last entry.
    #[must_use]
    pub fn end_index(&self) -> u64 {
        self.first_index + self.entry_count()
    }

    /// Its leaf hashes one by one.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        self.leaf_hashes.as_chunks().0
    }

    /// Its entries in order, each with its log index. What can't be parsed ends them with [`StoreError::Damaged`].
    pub fn entries(&self) -> impl Iterator<Item = Result<(u64, &[u8]), StoreError>> {
        (self.first_index..).zip(bundle::entries(&self.bundle)).map(|(log_index, entry)| match entry {
            Ok(entry) => Ok((log_index, entry)),
            Err(cut_off) => Err(StoreError::Damaged { log_index, what: cut_off.to_string() }),
        })
    }

    /// Checks that it is what a store may hold at `expected_index`; says at which log index it isn't.
    pub(crate) fn check(&self, expected_index: u64) -> Result<(), StoreError> {
        let damaged = |log_index, what| Err(StoreError::Damaged { log_index, what });
        if self.first_index != expected_index {
            return damaged(expected_index, format!("the next stored entry is number {}", self.first_index));
        }
        if !self.leaf_hashes.len().is_multiple_of(size_of::<Hash>()) || self.leaf_hashes.is_empty() {
            return damaged(self.first_index, format!("{} bytes of leaf hashes", self.leaf_hashes.len()));
        }
        if self.first_index % SEGMENT_ENTRIES_MAX + self.entry_count() > SEGMENT_ENTRIES_MAX {
            return damaged(self.first_index, "a segment across the end of a tile".to_owned());
        }
        let mut end = self.first_index;
        for entry in self.entries() {
            match entry {
                Ok((log_index, _)) => end = log_index + 1,
                Err(_) if self.first_changed().is_some() => break,
                Err(cut_off) => return Err(cut_off),
            }
        }
        if end != self.end_index() {
            return damaged(
                self.first_changed().unwrap_or(end.min(self.end_index())),
                format!("entries end before {end} and leaf hashes before {}", self.end_index()),
            );
        }
        Ok(())
    }

    /// The first entry whose bytes don't have its hash. A wrong length shifts all that follow, so the place where entries no
    /// longer fit tells too little.
    fn first_changed(&self) -> Option<u64> {
        let mut entries = self.entries().zip(self.hashes());
        entries.find_map(|(entry, hash)| {
            let (log_index, entry) = entry.ok()?;
            (leaf_hash(entry) != *hash).then_some(log_index)
        })
    }
}

/// The width of a full tile (C2SP tlog-tiles): 256.
pub const SEGMENT_ENTRIES_MAX: u64 = 256;

/// What the writer sealed and the store must make durable in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBatch {
    /// The tree size that this batch extends.
    pub tree_size_before: u64,
    /// The tree size once it is committed.
    pub tree_size_after: u64,
    /// Its entries, in order and without gap.
    pub segments: Vec<Segment>,
    /// Roots of the tiles that became full: `(level, index, hash)`; level 1 covers 256 entries, level 2 covers 65,536, ….
    pub tile_roots: Vec<(u8, u64, Hash)>,
    /// Of each tile of 256 entries that became full, in order, the roots of its 16 blocks of 16 entries.
    pub block_roots: Vec<BlockRoots>,
}

impl SealedBatch {
    /// A batch that isn't whole is a bug of whoever built it, and must not reach what is durable.
    fn assert_whole(&self) {
        let mut end = self.tree_size_before;
        for segment in &self.segments {
            if let Err(error) = segment.check(end) {
                panic!("a batch that isn't whole: {error}");
            }
            end = segment.end_index();
        }
        assert_eq!(end, self.tree_size_after, "a batch that isn't whole: the tree size after it");
        let tiles = end / TILE_WIDTH - self.tree_size_before / TILE_WIDTH;
        assert_eq!(self.block_roots.len() as u64, tiles, "a batch that isn't whole: its block roots");
    }
}

/// Why a batch was not, or may not have been, committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another writer committed first. Nothing of this batch was stored: catch up, then decide again.
    #[error("the log has {actual} entries and not the expected {expected}")]
    Conflict {
        /// The tree size that the batch was sealed on.
        expected: u64,
        /// The tree size that the store has.
        actual: u64,
    },
    /// The disk is full. Nothing of this batch was stored; the store goes on once there is room.
    #[error("no room left on the disk for the ledger: free some space and try again")]
    DiskFull,
    /// Not committed, for another reason, for certain.
    #[error("committing a batch")]
    NotCommitted(#[source] StoreError),
    /// It can't be told whether the batch was stored: stop, open the store again and look.
    #[error("committing a batch: the outcome is unknown")]
    OutcomeUnknown(#[source] StoreError),
}

/// A failure of the world below the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has this ledger open for writing.
    #[error("another process has this ledger open: use --url with its address, or stop it first")]
    HeldByAnother,
    /// There is something already where a ledger was to be created.
    #[error("there is already a ledger here: it is never overwritten")]
    AlreadyExists,
    /// The file is no database of this program.
    #[error("this file isn't a ledger: check the directory")]
    NotALedger,
    /// The ledger was written by a later version of this program.
    #[error("this ledger has storage format {found} and this program knows up to {known}: use a newer version of it")]
    NewerFormat {
        /// The format of the ledger.
        found: i64,
        /// The latest that is known here.
        known: i64,
    },
    /// What is stored isn't what a store of this format holds.
    #[error("at log index {log_index}: {what}")]
    Damaged {
        /// The first log index that can't be read.
        log_index: u64,
        /// What was found.
        what: String,
    },
    /// A file of an exported log isn't there.
    #[error("the file {path} is missing")]
    TileMissing {
        /// Below the directory of the export.
        path: String,
        /// The first entry below it.
        log_index: u64,
    },
    /// People are erased, and their old bytes can't be overwritten while somebody else reads them.
    #[error("another process is reading the database of people: stop it and erase again")]
    PeopleInUse,
    /// The database or the file system failed.
    #[error("{doing}")]
    Failed {
        /// What was being tried.
        doing: &'static str,
        /// What went wrong below.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The log as a store keeps it. One conformance suite (`tests/integration/store`) proves every implementation.
pub trait EventStore: Send + Sync {
    /// How many entries are committed.
    fn head(&self) -> Result<u64, StoreError>;

    /// Committed segments in order, from the one that contains `from` on, until at least `entries_wanted` entries from
    /// `from` on are covered or the log ends. Empty at the end of the log.
    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError>;

    /// Stored hashes `start..end`, end exclusive: of leaves (level 0) or of full tiles (level 1 covers 256 entries each, level 2
    /// covers 65,536, …). Shorter if the log ends before.
    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError>;

    /// Stored roots of the blocks of 16 entries of a full tile. None if they aren't kept: then they are computed from its leaf hashes.
    fn block_roots(&self, tile: u64) -> Result<Option<BlockRoots>, StoreError>;

    /// Commits a batch whole and durably if the tree size is still `batch.tree_size_before`.
    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError>;
}
