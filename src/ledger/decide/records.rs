//! Rules for reviewing, correcting and reversing records.

use super::service::{Stay, must_be_at, must_fit, must_have_ended, must_not_overlap};
use super::{Case, is_settled, must_not_be_final};
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::{MonthStage, NONE, ObjectionState, RecordKind, RecordState, Settled, Standing};
use mingzhang_events::{
    CorrectionReason, DecisionQuashed, EventId, Instant, Month, RecordCorrected, RecordReversed, ReviewRole,
    ServiceApproved, ServiceReturned,
};

const REVIEWERS: &[Role] = &[Role::Reviewer];
const CORRECTORS: &[Role] = &[Role::Recorder, Role::Reviewer];
const REVISERS: &[Role] = &[Role::Reviewer, Role::Publisher];
const PUBLISHERS: &[Role] = &[Role::Publisher];

/// What a rule on a record looks at.
struct Found<'a> {
    row: u32,
    record: &'a RecordState,
    /// The member's branch.
    branch: u32,
    /// Their branch at its date.
    branch_then: u32,
    /// The month that it is dated in.
    month: Month,
    /// What keeps everything but a correction out of its month.
    settled: Option<Settled>,
}

impl<'a> Found<'a> {
    fn look_up(case: &Case<'a>, id: EventId) -> Result<Found<'a>, Rejection> {
        Found::from(case, id, None)
    }

    /// The same of a record that is to begin at another time: from the earlier date on it bears on what is settled.
    fn from(case: &Case<'a>, id: EventId, at: Option<Instant>) -> Result<Found<'a>, Rejection> {
        let row = case.state.record(id)?;
        let record = case.state.record_state(row);
        let branch = case.state.member_state(record.member).branch;
        let dated_at = case.state.dated_at(row);
        let branch_then = case.state.branch_at(record.member, dated_at.unix_minutes());
        let since = at.map_or(dated_at, |at| case.state.dated(record.activity, at).min(dated_at));
        let settled = case.state.settled_for_member(record.member, record.counted_at(), since);
        Ok(Found { row, record, branch, branch_then, month: dated_at.month(), settled })
    }

    /// In an open month `roles` may act, in a frozen one reviewers and publishers, in one that was disclosed or closed only
    /// publishers, and nobody if the rules of that month, or of one after it that it bears on, say that a closed month is final.
    fn require(&self, case: &Case<'_>, roles: &'static [Role]) -> Result<(), Rejection> {
        let Some(settled) = self.settled else {
            return case.require(roles, &[self.record.organization, self.branch]);
        };
        let roles = match settled.stage {
            MonthStage::Frozen => REVISERS,
            MonthStage::Disclosed | MonthStage::Closed => PUBLISHERS,
        };
        case.require_where_settled(roles, &settled, &[self.record.organization, self.branch_then])?;
        must_not_be_final(&settled)
    }

    /// What everybody was shown isn't reviewed any more. What was corrected since is, until it is approved: it is part of the correction.
    /// So is what was entered since because it had been missing. Neither is once the month is closed and by its rules final.
    fn must_be_reviewable(&self, case: &Case<'_>) -> Result<(), Rejection> {
        let Some((settled, shown_at)) = self.settled.and_then(|settled| Some((settled, settled.shown_at?))) else {
            return Ok(());
        };
        let is_mended = case.state.mended(self.row).is_some_and(|mended| mended.log_index > shown_at);
        if is_mended && self.record.standing != Standing::Approved {
            return must_not_be_final(&settled);
        }
        let Settled { stage, month, organization, .. } = settled;
        match stage {
            MonthStage::Disclosed => Err(Rejection::MonthDisclosed { month, organization }),
            MonthStage::Frozen | MonthStage::Closed => Err(is_settled(&settled)),
        }
    }

    /// A correction for an upheld objection names the decision, and the decision is about this record or its member's month. A record is corrected
    /// once by a decision, unless it was returned.
    fn must_name_its_decision(
        &self,
        case: &Case<'_>,
        reason: CorrectionReason,
        decision: Option<EventId>,
    ) -> Result<(), Rejection> {
        match (reason == CorrectionReason::ObjectionUpheld, decision) {
            (false, None) => Ok(()),
            (true, None) | (false, Some(_)) => Err(Rejection::DecisionNotNamed),
            (true, Some(decision)) => {
                let decided = |objection: &ObjectionState| {
                    objection.decision == Some(decision.0)
                        && if objection.record == NONE {
                            objection.member == self.record.member
                        } else {
                            objection.record == self.row
                        }
                };
                let Some(objection) = case.state.objections_of(self.month).find(|of| decided(of)) else {
                    return Err(Rejection::DecisionOfOtherRecord { decision });
                };
                let is_answered = case.state.was_corrected_by(self.row, decision)
                    || objection.record == self.row && objection.answered;
                if is_answered && self.record.standing != Standing::Returned {
                    return Err(Rejection::DecisionAnswered { decision });
                }
                Ok(())
            }
        }
    }

    /// Refuses who doesn't act at the step of the review chain of its month that comes next; of an approved record, at the last.
    fn require_next_step(&self, case: &Case<'_>) -> Result<(), Rejection> {
        let record = self.record;
        let steps_taken = if record.standing == Standing::Approved { u8::MAX } else { record.steps_taken };
        let step = case.state.rules_for(self.month).and_then(|rules| rules.review_step_after(steps_taken));
        let roles = match step.map(|step| step.role) {
            Some(ReviewRole::Publisher) => PUBLISHERS,
            Some(ReviewRole::Reviewer) | None => REVIEWERS,
        };
        let acting = |row: u32| match step.and_then(|step| step.level) {
            Some(level) => case.state.at_or_above(row, level),
            None => row,
        };
        case.require(roles, &[acting(record.organization), acting(self.branch)])
    }
}

fn reviewable<'a>(case: &Case<'a>, id: EventId) -> Result<Found<'a>, Rejection> {
    let found = Found::look_up(case, id)?;
    let record = found.record;
    found.require_next_step(case)?;
    found.must_be_reviewable(case)?;
    let reviewer = case.state.actor_number(case.actor.id);
    if reviewer.is_some_and(|reviewer| case.state.has_recorded(found.row, reviewer)) {
        return Err(Rejection::ReviewOfOwnRecord { record: id });
    }
    case.must_not_be_about_oneself(record.member)?;
    match record.standing {
        Standing::Reversed => return Err(Rejection::RecordReversed { record: id }),
        Standing::Open => return Err(Rejection::RecordOpen { record: id }),
        Standing::Returned => return Err(Rejection::RecordReturned { record: id }),
        Standing::Unreviewed | Standing::Approved | Standing::Corrected => {}
    }
    if matches!(record.kind, RecordKind::Award | RecordKind::Veto) {
        return Err(Rejection::HasNoServiceTime { record: id });
    }
    Ok(found)
}

pub(super) fn approved(case: &Case<'_>, event: &ServiceApproved) -> Result<(), Rejection> {
    let found = reviewable(case, event.record)?;
    if found.record.standing == Standing::Approved {
        return Err(Rejection::AlreadyApproved { record: event.record });
    }
    let reviewer = case.state.actor_number(case.actor.id);
    if reviewer.is_some_and(|reviewer| case.state.has_taken_step(found.row, reviewer)) {
        return Err(Rejection::EarlierStepTaken { record: event.record });
    }
    Ok(())
}

pub(super) fn returned(case: &Case<'_>, event: &ServiceReturned) -> Result<(), Rejection> {
    reviewable(case, event.record).map(drop)
}

pub(super) fn corrected(case: &Case<'_>, event: &RecordCorrected) -> Result<(), Rejection> {
    let found = Found::from(case, event.record, Some(case.at))?;
    found.require(case, CORRECTORS)?;
    case.must_be_able_to_record()?;
    found.must_name_its_decision(case, event.reason, event.decision)?;
    if found.record.standing == Standing::Reversed {
        return Err(Rejection::RecordReversed { record: event.record });
    }
    let dated_at = case.state.dated(found.record.activity, case.at);
    if dated_at.month() != found.month {
        return Err(Rejection::CorrectionInOtherMonth { month: found.month });
    }
    if matches!(found.record.kind, RecordKind::Award | RecordKind::Veto) {
        return Err(Rejection::HasNoServiceTime { record: event.record });
    }
    if found.record.activity != NONE {
        must_be_at(case.state.activity_state(found.record.activity), case.at)?;
    }
    must_have_ended(case, case.at, event.minutes)?;
    must_fit(case, dated_at, u32::from(event.minutes))?;
    match Stay::corrected(case, found.record, case.at.unix_minutes(), event.minutes) {
        Some(stay) => must_not_overlap(case, found.record.member, &stay, Some(found.row)),
        None => Ok(()),
    }
}

pub(super) fn reversed(case: &Case<'_>, event: &RecordReversed) -> Result<(), Rejection> {
    undone(case, event.record)?.must_name_its_decision(case, event.reason, event.decision)
}

pub(super) fn quashed(case: &Case<'_>, event: &DecisionQuashed) -> Result<(), Rejection> {
    let found = undone(case, event.decision)?;
    if found.record.kind != RecordKind::Veto {
        return Err(Rejection::NotAVetoOrReset { record: event.decision });
    }
    Ok(())
}

/// What is to count for nothing, and hasn't been undone yet.
fn undone<'a>(case: &Case<'a>, id: EventId) -> Result<Found<'a>, Rejection> {
    let found = Found::look_up(case, id)?;
    found.require(case, REVIEWERS)?;
    case.must_not_be_about_oneself(found.record.member)?;
    if found.record.standing == Standing::Reversed {
        return Err(Rejection::RecordReversed { record: id });
    }
    Ok(found)
}
