//! What is stored or published beside the entries, against what the entries give: tile roots, checkpoint, snapshots.

use super::Finding;
use super::ledger::{Published, SnapshotFile};
use crate::store::{EventStore, StoreError};
use crate::transparency::{BlockRoots, Checkpoint, Hash, SignedCheckpoint, TILE_WIDTH, Tree, VerifierKey};
use mingzhang_projections::ReadModels;
use std::collections::BTreeMap;

/// Every stored tile root is that of the entries below it, and none is missing. The first `signed` entries are those that were signed.
pub(super) fn check_tile_roots(store: &dyn EventStore, tree: &Tree, signed: u64) -> Result<(), Finding> {
    let mut expected: BTreeMap<u8, Vec<Hash>> = (1..=7).map(|level| (level, Vec::new())).collect();
    for (level, _, root) in tree.tile_roots_completed_between(0, tree.size()) {
        expected.entry(level).or_default().push(root);
    }
    for (level, expected) in expected {
        // While a server records, there may be more by now: only those of the entries that were read are compared.
        let shift = 8 * u32::from(level);
        let differs_at = |position: u64| {
            let log_index = position << shift;
            if (position + 1) << shift <= signed {
                Finding::TileRootDiffers { level, position, log_index }
            } else {
                Finding::TileOrEntriesDiffer { level, position, log_index }
            }
        };
        let stored = match store.nodes(level, 0, expected.len() as u64) {
            Err(StoreError::Damaged { log_index, .. }) => return Err(differs_at(log_index >> shift)),
            read => read?,
        };
        let differs = (0_u64..).zip(&expected).find(|(position, root)| {
            usize::try_from(*position).ok().and_then(|position| stored.get(position)) != Some(root)
        });
        if let Some((position, _)) = differs {
            return Err(differs_at(position));
        }
    }
    Ok(())
}

/// The stored block roots of each full tile, where there are any, are those of its entries.
pub(super) fn check_block_roots(store: &dyn EventStore, expected: &[BlockRoots]) -> Result<(), Finding> {
    for (tile, expected) in (0..).zip(expected) {
        if store.block_roots(tile)?.is_some_and(|stored| stored != *expected) {
            return Err(Finding::BlockRootsDiffer { tile, log_index: tile * TILE_WIDTH });
        }
    }
    Ok(())
}

/// What the published checkpoint says. It may be older than the log, never newer. Who signed it is seen once the log has told
/// which key was in force.
pub(super) fn read_checkpoint(published: &Published<'_>, tree_size: u64) -> Result<Checkpoint, Finding> {
    let checkpoint = Checkpoint::of_note(published.note).map_err(|source| Finding::CheckpointNotSigned { source })?;
    if checkpoint.size > tree_size {
        return Err(Finding::EntriesMissing { published: checkpoint.size, tree_size });
    }
    Ok(checkpoint)
}

/// That the key in force signed the published checkpoint.
pub(super) fn check_signature(published: &Published<'_>, in_force: &VerifierKey) -> Result<(), Finding> {
    SignedCheckpoint::open(published.note, in_force).map(drop).map_err(|source| Finding::CheckpointNotSigned { source })
}

/// How a snapshot file stands to the models that its entries give.
pub(super) enum SnapshotIs {
    /// The same, byte by byte.
    Equal,
    /// Not readable by this version, or gone: it is never used.
    Unused,
}

/// Compares a snapshot with the models at its size. `root` is the log's root there: a snapshot under another name is of
/// another log and never used.
pub(super) fn check_snapshot(file: &SnapshotFile, models: &ReadModels, root: &Hash) -> Result<SnapshotIs, Finding> {
    if file.root != *root {
        return Ok(SnapshotIs::Unused);
    }
    let Ok(kept) = std::fs::read(&file.path) else { return Ok(SnapshotIs::Unused) };
    if kept == models.to_bytes() {
        return Ok(SnapshotIs::Equal);
    }
    match ReadModels::from_bytes(&kept) {
        Ok(_) => Err(Finding::SnapshotDiffers { tree_size: file.tree_size }),
        Err(_) => Ok(SnapshotIs::Unused),
    }
}
