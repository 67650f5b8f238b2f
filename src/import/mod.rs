//! Tables of a street (组织、花名册、记录) → commands. No store, no clock, no I/O: bytes are handed in.
//!
//! A source gives sheets of cells with their lines; in one of them a table is found ([`TableFile`]), whose rows become commands
//! ([`organizations`], [`roster`], [`records`]). Another file format only adds a source. Invariant: every row becomes at least one command or at least one
//! fault, or is told as one that is left out ([`LeftOut`]), and what is about people ([`NamedMember`]) never enters a command.

mod accepted;
mod cell;
mod column;
mod draft;
mod duration;
mod fault;
mod fields;
mod file;
mod layout;
mod mapping;
mod marked;
mod moment;
mod organization_named;
mod organizations;
mod people;
mod person_name;
mod records;
mod refused;
mod roster;
mod sheet;
mod source;
mod template;
mod text;
mod understood;
mod word;

pub use cell::{end_after, local_date, local_instant};
pub use column::{Column, Need, Table, TableColumn};
pub use draft::MappingDraft;
pub use fault::{Reason, RowFault};
pub use file::TableFile;
pub use layout::{HeaderCell, Layout, LeftOut, Reading, Recognition, YearFrom};
pub use mapping::{Mapping, MappingError};
pub use marked::{CopyError, marked_text, marked_workbook};
pub use organization_named::{CANDIDATES_MAX, Organizations};
pub use organizations::{OrganizationContext, organizations};
pub use people::{Households, Members, NamedHousehold, NamedMember, Whom};
pub use records::{RecordContext, RecordType, activity_of_code, records};
pub use refused::{Cell, RefusedRow, ids_in_row, refused_cells};
pub use roster::{Changed, RosterContext, roster};
pub use sheet::{CellKind, Sheet, SheetCell, SheetRow};
pub use source::{Encoding, FILE_BYTES_MAX, Format};
pub use template::template;
pub use text::{organization as organization_as_read, person as name_as_read};
pub use understood::{UnderstoodCell, understood};
pub use word::Word;

use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{Event, Evidence, FileDigest, ImportedRow, Instant};

/// What a table came to.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Commands with the line of their row, in the order in which they can be recorded.
    pub commands: Vec<(u64, Command)>,
    /// Whom the rows name: for `identity`, to be recorded before the commands are, so that the same table finds the same
    /// members again.
    pub people: Vec<NamedMember>,
    /// Those of them who are known, and are called otherwise.
    pub changed: Vec<Changed>,
    /// Households that got an id here: for `identity`, likewise.
    pub households: Vec<NamedHousehold>,
    /// The file: what its facts are evidenced by.
    pub file: Option<FileDigest>,
    /// All that is wrong, by line.
    pub faults: Vec<RowFault>,
    /// Columns that this table doesn't know, as the file calls them.
    pub ignored_columns: Vec<String>,
    /// How many rows there are under the header, empty ones and those that are left out not counted.
    pub rows: u64,
    /// Rows that are no records: the line, why, and what stands there.
    pub left_out: Vec<(u64, LeftOut, String)>,
    /// How many cells stand beside the table, under no header.
    pub notes: u64,
}

impl Parsed {
    fn push(&mut self, line: u64, key: Option<IdempotencyKey>, event: Event, evidence: Evidence, occurred_at: Instant) {
        let key = key.unwrap_or_else(|| IdempotencyKey::of_fact(&event, occurred_at));
        let row = u32::try_from(line).ok();
        let imported = self.file.zip(row).and_then(|(file, row)| ImportedRow::new(file, row).ok());
        self.commands.push((line, Command { key, event, evidence, imported, occurred_at }));
    }
}

#[cfg(test)]
mod tests;
