//! Who is challenged can't make a challenge go away: whose an objection is, and who takes it back.

use super::fixture::*;
use super::month10::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Mode, Outcome};
use mingzhang_events::*;

fn own() -> Actor {
    Actor { id: "m-1".parse().expect("an actor"), member: Some(MEMBER), grants: Vec::new() }
}

fn colleague() -> Actor {
    Actor { id: "m-2".parse().expect("an actor"), member: Some(COLLEAGUE), grants: Vec::new() }
}

/// What a fact comes to: the event that it is, or the code of its refusal.
fn tried(month: &Month10, actor: &Actor, event: impl Into<Event>) -> Result<EventId, &'static str> {
    match month.fixture.try_record(actor, event, month.now()) {
        Outcome::Recorded { id, .. } => Ok(id),
        Outcome::Rejected(rejection) => Err(rejection.code()),
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

/// The rules that let others object, and who then does.
fn others() -> [(&'static str, Actor); 2] {
    [("objector_roles = [\"auditor\"]", holder(Role::Auditor)), ("objectors = \"any_member\"", colleague())]
}

const GROUND: ObjectionGround = ObjectionGround::DidNotTakePlace;

#[test]
fn whom_another_s_objection_is_about_does_not_withdraw_it() {
    for (lines, other) in others() {
        let month = Month10::under(lines);
        let objection = tried(&month, &other, raised(month.unreviewed, GROUND)).expect("the rules let them");
        let withdrawn = ObjectionWithdrawn { objection };
        assert_eq!(tried(&month, &own(), withdrawn.clone()), Err("objection_of_others"), "{lines}");
        tried(&month, &other, withdrawn).expect("their own");
    }
}

/// Else who is challenged raises it first, and takes it back once the time is over.
#[test]
fn who_objects_first_takes_nobody_else_s_objection_away() {
    for (lines, other) in others() {
        let month = Month10::under(lines);
        let first = tried(&month, &own(), raised(month.unreviewed, GROUND)).expect("their own record");
        let second = tried(&month, &other, raised(month.unreviewed, GROUND)).expect("they have raised none");
        for actor in [own(), other] {
            assert_eq!(tried(&month, &actor, raised(month.unreviewed, GROUND)), Err("already_objected"), "{lines}");
        }
        tried(&month, &own(), ObjectionWithdrawn { objection: first }).expect("their own");
        assert_eq!(tried(&month, &own(), ObjectionWithdrawn { objection: second }), Err("objection_of_others"));
        tried(&month, &own(), raised(month.unreviewed, GROUND)).expect("that of before was withdrawn");
    }
}

#[test]
fn what_a_recorder_raised_for_a_member_the_member_withdraws() {
    for lines in ["", "objector_roles = [\"auditor\"]", "objectors = \"any_member\""] {
        let month = Month10::under(lines);
        let for_member = || ObjectionRaised { for_member: true, ..raised(month.unreviewed, GROUND) };
        let objection = tried(&month, &month.fixture.clerk(), for_member()).expect("a recorder");
        let again = Actor { id: "another".parse().expect("an actor"), ..holder(Role::Recorder) };
        assert_eq!(tried(&month, &again, for_member()), Err("already_objected"), "the same person's: {lines}");
        assert_eq!(tried(&month, &colleague(), ObjectionWithdrawn { objection }), Err("objection_of_others"));
        tried(&month, &own(), ObjectionWithdrawn { objection }).expect("it is theirs");
    }
}

#[test]
fn only_a_recorder_speaks_for_a_member() {
    for (lines, other) in others() {
        let month = Month10::under(lines);
        let for_member = ObjectionRaised { for_member: true, ..raised(month.unreviewed, GROUND) };
        assert_eq!(tried(&month, &other, for_member), Err("role_does_not_reach"), "{lines}");
    }
}

/// Before there was a word for it, nobody but who spoke for the member could have raised it.
#[test]
fn under_rules_that_let_nobody_else_object_every_objection_is_the_member_s() {
    let month = Month10::open();
    tried(&month, &own(), ObjectionWithdrawn { objection: month.objection }).expect("raised for them");
}

/// Else a deduction would first be seen once nobody can object to it.
#[test]
fn a_month_is_frozen_with_its_no_shows() {
    let month = Month10::open();
    let freeze =
        |counts_no_shows| MonthFrozen { counts_no_shows, month: self::month(), organization: organization(STREET) };
    let publisher = holder(Role::Publisher);
    assert_eq!(tried(&month, &publisher, freeze(false)), Err("content_out_of_range"));
    tried(&month, &publisher, freeze(true)).expect("a publisher");
}

const DISCLOSED_AT: &str = OVER;

/// The community's month is disclosed for longer than the street's.
fn disclosed_twice() -> Month10 {
    let month = Month10::open().withdraw();
    let community = organization(COMMUNITY);
    let freeze = MonthFrozen { counts_no_shows: true, month: self::month(), organization: community };
    month.fixture.record(freeze, at(DISCLOSED_AT));
    let until = "2026-12-01".parse().expect("a date");
    let longer = DisclosureOpened { organization: community, until, working_days: 20, ..month.disclosure() };
    month.fixture.record(longer, at(DISCLOSED_AT));
    month.freeze().disclose().wait()
}

#[test]
fn a_disclosure_above_does_not_cut_a_longer_one_short() {
    let month = disclosed_twice();
    tried(&month, &own(), raised(month.unreviewed, GROUND)).expect("shown to them until December");
    let last = "2026-12-01T15:59:59Z";
    month.fixture.clock.set(at(last));
    tried(&month, &own(), raised(month.unreviewed, ObjectionGround::TimeWrong)).expect("the last day");
    month.fixture.clock.set(at("2026-12-01T16:00:00Z"));
    let late = raised(month.unreviewed, ObjectionGround::MemberWrong);
    assert_eq!(tried(&month, &own(), late), Err("objection_too_late"));
}

#[test]
fn a_month_is_closed_once_every_disclosure_of_it_or_of_a_part_is_over() {
    let month = disclosed_twice();
    let publisher = holder(Role::Publisher);
    let close = |of| MonthClosed { month: self::month(), organization: organization(of) };
    for of in [STREET, COMMUNITY] {
        assert_eq!(tried(&month, &publisher, close(of)), Err("disclosure_running"), "{of}");
    }
    month.fixture.clock.set(at("2026-12-01T16:00:00Z"));
    tried(&month, &publisher, close(STREET)).expect("both are over");
}

#[test]
fn the_rules_say_whether_any_member_may_object_and_a_stranger_never_may() {
    let stranger = Actor { member: None, ..colleague() };
    for (lines, outcome) in [("", Some("role_does_not_reach")), ("objectors = \"any_member\"", None)] {
        let month = Month10::under(lines);
        let objection = || raised(month.unreviewed, ObjectionGround::MemberWrong);
        assert_eq!(tried(&month, &stranger, objection()), Err("role_does_not_reach"));
        let code = match month.fixture.try_record(&colleague(), objection(), month.now()) {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
        };
        assert_eq!(code, outcome, "{lines}");
    }
}

#[test]
fn the_rules_may_name_roles_whose_holders_over_the_branch_may_object() {
    let elsewhere =
        |role: Role| Actor { grants: vec![format!("{role}@420902001002").parse().expect("a grant")], ..holder(role) };
    for (lines, auditor, reviewer) in [
        ("", Some("role_does_not_reach"), Some("role_does_not_reach")),
        ("objector_roles = [\"auditor\"]", None, Some("role_does_not_reach")),
        ("objector_roles = [\"reviewer\", \"auditor\"]", None, None),
    ] {
        let month = Month10::under(lines).freeze().disclose();
        let object = |actor: &Actor, when: Instant| {
            let objection = raised(month.unreviewed, ObjectionGround::MemberWrong);
            match month.fixture.submit(actor, vec![month.fixture.command(objection, when)], Mode::DryRun) {
                Ok(outcomes) => match &outcomes[0] {
                    Outcome::Rejected(rejection) => Some(rejection.code()),
                    Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
                },
                Err(failure) => panic!("{failure}"),
            }
        };
        assert_eq!(object(&holder(Role::Auditor), month.now()), auditor, "{lines}");
        assert_eq!(object(&holder(Role::Reviewer), month.now()), reviewer, "{lines}");
        assert_eq!(object(&elsewhere(Role::Auditor), month.now()), Some("role_does_not_reach"), "{lines}");
        let yesterday = object(&holder(Role::Auditor), at("2026-11-02T01:00:00Z"));
        assert_eq!(yesterday, auditor.or(Some("not_of_today")), "{lines}");
    }
}

fn upheld(month: &Month10) -> EventId {
    tried(month, &judge(), ObjectionUpheld { clause: None, objection: month.objection }).expect("assigned to them")
}

fn reversed(month: &Month10, decision: Option<EventId>) -> RecordReversed {
    let reason = if decision.is_some() { CorrectionReason::ObjectionUpheld } else { CorrectionReason::EnteredWrongly };
    RecordReversed { decision, reason, record: month.unreviewed }
}

/// Else it would wait for ever for a correction that nobody can make any more.
#[test]
fn a_reversal_answers_what_was_upheld_about_the_record_whether_or_not_it_names_it() {
    for names_it in [false, true] {
        let month = Month10::open();
        let decision = upheld(&month);
        let reversal = reversed(&month, names_it.then_some(decision));
        let reversal = tried(&month, &holder(Role::Reviewer), reversal).expect("a reviewer");
        let log_index = month.fixture.ledger.head().tree_size - 1;
        let mut models = mingzhang_projections::ReadModels::new();
        for (log_index, entry) in (0..).zip(month.fixture.ledger.entries(0, log_index + 1).expect("entries")) {
            models.apply(log_index, &decode(&entry.bytes).expect("an event"));
        }
        let answered: Vec<_> = models.objections_about(MEMBER).into_iter().map(|of| of.corrections).collect();
        assert_eq!(answered, [vec![log_index]], "{reversal}: {names_it}");
        // One decision admits one fact: the reversal is it only if it names the decision.
        let month = month.freeze();
        let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
        let granted = PointsGranted { clause, decision: Some(decision), member: MEMBER, points };
        let granted = month.fixture.try_record(&holder(Role::Publisher), granted, at(END));
        let code = if let Outcome::Rejected(rejection) = &granted { Some(rejection.code()) } else { None };
        assert_eq!(code, names_it.then_some("decision_answered"));
    }
}

#[test]
fn an_objection_to_what_was_reversed_since_is_not_upheld() {
    let month = Month10::open();
    tried(&month, &holder(Role::Reviewer), reversed(&month, None)).expect("a reviewer");
    let uphold = ObjectionUpheld { clause: None, objection: month.objection };
    assert_eq!(tried(&month, &judge(), uphold), Err("record_reversed"));
    let (objection, reason) = (month.objection, DismissalReason::CorrectedAlready);
    tried(&month, &judge(), ObjectionDismissed { clause: None, objection, reason }).expect("corrected already");
}
