//! Rules for objections (异议): who raises one and until when, who decides it, who withdraws it.

use super::{Case, must_not_be_final};
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::{MonthStage, NONE, ObjectionStanding, ObjectionState, Standing, Subject};
use mingzhang_events::{
    ActorId, ClauseId, ClosedMonthCorrections, EventId, Month, ObjectionAssigned, ObjectionDismissed, ObjectionGround,
    ObjectionRaised, ObjectionUpheld, ObjectionWithdrawn, ObjectorRole, Objectors, ScoringRules, date_from_days,
    day_number,
};

/// Who speaks for a member that has no log-in.
const SPOKESMEN: &[Role] = &[Role::Recorder];
const ASSIGNERS: &[Role] = &[Role::Publisher];
const DECIDERS: &[Role] = &[Role::Reviewer, Role::Publisher];
/// What was handed in by the last day is written down within so many legal working days after it.
const WRITTEN_DOWN_WITHIN_WORKING_DAYS: u8 = 3;

pub(super) fn raised(case: &Case<'_>, event: &ObjectionRaised) -> Result<(), Rejection> {
    let member = case.state.member(event.member)?;
    let subject = case.state.subject(event.subject).ok_or(Rejection::UnknownSubject { subject: event.subject })?;
    may_object(case, event, &subject, case.state.member_state(member).branch)?;
    must_be_in_time(case, member, &subject)?;
    let concerned = match subject.record {
        Some(row) => case.state.record_state(row).member == member,
        None => case.state.has_covered_member(subject.organization, member, subject.month),
    };
    if !concerned {
        return Err(Rejection::SubjectOfOthers { member: event.member });
    }
    // Each person once: an objection that somebody else has raised, and may withdraw, takes nobody's own away.
    let of_member = case.actor.member == Some(event.member)
        || event.for_member
        || !case.state.takes_objections_of_others(subject.month);
    let raised_by = case.state.actor_number(case.actor.id);
    let same = |objection: &ObjectionState| {
        (objection.member, objection.subject, objection.ground) == (member, event.subject.0, event.ground as u8)
            && (Some(objection.raised_by) == raised_by || objection.of_member && of_member)
            && objection.standing != ObjectionStanding::Withdrawn
    };
    if case.state.objections_of(subject.month).any(same) { Err(Rejection::AlreadyObjected) } else { Ok(()) }
}

/// Refuses whom the rules of the month don't let object. By a member's own token an objection is of today; who speaks for one may write
/// down on a later day what was handed in, and says when that was.
fn may_object(case: &Case<'_>, event: &ObjectionRaised, subject: &Subject, branch: u32) -> Result<(), Rejection> {
    if case.actor.member == Some(event.member) {
        return case.must_be_of_today();
    }
    if event.for_member {
        return case.require(SPOKESMEN, &[branch]);
    }
    let rules = case.state.rules_for(subject.month).and_then(|rules| rules.disclosure.as_ref());
    match rules.map(|rules| rules.objectors()) {
        Some(Objectors::AnyMember) if case.actor.member.is_some() => return case.must_be_of_today(),
        Some(Objectors::AnyMember | Objectors::Concerned) | None => {}
    }
    let spoken_for = case.require(SPOKESMEN, &[branch]);
    let mut named = rules.iter().flat_map(|rules| &rules.objector_roles);
    if spoken_for.is_err() && named.any(|role| case.require(holders_of(*role), &[branch]).is_ok()) {
        return case.must_be_of_today();
    }
    spoken_for
}

const fn holders_of(role: ObjectorRole) -> &'static [Role] {
    match role {
        ObjectorRole::Reviewer => &[Role::Reviewer],
        ObjectorRole::Publisher => &[Role::Publisher],
        ObjectorRole::Auditor => &[Role::Auditor],
    }
}

/// Until the disclosure ends, also where the month is closed and its notice still to come; after the notice, until the rules' days since
/// its issue are over. What counts is when it was raised, so that one which a recorder writes down a day later is in time.
fn must_be_in_time(case: &Case<'_>, member: u32, subject: &Subject) -> Result<(), Rejection> {
    let month = subject.month;
    let record = subject.record.map(|row| case.state.record_state(row));
    let dated_at = subject.record.map(|row| case.state.dated_at(row));
    let settled = match (record, dated_at) {
        (Some(record), Some(at)) => case.state.settled_for_member(record.member, record.counted_at(), at),
        _ => month.start().ok().and_then(|at| case.state.settled_for_member(member, Some(subject.organization), at)),
    };
    // What couldn't be corrected any more isn't taken: this month may be restated, and one after it that it bears on be final.
    settled.map_or(Ok(()), |settled| must_not_be_final(&settled))?;
    let place = dated_at.map_or(subject.organization, |at| case.state.branch_at(member, at.unix_minutes()));
    let rules = case.state.rules_for(month);
    let disclosure = case.state.disclosure_of(place, month).map(|disclosure| disclosure.day);
    let mut after_notice = rules.map(ScoringRules::closed_month_corrections) != Some(ClosedMonthCorrections::Refuse);
    let last_day = match case.state.month_stage(place, month) {
        None | Some((MonthStage::Frozen, _)) => None,
        Some((MonthStage::Disclosed, _)) => disclosure,
        Some((MonthStage::Closed, _)) => match case.state.notice_of(place, month) {
            None => disclosure,
            Some(notice) => {
                after_notice = false;
                let working_days = rules.and_then(|rules| rules.disclosure.as_ref()?.notice_working_days);
                let issued = date_from_days(i64::from(notice.day));
                // Where the last day lies in a year whose calendar isn't known yet, it is the latest that it can be: nobody is shut out for it.
                working_days.map(|days| day_number(case.state.calendar().working_day_after_at_latest(issued, days)))
            }
        },
    };
    let Some(last_day) = last_day else { return Ok(()) };
    let until = date_from_days(i64::from(last_day));
    if case.at.local_day() > last_day {
        return Err(Rejection::ObjectionTooLate { until, after_notice });
    }
    let end = case.state.calendar().working_day_after_at_latest(until, WRITTEN_DOWN_WITHIN_WORKING_DAYS);
    if case.clock.local_date() > end { Err(Rejection::ObjectionWrittenDownTooLate { until: end }) } else { Ok(()) }
}

/// An objection that nobody has decided yet, whose actor has one of the roles over the member's branch.
fn undecided<'a>(
    case: &Case<'a>,
    objection: EventId,
    roles: Option<&'static [Role]>,
) -> Result<&'a ObjectionState, Rejection> {
    let state = case.state.objection_state(case.state.objection(objection)?);
    if let Some(roles) = roles {
        case.require(roles, &[state.organization])?;
    }
    match state.standing {
        ObjectionStanding::Raised => Ok(state),
        ObjectionStanding::Upheld | ObjectionStanding::Dismissed => Err(Rejection::ObjectionDecided { objection }),
        ObjectionStanding::Withdrawn => Err(Rejection::ObjectionWithdrawn { objection }),
    }
}

pub(super) fn assigned(case: &Case<'_>, event: &ObjectionAssigned) -> Result<(), Rejection> {
    let objection = undecided(case, event.objection, Some(ASSIGNERS))?;
    must_not_be_involved(case, event.objection, objection, event.assignee)
}

pub(super) fn upheld(case: &Case<'_>, event: &ObjectionUpheld) -> Result<(), Rejection> {
    decided(case, event.objection, event.clause)?;
    // Nothing could follow from it any more, unless something is missing.
    let objection = case.state.objection_state(case.state.objection(event.objection)?);
    let is_reversed = |row: u32| case.state.record_state(row).standing == Standing::Reversed;
    if objection.ground != ObjectionGround::RecordMissing as u8
        && objection.record != NONE
        && is_reversed(objection.record)
    {
        return Err(Rejection::RecordReversed { record: EventId(objection.subject) });
    }
    Ok(())
}

pub(super) fn dismissed(case: &Case<'_>, event: &ObjectionDismissed) -> Result<(), Rejection> {
    decided(case, event.objection, event.clause)
}

fn decided(case: &Case<'_>, id: EventId, clause: Option<ClauseId>) -> Result<(), Rejection> {
    let objection = undecided(case, id, Some(DECIDERS))?;
    case.must_be_of_today()?;
    case.must_not_be_about_oneself(objection.member)?;
    must_not_be_involved(case, id, objection, case.actor.id)?;
    if objection.assignee == NONE || case.state.actor_number(case.actor.id) != Some(objection.assignee) {
        return Err(Rejection::ObjectionNotAssigned { objection: id });
    }
    let month = Month::from_number(objection.month);
    let rules = month.and_then(|month| case.state.rules_for(month));
    let is_known = |clause| rules.is_some_and(|rules| rules.clauses().any(|(known, _)| known == clause));
    if clause.is_some_and(|clause| !is_known(clause)) { Err(Rejection::UnknownClause) } else { Ok(()) }
}

/// Refuses who raised it, and who ever recorded, changed or reviewed what it is about: of a line, any record of the member's month.
fn must_not_be_involved(
    case: &Case<'_>,
    id: EventId,
    objection: &ObjectionState,
    actor: ActorId,
) -> Result<(), Rejection> {
    let Some(actor) = case.state.actor_number(actor) else { return Ok(()) };
    let touched = |row: u32| case.state.had_in_hand(row, actor);
    let involved = if objection.record == NONE {
        let last = Some(case.state.member_state(objection.member).last_record).filter(|&row| row != NONE);
        let mut records = std::iter::successors(last, |&row| {
            Some(case.state.record_state(row).previous).filter(|&previous| previous != NONE)
        });
        records.any(|row| case.state.record_month(row).number() == objection.month && touched(row))
    } else {
        touched(objection.record)
    };
    if involved || objection.raised_by == actor {
        return Err(Rejection::InvolvedInObjection { objection: id });
    }
    Ok(())
}

/// By whoever raised it; by the member concerned only where it is their own: whom somebody else's is about doesn't take it back.
pub(super) fn withdrawn(case: &Case<'_>, event: &ObjectionWithdrawn) -> Result<(), Rejection> {
    let objection = undecided(case, event.objection, None)?;
    let own = case.actor.member == Some(case.state.member_id(objection.member));
    if own && objection.of_member || case.state.actor_number(case.actor.id) == Some(objection.raised_by) {
        return Ok(());
    }
    Err(Rejection::ObjectionOfOthers { objection: event.objection })
}
