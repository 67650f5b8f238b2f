//! How a fact was evidenced (佐证方式).

use crate::closed_list::closed_list;
use crate::text::read_as_text;
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
    /// The file.
    pub file: FileDigest,
    /// The line on which the row begins, or its number in the sheet, from 1 (below 2^31: an Integer of CloudEvents).
    pub row: u32,
}

/// The highest line that a row can have: 2^31 − 1.
pub const IMPORTED_ROW_MAX: u32 = i32::MAX.unsigned_abs();

/// SHA-256 (FIPS 180-4) of a file's bytes, as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileDigest(pub [u8; 32]);

/// Not 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a digest of a file is 64 lower-case hex digits of SHA-256")]
pub struct FileDigestError;

impl fmt::Display for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
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
        let digits = text.as_bytes();
        let lower = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        if digits.len() != 64 || !digits.iter().all(lower) {
            return Err(FileDigestError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let value = |digit: u8| if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 };
            *byte = value(pair[0]) * 16 + value(pair[1]);
        }
        Ok(FileDigest(bytes))
    }
}

read_as_text!(FileDigest, "64 lower-case hex digits of SHA-256");
