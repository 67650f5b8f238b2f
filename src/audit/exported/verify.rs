//! The verification of an export, from its entries up, by whoever was given it: with a policy, and nothing of the ledger.
//!
//! Never writes. Invariant: a sound export is the whole log up to a checkpoint that meets the policy, and extends every earlier
//! checkpoint that it was held against.

use super::{CHECKPOINT, ExportedLog, load_tree};
use crate::audit::keys::Keys;
use crate::audit::{Finding, Previous, Published, Verified, found_in_signed_entries, verify_ledger};
use crate::store::{StoreError, read_tile};
use crate::transparency::{Checkpoint, Policy, PolicyError, Tile, Witnessed};
use std::path::{Path, PathBuf};

/// What was checked and found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedExport<'policy> {
    /// The log itself.
    pub log: Verified,
    /// Who signed and cosigned its checkpoint.
    pub witnessed: Witnessed<'policy>,
    /// The sizes of the earlier checkpoints that it extends.
    pub extends: Vec<u64>,
    /// How many partial tiles of earlier checkpoints are there besides, each the beginning of its full tile.
    pub older_partial_tiles: u64,
}

/// Checks the exported log in a directory against a policy and against earlier checkpoints. Calls `progress` with entries done and
/// their total.
pub fn verify_export<'policy>(
    directory: &Path,
    policy: &'policy Policy,
    earlier: &[Previous],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<VerifiedExport<'policy>, Finding> {
    let note = read_checkpoint(directory)?;
    let witnessed = policy.check(&note).map_err(|source| Finding::CheckpointNotMet { source })?;
    let size = witnessed.checkpoint.size;
    let mut heads = Vec::new();
    for previous in earlier {
        let opened = previous.opened(policy).map_err(|source| Finding::EarlierNotSigned { source })?;
        if opened.origin != witnessed.checkpoint.origin {
            return Err(Finding::EarlierOfOtherLog { origin: opened.origin });
        }
        if opened.size > size {
            return Err(Finding::RolledBack { earlier: opened.size, published: size });
        }
        heads.push(opened);
    }
    let store = ExportedLog::of_size(directory, size);
    let published = Published { note: &note, key: witnessed.log };
    let log = verify_ledger(&store, &witnessed.checkpoint.origin, Some(published), &[], &mut |_, _| {}, progress)
        .map_err(|finding| found_in_signed_entries(&store, &witnessed.checkpoint, &heads, finding))?;
    // From here on the hashes in the files are known to be those of the entries.
    for head in &heads {
        if load_tree(&store, head.size)?.root() != head.root {
            return Err(Finding::Forked { earlier: head.size });
        }
    }
    let older_partial_tiles = check_other_files(&store, directory, size)?;
    let extends = heads.iter().map(|head| head.size).collect();
    Ok(VerifiedExport { log, witnessed, extends, older_partial_tiles })
}

/// The policy, with the keys from and to which the exported log in a directory was handed over, if it trusts one of them and without the
/// others can't tell who signed the log's checkpoint or an earlier one.
pub fn policy_along_handovers(directory: &Path, policy: Policy, earlier: &[Previous]) -> Result<Policy, Finding> {
    let note = read_checkpoint(directory)?;
    let stranger = |note: &[u8]| matches!(policy.open(note), Err(PolicyError::UnknownLog { .. }));
    if !stranger(&note) && !earlier.iter().filter_map(|previous| previous.note.as_deref()).any(stranger) {
        return Ok(policy);
    }
    // Whose it is isn't known yet: of what follows only that is believed which a trusted key signed.
    let Ok(Checkpoint { size, .. }) = Checkpoint::of_note(&note) else { return Ok(policy) };
    Ok(Keys::of_log(&ExportedLog::of_size(directory, size), size)?.added_to(&policy))
}

fn read_checkpoint(directory: &Path) -> Result<Vec<u8>, Finding> {
    match std::fs::read(directory.join(CHECKPOINT)) {
        Ok(note) => Ok(note),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Err(Finding::CheckpointMissing),
        Err(error) => Err(unreadable(error)),
    }
}

/// Every file is one that the log has: those of the checkpoint were checked already, partial tiles of earlier ones are here.
fn check_other_files(store: &ExportedLog, directory: &Path, size: u64) -> Result<u64, Finding> {
    let mut paths = Vec::new();
    collect(directory, &mut paths).map_err(unreadable)?;
    paths.sort();
    let mut older = 0;
    for path in paths {
        let relative = path.strip_prefix(directory).unwrap_or(&path).to_string_lossy().into_owned();
        if relative == CHECKPOINT {
            continue;
        }
        let Some(tile) = Tile::parse(&relative) else { return Err(Finding::StrayFile { path: relative }) };
        if !tile.is_within(size) {
            return Err(Finding::BeyondCheckpoint { path: relative, published: size });
        }
        if Tile::at(tile.content, tile.index, size) != Some(tile) {
            if store.file(&tile)? != read_tile(store, &tile)? {
                return Err(Finding::OlderTileDiffers { path: relative });
            }
            older += 1;
        }
    }
    Ok(older)
}

fn collect(directory: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { collect(&entry.path(), into)? } else { into.push(entry.path()) }
    }
    Ok(())
}

fn unreadable(error: std::io::Error) -> Finding {
    Finding::Unfinished(StoreError::Failed { doing: "reading the exported log", source: Box::new(error) })
}
