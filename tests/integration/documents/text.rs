//! The text document as python-docx reads it.

use super::fixture::Files;
use serde_json::{Value, json};

fn paragraphs(document: &Value) -> Vec<(&str, &str)> {
    let paragraphs = document["paragraphs"].as_array().expect("paragraphs").iter();
    paragraphs
        .map(|paragraph| (paragraph[0].as_str().expect("a style"), paragraph[1].as_str().expect("text")))
        .collect()
}

/// The table with such a heading first.
fn table<'a>(document: &'a Value, heading: &str) -> &'a Value {
    let tables = document["tables"].as_array().expect("tables");
    tables.iter().rev().find(|table| table["rows"][0][0] == heading).unwrap_or_else(|| panic!("no table {heading}"))
}

#[test]
fn every_line_of_the_register_is_that_of_the_json_as_people_write_it() {
    let files = Files::issued();
    let document = files.read("notice.docx");
    let register = table(&document, "名次");
    let rows = register["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 1 + files.members().count());
    let headers = register["headers"].as_array().expect("headers");
    assert!(headers[0] == true && headers[1..].iter().all(|header| header == false));
    for ((name, line), row) in files.members().zip(&rows[1..]) {
        let minutes = line["voluntary_minutes"].as_u64().expect("minutes");
        let points = line["points"].as_str().expect("points").replace('-', "−");
        let expected = json!([
            line["rank"].to_string(),
            name.as_str().unwrap_or_default(),
            line["number_tail"],
            line["branch"],
            points,
            format!("{}:{:02}", minutes / 60, minutes % 60),
        ]);
        assert_eq!(*row, expected);
    }
}

#[test]
fn it_is_a_document_of_an_office_with_its_styles_margins_and_page_numbers() {
    let files = Files::issued();
    let document = files.read("notice.docx");
    assert_eq!(document["margins_mm"], json!([37.0, 26.0, 35.0, 28.0]));
    assert!(document["footers"].as_array().expect("footers").iter().all(|footer| footer == "— 1 —"));
    assert_eq!(document["pictures"], 1);
    let said = paragraphs(&document);
    for (style, text) in [
        ("红头", "书院街道积分每月通报"),
        ("发文字号", "〔2026〕10号"),
        ("Title", "关于2026年10月党员参与\n基层治理积分情况的通报"),
        ("Heading 1", "二、各组织情况"),
        ("Normal", "特此通报。"),
        ("发文机关署名", "书院街道"),
        ("成文日期", "2026年11月3日"),
    ] {
        assert!(said.contains(&(style, text)), "{style} {text}: {said:?}");
    }
    assert!(
        document["created"].as_str().expect("a date").starts_with(files.json["issued_on"].as_str().expect("a date"))
    );
}

#[test]
fn the_rates_and_the_checkpoint_are_those_of_the_json() {
    let files = Files::issued();
    let document = files.read("notice.docx");
    let rates = table(&document, "指标");
    for (row, rate) in ["enrollment", "pairing_sign_up", "patrol_sign_up", "participation"].iter().enumerate() {
        let rate = &files.json["notice"]["rates"][rate];
        let hundredths = rate["percent_hundredths"].as_u64().expect("a rate");
        let percent = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        let found = &rates["rows"][row + 1];
        assert_eq!(
            [&found[1], &found[2]],
            [&json!(rate["numerator"].to_string()), &json!(rate["denominator"].to_string())]
        );
        assert_eq!(found[3], percent);
    }
    let imprint = document["tables"].as_array().expect("tables").last().expect("the imprint")["rows"][0][1].clone();
    let imprint = imprint.as_str().expect("text");
    let checkpoint = &files.json["notice"]["checkpoint"];
    for value in [&checkpoint["origin"], &checkpoint["root_hash"], &files.json["digest"]] {
        assert!(imprint.contains(value.as_str().expect("text")), "{value}: {imprint}");
    }
    assert!(imprint.contains(&format!("条目数　{}", checkpoint["tree_size"])));
}
