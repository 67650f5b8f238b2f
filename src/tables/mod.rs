//! 数据表: everything in the read models as tables for other programs, with a dictionary of their columns. No store, no clock, no network; names of
//! people are asked for, and only by the one table that is of names.
//!
//! Invariants: the same models give the same bytes in every format; rows are written one by one and never gathered as text. What a table goes through in
//! order (members, objections, notices, a month's ranking) is gathered as the models hand it over: ids or small rows, a few dozen bytes each.

pub mod dictionary;
mod months;
mod organizations;
mod people;
mod points;
mod service;
mod write;

use crate::document;
use jiff::civil::Date;
use mingzhang_events::{Instant, MemberId, OrganizationId, Points};
use mingzhang_projections::ReadModels;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::path::Path;

/// Every table, in the order of the dictionary.
pub const TABLES: &[&Table] = &[
    &organizations::ORGANIZATIONS,
    &people::ROSTER,
    &people::ENROLLMENTS,
    &people::EXEMPTIONS,
    &service::ACTIVITIES,
    &service::SIGN_UPS,
    &service::RECORDS,
    &points::DECISIONS,
    &points::POINT_ITEMS,
    &points::MEMBER_MONTHS,
    &months::MONTHS,
    &months::NOTICES,
    &months::OBJECTIONS,
    &people::NAMES,
];

/// One table.
pub struct Table {
    /// Its name in files and addresses.
    pub name: &'static str,
    /// 表名.
    pub chinese: &'static str,
    /// What a row is, in English.
    pub english: &'static str,
    /// In what order the rows are, in both languages.
    pub order: (&'static str, &'static str),
    /// The stored types of the events that it follows from, without `mingzhang.` and version. Empty for what isn't in the log.
    pub sources: &'static [&'static str],
    /// From left to right.
    pub columns: &'static [Column],
    /// Whether it has names of people in it.
    pub names_people: bool,
    rows: Rows,
}

/// Hands over every row. False for an unknown organisation.
type Rows = fn(&Wanted<'_>, &mut Each<'_>) -> Result<bool, TableError>;
/// Takes a row: as many values as the table has columns.
type Each<'a> = dyn FnMut(&[Value]) -> Result<(), TableError> + 'a;

/// One column.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether a row may have no value.
    pub optional: bool,
    /// 列名, which is also its heading in a workbook.
    pub chinese: &'static str,
    /// What it is, in English.
    pub english: &'static str,
}

impl Column {
    const fn new(name: &'static str, kind: Kind, chinese: &'static str, english: &'static str) -> Column {
        Column { name, kind, optional: false, chinese, english }
    }

    const fn optional(name: &'static str, kind: Kind, chinese: &'static str, english: &'static str) -> Column {
        Column { name, kind, optional: true, chinese, english }
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, an id or a word of a closed list.
    Text,
    /// A whole number.
    Count,
    /// Whole minutes.
    Minutes,
    /// Points, with two decimals.
    Points,
    /// A share in per cent, with two decimals.
    Percent,
    /// An instant, in UTC and whole seconds; in a workbook, local time (Asia/Shanghai).
    Instant,
    /// A local date.
    Date,
    /// Yes or no.
    Flag,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// None.
    Nothing,
    /// [`Kind::Text`].
    Text(Cow<'static, str>),
    /// [`Kind::Count`] or [`Kind::Minutes`].
    Number(i64),
    /// Hundredths: [`Kind::Points`] or [`Kind::Percent`].
    Hundredths(i64),
    /// [`Kind::Instant`].
    Instant(Instant),
    /// [`Kind::Date`].
    Date(Date),
    /// [`Kind::Flag`].
    Flag(bool),
}

impl Value {
    fn text(text: impl ToString) -> Value {
        Value::Text(Cow::Owned(text.to_string()))
    }

    fn word(word: &'static str) -> Value {
        Value::Text(Cow::Borrowed(word))
    }

    /// A word of a closed list, as answers of the API spell it.
    fn spelled(word: impl Serialize) -> Value {
        match serde_json::to_value(word) {
            Ok(serde_json::Value::String(word)) => Value::Text(Cow::Owned(word)),
            other => unreachable!("a word of a closed list is a text: {other:?}"),
        }
    }

    fn number(number: impl TryInto<i64>) -> Value {
        Value::Number(number.try_into().ok().expect("counts and log indexes are far below 2^63"))
    }

    fn points(points: Points) -> Value {
        Value::Hundredths(points.hundredths())
    }

    fn maybe<T>(value: Option<T>, of: impl FnOnce(T) -> Value) -> Value {
        value.map_or(Value::Nothing, of)
    }
}

/// Full names of members, as far as they are on record.
pub type Names<'a> = dyn Fn(&[MemberId]) -> Result<BTreeMap<MemberId, String>, Box<dyn Error + Send + Sync>> + 'a;

/// Which rows are wanted.
pub struct Wanted<'a> {
    /// Where they come from.
    pub models: &'a ReadModels,
    /// Of this organisation and all below it.
    pub organization: OrganizationId,
    /// Asked by [`Table::names_people`] only. Whom it leaves out has no row.
    pub names: &'a Names<'a>,
    /// Asked before each row: whether nobody waits for the table any more.
    pub abandoned: &'a dyn Fn() -> bool,
}

/// In what form a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, UTF-8 with a byte order mark.
    Csv,
    /// A JSON object a line.
    Ndjson,
    /// A workbook; more rows than a sheet holds go on in a further one.
    Xlsx,
    /// Apache Parquet, compressed with zstd.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [Format::Csv, Format::Ndjson, Format::Xlsx, Format::Parquet];

    /// What names of files end in.
    pub const fn suffix(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
            Format::Xlsx => "xlsx",
            Format::Parquet => "parquet",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Ndjson => "application/x-ndjson",
            Format::Xlsx => document::Format::Xlsx.media_type(),
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// Why a table can't be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// No such organisation.
    #[error("there is no organisation {0}: check its code")]
    UnknownOrganization(OrganizationId),
    /// The file can't be written.
    #[error("writing the file")]
    File(#[from] std::io::Error),
    /// The workbook can't be written.
    #[error("writing the workbook")]
    Workbook(#[from] document::WorkbookError),
    /// The Parquet file can't be written.
    #[error("writing the Parquet file")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Names can't be read.
    #[error("reading names")]
    Names(#[source] Box<dyn Error + Send + Sync>),
    /// Nobody waits for it any more.
    #[error("nobody waits for the table any more")]
    Abandoned,
}

impl From<csv::Error> for TableError {
    fn from(error: csv::Error) -> TableError {
        TableError::File(error.into())
    }
}

/// The table with this name.
pub fn named(name: &str) -> Option<&'static Table> {
    TABLES.iter().copied().find(|table| table.name == name)
}

impl Table {
    /// Writes the wanted rows into an empty file and says how many they were. The rows of a workbook stand in files without a name in `scratch` until
    /// all are there.
    pub fn write(
        &'static self,
        wanted: &Wanted<'_>,
        format: Format,
        into: File,
        scratch: &Path,
    ) -> Result<u64, TableError> {
        let mut writer = write::writer(self, format, into, scratch, wanted.models)?;
        let mut count = 0;
        let is_known = (self.rows)(wanted, &mut |row| {
            if (wanted.abandoned)() {
                return Err(TableError::Abandoned);
            }
            count += 1;
            writer.row(row)
        })?;
        if !is_known {
            return Err(TableError::UnknownOrganization(wanted.organization));
        }
        writer.finish()?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
