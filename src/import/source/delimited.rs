//! Text with one separator (RFC 4180): commas, or the tabs and semicolons that spreadsheets write as well.

use super::{CELL_BYTES_MAX, COLUMNS_MAX};
use crate::import::fault::Reason;
use crate::import::sheet::{CellKind, Sheet};

/// How much of the beginning tells the separator.
const LINES_LOOKED_AT: usize = 20;

/// Reads the rows. Lines are counted as an editor does.
pub(super) fn read(text: &str, rows_max: Option<usize>) -> Result<Sheet, Reason> {
    let separator = separator(text);
    if let Some(line) = unclosed_quote(text.as_bytes(), separator) {
        return Err(Reason::QuoteUnclosed { line });
    }
    let mut sheet = Sheet::default();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // Up to where line breaks have been counted, and the line there.
    let mut counted = (0, 1);
    while rows_max.is_none_or(|most| sheet.len() < most) {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) | Err(_) => break,
        }
        let start = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or(text.len()));
        counted = line_of(text.as_bytes(), start, counted);
        let line = counted.1;
        if record.iter().any(|cell| cell.len() > CELL_BYTES_MAX) {
            sheet.unreadable.push((line.into(), Reason::CellTooLong));
        } else if record.len() > COLUMNS_MAX {
            sheet.unreadable.push((line.into(), Reason::TooManyColumns));
        } else if !(counted.0 == 0 && record.iter().next().is_some_and(|cell| cell.starts_with("sep="))) {
            sheet.push(line, record.iter().map(|cell| (without_guard(cell), CellKind::Text)))?;
        }
    }
    Ok(sheet)
}

/// The line of a quotation mark that opens a cell and isn't closed before the end, or is closed on a later line in the midst of a text:
/// there another cell was meant to begin. A cell of several lines is closed before a separator or the end of a line.
fn unclosed_quote(text: &[u8], separator: u8) -> Option<u64> {
    enum Cell {
        Begins,
        Plain,
        Quoted,
        /// After a quotation mark that ends the cell or, before another one, is part of it.
        Quote,
    }
    let (mut cell, mut line, mut opened) = (Cell::Begins, 1, 1);
    for &byte in text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text) {
        let ends = byte == separator || matches!(byte, b'\r' | b'\n');
        cell = match cell {
            Cell::Begins if byte == b'"' => {
                opened = line;
                Cell::Quoted
            }
            Cell::Quoted if byte == b'"' => Cell::Quote,
            Cell::Quoted => Cell::Quoted,
            Cell::Quote if byte == b'"' => Cell::Quoted,
            Cell::Begins | Cell::Plain | Cell::Quote if ends => Cell::Begins,
            Cell::Quote if opened < line => return Some(opened),
            Cell::Begins | Cell::Plain | Cell::Quote => Cell::Plain,
        };
        line += u64::from(byte == b'\n');
    }
    matches!(cell, Cell::Quoted).then_some(opened)
}

/// The line of the record's first byte. The reader's own count stands before the line breaks that end the record above.
fn line_of(text: &[u8], mut start: usize, (counted, line): (usize, u32)) -> (usize, u32) {
    while matches!(text.get(start), Some(b'\r' | b'\n')) {
        start += 1;
    }
    let breaks = text.get(counted..start).unwrap_or_default().iter().filter(|&&byte| byte == b'\n').count();
    (start, line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)))
}

/// The mark of whichever separator occurs most in the first lines.
fn separator(text: &str) -> u8 {
    let lines = || text.lines().take(LINES_LOOKED_AT);
    let count = |separator: char| lines().map(|line| line.matches(separator).count()).sum::<usize>();
    let (commas, tabs, semicolons) = (count(','), count('\t'), count(';'));
    match () {
        () if tabs > commas && tabs >= semicolons => b'\t',
        () if semicolons > commas => b';',
        () => b',',
    }
}

/// A text that a spreadsheet would take for a formula is written with an apostrophe before it, and read without.
fn without_guard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        Some(_) | None => cell,
    }
}
