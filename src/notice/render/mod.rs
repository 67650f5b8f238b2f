//! A notice as bytes for people and machines: one file for each format. Each takes the notice and its imprint, and nothing else,
//! so that a further format is a further file.

#[cfg(test)]
mod code_tests;
mod csv;
mod file;
mod html;
mod json;
mod kept;
mod text;

pub use self::csv::{changes_csv, csv};
pub use self::file::{FileFormat, file_name};
pub use self::html::{NoticeArticle, STYLE, html};
pub use self::json::json;
pub use self::kept::KeptFiles;
pub use self::text::{changes_text, text};
