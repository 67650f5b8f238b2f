//! Files → sheets: XLSX and XLS workbooks, and text with commas, tabs or semicolons in UTF-8, GBK, GB18030 or UTF-16.
//!
//! It knows nothing of columns. Invariant: whatever the bytes are, reading ends, in bounded memory and without a panic, with a
//! sheet or a reason.

mod compound;
mod delimited;
mod encoding;
mod hidden;
mod inflated;
mod markup;
mod serial;
mod workbook;

pub use encoding::Encoding;
pub(super) use serial::{Epoch, serial_text};
pub(super) use workbook::DIGITS_MAX;

use crate::import::fault::Reason;
use crate::import::sheet::Sheet;
use std::borrow::Cow;
use workbook::Workbook;

/// The largest file that is read, in bytes: some five million rows of text.
pub const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// The most rows of one sheet of a workbook. Larger tables are text files: a spreadsheet shows them badly anyway.
pub(super) const SHEET_ROWS_MAX: usize = 500_000;
/// The most columns: a cell beyond is somebody's slip, not a table's.
pub(super) const COLUMNS_MAX: usize = 512;
/// The longest cell, in bytes. A longer one is a quotation mark that was never closed, or a letter.
pub(super) const CELL_BYTES_MAX: usize = 4_096;

/// The most merged regions: an honest sheet has some thousands.
const MERGED_MAX: usize = 200_000;

/// What kind of file it is, by its first bytes and not by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A workbook of Excel 2007 and later, or WPS.
    Xlsx,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// Text with one separator.
    Text(Encoding),
}

/// A sheet's name, and whether people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SheetName {
    /// As the tab says; empty for a text file.
    pub(super) name: String,
    /// False for a sheet that is hidden.
    pub(super) visible: bool,
}

/// An open file.
pub(super) struct Source<'b> {
    format: Format,
    content: Content<'b>,
}

enum Content<'b> {
    Text(Cow<'b, str>),
    Workbook(Box<Workbook<'b>>),
}

impl<'b> Source<'b> {
    /// Opens the bytes of a file.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Source<'b>, Reason> {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
            return Err(Reason::FileTooLarge);
        }
        let (format, content) = if bytes.starts_with(b"PK\x03\x04") {
            (Format::Xlsx, Content::Workbook(Workbook::of_xlsx(bytes)?.into()))
        } else if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            (Format::Xls, Content::Workbook(Workbook::of_xls(bytes)?.into()))
        } else {
            let (text, encoding) = encoding::decode(bytes)?;
            let start = text.trim_start();
            if start.starts_with('<') || start.starts_with("%PDF") || start.starts_with("{\\rtf") {
                return Err(Reason::OtherFormat);
            }
            (Format::Text(encoding), Content::Text(text))
        };
        Ok(Source { format, content })
    }

    /// What kind of file it is.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// How dates are counted in it.
    pub(super) fn epoch(&self) -> Epoch {
        match &self.content {
            Content::Text(_) => Epoch::From1900,
            Content::Workbook(workbook) => workbook.epoch(),
        }
    }

    /// Its sheets, in order.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        match &self.content {
            Content::Text(_) => vec![SheetName { name: String::new(), visible: true }],
            Content::Workbook(workbook) => workbook.sheets(),
        }
    }

    /// Reads a sheet, or its first rows only.
    pub(super) fn read(&mut self, sheet: &SheetName, rows_max: Option<usize>) -> Result<Sheet, Reason> {
        match &mut self.content {
            Content::Text(text) => delimited::read(text, rows_max),
            Content::Workbook(workbook) => workbook.read(&sheet.name, rows_max),
        }
    }
}
