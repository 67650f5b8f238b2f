//! Rules for facts of service: check-ins, attendance, home visits, duty.

use super::Case;
use super::activities::takes_place;
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::{EARLY_MINUTES, RecordKind, Standing};
use mingzhang_events::{
    ActivityId, ActivityKind, AttendanceRecorded, DutyServed, HomeVisitMade, Instant, LateCheckInRecorded,
    MemberCheckedIn, MemberCheckedOut, MemberId,
};

const RECORDERS: &[Role] = &[Role::Recorder];
/// No record is longer than a day, so what was recorded a day before a start can't reach into it.
const DAY_MINUTES: u32 = 1_440;

/// The rows of a rostered member and an activity that takes place, if the actor may record service at it and its time is right.
fn on_site(case: &Case<'_>, member_id: MemberId, activity_id: ActivityId) -> Result<(u32, u32), Rejection> {
    case.must_be_evidenced()?;
    let member = case.state.member(member_id)?;
    let row = case.state.activity(activity_id)?;
    let activity = case.state.activity_state(row);
    case.require(RECORDERS, &[activity.organization])?;
    case.must_take_another(member, Some(activity.organization), case.at)?;
    case.state.must_be_rostered(member, case.at)?;
    takes_place(case, activity_id)?;
    if case.at.plus_minutes(EARLY_MINUTES) < activity.starts_at || case.at >= activity.ends_at {
        return Err(Rejection::OutsideActivityTime { starts_at: activity.starts_at, ends_at: activity.ends_at });
    }
    Ok((member, row))
}

pub(super) fn checked_in(case: &Case<'_>, event: &MemberCheckedIn) -> Result<(), Rejection> {
    let (member, activity) = on_site(case, event.member, event.activity)?;
    if let Some(record) = case.state.participation(member, activity).record_plus_one.checked_sub(1) {
        let log_index = u64::from(case.state.record_state(record).log_index);
        return Err(Rejection::AlreadyRecorded { log_index });
    }
    let minute = case.at.unix_minutes();
    must_not_overlap(case, member, minute, minute + 1, None)
}

pub(super) fn checked_out(case: &Case<'_>, event: &MemberCheckedOut) -> Result<(), Rejection> {
    let member = case.state.member(event.member)?;
    let activity = case.state.activity(event.activity)?;
    case.require(RECORDERS, &[case.state.activity_state(activity).organization])?;
    let open = case.state.participation(member, activity).record_plus_one.checked_sub(1);
    let not_checked_in = Rejection::NotCheckedIn { member: event.member, activity: event.activity };
    let Some(row) = open else { return Err(not_checked_in) };
    let record = case.state.record_state(row);
    let start = start_of(record.start_minute);
    let is_admitted = record.was_missing || case.state.awaits_record(member, start.month());
    case.must_take_records(member, record.counted_at(), start, is_admitted)?;
    if record.standing != Standing::Open {
        return Err(not_checked_in);
    }
    if case.at.unix_minutes() < record.start_minute {
        return Err(Rejection::CheckOutBeforeCheckIn { checked_in_at: start });
    }
    must_fit(case, start, case.at.unix_minutes() - record.start_minute)?;
    must_not_overlap(case, member, record.start_minute, case.at.unix_minutes(), Some(row))
}

pub(super) fn late_check_in(case: &Case<'_>, event: &LateCheckInRecorded) -> Result<(), Rejection> {
    let (member, activity) = on_site(case, event.member, event.activity)?;
    let open = case.state.participation(member, activity).record_plus_one.checked_sub(1);
    if let Some(row) = open
        && case.state.record_state(row).standing != Standing::Open
    {
        return Err(Rejection::AlreadyRecorded { log_index: u64::from(case.state.record_state(row).log_index) });
    }
    if event.ended_at <= case.at {
        return Err(Rejection::CheckOutBeforeCheckIn { checked_in_at: case.at });
    }
    if event.ended_at > case.now {
        return Err(Rejection::OccurredInTheFuture { now: case.now });
    }
    let (start, end) = (case.at.unix_minutes(), event.ended_at.unix_minutes());
    must_fit(case, case.at, end - start)?;
    must_not_overlap(case, member, start, end, open)
}

pub(super) fn attendance(case: &Case<'_>, event: &AttendanceRecorded) -> Result<(), Rejection> {
    let (member, activity) = on_site(case, event.member, event.activity)?;
    match case.state.activity_state(activity).kind {
        ActivityKind::Meeting | ActivityKind::Training => {}
        ActivityKind::NightPatrol
        | ActivityKind::HomeVisit
        | ActivityKind::Duty
        | ActivityKind::Service
        | ActivityKind::Mobilization => return Err(Rejection::KindHasNoAttendance),
    }
    match case.state.participation(member, activity).record_plus_one.checked_sub(1) {
        Some(row) => Err(Rejection::AlreadyRecorded { log_index: u64::from(case.state.record_state(row).log_index) }),
        None => Ok(()),
    }
}

pub(super) fn home_visit(case: &Case<'_>, event: &HomeVisitMade) -> Result<(), Rejection> {
    case.must_be_evidenced()?;
    let member = case.state.member(event.member)?;
    let not_paired = Rejection::NotPaired { member: event.member, household: event.household };
    let Some(pairing) = case.state.pairing(event.household, member) else { return Err(not_paired) };
    case.require(RECORDERS, &[pairing.organization])?;
    if !(pairing.formed_minute..pairing.ended_minute).contains(&case.at.unix_minutes()) {
        return Err(not_paired);
    }
    stint(case, member, None, event.minutes)
}

pub(super) fn duty_served(case: &Case<'_>, event: &DutyServed) -> Result<(), Rejection> {
    case.must_be_evidenced()?;
    let organization = case.state.organization(event.organization)?;
    let member = case.state.member(event.member)?;
    case.require(RECORDERS, &[organization])?;
    if !case.state.is_on_duty_roster(organization, case.at.local_day(), member) {
        return Err(Rejection::NotOnDutyRoster { member: event.member });
    }
    stint(case, member, Some(organization), event.minutes)
}

/// Service outside an activity, of a length that is told. A duty is counted at its place, too.
fn stint(case: &Case<'_>, member: u32, place: Option<u32>, minutes: u16) -> Result<(), Rejection> {
    case.must_take_another(member, place, case.at)?;
    case.state.must_be_rostered(member, case.at)?;
    let start = case.at.unix_minutes();
    must_have_ended(case, case.at, minutes)?;
    must_fit(case, case.at, u32::from(minutes))?;
    must_not_overlap(case, member, start, start + u32::from(minutes), None)
}

/// Refuses a length of nothing, and an end in the future.
pub(super) fn must_have_ended(case: &Case<'_>, start: Instant, minutes: u16) -> Result<(), Rejection> {
    if minutes == 0 {
        return Err(Rejection::ContentOutOfRange { what: "minutes: 1 at least" });
    }
    if start.plus_minutes(u32::from(minutes)) > case.now {
        return Err(Rejection::OccurredInTheFuture { now: case.now });
    }
    Ok(())
}

/// Refuses more minutes at a stretch than the rules of that month allow.
pub(super) fn must_fit(case: &Case<'_>, start: Instant, minutes: u32) -> Result<(), Rejection> {
    let minutes_max = stretch_minutes_max(case, start);
    if minutes > u32::from(minutes_max) { Err(Rejection::StretchTooLong { minutes_max }) } else { Ok(()) }
}

fn stretch_minutes_max(case: &Case<'_>, start: Instant) -> u16 {
    case.state.rules_for(start.month()).map_or(720, |rules| rules.stretch_minutes_max())
}

/// Refuses minutes `start..end` in which the member was somewhere else. `except` is the record that is being changed. A
/// check-in without a check-out takes up the longest stretch.
pub(super) fn must_not_overlap(
    case: &Case<'_>,
    member: u32,
    start: u32,
    end: u32,
    except: Option<u32>,
) -> Result<(), Rejection> {
    let member = case.state.member_state(member);
    let mut next = member.last_record;
    while next != crate::ledger::state::NONE {
        let record = case.state.record_state(next);
        // The chain runs backwards in time of recording. Nothing is recorded before it starts, and what was moved since starts no
        // later than the latest of those.
        if record.recorded_minute.max(member.moved_start_minute) + DAY_MINUTES <= start {
            break;
        }
        let counts = match record.kind {
            RecordKind::Service | RecordKind::HomeVisit | RecordKind::Duty => record.standing != Standing::Reversed,
            RecordKind::Attendance | RecordKind::Award | RecordKind::Veto => false,
        };
        let length = match record.standing {
            Standing::Open => u32::from(stretch_minutes_max(case, start_of(record.start_minute))),
            Standing::Unreviewed
            | Standing::Approved
            | Standing::Returned
            | Standing::Corrected
            | Standing::Reversed => u32::from(record.minutes),
        };
        if counts && except != Some(next) && record.start_minute < end && start < record.start_minute + length {
            return Err(Rejection::OverlapsOtherService { log_index: u64::from(record.log_index) });
        }
        next = record.previous;
    }
    Ok(())
}

/// The instant of a minute that the state holds.
pub(super) fn start_of(minute: u32) -> Instant {
    Instant::from_unix_seconds(i64::from(minute) * 60).unwrap_or(Instant::EARLIEST)
}
