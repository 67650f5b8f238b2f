//! What the command line needs to know of a failed store, without knowing the store.

use super::ServiceError;
use crate::follower::FollowError;
use crate::identity::IdentityError;
use crate::ledger::LedgerError;
use crate::store::StoreError;

/// A failure of the database below, as far as it matters to whoever runs a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFailure {
    /// Another process holds the ledger.
    HeldByAnother,
    /// What is stored at this log index isn't what was committed.
    Damaged(u64),
    /// Anything else.
    Other,
}

impl ServiceError {
    /// The failure of a database behind this error, if it is one.
    pub fn store_failure(&self) -> Option<StoreFailure> {
        let error = match self {
            ServiceError::Store(error)
            | ServiceError::Ledger(LedgerError::Store(error))
            | ServiceError::Follow(FollowError::Store(error))
            | ServiceError::Identity(IdentityError::Store(error)) => error,
            ServiceError::Exists(_)
            | ServiceError::NotOfDemonstration(_)
            | ServiceError::NoLedger(_)
            | ServiceError::File { .. }
            | ServiceError::SignedHeads(_)
            | ServiceError::Contradiction(_)
            | ServiceError::NotOurCheckpoint(_)
            | ServiceError::Ledger(_)
            | ServiceError::Follow(_)
            | ServiceError::Identity(_)
            | ServiceError::Key(_)
            | ServiceError::Config(_)
            | ServiceError::Publication(_)
            | ServiceError::Letterhead(_) => return None,
        };
        Some(match error {
            StoreError::HeldByAnother => StoreFailure::HeldByAnother,
            StoreError::Damaged { log_index, .. } => StoreFailure::Damaged(*log_index),
            StoreError::AlreadyExists
            | StoreError::NotALedger
            | StoreError::NewerFormat { .. }
            | StoreError::TileMissing { .. }
            | StoreError::PeopleInUse
            | StoreError::Failed { .. } => StoreFailure::Other,
        })
    }
}
