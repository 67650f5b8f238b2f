//! Reading the log, each time in one statement, so that every answer is of one moment.
//!
//! Trusts nothing that it reads: what isn't as `commit` wrote it is damage, named by its log index.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    connection::has_block_roots,
    failure::{failed, unreadable},
};
use crate::{
    store::{Segment, StoreError},
    transparency::{BlockRoots, Hash, TILE_WIDTH},
};

/// The end of the log.
pub(super) fn tree_size(connection: &Connection) -> Result<u64, StoreError> {
    let failed = failed("reading the size of the ledger");
    let mut last = connection
        .prepare_cached("SELECT first_index + entry_count FROM segment ORDER BY first_index DESC LIMIT 1")
        .map_err(&failed)?;
    let mut rows = last.query([]).map_err(&failed)?;
    match rows.next().map_err(|error| unreadable(0, error))? {
        Some(row) => unsigned(row, 0).map_err(|error| unreadable(0, error)),
        None => Ok(0),
    }
}

/// Whether the pages of the file fit together.
pub(super) fn check_structure(connection: &Connection) -> Result<(), StoreError> {
    let fault: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|error| unreadable(0, error))?;
    if fault == "ok" { Ok(()) } else { Err(StoreError::Damaged { log_index: 0, what: fault }) }
}

/// The segments that hold the entries `from..end`, as far as the log goes.
pub(super) fn segments(connection: &Connection, from: u64, end: u64) -> Result<Vec<Segment>, StoreError> {
    let mut segments: Vec<Segment> = Vec::new();
    each_segment(connection, "leaf_hashes, bundle", from, end, |first_index, row| {
        let segment = Segment { first_index, leaf_hashes: row.get(2)?, bundle: row.get(3)? };
        segments.push(segment);
        Ok(())
    })?;
    for segment in &segments {
        segment.check(segment.first_index)?;
    }
    Ok(segments)
}

/// The leaf hashes `start..end`, as far as the log goes.
pub(super) fn leaf_hashes(connection: &Connection, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
    let mut hashes = Vec::new();
    each_segment(connection, "leaf_hashes", start, end, |first_index, row| {
        let (stored, _) = row.get_ref(2)?.as_blob()?.as_chunks();
        let skipped = offset(start.saturating_sub(first_index)).min(stored.len());
        let wanted = offset(end - first_index).min(stored.len());
        hashes.extend_from_slice(&stored[skipped..wanted]);
        Ok(())
    })?;
    Ok(hashes)
}

/// The roots `start..end` of full tiles of a level, as far as there are any.
pub(super) fn tile_roots(connection: &Connection, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
    let failed = failed("reading tile roots of the ledger");
    let mut stored = connection
        .prepare_cached(
            "SELECT position, hash FROM tile_root WHERE level = ?1 AND position >= ?2 AND position < ?3 ORDER BY position",
        )
        .map_err(&failed)?;
    let mut rows = stored.query(params![level, integer(start), integer(end)]).map_err(&failed)?;
    let mut hashes = Vec::new();
    let mut expected = start;
    loop {
        let log_index = expected.checked_shl(8 * u32::from(level)).unwrap_or(u64::MAX);
        let unreadable = |error| unreadable(log_index, error);
        let Some(row) = rows.next().map_err(unreadable)? else { break };
        if unsigned(row, 0).map_err(unreadable)? != expected {
            return Err(StoreError::Damaged {
                log_index,
                what: format!("the tile root {expected} of level {level} is missing"),
            });
        }
        hashes.push(row.get(1).map_err(unreadable)?);
        expected += 1;
    }
    Ok(hashes)
}

/// The roots of the blocks of a full tile, if they are kept. A database that has no such table, as before there was one, keeps none.
pub(super) fn block_roots(connection: &Connection, tile: u64) -> Result<Option<BlockRoots>, StoreError> {
    let stored = connection.prepare_cached("SELECT hashes FROM block_roots WHERE tile = ?1");
    let hashes = |row: &Row<'_>| Ok(row.get_ref(0)?.as_blob()?.as_chunks().0.try_into().ok());
    match stored.and_then(|mut stored| stored.query_row([integer(tile)], hashes).optional()) {
        Ok(found) => Ok(found.flatten()),
        Err(_) if !has_block_roots(connection)? => Ok(None),
        Err(error) => Err(unreadable(tile.saturating_mul(TILE_WIDTH), error)),
    }
}

/// Hands on each row from the segment that holds `from` on, and holds that they follow each other without a gap.
fn each_segment(
    connection: &Connection,
    columns: &'static str,
    from: u64,
    end: u64,
    mut take: impl FnMut(u64, &Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    if from >= end {
        return Ok(());
    }
    let failed = failed("reading the ledger");
    let mut stored = connection
        .prepare_cached(&format!(
            "SELECT first_index, entry_count, {columns} FROM segment
             WHERE first_index >= coalesce((SELECT max(first_index) FROM segment WHERE first_index <= ?1), 0)
               AND first_index < ?2 AND first_index + entry_count > ?1
             ORDER BY first_index"
        ))
        .map_err(&failed)?;
    let mut rows = stored.query(params![integer(from), integer(end)]).map_err(&failed)?;
    let mut expected = None;
    loop {
        let log_index = expected.unwrap_or(from);
        let unreadable = |error| unreadable(log_index, error);
        let Some(row) = rows.next().map_err(unreadable)? else { break };
        let first_index = unsigned(row, 0).map_err(unreadable)?;
        if expected.map_or(first_index > from, |expected| first_index != expected) {
            return Err(StoreError::Damaged {
                log_index,
                what: format!("the next stored entry is number {first_index}"),
            });
        }
        let entry_count = unsigned(row, 1).map_err(unreadable)?;
        let hashes_bytes = row.get_ref(2).and_then(|hashes| Ok(hashes.as_blob()?.len() as u64)).map_err(unreadable)?;
        if entry_count.checked_mul(32) != Some(hashes_bytes) {
            return Err(StoreError::Damaged {
                log_index,
                what: format!("{hashes_bytes} bytes of leaf hashes for {entry_count} entries"),
            });
        }
        take(first_index, row).map_err(unreadable)?;
        expected = Some(first_index + entry_count);
    }
    Ok(())
}

/// SQLite counts to 2^63 - 1. No log comes near; a question beyond it is one beyond the end of the log.
pub(super) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

fn offset(entries: u64) -> usize {
    usize::try_from(entries).unwrap_or(usize::MAX)
}
