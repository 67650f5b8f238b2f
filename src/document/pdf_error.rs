//! Why a document can't be had as PDF. The same whether this program was built with it or not.

use std::path::PathBuf;

/// Debian's packages that have all faces of a correct document.
pub const FONT_PACKAGES: &str = "fonts-lxgw-wenkai fonts-noto-cjk";

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// This program was built without it.
    #[error("writing a PDF: this program was built without the feature `pdf`; build it with it")]
    NotBuilt,
    /// No Chinese font was found.
    #[error(
        "writing a PDF: no Chinese font in {}; install {FONT_PACKAGES}, or put fonts into the first of these directories",
        looked_in.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    NoFonts {
        /// The directories looked through, the ledger's own first.
        looked_in: Vec<PathBuf>,
    },
    /// The typesetter refused: a fault of the template, never of what is printed.
    #[error("setting the type of a PDF: {0}")]
    Typesetting(String),
}
