//! What all kinds of document share: how members, organisations, hours and entries are written, and what stands at the beginning and at the end.

use super::{Setting, wording};
use crate::document::{Annex, Block, Cell, Column, Table, Title};
use crate::notice::{Imprint, number_tail};
use jiff::civil::Date;
use mingzhang_events::{Instant, MemberId, OrganizationId, day_number};
use std::collections::BTreeMap;

/// What is particular to a kind.
pub(super) struct Content {
    pub(super) title: Title,
    pub(super) number: Option<String>,
    pub(super) body: Vec<Block<'static>>,
    pub(super) annexes: Vec<Annex<'static>>,
}

/// Names as they may be shown.
pub(super) struct Names {
    pub(super) imprint: Imprint,
    pub(super) organizations: BTreeMap<OrganizationId, String>,
}

impl Names {
    /// A member's name, or nothing where only the number may be shown.
    pub(super) fn member(&self, member: MemberId) -> Cell {
        self.imprint.name_of(member).map_or(Cell::Empty, |name| Cell::Name(name.to_owned()))
    }

    /// A member in a sentence: `张*（编号尾号0042）`.
    pub(super) fn in_words(&self, member: MemberId) -> String {
        format!("{}（编号尾号{}）", self.imprint.name_of(member).unwrap_or("党员"), number_tail(member))
    }

    /// An organisation's name.
    pub(super) fn organization(&self, organization: Option<OrganizationId>) -> Cell {
        let name = organization.and_then(|organization| self.organizations.get(&organization));
        name.map_or(Cell::Empty, |name| Cell::Text(name.clone()))
    }
}

pub(super) fn column(heading: &str, width: u16) -> Column {
    Column { heading: heading.to_owned(), width }
}

/// The column of branches or of organisations, which all have their names here.
pub(super) fn organizations(heading: &str, names: &Names, of: impl Iterator<Item = Option<OrganizationId>>) -> Column {
    let shown = of.flatten().filter_map(|organization| names.organizations.get(&organization));
    Column::fitting(heading, (4, 12), shown.map(String::as_str))
}

/// The column of entries, so wide that those of a record stand on one line.
pub(super) fn entries_column<'a>(of: impl Iterator<Item = &'a [u64]>) -> Column {
    let written: Vec<String> = of.map(entries_in_words).collect();
    Column::fitting("账目", (3, 10), written.iter().map(String::as_str))
}

/// A text that is never changed.
pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// The last four digits of a member's id.
pub(super) fn tail(member: MemberId) -> Cell {
    Cell::Text(number_tail(member))
}

/// A table of rows that are there already.
pub(super) fn table(description: String, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table<'static> {
    Table { description, columns, rows: rows.len(), row: Box::new(move |place| rows[place].clone()) }
}

/// A table of two columns: what, and which.
pub(super) fn particulars(description: &str, rows: Vec<(&str, Cell)>) -> Table<'static> {
    let rows = rows.into_iter().map(|(name, cell)| vec![text(name), cell]).collect();
    table(description.to_owned(), vec![column("项目", 8), column("内容", 20)], rows)
}

/// From when until when, as the street's clock tells it on a date. Nothing where nobody served.
pub(super) fn span(date: Date, from: Instant, minutes: u16) -> [Cell; 2] {
    let day = i64::from(day_number(date));
    let since = |at: Instant| (i64::from(at.local_day()) - day) * 1_440 + i64::from(at.local_minute_of_day());
    let until = if minutes == 0 { Cell::Empty } else { Cell::Time(since(from.plus_minutes(minutes.into()))) };
    [Cell::Time(since(from)), until]
}

/// The places of entries in the log: `102 118`.
pub(super) fn entries(log_indexes: &[u64]) -> Cell {
    text(entries_in_words(log_indexes))
}

fn entries_in_words(log_indexes: &[u64]) -> String {
    log_indexes.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

/// What stands first: that members are made up, and what a draft isn't.
pub(super) fn opening(setting: &Setting) -> Vec<Block<'static>> {
    let demonstration =
        setting.imprint.demonstration.then(|| crate::notice::wording::DEMONSTRATION.chinese.into_owned());
    let draft = setting.imprint.issued_on.is_none().then(|| wording::DRAFT.to_owned());
    demonstration.into_iter().chain(draft).map(Block::Note).collect()
}

/// What stands last: the random number of an issued file.
pub(super) fn closing(setting: &Setting) -> Option<Block<'static>> {
    setting.code.as_ref().map(|code| Block::Note(format!("{}{code}", wording::CODE)))
}
