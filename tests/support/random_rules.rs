//! Random scoring rules without faults, with every capability mixed: `#[path = "…/tests/support/random_rules.rs"] mod random_rules;`.
//!
//! Amounts are small and caps are near them, so that caps are reached, also exactly.

use mingzhang_events::*;
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn clause(text: &str) -> ClauseId {
    text.parse().expect("a clause")
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    select(all)
}

/// Some of them, or none.
fn some_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 1 => subsequence(all.to_vec(), 1..=all.len().min(2))]
}

/// A quarter of a point to six points.
fn amount() -> impl Strategy<Value = Points> {
    (1..=24_i64).prop_map(|quarters| Points::from_hundredths(quarters * 25))
}

fn cap() -> impl Strategy<Value = Option<Points>> {
    weighted(0.25, (0..=60_i64).prop_map(|quarters| Points::from_hundredths(quarters * 25)))
}

fn caps() -> impl Strategy<Value = Caps> {
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

/// The groups are `g1` and `g2`.
fn group() -> impl Strategy<Value = Option<ClauseId>> {
    of(select(vec!["g1", "g2"])).prop_map(|group| group.map(clause))
}

fn item(number: usize) -> impl Strategy<Value = ScoringItem> {
    let brackets = (amount(), amount(), 1..60_u16, 60..200_u16).prop_map(|(low, high, first, second)| {
        vec![Bracket { minutes_from: first, points: low }, Bracket { minutes_from: second, points: high }]
    });
    let scope = (one_of(ActivityKind::ALL), weighted(0.2, one_of(ActivityClass::ALL)), group());
    let portion = (one_of(ScoringUnit::ALL), amount(), of(one_of(Rounding::ALL)), brackets);
    (scope, portion, weighted(0.6, caps())).prop_map(
        move |((kind, class, group), (per, points, rounding, brackets), caps)| {
            let by_bracket = per == ScoringUnit::Bracket;
            ScoringItem {
                brackets: if by_bracket { brackets } else { Vec::new() },
                caps,
                class,
                clause: clause(&format!("1.{number}")),
                group,
                kind,
                name: "加分".to_owned(),
                per,
                points: if by_bracket { Points::ZERO } else { points },
                rounding,
            }
        },
    )
}

fn deduction(number: usize) -> impl Strategy<Value = DeductionItem> {
    (one_of(DeductionGround::ALL), weighted(0.3, one_of(ActivityKind::ALL)), amount(), weighted(0.4, caps()), cap())
        .prop_map(move |(on, kind, points, caps, per_month_max)| DeductionItem {
            per_month_max: per_month_max.filter(|_| caps.is_none()),
            caps,
            clause: clause(&format!("2.{number}")),
            kind,
            name: "扣分".to_owned(),
            on,
            points,
        })
}

fn award(number: usize) -> impl Strategy<Value = AwardClause> {
    (weighted(0.4, caps()), group(), weighted(0.3, one_of(AwardDirection::ALL)), amount()).prop_map(
        move |(caps, group, only, points_max)| AwardClause {
            caps,
            clause: clause(AWARDS[number - 1]),
            group,
            name: "奖惩".to_owned(),
            only,
            points_max,
        },
    )
}

fn base(number: usize) -> impl Strategy<Value = BasePoints> {
    (one_of(Period::ALL), some_of(MemberClass::ALL), amount()).prop_map(move |(each, member_classes, points)| {
        BasePoints {
            clause: clause(&format!("0.{number}")), each, member_classes, name: "基础分".to_owned(), points
        }
    })
}

fn coefficient(number: usize) -> impl Strategy<Value = Coefficient> {
    let hour = || prop_oneof![2 => (0..24_u16).prop_map(|hour| hour * 60), 1 => 0..1_440_u16];
    let window = (one_of(WindowCount::ALL), hour(), hour()).prop_map(|(counts, from, until)| {
        let until = if until == from { (until + 90) % 1_440 } else { until };
        let time = |minutes| TimeOfDay::from_minutes(minutes).expect("in a day");
        TimeWindow { counts, from: time(from), until: time(until) }
    });
    let factor = prop_oneof![select(vec![0, 333, 500, 1_000, 1_500, 2_000, 2_005]), (0..4_000_u32),]
        .prop_map(|thousandths| Factor::from_thousandths(thousandths).expect("at most 100"));
    let scope =
        (some_of(EmergencyGrade::ALL), some_of(Evidence::ALL), some_of(ActivityKind::ALL), some_of(MemberClass::ALL));
    // The first item is always there.
    let items = weighted(0.2, Just(vec![clause("1.1")])).prop_map(Option::unwrap_or_default);
    (scope, items, factor, of(window)).prop_map(move |(scope, items, times, window)| {
        let (emergency_grades, evidence, kinds, member_classes) = scope;
        Coefficient {
            clause: clause(&format!("4.{number}")),
            emergency_grades,
            evidence,
            items,
            kinds,
            member_classes,
            name: "系数".to_owned(),
            times,
            window,
        }
    })
}

fn period_clause(text: &'static str) -> impl Strategy<Value = PeriodClause> {
    one_of(Period::ALL).prop_map(move |period| PeriodClause { clause: clause(text), name: "时段".to_owned(), period })
}

fn quota() -> impl Strategy<Value = BackEntryQuota> {
    (some_of(Evidence::ALL), of(0..=100_u8), 0..4_u16).prop_map(|(evidence, percent_max, records_max)| BackEntryQuota {
        clause: clause("7"),
        evidence: if evidence.is_empty() { vec![Evidence::BackEntered] } else { evidence },
        name: "限额".to_owned(),
        percent_max,
        records_max: Some(records_max).filter(|_| percent_max.is_none_or(|percent| percent % 2 == 0)),
    })
}

fn assessment() -> impl Strategy<Value = Assessment> {
    let minutes = prop_oneof![1 => 0..300_u32, 3 => select(vec![1, 15, 29, 30, 31, 59, 60, 61, 90, 120, 480])];
    (one_of(Measure::ALL), one_of(Measure::ALL), 0..=100_u8, -5..40_i64, of(minutes)).prop_map(
        |(first, second, percent, from, voluntary_minutes_from)| Assessment {
            bands: vec![
                Band {
                    clause: clause("8.1"),
                    consequence: None,
                    name: "优秀".to_owned(),
                    points_from: Some(Points::from_hundredths(from * 50)),
                    voluntary_minutes_from,
                },
                Band {
                    clause: clause("8.2"),
                    consequence: Some("谈话".to_owned()),
                    name: "其他".to_owned(),
                    points_from: None,
                    voluntary_minutes_from: None,
                },
            ],
            parts: vec![AssessmentPart { of: first, percent }, AssessmentPart { of: second, percent: 100 - percent }],
        },
    )
}

fn rate_definition() -> impl Strategy<Value = Vec<RateDefinition>> {
    let definition =
        (of(one_of(Cutoff::ALL)), of(some_of(ExemptionReason::ALL)), some_of(MemberClass::ALL), one_of(RateKind::ALL));
    of(definition).prop_map(|definition| {
        let definition = definition.map(|(cutoff, exempting_reasons, member_classes, rate)| RateDefinition {
            cutoff,
            exempting_reasons,
            member_classes,
            rate,
        });
        definition.into_iter().collect()
    })
}

/// One version; `version` and `effective_from` are the caller's to set.
pub(crate) fn rules() -> BoxedStrategy<ScoringRules> {
    let items = (item(1).boxed(), item(2).boxed(), item(3).boxed(), item(4).boxed(), item(5).boxed(), 1..=5_usize)
        .prop_map(|(a, b, c, d, e, count)| {
            let mut items = vec![a, b, c, d, e];
            items.truncate(count);
            items
        });
    let given_and_taken = (
        items.boxed(),
        vec(deduction(1), 0..=1).boxed(),
        vec(deduction(2), 0..=1).boxed(),
        (award(1), award(2)).boxed(),
        (vec(base(1), 0..=1), vec(base(2), 0..=1)).boxed(),
        (vec(coefficient(1), 0..=1), vec(coefficient(2), 0..=1)).boxed(),
    )
        .boxed();
    let limits = (caps(), caps(), weighted(0.3, caps()), weighted(0.3, caps()), weighted(0.3, quota())).boxed();
    let decisions = (period_clause(RESET), period_clause(VETO), of(any::<bool>()), of(period_clause(OTHER_VETO)));
    let step = of(select(OrganizationLevel::ALL)).prop_map(|level| ReviewStep {
        level,
        name: "审核".to_owned(),
        role: ReviewRole::Reviewer,
        within_working_days: None,
    });
    let made_of_points = (
        weighted(0.5, assessment()),
        of(1..=100_u8),
        rate_definition(),
        vec(step, 0..=3),
        select(vec![Some(1), Some(2), Some(3)]),
        weighted(0.7, select(RecordDating::ALL)),
        weighted(0.7, any::<bool>()),
    )
        .boxed();
    // Boxed throughout: the strategies of a whole document are too large for a test's stack.
    (given_and_taken, limits, decisions, made_of_points, some_of(Evidence::ALL))
        .prop_map(|(given_and_taken, limits, decisions, made_of_points, review_required_for)| {
            let (items, first, second, awards, base, mut coefficients) = given_and_taken;
            // Minutes of what is scored per occurrence can't be counted: such a coefficient names no item.
            if items[0].per == ScoringUnit::Occurrence {
                coefficients.0.iter_mut().chain(&mut coefficients.1).for_each(|of| of.items.clear());
            }
            let (g1, g2, total_caps, deduction_caps, back_entry_quota) = limits;
            let group = |text, caps| ScoringGroup { caps, clause: clause(text), name: "类别".to_owned() };
            let gate = |percent_min| Gate {
                clause: clause("9"),
                name: "门槛".to_owned(),
                percent_min,
                rate: RateKind::Participation,
            };
            ScoringRules {
                assessment: made_of_points.0,
                awards: vec![awards.0, awards.1],
                back_entry_quota,
                base: base.0.into_iter().chain(base.1).collect(),
                calendars: Vec::new(),
                closed_month_corrections: None,
                coefficients: coefficients.0.into_iter().chain(coefficients.1).collect(),
                conduct: None,
                deduction_caps,
                deductions: first.into_iter().chain(second).collect(),
                disclosure: None,
                duty_members_per_working_day: None,
                effective_from: "2026-01".parse().expect("a month"),
                exempt_from_deductions: decisions.2,
                gates: made_of_points.1.map(gate).into_iter().collect(),
                groups: vec![group("g1", g1), group("g2", g2)],
                items,
                published_group_members_min: made_of_points.4,
                rates: made_of_points.2,
                records_dated_by: made_of_points.5,
                resets: vec![decisions.0],
                review_chain: made_of_points.3,
                review_required_for,
                stretch_minutes_max: None,
                title: "细则".to_owned(),
                total_caps,
                version: "v".parse().expect("a version"),
                vetoes: std::iter::once(decisions.1).chain(decisions.3).collect(),
                withhold_against_subtraction: made_of_points.6,
            }
        })
        .boxed()
}

/// The clauses of [`rules`] under which points are granted and deducted, reset and vetoed.
pub(crate) const AWARDS: [&str; 2] = ["3.1", "3.2"];
/// As [`AWARDS`].
pub(crate) const RESET: &str = "5.1";
/// As [`AWARDS`].
pub(crate) const VETO: &str = "6.1";
/// In some documents only.
pub(crate) const OTHER_VETO: &str = "6.2";
