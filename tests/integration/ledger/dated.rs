//! A record at an activity is dated at its planned start: that month takes it or keeps it out, whenever somebody checks in.

use super::fixture::*;
use mingzhang::clock::Clock;
use mingzhang::ledger::{Outcome, Rejection};
use mingzhang_events::*;

/// From 23:00 on 31 October to 01:00 on 1 November, local time.
const NIGHT: ActivityId = ActivityId(31);
/// From 00:30 to 02:30 on 1 November, local time.
const AFTER_MIDNIGHT: ActivityId = ActivityId(32);
/// On 1 November at ten past midnight, local time.
const TEN_PAST: &str = "2026-10-31T16:10:00Z";
/// On 31 October at ten to midnight, local time.
const TEN_TO: &str = "2026-10-31T15:50:00Z";
const OCTOBER: &str = "2026-10";

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

/// The street with two patrols around the end of October, on 1 November.
fn street() -> Fixture {
    street_under(RecordDating::PlannedStart)
}

/// The same under rules that date records so.
fn street_under(dating: RecordDating) -> Fixture {
    let fixture = Fixture::new();
    let mut rules = mingzhang_projections::parse_rules(mingzhang_projections::DEFAULT_RULES_TOML).expect("rules");
    (rules.version, rules.records_dated_by) = ("dating".parse().expect("a version"), Some(dating));
    fixture.record(ScoringRulesAdopted { rules: Box::new(rules) }, at("2026-09-01T00:00:00Z"));
    for (activity, starts_at, ends_at) in [
        (NIGHT, "2026-10-31T15:00:00Z", "2026-10-31T17:00:00Z"),
        (AFTER_MIDNIGHT, "2026-10-31T16:30:00Z", "2026-10-31T18:30:00Z"),
    ] {
        let (class, organization) = (ActivityClass::Voluntary, organization(COMMUNITY));
        let (starts_at, ends_at, kind) = (at(starts_at), at(ends_at), ActivityKind::NightPatrol);
        let event =
            ActivityScheduled { activity, class, emergency_grade: None, ends_at, kind, organization, starts_at };
        fixture.record(event, at(BEFORE));
    }
    fixture.clock.set(at("2026-11-01T04:00:00Z"));
    fixture
}

fn freeze(fixture: &Fixture, of: &str) {
    fixture.record(
        MonthFrozen { counts_no_shows: true, month: month(of), organization: organization(STREET) },
        fixture.clock.now(),
    );
}

fn checked_in(activity: ActivityId) -> MemberCheckedIn {
    MemberCheckedIn { activity, member: MEMBER }
}

fn refusal(fixture: &Fixture, event: impl Into<Event>, when: &str) -> Option<&'static str> {
    match fixture.try_record(&fixture.clerk(), event, at(when)) {
        Outcome::Recorded { .. } => None,
        Outcome::Rejected(rejection) => Some(rejection.code()),
        other @ (Outcome::Repeated { .. } | Outcome::Withheld) => panic!("{other:?}"),
    }
}

#[test]
fn a_frozen_month_keeps_out_who_checks_in_after_it_at_an_activity_of_it_and_takes_who_comes_early_to_the_next() {
    for (case, activity, when, refused) in [
        ("after midnight, planned before", NIGHT, TEN_PAST, Some("month_frozen")),
        ("before midnight, planned after", AFTER_MIDNIGHT, TEN_TO, None),
        ("both before", NIGHT, TEN_TO, Some("month_frozen")),
        ("both after", AFTER_MIDNIGHT, "2026-10-31T16:40:00Z", None),
    ] {
        let fixture = street();
        freeze(&fixture, OCTOBER);
        assert_eq!(refusal(&fixture, checked_in(activity), when), refused, "{case}");
        let ended_at = at("2026-10-31T17:00:00Z");
        let late = LateCheckInRecorded { activity, ended_at, member: COLLEAGUE, reason: LateCheckInReason::Forgotten };
        assert_eq!(refusal(&fixture, late, when), refused, "{case}, late");
    }
}

#[test]
fn under_rules_that_date_by_checking_in_the_month_of_that_takes_it_or_keeps_it_out() {
    for (activity, when, refused) in [(NIGHT, TEN_PAST, None), (AFTER_MIDNIGHT, TEN_TO, Some("month_frozen"))] {
        let fixture = street_under(RecordDating::OwnStart);
        freeze(&fixture, OCTOBER);
        assert_eq!(refusal(&fixture, checked_in(activity), when), refused, "{activity}");
    }
}

#[test]
fn a_check_out_goes_by_the_month_of_the_plan() {
    let (out, ends) = (|activity| MemberCheckedOut { activity, member: MEMBER }, "2026-10-31T17:00:00Z");
    for (activity, when, refused) in [(NIGHT, TEN_PAST, Some("month_frozen")), (AFTER_MIDNIGHT, TEN_TO, None)] {
        let fixture = street();
        fixture.record(checked_in(activity), at(when));
        freeze(&fixture, OCTOBER);
        assert_eq!(refusal(&fixture, out(activity), ends), refused, "{activity}");
    }
}

#[test]
fn who_came_early_to_the_next_month_holds_up_that_month_and_not_the_one_before() {
    let fixture = street();
    fixture.record(checked_in(AFTER_MIDNIGHT), at(TEN_TO));
    fixture.clock.set(at("2026-12-01T04:00:00Z"));
    // Nobody has an entry of October, so that November is the first month.
    freeze(&fixture, "2026-11");
    let fixture = street();
    fixture.record(checked_in(NIGHT), at(TEN_PAST));
    fixture.clock.set(at("2026-12-01T04:00:00Z"));
    let november = MonthFrozen { counts_no_shows: true, month: month("2026-11"), organization: organization(STREET) };
    assert_eq!(refusal(&fixture, november, "2026-12-01T04:00:00Z"), Some("earlier_month_open"));
}

#[test]
fn a_correction_moves_the_time_served_within_the_activity_and_never_into_another_month() {
    let fixture = street();
    let record = fixture.record(checked_in(NIGHT), at(TEN_TO));
    fixture.record(MemberCheckedOut { activity: NIGHT, member: MEMBER }, at("2026-10-31T17:00:00Z"));
    let corrected =
        |minutes| RecordCorrected { decision: None, minutes, reason: CorrectionReason::EnteredWrongly, record };
    for (when, refused) in [
        (TEN_PAST, None),
        ("2026-10-31T13:00:00Z", None),
        ("2026-10-31T12:59:00Z", Some("outside_activity_time")),
        ("2026-10-31T17:00:00Z", Some("outside_activity_time")),
        ("2026-10-20T11:00:00Z", Some("outside_activity_time")),
        ("2026-11-01T01:00:00Z", Some("outside_activity_time")),
    ] {
        assert_eq!(refusal(&fixture, corrected(20), when), refused, "{when}");
    }
    // It is of October on either side of midnight: whoever has no say in what is frozen doesn't move it.
    fixture.record(corrected(30), at(TEN_PAST));
    freeze(&fixture, OCTOBER);
    let recorder = fixture.with_role(mingzhang::identity::Role::Recorder, STREET);
    let outcome = fixture.try_record(&recorder, corrected(40), at(TEN_PAST));
    assert!(matches!(&outcome, Outcome::Rejected(refused) if refused.code() == "role_does_not_reach"), "{outcome:?}");
    let visit =
        fixture.record(HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 30 }, at("2026-11-01T02:00:00Z"));
    let moved = RecordCorrected { record: visit, ..corrected(30) };
    let into_october = fixture.try_record(&fixture.clerk(), moved, at("2026-10-20T02:00:00Z"));
    let november = month("2026-11");
    assert!(
        matches!(into_october, Outcome::Rejected(Rejection::CorrectionInOtherMonth { month }) if month == november),
        "{into_october:?}"
    );
}

#[test]
fn who_joins_the_roster_after_the_planned_start_has_no_branch_that_it_could_count_for() {
    let fixture = street();
    let newcomer = MemberId(9);
    let rostered =
        MemberRostered { class: MemberClass::Resident, member: newcomer, organization: organization(BRANCH) };
    fixture.record(rostered, at("2026-10-31T15:30:00Z"));
    let come = |activity| MemberCheckedIn { activity, member: newcomer };
    assert_eq!(refusal(&fixture, come(NIGHT), TEN_PAST), Some("not_on_roster"));
    assert_eq!(refusal(&fixture, come(AFTER_MIDNIGHT), "2026-10-31T16:45:00Z"), None);
}

#[test]
fn an_objection_to_a_record_is_one_to_the_month_of_its_plan() {
    let fixture = street();
    let record = fixture.record(checked_in(NIGHT), at(TEN_PAST));
    fixture.record(MemberCheckedOut { activity: NIGHT, member: MEMBER }, at("2026-10-31T17:00:00Z"));
    fixture.clock.set(at("2026-11-02T04:00:00Z"));
    let now = fixture.clock.now();
    let objection = fixture.record(
        ObjectionRaised { for_member: false, ground: ObjectionGround::PointsWrong, member: MEMBER, subject: record },
        now,
    );
    freeze(&fixture, OCTOBER);
    let closed = MonthClosed { month: month(OCTOBER), organization: organization(STREET) };
    assert_eq!(refusal(&fixture, closed.clone(), "2026-11-02T04:00:00Z"), Some("objections_undecided"));
    fixture.record(ObjectionWithdrawn { objection }, now);
    assert_eq!(refusal(&fixture, closed, "2026-11-02T04:00:00Z"), None);
}
