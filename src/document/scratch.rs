//! Where rows of a workbook stand until it is packed: in files without a name, for their owner alone, in the ledger's directory, or where there is none in that for
//! temporary files (`TMPDIR`). Nothing of them is left, also after a crash.
//!
//! Invariant: a directory that is missing or full is an error that names it, and no panic.

use rust_xlsxwriter::XlsxError;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

/// Why a workbook can't be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// A text is longer than a cell takes.
    #[error("writing the document as a workbook")]
    Content(#[source] XlsxError),
    /// The directory is missing or full.
    #[error("writing a temporary file in {}", .0.display())]
    NoRoom(PathBuf),
}

/// What `write` makes. The writer of workbooks takes a full disk for impossible where it writes rows.
pub(super) fn with_scratch<T>(
    scratch: Option<&Path>,
    write: impl FnOnce() -> Result<T, XlsxError>,
) -> Result<T, WorkbookError> {
    #[expect(clippy::disallowed_methods, reason = "where the writer of workbooks goes by itself: only to name it")]
    let no_room = || WorkbookError::NoRoom(scratch.map_or_else(std::env::temp_dir, Path::to_owned));
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Ok(written)) => Ok(written),
        // What is packed goes to memory: only rows are in a file.
        Ok(Err(XlsxError::TempFileError(..) | XlsxError::IoError(_))) => Err(no_room()),
        Ok(Err(error)) => Err(WorkbookError::Content(error)),
        Err(panic) if is_of_a_file(&*panic) => Err(no_room()),
        Err(panic) => resume_unwind(panic),
    }
}

/// Whether a failure of the system is behind a panic: a debugged `io::Error` tells its number.
fn is_of_a_file(panic: &(dyn Any + Send)) -> bool {
    panic.downcast_ref::<String>().is_some_and(|message| message.contains("Os { code: "))
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
        assert!(matches!(&told, Err(WorkbookError::NoRoom(place)) if place.as_os_str() == "ledger"), "{told:?}");
        let bug = || with_scratch(None, || Ok("a number".parse::<u8>().expect("a bug")));
        assert!(catch_unwind(AssertUnwindSafe(bug)).is_err(), "a bug goes on");
    }
}
