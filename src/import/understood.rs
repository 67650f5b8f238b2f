//! What the first rows of a table are understood as, cell by cell: for people to look at before anything is recorded.
//!
//! Nothing is looked up: whom a row names is known only where the ledger is.

use crate::import::Parsed;
use crate::import::accepted;
use crate::import::cell::{code, name, number, points};
use crate::import::column::{Column, Table};
use crate::import::duration::{Unit, minutes};
use crate::import::fault::{Reason, RowFault};
use crate::import::fields::{Faulty, Fields, for_first_rows};
use crate::import::file::TableFile;
use crate::import::layout::Layout;
use crate::import::moment;
use crate::import::person_name::person_name;
use crate::import::records::RecordType;
use crate::import::sheet::SheetRow;
use crate::import::text::plain;
use crate::import::word::Word;
use crate::ledger::IdempotencyKey;
use mingzhang_events::{
    ActivityClass, ActivityKind, AttendanceOutcome, ClauseId, EmergencyGrade, Evidence, ExemptionReason, Instant,
    MemberClass, MemberId, OrganizationId, OrganizationLevel,
};

/// One cell, and what it is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderstoodCell {
    /// The header.
    pub column: String,
    /// What stands there.
    pub text: String,
    /// What it means, or why it means nothing.
    pub meaning: Result<String, Reason>,
}

/// The first rows, each with its line and its cells that aren't empty.
pub fn understood(file: &TableFile, rows_max: usize) -> Vec<(u64, Vec<UnderstoodCell>)> {
    let mut rows = Vec::new();
    for_first_rows(file, rows_max, &mut Parsed::default(), |fields, _| {
        let columns = file.table.columns().iter();
        let cells = columns.filter_map(|column| cell(file.table, column.column, fields)).collect();
        rows.push((fields.line, cells));
        Ok(())
    });
    rows
}

/// What can't be read of what every row has: told once, and not of each row. What it comes to may depend on the row: here it only has to be something.
pub(super) fn faults_of_constants(table: Table, layout: &Layout, header: SheetRow<'_>) -> Vec<RowFault> {
    let mut fields = Fields::of(header, layout);
    for (column, text) in layout.constants.iter().filter(|(column, _)| layout.place(*column).is_none()) {
        let read = match text.trim().is_empty() {
            true => Err(fields.fault(*column, Reason::CellEmpty)),
            false => constant(table, *column, &mut fields),
        };
        debug_assert!(read.is_ok() || !fields.faultless(), "what is not read is noted");
    }
    fields.into_faults()
}

fn constant(table: Table, column: Column, fields: &mut Fields<'_>) -> Result<(), Faulty> {
    let dating = fields.dating();
    let read: fn(&str) -> Result<(), Reason> = match column {
        Column::Start | Column::End => {
            return fields.optional(column, |text| moment::written(text, dating).map(drop)).map(drop);
        }
        Column::Class if table == Table::Records => {
            |text| ActivityClass::read(text).map(drop).or_else(|_| MemberClass::read(text).map(drop))
        }
        Column::Reason => accepted::reason,
        Column::Member => |text| plain(text).parse::<MemberId>().map(drop).map_err(|_| Reason::NotAMemberId),
        Column::Key => |text| plain(text).parse::<IdempotencyKey>().map(drop).map_err(|_| Reason::NotAKey),
        Column::Clause => |text| code::<ClauseId>(text).map(drop),
        Column::Code
        | Column::Name
        | Column::MemberName
        | Column::Level
        | Column::Parent
        | Column::Since
        | Column::Number
        | Column::Branch
        | Column::Class
        | Column::Community
        | Column::EnrolledOn
        | Column::Exemption
        | Column::ExemptFrom
        | Column::ExemptUntil
        | Column::Type
        | Column::Activity
        | Column::Organization
        | Column::Household
        | Column::Date
        | Column::Minutes
        | Column::Hours
        | Column::Duration
        | Column::Kind
        | Column::Grade
        | Column::Outcome
        | Column::Evidence
        | Column::Record
        | Column::PlannedAt
        | Column::Points
        | Column::Until => return meaning(table, column, fields).map(drop),
    };
    fields.optional(column, read).map(drop)
}

fn cell(table: Table, column: Column, fields: &mut Fields<'_>) -> Option<UnderstoodCell> {
    let text = fields.text(column).unwrap_or_default().to_owned();
    let faults_before = fields.faults_count();
    let meaning = match meaning(table, column, fields) {
        Ok(None) => return None,
        Ok(Some(meaning)) => Ok(meaning),
        Err(Faulty) => Err(fields.take_back_faults(faults_before)?),
    };
    Some(UnderstoodCell { column: fields.name_of(column), text, meaning })
}

fn meaning(table: Table, column: Column, fields: &mut Fields<'_>) -> Result<Option<String>, Faulty> {
    match column {
        Column::Code | Column::Parent => {
            fields.optional(column, |text| code::<OrganizationId>(text).map(|code| code.to_string()))
        }
        Column::Branch | Column::Community | Column::Organization => {
            fields.optional(column, |text| match code::<OrganizationId>(text) {
                Ok(code) => Ok(code.to_string()),
                Err(Reason::NotACode) => name(text).map(|name| format!("{name}（按名称查找 looked up by name）")),
                Err(reason) => Err(reason),
            })
        }
        Column::MemberName => fields.optional(column, person_name),
        Column::Name => fields.optional(column, name),
        Column::Number => fields.optional(column, number),
        Column::Since
        | Column::EnrolledOn
        | Column::ExemptFrom
        | Column::ExemptUntil
        | Column::Until
        | Column::Date => Ok(fields.optional_day(column)?.map(|day| day.to_string())),
        Column::PlannedAt => Ok(fields.optional_instant(column)?.map(local)),
        Column::Start => match fields.text(column) {
            None => Ok(None),
            Some(_) => fields.beginning(true).map(|began| Some(span(began.at, began.until))),
        },
        Column::End => match fields.text(column) {
            None => Ok(None),
            Some(_) => {
                let began = fields.beginning(false)?;
                Ok(fields.end(began)?.map(local))
            }
        },
        Column::Minutes => length(column, Unit::Minutes, fields),
        Column::Hours => length(column, Unit::Hours, fields),
        Column::Duration => length(column, Unit::Unsaid, fields),
        Column::Level => word::<OrganizationLevel>(column, fields),
        Column::Class if table == Table::Roster => word::<MemberClass>(column, fields),
        Column::Exemption => word::<ExemptionReason>(column, fields),
        Column::Type => word::<RecordType>(column, fields),
        Column::Kind => word::<ActivityKind>(column, fields),
        Column::Grade => word::<EmergencyGrade>(column, fields),
        Column::Outcome => word::<AttendanceOutcome>(column, fields),
        Column::Evidence => word::<Evidence>(column, fields),
        Column::Points => fields.optional(column, |text| points(text).map(|points| points.to_string())),
        // Which words may stand here depends on the type of the row.
        Column::Class
        | Column::Reason
        | Column::Member
        | Column::Activity
        | Column::Household
        | Column::Record
        | Column::Clause
        | Column::Key => fields.optional(column, |text| Ok(plain(text).into_owned())),
    }
}

fn length(column: Column, unit: Unit, fields: &mut Fields<'_>) -> Result<Option<String>, Faulty> {
    fields.optional(column, |text| minutes(text, unit).map(|minutes| format!("{minutes} 分钟")))
}

fn word<W: Word>(column: Column, fields: &mut Fields<'_>) -> Result<Option<String>, Faulty> {
    fields.optional(column, |text| {
        let value = W::read(text)?;
        let (_, stored, chinese) = W::WORDS.iter().find(|(known, ..)| *known == value).expect("a word of the list");
        Ok(format!("{} ({stored})", chinese[0]))
    })
}

fn span(start: Instant, end: Option<Instant>) -> String {
    end.map_or_else(|| local(start), |end| format!("{} 至 {}", local(start), local(end)))
}

fn local(instant: Instant) -> String {
    let minute = instant.local_minute_of_day();
    format!("{} {:02}:{:02}", instant.local_date(), minute / 60, minute % 60)
}
