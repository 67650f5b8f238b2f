//! The review chain: each step by its role, at its level, by somebody else; and who may decide an objection afterwards.

use super::fixture::*;
use mingzhang::identity::Actor;
use mingzhang::ledger::Outcome;
use mingzhang_events::*;

/// Three steps: of the branch, of the community, of whoever publishes.
const CHAIN: &str = "review_chain = [\
    { name = \"支部初审\", role = \"reviewer\", level = \"branch\" }, \
    { name = \"社区复核\", role = \"reviewer\", level = \"community\" }, \
    { name = \"街道终审\", role = \"publisher\" }]";

fn under(chain: &str) -> Fixture {
    let fixture = Fixture::new();
    let document = format!(
        "title = \"t\"\nversion = \"chained\"\neffective_from = \"2026-10\"\nreview_required_for = [\"attested\"]\n{chain}\n\
         [disclosure]\nworking_days = 1\n"
    );
    let rules = Box::new(mingzhang_projections::parse_rules(&document).expect("rules"));
    fixture.record(ScoringRulesAdopted { rules }, at(BEFORE));
    fixture
}

fn somebody(name: &str, grant: &str) -> Actor {
    let id = name.parse().expect("an actor");
    Actor { id, member: None, grants: vec![grant.parse().expect("a grant")] }
}

fn branch(name: &str) -> Actor {
    somebody(name, &format!("reviewer@{BRANCH}"))
}

fn community(name: &str) -> Actor {
    somebody(name, &format!("reviewer@{COMMUNITY}"))
}

fn publisher(name: &str) -> Actor {
    somebody(name, &format!("publisher@{STREET}"))
}

fn visit(fixture: &Fixture) -> EventId {
    fixture.record(HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 30 }, at(START))
}

fn approve(fixture: &Fixture, actor: &Actor, record: EventId) {
    fixture.record_as(actor, ServiceApproved { record }, at(END));
}

fn give_back(fixture: &Fixture, actor: &Actor, record: EventId) {
    fixture.record_as(actor, ServiceReturned { reason: ReturnReason::TimeWrong, record }, at(END));
}

fn correct(fixture: &Fixture, actor: &Actor, record: EventId, minutes: u16) {
    let reason = CorrectionReason::ReturnedAndMended;
    fixture.record_as(actor, RecordCorrected { decision: None, minutes, reason, record }, at(START));
}

fn refusal(fixture: &Fixture, actor: &Actor, event: impl Into<Event>) -> &'static str {
    match fixture.try_record(actor, event, at(END)) {
        Outcome::Rejected(rejection) => rejection.code(),
        accepted @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{accepted:?}"),
    }
}

#[test]
fn each_step_is_taken_by_its_role_at_its_level_in_order() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    let approved = || ServiceApproved { record };
    assert_eq!(refusal(&fixture, &publisher("p"), approved()), "role_does_not_reach", "the first isn't a publisher's");
    let elsewhere = somebody("e", &format!("reviewer@{OTHER_BRANCH}"));
    assert_eq!(refusal(&fixture, &elsewhere, approved()), "role_does_not_reach", "of another branch");
    approve(&fixture, &branch("b"), record);
    assert_eq!(refusal(&fixture, &branch("b2"), approved()), "role_does_not_reach", "the second isn't the branch's");
    let returned = ServiceReturned { reason: ReturnReason::TimeWrong, record };
    assert_eq!(refusal(&fixture, &branch("b2"), returned), "role_does_not_reach", "nor its return");
    approve(&fixture, &community("c"), record);
    assert_eq!(refusal(&fixture, &community("c2"), approved()), "role_does_not_reach", "the third is a publisher's");
    approve(&fixture, &publisher("p"), record);
    assert_eq!(refusal(&fixture, &publisher("p2"), approved()), "already_approved");
}

#[test]
fn whose_role_reaches_above_the_level_may_act_for_it() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    approve(&fixture, &somebody("s", &format!("reviewer@{STREET}")), record);
    approve(&fixture, &somebody("everywhere", "reviewer"), record);
    approve(&fixture, &publisher("p"), record);
}

#[test]
fn a_level_that_the_tree_does_not_have_is_acted_for_by_the_next_above() {
    let chain = "review_chain = [{ name = \"小组\", role = \"reviewer\", level = \"group\" }, \
                 { name = \"区级\", role = \"reviewer\", level = \"county\" }]";
    let fixture = under(chain);
    let record = visit(&fixture);
    approve(&fixture, &branch("b"), record);
    assert_eq!(refusal(&fixture, &community("c"), ServiceApproved { record }), "role_does_not_reach");
    // Above the street there is nothing.
    approve(&fixture, &somebody("s", &format!("reviewer@{STREET}")), record);
}

#[test]
fn nobody_takes_two_steps_of_one_record_and_whoever_recorded_it_takes_none() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    let approved = || ServiceApproved { record };
    assert_eq!(refusal(&fixture, &fixture.clerk(), approved()), "review_of_own_record");
    let many = fixture.reviewer();
    approve(&fixture, &many, record);
    assert_eq!(refusal(&fixture, &many, approved()), "earlier_step_taken");
    assert_eq!(refusal(&fixture, &fixture.clerk(), approved()), "review_of_own_record");
    approve(&fixture, &community("c"), record);
    assert_eq!(refusal(&fixture, &many, approved()), "earlier_step_taken", "two steps later, too");
    approve(&fixture, &publisher("p"), record);
    assert_eq!(refusal(&fixture, &many, approved()), "already_approved");
    // Of another record they may take any.
    let other =
        fixture.record(HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 10 }, at("2026-10-04T01:00:00Z"));
    fixture.record_as(&many, ServiceApproved { record: other }, at("2026-10-04T02:00:00Z"));
}

#[test]
fn a_return_or_a_correction_starts_the_review_anew_from_its_first_step() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    let approved = || ServiceApproved { record };
    approve(&fixture, &branch("b"), record);
    give_back(&fixture, &community("c"), record);
    assert_eq!(refusal(&fixture, &branch("b"), approved()), "record_returned");
    correct(&fixture, &fixture.clerk(), record, 20);
    assert_eq!(refusal(&fixture, &publisher("p"), approved()), "role_does_not_reach");
    // Whoever took a step or returned it before may take one now.
    approve(&fixture, &branch("b"), record);
    approve(&fixture, &community("c"), record);
    correct(&fixture, &fixture.clerk(), record, 25);
    approve(&fixture, &branch("b"), record);
    approve(&fixture, &community("c"), record);
    assert_eq!(refusal(&fixture, &branch("b"), approved()), "role_does_not_reach");
    approve(&fixture, &publisher("p"), record);
    give_back(&fixture, &publisher("p"), record);
}

#[test]
fn whoever_corrected_a_record_once_never_reviews_it() {
    let fixture = under("");
    let record = visit(&fixture);
    let first = somebody("first", "recorder");
    let both = Actor { id: first.id, ..fixture.reviewer() };
    correct(&fixture, &first, record, 20);
    correct(&fixture, &somebody("second", "recorder"), record, 25);
    assert_eq!(refusal(&fixture, &both, ServiceApproved { record }), "review_of_own_record");
    approve(&fixture, &branch("b"), record);
}

#[test]
fn rules_adopted_later_count_the_steps_that_follow() {
    let fixture = under("");
    let approved_before = visit(&fixture);
    approve(&fixture, &branch("b"), approved_before);
    let document = format!(
        "title = \"t\"\nversion = \"later\"\neffective_from = \"2026-10\"\nreview_required_for = []\n{CHAIN}\n"
    );
    let rules = Box::new(mingzhang_projections::parse_rules(&document).expect("rules"));
    fixture.record(ScoringRulesAdopted { rules }, at(END));
    let record = approved_before;
    assert_eq!(refusal(&fixture, &publisher("p"), ServiceApproved { record }), "already_approved");
}

#[test]
fn an_objection_is_decided_by_none_of_all_those_whose_hands_the_record_went_through() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    let (b, c, p) = (branch("b"), community("c"), publisher("p"));
    let returner = branch("returner");
    give_back(&fixture, &returner, record);
    let corrector = somebody("corrector", "recorder");
    correct(&fixture, &corrector, record, 20);
    correct(&fixture, &fixture.clerk(), record, 25);
    approve(&fixture, &b, record);
    approve(&fixture, &c, record);
    approve(&fixture, &p, record);
    let (ground, member) = (ObjectionGround::TimeWrong, MEMBER);
    let raiser = somebody("raiser", "recorder");
    let objection =
        fixture.record_as(&raiser, ObjectionRaised { for_member: false, ground, member, subject: record }, at(END));
    let assigned = |to: &Actor| ObjectionAssigned { assignee: to.id, objection };
    for involved in [&fixture.clerk(), &returner, &corrector, &b, &c, &p, &raiser] {
        let code = refusal(&fixture, &fixture.reviewer(), assigned(involved));
        assert_eq!(code, "involved_in_objection", "{}", involved.id);
    }
    let judge = branch("judge");
    fixture.record(assigned(&judge), at(END));
    fixture.record_as(&judge, ObjectionUpheld { clause: None, objection }, at("2026-10-20T04:00:00Z"));
}

#[test]
fn an_objection_to_a_line_is_decided_by_nobody_who_had_one_of_its_records_in_hand() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    let (b, reverser) = (branch("b"), branch("reverser"));
    approve(&fixture, &b, record);
    give_back(&fixture, &community("c"), record);
    let reason = CorrectionReason::FoundUntrue;
    fixture.record_as(&reverser, RecordReversed { decision: None, reason, record }, at(END));
    fixture.clock.set(at("2026-11-03T01:00:00Z"));
    let month = "2026-10".parse().expect("a month");
    let street = organization(STREET);
    fixture.record(MonthFrozen { counts_no_shows: true, month, organization: street }, at("2026-11-03T01:00:00Z"));
    let disclosed = DisclosureOpened {
        digest: "0".repeat(64),
        month,
        organization: street,
        root_hash: "0".repeat(64),
        tree_size: fixture.ledger.head().tree_size,
        until: "2026-11-04".parse().expect("a date"),
        working_days: 1,
    };
    let subject = fixture.record(disclosed, at("2026-11-03T01:00:00Z"));
    let raised = ObjectionRaised { for_member: false, ground: ObjectionGround::PointsWrong, member: MEMBER, subject };
    let objection = fixture.record_as(&somebody("raiser", "recorder"), raised, at("2026-11-03T01:00:00Z"));
    let assigned = |to: &Actor| ObjectionAssigned { assignee: to.id, objection };
    for involved in [&fixture.clerk(), &b, &community("c"), &reverser] {
        let code = refusal(&fixture, &fixture.reviewer(), assigned(involved));
        assert_eq!(code, "involved_in_objection", "{}", involved.id);
    }
    fixture.record(assigned(&branch("judge")), at("2026-11-03T01:00:00Z"));
}

#[test]
fn a_snapshot_of_the_state_still_knows_every_hand() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    approve(&fixture, &fixture.reviewer(), record);
    approve(&fixture, &community("c"), record);
    fixture.ledger.stop();
    let (_, bytes) = fixture.ledger.state_snapshot().expect("a snapshot of a stopped ledger");
    let state = mingzhang::ledger::LedgerState::from_bytes(&bytes).expect("a snapshot");
    assert_eq!(state.to_bytes(), bytes);
    let third = fixture.command(ServiceApproved { record }, at(END));
    let decided = |actor: &Actor| mingzhang::ledger::decide(&state, actor, &third, at("2026-10-20T04:00:00Z"));
    assert_eq!(decided(&fixture.reviewer()).expect_err("took the first").code(), "earlier_step_taken");
    decided(&publisher("p")).expect("somebody else");
}

#[test]
fn the_same_approval_by_two_reviewers_is_two_steps_and_by_one_of_them_a_repeat() {
    let fixture = under(CHAIN);
    let record = visit(&fixture);
    let approve_as = |actor: &Actor| {
        let mut command = fixture.command(ServiceApproved { record }, at(END));
        command.key = mingzhang::ledger::IdempotencyKey::of_fact(&command.event, command.occurred_at);
        fixture.submit(actor, vec![command], mingzhang::ledger::Mode::EachAlone).expect("the store works").remove(0)
    };
    let (first, second) = (fixture.reviewer(), community("c"));
    let log_index = fixture.ledger.head().tree_size;
    for (actor, expected) in [(&first, log_index), (&second, log_index + 1)] {
        let Outcome::Recorded { log_index, id } = approve_as(actor) else { panic!("{} is refused", actor.id) };
        assert_eq!(log_index, expected);
        assert_eq!(approve_as(actor), Outcome::Repeated { log_index, id });
    }
}
