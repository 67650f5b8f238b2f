//! Where rows come from. CSV (RFC 4180) in UTF-8, with or without a byte-order mark, LF or CRLF.

use crate::import::fault::{Reason, RowFault};
use std::io::Read;

/// The largest file that is read, in bytes: some five million rows.
pub const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// The longest cell, in bytes. A longer one is a quotation mark that was never closed.
const CELL_BYTES_MAX: usize = 4_096;

/// One row of a table, as any file format gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// The line of the file on which it begins, from 1.
    pub line: u64,
    /// Its cells from the left, untrimmed.
    pub cells: Vec<String>,
}

/// The rows of a CSV file, the header first; lines without any text are left out. A file that isn't UTF-8 is one fault and no rows.
pub fn csv_rows(mut file: impl Read) -> std::io::Result<impl Iterator<Item = Result<SourceRow, RowFault>>> {
    let mut bytes = Vec::new();
    file.by_ref().take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    let mut refused = None;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        refused = Some(RowFault::of_line(1, Reason::FileTooLarge));
    } else if let Err(error) = std::str::from_utf8(&bytes) {
        refused = Some(RowFault::of_line(line_at(&bytes, error.valid_up_to()), Reason::NotUtf8));
    }
    if refused.is_some() {
        bytes.clear();
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(refused.map(Err).into_iter().chain(CsvRows::over(bytes)))
}

fn line_at(bytes: &[u8], offset: usize) -> u64 {
    let breaks = bytes[..offset].iter().filter(|&&byte| byte == b'\n').count();
    u64::try_from(breaks).expect("a count fits") + 1
}

struct CsvRows {
    text: std::sync::Arc<[u8]>,
    reader: csv::Reader<std::io::Cursor<std::sync::Arc<[u8]>>>,
    record: csv::StringRecord,
    /// Up to where line breaks have been counted, and the line there.
    counted: (usize, u64),
}

impl CsvRows {
    fn over(bytes: Vec<u8>) -> CsvRows {
        let text: std::sync::Arc<[u8]> = bytes.into();
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(std::io::Cursor::new(std::sync::Arc::clone(&text)));
        CsvRows { text, reader, record: csv::StringRecord::new(), counted: (0, 1) }
    }

    /// The line of the record's first byte. The reader's own count stands before the line breaks that end the record above.
    fn line(&mut self) -> u64 {
        let mut start = self.record.position().map_or(0, |at| usize::try_from(at.byte()).expect("within the file"));
        while matches!(self.text.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let (counted, line) = self.counted;
        let line = line + line_at(&self.text[counted..], start - counted) - 1;
        self.counted = (start, line);
        line
    }
}

impl Iterator for CsvRows {
    type Item = Result<SourceRow, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return None,
                Ok(true) => {}
                Err(_) => {
                    let (_, line) = self.counted;
                    return Some(Err(RowFault::of_line(line, Reason::NotUtf8)));
                }
            }
            let line = self.line();
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if self.record.iter().any(|cell| cell.len() > CELL_BYTES_MAX) {
                return Some(Err(RowFault::of_line(line, Reason::CellTooLong)));
            }
            return Some(Ok(SourceRow { line, cells: self.record.iter().map(str::to_owned).collect() }));
        }
    }
}
