//! What waits when a month is closed: what was put right since everybody saw it is still reviewed, or keeps a final month open.

use super::fixture::*;
use super::month10::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Outcome, Rejection};
use mingzhang_events::*;
use mingzhang_projections::{ReadModels, WorkLeft};

/// The rules of the month, and what is closed is final.
pub(super) fn closed_is_final() -> ScoringRulesAdopted {
    let mut adopted = rules_with_disclosure("");
    adopted.rules.version = "final".parse().expect("a version");
    adopted.rules.closed_month_corrections = Some(ClosedMonthCorrections::Refuse);
    adopted
}

/// The refusal of a fact, if it is refused.
fn refusal(month: &Month10, actor: &Actor, event: impl Into<Event>, occurred_at: Instant) -> Option<Rejection> {
    match month.fixture.try_record(actor, event, occurred_at) {
        Outcome::Rejected(rejection) => Some(rejection),
        Outcome::Recorded { .. } => None,
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

fn code(month: &Month10, actor: &Actor, event: impl Into<Event>, occurred_at: Instant) -> Option<&'static str> {
    refusal(month, actor, event, occurred_at).map(|rejection| rejection.code())
}

fn publisher() -> Actor {
    holder(Role::Publisher)
}

/// Somebody who has reviewed, corrected and decided nothing.
fn reviewer() -> Actor {
    holder(Role::Reviewer)
}

fn close(month: &Month10) -> Option<Rejection> {
    let closed = MonthClosed { month: self::month(), organization: organization(STREET) };
    refusal(month, &publisher(), closed, month.now())
}

/// The objection is upheld by who has nothing to do with it.
fn uphold(month: &Month10) -> EventId {
    let upheld = ObjectionUpheld { clause: None, objection: month.objection };
    month.fixture.record_as(&judge(), upheld, month.now())
}

/// Why the visit is corrected that nobody has reviewed; by so many minutes.
fn correct(month: &Month10, minutes: u16, decision: Option<EventId>) -> Option<&'static str> {
    let reason = if decision.is_some() { CorrectionReason::ObjectionUpheld } else { CorrectionReason::EnteredWrongly };
    let corrected = RecordCorrected { decision, minutes, reason, record: month.unreviewed };
    code(month, &publisher(), corrected, visit_at(1).1)
}

fn approve(month: &Month10, record: EventId) -> Option<&'static str> {
    code(month, &reviewer(), ServiceApproved { record }, month.now())
}

fn left(month: &Month10) -> WorkLeft {
    let ledger = &month.fixture.ledger;
    let mut models = ReadModels::new();
    for (log_index, entry) in (0..).zip(ledger.entries(0, ledger.head().tree_size).expect("entries")) {
        models.apply(log_index, &decode(&entry.bytes).expect("an event"));
    }
    models.settle();
    let progress = models.month_progress(organization(STREET), self::month(), models.newest_day());
    progress.expect("a street").work_left
}

#[test]
fn what_was_corrected_since_the_disclosure_is_reviewed_after_the_close_too() {
    let month = Month10::open().freeze().disclose();
    let decision = uphold(&month);
    assert_eq!(correct(&month, 25, Some(decision)), None);
    let month = month.wait();
    let waiting = WorkLeft { unreviewed: 1, shown_unreviewed: 1, ..WorkLeft::default() };
    let counts = |left: WorkLeft| (left.unreviewed, left.shown_unreviewed, left.corrections_due);
    assert_eq!(counts(left(&month)), counts(waiting));
    assert_eq!(close(&month), None);
    assert_eq!(counts(left(&month)), counts(waiting), "the close voids nothing");
    assert_eq!(approve(&month, month.corrected), Some("month_closed"), "everybody saw that it waited");
    assert_eq!(approve(&month, month.unreviewed), None);
    assert_eq!(counts(left(&month)), (0, 1, 0));
}

#[test]
fn a_month_that_its_close_makes_final_is_closed_once_all_that_was_upheld_is_corrected_and_reviewed() {
    let month = Month10::open();
    month.fixture.record(closed_is_final(), month.now());
    let decision = uphold(&month);
    let month = month.freeze().disclose().wait();
    assert_eq!(close(&month), Some(Rejection::CorrectionsDue { objections: 1, records: 0 }));
    assert_eq!(correct(&month, 25, Some(decision)), None);
    assert_eq!(close(&month), Some(Rejection::CorrectionsDue { objections: 0, records: 1 }));
    assert_eq!(approve(&month, month.unreviewed), None);
    assert_eq!(close(&month), None);
    assert_eq!(correct(&month, 20, None), Some("closed_month_final"));
}

#[test]
fn what_was_upheld_about_a_reversed_record_keeps_no_final_month_open() {
    let month = Month10::open();
    month.fixture.record(closed_is_final(), month.now());
    uphold(&month);
    let reversed =
        RecordReversed { decision: None, reason: CorrectionReason::EnteredWrongly, record: month.unreviewed };
    assert_eq!(code(&month, &reviewer(), reversed, month.now()), None);
    assert_eq!(close(&month.freeze().disclose().wait()), None);
}

#[test]
fn a_decision_corrects_a_record_once_unless_the_correction_was_returned() {
    let month = Month10::open().freeze().disclose();
    let decision = uphold(&month);
    assert_eq!(correct(&month, 25, Some(decision)), None);
    assert_eq!(correct(&month, 60, Some(decision)), Some("decision_answered"));
    let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record: month.unreviewed };
    assert_eq!(code(&month, &reviewer(), returned, month.now()), None);
    assert_eq!(correct(&month, 20, Some(decision)), None);
    assert_eq!(correct(&month, 21, None), None, "a slip of whoever typed it");
    assert_eq!(correct(&month, 60, Some(decision)), Some("decision_answered"));
}

#[test]
fn one_correction_answers_everybody_who_objected_on_the_same_ground() {
    let month = Month10::under("objectors = \"any_member\"").freeze().disclose();
    let colleague = Actor { id: "c-2".parse().expect("an actor"), member: Some(COLLEAGUE), grants: Vec::new() };
    let decision = uphold(&month);
    let objection = raised(month.unreviewed, ObjectionGround::TimeWrong);
    let objection = month.fixture.record_as(&colleague, objection, month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    let second = month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    assert_eq!(left(&month).corrections_due, 2);
    assert_eq!(correct(&month, 25, Some(decision)), None);
    assert_eq!(left(&month).corrections_due, 0);
    assert_eq!(correct(&month, 25, Some(second)), Some("decision_answered"));
}
