//! Which month, which branch, how many minutes (DOMAIN §4).

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::Standing;

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
