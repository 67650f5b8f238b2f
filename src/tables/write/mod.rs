//! The formats: each takes a table's columns, then its rows one by one.

mod delimited;
mod parquet_file;
mod workbook;

use super::{Format, Table, TableError, Value};
use mingzhang_projections::ReadModels;
use std::fs::File;
use std::path::Path;

/// A file that takes rows.
pub(super) trait Writer {
    /// As many values as the table has columns, each of its column's kind.
    fn row(&mut self, row: &[Value]) -> Result<(), TableError>;
    /// Ends the file. Without it, it isn't whole.
    fn finish(self: Box<Self>) -> Result<(), TableError>;
}

pub(super) fn writer(
    table: &'static Table,
    format: Format,
    into: File,
    scratch: &Path,
    models: &ReadModels,
) -> Result<Box<dyn Writer>, TableError> {
    Ok(match format {
        Format::Csv => Box::new(delimited::Csv::begin(table, into)?),
        Format::Ndjson => Box::new(delimited::Ndjson::begin(table, into)),
        Format::Xlsx => Box::new(workbook::Xlsx::begin(table, into, scratch, models.newest_recorded_at())?),
        Format::Parquet => Box::new(parquet_file::Parquet::begin(table, into)?),
    })
}

/// `-12.05`: hundredths as a decimal.
fn decimal(hundredths: i64) -> String {
    let (sign, magnitude) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}
