//! How much a ZIP holds, measured by unpacking it into nothing: what its directory says about itself may be a lie.
//!
//! Done before anything else reads it, so that a file of a few kilobytes can't take gigabytes (a zip bomb).

use crate::import::fault::Reason;
use std::io::{Cursor, Read};

/// Parts of an honest workbook are some dozens.
const PARTS_MAX: usize = 4_096;
/// Sheets and pictures are read in passing, or not at all.
const PASSING_BYTES_MAX: u64 = 768 * 1024 * 1024;
/// Everything else is kept in memory while the workbook is open: texts, styles, names.
const KEPT_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Half a million rows of digits shrink to a fiftieth. Below this many bytes the ratio doesn't matter.
const RATIO_MAX: u64 = 200;
const RATIO_FROM_BYTES: u64 = 16 * 1024 * 1024;

/// Measures. A package that isn't a workbook, or unpacks to too much, is refused.
pub(super) fn measure(bytes: &[u8]) -> Result<(), Reason> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Unreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(Reason::TooLargeInflated);
    }
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX).max(1);
    let (mut kept, mut passing, mut is_workbook) = (0_u64, 0_u64, false);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| Reason::Unreadable)?;
        let name = part.name().map_err(|_| Reason::Unreadable)?.to_ascii_lowercase();
        is_workbook |= name.ends_with("workbook.xml");
        let in_passing = name.starts_with("xl/worksheets/") || name.starts_with("xl/media/");
        let (so_far, most) = if in_passing { (&mut passing, PASSING_BYTES_MAX) } else { (&mut kept, KEPT_BYTES_MAX) };
        let allowed = most - *so_far;
        let held = std::io::copy(&mut part.by_ref().take(allowed + 1), &mut std::io::sink());
        *so_far += held.map_err(|_| Reason::Unreadable)?;
        let total = kept + passing;
        if kept > KEPT_BYTES_MAX
            || passing > PASSING_BYTES_MAX
            || (total > RATIO_FROM_BYTES && total / packed > RATIO_MAX)
        {
            return Err(Reason::TooLargeInflated);
        }
    }
    if is_workbook { Ok(()) } else { Err(Reason::OtherFormat) }
}
