//! What an objection that was upheld asks for gets into a month that is frozen or closed: by a publisher, once, naming the decision.

use super::fixture::*;
use super::month10::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::Outcome;
use mingzhang_events::*;
use mingzhang_projections::ReadModels;

/// The month with its notice issued, and the decision that upheld an objection of its member to a line of it.
fn upheld() -> (Month10, EventId) {
    upheld_in(Month10::open())
}

fn upheld_in(month: Month10) -> (Month10, EventId) {
    let month = month.freeze().disclose().wait().dismiss().close().issue();
    let objection = raised(month.notice.expect("issued"), ObjectionGround::PointsWrong);
    let objection = month.fixture.record(objection, month.now());
    let judge = Actor { id: "other-judge".parse().expect("an actor"), ..judge() };
    month.fixture.record(assigned_to(&judge, objection), month.now());
    let upheld = ObjectionUpheld { clause: None, objection };
    let decision = month.fixture.record_as(&judge, upheld, month.now());
    (month, decision)
}

fn code(month: &Month10, role: Role, event: impl Into<Event>, when: &str) -> Option<&'static str> {
    match month.fixture.try_record(&holder(role), event, at(when)) {
        Outcome::Rejected(rejection) => Some(rejection.code()),
        Outcome::Recorded { .. } => None,
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

fn granted(member: MemberId, decision: Option<EventId>) -> PointsGranted {
    let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
    PointsGranted { clause, decision, member, points }
}

type Fact = fn(Option<EventId>) -> Event;

/// Every kind of fact that a decision can ask for.
const FACTS: &[(Role, Fact)] = &[
    (Role::Reviewer, |decision| granted(MEMBER, decision).into()),
    (Role::Reviewer, |decision| {
        let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
        PointsDeducted { clause, decision, member: MEMBER, points }.into()
    }),
    (Role::Recorder, |decision| {
        MemberTransferred { decision, member: MEMBER, organization: organization(OTHER_BRANCH) }.into()
    }),
    (Role::Recorder, |decision| MemberReclassified { class: MemberClass::Deployed, decision, member: MEMBER }.into()),
    (Role::Recorder, |decision| {
        MemberExempted { decision, member: MEMBER, reason: ExemptionReason::Illness, until: None }.into()
    }),
    (Role::Recorder, |decision| MemberLeft { decision, member: MEMBER, reason: LeavingReason::MovedAway }.into()),
    (Role::Recorder, |decision| MemberEnrolled { community: organization(COMMUNITY), decision, member: MEMBER }.into()),
];

#[test]
fn what_was_upheld_is_admitted_into_a_published_month_once_and_by_a_publisher() {
    let when = "2026-10-30T01:00:00Z";
    for (role, fact) in FACTS {
        let (month, decision) = upheld();
        let name = fact(None).stored_type();
        assert_eq!(code(&month, *role, fact(None), when), Some("month_closed"), "{name}");
        assert_eq!(code(&month, *role, fact(Some(decision)), when), Some("role_does_not_reach"), "{name}");
        assert_eq!(code(&month, Role::Publisher, fact(Some(decision)), when), None, "{name}");
        let again = granted(MEMBER, Some(decision));
        assert_eq!(code(&month, Role::Publisher, again, "2026-10-29T01:00:00Z"), Some("decision_answered"), "{name}");
    }
}

#[test]
fn an_enrolment_that_had_ended_is_ended_by_a_decision() {
    let (community, october) = (organization(COMMUNITY), Month10::open());
    let enrolled = MemberEnrolled { community, decision: None, member: MEMBER };
    october.fixture.record(enrolled, at("2026-10-06T00:00:00Z"));
    let (month, decision) = upheld_in(october);
    assert_eq!(enrolled_members(&month), 2);
    let ended = EnrollmentEnded { community, decision: Some(decision), member: MEMBER };
    // It hadn't begun: whoever was told that it ended would still find it in every figure.
    let before = "2026-10-05T23:59:59Z";
    assert_eq!(code(&month, Role::Publisher, ended.clone(), before), Some("not_enrolled"));
    assert_eq!(code(&month, Role::Publisher, ended, "2026-10-30T01:00:00Z"), None);
    assert_eq!(enrolled_members(&month), 1);
}

/// How many members are enrolled at the end of the month, as the read models count them.
fn enrolled_members(month: &Month10) -> u32 {
    let summary = models(month).month_summary(organization(STREET), self::month()).expect("a street");
    summary.rates.enrollment.numerator
}

/// What the read models make of it.
fn models(month: &Month10) -> ReadModels {
    let ledger = &month.fixture.ledger;
    let mut models = ReadModels::new();
    for (log_index, entry) in (0..).zip(ledger.entries(0, ledger.head().tree_size).expect("entries")) {
        models.apply(log_index, &decode(&entry.bytes).expect("an event"));
    }
    models.settle();
    models
}

/// It is the remedy as much as one that is admitted after the freeze: of two the member would have twice what was due to them.
#[test]
fn a_fact_of_an_open_month_answers_the_decision_that_it_names_and_needs_no_publisher() {
    for (role, fact) in FACTS {
        let month = Month10::open();
        let upheld = ObjectionUpheld { clause: None, objection: month.objection };
        let decision = month.fixture.record_as(&judge(), upheld, month.now());
        let name = fact(None).stored_type();
        let due = |month: &Month10| {
            let models = models(month);
            let progress = models.month_progress(organization(STREET), self::month(), models.newest_day());
            progress.expect("a street").work_left.corrections_due
        };
        assert_eq!(due(&month), 1, "{name}");
        let when = "2026-10-30T01:00:00Z";
        assert_eq!(code(&month, *role, fact(Some(EventId(99))), when), Some("decision_of_other_record"), "{name}");
        assert_eq!(code(&month, *role, fact(Some(decision)), when), None, "{name}");
        assert_eq!(due(&month), 0, "{name}");
        assert_eq!(models(&month).revisions(0), [], "{name}: no notice has to tell it");
        let again = || granted(MEMBER, Some(decision));
        assert_eq!(code(&month, Role::Reviewer, again(), END), Some("decision_answered"), "{name}");
        let month = month.freeze();
        assert_eq!(code(&month, Role::Publisher, again(), END), Some("decision_answered"), "{name}");
    }
}

#[test]
fn a_decision_admits_facts_about_its_member_that_are_no_later_than_its_month() {
    let (month, decision) = upheld();
    let of_another = granted(COLLEAGUE, Some(decision));
    assert_eq!(code(&month, Role::Publisher, of_another, END), Some("decision_of_other_record"));
    let later = granted(MEMBER, Some(decision));
    let refused = code(&month, Role::Reviewer, later.clone(), "2026-11-02T01:00:00Z");
    assert_eq!(refused, Some("decision_of_other_record"), "also where the month is open");
    month.fixture.clock.set(at("2026-12-02T01:00:00Z"));
    let november = "2026-11".parse().expect("a month");
    month.fixture.record(
        MonthFrozen { counts_no_shows: true, month: november, organization: organization(STREET) },
        month.now(),
    );
    assert_eq!(code(&month, Role::Publisher, later, "2026-11-02T01:00:00Z"), Some("decision_of_other_record"));
    let nobody_s = granted(MEMBER, Some(EventId(99)));
    assert_eq!(code(&month, Role::Publisher, nobody_s, END), Some("decision_of_other_record"));
    // It was due from September on, and that is when it is said to be.
    let exempted =
        MemberExempted { decision: Some(decision), member: MEMBER, reason: ExemptionReason::Illness, until: None };
    assert_eq!(code(&month, Role::Publisher, exempted, "2026-09-20T01:00:00Z"), None);
}

#[test]
fn what_was_corrected_already_admits_nothing_more() {
    let (month, decision) = upheld();
    let (record, reason) = (month.unreviewed, CorrectionReason::ObjectionUpheld);
    let corrected = RecordCorrected { decision: Some(decision), minutes: 25, reason, record };
    month.fixture.record_as(&holder(Role::Publisher), corrected, visit_at(1).1);
    let late = granted(MEMBER, Some(decision));
    assert_eq!(code(&month, Role::Publisher, late, END), Some("decision_answered"));
}

/// What needs a review counts only after it: so the review is admitted with the record, and no longer than that.
#[test]
fn a_record_that_was_missing_is_reviewed_in_a_closed_month_until_it_is_approved() {
    let month = Month10::open();
    let objection = month.fixture.record(raised(month.unreviewed, ObjectionGround::RecordMissing), month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    let month = month.freeze().disclose().wait().dismiss();
    month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    let month = month.close().issue();
    let (visit, start) = visit_at(7);
    let record = month.fixture.record(visit, start);
    let now = month.now().to_string();
    let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record };
    assert_eq!(code(&month, Role::Publisher, ServiceApproved { record }, &now), Some("role_does_not_reach"));
    assert_eq!(code(&month, Role::Reviewer, ServiceApproved { record }, &now), None);
    assert_eq!(code(&month, Role::Reviewer, ServiceApproved { record }, &now), Some("month_closed"));
    assert_eq!(code(&month, Role::Reviewer, returned, &now), Some("month_closed"));
    let other = ServiceApproved { record: month.unreviewed };
    assert_eq!(code(&month, Role::Reviewer, other, &now), Some("month_closed"), "what everybody was shown");
}

/// Everybody was shown that it waits: from then on a review would change what was published, and it is the publisher's to change.
#[test]
fn what_waited_when_the_month_was_shown_is_reviewed_no_more_whether_it_had_been_missing_or_was_corrected() {
    let month = Month10::open();
    let objection = month.fixture.record(raised(month.unreviewed, ObjectionGround::RecordMissing), month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    let (visit, start) = visit_at(7);
    let missing = month.fixture.record(visit, start);
    let approved = |month: &Month10, record| {
        let now = month.now().to_string();
        code(month, Role::Reviewer, ServiceApproved { record }, &now)
    };
    let month = month.freeze().disclose();
    for record in [missing, month.corrected] {
        assert_eq!(approved(&month, record), Some("month_disclosed"));
    }
    let corrected_since = |month: &Month10, record, start| {
        let (reason, minutes) = (CorrectionReason::EnteredWrongly, 25);
        let corrected = RecordCorrected { decision: None, minutes, reason, record };
        month.fixture.record_as(&holder(Role::Publisher), corrected, start);
    };
    corrected_since(&month, missing, start);
    let month = month.wait().dismiss().close();
    assert_eq!((approved(&month, missing), approved(&month, month.corrected)), (None, Some("month_closed")));
}
