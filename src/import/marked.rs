//! A copy of a table with a column of faults beside its rows, to be corrected and imported again: XLSX, or CSV in UTF-8.
//!
//! Every row of the sheet is in it, in its place, with values and their kinds; formats, formulas and other sheets aren't.
//! Invariant: nothing in it is a formula, whatever the cells say, and the import reads the copy as it read the file.

use crate::document::{WorkbookError, csv_in_memory, with_scratch};
use crate::import::column::plain_header;
use crate::import::file::TableFile;
use crate::import::layout::{FAULTS_HEADER, Recognition};
use crate::import::sheet::{CellKind, SheetCell};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Stands for a formula whose value the file doesn't have.
const MISSING: &str = "#N/A";

/// Why the copy can't be made.
#[derive(Debug, thiserror::Error)]
#[error("writing the copy as a workbook")]
pub struct CopyError(#[from] WorkbookError);

/// The copy as an XLSX workbook. `faults` are sentences by line.
pub fn marked_workbook(file: &TableFile, faults: &BTreeMap<u64, Vec<String>>) -> Result<Vec<u8>, CopyError> {
    Ok(with_scratch(None, || packed(file, faults))?)
}

fn packed(file: &TableFile, faults: &BTreeMap<u64, Vec<String>>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::parse_from_str("2026-01-01")?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    let formats = Formats::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    if !file.sheet_name.is_empty() {
        sheet.set_name(&file.sheet_name)?;
    }
    let place = faults_place(file);
    sheet.set_column_width(column(place), 60)?;
    sheet.set_freeze_panes(row_of(file.layout.header_line) + 1, 0)?;
    for row in file.sheet.rows() {
        let at = row_of(row.line);
        let width = row.width().max(place + 1);
        for here in 0..width {
            if here != place {
                write(sheet, at, column(here), row.cell(here), &formats)?;
            } else if row.line == file.layout.header_line {
                sheet.write_string_with_format(at, column(here), FAULTS_HEADER, &formats.fault)?;
            } else if let Some(faults) = faults.get(&row.line) {
                sheet.write_string_with_format(at, column(here), faults.join("；"), &formats.fault)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// The copy as CSV. Rows of which nothing was kept, such as empty ones, are empty rows: every other begins on the line on which it began.
pub fn marked_text(file: &TableFile, faults: &BTreeMap<u64, Vec<String>>) -> Vec<u8> {
    let place = faults_place(file);
    csv_in_memory(|rows| {
        let mut line = 1;
        file.sheet.rows().try_for_each(|row| {
            for _ in line..row.line {
                rows.texts([""])?;
            }
            // A cell may go over several lines.
            let breaks = row.cells().map(|cell| cell.text.matches('\n').count() as u64).sum::<u64>();
            line = row.line.max(line) + 1 + breaks;
            for here in 0..row.width().max(place + 1) {
                if here != place {
                    rows.text(&text_of(row.cell(here)))?;
                } else if row.line == file.layout.header_line {
                    rows.text(FAULTS_HEADER)?;
                } else {
                    rows.text(&faults.get(&row.line).map_or_else(String::new, |faults| faults.join("；")))?;
                }
            }
            rows.end_row()
        })
    })
}

/// The column of an earlier copy's faults, or the first beyond the table.
fn faults_place(file: &TableFile) -> usize {
    let header = &file.layout.header;
    let earlier = |cell: &super::HeaderCell| {
        cell.means == Recognition::Marginal && plain_header(&cell.name) == plain_header(FAULTS_HEADER)
    };
    let beyond = || file.sheet.rows().map(|row| row.width()).max().unwrap_or(0).max(header.len());
    header.iter().position(earlier).unwrap_or_else(beyond)
}

/// What can't be read as it is can't be read in the copy either: a missing value is an error, a rounded number is seen to be one.
fn text_of(cell: SheetCell<'_>) -> String {
    match (cell.kind, cell.text.parse::<f64>()) {
        (CellKind::Uncomputed, _) => MISSING.to_owned(),
        (CellKind::Rounded, Ok(number)) => format!("{number:E}").replacen('E', "E+", 1),
        (_, _) => cell.text.to_owned(),
    }
}

struct Formats {
    fault: Format,
    date: Format,
    instant: Format,
    time: Format,
}

impl Formats {
    fn new() -> Formats {
        Formats {
            fault: Format::new().set_font_color(Color::Red),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            time: Format::new().set_num_format("[hh]:mm:ss"),
        }
    }
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: SheetCell<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell.kind {
        CellKind::Uncomputed => drop(sheet.write_string(row, column, MISSING)?),
        _ if cell.text.is_empty() => {}
        CellKind::Number | CellKind::Rounded => match cell.text.parse::<f64>() {
            Ok(number) => drop(sheet.write_number(row, column, number)?),
            Err(_) => drop(sheet.write_string(row, column, cell.text)?),
        },
        CellKind::Date | CellKind::Time => match ExcelDateTime::parse_from_str(cell.text) {
            Ok(date) => {
                let format = match (cell.kind, cell.text.contains(':')) {
                    (CellKind::Time, _) => &formats.time,
                    (_, true) => &formats.instant,
                    (_, false) => &formats.date,
                };
                sheet.write_datetime_with_format(row, column, date, format)?;
            }
            Err(_) => drop(sheet.write_string(row, column, cell.text)?),
        },
        CellKind::Boolean => drop(sheet.write_boolean(row, column, cell.text == "TRUE")?),
        CellKind::Text | CellKind::Error => {
            sheet.write_string(row, column, cell.text)?;
        }
    }
    Ok(())
}

fn row_of(line: u64) -> u32 {
    u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX)
}

fn column(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
