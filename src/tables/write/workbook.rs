//! XLSX: typed cells below a heading that stays, in constant memory. A table that is longer than a sheet goes on in a further one.
//!
//! Invariants: no text is a formula; the creation date is that of the newest entry, so that the same models give the same bytes.

use super::{Writer, decimal};
use crate::document::{SHEET_ROWS_MAX, is_formula, with_scratch};
use crate::tables::{Column, Kind, Table, TableError, Value};
use mingzhang_events::{Instant, SHANGHAI_OFFSET_SECONDS};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::path::{Path, PathBuf};

pub(super) struct Xlsx {
    table: &'static Table,
    into: File,
    /// Where rows stand until the file is packed.
    scratch: PathBuf,
    workbook: Workbook,
    /// The format of each column.
    formats: Vec<Format>,
    /// Of a text that begins like a formula: it stays one when somebody edits the cell.
    quoted: Format,
    /// Rows in the last sheet.
    rows: u32,
    /// Rows that a sheet takes.
    rows_max: u32,
}

impl Xlsx {
    pub(super) fn begin(
        table: &'static Table,
        into: File,
        scratch: &Path,
        newest: Option<Instant>,
    ) -> Result<Xlsx, TableError> {
        Ok(with_scratch(Some(scratch), || Xlsx::begun(table, into, scratch, newest))?)
    }

    fn begun(table: &'static Table, into: File, scratch: &Path, newest: Option<Instant>) -> Result<Xlsx, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(scratch)?;
        let created = local(newest.unwrap_or(Instant::EARLIEST))?;
        workbook.set_properties(&DocProperties::new().set_title(table.chinese).set_creation_datetime(&created));
        let formats = table.columns.iter().map(format_of).collect();
        let quoted = Format::new().set_quote_prefix();
        let scratch = scratch.to_owned();
        let mut xlsx = Xlsx { table, into, scratch, workbook, formats, quoted, rows: 0, rows_max: SHEET_ROWS_MAX };
        xlsx.begin_sheet(1)?;
        Ok(xlsx)
    }

    fn begin_sheet(&mut self, number: usize) -> Result<(), XlsxError> {
        let heading = Format::new().set_bold().set_text_wrap().set_background_color(0x00F3_DED9);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        let name = self.table.chinese;
        sheet.set_name(if number == 1 { name.to_owned() } else { format!("{name} {number}") })?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        for (place, column) in (0..).zip(self.table.columns) {
            sheet.set_column_width(place, width_of(column))?;
        }
        for (place, column) in (0..).zip(self.table.columns) {
            sheet.write_string_with_format(0, place, column.chinese, &heading)?;
        }
        self.rows = 0;
        Ok(())
    }

    /// Buttons to filter by, over all rows of the sheet that was begun last. What it holds is known only now.
    fn end_sheet(&mut self) -> Result<&mut Worksheet, XlsxError> {
        let last = u16::try_from(self.table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.workbook.worksheets_mut().last_mut().expect("one was begun").autofilter(0, 0, self.rows.max(1), last)
    }
}

impl Writer for Xlsx {
    fn row(&mut self, row: &[Value]) -> Result<(), TableError> {
        let scratch = std::mem::take(&mut self.scratch);
        let put = with_scratch(Some(&scratch), || self.put(row));
        self.scratch = scratch;
        Ok(put?)
    }

    fn finish(self: Box<Self>) -> Result<(), TableError> {
        let scratch = self.scratch.clone();
        Ok(with_scratch(Some(&scratch), || self.packed())?)
    }
}

impl Xlsx {
    fn put(&mut self, row: &[Value]) -> Result<(), XlsxError> {
        if self.rows == self.rows_max {
            self.end_sheet()?;
            let number = self.workbook.worksheets().len() + 1;
            self.begin_sheet(number)?;
        }
        self.rows += 1;
        let line = self.rows;
        let sheet = self.workbook.worksheets_mut().last_mut().expect("one was begun");
        for (place, (value, format)) in (0..).zip(row.iter().zip(&self.formats)) {
            match value {
                Value::Nothing => {}
                // Written as a string, never as a formula, whatever it begins with.
                Value::Text(text) if is_formula(text) => {
                    sheet.write_string_with_format(line, place, text.as_ref(), &self.quoted)?;
                }
                Value::Text(text) => drop(sheet.write_string(line, place, text.as_ref())?),
                Value::Number(number) => drop(sheet.write_number_with_format(line, place, float(*number), format)?),
                Value::Hundredths(hundredths) => {
                    let number: f64 = decimal(*hundredths).parse().expect("a decimal");
                    sheet.write_number_with_format(line, place, number, format)?;
                }
                Value::Instant(instant) => {
                    sheet.write_datetime_with_format(line, place, local(*instant)?, format)?;
                }
                Value::Date(date) => {
                    let date = ExcelDateTime::parse_from_str(&date.to_string())?;
                    sheet.write_datetime_with_format(line, place, date, format)?;
                }
                Value::Flag(flag) => drop(sheet.write_boolean(line, place, *flag)?),
            }
        }
        Ok(())
    }

    fn packed(mut self) -> Result<(), XlsxError> {
        self.end_sheet()?;
        self.workbook.save_to_writer(self.into)
    }
}

/// A cell of a workbook is a float; counts of a ledger stay far below 2^53.
fn float(number: i64) -> f64 {
    number as f64
}

fn local(instant: Instant) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_timestamp(instant.unix_seconds() + SHANGHAI_OFFSET_SECONDS)
}

fn format_of(column: &Column) -> Format {
    match column.kind {
        Kind::Text | Kind::Flag => Format::new(),
        Kind::Count | Kind::Minutes => Format::new().set_num_format("0"),
        Kind::Points => Format::new().set_num_format("#,##0.00"),
        Kind::Percent => Format::new().set_num_format("0.00"),
        Kind::Instant => Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        Kind::Date => Format::new().set_num_format("yyyy-mm-dd"),
    }
}

fn width_of(column: &Column) -> f64 {
    match column.kind {
        Kind::Instant => 20.0,
        Kind::Text => 18.0,
        Kind::Count | Kind::Minutes | Kind::Points | Kind::Percent | Kind::Date | Kind::Flag => 12.0,
    }
}

#[cfg(test)]
mod tests {
    use super::Xlsx;
    use crate::document::unpacked;
    use crate::tables::write::Writer;
    use crate::tables::{Value, named};
    use std::io::{Read, Seek};

    /// Organisations with these names, so many to a sheet: the parts of the file as text.
    fn parts(names: &[&str], rows_max: u32) -> String {
        let (file, table) = (tempfile::tempfile().expect("a file"), named("organizations").expect("a table"));
        let (scratch, mut read) = (tempfile::tempdir().expect("a directory"), file.try_clone().expect("the same file"));
        let mut workbook = Xlsx::begin(table, file, scratch.path(), None).expect("begun");
        workbook.rows_max = rows_max;
        for name in names {
            let text = |text: &'static str| Value::Text(text.into());
            let name = Value::Text((*name).to_owned().into());
            workbook.row(&[text("420902001"), name, text("city"), Value::Nothing, Value::Flag(true)]).expect("a row");
        }
        Box::new(workbook).finish().expect("written");
        let mut bytes = Vec::new();
        read.rewind().and_then(|()| read.read_to_end(&mut bytes)).expect("the file");
        String::from_utf8_lossy(&unpacked(&bytes).expect("an archive")).into_owned()
    }

    #[test]
    fn every_sheet_of_a_long_table_is_filtered_over_its_own_rows() {
        let parts = parts(&["甲", "乙", "丙"], 2);
        for cells in ["A1:E3", "A1:E2"] {
            assert_eq!(parts.matches(&format!("<autoFilter ref=\"{cells}\"")).count(), 1, "{parts}");
        }
    }

    #[test]
    fn a_text_that_begins_like_a_formula_stays_one_when_it_is_edited() {
        let parts = parts(&["=1+1", "书院街道"], 10);
        assert!(parts.contains("quotePrefix=\"1\"") && !parts.contains("<f>"), "{parts}");
        let styled = |cell: &str| parts.split("<c ").find(|of| of.contains(cell)).is_some_and(|of| of.contains(" s="));
        assert!(styled("r=\"B2\"") && !styled("r=\"B3\""), "{parts}");
    }
}
