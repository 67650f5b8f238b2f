//! Rules for points granted or deducted by decision.

use super::Case;
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{ClauseId, MemberId, Points, PointsDeducted, PointsGranted};

const DECIDERS: &[Role] = &[Role::Reviewer];

pub(super) fn granted(case: &Case<'_>, event: &PointsGranted) -> Result<(), Rejection> {
    award(case, event.member, event.clause, event.points)
}

pub(super) fn deducted(case: &Case<'_>, event: &PointsDeducted) -> Result<(), Rejection> {
    award(case, event.member, event.clause, event.points)
}

fn award(case: &Case<'_>, member: MemberId, clause: ClauseId, points: Points) -> Result<(), Rejection> {
    if points <= Points::ZERO {
        return Err(Rejection::ContentOutOfRange { what: "points: above 0" });
    }
    let member = case.state.member(member)?;
    let branch = case.state.member_state(member).branch;
    case.require(DECIDERS, &[branch])?;
    case.must_be_open(branch, case.at.month())?;
    case.state.must_be_rostered(member, case.at)?;
    case.must_not_be_about_oneself(member)?;
    let rules = case.state.rules_for(case.at.month());
    let award = rules.and_then(|rules| rules.awards.iter().find(|award| award.clause == clause));
    match award {
        None => Err(Rejection::UnknownClause),
        Some(award) if points > award.points_max => Err(Rejection::PointsAboveClause { points_max: award.points_max }),
        Some(_) => Ok(()),
    }
}
