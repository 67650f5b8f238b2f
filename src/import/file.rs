//! A table in a file: the sheet that has it, where it stands there, and the file's digest.
//!
//! Invariant: which sheet is read is said, or the one that has the table; never one of several.

use crate::import::column::Table;
use crate::import::fault::{Reason, RowFault};
use crate::import::layout::{HEADER_ROWS_MAX, Layout, Reading};
use crate::import::sheet::Sheet;
use crate::import::source::{Format, SheetName, Source};
use mingzhang_events::FileDigest;
use sha2::{Digest, Sha256};

/// A file that was read, with its table found.
#[derive(Debug)]
pub struct TableFile {
    /// Which table it is read as.
    pub table: Table,
    /// What kind of file it is.
    pub format: Format,
    /// The name of its sheet; empty for a text file.
    pub sheet_name: String,
    /// Sheets that weren't read.
    pub other_sheets: Vec<String>,
    /// SHA-256 of its bytes: evidence of what it says.
    pub digest: FileDigest,
    /// All cells of the sheet.
    pub sheet: Sheet,
    /// Where the table stands.
    pub layout: Layout,
}

impl TableFile {
    /// Reads a file. What is wrong with the file as a whole is one fault, what is wrong with its header one for each column.
    pub fn open(table: Table, bytes: &[u8], reading: &Reading) -> Result<TableFile, Vec<RowFault>> {
        let whole = |reason| vec![RowFault::of_line(1, reason)];
        let mut source = Source::open(bytes).map_err(whole)?;
        let chosen = choose(table, &mut source, reading)?;
        let sheet = source.read(&chosen, None).map_err(whole)?;
        let layout = Layout::of(table, &sheet, &chosen.name, source.epoch(), reading)?;
        let others = source.sheets().into_iter().filter(|sheet| *sheet != chosen && sheet.visible);
        Ok(TableFile {
            table,
            format: source.format(),
            sheet_name: chosen.name.clone(),
            other_sheets: others.map(|sheet| sheet.name).collect(),
            digest: FileDigest(Sha256::digest(bytes).into()),
            sheet,
            layout,
        })
    }

    /// Where the table may stand in a file that can't be read as it is; none where not even the sheet is known. Only for somebody to look at.
    pub fn sketch(table: Table, bytes: &[u8], reading: &Reading) -> Option<Layout> {
        let mut source = Source::open(bytes).ok()?;
        let chosen = choose(table, &mut source, reading).ok()?;
        // A header that is said may stand further down.
        let rows_max = reading.header_row().is_none().then_some(HEADER_ROWS_MAX + 1);
        let sheet = source.read(&chosen, rows_max).ok()?;
        Layout::sketch(table, &sheet, &chosen.name, source.epoch(), reading)
    }

    /// How many records stand on lines that the spreadsheet doesn't show, and how many on lines with struck-through text.
    pub fn hidden_and_struck(&self) -> (usize, usize) {
        let is_record = |line: &&u64| {
            let row = self.sheet.row_of_line(**line);
            **line > self.layout.header_line && row.is_some_and(|row| self.layout.left_out(row).is_none())
        };
        let count = |lines: &[u64]| lines.iter().filter(is_record).count();
        (count(&self.sheet.hidden), count(&self.sheet.struck))
    }

    /// The name of a table's own template or fixture in memory.
    pub fn of_text(table: Table, text: &str) -> Result<TableFile, Vec<RowFault>> {
        TableFile::open(table, text.as_bytes(), &Reading::default())
    }
}

/// The sheet that is named, or the only one under whose header the table can be read.
fn choose(table: Table, source: &mut Source<'_>, reading: &Reading) -> Result<SheetName, Vec<RowFault>> {
    let whole = |reason| vec![RowFault::of_line(1, reason)];
    let sheets = source.sheets();
    let named = |sheets: &[&SheetName]| sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join("、");
    if let Some(name) = reading.sheet() {
        let found = sheets.iter().find(|sheet| sheet.name == name || (sheet.name.is_empty() && sheets.len() == 1));
        return found
            .cloned()
            .ok_or_else(|| whole(Reason::SheetUnknown { names: named(&sheets.iter().collect::<Vec<_>>()) }));
    }
    if let [only] = &sheets[..] {
        return Ok(only.clone());
    }
    let (mut fitting, mut filled, mut unreadable) = (Vec::new(), Vec::new(), None);
    for sheet in sheets.iter().filter(|sheet| sheet.visible) {
        // A sheet of charts can't be read as cells, and needn't be.
        let beginning = match source.read(sheet, Some(HEADER_ROWS_MAX + 1)) {
            Ok(beginning) => beginning,
            Err(reason) => {
                unreadable.get_or_insert(reason);
                continue;
            }
        };
        if beginning.is_empty() {
            continue;
        }
        filled.push(sheet);
        match Layout::of(table, &beginning, &sheet.name, source.epoch(), reading) {
            // A header without a row is a sheet that nobody has filled in.
            Ok(layout) if beginning.row(layout.first_row).is_some() => fitting.push(sheet),
            Ok(_) | Err(_) => {}
        }
    }
    match (&fitting[..], &filled[..], unreadable) {
        ([only], ..) | ([], [only], _) => Ok((*only).clone()),
        ([], [], Some(reason)) => Err(whole(reason)),
        ([], [], None) => Err(whole(Reason::NoHeader)),
        ([], several, _) => Err(whole(Reason::SheetNotFound { names: named(several) })),
        (several, ..) => Err(whole(Reason::SheetAmbiguous { names: named(several) })),
    }
}
