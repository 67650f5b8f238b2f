//! Apache Parquet: typed columns with nulls, decimals as decimals, instants as UTC timestamps, zstd.
//!
//! Invariant: no more than one row group is in memory.

use super::Writer;
use crate::tables::{Column, Kind, Table, TableError, Value};
use jiff::civil::date;
use mingzhang_events::Instant;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::fs::File;
use std::sync::Arc;

/// Rows of a row group.
const GROUP_ROWS: usize = 65_536;
/// Decimals have so many digits, two of them after the point.
const DIGITS: i32 = 18;

pub(super) struct Parquet {
    writer: SerializedFileWriter<File>,
    columns: Vec<Gathered>,
    rows: usize,
}

/// The values of a column of the row group that is being gathered.
struct Gathered {
    values: Values,
    /// 1 where there is a value, 0 where there is none; none of a column that always has one.
    levels: Option<Vec<i16>>,
}

enum Values {
    Flags(Vec<bool>),
    Days(Vec<i32>),
    Numbers(Vec<i64>),
    Texts(Vec<ByteArray>),
}

impl Parquet {
    pub(super) fn begin(table: &Table, into: File) -> Result<Parquet, TableError> {
        let fields = table.columns.iter().map(|column| field(column).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder(table.name).with_fields(fields).build()?;
        let properties = WriterProperties::builder()
            .set_created_by("mingzhang".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .build();
        let writer = SerializedFileWriter::new(into, Arc::new(schema), Arc::new(properties))?;
        Ok(Parquet { writer, columns: table.columns.iter().map(Gathered::of).collect(), rows: 0 })
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let mut into = group.next_column()?.expect("as many columns as the schema has");
            let levels = column.levels.as_deref();
            match &column.values {
                Values::Flags(values) => put::<BoolType>(&mut into, values, levels)?,
                Values::Days(values) => put::<Int32Type>(&mut into, values, levels)?,
                Values::Numbers(values) => put::<Int64Type>(&mut into, values, levels)?,
                Values::Texts(values) => put::<ByteArrayType>(&mut into, values, levels)?,
            }
            into.close()?;
            column.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Writer for Parquet {
    fn row(&mut self, row: &[Value]) -> Result<(), TableError> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(value);
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), TableError> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.writer.close()?;
        Ok(())
    }
}

impl Gathered {
    fn of(column: &Column) -> Gathered {
        let values = match column.kind {
            Kind::Flag => Values::Flags(Vec::new()),
            Kind::Date => Values::Days(Vec::new()),
            Kind::Count | Kind::Minutes | Kind::Points | Kind::Percent | Kind::Instant => Values::Numbers(Vec::new()),
            Kind::Text => Values::Texts(Vec::new()),
        };
        Gathered { values, levels: column.optional.then(Vec::new) }
    }

    /// What isn't of the column's kind, or is missing where nothing may be, is a mistake of the table: a test writes every one.
    fn push(&mut self, value: &Value) {
        if let Some(levels) = &mut self.levels {
            levels.push(i16::from(*value != Value::Nothing));
        }
        match (&mut self.values, value) {
            (Values::Flags(values), Value::Flag(flag)) => values.push(*flag),
            (Values::Days(values), Value::Date(day)) => values.push(days_since_1970(*day)),
            (Values::Numbers(values), Value::Number(number) | Value::Hundredths(number)) => values.push(*number),
            (Values::Numbers(values), Value::Instant(instant)) => values.push(milliseconds(*instant)),
            (Values::Texts(values), Value::Text(text)) => values.push(ByteArray::from(text.as_bytes().to_vec())),
            (_, Value::Nothing) if self.levels.is_some() => {}
            _ => unreachable!("a value that isn't of its column's kind: {value:?}"),
        }
    }

    fn clear(&mut self) {
        match &mut self.values {
            Values::Flags(values) => values.clear(),
            Values::Days(values) => values.clear(),
            Values::Numbers(values) => values.clear(),
            Values::Texts(values) => values.clear(),
        }
        if let Some(levels) = &mut self.levels {
            levels.clear();
        }
    }
}

fn put<T: DataType>(
    into: &mut SerializedColumnWriter<'_>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    into.typed::<T>().write_batch(values, levels, None)?;
    Ok(())
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Count | Kind::Minutes => (Physical::INT64, None),
        Kind::Points | Kind::Percent => (Physical::INT64, Some(LogicalType::decimal(2, DIGITS))),
        Kind::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let is_decimal = matches!(column.kind, Kind::Points | Kind::Percent);
    let builder = Type::primitive_type_builder(column.name, physical)
        .with_repetition(if column.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED })
        .with_logical_type(logical);
    if is_decimal { builder.with_precision(DIGITS).with_scale(2).build() } else { builder.build() }
}

fn days_since_1970(day: jiff::civil::Date) -> i32 {
    date(1970, 1, 1).until(day).map_or(0, |span| span.get_days())
}

fn milliseconds(instant: Instant) -> i64 {
    instant.unix_seconds().saturating_mul(1_000)
}
