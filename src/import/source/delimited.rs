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
    let mut records = Records::of(text, separator);
    // Up to where line breaks have been counted, and the line there.
    let mut counted = (0, 1);
    while rows_max.is_none_or(|most| sheet.len() < most) {
        let start = records.at;
        let Some(taken) = records.next() else { break };
        counted = line_of(text.as_bytes(), start, counted);
        let line = counted.1;
        if let Err(reason) = taken {
            sheet.unreadable.push((line.into(), reason));
        } else if !(counted.0 == 0 && records.cells().next().is_some_and(|cell| cell.starts_with("sep="))) {
            sheet.push(line, records.cells().map(|cell| (without_guard(cell), CellKind::Text)))?;
        }
    }
    Ok(sheet)
}

/// The records, one at a time, in room that doesn't grow: what of a record is longer or wider than a table's is passed over. A line of thirty
/// million commas is a small file and would be a gigabyte of cells.
struct Records<'text> {
    reader: csv_core::Reader,
    text: &'text [u8],
    /// Up to where it was read.
    at: usize,
    /// The texts of the record's cells, one after another, and where each ends.
    written: Vec<u8>,
    ends: Vec<usize>,
    /// How many cells the record has.
    count: usize,
}

impl<'text> Records<'text> {
    fn of(text: &'text str, separator: u8) -> Records<'text> {
        let reader = csv_core::ReaderBuilder::new().delimiter(separator).build();
        // As many cells as a row may have, each as long as it may be: a record that has no room breaks one of the two limits.
        let (written, ends) = (vec![0; COLUMNS_MAX * CELL_BYTES_MAX + 1], vec![0; COLUMNS_MAX + 1]);
        Records { reader, text: text.as_bytes(), at: 0, written, ends, count: 0 }
    }

    /// Reads the next record, or why it can't be a row.
    fn next(&mut self) -> Option<Result<(), Reason>> {
        let (mut written, mut ended, mut refused) = (0, 0, None);
        loop {
            let rest = &self.text[self.at..];
            let (result, read, more, ends) =
                self.reader.read_record(rest, &mut self.written[written..], &mut self.ends[ended..]);
            (self.at, written, ended) = (self.at + read, written + more, ended + ends);
            let reason = match result {
                csv_core::ReadRecordResult::InputEmpty => continue,
                csv_core::ReadRecordResult::Record => break,
                csv_core::ReadRecordResult::End => return None,
                csv_core::ReadRecordResult::OutputFull => Reason::CellTooLong,
                csv_core::ReadRecordResult::OutputEndsFull => Reason::TooManyColumns,
            };
            refused.get_or_insert(reason);
            (written, ended) = (0, 0);
        }
        self.count = ended;
        Some(match refused {
            Some(reason) => Err(reason),
            None if ended > COLUMNS_MAX => Err(Reason::TooManyColumns),
            None if self.cells().any(|cell| cell.len() > CELL_BYTES_MAX) => Err(Reason::CellTooLong),
            None => Ok(()),
        })
    }

    /// The cells of the record that was read last.
    fn cells(&self) -> impl Iterator<Item = &str> {
        let ends = &self.ends[..self.count];
        let written = &self.written[..ends.last().copied().unwrap_or(0)];
        let text = std::str::from_utf8(written).expect("text that was cut at separators and quotation marks");
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, end)| &text[start..*end])
    }
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
