//! The cells of a row by column, with every fault noted: a row with three wrong cells gives three faults.

use crate::import::Parsed;
use crate::import::column::{Column, Need, Table};
use crate::import::fault::{Reason, RowFault};
use crate::import::source::SourceRow;

/// The value can't be had; why is noted already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Faulty;

/// Where each column of a table stands in a file.
pub(super) struct Header {
    names: Vec<String>,
    places: [Option<usize>; Column::ALL.len()],
}

impl Header {
    /// Reads the header row; `None` if the table can't be read under it.
    pub(super) fn read(table: Table, row: &SourceRow, parsed: &mut Parsed) -> Option<Header> {
        let mut header = Header { names: Vec::new(), places: [None; Column::ALL.len()] };
        let faults_before = parsed.faults.len();
        for (place, cell) in row.cells.iter().enumerate() {
            let name = cell.trim();
            header.names.push(name.to_owned());
            let fault = |reason| RowFault { line: row.line, column: name.to_owned(), value: String::new(), reason };
            match table.column_of(name) {
                Some(column) if header.places[column as usize].is_some() => {
                    parsed.faults.push(fault(Reason::ColumnTwice));
                }
                Some(column) => header.places[column as usize] = Some(place),
                None if name.is_empty() => {}
                None => parsed.ignored_columns.push(name.to_owned()),
            }
        }
        for needed in table.columns().iter().filter(|column| column.need == Need::Required) {
            if header.places[needed.column as usize].is_none() {
                let column = format!("{} ({})", needed.column.chinese(), needed.column.english());
                let reason = Reason::ColumnMissing;
                parsed.faults.push(RowFault { line: row.line, column, value: String::new(), reason });
            }
        }
        (parsed.faults.len() == faults_before).then_some(header)
    }

    /// The trimmed text of a row's cell; `None` if it is empty or the file has no such column.
    pub(super) fn cell<'a>(&self, column: Column, row: &'a SourceRow) -> Option<&'a str> {
        let cell = row.cells.get(self.places[column as usize]?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// What the file calls a column.
    pub(super) fn name_of(&self, column: Column) -> String {
        match self.places[column as usize] {
            Some(place) => self.names[place].clone(),
            None => format!("{} ({})", column.chinese(), column.english()),
        }
    }
}

/// Reads a whole table: the header, then each row with `read_row`. What a row with a fault has pushed is taken back.
pub(super) fn for_each_row(
    table: Table,
    rows: impl Iterator<Item = Result<SourceRow, RowFault>>,
    parsed: &mut Parsed,
    mut read_row: impl FnMut(&mut Fields<'_>, &mut Parsed) -> Result<(), Faulty>,
) {
    let mut header = None;
    for row in rows {
        let row = match row {
            Ok(row) => row,
            Err(fault) => {
                parsed.rows += u64::from(header.is_some());
                parsed.faults.push(fault);
                header = header.or(Some(None));
                continue;
            }
        };
        let Some(readable) = &header else {
            header = Some(Header::read(table, &row, parsed));
            continue;
        };
        parsed.rows += 1;
        let Some(readable) = readable else { continue };
        let mut fields = Fields { line: row.line, cells: &row.cells, header: readable, faults: Vec::new() };
        fields.note_cells_without_header();
        let before = (parsed.commands.len(), parsed.people.len(), parsed.households.len());
        let read = read_row(&mut fields, parsed);
        debug_assert!(read.is_ok() || !fields.faultless(), "a row that is not read has a fault");
        if !fields.faultless() {
            parsed.commands.truncate(before.0);
            parsed.people.truncate(before.1);
            parsed.households.truncate(before.2);
        }
        parsed.faults.append(&mut fields.faults);
    }
    if header.is_none() {
        parsed.faults.push(RowFault::of_line(1, Reason::NoHeader));
    }
}

/// One row.
pub(super) struct Fields<'a> {
    /// Its line in the file.
    pub(super) line: u64,
    cells: &'a [String],
    header: &'a Header,
    faults: Vec<RowFault>,
}

impl<'a> Fields<'a> {
    /// The trimmed text of a cell; `None` if it is empty or the file has no such column.
    pub(super) fn text(&self, column: Column) -> Option<&'a str> {
        let cell = self.cells.get(self.header.places[column as usize]?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// Notes what is wrong with a cell.
    pub(super) fn fault(&mut self, column: Column, reason: Reason) -> Faulty {
        let value = self.text(column).unwrap_or_default().to_owned();
        self.faults.push(RowFault { line: self.line, column: self.header.name_of(column), value, reason });
        Faulty
    }

    /// What the file calls a column.
    pub(super) fn name_of(&self, column: Column) -> String {
        self.header.name_of(column)
    }

    /// Whether nothing is wrong so far.
    pub(super) fn faultless(&self) -> bool {
        self.faults.is_empty()
    }

    /// The value of a cell, if it isn't empty.
    pub(super) fn optional<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&'a str) -> Result<T, Reason>,
    ) -> Result<Option<T>, Faulty> {
        match self.text(column).map(read).transpose() {
            Ok(value) => Ok(value),
            Err(reason) => Err(self.fault(column, reason)),
        }
    }

    /// The value of a cell that mustn't be empty.
    pub(super) fn required<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&'a str) -> Result<T, Reason>,
    ) -> Result<T, Faulty> {
        match self.optional(column, read)? {
            Some(value) => Ok(value),
            None => Err(self.fault(column, Reason::CellEmpty)),
        }
    }

    fn note_cells_without_header(&mut self) {
        for (place, cell) in self.cells.iter().enumerate() {
            let unnamed = self.header.names.get(place).is_none_or(String::is_empty);
            if unnamed && !cell.trim().is_empty() {
                let value = cell.trim().to_owned();
                let reason = Reason::CellWithoutHeader;
                self.faults.push(RowFault { line: self.line, column: String::new(), value, reason });
            }
        }
    }
}
