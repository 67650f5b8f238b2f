//! The published schemes of `docs/guides/schemes`, each with numbers worked by hand from its text. The arithmetic stands beside them.

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::{MemberAssessment, parse_rules};

/// A street with one member of `b1` under a scheme.
fn under(scheme: &str) -> Story {
    let mut story = Story::street();
    story.adopt(scheme).roster_many(3, "b1");
    story
}

fn total(story: &Story, member: u64, of: &str) -> String {
    story.folded().member_points(MemberId(member), month(of)).expect("known").total.to_string()
}

fn assessed(story: &Story, member: u64, of: &str) -> MemberAssessment {
    story.folded().member_assessment(MemberId(member), month(of)).expect("assessed")
}

fn band(story: &Story, member: u64, of: &str) -> (String, String) {
    let assessment = assessed(story, member, of);
    (assessment.points.to_string(), assessment.band.map_or_else(String::new, |band| band.name))
}

#[test]
fn every_scheme_is_sound_and_named_after_its_file() {
    for (name, scheme) in [
        ("yearly-pass", include_str!("../../../docs/guides/schemes/yearly-pass.toml")),
        ("base-hundred", include_str!("../../../docs/guides/schemes/base-hundred.toml")),
        ("plus-minus-reset", include_str!("../../../docs/guides/schemes/plus-minus-reset.toml")),
        ("ten-an-hour", include_str!("../../../docs/guides/schemes/ten-an-hour.toml")),
        ("two-hours-an-activity", include_str!("../../../docs/guides/schemes/two-hours-an-activity.toml")),
        ("half-hours", include_str!("../../../docs/guides/schemes/half-hours.toml")),
        ("meetings", include_str!("../../../docs/guides/schemes/meetings.toml")),
        ("night-shifts", include_str!("../../../docs/guides/schemes/night-shifts.toml")),
        ("lifetime-hours", include_str!("../../../docs/guides/schemes/lifetime-hours.toml")),
    ] {
        let rules = parse_rules(scheme).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(rules.version.as_str(), name);
    }
}

#[test]
fn yearly_pass_takes_sixty_points_and_fifty_hours() {
    let mut story = under(include_str!("../../../docs/guides/schemes/yearly-pass.toml"));
    // Member 1: ten services of 5 h = 50 h = 50 points, and 10 granted: 60 exactly, 3,000 minutes exactly.
    // Member 2: nine of 5 h and one of 4 h 59 min = 45 + 4 = 49, and twice 10 granted = 69; but 2,999 minutes.
    // Member 3: as member 1, but 9.99 granted: 59.99.
    for of in 1..=10 {
        let day = format!("2026-{of:02}-10 08:00");
        story.service(1, &day, 300);
        story.service(2, &day, if of == 10 { 299 } else { 300 });
        story.service(3, &day, 300);
    }
    story.at("2026-11-01 09:00").grant(1, "2", "10");
    story.grant(2, "2", "10");
    story.grant(2, "2", "10");
    story.grant(3, "2", "9.99");
    assert_eq!(band(&story, 1, "2026-12"), ("60.00".to_owned(), "合格".to_owned()));
    assert_eq!(band(&story, 2, "2026-12"), ("69.00".to_owned(), "不合格".to_owned()));
    assert_eq!(assessed(&story, 2, "2026-12").voluntary_minutes, 2_999);
    assert_eq!(band(&story, 3, "2026-12"), ("59.99".to_owned(), "不合格".to_owned()));
    // The year begins anew.
    assert_eq!(band(&story, 1, "2027-01"), ("0.00".to_owned(), "不合格".to_owned()));
}

#[test]
fn base_hundred_starts_each_year_at_a_hundred_and_warns_below_85_and_60() {
    let mut story = under(include_str!("../../../docs/guides/schemes/base-hundred.toml"));
    story.at("2026-02-01 00:00").schedule(1, ActivityKind::Meeting, "2026-02-03 15:00", "2026-02-03 16:00");
    story.schedule(2, ActivityKind::Service, "2026-02-04 15:00", "2026-02-04 16:00").sign_up(1, 2);
    story.at("2026-02-03 15:00").attend(1, 1, AttendanceOutcome::Absent);
    story.at("2026-03-01 09:00").close("2026-02", "s");
    // Member 1: 100 − 5 (absent) − 2 (no-show) − 5 (2.8) = 88.
    story.at("2026-04-10 09:00").deduct(1, "2.8", "5");
    assert_eq!(total(&story, 1, "2026-01"), "100.00");
    assert_eq!(total(&story, 1, "2026-02"), "-7.00");
    assert_eq!(band(&story, 1, "2026-12"), ("88.00".to_owned(), "合格".to_owned()));
    // 88 − 3.01 = 84.99.
    story.deduct(1, "2.4", "3.01");
    assert_eq!(band(&story, 1, "2026-12"), ("84.99".to_owned(), "警示".to_owned()));
    // Member 2: 100 − 40 = 60: still a warning; a hundredth less isn't.
    story.deduct(2, "2.12", "40");
    assert_eq!(band(&story, 2, "2026-12"), ("60.00".to_owned(), "警示".to_owned()));
    story.deduct(2, "2.3", "0.01");
    let failed = assessed(&story, 2, "2026-12");
    assert_eq!(failed.points, points("59.99"));
    assert_eq!(failed.band.expect("the last band").consequence.as_deref(), Some("限期改正"));
    // Member 3: 100 + 10 + 10 (the third 10 is over 20 a year) + 3 + 3 (the third 3 is over 6 a year) = 126.
    for of in ["2026-05-01 09:00", "2026-06-01 09:00", "2026-07-01 09:00"] {
        story.at(of).grant(3, "3.1", "10");
        story.grant(3, "3.3", "3");
    }
    assert_eq!(band(&story, 3, "2026-12").0, "126.00");
    assert_eq!(total(&story, 3, "2026-07"), "0.00");
    // A clause to add can't take.
    story.at("2026-08-01 09:00").deduct(3, "3.2", "5");
    assert_eq!(total(&story, 3, "2026-08"), "0.00");
    assert_eq!(band(&story, 2, "2027-01"), ("100.00".to_owned(), "合格".to_owned()));
}

#[test]
fn plus_minus_is_reset_to_zero_and_goes_on_from_there() {
    let mut story = under(include_str!("../../../docs/guides/schemes/plus-minus-reset.toml"));
    // Member 1: + 2 (service) + 5 − 1 = 6; reset: 0; + 10 = 10.
    story.service(1, "2026-01-10 09:00", 60);
    story.at("2026-02-10 09:00").grant(1, "1.2", "5");
    story.at("2026-03-10 09:00").deduct(1, "2.1", "1");
    assert_eq!(band(&story, 1, "2026-03").0, "6.00");
    let reset = story.at("2027-04-10 09:00").reset(1, "3");
    assert_eq!(total(&story, 1, "2027-04"), "-6.00");
    story.at("2027-05-10 09:00").grant(1, "1.3", "10");
    assert_eq!(band(&story, 1, "2027-05").0, "10.00");
    // Quashed, it never was: 6 + 10.
    story.quash(reset);
    assert_eq!(band(&story, 1, "2027-05").0, "16.00");
    // Member 2: + 2 − 12 = −10: there is nothing to take, and a reset forgives nothing.
    story.service(2, "2026-01-10 09:00", 60);
    story.at("2026-02-10 09:00").deduct(2, "2.3", "12");
    story.at("2026-03-10 09:00").reset(2, "3");
    assert_eq!(band(&story, 2, "2026-03").0, "-10.00");
}

#[test]
fn ten_an_hour_counts_full_hours() {
    let mut story = under(include_str!("../../../docs/guides/schemes/ten-an-hour.toml"));
    // 59 min: 0. 60 min: 10. 135 min = 2 h 15: 20. Together 30.
    for (day, minutes) in [("2026-10-01 09:00", 59), ("2026-10-02 09:00", 60), ("2026-10-03 09:00", 135)] {
        story.service(1, day, minutes);
    }
    assert_eq!(story.october(1), "30.00");
}

#[test]
fn two_hours_an_activity_is_the_most_that_counts() {
    let mut story = under(include_str!("../../../docs/guides/schemes/two-hours-an-activity.toml"));
    // 180 min = 3 h: 2. 90 min = 1.5 h, half up: 2. 89 min: 1. Together 5.
    for (day, minutes) in [("2026-10-01 09:00", 180), ("2026-10-02 09:00", 90), ("2026-10-02 13:00", 89)] {
        story.service(1, day, minutes);
    }
    assert_eq!(story.october(1), "5.00");
}

#[test]
fn half_hours_end_at_eight_hours_a_day() {
    let mut story = under(include_str!("../../../docs/guides/schemes/half-hours.toml"));
    // One day: patrol 5 h = 10 units = 5.0; service 250 min = 8.33 units, half up 8 = 4.0, of which 3.0 are left: 8.0.
    story.patrol(1, "2026-10-01 01:00", 300);
    story.service(1, "2026-10-01 09:00", 250);
    assert_eq!(story.october(1), "8.00");
    // The next day: 14 min = 0 units, 15 min = 1 unit = 0.5.
    story.service(1, "2026-10-02 09:00", 14);
    story.service(1, "2026-10-02 10:00", 15);
    assert_eq!(story.october(1), "8.50");
}

#[test]
fn meetings_count_four_and_twelve_times_a_year_and_a_lecture_once() {
    let mut story = under(include_str!("../../../docs/guides/schemes/meetings.toml"));
    let mut number = 0;
    let mut attend = |story: &mut Story, kind: ActivityKind, when: &str| {
        number += 1;
        let until = when.replace("09:00", "10:00");
        story.at(when).schedule(number, kind, when, &until).attend(1, number, AttendanceOutcome::Attended);
    };
    // General meetings in January, March (of the same quarter: nothing), May, August, November: 4 × 5 = 20.
    for of in ["01", "03", "05", "08", "11"] {
        attend(&mut story, ActivityKind::Meeting, &format!("2026-{of}-08 09:00"));
    }
    // Lectures in February and June: 5, the second nothing.
    for of in ["02", "06"] {
        attend(&mut story, ActivityKind::Training, &format!("2026-{of}-09 09:00"));
    }
    // A theme day each month, and a second one in March that counts for nothing: 12 × 5 = 60.
    for of in ["01", "02", "03", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"] {
        let day = format!("2026-{of}-10 09:00");
        story.served(1, ActivityKind::Service, ActivityClass::Organized, None, &day, 60);
    }
    let models = story.folded();
    let months: Vec<Points> = (1..=12)
        .map(|of| models.member_points(MemberId(1), month(&format!("2026-{of:02}"))).expect("known").total)
        .collect();
    assert_eq!(months.iter().copied().sum::<Points>(), points("85"), "20 + 5 + 60: {months:?}");
    assert_eq!((months[0], months[2], months[5]), (points("10"), points("5"), points("5")));
}

#[test]
fn night_shifts_that_touch_the_small_hours_count_twice_and_a_no_show_costs_two() {
    let mut story = under(include_str!("../../../docs/guides/schemes/night-shifts.toml"));
    // 22:00–02:00: 4 h, ends as the window begins: 4. 22:00–02:01: 241 min, half up 4 h, twice: 8. 07:59–09:59: 2 h, twice: 4.
    // Signed up and not there: −2. Together 14.
    story.patrol(1, "2026-10-01 22:00", 240);
    story.patrol(1, "2026-10-03 22:00", 241);
    story.patrol(1, "2026-10-06 07:59", 120);
    story.schedule(9, ActivityKind::NightPatrol, "2026-10-20 22:00", "2026-10-21 02:00").sign_up(1, 9);
    story.at("2026-11-02 09:00").close("2026-10", "s");
    let given: Vec<String> = story.points_of(1, "2026-10").items.iter().map(|item| item.points.to_string()).collect();
    assert_eq!(given, ["4.00", "8.00", "4.00", "-2.00"]);
    assert_eq!(story.october(1), "14.00");
    assert_eq!(story.models().month_summary(org("s"), month("2026-10")).expect("known").points, points("14"));
}

#[test]
fn a_lifetime_holds_fifteen_hundred_hours() {
    let mut story = under(include_str!("../../../docs/guides/schemes/lifetime-hours.toml"));
    // 149 services of 10 h over five years = 1,490; then 12 h, of which 10 are left; then nothing.
    for number in 0..149_u32 {
        let day = format!("{}-{:02}-{:02} 08:00", 2026 + number / 36, 1 + number % 36 / 3, 5 + number % 3);
        story.service(1, &day, 600);
    }
    assert_eq!(assessed(&story, 1, "2030-06").points, points("1490"));
    story.service(1, "2030-07-01 08:00", 720);
    assert_eq!(total(&story, 1, "2030-07"), "10.00");
    story.service(1, "2031-01-01 08:00", 720);
    assert_eq!(total(&story, 1, "2031-01"), "0.00");
    assert_eq!(assessed(&story, 1, "2031-01").points, points("1500"));
}

#[test]
fn every_example_of_the_guide_is_sound() {
    let guide = include_str!("../../../docs/guides/rules.md");
    let examples: Vec<&str> = guide.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 13);
    for example in examples {
        let reviewed = if example.contains("review_required_for") { "" } else { "review_required_for = []\n" };
        let head = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\n";
        let document = format!("{head}{reviewed}{example}");
        parse_rules(&document).unwrap_or_else(|fault| panic!("{fault}\n{document}"));
    }
}
