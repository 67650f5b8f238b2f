//! What a failure of SQLite means to whoever wanted a batch committed.
//!
//! The rule: say "not committed" only where it is certain.

use rusqlite::{Error, ErrorCode};

use crate::store::{CommitError, StoreError};

/// A failure where nothing was to be committed.
pub(super) fn failed(doing: &'static str) -> impl Fn(Error) -> StoreError {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotALedger,
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { log_index: 0, what: format!("{doing}: {error}") },
        _ => StoreError::Failed { doing, source: Box::new(error) },
    }
}

/// A failure on reading what is stored at a log index.
pub(super) fn unreadable(log_index: u64, error: Error) -> StoreError {
    let damaged = matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        || error.sqlite_error_code().is_none();
    if damaged {
        StoreError::Damaged { log_index, what: format!("the database can't read it: {error}") }
    } else {
        failed("reading the ledger")(error)
    }
}

/// A failure before COMMIT: the transaction is rolled back, by SQLite, by us or by the next who opens the file.
pub(super) fn not_committed(doing: &'static str, error: Error) -> CommitError {
    if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
        CommitError::DiskFull
    } else {
        CommitError::NotCommitted(failed(doing)(error))
    }
}

/// A failure of COMMIT itself.
pub(super) fn commit_failed(error: Error) -> CommitError {
    match error.sqlite_error_code() {
        // The commit mark is in the last frame, and there was no room for all frames.
        Some(ErrorCode::DiskFull) => CommitError::DiskFull,
        // Refused before the first frame was written.
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::ReadOnly) => {
            not_committed("committing to the ledger", error)
        }
        // When making it durable fails, SQLite rolls back in memory, yet the frames with their commit mark may be on the
        // disk: whoever recovers the file next would find the batch committed.
        _ => CommitError::OutcomeUnknown(failed("committing to the ledger")(error)),
    }
}
