//! Importing what offices really have: workbooks, GBK, odd headers; and getting the bad rows back to correct them.

use super::fixture::{Place, table};
use super::server::{Server, token};
use mingzhang::clock::MachineClock;
use mingzhang::identity::Person;
use mingzhang::import::{Reading, Table, TableFile};
use mingzhang::service::Service;
use mingzhang_events::FileDigest;
use sha2::{Digest, Sha256};
use std::sync::Arc;

const ROSTER: &str = "编号,姓名,支部代码,类别,入册日期\n";

#[test]
fn a_workbook_is_recorded_and_what_was_recognised_is_said() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("ugly/organizations.xls"))).exits(0);
    place
        .run(&format!("import roster {} --ledger ledger", table("ugly/roster-total.xlsx")))
        .exits(0)
        .saying("工作表 sheet “花名册”")
        .saying("第 8 行未导入（合计行）：合计 4人  line 8 left out (total)")
        .saying("4 rows: 4 recorded");
    place
        .run(&format!("import roster {} --ledger ledger", table("ugly/roster-gbk.csv")))
        .exits(0)
        .saying("编码 encoding GBK")
        .saying("0 recorded, 4 were there already");
}

#[test]
fn a_preview_shows_columns_and_first_rows_as_understood_and_needs_no_ledger() {
    let place = Place::new();
    let ran = place.run(&format!("import records {} --preview", table("ugly/records-in-words.xlsx"))).exits(0);
    for words in [
        "标题 title：书院社区2026年5月志愿服务记录表",
        "未写年份的日期按 2026 年（取自标题）",
        "开始时间 start",
        "5月3日 晚上7点半–10点 → 2026-05-03 19:30 至 2026-05-03 22:00",
        "夜间巡逻 → 夜间巡逻 (night_patrol)",
    ] {
        assert!(ran.stdout.contains(words), "{words} is missing in\n{}", ran.stdout);
    }
    let ran = place.run(&format!("import records {} --preview", table("ugly/records-without-year.xlsx"))).exits(0);
    assert!(ran.stdout.contains("日期没有年份"), "{}", ran.stdout);
}

#[test]
fn a_mapping_that_is_written_once_reads_the_files_of_the_months_to_come() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let odd = table("ugly/other-names.xlsx");
    place.run(&format!("import roster {odd} --ledger ledger")).exits(4).saying("没有找到表头");
    place.write(
        "mapping.toml",
        "table = \"roster\"\n[columns]\n\"党员证\" = \"number\"\n\"谁\" = \"name\"\n\"哪个支部\" = \"branch\"\n\
         \"哪类\" = \"class\"\n\"何时\" = \"since\"\n",
    );
    let import = format!("import roster {odd} --mapping mapping.toml");
    place.run(&format!("{import} --save-mapping saved.toml --preview")).exits(0).saying("--mapping");
    place.run(&format!("import roster {odd} --mapping saved.toml --ledger ledger")).exits(0).saying("4 recorded");
    place.write("mapping.toml", "table = \"roster\"\n[columns]\n\"谁\" = \"who\"\n");
    place.run(&format!("{import} --ledger ledger")).exits(2).saying("the table has no column \"who\"");
}

#[test]
fn a_mapping_that_is_saved_has_the_sheet_the_header_and_the_year_of_the_one_that_it_was_read_by() {
    let place = Place::new();
    let said = "sheet = \"五月\"\nheader_row = 1\nyear = 2031\n";
    place.write("mapping.toml", format!("table = \"roster\"\n{said}"));
    let import = format!("import roster {} --mapping mapping.toml", table("ugly/roster-two-months.xlsx"));
    place.run(&format!("{import} --save-mapping saved.toml --sheet 四月 --preview")).exits(0);
    let saved = std::fs::read_to_string(place.path("saved.toml")).expect("the mapping");
    for words in ["sheet = \"四月\"", "header_row = 1", "year = 2031"] {
        assert!(saved.contains(words), "{words}: {saved}");
    }
}

#[test]
fn what_is_recorded_is_told_although_the_copy_with_faults_cannot_be_written() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let rows = "1001,张示例,420902001001-01,社区党员,2024-01-01\n1002,李示例,420902001001-01,在职党员,2024-02-30\n";
    place.write("roster.csv", format!("{ROSTER}{rows}"));
    place
        .run("import roster roster.csv --ledger ledger --accept-valid --errors nowhere/copy.xlsx")
        .exits(1)
        .saying("1 recorded")
        .saying("what is said above holds");
    place
        .run("import roster roster.csv --ledger ledger --errors nowhere/copy.xlsx")
        .exits(1)
        .saying("nothing was recorded");
}

#[test]
fn no_file_is_written_over() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let text = format!("{ROSTER}1002,李示例,420902001001-01,在职党员,2024-02-30\n");
    place.write("roster.csv", text.clone());
    let entries = place.entries();
    for option in ["--errors roster.csv", "--save-mapping roster.csv"] {
        place.run(&format!("import roster roster.csv --ledger ledger {option}")).exits(1).saying("choose another name");
        assert_eq!(std::fs::read_to_string(place.path("roster.csv")).expect("the table"), text, "{option}");
    }
    assert_eq!(place.entries(), entries, "it is refused before anything is recorded");
}

#[test]
fn a_member_whose_name_was_stored_with_spaces_is_not_rostered_twice() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    place.write("roster.csv", "姓名,支部代码,类别,入册日期\n张三,420902001001-01,社区党员,2024-01-01\n");
    place.run("import roster roster.csv --ledger ledger").exits(0).saying("1 recorded");
    // As a program that records people over HTTP may have written it.
    let service = Service::open(&place.path("ledger"), Arc::new(MachineClock), &mut |_, _| {}).expect("a ledger");
    let member = service.identity.everybody(str::to_owned).expect("people").by_name["张三"][0];
    let person = Person { name: "张　三".to_owned(), number: None };
    service.identity.record_people(&[(member, person)]).expect("people");
    drop(service);
    place.run("import roster roster.csv --ledger ledger").exits(0).saying("0 recorded, 1 were there already");
}

#[test]
fn a_copy_with_faults_that_is_corrected_records_the_corrected_rows_only() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let rows = "1001,张示例,420902001001-01,社区党员,2024-01-01\n\
                1002,李示例,420902001001-01,在职党员,2024-02-30\n\
                1003,王示例,420902001001-99,社区党员,2024-01-01\n";
    place.write("roster.csv", format!("{ROSTER}{rows}"));
    place
        .run("import roster roster.csv --ledger ledger --accept-valid --errors copy.csv")
        .exits(4)
        .saying("1 recorded")
        .saying("copy.csv");
    let copy = std::fs::read_to_string(place.path("copy.csv")).expect("the copy");
    let lines: Vec<&str> = copy.lines().collect();
    assert!(lines[0].starts_with('\u{feff}') && lines[0].ends_with("错误 errors"), "{copy}");
    assert!(lines[1].ends_with(','), "a sound row has nothing beside it: {copy}");
    assert!(lines[2].contains("入册日期：不是日期"), "{copy}");
    assert!(lines[3].contains("unknown_organization"), "{copy}");

    let corrected = copy.replace("2024-02-30", "2024-02-28").replace("420902001001-99", "420902001001-02");
    place.write("copy.csv", corrected);
    place.run("import roster copy.csv --ledger ledger").exits(0).saying("2 recorded, 1 were there already");

    place.run("import roster roster.csv --ledger ledger --errors copy.xlsx").exits(4).saying("nothing was recorded");
    let bytes = std::fs::read(place.path("copy.xlsx")).expect("the copy");
    let file = TableFile::open(Table::Roster, &bytes, &Reading::default()).expect("a table");
    let beside: Vec<&str> = (2..5).map(|line| file.sheet.row_of_line(line).expect("a row").cell(5).text).collect();
    assert!(beside[0].is_empty() && beside[1].contains("不是日期") && beside[2].is_empty(), "{beside:?}");
}

#[test]
fn a_text_that_looks_like_a_formula_is_text_and_leaves_as_text() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let rows = "1001,=cmd|' /C calc'!A0,420902001001-01,社区党员,2024-02-30\n";
    place.write("roster.csv", format!("{ROSTER}{rows}"));
    place.run("import roster roster.csv --ledger ledger --errors copy.csv").exits(4);
    let copy = std::fs::read_to_string(place.path("copy.csv")).expect("the copy");
    assert!(copy.contains("1001,'=cmd|"), "{copy}");
    place.write("copy.csv", copy.replace("2024-02-30", "2024-02-28"));
    place.run("import roster copy.csv --ledger ledger").exits(0);
    place.run("show member 1001 --ledger ledger").exits(0).saying("=cmd|' /C calc'!A0");
}

#[test]
fn namesakes_are_listed_with_their_numbers_and_never_guessed() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let rows = "1001,张 三,420902001001-01,社区党员,2024-01-01\n1002,张三,420902001001-01,社区党员,2024-01-01\n";
    place.write("roster.csv", format!("{ROSTER}{rows}"));
    place.run("import roster roster.csv --ledger ledger").exits(0);
    place.write(
        "records.csv",
        "类型,姓名,支部代码,组织,时间,时长,佐证\n\
         值守,张三,420902001001-01,420902001001,2026-05-06 08:30,8小时,见证\n\
         值守,李四,420902001001-01,420902001001,2026-05-06 08:30,8小时,见证\n",
    );
    place
        .run("import records records.csv --ledger ledger")
        .exits(4)
        .saying("该支部有同名党员，请填写编号或党员标识：1001、1002")
        .saying("花名册里没有这个人");
}

#[test]
fn a_template_is_written_once_and_can_be_imported_as_it_is() {
    let place = Place::with_ledger();
    for table in ["organizations", "roster", "records"] {
        place.run(&format!("template {table} --output {table}.xlsx")).exits(0).saying("--preview");
        place.run(&format!("template {table} --output {table}.xlsx")).exits(1).saying("choose another name");
        let import = format!("import {table} {table}.xlsx --ledger ledger");
        place.run(&import).exits(0).saying("（示例）").saying("0 rows: 0 recorded");
    }
    assert_eq!(place.entries(), 0);
}

fn without_spaces(shown: &str) -> String {
    shown.chars().filter(|char| !char.is_whitespace()).collect()
}

#[test]
fn every_imported_fact_names_its_file_and_row_on_a_directory_and_over_a_server() {
    let place = Place::with_ledger();
    let digest = |name: &str| FileDigest(Sha256::digest(std::fs::read(table(name)).expect("the file")).into());
    place.run(&format!("import organizations {} --ledger ledger", table("ugly/organizations.xls"))).exits(0);
    let shown = without_spaces(&place.run("show event 1 --ledger ledger --json").exits(0).stdout);
    let expected = format!("\"importedfile\":\"{}\",\"importedrow\":3", digest("ugly/organizations.xls"));
    assert!(shown.contains(&expected), "{shown}");

    let token = token(&place, &["operator", "recorder", "auditor"]);
    let server = Server::of(&place);
    let url = format!("--url {} --token {token}", server.url);
    place.run(&format!("import roster {} {url}", table("ugly/roster-title.xlsx"))).exits(0).saying("4 recorded");
    let shown = without_spaces(&place.run(&format!("show event 6 {url} --json")).exits(0).stdout);
    let expected = format!("\"importedfile\":\"{}\",\"importedrow\":4", digest("ugly/roster-title.xlsx"));
    assert!(shown.contains(&expected), "{shown}");

    // The same rows in another file are the same facts: what was recorded first stays.
    place.run(&format!("import roster {} {url}", table("ugly/roster-gbk.csv"))).exits(0).saying("4 were there already");
    let shown = without_spaces(&place.run(&format!("show event 6 {url} --json")).exits(0).stdout);
    assert!(shown.contains(&expected), "{shown}");
    server.stop();
}

#[test]
fn rows_that_nobody_sees_are_told_before_they_are_recorded() {
    let place = Place::with_ledger();
    place.run(&format!("import organizations {} --ledger ledger", table("organizations.csv"))).exits(0);
    let file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import/ugly/roster-overlooked.xlsx");
    for how in ["--preview", "--ledger ledger --dry-run", "--ledger ledger"] {
        let ran = place.run(&format!("import roster {} {how}", file.display())).exits(0);
        ran.saying("1 rows are hidden, as by a filter").saying("1 行有删除线");
    }
    // As the sheet shows them, and not as it holds them.
    place.run("show member 01001 --ledger ledger").exits(0).saying("420902001001-01");
    let again = format!("import roster {} --ledger ledger", table("roster.csv"));
    place.run(&again).exits(4).saying("登记的编号是 01001，只差前面的 0");
}
