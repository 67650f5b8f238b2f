//! The rules as a document: faults with their place, the document in words, what changes, what it would have done.

use super::fixture::Place;

/// The example in a file, in force from long ago.
fn with_document() -> Place {
    let place = Place::with_roster();
    let example = place.run("rules example").exits(0).stdout;
    place.write("rules.toml", example.replace("effective_from = \"2026-01\"", "effective_from = \"2024-01\""));
    place
}

fn rewrite(place: &Place, from: &str, to: &str) {
    let text = std::fs::read_to_string(place.path("rules.toml")).expect("the document");
    assert!(text.contains(from), "{from:?} is missing");
    place.write("new.toml", text.replacen(from, to, 1).replace("version = \"2026-1\"", "version = \"2026-2\""));
}

#[test]
fn a_misspelt_word_is_underlined_and_the_right_one_suggested() {
    let place = with_document();
    rewrite(&place, "kind = \"night_patrol\"", "kind = \"night_parade\"");
    let told = place.run("rules check new.toml").exits(4);
    for words in ["不在可选范围", "line ", "^^^^^^^^^^^^^^", "did you mean “night_patrol”?"] {
        assert!(told.said().contains(words), "{words}: {}", told.said());
    }
}

#[test]
fn every_fault_of_a_document_is_told_at_once() {
    let place = with_document();
    rewrite(&place, "points_max = \"20\"", "points_max = \"0\"\ngroup = \"nowhere\"");
    place
        .run("rules check new.toml")
        .exits(4)
        .saying("分值须大于 0")
        .saying("没有编号为 nowhere 的类别")
        .saying("2 faults");
}

#[test]
fn a_document_is_explained_clause_by_clause() {
    let place = with_document();
    let told = place.run("rules explain rules.toml").exits(0);
    assert!(
        told.stdout.contains("1.1 夜间巡逻  “夜间巡逻”的记录；每半小时 0.50 分；零头舍去；每日不超过 3.00 分"),
        "{}",
        told.stdout
    );
    told.saying("0.50 points a half-hour");
}

#[test]
fn two_versions_are_compared_in_words() {
    let place = with_document();
    rewrite(&place, "points = \"0.5\"", "points = \"1\"");
    place.run("rules diff rules.toml new.toml").exits(0).saying("每半小时 0.50 分 → 每半小时 1.00 分");
    place.run("rules diff rules.toml rules.toml").exits(0).saying("两版说的一样");
}

#[test]
fn a_simulation_tells_who_gains_and_records_nothing() {
    let place = with_document();
    place.run("rules adopt rules.toml --ledger ledger").exits(0);
    let before = place.entries();
    // Everybody on the roster would be given a point a month.
    rewrite(
        &place,
        "[[deductions]]",
        "[[base]]\nclause = \"0.1\"\nname = \"基础分\"\neach = \"month\"\npoints = \"1\"\n\n[[deductions]]",
    );
    let told = place.run("rules simulate new.toml --months 2 --until 2026-10 --json --ledger ledger").exits(0).stdout;
    let answer: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let months: Vec<&str> =
        answer["months"].as_array().expect("months").iter().map(|of| of["month"].as_str().expect("a month")).collect();
    assert_eq!(months, ["2026-09", "2026-10"]);
    let gained = answer["gained"].as_u64().expect("a count");
    assert!(gained > 0 && answer["lost"] == 0, "{told}");
    assert_eq!(answer["months"][1]["after"], format!("{gained}.00"));
    place
        .run("rules simulate new.toml --months 2 --until 2026-10 --ledger ledger")
        .exits(0)
        .saying("变动最大")
        .saying("+2.00");
    assert_eq!(place.entries(), before);
    place.run("rules simulate new.toml --url http://127.0.0.1:9").exits(2).saying("--ledger");
}
