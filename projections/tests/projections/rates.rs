//! Who is due, who is enrolled, paired, signed up; small groups; ties; duty.

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::{DEFAULT_RULES_TOML, RankingCursor, Rates, ReadModels, Withheld};

fn rates(story: &Story) -> Rates {
    story.models().rates(org("s"), month("2026-10")).expect("a known organisation")
}

fn fraction(rate: mingzhang_projections::Rate) -> (u32, u32) {
    (rate.numerator, rate.denominator)
}

#[test]
fn due_is_who_is_on_the_roster_and_not_exempt_at_the_last_moment_of_the_month() {
    let mut story = Story::street_with_rules();
    story.roster_many(6, "b1").at("2026-10-31 23:59");
    story.tell(MemberLeft { decision: None, member: MemberId(1), reason: LeavingReason::Died });
    story.at("2026-11-01 00:00").tell(MemberLeft { decision: None, member: MemberId(2), reason: LeavingReason::Died });
    for (member, until) in [(3, None), (4, Some("2026-10-31")), (5, Some("2026-10-30"))] {
        let until = until.map(|date: &str| date.parse().expect("a date"));
        story.at("2026-10-10 00:00").tell(MemberExempted {
            decision: None,
            member: MemberId(member),
            reason: ExemptionReason::Age,
            until,
        });
    }
    assert_eq!(rates(&story).enrollment.denominator, 3, "2, 5 and 6");
    let summary = story.models().month_summary(org("s"), month("2026-10")).expect("known");
    assert_eq!((summary.members.rostered, summary.members.exempt, summary.members.due), (5, 2, 3));
}

#[test]
fn enrolled_is_who_has_an_enrolment_in_force_then_and_several_count_once() {
    let mut story = Story::street_with_rules();
    story.roster_many(5, "b1").at("2026-10-02 00:00");
    let enrolled = |member: u64, community: &str| MemberEnrolled {
        decision: None,
        community: org(community),
        member: MemberId(member),
    };
    story.tell(enrolled(1, "c1"));
    story.tell(enrolled(1, "c2"));
    story.tell(enrolled(2, "c1"));
    story.tell(enrolled(3, "c2"));
    story.at("2026-10-31 23:59").tell(EnrollmentEnded { decision: None, community: org("c1"), member: MemberId(1) });
    story.tell(EnrollmentEnded { decision: None, community: org("c1"), member: MemberId(2) });
    story.at("2026-11-01 00:00").tell(EnrollmentEnded { decision: None, community: org("c2"), member: MemberId(3) });
    assert_eq!(fraction(rates(&story).enrollment), (2, 5));
    assert_eq!(rates(&story).enrollment.percent_hundredths, Some(4_000));
}

#[test]
fn paired_is_who_had_a_pairing_at_some_time_of_the_month() {
    let mut story = Story::street_with_rules();
    story.roster_many(5, "b1");
    let pairs = [
        (1, "2026-09-01 00:00", Some("2026-09-30 23:59")),
        (2, "2026-09-01 00:00", Some("2026-10-01 00:01")),
        (3, "2026-10-31 23:59", None),
        (4, "2026-11-01 00:00", None),
    ];
    for (member, from, until) in pairs {
        let (household, member) = (HouseholdId(1), MemberId(member));
        story.at(from).tell(HardshipPairingFormed { household, member, organization: org("c1") });
        if let Some(until) = until {
            story.at(until).tell(HardshipPairingEnded { household, member });
        }
    }
    assert_eq!(fraction(rates(&story).pairing_sign_up), (2, 5));
}

#[test]
fn signed_up_is_who_did_not_withdraw_and_took_part_is_who_has_an_accepted_record() {
    let mut story = Story::street_with_rules();
    story.roster_many(6, "b1");
    story.schedule(1, ActivityKind::NightPatrol, "2026-10-03 20:00", "2026-10-03 22:00");
    story.schedule(2, ActivityKind::NightPatrol, "2026-10-04 20:00", "2026-10-04 22:00");
    story.schedule(3, ActivityKind::Meeting, "2026-10-05 20:00", "2026-10-05 22:00");
    story.at("2026-10-01 08:00").sign_up(1, 1).sign_up(1, 2).sign_up(2, 1).sign_up(3, 3).sign_up(4, 2);
    story.tell(SignUpWithdrawn { activity: ActivityId(1), member: MemberId(2) });
    story.serve(1, 1, "2026-10-03 20:00", "2026-10-03 22:00");
    story.evidenced(Evidence::BackEntered).serve(4, 2, "2026-10-04 20:00", "2026-10-04 22:00");
    story.evidenced(Evidence::BothParties).visit(5, "2026-10-09 09:00");
    let rates = rates(&story);
    assert_eq!(fraction(rates.patrol_sign_up), (2, 6), "1 and 4");
    assert_eq!(fraction(rates.patrol_participation), (1, 6), "4 waits for review");
    assert_eq!(fraction(rates.visit_participation), (1, 6));
    assert_eq!(fraction(rates.participation), (2, 6));
    let summary = story.models().month_summary(org("s"), month("2026-10")).expect("known");
    assert_eq!((summary.records.accepted, summary.records.pending), (2, 1));
    let mix: Vec<_> = summary.evidence.iter().map(|share| share.records).collect();
    assert_eq!(mix, [1, 1, 0, 0, 1, 0]);
}

#[test]
fn rates_of_small_groups_are_withheld_and_of_nobody_there_are_none() {
    let mut story = Story::street_with_rules();
    assert_eq!(rates(&story).enrollment.withheld, Some(Withheld::NothingToDivideBy));
    story.roster_many(4, "b1");
    assert_eq!(rates(&story).enrollment.withheld, Some(Withheld::SmallGroup));
    assert_eq!(rates(&story).enrollment.percent_hundredths, None);
    story.roster(5, "b2");
    assert_eq!(rates(&story).enrollment.percent_hundredths, Some(0));
    let ranking = story.models().organization_ranking(org("s"), month("2026-10")).expect("known");
    assert!(ranking.iter().all(|row| row.rank.is_none() && row.average.points.is_none()));
}

#[test]
fn ties_share_a_rank_and_pages_join_without_gap_or_repetition() {
    let mut story = Story::street_with_rules();
    story.roster_many(5, "b1").at("2026-10-09 10:00");
    for (member, amount) in [(3, "9"), (1, "5"), (4, "5"), (2, "1")] {
        story.grant(member, "3.1", amount);
    }
    let models = story.models();
    let (mut rows, mut after, mut pages) = (Vec::new(), None::<RankingCursor>, 0);
    loop {
        let page = models.member_ranking(org("s"), month("2026-10"), after, 2).expect("known");
        assert_eq!(page.members, 5);
        rows.extend(page.rows.iter().map(|row| (row.rank, row.member.0)));
        pages += 1;
        match page.next {
            Some(next) => after = Some(next.to_string().parse().expect("a cursor's text")),
            None => break,
        }
    }
    assert_eq!(rows, [(1, 3), (2, 1), (2, 4), (4, 2), (5, 5)]);
    assert_eq!(pages, 3);
}

#[test]
fn organisations_rank_by_points_per_member_due() {
    let mut story = Story::street_with_rules();
    story.roster_many(5, "b1");
    for member in 6..=15 {
        story.roster(member, "b2");
    }
    story.at("2026-10-09 10:00");
    story.grant(1, "3.1", "10");
    for member in 6..=7 {
        story.grant(member, "3.1", "6");
    }
    let ranking = story.models().organization_ranking(org("s"), month("2026-10")).expect("known");
    let rows: Vec<_> = ranking.iter().map(|row| (row.rank, row.organization, row.points, row.average.points)).collect();
    assert_eq!(
        rows,
        [
            (Some(1), org("c1"), points("10"), Some(points("2"))),
            (Some(2), org("c2"), points("12"), Some(points("1.2"))),
        ]
    );
}

#[test]
fn a_working_day_is_covered_when_enough_different_members_served() {
    let mut story = Story::street_with_rules();
    story.roster_many(3, "b1");
    let serve = |story: &mut Story, member: u64, place: &str, when: &str| {
        story.at(when).tell(DutyServed { member: MemberId(member), minutes: 240, organization: org(place) });
    };
    // Wednesday before the holiday; Saturday the 10th is a make-up day; Thursday the 1st is a holiday.
    for day in ["2026-10-01", "2026-10-10", "2026-10-12"] {
        serve(&mut story, 1, "c1", &format!("{day} 08:00"));
        serve(&mut story, 2, "b1", &format!("{day} 13:00"));
    }
    serve(&mut story, 3, "c1", "2026-10-13 08:00");
    serve(&mut story, 3, "c1", "2026-10-13 13:00");
    story.tell(DutyRostered {
        date: "2026-10-13".parse().expect("a date"),
        member: MemberId(3),
        organization: org("c1"),
    });
    let coverage = story.models().duty_coverage(org("s"), month("2026-10")).expect("known").expect("2026 is known");
    assert_eq!((coverage.members_per_working_day, coverage.working_days), (2, 18));
    let places: Vec<_> = coverage.places.iter().map(|place| (place.organization, place.days_covered)).collect();
    assert_eq!(places, [(org("c1"), 2), (org("c2"), 0)]);
    assert_eq!((coverage.rate.numerator, coverage.rate.denominator), (2, 36));
    assert_eq!((coverage.places[0].uncovered.len(), coverage.places[0].days_rostered), (16, 1));
}

#[test]
fn a_year_that_the_program_does_not_know_comes_with_the_rules_and_is_missing_until_then() {
    let calendar = "[[calendars]]\nyear = 2031\nnotice = \"通知\"\nholidays = [{ from = \"2030-12-31\", until = \"2031-01-03\" }]\n\
                    make_up_days = [\"2031-01-05\"]\n";
    let version = |name: &str, from: &str, calendars: &str| {
        let head =
            format!("title = \"t\"\nversion = \"{name}\"\neffective_from = \"{from}\"\nreview_required_for = []\n");
        format!("{head}{calendars}")
    };
    let mut story = Story::street();
    story.adopt(&version("first", "2026-01", ""));
    let days = |story: &Story, of: &str| {
        story.models().duty_coverage(org("s"), month(of)).expect("known").map(|of| of.working_days)
    };
    let missing = days(&story, "2031-01").expect_err("nobody knows 2031 yet");
    assert_eq!(missing.year, 2031);
    assert!(missing.to_string().contains("adopt scoring rules whose `calendars` have them"), "{missing}");
    story.adopt(&version("with", "2030-12", calendar)).adopt(&version("later", "2031-02", ""));
    // 23 weekdays, the 1st to the 3rd off, Sunday the 5th worked; in February what was adopted for January goes on.
    assert_eq!((days(&story, "2031-01"), days(&story, "2031-02")), (Ok(21), Ok(20)));
    story.adopt(&version("other", "2031-02", &calendar.replace("2031-01-05", "2031-02-08")));
    assert_eq!((days(&story, "2031-01"), days(&story, "2031-02")), (Ok(21), Ok(21)), "months before stay as they were");
    story.adopt(&version(
        "again",
        "2026-01",
        &calendar.replace("2031", "2026").replace("2030", "2025").replace("-05", "-11").replace("-03", "-06"),
    ));
    assert_eq!(days(&story, "2026-01"), Ok(19), "what was adopted goes before what the program knows");
}

#[test]
fn a_summary_compares_with_the_month_before() {
    let mut story = Story::street_with_rules();
    story.roster_many(5, "b1");
    story.visit(1, "2026-09-10 09:00");
    story.visit(1, "2026-10-10 09:00");
    story.visit(2, "2026-10-10 09:00");
    story.at("2026-10-11 09:00").tell(MemberEnrolled { decision: None, community: org("c1"), member: MemberId(1) });
    let summary = story.models().month_summary(org("s"), month("2026-10")).expect("known");
    assert_eq!((summary.points, summary.change.points), (points("4"), points("2")));
    assert_eq!(summary.change.average_points, Some(points("0.4")));
    assert_eq!(summary.change.voluntary_minutes, 30);
    assert_eq!(summary.change.enrollment_percent_hundredths, Some(2_000));
    assert_eq!(summary.children.iter().map(|child| child.points).sum::<Points>(), summary.points);
    assert_eq!(summary.records.home_visits, 2);
}

/// What is told of the enrolment rate and of the average: `+` if it is published, `s` for a small group, `b` beside one, `-` of nobody.
fn told(models: &ReadModels, code: &str) -> String {
    let word = |withheld: Option<Withheld>| match withheld {
        None => '+',
        Some(Withheld::SmallGroup) => 's',
        Some(Withheld::BesideSmallGroup) => 'b',
        Some(Withheld::NothingToDivideBy) => '-',
    };
    let (of, october) = (org(code), month("2026-10"));
    let average = models.month_summary(of, october).expect("known").average;
    let rate = models.rates(of, october).expect("known").enrollment;
    [word(rate.withheld), word(average.withheld)].into_iter().collect()
}

/// A street with the branches of its two communities as large as they are said to be: `b1`, `b3` and `b4` of `c1`, `b2` of `c2`; and
/// members who belong to `c1` itself.
fn branches(rules: &str, [b1, b3, b4, b2, c1]: [u64; 5]) -> ReadModels {
    let mut story = Story::street();
    story.adopt(rules);
    for code in ["b3", "b4"] {
        let (level, name, parent) = (OrganizationLevel::Branch, code.to_owned(), Some(org("c1")));
        story.tell(OrganizationEstablished { level, name, organization: org(code), parent });
    }
    let mut member = 0;
    for (code, members) in [("b1", b1), ("b3", b3), ("b4", b4), ("b2", b2), ("c1", c1)] {
        for _ in 0..members {
            member += 1;
            story.roster(member, code);
        }
    }
    story.folded()
}

#[test]
fn what_a_small_group_would_follow_from_by_subtraction_is_withheld_too() {
    for (case, members, expected) in [
        // s, c1, c2, b1, b3, b4, b2.
        ("nobody is small", [8, 9, 0, 20, 0], ["++", "++", "++", "++", "++", "--", "++"]),
        ("one small among three: the smallest other too", [8, 9, 2, 20, 0], ["++", "++", "++", "bb", "++", "ss", "++"]),
        ("of two alike the first by code", [8, 8, 2, 20, 0], ["++", "++", "++", "bb", "++", "ss", "++"]),
        ("two small ones hide each other", [20, 3, 3, 20, 0], ["++", "++", "++", "++", "ss", "ss", "++"]),
        ("two small ones that are few together", [20, 2, 2, 20, 0], ["++", "++", "++", "bb", "ss", "ss", "++"]),
        ("members of no branch", [8, 9, 0, 20, 1], ["++", "++", "++", "bb", "++", "--", "++"]),
        ("enough of them", [8, 9, 0, 20, 5], ["++", "++", "++", "++", "++", "--", "++"]),
        (
            "a small community: its neighbour and all below it",
            [8, 9, 0, 4, 0],
            ["++", "bb", "ss", "bb", "bb", "--", "ss"],
        ),
        ("nobody to hide beside", [0, 0, 0, 4, 0], ["ss", "--", "ss", "--", "--", "--", "ss"]),
    ] {
        let models = branches(DEFAULT_RULES_TOML, members);
        let found = ["s", "c1", "c2", "b1", "b3", "b4", "b2"].map(|code| told(&models, code));
        assert_eq!(found, expected, "{case}");
        let ranked = models.organization_ranking(org("c1"), month("2026-10")).expect("known");
        for row in ranked {
            assert_eq!(row.rank.is_some(), row.average.withheld.is_none(), "{case}: {row:?}");
        }
    }
    let unsaid =
        DEFAULT_RULES_TOML.replace("withhold_against_subtraction = true", "withhold_against_subtraction = false");
    let models = branches(&unsaid, [8, 9, 2, 20, 0]);
    assert_eq!(["b1", "b3", "b4"].map(|code| told(&models, code)), ["++", "++", "ss"], "only what is small itself");
}

#[test]
fn a_gate_looks_at_no_rate_that_is_withheld_beside_a_small_group() {
    let gate = "\n[[gates]]\nclause = \"9\"\nname = \"报到率\"\nrate = \"enrollment\"\npercent_min = 90\n";
    let models = branches(&format!("{DEFAULT_RULES_TOML}{gate}"), [8, 9, 2, 20, 0]);
    let ranked = models.organization_ranking(org("c1"), month("2026-10")).expect("known");
    let kept_out: Vec<_> = ranked.iter().filter(|row| row.excluded_by.is_some()).map(|row| row.organization).collect();
    assert_eq!(kept_out, [org("b3")], "nobody has enrolled, and of b1 that isn't told");
}
