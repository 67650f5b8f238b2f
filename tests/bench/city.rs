//! A synthetic city for benches: members from a seed, nobody real. Events come in the order of the days they happen on,
//! members in a scattered order, as a ledger sees them.

use jiff::civil::Date;
use mingzhang_events::*;
use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};

/// Members of one branch.
const BRANCH: u64 = 50;
/// Members who share a patrol, a meeting or a service.
const GROUP: u64 = 10;

/// How many events of a member's month open a record, and how many there are.
#[derive(Clone, Copy)]
pub(crate) struct Mix {
    pub(crate) records: u64,
    pub(crate) events: u64,
    patrols: u64,
    visits: u64,
    duties: u64,
}

/// Eight events: a sign-up, a patrol with check-in and check-out, a meeting, a visit, a day of duty, a late check-in, its
/// approval. Five of them open records.
pub(crate) const EIGHT_EVENTS: Mix = Mix { records: 5, events: 8, patrols: 1, visits: 1, duties: 1 };
/// Eight records of twelve events: two patrols, a meeting, two visits, two days of duty, an approved late check-in.
pub(crate) const EIGHT_RECORDS: Mix = Mix { records: 8, events: 12, patrols: 2, visits: 2, duties: 2 };

/// Writes events one after another.
pub(crate) struct City {
    pub(crate) members: u64,
    number: u64,
    recorder: ActorId,
}

impl City {
    pub(crate) fn new(members: u64) -> City {
        City { members, number: 0, recorder: "w-1".parse().expect("an actor") }
    }

    fn event(&mut self, event: impl Into<Event>, at: Instant, evidence: Evidence) -> RecordedEvent {
        self.number += 1;
        let id = EventId(u128::from(mixed(self.number)) << 64 | u128::from(mixed(!self.number)));
        RecordedEvent {
            id,
            event: event.into(),
            evidence,
            imported: None,
            occurred_at: at,
            recorded_at: at,
            recorded_by: self.recorder,
        }
    }

    /// The tree, the rules and the roster.
    pub(crate) fn beginning(&mut self) -> Vec<RecordedEvent> {
        let at = Instant::from_local(Date::constant(2026, 1, 1), 0, 0, 0).expect("an instant");
        let mut events = Vec::new();
        let establish = |level, code: &str, parent: Option<&str>| OrganizationEstablished {
            level,
            name: code.to_owned(),
            organization: organization(code),
            parent: parent.map(organization),
        };
        events.push(self.event(establish(OrganizationLevel::City, "city", None), at, Evidence::Office));
        for branch in 0..self.members.div_ceil(BRANCH) {
            let community = format!("c{:05}", branch / 20);
            if branch % 20 == 0 {
                let event = establish(OrganizationLevel::Community, &community, Some("city"));
                events.push(self.event(event, at, Evidence::Office));
            }
            let event = establish(OrganizationLevel::Branch, &format!("b{branch:06}"), Some(&community));
            events.push(self.event(event, at, Evidence::Office));
        }
        let rules = Box::new(parse_rules(DEFAULT_RULES_TOML).expect("the default rules"));
        events.push(self.event(ScoringRulesAdopted { rules }, at, Evidence::Office));
        for member in 0..self.members {
            let organization = organization(&format!("b{:06}", member / BRANCH));
            let event = MemberRostered { class: MemberClass::Resident, member: self.member(member), organization };
            events.push(self.event(event, at, Evidence::Office));
        }
        events
    }

    /// The id of a member by number.
    pub(crate) fn member(&self, number: u64) -> MemberId {
        MemberId(mixed(number))
    }

    fn scattered(&self, pass: u64) -> impl Iterator<Item = u64> + use<> {
        let (members, start) = (self.members, mixed(pass));
        (0..members).map(move |step| (step.wrapping_mul(1_000_003).wrapping_add(start)) % members)
    }

    /// A month of every member, given to `take` in order.
    pub(crate) fn month(&mut self, of: Month, mix: Mix, mut take: impl FnMut(RecordedEvent)) {
        let day = |day: i8, hour: u8| {
            let date = Date::new(of.year(), of.month_of_year(), day).expect("a date");
            Instant::from_local(date, hour, 0, 0).expect("an instant")
        };
        let groups = self.members.div_ceil(GROUP);
        let activity = |kind: u64, group: u64| ActivityId(mixed(u64::from(of.number()) << 40 | kind << 32 | group));
        let (meeting, late) = (100, 101);
        for kind in (0..mix.patrols).chain([meeting, late]) {
            for group in 0..groups {
                let from = day(i8::try_from(kind % 50).expect("small") + 2, 20);
                let patrol = kind != meeting;
                let event = ActivityScheduled {
                    activity: activity(kind, group),
                    class: if patrol { ActivityClass::Voluntary } else { ActivityClass::Organized },
                    emergency_grade: None,
                    ends_at: from.plus_minutes(120),
                    kind: if patrol { ActivityKind::NightPatrol } else { ActivityKind::Meeting },
                    organization: organization(&format!("c{:05}", group * GROUP / BRANCH / 20)),
                    starts_at: from,
                };
                take(self.event(event, day(1, 9), Evidence::Office));
            }
        }
        for member in self.scattered(1) {
            let (activity, member) = (activity(0, member / GROUP), self.member(member));
            take(self.event(MemberSignedUp { activity, member }, day(1, 10), Evidence::OnSiteCode));
        }
        for patrol in 0..mix.patrols {
            let start = day(i8::try_from(patrol).expect("small") + 2, 20);
            for member in self.scattered(2 + patrol) {
                let (activity, member) = (activity(patrol, member / GROUP), self.member(member));
                take(self.event(MemberCheckedIn { activity, member }, start, Evidence::OnSiteCode));
            }
            for member in self.scattered(2 + patrol) {
                let (activity, member) = (activity(patrol, member / GROUP), self.member(member));
                take(self.event(MemberCheckedOut { activity, member }, start.plus_minutes(95), Evidence::OnSiteCode));
            }
        }
        for member in self.scattered(10) {
            let (activity, member) = (activity(meeting, member / GROUP), self.member(member));
            let outcome = if member.0 % 16 == 0 { AttendanceOutcome::Absent } else { AttendanceOutcome::Attended };
            take(self.event(AttendanceRecorded { activity, member, outcome }, day(5, 15), Evidence::BothParties));
        }
        for visit in 0..mix.visits {
            for member in self.scattered(11 + visit) {
                let (household, member) = (HouseholdId(member % 50_000), self.member(member));
                let event = HomeVisitMade { household, member, minutes: 40 };
                take(self.event(event, day(i8::try_from(visit).expect("small") + 7, 10), Evidence::BothParties));
            }
        }
        for duty in 0..mix.duties {
            for member in self.scattered(20 + duty) {
                let organization = organization(&format!("c{:05}", member / BRANCH / 20));
                let event = DutyServed { member: self.member(member), minutes: 240, organization };
                take(self.event(event, day(i8::try_from(duty).expect("small") + 12, 8), Evidence::OnSiteCode));
            }
        }
        let mut waiting = Vec::new();
        for member in self.scattered(30) {
            let (activity, member) = (activity(late, member / GROUP), self.member(member));
            let (start, reason) = (day(3, 20), LateCheckInReason::Forgotten);
            let event = LateCheckInRecorded { activity, ended_at: start.plus_minutes(61), member, reason };
            let recorded = self.event(event, start, Evidence::Attested);
            waiting.push(recorded.id);
            take(recorded);
        }
        for record in waiting {
            take(self.event(ServiceApproved { record }, day(20, 9), Evidence::Office));
        }
    }
}

fn organization(code: &str) -> OrganizationId {
    code.parse().expect("an organization code")
}

/// Scatters numbers over 64 bits without two of them meeting (the finalizer of SplitMix64).
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
