//! A spot check: who a member is, revealed by whoever holds the files and held against the log by an auditor.

use super::fixture::{Place, table};
use super::server::{Server, token};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;

/// A demonstration, its bundle, and its first member revealed.
fn revealed() -> Place {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger").exits(0);
    place.run("export audit --month 2026-10 --output bundle --ledger ledger").exits(0);
    place.run("person reveal D000001 --output first.json --ledger ledger").exits(0);
    place
}

fn read(place: &Place, file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(place.path(file)).expect("written")).expect("JSON")
}

/// Writes what was revealed with one field changed.
fn changed(place: &Place, field: &str, value: impl Into<Value>) {
    let mut reveal = read(place, "first.json");
    reveal[field] = value.into();
    place.write("changed.json", reveal.to_string());
}

#[test]
fn who_a_member_is_is_revealed_to_its_owner_alone_and_holds() {
    let place = revealed();
    let file = place.path("first.json");
    assert_eq!(std::fs::metadata(&file).expect("written").permissions().mode() & 0o777, 0o600);
    place.run("person reveal D000001 --output first.json --ledger ledger").exits(1);
    let reveal = read(&place, "first.json");
    let name = reveal["name"].as_str().expect("a name").to_owned();
    let printed = place.run("person reveal D000001 --ledger ledger").exits(0).stdout;
    assert_eq!(printed, std::fs::read_to_string(file).expect("written"));
    place.run("person reveal D999999 --ledger ledger").exits(3);
    place
        .run("audit bundle --reveal first.json")
        .exits(0)
        .saying(&format!("就是 {name}（编号 D000001），自第 "))
        .saying(&format!("this member was {name}（编号 D000001） from entry "));
    let report = place.run("audit bundle --format json --reveal first.json").exits(0).stdout;
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!((&report["revealed"][0]["name"], &report["revealed"][0]["outcome"]), (&name.into(), &"holds".into()));
    place
        .run("audit bundle")
        .exits(0)
        .saying("出示的身份就是账本所承诺的人 whoever was revealed is who the log committed to　未核对");
}

#[test]
fn another_name_number_salt_or_member_is_not_who_the_log_committed_to() {
    let place = revealed();
    place.run("person reveal D000002 --output second.json --ledger ledger").exits(0);
    let second = read(&place, "second.json");
    for (field, value) in [
        ("name", Value::from("张三")),
        ("name_salt", "00".repeat(32).into()),
        ("number", "D000002".into()),
        ("number_salt", "00".repeat(32).into()),
        ("member", second["member"].clone()),
    ] {
        changed(&place, field, value);
        place.run("audit bundle --reveal changed.json").exits(5).saying("不是所出示的人").saying("[reveal_differs]");
    }
    changed(&place, "member", "m0000000000001");
    place.run("audit bundle --reveal changed.json").exits(5).saying("[reveal_not_committed]");
    changed(&place, "origin", "another.example/log");
    place.run("audit bundle --reveal changed.json").exits(5).saying("[reveal_foreign]");
    changed(&place, "name_salt", "zz");
    place.run("audit bundle --reveal changed.json").exits(2).saying("出示的身份");
    place.run("audit bundle --reveal first.json second.json").exits(0).saying("D000001").saying("D000002");
}

#[test]
fn a_pseudonym_that_was_given_to_somebody_else_is_told_with_the_entry() {
    let place = revealed();
    let member = read(&place, "first.json")["member"].as_str().expect("a member").to_owned();
    let entry = place.entries();
    let server = Server::of(&place);
    let secret = token(&place, &["operator", "recorder"]);
    let people =
        serde_json::json!({ "people": [{ "member": member, "name": "买主", "number": "D000001" }], "rename": true });
    let answered = ureq::post(format!("{}/v1/people", server.url))
        .header("authorization", format!("Bearer {secret}"))
        .header("content-type", "application/json")
        .send(people.to_string());
    assert_eq!(answered.expect("an answer").status().as_u16(), 204);
    place.run(&format!("person reveal {member} --output now.json --url {} --token {secret}", server.url)).exits(0);
    assert_eq!(server.stop(), Some(0));
    assert_eq!(place.entries(), entry + 1);
    place.run("export audit --month 2026-10 --output later --ledger ledger").exits(0);
    place
        .run("audit later --reveal first.json")
        .exits(5)
        .saying(&format!("第 {entry} 条已改为另一个姓名或编号"))
        .saying("[reveal_superseded]");
    place
        .run("audit later --reveal now.json")
        .exits(0)
        .saying(&format!("就是 买主（编号 D000001），自第 {entry} 条起"))
        .saying("条承诺的是另一个姓名：请查明是更名还是换人");
}

#[test]
fn a_roster_that_is_refused_changes_nobody_and_one_that_renames_is_committed_to() {
    let place = Place::with_roster();
    let reveal = |place: &Place| place.run("person reveal 1001 --ledger ledger").exits(0).stdout;
    let (before, entries) = (reveal(&place), place.entries());
    let roster = std::fs::read_to_string(table("roster.csv")).expect("the fixture");
    let renamed = roster.replace("张示例", "章示例");
    place.write("refused.csv", format!("{renamed}1009,新示例,420902001001-99,社区党员,2024-01-01,,,,\n"));
    place.run("import roster refused.csv --ledger ledger").exits(4).saying("nothing was recorded");
    assert_eq!((reveal(&place), place.entries()), (before.clone(), entries), "name and salts are as they were");
    place.write("renamed.csv", renamed);
    place.run("import roster renamed.csv --ledger ledger").exits(4).saying("1001 is registered under the name 张示例");
    assert_eq!((reveal(&place), place.entries()), (before.clone(), entries));
    place.run("import roster renamed.csv --ledger ledger --rename").exits(0).saying("1 people get another name");
    assert_eq!(place.entries(), entries + 1);
    let after: Value = serde_json::from_str(&reveal(&place)).expect("JSON");
    let before: Value = serde_json::from_str(&before).expect("JSON");
    assert_eq!((&after["name"], &after["number_salt"]), (&"章示例".into(), &before["number_salt"]));
    assert_ne!(after["name_salt"], before["name_salt"]);
    let entry = place.run(&format!("show event {entries} --ledger ledger")).exits(0);
    assert!(entry.saying("mingzhang.identity.committed.v1").stdout.contains("files"), "by whoever imported it");
}
