//! People, log-ins and roles: erasable, outside the log.

mod commitments;
mod people;
mod role;
mod tokens;

pub use commitments::{Kept, Opening};
pub use people::{Everybody, Person, masked};
pub use role::{Actor, Grant, GrantError, Role};
pub use tokens::Token;

use crate::clock::Clock;
use crate::store::{PeopleStore, StoreError};
use std::path::Path;
use std::sync::{Arc, RwLock};

/// Why something about people or log-ins can't be had.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored can't be read.
    #[error("the database of people holds something that this version can't read")]
    Damaged,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
}

/// The keeper of people and log-ins.
pub struct Identity {
    store: PeopleStore,
    clock: Arc<dyn Clock>,
    cache: RwLock<tokens::TokenCache>,
}

impl Identity {
    /// Makes the database; the file must not exist.
    pub fn create(path: &Path, clock: Arc<dyn Clock>) -> Result<Identity, IdentityError> {
        Ok(Identity { store: PeopleStore::create(path)?, clock, cache: RwLock::default() })
    }

    /// Opens the database; it must exist.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Identity, IdentityError> {
        Ok(Identity { store: PeopleStore::open(path)?, clock, cache: RwLock::default() })
    }
}
