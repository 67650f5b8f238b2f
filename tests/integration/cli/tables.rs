//! Importing tables: whole or not at all, once or twice the same.

use super::fixture::{Place, table};

const TWO_GOOD_ONE_BAD: &str = "code,name,parent_code\n4209,孝感市,\n420902,孝南区,4209\n420903,,4209\n";

#[test]
fn importing_a_table_twice_records_it_once_and_says_so() {
    let place = Place::with_ledger();
    let organizations = table("organizations.csv");
    let import = format!("import organizations {organizations} --ledger ledger");
    place.run(&import).exits(0).saying("7 recorded, 0 were there already");
    place.run(&import).exits(0).saying("0 recorded, 7 were there already");
    let roster = format!("import roster {} --ledger ledger", table("roster.csv"));
    place.run(&roster).exits(0).saying("7 recorded, 0 were there already");
    place.run(&roster).exits(0).saying("0 recorded, 7 were there already");
    // The four members of the roster are committed to once.
    assert_eq!(place.entries(), 18);
}

#[test]
fn a_bad_row_is_named_by_line_column_and_reason_and_nothing_is_recorded() {
    let place = Place::with_ledger();
    place.write("table.csv", TWO_GOOD_ONE_BAD);
    let ran = place.run("import organizations table.csv --ledger ledger").exits(4).saying("nothing was recorded");
    let row = ran.stdout.lines().find(|line| line.trim_start().starts_with('4')).expect("the row of line 4");
    assert!(row.contains("name") && row.contains("不能为空") && row.contains("must not be empty"), "{row}");
    assert_eq!(place.entries(), 0);
}

#[test]
fn accept_valid_records_the_sound_rows_and_still_tells_of_the_others() {
    let place = Place::with_ledger();
    place.write("table.csv", TWO_GOOD_ONE_BAD);
    place
        .run("import organizations table.csv --ledger ledger --accept-valid")
        .exits(4)
        .saying("2 recorded, 0 were there already, 1 are faulty or refused");
    assert_eq!(place.entries(), 2);
}

#[test]
fn a_dry_run_says_what_would_happen_and_records_nothing() {
    let place = Place::with_ledger();
    let organizations = table("organizations.csv");
    place
        .run(&format!("import organizations {organizations} --ledger ledger --dry-run"))
        .exits(0)
        .saying("7 would be recorded");
    assert_eq!(place.entries(), 0);
    place.write("table.csv", TWO_GOOD_ONE_BAD);
    place.run("import organizations table.csv --ledger ledger --dry-run").exits(4).saying("2 would be recorded");
    assert_eq!(place.entries(), 0);
}

#[test]
fn a_row_that_the_rules_refuse_is_named_by_line_and_code() {
    let place = Place::with_roster();
    place.write("again.csv", "编号,姓名,支部代码,类别,入册日期\n1001,张示例,420902001001-02,社区党员,2024-01-01\n2001,新示例,420902001001-01,社区党员,2024-01-01\n");
    let before = place.entries();
    place
        .run("import roster again.csv --ledger ledger")
        .exits(4)
        .saying("already_on_roster")
        .saying("nothing was recorded");
    assert_eq!(place.entries(), before);
}

#[test]
fn a_row_that_the_rules_refuse_shows_the_cell_that_it_is_about() {
    let place = Place::with_roster();
    let head = "类型,编号,活动,组织,时间,结束时间,活动类型,类别,佐证,分钟,条款,分值\n";
    let rows = "活动安排,,XL-1,420902001999,2026-10-03 21:30,00:30,夜间巡逻,志愿服务,,,,\n\
        报名,1001,XL-2,,2026-10-02 09:12,,,,,,,\n\
        值守,1001,,420902001001,2030-10-03 08:30,,,,,480,,\n\
        加分,1001,,,2026-10-03 08:30,,,,,,9.9,2\n";
    place.write("records.csv", format!("{head}{rows}"));
    let ran = place.run("import records records.csv --ledger ledger").exits(4);
    for (line, column, value, code) in [
        ("2", "组织", "420902001999", "unknown_organization"),
        ("3", "活动", "XL-2", "unknown_activity"),
        ("4", "时间", "2030-10-03 08:30", "occurred_in_the_future"),
        ("5", "", "", ""),
    ] {
        let row = ran.stdout.lines().find(|row| row.trim_start().starts_with(&format!("{line} ")));
        let row = row.unwrap_or_else(|| panic!("no row for line {line} in\n{}", ran.stdout));
        assert!(row.contains(column) && row.contains(value) && row.contains(code), "{row}");
    }
    // Of several cells that a refusal can be about, it is the one that the refusal names.
    let roster =
        "编号,姓名,支部代码,类别,入册日期,报到社区\n2001,新示例,420902001001-01,社区党员,2024-01-01,420902001999\n";
    place.write("roster.csv", roster);
    let ran = place.run("import roster roster.csv --ledger ledger").exits(4).saying("unknown_organization");
    let row = ran.stdout.lines().find(|row| row.trim_start().starts_with("2 ")).expect("the row");
    assert!(row.contains("报到社区") && row.contains("420902001999"), "{row}");
}

#[test]
fn a_refused_roster_leaves_nobody_behind() {
    let place = Place::with_roster();
    place.write("bad.csv", "编号,姓名,支部代码,类别,入册日期\n1001,改名,420902001001-02,社区党员,2024-01-01\n2001,新示例,420902001001-01,社区党员,2024-01-01\n");
    place.run("import roster bad.csv --ledger ledger").exits(4);
    place.run("show member 2001 --ledger ledger").exits(3).saying("nobody has the number 2001");
    place.run("show member 1001 --ledger ledger").exits(0).saying("张示例");
}

#[test]
fn a_file_that_is_not_there_is_a_failure_of_the_world() {
    let place = Place::with_ledger();
    place
        .run("import roster nobody.csv --ledger ledger")
        .exits(1)
        .saying("导入 nobody.csv")
        .saying("importing nobody.csv");
}

#[test]
fn records_come_in_with_members_named_by_number_and_by_name() {
    let place = Place::with_roster();
    let head = "类型,编号,姓名,支部代码,活动,组织,时间,结束时间,活动类型,类别,佐证,原因\n";
    let rows = "活动安排,,,,XL-1,420902001001,2026-10-03 21:30,00:30,夜间巡逻,志愿服务,,\n\
        报名,1001,,,XL-1,,2026-10-02 09:12,,,,,\n\
        报名,,李示例,420902001001-01,XL-1,,2026-10-02 10:00,,,,,\n\
        签到,1001,,,XL-1,,2026-10-03 21:25,,,,现场扫码,\n\
        签退,1001,,,XL-1,,2026-10-04 00:31,,,,现场扫码,\n";
    place.write("records.csv", format!("{head}{rows}"));
    place.run("import records records.csv --ledger ledger").exits(0).saying("5 recorded");
    place.run("import records records.csv --ledger ledger").exits(0).saying("5 were there already");
    place.run("show member 1001 --month 2026-10 --ledger ledger").exits(0).saying("night_patrol").saying("186");
}

#[test]
fn a_row_that_contradicts_another_of_the_same_file_names_its_line() {
    let place = Place::with_roster();
    let head = "类型,编号,户,组织,时间,分钟,佐证\n";
    let rows = "结对,1001,H-07,420902001001,2026-09-01 08:00,,\n\
        走访,1001,H-07,420902001001,2026-09-02 08:00,60,见证\n\
        走访,1001,H-07,420902001001,2026-09-02 08:30,60,见证\n";
    place.write("visits.csv", format!("{head}{rows}"));
    for option in ["", "--dry-run", "--errors copy.csv"] {
        let ran = place.run(&format!("import records visits.csv {option} --ledger ledger")).exits(4);
        ran.saying("本文件第 3 行").saying("line 3 of this file");
    }
    assert!(std::fs::read_to_string(place.path("copy.csv")).expect("a copy").contains("本文件第 3 行"));
    // What is recorded has an entry of its own.
    let ran = place.run("import records visits.csv --accept-valid --ledger ledger").exits(4);
    assert!(!ran.said().contains("本文件第"), "{}", ran.said());
}

#[test]
fn an_unclosed_quotation_mark_refuses_the_whole_file_and_names_its_line() {
    let place = Place::with_ledger();
    place.write("table.csv", "code,name,parent_code\n4209,孝感市,\n420902,\"孝南区,4209\n420903,孝昌县,4209\n");
    for options in ["", "--accept-valid", "--dry-run"] {
        let ran = place.run(&format!("import organizations table.csv --ledger ledger {options}")).exits(4);
        ran.saying("第 3 行有一个引号没有成对").saying("quotation mark on line 3").saying("nothing was recorded");
        assert_eq!(place.entries(), 0);
    }
}

#[test]
fn a_number_that_stands_on_two_lines_is_told_with_what_the_other_says() {
    let place = Place::with_roster();
    place.write(
        "roster.csv",
        "编号,姓名,支部代码,类别,入册日期\n3001,甲示例,420902001001-01,社区党员,2024-01-01\n3001,乙示例,420902001001-01,社区党员,2024-01-01\n",
    );
    let ran = place.run("import roster roster.csv --ledger ledger").exits(4);
    ran.saying("第 2 行已写过，但写的是“甲示例”").saying("stands on line 2 already");
}

#[test]
fn refused_rows_speak_of_the_numbers_and_codes_of_the_table() {
    let place = Place::with_roster();
    place.run("record hardship-pairing --member 1001 --household H-07 --organization 420902001001 --time '2026-09-01 08:00' --ledger ledger").exits(0);
    place.write(
        "visits.csv",
        "类型,编号,户,时间,分钟\n走访,1001,H-07,2026-10-05 15:00,30\n走访,1002,H-07,2026-10-05 15:00,30\n",
    );
    let ran = place.run("import records visits.csv --ledger ledger --errors faults.csv").exits(4);
    ran.saying("1002 没有与 H-07 结对").saying("member 1002, household H-07");
    let copy = std::fs::read_to_string(place.path("faults.csv")).unwrap();
    assert!(copy.contains("1002 没有与 H-07 结对"), "{copy}");
}
