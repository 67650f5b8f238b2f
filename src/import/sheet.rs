//! One table of cells, whatever file it came from: line, place, text, kind. It reads no file and knows no columns.
//!
//! Cells are kept one after another in one text, because a table has a million of them. Invariant: rows stand in the order of
//! their lines, each line once, and none is without any text.

use crate::import::fault::Reason;

/// The most text of a sheet, in bytes: that of the largest text file, which GBK may have written in two bytes where UTF-8 takes three.
const TEXT_BYTES_MAX: usize = 768 * 1024 * 1024;
/// The most cells of a sheet: five million rows of a dozen.
const CELLS_MAX: usize = 64 * 1024 * 1024;

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
#[derive(Debug)]
pub struct Sheet {
    text: String,
    /// Where each cell ends in the text, and its kind.
    cells: Vec<(u32, CellKind)>,
    rows: Vec<RowEnd>,
    /// Rows that can't be read.
    pub(super) unreadable: Vec<(u64, Reason)>,
    /// Lines that the spreadsheet doesn't show: filtered out, or hidden by hand.
    pub(super) hidden: Vec<u64>,
    /// Lines of which some text is struck through.
    pub(super) struck: Vec<u64>,
    text_bytes_max: usize,
    cells_max: usize,
}

impl Default for Sheet {
    fn default() -> Sheet {
        Sheet::within(TEXT_BYTES_MAX, CELLS_MAX)
    }
}

impl Sheet {
    /// An empty one that takes so much.
    fn within(text_bytes_max: usize, cells_max: usize) -> Sheet {
        let (text, cells, rows, unreadable) = Default::default();
        let (hidden, struck) = Default::default();
        Sheet { text, cells, rows, unreadable, hidden, struck, text_bytes_max, cells_max }
    }

    /// Adds a row. One without any text of its own is left out. Fails where the sheet holds more than is kept in memory.
    pub(super) fn push<'c>(
        &mut self,
        line: u32,
        cells: impl Iterator<Item = (&'c str, CellKind)>,
    ) -> Result<(), Reason> {
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
            return Ok(());
        }
        // Empty cells at the end are known by the width.
        let width = self.cells.len() - before.1;
        self.cells.truncate(filled);
        if self.text.len() > self.text_bytes_max || self.cells.len() > self.cells_max {
            return Err(Reason::SheetTooLarge);
        }
        self.rows.push(RowEnd { line, cells: offset(filled), width: offset(width) });
        Ok(())
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
        let RowEnd { line, cells: end, width } = *self.rows.get(at)?;
        let start = if at == 0 { 0 } else { self.rows[at - 1].cells };
        Some(SheetRow { sheet: self, line: line.into(), cells: (start as usize, end as usize), width: width as usize })
    }

    /// The row of a line.
    pub fn row_of_line(&self, line: u64) -> Option<SheetRow<'_>> {
        let at = self.rows.binary_search_by_key(&line, |row| row.line.into()).ok()?;
        self.row(at)
    }

    /// Every row, in order.
    pub fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        (0..self.rows.len()).filter_map(|at| self.row(at))
    }
}

/// Where a row ends.
#[derive(Clone, Copy, Debug)]
struct RowEnd {
    line: u32,
    /// The count of cells up to the last of it that isn't empty.
    cells: u32,
    /// How many cells it has, empty ones at its end included.
    width: u32,
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).expect("a row more than a sheet's limits is far less")
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct SheetRow<'a> {
    sheet: &'a Sheet,
    /// The line of the file on which it begins, or its number in the sheet, from 1.
    pub line: u64,
    cells: (usize, usize),
    width: usize,
}

impl<'a> SheetRow<'a> {
    /// How many cells it has, empty ones included.
    pub fn width(&self) -> usize {
        self.width
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

#[cfg(test)]
mod tests {
    use super::{CellKind, Sheet};
    use crate::import::fault::Reason;

    fn row<'c>(texts: &[&'c str]) -> impl Iterator<Item = (&'c str, CellKind)> {
        texts.iter().map(|text| (*text, CellKind::Text)).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn empty_cells_at_the_end_of_a_row_take_no_room() {
        let mut sheet = Sheet::default();
        for (line, texts) in [(1, &["a", "", "b", "", ""][..]), (2, &["", ""]), (3, &["c", ""])] {
            sheet.push(line, row(texts)).expect("it fits");
        }
        assert_eq!(sheet.cells.len(), 4);
        let rows: Vec<(u64, Vec<&str>)> =
            sheet.rows().map(|row| (row.line, row.cells().map(|cell| cell.text).collect())).collect();
        assert_eq!(rows, [(1, vec!["a", "", "b", "", ""]), (3, vec!["c", ""])]);
    }

    #[test]
    fn a_sheet_that_holds_too_much_is_refused() {
        let mut sheet = Sheet::within(8, 6);
        assert_eq!(sheet.push(1, row(&["1234", "5678", ""])), Ok(()));
        assert_eq!(sheet.push(2, row(&["9"])), Err(Reason::SheetTooLarge), "too much text");
        let mut sheet = Sheet::within(8, 6);
        assert_eq!(sheet.push(1, row(&["", "", "", "", "", "x"])), Ok(()));
        assert_eq!(sheet.push(2, row(&["9"])), Err(Reason::SheetTooLarge), "too many cells");
    }
}
