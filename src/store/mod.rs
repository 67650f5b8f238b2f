//! Where the log is kept. The only place with SQL.
//!
//! A store holds entries (the exact bytes that were hashed), their leaf hashes and the roots of full tiles. It never
//! looks inside an entry. Its one promise: a batch is committed whole, durably, and only if the tree size is still the
//! one the batch was sealed on.

use crate::transparency::Hash;

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
    /// What is stored isn't what a store of this format holds.
    #[error("at log index {log_index}: {what}")]
    Damaged {
        /// The first log index that can't be read.
        log_index: u64,
        /// What was found.
        what: String,
    },
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

    /// Commits a batch whole and durably if the tree size is still `batch.tree_size_before`.
    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError>;
}
