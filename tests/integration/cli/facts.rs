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
    place.run("record check-in --data '{}' --ledger ledger").exits(2).saying("--data");
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
