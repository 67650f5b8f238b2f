//! Where in a row a refusal by the ledger's rules stands: the rules know facts, whoever made the table knows cells.
//!
//! Invariant: every refused row that the table has gives a cell, if need be the one that tells the row from others.

use crate::import::column::Column;
use crate::import::file::TableFile;
use crate::import::layout::Layout;
use crate::import::sheet::SheetRow;
use crate::import::text::plain;
use mingzhang_events::{Event, encode_data};
use serde_json::Value;

/// A refusal of a row, as the ledger or its server words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The line of the file, from 1.
    pub line: u64,
    /// The stable code.
    pub code: String,
    /// What is wrong, with the ids and codes that it is about.
    pub english: String,
}

/// A cell of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The column as the file calls it.
    pub column: String,
    /// What stands there.
    pub value: String,
}

/// The ids of the log that a row's fact is about, each with what stands for it in the row: the table knows no ids.
pub fn ids_in_row(file: &TableFile, line: u64, event: &Event) -> Vec<(String, String)> {
    let Some(row) = file.sheet.row_of_line(line) else { return Vec::new() };
    let data = encode_data(event).ok().and_then(|data| serde_json::from_str::<Value>(&data).ok()).unwrap_or_default();
    let told = |(field, columns): &(&str, &[Column])| {
        let id = data[field].as_str()?;
        let filled = |column: &Column| Some(file.layout.cell(row, *column)?.text).filter(|text| !text.is_empty());
        let text = columns.iter().find_map(filled)?;
        Some((id.to_owned(), plain(text).into_owned()))
    };
    let known: [(&str, &[Column]); 5] = [
        ("organization", &[Column::Organization, Column::Branch]),
        ("community", &[Column::Organization, Column::Community]),
        ("member", &[Column::Member, Column::Number, Column::MemberName]),
        ("household", &[Column::Household]),
        ("activity", &[Column::Activity]),
    ];
    known.iter().filter_map(told).collect()
}

/// The cell that each refusal is about, in their order.
pub fn refused_cells(file: &TableFile, refused: &[RefusedRow]) -> Vec<Cell> {
    let cell = |refused: &RefusedRow| {
        let row = file.sheet.row_of_line(refused.line)?;
        Some(cell_of(refused, &file.layout, row))
    };
    refused.iter().map(|refused| cell(refused).unwrap_or_default()).collect()
}

/// Of the columns that such a refusal can be about: the one whose cell it names, else the first that isn't empty.
fn cell_of(refused: &RefusedRow, layout: &Layout, row: SheetRow<'_>) -> Cell {
    let filled = |columns: &[Column]| -> Vec<Cell> {
        let cell = |column: &Column| {
            let value = layout.cell(row, *column)?.text;
            (!value.is_empty()).then(|| Cell { column: layout.name_of(*column), value: value.to_owned() })
        };
        columns.iter().filter_map(cell).collect()
    };
    let about = filled(about(&refused.code));
    let named = about.iter().find(|cell| refused.english.contains(&*plain(&cell.value)));
    let found = named.or(about.first()).cloned();
    found.or_else(|| filled(TELLING).into_iter().next()).unwrap_or_default()
}

/// What tells a row from others, the most telling first.
const TELLING: &[Column] = &[
    Column::Code,
    Column::Record,
    Column::Number,
    Column::Member,
    Column::MemberName,
    Column::Activity,
    Column::Type,
    Column::Name,
];
const ORGANIZATIONS: &[Column] =
    &[Column::Organization, Column::Branch, Column::Community, Column::Code, Column::Parent];
const MEMBERS: &[Column] = &[Column::Number, Column::Member, Column::MemberName];
const WHEN: &[Column] =
    &[Column::Start, Column::Date, Column::EnrolledOn, Column::ExemptFrom, Column::Since, Column::PlannedAt];

/// The columns that a refusal with this code can be about; none where it is about the row as a whole.
fn about(code: &str) -> &'static [Column] {
    match code {
        "key_reused_with_other_content" | "key_of_other_content" => &[Column::Key],
        "evidence_not_accepted" => &[Column::Evidence],
        "unknown_organization"
        | "role_does_not_reach"
        | "organization_not_yet_established"
        | "organization_dissolved"
        | "organization_exists"
        | "organization_below_itself"
        | "organization_not_empty"
        | "root_exists" => ORGANIZATIONS,
        "unknown_member" | "already_on_roster" | "already_in_branch" | "already_in_class" | "already_enrolled"
        | "not_enrolled" | "about_oneself" | "already_recorded" => MEMBERS,
        "unknown_activity"
        | "activity_exists"
        | "activity_cancelled"
        | "kind_has_no_attendance"
        | "already_signed_up"
        | "not_signed_up"
        | "not_checked_in" => &[Column::Activity],
        "activity_times_wrong" => &[Column::End, Column::Start],
        "unknown_record"
        | "review_of_own_record"
        | "record_reversed"
        | "record_open"
        | "already_approved"
        | "earlier_step_taken"
        | "record_returned"
        | "has_no_service_time"
        | "not_a_veto_or_reset" => &[Column::Record],
        "occurred_in_the_future"
        | "month_closed"
        | "closed_month_final"
        | "not_on_roster"
        | "activity_started"
        | "outside_activity_time"
        | "check_out_before_check_in"
        | "overlaps_other_service"
        | "correction_in_other_month"
        | "already_on_duty_roster"
        | "not_on_duty_roster" => WHEN,
        "stretch_too_long" => &[Column::Minutes, Column::Hours, Column::Duration, Column::End, Column::Start],
        "already_paired" | "not_paired" => &[Column::Household],
        "unknown_clause" | "clause_of_other_direction" => &[Column::Clause],
        "points_above_clause" => &[Column::Points],
        _ => &[],
    }
}
