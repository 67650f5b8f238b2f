//! Documents of notices as other programs read them: openpyxl and python-docx cell by cell, LibreOffice page by page, poppler what is printed. What they find is held
//! against the notice's JSON.

mod cells;
mod fixture;
mod office;
#[cfg(feature = "pdf")]
mod pages;
mod text;
mod workbook;

use std::path::Path;
use std::process::Command;

/// What a program of poppler says of a PDF.
pub(crate) fn poppler(program: &str, options: &[&str], pdf: &Path) -> String {
    let mut command = Command::new(program);
    command.args(options).arg(pdf);
    if program == "pdftotext" {
        command.arg("-");
    }
    let output =
        command.output().unwrap_or_else(|error| panic!("no `{program}` ({error}): apt-get install poppler-utils"));
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
