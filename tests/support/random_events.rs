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
    (event_id(), event(), closed(Evidence::ALL), imported(), instant(), instant(), code()).prop_map(
        |(id, event, evidence, imported, occurred_at, recorded_at, recorded_by)| RecordedEvent {
            id,
            event,
            evidence,
            imported,
            occurred_at,
            recorded_at,
            recorded_by,
        },
    )
}

/// Any row, or none.
fn imported() -> impl Strategy<Value = Option<ImportedRow>> {
    let row = |(file, row)| ImportedRow::new(FileDigest(file), row).expect("from 1 on");
    option::of((any::<[u8; 32]>(), 1..=i32::MAX.unsigned_abs()).prop_map(row))
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
        fact!(MemberTransferred { decision: option::of(event_id()), member: member(), organization: code() }),
        fact!(MemberReclassified {
            decision: option::of(event_id()),
            class: closed(MemberClass::ALL),
            member: member()
        }),
        fact!(MemberExempted {
            decision: option::of(event_id()),
            member: member(),
            reason: closed(ExemptionReason::ALL),
            until: option::of(date())
        }),
        fact!(MemberLeft { decision: option::of(event_id()), member: member(), reason: closed(LeavingReason::ALL) }),
        fact!(MemberEnrolled { decision: option::of(event_id()), community: code(), member: member() }),
        fact!(EnrollmentEnded { decision: option::of(event_id()), community: code(), member: member() }),
        fact!(ActivityScheduled {
            activity: activity(),
            class: closed(ActivityClass::ALL),
            emergency_grade: option::of(closed(EmergencyGrade::ALL)),
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
        fact!(RecordCorrected {
            decision: option::of(event_id()),
            minutes: any::<u16>(),
            reason: closed(CorrectionReason::ALL),
            record: event_id()
        }),
        fact!(RecordReversed {
            decision: option::of(event_id()),
            reason: closed(CorrectionReason::ALL),
            record: event_id()
        }),
        fact!(PointsGranted { decision: option::of(event_id()), clause: code(), member: member(), points: points() }),
        fact!(PointsDeducted { decision: option::of(event_id()), clause: code(), member: member(), points: points() }),
        fact!(PointsReset { clause: code(), member: member() }),
        fact!(PointsVetoed { clause: code(), member: member() }),
        fact!(DecisionQuashed { decision: event_id(), reason: closed(QuashingReason::ALL) }),
        fact!(ScoringRulesAdopted { rules: rules().prop_map(Box::new) }),
        fact!(MonthFrozen { month: month(), organization: code() }),
        fact!(DisclosureOpened {
            digest: hash(),
            month: month(),
            organization: code(),
            root_hash: hash(),
            tree_size: 0..1_u64 << 53,
            until: date(),
            working_days: any::<u8>(),
        }),
        fact!(ObjectionRaised { ground: closed(ObjectionGround::ALL), member: member(), subject: event_id() }),
        fact!(ObjectionAssigned { assignee: code(), objection: event_id() }),
        fact!(ObjectionUpheld { clause: option::of(code()), objection: event_id() }),
        fact!(ObjectionDismissed {
            clause: option::of(code()),
            objection: event_id(),
            reason: closed(DismissalReason::ALL),
        }),
        fact!(ObjectionWithdrawn { objection: event_id() }),
        fact!(MonthClosed { month: month(), organization: code() }),
        fact!(NoticeIssued {
            digest: hash(),
            format: option::of(closed(NoticeFormat::ALL)),
            month: month(),
            number: text(),
            organization: code(),
            root_hash: hash(),
            supersedes: option::of(event_id()),
            tree_size: 0..1_u64 << 53,
        }),
        document_issued().boxed(),
        fact!(IdentityCommitted {
            member: member(),
            name_commitment: commitment(),
            number_commitment: option::of(commitment())
        }),
        fact!(NameConsentGiven { member: member() }),
        fact!(NameConsentWithdrawn { member: member() }),
        fact!(PersonErased { member: member() }),
        fact!(RecordingSuspended {
            reason: closed(SuspensionReason::ALL),
            recorder: code(),
            until: option::of(date())
        }),
        fact!(RecordingRestored { recorder: code() }),
        fact!(SigningKeyRotated { handover: text(), new_key: text(), old_key: text() }),
    ]
}

/// More fields than a tuple of strategies takes.
fn document_issued() -> impl Strategy<Value = Event> {
    let about = (
        option::of(activity()),
        option::of(member()),
        option::of(month()),
        option::of(event_id()),
        option::of(text()),
        option::of(instant()),
    );
    let file = (
        any::<[u8; 32]>().prop_map(FileDigest),
        closed(DocumentFormat::ALL),
        closed(DocumentKind::ALL),
        code(),
        hash(),
        option::of(event_id()),
        0..1_u64 << 53,
    );
    (about, file).prop_map(|((activity, member, month, notice, number, requested_at), file)| {
        let (digest, format, kind, organization, root_hash, supersedes, tree_size) = file;
        DocumentIssued {
            activity,
            digest,
            format,
            kind,
            member,
            month,
            notice,
            number,
            organization,
            requested_at,
            root_hash,
            supersedes,
            tree_size,
        }
        .into()
    })
}

fn rules() -> impl Strategy<Value = ScoringRules> {
    let settings = (
        (option::of(any::<u8>()), option::of(any::<u32>()), option::of(any::<u16>())),
        vec(closed(Evidence::ALL), 0..4),
        (option::of(any::<bool>()), option::of(closed(ClosedMonthCorrections::ALL)), option::of(disclosure())),
        (option::of(caps()), option::of(caps())),
    );
    let clauses = (
        vec(award_clause(), 0..4),
        vec(deduction_item(), 0..4),
        vec(scoring_item(), 0..4),
        vec(base_points(), 0..3),
        vec(coefficient(), 0..3),
        vec(scoring_group(), 0..3),
        (vec(period_clause(), 0..3), vec(period_clause(), 0..3)),
    );
    let made_of_points = (
        option::of(assessment()),
        option::of(quota()),
        vec(gate(), 0..3),
        vec(rate_definition(), 0..3),
        vec(review_step(), 0..3),
        (
            vec(year_calendar(), 0..3),
            option::of(conduct_rules()),
            option::of(closed(RecordDating::ALL)),
            option::of(any::<bool>()),
        ),
    );
    (clauses, settings, made_of_points, month(), text(), code()).prop_map(
        |(clauses, settings, made_of_points, effective_from, title, version)| {
            let (awards, deductions, items, base, coefficients, groups, (resets, vetoes)) = clauses;
            let (numbers, review_required_for, (exempt_from_deductions, closed_month_corrections, disclosure), caps) =
                settings;
            let (
                assessment,
                back_entry_quota,
                gates,
                rates,
                review_chain,
                (calendars, conduct, records_dated_by, withhold_against_subtraction),
            ) = made_of_points;
            ScoringRules {
                assessment,
                awards,
                back_entry_quota,
                base,
                calendars,
                closed_month_corrections,
                coefficients,
                conduct,
                deduction_caps: caps.0,
                deductions,
                disclosure,
                duty_members_per_working_day: numbers.0,
                effective_from,
                exempt_from_deductions,
                gates,
                groups,
                items,
                published_group_members_min: numbers.1,
                rates,
                records_dated_by,
                resets,
                review_chain,
                review_required_for,
                stretch_minutes_max: numbers.2,
                title,
                total_caps: caps.1,
                version,
                vetoes,
                withhold_against_subtraction,
            }
        },
    )
}

fn caps() -> impl Strategy<Value = Caps> {
    let cap = || option::of(points());
    (cap(), cap(), cap(), cap(), cap(), cap()).prop_map(
        |(in_all, per_activity, per_day, per_month, per_quarter, per_year)| Caps {
            in_all,
            per_activity,
            per_day,
            per_month,
            per_quarter,
            per_year,
        },
    )
}

fn award_clause() -> impl Strategy<Value = AwardClause> {
    let only = option::of(closed(AwardDirection::ALL));
    (option::of(caps()), code(), option::of(code()), text(), only, points()).prop_map(
        |(caps, clause, group, name, only, points_max)| AwardClause { caps, clause, group, name, only, points_max },
    )
}

fn deduction_item() -> impl Strategy<Value = DeductionItem> {
    let scope = (option::of(closed(ActivityKind::ALL)), closed(DeductionGround::ALL));
    (option::of(caps()), code(), scope, text(), option::of(points()), points()).prop_map(
        |(caps, clause, (kind, on), name, per_month_max, points)| DeductionItem {
            caps,
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
    let bracket = (any::<u16>(), points()).prop_map(|(minutes_from, points)| Bracket { minutes_from, points });
    let scope = (option::of(closed(ActivityClass::ALL)), closed(ActivityKind::ALL), option::of(code()));
    let portion = (closed(ScoringUnit::ALL), points(), option::of(closed(Rounding::ALL)), vec(bracket, 0..3));
    (option::of(caps()), scope, code(), text(), portion).prop_map(
        |(caps, (class, kind, group), clause, name, (per, points, rounding, brackets))| ScoringItem {
            brackets,
            caps,
            class,
            clause,
            group,
            kind,
            name,
            per,
            points,
            rounding,
        },
    )
}

fn scoring_group() -> impl Strategy<Value = ScoringGroup> {
    (caps(), code(), text()).prop_map(|(caps, clause, name)| ScoringGroup { caps, clause, name })
}

fn period_clause() -> impl Strategy<Value = PeriodClause> {
    (code(), text(), closed(Period::ALL)).prop_map(|(clause, name, period)| PeriodClause { clause, name, period })
}

fn base_points() -> impl Strategy<Value = BasePoints> {
    (code(), closed(Period::ALL), vec(closed(MemberClass::ALL), 0..3), text(), points()).prop_map(
        |(clause, each, member_classes, name, points)| BasePoints { clause, each, member_classes, name, points },
    )
}

fn coefficient() -> impl Strategy<Value = Coefficient> {
    let time = || (0..1_440_u16).prop_map(|minutes| TimeOfDay::from_minutes(minutes).expect("in a day"));
    let window =
        (closed(WindowCount::ALL), time(), time()).prop_map(|(counts, from, until)| TimeWindow { counts, from, until });
    let scope = (
        vec(closed(EmergencyGrade::ALL), 0..3),
        vec(closed(Evidence::ALL), 0..3),
        vec(code(), 0..3),
        vec(closed(ActivityKind::ALL), 0..3),
        vec(closed(MemberClass::ALL), 0..3),
    );
    let factor = (0..=100_000_u32).prop_map(|thousandths| Factor::from_thousandths(thousandths).expect("at most 100"));
    (code(), scope, text(), factor, option::of(window)).prop_map(
        |(clause, (emergency_grades, evidence, items, kinds, member_classes), name, times, window)| Coefficient {
            clause,
            emergency_grades,
            evidence,
            items,
            kinds,
            member_classes,
            name,
            times,
            window,
        },
    )
}

fn quota() -> impl Strategy<Value = BackEntryQuota> {
    (code(), vec(closed(Evidence::ALL), 0..3), text(), option::of(any::<u8>()), option::of(any::<u16>())).prop_map(
        |(clause, evidence, name, percent_max, records_max)| BackEntryQuota {
            clause,
            evidence,
            name,
            percent_max,
            records_max,
        },
    )
}

fn assessment() -> impl Strategy<Value = Assessment> {
    let band = (code(), option::of(text()), text(), option::of(points()), option::of(any::<u32>())).prop_map(
        |(clause, consequence, name, points_from, voluntary_minutes_from)| Band {
            clause,
            consequence,
            name,
            points_from,
            voluntary_minutes_from,
        },
    );
    let part = (closed(Measure::ALL), any::<u8>()).prop_map(|(of, percent)| AssessmentPart { of, percent });
    (vec(band, 0..3), vec(part, 0..3)).prop_map(|(bands, parts)| Assessment { bands, parts })
}

fn gate() -> impl Strategy<Value = Gate> {
    (code(), text(), any::<u8>(), closed(RateKind::ALL)).prop_map(|(clause, name, percent_min, rate)| Gate {
        clause,
        name,
        percent_min,
        rate,
    })
}

fn rate_definition() -> impl Strategy<Value = RateDefinition> {
    let reasons = option::of(vec(closed(ExemptionReason::ALL), 0..3));
    (option::of(closed(Cutoff::ALL)), reasons, vec(closed(MemberClass::ALL), 0..3), closed(RateKind::ALL)).prop_map(
        |(cutoff, exempting_reasons, member_classes, rate)| RateDefinition {
            cutoff,
            exempting_reasons,
            member_classes,
            rate,
        },
    )
}

fn disclosure() -> impl Strategy<Value = DisclosureRules> {
    let days = || option::of(any::<u8>());
    let roles = vec(closed(ObjectorRole::ALL), 0..3);
    (days(), days(), roles, option::of(closed(Objectors::ALL)), any::<u8>()).prop_map(
        |(answer_within_working_days, notice_working_days, objector_roles, objectors, working_days)| DisclosureRules {
            answer_within_working_days,
            notice_working_days,
            objector_roles,
            objectors,
            working_days,
        },
    )
}

fn year_calendar() -> impl Strategy<Value = YearCalendar> {
    let holidays = vec((date(), date()).prop_map(|(from, until)| Holiday { from, until }), 0..4);
    (holidays, vec(date().prop_map(MakeUpDay), 0..4), text(), any::<i16>())
        .prop_map(|(holidays, make_up_days, notice, year)| YearCalendar { holidays, make_up_days, notice, year })
}

fn conduct_rules() -> impl Strategy<Value = ConductRules> {
    let number = || option::of(any::<u16>());
    (number(), number(), number(), number()).prop_map(
        |(burst_minutes, burst_records_min, late_after_days, plausible_day_minutes)| ConductRules {
            burst_minutes,
            burst_records_min,
            late_after_days,
            plausible_day_minutes,
        },
    )
}

fn review_step() -> impl Strategy<Value = ReviewStep> {
    let level = option::of(closed(OrganizationLevel::ALL));
    (level, text(), closed(ReviewRole::ALL), option::of(any::<u8>()))
        .prop_map(|(level, name, role, within_working_days)| ReviewStep { level, name, role, within_working_days })
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

fn commitment() -> impl Strategy<Value = Commitment> {
    any::<[u8; 32]>().prop_map(Commitment)
}

fn hash() -> impl Strategy<Value = String> {
    "[0-9a-f]{64}".boxed()
}
