//! A document as PDF in the layout of GB/T 9704-2012, tagged (PDF/UA-1, PDF/A-2a), its fonts embedded as subsets.
//!
//! The template is given the document and nothing else: no disk, no network, no clock. Invariant: the same document and fonts give the same bytes.

mod content;
mod faces;
mod fonts;
#[cfg(test)]
mod tests;

pub use fonts::Fonts;

use super::{Block, Document, PDF_CELLS_MAX, PdfError};
use content::Content;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The layout.
const TEMPLATE: &str = include_str!("../templates/document.typ");

/// The document as PDF. Takes a tenth of a second for a notice, and about 0.3 ms for each row of a register; several may be set at a time.
pub fn pdf(document: &Document<'_>, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let cells = cells_of(document);
    if cells > PDF_CELLS_MAX {
        return Err(PdfError::TooLong { cells });
    }
    let content = serde_json::to_vec(&Content::of(document, fonts)).expect("texts and integers");
    let desk = Desk { fonts, content: Bytes::new(content), is_dated: document.dated.is_some() };
    let bytes = desk.set();
    // Nothing is remembered from one document to the next: a server would grow with each.
    typst::comemo::evict(0);
    bytes
}

/// How many cells all its tables have.
fn cells_of(document: &Document<'_>) -> usize {
    let in_body = document.body.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Chart(charted) => Some(&charted.figures),
        Block::Heading { .. } | Block::Paragraph(_) | Block::Note(_) => None,
    });
    let tables = in_body.chain(document.annexes.iter().map(|annex| &annex.table));
    tables.map(|table| table.rows * table.columns.len()).sum()
}

/// The typesetter's whole world: the template, what is to be set, and the fonts.
struct Desk<'a> {
    fonts: &'a Fonts,
    content: Bytes,
    is_dated: bool,
}

/// What doesn't change from document to document.
struct Fixed {
    standard: LazyHash<Library>,
    template: Source,
    content: FileId,
    /// For readers and for archives; what has no date is no record, and only for readers.
    dated: PdfOptions,
    undated: PdfOptions,
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let file = |name: &str| {
        let path = VirtualPath::new(name).expect("a path");
        FileId::new(RootedPath::new(VirtualRoot::Project, path))
    };
    let options = |standards: &[PdfStandard]| PdfOptions {
        standards: PdfStandards::new(standards).expect("both at once"),
        creator: Smart::Custom(Some("mingzhang".to_owned())),
        ..PdfOptions::default()
    };
    Fixed {
        standard: LazyHash::new(Library::default()),
        template: Source::new(file("document.typ"), TEMPLATE.to_owned()),
        content: file("data.json"),
        dated: options(&[PdfStandard::Ua_1, PdfStandard::A_2a]),
        undated: options(&[PdfStandard::Ua_1]),
    }
});

impl Desk<'_> {
    fn set(&self) -> Result<Vec<u8>, PdfError> {
        let refused = |faults: &[SourceDiagnostic]| {
            let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
            PdfError::Typesetting(messages.join("; "))
        };
        let pages: PagedDocument = typst::compile(self).output.map_err(|faults| refused(&faults))?;
        // What the pages were made of isn't needed to write them.
        typst::comemo::evict(0);
        let options = if self.is_dated { &FIXED.dated } else { &FIXED.undated };
        typst_pdf::pdf(&pages, options).map_err(|faults| refused(&faults))
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &FIXED.standard
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        FIXED.template.id()
    }

    fn source(&self, file: FileId) -> FileResult<Source> {
        if file == FIXED.template.id() { Ok(FIXED.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, file: FileId) -> FileResult<Bytes> {
        if file == FIXED.content { Ok(self.content.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
