//! Opening the file: what SQLite is told, who may write, and which formats are known.
//!
//! May not touch what is stored, except to bring an older format up to date.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::failed;
use crate::store::StoreError;

/// `MZLG` in ASCII: what `file` and SQLite itself tell our databases by.
const APPLICATION_ID: i64 = 0x4D5A_4C47;

/// Each brings the format one up; the format of a database is how many of them it has had. Never changed once released.
const MIGRATIONS: [&str; 2] =
    [include_str!("migrations/0001_log.sql"), include_str!("migrations/0002_block_roots.sql")];
const FORMAT: i64 = 2;
/// Which of them makes the table `block_roots`: whether it is to be run, the table tells.
const BLOCK_ROOTS_MADE_BY: usize = 1;

/// Measured: 4 KiB makes batches slower, 16 KiB single entries, by a tenth or so each.
const PAGE_BYTES: u32 = 8192;

/// How long the write-ahead log gets before it is copied into the database. Measured: a longer one makes nothing faster,
/// and the batch that meets the copying waits longer (16 MiB: 25 ms instead of 8 ms).
const CHECKPOINT_BYTES: u32 = 4 << 20;

/// What a large import may have made of the write-ahead log is given back to the disk down to this.
const LOG_BYTES_KEPT: u32 = 16 << 20;

/// How long a command waits for another process that is just writing (only someone's own SQL can be: our writers exclude
/// each other).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes the file, empty, if there is none.
pub(super) fn create_file(path: &Path) -> Result<(), StoreError> {
    match File::create_new(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(StoreError::AlreadyExists),
        Err(error) => Err(io_failed("creating the database of the ledger", error)),
    }
}

/// SQLite would name a missing file by a number only.
pub(super) fn check_exists(path: &Path) -> Result<(), StoreError> {
    fs::metadata(path).map_err(|error| io_failed("opening the database of the ledger", error)).map(|_| ())
}

/// A new file is on the disk only once the directory that names it is.
pub(super) fn make_name_durable(path: &Path) -> Result<(), StoreError> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| io_failed("making the new database durable", error))
}

/// The lock that every process takes that may write. A file beside the database: SQLite's own locks are held only while
/// writing. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct WriterLock(File);

impl Drop for WriterLock {
    /// Lets go at once. Closing the file alone would wait for every child process that was just forked and still has it.
    fn drop(&mut self) {
        drop(self.0.unlock());
    }
}

/// Takes the lock, or says that another process has it.
pub(super) fn lock_for_writing(path: &Path) -> Result<WriterLock, StoreError> {
    let mut lock_path = OsString::from(path);
    lock_path.push(".lock");
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(|error| io_failed("opening the lock of the ledger", error))?;
    match lock.try_lock() {
        Ok(()) => Ok(WriterLock(lock)),
        Err(TryLockError::WouldBlock) => Err(StoreError::HeldByAnother),
        Err(TryLockError::Error(error)) => Err(io_failed("locking the ledger", error)),
    }
}

/// The one connection that writes.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection
        .execute_batch(&format!(
            "PRAGMA page_size = {PAGE_BYTES};
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = {};
             PRAGMA journal_size_limit = {LOG_BYTES_KEPT};
             PRAGMA cache_size = -16384;",
            CHECKPOINT_BYTES / PAGE_BYTES
        ))
        .map_err(failed("opening the database of the ledger"))?;
    Ok(connection)
}

/// One of the connections that read. Never waits for the writer (write-ahead log).
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection
        .execute_batch("PRAGMA cache_size = -4096;")
        .map_err(failed("opening the database of the ledger to read"))?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(failed("opening the database of the ledger"))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed("opening the database of the ledger"))?;
    Ok(connection)
}

/// Turns an empty database into a log of the current format.
pub(super) fn lay_out(writer: &mut Connection) -> Result<(), StoreError> {
    apply_migrations(writer, 0).map_err(failed("laying out a new ledger"))
}

/// Brings an older format up to date; refuses what isn't ours or is newer. Where the table of block roots is gone it is made anew: what was in it
/// followed from the entries, and full tiles without a row are hashed whole.
pub(super) fn migrate(writer: &mut Connection) -> Result<(), StoreError> {
    let format = check_format(writer)?;
    let has_block_roots = has_block_roots(writer)?;
    if format == FORMAT && !has_block_roots {
        tracing::warn!(
            "the table `block_roots` of the ledger's database was taken away: it is made anew, and proofs of old entries take longer"
        );
    }
    if format < FORMAT || !has_block_roots {
        apply_migrations(writer, format).map_err(failed("bringing the ledger up to the current storage format"))?;
    }
    Ok(())
}

/// Whether there is a table of block roots. Storage format 1 had none.
pub(super) fn has_block_roots(connection: &Connection) -> Result<bool, StoreError> {
    connection.table_exists(None, "block_roots").map_err(failed("reading the format of the ledger"))
}

/// The format of a database that is ours and not newer than this program.
pub(super) fn check_format(connection: &Connection) -> Result<i64, StoreError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application_id = pragma("application_id").map_err(failed("reading the format of the ledger"))?;
    let found = pragma("user_version").map_err(failed("reading the format of the ledger"))?;
    if application_id != APPLICATION_ID || found < 1 {
        return Err(StoreError::NotALedger);
    }
    if found > FORMAT { Err(StoreError::NewerFormat { found, known: FORMAT }) } else { Ok(found) }
}

fn apply_migrations(writer: &mut Connection, format: i64) -> rusqlite::Result<()> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (place, migration) in MIGRATIONS.into_iter().enumerate() {
        let was_run = match place {
            BLOCK_ROOTS_MADE_BY => transaction.table_exists(None, "block_roots")?,
            _ => i64::try_from(place).is_ok_and(|place| place < format),
        };
        if !was_run {
            transaction.execute_batch(migration)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// See [`super::SqliteStore::set_size_bytes_max`].
pub(super) fn limit_size(writer: &Connection, size_bytes_max: Option<u64>) -> Result<(), StoreError> {
    // SQLite's own limit stands for none.
    let pages = size_bytes_max.map_or(4_294_967_294, |size| size / u64::from(PAGE_BYTES));
    writer
        .pragma_update_and_check(None, "max_page_count", pages.max(1).to_string(), |_| Ok(()))
        .map_err(failed("limiting the size of the database"))
}

fn io_failed(doing: &'static str, error: io::Error) -> StoreError {
    StoreError::Failed { doing, source: Box::new(error) }
}
