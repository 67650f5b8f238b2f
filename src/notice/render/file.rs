//! As what files a notice can be had: the one list of formats for the command line, the API and the pages.

use super::{csv, html, json, text};
use crate::document::{self, FontDirectory, RenderError};
use crate::notice::{Imprint, Notice, document as composed, wording};

/// One format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFormat {
    /// The canonical JSON with digest and imprint beside it.
    Json,
    /// A page that stands alone.
    Html,
    /// The members' table.
    Csv,
    /// For a terminal.
    Text,
    /// As an office keeps it.
    Document(document::Format),
}

impl FileFormat {
    /// All of them; the first is what a program gets that doesn't say what it wants.
    pub const ALL: [FileFormat; 7] = [
        FileFormat::Json,
        FileFormat::Html,
        FileFormat::Csv,
        FileFormat::Text,
        FileFormat::Document(document::Format::Pdf),
        FileFormat::Document(document::Format::Docx),
        FileFormat::Document(document::Format::Xlsx),
    ];

    /// The format of files whose names end like this.
    pub fn of_suffix(suffix: &str) -> Option<FileFormat> {
        FileFormat::ALL.into_iter().find(|format| format.suffix() == suffix)
    }

    /// How names of its files end.
    pub const fn suffix(self) -> &'static str {
        match self {
            FileFormat::Json => "json",
            FileFormat::Html => "html",
            FileFormat::Csv => "csv",
            FileFormat::Text => "txt",
            FileFormat::Document(format) => format.suffix(),
        }
    }

    /// What it is called on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            FileFormat::Text => "text",
            FileFormat::Json | FileFormat::Html | FileFormat::Csv | FileFormat::Document(_) => self.suffix(),
        }
    }

    /// Its media type, by which it is asked for.
    pub const fn media_type(self) -> &'static str {
        match self {
            FileFormat::Json => "application/json",
            FileFormat::Html => "text/html",
            FileFormat::Csv => "text/csv",
            FileFormat::Text => "text/plain",
            FileFormat::Document(format) => format.media_type(),
        }
    }

    /// The same with its encoding, as it is sent.
    pub const fn content_type(self) -> &'static str {
        match self {
            FileFormat::Json => "application/json",
            FileFormat::Html => "text/html; charset=utf-8",
            FileFormat::Csv => "text/csv; charset=utf-8",
            FileFormat::Text => "text/plain; charset=utf-8",
            FileFormat::Document(format) => format.media_type(),
        }
    }

    /// Whether a terminal can show it.
    pub const fn is_text(self) -> bool {
        !matches!(self, FileFormat::Document(_))
    }

    /// The notice in this format.
    pub fn write(self, notice: &Notice, imprint: &Imprint, fonts: &FontDirectory) -> Result<Vec<u8>, RenderError> {
        Ok(match self {
            FileFormat::Json => json(notice, imprint),
            FileFormat::Html => html(notice, imprint).into_bytes(),
            FileFormat::Csv => csv(notice, imprint),
            FileFormat::Text => text(notice, imprint).into_bytes(),
            FileFormat::Document(format) => document::render(&composed(notice, imprint), format, fonts)?,
        })
    }
}

/// What a file of the notice is called, in Chinese and without its suffix.
pub fn file_name(notice: &Notice, imprint: &Imprint) -> String {
    let kind = if imprint.disclosed_until.is_some() { "公示" } else { "通报" };
    format!("{}{}积分{kind}", notice.name, wording::month_in_words(notice.month))
}
