//! Answers as tables: a head, rows of texts and amounts, and a name for the file. How they are written is `document`'s.

use crate::document::{attachment, csv_in_memory};
use std::fmt::Display;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text; one that begins like a formula gets an apostrophe in front.
    Text(String),
    /// An amount; may begin with a minus.
    Number(String),
}

impl Cell {
    pub(crate) fn text(text: impl Display) -> Cell {
        Cell::Text(text.to_string())
    }

    pub(crate) fn number(number: impl Display) -> Cell {
        Cell::Number(number.to_string())
    }

    /// Empty where there is none.
    pub(crate) fn optional<T: Display>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
        value.map_or_else(|| Cell::Text(String::new()), cell)
    }
}

/// A table with a name for its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// The name of the file without its suffix, in Chinese.
    pub(crate) title: String,
    pub(crate) head: &'static [&'static str],
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        csv_in_memory(|rows| {
            rows.texts(self.head)?;
            for row in &self.rows {
                for cell in row {
                    match cell {
                        Cell::Number(number) => rows.value(number)?,
                        Cell::Text(text) => rows.text(text)?,
                    }
                }
                rows.end_row()?;
            }
            Ok(())
        })
    }

    /// The Content-Disposition that gives the file its Chinese name (RFC 6266, RFC 8187).
    pub(crate) fn disposition(&self) -> String {
        attachment(&self.title, "csv")
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Table};

    #[test]
    fn a_text_that_begins_like_a_formula_gets_an_apostrophe_and_a_negative_number_does_not() {
        let table = Table {
            title: "排名".to_owned(),
            head: &["名称", "积分"],
            rows: vec![vec![Cell::text("=1+1"), Cell::number("-2.00")], vec![Cell::text("甲,乙"), Cell::number(3)]],
        };
        let text = String::from_utf8(table.to_bytes()).expect("UTF-8");
        assert_eq!(text, "\u{feff}名称,积分\r\n'=1+1,-2.00\r\n\"甲,乙\",3\r\n");
        assert!(table.disposition().ends_with("UTF-8''%E6%8E%92%E5%90%8D.csv"));
    }
}
