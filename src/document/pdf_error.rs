//! Why a document can't be had as PDF. The same whether this program was built with it or not.

use std::path::PathBuf;

/// Debian's packages that have all faces of a correct document.
pub const FONT_PACKAGES: &str = "fonts-lxgw-wenkai fonts-noto-cjk";

/// The most cells of all tables of a document as PDF: 60,000 rows of a ranking, 24,000 of a register. Nobody turns over a thousand pages, and setting them takes four gigabytes.
pub const PDF_CELLS_MAX: usize = 360_000;

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// This program was built without it.
    #[error("writing a PDF: this program was built without the feature `pdf`; build it with it")]
    NotBuilt,
    /// No Chinese font was found.
    #[error(
        "writing a PDF: no Chinese font in {}; install {FONT_PACKAGES}, or put fonts into one of these directories",
        looked_in.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    NoFonts {
        /// The directories looked through, one's own first if there is one.
        looked_in: Vec<PathBuf>,
    },
    /// More cells than are set: each needs 9 to 13 KB of memory.
    #[error("writing a PDF: its tables have {cells} cells, and at most {PDF_CELLS_MAX} are set; take XLSX")]
    TooLong {
        /// How many all tables have together.
        cells: usize,
    },
    /// The typesetter refused: a fault of the template, never of what is printed.
    #[error("setting the type of a PDF: {0}")]
    Typesetting(String),
}
