//! XLSX: typed cells below a heading that stays, in constant memory. A table that is longer than a sheet goes on in a further one.
//!
//! Invariants: no text is a formula; the creation date is that of the newest entry, so that the same models give the same bytes.

use super::{Writer, decimal};
use crate::tables::{Column, Kind, Table, TableError, Value};
use mingzhang_events::Instant;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::fs::File;

/// Rows of a sheet, the heading apart.
const ROWS_MAX: u32 = 1_048_575;
/// Asia/Shanghai, in which people read times.
const LOCAL_SECONDS: i64 = 8 * 3_600;

pub(super) struct Xlsx {
    table: &'static Table,
    into: File,
    workbook: Workbook,
    /// The format of each column.
    formats: Vec<Format>,
    /// Rows in the last sheet.
    rows: u32,
}

impl Xlsx {
    pub(super) fn begin(table: &'static Table, into: File, newest: Option<Instant>) -> Result<Xlsx, TableError> {
        let mut workbook = Workbook::new();
        let created = local(newest.unwrap_or(Instant::EARLIEST))?;
        workbook.set_properties(&DocProperties::new().set_title(table.chinese).set_creation_datetime(&created));
        let formats = table.columns.iter().map(format_of).collect();
        let mut xlsx = Xlsx { table, into, workbook, formats, rows: 0 };
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
}

impl Writer for Xlsx {
    fn row(&mut self, row: &[Value]) -> Result<(), TableError> {
        if self.rows == ROWS_MAX {
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

    fn finish(mut self: Box<Self>) -> Result<(), TableError> {
        let last = self.table.columns.len().saturating_sub(1);
        let (rows, last) = (self.rows, u16::try_from(last).unwrap_or(u16::MAX));
        self.workbook.worksheets_mut().last_mut().expect("one was begun").autofilter(0, 0, rows.max(1), last)?;
        Ok(self.workbook.save_to_writer(self.into)?)
    }
}

/// A cell of a workbook is a float; counts of a ledger stay far below 2^53.
fn float(number: i64) -> f64 {
    number as f64
}

fn local(instant: Instant) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_timestamp(instant.unix_seconds() + LOCAL_SECONDS)
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
