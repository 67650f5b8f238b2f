//! Files whose headers say too little: what every row has, and mappings to fill in.

use super::fixture::Place;

const DUTIES: &str = "编号,时间\n1001,2026-10-05\n1002,2026-10-06\n";
/// No header that a table knows, below a title.
const STRANGE: &str = "书院社区十月情况,,\n哪位,哪天,备注\n1001,2026-10-05,好\n1002,2026-10-06,\n";

#[test]
fn what_every_row_has_is_said_once_kept_in_the_mapping_and_read_from_it() {
    let place = Place::with_roster();
    place.write("duties.csv", DUTIES);
    let set = "--set 类型=值守排班 --set organization=书院社区";
    let preview = place.run(&format!("import records duties.csv --preview {set} --save-mapping duties.toml")).exits(0);
    preview.saying("类型 type = 值守排班").saying("书院社区（按名称查找");
    let saved = std::fs::read_to_string(place.path("duties.toml")).expect("a mapping");
    assert!(saved.contains("[set]\ntype = \"值守排班\"\norganization = \"书院社区\""), "{saved}");
    place
        .run(&format!("import records duties.csv {set} --ledger ledger"))
        .exits(0)
        .saying("2 recorded")
        .saying("每一行");
    place
        .run("import records duties.csv --mapping duties.toml --ledger ledger")
        .exits(0)
        .saying("2 were there already");
    // The option counts.
    let other = "import records duties.csv --mapping duties.toml --set 类型=报到 --dry-run --ledger ledger";
    place.run(other).exits(4).saying("already_enrolled");
}

#[test]
fn what_every_row_has_is_refused_where_it_is_no_column_no_value_said_twice_or_in_the_file() {
    let place = Place::with_roster();
    place.write("duties.csv", DUTIES);
    place.write("typed.csv", "类型,编号,组织,时间\n值守排班,1001,420902001001,2026-10-05\n");
    for (options, exit, said) in [
        ("duties.csv --set 种类=走访", 2, "the table has no column \"种类\""),
        ("duties.csv --set 类型", 2, "write COLUMN=VALUE"),
        ("duties.csv --set type=走访 --set 类型=值守", 2, "is said twice"),
        ("duties.csv --set type=值日", 4, "--set type"),
        ("typed.csv --set type=值守排班", 4, "the file has this column and --set says it as well"),
    ] {
        place.run(&format!("import records {options} --ledger ledger")).exits(exit).saying(said);
    }
    let refused =
        place.run("import records duties.csv --set type=值日 --set 组织=420902001001 --ledger ledger").exits(4);
    assert_eq!(refused.said().matches("unknown word").count(), 1, "once, and not of each row: {}", refused.said());
}

#[test]
fn a_file_that_no_header_explains_gives_a_mapping_to_fill_in_that_then_reads_it() {
    let place = Place::with_roster();
    place.write("strange.csv", STRANGE);
    place.run("import records strange.csv --preview").exits(4).saying("--save-mapping");
    let ran = place.run("import records strange.csv --preview --save-mapping strange.toml").exits(4);
    let ran = ran.saying("still missing: 类型 type, 开始时间 start");
    ran.saying("mingzhang import records strange.csv --mapping strange.toml --preview");
    let draft = std::fs::read_to_string(place.path("strange.toml")).expect("a mapping");
    for told in ["header_row = 2", "\"哪位\" = \"\"", "# * type 类型", "值守排班", "#   number 编号"] {
        assert!(draft.contains(told), "{told} in\n{draft}");
    }
    // As it is it reads nothing, and names what is missing.
    place.run("import records strange.csv --mapping strange.toml --preview").exits(4).saying("类型 (type)");
    let filled = draft
        .replace("\"哪位\" = \"\"", "\"哪位\" = \"number\"")
        .replace("\"哪天\" = \"\"", "\"哪天\" = \"start\"")
        .replace("[set]\n", "[set]\ntype = \"值守排班\"\norganization = \"420902001001\"\n");
    place.write("filled.toml", filled);
    place.run("import records strange.csv --mapping filled.toml --preview").exits(0).saying("值守排班 (duty_rostered)");
    place.run("import records strange.csv --mapping filled.toml --ledger ledger").exits(0).saying("2 recorded");
    place.run("import records strange.csv --preview --save-mapping strange.toml").exits(1).saying("isn't written over");
}

#[test]
fn a_header_that_is_recognised_in_part_is_filled_in_as_far() {
    let place = Place::new();
    place.write("part.csv", "编号,姓名,支部,政治面貌,入册日期\n1,甲,一支部,党员,2024-01-01\n");
    let ran = place.run("import roster part.csv --preview --save-mapping part.toml").exits(4);
    ran.saying("still missing: 类别 class");
    let draft = std::fs::read_to_string(place.path("part.toml")).expect("a mapping");
    for told in ["\"姓名\" = \"name\"", "\"政治面貌\" = \"\"", "# * class 类别", "社区党员、在职党员"]
    {
        assert!(draft.contains(told), "{told} in\n{draft}");
    }
    assert!(!draft.contains("header_row"), "a header that was found needs no line: {draft}");
}
