//! Nobody serves twice at one time or is in two places, whatever was recorded, corrected and reversed in between.

use super::fixture::*;
use mingzhang::ledger::{Outcome, Rejection};
use mingzhang_events::*;
use proptest::prelude::*;

fn visit(minutes: u16) -> HomeVisitMade {
    HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes }
}

fn corrected(record: EventId, minutes: u16) -> RecordCorrected {
    RecordCorrected { decision: None, minutes, reason: CorrectionReason::EnteredWrongly, record }
}

/// The entry that an attempt of the clerk's overlaps; none if it was recorded.
#[track_caller]
fn overlapped(fixture: &Fixture, event: impl Into<Event>, when: &str) -> Option<u64> {
    match fixture.try_record(&fixture.clerk(), event, at(when)) {
        Outcome::Recorded { .. } => None,
        Outcome::Rejected(Rejection::OverlapsOtherService { log_index }) => Some(log_index),
        other @ (Outcome::Rejected(_) | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

#[test]
fn a_record_that_was_corrected_to_a_later_day_takes_up_that_time_and_frees_its_first() {
    let fixture = Fixture::new();
    let log_index = fixture.ledger.head().tree_size;
    let moved = fixture.record(visit(60), at("2026-10-20T02:00:00Z"));
    fixture.clock.set(at("2026-10-30T04:00:00Z"));
    // Deeper in the chain than one that was recorded long before it now starts.
    fixture.record(visit(30), at("2026-10-20T06:00:00Z"));
    fixture.record(corrected(moved, 60), at("2026-10-28T07:00:00Z"));
    assert_eq!(overlapped(&fixture, visit(60), "2026-10-28T07:30:00Z"), Some(log_index));
    assert_eq!(overlapped(&fixture, visit(60), "2026-10-20T02:00:00Z"), None);
}

#[test]
fn a_correction_onto_another_record_is_refused_until_that_one_is_reversed() {
    let fixture = Fixture::new();
    let first = fixture.record(visit(60), at("2026-10-12T02:00:00Z"));
    let log_index = fixture.ledger.head().tree_size;
    let second = fixture.record(visit(60), at("2026-10-13T02:00:00Z"));
    assert_eq!(overlapped(&fixture, corrected(first, 60), "2026-10-13T02:30:00Z"), Some(log_index));
    let reason = CorrectionReason::FoundUntrue;
    fixture.record(RecordReversed { decision: None, reason, record: second }, at(END));
    assert_eq!(overlapped(&fixture, corrected(first, 60), "2026-10-13T02:30:00Z"), None);
}

/// A community beside the one that everybody belongs to.
const ELSEWHERE: &str = "420902001002";
/// 10:00 to 12:00 local time on 12 October.
const TEN: &str = "2026-10-12T02:00:00Z";

/// The street with a second community, a meeting in each, one of the first community's branch and one of the street, all at ten.
fn with_meetings() -> Fixture {
    let fixture = Fixture::new();
    let (level, name) = (OrganizationLevel::Community, "槐荫社区".to_owned());
    let (elsewhere, parent) = (organization(ELSEWHERE), Some(organization(STREET)));
    fixture.record(OrganizationEstablished { level, name, organization: elsewhere, parent }, at(BEFORE));
    for (number, place) in [(21, COMMUNITY), (22, ELSEWHERE), (23, BRANCH), (24, STREET)] {
        let (starts_at, ends_at) = (at(TEN), at(TEN).plus_minutes(120));
        schedule(&fixture, ActivityId(number), ActivityKind::Meeting, place, starts_at, ends_at);
    }
    let patrol = (at("2026-10-12T03:30:00Z"), at("2026-10-12T05:00:00Z"));
    schedule(&fixture, ActivityId(25), ActivityKind::Service, ELSEWHERE, patrol.0, patrol.1);
    let (date, member, organization) = (jiff::civil::date(2026, 10, 12), MEMBER, organization(COMMUNITY));
    fixture.record(DutyRostered { date, member, organization }, at(BEFORE));
    fixture
}

fn schedule(
    fixture: &Fixture,
    activity: ActivityId,
    kind: ActivityKind,
    place: &str,
    starts_at: Instant,
    ends_at: Instant,
) {
    let (class, organization) = (ActivityClass::Organized, organization(place));
    let scheduled =
        ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at };
    fixture.record(scheduled, at(BEFORE));
}

fn attended(number: u64) -> AttendanceRecorded {
    AttendanceRecorded { activity: ActivityId(number), member: MEMBER, outcome: AttendanceOutcome::Attended }
}

fn duty(minutes: u16) -> DutyServed {
    DutyServed { member: MEMBER, minutes, organization: organization(COMMUNITY) }
}

#[test]
fn who_attended_one_meeting_attended_none_elsewhere_at_that_time() {
    let fixture = with_meetings();
    let log_index = fixture.ledger.head().tree_size;
    fixture.record(attended(21), at(TEN));
    assert_eq!(overlapped(&fixture, attended(22), TEN), Some(log_index));
    let absent = AttendanceRecorded { outcome: AttendanceOutcome::Absent, ..attended(22) };
    assert_eq!(overlapped(&fixture, absent, TEN), None, "who was elsewhere was absent");
    // A part of the place, and what the place is a part of, may be the same room.
    assert_eq!(overlapped(&fixture, attended(23), TEN), None);
    assert_eq!(overlapped(&fixture, attended(24), TEN), None);
}

#[test]
fn who_attended_a_meeting_did_not_serve_elsewhere_until_a_correction_says_that_they_left() {
    let fixture = with_meetings();
    let log_index = fixture.ledger.head().tree_size;
    let meeting = fixture.record(attended(21), at(TEN));
    let check_in = MemberCheckedIn { activity: ActivityId(25), member: MEMBER };
    assert_eq!(overlapped(&fixture, check_in.clone(), "2026-10-12T03:40:00Z"), Some(log_index));
    fixture.record(corrected(meeting, 90), at(TEN));
    assert_eq!(overlapped(&fixture, check_in, "2026-10-12T03:40:00Z"), None);
    let check_out = MemberCheckedOut { activity: ActivityId(25), member: MEMBER };
    assert_eq!(overlapped(&fixture, check_out, "2026-10-12T04:40:00Z"), None);
    assert_eq!(overlapped(&fixture, corrected(meeting, 120), TEN), Some(log_index + 2));
}

#[test]
fn who_is_on_duty_attends_meetings_of_that_place_and_none_elsewhere() {
    let fixture = with_meetings();
    let log_index = fixture.ledger.head().tree_size;
    assert_eq!(overlapped(&fixture, duty(480), "2026-10-12T00:30:00Z"), None);
    assert_eq!(overlapped(&fixture, attended(22), TEN), Some(log_index));
    assert_eq!(overlapped(&fixture, attended(21), TEN), None);
}

#[test]
fn a_rostered_duty_is_served_once_and_again_only_if_that_record_was_reversed() {
    let fixture = with_meetings();
    let log_index = fixture.ledger.head().tree_size;
    let served = fixture.record(duty(120), at("2026-10-12T00:30:00Z"));
    let again = fixture.try_record(&fixture.clerk(), duty(120), at("2026-10-12T06:30:00Z"));
    assert_eq!(again, Outcome::Rejected(Rejection::AlreadyRecorded { log_index }));
    let reason = CorrectionReason::EnteredWrongly;
    fixture.record(RecordReversed { decision: None, reason, record: served }, at(END));
    assert_eq!(overlapped(&fixture, duty(240), "2026-10-12T06:30:00Z"), None);
}

#[test]
fn presence_at_what_was_cancelled_takes_up_no_time() {
    let fixture = with_meetings();
    let meeting = fixture.record(attended(21), at("2026-10-12T01:30:00Z"));
    let cancelled = ActivityCancelled { activity: ActivityId(21), reason: CancellationReason::Weather };
    fixture.record(cancelled, at("2026-10-12T01:50:00Z"));
    let check_in = MemberCheckedIn { activity: ActivityId(25), member: MEMBER };
    assert_eq!(overlapped(&fixture, check_in, "2026-10-12T03:40:00Z"), None);
    assert_eq!(overlapped(&fixture, corrected(meeting, 120), TEN), None, "nor once it is corrected");
}

/// What one may try. Times are quarters of an hour since the first of them all, so that much falls onto much.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    Visit { start: u32, quarters: u16 },
    CheckIn { patrol: u8, late_by: u32 },
    CheckOut { patrol: u8, after: u32 },
    LateCheckIn { patrol: u8, late_by: u32, quarters: u32 },
    Attend { meeting: u8 },
    Correct { which: usize, start: u32, quarters: u16 },
    Reverse { which: usize },
    Wait { quarters: u32 },
}

const DAYS: u32 = 8;
/// 10:00 local time on 20 October, when the fixture's clock stands at noon.
const FIRST: &str = "2026-10-20T02:00:00Z";
/// On every second day, an hour after [`FIRST`], for two hours.
const PATROLS: u8 = 4;
/// Elsewhere, at the same times as the patrols.
const MEETINGS: u8 = PATROLS;

fn start() -> impl Strategy<Value = u32> {
    (0..DAYS, 0..16_u32).prop_map(|(day, quarter)| day * 96 + quarter)
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let which = any::<usize>;
    prop_oneof![
        4 => (start(), 1..12_u16).prop_map(|(start, quarters)| Attempt::Visit { start, quarters }),
        2 => (0..PATROLS, 0..8_u32).prop_map(|(patrol, late_by)| Attempt::CheckIn { patrol, late_by }),
        2 => (0..PATROLS, 0..16_u32).prop_map(|(patrol, after)| Attempt::CheckOut { patrol, after }),
        1 => (0..PATROLS, 0..8_u32, 1..12_u32)
            .prop_map(|(patrol, late_by, quarters)| Attempt::LateCheckIn { patrol, late_by, quarters }),
        2 => (0..MEETINGS).prop_map(|meeting| Attempt::Attend { meeting }),
        4 => (which(), start(), 1..12_u16)
            .prop_map(|(which, start, quarters)| Attempt::Correct { which, start, quarters }),
        1 => which().prop_map(|which| Attempt::Reverse { which }),
        3 => (1..160_u32).prop_map(|quarters| Attempt::Wait { quarters }),
    ]
}

/// A record as the ones who look at it see it: quarters, and no end as long as nobody has checked out.
struct Told {
    id: EventId,
    patrol: Option<u8>,
    start: u32,
    end: Option<u32>,
    stands: bool,
    /// Presence at a meeting, all of which are elsewhere than what is served.
    attending: bool,
}

struct Week {
    fixture: Fixture,
    passed: u32,
    told: Vec<Told>,
}

fn patrol_of(number: u8) -> ActivityId {
    ActivityId(100 + u64::from(number))
}

fn meeting_of(number: u8) -> ActivityId {
    ActivityId(200 + u64::from(number))
}

fn quarter(number: u32) -> Instant {
    at(FIRST).plus_minutes(15 * number)
}

fn start_of_patrol(number: u8) -> u32 {
    u32::from(number) * 2 * 96 + 4
}

impl Week {
    fn new() -> Week {
        let fixture = with_meetings();
        for number in 0..PATROLS {
            let starts_at = quarter(start_of_patrol(number));
            let ends_at = starts_at.plus_minutes(120);
            schedule(&fixture, patrol_of(number), ActivityKind::NightPatrol, COMMUNITY, starts_at, ends_at);
            schedule(&fixture, meeting_of(number), ActivityKind::Meeting, ELSEWHERE, starts_at, ends_at);
        }
        Week { fixture, passed: 8, told: Vec::new() }
    }

    fn recorded(&self, event: impl Into<Event>, start: u32) -> Option<EventId> {
        match self.fixture.try_record(&self.fixture.clerk(), event, quarter(start)) {
            Outcome::Recorded { id, .. } => Some(id),
            Outcome::Rejected(_) | Outcome::Repeated { .. } | Outcome::Withheld => None,
        }
    }

    fn tell(&mut self, id: Option<EventId>, patrol: Option<u8>, start: u32, end: Option<u32>) {
        self.told.extend(id.map(|id| Told { id, patrol, start, end, stands: true, attending: false }));
    }

    fn open(&mut self, patrol: u8) -> Option<&mut Told> {
        self.told.iter_mut().find(|told| told.stands && told.end.is_none() && told.patrol == Some(patrol))
    }

    fn chosen(&self, which: usize) -> Option<usize> {
        which.checked_rem(self.told.len())
    }

    /// Whether it was recorded.
    fn attempt(&mut self, attempt: Attempt) -> bool {
        match attempt {
            Attempt::Visit { start, quarters } => {
                let id = self.recorded(visit(quarters * 15), start);
                self.tell(id, None, start, Some(start + u32::from(quarters)));
                id.is_some()
            }
            Attempt::CheckIn { patrol, late_by } => {
                let start = start_of_patrol(patrol) + late_by;
                let id = self.recorded(MemberCheckedIn { activity: patrol_of(patrol), member: MEMBER }, start);
                self.tell(id, Some(patrol), start, None);
                id.is_some()
            }
            Attempt::CheckOut { patrol, after } => {
                let end = start_of_patrol(patrol) + after;
                let checked_out = MemberCheckedOut { activity: patrol_of(patrol), member: MEMBER };
                let id = self.recorded(checked_out, end);
                if id.is_some() {
                    self.open(patrol).expect("checked in").end = Some(end);
                }
                id.is_some()
            }
            Attempt::LateCheckIn { patrol, late_by, quarters } => {
                let start = start_of_patrol(patrol) + late_by;
                let (activity, ended_at) = (patrol_of(patrol), quarter(start + quarters));
                let reason = LateCheckInReason::Forgotten;
                let id = self.recorded(LateCheckInRecorded { activity, ended_at, member: MEMBER, reason }, start);
                if id.is_some()
                    && let Some(open) = self.open(patrol)
                {
                    open.stands = false;
                }
                self.tell(id, Some(patrol), start, Some(start + quarters));
                id.is_some()
            }
            Attempt::Attend { meeting } => {
                let start = start_of_patrol(meeting);
                let attended = AttendanceRecorded { activity: meeting_of(meeting), ..attended(0) };
                let id = self.recorded(attended, start);
                let end = Some(start + 8);
                self.told.extend(id.map(|id| Told { id, patrol: None, start, end, stands: true, attending: true }));
                id.is_some()
            }
            Attempt::Correct { which, start, quarters } => {
                let Some(at) = self.chosen(which) else { return false };
                let id = self.recorded(corrected(self.told[at].id, quarters * 15), start);
                if id.is_some() {
                    self.told[at].start = start;
                    self.told[at].end = Some(start + u32::from(quarters));
                }
                id.is_some()
            }
            Attempt::Reverse { which } => {
                let Some(at) = self.chosen(which) else { return false };
                let (reason, record) = (CorrectionReason::FoundUntrue, self.told[at].id);
                let id = self.recorded(RecordReversed { decision: None, reason, record }, self.told[at].start);
                self.told[at].stands &= id.is_none();
                id.is_some()
            }
            Attempt::Wait { quarters } => {
                self.passed += quarters;
                self.fixture.clock.set(quarter(self.passed));
                true
            }
        }
    }

    /// Two records that stand and that can't both be true.
    fn contradiction(&self) -> Option<(EventId, EventId)> {
        let stays: Vec<&Told> = self.told.iter().filter(|told| told.stands && told.end.is_some()).collect();
        let at_once = |one: &Told, other: &Told| Some(one.start) < other.end && Some(other.start) < one.end;
        let pairs = stays.iter().enumerate().flat_map(|(at, one)| stays[..at].iter().map(move |other| (one, other)));
        let found = |(one, other): &(&&Told, &&Told)| at_once(one, other) && !(one.attending && other.attending);
        pairs.into_iter().find(found).map(|(one, other)| (one.id, other.id))
    }
}

/// What refuses everything contradicts nothing.
#[test]
fn each_kind_of_attempt_is_recorded_where_nothing_contradicts_it() {
    let mut week = Week::new();
    for attempt in [
        Attempt::Wait { quarters: 600 },
        Attempt::Visit { start: 40, quarters: 2 },
        Attempt::CheckIn { patrol: 0, late_by: 1 },
        Attempt::CheckOut { patrol: 0, after: 6 },
        Attempt::CheckIn { patrol: 1, late_by: 0 },
        Attempt::LateCheckIn { patrol: 1, late_by: 1, quarters: 4 },
        Attempt::LateCheckIn { patrol: 2, late_by: 0, quarters: 8 },
        Attempt::Attend { meeting: 3 },
        Attempt::Correct { which: 0, start: 13, quarters: 3 },
        Attempt::Correct { which: 1, start: 5, quarters: 4 },
        Attempt::Reverse { which: 0 },
        Attempt::Visit { start: 13, quarters: 2 },
    ] {
        assert!(week.attempt(attempt), "{attempt:?}");
        assert_eq!(week.contradiction(), None, "after {attempt:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn nobody_serves_twice_or_is_in_two_places_whatever_is_recorded_corrected_and_reversed(
        attempts in prop::collection::vec(attempt(), 1..60),
    ) {
        let mut week = Week::new();
        for attempt in attempts {
            week.attempt(attempt);
            prop_assert_eq!(week.contradiction(), None, "after {:?}", attempt);
        }
    }
}
