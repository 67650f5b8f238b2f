//! Every refusal, by its code: a situation in which the rules say no, and say why.

use super::fixture::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome, Rejection};
use mingzhang_events::*;
use std::collections::BTreeSet;

/// Refused as the clerk.
fn refused(fixture: &Fixture, event: impl Into<Event>, when: &str) -> Rejection {
    refused_as(fixture, &fixture.clerk(), event, when)
}

fn refused_as(fixture: &Fixture, actor: &Actor, event: impl Into<Event>, when: &str) -> Rejection {
    let before = fixture.ledger.head();
    match fixture.try_record(actor, event, at(when)) {
        Outcome::Rejected(rejection) => {
            assert_eq!(fixture.ledger.head(), before, "a refusal records nothing");
            rejection
        }
        accepted @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{accepted:?}"),
    }
}

fn close_october(fixture: &Fixture) {
    fixture.clock.set(at("2026-11-03T00:00:00Z"));
    let closed = MonthClosed { month: "2026-10".parse().expect("a month"), organization: organization(STREET) };
    fixture.record(closed, at("2026-11-03T00:00:00Z"));
}

/// Suspends the right to record of whom [`Fixture::with_role`] makes.
fn suspend(fixture: &Fixture, until: Option<jiff::civil::Date>) {
    let (reason, recorder) = (SuspensionReason::UnderInvestigation, "somebody".parse().expect("an actor"));
    fixture.record(RecordingSuspended { reason, recorder, until }, at(BEFORE));
}

fn visit(minutes: u16) -> HomeVisitMade {
    HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes }
}

fn established(code: &str, parent: Option<&str>) -> OrganizationEstablished {
    let (name, organization, parent) = ("网格党支部".to_owned(), organization(code), parent.map(organization));
    OrganizationEstablished { level: OrganizationLevel::Branch, name, organization, parent }
}

fn grant(clause: &str, points: &str) -> PointsGranted {
    let (clause, points) = (clause.parse().expect("a clause"), points.parse().expect("points"));
    PointsGranted { decision: None, clause, member: MEMBER, points }
}

fn transferred(code: &str) -> MemberTransferred {
    MemberTransferred { decision: None, member: MEMBER, organization: organization(code) }
}

fn an_award_clause() -> AwardClause {
    let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    rules.awards.into_iter().next().expect("the default rules have an award clause")
}

fn notice(tree_size: u64) -> NoticeIssued {
    NoticeIssued {
        digest: "0".repeat(64),
        format: None,
        month: "2026-10".parse().expect("a month"),
        number: "〔2026〕10号".to_owned(),
        organization: organization(STREET),
        root_hash: "0".repeat(64),
        supersedes: None,
        tree_size,
    }
}

fn rules(version: &str, effective_from: &str) -> ScoringRulesAdopted {
    let mut rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    rules.version = version.parse().expect("a version");
    rules.effective_from = effective_from.parse().expect("a month");
    ScoringRulesAdopted { rules: Box::new(rules) }
}

/// Rules from October on with a reset, a veto, a clause for grants only, and further lines.
fn rules_of_october(lines: &str) -> ScoringRulesAdopted {
    let document = format!(
        "title = \"t\"\nversion = \"october\"\neffective_from = \"2026-10\"\nreview_required_for = []\n{lines}\n\
         [[awards]]\nclause = \"1\"\nname = \"n\"\npoints_max = \"5\"\nonly = \"grant\"\n\
         [[resets]]\nclause = \"5\"\nname = \"n\"\nperiod = \"year\"\n\
         [[vetoes]]\nclause = \"6\"\nname = \"n\"\nperiod = \"month\"\n"
    );
    ScoringRulesAdopted { rules: Box::new(mingzhang_projections::parse_rules(&document).expect("rules")) }
}

fn clause(text: &str) -> ClauseId {
    text.parse().expect("a clause")
}

type Situation = fn(&Fixture) -> Rejection;

/// The code, and a situation that leads to it.
const SITUATIONS: &[(&str, Situation)] = &[
    ("key_reused_with_other_content", |fixture| {
        let mut first = fixture.command(check_in(), at(START));
        first.key = fixture.key("the-same");
        let mut second = fixture.command(check_out(), at(END));
        second.key = fixture.key("the-same");
        let outcomes = fixture.submit(&fixture.clerk(), vec![first, second], Mode::EachAlone).expect("the store works");
        match outcomes.into_iter().nth(1) {
            Some(Outcome::Rejected(rejection)) => rejection,
            other => panic!("{other:?}"),
        }
    }),
    ("content_out_of_range", |fixture| refused(fixture, visit(0), START)),
    ("occurred_in_the_future", |fixture| refused(fixture, check_in(), "2026-10-20T04:00:01Z")),
    ("evidence_not_accepted", |fixture| {
        let mut command = fixture.command(check_in(), at(START));
        command.evidence = Evidence::Office;
        match fixture.submit(&fixture.clerk(), vec![command], Mode::EachAlone).expect("the store works").remove(0) {
            Outcome::Rejected(rejection) => rejection,
            other @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
        }
    }),
    ("unknown_organization", |fixture| refused(fixture, established("9-01", Some("9")), BEFORE)),
    ("unknown_member", |fixture| refused(fixture, MemberCheckedIn { activity: PATROL, member: MemberId(99) }, START)),
    ("unknown_activity", |fixture| {
        refused(fixture, MemberCheckedIn { activity: ActivityId(99), member: MEMBER }, START)
    }),
    ("unknown_record", |fixture| refused(fixture, ServiceApproved { record: EventId(99) }, START)),
    ("role_does_not_reach", |fixture| {
        let elsewhere = fixture.with_role(Role::Recorder, OTHER_BRANCH);
        refused_as(fixture, &elsewhere, check_in(), START)
    }),
    ("month_closed", |fixture| {
        close_october(fixture);
        refused(fixture, check_in(), START)
    }),
    ("organization_not_yet_established", |fixture| {
        refused(fixture, established("420902001001-03", Some(COMMUNITY)), "2026-08-01T00:00:00Z")
    }),
    ("organization_dissolved", |fixture| {
        fixture.record(OrganizationDissolved { organization: organization(OTHER_BRANCH) }, at(BEFORE));
        refused(fixture, transferred(OTHER_BRANCH), START)
    }),
    ("organization_exists", |fixture| refused(fixture, established(BRANCH, Some(COMMUNITY)), BEFORE)),
    ("root_exists", |fixture| refused(fixture, established("4209", None), BEFORE)),
    ("organization_below_itself", |fixture| {
        refused(
            fixture,
            OrganizationMoved { organization: organization(COMMUNITY), parent: organization(BRANCH) },
            BEFORE,
        )
    }),
    ("organization_not_empty", |fixture| {
        refused(fixture, OrganizationDissolved { organization: organization(BRANCH) }, BEFORE)
    }),
    ("already_on_roster", |fixture| {
        let class = MemberClass::Resident;
        refused(fixture, MemberRostered { class, member: MEMBER, organization: organization(OTHER_BRANCH) }, BEFORE)
    }),
    ("not_on_roster", |fixture| {
        fixture.record(MemberLeft { decision: None, member: MEMBER, reason: LeavingReason::MovedAway }, at(BEFORE));
        refused(fixture, check_in(), START)
    }),
    ("already_in_branch", |fixture| refused(fixture, transferred(BRANCH), BEFORE)),
    ("already_enrolled", |fixture| {
        let enrolled = MemberEnrolled { decision: None, community: organization(COMMUNITY), member: MEMBER };
        fixture.record(enrolled.clone(), at(BEFORE));
        refused(fixture, enrolled, START)
    }),
    ("not_enrolled", |fixture| {
        refused(fixture, EnrollmentEnded { decision: None, community: organization(COMMUNITY), member: MEMBER }, BEFORE)
    }),
    ("activity_exists", |fixture| {
        let (class, kind) = (ActivityClass::Voluntary, ActivityKind::Service);
        let (starts_at, ends_at) = (at(START), at(END));
        let organization = organization(COMMUNITY);
        refused(
            fixture,
            ActivityScheduled {
                activity: PATROL,
                class,
                emergency_grade: None,
                ends_at,
                kind,
                organization,
                starts_at,
            },
            BEFORE,
        )
    }),
    ("activity_times_wrong", |fixture| {
        let (class, kind) = (ActivityClass::Voluntary, ActivityKind::Service);
        let (starts_at, ends_at) = (at(END), at(START));
        let (activity, organization) = (ActivityId(9), organization(COMMUNITY));
        refused(
            fixture,
            ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at },
            BEFORE,
        )
    }),
    ("activity_cancelled", |fixture| {
        fixture.record(ActivityCancelled { activity: PATROL, reason: CancellationReason::Weather }, at(BEFORE));
        refused(fixture, check_in(), START)
    }),
    ("activity_started", |fixture| refused(fixture, MemberSignedUp { activity: PATROL, member: MEMBER }, START)),
    ("already_signed_up", |fixture| {
        fixture.record(MemberSignedUp { activity: PATROL, member: MEMBER }, at(BEFORE));
        refused(fixture, MemberSignedUp { activity: PATROL, member: MEMBER }, BEFORE)
    }),
    ("not_signed_up", |fixture| refused(fixture, SignUpWithdrawn { activity: PATROL, member: MEMBER }, BEFORE)),
    ("outside_activity_time", |fixture| refused(fixture, check_in(), "2026-10-03T08:59:00Z")),
    ("kind_has_no_attendance", |fixture| {
        let outcome = AttendanceOutcome::Attended;
        refused(fixture, AttendanceRecorded { activity: PATROL, member: MEMBER, outcome }, START)
    }),
    ("already_recorded", |fixture| {
        fixture.record(check_in(), at(START));
        refused(fixture, check_in(), START)
    }),
    ("not_checked_in", |fixture| refused(fixture, check_out(), END)),
    ("check_out_before_check_in", |fixture| {
        fixture.record(check_in(), at(START));
        refused(fixture, check_out(), "2026-10-03T11:04:00Z")
    }),
    ("stretch_too_long", |fixture| {
        fixture.record(check_in(), at(START));
        refused(fixture, check_out(), "2026-10-04T00:00:00Z")
    }),
    ("overlaps_other_service", |fixture| {
        fixture.record(check_in(), at(START));
        refused(fixture, MemberCheckedIn { activity: OTHER_PATROL, member: MEMBER }, "2026-10-03T11:30:00Z")
    }),
    ("already_paired", |fixture| {
        let (household, organization) = (HOUSEHOLD, organization(COMMUNITY));
        refused(fixture, HardshipPairingFormed { household, member: MEMBER, organization }, BEFORE)
    }),
    ("not_paired", |fixture| {
        refused(fixture, HomeVisitMade { household: HOUSEHOLD, member: COLLEAGUE, minutes: 30 }, START)
    }),
    ("name_consent_not_confirmed", |fixture| {
        let mut consent = fixture.command(NameConsentGiven { member: MEMBER }, at(BEFORE));
        consent.evidence = Evidence::Imported;
        let outcomes = fixture.submit(&fixture.clerk(), vec![consent], Mode::EachAlone).expect("the store works");
        let [Outcome::Rejected(rejection)] = outcomes.as_slice() else { panic!("{outcomes:?}") };
        rejection.clone()
    }),
    ("person_erased", |fixture| {
        fixture.record(PersonErased { member: MEMBER }, at(BEFORE));
        refused(fixture, NameConsentGiven { member: MEMBER }, BEFORE)
    }),
    ("name_consent_in_force", |fixture| {
        fixture.record(NameConsentGiven { member: MEMBER }, at(BEFORE));
        refused(fixture, NameConsentGiven { member: MEMBER }, BEFORE)
    }),
    ("no_name_consent", |fixture| {
        fixture.record(NameConsentGiven { member: MEMBER }, at(BEFORE));
        fixture.record(NameConsentWithdrawn { member: MEMBER }, at(BEFORE));
        refused(fixture, NameConsentWithdrawn { member: MEMBER }, BEFORE)
    }),
    ("recording_suspended", |fixture| {
        suspend(fixture, None);
        refused_as(fixture, &fixture.with_role(Role::Recorder, STREET), check_in(), START)
    }),
    ("recording_suspended_already", |fixture| {
        suspend(fixture, None);
        let (reason, recorder) = (SuspensionReason::RepeatedErrors, "somebody".parse().expect("an actor"));
        refused(fixture, RecordingSuspended { reason, recorder, until: None }, BEFORE)
    }),
    ("recording_not_suspended", |fixture| {
        refused(fixture, RecordingRestored { recorder: "somebody".parse().expect("an actor") }, BEFORE)
    }),
    ("already_on_duty_roster", |fixture| {
        let (date, organization) = (jiff::civil::date(2026, 10, 5), organization(COMMUNITY));
        let rostered = DutyRostered { date, member: MEMBER, organization };
        fixture.record(rostered.clone(), at(BEFORE));
        refused(fixture, rostered, BEFORE)
    }),
    ("not_on_duty_roster", |fixture| {
        let organization = organization(COMMUNITY);
        refused(fixture, DutyServed { member: MEMBER, minutes: 240, organization }, START)
    }),
    ("review_of_own_record", |fixture| {
        let record = fixture.record(visit(30), at(START));
        refused(fixture, ServiceApproved { record }, END)
    }),
    ("about_oneself", |fixture| {
        let record = fixture.record(visit(30), at(START));
        let oneself = Actor { member: Some(MEMBER), ..fixture.reviewer() };
        refused_as(fixture, &oneself, ServiceApproved { record }, END)
    }),
    ("record_reversed", |fixture| {
        let record = fixture.record(visit(30), at(START));
        fixture.record(RecordReversed { decision: None, reason: CorrectionReason::EnteredWrongly, record }, at(END));
        refused_as(fixture, &fixture.reviewer(), ServiceApproved { record }, END)
    }),
    ("record_open", |fixture| {
        let record = fixture.record(check_in(), at(START));
        refused_as(fixture, &fixture.reviewer(), ServiceApproved { record }, END)
    }),
    ("already_approved", |fixture| {
        let record = fixture.record(visit(30), at(START));
        fixture.record_as(&fixture.reviewer(), ServiceApproved { record }, at(END));
        refused_as(fixture, &fixture.reviewer(), ServiceApproved { record }, END)
    }),
    ("earlier_step_taken", |fixture| {
        let step = "{ name = \"n\", role = \"reviewer\" }";
        fixture.record(rules_of_october(&format!("review_chain = [{step}, {step}]")), at(BEFORE));
        let record = fixture.record(visit(30), at(START));
        fixture.record_as(&fixture.reviewer(), ServiceApproved { record }, at(END));
        refused_as(fixture, &fixture.reviewer(), ServiceApproved { record }, END)
    }),
    ("record_returned", |fixture| {
        let record = fixture.record(visit(30), at(START));
        let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record };
        fixture.record_as(&fixture.reviewer(), returned, at(END));
        refused_as(fixture, &fixture.reviewer(), ServiceApproved { record }, END)
    }),
    ("correction_in_other_month", |fixture| {
        let record = fixture.record(visit(30), at(START));
        let reason = CorrectionReason::EnteredWrongly;
        refused(fixture, RecordCorrected { decision: None, minutes: 30, reason, record }, "2026-09-30T10:00:00Z")
    }),
    ("has_no_service_time", |fixture| {
        let record = fixture.record(grant(an_award_clause().clause.as_str(), "0.01"), at(START));
        let reason = CorrectionReason::EnteredWrongly;
        refused(fixture, RecordCorrected { decision: None, minutes: 30, reason, record }, START)
    }),
    ("closed_month_final", |fixture| {
        fixture.record(rules_of_october("closed_month_corrections = \"refuse\""), at(BEFORE));
        let record = fixture.record(visit(30), at(START));
        close_october(fixture);
        refused(fixture, RecordReversed { decision: None, reason: CorrectionReason::EnteredWrongly, record }, END)
    }),
    ("already_in_class", |fixture| {
        let class = MemberClass::Deployed;
        fixture.record(MemberReclassified { decision: None, class, member: MEMBER }, at(START));
        refused(fixture, MemberReclassified { decision: None, class, member: MEMBER }, END)
    }),
    ("roster_changed_since", |fixture| {
        fixture.record(MemberReclassified { decision: None, class: MemberClass::Deployed, member: MEMBER }, at(END));
        refused(fixture, transferred(OTHER_BRANCH), START)
    }),
    ("not_a_veto_or_reset", |fixture| {
        let decision = fixture.record(grant(an_award_clause().clause.as_str(), "0.01"), at(START));
        refused(fixture, DecisionQuashed { decision, reason: QuashingReason::Reviewed }, END)
    }),
    ("clause_of_other_direction", |fixture| {
        fixture.record(rules_of_october(""), at(BEFORE));
        let points = "1".parse().expect("points");
        refused(fixture, PointsDeducted { decision: None, clause: clause("1"), member: MEMBER, points }, START)
    }),
    ("unknown_clause", |fixture| refused(fixture, grant("99.9", "1"), START)),
    ("points_above_clause", |fixture| refused(fixture, grant(an_award_clause().clause.as_str(), "999999"), START)),
    ("rules_faulty", |fixture| {
        let mut faulty = rules("2027-1", "2027-01");
        faulty.rules.title = String::new();
        refused(fixture, faulty, BEFORE)
    }),
    ("rules_version_exists", |fixture| {
        let version = an_existing_version();
        refused(fixture, rules(&version, "2027-01"), BEFORE)
    }),
    ("rules_for_settled_month", |fixture| {
        close_october(fixture);
        refused(fixture, rules("2027-2", "2026-10"), "2026-11-03T00:00:00Z")
    }),
    ("month_not_over", |fixture| {
        let closed = MonthClosed { month: "2026-10".parse().expect("a month"), organization: organization(STREET) };
        refused(fixture, closed, "2026-10-20T04:00:00Z")
    }),
    ("no_rules_in_force", |fixture| {
        let closed = MonthClosed { month: "2025-10".parse().expect("a month"), organization: organization(STREET) };
        refused(fixture, closed, "2026-10-20T04:00:00Z")
    }),
    ("month_not_closed", |fixture| refused(fixture, notice(1), "2026-10-20T04:00:00Z")),
    ("notice_number_used", |fixture| {
        close_october(fixture);
        let closed = fixture.ledger.head().tree_size;
        fixture.record(notice(closed), at("2026-11-03T00:00:00Z"));
        refused(fixture, notice(closed), "2026-11-03T00:00:00Z")
    }),
    ("notice_exists", |fixture| {
        close_october(fixture);
        let closed = fixture.ledger.head().tree_size;
        fixture.record(notice(closed), at("2026-11-03T00:00:00Z"));
        refused(fixture, NoticeIssued { number: "〔2026〕2号".to_owned(), ..notice(closed) }, "2026-11-03T00:00:00Z")
    }),
    ("checkpoint_beyond_log", |fixture| {
        close_october(fixture);
        refused(fixture, notice(9_999), "2026-11-03T00:00:00Z")
    }),
    ("handover_not_proved", |fixture| {
        let (handover, old_key, new_key) = (String::new(), fixture.ledger.verifier_key(), String::new());
        refused(fixture, SigningKeyRotated { handover, new_key, old_key }, BEFORE)
    }),
];

fn an_existing_version() -> String {
    let rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    rules.version.to_string()
}

#[test]
fn each_situation_is_refused_with_its_own_code_and_records_nothing() {
    for (code, situation) in SITUATIONS {
        assert_eq!(situation(&Fixture::new()).code(), *code);
    }
}

#[test]
fn every_code_has_a_situation() {
    let of_months = super::lifecycle::SITUATIONS.iter().map(|(code, _)| *code);
    let of_documents = super::documents::SITUATIONS.iter().map(|(code, _)| *code);
    let tested: BTreeSet<&str> =
        SITUATIONS.iter().map(|(code, _)| *code).chain(of_months).chain(of_documents).collect();
    let known: BTreeSet<&str> = Rejection::CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(tested, known);
}

#[test]
fn every_refusal_says_in_both_languages_what_is_wrong_and_what_to_do_next() {
    let of_months = super::lifecycle::SITUATIONS.iter().map(|(code, situation)| (code, situation()));
    let all = SITUATIONS.iter().map(|(code, situation)| (code, situation(&Fixture::new())));
    let of_documents = super::documents::SITUATIONS.iter().map(|(code, situation)| (code, situation()));
    for (code, rejection) in all.chain(of_months).chain(of_documents) {
        let (chinese, english) =
            (mingzhang::ledger::wording::chinese(&rejection), mingzhang::ledger::wording::english(&rejection));
        assert!(chinese.chars().any(|character| character > '\u{4e00}'), "{code}: {chinese}");
        assert!(english.is_ascii() && english.len() > 20, "{code}: {english}");
        assert!(chinese.contains('请') || chinese.contains("不必") || chinese.contains("只能用"), "{code}: {chinese}");
        let meaning = Rejection::CODES.iter().find(|(known, _)| known == code).map_or("", |(_, meaning)| meaning);
        assert!(meaning.contains([':', ';']) || meaning.contains(". "), "{code} says no next step: {meaning}");
        for of_a_program in ["Some(", "None", "{", "}", "::"] {
            assert!(!english.contains(of_a_program), "{code} says {of_a_program:?}: {english}");
            assert!(!chinese.contains(of_a_program), "{code} says {of_a_program:?}: {chinese}");
        }
    }
}

#[test]
fn a_suspended_recorder_keeps_other_roles_and_records_again_once_restored_or_when_it_has_run_out() {
    let fixture = Fixture::new();
    let record = fixture.record(visit(30), at(START));
    let recorder = fixture.with_role(Role::Recorder, STREET);
    // It is 20 October in the fixture.
    suspend(&fixture, Some(jiff::civil::date(2026, 10, 20)));
    let signed_up = || MemberSignedUp { activity: PATROL, member: MEMBER };
    let refusal = refused_as(&fixture, &recorder, signed_up(), BEFORE);
    assert_eq!(refusal.code(), "recording_suspended", "whatever a recorder records");
    fixture.record_as(&fixture.with_role(Role::Reviewer, STREET), ServiceApproved { record }, at(END));
    fixture.clock.set(at("2026-10-20T16:00:00Z"));
    fixture.record_as(&recorder, signed_up(), at(BEFORE));

    suspend(&fixture, None);
    let checked_in = || MemberCheckedIn { activity: PATROL, member: COLLEAGUE };
    assert_eq!(refused_as(&fixture, &recorder, checked_in(), START).code(), "recording_suspended");
    let restored = || RecordingRestored { recorder: recorder.id };
    let oneself = Actor { id: recorder.id, ..fixture.clerk() };
    assert_eq!(refused_as(&fixture, &oneself, restored(), BEFORE).code(), "about_oneself");
    let of_a_part = fixture.with_role(Role::Operator, COMMUNITY);
    assert_eq!(refused_as(&fixture, &of_a_part, restored(), BEFORE).code(), "role_does_not_reach");
    fixture.record(restored(), at(BEFORE));
    fixture.record_as(&recorder, checked_in(), at(START));
}

#[test]
fn a_correction_is_taken_in_a_closed_month_and_then_reviewed() {
    let fixture = Fixture::new();
    let record = fixture.record(visit(30), at(START));
    close_october(&fixture);
    let reviewer = fixture.reviewer();
    assert_eq!(refused_as(&fixture, &reviewer, ServiceApproved { record }, END).code(), "month_closed");
    fixture.record(
        RecordCorrected { decision: None, minutes: 20, reason: CorrectionReason::EnteredWrongly, record },
        at(START),
    );
    fixture.record_as(&reviewer, ServiceApproved { record }, at(END));
}

#[test]
fn in_a_closed_month_only_a_publisher_corrects() {
    let fixture = Fixture::new();
    let record = fixture.record(visit(30), at(START));
    close_october(&fixture);
    let corrected = RecordCorrected { decision: None, minutes: 20, reason: CorrectionReason::EnteredWrongly, record };
    let recorder = fixture.with_role(Role::Recorder, STREET);
    assert_eq!(refused_as(&fixture, &recorder, corrected.clone(), START).code(), "role_does_not_reach");
    fixture.record_as(&fixture.with_role(Role::Publisher, STREET), corrected, at(START));
}

#[test]
fn a_reset_or_veto_needs_its_own_clause_and_is_quashed_once() {
    let fixture = Fixture::new();
    fixture.record(rules_of_october(""), at(BEFORE));
    let (reset, veto) = (
        |text| PointsReset { clause: clause(text), member: MEMBER },
        |text| PointsVetoed { clause: clause(text), member: MEMBER },
    );
    assert_eq!(refused(&fixture, reset("6"), START).code(), "unknown_clause");
    assert_eq!(refused(&fixture, veto("5"), START).code(), "unknown_clause");
    let recorder = fixture.with_role(Role::Recorder, STREET);
    assert_eq!(refused_as(&fixture, &recorder, reset("5"), START).code(), "role_does_not_reach");
    for decision in [fixture.record(reset("5"), at(START)), fixture.record(veto("6"), at(START))] {
        let quashed = DecisionQuashed { decision, reason: QuashingReason::ProcedureWrong };
        assert_eq!(refused(&fixture, ServiceApproved { record: decision }, END).code(), "review_of_own_record");
        fixture.record(quashed.clone(), at(END));
        assert_eq!(refused(&fixture, quashed, END).code(), "record_reversed");
    }
}

#[test]
fn a_chain_of_one_step_says_who_approves() {
    let fixture = Fixture::new();
    let chain = "review_chain = [{ name = \"终审\", role = \"publisher\" }]";
    fixture.record(rules_of_october(chain), at(BEFORE));
    let record = fixture.record(visit(30), at(START));
    let approved = || ServiceApproved { record };
    let reviewer = fixture.with_role(Role::Reviewer, STREET);
    assert_eq!(refused_as(&fixture, &reviewer, approved(), END).code(), "role_does_not_reach");
    fixture.record_as(&fixture.with_role(Role::Publisher, STREET), approved(), at(END));
}

#[test]
fn the_grade_of_an_emergency_is_for_mobilisation_only() {
    let fixture = Fixture::new();
    let scheduled = |kind: ActivityKind, number: u64| ActivityScheduled {
        activity: ActivityId(number),
        class: ActivityClass::Duty,
        emergency_grade: Some(EmergencyGrade::Serious),
        ends_at: at(END),
        kind,
        organization: organization(COMMUNITY),
        starts_at: at(START),
    };
    assert_eq!(refused(&fixture, scheduled(ActivityKind::Service, 7_001), BEFORE).code(), "content_out_of_range");
    fixture.record(scheduled(ActivityKind::Mobilization, 7_002), at(BEFORE));
}

#[test]
fn a_late_check_in_takes_the_place_of_a_check_in_without_check_out() {
    let fixture = Fixture::new();
    fixture.record(check_in(), at(START));
    let reason = LateCheckInReason::Forgotten;
    let late = LateCheckInRecorded { activity: PATROL, ended_at: at(END), member: MEMBER, reason };
    fixture.record(late.clone(), at(START));
    assert_eq!(refused(&fixture, late, START).code(), "already_recorded");
}

#[test]
fn a_role_reaches_everything_below_its_organization_and_nothing_beside_it() {
    for (scope, code) in [(STREET, None), (COMMUNITY, None), (BRANCH, Some("role_does_not_reach"))] {
        let fixture = Fixture::new();
        // The patrol is the community's: a branch's recorder can't record for it.
        let outcome = fixture.try_record(&fixture.with_role(Role::Recorder, scope), check_in(), at(START));
        let refused_with = match &outcome {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
        };
        assert_eq!(refused_with, code, "{scope}");
    }
}

#[test]
fn rules_that_no_entry_could_hold_are_refused_and_the_ledger_goes_on() {
    let fixture = Fixture::new();
    let mut long = rules("2027-1", "2027-01");
    let item = long.rules.items[0].clone();
    long.rules.items = (0..200)
        .map(|number| ScoringItem {
            clause: format!("7.{number}").parse().expect("a clause"),
            name: "条".repeat(NAME_CHARACTERS_MAX),
            ..item.clone()
        })
        .collect();
    let Rejection::RulesFaulty { fault } = refused(&fixture, long, BEFORE) else {
        panic!("refused for another reason")
    };
    assert!(fault.contains("bytes"), "for its length and nothing else: {fault}");
    fixture.record(check_in(), at(START));
}

#[test]
fn an_organisation_whose_name_turns_the_direction_of_writing_is_refused() {
    let fixture = Fixture::new();
    let (level, parent) = (OrganizationLevel::Branch, Some(organization(COMMUNITY)));
    for (name, refusal) in [("第三网格\u{202e}部支党", Some("content_out_of_range")), ("第三网格党支部", None)]
    {
        let (name, organization) = (name.to_owned(), organization("420902001001-77"));
        let outcome = fixture.try_record(
            &fixture.clerk(),
            OrganizationEstablished { level, name, organization, parent },
            at(BEFORE),
        );
        let code = match &outcome {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
        };
        assert_eq!(code, refusal, "{outcome:?}");
    }
}
