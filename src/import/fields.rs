//! The cells of a row by column, with every fault noted: a row with three wrong cells gives three faults.

use crate::import::Parsed;
use crate::import::cell::{Began, end_in};
use crate::import::column::Column;
use crate::import::fault::{Reason, RowFault};
use crate::import::file::TableFile;
use crate::import::layout::{Layout, text_of};
use crate::import::moment::{self, Dating, Written};
use crate::import::sheet::{CellKind, SheetRow};
use crate::import::source::Format;
use jiff::civil::Date;
use mingzhang_events::Instant;

/// With so many faults nobody corrects one after another: the table isn't what it was taken for.
const FAULTS_MAX: usize = 200_000;
/// Twice the rows of the largest sheet of a workbook, all of them numbered and otherwise empty.
const LEFT_OUT_MAX: usize = 1_000_000;

/// The value can't be had; why is noted already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Faulty;

/// Reads each record of a table with `read_row`. What a row with a fault has pushed is taken back.
pub(super) fn for_each_row(
    file: &TableFile,
    parsed: &mut Parsed,
    read_row: impl FnMut(&mut Fields<'_>, &mut Parsed) -> Result<(), Faulty>,
) {
    for_first_rows(file, usize::MAX, parsed, read_row);
}

/// The same for so many records only.
pub(super) fn for_first_rows(
    file: &TableFile,
    rows_max: usize,
    parsed: &mut Parsed,
    mut read_row: impl FnMut(&mut Fields<'_>, &mut Parsed) -> Result<(), Faulty>,
) {
    let layout = &file.layout;
    parsed.file = Some(file.digest);
    parsed.ignored_columns = layout.unknown_headers().map(str::to_owned).collect();
    for (line, reason) in file.sheet.unreadable.iter().filter(|(line, _)| *line > layout.header_line) {
        parsed.rows += 1;
        parsed.faults.push(RowFault::of_line(*line, reason.clone()));
    }
    let text = matches!(file.format, Format::Text(_));
    let mut read = 0;
    for row in file.sheet.rows().skip(layout.first_row) {
        if read == rows_max {
            break;
        }
        if parsed.faults.len() >= FAULTS_MAX || parsed.left_out.len() >= LEFT_OUT_MAX {
            parsed.faults.push(RowFault::of_line(row.line, Reason::TooManyFaults));
            break;
        }
        if let Some(why) = layout.left_out(row) {
            parsed.left_out.push((row.line, why, text_of(row)));
            continue;
        }
        parsed.rows += 1;
        read += 1;
        let mut fields = Fields::of(row, layout);
        fields.note_cells_without_header(text, parsed);
        let before = (parsed.commands.len(), parsed.people.len(), parsed.households.len(), parsed.changed.len());
        let outcome = read_row(&mut fields, parsed);
        debug_assert!(outcome.is_ok() || !fields.faultless(), "a row that is not read has a fault");
        if !fields.faultless() {
            parsed.commands.truncate(before.0);
            parsed.people.truncate(before.1);
            parsed.households.truncate(before.2);
            parsed.changed.truncate(before.3);
        }
        parsed.faults.append(&mut fields.faults);
    }
    parsed.faults.sort_by_key(|fault| fault.line);
}

/// The errors of spreadsheets, as text files have them.
const ERRORS: &[&str] = &["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"];

/// One row.
pub(super) struct Fields<'a> {
    /// Its line in the file.
    pub(super) line: u64,
    row: SheetRow<'a>,
    layout: &'a Layout,
    faults: Vec<RowFault>,
}

impl<'a> Fields<'a> {
    /// Those of a row of which nothing is wrong yet.
    pub(super) fn of(row: SheetRow<'a>, layout: &'a Layout) -> Fields<'a> {
        Fields { line: row.line, row, layout, faults: Vec::new() }
    }

    /// What is wrong with it.
    pub(super) fn into_faults(self) -> Vec<RowFault> {
        self.faults
    }

    /// How days and times are meant.
    pub(super) fn dating(&self) -> Dating {
        self.layout.dating
    }

    /// The trimmed text of a cell; `None` if it is empty or the file has no such column.
    pub(super) fn text(&self, column: Column) -> Option<&'a str> {
        let cell = self.layout.cell(self.row, column)?;
        (!cell.text.is_empty()).then_some(cell.text)
    }

    /// Notes what is wrong with a cell.
    pub(super) fn fault(&mut self, column: Column, reason: Reason) -> Faulty {
        let value = self.text(column).unwrap_or_default().to_owned();
        self.faults.push(RowFault { line: self.line, column: self.layout.name_of(column), value, reason });
        Faulty
    }

    /// What the file calls a column.
    pub(super) fn name_of(&self, column: Column) -> String {
        self.layout.name_of(column)
    }

    /// Whether nothing is wrong so far.
    pub(super) fn faultless(&self) -> bool {
        self.faults.is_empty()
    }

    /// How many faults were noted.
    pub(super) fn faults_count(&self) -> usize {
        self.faults.len()
    }

    /// Forgets the faults from this count on, and gives the reason of the first.
    pub(super) fn take_back_faults(&mut self, from: usize) -> Option<Reason> {
        self.faults.drain(from..).map(|fault| fault.reason).next()
    }

    /// The value of a cell, if it isn't empty.
    pub(super) fn optional<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&'a str) -> Result<T, Reason>,
    ) -> Result<Option<T>, Faulty> {
        let cell = self.layout.cell(self.row, column);
        let value = match cell.map(|cell| cell.kind) {
            Some(CellKind::Uncomputed) => Err(Reason::FormulaWithoutValue),
            Some(CellKind::Error) => Err(Reason::CellIsError),
            _ if self.text(column).is_some_and(|text| ERRORS.contains(&text)) => Err(Reason::CellIsError),
            Some(CellKind::Rounded) => Err(Reason::NumberRounded),
            _ => self.text(column).map(read).transpose(),
        };
        value.map_err(|reason| self.fault(column, reason))
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

    /// The day of a cell, if it isn't empty.
    pub(super) fn optional_day(&mut self, column: Column) -> Result<Option<Date>, Faulty> {
        let dating = self.layout.dating;
        self.optional(column, |text| moment::day(text, dating))
    }

    /// The first instant of the day of a cell, if it isn't empty.
    pub(super) fn optional_midnight(&mut self, column: Column) -> Result<Option<Instant>, Faulty> {
        let dating = self.layout.dating;
        self.optional(column, |text| {
            Instant::at_local_midnight(moment::day(text, dating)?).map_err(|_| Reason::NotADate)
        })
    }

    /// The instant of a cell, if it isn't empty.
    pub(super) fn optional_instant(&mut self, column: Column) -> Result<Option<Instant>, Faulty> {
        let dating = self.layout.dating;
        self.optional(column, |text| match moment::written(text, dating)? {
            Written { instant: Some(instant), .. } => Ok(instant),
            Written { date: Some(date), start: Some(second), end: None, .. } => moment::instant(date, second),
            _ => Err(Reason::NotAnInstant),
        })
    }

    /// When it began: the columns with the day and with the time taken together. Where a day is meant, its date alone will do.
    pub(super) fn beginning(&mut self, day_will_do: bool) -> Result<Began, Faulty> {
        let dating = self.layout.dating;
        let day = self.optional_day(Column::Date);
        let said = self.optional(Column::Start, |text| moment::written(text, dating));
        let (day, said) = (day?, said?);
        let read = match (day, said) {
            (None, None) => Err((Column::Start, Reason::CellEmpty)),
            (Some(day), Some(said)) if said.local_date().is_some_and(|date| date != day) => {
                Err((Column::Start, Reason::DatesDiffer))
            }
            (_, said) => beginning(day, said.unwrap_or_default(), day_will_do)
                .map_err(|reason| (if said.is_some() { Column::Start } else { Column::Date }, reason)),
        };
        read.map_err(|(column, reason)| self.fault(column, reason))
    }

    /// When it ended, if the column of the end says so.
    pub(super) fn end(&mut self, began: Began) -> Result<Option<Instant>, Faulty> {
        let dating = self.layout.dating;
        self.optional(Column::End, |text| end_in(began, text, dating))
    }

    /// What stands under no header: beside a workbook's table a note, in a text file a separator too many.
    fn note_cells_without_header(&mut self, text: bool, parsed: &mut Parsed) {
        let width = self.layout.header.len();
        for (place, cell) in self.row.cells().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
            let unnamed = self.layout.header.get(place).is_none_or(|header| header.name.is_empty());
            if unnamed && text && place >= width {
                let (column, value) = (String::new(), cell.text.to_owned());
                self.faults.push(RowFault { line: self.line, column, value, reason: Reason::CellWithoutHeader });
            } else if unnamed {
                parsed.notes += 1;
            }
        }
    }
}

fn beginning(day: Option<Date>, said: Written, day_will_do: bool) -> Result<Began, Reason> {
    if let Some(at) = said.instant {
        return Ok(Began { at, until: None, clock: None });
    }
    let date = said.date.or(day).ok_or(Reason::NotAnInstant)?;
    let second = match said.start {
        Some(second) => second,
        None if day_will_do => 0,
        None => return Err(Reason::NotAnInstant),
    };
    let until = said.end.map(|(end_date, second)| moment::instant(end_date.unwrap_or(date), second)).transpose()?;
    Ok(Began { at: moment::instant(date, second)?, until, clock: said.clock })
}
