//! What was published stays as it was: no fact gets into a settled month by its date, by where its member belongs now, by whose
//! activity it was of, or by the order in which months are settled.

use super::fixture::*;
use mingzhang::clock::Clock;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Outcome, Rejection};
use mingzhang_events::*;

const ELSEWHERE: &str = "420902001002";
const BRANCH_ELSEWHERE: &str = "420902001002-01";
/// On 5 November, when October is over.
const NOVEMBER: &str = "2026-11-05T04:00:00Z";

/// The street with a second community, each with a visit in October, on 5 November.
fn street() -> Fixture {
    let fixture = Fixture::new();
    let since = at("2026-09-01T00:00:00Z");
    for (code, parent, level) in
        [(ELSEWHERE, STREET, OrganizationLevel::Community), (BRANCH_ELSEWHERE, ELSEWHERE, OrganizationLevel::Branch)]
    {
        let (name, parent) = (code.to_owned(), Some(organization(parent)));
        fixture.record(OrganizationEstablished { level, name, organization: organization(code), parent }, since);
    }
    fixture.record(visit(), at("2026-10-05T01:00:00Z"));
    fixture.clock.set(at(NOVEMBER));
    fixture
}

fn visit() -> HomeVisitMade {
    HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 30 }
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn close(fixture: &Fixture, month: Month, code: &str) {
    let closed = MonthClosed { month, organization: organization(code) };
    fixture.record(closed, fixture.clock.now());
}

/// The code of the refusal of a fact, by somebody with every role; none if it is recorded.
fn outcome(fixture: &Fixture, event: impl Into<Event>, when: &str) -> Option<Rejection> {
    match fixture.try_record(&fixture.clerk(), event, at(when)) {
        Outcome::Rejected(rejection) => Some(rejection),
        Outcome::Recorded { .. } => None,
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

/// Refused because the month is closed for an organisation, and facts are taken from a day on.
#[track_caller]
fn assert_closed(outcome: Option<Rejection>, of: &str, by: &str, from: &str) {
    let open_from = from.parse().expect("a date");
    assert_eq!(outcome, Some(Rejection::MonthClosed { month: month(of), organization: organization(by), open_from }));
}

fn transfer(fixture: &Fixture, when: &str) {
    fixture.record(
        MemberTransferred { decision: None, member: MEMBER, organization: organization(BRANCH_ELSEWHERE) },
        at(when),
    );
}

fn exempted() -> MemberExempted {
    MemberExempted { decision: None, member: MEMBER, reason: ExemptionReason::Illness, until: None }
}

fn granted() -> PointsGranted {
    let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    let award = rules.awards.iter().find(|award| award.allows(AwardDirection::Grant)).expect("a clause");
    PointsGranted { decision: None, clause: award.clause, member: MEMBER, points: award.points_max }
}

#[test]
fn a_fact_dated_before_a_settled_month_would_change_it_and_is_refused() {
    let fixture = street();
    let (enrolled, ended) = (
        MemberEnrolled { decision: None, community: organization(COMMUNITY), member: MEMBER },
        EnrollmentEnded { decision: None, community: organization(COMMUNITY), member: MEMBER },
    );
    fixture.record(enrolled, at("2026-09-02T00:00:00Z"));
    close(&fixture, month("2026-10"), STREET);
    let newcomer =
        MemberRostered { class: MemberClass::Resident, member: MemberId(9), organization: organization(OTHER_BRANCH) };
    let facts: Vec<Event> = vec![
        exempted().into(),
        ended.into(),
        MemberLeft { decision: None, member: MEMBER, reason: LeavingReason::MovedAway }.into(),
        MemberReclassified { decision: None, class: MemberClass::Floating, member: MEMBER }.into(),
        MemberTransferred { decision: None, member: MEMBER, organization: organization(OTHER_BRANCH) }.into(),
        newcomer.clone().into(),
        OrganizationMerged { into: organization(BRANCH), organization: organization(OTHER_BRANCH) }.into(),
        visit().into(),
        granted().into(),
    ];
    for fact in facts {
        let name = fact.stored_type();
        let refused = outcome(&fixture, fact, "2026-09-15T01:00:00Z");
        assert!(matches!(refused, Some(Rejection::MonthClosed { .. })), "{name}: {refused:?}");
        assert_closed(refused, "2026-10", STREET, "2026-11-01");
    }
    // From the first open day on they are on the roster.
    assert_eq!(outcome(&fixture, newcomer, "2026-10-31T16:00:00Z"), None);
}

#[test]
fn the_refusal_of_a_newcomer_says_from_which_day_on_they_can_be_rostered() {
    let fixture = street();
    close(&fixture, month("2026-10"), STREET);
    let (class, member, organization) = (MemberClass::Resident, MemberId(9), organization(BRANCH));
    let refused = outcome(&fixture, MemberRostered { class, member, organization }, "2024-03-01T00:00:00Z");
    let refused = refused.expect("refused");
    assert!(mingzhang::ledger::wording::chinese(&refused).contains("自 2026-11-01 起"), "{refused:?}");
    assert!(mingzhang::ledger::wording::english(&refused).contains("from 2026-11-01 on"), "{refused:?}");
}

#[test]
fn what_a_member_did_stays_settled_where_they_belonged_then() {
    let fixture = street();
    let granted_before = fixture.record(granted(), at("2026-10-06T01:00:00Z"));
    close(&fixture, month("2026-10"), COMMUNITY);
    transfer(&fixture, "2026-11-02T01:00:00Z");
    assert_closed(outcome(&fixture, exempted(), "2026-10-20T01:00:00Z"), "2026-10", COMMUNITY, "2026-11-01");
    assert_closed(outcome(&fixture, granted(), "2026-10-20T01:00:00Z"), "2026-10", COMMUNITY, "2026-11-01");
    assert_closed(outcome(&fixture, visit(), "2026-10-20T01:00:00Z"), "2026-10", COMMUNITY, "2026-11-01");
    let (reason, record) = (CorrectionReason::FoundUntrue, granted_before);
    let reviewer = fixture.with_role(Role::Reviewer, STREET);
    let reversed = fixture.try_record(&reviewer, RecordReversed { decision: None, reason, record }, at(NOVEMBER));
    assert!(matches!(&reversed, Outcome::Rejected(refused) if refused.code() == "role_does_not_reach"), "{reversed:?}");
    assert_eq!(outcome(&fixture, exempted(), "2026-11-03T01:00:00Z"), None);
}

/// The month was settled where the member came to only later.
#[test]
fn a_month_that_is_settled_elsewhere_keeps_nothing_out() {
    let fixture = street();
    transfer(&fixture, "2026-11-02T01:00:00Z");
    close(&fixture, month("2026-10"), ELSEWHERE);
    assert_eq!(outcome(&fixture, visit(), "2026-10-20T01:00:00Z"), None);
    close(&fixture, month("2026-10"), COMMUNITY);
    assert_closed(outcome(&fixture, visit(), "2026-10-21T01:00:00Z"), "2026-10", COMMUNITY, "2026-11-01");
}

#[test]
fn a_branch_s_month_stays_settled_after_the_branch_was_moved_or_merged() {
    for reorganized in [
        Event::from(OrganizationMoved { organization: organization(BRANCH), parent: organization(ELSEWHERE) }),
        Event::from(OrganizationMerged { into: organization(BRANCH_ELSEWHERE), organization: organization(BRANCH) }),
    ] {
        let fixture = street();
        close(&fixture, month("2026-10"), COMMUNITY);
        fixture.record(reorganized, at("2026-11-02T01:00:00Z"));
        assert_closed(outcome(&fixture, visit(), "2026-10-20T01:00:00Z"), "2026-10", COMMUNITY, "2026-11-01");
        assert_eq!(outcome(&fixture, visit(), "2026-11-01T01:00:00Z"), None);
    }
}

/// The street's own month is open; the community's has the points of those who took part.
#[test]
fn an_activity_isn_t_cancelled_once_the_month_of_anybody_who_took_part_is_settled() {
    let scheduled = |id: u64| ActivityScheduled {
        activity: ActivityId(id),
        class: ActivityClass::Voluntary,
        emergency_grade: None,
        ends_at: at("2026-10-08T03:00:00Z"),
        kind: ActivityKind::Service,
        organization: organization(STREET),
        starts_at: at("2026-10-08T01:00:00Z"),
    };
    let fixture = street();
    for id in [11, 12, 13] {
        fixture.record(scheduled(id), at(BEFORE));
    }
    let (activity, member) = (ActivityId(11), COLLEAGUE);
    fixture.record(MemberCheckedIn { activity, member }, at("2026-10-08T01:00:00Z"));
    fixture.record(MemberSignedUp { activity: ActivityId(12), member }, at(BEFORE));
    let cancelled = |id: u64| ActivityCancelled { activity: ActivityId(id), reason: CancellationReason::Weather };
    close(&fixture, month("2026-10"), COMMUNITY);
    for id in [11, 12] {
        assert_closed(outcome(&fixture, cancelled(id), NOVEMBER), "2026-10", COMMUNITY, "2026-11-01");
    }
    assert_eq!(outcome(&fixture, cancelled(13), NOVEMBER), None, "nobody took part");
}

/// Attendance is counted for whoever held it.
#[test]
fn a_record_at_an_activity_of_a_settled_organisation_is_refused() {
    let fixture = street();
    fixture.record(
        MemberRostered {
            class: MemberClass::Resident,
            member: MemberId(9),
            organization: organization(BRANCH_ELSEWHERE),
        },
        at(BEFORE),
    );
    close(&fixture, month("2026-10"), COMMUNITY);
    let attended = AttendanceRecorded { activity: MEETING, member: MemberId(9), outcome: AttendanceOutcome::Attended };
    assert_closed(outcome(&fixture, attended, "2026-10-04T01:30:00Z"), "2026-10", COMMUNITY, "2026-11-01");
}

#[test]
fn months_are_settled_in_their_order() {
    let fixture = street();
    fixture.record(visit(), at("2026-09-20T01:00:00Z"));
    let (october, september) = (month("2026-10"), month("2026-09"));
    let passed_over = |of: &str| Rejection::EarlierMonthOpen { month: month(of), organization: organization(BRANCH) };
    let closed = |month: Month, code: &str| MonthClosed { month, organization: organization(code) };
    assert_eq!(outcome(&fixture, closed(october, STREET), NOVEMBER), Some(passed_over("2026-09")));
    let frozen = MonthFrozen { counts_no_shows: true, month: october, organization: organization(STREET) };
    assert_eq!(outcome(&fixture, frozen.clone(), NOVEMBER), Some(passed_over("2026-09")));
    // Nothing was entered there in September.
    assert_eq!(outcome(&fixture, closed(october, ELSEWHERE), NOVEMBER), None);
    let freeze_september =
        MonthFrozen { counts_no_shows: true, month: september, organization: organization(COMMUNITY) };
    assert_eq!(outcome(&fixture, freeze_september, NOVEMBER), None);
    assert_eq!(outcome(&fixture, frozen, NOVEMBER), None);
    // Whom the freeze left signed up is missed by the close: it comes in order as well.
    assert_eq!(outcome(&fixture, closed(october, STREET), NOVEMBER), Some(passed_over("2026-09")));
    close(&fixture, september, COMMUNITY);
    close(&fixture, october, STREET);
}

/// Nothing was entered in August and September; nothing can be, and a notice about it would come after that of October.
#[test]
fn a_month_that_was_passed_over_is_neither_frozen_nor_closed_afterwards() {
    let settled =
        |of: &str, by: &str| Rejection::LaterMonthSettled { month: month(of), organization: organization(by) };
    let (september, october) = (month("2026-09"), month("2026-10"));
    for close_it in [false, true] {
        let fixture = street();
        let frozen =
            |month: Month, code: &str| MonthFrozen { counts_no_shows: true, month, organization: organization(code) };
        let closed = |month: Month, code: &str| MonthClosed { month, organization: organization(code) };
        if close_it {
            close(&fixture, october, STREET);
        } else {
            fixture.record(frozen(october, STREET), at(NOVEMBER));
        }
        // Below the street as well.
        for code in [STREET, COMMUNITY, ELSEWHERE] {
            assert_eq!(
                outcome(&fixture, frozen(september, code), NOVEMBER),
                Some(settled("2026-10", STREET)),
                "{code}"
            );
            assert_eq!(
                outcome(&fixture, closed(september, code), NOVEMBER),
                Some(settled("2026-10", STREET)),
                "{code}"
            );
        }
    }
    // What one community has settled passes nothing over for the street or for another community.
    let fixture = street();
    close(&fixture, october, ELSEWHERE);
    let freeze = |code: &str| MonthFrozen { counts_no_shows: true, month: september, organization: organization(code) };
    assert_eq!(outcome(&fixture, freeze(ELSEWHERE), NOVEMBER), Some(settled("2026-10", ELSEWHERE)));
    assert_eq!(outcome(&fixture, freeze(COMMUNITY), NOVEMBER), None);
    assert_eq!(outcome(&fixture, freeze(STREET), NOVEMBER), None);
    // What was frozen in its order is closed, also after the later one was.
    close(&fixture, october, COMMUNITY);
    close(&fixture, september, COMMUNITY);
}

/// What they did in September where they belonged counts on in October where they came to.
#[test]
fn whoever_takes_over_a_member_waits_for_what_they_did_before() {
    let fixture = street();
    fixture.record(visit(), at("2026-09-20T01:00:00Z"));
    transfer(&fixture, "2026-10-20T01:00:00Z");
    let closed = MonthClosed { month: month("2026-10"), organization: organization(ELSEWHERE) };
    let passed_over = Rejection::EarlierMonthOpen { month: month("2026-09"), organization: organization(BRANCH) };
    assert_eq!(outcome(&fixture, closed.clone(), NOVEMBER), Some(passed_over));
    close(&fixture, month("2026-09"), STREET);
    assert_eq!(outcome(&fixture, closed, NOVEMBER), None);
}

/// Somebody with a role in one part of the tree, by a name of their own.
fn holder_at(role: Role, code: &str) -> Actor {
    let grants = vec![format!("{role}@{code}").parse().expect("a grant")];
    Actor { id: format!("{role}-{code}").parse().expect("an actor"), member: None, grants }
}

/// The decision that upheld an objection of the member to a record.
fn upheld(fixture: &Fixture, subject: EventId) -> EventId {
    let now = fixture.clock.now();
    let ground = ObjectionGround::PointsWrong;
    let objection = fixture.record(ObjectionRaised { for_member: false, ground, member: MEMBER, subject }, now);
    let judge = holder_at(Role::Reviewer, STREET);
    fixture.record(ObjectionAssigned { assignee: judge.id, objection }, now);
    fixture.record_as(&judge, ObjectionUpheld { clause: None, objection }, now)
}

/// Where they are said to have belonged, the month is closed; where they belonged, it is open. Or the other way round.
#[test]
fn a_decision_admits_a_transfer_that_changes_a_settled_month_at_either_end() {
    let transferred =
        |decision| MemberTransferred { decision, member: MEMBER, organization: organization(BRANCH_ELSEWHERE) };
    let fixture = street();
    let record = fixture.record(visit(), at("2026-10-06T01:00:00Z"));
    let decision = Some(upheld(&fixture, record));
    let code = |decision| outcome(&fixture, transferred(decision), "2026-10-20T01:00:00Z").map(|of| of.code());
    close(&fixture, month("2026-10"), ELSEWHERE);
    assert_eq!((code(None), code(decision)), (Some("month_closed"), None));

    let fixture = street();
    let record = fixture.record(visit(), at("2026-10-06T01:00:00Z"));
    let decision = Some(upheld(&fixture, record));
    close(&fixture, month("2026-10"), COMMUNITY);
    let code = |decision| outcome(&fixture, transferred(decision), "2026-10-20T01:00:00Z").map(|of| of.code());
    assert_eq!((code(None), code(decision)), (Some("month_closed"), None));
}

fn code_of(fixture: &Fixture, actor: &Actor, event: impl Into<Event>, when: &str) -> Option<&'static str> {
    match fixture.try_record(actor, event, at(when)) {
        Outcome::Rejected(rejection) => Some(rejection.code()),
        Outcome::Recorded { .. } => None,
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

/// Before the fact, in the same month or after it: where the member went has no say in what was published where they were.
#[test]
fn what_was_settled_is_changed_by_who_settled_it_and_not_by_where_the_member_went() {
    for moved in ["2026-11-02T01:00:00Z", "2026-10-15T01:00:00Z"] {
        let fixture = street();
        let record = fixture.record(granted(), at("2026-10-06T01:00:00Z"));
        let decision = Some(upheld(&fixture, record));
        transfer(&fixture, moved);
        close(&fixture, month("2026-10"), COMMUNITY);
        close(&fixture, month("2026-10"), ELSEWHERE);
        let reason = CorrectionReason::FoundUntrue;
        let reversed = || RecordReversed { decision: None, reason, record };
        let admitted = || MemberExempted { decision, ..exempted() };
        let [there, here] = [ELSEWHERE, COMMUNITY].map(|code| holder_at(Role::Publisher, code));
        let when = "2026-10-07T01:00:00Z";
        assert_eq!(code_of(&fixture, &there, reversed(), NOVEMBER), Some("role_does_not_reach"), "{moved}");
        assert_eq!(code_of(&fixture, &there, admitted(), when), Some("role_does_not_reach"), "{moved}");
        assert_eq!(code_of(&fixture, &here, reversed(), NOVEMBER), None, "{moved}");
        assert_eq!(code_of(&fixture, &here, admitted(), when), None, "{moved}");
    }
}

/// What the street has settled its communities change as far as it is theirs.
#[test]
fn a_community_s_publisher_corrects_its_own_records_in_a_month_that_the_street_settled() {
    let fixture = street();
    let record = fixture.record(granted(), at("2026-10-06T01:00:00Z"));
    close(&fixture, month("2026-10"), STREET);
    let reversed = || RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record };
    let [there, here] = [ELSEWHERE, COMMUNITY].map(|code| holder_at(Role::Publisher, code));
    assert_eq!(code_of(&fixture, &there, reversed(), NOVEMBER), Some("role_does_not_reach"));
    assert_eq!(code_of(&fixture, &here, reversed(), NOVEMBER), None);
}

/// Whose month is open has published nothing of it yet.
#[test]
fn who_held_an_activity_doesn_t_change_what_its_guests_have_settled() {
    let fixture = street();
    let (class, member, organization) = (MemberClass::Resident, MemberId(9), organization(BRANCH_ELSEWHERE));
    fixture.record(MemberRostered { class, member, organization }, at(BEFORE));
    let attended = AttendanceRecorded { activity: MEETING, member, outcome: AttendanceOutcome::Attended };
    let record = fixture.record(attended, at("2026-10-04T01:30:00Z"));
    close(&fixture, month("2026-10"), ELSEWHERE);
    let reversed = || RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record };
    let [host, home] = [COMMUNITY, ELSEWHERE].map(|code| holder_at(Role::Publisher, code));
    assert_eq!(code_of(&fixture, &host, reversed(), NOVEMBER), Some("role_does_not_reach"));
    assert_eq!(code_of(&fixture, &home, reversed(), NOVEMBER), None);
}

/// They left in the middle of it: where they came to takes facts of the rest of it.
#[test]
fn a_refusal_says_from_which_day_on_facts_are_taken_at_the_latest() {
    let fixture = street();
    transfer(&fixture, "2026-10-10T01:00:00Z");
    close(&fixture, month("2026-10"), COMMUNITY);
    let refused = outcome(&fixture, exempted(), "2026-10-05T01:00:00Z").expect("refused");
    assert!(mingzhang::ledger::wording::chinese(&refused).contains("最迟自 2026-11-01 起"), "{refused:?}");
    assert!(mingzhang::ledger::wording::english(&refused).contains("from 2026-11-01 on at the latest"), "{refused:?}");
    assert_eq!(outcome(&fixture, exempted(), "2026-10-12T01:00:00Z"), None);
}

#[test]
fn who_settles_a_month_again_is_told_of_the_later_one_that_is_settled_too() {
    let fixture = street();
    let (september, october) = (month("2026-09"), month("2026-10"));
    fixture.record(visit(), at("2026-09-20T01:00:00Z"));
    close(&fixture, september, STREET);
    close(&fixture, october, STREET);
    let frozen = MonthFrozen { counts_no_shows: true, month: september, organization: organization(STREET) };
    assert_closed(outcome(&fixture, frozen, NOVEMBER), "2026-09", STREET, "2026-11-01");
    let closed = MonthClosed { month: september, organization: organization(COMMUNITY) };
    assert_closed(outcome(&fixture, closed, NOVEMBER), "2026-09", STREET, "2026-11-01");
}

/// Whose household it is doesn't count it: only the member's branch does.
#[test]
fn a_visit_is_taken_whatever_the_household_s_community_has_settled() {
    let fixture = street();
    transfer(&fixture, "2026-10-10T01:00:00Z");
    close(&fixture, month("2026-10"), COMMUNITY);
    assert_eq!(outcome(&fixture, visit(), "2026-10-20T01:00:00Z"), None);
}

/// It would be minutes there that nobody has published.
#[test]
fn a_record_isn_t_moved_to_a_day_on_which_its_member_belonged_where_the_month_is_settled() {
    let fixture = street();
    transfer(&fixture, "2026-10-10T01:00:00Z");
    let record = fixture.record(visit(), at("2026-10-20T01:00:00Z"));
    close(&fixture, month("2026-10"), COMMUNITY);
    let (minutes, reason) = (20, CorrectionReason::EnteredWrongly);
    let corrected = || RecordCorrected { decision: None, minutes, reason, record };
    let recorder = holder_at(Role::Recorder, STREET);
    assert_eq!(code_of(&fixture, &recorder, corrected(), "2026-10-07T01:00:00Z"), Some("role_does_not_reach"));
    assert_eq!(code_of(&fixture, &recorder, corrected(), "2026-10-20T02:00:00Z"), None);
}

/// An approval would change how many came, which the host has published. The way in is its publisher's correction.
#[test]
fn a_guest_s_record_is_reviewed_after_the_host_s_close_only_once_its_publisher_has_corrected_it() {
    let fixture = street();
    let (class, member, organization) = (MemberClass::Resident, MemberId(9), organization(BRANCH_ELSEWHERE));
    fixture.record(MemberRostered { class, member, organization }, at(BEFORE));
    let attended = AttendanceRecorded { activity: MEETING, member, outcome: AttendanceOutcome::Attended };
    let record = fixture.record(attended, at("2026-10-04T01:30:00Z"));
    close(&fixture, month("2026-10"), COMMUNITY);
    let [home, host] =
        [(Role::Reviewer, ELSEWHERE), (Role::Publisher, COMMUNITY)].map(|(role, of)| holder_at(role, of));
    let approved = || ServiceApproved { record };
    assert_eq!(code_of(&fixture, &home, approved(), NOVEMBER), Some("month_closed"));
    let (minutes, reason) = (60, CorrectionReason::EnteredWrongly);
    let corrected = RecordCorrected { decision: None, minutes, reason, record };
    assert_eq!(code_of(&fixture, &host, corrected, "2026-10-04T01:30:00Z"), None);
    assert_eq!(code_of(&fixture, &home, approved(), NOVEMBER), None);
}

/// Nothing could be made good in the earlier month: it bears on the later one by what a year allows.
#[test]
fn an_objection_that_a_later_final_month_leaves_without_a_remedy_is_refused_when_it_is_raised() {
    let fixture = street();
    let mut rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    rules.version = "final".parse().expect("a version");
    rules.effective_from = month("2026-10");
    rules.closed_month_corrections = Some(ClosedMonthCorrections::Refuse);
    fixture.record(ScoringRulesAdopted { rules: Box::new(rules) }, at(NOVEMBER));
    let subject = fixture.record(visit(), at("2026-09-20T01:00:00Z"));
    let objection = |ground| ObjectionRaised { for_member: false, ground, member: MEMBER, subject };
    close(&fixture, month("2026-09"), STREET);
    assert_eq!(outcome(&fixture, objection(ObjectionGround::TimeWrong), NOVEMBER), None);
    close(&fixture, month("2026-10"), STREET);
    let (month, organization) = (month("2026-10"), organization(STREET));
    let refused = Some(Rejection::ClosedMonthFinal { month, organization });
    assert_eq!(outcome(&fixture, objection(ObjectionGround::PointsWrong), NOVEMBER), refused);
}
