//! An XLS is a compound file with one stream of records. It is taken out, looked through, and put into a clean container.
//!
//! The reader of XLS trusts what records say about sizes. Invariant: of what is let through, no record makes it reserve memory,
//! and its sheets have a bounded number of cells.

use crate::import::fault::Reason;
use std::io::{Cursor, Read, Write};

/// The largest stream: a sheet has at most 65,536 rows.
const STREAM_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Cells of all sheets together, as rectangles: the reader keeps empty ones too.
const CELLS_MAX: u64 = 6_000_000;

const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const END: u16 = 0x000A;
/// A record without meaning: an empty cell.
const IGNORED: u16 = 0x0201;
/// Records that begin with a row and a column.
const CELLS: [u16; 9] = [0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0207, 0x027E];

/// The bytes of a clean XLS with the same sheets.
pub(super) fn cleaned(bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| Reason::Unreadable)?;
    if file.exists("/EncryptedPackage") || file.exists("/EncryptionInfo") {
        return Err(Reason::Encrypted);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name)).ok_or(Reason::OtherFormat)?;
    let mut stream = Vec::new();
    let opened = file.open_stream(name).map_err(|_| Reason::Unreadable)?;
    opened.take(STREAM_BYTES_MAX + 1).read_to_end(&mut stream).map_err(|_| Reason::Unreadable)?;
    if u64::try_from(stream.len()).unwrap_or(u64::MAX) > STREAM_BYTES_MAX {
        return Err(Reason::TooLargeInflated);
    }
    look_through(&mut stream)?;
    let container = || -> std::io::Result<Vec<u8>> {
        let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
        file.create_stream(name)?.write_all(&stream)?;
        file.flush()?;
        Ok(file.into_inner().into_inner())
    };
    container().map_err(|_| Reason::Unreadable)
}

/// Every sheet, from where the workbook says it begins, as the reader will read it.
fn look_through(stream: &mut [u8]) -> Result<(), Reason> {
    let mut sheets = Vec::new();
    let mut at = 0;
    while let Some((kind, content)) = record(stream, at) {
        if kind == BOUND_SHEET {
            let place = stream.get(content.start..content.start + 4).filter(|_| content.len() >= 8);
            let place = place.and_then(|place| place.try_into().ok()).map(u32::from_le_bytes);
            let place = place.and_then(|place| usize::try_from(place).ok());
            sheets.push(place.filter(|&place| place < stream.len()).ok_or(Reason::Unreadable)?);
        }
        if kind == END {
            break;
        }
        at = content.end;
    }
    let mut cells = 0_u64;
    for start in sheets {
        let (mut rows, mut columns) = (0_u64, 0_u64);
        let mut at = start;
        while let Some((kind, content)) = record(stream, at) {
            if kind == DIMENSIONS {
                stream[at..at + 2].copy_from_slice(&IGNORED.to_le_bytes());
            }
            if CELLS.contains(&kind) && content.len() >= 4 {
                let number = |from: usize| u64::from(u16::from_le_bytes([stream[from], stream[from + 1]]));
                // Several cells side by side end with the column of the last.
                let last = if kind == 0x00BD { content.end - 2 } else { content.start + 2 };
                rows = rows.max(number(content.start) + 1);
                columns = columns.max(number(last).max(number(content.start + 2)) + 1);
            }
            at = content.end;
        }
        cells += rows * columns;
        if cells > CELLS_MAX {
            return Err(Reason::TooManyRows);
        }
    }
    Ok(())
}

/// The kind of the record at a place, and where its content lies.
fn record(stream: &[u8], at: usize) -> Option<(u16, std::ops::Range<usize>)> {
    let head: [u8; 4] = stream.get(at..at + 4)?.try_into().ok()?;
    let kind = u16::from_le_bytes([head[0], head[1]]);
    let end = at + 4 + usize::from(u16::from_le_bytes([head[2], head[3]]));
    (end <= stream.len()).then_some((kind, at + 4..end))
}
