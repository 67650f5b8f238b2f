//! What waits when a month is closed: what was put right since everybody saw it is still reviewed, or keeps a final month open.

use super::fixture::*;
use super::month10::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Outcome, Rejection};
use mingzhang_events::*;
use mingzhang_projections::{MonthProgress, ReadModels, WorkLeft};

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
    close_of(month, STREET)
}

fn close_of(month: &Month10, code: &str) -> Option<Rejection> {
    let closed = MonthClosed { month: self::month(), organization: organization(code) };
    refusal(month, &publisher(), closed, month.now())
}

fn due(objections: usize, records: usize) -> Option<Rejection> {
    Some(Rejection::CorrectionsDue { objections, records })
}

/// The objection is upheld by who has nothing to do with it.
fn uphold(month: &Month10) -> EventId {
    decide(month, month.objection)
}

fn decide(month: &Month10, objection: EventId) -> EventId {
    month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now())
}

/// An objection that the judge is to decide.
fn object(month: &Month10, actor: &Actor, raised: ObjectionRaised) -> EventId {
    let objection = month.fixture.record_as(actor, raised, month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    objection
}

/// To the line of a member.
fn to_line(month: &Month10, member: MemberId, ground: ObjectionGround) -> ObjectionRaised {
    ObjectionRaised { for_member: false, ground, member, subject: month.disclosed.expect("disclosed") }
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

/// How far the street's month has come.
pub(super) fn progress(month: &Month10) -> MonthProgress {
    let ledger = &month.fixture.ledger;
    let mut models = ReadModels::new();
    for (log_index, entry) in (0..).zip(ledger.entries(0, ledger.head().tree_size).expect("entries")) {
        models.apply(log_index, &decode(&entry.bytes).expect("an event"));
    }
    models.settle();
    models.month_progress(organization(STREET), self::month(), models.newest_day()).expect("a street")
}

fn left(month: &Month10) -> WorkLeft {
    progress(month).work_left
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
    assert_eq!(close(&month), due(1, 0));
    assert_eq!(correct(&month, 25, Some(decision)), None);
    assert_eq!(close(&month), due(0, 1));
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

/// A correction of before isn't forgotten by one that names nothing, nor by one for another decision.
#[test]
fn decisions_about_a_line_correct_a_record_once_each() {
    let month = Month10::open().freeze().disclose();
    let clerk = month.fixture.clerk();
    let [first, second] = [ObjectionGround::TimeWrong, ObjectionGround::PointsWrong]
        .map(|ground| decide(&month, object(&month, &clerk, to_line(&month, MEMBER, ground))));
    assert_eq!(correct(&month, 25, Some(first)), None);
    assert_eq!(correct(&month, 26, None), None, "a slip of whoever typed it");
    assert_eq!(correct(&month, 60, Some(first)), Some("decision_answered"));
    assert_eq!(correct(&month, 24, Some(second)), None);
    assert_eq!(correct(&month, 60, Some(first)), Some("decision_answered"));
    let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record: month.unreviewed };
    assert_eq!(code(&month, &reviewer(), returned, month.now()), None);
    assert_eq!(correct(&month, 20, Some(second)), None);
    assert_eq!(correct(&month, 60, Some(second)), Some("decision_answered"));
}

/// Else whose objection was upheld would lose the whole record by it.
#[test]
fn what_was_put_right_and_returned_keeps_a_final_month_open() {
    for with_decision in [true, false] {
        let month = Month10::open();
        month.fixture.record(closed_is_final(), month.now());
        let decision = uphold(&month);
        let month = month.freeze().disclose().wait();
        assert_eq!(correct(&month, 25, Some(decision)), None);
        if !with_decision {
            assert_eq!(correct(&month, 24, None), None, "a slip of whoever typed it");
        }
        let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record: month.unreviewed };
        assert_eq!(code(&month, &reviewer(), returned, month.now()), None);
        let refused = close(&month).expect("refused");
        assert_eq!(Some(&refused), due(0, 1).as_ref());
        assert!(mingzhang::ledger::wording::chinese(&refused).contains("1 条更正待审核或被退回"));
        assert!(
            mingzhang::ledger::wording::english(&refused).contains("1 corrected records not reviewed, or returned")
        );
        assert_eq!(correct(&month, 20, Some(decision)), None);
        assert_eq!(close(&month), due(0, 1));
        assert_eq!(approve(&month, month.unreviewed), None);
        assert_eq!(close(&month), None);
    }
}

/// It counts whether or not its like waits for a review.
#[test]
fn a_missing_record_that_was_returned_keeps_a_final_month_open_until_it_is_reversed() {
    let month = Month10::open().withdraw();
    month.fixture.record(closed_is_final(), month.now());
    let month = month.freeze().disclose();
    let missing = to_line(&month, MEMBER, ObjectionGround::RecordMissing);
    decide(&month, object(&month, &month.fixture.clerk(), missing));
    let (visit, start) = visit_at(7);
    let record = month.fixture.record(visit, start);
    let month = month.wait();
    let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record };
    assert_eq!(code(&month, &reviewer(), returned, month.now()), None);
    assert_eq!(close(&month), due(0, 1));
    let reversed = RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record };
    assert_eq!(code(&month, &publisher(), reversed, month.now()), None);
    assert_eq!(close(&month), None);
}

/// A quashing names no decision: the veto was what was wrong with the points of the line.
#[test]
fn a_quashing_answers_that_the_points_of_its_member_s_line_are_wrong_and_nothing_else() {
    let month = Month10::open().withdraw();
    month.fixture.record(closed_is_final(), month.now());
    let month = month.freeze().disclose();
    let clerk = month.fixture.clerk();
    let raise = |member, ground| object(&month, &clerk, to_line(&month, member, ground));
    let [points, missing, time] =
        [ObjectionGround::PointsWrong, ObjectionGround::RecordMissing, ObjectionGround::TimeWrong]
            .map(|ground| decide(&month, raise(COLLEAGUE, ground)));
    decide(&month, raise(MEMBER, ObjectionGround::PointsWrong));
    let month = month.wait();
    assert_eq!(close(&month), due(4, 0));
    let quashed = DecisionQuashed { decision: month.vetoed, reason: QuashingReason::AppealUpheld };
    assert_eq!(code(&month, &publisher(), quashed, month.now()), None);
    assert_eq!(close(&month), due(3, 0), "another's, that a record is missing, that a time is wrong");
    assert_eq!(left(&month).corrections_due, 3);
    let (clause, amount) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
    let granted = |decision| PointsGranted { clause, decision: Some(decision), member: COLLEAGUE, points: amount };
    assert_eq!(code(&month, &publisher(), granted(points), at(END)), Some("decision_answered"));
    for decision in [missing, time] {
        assert_eq!(code(&month, &publisher(), granted(decision), at(END)), None);
    }
    assert_eq!((close(&month), left(&month).corrections_due), (due(1, 0), 1));
}

const BRANCH_ELSEWHERE: &str = "420902001002-01";

/// The month of the community, disclosed and to be final, and a branch of another community.
fn disclosed_by_community(month: &Month10) {
    month.fixture.record(closed_is_final(), month.now());
    let organization = organization(COMMUNITY);
    month.fixture.record(MonthFrozen { counts_no_shows: true, month: self::month(), organization }, month.now());
    month.fixture.record(DisclosureOpened { organization, ..month.disclosure() }, month.now());
}

fn with_branch_elsewhere(month: &Month10) {
    let (level, name) = (OrganizationLevel::Branch, BRANCH_ELSEWHERE.to_owned());
    let (organization, parent) = (organization(BRANCH_ELSEWHERE), Some(organization("420902001002")));
    month.fixture.record(OrganizationEstablished { level, name, organization, parent }, at("2026-09-01T00:00:00Z"));
}

/// Who held an activity counts whoever came: once it has closed, nothing about them is put right any more, wherever they belong.
#[test]
fn a_final_close_waits_for_what_the_organisation_held_for_others_members() {
    let month = Month10::open().withdraw();
    with_branch_elsewhere(&month);
    let guest = MemberId(9);
    let (class, organization) = (MemberClass::Resident, organization(BRANCH_ELSEWHERE));
    month.fixture.record(MemberRostered { class, member: guest, organization }, at(BEFORE));
    let attended = AttendanceRecorded { activity: MEETING, member: guest, outcome: AttendanceOutcome::Attended };
    let came = at("2026-10-04T01:30:00Z");
    let record = month.fixture.record(attended, came);
    disclosed_by_community(&month);
    let (ground, for_member) = (ObjectionGround::TimeWrong, false);
    let raised = ObjectionRaised { for_member, ground, member: guest, subject: record };
    let objection = object(&month, &month.fixture.clerk(), raised);
    let month = month.wait();
    assert_eq!(close_of(&month, COMMUNITY), Some(Rejection::ObjectionsUndecided { objections: 1 }));
    let decision = Some(decide(&month, objection));
    assert_eq!(close_of(&month, COMMUNITY), due(1, 0));
    let corrected = RecordCorrected { decision, minutes: 60, reason: CorrectionReason::ObjectionUpheld, record };
    assert_eq!(code(&month, &publisher(), corrected, came), None);
    assert_eq!(close_of(&month, COMMUNITY), due(0, 1));
    assert_eq!(approve(&month, record), None);
    assert_eq!(close_of(&month, COMMUNITY), None);
}

/// What they did counts on where they belonged then, and is final there.
#[test]
fn a_final_close_waits_for_what_is_due_to_who_has_gone_since() {
    let month = Month10::open().withdraw();
    with_branch_elsewhere(&month);
    let organization = organization(BRANCH_ELSEWHERE);
    month.fixture.record(MemberTransferred { decision: None, member: MEMBER, organization }, at(OVER));
    disclosed_by_community(&month);
    let objection = object(&month, &month.fixture.clerk(), raised(month.unreviewed, ObjectionGround::MemberWrong));
    let month = month.wait();
    assert_eq!(close_of(&month, COMMUNITY), Some(Rejection::ObjectionsUndecided { objections: 1 }));
    let decision = decide(&month, objection);
    assert_eq!(close_of(&month, COMMUNITY), due(1, 0));
    assert_eq!(correct(&month, 25, Some(decision)), None);
    assert_eq!(close_of(&month, COMMUNITY), due(0, 1));
    assert_eq!(approve(&month, month.unreviewed), None);
    assert_eq!(close_of(&month, COMMUNITY), None);
}

/// One grant is for one of them: the other still waits for its own.
#[test]
fn a_fact_answers_only_the_decision_that_it_names_also_where_others_are_alike() {
    let month = Month10::under("objectors = \"any_member\"").withdraw().freeze().disclose();
    let colleague = Actor { id: "c-2".parse().expect("an actor"), member: Some(COLLEAGUE), grants: Vec::new() };
    let decisions = [&month.fixture.clerk(), &colleague]
        .map(|actor| decide(&month, object(&month, actor, to_line(&month, MEMBER, ObjectionGround::PointsWrong))));
    assert_eq!(left(&month).corrections_due, 2);
    for (decision, due) in decisions.into_iter().zip([1, 0]) {
        let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
        let granted = PointsGranted { clause, decision: Some(decision), member: MEMBER, points };
        assert_eq!(code(&month, &publisher(), granted.clone(), at(END)), None);
        assert_eq!(code(&month, &publisher(), granted, at("2026-10-04T00:00:00Z")), Some("decision_answered"));
        assert_eq!(left(&month).corrections_due, due);
    }
}
