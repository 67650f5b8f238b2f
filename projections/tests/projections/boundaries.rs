//! Boundaries in tables, each case with its name and numbers worked by hand: midnight, ends of months and years, leap days, make-up days,
//! ties, nothing to divide by, caps met exactly, below zero, changes in the middle of a month or of a shift.

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::Step;

/// Rules of the given clauses, and nothing else.
fn rules(version: &str, from: &str, clauses: &str) -> String {
    format!(
        "title = \"t\"\nversion = \"{version}\"\neffective_from = \"{from}\"\nreview_required_for = []\n{clauses}\n"
    )
}

/// Patrols by the half-hour at half a point, with further lines of the item.
fn patrols(lines: &str) -> String {
    format!(
        "[[items]]\nclause = \"1\"\nname = \"巡逻\"\nkind = \"night_patrol\"\nper = \"half_hour\"\npoints = \"0.5\"\n{lines}\n"
    )
}

/// A street with members 1 to 3 of `b1` since the beginning of 2026.
fn under(clauses: &str) -> Story {
    let mut story = Story::street();
    story.adopt(&rules("v", "2026-01", clauses)).roster_many(3, "b1");
    story
}

/// Points of member 1 in the months given.
fn totals(story: &Story, months: &[&str]) -> Vec<String> {
    months.iter().map(|of| story.points_of(1, of).total.to_string()).collect()
}

fn given(story: &Story, of: &str) -> Vec<String> {
    story.points_of(1, of).items.iter().map(|item| item.points.to_string()).collect()
}

#[test]
fn a_record_belongs_to_the_local_day_and_month_of_the_first_second_of_its_plan() {
    // At most one point a day and two and a half a month, so that days and months can be told from the points.
    let mut by_case = Vec::new();
    for (case, records, of, expected) in [
        ("before midnight", vec![("2026-10-03 22:00", 90)], "2026-10", vec!["1.00"]),
        ("across midnight, one day", vec![("2026-10-03 23:30", 90)], "2026-10", vec!["1.00"]),
        (
            "the last minute of a day and the first of the next",
            vec![("2026-10-03 22:00", 60), ("2026-10-03 23:59", 60), ("2026-10-04 00:00", 60)],
            "2026-10",
            vec!["1.00", "0.00", "1.00"],
        ),
        ("the last minute of a month", vec![("2026-10-31 23:59", 60)], "2026-10", vec!["1.00"]),
        ("the first second of a month", vec![("2026-11-01 00:00", 60)], "2026-11", vec!["1.00"]),
        ("not of the month before it", vec![("2026-11-01 00:00", 60)], "2026-10", vec![]),
        ("a leap day across its end", vec![("2028-02-29 23:59", 60)], "2028-02", vec!["1.00"]),
        ("28 February without a leap day", vec![("2027-02-28 23:59", 60)], "2027-02", vec!["1.00"]),
        ("1 March after a leap day", vec![("2028-03-01 00:00", 60)], "2028-03", vec!["1.00"]),
        ("the last minute of a year", vec![("2026-12-31 23:59", 60)], "2026-12", vec!["1.00"]),
        ("the first second of a year", vec![("2027-01-01 00:00", 60)], "2027-01", vec!["1.00"]),
        (
            "a month's cap is not carried over its end",
            vec![
                ("2026-10-29 20:00", 60),
                ("2026-10-30 20:00", 60),
                ("2026-10-31 23:59", 60),
                ("2026-11-01 00:00", 60),
            ],
            "2026-10",
            vec!["1.00", "1.00", "0.50"],
        ),
    ] {
        let mut story = under(&patrols("caps = { per_day = \"1\", per_month = \"2.5\" }"));
        for (from, minutes) in records {
            story.patrol(1, from, minutes);
        }
        by_case.push((case, given(&story, of), expected));
    }
    for (case, given, expected) in by_case {
        assert_eq!(given, expected, "{case}");
    }
}

#[test]
fn minutes_in_a_window_are_whole_and_end_where_it_ends() {
    let window = "[[coefficients]]\nclause = \"2\"\nname = \"夜间\"\ntimes = \"2\"\n\
                  window = { from = \"22:00\", until = \"02:00\", counts = \"overlapping_minutes\" }";
    for (case, from, seconds, minutes, counted) in [
        ("ends as the window opens", "2026-10-03 21:00", 0, 60, 60),
        ("one minute within", "2026-10-03 21:00", 0, 61, 62),
        ("59 seconds within are no minute", "2026-10-03 20:59", 59, 61, 61),
        ("all of it within, over midnight", "2026-10-03 22:00", 0, 240, 480),
        ("begins as the window shuts", "2026-10-04 02:00", 0, 60, 60),
        ("over the end of the year", "2026-12-31 23:00", 0, 240, 420),
        ("over the leap day", "2028-02-28 23:00", 0, 240, 420),
    ] {
        let mut story = under(&format!("{}{window}", patrols("")));
        story.patrol(1, from, minutes);
        let last = story.log.len();
        for event in &mut story.log[last - 2..] {
            event.occurred_at =
                Instant::from_unix_seconds(event.occurred_at.unix_seconds() + seconds).expect("in range");
        }
        let of = from.get(..7).expect("a month");
        let trail = &story.points_of(1, of).items[0].trail;
        assert_eq!(trail.last().and_then(|step| step.counted_minutes), Some(counted), "{case}: {trail:?}");
    }
}

#[test]
fn every_month_of_2026_has_the_working_days_of_the_notice() {
    let story = Story::street();
    let models = story.models();
    for (of, working_days) in [
        ("2026-01", 21),
        ("2026-02", 16),
        ("2026-03", 22),
        ("2026-04", 21),
        ("2026-05", 19),
        ("2026-06", 21),
        ("2026-07", 23),
        ("2026-08", 21),
        ("2026-09", 22),
        ("2026-10", 18),
        ("2026-11", 21),
        ("2026-12", 23),
    ] {
        let coverage = models.duty_coverage(org("s"), month(of)).expect("known").expect("2026 is known");
        assert_eq!(coverage.working_days, working_days, "{of}");
    }
}

#[test]
fn duty_on_a_make_up_day_counts_and_on_the_day_off_it_pays_for_does_not() {
    for (make_up_day, day_off) in [
        ("2026-01-04", "2026-01-02"),
        ("2026-02-14", "2026-02-20"),
        ("2026-02-28", "2026-02-23"),
        ("2026-05-09", "2026-05-05"),
        ("2026-09-20", "2026-09-25"),
        ("2026-10-10", "2026-10-07"),
    ] {
        for (day, covered) in [(make_up_day, 1), (day_off, 0)] {
            let mut story = under("");
            for member in [1, 2] {
                let served = DutyServed { member: MemberId(member), minutes: 240, organization: org("c1") };
                story.at(&format!("{day} 08:00")).tell(served);
            }
            let of = day.get(..7).expect("a month");
            let coverage = story.models().duty_coverage(org("s"), month(of)).expect("known").expect("2026 is known");
            assert_eq!(coverage.rate.numerator, covered, "{day}");
        }
    }
}

#[test]
fn the_same_points_share_a_rank_and_the_next_rank_skips() {
    for (case, quarters, ranks) in [
        ("two in the middle", [40, 20, 20, 10], [1, 2, 2, 4]),
        ("all alike", [20, 20, 20, 20], [1, 1, 1, 1]),
        ("nobody has any", [0, 0, 0, 0], [1, 1, 1, 1]),
        ("a tie for the first place", [40, 40, 10, 0], [1, 1, 3, 4]),
        ("below zero", [4, 0, -4, -4], [1, 2, 3, 3]),
    ] {
        let mut story = Story::street();
        story.adopt(&rules("v", "2026-01", "[[awards]]\nclause = \"3\"\nname = \"奖惩\"\npoints_max = \"50\"\n"));
        story.roster_many(4, "b1").at("2026-10-05 09:00");
        for (member, quarters) in (1..).zip(quarters) {
            let amount = Points::from_hundredths(25 * i64::from(i32::abs(quarters))).to_string();
            match quarters {
                0 => {}
                1.. => drop(story.grant(member, "3", &amount)),
                _ => drop(story.deduct(member, "3", &amount)),
            }
        }
        let ranking = story.models().member_ranking(org("b1"), month("2026-10"), None, 10).expect("known");
        let ranked: Vec<usize> = ranking.rows.iter().map(|row| row.rank).collect();
        assert_eq!(ranked, ranks, "{case}");
    }
}

#[test]
fn where_nobody_is_due_there_is_no_rate_and_no_average() {
    let exempted = MemberExempted { decision: None, member: MemberId(1), reason: ExemptionReason::Age, until: None };
    for (case, organization, exempt) in [("no members", "c2", false), ("everybody is exempt", "b1", true)] {
        let mut story = Story::street();
        story.adopt(&rules("v", "2026-01", "published_group_members_min = 0")).roster(1, "b1");
        if exempt {
            story.tell(exempted.clone());
        }
        let summary = story.models().month_summary(org(organization), month("2026-10")).expect("known");
        let rates = summary.rates;
        for rate in [rates.enrollment, rates.pairing_sign_up, rates.patrol_sign_up, rates.participation] {
            assert_eq!((rate.denominator, rate.percent_hundredths), (0, None), "{case}");
        }
        assert_eq!(summary.average.points, None, "{case}");
    }
}

#[test]
fn a_cap_that_is_met_exactly_takes_nothing_and_leaves_nothing() {
    for (period, next_in_it, next_outside) in [
        ("per_day", "2026-10-05 12:00", "2026-10-06 00:00"),
        ("per_month", "2026-10-31 23:59", "2026-11-01 00:00"),
        ("per_quarter", "2026-12-31 23:59", "2027-01-01 00:00"),
        ("per_year", "2026-12-31 23:59", "2027-01-01 00:00"),
    ] {
        let mut story = under(&patrols(&format!("caps = {{ {period} = \"1\" }}")));
        story.patrol(1, "2026-10-05 09:00", 30);
        story.patrol(1, "2026-10-05 10:00", 30);
        story.patrol(1, next_in_it, 30);
        story.patrol(1, next_outside, 30);
        let all: Vec<_> = ["2026-10", "2026-11", "2026-12", "2027-01"]
            .iter()
            .flat_map(|of| story.points_of(1, of).items)
            .map(|item| (item.points.to_string(), item.trail.iter().any(|step| step.step == Step::Cap)))
            .collect();
        let expected = [("0.50", false), ("0.50", false), ("0.00", true), ("0.50", false)];
        assert_eq!(all, expected.map(|(points, capped)| (points.to_owned(), capped)), "{period}");
    }
}

#[test]
fn points_go_below_zero_and_what_is_below_zero_is_not_reset() {
    let clauses = "[[awards]]\nclause = \"3\"\nname = \"奖惩\"\npoints_max = \"9\"\n\
                   [[resets]]\nclause = \"5\"\nname = \"清零\"\nperiod = \"month\"\n";
    for (case, cap, steps, expected) in [
        ("deducted from nothing", "", vec![("-", "2")], "-2.00"),
        ("granted, and more deducted", "", vec![("+", "1"), ("-", "2.5")], "-1.50"),
        ("a reset of what is below zero", "", vec![("-", "2"), ("0", "")], "-2.00"),
        ("a reset of exactly nothing", "", vec![("+", "2"), ("-", "2"), ("0", "")], "0.00"),
        ("a reset, then deducted", "", vec![("+", "2"), ("0", ""), ("-", "1")], "-1.00"),
        ("a cap on deductions met exactly", "4", vec![("-", "3"), ("-", "1"), ("-", "1")], "-4.00"),
        ("a grant doesn't widen the cap on deductions", "1", vec![("-", "3"), ("+", "2"), ("-", "3")], "1.00"),
    ] {
        let cap =
            if cap.is_empty() { String::new() } else { format!("deduction_caps = {{ per_month = \"{cap}\" }}\n") };
        let mut story = under(&format!("{cap}{clauses}"));
        for (day, (step, amount)) in (5..).zip(steps) {
            story.at(&format!("2026-10-{day:02} 09:00"));
            match step {
                "+" => drop(story.grant(1, "3", amount)),
                "-" => drop(story.deduct(1, "3", amount)),
                _ => drop(story.reset(1, "5")),
            }
        }
        assert_eq!(totals(&story, &["2026-10"]), [expected], "{case}");
    }
}

#[test]
fn rules_score_whole_months_whenever_they_are_adopted() {
    let double = |version: &str, from: &str| rules(version, from, &patrols("")).replace("0.5", "1");
    for (case, adopted, expected) in [
        ("in the middle of the month, for the month", vec![("2026-10-15 12:00", "2026-10")], ["2.00", "2.00"]),
        ("in the middle of the month, for the next", vec![("2026-10-15 12:00", "2026-11")], ["1.00", "2.00"]),
        ("on the first second of the next", vec![("2026-11-01 00:00", "2026-11")], ["1.00", "2.00"]),
        (
            "an older start adopted later doesn't go before a newer one",
            vec![("2026-10-15 12:00", "2026-11"), ("2026-10-16 12:00", "2026-09")],
            ["2.00", "2.00"],
        ),
    ] {
        let mut story = under(&patrols(""));
        story.patrol(1, "2026-10-05 20:00", 60);
        story.patrol(1, "2026-11-05 20:00", 60);
        for (number, (when, from)) in (1..).zip(adopted) {
            story.at(when).adopt(&double(&format!("v{number}"), from));
        }
        assert_eq!(totals(&story, &["2026-10", "2026-11"]), expected, "{case}");
    }
}

#[test]
fn a_record_stays_with_the_branch_of_its_start_whatever_changes_during_it() {
    let transferred = Event::from(MemberTransferred { decision: None, member: MemberId(1), organization: org("b2") });
    let merged = Event::from(OrganizationMerged { into: org("b2"), organization: org("b1") });
    let reclassified =
        Event::from(MemberReclassified { decision: None, class: MemberClass::Deployed, member: MemberId(1) });
    let left = Event::from(MemberLeft { decision: None, member: MemberId(1), reason: LeavingReason::MovedAway });
    for (case, change, at, branch, total) in [
        ("transferred in the middle of the shift", &transferred, "2026-10-05 21:00", Some("b1"), "1.00"),
        ("transferred as it starts", &transferred, "2026-10-05 20:00", Some("b2"), "1.00"),
        ("transferred a minute before", &transferred, "2026-10-05 19:59", Some("b2"), "1.00"),
        ("merged in the middle of the shift", &merged, "2026-10-05 21:00", Some("b1"), "1.00"),
        ("merged as it starts", &merged, "2026-10-05 20:00", Some("b2"), "1.00"),
        ("of another class in the middle", &reclassified, "2026-10-05 21:00", Some("b1"), "1.00"),
        ("of another class as it starts", &reclassified, "2026-10-05 20:00", Some("b1"), "3.00"),
        ("left in the middle of the shift", &left, "2026-10-05 21:00", Some("b1"), "1.00"),
        ("left as it starts", &left, "2026-10-05 20:00", None, "0.00"),
    ] {
        let deployed =
            "[[coefficients]]\nclause = \"2\"\nname = \"下沉\"\ntimes = \"3\"\nmember_classes = [\"deployed\"]\n";
        let mut story = under(&format!("{}{deployed}", patrols("")));
        story.patrol(1, "2026-10-05 20:00", 60);
        story.at(at).tell(change.clone());
        let item = story.points_of(1, "2026-10").items.swap_remove(0);
        assert_eq!((item.branch, item.points.to_string().as_str()), (branch.map(org), total), "{case}");
        let street = story.models().member_rank(org("s"), MemberId(1), month("2026-10")).map(|rank| rank.points);
        assert_eq!(street, (item.branch.is_some()).then(|| points(total)), "{case}");
    }
}

#[test]
fn of_several_corrections_the_last_one_counts_once_it_is_approved() {
    let (on, off) = (true, false);
    for (case, steps, minutes, counts) in [
        ("corrected", vec![(60, off)], 60, false),
        ("corrected and approved", vec![(60, on)], 60, true),
        ("a correction of a correction waits again", vec![(60, on), (90, off)], 90, false),
        ("and counts once approved", vec![(60, on), (90, on)], 90, true),
        ("the first never approved", vec![(60, off), (90, on)], 90, true),
        ("back to what it was", vec![(60, on), (120, on)], 120, true),
        ("to another day and back", vec![(30, off), (45, off), (90, on)], 90, true),
    ] {
        let mut story = under(&patrols(""));
        let record = story.patrol(1, "2026-10-05 20:00", 120);
        let opened = story.log_index_of(record);
        let mut entries = vec![opened, opened + 1];
        for (minutes, approved) in steps {
            let corrected =
                RecordCorrected { decision: None, minutes, reason: CorrectionReason::EnteredWrongly, record };
            entries.push(story.log.len() as u64);
            story.at("2026-10-06 20:00").tell(corrected);
            if approved {
                entries.push(story.log.len() as u64);
                story.tell(ServiceApproved { record });
            }
        }
        let item = story.points_of(1, "2026-10").items.swap_remove(0);
        let expected = if counts { Points::from_hundredths(i64::from(minutes / 30) * 50) } else { Points::ZERO };
        assert_eq!((item.minutes, item.points, item.started_at.local_date().day()), (minutes, expected, 6), "{case}");
        assert_eq!(item.date.day(), 5, "{case}: the day of the plan stays");
        assert_eq!(item.log_indexes, entries, "{case}: every step is named");
    }
}
