//! XLSX and XLS → sheets. Values as they were saved; of a formula, the value that was saved with it, and nothing is computed.

use super::serial::{Epoch, length_text, serial_text};
use super::{CELL_BYTES_MAX, COLUMNS_MAX, MERGED_MAX, SHEET_ROWS_MAX, SheetName, compound, inflated};
use crate::import::fault::Reason;
use crate::import::sheet::{CellKind, Sheet};
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Style, Xls, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The largest whole number that a spreadsheet keeps: 15 digits.
const WHOLE_MAX: f64 = 999_999_999_999_999.0;
/// As many digits as it has, and the most that a number is shown with.
pub(in crate::import) const DIGITS_MAX: usize = 15;
/// The most cells with a format that says more than their value: eight columns of the largest sheet.
const TELLING_MAX: usize = 4_000_000;

/// An open workbook.
pub(super) enum Workbook<'b> {
    Xlsx {
        workbook: Box<Xlsx<Cursor<&'b [u8]>>>,
        /// Whether any sheet has merged cells: looking for them takes as long as reading the sheet.
        has_merged: bool,
        /// By sheet: the lines that aren't shown.
        hidden: BTreeMap<String, Vec<u32>>,
    },
    Xls(Box<Xls<Cursor<Vec<u8>>>>),
}

impl<'b> Workbook<'b> {
    pub(super) fn of_xlsx(bytes: &'b [u8]) -> Result<Workbook<'b>, Reason> {
        let seen = guarded(|| inflated::measure(bytes))??;
        let (has_merged, hidden) = (seen.merged > 0, seen.hidden.of_sheets());
        match guarded(|| Xlsx::new(Cursor::new(bytes)))? {
            Ok(workbook) => Ok(Workbook::Xlsx { workbook: workbook.into(), has_merged, hidden }),
            Err(XlsxError::Password) => Err(Reason::Encrypted),
            Err(_) => Err(Reason::Unreadable),
        }
    }

    pub(super) fn of_xls(bytes: &[u8]) -> Result<Workbook<'b>, Reason> {
        let bytes = compound::cleaned(bytes)?;
        match guarded(|| Xls::new(Cursor::new(bytes)))? {
            Ok(workbook) => Ok(Workbook::Xls(workbook.into())),
            Err(calamine::XlsError::Password) => Err(Reason::Encrypted),
            Err(_) => Err(Reason::Unreadable),
        }
    }

    pub(super) fn epoch(&self) -> Epoch {
        let from_1904 = match self {
            Workbook::Xlsx { workbook, .. } => workbook.has_1904_epoch(),
            Workbook::Xls(workbook) => workbook.has_1904_epoch(),
        };
        if from_1904 { Epoch::From1904 } else { Epoch::From1900 }
    }

    pub(super) fn sheets(&self) -> Vec<SheetName> {
        let sheets = match self {
            Workbook::Xlsx { workbook, .. } => workbook.sheets_metadata(),
            Workbook::Xls(workbook) => workbook.sheets_metadata(),
        };
        let name = |sheet: &calamine::Sheet| SheetName {
            name: sheet.name.clone(),
            visible: sheet.visible == SheetVisible::Visible,
        };
        sheets.iter().map(name).collect()
    }

    pub(super) fn read(&mut self, name: &str, rows_max: Option<usize>) -> Result<Sheet, Reason> {
        let epoch = self.epoch();
        guarded(|| match self {
            Workbook::Xlsx { workbook, has_merged, hidden } => {
                let mut sheet = read_xlsx(workbook, *has_merged, name, rows_max, epoch)?;
                sheet.hidden.extend(hidden.get(name).into_iter().flatten().copied().map(u64::from));
                Ok(sheet)
            }
            Workbook::Xls(workbook) => read_xls(workbook, name, rows_max, epoch),
        })?
    }
}

/// What reads workbooks isn't ours, and a file can be anything: where it stops short of an error, the file is unreadable.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, Reason> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| Reason::Unreadable)
}

fn read_xlsx(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    has_merged: bool,
    name: &str,
    rows_max: Option<usize>,
    epoch: Epoch,
) -> Result<Sheet, Reason> {
    let merged = has_merged.then(|| workbook.merge_cells_by_sheet_name(name)).transpose();
    let mut rows = Rows::new(&merged.map_err(|_| Reason::Unreadable)?.unwrap_or_default(), rows_max)?;
    // The beginning of a sheet is only asked what its header says.
    let formats = if rows_max.is_none() { telling_formats(workbook, name)? } else { Vec::new() };
    let mut formats = formats.into_iter().peekable();
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| Reason::Unreadable)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| Reason::Unreadable)? {
        let (text, kind) = match (&cell.value, &cell.formula) {
            (DataRef::Empty, Some(_)) => (String::new(), CellKind::Uncomputed),
            (value, _) => written(value, epoch),
        };
        let format = formats.next_if(|(place, _)| *place == cell.pos).map(|(_, format)| format).unwrap_or_default();
        let (text, kind) = format.shown(text, kind);
        if format.is_struck && !text.is_empty() {
            rows.strike(cell.pos.0);
        }
        if rows.cell(cell.pos, text, kind)? == Next::Enough {
            break;
        }
    }
    rows.finish()
}

/// What a cell's format says beyond its value.
#[derive(Clone, Copy, Default)]
struct Telling {
    /// With so many digits a number is shown: 12 as 0012.
    digits: usize,
    /// Whether it is struck through.
    is_struck: bool,
}

/// By row and column, from 0.
type TellingCells = Vec<((u32, u32), Telling)>;

impl Telling {
    fn of(style: &Style) -> Option<Telling> {
        let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
        let pads = (2..=DIGITS_MAX).contains(&code.len()) && code.bytes().all(|byte| byte == b'0');
        let is_struck = style.font.as_ref().is_some_and(|font| font.has_strikethrough());
        let digits = if pads { code.len() } else { 0 };
        (pads || is_struck).then_some(Telling { digits, is_struck })
    }

    /// The number as people see it: a text, as its zeros belong to it.
    fn shown(self, text: String, kind: CellKind) -> (String, CellKind) {
        let is_whole = kind == CellKind::Number && text.bytes().all(|byte| byte.is_ascii_digit());
        match self.digits {
            digits if is_whole && text.len() < digits => (format!("{text:0>digits$}"), CellKind::Text),
            _ => (text, kind),
        }
    }
}

/// The cells whose format says more than their value, in the order of the cells. Looked for only where the workbook has such a format:
/// it takes as long as reading the sheet.
fn telling_formats(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<TellingCells, Reason> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(|_| Reason::Unreadable)?;
    let telling: Vec<Option<Telling>> = cells.styles().iter().map(Telling::of).collect();
    let mut found = TellingCells::new();
    if telling.iter().all(Option::is_none) {
        return Ok(found);
    }
    while let Some((row, column, style)) = cells.next_style_id().map_err(|_| Reason::Unreadable)? {
        if let Some(format) = telling.get(style).copied().flatten() {
            if found.len() >= TELLING_MAX {
                return Err(Reason::SheetTooLarge);
            }
            found.push(((row, column), format));
        }
    }
    Ok(found)
}

fn read_xls(
    workbook: &mut Xls<Cursor<Vec<u8>>>,
    name: &str,
    rows_max: Option<usize>,
    epoch: Epoch,
) -> Result<Sheet, Reason> {
    let merged = workbook.merge_cells_by_sheet_name(name).map_err(|_| Reason::Unreadable)?;
    let mut rows = Rows::new(&merged, rows_max)?;
    let range = workbook.worksheet_range(name).map_err(|_| Reason::Unreadable)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let place = |at: usize, first: u32| u32::try_from(at).unwrap_or(u32::MAX).saturating_add(first);
        let (text, kind) = written(&as_ref(value), epoch);
        if rows.cell((place(row, first_row), place(column, first_column)), text, kind)? == Next::Enough {
            break;
        }
    }
    rows.finish()
}

fn as_ref(value: &calamine::Data) -> DataRef<'_> {
    use calamine::Data;
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(value) => DataRef::SharedString(value),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(value) => DataRef::DateTimeIso(value.clone()),
        Data::DurationIso(value) => DataRef::DurationIso(value.clone()),
        Data::Error(value) => DataRef::Error(value.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A value as people see it.
fn written(value: &DataRef<'_>, epoch: Epoch) -> (String, CellKind) {
    match value {
        DataRef::Empty => (String::new(), CellKind::Text),
        DataRef::String(text) => (text.clone(), CellKind::Text),
        DataRef::SharedString(text) => ((*text).to_owned(), CellKind::Text),
        DataRef::Int(value) => (value.to_string(), CellKind::Number),
        DataRef::Float(value) => number(*value),
        DataRef::Bool(true) => ("TRUE".to_owned(), CellKind::Boolean),
        DataRef::Bool(false) => ("FALSE".to_owned(), CellKind::Boolean),
        DataRef::DateTime(value) => date(value, epoch),
        DataRef::DateTimeIso(text) => {
            (text.replacen('T', " ", 1).trim_end_matches(" 00:00:00").to_owned(), CellKind::Date)
        }
        DataRef::DurationIso(text) => (text.clone(), CellKind::Text),
        DataRef::Error(error) => (error.to_string(), CellKind::Error),
    }
}

fn number(value: f64) -> (String, CellKind) {
    if !value.is_finite() {
        return ("#NUM!".to_owned(), CellKind::Error);
    }
    let kind = if value.abs() > WHOLE_MAX { CellKind::Rounded } else { CellKind::Number };
    (value.to_string(), kind)
}

fn date(value: &ExcelDateTime, epoch: Epoch) -> (String, CellKind) {
    let days = value.as_f64();
    if value.is_duration() {
        return length_text(days).map_or_else(|| number(days), |text| (text, CellKind::Time));
    }
    let kind = if (0.0..1.0).contains(&days) { CellKind::Time } else { CellKind::Date };
    serial_text(days, epoch).map_or_else(|| number(days), |text| (text, kind))
}

#[derive(PartialEq, Eq)]
enum Next {
    More,
    Enough,
}

/// Cells in the order of their rows become rows. What stands in a merged cell stands in each row that it spans.
struct Rows {
    sheet: Sheet,
    rows_max: Option<usize>,
    row: u32,
    cells: Vec<(String, CellKind)>,
    /// By its first row: column and last row of each merged cell that spans several rows.
    merged: BTreeMap<u32, Vec<(usize, u32)>>,
    /// Merged cells that go on: column, last row, text and kind.
    going_on: Vec<(usize, u32, String, CellKind)>,
}

impl Rows {
    fn new(merged: &[Dimensions], rows_max: Option<usize>) -> Result<Rows, Reason> {
        if merged.len() > MERGED_MAX {
            return Err(Reason::TooLargeInflated);
        }
        let mut by_row: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
        for region in merged.iter().filter(|region| region.end.0 > region.start.0) {
            let column = usize::try_from(region.start.1).unwrap_or(usize::MAX);
            if column < COLUMNS_MAX {
                by_row.entry(region.start.0).or_default().push((column, region.end.0));
            }
        }
        let (sheet, cells, going_on) = Default::default();
        Ok(Rows { sheet, rows_max, row: 0, cells, merged: by_row, going_on })
    }

    fn cell(&mut self, (row, column): (u32, u32), text: String, kind: CellKind) -> Result<Next, Reason> {
        if text.is_empty() && kind != CellKind::Uncomputed {
            return Ok(Next::More);
        }
        if row < self.row {
            return Err(Reason::Unreadable);
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
            if self.rows_max.is_some_and(|most| self.sheet.len() >= most) {
                return Ok(Next::Enough);
            }
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= COLUMNS_MAX || text.len() > CELL_BYTES_MAX {
            let reason = if column >= COLUMNS_MAX { Reason::TooManyColumns } else { Reason::CellTooLong };
            let line = u64::from(row) + 1;
            // Once for each row, however many of its cells it is.
            if self.sheet.unreadable.last().is_none_or(|(last, _)| *last != line) {
                self.sheet.unreadable.push((line, reason));
            }
            return Ok(Next::More);
        }
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, || (String::new(), CellKind::Text));
        }
        self.cells[column] = (text, kind);
        Ok(Next::More)
    }

    /// Some text of a row is struck through.
    fn strike(&mut self, row: u32) {
        let line = u64::from(row) + 1;
        if self.sheet.struck.last() != Some(&line) {
            self.sheet.struck.push(line);
        }
    }

    fn end_row(&mut self) -> Result<(), Reason> {
        if self.cells.is_empty() {
            return Ok(());
        }
        self.going_on.retain(|(_, last, ..)| *last >= self.row);
        while let Some(first) = self.merged.first_entry().filter(|first| *first.key() <= self.row) {
            let (first, regions) = first.remove_entry();
            for (column, last) in regions.into_iter().filter(|_| first == self.row) {
                if let Some((text, kind)) = self.cells.get(column).cloned() {
                    // Regions that lie over one another, which no spreadsheet writes, would be as many texts in every row.
                    self.going_on.retain(|(before, ..)| *before != column);
                    self.going_on.push((column, last, text, kind));
                }
            }
        }
        for (column, _, text, kind) in &self.going_on {
            if self.cells.len() <= *column {
                self.cells.resize_with(column + 1, || (String::new(), CellKind::Text));
            }
            if self.cells[*column].0.is_empty() {
                self.cells[*column] = (text.clone(), *kind);
            }
        }
        if self.sheet.len() >= SHEET_ROWS_MAX {
            return Err(Reason::TooManyRows);
        }
        self.sheet.push(self.row + 1, self.cells.iter().map(|(text, kind)| (text.as_str(), *kind)))?;
        self.cells.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Sheet, Reason> {
        self.end_row()?;
        Ok(self.sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use crate::import::sheet::CellKind;
    use calamine::Dimensions;

    #[test]
    fn of_merged_regions_over_one_another_one_goes_on() {
        let regions: Vec<Dimensions> = (0..50).map(|row| Dimensions::new((row, 0), (99, 0))).collect();
        let mut rows = Rows::new(&regions, None).expect("few regions");
        for row in 0..60 {
            rows.cell((row, 0), format!("{row}"), CellKind::Text).expect("a row");
            rows.cell((row, 1), "x".to_owned(), CellKind::Text).expect("a row");
            assert!(rows.going_on.len() <= 1, "{}", rows.going_on.len());
        }
        let sheet = rows.finish().expect("a sheet");
        assert_eq!(sheet.row(59).expect("a row").cell(0).text, "59");
    }
}
