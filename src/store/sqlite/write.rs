//! The rows of a batch. Only inserts.

use rusqlite::{Connection, params};

use super::read::integer;
use crate::{store::SealedBatch, transparency::TILE_WIDTH};

/// Inserts the segments and the nodes of a batch.
pub(super) fn append(connection: &Connection, batch: &SealedBatch) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO segment (first_index, entry_count, leaf_hashes, bundle) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for segment in &batch.segments {
        let (first_index, entry_count) = (integer(segment.first_index), integer(segment.entry_count()));
        insert.execute(params![first_index, entry_count, segment.leaf_hashes, segment.bundle])?;
    }
    let mut insert = connection.prepare_cached("INSERT INTO tile_root (level, position, hash) VALUES (?1, ?2, ?3)")?;
    for (level, position, hash) in &batch.tile_roots {
        insert.execute(params![level, integer(*position), hash])?;
    }
    let mut insert = connection.prepare_cached("INSERT INTO block_roots (tile, hashes) VALUES (?1, ?2)")?;
    for (tile, hashes) in (batch.tree_size_before / TILE_WIDTH..).zip(&batch.block_roots) {
        insert.execute(params![integer(tile), hashes.as_flattened()])?;
    }
    Ok(())
}
