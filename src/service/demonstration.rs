//! Making room for a new demonstration. A real ledger is never touched.

use super::{LedgerDirectory, ServiceError};
use crate::config::Config;
use crate::store::{SqliteStore, StoreError};
use std::path::{Path, PathBuf};

/// Removes the demonstration in a directory, file by file, so that what somebody else put there stays. A directory without a
/// ledger is left alone; a real ledger is [`ServiceError::Exists`], and one that is being served is held.
pub fn clear_demonstration(path: &Path, of_the_demonstration: &[&str]) -> Result<(), ServiceError> {
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
    let beside = |file: PathBuf, suffix: &str| {
        let mut name = file.into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    let mut files = vec![
        directory.signing_key(),
        directory.verifier_key(),
        directory.signed_heads(),
        directory.checkpoint(),
        directory.witness_sizes(),
    ];
    for database in [directory.log(), directory.identity()] {
        files.extend(["", "-wal", "-shm", ".lock"].map(|suffix| beside(database.clone(), suffix)));
    }
    // Without its configuration it is no ledger any more: so that goes last.
    files.push(directory.config());
    let folders = of_the_demonstration.iter().map(|name| path.join(name)).chain([directory.snapshots()]);
    for folder in folders {
        removed(&folder, std::fs::remove_dir_all(&folder))?;
    }
    for file in files {
        removed(&file, std::fs::remove_file(&file))?;
    }
    drop(held);
    Ok(())
}

fn removed(path: &Path, outcome: std::io::Result<()>) -> Result<(), ServiceError> {
    match outcome {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(ServiceError::File { doing: "removing", path: path.to_owned(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
