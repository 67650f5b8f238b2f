//! How a fact was evidenced (佐证方式).

use crate::closed_list::closed_list;
use crate::text::{read_as_text, read_hex, write_hex};
use std::fmt;
use std::str::FromStr;

closed_list! {
    /// How a fact came to be known (佐证方式). Notices and auditors see the mix, because back-entry is the known fraud.
    Evidence {
        /// 现场扫码: a code on the wall was scanned on site.
        OnSiteCode = "on_site_code",
        /// 双方确认: both sides, such as member and resident, confirmed it.
        BothParties = "both_parties",
        /// 见证: somebody who was there attests it.
        Attested = "attested",
        /// 导入: a row of an imported table.
        Imported = "imported",
        /// 补录: entered afterwards from memory or paper.
        BackEntered = "back_entered",
        /// 系统登记: an act of office that is its own evidence, such as a month close or a review.
        Office = "office",
    }
}

/// The row of a table that a fact was imported from (导入来源): with the file, anyone can look the row up; without it, the digest says
/// nothing but that two facts came from one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedRow {
    file: FileDigest,
    row: u32,
}

/// A file without a row or the reverse, or a row that isn't from 1 to 2^31 − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file and the row of what was imported stand together, and rows count from 1 to 2147483647")]
pub struct ImportedRowError;

impl ImportedRow {
    /// The row on which a fact begins: its line, or its number in the sheet, from 1 to 2^31 − 1 (an Integer of CloudEvents).
    pub fn new(file: FileDigest, row: u32) -> Result<ImportedRow, ImportedRowError> {
        if (1..=i32::MAX.unsigned_abs()).contains(&row) { Ok(ImportedRow { file, row }) } else { Err(ImportedRowError) }
    }

    /// Both or neither.
    pub fn of(file: Option<FileDigest>, row: Option<u32>) -> Result<Option<ImportedRow>, ImportedRowError> {
        match (file, row) {
            (None, None) => Ok(None),
            (Some(file), Some(row)) => ImportedRow::new(file, row).map(Some),
            (Some(_), None) | (None, Some(_)) => Err(ImportedRowError),
        }
    }

    /// The file.
    pub fn file(&self) -> FileDigest {
        self.file
    }

    /// The row in it.
    pub fn row(&self) -> u32 {
        self.row
    }
}

/// SHA-256 (FIPS 180-4) of a file's bytes, as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileDigest(pub [u8; 32]);

/// Not 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a digest of a file is 64 lower-case hex digits of SHA-256")]
pub struct FileDigestError;

impl fmt::Display for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FileDigest {
    type Err = FileDigestError;
    fn from_str(text: &str) -> Result<FileDigest, FileDigestError> {
        read_hex(text).map(FileDigest).ok_or(FileDigestError)
    }
}

impl serde::Serialize for FileDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

read_as_text!(FileDigest, "64 lower-case hex digits of SHA-256");
