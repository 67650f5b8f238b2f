//! CSV (RFC 4180) and NDJSON.
//!
//! Invariant: no text in a CSV file is taken for a formula. NDJSON isn't opened by spreadsheets, so there it stands as it is.

use super::{Writer, decimal};
use crate::document::guarded;
use crate::tables::{Table, TableError, Value};
use serde_json::{Map, Value as Json};
use std::fs::File;
use std::io::{BufWriter, Write};

pub(super) struct Csv(csv::Writer<File>);

impl Csv {
    pub(super) fn begin(table: &Table, mut into: File) -> Result<Csv, TableError> {
        // So that Excel reads the Chinese.
        into.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into);
        writer.write_record(table.columns.iter().map(|column| column.name))?;
        Ok(Csv(writer))
    }
}

impl Writer for Csv {
    fn row(&mut self, row: &[Value]) -> Result<(), TableError> {
        for value in row {
            match value {
                Value::Nothing => self.0.write_field("")?,
                Value::Text(text) => self.0.write_field(guarded(text).as_bytes())?,
                Value::Number(number) => self.0.write_field(number.to_string())?,
                Value::Hundredths(hundredths) => self.0.write_field(decimal(*hundredths))?,
                Value::Instant(instant) => self.0.write_field(instant.to_string())?,
                Value::Date(date) => self.0.write_field(date.to_string())?,
                Value::Flag(flag) => self.0.write_field(if *flag { "true" } else { "false" })?,
            }
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), TableError> {
        Ok(self.0.flush()?)
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
