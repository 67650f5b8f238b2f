//! Documents of notices as other programs read them: openpyxl and python-docx cell by cell, LibreOffice page by page, poppler what is printed. What they find is held
//! against the notice's JSON.

mod cells;
mod fixture;
mod office;
#[cfg(feature = "pdf")]
mod pages;
mod text;
mod workbook;
