//! The formats in which an office keeps documents. One name for each, wherever a format is asked for.

use super::{Document, FontDirectory, PdfError, WorkbookError, csv, docx, pdf, text, xlsx};
use std::str::FromStr;

/// As what a document can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For a terminal.
    Text,
    /// The tables, for programs.
    Csv,
    /// A text to go on with.
    Docx,
    /// To print, to sign and to post.
    Pdf,
    /// A workbook to count on with.
    Xlsx,
}

/// A name that no format has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one of {}", Format::ALL.map(Format::name).join(", "))]
pub struct UnknownFormat;

impl FromStr for Format {
    type Err = UnknownFormat;
    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        Format::ALL.into_iter().find(|format| format.name() == name).ok_or(UnknownFormat)
    }
}

/// Why a document can't be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The PDF: fonts are missing, or this program can't make any.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The workbook.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 5] = [Format::Text, Format::Csv, Format::Xlsx, Format::Docx, Format::Pdf];

    /// What it is called where one is asked for, and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Csv | Format::Docx | Format::Pdf | Format::Xlsx => self.suffix(),
        }
    }

    /// The format of a file whose name ends so.
    pub fn of_suffix(suffix: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.suffix() == suffix)
    }

    /// How names of its files end.
    pub const fn suffix(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Csv => "csv",
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
        }
    }

    /// Whether a terminal can show it.
    pub const fn is_text(self) -> bool {
        matches!(self, Format::Text | Format::Csv)
    }

    /// Its media type (IANA).
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Text => "text/plain; charset=utf-8",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Pdf => "application/pdf",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The document in that format. Fonts are looked for only where they are needed.
pub fn render(document: &Document<'_>, format: Format, fonts: &FontDirectory) -> Result<Vec<u8>, RenderError> {
    Ok(match format {
        Format::Text => text(document),
        Format::Csv => csv(document),
        Format::Docx => docx(document),
        Format::Pdf => pdf(document, &*fonts.fonts()?)?,
        Format::Xlsx => xlsx(document, fonts.scratch())?,
    })
}

/// What tells a browser under which name to keep a file, in Chinese too (RFC 6266, RFC 8187). `name` is without the suffix.
pub fn attachment(name: &str, suffix: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"mingzhang.{suffix}\"; filename*=UTF-8''{encoded}.{suffix}")
}
