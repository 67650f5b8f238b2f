//! The scoring rules at work: portions, caps, deductions, decisions, versions.

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::{DEFAULT_RULES_TOML, Occasion, Standing, Unscored};

/// Rules with one item, for a kind of activity, and nothing else.
fn one_item(item: &str) -> String {
    format!(
        "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n\
         [[items]]\nclause = \"1\"\nname = \"n\"\n{item}\n"
    )
}

#[test]
fn portions_of_time_are_rounded_as_the_rules_say() {
    for (per, rounding, minutes, expected) in [
        ("hour", "down", 59, "0"),
        ("hour", "down", 60, "1"),
        ("hour", "down", 119, "1"),
        ("hour", "half_up", 29, "0"),
        ("hour", "half_up", 30, "1"),
        ("hour", "half_up", 89, "1"),
        ("hour", "half_up", 90, "2"),
        ("hour", "up", 1, "1"),
        ("hour", "up", 60, "1"),
        ("hour", "up", 61, "2"),
        ("half_hour", "down", 29, "0"),
        ("half_hour", "down", 30, "1"),
        ("half_hour", "half_up", 15, "1"),
        ("half_hour", "half_up", 14, "0"),
        ("half_hour", "up", 31, "2"),
        ("occurrence", "down", 1, "1"),
    ] {
        let mut story = Story::street();
        let item = format!("kind = \"home_visit\"\nper = \"{per}\"\npoints = \"1\"\nrounding = \"{rounding}\"");
        story.adopt(&one_item(&item)).roster(1, "b1").at("2026-10-03 09:00");
        story.tell(HomeVisitMade { household: HouseholdId(1), member: MemberId(1), minutes });
        assert_eq!(story.points_of(1, "2026-10").total, points(expected), "{minutes} minutes per {per}, {rounding}");
    }
}

#[test]
fn a_cap_is_reached_exactly_and_never_passed() {
    let item =
        "kind = \"home_visit\"\nper = \"occurrence\"\npoints = \"2\"\ncaps = { per_day = \"5\", per_month = \"9\" }";
    let mut story = Story::street();
    story.adopt(&one_item(item)).roster(1, "b1");
    // Recorded out of order: caps are spent in order of start.
    for when in ["2026-10-04 09:00", "2026-10-03 11:00", "2026-10-03 09:00", "2026-10-03 10:00", "2026-10-05 09:00"] {
        story.visit(1, when);
    }
    let explained = story.points_of(1, "2026-10");
    let given: Vec<_> = explained.items.iter().map(|item| item.points.to_string()).collect();
    assert_eq!(given, ["2.00", "2.00", "1.00", "2.00", "2.00"]);
    assert_eq!(explained.total, points("9"));
    story.visit(1, "2026-10-06 09:00");
    assert_eq!(story.points_of(1, "2026-10").total, points("9"));
    assert_eq!(story.points_of(1, "2026-10").items[5].points_before_cap, points("2"));
}

#[test]
fn the_first_item_that_fits_kind_and_class_scores_a_record() {
    let rules = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n\
        [[items]]\nclause = \"1\"\nname = \"duty only\"\nkind = \"home_visit\"\nclass = \"duty\"\nper = \"occurrence\"\npoints = \"9\"\n\
        [[items]]\nclause = \"2\"\nname = \"first\"\nkind = \"home_visit\"\nper = \"occurrence\"\npoints = \"3\"\n\
        [[items]]\nclause = \"3\"\nname = \"second\"\nkind = \"home_visit\"\nper = \"occurrence\"\npoints = \"5\"\n";
    let mut story = Story::street();
    story.adopt(rules).roster(1, "b1");
    story.visit(1, "2026-10-03 09:00");
    let explained = story.points_of(1, "2026-10");
    assert_eq!((explained.total, explained.items[0].name.as_str()), (points("3"), "first"));
}

#[test]
fn evidence_that_needs_review_counts_once_it_is_approved() {
    for (evidence, standing) in [
        (Evidence::OnSiteCode, Standing::Accepted),
        (Evidence::BothParties, Standing::Accepted),
        (Evidence::Attested, Standing::Pending),
        (Evidence::Imported, Standing::Pending),
        (Evidence::BackEntered, Standing::Pending),
    ] {
        let mut story = Story::street_with_rules();
        let record = story.roster(1, "b1").evidenced(evidence).visit(1, "2026-10-03 09:00");
        assert_eq!(story.points_of(1, "2026-10").items[0].standing, standing, "{evidence}");
        story.tell(ServiceApproved { record });
        assert_eq!(story.october(1), "2.00", "{evidence}");
    }
}

#[test]
fn without_rules_nothing_earns_points_and_the_items_say_so() {
    let mut story = Story::street();
    story.roster(1, "b1");
    story.visit(1, "2026-10-03 09:00");
    let explained = story.points_of(1, "2026-10");
    assert_eq!((explained.total, explained.rules_version), (Points::ZERO, None));
    assert_eq!(explained.items[0].unscored, Some(Unscored::NoRules));
    assert_eq!(explained.voluntary_minutes, 30, "service is service without rules");
    story.adopt(&one_item("kind = \"meeting\"\nper = \"occurrence\"\npoints = \"1\""));
    assert_eq!(story.points_of(1, "2026-10").items[0].unscored, Some(Unscored::NoClause));
}

#[test]
fn a_month_is_scored_by_the_latest_version_effective_then_and_the_last_adopted_of_two() {
    let version = |name: &str, from: &str, amount: &str| {
        let item = format!("kind = \"home_visit\"\nper = \"occurrence\"\npoints = \"{amount}\"");
        one_item(&item).replace("\"v\"", &format!("\"{name}\"")).replace("\"2026-01\"", &format!("\"{from}\""))
    };
    let mut story = Story::street();
    story.roster(1, "b1");
    for when in ["2026-08-03 09:00", "2026-09-03 09:00", "2026-10-03 09:00", "2026-11-03 09:00"] {
        story.visit(1, when);
    }
    for (name, from, amount) in [("late", "2026-11", "4"), ("early", "2026-09", "1"), ("again", "2026-09", "2")] {
        story.adopt(&version(name, from, amount));
    }
    let totals = ["2026-08", "2026-09", "2026-10", "2026-11"].map(|of| story.points_of(1, of).total.to_string());
    assert_eq!(totals, ["0.00", "2.00", "2.00", "4.00"]);
    let models = story.models();
    let (rules, log_index) = models.rules_in_force(month("2026-10")).expect("in force");
    assert_eq!((rules.version.as_str(), log_index), ("again", story.log.len() as u64 - 1));
    assert!(models.rules_in_force(month("2026-08")).is_none());
}

#[test]
fn attending_earns_leave_costs_nothing_and_absence_is_deducted_up_to_its_cap() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    let outcomes = [
        (AttendanceOutcome::Attended, "2"),
        (AttendanceOutcome::OnLeave, "2"),
        (AttendanceOutcome::Absent, "0"),
        (AttendanceOutcome::Absent, "-2"),
        (AttendanceOutcome::Absent, "-4"),
        (AttendanceOutcome::Absent, "-4"),
    ];
    for (day, (outcome, expected)) in (1..).zip(outcomes) {
        let (from, to) = (format!("2026-10-0{day} 15:00"), format!("2026-10-0{day} 16:30"));
        story.schedule(day, ActivityKind::Meeting, &from, &to).at(&from).attend(1, day, outcome);
        assert_eq!(story.points_of(1, "2026-10").total, points(expected), "day {day}");
    }
    let attendance = story.models().attendance(org("c1"), month("2026-10")).expect("known").meetings;
    assert_eq!((attendance.held, attendance.attended, attendance.on_leave, attendance.absent), (6, 1, 1, 4));
    assert_eq!(attendance.rate.percent_hundredths, Some(1_667));
    let items = story.points_of(1, "2026-10").items;
    assert_eq!(items[0].minutes, 90, "an attended meeting lasts as long as it was planned");
    assert_eq!(items[1].unscored, Some(Unscored::OnLeave));
}

#[test]
fn grants_and_deductions_count_under_their_clause_up_to_its_largest_amount() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").at("2026-10-09 10:00");
    story.grant(1, "3.2", "4");
    assert_eq!(story.october(1), "4.00");
    story.tell(PointsDeducted {
        decision: None,
        clause: "3.3".parse().expect("a clause"),
        member: MemberId(1),
        points: points("1.5"),
    });
    assert_eq!(story.october(1), "2.50");
    story.grant(1, "3.2", "7");
    assert_eq!(story.october(1), "7.50", "clause 3.2 gives 5 at the most");
    story.grant(1, "9.9", "3");
    let explained = story.points_of(1, "2026-10");
    assert_eq!(explained.total, points("7.5"), "a clause that the rules don't have gives nothing");
    assert_eq!(explained.items[3].unscored, Some(Unscored::NoClause));
    assert_eq!(explained.items[1].occasion, Occasion::Deducted);
}

#[test]
fn a_no_show_is_deducted_only_once_the_month_is_closed() {
    let mut story = Story::street_with_rules();
    story.roster_many(3, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    story.at("2026-10-01 08:00").sign_up(1, 1).sign_up(2, 1).sign_up(3, 1);
    story.at("2026-10-02 08:00").tell(SignUpWithdrawn { activity: ActivityId(1), member: MemberId(2) });
    story.at("2026-10-03 20:01").tell(SignUpWithdrawn { activity: ActivityId(1), member: MemberId(3) });
    assert_eq!([1, 2, 3].map(|member| story.october(member)), ["0.00", "0.00", "0.00"]);
    assert_eq!(story.models().patrols(org("s"), month("2026-10")).expect("known").no_shows, 0);
    story.at("2026-11-02 09:00").close("2026-10", "c2");
    assert_eq!(story.october(1), "0.00", "another community's close says nothing");
    story.close("2026-10", "s");
    assert_eq!([1, 2, 3].map(|member| story.october(member)), ["-1.00", "0.00", "-1.00"]);
    let patrols = story.models().patrols(org("s"), month("2026-10")).expect("known");
    assert_eq!((patrols.shifts, patrols.signed_up, patrols.attended, patrols.no_shows), (1, 2, 0, 2));
    let item = &story.points_of(1, "2026-10").items[0];
    assert_eq!(item.occasion, Occasion::NoShow);
    assert!(matches!(story.log[usize::try_from(item.log_indexes[0]).expect("small")].event, Event::MemberSignedUp(_)));
}

/// What is first told with the close, nobody could have objected to while it was disclosed.
#[test]
fn a_no_show_is_known_from_a_freeze_on_that_counts_it() {
    for (counts_no_shows, frozen) in [(true, ["-1.00", "-1.00"]), (false, ["0.00", "0.00"])] {
        let mut story = Story::street_with_rules();
        story.roster_many(2, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
        story.at("2026-10-01 08:00").sign_up(1, 1).sign_up(2, 1);
        let freeze = |organization| {
            let (month, organization) = (month("2026-10"), org(organization));
            MonthFrozen { counts_no_shows, month, organization }
        };
        story.at("2026-11-02 09:00").tell(freeze("c2"));
        assert_eq!([1, 2].map(|member| story.october(member)), ["0.00", "0.00"], "another community's freeze");
        story.tell(freeze("s"));
        assert_eq!([1, 2].map(|member| story.october(member)), frozen);
        let models = story.models();
        let known = models.no_shows_known(org("s"), month("2026-10"));
        let no_shows = models.patrols(org("s"), month("2026-10")).expect("known").no_shows;
        assert_eq!((known, no_shows), (counts_no_shows, if counts_no_shows { 2 } else { 0 }));
        // What an upheld objection admits afterwards excuses.
        story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
        assert_eq!(story.october(1), "2.00");
        story.at("2026-11-09 09:00").close("2026-10", "s");
        assert_eq!([1, 2].map(|member| story.october(member)), ["2.00", "-1.00"]);
    }
}

#[test]
fn whoever_has_a_record_is_no_no_show_even_on_the_other_side_of_midnight() {
    for (case, serve) in [("came", true), ("didn't", false)] {
        let mut story = Story::street_with_rules();
        story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-11-01 00:00", "2026-11-01 02:00");
        story.at("2026-10-20 08:00").sign_up(1, 1).at("2026-12-01 09:00").close("2026-11", "s");
        // Recorded after the close; they came ten minutes before midnight, in October.
        if serve {
            story.serve(1, 1, "2026-10-31 23:50", "2026-11-01 02:00");
        }
        let expected = points(if serve { "2" } else { "-1" });
        assert_eq!(story.points_of(1, "2026-11").total, expected, "{case}");
        assert_eq!(story.points_of(1, "2026-10").items.len(), 0, "{case}");
    }
}

#[test]
fn a_returned_or_reversed_record_does_not_excuse_a_no_show() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    story.at("2026-10-01 08:00").sign_up(1, 1);
    let record = story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    story.at("2026-11-02 09:00").close("2026-10", "s");
    assert_eq!(story.october(1), "2.00");
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record });
    assert_eq!(story.october(1), "-1.00");
}

#[test]
fn by_a_cancelled_activity_nobody_earns_or_loses() {
    let mut story = Story::street_with_rules();
    story.roster_many(2, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    story.schedule(2, ActivityKind::Meeting, "2026-10-04 15:00", "2026-10-04 16:00");
    story.at("2026-10-01 08:00").sign_up(1, 1).sign_up(2, 1);
    story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    story.at("2026-10-04 15:00").attend(1, 2, AttendanceOutcome::Absent);
    story.at("2026-11-02 09:00").close("2026-10", "s");
    assert_eq!([1, 2].map(|member| story.october(member)), ["0.00", "-1.00"]);
    let from = story.log.len() as u64;
    for activity in [1, 2] {
        story.tell(ActivityCancelled { activity: ActivityId(activity), reason: CancellationReason::Weather });
    }
    assert_eq!([1, 2].map(|member| story.october(member)), ["0.00", "0.00"]);
    let items = story.points_of(1, "2026-10").items;
    let standings: Vec<_> = items.iter().map(|item| item.standing).collect();
    assert_eq!(standings, [Standing::ActivityCancelled, Standing::ActivityCancelled]);
    let last_named: Vec<_> = items.iter().map(|item| item.log_indexes.last().copied()).collect();
    assert_eq!(last_named, [Some(from), Some(from + 1)], "the entry that cancelled it is what decides");
    let models = story.models();
    assert_eq!(models.patrols(org("s"), month("2026-10")).expect("known").shifts, 0);
    assert_eq!(models.attendance(org("s"), month("2026-10")).expect("known").meetings.held, 0);
}

#[test]
fn every_item_names_its_entries_its_clause_and_the_rules() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").evidenced(Evidence::Attested);
    let first = story.visit(1, "2026-10-03 09:00");
    let second = story.visit(1, "2026-10-04 09:00");
    let approval = story.tell(ServiceApproved { record: first });
    let explained = story.points_of(1, "2026-10");
    assert_eq!(explained.rules_version.map(|version| version.as_str().to_owned()), Some("2026-1".to_owned()));
    assert_eq!(explained.items[0].clause.map(|clause| clause.as_str().to_owned()), Some("1.2".to_owned()));
    assert_eq!(explained.items[0].log_indexes, [story.log_index_of(first), story.log_index_of(approval)]);
    assert_eq!(explained.items[1].log_indexes, [story.log_index_of(second)]);
    assert_eq!((explained.rank_in_branch, explained.ranked_in_branch), (Some(1), Some(1)));
    assert!(DEFAULT_RULES_TOML.contains(&explained.items[0].name));
}
