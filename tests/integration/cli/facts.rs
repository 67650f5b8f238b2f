//! Single facts, and looking them up again.

use super::fixture::Place;

const PATROL: &str = "record activity --activity XL-1 --kind 夜间巡逻 --class 志愿服务 --organization 420902001001 \
    --starts-at '2026-10-03 21:30' --ends-at '2026-10-04 00:30' --time '2026-10-01 09:00' --ledger ledger";

#[test]
fn a_fact_is_recorded_with_a_receipt_and_repeated_without_a_second_entry() {
    let place = Place::with_roster();
    place.run(PATROL).exits(0).saying("recorded");
    let entries = place.entries();
    place.run(PATROL).exits(0).saying("nothing is new");
    assert_eq!(place.entries(), entries);
    let check_in = "record check-in --member 1001 --activity XL-1 --time '2026-10-03 21:25' --evidence 现场扫码 --json --ledger ledger";
    let receipt: serde_json::Value = serde_json::from_str(&place.run(check_in).exits(0).stdout).unwrap();
    assert_eq!(receipt["log_index"], entries);
    let id = receipt["id"].as_str().unwrap();
    place.run(&format!("show event {id} --ledger ledger")).exits(0).saying("on_site_code");
    place.run(&format!("show event {entries} --ledger ledger")).exits(0).saying(id);
}

#[test]
fn a_refusal_says_why_in_both_languages_with_its_code() {
    let place = Place::with_roster();
    place.run(PATROL).exits(0);
    place
        .run("record check-out --member 1001 --activity XL-1 --time '2026-10-03 22:00' --ledger ledger")
        .exits(3)
        .saying("登记“签退”")
        .saying("没有未签退的签到")
        .saying("(not_checked_in)");
}

#[test]
fn a_dry_run_of_a_fact_records_nothing() {
    let place = Place::with_roster();
    let entries = place.entries();
    place.run(&format!("{PATROL} --dry-run")).exits(0).saying("nothing was");
    assert_eq!(place.entries(), entries);
}

#[test]
fn who_recorded_a_fact_cannot_review_it_and_another_can() {
    let place = Place::with_roster();
    place.run("record hardship-pairing --member 1001 --household H-07 --organization 420902001001 --time '2026-09-01 08:00' --ledger ledger").exits(0);
    let visit = "record home-visit --member 1001 --household H-07 --minutes 45 --time '2026-10-05 15:00' --json --ledger ledger";
    let receipt: serde_json::Value = serde_json::from_str(&place.run(visit).exits(0).stdout).unwrap();
    let approve = format!("record service-approved --record {} --ledger ledger", receipt["id"].as_str().unwrap());
    place.run(&approve).exits(3).saying("review_of_own_record");
    place.run(&format!("{approve} --actor r-0003")).exits(0);
}

#[test]
fn a_value_that_cannot_be_read_is_a_wrong_usage_that_names_its_option() {
    let place = Place::with_roster();
    place
        .run("record duty-served --member 1001 --organization 420902001001 --minutes lots --ledger ledger")
        .exits(2)
        .saying("--minutes");
    place
        .run("record check-in --member 9999 --activity XL-1 --ledger ledger")
        .exits(3)
        .saying("没有编号为 9999 的党员");
    place.run("record check-in --member 1001 --ledger ledger").exits(2).saying("--activity");
    place.run("record service-approved --record 1 --ledger ledger").exits(2).saying("不是记录编号：e 加 26 位字符");
    place.run("record check-in --data '{}' --ledger ledger").exits(2).saying("--data").saying("缺少“activity”");
}

#[test]
fn what_is_not_there_is_said_to_be_unknown() {
    let place = Place::with_roster();
    place.run("show member 9999 --ledger ledger").exits(3).saying("9999");
    place.run("show organization 1 --ledger ledger").exits(3);
    place.run("show event 99 --ledger ledger").exits(3).saying("99");
    place.run("show notice 2026-01 --ledger ledger").exits(3);
    place.run("show organization 420902001 --ledger ledger").exits(0).saying("书院街道");
}

#[test]
fn a_refusal_names_whom_and_what_it_is_about_as_they_were_typed() {
    let place = Place::with_roster();
    let ran = place.run("record check-in --member 1001 --activity XL-77 --ledger ledger").exits(3);
    ran.saying("没有活动 XL-77").saying("activity XL-77");
    place.run(PATROL).exits(0);
    place
        .run("record check-out --member 1001 --activity XL-1 --time '2026-10-03 22:00' --ledger ledger")
        .exits(3)
        .saying("1001 在活动 XL-1 没有未签退的签到");
}

#[test]
fn the_checkpoint_as_json_has_its_three_lines_by_name() {
    let place = Place::with_roster();
    let note = place.run("show checkpoint --ledger ledger").exits(0).stdout;
    let told: serde_json::Value =
        serde_json::from_str(&place.run("show checkpoint --json --ledger ledger").exits(0).stdout).expect("JSON");
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!((told["origin"].as_str(), told["note"].as_str()), (Some(lines[0]), Some(note.as_str())));
    assert_eq!(told["tree_size"].to_string(), lines[1]);
    assert_eq!(told["root_hash"].as_str().map(str::len), Some(64));
}

#[test]
fn what_is_done_now_is_another_fact_each_time() {
    let place = Place::with_roster();
    place
        .run("record activity --activity XL-9 --kind 夜间巡逻 --class 志愿服务 --organization 420902001001 --starts-at '2199-10-03 21:30' --ends-at '2199-10-04 00:30' --ledger ledger")
        .exits(0);
    let signed_up = "record sign-up --member 1001 --activity XL-9 --ledger ledger";
    for _ in 0..3 {
        place.run(signed_up).exits(0).saying("recorded");
        place.run(signed_up).exits(3).saying("already_signed_up");
        place.run("record sign-up-withdrawn --member 1001 --activity XL-9 --ledger ledger").exits(0).saying("recorded");
    }
    let keyed = format!("{signed_up} --key mine --time '2026-10-01 08:00'");
    place.run(&keyed).exits(0);
    let entries = place.entries();
    place.run(&keyed).exits(0).saying("nothing is new");
    assert_eq!(place.entries(), entries);
}

#[test]
fn a_correction_back_to_what_stood_before_another_is_a_correction() {
    let place = Place::with_roster();
    place.run("record hardship-pairing --member 1001 --household H-07 --organization 420902001001 --time '2026-09-01 08:00' --ledger ledger").exits(0);
    let visit = "record home-visit --member 1001 --household H-07 --minutes 45 --time '2026-10-05 15:00' --json --ledger ledger";
    let receipt: serde_json::Value = serde_json::from_str(&place.run(visit).exits(0).stdout).unwrap();
    let entries = place.entries();
    for minutes in [30, 40, 30] {
        let record = receipt["id"].as_str().unwrap();
        let corrected = format!("record record-corrected --record {record} --minutes {minutes} --reason 录入差错");
        place.run(&format!("{corrected} --time '2026-10-05 15:00' --ledger ledger")).exits(0).saying("recorded");
    }
    assert_eq!(place.entries(), entries + 3);
}

#[test]
fn a_refusal_about_a_household_names_it_as_it_was_typed() {
    let place = Place::with_roster();
    place.run("record hardship-pairing --member 1001 --household H-07 --organization 420902001001 --time '2026-09-01 08:00' --ledger ledger").exits(0);
    for household in ["H-07", "H-99"] {
        let visit =
            format!("record home-visit --member 1002 --household {household} --minutes 45 --time '2026-10-05 15:00'");
        let ran = place.run(&format!("{visit} --ledger ledger")).exits(3);
        ran.saying(&format!("1002 没有与 {household} 结对")).saying(&format!("member 1002, household {household}"));
    }
}

#[test]
fn a_member_is_shown_to_what_is_no_terminal_in_rows_of_one_line_each_and_in_chinese_words() {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger").exits(0);
    let shown = place.run("show member D000001 --month 2026-10 --ledger ledger").exits(0).stdout;
    let visit = shown.lines().filter(|line| line.trim_start().starts_with("走访困难家庭")).collect::<Vec<_>>();
    let whole = visit.iter().filter(|line| line.contains("2026-10-") && line.contains("有效 accepted")).count();
    assert!(whole > 0 && whole == visit.len(), "{shown}");
    assert!(shown.contains("在职党员 in_service") && shown.contains("志愿服务 voluntary"), "{shown}");
}
