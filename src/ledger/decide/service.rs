//! Rules for facts of service: check-ins, attendance, home visits, duty.

use super::Case;
use super::activities::takes_place;
use crate::identity::Role;
use crate::ledger::Rejection;
use crate::ledger::state::{ActivityState, NONE, RecordKind, RecordState, Standing, instant_of};
use mingzhang_events::{
    ActivityId, ActivityKind, AttendanceOutcome, AttendanceRecorded, DutyServed, EARLY_MINUTES, HomeVisitMade, Instant,
    LateCheckInRecorded, MemberCheckedIn, MemberCheckedOut, MemberId,
};

const RECORDERS: &[Role] = &[Role::Recorder];
/// No record is longer than a day, so what started a day before a start can't reach into it.
const DAY_MINUTES: u32 = 1_440;

/// The rows of a rostered member and an activity that takes place, if the actor may record service at it and its time is right. The
/// record's date has to lie in an open month, and the member to be on the roster at it and now.
fn on_site(case: &Case<'_>, member_id: MemberId, activity_id: ActivityId) -> Result<(u32, u32), Rejection> {
    case.must_be_evidenced()?;
    let member = case.state.member(member_id)?;
    let row = case.state.activity(activity_id)?;
    let activity = case.state.activity_state(row);
    case.require(RECORDERS, &[activity.organization])?;
    let dated_at = case.state.dated(row, case.at);
    case.must_take_another(member, Some(activity.organization), dated_at)?;
    case.state.must_be_rostered(member, dated_at)?;
    case.state.must_be_rostered(member, case.at)?;
    takes_place(case, activity_id)?;
    must_be_at(activity, case.at)?;
    Ok((member, row))
}

/// Refuses a start of service outside the time in which one may check in.
pub(super) fn must_be_at(activity: &ActivityState, at: Instant) -> Result<(), Rejection> {
    let &ActivityState { starts_at, ends_at, .. } = activity;
    if at.plus_minutes(EARLY_MINUTES) < starts_at || at >= ends_at {
        return Err(Rejection::OutsideActivityTime { starts_at, ends_at });
    }
    Ok(())
}

pub(super) fn checked_in(case: &Case<'_>, event: &MemberCheckedIn) -> Result<(), Rejection> {
    let (member, activity) = on_site(case, event.member, event.activity)?;
    if let Some(record) = case.state.participation(member, activity).record_plus_one.checked_sub(1) {
        let log_index = u64::from(case.state.record_state(record).log_index);
        return Err(Rejection::AlreadyRecorded { log_index });
    }
    let (minute, place) = (case.at.unix_minutes(), case.state.activity_state(activity).organization);
    must_not_overlap(case, member, &Stay::serving(place, minute, minute + 1), None)
}

pub(super) fn checked_out(case: &Case<'_>, event: &MemberCheckedOut) -> Result<(), Rejection> {
    let member = case.state.member(event.member)?;
    let activity = case.state.activity(event.activity)?;
    case.require(RECORDERS, &[case.state.activity_state(activity).organization])?;
    let open = case.state.participation(member, activity).record_plus_one.checked_sub(1);
    let not_checked_in = Rejection::NotCheckedIn { member: event.member, activity: event.activity };
    let Some(row) = open else { return Err(not_checked_in) };
    let record = case.state.record_state(row);
    let (start, dated_at) = (instant_of(record.start_minute), case.state.dated_at(row));
    let is_admitted = record.was_missing || case.state.awaits_record(member, dated_at.month());
    case.must_take_records(member, record.counted_at(), dated_at, is_admitted)?;
    if record.standing != Standing::Open {
        return Err(not_checked_in);
    }
    if case.at.unix_minutes() < record.start_minute {
        return Err(Rejection::CheckOutBeforeCheckIn { checked_in_at: start });
    }
    must_fit(case, dated_at, case.at.unix_minutes() - record.start_minute)?;
    let served = Stay::serving(record.organization, record.start_minute, case.at.unix_minutes());
    must_not_overlap(case, member, &served, Some(row))
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
    if event.ended_at > case.clock {
        return Err(Rejection::OccurredInTheFuture { now: case.clock });
    }
    let (start, end) = (case.at.unix_minutes(), event.ended_at.unix_minutes());
    let place = case.state.activity_state(activity).organization;
    must_fit(case, case.state.dated(activity, case.at), end - start)?;
    must_not_overlap(case, member, &Stay::serving(place, start, end), open)
}

pub(super) fn attendance(case: &Case<'_>, event: &AttendanceRecorded) -> Result<(), Rejection> {
    let (member, activity) = on_site(case, event.member, event.activity)?;
    let planned = case.state.activity_state(activity);
    match planned.kind {
        ActivityKind::Meeting | ActivityKind::Training => {}
        ActivityKind::NightPatrol
        | ActivityKind::HomeVisit
        | ActivityKind::Duty
        | ActivityKind::Service
        | ActivityKind::Mobilization => return Err(Rejection::KindHasNoAttendance),
    }
    match case.state.participation(member, activity).record_plus_one.checked_sub(1) {
        Some(row) => Err(Rejection::AlreadyRecorded { log_index: u64::from(case.state.record_state(row).log_index) }),
        None => match event.outcome {
            AttendanceOutcome::Attended => must_not_overlap(case, member, &Stay::planned(planned), None),
            AttendanceOutcome::OnLeave | AttendanceOutcome::Absent => Ok(()),
        },
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
    case.must_take_another(member, None, case.at)?;
    stint(case, member, pairing.organization, event.minutes)
}

pub(super) fn duty_served(case: &Case<'_>, event: &DutyServed) -> Result<(), Rejection> {
    case.must_be_evidenced()?;
    let organization = case.state.organization(event.organization)?;
    let member = case.state.member(event.member)?;
    case.require(RECORDERS, &[organization])?;
    let Some(served) = case.state.rostered_duty(organization, case.at.local_day(), member) else {
        return Err(Rejection::NotOnDutyRoster { member: event.member });
    };
    // A duty is counted at its place, too.
    case.must_take_another(member, Some(organization), case.at)?;
    if let Some(row) = served.checked_sub(1)
        && case.state.record_state(row).standing != Standing::Reversed
    {
        return Err(Rejection::AlreadyRecorded { log_index: u64::from(case.state.record_state(row).log_index) });
    }
    stint(case, member, organization, event.minutes)
}

/// Service outside an activity, of a length that is told.
fn stint(case: &Case<'_>, member: u32, place: u32, minutes: u16) -> Result<(), Rejection> {
    case.state.must_be_rostered(member, case.at)?;
    let start = case.at.unix_minutes();
    must_have_ended(case, case.at, minutes)?;
    must_fit(case, case.at, u32::from(minutes))?;
    must_not_overlap(case, member, &Stay::serving(place, start, start + u32::from(minutes)), None)
}

/// Refuses a length of nothing, and an end in the future.
pub(super) fn must_have_ended(case: &Case<'_>, start: Instant, minutes: u16) -> Result<(), Rejection> {
    if minutes == 0 {
        return Err(Rejection::ContentOutOfRange {
            what: ("分钟数（minutes）至少为 1", "minutes: 1 at least")
        });
    }
    if start.plus_minutes(u32::from(minutes)) > case.clock {
        return Err(Rejection::OccurredInTheFuture { now: case.clock });
    }
    Ok(())
}

/// Refuses more minutes at a stretch than the rules of the month allow that the record is dated in.
pub(super) fn must_fit(case: &Case<'_>, dated_at: Instant, minutes: u32) -> Result<(), Rejection> {
    let minutes_max = stretch_minutes_max(case, dated_at);
    if minutes > u32::from(minutes_max) { Err(Rejection::StretchTooLong { minutes_max }) } else { Ok(()) }
}

fn stretch_minutes_max(case: &Case<'_>, dated_at: Instant) -> u16 {
    case.state.rules_for(dated_at.month()).map_or(720, |rules| rules.stretch_minutes_max())
}

/// Where a record says that a member was, and when: in minutes since 1970, the end not counted.
pub(super) struct Stay {
    place: u32,
    start: u32,
    end: u32,
    /// A meeting takes up nobody's hands: whoever is on duty may sit in one in the same place.
    attending: bool,
}

impl Stay {
    fn serving(place: u32, start: u32, end: u32) -> Stay {
        Stay { place, start, end, attending: false }
    }

    /// Whoever attended was there for the whole of it, as long as no correction says otherwise.
    fn planned(activity: &ActivityState) -> Stay {
        let (start, end) = (activity.starts_at.unix_minutes(), activity.ends_at.unix_minutes());
        Stay { place: activity.organization, start, end, attending: true }
    }

    /// What a record says once it is corrected to that time; none if it doesn't say where anybody was, or was of what didn't take place.
    pub(super) fn corrected(case: &Case<'_>, record: &RecordState, start: u32, minutes: u16) -> Option<Stay> {
        if record.activity != NONE && case.state.activity_state(record.activity).cancelled {
            return None;
        }
        let attending = match record.kind {
            RecordKind::Service | RecordKind::HomeVisit | RecordKind::Duty => false,
            RecordKind::Attendance => true,
            RecordKind::Absence | RecordKind::Award | RecordKind::Veto => return None,
        };
        Some(Stay { place: record.organization, start, end: start + u32::from(minutes), attending })
    }

    fn of(case: &Case<'_>, record: &RecordState) -> Option<Stay> {
        match record.standing {
            Standing::Reversed => None,
            Standing::Open => {
                // Until somebody says when they left, it may have been the longest stretch.
                let dated_at = case.state.dated(record.activity, instant_of(record.start_minute));
                let longest = stretch_minutes_max(case, dated_at);
                Stay::corrected(case, record, record.start_minute, longest)
            }
            Standing::Unreviewed | Standing::Approved | Standing::Returned | Standing::Corrected => {
                let stay = Stay::corrected(case, record, record.start_minute, record.minutes)?;
                let as_planned = stay.attending && record.changed_by == NONE;
                Some(if as_planned { Stay::planned(case.state.activity_state(record.activity)) } else { stay })
            }
        }
    }
}

/// Refuses a stay during which the member served elsewhere or otherwise, or attended elsewhere: nobody is in two places. `except` is the
/// record that is being changed.
pub(super) fn must_not_overlap(
    case: &Case<'_>,
    member: u32,
    stay: &Stay,
    except: Option<u32>,
) -> Result<(), Rejection> {
    let member = case.state.member_state(member);
    let mut next = member.last_record;
    while next != NONE {
        let record = case.state.record_state(next);
        // The chain runs backwards in time of recording. Nothing is recorded long before it starts, and what was moved since starts
        // no later than the latest of those.
        if record.recorded_minute.max(member.moved_start_minute) + EARLY_MINUTES + DAY_MINUTES <= stay.start {
            break;
        }
        let contradicts = |other: &Stay| {
            // Who checked in and not out may have gone on to a meeting, and may not serve elsewhere.
            let end = if record.standing == Standing::Open && stay.attending { other.start + 1 } else { other.end };
            let at_once = other.start < stay.end && stay.start < end;
            let may_be_both = (stay.attending || other.attending) && !lie_apart(case, stay.place, other.place);
            at_once && !may_be_both
        };
        if except != Some(next) && Stay::of(case, record).as_ref().is_some_and(contradicts) {
            return Err(Rejection::OverlapsOtherService { log_index: u64::from(record.log_index) });
        }
        next = record.previous;
    }
    Ok(())
}

/// Whether neither place is the other or a part of it.
fn lie_apart(case: &Case<'_>, one: u32, other: u32) -> bool {
    let lies_in = |inner: u32, outer: u32| case.state.ancestors(inner).any(|above| above == outer);
    !lies_in(one, other) && !lies_in(other, one)
}
