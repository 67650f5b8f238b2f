//! Rows about tiles that the log hasn't filled. No batch of ours leaves one; and where one stands, the batch that fills its tile can't be committed.
//!
//! May take away such rows and no other. Invariant: what is taken away says nothing of any entry.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{connection::has_block_roots, failed};
use crate::store::StoreError;

/// A row about a tile that isn't full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeyondEnd {
    /// In which table it stands.
    pub table: &'static str,
    /// Of which tile of its level it is.
    pub position: u64,
    /// The size of the log.
    pub tree_size: u64,
}

/// A table with a row for each full tile.
struct Table {
    name: &'static str,
    position: &'static str,
    /// By how many bits a tree size is shifted to count the full tiles.
    shift: &'static str,
    /// What keeps its rows from being deleted.
    trigger: &'static str,
}

const TABLES: [Table; 2] = [
    Table { name: "tile_root", position: "position", shift: "8 * level", trigger: "tile_root_is_never_deleted" },
    Table { name: "block_roots", position: "tile", shift: "8", trigger: "block_roots_are_never_deleted" },
];

const TREE_SIZE: &str =
    "coalesce((SELECT first_index + entry_count FROM segment ORDER BY first_index DESC LIMIT 1), 0)";

/// The first such row, if there is one. Each table is looked at in one statement, so that a writer beside it is seen whole.
pub(super) fn find(connection: &Connection) -> Result<Option<BeyondEnd>, StoreError> {
    for Table { name, position, shift, .. } in TABLES {
        if name == "block_roots" && !has_block_roots(connection)? {
            continue;
        }
        let found = connection.query_row(
            &format!(
                "SELECT {position}, {TREE_SIZE} FROM {name} WHERE {position} >= ({TREE_SIZE} >> ({shift})) LIMIT 1"
            ),
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
        );
        let found = found.optional().map_err(failed("looking for rows beyond the end of the ledger"))?;
        if let Some((position, tree_size)) = found {
            let (position, tree_size) = (position.unsigned_abs(), tree_size.unsigned_abs());
            return Ok(Some(BeyondEnd { table: name, position, tree_size }));
        }
    }
    Ok(None)
}

/// Takes all of them away and gives their count. A crash leaves every row and every trigger, or none of these rows and every trigger.
pub(super) fn take_away(writer: &mut Connection) -> Result<usize, StoreError> {
    if find(writer)?.is_none() {
        return Ok(0);
    }
    delete(writer).map_err(failed("taking away rows beyond the end of the ledger"))
}

fn delete(writer: &mut Connection) -> rusqlite::Result<usize> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut deleted = 0;
    for Table { name, position, shift, trigger } in TABLES {
        let refusal: Option<String> = transaction
            .query_row("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1", [trigger], |row| {
                row.get(0)
            })
            .optional()?;
        transaction.execute_batch(&format!("DROP TRIGGER IF EXISTS {trigger}"))?;
        deleted +=
            transaction.execute(&format!("DELETE FROM {name} WHERE {position} >= ({TREE_SIZE} >> ({shift}))"), [])?;
        transaction.execute_batch(&refusal.unwrap_or_default())?;
    }
    transaction.commit()?;
    Ok(deleted)
}
