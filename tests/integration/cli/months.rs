//! Rules, the close of a month and its circular.

use super::fixture::Place;

/// A ledger whose rules are in force from long ago.
pub(super) fn with_rules() -> Place {
    let place = Place::with_roster();
    let example = place.run("rules example").exits(0).stdout;
    let earlier: Vec<String> = example
        .lines()
        .map(|line| {
            if line.starts_with("effective_from") { "effective_from = \"2024-01\"".to_owned() } else { line.to_owned() }
        })
        .collect();
    place.write("rules.toml", earlier.join("\n"));
    place.run("rules adopt rules.toml --ledger ledger").exits(0).saying("recorded");
    place
}

#[test]
fn the_example_is_sound_and_a_faulty_document_is_named_by_line() {
    let place = Place::new();
    place.write("rules.toml", place.run("rules example").exits(0).stdout);
    place.run("rules check rules.toml").exits(0).saying("sound");
    place.write("faulty.toml", "version = \"1\"\ntitle = 7\n");
    place.run("rules check faulty.toml").exits(4).saying("line 2");
    place.run("rules check missing.toml").exits(1);
}

#[test]
fn a_month_closes_once_it_is_over_and_closing_it_again_changes_nothing() {
    let place = with_rules();
    place.run("close --month 2026-10 --ledger ledger").exits(0).saying("recorded");
    place.run("close --month 2026-10 --ledger ledger").exits(0).saying("nothing is new");
    place.run("close --month 2199-12 --ledger ledger").exits(3).saying("month_not_over");
    place.run("close --month October --ledger ledger").exits(2);
}

#[test]
fn a_month_without_rules_is_not_closed() {
    let place = Place::with_roster();
    place.run("close --month 2026-10 --ledger ledger").exits(3).saying("no_rules_in_force");
    place.run("close --month 2026-10 --organization 999 --ledger ledger").exits(3).saying("unknown_organization");
}

#[test]
fn a_month_that_has_not_begun_has_no_draft() {
    let place = with_rules();
    place
        .run("notice --month 2199-11 --ledger ledger")
        .exits(3)
        .saying("2199-11 hasn't begun")
        .saying("check the month");
}

#[test]
fn a_notice_is_a_draft_until_it_is_issued_and_then_stays_as_it_was() {
    let place = with_rules();
    place.run("notice --month 2026-10 --ledger ledger").exits(0).saying("a draft");
    place
        .run("notice --month 2026-10 --issue --number 〔2026〕10号 --ledger ledger")
        .exits(3)
        .saying("month_not_closed");
    place.run("close --month 2026-10 --ledger ledger").exits(0);
    place.run("notice --month 2026-10 --issue --number 〔2026〕10号 --ledger ledger").exits(0).saying("recorded");
    place.run("notice --month 2026-10 --issue --number 〔2026〕10号 --ledger ledger").exits(0).saying("nothing is new");
    let text = place.run("notice --month 2026-10 --ledger ledger").exits(0).saying("〔2026〕10号").stdout;
    place.run("record organization-renamed --organization 4209 --name 改名市 --ledger ledger").exits(0);
    assert_eq!(place.run("notice --month 2026-10 --ledger ledger").exits(0).stdout, text);
    place.run("show notice 2026-10 --ledger ledger").exits(0).saying("〔2026〕10号");
}

#[test]
fn a_notice_comes_in_seven_formats() {
    let place = with_rules();
    for (format, word) in
        [("html", "<!DOCTYPE html>"), ("csv", "名次"), ("json", "\"digest\""), ("text", "积分每月通报")]
    {
        place.run(&format!("notice --month 2026-10 --format {format} --output file --force --ledger ledger")).exits(0);
        let written = std::fs::read_to_string(place.path("file")).unwrap();
        assert!(written.to_lowercase().contains(&word.to_lowercase()), "{format}: {written}");
    }
    for (format, part) in [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")] {
        place.run(&format!("notice --month 2026-10 --format {format} --output file --force --ledger ledger")).exits(0);
        let package = std::io::Cursor::new(std::fs::read(place.path("file")).unwrap());
        assert!(zip::ZipArchive::new(package).unwrap().by_name(part).is_ok(), "{format}");
    }
    let pdf = place.run("notice --month 2026-10 --format pdf --output file --force --ledger ledger");
    if cfg!(feature = "pdf") {
        pdf.exits(0);
        assert!(std::fs::read(place.path("file")).unwrap().starts_with(b"%PDF-"));
    } else {
        pdf.exits(1).saying("this program was built without the feature `pdf`");
    }
}

/// The rules demand a disclosure, so that October 2025 is closed in its stages; its days are past.
#[test]
fn a_month_goes_through_its_stages_and_an_objection_is_answered_by_somebody_else() {
    let place = with_rules();
    let document = std::fs::read_to_string(place.path("rules.toml")).expect("the rules");
    let document = document.replacen("effective_from = \"2024-01\"", "effective_from = \"2025-10\"", 1);
    let version = document.lines().find(|line| line.starts_with("version")).expect("a version").to_owned();
    let document = document.replacen(&version, "version = \"disclosed\"", 1);
    place.write("disclosed.toml", format!("{document}\n[disclosure]\nworking_days = 5\n"));
    place.run("rules adopt disclosed.toml --ledger ledger").exits(0);
    place.run("close --month 2025-10 --ledger ledger").exits(3).saying("month_not_disclosed");
    place.run("month status --month 2025-10 --ledger ledger").exits(0).saying("登记中").saying("5 个工作日");
    place.run("month disclose --month 2025-10 --ledger ledger").exits(3).saying("month_not_frozen");
    place.run("month freeze --month 2025-10 --ledger ledger").exits(0).saying("recorded");
    place.run("month freeze --month 2025-10 --ledger ledger").exits(3).saying("month_frozen");
    place
        .run("month disclose --month 2025-10 --working-days 4 --ledger ledger")
        .exits(3)
        .saying("disclosure_too_short");
    let opened = place.run("month disclose --month 2025-10 --ledger ledger").exits(0).stdout;
    let status = place.run("month status --month 2025-10 --json --ledger ledger").exits(0).stdout;
    let status: serde_json::Value = serde_json::from_str(&status).expect("JSON");
    let until = status["disclosure"]["until"].as_str().expect("a date");
    assert!(opened.contains(&format!("至 {until} 止；异议也收到这一天")), "{opened}");
    let id = |receipt: &str| {
        let word = |line: &str| line.split_whitespace().last().map(str::to_owned);
        receipt.lines().find(|line| line.contains("编号 id")).and_then(word).expect("an id")
    };
    assert!(opened.contains("notice --month 2025-10 --disclosure"), "{opened}");
    place.run("month status --month 2025-10 --ledger ledger").exits(0).saying("公示 5 个工作日");
    place.run("notice --month 2025-09 --disclosure --ledger ledger").exits(3).saying("没有公示过");
    place.run("notice --month 2025-10 --ledger ledger").exits(0).saying("--disclosure");
    let text = place.run("notice --month 2025-10 --disclosure --ledger ledger").exits(0).saying("公示期").stdout;
    assert!(text.contains("异议") && !text.contains("草稿，尚未印发"), "{text}");
    // It stays as it was disclosed, whatever is set afterwards.
    let config = std::fs::read_to_string(place.path("ledger/mingzhang.toml")).expect("the configuration");
    place.write("ledger/mingzhang.toml", format!("issuing_body = \"中共新街道工作委员会\"\n{config}"));
    assert_eq!(place.run("notice --month 2025-10 --disclosure --ledger ledger").exits(0).stdout, text);
    place.write("ledger/mingzhang.toml", config);
    place.run("notice --month 2025-10 --disclosure --issue --ledger ledger").exits(2).saying("--output");
    let issue = "notice --month 2025-10 --disclosure --issue --format docx --output 公示.docx --ledger ledger";
    place.run(issue).exits(0).saying("文件摘要已记入账本");
    place.run("check-document 公示.docx --ledger ledger").exits(0).saying("公示");
    place.run("close --month 2025-10 --ledger ledger").exits(3).saying("disclosure_running");
    let raise = |ground: &str| {
        let subject = id(&opened);
        place.run(&format!("objection raise --subject {subject} --member 1001 --ground {ground} --ledger ledger"))
    };
    raise("nonsense").exits(2);
    let handed_in = |day: &str| {
        let subject = id(&opened);
        let raise = format!("objection raise --subject {subject} --member 1001 --ground time_wrong --for-member");
        place.run(&format!("{raise} --time {day} --ledger ledger"))
    };
    handed_in("gestern").exits(2);
    handed_in("2099-01-01").exits(3).saying("occurred_in_the_future");
    let early = id(&handed_in("2025-11-04").exits(0).stdout);
    let listed = place.run("objection list --json --ledger ledger").exits(0).stdout;
    assert!(listed.contains("2025-11-03T16:00:00Z"), "{listed}");
    place.run(&format!("objection withdraw {early} --ledger ledger")).exits(0);
    let objection = id(&raise("计分有误").exits(0).stdout);
    raise("points_wrong").exits(3).saying("already_objected");
    place.run("token create --actor w-0009 --grant recorder --ledger ledger").exits(0);
    place.run(&format!("objection assign {objection} --to w-0009 --ledger ledger")).exits(3).saying("不能决定异议");
    place.run(&format!("objection assign {objection} --to r-0003 --ledger ledger")).exits(0).saying("没有令牌");
    place.run("objection list --ledger ledger").exits(0).saying("计分有误").saying("待决定").saying("r-0003");
    place
        .run(&format!("objection answer {objection} --uphold --ledger ledger"))
        .exits(3)
        .saying("involved_in_objection");
    place.run(&format!("objection answer {objection} --actor r-0003 --ledger ledger")).exits(2);
    place
        .run(&format!(
            "objection answer {objection} --dismiss 计分符合细则 --clause 1.1 --actor r-0003 --ledger ledger"
        ))
        .exits(0);
    place.run(&format!("objection withdraw {objection} --ledger ledger")).exits(3).saying("objection_decided");
    place.run("objection list --month 2025-10 --json --ledger ledger").exits(0).saying("rules_followed");
    place.run("verify --ledger ledger").exits(0).saying("印发的通报 0 份").saying("公示的草稿 1 份");
}

/// The same table that the API gives; `import records` reads it again.
#[test]
fn what_waits_for_a_review_is_a_table_to_write_the_reviews_into() {
    let place = with_rules();
    let visit = "record duty-rostered --member 1001 --organization 420902001001 --date 2026-10-08 --time '2026-10-01 09:00' --ledger ledger";
    place.run(visit).exits(0);
    let served = "record duty-served --member 1001 --organization 420902001001 --minutes 60 --time '2026-10-08 09:00' --evidence 补录 --ledger ledger";
    let record = place.run(served).exits(0).stdout;
    let line = record.lines().find(|line| line.contains("编号 id")).expect("an id");
    let id = line.split_whitespace().last().expect("an id").to_owned();
    let waiting = place.run("month waiting --month 2026-10 --format csv --ledger ledger").exits(0).stdout;
    assert!(waiting.starts_with("\u{feff}记录,类型,开始时间,原因,幂等键,"), "{waiting}");
    let approved = waiting.replacen(&format!("{id},,,"), &format!("{id},审核通过,2026-10-09,"), 1);
    assert_ne!(approved, waiting);
    place.write("reviews.csv", approved);
    place.run("import records reviews.csv --actor w-0002 --ledger ledger").exits(0);
    place.run("month waiting --month 2026-10 --ledger ledger").exits(0).saying("没有待审核的记录");
    place.run("month waiting --month 2026-10 --format csv --json --ledger ledger").exits(2);
}

#[test]
fn where_nothing_waits_for_a_review_it_is_said() {
    let place = with_rules();
    place.run("month waiting --month 2026-10 --ledger ledger").exits(0).saying("没有待审核的记录");
    place.run("month waiting --month 2026-10 --organization 999 --ledger ledger").exits(3);
}
