//! What stands in the place of `pdf` in a program that was built without it: says so, and does nothing.

use super::{Document, PdfError};
use std::path::{Path, PathBuf};

/// No fonts: nothing would set them.
#[derive(Debug)]
pub enum Fonts {}

impl Fonts {
    /// Says that this program was built without PDF.
    pub fn find(_own: Option<&Path>, _of_the_machine: &[PathBuf]) -> Result<Fonts, PdfError> {
        Err(PdfError::NotBuilt)
    }
}

/// The document as PDF.
pub fn pdf(_document: &Document<'_>, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    match *fonts {}
}
