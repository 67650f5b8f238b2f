//! A month from its freeze to its notice, and the objections to it.

use super::closing::closed_is_final;
use super::fixture::*;
use super::month10::*;
use mingzhang::identity::{Actor, Role};
use mingzhang::ledger::{Outcome, Rejection};
use mingzhang_events::*;

/// What a fact is refused with.
fn refused(month: &Month10, actor: &Actor, event: impl Into<Event>) -> Rejection {
    refused_at(month, actor, event, month.now())
}

fn refused_at(month: &Month10, actor: &Actor, event: impl Into<Event>, occurred_at: Instant) -> Rejection {
    match month.fixture.try_record(actor, event, occurred_at) {
        Outcome::Rejected(rejection) => rejection,
        accepted @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{accepted:?}"),
    }
}

fn clerk(month: &Month10) -> Actor {
    month.fixture.clerk()
}

fn upheld(month: &Month10) -> EventId {
    let upheld = ObjectionUpheld { clause: None, objection: month.objection };
    month.fixture.record_as(&judge(), upheld, month.now())
}

fn close() -> MonthClosed {
    MonthClosed { month: month(), organization: organization(STREET) }
}

fn corrected(record: EventId, decision: Option<EventId>) -> RecordCorrected {
    RecordCorrected { decision, minutes: 25, reason: CorrectionReason::ObjectionUpheld, record }
}

fn granted(decision: EventId) -> PointsGranted {
    let (clause, points) = ("1".parse().expect("a clause"), "1".parse().expect("points"));
    PointsGranted { clause, decision: Some(decision), member: MEMBER, points }
}

type Situation = fn() -> Rejection;

/// The codes of the lifecycle, each with a situation that leads to it.
pub(super) const SITUATIONS: &[(&str, Situation)] = &[
    ("unknown_subject", || {
        let month = Month10::open();
        refused(&month, &clerk(&month), raised(EventId(99), ObjectionGround::TimeWrong))
    }),
    ("unknown_objection", || {
        let month = Month10::open();
        refused(&month, &clerk(&month), assigned_to(&judge(), EventId(99)))
    }),
    ("month_frozen", || {
        let month = Month10::open().freeze();
        let (visit, start) = visit_at(5);
        refused_at(&month, &clerk(&month), visit, start)
    }),
    ("month_disclosed", || {
        let month = Month10::open().freeze().disclose();
        refused(&month, &judge(), ServiceApproved { record: month.unreviewed })
    }),
    ("decision_not_named", || {
        let month = Month10::open();
        refused_at(&month, &clerk(&month), corrected(month.unreviewed, None), visit_at(1).1)
    }),
    ("decision_of_other_record", || {
        let month = Month10::open();
        refused_at(&month, &clerk(&month), corrected(month.unreviewed, Some(EventId(99))), visit_at(1).1)
    }),
    ("objection_written_down_too_late", || {
        let month = Month10::open().freeze().disclose().wait();
        month.fixture.clock.set(at("2026-11-16T01:00:00Z"));
        refused_at(&month, &clerk(&month), raised(month.unreviewed, ObjectionGround::MemberWrong), at(OVER))
    }),
    ("objection_too_late", || {
        let month = Month10::open().freeze().disclose().wait();
        refused(&month, &clerk(&month), raised(month.unreviewed, ObjectionGround::MemberWrong))
    }),
    ("earlier_month_open", || {
        let month = Month10::open();
        month.fixture.record(visit_at(1).0, at("2026-09-20T01:00:00Z"));
        refused(
            &month,
            &clerk(&month),
            MonthFrozen { counts_no_shows: true, month: self::month(), organization: organization(STREET) },
        )
    }),
    ("later_month_settled", || {
        let (month, september) = (Month10::open().freeze(), month().previous());
        refused(
            &month,
            &clerk(&month),
            MonthFrozen { counts_no_shows: true, month: september, organization: organization(STREET) },
        )
    }),
    ("decision_answered", || {
        let month = Month10::open();
        let decision = upheld(&month);
        month.fixture.record(corrected(month.unreviewed, Some(decision)), visit_at(1).1);
        let month = month.freeze();
        refused_at(&month, &clerk(&month), granted(decision), at(END))
    }),
    ("subject_of_others", || {
        let month = Month10::open();
        let objection = raised(month.unreviewed, ObjectionGround::TimeWrong);
        refused(&month, &clerk(&month), ObjectionRaised { member: COLLEAGUE, ..objection })
    }),
    ("already_objected", || {
        let month = Month10::open();
        refused(&month, &clerk(&month), raised(month.unreviewed, ObjectionGround::TimeWrong))
    }),
    ("objection_decided", || {
        let month = Month10::open().dismiss();
        refused(&month, &judge(), ObjectionUpheld { clause: None, objection: month.objection })
    }),
    ("objection_withdrawn", || {
        let month = Month10::open();
        let withdrawn = ObjectionWithdrawn { objection: month.objection };
        month.fixture.record(withdrawn.clone(), month.now());
        refused(&month, &clerk(&month), withdrawn)
    }),
    ("involved_in_objection", || {
        let month = Month10::open();
        refused(&month, &clerk(&month), assigned_to(&clerk(&month), month.objection))
    }),
    ("objection_not_assigned", || {
        let month = Month10::open();
        let other = Actor { id: "other".parse().expect("an actor"), ..judge() };
        refused(&month, &other, ObjectionUpheld { clause: None, objection: month.objection })
    }),
    ("objection_of_others", || {
        let month = Month10::open();
        refused(&month, &judge(), ObjectionWithdrawn { objection: month.objection })
    }),
    ("notice_not_in_force", || {
        let month = Month10::open().freeze().disclose().wait().dismiss().close().issue().supersede();
        let supersedes = Some(EventId(99));
        refused(&month, &clerk(&month), month.superseding("12", supersedes))
    }),
    ("month_not_frozen", || {
        let month = Month10::open();
        refused(&month, &clerk(&month), month.disclosure())
    }),
    ("disclosure_too_short", || {
        let month = Month10::open().freeze();
        let until = "2026-11-09".parse().expect("a date");
        refused(&month, &clerk(&month), DisclosureOpened { working_days: 4, until, ..month.disclosure() })
    }),
    ("calendar_missing", || {
        let month = Month10::open().freeze();
        month.fixture.clock.set(at("2026-12-28T01:00:00Z"));
        refused(&month, &clerk(&month), month.disclosure())
    }),
    ("disclosure_end_wrong", || {
        let month = Month10::open().freeze();
        let until = "2026-11-08".parse().expect("a date");
        refused(&month, &clerk(&month), DisclosureOpened { until, ..month.disclosure() })
    }),
    ("not_of_today", || {
        let month = Month10::open().freeze();
        month.fixture.clock.set(at("2026-11-20T01:00:00Z"));
        refused_at(&month, &clerk(&month), month.disclosure(), at(OVER))
    }),
    ("checkpoint_before_stage", || {
        let month = Month10::open();
        let disclosure = month.disclosure();
        refused(&month.freeze(), &holder(Role::Publisher), disclosure)
    }),
    ("month_not_disclosed", || {
        let month = Month10::open();
        refused(&month, &clerk(&month), close())
    }),
    ("disclosure_running", || {
        let month = Month10::open().freeze().disclose();
        refused(&month, &clerk(&month), close())
    }),
    ("corrections_due", || {
        let month = Month10::open();
        month.fixture.record(closed_is_final(), month.now());
        upheld(&month);
        let month = month.freeze().disclose().wait();
        refused(&month, &clerk(&month), close())
    }),
    ("objections_undecided", || {
        let month = Month10::open().freeze().disclose().wait();
        refused(&month, &clerk(&month), close())
    }),
];

#[test]
fn each_situation_of_the_lifecycle_is_refused_with_its_own_code() {
    for (code, situation) in SITUATIONS {
        assert_eq!(situation().code(), *code);
    }
}

#[test]
fn each_act_of_office_has_the_one_stage_in_which_it_is_due() {
    let outcomes = outcomes();
    let accepted_in = |command: &str| -> Vec<usize> {
        let row = COMMANDS.iter().position(|(name, _)| name.starts_with(command)).expect("a command of the table");
        (0..STAGES.len()).filter(|&stage| outcomes[stage][row].is_none()).collect()
    };
    assert_eq!(accepted_in("登记一次走访"), [0]);
    assert_eq!(accepted_in("冻结"), [0]);
    assert_eq!(accepted_in("公示"), [1]);
    assert_eq!(accepted_in("月结"), [5]);
    assert_eq!(accepted_in("印发通报")[0], 6);
    assert_eq!(accepted_in("印发更正通报"), [7], "the first notice is superseded once");
    // What was corrected before is shown as it is; whatever the stage, a publisher corrects.
    assert_eq!(accepted_in("审核更正过的"), [0, 1]);
    assert_eq!(accepted_in("更正 correct, publisher")[0], 1);
}

#[test]
fn every_kind_of_fact_has_its_row() {
    let month = Month10::open();
    let proposed: Vec<&str> = COMMANDS.iter().map(|(_, propose)| propose(&month).1.stored_type()).collect();
    for stored_type in Event::STORED_TYPES {
        assert!(proposed.contains(stored_type), "{stored_type}");
    }
}

/// What a fact does from its date on it would do to what was published.
#[test]
fn nothing_about_members_organisations_or_activities_gets_in_behind_a_closed_month() {
    let (outcomes, month) = (outcomes(), Month10::open());
    let behind = outcomes.last().expect("a column");
    let office = ["record.", "service.", "decision.", "objection.", "month.", "notice.", "document.", "disclosure."];
    let undated = ["identity.", "name-consent.", "person.", "recording.", "signing-key.", "scoring-rules."];
    for ((name, propose), outcome) in COMMANDS.iter().zip(behind) {
        let event = propose(&month).1;
        let family = event.stored_type().trim_start_matches("mingzhang.");
        let is_of = |families: &[&str]| families.iter().any(|of| family.starts_with(of));
        if is_of(&office) || is_of(&undated) || name.starts_with("按决定") || name.starts_with("签退") {
            continue;
        }
        assert_eq!(*outcome, Some("month_closed"), "{name}");
    }
}

/// A disclosure said to be of a fortnight ago would be over in the minute in which it is opened.
#[test]
fn no_act_of_office_that_a_period_is_counted_from_is_of_another_day() {
    let month = Month10::open().freeze();
    month.fixture.clock.set(at(AFTER_DISCLOSURE));
    for when in [OVER, "2026-11-10T15:59:59Z"] {
        assert_eq!(refused_at(&month, &clerk(&month), month.disclosure(), at(when)).code(), "not_of_today");
        assert_eq!(refused_at(&month, &clerk(&month), close(), at(when)).code(), "not_of_today");
        let frozen = MonthFrozen { counts_no_shows: true, month: self::month(), organization: organization(STREET) };
        assert_eq!(refused_at(&month, &clerk(&month), frozen, at(when)).code(), "not_of_today");
        let upheld = ObjectionUpheld { clause: None, objection: month.objection };
        assert_eq!(refused_at(&month, &judge(), upheld, at(when)).code(), "not_of_today");
        assert_eq!(refused_at(&month, &clerk(&month), month.notice_numbered("10"), at(when)).code(), "not_of_today");
    }
    // Of the same local day is of today.
    let until = "2026-11-18".parse().expect("a date");
    month.fixture.record(DisclosureOpened { until, ..month.disclosure() }, at("2026-11-10T16:00:00Z"));
}

#[test]
fn what_is_shown_is_of_after_the_freeze_and_what_is_issued_of_after_the_close() {
    let month = Month10::open().freeze();
    let frozen_at = month.fixture.ledger.head().tree_size;
    let before = DisclosureOpened { tree_size: frozen_at - 1, ..month.disclosure() };
    assert_eq!(refused(&month, &clerk(&month), before).code(), "checkpoint_before_stage");
    let month = month.disclose().wait().dismiss().close();
    let closed_at = month.fixture.ledger.head().tree_size;
    let before = NoticeIssued { tree_size: closed_at - 1, ..month.notice_numbered("10") };
    assert_eq!(refused(&month, &clerk(&month), before).code(), "checkpoint_before_stage");
    month.fixture.record(NoticeIssued { tree_size: closed_at, ..month.notice_numbered("10") }, month.now());
}

#[test]
fn every_stage_of_the_table_is_called_by_the_word_of_the_api() {
    for (name, reach) in STAGES {
        let month = reach();
        let ledger = &month.fixture.ledger;
        let mut models = mingzhang_projections::ReadModels::new();
        for (log_index, entry) in (0..).zip(ledger.entries(0, ledger.head().tree_size).expect("entries")) {
            models.apply(log_index, &decode(&entry.bytes).expect("an event"));
        }
        models.settle();
        let progress =
            models.month_progress(organization(STREET), self::month(), models.newest_day()).expect("a month");
        let word = serde_json::to_value(progress.stage).expect("JSON");
        assert_eq!(name.split(' ').next_back(), word.as_str(), "{name}");
    }
}

#[test]
fn what_takes_the_place_of_a_notice_says_what_changed_and_nothing_else_does() {
    let month = Month10::open().freeze().disclose().wait().dismiss().close();
    let first = NoticeIssued { format: Some(NoticeFormat::Superseding), ..month.notice_numbered("12") };
    assert_eq!(refused(&month, &clerk(&month), first).code(), "content_out_of_range");
    let month = month.issue();
    let without = NoticeIssued { format: None, ..month.superseding("12", month.notice) };
    assert_eq!(refused(&month, &clerk(&month), without).code(), "content_out_of_range");
    month.fixture.record(month.superseding("12", month.notice), month.now());
}

/// What changed since a notice can be said only where the entry by which it was issued is known.
#[test]
fn what_takes_the_place_of_a_notice_rests_on_a_checkpoint_with_that_notice() {
    let month = Month10::open().freeze().disclose().wait().dismiss().close();
    let closed_at = month.fixture.ledger.head().tree_size;
    let month = month.issue();
    let issued_at = month.fixture.ledger.head().tree_size;
    let resting_on = |tree_size| NoticeIssued { tree_size, ..month.superseding("12", month.notice) };
    let rejection = refused(&month, &clerk(&month), resting_on(closed_at));
    assert_eq!(rejection, Rejection::CheckpointBeforeStage { tree_size_min: issued_at });
    month.fixture.record(resting_on(issued_at), month.now());
}

#[test]
fn an_activity_is_not_cancelled_once_the_month_of_anybody_who_took_part_is_settled() {
    let month = Month10::open();
    let elsewhere = MemberId(77);
    let since = at("2026-09-02T00:00:00Z");
    let (class, branch) = (MemberClass::Resident, organization(OTHER_BRANCH));
    month.fixture.record(MemberRostered { class, member: elsewhere, organization: branch }, since);
    month.fixture.record(MemberSignedUp { activity: OTHER_PATROL, member: elsewhere }, at(BEFORE));
    let served = month.fixture.record(MemberCheckedIn { activity: PATROL, member: elsewhere }, at(START));
    month
        .fixture
        .record(MonthFrozen { counts_no_shows: true, month: self::month(), organization: branch }, month.now());
    let cancelled = |activity| ActivityCancelled { activity, reason: CancellationReason::Weather };
    let settled = Rejection::MonthFrozen {
        month: self::month(),
        organization: branch,
        open_from: "2026-11-01".parse().expect("a date"),
    };
    // The organiser's own month is open.
    assert_eq!(refused(&month, &clerk(&month), cancelled(PATROL)), settled, "a record of it");
    assert_eq!(refused(&month, &clerk(&month), cancelled(OTHER_PATROL)), settled, "who signed up would be absent");
    month.fixture.record(cancelled(MEETING), month.now());
    // What counts for nothing isn't taken away.
    let reason = CorrectionReason::FoundUntrue;
    month.fixture.record(RecordReversed { decision: None, reason, record: served }, month.now());
    month.fixture.record(cancelled(PATROL), month.now());
}

#[test]
fn who_objects_too_late_is_sent_to_the_notice_only_while_one_is_to_come() {
    let disclosed = Month10::open().freeze().disclose().wait();
    let issued = Month10::under("notice_working_days = 1").freeze().disclose().wait().dismiss().close().issue();
    issued.fixture.clock.set(at("2026-11-13T01:00:00Z"));
    for (month, to_come) in [(disclosed, true), (issued, false)] {
        let objection = raised(month.unreviewed, ObjectionGround::MemberWrong);
        let rejection = refused(&month, &clerk(&month), objection);
        assert_eq!(mingzhang::ledger::wording::chinese(&rejection).contains("通报印发后"), to_come, "{rejection:?}");
    }
}

#[test]
fn an_upheld_objection_leads_to_a_correction_that_names_the_decision() {
    let month = Month10::open().freeze().disclose();
    let decision = upheld(&month);
    let other = visit_at(2).1;
    // The decision is about the one record, and not about the other of that day.
    let (record, reason) = (month.unreviewed, CorrectionReason::EnteredWrongly);
    let without_cause = RecordCorrected { decision: Some(decision), minutes: 25, reason, record };
    assert_eq!(refused_at(&month, &clerk(&month), without_cause, other).code(), "decision_not_named");
    month.fixture.record_as(&holder(Role::Publisher), corrected(record, Some(decision)), visit_at(1).1);
    let reversed = RecordReversed { decision: Some(decision), reason: CorrectionReason::ObjectionUpheld, record };
    month.fixture.record_as(&judge(), ServiceApproved { record }, month.now());
    assert_eq!(refused(&month, &judge(), reversed).code(), "role_does_not_reach");
}

#[test]
fn a_missing_record_is_entered_into_a_frozen_month_once_the_objection_is_upheld() {
    let month = Month10::open();
    let objection = month.fixture.record(raised(month.unreviewed, ObjectionGround::RecordMissing), month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    let month = month.freeze();
    let (visit, start) = visit_at(5);
    assert_eq!(refused_at(&month, &clerk(&month), visit.clone(), start).code(), "month_frozen");
    month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    month.fixture.record(visit, start);
    // One decision, one record.
    let (another, start) = visit_at(7);
    assert_eq!(refused_at(&month, &clerk(&month), another, start).code(), "month_frozen");
    // For that member only.
    let served = AttendanceRecorded { activity: MEETING, member: COLLEAGUE, outcome: AttendanceOutcome::Attended };
    assert_eq!(refused_at(&month, &clerk(&month), served, at("2026-10-04T01:30:00Z")).code(), "month_frozen");
}

/// A check-in that a decision admitted has its check-out; one from before the freeze needs a decision.
#[test]
fn what_one_decision_admits_is_one_record_with_its_check_out() {
    let month = Month10::open();
    let first = raised(month.unreviewed, ObjectionGround::RecordMissing);
    let objection = month.fixture.record(first, month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    let before = MemberCheckedIn { activity: OTHER_PATROL, member: COLLEAGUE };
    month.fixture.record(before, at(START));
    let month = month.freeze();
    month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    month.fixture.record(check_in(), at(START));
    month.fixture.record(check_out(), at(END));
    let attended = AttendanceRecorded { activity: MEETING, member: MEMBER, outcome: AttendanceOutcome::Attended };
    assert_eq!(refused_at(&month, &clerk(&month), attended, at("2026-10-04T01:30:00Z")).code(), "month_frozen");
    let out = MemberCheckedOut { activity: OTHER_PATROL, member: COLLEAGUE };
    assert_eq!(refused_at(&month, &clerk(&month), out, at(END)).code(), "month_frozen");
}

#[test]
fn a_decision_that_was_answered_by_a_correction_admits_no_record() {
    let month = Month10::open();
    let objection = month.fixture.record(raised(month.unreviewed, ObjectionGround::RecordMissing), month.now());
    month.fixture.record(assigned_to(&judge(), objection), month.now());
    let month = month.freeze();
    let decision = month.fixture.record_as(&judge(), ObjectionUpheld { clause: None, objection }, month.now());
    month.fixture.record(corrected(month.unreviewed, Some(decision)), visit_at(1).1);
    let (visit, start) = visit_at(5);
    assert_eq!(refused_at(&month, &clerk(&month), visit, start).code(), "month_frozen");
}

/// `e` and 26 zeros is an id as well: that of no event, and of no decision.
#[test]
fn an_objection_that_is_not_upheld_has_no_decision_to_name() {
    let month = Month10::open();
    let nothing: EventId = format!("e{}", "0".repeat(26)).parse().expect("an id");
    for decided in [None, Some(())] {
        let unnamed = corrected(month.unreviewed, Some(nothing));
        assert_eq!(refused_at(&month, &clerk(&month), unnamed, visit_at(1).1).code(), "decision_of_other_record");
        if decided.is_none() {
            let (objection, reason) = (month.objection, DismissalReason::RecordConfirmed);
            month.fixture.record_as(&judge(), ObjectionDismissed { clause: None, objection, reason }, month.now());
        }
    }
}

#[test]
fn who_reviewed_a_record_does_not_decide_on_it_nor_on_the_line_that_it_is_part_of() {
    let month = Month10::open();
    month.fixture.record_as(&judge(), ServiceApproved { record: month.unreviewed }, month.now());
    let upheld = ObjectionUpheld { clause: None, objection: month.objection };
    assert_eq!(refused(&month, &judge(), upheld).code(), "involved_in_objection");
    let month = month.freeze();
    let disclosed = month.fixture.record(month.disclosure(), month.now());
    let line = month.fixture.record(raised(disclosed, ObjectionGround::PointsWrong), month.now());
    assert_eq!(refused(&month, &clerk(&month), assigned_to(&judge(), line)).code(), "involved_in_objection");
    let other = Actor { id: "other".parse().expect("an actor"), ..judge() };
    month.fixture.record(assigned_to(&other, line), month.now());
    month.fixture.record_as(
        &other,
        ObjectionUpheld { clause: Some("1".parse().expect("a clause")), objection: line },
        month.now(),
    );
}

/// Until the last moment of the last day, local time.
#[test]
fn an_objection_counts_by_the_day_on_which_it_was_raised() {
    for (when, code) in [("2026-11-10T15:59:59Z", None), ("2026-11-10T16:00:00Z", Some("objection_too_late"))] {
        let month = Month10::open().freeze().disclose().wait();
        let objection = raised(month.unreviewed, ObjectionGround::MemberWrong);
        let outcome = match month.fixture.try_record(&clerk(&month), objection, at(when)) {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
        };
        assert_eq!(outcome, code, "{when}");
    }
}

#[test]
fn after_the_notice_objections_are_taken_for_as_many_working_days_as_the_rules_say() {
    for (days, code) in [("2026-11-12T01:00:00Z", None), ("2026-11-13T01:00:00Z", Some("objection_too_late"))] {
        let month = Month10::under("notice_working_days = 1").freeze().disclose().wait().dismiss().close().issue();
        month.fixture.clock.set(at(days));
        let objection = raised(month.unreviewed, ObjectionGround::MemberWrong);
        let outcome = match month.fixture.try_record(&clerk(&month), objection, at(days)) {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
        };
        assert_eq!(outcome, code, "{days}");
    }
}

fn own(month: &Month10, ground: ObjectionGround, when: &str) -> Outcome {
    let member = Actor { id: "m-1".parse().expect("an actor"), member: Some(MEMBER), grants: Vec::new() };
    month.fixture.try_record(&member, raised(month.unreviewed, ground), at(when))
}

/// Else whoever is late says that it was in time.
#[test]
fn a_member_s_own_objection_is_of_today() {
    let month = Month10::open().freeze().disclose().wait();
    let rejected = |outcome: Outcome| match outcome {
        Outcome::Rejected(rejection) => rejection.code(),
        other @ (Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    };
    assert_eq!(rejected(own(&month, ObjectionGround::MemberWrong, "2026-11-10T15:59:59Z")), "not_of_today");
    assert_eq!(rejected(own(&month, ObjectionGround::MemberWrong, AFTER_DISCLOSURE)), "objection_too_late");
    // Who speaks for a member says on which day it was handed in.
    month.fixture.record(raised(month.unreviewed, ObjectionGround::MemberWrong), at("2026-11-10T15:59:59Z"));
}

/// Else a recorder could open what is over by a date.
#[test]
fn what_was_handed_in_in_time_is_written_down_within_three_working_days() {
    // The last day is Tuesday the 10th.
    for (now, code) in
        [("2026-11-13T15:59:59Z", None), ("2026-11-13T16:00:00Z", Some("objection_written_down_too_late"))]
    {
        let month = Month10::open().freeze().disclose().wait();
        month.fixture.clock.set(at(now));
        let objection = raised(month.unreviewed, ObjectionGround::MemberWrong);
        let outcome = match month.fixture.try_record(&clerk(&month), objection, at("2026-11-10T15:59:59Z")) {
            Outcome::Rejected(rejection) => Some(rejection.code()),
            Outcome::Recorded { .. } | Outcome::Repeated { .. } | Outcome::Withheld => None,
        };
        assert_eq!(outcome, code, "{now}");
    }
}

#[test]
fn between_close_and_notice_only_what_was_handed_in_in_time_is_taken() {
    let month = Month10::open().freeze().disclose().wait().dismiss().close();
    let until = "2026-11-10".parse().expect("a date");
    let late = refused(&month, &clerk(&month), raised(month.unreviewed, ObjectionGround::MemberWrong));
    assert_eq!(late, Rejection::ObjectionTooLate { until, after_notice: true });
    assert!(mingzhang::ledger::wording::chinese(&late).contains("请在通报印发后提出"));
    month.fixture.record(raised(month.unreviewed, ObjectionGround::MemberWrong), at("2026-11-10T15:59:59Z"));
    let month = month.issue();
    month.fixture.record(raised(month.unreviewed, ObjectionGround::DidNotTakePlace), month.now());
}

#[test]
fn who_objects_to_what_has_no_record_is_sent_to_the_line_of_the_month() {
    let month = Month10::open().freeze().disclose();
    let no_record = refused(&month, &clerk(&month), raised(EventId(PATROL.0.into()), ObjectionGround::RecordMissing));
    assert_eq!(no_record.code(), "unknown_subject");
    assert!(mingzhang::ledger::wording::chinese(&no_record).contains("请写当月公示或通报的编号"));
}

#[test]
fn nobody_is_told_to_wait_for_a_notice_that_was_issued() {
    let month = Month10::under("notice_working_days = 1").freeze().disclose().wait().dismiss().close().issue();
    month.fixture.clock.set(at("2026-11-13T01:00:00Z"));
    let late = refused(&month, &clerk(&month), raised(month.unreviewed, ObjectionGround::MemberWrong));
    let until = "2026-11-12".parse().expect("a date");
    assert_eq!(late, Rejection::ObjectionTooLate { until, after_notice: false });
    assert!(!mingzhang::ledger::wording::chinese(&late).contains("通报印发后"));
}

/// Ten working days from 25 December 2026 on end in 2027: as long as that year's calendar isn't adopted, the last one isn't known. By any calendar
/// they are among the forty days that follow.
#[test]
fn a_year_without_a_calendar_shuts_nobody_out_and_gives_nobody_time_without_end() {
    let month = Month10::under("notice_working_days = 10").freeze().disclose().wait().dismiss().close();
    month.fixture.clock.set(at("2026-12-25T01:00:00Z"));
    let month = month.issue();
    let objected = |when: &str, ground| {
        month.fixture.clock.set(at(when));
        month.fixture.record(raised(month.unreviewed, ground), at(when));
    };
    objected("2026-12-26T01:00:00Z", ObjectionGround::MemberWrong);
    objected("2027-02-03T15:00:00Z", ObjectionGround::DidNotTakePlace);
    assert_eq!(super::closing::progress(&month).calendars_missing, [2027].into());
    month.fixture.clock.set(at("2027-02-04T01:00:00Z"));
    let until = "2027-02-03".parse().expect("a date");
    let late =
        |when| refused_at(&month, &clerk(&month), raised(month.unreviewed, ObjectionGround::PointsWrong), at(when));
    assert_eq!(late("2027-02-04T01:00:00Z"), Rejection::ObjectionTooLate { until, after_notice: false });
    // What was handed in on the last day is written down within three working days.
    month.fixture.clock.set(at("2027-03-02T01:00:00Z"));
    let until = "2027-03-01".parse().expect("a date");
    assert_eq!(late("2027-02-03T01:00:00Z"), Rejection::ObjectionWrittenDownTooLate { until });
}

#[test]
fn a_community_s_month_may_be_frozen_before_the_street_s() {
    let month = Month10::open();
    month.fixture.record(
        MonthFrozen { counts_no_shows: true, month: self::month(), organization: organization(COMMUNITY) },
        month.now(),
    );
    let (visit, start) = visit_at(5);
    assert_eq!(refused_at(&month, &clerk(&month), visit, start).code(), "month_frozen");
    // Only what is frozen as a whole is disclosed as a whole.
    assert_eq!(refused(&month, &clerk(&month), month.disclosure()).code(), "month_not_frozen");
    let month = month.freeze().disclose();
    let again = MonthFrozen { counts_no_shows: true, month: self::month(), organization: organization(COMMUNITY) };
    assert_eq!(refused(&month, &clerk(&month), again).code(), "month_frozen");
}
