//! Signing on where the directory lost what it knew of its signatures: the operator says what they were, and answers for it.
//!
//! Invariant: no head is signed that contradicts a checkpoint which the operator gave or the directory still has.

use super::verification::log_key;
use super::{LedgerDirectory, Service, ServiceError, VerifyError, signing};
use crate::clock::Clock;
use crate::config::Config;
use crate::keys::{AskPassphrase, asked_once};
use crate::ledger::{LedgerError, load_tree, tree_of_size};
use crate::publication::PublicationError;
use crate::store::{EventStore, SignedHead, SignedHeads, SignedHeadsError, SignedHeadsFile, SqliteStore};
use crate::transparency::{Checkpoint, SignedCheckpoint, Tree, VerifierKey};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a ledger signs on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resumed {
    /// The size of the log, which is signed and published now.
    pub tree_size: u64,
    /// The size of the newest checkpoint that was known; none if nothing was.
    pub known: Option<u64>,
}

/// Makes `signed-heads` and `checkpoint` of a ledger's directory again. `known` are files with checkpoints of this ledger that others
/// kept; what the directory has left counts with them. The log must extend all of them. Nothing tells whether there were newer ones:
/// whoever has one can prove it.
pub fn resume(
    path: &Path,
    known: &[PathBuf],
    clock: Arc<dyn Clock>,
    ask: &AskPassphrase<'_>,
) -> Result<Resumed, ServiceError> {
    let directory = LedgerDirectory::at(path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path.to_owned()));
    }
    let config = Config::read(&directory.config())?;
    // Held until the files are whole again.
    let store = SqliteStore::open(&directory.log())?;
    let key = log_key(&directory, &config).map_err(|error| match error {
        VerifyError::Service(error) => error,
        VerifyError::Finding(finding) => finding.into(),
        VerifyError::Key(source) => PublicationError::Key(source).into(),
    })?;
    let newest = newest_known(&directory, &config.origin, &store, &key, known)?;
    let ask = asked_once(ask);
    let signer = signing::log_key(&directory, &config, &ask)?;
    for file in [directory.signed_heads(), directory.checkpoint()] {
        match std::fs::remove_file(&file) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(ServiceError::File { doing: "removing", path: file, source });
            }
            Ok(()) | Err(_) => {}
        }
    }
    // A crash from here on: the files are missing still, and it is asked for again.
    let begun = newest.unwrap_or(SignedHead { tree_size: 0, root: Tree::new().root() });
    signing::begin(&directory, &config, begun, signer.as_ref())?;
    drop(store);
    let service = Service::open_with(path, clock, &ask, &mut |_, _| {})?;
    service.stop()?;
    Ok(Resumed { tree_size: service.ledger.head().tree_size, known: newest.map(|head| head.tree_size) })
}

/// The largest head that is known to have been signed. The log extends every one.
fn newest_known(
    directory: &LedgerDirectory,
    origin: &str,
    store: &dyn EventStore,
    key: &VerifierKey,
    known: &[PathBuf],
) -> Result<Option<SignedHead>, ServiceError> {
    let tree_size = load_tree(store)?.size();
    let extends = |head: &SignedHead| -> Result<bool, ServiceError> {
        Ok(head.tree_size <= tree_size && tree_of_size(store, head.tree_size)?.root() == head.root)
    };
    let contradicts = |signed: u64| {
        if signed > tree_size {
            LedgerError::OlderThanSigned { signed, tree_size }
        } else {
            LedgerError::OtherThanSigned { signed }
        }
    };
    let mut heads = Vec::new();
    let left = match SignedHeadsFile::open(&directory.signed_heads()).and_then(|heads| heads.last()) {
        Ok(left) => left,
        Err(SignedHeadsError::Missing(_) | SignedHeadsError::Damaged(_)) => None,
        // It may well hold a newer head: it isn't thrown away unread.
        Err(unread @ SignedHeadsError::File { .. }) => return Err(unread.into()),
    };
    if let Some(head) = left {
        if !extends(&head)? {
            return Err(contradicts(head.tree_size).into());
        }
        heads.push(head);
    }
    let published = Some(directory.checkpoint()).filter(|path| path.exists());
    for path in published.iter().chain(known) {
        let note = std::fs::read(path).map_err(|source| ServiceError::File {
            doing: "reading",
            path: path.clone(),
            source,
        })?;
        let read = Checkpoint::of_note(&note).ok().filter(|checkpoint| checkpoint.origin == origin);
        let Some(Checkpoint { size, root, .. }) = read else {
            return Err(ServiceError::NotOurCheckpoint(path.clone()));
        };
        let head = SignedHead { tree_size: size, root };
        if extends(&head)? {
            // True whoever signed it: an earlier key of this ledger, say.
            heads.push(head);
        } else if SignedCheckpoint::open(&note, key).is_ok() {
            return Err(contradicts(size).into());
        } else {
            return Err(ServiceError::NotOurCheckpoint(path.clone()));
        }
    }
    Ok(heads.into_iter().max_by_key(|head| head.tree_size))
}
