//! How much a ZIP holds, measured by unpacking it into nothing: what its directory says about itself may be a lie.
//!
//! Done before anything else reads it, so that a file of a few kilobytes can't take gigabytes (a zip bomb).

use super::markup::Seen;
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

/// Measures, and looks through what is XML. A package that isn't a workbook, or takes too much, is refused.
pub(super) fn measure(bytes: &[u8]) -> Result<Seen, Reason> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Unreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(Reason::TooLargeInflated);
    }
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX).max(1);
    let (mut kept, mut passing, mut is_workbook, mut seen) = (0_u64, 0_u64, false, Seen::default());
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| Reason::Unreadable)?;
        let name = part.name().map_err(|_| Reason::Unreadable)?.to_ascii_lowercase();
        is_workbook |= name.ends_with("workbook.xml");
        let in_passing = name.starts_with("xl/worksheets/") || name.starts_with("xl/media/");
        let (so_far, most) = if in_passing { (&mut passing, PASSING_BYTES_MAX) } else { (&mut kept, KEPT_BYTES_MAX) };
        let allowed = most - *so_far;
        let mut content = part.by_ref().take(allowed + 1);
        seen.look_through(&name, &mut content, !in_passing)?;
        std::io::copy(&mut content, &mut std::io::sink()).map_err(|_| Reason::Unreadable)?;
        *so_far += allowed + 1 - content.limit();
        let total = kept + passing;
        if kept > KEPT_BYTES_MAX
            || passing > PASSING_BYTES_MAX
            || (total > RATIO_FROM_BYTES && total / packed > RATIO_MAX)
        {
            return Err(Reason::TooLargeInflated);
        }
    }
    if is_workbook { Ok(seen) } else { Err(Reason::OtherFormat) }
}
