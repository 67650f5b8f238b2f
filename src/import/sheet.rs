//! One table of cells, whatever file it came from: line, place, text, kind. It reads no file and knows no columns.
//!
//! Cells are kept one after another in one text, because a table has a million of them. Invariant: rows stand in the order of
//! their lines, each line once, and none is without any text.

use crate::import::fault::Reason;

/// What the file holds in a cell. The text says the same as people see it; the kind says how far it can be trusted, and how to
/// write it into a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text; every cell of a text file.
    Text,
    /// A number, in digits.
    Number,
    /// A date, with or without a time of day: `2026-05-03`, `2026-05-03 19:30`.
    Date,
    /// A time of day or a length of time: `19:30`, `26:30`.
    Time,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// An error of the spreadsheet, such as `#REF!`.
    Error,
    /// A formula whose value the file doesn't have.
    Uncomputed,
    /// A number with more digits than a spreadsheet keeps.
    Rounded,
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetCell<'a> {
    /// Its text, trimmed at both ends.
    pub text: &'a str,
    /// What the file holds.
    pub kind: CellKind,
}

impl SheetCell<'_> {
    const EMPTY: SheetCell<'static> = SheetCell { text: "", kind: CellKind::Text };

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.kind != CellKind::Uncomputed
    }
}

/// The cells of one sheet, or of a text file.
#[derive(Debug, Default)]
pub struct Sheet {
    text: String,
    /// Where each cell ends in the text, and its kind.
    cells: Vec<(u32, CellKind)>,
    /// The line of each row, and where its cells end.
    rows: Vec<(u32, u32)>,
    /// Rows that can't be read.
    pub(super) unreadable: Vec<(u64, Reason)>,
}

impl Sheet {
    /// Adds a row. One without any text of its own is left out.
    pub(super) fn push<'c>(&mut self, line: u32, cells: impl Iterator<Item = (&'c str, CellKind)>) {
        let before = (self.text.len(), self.cells.len());
        let mut filled = before.1;
        for (text, kind) in cells {
            let text = text.trim();
            self.text.push_str(text);
            self.cells.push((offset(self.text.len()), kind));
            if !text.is_empty() || kind == CellKind::Uncomputed {
                filled = self.cells.len();
            }
        }
        if filled == before.1 {
            self.text.truncate(before.0);
            self.cells.truncate(before.1);
            return;
        }
        self.rows.push((line, offset(self.cells.len())));
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at a place, from 0.
    pub fn row(&self, at: usize) -> Option<SheetRow<'_>> {
        let &(line, end) = self.rows.get(at)?;
        let start = if at == 0 { 0 } else { self.rows[at - 1].1 };
        Some(SheetRow { sheet: self, line: line.into(), cells: (start as usize, end as usize) })
    }

    /// The row of a line.
    pub fn row_of_line(&self, line: u64) -> Option<SheetRow<'_>> {
        let at = self.rows.binary_search_by_key(&line, |&(line, _)| line.into()).ok()?;
        self.row(at)
    }

    /// Every row, in order.
    pub fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        (0..self.rows.len()).filter_map(|at| self.row(at))
    }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).expect("files are limited to far less")
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    sheet: &'a Sheet,
    /// The line of the file on which it begins, or its number in the sheet, from 1.
    pub line: u64,
    cells: (usize, usize),
}

impl<'a> SheetRow<'a> {
    /// How many cells it has, empty ones included.
    pub fn width(&self) -> usize {
        self.cells.1 - self.cells.0
    }

    /// The cell at a place, from 0; an empty one beyond its end.
    pub fn cell(&self, place: usize) -> SheetCell<'a> {
        let at = self.cells.0 + place;
        if at >= self.cells.1 {
            return SheetCell::EMPTY;
        }
        let start = if at == 0 { 0 } else { self.sheet.cells[at - 1].0 };
        let (end, kind) = self.sheet.cells[at];
        SheetCell { text: &self.sheet.text[start as usize..end as usize], kind }
    }

    /// Its cells from the left.
    pub fn cells(self) -> impl Iterator<Item = SheetCell<'a>> {
        (0..self.width()).map(move |place| self.cell(place))
    }
}
