//! Rules for activities, sign-ups and the duty roster.

use super::{Case, is_settled};
use crate::identity::Role;
use crate::ledger::Rejection;
use mingzhang_events::{
    ActivityCancelled, ActivityId, ActivityKind, ActivityScheduled, DutyRostered, Instant, MemberId, MemberSignedUp,
    SignUpWithdrawn, day_number,
};

const PLANNERS: &[Role] = &[Role::Recorder];
const LONGEST_SECONDS: i64 = 24 * 3_600;

pub(super) fn scheduled(case: &Case<'_>, event: &ActivityScheduled) -> Result<(), Rejection> {
    let organization = case.state.organization(event.organization)?;
    case.require(PLANNERS, &[organization])?;
    case.must_be_open(organization, event.starts_at)?;
    case.state.must_exist(organization, event.starts_at)?;
    if case.state.has_activity(event.activity) {
        return Err(Rejection::ActivityExists { activity: event.activity });
    }
    if event.emergency_grade.is_some() && event.kind != ActivityKind::Mobilization {
        return Err(Rejection::ContentOutOfRange {
            what: ("应急等级（emergency_grade）只用于急难险重", "emergency_grade: for mobilization only"),
        });
    }
    let length_seconds = event.ends_at.unix_seconds() - event.starts_at.unix_seconds();
    if !(1..=LONGEST_SECONDS).contains(&length_seconds) {
        return Err(Rejection::ActivityTimesWrong);
    }
    Ok(())
}

/// The activity's row, if it still takes place.
pub(super) fn takes_place(case: &Case<'_>, activity: ActivityId) -> Result<u32, Rejection> {
    let row = case.state.activity(activity)?;
    if case.state.activity_state(row).cancelled {
        return Err(Rejection::ActivityCancelled { activity });
    }
    Ok(row)
}

pub(super) fn cancelled(case: &Case<'_>, event: &ActivityCancelled) -> Result<(), Rejection> {
    let row = case.state.activity(event.activity)?;
    let activity = case.state.activity_state(row);
    case.require(PLANNERS, &[activity.organization])?;
    case.must_be_open(activity.organization, activity.starts_at)?;
    takes_place(case, event.activity)?;
    // It takes from everybody who took part or signed up what they have of it.
    match case.state.settled_participant(row) {
        Some(settled) => Err(is_settled(&settled)),
        None => Ok(()),
    }
}

/// The rows of a member and an activity that has not started, if the actor may record sign-ups for it.
fn before_start(case: &Case<'_>, member: MemberId, activity_id: ActivityId) -> Result<(u32, u32), Rejection> {
    let member = case.state.member(member)?;
    let row = case.state.activity(activity_id)?;
    let activity = case.state.activity_state(row);
    let branch = case.state.member_state(member).branch;
    case.require(PLANNERS, &[activity.organization, branch])?;
    case.must_be_open_for_member(member, activity.starts_at)?;
    case.must_be_open(activity.organization, activity.starts_at)?;
    case.state.must_be_rostered(member, case.at)?;
    takes_place(case, activity_id)?;
    if case.at >= activity.starts_at {
        return Err(Rejection::ActivityStarted { activity: activity_id });
    }
    Ok((member, row))
}

pub(super) fn signed_up(case: &Case<'_>, event: &MemberSignedUp) -> Result<(), Rejection> {
    let (member, activity) = before_start(case, event.member, event.activity)?;
    if case.state.participation(member, activity).signed_up {
        return Err(Rejection::AlreadySignedUp { member: event.member, activity: event.activity });
    }
    Ok(())
}

pub(super) fn withdrawn(case: &Case<'_>, event: &SignUpWithdrawn) -> Result<(), Rejection> {
    let (member, activity) = before_start(case, event.member, event.activity)?;
    if !case.state.participation(member, activity).signed_up {
        return Err(Rejection::NotSignedUp { member: event.member, activity: event.activity });
    }
    Ok(())
}

pub(super) fn duty_rostered(case: &Case<'_>, event: &DutyRostered) -> Result<(), Rejection> {
    let out_of_range = |_| Rejection::ContentOutOfRange {
        what: ("日期（date）须在 2000 至 2199 年之间", "date: between 2000 and 2199"),
    };
    let midnight = Instant::at_local_midnight(event.date).map_err(out_of_range)?;
    let organization = case.state.organization(event.organization)?;
    let member = case.state.member(event.member)?;
    case.require(PLANNERS, &[organization])?;
    case.must_be_open(organization, midnight)?;
    case.state.must_exist(organization, midnight)?;
    case.state.must_be_rostered(member, case.at)?;
    if case.state.rostered_duty(organization, day_number(event.date), member).is_some() {
        return Err(Rejection::AlreadyOnDutyRoster { member: event.member });
    }
    Ok(())
}
