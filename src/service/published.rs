//! What a ledger's directory has published, opened for reading: also while a server holds the directory.

use super::verification::{VerifyError, log_key};
use super::{LedgerDirectory, ServiceError, signing};
use crate::audit::{Finding, key_in_force};
use crate::config::Config;
use crate::store::SqliteStore;
use crate::transparency::{Checkpoint, CheckpointError, NoteError, SignedCheckpoint, VerifierKey};
use std::path::Path;

/// Why nothing published can be read.
#[derive(Debug, thiserror::Error)]
pub enum PublishedLogError {
    /// There is no ledger, or it can't be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// What is stored isn't sound.
    #[error(transparent)]
    Finding(#[from] Finding),
    /// The published checkpoint isn't one.
    #[error("the published checkpoint isn't one that the key of this log signed: verify the ledger")]
    Checkpoint(#[source] CheckpointError),
    /// The key of the log isn't one.
    #[error("reading the verifier key")]
    Key(#[source] NoteError),
}

impl From<VerifyError> for PublishedLogError {
    fn from(error: VerifyError) -> PublishedLogError {
        match error {
            VerifyError::Finding(finding) => finding.into(),
            VerifyError::Service(error) => error.into(),
            VerifyError::Key(error) => PublishedLogError::Key(error),
        }
    }
}

/// The log up to the checkpoint that was published last.
pub(super) struct PublishedLog {
    pub(super) directory: LedgerDirectory,
    pub(super) config: Config,
    pub(super) checkpoint: SignedCheckpoint,
    /// The key that was in force at the size of the checkpoint: the log may have been handed over since.
    pub(super) key: VerifierKey,
    pub(super) store: SqliteStore,
}

impl PublishedLog {
    /// Reads the checkpoint before the log is opened, so that the log is at least as long.
    pub(super) fn open(path: &Path) -> Result<PublishedLog, PublishedLogError> {
        let directory = LedgerDirectory::at(path);
        if !directory.config().exists() {
            return Err(ServiceError::NoLedger(path.to_owned()).into());
        }
        let config = Config::read(&directory.config()).map_err(ServiceError::from)?;
        let note = signing::published(&directory)?;
        let key = log_key(&directory, &config)?;
        let store = SqliteStore::open_read_only(&directory.log()).map_err(ServiceError::from)?;
        let (checkpoint, key) = match SignedCheckpoint::open(&note, &key) {
            Ok(checkpoint) => (checkpoint, key),
            Err(_) => {
                let head = Checkpoint::of_note(&note).map_err(PublishedLogError::Checkpoint)?;
                let key = key_in_force(&store, &key, head.size)?;
                (SignedCheckpoint::open(&note, &key).map_err(PublishedLogError::Checkpoint)?, key)
            }
        };
        Ok(PublishedLog { directory, config, checkpoint, key, store })
    }
}
