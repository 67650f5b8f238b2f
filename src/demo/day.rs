//! One day in every community: which activities there are, who serves on duty, whom members visit, who comes and goes.

use super::agenda::Slot;
use super::cast::{Office, index};
use super::random::Random;
use super::reorganization::reorganize;
use super::review::{Waiting, correct_after_the_close, reverse, review};
use super::service::{Gathering, gather, hold_meeting};
use super::{LEAD_DAYS, Plan};
use jiff::civil::{Date, Weekday};
use mingzhang_events::{
    ActivityClass, ActivityKind, DutyRostered, DutyServed, EnrollmentEnded, Evidence, HardshipPairingEnded,
    HardshipPairingFormed, HomeVisitMade, Instant, LeavingReason, MemberEnrolled, MemberLeft, MemberTransferred, Month,
    Points, PointsDeducted, PointsGranted, date_from_days, day_number,
};

pub(super) const MINUTES_AN_HOUR: u32 = 60;
const DAYS: u64 = 0x6461_7973;

/// An instant of a local day.
pub(super) fn local(day: u32, minute: u32, second: u32) -> Instant {
    let seconds = i64::from(day) * 86_400 + i64::from(minute) * 60 + i64::from(second) - 8 * 3_600;
    Instant::from_unix_seconds(seconds).expect("the demo's months are within the ledger's")
}

/// The days that are unlike the others.
#[derive(Debug)]
pub(super) struct Calendar {
    pub(super) months: Vec<Month>,
    special: Vec<SpecialDays>,
    working_day: fn(Date) -> bool,
}

#[derive(Debug)]
struct SpecialDays {
    meeting: u32,
    training: u32,
    heavy_rain: u32,
}

impl Calendar {
    pub(super) fn new(months: Vec<Month>, seed: u64, working_day: fn(Date) -> bool) -> Calendar {
        let special = |month: &Month| {
            let first = day_number(month.first_day());
            let free = |from: u32| (from..from + 7).find(|&day| is_free_weekend(day, working_day)).unwrap_or(from);
            let heavy_rain = first + Random::of(seed, DAYS, first, u32::MAX).between(8, 13);
            SpecialDays { meeting: free(first + 14), training: free(first + 21), heavy_rain }
        };
        Calendar { special: months.iter().map(special).collect(), months, working_day }
    }

    fn special(&self, day: u32) -> Option<&SpecialDays> {
        let month = Month::of(date_from_days(i64::from(day)));
        self.months.iter().position(|&known| known == month).map(|at| &self.special[at])
    }
}

fn is_free_weekend(day: u32, working_day: fn(Date) -> bool) -> bool {
    let date = date_from_days(i64::from(day));
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !working_day(date)
}

/// What a day is like in one community.
pub(super) struct Day {
    pub(super) number: u32,
    pub(super) community: usize,
    pub(super) office: Office,
    /// When it is planned.
    pub(super) planned_at: Instant,
    pub(super) random: Random,
    date: Date,
    works: bool,
    members: u32,
}

/// Plans a day everywhere, if it belongs to the demo's months.
pub(super) fn plan_day(plan: &mut Plan, number: u32) {
    let Some(&SpecialDays { meeting, training, heavy_rain }) = plan.calendar.special(number) else { return };
    let date = date_from_days(i64::from(number));
    reorganize(plan, number, date);
    for community in 0..plan.cast.communities.len() {
        let place = &plan.cast.communities[community];
        let mut day = Day {
            number,
            community,
            office: place.office,
            planned_at: local(number - LEAD_DAYS, 10 * MINUTES_AN_HOUR, 0),
            random: Random::of(plan.options.seed, DAYS, number, index(community)),
            date,
            works: (plan.calendar.working_day)(date),
            members: index(place.members.len()),
        };
        come_and_go(plan, &mut day);
        if day.works {
            duty(plan, &mut day);
        }
        if number == meeting {
            hold_meeting(plan, &mut day);
        } else if number == training {
            hold_training(plan, &mut day);
        } else {
            visits(plan, &mut day);
            if !day.works && date.weekday() == Weekday::Saturday {
                volunteer(plan, &mut day);
            }
        }
        if number == heavy_rain {
            mobilize(plan, &mut day);
        }
        patrols(plan, &mut day, number == heavy_rain);
        awards(plan, &mut day);
    }
}

fn patrols(plan: &mut Plan, day: &mut Day, cancelled: bool) {
    let count = (day.members / 40).clamp(2, 10);
    let (kind, class) = (ActivityKind::NightPatrol, ActivityClass::Voluntary);
    let early = Gathering { kind, class, starts: 18 * 60 + 30, minutes: 120, count, cancelled, at_once: false };
    let late = Gathering { starts: 21 * 60 + 30, minutes: 180, ..early };
    if day.members >= 8 {
        gather(plan, day, &early);
    }
    gather(plan, day, &late);
}

fn volunteer(plan: &mut Plan, day: &mut Day) {
    let count = (day.members / 12).clamp(2, 40);
    let (kind, class) = (ActivityKind::Service, ActivityClass::Voluntary);
    let service = Gathering { kind, class, starts: 9 * 60, minutes: 150, count, cancelled: false, at_once: false };
    gather(plan, day, &service);
}

fn mobilize(plan: &mut Plan, day: &mut Day) {
    let count = (day.members / 6).max(2);
    let (kind, class) = (ActivityKind::Mobilization, ActivityClass::Voluntary);
    gather(
        plan,
        day,
        &Gathering { kind, class, starts: 13 * 60 + 30, minutes: 330, count, cancelled: false, at_once: true },
    );
}

fn hold_training(plan: &mut Plan, day: &mut Day) {
    let count = (day.members / 10).clamp(2, 60);
    super::service::hold_training(plan, day, count);
}

/// Two members on every working day; some keep a table that is imported.
fn duty(plan: &mut Plan, day: &mut Day) {
    let place = &plan.cast.communities[day.community];
    let (organization, imports) = (place.organization, place.imports_duty);
    let rostered = Slot { at: day.planned_at, by: day.office.recorder };
    for member in plan.cast.take(day.community, &mut day.random, day.number, 2) {
        let member = plan.cast.members[member as usize].id;
        let event = DutyRostered { date: day.date, member, organization };
        plan.agenda.note(rostered, event, Evidence::Office, day.planned_at);
        if day.random.permille(25) {
            continue;
        }
        let start = local(day.number, 8 * 60 + 20 + day.random.below(20), day.random.below(60));
        let minutes = 440 + day.random.below(20);
        let (slot, evidence) = if imports {
            let at = local(day.number + 2, 11 * MINUTES_AN_HOUR, 0);
            (Slot { at, by: day.office.recorder }, Evidence::Imported)
        } else {
            (Slot { at: local(day.number, 17 * 60 + 45, 0), by: day.office.terminal }, Evidence::OnSiteCode)
        };
        let served = DutyServed { member, minutes: u16::try_from(minutes).expect("within a day"), organization };
        let record = plan.agenda.add(slot, served, evidence, start);
        if imports {
            let waiting = Waiting { record, start, minutes: Some(minutes), recorded_at: slot.at };
            review(plan, day.office, &waiting, &mut day.random);
        }
    }
}

/// Each household is visited a little more than once a month by each of its members.
fn visits(plan: &mut Plan, day: &mut Day) {
    for number in 0..plan.cast.communities[day.community].pairings.len() {
        let pairing = &plan.cast.communities[day.community].pairings[number];
        let (household, helper) = (pairing.household, pairing.member);
        let visited = !pairing.ended && day.number > pairing.since && day.random.permille(45);
        if !visited || !plan.cast.take_one(helper, day.number) {
            continue;
        }
        let start = local(day.number, 14 * 60 + day.random.below(150), day.random.below(60));
        let minutes = day.random.between(30, 90);
        let (delay, evidence) = match day.random.below(100) {
            0..5 => (day.random.between(1, 3), Evidence::BackEntered),
            5..20 => (0, Evidence::Attested),
            _ => (0, Evidence::BothParties),
        };
        let slot = Slot { at: local(day.number + delay, 18 * 60 + 30, 0), by: day.office.recorder };
        let member = plan.cast.members[helper as usize].id;
        let made = HomeVisitMade { household, member, minutes: u16::try_from(minutes).expect("within a day") };
        let record = plan.agenda.add(slot, made, evidence, start);
        let waiting = Waiting { record, start, minutes: Some(minutes), recorded_at: slot.at };
        let month = Month::of(day.date);
        let first_of_month = day.date.day() >= 5 && plan.reversed_in.replace(month) != Some(month);
        if first_of_month || day.random.permille(8) {
            reverse(plan, day.office, &waiting);
        } else if evidence != Evidence::BothParties || day.random.permille(300) {
            review(plan, day.office, &waiting, &mut day.random);
        } else if plan.story.as_ref().is_none_or(|story| !story.is_of(month))
            && plan.corrected_late_in.replace(month) != Some(month)
        {
            correct_after_the_close(plan, day.office, &waiting, minutes);
        }
    }
}

/// Enrolments, new and ended pairings, transfers, departures.
fn come_and_go(plan: &mut Plan, day: &mut Day) {
    let slot = Slot { at: local(day.number, 10 * MINUTES_AN_HOUR, 0), by: day.office.recorder };
    let morning = local(day.number, 9 * MINUTES_AN_HOUR, 0);
    let place = &plan.cast.communities[day.community];
    let (organization, members, branches) = (place.organization, place.members.clone(), place.branches.clone());
    if members.is_empty() {
        return;
    }
    let number = day.random.between(members.start, members.end - 1);
    let member = &mut plan.cast.members[number as usize];
    let (id, branch) = (member.id, member.branch);
    let unbound = member.busy_until < day.number && !member.excused && !member.paired;
    if !member.enrolled && !member.excused {
        member.enrolled = true;
        plan.agenda.note(
            slot,
            MemberEnrolled { decision: None, community: organization, member: id },
            Evidence::Attested,
            morning,
        );
    } else if day.random.permille(20) && !member.excused {
        let to = branches.start + (branch - branches.start + 1) % index(branches.len());
        member.branch = to;
        let transferred =
            MemberTransferred { decision: None, member: id, organization: plan.cast.branches[to as usize] };
        plan.agenda.note(slot, transferred, Evidence::Office, morning);
    } else if day.random.permille(10) && member.enrolled && !member.excused {
        // Moved house within the city: reports here from now on.
        let moved = plan.cast.communities[std::mem::replace(&mut member.reports_to, index(day.community)) as usize]
            .organization;
        plan.agenda.note(
            slot,
            EnrollmentEnded { decision: None, community: moved, member: id },
            Evidence::Attested,
            morning,
        );
        plan.agenda.note(
            slot,
            MemberEnrolled { decision: None, community: organization, member: id },
            Evidence::Attested,
            morning,
        );
    } else if day.random.permille(15) && unbound {
        member.excused = true;
        let left = MemberLeft { decision: None, member: id, reason: LeavingReason::MovedAway };
        plan.agenda.note(slot, left, Evidence::Office, morning);
    }
    if day.random.permille(30)
        && let Some((helper, household)) = plan.cast.pair(day.community, &mut day.random, day.number)
    {
        let member = plan.cast.members[helper as usize].id;
        let formed = HardshipPairingFormed { household, member, organization };
        plan.agenda.note(slot, formed, Evidence::BothParties, morning);
    }
    let pairings = &mut plan.cast.communities[day.community].pairings;
    if day.random.permille(10)
        && let Some(pairing) = pairings.iter_mut().find(|pairing| !pairing.ended && pairing.since < day.number)
    {
        pairing.ended = true;
        let (household, helper) = (pairing.household, pairing.member);
        let member = plan.cast.members[helper as usize].id;
        plan.agenda.note(slot, HardshipPairingEnded { household, member }, Evidence::Office, morning);
    }
}

/// A few grants, and fewer deductions, under the clauses for decisions.
fn awards(plan: &mut Plan, day: &mut Day) {
    let (Some(first), Some(last)) = (plan.options.rules.awards.first(), plan.options.rules.awards.last()) else {
        return;
    };
    let (granted, deducted) = (day.random.permille(30), day.random.permille(8));
    let place = &plan.cast.communities[day.community];
    if !(granted || deducted) || place.pool.is_empty() {
        return;
    }
    let member = &plan.cast.members[*day.random.pick(&place.pool) as usize];
    if member.excused {
        return;
    }
    let (id, slot) = (member.id, Slot { at: local(day.number, 16 * MINUTES_AN_HOUR, 0), by: day.office.reviewer });
    let amount = |most: Points, points: u32| Points::from_hundredths(i64::from(points) * 100).min(most);
    if granted {
        let points = amount(first.points_max, day.random.between(1, 5));
        let event = PointsGranted { decision: None, clause: first.clause, member: id, points };
        plan.agenda.note(slot, event, Evidence::Office, slot.at);
    } else {
        let points = amount(last.points_max, day.random.between(1, 3));
        let event = PointsDeducted { decision: None, clause: last.clause, member: id, points };
        plan.agenda.note(slot, event, Evidence::Office, slot.at);
    }
}
