//! Exporting a ledger's log as static files: reads only, also while a server holds the directory.

use super::verification::{VerifyError, log_key};
use super::{LedgerDirectory, ServiceError};
use crate::audit::{ExportError, Exported, Scope, export_log as export};
use crate::config::Config;
use crate::store::SqliteStore;
use crate::transparency::{CheckpointError, NoteError, SignedCheckpoint};
use std::path::{Path, PathBuf};

/// Why a log isn't exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportLogError {
    /// The export itself went wrong.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// There is no ledger, or it can't be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// No checkpoint was published yet: nothing says how far the log is public.
    #[error("{0} has published no checkpoint yet: it does when it is stopped in order")]
    NothingPublished(PathBuf),
    /// The published checkpoint isn't one.
    #[error("the published checkpoint isn't one that the key of this log signed: verify the ledger")]
    Checkpoint(#[source] CheckpointError),
    /// The key of the log isn't one.
    #[error("reading the verifier key")]
    Key(#[source] NoteError),
}

impl From<VerifyError> for ExportLogError {
    fn from(error: VerifyError) -> ExportLogError {
        match error {
            VerifyError::Finding(finding) => ExportError::Unsound(finding).into(),
            VerifyError::Service(error) => error.into(),
            VerifyError::Key(error) => ExportLogError::Key(error),
        }
    }
}

/// Writes the log of a ledger's directory, up to its published checkpoint, as static files below `output`. Calls `progress` with
/// entries done and their total.
pub fn export_log(
    path: &Path,
    output: &Path,
    scope: Scope,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Exported, ExportLogError> {
    let directory = LedgerDirectory::at(path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path.to_owned()).into());
    }
    let config = Config::read(&directory.config()).map_err(ServiceError::from)?;
    let key = log_key(&directory, &config)?;
    let note = match std::fs::read(directory.checkpoint()) {
        Ok(note) => note,
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => {
            return Err(ExportLogError::NothingPublished(path.to_owned()));
        }
        Err(source) => {
            return Err(ServiceError::File { doing: "reading", path: directory.checkpoint(), source }.into());
        }
    };
    let published = SignedCheckpoint::open(&note, &key).map_err(ExportLogError::Checkpoint)?;
    // After the checkpoint: the log is at least as long.
    let store = SqliteStore::open_read_only(&directory.log()).map_err(ServiceError::from)?;
    Ok(export(&store, &published, &key, output, scope, progress)?)
}
