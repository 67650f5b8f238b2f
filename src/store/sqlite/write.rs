//! The rows of a batch. Only inserts.

use rusqlite::{Connection, params};

use super::read::integer;
use crate::store::SealedBatch;

/// Inserts the segments and the tile roots of a batch.
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
    Ok(())
}
