//! 花名册: a table of members → `MemberRostered`, `MemberEnrolled`, `MemberExempted`, and the names for `identity`.

use crate::import::Parsed;
use crate::import::cell::number;
use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields, for_each_row};
use crate::import::file::TableFile;
use crate::import::organization_named::{Organizations, organization, required_organization};
use crate::import::people::{Members, NamedMember, Whom, listed, member_id, numbered_otherwise, only_one_of_the_name};
use crate::import::person_name::person_name;
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
    /// Which organisations may be named instead of giving their codes.
    pub organizations: &'a dyn Organizations,
    /// A new random id.
    pub new_member: &'a mut dyn FnMut() -> MemberId,
    /// Whether those who are known may get another name or number.
    pub renames: bool,
    /// Whether a new number may be that of the only one of the name in the branch, who has none.
    pub gives_numbers: bool,
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
        let known = known_member(fields, context, &row)?;
        let member = known.as_ref().map_or_else(|| (context.new_member)(), |known| known.member);
        seen.note_member(fields, member)?;
        let line = fields.line;
        parsed.changed.extend(known.and_then(|known| known.before).map(|before| Changed {
            line,
            before,
            name: row.name.clone(),
            number: row.number.clone(),
        }));
        push(parsed, line, member, row);
        Ok(())
    });
    parsed
}

/// Somebody who is known, and whom a roster calls otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The line of the file, from 1.
    pub line: u64,
    /// As they are on record, as far as whoever imports may be told.
    pub before: Whom,
    /// The name that the roster gives them.
    pub name: String,
    /// The number that it gives them; none leaves them theirs.
    pub number: Option<String>,
}

/// Whom a row finds.
struct Known {
    member: MemberId,
    /// As they are on record, if the row calls them otherwise.
    before: Option<Whom>,
}

/// The member that a row is about; `None` for somebody new. The branch isn't compared: it is the one of its date.
fn known_member(fields: &mut Fields<'_>, context: &RosterContext<'_>, row: &Row) -> Result<Option<Known>, Faulty> {
    let members = context.members;
    let (number, name) = (row.number.clone(), Some(row.name.clone()));
    let same = |member| Known { member, before: None };
    let alone = match (member_id(fields)?, &number) {
        (Some(member), _) => Whom { member: Some(member), ..Whom::default() },
        (None, Some(number)) => Whom { number: Some(number.clone()), ..Whom::default() },
        (None, None) => return Ok(only_one_of_the_name(fields, members, &row.in_branch())?.map(same)),
    };
    let as_said = Whom { number: number.clone(), name: name.clone(), ..alone.clone() };
    if let [member] = members.fitting(&as_said)[..] {
        return Ok(Some(same(member)));
    }
    let [member] = members.fitting(&alone)[..] else {
        return match alone.member {
            // Nobody whom whoever imports may know of: the rules decide.
            Some(member) => Ok(Some(same(member))),
            None => unnumbered(fields, context, row),
        };
    };
    let before = members.whom(member);
    let holder = number.map(|number| members.fitting(&Whom { number: Some(number), ..Whom::default() }));
    if holder.is_some_and(|holder| holder.iter().any(|holder| *holder != member)) {
        return Err(fields.fault(Column::Number, Reason::OtherNumber));
    }
    if context.renames {
        return Ok(Some(Known { member, before: Some(before) }));
    }
    if members.fitting(&Whom { name, ..alone.clone() }).is_empty() {
        let reason = Reason::RegisteredAs { whose: alone.key(), name: before.name };
        return Err(fields.fault(Column::MemberName, reason));
    }
    Err(fields.fault(Column::Number, Reason::NumberedAs { number: before.number }))
}

/// Nobody has this number. Somebody of the name whose number is written otherwise, or who has none in the branch, may be the same person, or not.
fn unnumbered(fields: &mut Fields<'_>, context: &RosterContext<'_>, row: &Row) -> Result<Option<Known>, Faulty> {
    let (members, number) = (context.members, row.number.as_deref().unwrap_or_default());
    let otherwise = numbered_otherwise(members, number, Some(&row.name));
    match otherwise[..] {
        [] => {}
        [(member, _)] if context.renames => return Ok(Some(Known { member, before: Some(members.whom(member)) })),
        _ => return Err(fields.fault(Column::Number, Reason::NumberedOtherwise { known: listed(&otherwise) })),
    }
    let has_none = |member: &MemberId| {
        let with_it = Whom { member: Some(*member), number: row.number.clone(), ..Whom::default() };
        !members.fitting(&with_it).is_empty()
    };
    let mut without = members.fitting(&row.in_branch());
    without.retain(has_none);
    match without[..] {
        [] => Ok(None),
        [member] if context.gives_numbers => {
            Ok(Some(Known { member, before: Some(Whom { member: Some(member), ..row.in_branch() }) }))
        }
        _ => {
            let candidates: Vec<String> = without.iter().map(MemberId::to_string).collect();
            Err(fields.fault(Column::Number, Reason::Unnumbered { candidates: candidates.join("、") }))
        }
    }
}

#[derive(Clone)]
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
    let branch = required_organization(fields, Column::Branch, context.organizations);
    let class = fields.required(Column::Class, MemberClass::read);
    let since = match fields.optional_midnight(Column::Since) {
        Ok(None) => match context.since.and_then(|date| Instant::at_local_midnight(date).ok()) {
            Some(since) => Ok(since),
            None => Err(fields.fault(Column::Since, Reason::CellEmpty)),
        },
        Ok(Some(since)) => Ok(since),
        Err(faulty) => Err(faulty),
    };
    let community = organization(fields, Column::Community, context.organizations);
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

impl Row {
    /// By name and branch.
    fn in_branch(&self) -> Whom {
        Whom { name: Some(self.name.clone()), branch: Some(self.branch), ..Whom::default() }
    }

    /// What the row says.
    fn cells(&self) -> [String; 10] {
        let date = |at: &Instant| at.local_date().to_string();
        let (community, enrolled_on) = match &self.enrolled {
            Some((community, at)) => (community.to_string(), date(at)),
            None => (String::new(), String::new()),
        };
        let (exemption, exempt_from, exempt_until) = match &self.exempt {
            Some((reason, from, until)) => {
                (reason.chinese().to_owned(), date(from), until.map_or_else(String::new, |until| until.to_string()))
            }
            None => Default::default(),
        };
        let number = self.number.clone().unwrap_or_default();
        let (branch, class, since) = (self.branch.to_string(), self.class.chinese().to_owned(), date(&self.since));
        let name = self.name.clone();
        [number, name, branch, class, since, community, enrolled_on, exemption, exempt_from, exempt_until]
    }
}

/// Who has stood in this file before. Namesakes in one branch need numbers: without, the next import couldn't tell them apart.
#[derive(Default)]
struct Seen {
    /// Every row with its line.
    rows: Vec<(u64, Row)>,
    /// Which of them has a number.
    numbers: HashMap<String, usize>,
    /// Which was the first of a name in a branch.
    names: HashMap<(String, OrganizationId), usize>,
    members: HashMap<MemberId, u64>,
}

impl Seen {
    fn note(&mut self, fields: &mut Fields<'_>, row: &Row) -> Result<(), Faulty> {
        if let Some(&at) = row.number.as_ref().and_then(|number| self.numbers.get(number)) {
            return Err(fields.fault(Column::Number, self.stands_at(at, row)));
        }
        let at = self.rows.len();
        self.rows.push((fields.line, row.clone()));
        self.numbers.extend(row.number.clone().map(|number| (number, at)));
        let first = *self.names.entry((row.name.clone(), row.branch)).or_insert(at);
        let are_numbered = row.number.is_some() && self.rows[first].1.number.is_some();
        if first == at || are_numbered {
            return Ok(());
        }
        Err(fields.fault(Column::MemberName, self.stands_at(first, row)))
    }

    fn stands_at(&self, at: usize, row: &Row) -> Reason {
        let (line, earlier) = &self.rows[at];
        Reason::stands_on(*line, earlier.cells(), &row.cells())
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
