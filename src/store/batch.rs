//! Building a batch: entries are written straight into the bundles that the store will keep.
//!
//! May not look inside an entry. Invariant: each leaf hash is over the bytes that stand in the bundle beside it, and no
//! segment crosses a multiple of [`SEGMENT_ENTRIES_MAX`].

use super::{SEGMENT_ENTRIES_MAX, SealedBatch, Segment};
use crate::transparency::{
    Hash, Tree,
    bundle::{self, EntryTooLong},
    leaf_hash,
};

/// A batch that is being decided.
#[derive(Debug, Clone)]
pub struct BatchBuilder {
    tree_size_before: u64,
    tree_size: u64,
    segments: Vec<Segment>,
    /// Where the entry begins that is being written.
    open_at: Option<usize>,
}

impl BatchBuilder {
    /// A batch that will extend the tree of that size.
    #[must_use]
    pub fn new(tree_size: u64) -> Self {
        Self { tree_size_before: tree_size, tree_size, segments: Vec::new(), open_at: None }
    }

    /// The tree size with the entries so far: the log index of the next one.
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.tree_size
    }

    /// How many entries it has so far.
    #[must_use]
    pub fn entry_count(&self) -> u64 {
        self.tree_size - self.tree_size_before
    }

    /// Whether it has no entries yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Begins an entry. The caller appends its bytes to the buffer, changes nothing before them, and then calls
    /// [`BatchBuilder::end_entry`].
    ///
    /// # Panics
    /// If an entry was begun and not ended: a bug of the caller.
    pub fn begin_entry(&mut self) -> &mut Vec<u8> {
        assert!(self.open_at.is_none(), "an entry was begun within another");
        if self.segments.is_empty() || self.tree_size.is_multiple_of(SEGMENT_ENTRIES_MAX) {
            // The next segment will be about as large as the one before: no growing while it is filled.
            let (bundle_bytes, hashes_bytes) =
                self.segments.last().map_or((0, 0), |last| (last.bundle.len() * 9 / 8, last.leaf_hashes.len()));
            self.segments.push(Segment {
                first_index: self.tree_size,
                bundle: Vec::with_capacity(bundle_bytes),
                leaf_hashes: Vec::with_capacity(hashes_bytes),
            });
        }
        let bundle = &mut self.segments.last_mut().expect("there is one now").bundle;
        self.open_at = Some(bundle::begin_entry(bundle));
        bundle
    }

    /// Ends the entry and returns its leaf hash. One that is too long is dropped, and the batch is as if it hadn't begun.
    ///
    /// # Panics
    /// If no entry was begun: a bug of the caller.
    pub fn end_entry(&mut self) -> Result<Hash, EntryTooLong> {
        let start = self.open_at.take().expect("an entry is ended once and after it was begun");
        let segment = self.segments.last_mut().expect("the entry was begun in it");
        match bundle::end_entry(&mut segment.bundle, start) {
            Ok(entry) => {
                let leaf = leaf_hash(entry);
                segment.leaf_hashes.extend_from_slice(&leaf);
                self.tree_size += 1;
                Ok(leaf)
            }
            Err(too_long) => {
                if segment.leaf_hashes.is_empty() {
                    self.segments.pop();
                }
                Err(too_long)
            }
        }
    }

    /// Appends an entry whose bytes are at hand and returns its leaf hash.
    pub fn push(&mut self, entry: &[u8]) -> Result<Hash, EntryTooLong> {
        self.begin_entry().extend_from_slice(entry);
        self.end_entry()
    }

    /// Seals the batch: extends the tree with its leaves and adds the nodes of the tiles that became full.
    ///
    /// # Panics
    /// If the tree isn't of the size that the batch extends, or an entry is still open: a bug of the caller.
    #[must_use]
    pub fn seal(self, tree: &mut Tree) -> SealedBatch {
        assert_eq!(tree.size(), self.tree_size_before, "a batch is sealed on the tree that it extends");
        for segment in &self.segments {
            tree.extend(segment.hashes());
        }
        let tile_roots = tree.tile_roots_completed_between(self.tree_size_before, self.tree_size);
        let block_roots = tree.block_roots_completed_between(self.tree_size_before, self.tree_size).to_vec();
        assert!(self.open_at.is_none(), "an entry was begun and not ended");
        SealedBatch {
            tree_size_before: self.tree_size_before,
            tree_size_after: self.tree_size,
            segments: self.segments,
            tile_roots,
            block_roots,
        }
    }
}
