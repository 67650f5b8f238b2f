//! Each capability of the rules by itself, with numbers worked by hand. How they mix is in the comparison with the second
//! implementation (`tests/scoring`).

use crate::story::{Story, month, org, points};
use mingzhang_events::*;
use mingzhang_projections::{CapPeriod, ExplainedItem, Step, Unscored};

/// Rules of the given clauses, and nothing else.
fn rules(clauses: &str) -> String {
    let head = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n";
    format!("{head}{clauses}\n")
}

/// A street with members 1 to 3 of `b1` under the given clauses.
fn under(clauses: &str) -> Story {
    let mut story = Story::street();
    story.adopt(&rules(clauses)).roster_many(3, "b1");
    story
}

/// Service by the hour at one point, with further lines of the item.
fn hourly(lines: &str) -> String {
    format!("[[items]]\nclause = \"1\"\nname = \"服务\"\nkind = \"service\"\nper = \"hour\"\npoints = \"1\"\n{lines}\n")
}

/// A coefficient on everything, with further lines.
fn times(clause: &str, factor: &str, lines: &str) -> String {
    format!("[[coefficients]]\nclause = \"{clause}\"\nname = \"系数\"\ntimes = \"{factor}\"\n{lines}\n")
}

fn given(story: &Story, member: u64, of: &str) -> Vec<String> {
    story.points_of(member, of).items.iter().map(|item| item.points.to_string()).collect()
}

fn item(story: &Story, of: &str, at: usize) -> ExplainedItem {
    story.points_of(1, of).items.swap_remove(at)
}

#[test]
fn a_bracket_gives_what_its_minutes_reach() {
    let mut story = under(
        "[[items]]\nclause = \"1\"\nname = \"服务\"\nkind = \"service\"\nper = \"bracket\"\n\
         brackets = [{ minutes_from = 30, points = \"1\" }, { minutes_from = 120, points = \"2.5\" }]",
    );
    for (day, minutes) in (1..).zip([29, 30, 119, 120, 600]) {
        story.service(1, &format!("2026-10-{day:02} 09:00"), minutes);
    }
    assert_eq!(given(&story, 1, "2026-10"), ["0.00", "1.00", "1.00", "2.50", "2.50"]);
}

#[test]
fn coefficients_apply_where_all_that_they_name_fits() {
    for (lines, expected) in [
        ("", "2.00"),
        ("kinds = [\"service\"]", "2.00"),
        ("kinds = [\"night_patrol\"]", "1.00"),
        ("items = [\"1\"]", "2.00"),
        ("items = [\"9\"]", "1.00"),
        ("member_classes = [\"resident\"]", "2.00"),
        ("member_classes = [\"deployed\", \"floating\"]", "1.00"),
        ("evidence = [\"on_site_code\"]", "2.00"),
        ("evidence = [\"back_entered\"]", "1.00"),
        ("emergency_grades = [\"serious\"]", "1.00"),
        ("member_classes = [\"resident\"]\nevidence = [\"back_entered\"]", "1.00"),
    ] {
        let other =
            "[[items]]\nclause = \"9\"\nname = \"其他\"\nkind = \"training\"\nper = \"occurrence\"\npoints = \"1\"\n";
        let mut story = under(&format!("{}{other}{}", hourly(""), times("2", "2", lines)));
        story.service(1, "2026-10-05 09:00", 60);
        assert_eq!(given(&story, 1, "2026-10"), [expected], "{lines}");
    }
}

#[test]
fn the_grade_of_the_emergency_multiplies() {
    let item =
        "[[items]]\nclause = \"1\"\nname = \"n\"\nkind = \"mobilization\"\nper = \"occurrence\"\npoints = \"3\"\n";
    let worst = times("2.1", "3", "emergency_grades = [\"extremely_serious\"]");
    let serious = times("2.2", "2", "emergency_grades = [\"serious\", \"large\"]");
    let mut story = under(&format!("{item}{worst}{serious}"));
    let grades =
        [None, Some(EmergencyGrade::Ordinary), Some(EmergencyGrade::Large), Some(EmergencyGrade::ExtremelySerious)];
    for (day, grade) in (1..).zip(grades) {
        let from = format!("2026-10-{day:02} 09:00");
        story.served(1, ActivityKind::Mobilization, ActivityClass::Duty, grade, &from, 60);
    }
    assert_eq!(given(&story, 1, "2026-10"), ["3.00", "3.00", "6.00", "9.00"]);
}

#[test]
fn coefficients_multiply_in_order_and_each_is_rounded_half_up() {
    // 1 × 0.333 = 0.333 → 0.33; × 1.5 = 0.495 → 0.50.
    let mut story = under(&format!("{}{}{}", hourly(""), times("2", "0.333", ""), times("3", "1.5", "")));
    story.service(1, "2026-10-05 09:00", 60);
    let item = item(&story, "2026-10", 0);
    assert_eq!(item.points, points("0.50"));
    let trail: Vec<_> =
        item.trail.iter().map(|step| (step.step, step.clause.expect("named").to_string(), step.points)).collect();
    let steps = [(Step::Basis, "1", "1"), (Step::Coefficient, "2", "0.33"), (Step::Coefficient, "3", "0.50")];
    assert_eq!(trail, steps.map(|(step, clause, amount)| (step, clause.to_owned(), points(amount))));
}

#[test]
fn a_window_counts_the_whole_shift_or_the_minutes_in_it() {
    let window = |counts: &str| {
        times("2", "2", &format!("window = {{ from = \"22:00\", until = \"06:00\", counts = \"{counts}\" }}"))
    };
    for (counts, from, minutes, expected) in [
        // 21:00–23:00: 2 h, an hour of it at night.
        ("whole_shift", "2026-10-05 21:00", 120, "4.00"),
        ("overlapping_minutes", "2026-10-05 21:00", 120, "3.00"),
        // 20:00–22:00: ends as the night begins.
        ("whole_shift", "2026-10-05 20:00", 120, "2.00"),
        ("overlapping_minutes", "2026-10-05 20:00", 120, "2.00"),
        // 23:30–00:30 over midnight: all of it.
        ("overlapping_minutes", "2026-10-05 23:30", 60, "2.00"),
        // 21:45–22:45: 15 + 45 × 2 = 105 min: one full hour.
        ("overlapping_minutes", "2026-10-05 21:45", 60, "1.00"),
        // 21:30–22:30: 30 + 30 × 2 = 90 min; 21:00–22:30: 60 + 60 = 120 min.
        ("overlapping_minutes", "2026-10-05 21:00", 90, "2.00"),
        // 20:00–08:00: 12 h with 8 h at night: 20 h.
        ("overlapping_minutes", "2026-10-05 20:00", 720, "20.00"),
        // The end of a month is no end of a night.
        ("overlapping_minutes", "2026-10-31 23:00", 120, "4.00"),
    ] {
        let mut story = under(&format!("{}{}", hourly(""), window(counts)));
        story.service(1, from, minutes);
        assert_eq!(given(&story, 1, "2026-10"), [expected], "{counts} {from} {minutes}");
    }
}

#[test]
fn caps_bind_by_activity_day_month_quarter_year_and_in_all() {
    // One point an hour. 3 h on each of two days of January, of February, of April, and of January next year.
    let days = [
        "2026-01-05 08:00",
        "2026-01-06 08:00",
        "2026-02-05 08:00",
        "2026-02-06 08:00",
        "2026-04-05 08:00",
        "2026-04-06 08:00",
        "2027-01-05 08:00",
        "2027-01-06 08:00",
    ];
    for (cap, expected) in [
        ("per_activity = \"2\"", ["2.00", "2.00", "2.00", "2.00", "2.00", "2.00", "2.00", "2.00"]),
        ("per_day = \"2.5\"", ["2.50", "2.50", "2.50", "2.50", "2.50", "2.50", "2.50", "2.50"]),
        ("per_month = \"4\"", ["3.00", "1.00", "3.00", "1.00", "3.00", "1.00", "3.00", "1.00"]),
        ("per_quarter = \"7\"", ["3.00", "3.00", "1.00", "0.00", "3.00", "3.00", "3.00", "3.00"]),
        ("per_year = \"10\"", ["3.00", "3.00", "3.00", "1.00", "0.00", "0.00", "3.00", "3.00"]),
        ("in_all = \"19\"", ["3.00", "3.00", "3.00", "3.00", "3.00", "3.00", "1.00", "0.00"]),
        ("per_year = \"6\"", ["3.00", "3.00", "0.00", "0.00", "0.00", "0.00", "3.00", "3.00"]),
    ] {
        // The same cap on the item, on its group, and on everything.
        for place in ["item", "group", "total"] {
            let caps = format!("caps = {{ {cap} }}");
            let clauses = match place {
                "item" => hourly(&caps),
                "group" => format!("{}[[groups]]\nclause = \"9\"\nname = \"g\"\n{caps}", hourly("group = \"9\"")),
                _ => format!("total_{caps}\n{}", hourly("")),
            };
            let mut story = under(&clauses);
            for day in days {
                story.service(1, day, 180);
            }
            let models = story.folded();
            let given: Vec<String> = ["2026-01", "2026-02", "2026-04", "2027-01"]
                .iter()
                .flat_map(|of| models.member_points(MemberId(1), month(of)).expect("known").items)
                .map(|item| item.points.to_string())
                .collect();
            assert_eq!(given, expected, "{cap} on the {place}");
        }
    }
}

#[test]
fn clauses_of_a_group_and_grants_share_its_caps_and_the_tightest_of_several_binds() {
    let patrols = "[[items]]\nclause = \"2\"\nname = \"巡逻\"\nkind = \"night_patrol\"\nper = \"hour\"\npoints = \"1\"\ngroup = \"9\"\n";
    let award = "[[awards]]\nclause = \"3\"\nname = \"表彰\"\npoints_max = \"5\"\ngroup = \"9\"\n";
    let group = "[[groups]]\nclause = \"9\"\nname = \"服务类\"\ncaps = { per_month = \"8\" }\n";
    let mut story = under(&format!(
        "total_caps = {{ per_month = \"9\" }}\n{}{patrols}{award}{group}",
        hourly("group = \"9\"\ncaps = { per_month = \"3\" }")
    ));
    story.service(1, "2026-10-01 09:00", 240);
    story.patrol(1, "2026-10-02 20:00", 180);
    story.at("2026-10-03 09:00").grant(1, "3", "5");
    // 4 of which the item leaves 3; 3; 5 of which the group leaves 2. The total would have left 3.
    assert_eq!(given(&story, 1, "2026-10"), ["3.00", "3.00", "2.00"]);
    let last = item(&story, "2026-10", 2);
    let cap = last.trail.last().expect("capped");
    assert_eq!((cap.cap, cap.clause), (Some(CapPeriod::Month), Some("9".parse().expect("a clause"))));
}

#[test]
fn what_is_taken_has_caps_of_its_own() {
    let absence = "[[deductions]]\nclause = \"2\"\nname = \"缺席\"\non = \"absence_without_leave\"\npoints = \"2\"\ncaps = { per_day = \"3\", per_quarter = \"7\" }\n";
    let award = "[[awards]]\nclause = \"3\"\nname = \"处分\"\npoints_max = \"9\"\n";
    let mut story = under(&format!("deduction_caps = {{ per_year = \"12\" }}\n{absence}{award}"));
    let absent = |story: &mut Story, number: u64, when: &str| {
        let until = when.replace(":00", ":50");
        story.at(when).schedule(number, ActivityKind::Meeting, when, &until).attend(
            1,
            number,
            AttendanceOutcome::Absent,
        );
    };
    // 2, then 1 that is left of the day; in February 2, 2 of the quarter's 7: nothing of it is left.
    absent(&mut story, 1, "2026-01-05 08:00");
    absent(&mut story, 2, "2026-01-05 10:00");
    absent(&mut story, 3, "2026-02-05 08:00");
    absent(&mut story, 4, "2026-02-06 08:00");
    absent(&mut story, 5, "2026-02-07 08:00");
    assert_eq!(
        (given(&story, 1, "2026-01"), given(&story, 1, "2026-02")),
        (vec!["-2.00".into(), "-1.00".into()], vec!["-2.00".into(), "-2.00".into(), "0.00".to_owned()])
    );
    // 7 of the year's 12 are taken: 5 are left for decisions.
    story.at("2026-05-01 09:00").deduct(1, "3", "9");
    assert_eq!(given(&story, 1, "2026-05"), ["-5.00"]);
    assert_eq!(item(&story, "2026-05", 0).points_before_cap, points("-9"));
}

#[test]
fn a_record_that_is_added_late_changes_what_later_months_have_left_of_the_year() {
    let mut story = under(&hourly("caps = { per_year = \"5\" }"));
    story.service(1, "2026-03-01 09:00", 240);
    story.service(1, "2026-10-01 09:00", 240);
    assert_eq!(
        (given(&story, 1, "2026-03"), given(&story, 1, "2026-10")),
        (vec!["4.00".into()], vec!["1.00".to_owned()])
    );
    let early = story.service(1, "2026-01-01 09:00", 180);
    assert_eq!(
        (given(&story, 1, "2026-03"), given(&story, 1, "2026-10")),
        (vec!["2.00".into()], vec!["0.00".to_owned()])
    );
    story.tell(RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record: early });
    assert_eq!(
        (given(&story, 1, "2026-03"), given(&story, 1, "2026-10")),
        (vec!["4.00".into()], vec!["1.00".to_owned()])
    );
}

#[test]
fn a_later_version_goes_on_with_what_a_clause_of_the_same_number_has_given() {
    let mut story = under(&hourly(""));
    story.service(1, "2026-03-01 09:00", 240);
    let second = rules(&hourly("caps = { per_year = \"5\" }"))
        .replace("\"v\"", "\"w\"")
        .replace("effective_from = \"2026-01\"", "effective_from = \"2026-10\"");
    story.adopt(&second);
    story.service(1, "2026-10-01 09:00", 240);
    assert_eq!(given(&story, 1, "2026-10"), ["1.00"], "4 were given in March, before there was a cap");
}

#[test]
fn what_a_clause_has_given_is_remembered_while_a_version_is_without_it() {
    let version = |name: &str, from: &str, clauses: &str| {
        rules(clauses).replace("\"v\"", &format!("\"{name}\"")).replace("\"2026-01\"", &format!("\"{from}\""))
    };
    let capped = hourly("caps = { per_year = \"5\" }");
    let mut story = under(&capped);
    story.adopt(&version("without", "2026-02", "")).adopt(&version("again", "2026-03", &capped));
    for day in ["2026-01-05 09:00", "2026-02-05 09:00", "2026-03-05 09:00"] {
        story.service(1, day, 180);
    }
    let totals = ["2026-01", "2026-02", "2026-03"].map(|of| story.points_of(1, of).total.to_string());
    assert_eq!(totals, ["3.00", "0.00", "2.00"]);
}

#[test]
fn what_a_month_looks_back_at_has_looked_back_itself_by_its_own_version() {
    let version = |name: &str, from: &str, caps: &str| {
        rules(&hourly(caps)).replace("\"v\"", &format!("\"{name}\"")).replace("2026-01", from)
    };
    let mut story = Story::street();
    story.adopt(&version("ever", "2026-01", "caps = { in_all = \"2\" }"));
    story.adopt(&version("yearly", "2027-02", "caps = { per_year = \"3\" }")).roster(1, "b1");
    for day in ["2027-01-05 09:00", "2027-02-05 09:00", "2026-12-05 09:00"] {
        story.service(1, day, 180);
    }
    let totals = ["2026-12", "2027-01", "2027-02"].map(|of| story.points_of(1, of).total.to_string());
    assert_eq!(totals, ["2.00", "0.00", "3.00"], "nothing was left to give in January, so the year's cap is whole");
}

#[test]
fn base_points_are_given_by_class_once_in_their_period() {
    let base = |each: &str| {
        format!(
            "[[base]]\nclause = \"1\"\nname = \"下沉\"\neach = \"{each}\"\npoints = \"10\"\nmember_classes = [\"deployed\"]\n\
             [[base]]\nclause = \"2\"\nname = \"基础\"\neach = \"{each}\"\npoints = \"4\"\n"
        )
    };
    for (each, expected) in [
        // Resident until 15 October, deployed from then on; on the roster from February to the next February.
        ("month", ["0.00", "4.00", "4.00", "4.00", "10.00", "10.00", "10.00", "0.00"]),
        ("quarter", ["0.00", "4.00", "0.00", "0.00", "10.00", "0.00", "10.00", "0.00"]),
        ("year", ["0.00", "4.00", "0.00", "0.00", "0.00", "0.00", "10.00", "0.00"]),
        ("all", ["0.00", "4.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00"]),
    ] {
        let mut story = Story::street();
        story.adopt(&rules(&base(each))).at("2026-02-10 00:00").roster(1, "b1");
        story.at("2026-10-15 12:00").reclassify(1, MemberClass::Deployed);
        story.at("2027-02-10 00:00").tell(MemberLeft {
            decision: None,
            member: MemberId(1),
            reason: LeavingReason::MovedAway,
        });
        let totals = ["2026-01", "2026-02", "2026-03", "2026-09", "2026-10", "2026-11", "2027-01", "2027-02"]
            .map(|of| story.points_of(1, of).total.to_string());
        assert_eq!(totals, expected, "each {each}");
        let models = story.models();
        let of_the_street = models.month_summary(org("s"), month("2026-10")).expect("known").points.to_string();
        assert_eq!(of_the_street, expected[4], "the organisation's points hold base points, too");
        let ranked = models.member_rank(org("s"), MemberId(1), month("2026-10")).expect("ranked");
        assert_eq!(ranked.points.to_string(), expected[4]);
    }
}

#[test]
fn base_points_name_the_entry_that_put_the_member_where_they_are() {
    let mut story = under("[[base]]\nclause = \"1\"\nname = \"基础\"\neach = \"month\"\npoints = \"4\"\n");
    let moved = story.at("2026-09-01 00:00").tell(MemberTransferred {
        decision: None,
        member: MemberId(1),
        organization: org("b2"),
    });
    let item = item(&story, "2026-10", 0);
    assert_eq!(
        (item.points, item.branch, item.log_indexes),
        (points("4"), Some(org("b2")), vec![story.log_index_of(moved)])
    );
}

#[test]
fn a_change_of_class_within_a_month_bears_on_what_starts_after_it() {
    let mut story = under(&format!("{}{}", hourly(""), times("2", "2", "member_classes = [\"deployed\"]")));
    story.service(1, "2026-10-14 09:00", 60);
    story.at("2026-10-15 09:00").reclassify(1, MemberClass::Deployed);
    story.service(1, "2026-10-15 09:00", 60);
    story.service(1, "2026-10-15 10:00", 60);
    assert_eq!(given(&story, 1, "2026-10"), ["1.00", "2.00", "2.00"]);
}

#[test]
fn who_is_exempt_loses_nothing_if_the_rules_say_so() {
    let absence = "[[deductions]]\nclause = \"2\"\nname = \"缺席\"\non = \"absence_without_leave\"\npoints = \"2\"\n";
    for (line, expected) in
        [("", "-4.00"), ("exempt_from_deductions = false\n", "-4.00"), ("exempt_from_deductions = true\n", "-2.00")]
    {
        let mut story = under(&format!("{line}{absence}"));
        for (number, day) in [(1, "2026-10-05 08:00"), (2, "2026-10-20 08:00")] {
            let until = day.replace("08:00", "09:00");
            story.at(day).schedule(number, ActivityKind::Meeting, day, &until).attend(
                1,
                number,
                AttendanceOutcome::Absent,
            );
        }
        let until = Some("2026-10-31".parse().expect("a date"));
        story.at("2026-10-10 00:00").tell(MemberExempted {
            decision: None,
            member: MemberId(1),
            reason: ExemptionReason::Illness,
            until,
        });
        assert_eq!(story.october(1), expected, "{line}");
        if expected == "-2.00" {
            assert_eq!(item(&story, "2026-10", 1).unscored, Some(Unscored::Exempt));
        }
    }
}

#[test]
fn a_veto_bars_what_starts_later_in_its_period_until_it_is_quashed() {
    for (period, after) in
        [("month", ["0.00", "1.00", "1.00"]), ("quarter", ["0.00", "0.00", "1.00"]), ("all", ["0.00", "0.00", "0.00"])]
    {
        let veto = format!("[[vetoes]]\nclause = \"6\"\nname = \"处分\"\nperiod = \"{period}\"\n");
        let mut story = under(&format!("{}{veto}", hourly("")));
        story.service(1, "2026-10-14 09:00", 60);
        let decision = story.at("2026-10-15 09:00").veto(1, "6");
        for day in ["2026-10-16 09:00", "2026-11-16 09:00", "2027-01-16 09:00"] {
            story.service(1, day, 60);
        }
        let later =
            |story: &Story| ["2026-10", "2026-11", "2027-01"].map(|of| given(story, 1, of).pop().expect("a record"));
        assert_eq!(later(&story), after, "{period}");
        assert_eq!(given(&story, 1, "2026-10")[..2], ["1.00", "0.00"], "what came before stays");
        let barred = item(&story, "2026-10", 2);
        assert_eq!((barred.unscored, barred.clause), (Some(Unscored::Vetoed), Some("6".parse().expect("a clause"))));
        story.at("2027-02-01 09:00").quash(decision);
        assert_eq!(later(&story), ["1.00", "1.00", "1.00"], "{period}, quashed");
    }
}

#[test]
fn a_veto_bars_base_points_where_nothing_else_happened() {
    let clauses = "[[base]]\nclause = \"1\"\nname = \"基础\"\neach = \"month\"\npoints = \"4\"\n[[vetoes]]\nclause = \"6\"\nname = \"处分\"\nperiod = \"year\"\n";
    let mut story = under(clauses);
    let decision = story.at("2026-09-15 09:00").veto(1, "6");
    let totals =
        |story: &Story| ["2026-09", "2026-10", "2026-12", "2027-01"].map(|of| story.points_of(1, of).total.to_string());
    assert_eq!(totals(&story), ["4.00", "0.00", "0.00", "4.00"]);
    assert_eq!(story.models().month_summary(org("s"), month("2026-10")).expect("known").points, points("8"));
    story.at("2026-10-15 09:00").quash(decision);
    assert_eq!(totals(&story), ["4.00", "4.00", "4.00", "4.00"]);
}

#[test]
fn base_points_come_before_a_reset_and_a_veto_at_the_first_moment_of_their_month() {
    let base = "[[base]]\nclause = \"1\"\nname = \"基础\"\neach = \"month\"\npoints = \"4\"\n";
    let totals = |clause: &str, decide: fn(&mut Story) -> EventId| {
        let mut story = under(&format!("{base}[[{clause}]]\nclause = \"6\"\nname = \"处分\"\nperiod = \"quarter\"\n"));
        decide(story.at("2026-10-01 00:00"));
        ["2026-09", "2026-10", "2026-11"].map(|of| story.points_of(1, of).total.to_string())
    };
    assert_eq!(totals("resets", |story| story.reset(1, "6")), ["4.00", "0.00", "4.00"]);
    assert_eq!(totals("vetoes", |story| story.veto(1, "6")), ["4.00", "4.00", "0.00"]);
}

#[test]
fn a_reset_takes_what_there_is_in_its_period_and_nothing_else() {
    for (period, expected) in [("month", "-3.00"), ("quarter", "-5.00"), ("year", "-9.00"), ("all", "-10.00")] {
        let resets = format!("[[resets]]\nclause = \"5\"\nname = \"虚报\"\nperiod = \"{period}\"\n");
        let mut story = under(&format!("{}{resets}", hourly("")));
        // 1 last year; 4 in March; 2 in October; 3 in November before the reset, 1 after it.
        for (day, hours) in
            [("2026-12-01 09:00", 1), ("2027-03-01 09:00", 4), ("2027-10-01 09:00", 2), ("2027-11-01 09:00", 3)]
        {
            story.service(1, day, hours * 60);
        }
        let decision = story.at("2027-11-15 09:00").reset(1, "5");
        story.service(1, "2027-11-20 09:00", 60);
        assert_eq!(given(&story, 1, "2027-11"), ["3.00", expected, "1.00"], "{period}");
        story.at("2027-11-25 09:00").tell(RecordReversed {
            decision: None,
            reason: CorrectionReason::EnteredWrongly,
            record: decision,
        });
        assert_eq!(given(&story, 1, "2027-11"), ["3.00", "0.00", "1.00"], "{period}, reversed");
    }
}

#[test]
fn a_quota_lets_the_first_few_back_entries_count() {
    let quota = |limits: &str| {
        let clauses = format!(
            "[back_entry_quota]\nclause = \"7\"\nname = \"补录限额\"\nevidence = [\"back_entered\"]\n{limits}\n"
        );
        let mut story = under(&format!("{}{clauses}", hourly("")));
        for (day, evidence) in (1..).zip([
            Evidence::BackEntered,
            Evidence::OnSiteCode,
            Evidence::BackEntered,
            Evidence::OnSiteCode,
            Evidence::BackEntered,
        ]) {
            story.evidenced(evidence).service(1, &format!("2026-10-{day:02} 09:00"), 60);
        }
        story
    };
    for (limits, expected) in [
        ("records_max = 0", ["0.00", "1.00", "0.00", "1.00", "0.00"]),
        ("records_max = 2", ["1.00", "1.00", "1.00", "1.00", "0.00"]),
        // 20 % of five records is one; 39 % is 1.95, rounded down.
        ("percent_max = 20", ["1.00", "1.00", "0.00", "1.00", "0.00"]),
        ("percent_max = 39", ["1.00", "1.00", "0.00", "1.00", "0.00"]),
        ("percent_max = 100\nrecords_max = 2", ["1.00", "1.00", "1.00", "1.00", "0.00"]),
    ] {
        let story = quota(limits);
        assert_eq!(given(&story, 1, "2026-10"), expected, "{limits}");
        let over = item(&story, "2026-10", 4);
        assert_eq!((over.unscored, over.clause), (Some(Unscored::OverQuota), Some("7".parse().expect("a clause"))));
    }
}

#[test]
fn a_clause_for_grants_takes_nothing_and_one_for_deductions_gives_nothing() {
    let awards = "[[awards]]\nclause = \"1\"\nname = \"a\"\npoints_max = \"5\"\nonly = \"grant\"\n[[awards]]\nclause = \"2\"\nname = \"b\"\npoints_max = \"5\"\nonly = \"deduct\"\n";
    let mut story = under(awards);
    story.at("2026-10-05 09:00").grant(1, "1", "1");
    story.deduct(1, "1", "1");
    story.grant(1, "2", "1");
    story.deduct(1, "2", "2");
    assert_eq!(given(&story, 1, "2026-10"), ["1.00", "0.00", "0.00", "-2.00"]);
}

#[test]
fn a_composite_weighs_the_month_and_the_year() {
    let bands = "[[assessment.bands]]\nclause = \"8.1\"\nname = \"优秀\"\npoints_from = \"5\"\nvoluntary_minutes_from = 600\n\
                 [[assessment.bands]]\nclause = \"8.2\"\nname = \"合格\"\npoints_from = \"3.01\"\n";
    let assessment = "[assessment]\nparts = [{ of = \"month_points\", percent = 50 }, { of = \"year_monthly_average\", percent = 50 }]\n";
    let mut story = under(&format!("{}{assessment}{bands}", hourly("")));
    story.service(1, "2026-02-01 09:00", 600);
    let assessed =
        |story: &Story, of: &str| story.models().member_assessment(MemberId(1), month(of)).expect("assessed");
    // February: 10 × 50 % + (10 ÷ 2) × 50 % = 5 + 2.50. March: 0 + (10 ÷ 3 = 3.33) × 50 % = 1.665 → 1.67.
    let february = assessed(&story, "2026-02");
    assert_eq!((february.points, february.band.map(|band| band.name)), (points("7.50"), Some("优秀".to_owned())));
    let march = assessed(&story, "2026-03");
    assert_eq!(march.parts.iter().map(|part| part.weighted.to_string()).collect::<Vec<_>>(), ["0.00", "1.67"]);
    assert_eq!((march.points, march.band), (points("1.67"), None));
    // 3 in March: 1.50 + (13 ÷ 3 = 4.33) × 50 % = 2.17: 3.67.
    story.service(1, "2026-03-05 09:00", 180);
    let march = assessed(&story, "2026-03");
    assert_eq!((march.points, march.band.map(|band| band.name)), (points("3.67"), Some("合格".to_owned())));
}

#[test]
fn who_is_vetoed_is_in_no_band() {
    let clauses = "[assessment]\nparts = [{ of = \"quarter_points\", percent = 100 }]\n[[assessment.bands]]\nclause = \"8\"\nname = \"合格\"\n[[vetoes]]\nclause = \"6\"\nname = \"处分\"\nperiod = \"quarter\"\n";
    let mut story = under(&format!("{}{clauses}", hourly("")));
    story.service(1, "2026-10-01 09:00", 120);
    let band = |story: &Story, of: &str| {
        let assessment = story.models().member_assessment(MemberId(1), month(of)).expect("assessed");
        (assessment.points.to_string(), assessment.band.is_some(), assessment.vetoed_by.is_some())
    };
    assert_eq!(band(&story, "2026-11"), ("2.00".to_owned(), true, false));
    story.at("2026-10-15 09:00").veto(1, "6");
    assert_eq!(band(&story, "2026-11"), ("2.00".to_owned(), false, true));
    assert_eq!(band(&story, "2027-01"), ("0.00".to_owned(), true, false));
}

#[test]
fn an_organisation_below_a_gate_is_left_out_of_the_ranking() {
    let gate = "published_group_members_min = 1\n[[gates]]\nclause = \"9\"\nname = \"参与率\"\nrate = \"participation\"\npercent_min = 50\n";
    let mut story = Story::street();
    story.adopt(&rules(&format!("{gate}{}", hourly(""))));
    for (member, branch) in [(1, "b1"), (2, "b1"), (3, "b2"), (4, "b2"), (5, "b2")] {
        story.roster(member, branch);
    }
    // c1: one of two took part, 1 point; c2: one of three, 12 points.
    story.service(1, "2026-10-01 09:00", 60);
    story.service(3, "2026-10-01 09:00", 720);
    let rows = |story: &Story| {
        let rows = story.models().organization_ranking(org("s"), month("2026-10")).expect("known");
        rows.into_iter().map(|row| (row.organization, row.rank, row.excluded_by.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(rows(&story), [(org("c1"), Some(1), false), (org("c2"), None, true)]);
    story.service(4, "2026-10-02 09:00", 60);
    assert_eq!(rows(&story), [(org("c2"), Some(1), false), (org("c1"), Some(2), false)]);
}

#[test]
fn a_rate_is_counted_as_the_rules_define_it() {
    let definition =
        |lines: &str| format!("published_group_members_min = 1\n[[rates]]\nrate = \"enrollment\"\n{lines}\n");
    for (lines, expected) in [
        // Members 1 to 3 at the end of the month, of whom 3 is ill and 4 has left; 1 enrolled on the 20th, 4 in September.
        ("", (1, 2)),
        ("exempting_reasons = []", (1, 3)),
        ("exempting_reasons = [\"age\"]", (1, 3)),
        ("exempting_reasons = [\"illness\", \"age\"]", (1, 2)),
        ("member_classes = [\"deployed\"]", (0, 1)),
        ("cutoff = \"month_end\"", (1, 2)),
        // On the first: 1 to 4, nobody ill yet, 4 enrolled.
        ("cutoff = \"month_start\"", (1, 4)),
    ] {
        let mut story = under(&definition(lines));
        story.at("2026-09-10 00:00").roster(4, "b1").reclassify(2, MemberClass::Deployed);
        let enrolled = |member: u64| MemberEnrolled { decision: None, community: org("c1"), member: MemberId(member) };
        story.tell(enrolled(4));
        story.at("2026-10-05 00:00").tell(MemberExempted {
            decision: None,
            member: MemberId(3),
            reason: ExemptionReason::Illness,
            until: None,
        });
        story.at("2026-10-15 00:00").tell(MemberLeft {
            decision: None,
            member: MemberId(4),
            reason: LeavingReason::Died,
        });
        story.at("2026-10-20 00:00").tell(enrolled(1));
        let rates = story.models().rates(org("s"), month("2026-10")).expect("known");
        assert_eq!((rates.enrollment.numerator, rates.enrollment.denominator), expected, "{lines}");
        assert_eq!(rates.participation.denominator, 2, "other rates are counted as usual");
    }
}
