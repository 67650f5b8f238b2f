//! Tiles and entry bundles (C2SP tlog-tiles), byte for byte as they are published, from what is stored.
//!
//! Computes no hash but of blocks. Invariant: a tile that was read once is the same for ever, because the log only grows.

use super::{EventStore, StoreError};
use crate::transparency::{BLOCK_WIDTH, BlockRoots, OldBlock, TILE_WIDTH, Tile, TileContent, Tree, bundle};
use std::sync::Once;

/// The bytes of a tile or bundle that the log has; one beyond its end is damage.
pub fn read_tile(store: &dyn EventStore, tile: &Tile) -> Result<Vec<u8>, StoreError> {
    let (first, width) = (tile.first(), u64::from(tile.width));
    let (bytes, found) = match tile.content {
        TileContent::Hashes { level } => {
            let hashes = store.nodes(level, first, first + width)?;
            (hashes.as_flattened().to_vec(), hashes.len() as u64)
        }
        TileContent::Entries => read_bundle(store, first, width)?,
    };
    if found == width {
        return Ok(bytes);
    }
    let log_index = (first + found).checked_shl(8 * u32::from(tile.content.level())).unwrap_or(u64::MAX);
    Err(StoreError::Damaged { log_index, what: format!("{tile} has only {found} of its {width}") })
}

/// Block `block` of a full tile of the tree, for a proof out of it. Where the stored block roots aren't those of the tree, it is made from the leaf
/// hashes of the whole tile. Not trusted: who asks holds it against the tile's root.
pub fn read_block(store: &dyn EventStore, tree: &Tree, block: u64) -> Result<OldBlock, StoreError> {
    let first = block * BLOCK_WIDTH;
    let tile = first / TILE_WIDTH;
    let block_roots = match store.block_roots(tile) {
        Err(StoreError::Damaged { .. }) => Some(BlockRoots::default()),
        read => read?,
    };
    if let Some(block_roots) = &block_roots {
        let stored = OldBlock::new(block_roots, &store.nodes(0, first, first + BLOCK_WIDTH)?);
        if tree.has_block(block, &stored) {
            return Ok(stored);
        }
    }
    let hashed = OldBlock::of_tile(block, &store.nodes(0, tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH)?);
    if block_roots.is_some() && tree.has_block(block, &hashed) {
        BLOCK_ROOTS_DIFFER.call_once(|| {
            tracing::error!(
                tile,
                "stored block roots aren't those of the log: proofs are made without them; see `mingzhang verify`"
            );
        });
    }
    Ok(hashed)
}

/// Said once: a proof is asked for a thousand times a second.
static BLOCK_ROOTS_DIFFER: Once = Once::new();

/// The entries of one bundle, and how many there are.
fn read_bundle(store: &dyn EventStore, first: u64, width: u64) -> Result<(Vec<u8>, u64), StoreError> {
    let (mut bytes, mut next) = (Vec::new(), first);
    for segment in store.read(first, width)? {
        // Segments never cross the end of a tile: only the last can have more than a partial tile asks for.
        if segment.end_index() <= first + width {
            bytes.extend_from_slice(&segment.bundle);
            next = segment.end_index();
            continue;
        }
        for entry in segment.entries() {
            let (log_index, entry) = entry?;
            if log_index == first + width {
                break;
            }
            bundle::append_entry(&mut bytes, entry).expect("an entry that was stored fits");
            next = log_index + 1;
        }
    }
    Ok((bytes, next - first))
}
