//! An XLS is a compound file with one stream of records. It is taken out, looked through, and put into a clean container.
//!
//! The reader of XLS trusts what records say about sizes. Invariant: of what is let through, no record makes it reserve memory,
//! its sheets have a bounded number of cells, and no byte is read for two sheets.

use crate::import::fault::Reason;
use std::io::{Cursor, Read, Write};

/// The largest stream: a sheet has at most 65,536 rows.
const STREAM_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Cells of all sheets together, as rectangles: the reader keeps empty ones too.
const CELLS_MAX: u64 = 6_000_000;

const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
/// A record without meaning: an empty cell.
const IGNORED: u16 = 0x0201;
/// Records that begin with a row and a column.
const CELLS: [u16; 8] = [0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

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

/// Every sheet, from where the workbook says it begins to its end, as the reader will read it.
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
        at = content.end;
        if kind == END {
            break;
        }
    }
    sheets.sort_unstable();
    let mut cells = 0_u64;
    for start in sheets {
        // Else what is changed in one sheet would change another, and a thousand sheets could be one.
        if start < at {
            return Err(Reason::Unreadable);
        }
        at = start;
        cells = cells.saturating_add(look_through_sheet(stream, &mut at));
        if cells > CELLS_MAX {
            return Err(Reason::TooManyRows);
        }
    }
    Ok(())
}

/// How many cells a sheet has as a rectangle. Afterwards `at` is behind it.
fn look_through_sheet(stream: &mut [u8], at: &mut usize) -> u64 {
    let (mut rows, mut columns) = (0_u64, 0_u64);
    // The sheet's own beginning was seen; so deep in what stands inside it, such as a chart, whose cells aren't the sheet's.
    let (mut begun, mut depth) = (false, 0_usize);
    while let Some((kind, content)) = record(stream, *at) {
        let here = std::mem::replace(at, content.end);
        match kind {
            BEGIN if begun => depth += 1,
            BEGIN => begun = true,
            END if depth == 0 => break,
            END => depth -= 1,
            _ if depth > 0 => {}
            DIMENSIONS => stream[here..here + 2].copy_from_slice(&IGNORED.to_le_bytes()),
            kind if CELLS.contains(&kind) && content.len() >= 4 => {
                let number = |from: usize| u64::from(u16::from_le_bytes([stream[from], stream[from + 1]]));
                // Several cells side by side end with the column of the last.
                let last = if kind == 0x00BD { content.end - 2 } else { content.start + 2 };
                rows = rows.max(number(content.start) + 1);
                columns = columns.max(number(last).max(number(content.start + 2)) + 1);
            }
            _ => {}
        }
    }
    rows * columns
}

/// The kind of the record at a place, and where its content lies.
fn record(stream: &[u8], at: usize) -> Option<(u16, std::ops::Range<usize>)> {
    let head: [u8; 4] = stream.get(at..at + 4)?.try_into().ok()?;
    let kind = u16::from_le_bytes([head[0], head[1]]);
    let end = at + 4 + usize::from(u16::from_le_bytes([head[2], head[3]]));
    (end <= stream.len()).then_some((kind, at + 4..end))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, BOUND_SHEET, CELLS_MAX, DIMENSIONS, END, cleaned, look_through};
    use crate::import::fault::Reason;
    use calamine::{Data, Reader, Xls};
    use std::io::{Cursor, Write};

    const NUMBER: u16 = 0x0203;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).expect("a short record");
        [&kind.to_le_bytes(), &length.to_le_bytes(), content].concat()
    }

    fn begin() -> Vec<u8> {
        record(BEGIN, &[0x00, 0x06, 0x10, 0x00, 0, 0, 0, 0])
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        record(NUMBER, &[place, 7.5_f64.to_le_bytes().to_vec()].concat())
    }

    /// A sheet with these records.
    fn sheet(records: &[Vec<u8>]) -> Vec<u8> {
        [begin(), records.concat(), record(END, &[])].concat()
    }

    /// The stream of a workbook. Each sheet begins where the one before ends, or where `place` says.
    fn stream(sheets: &[Vec<u8>], place: impl Fn(usize, usize) -> usize) -> Vec<u8> {
        let bound = |at: usize, place: usize| {
            let place = u32::try_from(place).expect("a small file").to_le_bytes();
            let name = format!("{at:02}");
            record(BOUND_SHEET, &[&place[..], &[0, 0, 2, 0], name.as_bytes()].concat())
        };
        let head = begin().len() + sheets.len() * bound(0, 0).len() + record(END, &[]).len();
        let mut stream = begin();
        let mut at = head;
        for (number, sheet) in sheets.iter().enumerate() {
            stream.extend(bound(number, place(number, at)));
            at += sheet.len();
        }
        stream.extend(record(END, &[]));
        stream.extend(sheets.concat());
        stream
    }

    #[test]
    fn a_sheet_is_counted_to_its_own_end() {
        // The days of a month; somebody has typed something far down on the last.
        let mut days = vec![sheet(&[cell(40, 11)]); 30];
        days.push(sheet(&[cell(0, 0), cell(19_999, 11)]));
        let stream = stream(&days, |_, at| at);
        const { assert!(31 * 20_000 * 12 > CELLS_MAX, "to the end of the last they would be too many") };
        assert_eq!(look_through(&mut stream.clone()), Ok(()));
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a container");
        file.create_stream("/Workbook").expect("a stream").write_all(&stream).expect("memory");
        let cleaned = cleaned(&file.into_inner().into_inner()).expect("an honest file");
        let mut workbook = Xls::new(Cursor::new(cleaned)).expect("it is read");
        let last = workbook.worksheet_range_at(30).expect("the last sheet").expect("it is read");
        assert_eq!(last.get_value((19_999, 11)), Some(&Data::Float(7.5)), "the reader sees what was counted");
    }

    #[test]
    fn what_stands_inside_a_sheet_is_not_the_sheets_and_what_follows_it_is() {
        let chart = sheet(&[cell(65_000, 200)]);
        let size = record(DIMENSIONS, &[0; 14]);
        let mut around = stream(&[sheet(&[chart, cell(3, 3), size.clone()])], |_, at| at);
        assert_eq!(look_through(&mut around), Ok(()));
        assert!(!around.windows(size.len()).any(|bytes| bytes == size), "it reserves nothing");
        let mut large = stream(&[sheet(&[sheet(&[]), cell(65_000, 200)])], |_, at| at);
        assert_eq!(look_through(&mut large), Err(Reason::TooManyRows));
    }

    #[test]
    fn the_text_of_a_formula_is_no_place_of_a_cell() {
        let text = record(0x0207, &[&300_u16.to_le_bytes()[..], &[0], &[b'z'; 300]].concat());
        assert_eq!(look_through(&mut stream(&[sheet(&[cell(0, 0), text])], |_, at| at)), Ok(()));
    }

    #[test]
    fn sheets_that_lie_over_one_another_are_refused() {
        let sheets = vec![sheet(&[cell(0, 0)]); 3];
        let first = stream(&sheets, |_, at| at).len() - sheets.concat().len();
        assert_eq!(look_through(&mut stream(&sheets, |_, _| first)), Err(Reason::Unreadable));
        assert_eq!(
            look_through(&mut stream(&sheets, |_, at| at - 4)),
            Err(Reason::Unreadable),
            "in the workbook's own part"
        );
    }
}
