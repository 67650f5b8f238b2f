//! 公文: a document as it is written, before it has a format. Knows no notice, no log and no person: who composes it puts in what is printed.
//!
//! Invariant: same document, same bytes, in every format. What a cell holds is a value, not a text, so that a register can be counted on with it.

mod charted;
mod column;
mod csv;
mod csv_rows;
mod docx;
mod font_directory;
mod format;
mod formula;
mod numbering;
mod package;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(not(feature = "pdf"))]
#[path = "pdf_absent.rs"]
mod pdf;
mod pdf_error;
mod qr;
#[cfg(test)]
pub(crate) mod samples;
mod scratch;
mod text;
mod title;
mod written;
mod xlsx;

pub use charted::Charted;
pub use column::Column;
pub use csv::csv;
pub use csv_rows::{CsvRows, csv_in_memory};
pub use docx::docx;
pub use font_directory::FontDirectory;
pub use format::{Format, RenderError, UnknownFormat, attachment, render};
use formula::guarded;
pub use formula::is_formula;
pub(crate) use numbering::Numbering;
pub use numbering::date_in_words;
pub use package::unpacked;
pub use pdf::{Fonts, pdf};
pub use pdf_error::{FONT_PACKAGES, PDF_CELLS_MAX, PdfError};
pub use qr::Qr;
pub use scratch::{WorkbookError, with_scratch};
pub use text::text;
pub use title::Title;
pub use written::{count, hours_and_minutes, points_in_column};
pub use xlsx::{SHEET_ROWS_MAX, xlsx};

use jiff::civil::Date;
use mingzhang_events::Points;

/// A document of an office, in the order in which it is read.
pub struct Document<'a> {
    /// 份号, 红头: the name of the issuing body and what kind of series it is; none for a plain document.
    pub header: Option<String>,
    /// 发文字号, such as `〔2026〕10号`; for a draft, why it has none.
    pub number: Option<String>,
    /// 标题.
    pub title: Title,
    /// 主送机关; none for a certificate or a register.
    pub addressees: Option<String>,
    /// 正文.
    pub body: Vec<Block<'a>>,
    /// 发文机关署名 and 成文日期; none in a draft.
    pub signature: Option<Signature>,
    /// What its figures rest on; none for a blank form.
    pub anchor: Option<Anchor>,
    /// 附件, each beginning on a page (a sheet) of its own.
    pub annexes: Vec<Annex<'a>>,
    /// What a program shows as the document's date; also all that a file says about when it was made.
    pub dated: Option<Date>,
}

/// One part of the body.
pub enum Block<'a> {
    /// 一、, （一）: numbered by the format, by its depth (1 or 2).
    Heading {
        /// 1 or 2.
        depth: u8,
        /// Without its number.
        text: String,
    },
    /// A paragraph, its first line indented by two characters.
    Paragraph(String),
    /// A table in the text.
    Table(Table<'a>),
    /// 附图: a picture with its title, and the table of its figures beneath; the table alone where a format has no pictures.
    Chart(Box<Charted>),
    /// Smaller, below a table or at the end: definitions, what ＊ means.
    Note(String),
}

/// A table on pages of its own.
pub struct Annex<'a> {
    /// 附件: its title, which is also the name of the sheet.
    pub title: String,
    /// The table.
    pub table: Table<'a>,
    /// What stands beneath.
    pub notes: Vec<String>,
    /// Whether its sheet stands behind all others of a workbook, which otherwise begins with its registers.
    pub last_sheet: bool,
}

/// Rows under headings that are repeated on every page. A row is made when it is asked for: a register has as many as a city has members.
pub struct Table<'a> {
    /// What it is about, for whoever hears it read; not printed.
    pub description: String,
    /// From left to right.
    pub columns: Vec<Column>,
    /// How many rows.
    pub rows: usize,
    /// Row `n`, from 0: as many cells as columns.
    pub row: Box<dyn Fn(usize) -> Vec<Cell> + 'a>,
}

/// One value. Each format shows it as people write it, and a spreadsheet also as what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A person's name: set in a face that has rare characters.
    Name(String),
    /// A whole number.
    Count(u64),
    /// Points, in hundredths.
    Points(Points),
    /// A share, in hundredths of a per cent: `9583` is 95.83 %.
    Percent(u32),
    /// A length of time, in minutes.
    Minutes(u64),
    /// A day.
    Date(Date),
    /// A time of day, in minutes since the beginning of the day that it is told with: below 0 on an earlier day, from 1,440 on a later one.
    Time(i64),
    /// A value that is printed in words of its own: `95.83%（23/24）`. A text everywhere but in a workbook.
    Worded {
        /// As it is printed.
        words: String,
        /// What it is.
        value: Box<Cell>,
    },
    /// No figure, and what stands in its place: `—`, `＊`.
    Withheld(&'static str),
}

/// Who signs, and when.
pub struct Signature {
    /// The name of the body.
    pub body: String,
    /// 成文日期.
    pub date: Date,
    /// Whether room is left for a seal: the date then stands 4 characters from the right with the name centred above it, and 2 characters behind where the
    /// name begins without one.
    pub sealed: bool,
}

/// The checkpoint that its figures rest on (GB/T has no place for it: it stands in the 版记).
pub struct Anchor {
    /// The name of the log.
    pub origin: String,
    /// Its size.
    pub tree_size: u64,
    /// Its root hash, 64 hexadecimal digits.
    pub root_hash: String,
    /// What else is printed beside it, a line each: the digest, what witnesses say, how to check.
    pub lines: Vec<String>,
    /// What the QR code holds.
    pub code: String,
}
