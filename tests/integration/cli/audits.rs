//! `export audit` and `audit` as a supervising body runs them.

use super::fixture::Place;
use super::server::Server;

fn exported() -> Place {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger").exits(0);
    place.run("export audit --month 2026-10 --output bundle.tar.zst --ledger ledger").exits(0).saying("条记录");
    place
}

fn key(place: &Place) -> String {
    let report = place.run("audit bundle.tar.zst --format json").exits(0).stdout;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    report["subject"]["verifier_key"].as_str().expect("a key").to_owned()
}

#[test]
fn a_bundle_is_audited_in_a_directory_where_no_ledger_is() {
    let place = exported();
    std::fs::remove_dir_all(place.path("ledger")).expect("gone");
    place
        .run("audit bundle.tar.zst")
        .exits(0)
        .saying("结论：成立")
        .saying("Verdict: it holds")
        .saying("未经认证")
        .saying("没有与以前的检查点对照")
        .saying("佐证 evidence");
    place.run(&format!("audit bundle.tar.zst --key {}", key(&place))).exits(0).saying("由您提供");
    place.write("policy", format!("log {}\nquorum none\n", key(&place)));
    place.run("audit bundle.tar.zst --policy policy").exits(0).saying("由您提供");
}

#[test]
fn an_audit_draws_the_figures_that_it_computed_and_none_that_it_could_not() {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --months 2 --no-serve --directory ledger").exits(0);
    place.run("export audit --month 2026-10 --output bundle.tar.zst --ledger ledger").exits(0);
    place.run("audit bundle.tar.zst --charts charts.html").exits(0).saying("✓ charts.html");
    let page = std::fs::read_to_string(place.path("charts.html")).expect("the charts");
    for said in ["结论：成立", "420902001001", "id=\"chart-points\"", "id=\"chart-distribution\"", "<table>"] {
        assert!(page.contains(said), "{said} is missing");
    }
    assert!(!page.contains("<script") && !page.contains("http"), "the page loads nothing");
    place.run("export audit --month 2026-10 --entries since-month --output part.tar.zst --ledger ledger").exits(0);
    place.run("audit part.tar.zst --charts none.html").exits(0).saying("没有可绘的图表");
    assert!(!place.path("none.html").exists());
}

#[test]
fn an_audit_without_room_for_a_workbook_names_the_directory() {
    let place = exported();
    let mut command = place.command();
    command.args(["audit", "bundle.tar.zst", "--report", "report.xlsx"]);
    let output = command.env("TMPDIR", place.path("nowhere")).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nowhere") && said.contains("TMPDIR") && !said.contains("panicked"), "{said}");
    assert!(!place.path("report.xlsx").exists());
}

#[test]
fn an_audit_report_is_written_in_every_format_with_its_verdict_and_what_that_rests_on() {
    let place = exported();
    let formats: &[&str] =
        if cfg!(feature = "pdf") { &["txt", "csv", "xlsx", "docx", "pdf"] } else { &["txt", "csv", "xlsx", "docx"] };
    for suffix in formats {
        let report = format!("report.{suffix}");
        place.run(&format!("audit bundle.tar.zst --report {report}")).exits(0).saying(&format!("✓ {report}"));
        let file = std::fs::read(place.path(&report)).expect("the report");
        let text = match *suffix {
            "pdf" => crate::documents::poppler("pdftotext", &[], &place.path(&report)).into_bytes(),
            "xlsx" | "docx" => mingzhang::document::unpacked(&file).expect("an archive"),
            _ => file,
        };
        let text = String::from_utf8_lossy(&text).replace(['\n', '\r'], "");
        for said in [
            "2026年10月积分通报审计报告",
            "被审计组织",
            "书院社区",
            "附图",
            "积分分布",
            "各分数段的党员人数",
            "佐证构成",
            "结论：成立",
            "没有与以前的检查点对照",
            "取自审计包，未经认证",
            "名经办人是党员本人",
            "条之后",
        ] {
            assert!(text.contains(said), "{report}: {said} is missing in {text}");
        }
    }
    place.run("audit bundle.tar.zst --report report.odt").exits(2).saying("use one of txt, csv, xlsx, docx, pdf");
}

#[test]
fn the_same_ledger_gives_the_same_bytes_also_beside_a_running_server() {
    let place = exported();
    let server = Server::of(&place);
    place.run("export audit --month 2026-10 --organization 420902001001 --output again --ledger ledger").exits(0);
    assert_eq!(server.stop(), Some(0));
    let read = |name: &str| std::fs::read(place.path(name)).expect("exported");
    assert_eq!(read("again"), read("bundle.tar.zst"));
}

#[test]
fn a_changed_bundle_ends_with_code_5_and_says_what_is_wrong_and_in_which_figure() {
    let place = exported();
    let mut bundle = std::fs::read(place.path("bundle.tar.zst")).expect("exported");
    let middle = bundle.len() / 2;
    bundle[middle..middle + 8].fill(0);
    place.write("damaged", &bundle);
    place.run("audit damaged").exits(5).saying("结论：不成立").saying("[unreadable]");
    place.run("audit damaged --format json").exits(5).saying("\"code\": \"unreadable\"");
    let tar =
        zstd::decode_all(std::fs::read(place.path("bundle.tar.zst")).expect("exported").as_slice()).expect("zstd");
    let at = tar.windows(6).position(|window| window == b"\"due\":").expect("a figure") + 6;
    let mut changed = tar;
    changed[at] = if changed[at] == b'9' { b'8' } else { b'9' };
    place.write("changed", zstd::encode_all(changed.as_slice(), 3).expect("zstd"));
    place.run("audit changed").exits(5).saying("notice.json 与清单中的 SHA-256 不符");
}

#[test]
fn an_earlier_checkpoint_that_the_log_does_not_continue_ends_with_code_5() {
    let place = exported();
    std::fs::copy(place.path("ledger/checkpoint"), place.path("kept")).expect("kept");
    place.run("audit bundle.tar.zst --previous kept").exits(0).saying("接续以前的检查点");
    let kept = std::fs::read_to_string(place.path("kept")).expect("kept");
    let lines: Vec<&str> = kept.lines().take(3).collect();
    place.write("paper", lines.join("\n"));
    place.run("audit bundle.tar.zst --previous paper").exits(0);
    place.write("paper", format!("{}\n{}\n{}", lines[0], 300, lines[2]));
    place.run("audit bundle.tar.zst --previous paper").exits(5).saying("账本被改写").saying("[rewritten]");
}

#[test]
fn what_cannot_be_audited_is_no_verdict() {
    let place = exported();
    place.run("audit nothing").exits(1);
    place.write("text", "log example.org+00000000+AA\n");
    place.write("empty", "");
    for other in ["text", "empty"] {
        place.run(&format!("audit {other}")).exits(2).saying("不是审计包").saying("nothing was checked");
    }
    place.run("audit bundle.tar.zst --key x").exits(2);
    place.write("policy", "quorum maybe\n");
    place.run("audit bundle.tar.zst --policy policy").exits(2);
    place.run("audit bundle.tar.zst --previous policy").exits(2);
    place.run("export audit --month 2026-08 --output none --ledger ledger").exits(3).saying("还没有印发");
    assert!(!place.path("none").exists() && !place.path("none.unfinished").exists());
    place.run("export audit --month 2026-10 --output none --ledger nowhere").exits(1);
}

/// Nobody else could tell a damaged store from a forged one.
#[test]
fn no_bundle_is_made_of_entries_that_are_not_those_recorded() {
    let place = exported();
    let shown = place.run("show event 0 --ledger ledger --json").exits(0).stdout;
    let event: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let id = format!("\"id\":\"{}", event["entry"]["id"].as_str().expect("an id"));
    let mut database = std::fs::read(place.path("ledger/ledger.sqlite")).expect("the database");
    // The id is in no figure of the notice.
    let places: Vec<usize> =
        database.windows(id.len()).enumerate().filter(|(_, at)| *at == id.as_bytes()).map(|(at, _)| at).collect();
    for at in places {
        let last = &mut database[at + id.len() - 1];
        *last = if *last == b'0' { b'1' } else { b'0' };
    }
    place.write("ledger/ledger.sqlite", database);
    place
        .run("export audit --month 2026-10 --output again --ledger ledger")
        .exits(5)
        .saying("entry 0 is not what was recorded");
    assert!(!place.path("again").exists() && !place.path("again.unfinished").exists());
}

#[test]
fn verify_composes_every_issued_notice_anew() {
    let place = exported();
    place.run("verify --ledger ledger").exits(0).saying("印发的通报 2 份").saying("公示的草稿 1 份");
}
