//! Documents of notices as other programs read them: openpyxl and python-docx cell by cell, LibreOffice page by page. What they find is held
//! against the notice's JSON.

mod fixture;
mod office;
mod text;
mod workbook;
