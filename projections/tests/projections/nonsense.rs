//! Logs that no ledger would admit: any event at any time about anything, among just enough that makes sense.

use crate::random_rules::{self, AWARDS, RESET, VETO};
use mingzhang_events::*;
use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};
use proptest::prelude::*;

const ORGANIZATIONS: [&str; 6] = ["r", "c1", "c2", "b1", "b2", "b3"];
const MEMBERS: u64 = 5;
const ACTIVITIES: u64 = 6;
/// The place of the first entry after the beginning: six organisations, five members, the rules.
const FIRST_TOLD: u128 = 12;

pub(crate) fn organizations() -> impl Iterator<Item = OrganizationId> {
    ORGANIZATIONS.iter().map(|code| code.parse().expect("an organization code"))
}

pub(crate) fn members() -> impl Iterator<Item = MemberId> {
    (0..MEMBERS).map(MemberId)
}

pub(crate) fn months() -> impl Iterator<Item = Month> {
    ["2026-08", "2026-09", "2026-10", "2026-11"].into_iter().map(|text| text.parse().expect("a month"))
}

fn organization() -> impl Strategy<Value = OrganizationId> {
    prop_oneof![
        40 => proptest::sample::select(ORGANIZATIONS.to_vec()),
        1 => Just("nowhere"),
    ]
    .prop_map(|code| code.parse().expect("an organization code"))
}

fn member() -> impl Strategy<Value = MemberId> {
    prop_oneof![40 => 0..MEMBERS, 1 => Just(99)].prop_map(MemberId)
}

fn activity() -> impl Strategy<Value = ActivityId> {
    prop_oneof![40 => 0..ACTIVITIES, 1 => Just(99)].prop_map(ActivityId)
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

/// Mostly September and October 2026, with a liking for midnight; at times the months around them, now and then any instant at all.
fn instant() -> impl Strategy<Value = Instant> {
    let autumn: i64 = 1_788_192_000; // 2026-09-01T00:00 in Shanghai is 8 hours before this.
    prop_oneof![
        20 => (0..61_i64, 0..48_i64).prop_map(move |(day, half_hour)| autumn - 28_800 + day * 86_400 + half_hour * 1_800),
        8 => (28..33_i64, -5..5_i64).prop_map(move |(day, second)| autumn - 28_800 + day * 86_400 + second),
        4 => (-31..91_i64).prop_map(move |day| autumn + day * 86_400),
        1 => 946_684_800..=7_258_118_399_i64,
        1 => prop_oneof![Just(946_684_800_i64), Just(7_258_118_399)],
    ]
    .prop_map(|seconds| Instant::from_unix_seconds(seconds).expect("in range"))
}

fn month() -> impl Strategy<Value = Month> {
    prop_oneof![
        20 => proptest::sample::select(vec!["2026-08", "2026-09", "2026-10", "2026-11"]),
        1 => Just("2000-01"),
        1 => Just("2199-12"),
    ]
    .prop_map(|text| text.parse().expect("a month"))
}

/// One that the log can hold.
fn date_of_office() -> impl Strategy<Value = jiff::civil::Date> {
    (8..12_i8, 1..31_i8).prop_map(|(month, day)| jiff::civil::date(2026, month, day.min(30)))
}

fn date() -> impl Strategy<Value = jiff::civil::Date> {
    prop_oneof![
        20 => (8..12_i8, 1..31_i8).prop_map(|(month, day)| jiff::civil::Date::new(2026, month, day.min(30)).expect("a date")),
        1 => Just(jiff::civil::Date::MIN),
        1 => Just(jiff::civil::Date::MAX),
    ]
}

/// The id of the event at a place of the log, or of none.
fn event_id() -> impl Strategy<Value = EventId> {
    (0..120_u128).prop_map(id)
}

fn id(number: u128) -> EventId {
    EventId((number + 1) * 0x9e37_79b9_7f4a_7c15_f39c)
}

fn rules() -> impl Strategy<Value = ScoringRules> {
    let amounts = prop_oneof![10 => 1..900_i64, 1 => Just(0), 1 => Just(-100), 1 => Just(i64::MAX)];
    let usual = (amounts, proptest::option::of(0..700_i64), 0..8_u32, 0..20_usize).prop_map(
        |(hundredths, cap, min, number)| {
            let mut rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
            rules.published_group_members_min = Some(min);
            let at = number % rules.items.len();
            rules.items[at].points = Points::from_hundredths(hundredths);
            let cap = cap.map(Points::from_hundredths);
            let per_month = cap.and_then(|cap| cap.checked_times(3));
            rules.items[at].caps = Some(Caps { per_day: cap, per_month, ..Caps::default() });
            rules.deductions.rotate_left(number % 3);
            rules
        },
    );
    (month(), 0..20_u8, prop_oneof![1 => usual.boxed(), 2 => random_rules::rules()].boxed()).prop_map(
        |(effective_from, number, rules)| ScoringRules {
            version: format!("v{number}").parse().expect("a version"),
            effective_from,
            ..rules
        },
    )
}

fn roster_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (one_of(MemberClass::ALL), member(), organization()).prop_map(|(class, member, organization)| MemberRostered {
            class,
            member,
            organization
        }
        .into()),
        (member(), organization()).prop_map(|(member, organization)| MemberTransferred {
            decision: None,
            member,
            organization
        }
        .into()),
        (one_of(MemberClass::ALL), member()).prop_map(|(class, member)| MemberReclassified {
            decision: None,
            class,
            member
        }
        .into()),
        (member(), one_of(ExemptionReason::ALL), proptest::option::of(date()))
            .prop_map(|(member, reason, until)| MemberExempted { decision: None, member, reason, until }.into()),
        (member(), one_of(LeavingReason::ALL)).prop_map(|(member, reason)| MemberLeft {
            decision: None,
            member,
            reason
        }
        .into()),
        (member(), organization())
            .prop_map(|(member, community)| MemberEnrolled { decision: None, community, member }.into()),
        (member(), organization()).prop_map(|(member, community)| EnrollmentEnded {
            decision: None,
            community,
            member
        }
        .into()),
        (member(), organization(), 0..3_u64).prop_map(|(member, organization, household)| {
            HardshipPairingFormed { household: HouseholdId(household), member, organization }.into()
        }),
        (member(), 0..3_u64).prop_map(|(member, household)| HardshipPairingEnded {
            household: HouseholdId(household),
            member
        }
        .into()),
    ]
}

fn organization_event() -> impl Strategy<Value = Event> {
    let names = prop_oneof![Just("一".to_owned()), Just(String::new())];
    prop_oneof![
        (one_of(OrganizationLevel::ALL), names.clone(), organization(), proptest::option::of(organization())).prop_map(
            |(level, name, organization, parent)| OrganizationEstablished { level, name, organization, parent }.into()
        ),
        (names, organization()).prop_map(|(name, organization)| OrganizationRenamed { name, organization }.into()),
        (organization(), organization())
            .prop_map(|(organization, parent)| OrganizationMoved { organization, parent }.into()),
        (organization(), organization())
            .prop_map(|(organization, into)| OrganizationMerged { into, organization }.into()),
        organization().prop_map(|organization| OrganizationDissolved { organization }.into()),
    ]
}

fn activity_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (
            activity(),
            one_of(ActivityClass::ALL),
            one_of(ActivityKind::ALL),
            organization(),
            (instant(), instant()),
            proptest::option::of(one_of(EmergencyGrade::ALL))
        )
            .prop_map(|(activity, class, kind, organization, (starts_at, ends_at), emergency_grade)| {
                ActivityScheduled { activity, class, emergency_grade, ends_at, kind, organization, starts_at }.into()
            }),
        (activity(), one_of(CancellationReason::ALL)).prop_map(|(activity, reason)| ActivityCancelled {
            activity,
            reason
        }
        .into()),
        (activity(), member()).prop_map(|(activity, member)| MemberSignedUp { activity, member }.into()),
        (activity(), member()).prop_map(|(activity, member)| MemberSignedUp { activity, member }.into()),
        (activity(), member()).prop_map(|(activity, member)| SignUpWithdrawn { activity, member }.into()),
    ]
}

fn service_event() -> impl Strategy<Value = Event> {
    let minutes = || prop_oneof![20 => 1..400_u16, 1 => Just(0), 1 => Just(u16::MAX)];
    prop_oneof![
        (activity(), member()).prop_map(|(activity, member)| MemberCheckedIn { activity, member }.into()),
        (activity(), member()).prop_map(|(activity, member)| MemberCheckedOut { activity, member }.into()),
        (activity(), member(), instant(), one_of(LateCheckInReason::ALL)).prop_map(
            |(activity, member, ended_at, reason)| LateCheckInRecorded { activity, ended_at, member, reason }.into()
        ),
        (activity(), member(), one_of(AttendanceOutcome::ALL))
            .prop_map(|(activity, member, outcome)| AttendanceRecorded { activity, member, outcome }.into()),
        (member(), 0..3_u64, minutes()).prop_map(|(member, household, minutes)| {
            HomeVisitMade { household: HouseholdId(household), member, minutes }.into()
        }),
        (member(), organization(), minutes()).prop_map(|(member, organization, minutes)| DutyServed {
            member,
            minutes,
            organization
        }
        .into()),
        (member(), organization(), date()).prop_map(|(member, organization, date)| DutyRostered {
            date,
            member,
            organization
        }
        .into()),
    ]
}

fn later_event() -> impl Strategy<Value = Event> {
    let clause = || {
        proptest::sample::select(vec![AWARDS[0], AWARDS[1], "3.3", RESET, VETO, "9"])
            .prop_map(|text| text.parse().expect("a clause"))
    };
    let amount =
        || prop_oneof![10 => 1..2_000_i64, 1 => Just(-5), 1 => Just(i64::MAX)].prop_map(Points::from_hundredths);
    prop_oneof![
        event_id().prop_map(|record| ServiceApproved { record }.into()),
        (event_id(), one_of(ReturnReason::ALL)).prop_map(|(record, reason)| ServiceReturned { reason, record }.into()),
        (event_id(), one_of(CorrectionReason::ALL), 0..500_u16, proptest::option::of(event_id())).prop_map(
            |(record, reason, minutes, decision)| RecordCorrected { decision, minutes, reason, record }.into()
        ),
        (event_id(), one_of(CorrectionReason::ALL), proptest::option::of(event_id()))
            .prop_map(|(record, reason, decision)| RecordReversed { decision, reason, record }.into()),
        (clause(), member(), amount()).prop_map(|(clause, member, points)| PointsGranted {
            decision: None,
            clause,
            member,
            points
        }
        .into()),
        (clause(), member(), amount()).prop_map(|(clause, member, points)| PointsDeducted {
            decision: None,
            clause,
            member,
            points
        }
        .into()),
        (clause(), member()).prop_map(|(clause, member)| PointsReset { clause, member }.into()),
        (clause(), member()).prop_map(|(clause, member)| PointsVetoed { clause, member }.into()),
        (event_id(), one_of(QuashingReason::ALL))
            .prop_map(|(decision, reason)| DecisionQuashed { decision, reason }.into()),
        rules().prop_map(|rules| ScoringRulesAdopted { rules: Box::new(rules) }.into()),
        (any::<bool>(), month(), organization()).prop_map(|(counts_no_shows, month, organization)| {
            MonthFrozen { counts_no_shows, month, organization }.into()
        }),
        (month(), organization(), date_of_office()).prop_map(|(month, organization, until)| {
            let (digest, root_hash) = ("d".to_owned(), "r".to_owned());
            DisclosureOpened { digest, month, organization, root_hash, tree_size: 0, until, working_days: 5 }.into()
        }),
        (one_of(ObjectionGround::ALL), member(), event_id()).prop_map(|(ground, member, subject)| ObjectionRaised {
            for_member: false,
            ground,
            member,
            subject
        }
        .into()),
        event_id().prop_map(|objection| {
            ObjectionAssigned { assignee: "r-1".parse().expect("an actor"), objection }.into()
        }),
        event_id().prop_map(|objection| ObjectionUpheld { clause: None, objection }.into()),
        (event_id(), one_of(DismissalReason::ALL)).prop_map(|(objection, reason)| ObjectionDismissed {
            clause: None,
            objection,
            reason
        }
        .into()),
        event_id().prop_map(|objection| ObjectionWithdrawn { objection }.into()),
        (month(), organization()).prop_map(|(month, organization)| MonthClosed { month, organization }.into()),
        (month(), organization()).prop_map(|(month, organization)| {
            let (digest, root_hash) = ("d".to_owned(), "r".to_owned());
            NoticeIssued {
                digest,
                format: None,
                month,
                number: "1".to_owned(),
                organization,
                root_hash,
                supersedes: None,
                tree_size: 0,
            }
            .into()
        }),
    ]
}

/// Of people, of the right to record, of the key.
fn person_event() -> impl Strategy<Value = Event> {
    let recorder = || proptest::sample::select(vec!["w-1", "w-2"]).prop_map(|actor| actor.parse().expect("an actor"));
    prop_oneof![
        member().prop_map(|member| NameConsentGiven { member }.into()),
        member().prop_map(|member| NameConsentWithdrawn { member }.into()),
        member().prop_map(|member| PersonErased { member }.into()),
        (recorder(), one_of(SuspensionReason::ALL), proptest::option::of(date_of_office()))
            .prop_map(|(recorder, reason, until)| RecordingSuspended { reason, recorder, until }.into()),
        recorder().prop_map(|recorder| RecordingRestored { recorder }.into()),
        Just(SigningKeyRotated { handover: "h".to_owned(), new_key: "n".to_owned(), old_key: "o".to_owned() }.into()),
    ]
}

/// An objection to a visit, its decision and what follows.
fn objection_story() -> impl Strategy<Value = Vec<(Event, Instant, Evidence)>> {
    let ground = prop_oneof![Just(ObjectionGround::RecordMissing), one_of(ObjectionGround::ALL)];
    (ground, 0..MEMBERS, 0..4_usize).prop_map(|(ground, member, followed_by)| {
        let (member, started) = (MemberId(member), Instant::from_unix_seconds(1_790_000_000).expect("in range"));
        let (first, household) = (FIRST_TOLD, HouseholdId(1));
        let (objection, decision) = (id(first + 1), Some(id(first + 2)));
        let visit = || -> Event { HomeVisitMade { household, member, minutes: 30 }.into() };
        let (reason, record) = (CorrectionReason::ObjectionUpheld, id(first));
        let after = [
            visit(),
            RecordCorrected { decision, minutes: 20, reason, record }.into(),
            RecordReversed { decision, reason, record }.into(),
            ObjectionWithdrawn { objection }.into(),
        ];
        let told: [Event; 4] = [
            visit(),
            ObjectionRaised { for_member: false, ground, member, subject: record }.into(),
            ObjectionUpheld { clause: None, objection }.into(),
            after[followed_by].clone(),
        ];
        told.into_iter().map(|event| (event, started, Evidence::Attested)).collect()
    })
}

/// What makes sense: a tree, members, rules, before the nonsense starts.
fn beginning() -> Vec<Event> {
    let parents = [None, Some("r"), Some("r"), Some("c1"), Some("c1"), Some("c2")];
    let mut events: Vec<Event> = Vec::new();
    for (code, parent) in ORGANIZATIONS.into_iter().zip(parents) {
        let level = match code.as_bytes()[0] {
            b'r' => OrganizationLevel::Subdistrict,
            b'c' => OrganizationLevel::Community,
            _ => OrganizationLevel::Branch,
        };
        let parent = parent.map(|code| code.parse().expect("an organization code"));
        let organization = code.parse().expect("an organization code");
        events.push(OrganizationEstablished { level, name: code.to_owned(), organization, parent }.into());
    }
    for (member, branch) in members().zip(["b1", "b1", "b2", "b3", "c2"]) {
        let organization = branch.parse().expect("an organization code");
        events.push(MemberRostered { class: MemberClass::Resident, member, organization }.into());
    }
    events
}

/// A whole log.
pub(crate) fn log() -> impl Strategy<Value = Vec<RecordedEvent>> {
    let event = prop_oneof![
        2 => roster_event(),
        2 => organization_event(),
        4 => activity_event(),
        7 => service_event(),
        5 => later_event(),
        1 => person_event(),
    ];
    let told = (event, instant(), one_of(Evidence::ALL));
    let first = prop_oneof![Just(parse_rules(DEFAULT_RULES_TOML).expect("the default rules")), random_rules::rules(),];
    let objected = proptest::option::of(objection_story()).prop_map(Option::unwrap_or_default);
    (first, objected, proptest::collection::vec(told, 0..100)).prop_map(|(rules, objected, told)| {
        let start = Instant::from_unix_seconds(1_767_196_800).expect("the first of January 2026");
        let rules = ScoringRulesAdopted { rules: Box::new(rules) }.into();
        let beginning = beginning().into_iter().chain([rules]).map(|event| (event, start, Evidence::Office));
        let recorded = |(number, (event, occurred_at, evidence)): (usize, (Event, Instant, Evidence))| RecordedEvent {
            id: id(number as u128),
            event,
            evidence,
            imported: None,
            occurred_at,
            recorded_at: occurred_at,
            recorded_by: "w-1".parse().expect("an actor"),
        };
        beginning.chain(objected).chain(told).enumerate().map(recorded).collect()
    })
}
