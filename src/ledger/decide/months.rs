//! Rules for adopting scoring rules; freezing, disclosing and closing months; issuing notices.

use super::{Case, must_be_text, refused_by_stage};
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::{Mended, MonthStage, NONE, ObjectionStanding, ObjectionState, Standing};
use mingzhang_events::{
    ClosedMonthCorrections, DisclosureOpened, Event, EventId, Month, MonthClosed, MonthFrozen, NoticeFormat,
    NoticeIssued, ObjectionGround, OrganizationId, ScoringRulesAdopted, date_from_days, encode_data,
};

const RULES_BYTES_MAX: usize = 64_000;

const PUBLISHERS: &[Role] = &[Role::Publisher];

pub(super) fn rules_adopted(case: &Case<'_>, event: &ScoringRulesAdopted) -> Result<(), Rejection> {
    let rules = &event.rules;
    case.require_everywhere(Role::Operator)?;
    let month = rules.effective_from;
    if let Some(settled) = case.state.latest_settled_month().filter(|settled| *settled >= month) {
        return Err(Rejection::RulesForSettledMonth { month: settled });
    }
    if let Some(fault) = rules.faults().into_iter().next() {
        return Err(Rejection::RulesFaulty { fault: fault.to_string() });
    }
    // An entry of the log has at most 65,535 bytes; what is around the document takes a few hundred.
    let fits =
        encode_data(&Event::ScoringRulesAdopted(event.clone())).is_ok_and(|document| document.len() <= RULES_BYTES_MAX);
    if !fits {
        return Err(Rejection::RulesFaulty {
            fault: format!("the document has more than {RULES_BYTES_MAX} bytes: shorten it"),
        });
    }
    if case.state.has_rules_version(rules.version) {
        return Err(Rejection::RulesVersionExists);
    }
    Ok(())
}

pub(super) fn frozen(case: &Case<'_>, event: &MonthFrozen) -> Result<(), Rejection> {
    // Else a deduction would first be seen once nobody can object to it any more. Earlier versions of this program froze without it.
    if !event.counts_no_shows {
        let what = ("认定报名未到（counts_no_shows）须为 true", "counts_no_shows: true");
        return Err(Rejection::ContentOutOfRange { what });
    }
    let organization = case.state.organization(event.organization)?;
    case.require(PUBLISHERS, &[organization])?;
    case.must_be_of_today()?;
    if let Some((stage, settler)) = case.state.month_stage(organization, event.month) {
        return Err(has_come_too_far(case, organization, event.month, (stage, settler)));
    }
    must_be_over(case, event.month)?;
    must_be_next(case, organization, event.month, MonthStage::Frozen)?;
    must_not_be_passed_over(case, organization, event.month)
}

/// The refusal of a stage that a month has reached already for an organisation, by itself or by one above it.
fn has_come_too_far(
    case: &Case<'_>,
    row: u32,
    month: Month,
    (stage, settler): (MonthStage, OrganizationId),
) -> Rejection {
    let settled = month.start().ok().and_then(|start| case.state.settled_for(row, start));
    let open_from = settled.map_or(month.next(), |settled| settled.open_from);
    refused_by_stage(stage, month, settler, open_from)
}

/// Refuses to pass over an earlier month that has entries: what got into it afterwards would change this one by what a year allows.
fn must_be_next(case: &Case<'_>, organization: u32, month: Month, stage: MonthStage) -> Result<(), Rejection> {
    match case.state.earlier_unsettled(organization, month, stage) {
        Some((month, organization)) => Err(Rejection::EarlierMonthOpen { month, organization }),
        None => Ok(()),
    }
}

/// Refuses to begin with a month that a later settled one has passed over: nothing got into it, nothing can, and its figures would be published
/// after those of the later one.
fn must_not_be_passed_over(case: &Case<'_>, organization: u32, month: Month) -> Result<(), Rejection> {
    let settled = month.start().ok().and_then(|start| case.state.settled_for(organization, start));
    match settled.filter(|settled| settled.month > month) {
        Some(later) => Err(Rejection::LaterMonthSettled { month: later.month, organization: later.organization }),
        None => Ok(()),
    }
}

pub(super) fn disclosed(case: &Case<'_>, event: &DisclosureOpened) -> Result<(), Rejection> {
    let month = event.month;
    must_name_a_checkpoint(&event.digest, &event.root_hash)?;
    let row = case.state.organization(event.organization)?;
    case.require(PUBLISHERS, &[row])?;
    case.must_be_of_today()?;
    let frozen = match case.state.month_reached(row, month) {
        None => return Err(Rejection::MonthNotFrozen { month }),
        Some((reached, organization)) => match reached.stage {
            MonthStage::Frozen => reached,
            MonthStage::Disclosed => return Err(Rejection::MonthDisclosed { month, organization }),
            MonthStage::Closed => return Err(has_come_too_far(case, row, month, (reached.stage, organization))),
        },
    };
    let rules = case.state.rules_for(month).ok_or(Rejection::NoRulesInForce { month })?;
    let working_days_min = rules.disclosure.as_ref().map_or(1, |disclosure| disclosure.working_days);
    if event.working_days < working_days_min {
        return Err(Rejection::DisclosureTooShort { working_days_min });
    }
    let until = case
        .state
        .calendar()
        .working_day_after(case.at.local_date(), event.working_days)
        .map_err(|missing| Rejection::CalendarMissing { year: missing.year })?;
    if event.until != until {
        return Err(Rejection::DisclosureEndWrong { until });
    }
    must_be_after(case, frozen.log_index, event.tree_size)
}

pub(super) fn closed(case: &Case<'_>, event: &MonthClosed) -> Result<(), Rejection> {
    let month = event.month;
    let row = case.state.organization(event.organization)?;
    case.require(PUBLISHERS, &[row])?;
    case.must_be_of_today()?;
    let reached = case.state.month_stage(row, month);
    if let Some((stage @ MonthStage::Closed, organization)) = reached {
        return Err(has_come_too_far(case, row, month, (stage, organization)));
    }
    must_be_over(case, month)?;
    must_be_next(case, row, month, MonthStage::Closed)?;
    if reached.is_none() {
        must_not_be_passed_over(case, row, month)?;
    }
    let rules = case.state.rules_for(month).ok_or(Rejection::NoRulesInForce { month })?;
    if rules.disclosure.is_some() && case.state.disclosure_of(row, month).is_none() {
        return Err(Rejection::MonthNotDisclosed { month });
    }
    // That of a part counts, too: who is shown their figures until a day may object until then.
    if let Some(day) = case.state.disclosed_until(row, month).filter(|&day| case.at.local_day() <= day) {
        return Err(Rejection::DisclosureRunning { until: date_from_days(i64::from(day)) });
    }
    let is_final = rules.closed_month_corrections() == ClosedMonthCorrections::Refuse;
    // Nobody's objection is closed over.
    let undecided = |objection: &&ObjectionState| {
        objection.standing == ObjectionStanding::Raised
            && (is_of(case, row, objection) || is_final && is_made_final(case, row, objection))
    };
    match case.state.objections_of(month).filter(undecided).count() {
        0 => {}
        objections => return Err(Rejection::ObjectionsUndecided { objections }),
    }
    if is_final { must_have_no_correction_due(case, row, month) } else { Ok(()) }
}

/// Whether an objection is about a member of the organisation.
fn is_of(case: &Case<'_>, organization: u32, objection: &ObjectionState) -> bool {
    case.state.ancestors(objection.organization).any(|above| above == organization)
}

/// Whether nothing could be put right because of an objection any more once the organisation has closed its month, and that is final: also of
/// members who have gone to another one, and of others' members at what it held.
fn is_made_final(case: &Case<'_>, organization: u32, objection: &ObjectionState) -> bool {
    let record = Some(objection.record).filter(|&row| row != NONE);
    let place = record.and_then(|row| case.state.record_state(row).counted_at());
    let keeps_out = |month: Month| {
        let start = month.start().ok()?;
        Some(case.state.would_keep_out((organization, month), objection.member, place, start))
    };
    Month::from_number(objection.month).and_then(keeps_out).unwrap_or(false)
}

/// Refuses to make final what was decided otherwise: an upheld objection that nothing was corrected for, and a record put right since everybody
/// saw the month that nobody has reviewed, or that was returned.
fn must_have_no_correction_due(case: &Case<'_>, organization: u32, month: Month) -> Result<(), Rejection> {
    let state = case.state;
    let is_gone = |objection: &ObjectionState| {
        objection.record != NONE
            && objection.ground != ObjectionGround::RecordMissing as u8
            && state.record_state(objection.record).standing == Standing::Reversed
    };
    let is_due = |objection: &&ObjectionState| {
        objection.standing == ObjectionStanding::Upheld
            && !objection.answered
            && (is_of(case, organization, objection) || is_made_final(case, organization, objection))
            && !is_gone(objection)
    };
    let objections = state.objections_of(month).filter(is_due).count();
    let shown_at = state.month_reached(organization, month).map_or(NONE, |(reached, _)| reached.shown_at);
    let waits = |&(row, mended): &(u32, Mended)| {
        let record = state.record_state(row);
        let counts = record.activity == NONE || !state.activity_state(record.activity).cancelled;
        let is_unfinished = match record.standing {
            Standing::Corrected | Standing::Unreviewed => mended.needs_review,
            Standing::Returned => true,
            Standing::Open | Standing::Approved | Standing::Reversed => false,
        };
        let (place, dated_at) = (record.counted_at(), state.dated_at(row));
        mended.log_index > shown_at
            && is_unfinished
            && counts
            && state.would_keep_out((organization, month), record.member, place, dated_at)
    };
    let records = state.mended_in(month).filter(waits).count();
    if objections + records == 0 { Ok(()) } else { Err(Rejection::CorrectionsDue { objections, records }) }
}

fn must_be_over(case: &Case<'_>, month: Month) -> Result<(), Rejection> {
    if month.end().is_ok_and(|end| end > case.at) { Err(Rejection::MonthNotOver { month }) } else { Ok(()) }
}

pub(super) fn must_name_a_checkpoint(digest: &str, root_hash: &str) -> Result<(), Rejection> {
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_digest(digest) && is_digest(root_hash) {
        return Ok(());
    }
    Err(Rejection::ContentOutOfRange {
        what: (
            "摘要（digest）和根哈希（root_hash）须为 64 位小写十六进制",
            "digest and root_hash: 64 lower-case hex digits",
        ),
    })
}

/// Refuses a checkpoint beyond the log, and one without the entry by which the month came this far: its figures aren't those of the stage.
fn must_be_after(case: &Case<'_>, log_index: u32, tree_size: u64) -> Result<(), Rejection> {
    let (tree_size_min, size) = (u64::from(log_index) + 1, case.state.tree_size());
    if tree_size > size {
        Err(Rejection::CheckpointBeyondLog { tree_size: size })
    } else if tree_size < tree_size_min {
        Err(Rejection::CheckpointBeforeStage { tree_size_min })
    } else {
        Ok(())
    }
}

pub(super) fn notice_issued(case: &Case<'_>, event: &NoticeIssued) -> Result<(), Rejection> {
    must_be_text(&event.number, 60, ("文号（number）须为 1 至 60 个字", "number: 1 to 60 characters"))?;
    must_name_a_checkpoint(&event.digest, &event.root_hash)?;
    let organization = case.state.organization(event.organization)?;
    case.require(PUBLISHERS, &[organization])?;
    case.must_be_of_today()?;
    let reached = case.state.month_reached(organization, event.month).map(|(reached, _)| reached);
    let Some(closed) = reached.filter(|reached| reached.stage == MonthStage::Closed) else {
        return Err(Rejection::MonthNotClosed { month: event.month });
    };
    if case.state.has_notice(organization, &event.number) {
        return Err(Rejection::NoticeNumberUsed);
    }
    let newest = case.state.newest_notice(organization, event.month);
    match (event.supersedes, newest) {
        (None, Some(of)) => return Err(Rejection::NoticeExists { notice: EventId(of.event) }),
        (Some(notice), newest) if newest.is_none_or(|of| of.event != notice.0) => {
            return Err(Rejection::NoticeNotInForce { notice });
        }
        _ => {}
    }
    // What takes the place of a notice says what changed. An earlier version of this program issued some that don't.
    if event.format != event.supersedes.map(|_| NoticeFormat::Superseding) {
        let what = (
            "格式（format）：更正的通报为 mingzhang.notice.v2，其他通报不写",
            "format: mingzhang.notice.v2 of a notice that supersedes another, none of any other",
        );
        return Err(Rejection::ContentOutOfRange { what });
    }
    // What changed since the notice before is said from a checkpoint that has the entry by which that was issued.
    let since = newest.map_or(closed.log_index, |of| of.log_index.max(closed.log_index));
    must_be_after(case, since, event.tree_size)
}
