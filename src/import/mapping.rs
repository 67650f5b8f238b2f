//! A mapping: what a person says about a file's columns once, kept as TOML for the files of the months to come.
//!
//! It says nothing that the file would: no member, and no value but one that all rows have.

use crate::import::column::{Column, Table, plain_header};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How to read a table whose headers say too little.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Which table it is for: `organizations`, `roster` or `records`.
    pub table: String,
    /// The sheet.
    pub sheet: Option<String>,
    /// The line of the header.
    pub header_row: Option<u64>,
    /// The year of days that are written without one.
    pub year: Option<i16>,
    /// Header of the file → English name of the column; an empty name: not used.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// English name of a column → what every row has in it, where the file has no such column.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

/// Why a text is no mapping.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// Not the TOML of a mapping.
    #[error("reading the mapping as TOML")]
    Toml(#[from] toml::de::Error),
    /// Made for another table.
    #[error("the mapping is for the table {0:?}: take the one that was saved for this table")]
    OtherTable(String),
    /// Names a column that the table doesn't have.
    #[error("the table has no column {0:?}: `mingzhang import TABLE --help` lists the names")]
    UnknownColumn(String),
}

impl Mapping {
    /// Reads a mapping for a table.
    pub fn read(table: Table, text: &str) -> Result<Mapping, MappingError> {
        let mapping: Mapping = toml::from_str(text)?;
        if mapping.table != table.as_str() {
            return Err(MappingError::OtherTable(mapping.table));
        }
        let unknown = |name: &&String| !name.is_empty() && table.column_named(name).is_none();
        let unknown_constant = |name: &&String| table.column_named(name).is_none();
        match mapping.columns.values().find(unknown).or_else(|| mapping.set.keys().find(unknown_constant)) {
            Some(name) => Err(MappingError::UnknownColumn(name.clone())),
            None => Ok(mapping),
        }
    }

    /// What it says about a header: nothing, that the column isn't used, or which it is.
    pub(super) fn column_of(&self, table: Table, header: &str) -> Option<Option<Column>> {
        let header = plain_header(header);
        let found = self.columns.iter().find(|(name, _)| plain_header(name) == header);
        found.map(|(_, name)| table.column_named(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Mapping, MappingError};
    use crate::import::column::{Column, Table};

    #[test]
    fn a_mapping_says_what_each_header_means_and_what_every_row_has() {
        let text = "table = \"records\"\nyear = 2026\n[columns]\n\"志愿者（签名）\" = \"name\"\n\"备注\" = \"\"\n[set]\ntype = \"走访\"\n";
        let read = Mapping::read(Table::Records, text).expect("a mapping");
        assert_eq!(read.column_of(Table::Records, " 志愿者(签名) "), Some(Some(Column::MemberName)));
        assert_eq!(read.column_of(Table::Records, "备注"), Some(None));
        assert_eq!(read.column_of(Table::Records, "电话"), None);
        assert_eq!((read.year, read.set.get("type").map(String::as_str)), (Some(2026), Some("走访")));
    }

    #[test]
    fn a_mapping_for_another_table_or_column_is_refused() {
        let read = |text: &str| Mapping::read(Table::Roster, text);
        assert!(matches!(read("table = \"records\""), Err(MappingError::OtherTable(_))));
        assert!(matches!(
            read("table = \"roster\"\n[columns]\n\"a\" = \"minutes\""),
            Err(MappingError::UnknownColumn(_))
        ));
        assert!(matches!(read("table = \"roster\"\n[set]\n\"\" = \"a\""), Err(MappingError::UnknownColumn(_))));
        assert!(matches!(read("table = \"roster\"\nrows = 1"), Err(MappingError::Toml(_))));
    }
}
