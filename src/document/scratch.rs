//! Where rows of a workbook stand until it is packed: in files without a name, for their owner alone, in the ledger's directory, or where there is none in that for
//! temporary files (`TMPDIR`). Nothing of them is left, also after a crash.
//!
//! Invariant: a directory that is missing or full is an error that names it, and no panic.

use rust_xlsxwriter::XlsxError;
use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Why a workbook can't be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// A text is longer than a cell takes.
    #[error("writing the document as a workbook")]
    Content(#[source] XlsxError),
    /// The directory is missing or full.
    #[error("writing a temporary file in {}", .0.display())]
    NoRoom(PathBuf, #[source] io::Error),
}

thread_local! {
    /// Whether this thread writes a workbook.
    static WRITES: Cell<bool> = const { Cell::new(false) };
}

/// What `write` makes. The writer of workbooks takes a full disk for impossible where it writes rows.
pub fn with_scratch<T>(
    scratch: Option<&Path>,
    write: impl FnOnce() -> Result<T, XlsxError>,
) -> Result<T, WorkbookError> {
    #[expect(clippy::disallowed_methods, reason = "where the writer of workbooks goes by itself: only to name it")]
    let no_room = |error| WorkbookError::NoRoom(scratch.map_or_else(std::env::temp_dir, Path::to_owned), error);
    static TOLD_OTHERWISE: Once = Once::new();
    TOLD_OTHERWISE.call_once(tell_full_disks_as_errors);
    WRITES.set(true);
    let written = catch_unwind(AssertUnwindSafe(write));
    WRITES.set(false);
    match written {
        Ok(Ok(written)) => Ok(written),
        Ok(Err(XlsxError::TempFileError(_, error) | XlsxError::IoError(error))) => Err(no_room(error)),
        Ok(Err(error)) => Err(WorkbookError::Content(error)),
        Err(panic) => match failure_of_a_file(&*panic) {
            Some(error) => Err(no_room(error)),
            None => resume_unwind(panic),
        },
    }
}

/// What becomes an error isn't told as a panic before.
fn tell_full_disks_as_errors() {
    let before = take_hook();
    set_hook(Box::new(move |panic| {
        if !(WRITES.get() && failure_of_a_file(panic.payload()).is_some()) {
            before(panic);
        }
    }));
}

/// The failure of the system behind a panic, if there is one: a debugged `io::Error` tells its number.
fn failure_of_a_file(panic: &(dyn Any + Send)) -> Option<io::Error> {
    let (_, after) = panic.downcast_ref::<String>()?.split_once("Os { code: ")?;
    let digits = after.split(|char: char| !char.is_ascii_digit()).next()?;
    digits.parse().ok().map(io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::{WorkbookError, with_scratch};
    use std::io::Error;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// ENOSPC.
    const DISK_FULL: i32 = 28;

    #[test]
    fn a_full_disk_is_told_and_any_other_panic_goes_on() {
        let full = || Err::<u8, Error>(Error::from_raw_os_error(DISK_FULL));
        let told = with_scratch(Some("ledger".as_ref()), || Ok(full().expect("written")));
        assert!(
            matches!(&told, Err(WorkbookError::NoRoom(place, error)) if place.as_os_str() == "ledger" && error.raw_os_error() == Some(DISK_FULL)),
            "{told:?}"
        );
        let bug = || with_scratch(None, || Ok("a number".parse::<u8>().expect("a bug")));
        assert!(catch_unwind(AssertUnwindSafe(bug)).is_err(), "a bug goes on");
    }
}
