//! What a proof needs of a tile whose lower nodes are no longer in memory: of one block of 16 leaves all nodes, and the tile's
//! nodes over whole blocks.
//!
//! No I/O and no trust: what was read counts only if it hashes to the tile's root that the tree knows. Invariant: 30 hashes are
//! computed however wide the tile is, and once however many proofs use the block.

use std::sync::Arc;

use super::{Hash, TILE_WIDTH, node_hash};

/// The leaves of a block: 16, four levels of the binary tree, half of a tile's eight.
pub const BLOCK_WIDTH: u64 = 1 << BLOCK_HEIGHT;
const BLOCK_HEIGHT: u32 = 4;

/// The roots of a full tile's 16 blocks, in order.
pub type BlockRoots = [Hash; 16];

/// A block of an old tile as it was read, with the roots of all 16 blocks of that tile. 2 KB; a clone is the same block.
#[derive(Debug, Clone)]
pub struct OldBlock(Arc<Nodes>);

#[derive(Debug)]
struct Nodes {
    /// Over the tile's block roots.
    tile: Sixteen,
    /// Over the block's leaf hashes.
    block: Sixteen,
}

impl OldBlock {
    /// Of the block roots of its tile and its own 16 leaf hashes. Where fewer were read, it will be found to differ.
    #[must_use]
    pub fn new(block_roots: &BlockRoots, leaves: &[Hash]) -> Self {
        Self(Arc::new(Nodes { tile: Sixteen::over(block_roots), block: Sixteen::over(leaves) }))
    }

    /// Block `block` (counted over the whole log) of a tile of which all 256 leaf hashes are at hand.
    #[must_use]
    pub fn of_tile(block: u64, leaves: &[Hash]) -> Self {
        let blocks = leaves.chunks(Sixteen::WIDTH);
        let mut block_roots = BlockRoots::default();
        for (root, leaves) in block_roots.iter_mut().zip(blocks.clone()) {
            *root = Sixteen::over(leaves).root();
        }
        Self::new(&block_roots, blocks.clone().nth(in_tile(block)).unwrap_or_default())
    }

    /// Whether this is block `block` (counted over the whole log) of the tile with that root.
    pub(super) fn belongs_to(&self, block: u64, tile_root: &Hash) -> bool {
        self.0.tile.root() == *tile_root && self.0.tile.nodes[in_tile(block)] == self.0.block.root()
    }

    /// The node of the log `level` levels over the leaves, below the root of the tile; its block must be this one if it lies
    /// within a block.
    pub(super) fn node(&self, level: u32, index: u64) -> Hash {
        match level.checked_sub(BLOCK_HEIGHT) {
            Some(above) => self.0.tile.node(above, index),
            None => self.0.block.node(level, index),
        }
    }
}

/// The block that a node below the root of a tile belongs to, or one of those it covers.
pub(super) fn block_of(level: u32, index: u64) -> u64 {
    (index << level) / BLOCK_WIDTH
}

/// The tile that a block belongs to.
pub(super) fn tile_of(block: u64) -> u64 {
    block / (TILE_WIDTH / BLOCK_WIDTH)
}

/// The place of a block among those of its tile.
fn in_tile(block: u64) -> usize {
    usize::try_from(block % (TILE_WIDTH / BLOCK_WIDTH)).expect("below 16")
}

/// A tree over 16 hashes: level by level, so that the parent of the nodes `2i` and `2i + 1` is node `16 + i`.
#[derive(Debug)]
struct Sixteen {
    nodes: [Hash; 2 * Self::WIDTH - 1],
}

impl Sixteen {
    const WIDTH: usize = 16;

    fn over(base: &[Hash]) -> Self {
        let mut nodes = [Hash::default(); 2 * Self::WIDTH - 1];
        let given = base.len().min(Self::WIDTH);
        nodes[..given].copy_from_slice(&base[..given]);
        for parent in Self::WIDTH..nodes.len() {
            let left = 2 * (parent - Self::WIDTH);
            nodes[parent] = node_hash(&nodes[left], &nodes[left + 1]);
        }
        Self { nodes }
    }

    fn root(&self) -> Hash {
        self.nodes[2 * Self::WIDTH - 2]
    }

    /// The node at `level` over the base; `index` is counted over the whole log.
    fn node(&self, level: u32, index: u64) -> Hash {
        let width = Self::WIDTH >> level;
        let before = 2 * (Self::WIDTH - width);
        self.nodes[before + usize::try_from(index % width as u64).expect("below 16")]
    }
}
