//! The PDF as poppler reads it.

use super::fixture::Files;
use super::poppler;
use serde_json::Value;

/// All that is printed, in the order of reading and without blanks: another program breaks lines as it likes.
fn printed(files: &Files) -> String {
    poppler("pdftotext", &["-raw", "-nopgbrk"], &files.path("notice.pdf")).split_whitespace().collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[test]
fn every_line_of_the_json_is_printed_cell_by_cell_and_in_its_order() {
    let files = Files::issued();
    let printed = printed(&files);
    let (_, mut rest) = printed.rsplit_once("党员积分排名").expect("the register");
    for (name, line) in files.members() {
        let minutes = line["voluntary_minutes"].as_u64().expect("minutes");
        let row: String = [
            &*line["rank"].to_string(),
            name.as_str().unwrap_or_default(),
            text(&line["number_tail"]),
            text(&line["branch"]),
            &*text(&line["points"]).replace('-', "−"),
            &*format!("{}:{:02}", minutes / 60, minutes % 60),
        ]
        .concat();
        rest = rest.split_once(&row).unwrap_or_else(|| panic!("no {row} in {rest}")).1;
    }
}

#[test]
fn it_ends_with_all_that_is_needed_to_check_it() {
    let files = Files::issued();
    let (printed, notice) = (printed(&files), &files.json["notice"]);
    let checkpoint = &notice["checkpoint"];
    for (label, value) in [
        ("账本", text(&checkpoint["origin"])),
        ("条目数", &*checkpoint["tree_size"].to_string()),
        ("根哈希", text(&checkpoint["root_hash"])),
        ("通报摘要", text(&files.json["digest"])),
    ] {
        assert!(printed.contains(&format!("{label}{value}")), "{label}: {printed}");
    }
}

#[test]
fn a_superseding_notice_is_printed_with_what_changed_and_why() {
    let files = Files::superseding();
    let (printed, notice) = (printed(&files), &files.json["notice"]);
    assert!(printed.contains(text(&notice["supersedes"]["digest"])), "{printed}");
    assert!(printed.contains("更正明细") && printed.contains("更正说明"));
    for change in notice["changes"]["members"].as_array().expect("changes") {
        for cause in change["causes"].as_array().expect("causes") {
            assert!(printed.contains(&format!("第{}条", cause["log_index"])), "{cause}: {printed}");
        }
    }
}
