//! Verifying a ledger's directory: reads only, also while a server holds it.

use super::{LedgerDirectory, ServiceError};
use crate::audit::{Finding, Published, SnapshotFile, Verified, verify_ledger};
use crate::config::Config;
use crate::keys;
use crate::store::{SqliteStore, StoreError};
use crate::transparency::{NoteError, VerifierKey};
use std::path::Path;

/// Why a verification didn't end well.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Something contradicts itself.
    #[error(transparent)]
    Finding(#[from] Finding),
    /// There is nothing to verify, or it can't be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The key to check the checkpoint with isn't one.
    #[error("reading the verifier key")]
    Key(#[source] NoteError),
}

/// Checks a ledger's directory against its entries. `verifier_key` is the key that the public was given; without one the ledger's
/// own signing key tells it. Calls `progress` with entries done and their total.
pub fn verify(
    path: &Path,
    verifier_key: Option<&str>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified, VerifyError> {
    let directory = LedgerDirectory::at(path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path.to_owned()).into());
    }
    let config = Config::read(&directory.config()).map_err(ServiceError::from)?;
    let key = match verifier_key {
        Some(key) => key.to_owned(),
        None => keys::read(&directory.signing_key(), &config.origin).map_err(ServiceError::from)?.verifier_key(),
    };
    let key = VerifierKey::parse(&key).map_err(VerifyError::Key)?;
    // In this order: what is published or kept while the log is being read is of a later size.
    let note = match std::fs::read(directory.checkpoint()) {
        Ok(note) => Some(note),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => {
            return Err(ServiceError::File { doing: "reading", path: directory.checkpoint(), source }.into());
        }
    };
    let snapshots = snapshot_files(&directory.snapshots());
    let store = SqliteStore::open_read_only(&directory.log()).map_err(Finding::from)?;
    let published = note.as_deref().map(|note| Published { note, key: &key });
    let verified = verify_ledger(&store, &config.origin, published, &snapshots, progress)?;
    // Last, because it can't tell which entry it is.
    match store.check_structure() {
        Ok(()) => Ok(verified),
        Err(StoreError::Damaged { what, .. }) => Err(Finding::DatabaseDamaged { what }.into()),
        Err(error) => Err(Finding::Unfinished(error).into()),
    }
}

/// Files named `<tree size>-<root>.models`, smallest size first.
fn snapshot_files(directory: &Path) -> Vec<SnapshotFile> {
    let Ok(files) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut snapshots: Vec<SnapshotFile> = files
        .filter_map(|file| {
            let path = file.ok()?.path();
            let (tree_size, root) = path.file_name()?.to_str()?.strip_suffix(".models")?.split_once('-')?;
            let (tree_size, root) = (tree_size.parse().ok()?, parse_hex(root)?);
            Some(SnapshotFile { tree_size, root, path })
        })
        .collect();
    snapshots.sort_by_key(|file| file.tree_size);
    snapshots
}

fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    bytes?.try_into().ok()
}
