//! Activities: who signs up, who withdraws, who comes, who forgets to sign out, and what is entered afterwards.

use super::Plan;
use super::agenda::Slot;
use super::cast::Office;
use super::day::{Day, MINUTES_AN_HOUR, local};
use super::random::id;
use super::review::{Waiting, review};
use super::story::take_part;
use mingzhang_events::{
    ActivityCancelled, ActivityClass, ActivityId, ActivityKind, ActivityScheduled, AttendanceOutcome,
    AttendanceRecorded, CancellationReason, Evidence, Instant, LateCheckInReason, LateCheckInRecorded, MemberCheckedIn,
    MemberCheckedOut, MemberId, MemberSignedUp, OrganizationId, SignUpWithdrawn,
};

const ACTIVITIES: u64 = 0x6163_7469;

/// An activity that people sign up for and check in to.
#[derive(Clone, Copy)]
pub(super) struct Gathering {
    pub(super) kind: ActivityKind,
    pub(super) class: ActivityClass,
    /// Minutes after midnight.
    pub(super) starts: u32,
    pub(super) minutes: u32,
    /// How many sign up, if so many are free.
    pub(super) count: u32,
    /// Called off for the weather.
    pub(super) cancelled: bool,
    /// Called at noon of the same day; half of those who come haven't signed up.
    pub(super) at_once: bool,
}

/// What a member did on a patrol, as it was recorded on site.
pub(super) struct Shift {
    pub(super) member: MemberId,
    pub(super) office: Office,
    pub(super) waiting: Waiting,
    pub(super) minutes: u32,
}

/// One gathering on its way.
struct Scheduled {
    activity: ActivityId,
    gathering: Gathering,
}

/// Schedules an activity of an organisation.
fn schedule(
    plan: &mut Plan,
    day: &Day,
    organization: OrganizationId,
    gathering: &Gathering,
    planned_at: Instant,
) -> ActivityId {
    plan.activities += 1;
    let activity = ActivityId(id(plan.options.seed, ACTIVITIES, plan.activities));
    let starts_at = local(day.number, gathering.starts, 0);
    let event = ActivityScheduled {
        activity,
        class: gathering.class,
        emergency_grade: None,
        ends_at: starts_at.plus_minutes(gathering.minutes),
        kind: gathering.kind,
        organization,
        starts_at,
    };
    let slot = Slot { at: planned_at, by: day.office.recorder };
    plan.agenda.note(slot, event, Evidence::Office, planned_at);
    activity
}

/// Plans an activity of the community with everybody's part in it.
pub(super) fn gather(plan: &mut Plan, day: &mut Day, gathering: &Gathering) {
    let members = plan.cast.take(day.community, &mut day.random, day.number, gathering.count);
    if members.is_empty() {
        return;
    }
    let noon = local(day.number, 12 * MINUTES_AN_HOUR, 0);
    let planned_at = if gathering.at_once { noon } else { day.planned_at };
    let organization = plan.cast.communities[day.community].organization;
    let activity = schedule(plan, day, organization, gathering, planned_at);
    let scheduled = Scheduled { activity, gathering: *gathering };
    for number in members {
        let member = plan.cast.members[number as usize].id;
        let signed_up = !gathering.at_once || day.random.permille(500);
        if signed_up {
            sign_up(plan, day, &scheduled, member);
        }
        if gathering.cancelled {
            continue;
        }
        match day.random.below(1_000) {
            0..40 if signed_up => withdraw(plan, day, &scheduled, member),
            40..85 if signed_up => {}
            85..120 => enter_afterwards(plan, day, &scheduled, member),
            _ => come(plan, day, &scheduled, number),
        }
    }
    if gathering.cancelled {
        let event = ActivityCancelled { activity, reason: CancellationReason::Weather };
        plan.agenda.note(Slot { at: noon, by: day.office.recorder }, event, Evidence::Office, noon);
    }
}

fn sign_up(plan: &mut Plan, day: &mut Day, scheduled: &Scheduled, member: MemberId) {
    let at = if scheduled.gathering.at_once {
        local(day.number, 13 * 60 + 10, 0)
    } else {
        let (days_before, hour) = *day.random.pick(&[(2, 12), (2, 20), (1, 12), (1, 20)]);
        local(day.number - days_before, hour * MINUTES_AN_HOUR, 0)
    };
    let earlier = i64::from(day.random.between(30, 3_000));
    let signed_up_at = Instant::from_unix_seconds(at.unix_seconds() - earlier).expect("within the ledger's years");
    let event = MemberSignedUp { activity: scheduled.activity, member };
    plan.agenda.note(Slot { at, by: day.office.recorder }, event, Evidence::Attested, signed_up_at);
}

/// The evening before, or for something called at once a little later.
fn withdraw(plan: &mut Plan, day: &Day, scheduled: &Scheduled, member: MemberId) {
    let at = match scheduled.gathering.at_once {
        true => local(day.number, 13 * 60 + 20, 0),
        false => local(day.number - 1, 21 * MINUTES_AN_HOUR, 0),
    };
    let event = SignUpWithdrawn { activity: scheduled.activity, member };
    plan.agenda.note(Slot { at, by: day.office.recorder }, event, Evidence::Attested, at);
}

/// Came, but nothing was recorded on site: entered from memory or paper days later.
fn enter_afterwards(plan: &mut Plan, day: &mut Day, scheduled: &Scheduled, member: MemberId) {
    let Gathering { starts, minutes, .. } = scheduled.gathering;
    let start = local(day.number, starts, 0);
    let at = local(day.number + day.random.between(1, 3), 16 * MINUTES_AN_HOUR, 0);
    let reasons = [LateCheckInReason::Forgotten, LateCheckInReason::OnPaper, LateCheckInReason::CodeFailed];
    let reason = *day.random.pick(&reasons);
    let ended_at = start.plus_minutes(minutes);
    let event = LateCheckInRecorded { activity: scheduled.activity, ended_at, member, reason };
    let slot = Slot { at, by: day.office.recorder };
    let record = plan.agenda.add(slot, event, Evidence::BackEntered, start);
    let waiting = Waiting { record, start, minutes: Some(minutes), recorded_at: at };
    review(plan, day.office, &waiting, &mut day.random);
}

fn come(plan: &mut Plan, day: &mut Day, scheduled: &Scheduled, number: u32) {
    let Gathering { starts, minutes, .. } = scheduled.gathering;
    let (activity, member) = (scheduled.activity, plan.cast.members[number as usize].id);
    let start = local(day.number, starts - 8 + day.random.below(15), day.random.below(60));
    let arrived = Slot { at: local(day.number, starts + 10, 0), by: day.office.terminal };
    let record = plan.agenda.add(arrived, MemberCheckedIn { activity, member }, Evidence::OnSiteCode, start);
    let end = local(day.number, starts + minutes - 6 + day.random.below(15), day.random.below(60));
    if day.random.permille(35) {
        // The open check-in takes up the next morning too.
        plan.cast.members[number as usize].busy_until = day.number + 1;
        if day.random.permille(850) {
            attest(plan, day, scheduled, member, start, end);
        }
        return;
    }
    let left = Slot { at: local(day.number, starts + minutes + 15, 0), by: day.office.terminal };
    plan.agenda.note(left, MemberCheckedOut { activity, member }, Evidence::OnSiteCode, end);
    let lasted = end.unix_minutes() - start.unix_minutes();
    let waiting = Waiting { record, start, minutes: Some(lasted), recorded_at: left.at };
    if day.random.permille(60) {
        review(plan, day.office, &waiting, &mut day.random);
    } else if scheduled.gathering.kind == ActivityKind::NightPatrol && plan.cast.members[number as usize].paired {
        // Who helps a household stays.
        take_part(plan, &Shift { member, office: day.office, waiting, minutes: lasted });
    }
}

/// Forgot to check out: next morning the leader of the shift attests when it ended.
fn attest(plan: &mut Plan, day: &mut Day, scheduled: &Scheduled, member: MemberId, start: Instant, end: Instant) {
    let at = local(day.number + 1, 9 * MINUTES_AN_HOUR, 0);
    let reason = LateCheckInReason::Forgotten;
    let event = LateCheckInRecorded { activity: scheduled.activity, ended_at: end, member, reason };
    let record = plan.agenda.add(Slot { at, by: day.office.recorder }, event, Evidence::Attested, start);
    let minutes = Some(end.unix_minutes() - start.unix_minutes());
    review(plan, day.office, &Waiting { record, start, minutes, recorded_at: at }, &mut day.random);
}

/// 支部党员大会: a meeting of each branch, for all its members who aren't exempt.
pub(super) fn hold_meeting(plan: &mut Plan, day: &mut Day) {
    let place = &plan.cast.communities[day.community];
    let (branches, members) = (place.branches.clone(), place.members.clone());
    let (kind, class) = (ActivityKind::Meeting, ActivityClass::Organized);
    let meeting = Gathering { kind, class, starts: 15 * 60, minutes: 90, count: 0, cancelled: false, at_once: false };
    for branch in branches {
        let organization = plan.cast.branches[branch as usize];
        let activity = schedule(plan, day, organization, &meeting, day.planned_at);
        for number in members.clone() {
            let member = &plan.cast.members[number as usize];
            if member.branch == branch && !member.excused {
                attend(plan, day, &Scheduled { activity, gathering: meeting }, member.id);
            }
        }
    }
}

/// A training of the community.
pub(super) fn hold_training(plan: &mut Plan, day: &mut Day, count: u32) {
    let members = plan.cast.take(day.community, &mut day.random, day.number, count);
    let (kind, class) = (ActivityKind::Training, ActivityClass::Organized);
    let training = Gathering { kind, class, starts: 9 * 60, minutes: 120, count, cancelled: false, at_once: false };
    let organization = plan.cast.communities[day.community].organization;
    let activity = schedule(plan, day, organization, &training, day.planned_at);
    for number in members {
        let member = plan.cast.members[number as usize].id;
        attend(plan, day, &Scheduled { activity, gathering: training }, member);
    }
}

/// Those who come scan the code at the door; leave and absence are attested in the evening.
fn attend(plan: &mut Plan, day: &mut Day, scheduled: &Scheduled, member: MemberId) {
    let Gathering { starts, minutes, .. } = scheduled.gathering;
    let (outcome, evidence) = match day.random.below(100) {
        0..88 => (AttendanceOutcome::Attended, Evidence::OnSiteCode),
        88..96 => (AttendanceOutcome::OnLeave, Evidence::Attested),
        _ => (AttendanceOutcome::Absent, Evidence::Attested),
    };
    let slot = if evidence == Evidence::OnSiteCode {
        Slot { at: local(day.number, starts + minutes, 0), by: day.office.terminal }
    } else {
        Slot { at: local(day.number, 19 * MINUTES_AN_HOUR, 0), by: day.office.recorder }
    };
    let start = local(day.number, starts, 0);
    let event = AttendanceRecorded { activity: scheduled.activity, member, outcome };
    let record = plan.agenda.add(slot, event, evidence, start);
    if evidence == Evidence::Attested {
        let waiting = Waiting { record, start, minutes: None, recorded_at: slot.at };
        review(plan, day.office, &waiting, &mut day.random);
    }
}
