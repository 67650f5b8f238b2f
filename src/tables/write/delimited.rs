//! CSV (RFC 4180) and NDJSON.
//!
//! Invariant: no text in a CSV file is taken for a formula. NDJSON isn't opened by spreadsheets, so there it stands as it is.

use super::{Writer, decimal};
use crate::document::CsvRows;
use crate::tables::{Table, TableError, Value};
use serde_json::{Map, Value as Json};
use std::fs::File;
use std::io::{BufWriter, Write};

pub(super) struct Csv(CsvRows<File>);

impl Csv {
    pub(super) fn begin(table: &Table, into: File) -> Result<Csv, TableError> {
        let mut rows = CsvRows::begin(into)?;
        rows.texts(table.columns.iter().map(|column| column.name))?;
        Ok(Csv(rows))
    }
}

impl Writer for Csv {
    fn row(&mut self, row: &[Value]) -> Result<(), TableError> {
        for value in row {
            match value {
                Value::Nothing => self.0.text("")?,
                Value::Text(text) => self.0.text(text)?,
                Value::Number(number) => self.0.value(number)?,
                Value::Hundredths(hundredths) => self.0.value(decimal(*hundredths))?,
                Value::Instant(instant) => self.0.value(instant)?,
                Value::Date(date) => self.0.value(date)?,
                Value::Flag(flag) => self.0.value(flag)?,
            }
        }
        Ok(self.0.end_row()?)
    }

    fn finish(self: Box<Self>) -> Result<(), TableError> {
        Ok(self.0.finish()?)
    }
}

pub(super) struct Ndjson {
    table: &'static Table,
    into: BufWriter<File>,
}

impl Ndjson {
    pub(super) fn begin(table: &'static Table, into: File) -> Ndjson {
        Ndjson { table, into: BufWriter::new(into) }
    }
}

impl Writer for Ndjson {
    /// Points and shares are decimals as text, as in answers of the API: no reader rounds them.
    fn row(&mut self, row: &[Value]) -> Result<(), TableError> {
        let object: Map<String, Json> = (self.table.columns.iter().zip(row))
            .map(|(column, value)| {
                let value = match value {
                    Value::Nothing => Json::Null,
                    Value::Text(text) => Json::String(text.to_string()),
                    Value::Number(number) => Json::from(*number),
                    Value::Hundredths(hundredths) => Json::String(decimal(*hundredths)),
                    Value::Instant(instant) => Json::String(instant.to_string()),
                    Value::Date(date) => Json::String(date.to_string()),
                    Value::Flag(flag) => Json::Bool(*flag),
                };
                (column.name.to_owned(), value)
            })
            .collect();
        serde_json::to_writer(&mut self.into, &object).map_err(std::io::Error::from)?;
        Ok(self.into.write_all(b"\n")?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), TableError> {
        Ok(self.into.flush()?)
    }
}
