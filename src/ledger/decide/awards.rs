//! Rules for decisions: points granted or deducted, reset or vetoed.

use super::Case;
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{
    AwardDirection, ClauseId, EventId, MemberId, PeriodClause, Points, PointsDeducted, PointsGranted, PointsReset,
    PointsVetoed, ScoringRules,
};

const DECIDERS: &[Role] = &[Role::Reviewer];

pub(super) fn granted(case: &Case<'_>, event: &PointsGranted) -> Result<(), Rejection> {
    award(case, event.member, event.decision, (event.clause, event.points), AwardDirection::Grant)
}

pub(super) fn deducted(case: &Case<'_>, event: &PointsDeducted) -> Result<(), Rejection> {
    award(case, event.member, event.decision, (event.clause, event.points), AwardDirection::Deduct)
}

pub(super) fn reset(case: &Case<'_>, event: &PointsReset) -> Result<(), Rejection> {
    under_clause(case, event.member, event.clause, |rules| &rules.resets)
}

pub(super) fn vetoed(case: &Case<'_>, event: &PointsVetoed) -> Result<(), Rejection> {
    under_clause(case, event.member, event.clause, |rules| &rules.vetoes)
}

fn award(
    case: &Case<'_>,
    member: MemberId,
    decision: Option<EventId>,
    (clause, points): (ClauseId, Points),
    direction: AwardDirection,
) -> Result<(), Rejection> {
    if points <= Points::ZERO {
        return Err(Rejection::ContentOutOfRange { what: ("分值（points）须大于 0", "points: above 0") });
    }
    may_decide(case, member, decision)?;
    let rules = case.state.rules_for(case.at.month());
    let award = rules.and_then(|rules| rules.awards.iter().find(|award| award.clause == clause));
    match award {
        None => Err(Rejection::UnknownClause),
        Some(award) if !award.allows(direction) => Err(Rejection::ClauseOfOtherDirection),
        Some(award) if points > award.points_max => Err(Rejection::PointsAboveClause { points_max: award.points_max }),
        Some(_) => Ok(()),
    }
}

fn under_clause(
    case: &Case<'_>,
    member: MemberId,
    clause: ClauseId,
    clauses: impl Fn(&ScoringRules) -> &Vec<PeriodClause>,
) -> Result<(), Rejection> {
    may_decide(case, member, None)?;
    let rules = case.state.rules_for(case.at.month());
    let known = rules.is_some_and(|rules| clauses(rules).iter().any(|known| known.clause == clause));
    if known { Ok(()) } else { Err(Rejection::UnknownClause) }
}

/// Refuses whoever may not decide on that member's points at that time.
fn may_decide(case: &Case<'_>, member: MemberId, decision: Option<EventId>) -> Result<(), Rejection> {
    let member = case.state.member(member)?;
    let branch = case.state.member_state(member).branch;
    case.must_admit((member, None), decision, DECIDERS, &[branch])?;
    case.must_be_able_to_record()?;
    case.state.must_be_rostered(member, case.at)?;
    case.must_not_be_about_oneself(member)
}
