//! The tree that the writer extends (RFC 6962 §2.1): roots and proofs are looked up and not hashed again.
//!
//! No I/O: leaf hashes of long ago are asked of the caller, and checked. Invariant: `levels[l]` ends with the last complete
//! subtree of `2^l` leaves, so that cutting every level back gives exactly the tree of the smaller size.

use std::error::Error;

use sha2::{Digest, Sha256};

use super::old_block::{BLOCK_WIDTH, BlockRoots, OldBlock, block_of, tile_of};
use super::{Hash, Tile, TileContent, proof};

/// The width of a full tile (C2SP tlog-tiles): 256 hashes, eight levels of the binary tree.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;
const TILE_HEIGHT: usize = 8;

/// How many settled tiles keep their lower levels in memory (16 KiB each), for proofs of what was just recorded.
const RECENT_TILES: u64 = 64;

/// The hash of an entry: `SHA-256(0x00 || entry)` (RFC 6962 §2.1).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash over two neighbouring subtrees: `SHA-256(0x01 || left || right)` (RFC 6962 §2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut preimage = [1; 65];
    preimage[1..33].copy_from_slice(left);
    preimage[33..].copy_from_slice(right);
    Sha256::digest(preimage).into()
}

/// The root of the tree without leaves: `SHA-256("")` (RFC 6962 §2.1).
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The tree over all leaves decided so far, committed or not.
///
/// Keeps the nodes over 256 and more leaves of the whole log (0.25 bytes a leaf) and the nodes below only of recent tiles.
#[derive(Debug, Clone)]
pub struct Tree {
    size: u64,
    /// No leaf below this size is ever undone.
    settled: u64,
    levels: Vec<Level>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { size: 0, settled: 0, levels: vec![Level::default(); TILE_HEIGHT + 1] }
    }
}

impl Tree {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of a stored log: `tile_roots` are the roots of all its full tiles (`⌊size / 256⌋`), `last_tile` the leaf
    /// hashes after the last full tile (`size mod 256`). All of it counts as settled.
    pub fn from_tile_roots(size: u64, tile_roots: Vec<Hash>, last_tile: &[Hash]) -> Result<Self, NodesMismatch> {
        let full_tiles = size / TILE_WIDTH;
        if tile_roots.len() as u64 != full_tiles || last_tile.len() as u64 != size % TILE_WIDTH {
            return Err(NodesMismatch { size, tile_roots: tile_roots.len(), leaves: last_tile.len() });
        }
        let mut tree = Self::new();
        for (level, nodes) in tree.levels.iter_mut().enumerate() {
            nodes.first = (full_tiles * TILE_WIDTH) >> level;
        }
        tree.levels[TILE_HEIGHT] = Level { first: 0, hashes: tile_roots };
        tree.size = full_tiles * TILE_WIDTH;
        tree.complete_nodes_above(TILE_HEIGHT);
        tree.extend(last_tile);
        tree.settled = size;
        Ok(tree)
    }

    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let Ok(root) = proof::root_hash(self.size, |level, index| {
            let node = self.node(level, index).expect("the nodes at the right edge are never pruned");
            Ok::<_, std::convert::Infallible>(node)
        });
        root
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.extend(&[leaf]);
    }

    /// Appends leaves in order.
    pub fn extend(&mut self, leaves: &[Hash]) {
        self.levels[0].hashes.extend_from_slice(leaves);
        self.size += leaves.len() as u64;
        self.complete_nodes_above(0);
    }

    /// The first `size` leaves are committed: they won't be undone, and the lower levels of their older tiles may be forgotten.
    ///
    /// # Panics
    /// If the tree is smaller than that: a bug of the caller.
    pub fn settle(&mut self, size: u64) {
        assert!(size <= self.size, "settling {size} leaves of a tree of {}", self.size);
        self.settled = self.settled.max(size);
        let keep_from = (self.settled / TILE_WIDTH).saturating_sub(RECENT_TILES) * TILE_WIDTH;
        // Forgetting moves what is kept: so only when about as much goes as stays.
        if keep_from >= self.levels[0].first + RECENT_TILES * TILE_WIDTH {
            for (level, nodes) in self.levels[..TILE_HEIGHT].iter_mut().enumerate() {
                nodes.forget_before(keep_from >> level);
            }
        }
    }

    /// Undoes all leaves from `size` on, as when a batch couldn't be committed.
    ///
    /// # Panics
    /// If `size` is below what was settled or above the size of the tree: a bug of the caller.
    pub fn truncate(&mut self, size: u64) {
        assert!(
            (self.settled..=self.size).contains(&size),
            "going back to {size} leaves of a tree of {}, of which {} are settled",
            self.size,
            self.settled
        );
        self.size = size;
        for (level, nodes) in self.levels.iter_mut().enumerate() {
            nodes.truncate(size >> level);
        }
    }

    /// Roots of the tiles that are full at `after` leaves and weren't at `before`: `(level, index, hash)`, level 1 over 256
    /// leaves, level 2 over 65,536, …; by level, then by index. This is what a store keeps beside the leaf hashes.
    ///
    /// # Panics
    /// If the tree has fewer than `after` leaves: a bug of the caller.
    #[must_use]
    pub fn tile_roots_completed_between(&self, before: u64, after: u64) -> Vec<(u8, u64, Hash)> {
        assert!(after <= self.size, "tile roots at {after} leaves of a tree of {}", self.size);
        let mut roots = Vec::new();
        for level in 1..=7_u8 {
            let shift = u32::from(level) * 8;
            for index in before >> shift..after >> shift {
                let hash = self.node(shift, index).expect("nodes over full tiles are never pruned");
                roots.push((level, index, hash));
            }
        }
        roots
    }

    /// Roots of all blocks of 16 leaves of the tiles that are full at `after` leaves and weren't at `before`: 16 for each tile. A
    /// store keeps them, too, so that a proof out of an old tile reads one block of it and not the whole.
    ///
    /// # Panics
    /// If the tree has fewer than `after` leaves, or `before` was settled so long ago that they are forgotten: a bug of the caller.
    #[must_use]
    pub fn block_roots_completed_between(&self, before: u64, after: u64) -> &[BlockRoots] {
        assert!(after <= self.size, "block roots at {after} leaves of a tree of {}", self.size);
        let blocks = &self.levels[BLOCK_WIDTH.ilog2() as usize];
        let place = |size: u64| {
            blocks
                .offset(size / TILE_WIDTH * (TILE_WIDTH / BLOCK_WIDTH))
                .expect("blocks of unsettled tiles are never pruned")
        };
        blocks.hashes[place(before)..place(after)].as_chunks().0
    }

    /// The hashes of a tile; none if the tree has grown past keeping them (leaf hashes of old tiles) or not yet to them, and none
    /// for a bundle of entries.
    #[must_use]
    pub fn tile_hashes(&self, tile: &Tile) -> Option<Vec<Hash>> {
        let TileContent::Hashes { level } = tile.content else { return None };
        if !tile.is_within(self.size) {
            return None;
        }
        (tile.first()..tile.first() + u64::from(tile.width))
            .map(|index| self.node(8 * u32::from(level), index))
            .collect()
    }

    /// The root that the tree had at `size` leaves.
    ///
    /// `load` reads a block of 16 leaves, given its index (leaf `16 × index` is its first); it is asked only for blocks of old tiles.
    pub fn root_at<E: Error + 'static>(
        &self,
        size: u64,
        load: impl FnMut(u64) -> Result<OldBlock, E>,
    ) -> Result<Hash, TreeError<E>> {
        self.check_range(size, self.size)?;
        let mut nodes = NodesOf { tree: self, load, loaded: None };
        proof::root_hash(size, |level, index| nodes.node(level, index))
    }

    /// The inclusion proof (RFC 6962 §2.1.1) of leaf `index` in the tree of `size` leaves. `load` as in [`Tree::root_at`].
    pub fn inclusion_proof<E: Error + 'static>(
        &self,
        index: u64,
        size: u64,
        load: impl FnMut(u64) -> Result<OldBlock, E>,
    ) -> Result<Vec<Hash>, TreeError<E>> {
        self.check_range(size, self.size)?;
        self.check_range(index.saturating_add(1), size)?;
        let mut nodes = NodesOf { tree: self, load, loaded: None };
        proof::inclusion_proof(index, size, |level, index| nodes.node(level, index))
    }

    /// The proof (RFC 6962 §2.1.2) that the tree of `new` leaves extends the tree of `old` leaves. `load` as in
    /// [`Tree::root_at`].
    pub fn consistency_proof<E: Error + 'static>(
        &self,
        old: u64,
        new: u64,
        load: impl FnMut(u64) -> Result<OldBlock, E>,
    ) -> Result<Vec<Hash>, TreeError<E>> {
        self.check_range(new, self.size)?;
        self.check_range(old, new)?;
        let mut nodes = NodesOf { tree: self, load, loaded: None };
        proof::consistency_proof(old, new, |level, index| nodes.node(level, index))
    }

    /// Whether this is block `block` (counted over the whole log) of one of its full tiles, as it hashes to that tile's root.
    #[must_use]
    pub fn has_block(&self, block: u64, old: &OldBlock) -> bool {
        self.node(TILE_WIDTH.ilog2(), tile_of(block)).is_some_and(|root| old.belongs_to(block, &root))
    }

    fn check_range<E: Error + 'static>(&self, wanted: u64, available: u64) -> Result<(), TreeError<E>> {
        if wanted <= available { Ok(()) } else { Err(TreeError::OutOfRange { wanted, available }) }
    }

    /// The node over the leaves `index << level .. (index + 1) << level`, if it is complete and in memory.
    fn node(&self, level: u32, index: u64) -> Option<Hash> {
        self.levels.get(level as usize)?.get(index)
    }

    /// Hashes what became complete, level by level: one pass over contiguous memory for a whole batch.
    fn complete_nodes_above(&mut self, mut level: usize) {
        loop {
            let complete = self.size >> (level + 1);
            if level + 1 == self.levels.len() {
                if complete == 0 {
                    return;
                }
                self.levels.push(Level::default());
            }
            let (children, parents) = self.levels.split_at_mut(level + 1);
            let (children, parents) = (&children[level], &mut parents[0]);
            if parents.end() == complete {
                return;
            }
            let (pairs, _) = children.from(parents.end() * 2).as_chunks::<2>();
            parents.hashes.extend(pairs.iter().map(|[left, right]| node_hash(left, right)));
            level += 1;
        }
    }
}

/// The complete nodes of one binary level, in order, from index `first` on.
#[derive(Debug, Clone, Default)]
struct Level {
    first: u64,
    hashes: Vec<Hash>,
}

impl Level {
    fn end(&self) -> u64 {
        self.first + self.hashes.len() as u64
    }

    fn get(&self, index: u64) -> Option<Hash> {
        self.hashes.get(self.offset(index)?).copied()
    }

    fn from(&self, index: u64) -> &[Hash] {
        &self.hashes[self.offset(index).expect("children of incomplete nodes are never pruned")..]
    }

    fn truncate(&mut self, end: u64) {
        self.hashes.truncate(self.offset(end).expect("nodes of unsettled leaves are never pruned"));
    }

    fn forget_before(&mut self, index: u64) {
        if let Some(forgotten) = self.offset(index) {
            self.hashes.drain(..forgotten);
            self.first = index;
        }
    }

    fn offset(&self, index: u64) -> Option<usize> {
        Some(usize::try_from(index.checked_sub(self.first)?).expect("what is in memory is addressed by usize"))
    }
}

/// The nodes of a tree, whether in memory or of a block of an old tile.
struct NodesOf<'tree, F> {
    tree: &'tree Tree,
    load: F,
    /// A proof goes down to one leaf and looks aside at most once, so one is enough.
    loaded: Option<(u64, OldBlock)>,
}

impl<F, E> NodesOf<'_, F>
where
    F: FnMut(u64) -> Result<OldBlock, E>,
    E: Error + 'static,
{
    fn node(&mut self, level: u32, index: u64) -> Result<Hash, TreeError<E>> {
        if let Some(hash) = self.tree.node(level, index) {
            return Ok(hash);
        }
        // Only full tiles are pruned, and only their levels below the root.
        let block = block_of(level, index);
        let tile = tile_of(block);
        let has_it = |loaded: u64| loaded == block || (level >= BLOCK_WIDTH.ilog2() && tile_of(loaded) == tile);
        if let Some((_, old)) = self.loaded.as_ref().filter(|(loaded, _)| has_it(*loaded)) {
            return Ok(old.node(level, index));
        }
        let old = (self.load)(block).map_err(|source| TreeError::Tile { tile, source })?;
        if !self.tree.has_block(block, &old) {
            return Err(TreeError::TileDiffers { tile });
        }
        let hash = old.node(level, index);
        self.loaded = Some((block, old));
        Ok(hash)
    }
}

/// Why a proof can't be made.
#[derive(Debug, thiserror::Error)]
pub enum TreeError<E: Error + 'static> {
    /// A leaf or a size was asked for that the tree doesn't have.
    #[error("{wanted} leaves were asked for and the tree has {available}")]
    OutOfRange {
        /// The least size that would have had it.
        wanted: u64,
        /// The size there is.
        available: u64,
    },
    /// The leaf hashes of an old tile couldn't be read.
    #[error("reading the leaf hashes of tile {tile}")]
    Tile {
        /// The index of the tile: it begins with leaf `256 × tile`.
        tile: u64,
        /// What went wrong below.
        #[source]
        source: E,
    },
    /// The leaf hashes that were read aren't those that the tree was built from.
    #[error("the leaf hashes read for tile {tile} don't hash to its root: the stored log is damaged, verify it")]
    TileDiffers {
        /// The index of the tile: it begins with leaf `256 × tile`.
        tile: u64,
    },
}

/// The stored nodes are too few or too many for a tree of that size.
#[derive(Debug, thiserror::Error)]
#[error("a tree of {size} leaves can't have {tile_roots} full tiles and {leaves} leaves after them")]
pub struct NodesMismatch {
    /// The size of the tree.
    pub size: u64,
    /// How many tile roots were given.
    pub tile_roots: usize,
    /// How many leaf hashes after the last full tile were given.
    pub leaves: usize,
}
