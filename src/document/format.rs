//! The formats in which an office keeps documents. One name for each, wherever a format is asked for.

use super::{Document, FontDirectory, PdfError, docx, pdf, xlsx};

/// As what a document can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A text to go on with.
    Docx,
    /// To print, to sign and to post.
    Pdf,
    /// A workbook to count on with.
    Xlsx,
}

/// Why a document can't be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The PDF: fonts are missing, or this program can't make any.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The workbook: a text is too long for a cell, or there is no room for temporary files.
    #[error("writing the document as a workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}

impl Format {
    /// How names of its files end.
    pub const fn suffix(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
        }
    }

    /// Its media type (IANA).
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Pdf => "application/pdf",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The document in that format. Fonts are looked for only where they are needed.
pub fn render(document: &Document<'_>, format: Format, fonts: &FontDirectory) -> Result<Vec<u8>, RenderError> {
    Ok(match format {
        Format::Docx => docx(document),
        Format::Pdf => pdf(document, &*fonts.fonts()?)?,
        Format::Xlsx => xlsx(document)?,
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
