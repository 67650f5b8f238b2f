//! Which month, which branch, how many minutes (DOMAIN §4).

use crate::story::{Story, local, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::{DEFAULT_RULES_TOML, Standing};

fn patrol(story: &mut Story, from: &str, to: &str) -> EventId {
    story.schedule(1, ActivityKind::NightPatrol, from, to).serve(1, 1, from, to)
}

#[test]
fn a_patrol_across_midnight_is_one_record_of_the_day_on_which_it_started() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    patrol(&mut story, "2026-10-03 23:30", "2026-10-04 01:30");
    let explained = story.points_of(1, "2026-10");
    let [item] = &explained.items[..] else { panic!("one record, not {}", explained.items.len()) };
    assert_eq!((item.date.to_string(), item.minutes), ("2026-10-03".to_owned(), 120));
    assert_eq!(item.points, points("2"));
    assert_eq!(explained.voluntary_minutes, 120);
}

#[test]
fn a_patrol_across_the_end_of_a_month_or_year_belongs_to_the_month_in_which_it_started() {
    for (from, to, of, after) in [
        ("2026-10-31 23:30", "2026-11-01 00:30", "2026-10", "2026-11"),
        ("2026-12-31 23:59", "2027-01-01 01:00", "2026-12", "2027-01"),
        ("2028-02-29 23:00", "2028-03-01 01:00", "2028-02", "2028-03"),
    ] {
        let mut story = Story::street_with_rules();
        story.roster(1, "b1");
        patrol(&mut story, from, to);
        assert_eq!(story.points_of(1, of).items.len(), 1, "{of}");
        assert_eq!(story.points_of(1, after).items.len(), 0, "{after}");
    }
}

#[test]
fn minutes_are_whole_and_a_check_out_before_the_check_in_changes_nothing() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let (activity, member) = (ActivityId(1), MemberId(1));
    story.at("2026-10-03 20:00").tell(MemberCheckedIn { activity, member });
    story.at("2026-10-03 19:00").tell(MemberCheckedOut { activity, member });
    assert_eq!(story.points_of(1, "2026-10").items[0].standing, Standing::CheckOutMissing);
    story.at("2026-10-03 20:59").tell(MemberCheckedOut { activity, member });
    assert_eq!(story.points_of(1, "2026-10").items[0].minutes, 59);
    assert_eq!(story.october(1), "0.50");
}

#[test]
fn without_a_check_out_nothing_counts() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    story.at("2026-10-03 20:00").tell(MemberCheckedIn { activity: ActivityId(1), member: MemberId(1) });
    let explained = story.points_of(1, "2026-10");
    assert_eq!(explained.items[0].standing, Standing::CheckOutMissing);
    assert_eq!((explained.total, explained.voluntary_minutes), (Points::ZERO, 0));
    let summary = story.models().month_summary(org("s"), month("2026-10")).expect("known");
    assert_eq!(summary.records.check_out_missing, 1);
}

#[test]
fn a_second_check_in_while_one_is_open_is_ignored() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    let (activity, member) = (ActivityId(1), MemberId(1));
    story.at("2026-10-03 20:00").tell(MemberCheckedIn { activity, member });
    story.at("2026-10-03 21:00").tell(MemberCheckedIn { activity, member });
    story.at("2026-10-03 22:00").tell(MemberCheckedOut { activity, member });
    let explained = story.points_of(1, "2026-10");
    assert_eq!(explained.items.iter().map(|item| item.minutes).collect::<Vec<_>>(), [120]);
}

#[test]
fn points_go_to_the_branch_the_member_belonged_to_when_the_service_started() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    story.visit(1, "2026-10-10 09:00");
    story.visit(1, "2026-10-20 09:00");
    // Recorded last, but in force between the two visits.
    story.at("2026-10-15 00:00").tell(MemberTransferred {
        decision: None,
        member: MemberId(1),
        organization: org("b2"),
    });
    let explained = story.points_of(1, "2026-10");
    let branches: Vec<_> = explained.items.iter().map(|item| item.branch).collect();
    assert_eq!(branches, [Some(org("b1")), Some(org("b2"))]);
    let models = story.models();
    for (organization, expected) in [("b1", "2"), ("b2", "2"), ("c1", "2"), ("s", "4")] {
        let ranked = models.member_rank(org(organization), MemberId(1), month("2026-10")).expect("ranked");
        assert_eq!(ranked.points, points(expected), "{organization}");
        assert_eq!(ranked.branch, Some(org("b2")));
    }
}

#[test]
fn caps_hold_for_the_member_over_both_branches_of_a_transfer() {
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    for hour in ["08", "09"] {
        story.visit(1, &format!("2026-10-10 {hour}:00"));
    }
    story.at("2026-10-10 09:30").tell(MemberTransferred {
        decision: None,
        member: MemberId(1),
        organization: org("b2"),
    });
    story.visit(1, "2026-10-10 10:00");
    let explained = story.points_of(1, "2026-10");
    assert_eq!(explained.total, points("4"), "4 a day at most, whatever the branch");
    assert_eq!(explained.items[2].points, Points::ZERO);
    assert_eq!(explained.items[2].points_before_cap, points("2"));
}

#[test]
fn a_record_before_or_after_the_time_on_the_roster_earns_nothing() {
    let mut story = Story::street_with_rules();
    story.at("2026-10-05 00:00").roster(1, "b1");
    story.visit(1, "2026-10-04 09:00");
    story.visit(1, "2026-10-06 09:00");
    story.at("2026-10-07 00:00").tell(MemberLeft {
        decision: None,
        member: MemberId(1),
        reason: LeavingReason::MovedAway,
    });
    story.visit(1, "2026-10-08 09:00");
    let standings: Vec<_> = story.points_of(1, "2026-10").items.iter().map(|item| item.standing).collect();
    assert_eq!(standings, [Standing::NotOnRoster, Standing::Accepted, Standing::NotOnRoster]);
    assert_eq!(story.october(1), "2.00");
}

/// A patrol of member 1 that was planned at `from`, and served from `came` to `to`.
fn came_otherwise(story: &mut Story, from: &str, came: &str, to: &str) -> EventId {
    story.schedule(1, ActivityKind::NightPatrol, from, to).serve(1, 1, came, to)
}

#[test]
fn a_record_is_of_the_day_and_month_on_which_its_activity_was_planned_to_start_whenever_somebody_checks_in() {
    for (case, from, came, to, month_of, date, minutes) in [
        ("in time", "2026-10-31 23:00", "2026-10-31 23:00", "2026-11-01 01:00", "2026-10", "2026-10-31", 120),
        ("after midnight", "2026-10-31 23:00", "2026-11-01 00:10", "2026-11-01 01:00", "2026-10", "2026-10-31", 50),
        ("before midnight", "2026-11-01 00:30", "2026-10-31 23:50", "2026-11-01 02:30", "2026-11", "2026-11-01", 160),
        ("after New Year", "2026-12-31 23:30", "2027-01-01 00:30", "2027-01-01 01:00", "2026-12", "2026-12-31", 30),
        ("before New Year", "2027-01-01 00:00", "2026-12-31 22:00", "2027-01-01 00:30", "2027-01", "2027-01-01", 150),
        ("after a leap day", "2028-02-29 23:00", "2028-03-01 00:30", "2028-03-01 01:00", "2028-02", "2028-02-29", 30),
        ("within a month", "2026-10-03 23:00", "2026-10-04 00:10", "2026-10-04 01:00", "2026-10", "2026-10-03", 50),
    ] {
        let mut story = Story::street_with_rules();
        story.roster(1, "b1");
        let record = came_otherwise(&mut story, from, came, to);
        let explained = story.points_of(1, month_of);
        let [item] = &explained.items[..] else { panic!("{case}: {:?}", explained.items) };
        assert_eq!((item.date.to_string().as_str(), item.minutes), (date, minutes), "{case}");
        assert_eq!(item.started_at, local(came), "{case}: what was really served is told");
        let models = story.models();
        let near = month(month_of);
        for other in [near.previous(), near.next()] {
            let other = models.member_points(MemberId(1), other).expect("a known member");
            assert_eq!(other.items.len(), 0, "{case}: it is of one month");
        }
        let summary = models.month_summary(org("s"), near).expect("known");
        assert_eq!((summary.records.accepted, summary.patrols.attended, summary.patrols.shifts), (1, 1, 1), "{case}");
        let register = models.register(org("b1"), near).expect("known");
        assert_eq!((register.len(), models.month_of(record)), (1, Some(near)), "{case}");
        let sheet = models.attendance_sheet(ActivityId(1)).expect("scheduled");
        assert_eq!((sheet.lines.len(), sheet.lines[0].started_at), (1, local(came)), "{case}");
    }
}

#[test]
fn branch_and_class_are_those_of_the_planned_start_and_who_joined_since_belonged_nowhere() {
    let transferred = Event::from(MemberTransferred { decision: None, member: MemberId(1), organization: org("b2") });
    let left = Event::from(MemberLeft { decision: None, member: MemberId(1), reason: LeavingReason::MovedAway });
    for (case, change, branch, standing) in [
        ("transferred before checking in", &transferred, Some("b1"), Standing::Accepted),
        ("left before checking in", &left, Some("b1"), Standing::Accepted),
    ] {
        let mut story = Story::street_with_rules();
        story.roster(1, "b1").at("2026-10-05 20:30").tell(change.clone());
        came_otherwise(&mut story, "2026-10-05 20:00", "2026-10-05 21:00", "2026-10-05 22:00");
        let item = story.points_of(1, "2026-10").items.swap_remove(0);
        assert_eq!((item.branch, item.standing), (branch.map(org), standing), "{case}");
    }
    let mut story = Story::street_with_rules();
    story.at("2026-10-05 20:30").roster(1, "b1");
    came_otherwise(&mut story, "2026-10-05 20:00", "2026-10-05 21:00", "2026-10-05 22:00");
    assert_eq!(story.points_of(1, "2026-10").items[0].standing, Standing::NotOnRoster);
}

#[test]
fn a_cap_by_the_day_is_that_of_the_plan_and_goes_by_its_order() {
    let mut story = Story::street();
    story.adopt(&DEFAULT_RULES_TOML.replace("{ per_day = \"3\", per_month = \"20\" }", "{ per_day = \"0.5\" }"));
    story.roster(1, "b1");
    story.schedule(1, ActivityKind::NightPatrol, "2026-10-05 23:00", "2026-10-06 01:00");
    story.schedule(2, ActivityKind::NightPatrol, "2026-10-06 20:00", "2026-10-06 22:00");
    story.serve(1, 1, "2026-10-06 00:10", "2026-10-06 01:00");
    story.serve(1, 2, "2026-10-06 20:00", "2026-10-06 21:00");
    let given: Vec<String> = story.points_of(1, "2026-10").items.iter().map(|item| item.points.to_string()).collect();
    assert_eq!(given, ["0.50", "0.50"], "each of its own day");
}

#[test]
fn a_window_goes_by_the_time_really_served() {
    let night = "\n[[coefficients]]\nclause = \"9.1\"\nname = \"午夜以后\"\ntimes = \"2\"\n\
                 window = { from = \"00:00\", until = \"06:00\", counts = \"overlapping_minutes\" }\n";
    for (came, counted) in [("2026-10-31 23:00", 180), ("2026-11-01 00:00", 120)] {
        let mut story = Story::street();
        story.adopt(&format!("{DEFAULT_RULES_TOML}{night}")).roster(1, "b1");
        came_otherwise(&mut story, "2026-10-31 23:00", came, "2026-11-01 01:00");
        let trail = &story.points_of(1, "2026-10").items[0].trail;
        let minutes: Vec<_> = trail.iter().filter_map(|step| step.counted_minutes).collect();
        assert_eq!(minutes.last(), Some(&counted), "{came}: {trail:?}");
    }
}

#[test]
fn a_correction_changes_the_time_served_at_an_activity_and_the_day_of_anything_else() {
    let corrected =
        |record| RecordCorrected { decision: None, minutes: 40, reason: CorrectionReason::EnteredWrongly, record };
    let mut story = Story::street_with_rules();
    story.roster(1, "b1");
    let patrol = came_otherwise(&mut story, "2026-10-31 23:00", "2026-10-31 23:00", "2026-11-01 01:00");
    story.at("2026-11-01 00:20").tell(corrected(patrol));
    story.tell(ServiceApproved { record: patrol });
    let visit = story.visit(1, "2026-10-20 09:00");
    story.at("2026-10-21 09:00").tell(corrected(visit));
    let items = story.points_of(1, "2026-10").items;
    let told: Vec<_> = items.iter().map(|item| (item.date.to_string(), item.started_at, item.minutes)).collect();
    assert_eq!(
        told,
        [
            ("2026-10-21".to_owned(), local("2026-10-21 09:00"), 40),
            ("2026-10-31".to_owned(), local("2026-11-01 00:20"), 40),
        ]
    );
    assert_eq!(story.points_of(1, "2026-11").items.len(), 0);
}

/// No ledger takes it, and one of an earlier build could hold it: served weeks away from its plan.
#[test]
fn what_was_served_far_from_its_plan_is_told_to_the_second_and_counts_with_the_plan() {
    for came in ["2026-09-01 00:00", "2026-12-24 12:34", "2025-01-01 00:00", "2031-06-30 23:59"] {
        let mut story = Story::street_with_rules();
        story.at("2024-01-01 00:00").roster(1, "b1");
        let record = came_otherwise(&mut story, "2026-10-31 23:00", "2026-10-31 23:00", "2026-11-01 01:00");
        let reason = CorrectionReason::EnteredWrongly;
        story.at(came).tell(RecordCorrected { decision: None, minutes: 60, reason, record });
        let item = story.points_of(1, "2026-10").items.swap_remove(0);
        assert_eq!((item.started_at, item.date.to_string()), (local(came), "2026-10-31".to_owned()));
        story.at("2026-10-31 23:30").tell(RecordCorrected { decision: None, minutes: 60, reason, record });
        assert_eq!(story.points_of(1, "2026-10").items[0].started_at, local("2026-10-31 23:30"));
    }
}

/// As the log of an earlier build has it: its rules don't say, and mean the moment of checking in.
fn own_start(version: &str, from: &str) -> ScoringRulesAdopted {
    let rules = mingzhang_projections::parse_rules(DEFAULT_RULES_TOML).expect("rules");
    let (version, effective_from) = (version.parse().expect("a version"), month(from));
    let rules = Box::new(ScoringRules { version, effective_from, records_dated_by: None, ..rules });
    ScoringRulesAdopted { rules }
}

#[test]
fn rules_that_say_nothing_of_it_date_records_at_their_own_start_as_they_were() {
    for (from, came, to, own_month) in [
        ("2026-10-31 23:00", "2026-11-01 00:10", "2026-11-01 01:00", "2026-11"),
        ("2026-11-01 00:30", "2026-10-31 23:50", "2026-11-01 02:30", "2026-10"),
    ] {
        let mut story = Story::street();
        story.tell(own_start("old", "2026-01"));
        story.roster(1, "b1");
        came_otherwise(&mut story, from, came, to);
        let item = story.points_of(1, own_month).items.swap_remove(0);
        assert_eq!((item.date, item.started_at), (local(came).local_date(), local(came)), "{came}");
        // Cancelled, it gives nothing in the other month either.
        story.at("2026-12-01 09:00");
        story.tell(ActivityCancelled { activity: ActivityId(1), reason: CancellationReason::Weather });
        assert_eq!(story.points_of(1, own_month).items[0].standing, Standing::ActivityCancelled);
        assert_eq!(story.models().attendance_sheet(ActivityId(1)).expect("scheduled").lines.len(), 1);
    }
}

#[test]
fn what_is_adopted_after_an_activity_was_scheduled_moves_none_of_its_records() {
    let (from, came, to) = ("2026-10-31 23:00", "2026-11-01 00:10", "2026-11-01 01:00");
    for (case, first, then, of) in [
        ("from the moment of checking in to the plan", None, Some(()), "2026-11"),
        ("from the plan to the moment of checking in", Some(()), None, "2026-10"),
    ] {
        let mut story = Story::street();
        let adopt = |story: &mut Story, by_plan: Option<()>, version| {
            let mut adopted = own_start(version, "2026-01");
            adopted.rules.records_dated_by = by_plan.map(|()| RecordDating::PlannedStart);
            story.tell(adopted);
        };
        adopt(&mut story, first, "first");
        story.roster(1, "b1").schedule(1, ActivityKind::NightPatrol, from, to);
        adopt(&mut story, then, "then");
        story.serve(1, 1, came, to);
        assert_eq!(story.points_of(1, of).items.len(), 1, "{case}");
    }
}
