//! 花名册: a table of members → `MemberRostered`, `MemberEnrolled`, `MemberExempted`, and the names for `identity`.

use crate::import::Parsed;
use crate::import::cell::{code, number, person_name};
use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields, for_each_row};
use crate::import::file::TableFile;
use crate::import::people::{Members, NamedMember, known_member};
use crate::import::word::Word;
use jiff::civil::Date;
use mingzhang_events::{
    Event, Evidence, ExemptionReason, Instant, MemberClass, MemberEnrolled, MemberExempted, MemberId, MemberRostered,
    OrganizationId,
};
use std::collections::HashMap;

/// What the table is read against.
pub struct RosterContext<'a> {
    /// Who is known already: a row imported again must find its member, or there would be two of them.
    pub members: &'a dyn Members,
    /// A new random id.
    pub new_member: &'a mut dyn FnMut() -> MemberId,
    /// From which day on members without a date of their own are on the roster.
    pub since: Option<Date>,
}

/// Reads a roster.
pub fn roster(file: &TableFile, context: &mut RosterContext<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let mut seen = Seen::default();
    for_each_row(file, &mut parsed, |fields, parsed| {
        let row = read(fields, context)?;
        seen.note(fields, &row)?;
        if !fields.faultless() {
            return Ok(());
        }
        let member = known_member(fields, context.members)?.unwrap_or_else(|| (context.new_member)());
        seen.note_member(fields, member)?;
        push(parsed, fields.line, member, row);
        Ok(())
    });
    parsed
}

struct Row {
    name: String,
    number: Option<String>,
    branch: OrganizationId,
    class: MemberClass,
    since: Instant,
    enrolled: Option<(OrganizationId, Instant)>,
    exempt: Option<(ExemptionReason, Instant, Option<Date>)>,
}

fn read(fields: &mut Fields<'_>, context: &RosterContext<'_>) -> Result<Row, Faulty> {
    let name = fields.required(Column::MemberName, person_name);
    let number = fields.optional(Column::Number, number);
    let branch = fields.required(Column::Branch, code);
    let class = fields.required(Column::Class, MemberClass::read);
    let since = match fields.optional_midnight(Column::Since) {
        Ok(None) => match context.since.and_then(|date| Instant::at_local_midnight(date).ok()) {
            Some(since) => Ok(since),
            None => Err(fields.fault(Column::Since, Reason::CellEmpty)),
        },
        Ok(Some(since)) => Ok(since),
        Err(faulty) => Err(faulty),
    };
    let community = fields.optional(Column::Community, code);
    let enrolled_on = fields.optional_midnight(Column::EnrolledOn);
    let exemption = fields.optional(Column::Exemption, ExemptionReason::read);
    let exempt_from = fields.optional_midnight(Column::ExemptFrom);
    let exempt_until = fields.optional_day(Column::ExemptUntil);
    if let (Ok(None), Ok(Some(_))) = (&community, &enrolled_on) {
        fields.fault(Column::Community, Reason::CellEmpty);
    }
    if let (Ok(None), Ok(Some(_)), _) | (Ok(None), _, Ok(Some(_))) = (&exemption, &exempt_from, &exempt_until) {
        fields.fault(Column::Exemption, Reason::CellEmpty);
    }
    let since = since?;
    let enrolled_on = enrolled_on?.unwrap_or(since);
    let (exempt_from, exempt_until) = (exempt_from?.unwrap_or(since), exempt_until?);
    Ok(Row {
        name: name?,
        number: number?,
        branch: branch?,
        class: class?,
        since,
        enrolled: community?.map(|community| (community, enrolled_on)),
        exempt: exemption?.map(|reason| (reason, exempt_from, exempt_until)),
    })
}

/// Who has stood in this file before. Namesakes in one branch need numbers: without, the next import couldn't tell them apart.
#[derive(Default)]
struct Seen {
    /// With what else is said of whoever has the number.
    numbers: HashMap<String, (u64, String)>,
    names: HashMap<(String, OrganizationId), (u64, bool)>,
    members: HashMap<MemberId, u64>,
}

impl Seen {
    fn note(&mut self, fields: &mut Fields<'_>, row: &Row) -> Result<(), Faulty> {
        let line = fields.line;
        if let Some(number) = &row.number {
            let who = format!("{} {}", row.name, row.branch);
            if let Some((line, other)) = self.numbers.get(number) {
                let (line, other) = (*line, other.clone());
                let reason =
                    if other == who { Reason::SameAsLine { line } } else { Reason::OtherOnLine { line, other } };
                return Err(fields.fault(Column::Number, reason));
            }
            self.numbers.insert(number.clone(), (line, who));
        }
        let numbered = row.number.is_some();
        match self.names.get(&(row.name.clone(), row.branch)) {
            Some(&(line, other_numbered)) if !(numbered && other_numbered) => {
                Err(fields.fault(Column::MemberName, Reason::SameAsLine { line }))
            }
            Some(_) => Ok(()),
            None => {
                self.names.insert((row.name.clone(), row.branch), (line, numbered));
                Ok(())
            }
        }
    }

    fn note_member(&mut self, fields: &mut Fields<'_>, member: MemberId) -> Result<(), Faulty> {
        match self.members.insert(member, fields.line) {
            None => Ok(()),
            Some(line) => Err(fields.fault(Column::Member, Reason::SameAsLine { line })),
        }
    }
}

fn push(parsed: &mut Parsed, line: u64, member: MemberId, row: Row) {
    let rostered = Event::from(MemberRostered { class: row.class, member, organization: row.branch });
    parsed.push(line, None, rostered, Evidence::Imported, row.since);
    if let Some((community, at)) = row.enrolled {
        parsed.push(line, None, MemberEnrolled { decision: None, community, member }.into(), Evidence::Imported, at);
    }
    if let Some((reason, from, until)) = row.exempt {
        parsed.push(
            line,
            None,
            MemberExempted { decision: None, member, reason, until }.into(),
            Evidence::Imported,
            from,
        );
    }
    parsed.people.push(NamedMember { member, name: row.name, number: row.number });
}
