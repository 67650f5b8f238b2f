//! CSV (RFC 4180) as spreadsheets open it: UTF-8 with a byte order mark, so that Excel reads the Chinese, and lines that end with CRLF.
//!
//! The one room that writes it. Invariant: whatever is written, no field is taken for a formula (OWASP, CSV injection); a number stays one, also below zero, so that a column
//! can be added up.

use super::guarded;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;

/// Rows, of as many fields as each has.
pub struct CsvRows<W: Write>(csv::Writer<W>);

impl<W: Write> CsvRows<W> {
    /// Begins a file.
    pub fn begin(mut into: W) -> Result<CsvRows<W>, csv::Error> {
        into.write_all("\u{feff}".as_bytes())?;
        let mut layout = csv::WriterBuilder::new();
        Ok(CsvRows(layout.flexible(true).terminator(csv::Terminator::CRLF).from_writer(into)))
    }

    /// A field that somebody has typed, such as a name: it stays a text.
    pub fn text(&mut self, text: &str) -> Result<(), csv::Error> {
        self.0.write_field(guarded(text).as_bytes())
    }

    /// A field that the program has written: a number stays one.
    pub fn value(&mut self, value: impl Display) -> Result<(), csv::Error> {
        let text = value.to_string();
        let field = if is_number(&text) { Cow::Borrowed(&*text) } else { guarded(&text) };
        self.0.write_field(field.as_bytes())
    }

    /// Ends the row.
    pub fn end_row(&mut self) -> Result<(), csv::Error> {
        self.0.write_record(None::<&[u8]>)
    }

    /// A row of texts.
    pub fn texts(&mut self, texts: impl IntoIterator<Item = impl AsRef<str>>) -> Result<(), csv::Error> {
        texts.into_iter().try_for_each(|text| self.text(text.as_ref()))?;
        self.end_row()
    }

    /// A row of values.
    pub fn values(&mut self, values: impl IntoIterator<Item = impl Display>) -> Result<(), csv::Error> {
        values.into_iter().try_for_each(|value| self.value(value))?;
        self.end_row()
    }

    /// Ends the file: every byte is handed on.
    pub fn finish(mut self) -> Result<(), csv::Error> {
        Ok(self.0.flush()?)
    }
}

/// A file in memory, of the rows that `write` writes.
pub fn csv_in_memory(write: impl FnOnce(&mut CsvRows<&mut Vec<u8>>) -> Result<(), csv::Error>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = CsvRows::begin(&mut bytes).and_then(|mut rows| {
        write(&mut rows)?;
        rows.finish()
    });
    written.expect("memory takes every row, of whatever width");
    bytes
}

/// Whether this is a number as we write them: a spreadsheet reads it as one, and runs nothing.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = magnitude.split_once('.').unwrap_or((magnitude, "0"));
    digits(whole) && digits(places)
}

#[cfg(test)]
mod tests {
    use super::{csv_in_memory, is_number};

    #[test]
    fn no_field_is_a_formula_and_numbers_below_zero_stay_numbers() {
        let written = csv_in_memory(|rows| {
            rows.texts(["名称", "-1", ""])?;
            rows.values(["=1+1", "-2.00", "-1+1"])?;
            rows.texts([""])?;
            rows.text("a,\"b\"")?;
            rows.value(12_345)?;
            rows.end_row()
        });
        let expected = "\u{feff}名称,'-1,\r\n'=1+1,-2.00,'-1+1\r\n\"\"\r\n\"a,\"\"b\"\"\",12345\r\n";
        assert_eq!(String::from_utf8(written).expect("UTF-8"), expected);
    }

    /// RFC 4180 §2 has no record without a field, and an empty line is one empty field to its grammar and nothing to most programs: so a row of one empty
    /// field is `""`, which is that to all of them.
    #[test]
    fn every_row_is_read_again_as_it_was_written() {
        let rows: &[&[&str]] = &[
            &["一列"],
            &[""],
            &["", ""],
            &["a,b", "c\"d\"", "\"", "e\r\nf", "g\nh", " i "],
            &[""],
            &["", "后面有字", ""],
            &["\r"],
            &[""],
        ];
        let written = csv_in_memory(|into| rows.iter().try_for_each(|row| into.texts(*row)));
        let text = String::from_utf8(written).expect("UTF-8");
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let read: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(read.len(), rows.len(), "{text}");
        for (read, row) in read.iter().zip(rows) {
            let row: Vec<String> = row.iter().map(|field| super::guarded(field).into_owned()).collect();
            assert_eq!(read.iter().collect::<Vec<_>>(), row);
        }
    }

    #[test]
    fn a_number_is_what_runs_nothing() {
        for number in ["0", "-5", "-5.00", "12345", "0.5"] {
            assert!(is_number(number), "{number}");
        }
        for formula in ["-", "-1+1", "-1-2", "+2", "=1", "-1.", "-.5", "--1", "1e4", ""] {
            assert!(!is_number(formula), "{formula}");
        }
    }
}
