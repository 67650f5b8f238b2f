//! Making room for a new demonstration. A real ledger is never touched.
//!
//! Invariant: either everything in the directory is the demonstration's own and goes, or nothing does.

use super::{LedgerDirectory, ServiceError};
use crate::config::Config;
use crate::durable::beside;
use crate::letterheads::Letterheads;
use crate::store::{SqliteStore, StoreError};
use std::path::{Path, PathBuf};

/// Removes the demonstration in a directory, if it holds one. A real ledger is [`ServiceError::Exists`], one that is being served is
/// held, and anything that no demonstration makes is [`ServiceError::NotOfDemonstration`]. `is_circular` tells by their names the
/// files that a demonstration writes into its folder `circulars`.
pub fn clear_demonstration(path: &Path, circulars: &str, is_circular: fn(&str) -> bool) -> Result<(), ServiceError> {
    let directory = LedgerDirectory::at(path);
    if !directory.config().exists() {
        return Ok(());
    }
    if !Config::read(&directory.config())?.demonstration {
        return Err(ServiceError::Exists(path.to_owned()));
    }
    // Held while it is being removed, so that nobody opens the half of it.
    let held = match SqliteStore::open(&directory.log()) {
        Err(StoreError::HeldByAnother) => return Err(StoreError::HeldByAnother.into()),
        opened => opened,
    };
    let mut known = vec![
        directory.signing_key(),
        directory.verifier_key(),
        directory.signed_heads(),
        directory.checkpoint(),
        directory.witness_sizes(),
    ];
    for database in [directory.log(), directory.identity()] {
        known.extend(["", "-wal", "-shm", ".lock"].map(|suffix| beside(&database, suffix)));
    }
    let (circulars, snapshots, config) = (path.join(circulars), directory.snapshots(), directory.config());
    let letterheads = directory.letterheads();
    let is_known = |file: &Path| known.iter().any(|known| file == known || file == beside(known, ".unfinished"));
    let mut files = own_files(path, &is_known, &[&circulars, &letterheads, &snapshots, &config])?;
    files.extend(own_files(&circulars, &|file| is_circular(name_of(file)), &[])?);
    let is_snapshot =
        |file: &Path| [".models", ".state", ".unfinished"].iter().any(|suffix| name_of(file).ends_with(suffix));
    files.extend(own_files(&letterheads, &|file| Letterheads::is_own(name_of(file)), &[])?);
    files.extend(own_files(&snapshots, &is_snapshot, &[])?);
    files.iter().try_for_each(|file| removed(file, std::fs::remove_file(file)))?;
    for folder in [&circulars, &letterheads, &snapshots] {
        removed(folder, std::fs::remove_dir(folder))?;
    }
    // Without its configuration it is no ledger any more: so that goes last.
    removed(&config, std::fs::remove_file(&config))?;
    drop(held);
    Ok(())
}

/// The files of a folder, but for those that are looked at by themselves; none if there is no such folder. Refuses anything else that
/// isn't the demonstration's.
fn own_files(folder: &Path, is_own: &dyn Fn(&Path) -> bool, besides: &[&Path]) -> Result<Vec<PathBuf>, ServiceError> {
    let failed = |source| ServiceError::File { doing: "looking into", path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let (path, is_file) = (entry.path(), entry.file_type().map_err(failed)?.is_file());
        if is_file && is_own(&path) {
            files.push(path);
        } else if !besides.contains(&path.as_path()) {
            return Err(ServiceError::NotOfDemonstration(path));
        }
    }
    Ok(files)
}

/// Its last part; empty where that is no text.
fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn removed(path: &Path, outcome: std::io::Result<()>) -> Result<(), ServiceError> {
    match outcome {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(ServiceError::File { doing: "removing", path: path.to_owned(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
