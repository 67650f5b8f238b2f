//! Exporting a ledger's log as static files: reads only, also while a server holds the directory.

use super::published::{PublishedLog, PublishedLogError};
use crate::audit::{ExportError, Exported, Scope, export_log as export};
use std::path::Path;

/// Why a log isn't exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportLogError {
    /// The export itself went wrong.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// What was published can't be read.
    #[error(transparent)]
    Published(#[from] PublishedLogError),
}

/// Writes the log of a ledger's directory, up to its published checkpoint, as static files below `output`. Calls `progress` with
/// entries done and their total.
pub fn export_log(
    path: &Path,
    output: &Path,
    scope: Scope,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Exported, ExportLogError> {
    let PublishedLog { checkpoint, store, .. } = PublishedLog::open(path)?;
    Ok(export(&store, &checkpoint, output, scope, progress)?)
}
