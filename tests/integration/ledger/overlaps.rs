//! Nobody serves twice at one time, whatever was recorded, corrected and reversed in between.

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

/// What one may try. Times are quarters of an hour since the first of them all, so that much falls onto much.
#[derive(Clone, Copy, Debug)]
enum Attempt {
    Visit { start: u32, quarters: u16 },
    CheckIn { patrol: u8, late_by: u32 },
    CheckOut { patrol: u8, after: u32 },
    LateCheckIn { patrol: u8, late_by: u32, quarters: u32 },
    Correct { which: prop::sample::Index, start: u32, quarters: u16 },
    Reverse { which: prop::sample::Index },
    Wait { quarters: u32 },
}

const DAYS: u32 = 8;
/// 10:00 local time on 20 October, when the fixture's clock stands at noon.
const FIRST: &str = "2026-10-20T02:00:00Z";
/// On every second day, an hour after [`FIRST`], for two hours.
const PATROLS: u8 = 4;

fn start() -> impl Strategy<Value = u32> {
    (0..DAYS, 0..16_u32).prop_map(|(day, quarter)| day * 96 + quarter)
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let which = any::<prop::sample::Index>;
    prop_oneof![
        4 => (start(), 1..12_u16).prop_map(|(start, quarters)| Attempt::Visit { start, quarters }),
        2 => (0..PATROLS, 0..8_u32).prop_map(|(patrol, late_by)| Attempt::CheckIn { patrol, late_by }),
        2 => (0..PATROLS, 0..16_u32).prop_map(|(patrol, after)| Attempt::CheckOut { patrol, after }),
        1 => (0..PATROLS, 0..8_u32, 1..12_u32)
            .prop_map(|(patrol, late_by, quarters)| Attempt::LateCheckIn { patrol, late_by, quarters }),
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
}

struct Week {
    fixture: Fixture,
    passed: u32,
    told: Vec<Told>,
}

fn patrol_of(number: u8) -> ActivityId {
    ActivityId(100 + u64::from(number))
}

fn quarter(number: u32) -> Instant {
    at(FIRST).plus_minutes(15 * number)
}

fn start_of_patrol(number: u8) -> u32 {
    u32::from(number) * 2 * 96 + 4
}

impl Week {
    fn new() -> Week {
        let fixture = Fixture::new();
        for number in 0..PATROLS {
            let (class, organization) = (ActivityClass::Voluntary, organization(COMMUNITY));
            let starts_at = quarter(start_of_patrol(number));
            let (activity, ends_at, kind) = (patrol_of(number), starts_at.plus_minutes(120), ActivityKind::NightPatrol);
            let scheduled =
                ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at };
            fixture.record(scheduled, at(BEFORE));
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
        self.told.extend(id.map(|id| Told { id, patrol, start, end, stands: true }));
    }

    fn open(&mut self, patrol: u8) -> Option<&mut Told> {
        self.told.iter_mut().find(|told| told.stands && told.end.is_none() && told.patrol == Some(patrol))
    }

    fn chosen(&self, which: prop::sample::Index) -> Option<usize> {
        (!self.told.is_empty()).then(|| which.index(self.told.len()))
    }

    fn attempt(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::Visit { start, quarters } => {
                let id = self.recorded(visit(quarters * 15), start);
                self.tell(id, None, start, Some(start + u32::from(quarters)));
            }
            Attempt::CheckIn { patrol, late_by } => {
                let start = start_of_patrol(patrol) + late_by;
                let id = self.recorded(MemberCheckedIn { activity: patrol_of(patrol), member: MEMBER }, start);
                self.tell(id, Some(patrol), start, None);
            }
            Attempt::CheckOut { patrol, after } => {
                let end = start_of_patrol(patrol) + after;
                let checked_out = MemberCheckedOut { activity: patrol_of(patrol), member: MEMBER };
                if self.recorded(checked_out, end).is_some() {
                    self.open(patrol).expect("checked in").end = Some(end);
                }
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
            }
            Attempt::Correct { which, start, quarters } => {
                let Some(at) = self.chosen(which) else { return };
                if self.recorded(corrected(self.told[at].id, quarters * 15), start).is_some() {
                    self.told[at].start = start;
                    self.told[at].end = Some(start + u32::from(quarters));
                }
            }
            Attempt::Reverse { which } => {
                let Some(at) = self.chosen(which) else { return };
                let (reason, record) = (CorrectionReason::FoundUntrue, self.told[at].id);
                if self.recorded(RecordReversed { decision: None, reason, record }, self.told[at].start).is_some() {
                    self.told[at].stands = false;
                }
            }
            Attempt::Wait { quarters } => {
                self.passed += quarters;
                self.fixture.clock.set(quarter(self.passed));
            }
        }
    }

    /// Two records that stand and that the member can't both have served.
    fn contradiction(&self) -> Option<(EventId, EventId)> {
        let stretch = |told: &Told| Some((told.start, told.end.filter(|_| told.stands)?, told.id));
        let mut served: Vec<_> = self.told.iter().filter_map(stretch).collect();
        served.sort_unstable();
        served.windows(2).find(|pair| pair[1].0 < pair[0].1).map(|pair| (pair[0].2, pair[1].2))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn no_two_standing_records_of_a_member_overlap_whatever_is_recorded_corrected_and_reversed(
        attempts in prop::collection::vec(attempt(), 1..60),
    ) {
        let mut week = Week::new();
        for attempt in attempts {
            week.attempt(attempt);
            prop_assert_eq!(week.contradiction(), None, "after {:?}", attempt);
        }
    }
}
