//! Random events of every stored type, for property tests of any crate:
//! `#[path = "…/tests/support/random_events.rs"] mod random_events;`.
//!
//! Fields take any value that the log can hold, whether or not `decide` would accept it: bytes and folds must not depend
//! on that. Adding a stored type without a generator fails the first test that uses this file.

use mingzhang_events::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

/// Any entry.
pub(crate) fn recorded_event() -> impl Strategy<Value = RecordedEvent> {
    (event_id(), event(), closed(Evidence::ALL), instant(), instant(), code()).prop_map(
        |(id, event, evidence, occurred_at, recorded_at, recorded_by)| RecordedEvent {
            id,
            event,
            evidence,
            occurred_at,
            recorded_at,
            recorded_by,
        },
    )
}

/// Any fact; every stored type is as likely.
fn event() -> Union<BoxedStrategy<Event>> {
    Union::new(every_type())
}

/// One strategy for each stored type, in the order of `Event::STORED_TYPES`.
pub(crate) fn every_type() -> Vec<BoxedStrategy<Event>> {
    /// `fact!(Type { field: strategy, … })`: the type's strategy, as one of events.
    macro_rules! fact {
        ($name:ident { $($field:ident: $strategy:expr),+ $(,)? }) => {
            ($($strategy,)+).prop_map(|($($field,)+)| Event::from($name { $($field),+ })).boxed()
        };
    }
    vec![
        fact!(OrganizationEstablished {
            level: closed(OrganizationLevel::ALL),
            name: text(),
            organization: code(),
            parent: option::of(code()),
        }),
        fact!(OrganizationRenamed { name: text(), organization: code() }),
        fact!(OrganizationMoved { organization: code(), parent: code() }),
        fact!(OrganizationMerged { into: code(), organization: code() }),
        fact!(OrganizationDissolved { organization: code() }),
        fact!(MemberRostered { class: closed(MemberClass::ALL), member: member(), organization: code() }),
        fact!(MemberTransferred { member: member(), organization: code() }),
        fact!(MemberExempted { member: member(), reason: closed(ExemptionReason::ALL), until: option::of(date()) }),
        fact!(MemberLeft { member: member(), reason: closed(LeavingReason::ALL) }),
        fact!(MemberEnrolled { community: code(), member: member() }),
        fact!(EnrollmentEnded { community: code(), member: member() }),
        fact!(ActivityScheduled {
            activity: activity(),
            class: closed(ActivityClass::ALL),
            ends_at: instant(),
            kind: closed(ActivityKind::ALL),
            organization: code(),
            starts_at: instant(),
        }),
        fact!(ActivityCancelled { activity: activity(), reason: closed(CancellationReason::ALL) }),
        fact!(MemberSignedUp { activity: activity(), member: member() }),
        fact!(SignUpWithdrawn { activity: activity(), member: member() }),
        fact!(MemberCheckedIn { activity: activity(), member: member() }),
        fact!(MemberCheckedOut { activity: activity(), member: member() }),
        fact!(LateCheckInRecorded {
            activity: activity(),
            ended_at: instant(),
            member: member(),
            reason: closed(LateCheckInReason::ALL),
        }),
        fact!(AttendanceRecorded { activity: activity(), member: member(), outcome: closed(AttendanceOutcome::ALL) }),
        fact!(HardshipPairingFormed { household: household(), member: member(), organization: code() }),
        fact!(HardshipPairingEnded { household: household(), member: member() }),
        fact!(HomeVisitMade { household: household(), member: member(), minutes: any::<u16>() }),
        fact!(DutyRostered { date: date(), member: member(), organization: code() }),
        fact!(DutyServed { member: member(), minutes: any::<u16>(), organization: code() }),
        fact!(ServiceApproved { record: event_id() }),
        fact!(ServiceReturned { reason: closed(ReturnReason::ALL), record: event_id() }),
        fact!(RecordCorrected { minutes: any::<u16>(), reason: closed(CorrectionReason::ALL), record: event_id() }),
        fact!(RecordReversed { reason: closed(CorrectionReason::ALL), record: event_id() }),
        fact!(PointsGranted { clause: code(), member: member(), points: points() }),
        fact!(PointsDeducted { clause: code(), member: member(), points: points() }),
        fact!(ScoringRulesAdopted { rules: rules().prop_map(Box::new) }),
        fact!(MonthClosed { month: month(), organization: code() }),
        fact!(NoticeIssued {
            digest: hash(),
            month: month(),
            number: text(),
            organization: code(),
            root_hash: hash(),
            tree_size: 0..1_u64 << 53,
        }),
    ]
}

fn rules() -> impl Strategy<Value = ScoringRules> {
    let settings =
        (option::of(any::<u8>()), option::of(any::<u32>()), option::of(any::<u16>()), vec(closed(Evidence::ALL), 0..4));
    let clauses = (vec(award_clause(), 0..4), vec(deduction_item(), 0..4), vec(scoring_item(), 0..4));
    (clauses, settings, month(), text(), code()).prop_map(|(clauses, settings, effective_from, title, version)| {
        let (awards, deductions, items) = clauses;
        ScoringRules {
            awards,
            deductions,
            duty_members_per_working_day: settings.0,
            effective_from,
            items,
            published_group_members_min: settings.1,
            review_required_for: settings.3,
            stretch_minutes_max: settings.2,
            title,
            version,
        }
    })
}

fn award_clause() -> impl Strategy<Value = AwardClause> {
    (code(), text(), points()).prop_map(|(clause, name, points_max)| AwardClause { clause, name, points_max })
}

fn deduction_item() -> impl Strategy<Value = DeductionItem> {
    let scope = (option::of(closed(ActivityKind::ALL)), closed(DeductionGround::ALL));
    (code(), scope, text(), option::of(points()), points()).prop_map(
        |(clause, (kind, on), name, per_month_max, points)| DeductionItem {
            clause,
            kind,
            name,
            on,
            per_month_max,
            points,
        },
    )
}

fn scoring_item() -> impl Strategy<Value = ScoringItem> {
    let caps =
        (option::of(points()), option::of(points())).prop_map(|(per_day, per_month)| Caps { per_day, per_month });
    let scope = (option::of(closed(ActivityClass::ALL)), closed(ActivityKind::ALL));
    let portion = (closed(ScoringUnit::ALL), points(), option::of(closed(Rounding::ALL)));
    (option::of(caps), scope, code(), text(), portion).prop_map(
        |(caps, (class, kind), clause, name, (per, points, rounding))| ScoringItem {
            caps,
            class,
            clause,
            kind,
            name,
            per,
            points,
            rounding,
        },
    )
}

fn closed<T: Copy + std::fmt::Debug + 'static>(list: &'static [T]) -> impl Strategy<Value = T> {
    select(list)
}

fn code<T: std::str::FromStr<Err = IdError> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    "[0-9A-Za-z][0-9A-Za-z._-]{0,30}".prop_map(|text| text.parse().expect("a code"))
}

/// Text with everything that a writer of canonical JSON can get wrong.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => proptest::char::range('一', '龥'),
        2 => proptest::char::range('\u{0}', '\u{7f}'),
        1 => select(vec!['"', '\\', '/', '\u{8}', '\u{c}', '\u{80}', '\u{2028}', '\u{fffd}', '😀', '\u{10ffff}']),
        1 => any::<char>(),
    ];
    vec(character, 0..20).prop_map(String::from_iter)
}

fn member() -> impl Strategy<Value = MemberId> {
    any::<u64>().prop_map(MemberId)
}

fn household() -> impl Strategy<Value = HouseholdId> {
    any::<u64>().prop_map(HouseholdId)
}

fn activity() -> impl Strategy<Value = ActivityId> {
    any::<u64>().prop_map(ActivityId)
}

fn event_id() -> impl Strategy<Value = EventId> {
    any::<u128>().prop_map(EventId)
}

fn points() -> impl Strategy<Value = Points> {
    prop_oneof![any::<i64>(), -2_000..2_000_i64].prop_map(Points::from_hundredths)
}

/// 2000-01-01T00:00:00Z to 2199-12-31T23:59:59Z.
fn instant() -> impl Strategy<Value = Instant> {
    (946_684_800..=7_258_118_399_i64).prop_map(|seconds| Instant::from_unix_seconds(seconds).expect("in range"))
}

/// 2000-01-01 to 2199-12-31.
fn date() -> impl Strategy<Value = jiff::civil::Date> {
    (10_957..=84_005_i64).prop_map(date_from_days)
}

/// January 2000 to December 2199.
fn month() -> impl Strategy<Value = Month> {
    (2_000 * 12..2_200 * 12_u16).prop_map(|number| Month::from_number(number).expect("in range"))
}

fn hash() -> impl Strategy<Value = String> {
    "[0-9a-f]{64}".boxed()
}
