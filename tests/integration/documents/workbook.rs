//! The workbook as openpyxl reads it.

use super::fixture::Files;
use serde_json::{Value, json};

fn sheet<'a>(workbook: &'a Value, name: &str) -> &'a Value {
    let sheets = workbook["sheets"].as_array().expect("sheets");
    sheets.iter().find(|sheet| sheet["name"] == name).unwrap_or_else(|| panic!("no sheet {name}"))
}

fn values(row: &Value) -> Vec<&Value> {
    row.as_array().expect("a row").iter().map(|cell| &cell["value"]).collect()
}

/// The row of a table in a sheet of sentences that begins like this.
fn row_of<'a>(sheet: &'a Value, name: &str) -> Vec<&'a Value> {
    let rows = sheet["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row[0]["value"] == name).unwrap_or_else(|| panic!("no row {name}"));
    values(row)
}

#[test]
fn every_line_of_the_register_is_that_of_the_json_as_values() {
    let files = Files::issued();
    let workbook = files.read("notice.xlsx");
    let register = sheet(&workbook, "党员积分排名");
    assert_eq!(
        (&register["frozen"], &register["repeated"], &register["paper"]),
        (&json!("A2"), &json!("$1:$1"), &json!(9))
    );
    let rows = register["rows"].as_array().expect("rows");
    assert_eq!(values(&rows[0]), ["名次", "党员", "编号尾号", "所在支部", "积分", "志愿时长"]);
    assert_eq!(rows.len(), 1 + files.members().count());
    assert!(rows.len() > 20);
    for ((name, line), row) in files.members().zip(&rows[1..]) {
        assert_eq!(row[0]["value"], line["rank"]);
        assert_eq!(row[1]["value"], *name);
        assert_eq!(row[2]["value"], line["number_tail"]);
        assert_eq!(row[3]["value"], line["branch"]);
        let points: f64 = line["points"].as_str().expect("points").parse().expect("a number");
        assert_eq!((row[4]["value"].as_f64(), &row[4]["kind"]), (Some(points), &json!("n")));
        assert_eq!(row[4]["format"], "#,##0.00");
        assert_eq!((&row[5]["value"], &row[5]["kind"]), (&line["voluntary_minutes"], &json!("minutes")));
    }
}

#[test]
fn the_rates_are_percentages_with_what_they_were_counted_from_and_their_definitions_below() {
    let files = Files::issued();
    let workbook = files.read("notice.xlsx");
    let said = sheet(&workbook, "正文与口径");
    let rates = &files.json["notice"]["rates"];
    for (name, rate) in [
        ("报到率", "enrollment"),
        ("结对报名率", "pairing_sign_up"),
        ("巡逻报名率", "patrol_sign_up"),
        ("参与率", "participation"),
        ("走访参与率", "pairing_participation"),
        ("巡逻参与率", "patrol_participation"),
    ] {
        let row = row_of(said, name);
        assert_eq!([row[1], row[2]], [&rates[rate]["numerator"], &rates[rate]["denominator"]], "{name}");
        let hundredths = rates[rate]["percent_hundredths"].as_u64().expect("a rate");
        assert_eq!(row[3].as_f64(), format!("{hundredths}e-4").parse().ok(), "{name}");
    }
    let texts: Vec<&str> =
        said["rows"].as_array().expect("rows").iter().filter_map(|row| row[0]["value"].as_str()).collect();
    assert!(texts.iter().any(|text| text.contains("报到率：其中当时报到有效的党员所占比例")), "{texts:?}");
}

#[test]
fn the_checkpoint_is_the_one_of_the_json() {
    let files = Files::issued();
    let workbook = files.read("notice.xlsx");
    let rows = &sheet(&workbook, "检查点")["rows"];
    let checkpoint = &files.json["notice"]["checkpoint"];
    for (row, field) in [(1, "origin"), (2, "tree_size"), (3, "root_hash")] {
        assert_eq!(rows[row][1]["value"], checkpoint[field]);
    }
    assert!(rows[4][1]["value"].as_str().expect("text").contains(files.json["digest"].as_str().expect("a digest")));
    assert!(
        workbook["created"].as_str().expect("a date").starts_with(files.json["issued_on"].as_str().expect("a date"))
    );
}

#[test]
fn a_superseding_notice_has_a_register_of_what_changed() {
    let files = Files::superseding();
    let workbook = files.read("notice.xlsx");
    let changed = sheet(&workbook, "更正明细")["rows"].as_array().expect("rows");
    let names: Vec<&Value> =
        workbook["sheets"].as_array().expect("sheets").iter().map(|sheet| &sheet["name"]).collect();
    assert_eq!(names, ["党员积分排名", "正文与口径", "检查点", "更正明细"]);
    let points = |of: &Value| of["points"].as_str().and_then(|points| points.parse::<f64>().ok());
    for change in files.json["notice"]["changes"]["members"].as_array().expect("changes") {
        let (before, after) = (points(&change["before"]), points(&change["after"]));
        if before != after {
            let row =
                changed.iter().find(|row| [&row[2], &row[3]].map(|cell| cell["value"].as_f64()) == [before, after]);
            assert!(row.is_some(), "{before:?} → {after:?}: {changed:?}");
        }
    }
    assert!(changed.len() > 1);
}
