//! Random months of a small town, as a ledger could hold them: what a story says is made into entries that make sense.

use crate::random_rules::{self, AWARDS, OTHER_VETO, RESET, VETO};
use mingzhang_events::*;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

pub(super) const MEMBERS: u64 = 3;
/// The window that everything happens in: four months, over a leap day or the end of a year, or neither.
const BEGINNINGS: [&str; 3] = ["2023-12", "2025-11", "2026-03"];
const DAYS: i64 = 121;
const ORIGIN: &str = "ledger.example/town";

/// How a service is recorded.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    CheckedIn { out: bool },
    Late,
    Attended(AttendanceOutcome),
    Visit,
    Duty,
}

/// What the roster says anew.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Transferred,
    Reclassified(MemberClass),
    Left,
}

/// What is done to a record after another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Approved,
    Returned,
    Corrected { minutes: u16, minute: i64 },
}

/// What an activity is of.
type What = (ActivityKind, ActivityClass, Option<EmergencyGrade>);

/// One thing that happens. Times are days and minutes from the beginning; records and decisions go by their number.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Service {
        member: u64,
        day: i64,
        minute: i64,
        minutes: u16,
        manner: Manner,
        what: What,
        evidence: Evidence,
        cancelled: bool,
        /// So many minutes after the activity was planned to begin; below zero for who came early.
        after: i64,
    },
    SignUp {
        member: u64,
        day: i64,
        kind: ActivityKind,
        withdrawn: bool,
        cancelled: bool,
    },
    Review {
        record: usize,
        acts: Vec<Act>,
    },
    Reversal {
        record: usize,
    },
    Award {
        member: u64,
        day: i64,
        clause: usize,
        quarters: i64,
        deducts: bool,
    },
    Reset {
        member: u64,
        day: i64,
    },
    Veto {
        member: u64,
        day: i64,
        other: bool,
    },
    Undoing {
        decision: usize,
        quashed: bool,
    },
    Roster {
        member: u64,
        day: i64,
        change: Change,
    },
    Exemption {
        member: u64,
        day: i64,
        days: Option<i64>,
        reason: ExemptionReason,
    },
    /// Reports to the community, or helps a household, for so many days.
    Engagement {
        member: u64,
        day: i64,
        days: Option<i64>,
        pairs: bool,
    },
    /// Frozen, with its no-shows or without; closed if neither.
    Settle {
        month: u16,
        counts_no_shows: Option<bool>,
    },
}

/// What a random town is made from.
#[derive(Clone)]
pub(super) struct Story {
    pub(super) beginning: Month,
    pub(super) first: ScoringRules,
    /// Another version, so many months later.
    pub(super) second: Option<(u16, ScoringRules)>,
    pub(super) happenings: Vec<Happening>,
}

impl Story {
    /// The same under documents whose parts stand in another order, as far as it says nothing.
    pub(super) fn in_other_order(&self) -> Story {
        let turned = |rules: &ScoringRules| {
            let mut rules = rules.clone();
            rules.groups.reverse();
            rules.awards.reverse();
            rules.resets.reverse();
            rules.vetoes.reverse();
            rules.rates.reverse();
            rules.assessment.iter_mut().for_each(|assessment| assessment.parts.reverse());
            rules
        };
        let second = self.second.as_ref().map(|(later, rules)| (*later, turned(rules)));
        Story { first: turned(&self.first), second, ..self.clone() }
    }
}

/// Short enough to read when a test has failed: rules as they are stored, a line for each happening.
impl std::fmt::Debug for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = |rules: &ScoringRules| serde_json::to_string(rules).expect("JSON");
        writeln!(f, "a story from {}\n{}", self.beginning, json(&self.first))?;
        if let Some((later, rules)) = &self.second {
            writeln!(f, "after {later} months\n{}", json(rules))?;
        }
        self.happenings.iter().try_for_each(|happening| writeln!(f, "{happening:?}"))
    }
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    select(all)
}

fn member() -> impl Strategy<Value = u64> {
    0..MEMBERS
}

/// With a liking for the days around the ends of months and years.
fn day() -> impl Strategy<Value = i64> {
    prop_oneof![3 => 0..DAYS, 1 => 28..33_i64, 1 => 59..64_i64, 1 => 88..93_i64]
}

/// With a liking for midnight.
fn minute() -> impl Strategy<Value = i64> {
    prop_oneof![3 => (0..48_i64).prop_map(|half| half * 30), 1 => 1_410..1_440_i64, 1 => 0..1_440_i64]
}

fn service() -> impl Strategy<Value = Happening> {
    let manner = prop_oneof![
        5 => weighted(0.95, Just(())).prop_map(|out| Manner::CheckedIn { out: out.is_some() }),
        1 => Just(Manner::Late),
        2 => one_of(AttendanceOutcome::ALL).prop_map(Manner::Attended),
        2 => Just(Manner::Visit),
        2 => Just(Manner::Duty),
    ];
    let lengths = prop_oneof![2 => 1..300_u16, 1 => select(vec![15, 29, 30, 31, 59, 60, 61, 90, 120, 480, 720])];
    let activity = (
        one_of(ActivityKind::ALL),
        one_of(ActivityClass::ALL),
        of(one_of(EmergencyGrade::ALL)),
        weighted(0.05, Just(())),
    );
    let after = prop_oneof![2 => Just(0), 2 => -120..=0_i64, 1 => 0..240_i64];
    (member(), day(), minute(), lengths, manner, activity, one_of(Evidence::ALL), after).prop_map(
        |(member, day, minute, minutes, manner, (kind, class, grade, cancelled), evidence, after)| Happening::Service {
            member,
            day,
            minute,
            minutes,
            manner,
            what: (kind, class, grade),
            evidence,
            cancelled: cancelled.is_some(),
            after,
        },
    )
}

/// With a liking for the first records, so that much happens to one.
fn of_records() -> impl Strategy<Value = usize> {
    prop_oneof![2 => 0..3_usize, 1 => 0..12_usize]
}

fn later() -> impl Strategy<Value = Happening> {
    let act = prop_oneof![
        4 => Just(Act::Approved),
        1 => Just(Act::Returned),
        2 => (1..300_u16, minute()).prop_map(|(minutes, minute)| Act::Corrected { minutes, minute }),
    ];
    let acts = proptest::collection::vec(act, 1..6);
    prop_oneof![
        5 => (of_records(), acts).prop_map(|(record, acts)| Happening::Review { record, acts }),
        1 => of_records().prop_map(|record| Happening::Reversal { record }),
        1 => (0..6_usize, any::<bool>()).prop_map(|(decision, quashed)| Happening::Undoing { decision, quashed }),
    ]
}

fn decision() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => (member(), day(), 0..2_usize, 1..30_i64, any::<bool>()).prop_map(
            |(member, day, clause, quarters, deducts)| Happening::Award { member, day, clause, quarters, deducts }
        ),
        1 => (member(), day()).prop_map(|(member, day)| Happening::Reset { member, day }),
        1 => (member(), day(), any::<bool>()).prop_map(|(member, day, other)| Happening::Veto { member, day, other }),
    ]
}

fn roster() -> impl Strategy<Value = Happening> {
    let change = |member, day, change| Happening::Roster { member, day, change };
    prop_oneof![
        1 => (member(), day()).prop_map(move |(member, day)| change(member, day, Change::Transferred)),
        2 => (member(), day(), one_of(MemberClass::ALL))
            .prop_map(move |(member, day, class)| change(member, day, Change::Reclassified(class))),
        1 => (member(), day(), of(0..40_i64), one_of(ExemptionReason::ALL))
            .prop_map(|(member, day, days, reason)| Happening::Exemption { member, day, days, reason }),
        4 => (member(), day(), of(1..60_i64), any::<bool>())
            .prop_map(|(member, day, days, pairs)| Happening::Engagement { member, day, days, pairs }),
        1 => (member(), 60..DAYS).prop_map(move |(member, day)| change(member, day, Change::Left)),
    ]
}

/// A random story.
pub(super) fn story() -> BoxedStrategy<Story> {
    let sign_up = (member(), day(), one_of(ActivityKind::ALL), weighted(0.2, Just(())), weighted(0.1, Just(())))
        .prop_map(|(member, day, kind, withdrawn, cancelled)| Happening::SignUp {
            member,
            day,
            kind,
            withdrawn: withdrawn.is_some(),
            cancelled: cancelled.is_some(),
        });
    let happening = prop_oneof![
        8 => service(),
        2 => sign_up,
        3 => later(),
        2 => decision(),
        1 => roster(),
        2 => (0..4_u16, of(any::<bool>()))
            .prop_map(|(month, counts_no_shows)| Happening::Settle { month, counts_no_shows }),
    ];
    let happenings = proptest::collection::vec(happening.boxed(), 0..22).boxed();
    let second = weighted(0.3, (1..4_u16, random_rules::rules()));
    (select(BEGINNINGS.to_vec()), random_rules::rules(), second.boxed(), happenings)
        .prop_map(|(beginning, first, second, happenings)| Story {
            beginning: beginning.parse().expect("a month"),
            first,
            second,
            happenings,
        })
        .boxed()
}

/// A log in the making.
pub(super) struct Town {
    pub(super) log: Vec<RecordedEvent>,
    start: i64,
    /// Records with their day, and whether they wait for a check-out; none in place of one that was reversed.
    records: Vec<Option<(EventId, i64, bool)>>,
    decisions: Vec<(EventId, bool)>,
    activities: u64,
    enrolled: Vec<MemberId>,
}

pub(super) fn organization(code: &str) -> OrganizationId {
    code.parse().expect("a code")
}

impl Town {
    /// The log of a story.
    pub(super) fn of(story: &Story) -> Town {
        let start = story.beginning.start().expect("a month that instants know").unix_seconds();
        let mut town = Town {
            log: Vec::new(),
            start,
            records: Vec::new(),
            decisions: Vec::new(),
            activities: 0,
            enrolled: Vec::new(),
        };
        town.found(story);
        // What is said of the roster is said in order of time, of those who are on it.
        let mut roster: Vec<(i64, usize, u64, Change)> = Vec::new();
        for (at, happening) in story.happenings.iter().enumerate() {
            if let Happening::Roster { member, day, change } = *happening
                && day >= rostered_on(member)
            {
                roster.push((day, at, member, change));
            }
        }
        roster.sort_unstable_by_key(|&(day, at, ..)| (day, at));
        let mut gone = Vec::new();
        for (day, _, member, change) in roster {
            if !gone.contains(&member) {
                town.change_roster(MemberId(member), day, change);
            }
            if matches!(change, Change::Left) {
                gone.push(member);
            }
        }
        for happening in &story.happenings {
            town.happen(happening, story.beginning);
        }
        town
    }

    fn found(&mut self, story: &Story) {
        for (code, parent, level) in [
            ("s", None, OrganizationLevel::Subdistrict),
            ("c", Some("s"), OrganizationLevel::Community),
            ("b1", Some("c"), OrganizationLevel::Branch),
            ("b2", Some("c"), OrganizationLevel::Branch),
        ] {
            let (name, parent) = (format!("组织{code}"), parent.map(organization));
            let event = OrganizationEstablished { level, name, organization: organization(code), parent };
            self.tell(-40, 0, Evidence::Office, event);
        }
        for member in 0..MEMBERS {
            let event = MemberRostered {
                class: MemberClass::Resident,
                member: MemberId(member),
                organization: organization("b1"),
            };
            self.tell(rostered_on(member), 0, Evidence::Office, event);
        }
        let versions =
            std::iter::once((0, &story.first)).chain(story.second.iter().map(|(later, rules)| (*later, rules)));
        for (later, rules) in versions {
            let effective_from = Month::from_number(story.beginning.number() + later).expect("a month");
            let version = format!("v{later}").parse().expect("a version");
            let rules = Box::new(ScoringRules { effective_from, version, ..rules.clone() });
            self.tell(0, 0, Evidence::Office, ScoringRulesAdopted { rules });
        }
    }

    fn tell(&mut self, day: i64, minute: i64, evidence: Evidence, event: impl Into<Event>) -> EventId {
        self.tell_at(day * 86_400 + minute * 60, evidence, event)
    }

    /// So many seconds after the beginning.
    fn tell_at(&mut self, seconds: i64, evidence: Evidence, event: impl Into<Event>) -> EventId {
        let id = EventId((self.log.len() as u128 + 1) * 0x9e37_79b9_7f4a_7c15_f39c_0c5f);
        let at = Instant::from_unix_seconds(self.start + seconds).expect("in range");
        let recorded_by = "w-1".parse().expect("an actor");
        let event = event.into();
        self.log.push(RecordedEvent {
            id,
            event,
            evidence,
            imported: None,
            occurred_at: at,
            recorded_at: at,
            recorded_by,
        });
        id
    }

    fn schedule(&mut self, day: i64, minute: i64, minutes: i64, what: What) -> ActivityId {
        self.activities += 1;
        let activity = ActivityId(self.activities);
        let at = |minute: i64| Instant::from_unix_seconds(self.start + day * 86_400 + minute * 60).expect("in range");
        let (starts_at, ends_at, (kind, class, emergency_grade)) = (at(minute), at(minute + minutes), what);
        let event = ActivityScheduled {
            activity,
            class,
            emergency_grade,
            ends_at,
            kind,
            organization: organization("c"),
            starts_at,
        };
        self.tell(day, minute, Evidence::Office, event);
        activity
    }

    fn cancel(&mut self, day: i64, activity: ActivityId) {
        self.tell(day, 0, Evidence::Office, ActivityCancelled { activity, reason: CancellationReason::Weather });
    }

    fn change_roster(&mut self, member: MemberId, day: i64, change: Change) {
        let event: Event = match change {
            Change::Transferred => {
                MemberTransferred { decision: None, member, organization: organization("b2") }.into()
            }
            Change::Reclassified(class) => MemberReclassified { decision: None, class, member }.into(),
            Change::Left => MemberLeft { decision: None, member, reason: LeavingReason::MovedAway }.into(),
        };
        self.tell(day, 600, Evidence::Office, event);
    }

    fn happen(&mut self, happening: &Happening, beginning: Month) {
        match *happening {
            Happening::Service { .. } => self.serve(happening),
            Happening::SignUp { member, day, kind, withdrawn, cancelled } => {
                let (member, class) = (MemberId(member), ActivityClass::Voluntary);
                let activity = self.schedule(day, 1_140, 120, (kind, class, None));
                self.tell(day, 600, Evidence::Office, MemberSignedUp { activity, member });
                if withdrawn {
                    self.tell(day, 660, Evidence::Office, SignUpWithdrawn { activity, member });
                }
                if cancelled {
                    self.cancel(day, activity);
                }
            }
            Happening::Review { record, ref acts } => {
                if let Some((record, day, false)) = self.record(record) {
                    acts.iter().for_each(|&act| self.act(record, day, act));
                }
            }
            Happening::Reversal { record } => {
                let number = record;
                if let Some((record, day, false)) = self.record(number) {
                    // Nothing brings it back.
                    self.records[number] = None;
                    let reason = CorrectionReason::FoundUntrue;
                    self.tell(day, 0, Evidence::Office, RecordReversed { decision: None, reason, record });
                }
            }
            Happening::Award { member, day, clause, quarters, deducts } => {
                let clause = AWARDS[clause].parse().expect("a clause");
                let (member, points) = (MemberId(member), Points::from_hundredths(quarters * 25));
                let id = if deducts {
                    self.tell(day, 720, Evidence::Office, PointsDeducted { decision: None, clause, member, points })
                } else {
                    self.tell(day, 720, Evidence::Office, PointsGranted { decision: None, clause, member, points })
                };
                self.decisions.push((id, false));
            }
            Happening::Reset { member, day } => {
                let clause = RESET.parse().expect("a clause");
                let id = self.tell(day, 720, Evidence::Office, PointsReset { clause, member: MemberId(member) });
                self.decisions.push((id, true));
            }
            Happening::Veto { member, day, other } => {
                let clause = if other { OTHER_VETO } else { VETO }.parse().expect("a clause");
                let id = self.tell(day, 720, Evidence::Office, PointsVetoed { clause, member: MemberId(member) });
                self.decisions.push((id, true));
            }
            Happening::Undoing { decision, quashed } => {
                let Some(&(decision, may_be_quashed)) = self.decisions.get(decision) else { return };
                if quashed && may_be_quashed {
                    let reason = QuashingReason::Reviewed;
                    self.tell(DAYS, 0, Evidence::Office, DecisionQuashed { decision, reason });
                } else {
                    let reason = CorrectionReason::EnteredWrongly;
                    self.tell(DAYS, 0, Evidence::Office, RecordReversed { decision: None, reason, record: decision });
                }
            }
            Happening::Exemption { member, day, days, reason } => {
                let first = date_from_days((self.start + 28_800) / 86_400 + day);
                let until = days.map(|days| date_from_days(i64::from(day_number(first)) + days));
                self.tell(
                    day,
                    0,
                    Evidence::Office,
                    MemberExempted { decision: None, member: MemberId(member), reason, until },
                );
            }
            Happening::Engagement { member, day, days, pairs } => self.engage(MemberId(member), day, days, pairs),
            Happening::Settle { month, counts_no_shows } => {
                let month = Month::from_number(beginning.number() + month).expect("a month");
                let organization = organization("s");
                let event: Event = match counts_no_shows {
                    Some(counts_no_shows) => MonthFrozen { counts_no_shows, month, organization }.into(),
                    None => MonthClosed { month, organization }.into(),
                };
                self.tell(DAYS, 0, Evidence::Office, event);
            }
            Happening::Roster { .. } => {}
        }
    }

    /// Nobody enrols again while they are enrolled: only the first time counts.
    fn engage(&mut self, member: MemberId, day: i64, days: Option<i64>, pairs: bool) {
        let (office, community) = (Evidence::Office, organization("c"));
        if pairs {
            let household = HouseholdId(self.log.len() as u64);
            self.tell(day, 600, office, HardshipPairingFormed { household, member, organization: community });
            if let Some(days) = days {
                self.tell(day + days, 600, office, HardshipPairingEnded { household, member });
            }
        } else if !self.enrolled.contains(&member) {
            self.enrolled.push(member);
            self.tell(day, 600, office, MemberEnrolled { decision: None, community, member });
            if let Some(days) = days {
                self.tell(day + days, 600, office, EnrollmentEnded { decision: None, community, member });
            }
        }
    }

    fn act(&mut self, record: EventId, day: i64, act: Act) {
        let office = Evidence::Office;
        match act {
            Act::Approved => self.tell(day, 0, office, ServiceApproved { record }),
            Act::Returned => self.tell(day, 0, office, ServiceReturned { reason: ReturnReason::TimeWrong, record }),
            Act::Corrected { minutes, minute } => {
                let reason = CorrectionReason::EnteredWrongly;
                self.tell(day, minute, office, RecordCorrected { decision: None, minutes, reason, record })
            }
        };
    }

    fn record(&self, number: usize) -> Option<(EventId, i64, bool)> {
        self.records.get(number).copied().flatten()
    }

    fn serve(&mut self, happening: &Happening) {
        let Happening::Service { member, day, minute: planned, minutes, manner, what, evidence, cancelled, after } =
            *happening
        else {
            return;
        };
        let (member, length) = (MemberId(member), i64::from(minutes));
        // What is served outside an activity begins when it begins.
        let (mut activity, mut minute) = (None, planned);
        if matches!(manner, Manner::CheckedIn { .. } | Manner::Late | Manner::Attended(_)) {
            activity = Some(self.schedule(day, planned, length, what));
            minute += after;
        }
        let (record, open) = match (manner, activity) {
            (Manner::CheckedIn { out }, Some(activity)) => {
                // Nobody checks in on the minute.
                let (late, seconds) = (i64::from(minutes) % 60, day * 86_400 + minute * 60);
                let record = self.tell_at(seconds + late, evidence, MemberCheckedIn { activity, member });
                if out {
                    self.tell_at(seconds + length * 60 + 30, evidence, MemberCheckedOut { activity, member });
                }
                (record, !out)
            }
            (Manner::Late, Some(activity)) => {
                let ends = self.start + day * 86_400 + (minute + length) * 60;
                let ended_at = Instant::from_unix_seconds(ends).expect("in range");
                let reason = LateCheckInReason::Forgotten;
                (self.tell(day, minute, evidence, LateCheckInRecorded { activity, ended_at, member, reason }), false)
            }
            (Manner::Attended(outcome), Some(activity)) => {
                (self.tell(day, minute, evidence, AttendanceRecorded { activity, member, outcome }), false)
            }
            (Manner::Duty, _) => {
                let organization = organization("c");
                (self.tell(day, minute, evidence, DutyServed { member, minutes, organization }), false)
            }
            (Manner::Visit, _) | (_, None) => {
                let household = HouseholdId(7);
                (self.tell(day, minute, evidence, HomeVisitMade { household, member, minutes }), false)
            }
        };
        self.records.push(Some((record, day, open)));
        if let (Some(activity), true) = (activity, cancelled) {
            self.cancel(day, activity);
        }
    }

    /// The entries, as they are exported.
    pub(super) fn entries(&self) -> Vec<String> {
        let written = |event: &RecordedEvent| {
            let mut bytes = Vec::new();
            encode(event, ORIGIN, &mut bytes).expect("an entry");
            String::from_utf8(bytes).expect("JSON")
        };
        self.log.iter().map(written).collect()
    }
}

/// The first member before the story begins, the second on its sixth day, the third in between.
fn rostered_on(member: u64) -> i64 {
    [-35, 5, -3][usize::try_from(member).expect("few")]
}
