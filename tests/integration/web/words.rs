//! The words that the scripts hold a page against are those that the program prints: every name of a figure, every cause of a change.

use super::browser::Browser;
use super::fixture::{STREET, Street};
use mingzhang::notice::changes::{ChangeCause, Changes, wording};
use mingzhang::notice::{EvidenceCount, Notice, NoticeContext, PreviousMonth, Rate, charts, compose};
use mingzhang_events::{
    CorrectionReason, EventId, Evidence, Month, ObjectionGround, Points, QuashingReason, ReturnReason,
};
use mingzhang_projections::{Admitted, CourseMonth, Revised};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn october() -> Month {
    "2026-10".parse().expect("a month")
}

fn notice_of(street: &Street) -> Notice {
    let models = street.service.models_blocking();
    let context = NoticeContext {
        month: october(),
        number: "〔2026〕10号".to_owned(),
        organization: STREET.parse().expect("a code"),
        origin: street.service.ledger.origin().to_owned(),
        root: street.service.ledger.root_at(models.tree_size()).expect("a root"),
    };
    compose(&models, &context).expect("a notice")
}

/// The same with every figure another.
fn all_else(notice: &Notice) -> Notice {
    let mut other = notice.clone();
    other.name.push('东');
    other.due += 1_000;
    other.home_visits += 1;
    other.published_group_members_min += 1;
    other.rules.as_mut().expect("rules").title.push('甲');
    let rates = &mut other.rates;
    for rate in [
        &mut rates.enrollment,
        &mut rates.pairing_participation,
        &mut rates.pairing_sign_up,
        &mut rates.participation,
        &mut rates.patrol_participation,
        &mut rates.patrol_sign_up,
    ] {
        *rate = Rate::Of { numerator: 77, denominator: 778 };
    }
    other.totals.points = Points::from_hundredths(-123_450);
    other.totals.average_points = None;
    other.totals.voluntary_minutes += 61_001;
    for count in [
        &mut other.patrols.attended,
        &mut other.patrols.no_shows,
        &mut other.patrols.shifts,
        &mut other.patrols.signed_up,
        &mut other.records.accepted,
        &mut other.records.check_out_missing,
        &mut other.records.pending,
        &mut other.records.returned,
    ] {
        *count += 1;
    }
    other.patrols.minutes += 1;
    for sessions in [&mut other.meetings, &mut other.trainings] {
        sessions.absent += 1;
        sessions.attended += 1;
        sessions.held += 1;
        sessions.on_leave += 1;
    }
    let duty = other.duty.as_mut().expect("the calendar of the year");
    duty.days_covered += 1;
    duty.days_needed += 1;
    duty.members_per_working_day += 1;
    duty.working_days += 1;
    other.evidence =
        Evidence::ALL.iter().map(|evidence| EvidenceCount { evidence: *evidence, records: 4_321 }).collect();
    other.previous = Some(PreviousMonth { month: october().previous(), rates: notice.rates, totals: notice.totals });
    other
}

/// The places of all figures in the JSON of a notice that has a month before it: those of the notice itself, of each way of evidencing, and of
/// that month. What is compared line by line is none of them, and what is said of the notice itself.
fn figures_of(notice: &Notice) -> BTreeSet<String> {
    const ELSEWHERE: [&str; 10] = [
        "checkpoint",
        "evidence",
        "format",
        "level",
        "members",
        "month",
        "month_closed",
        "number",
        "organization",
        "sub_organizations",
    ];
    let mut notice: Value = serde_json::from_slice(&notice.canonical_json()).expect("JSON");
    let fields = notice.as_object_mut().expect("an object");
    ELSEWHERE.iter().for_each(|elsewhere| drop(fields.remove(*elsewhere).expect(elsewhere)));
    fields["rules"] = json!("one text");
    fields["previous"].as_object_mut().expect("the month before").remove("month");
    let mut found = BTreeSet::from_iter(Evidence::ALL.iter().map(|evidence| format!("evidence.{evidence}")));
    leaves("", &notice, &mut found);
    found
}

fn leaves(place: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value.as_object().filter(|fields| !fields.contains_key("numerator")) {
        Some(fields) => {
            for (key, below) in fields {
                leaves(&if place.is_empty() { key.clone() } else { format!("{place}.{key}") }, below, found);
            }
        }
        None => drop(found.insert(place.to_owned())),
    }
}

#[test]
fn every_figure_that_can_change_is_called_and_written_by_the_script_as_by_the_notice() {
    let street = Street::served();
    let notice = notice_of(&street);
    let changes = Changes::between(&notice, &all_else(&notice), &[]);
    let compared: BTreeSet<String> = changes.figures.iter().map(|change| change.figure.clone()).collect();
    assert_eq!(compared, figures_of(&all_else(&notice)), "every figure is another");
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    for change in &changes.figures {
        for value in [&change.before, &change.after] {
            let place = json!(change.figure);
            let said = browser.evaluate(&format!(
                "[Corrections.named({place}, '2026-10'), Corrections.figure({place}, {})]",
                json!(value)
            ));
            let printed = value.as_ref().map_or("—".to_owned(), |value| value.cell().written());
            assert_eq!(said, json!([change.name.chinese, printed]), "{}", change.figure);
        }
    }
}

#[test]
fn every_cause_of_a_change_is_told_by_the_script_as_by_the_notice() {
    let acts = [Revised::Recorded, Revised::CheckedOut, Revised::Approved].into_iter();
    let acts = acts.chain(ReturnReason::ALL.iter().map(|reason| Revised::Returned(*reason)));
    let acts = acts.chain(CorrectionReason::ALL.iter().map(|reason| Revised::Corrected(*reason)));
    let acts = acts.chain(CorrectionReason::ALL.iter().map(|reason| Revised::Reversed(*reason)));
    let acts = acts.chain(Admitted::ALL.map(|(admitted, _)| Revised::Admitted(admitted)));
    let acts: Vec<Revised> = acts.chain(QuashingReason::ALL.iter().map(|reason| Revised::Quashed(*reason))).collect();
    let street = Street::served();
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    for act in acts {
        for ground in std::iter::once(None).chain(ObjectionGround::ALL.iter().map(|ground| Some(*ground))) {
            for month in [october(), october().previous()] {
                let cause = ChangeCause {
                    act: act.act().to_owned(),
                    decision: None,
                    event: EventId(1),
                    ground,
                    log_index: 1,
                    month,
                    objection: None,
                    reason: act.reason().map(str::to_owned),
                };
                let said = browser.evaluate(&format!("Corrections.cause({}, '2026-10')", json!(cause)));
                assert_eq!(said, json!(wording::cause_in_words(&cause, october())), "{cause:?}");
            }
        }
    }
}

/// Of two months and more there are charts of all kinds: the last month is that of the notice, the others nothing proves.
#[test]
fn of_every_chart_what_the_notice_says_itself_is_compared_and_the_rest_is_said_not_to_be() {
    let street = Street::served();
    let notice = notice_of(&street);
    let models = street.service.models_blocking();
    let own = models.course(STREET.parse().expect("a code"), october(), 1).expect("a course").remove(0);
    let before = |back: usize| std::iter::successors(Some(october()), |month| Some(month.previous())).nth(back);
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    let data = String::from_utf8(notice.canonical_json()).expect("text");
    let mut difference = |months: usize, change: &dyn Fn(&mut Vec<CourseMonth>)| {
        let of = |back| CourseMonth { month: before(back).expect("a month"), ..own.clone() };
        let mut course: Vec<CourseMonth> = (0..months).rev().map(of).collect();
        change(&mut course);
        let figures: String = charts(&notice, &course).iter().map(mingzhang::chart::Chart::figure).collect();
        let pictures = "document.querySelector('article.notice > .charts > .pictures')";
        browser.evaluate(&format!("{pictures}.innerHTML = {}", json!(figures)));
        browser.evaluate(&format!(
            "[Printed.difference(Printed.charts({data})), Printed.unproved({data}).map(([words]) => words).join()]"
        ))
    };
    for months in [1, 2, 12] {
        let said = difference(months, &|_| {});
        assert!(said[0].is_null(), "{months}: {said}");
        let unproved = said[1].as_str().expect("text");
        assert_eq!(unproved.contains("以前各月的数字"), months > 1, "{unproved}");
        assert!(unproved.contains("附图的图形") && unproved.contains("走访以外"), "{unproved}");
    }
    type Change = fn(&mut CourseMonth);
    let changes: [(&str, Change); 4] = [
        ("points", |of| of.points = Points::from_hundredths(of.points.hundredths() + 100)),
        ("rates", |of| of.rates.participation = of.rates.enrollment),
        ("home visits", |of| of.kinds.iter_mut().for_each(|(_, records)| *records += 1)),
        ("evidence", |of| of.evidence.iter_mut().for_each(|(_, records)| *records += 1)),
    ];
    for (what, change) in changes {
        let said = difference(2, &|course| change(&mut course[1]));
        assert!(!said[0].is_null(), "{what} of the notice's month: {said}");
        let said = difference(2, &|course| change(&mut course[0]));
        assert!(said[0].is_null(), "{what} of the month before: {said}");
    }
}
