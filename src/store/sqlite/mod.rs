//! The log in one SQLite file, written natively: one connection that writes, a few that read beside it.
//!
//! May not look inside an entry and never changes one; the database refuses it too. Invariant: what `commit` answered `Ok`
//! to is on the disk (write-ahead log, `synchronous = FULL`) and every reader sees a whole number of batches.

mod beyond_end;
mod connection;
mod failure;
mod people;
mod read;
mod write;

pub use beyond_end::BeyondEnd;
pub use people::{PeopleStore, PersonRow, TokenRow};

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, TransactionBehavior};

use super::{CommitError, EventStore, SealedBatch, Segment, StoreError};
use crate::transparency::{BlockRoots, Hash};
use failure::{commit_failed, failed, not_committed};

/// Connections that are kept for the next read; more are opened when more read at once.
const IDLE_READERS_MAX: usize = 4;

/// See the module.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    // Dropped before the writer: the connection that closes last moves the write-ahead log into the file, and readers can't.
    idle_readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    /// Held as long as this process may write.
    _writing: Option<connection::WriterLock>,
}

impl SqliteStore {
    /// Creates an empty log in a new file, and holds it for writing. Refuses if there is a file of that name.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        connection::create_file(path)?;
        let writing = connection::lock_for_writing(path)?;
        let mut writer = connection::open_to_write(path)?;
        connection::lay_out(&mut writer)?;
        connection::make_name_durable(path)?;
        Ok(Self::with(path, writer, Some(writing)))
    }

    /// Opens a log and holds it for writing. Never creates one; another process that holds it is
    /// [`StoreError::HeldByAnother`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        connection::check_exists(path)?;
        let writing = connection::lock_for_writing(path)?;
        let mut writer = connection::open_to_write(path)?;
        connection::migrate(&mut writer)?;
        Ok(Self::with(path, writer, Some(writing)))
    }

    /// Opens a log for reading only, also while another process writes to it. Committing to it fails.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        connection::check_exists(path)?;
        let reader = connection::open_to_read(path)?;
        connection::check_format(&reader)?;
        Ok(Self::with(path, reader, None))
    }

    /// Lets the database grow to so many bytes and no further; `None` is as far as the disk allows. What is stored stays.
    /// A batch that would need more is [`CommitError::DiskFull`].
    pub fn set_size_bytes_max(&self, size_bytes_max: Option<u64>) -> Result<(), StoreError> {
        connection::limit_size(&self.writer(), size_bytes_max)
    }

    /// Has SQLite look through the file for pages that contradict each other, which reading the log in order might not meet.
    pub fn check_structure(&self) -> Result<(), StoreError> {
        self.reading(read::check_structure)
    }

    /// The first row about a tile that the log hasn't filled, if there is one: the batch that fills it couldn't be committed.
    pub fn beyond_end(&self) -> Result<Option<BeyondEnd>, StoreError> {
        self.reading(beyond_end::find)
    }

    /// Takes away the rows about tiles that the log hasn't filled, and gives their count. They say nothing of any entry. Only once the log is known to be
    /// the one that was signed: of one that was cut off, they are what is left.
    pub fn take_away_beyond_end(&self) -> Result<usize, StoreError> {
        beyond_end::take_away(&mut self.writer())
    }

    fn with(path: &Path, writer: Connection, writing: Option<connection::WriterLock>) -> Self {
        Self { path: path.to_owned(), writer: Mutex::new(writer), idle_readers: Mutex::default(), _writing: writing }
    }

    /// A panic while writing rolled the transaction back as it unwound, so a poisoned lock still guards a sound connection.
    fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reading<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = self.idle_readers().pop();
        let reader = idle.map_or_else(|| connection::open_to_read(&self.path), Ok)?;
        let answer = read(&reader)?;
        let mut idle = self.idle_readers();
        if idle.len() < IDLE_READERS_MAX {
            idle.push(reader);
        }
        Ok(answer)
    }

    fn idle_readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle_readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventStore for SqliteStore {
    fn head(&self) -> Result<u64, StoreError> {
        self.reading(read::tree_size)
    }

    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError> {
        self.reading(|reader| read::segments(reader, from, from.saturating_add(entries_wanted)))
    }

    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
        self.reading(|reader| match level {
            0 => read::leaf_hashes(reader, start, end),
            1.. => read::tile_roots(reader, level, start, end),
        })
    }

    fn block_roots(&self, tile: u64) -> Result<Option<BlockRoots>, StoreError> {
        self.reading(|reader| read::block_roots(reader, tile))
    }

    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError> {
        batch.assert_whole();
        let mut writer = self.writer();
        // From here on no other process can commit.
        let transaction = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| not_committed("beginning to write to the ledger", error))?;
        let actual = read::tree_size(&transaction).map_err(CommitError::NotCommitted)?;
        if actual != batch.tree_size_before {
            return Err(CommitError::Conflict { expected: batch.tree_size_before, actual });
        }
        // A crash before the end of COMMIT leaves the log as it was: frames without a commit mark are passed over.
        write::append(&transaction, batch).map_err(|error| not_committed("writing a batch to the ledger", error))?;
        // A crash within COMMIT leaves the whole batch or nothing; one after it leaves the whole batch.
        transaction.commit().map_err(commit_failed)
    }
}
