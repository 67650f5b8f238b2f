//! Files that were given out, and how whoever has one finds out that it was: on a directory and through a server.

use super::fixture::Place;
use super::months::with_rules;
use super::server::{Server, token};

fn issued(place: &Place) {
    place.run("close --month 2026-10 --ledger ledger").exits(0);
    place
        .run("notice --month 2026-10 --issue --number 〔2026〕10号 --format text --output notice.txt --ledger ledger")
        .exits(0)
        .saying("its digest is recorded");
}

/// Names of people may stand in the rows.
#[test]
fn rows_of_a_workbook_stay_in_the_ledgers_directory_and_nothing_of_them_is_left() {
    let place = with_rules();
    let inside = || {
        let mut names: Vec<_> = std::fs::read_dir(place.path("ledger"))
            .expect("the ledger")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    place.run("show checkpoint --ledger ledger").exits(0);
    let before = inside();
    let mut command = place.command();
    command.args(["document", "register", "--organization", "420902001", "--month", "2026-10", "--format", "xlsx"]);
    command.args(["--ledger", "ledger", "--output", "register.xlsx"]).env("TMPDIR", place.path("nowhere"));
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(place.path("register.xlsx").exists());
    assert_eq!(inside(), before);
}

#[test]
fn the_file_of_an_issued_notice_is_known_and_an_altered_one_is_not() {
    let place = with_rules();
    place.run("notice --month 2026-10 --format text --output draft.txt --ledger ledger").exits(0);
    issued(&place);
    let check = |file: &str| place.run(&format!("check-document {file} --ledger ledger"));
    check("notice.txt").exits(0).saying("in force").saying("〔2026〕10号").saying("孝感市");
    check("draft.txt").exits(3).saying("never issued this file");
    let text = std::fs::read_to_string(place.path("notice.txt")).expect("the notice");
    place.write("altered.txt", format!("{text}+1"));
    check("altered.txt").exits(3).saying("never issued this file").saying("可能是它的另一次导出，也可能被改过");
    check("nothing.txt").exits(1);
    // The same file once more is nothing new; another format is another file.
    let again = "notice --month 2026-10 --issue --number 〔2026〕10号 --ledger ledger --output";
    place.run(&format!("{again} again.txt --format text")).exits(0);
    check("again.txt").exits(0);
    place.run(&format!("{again} notice.csv --format csv")).exits(0).saying("its digest is recorded");
    check("notice.csv").exits(0).saying("csv");
    place.run("verify --ledger ledger").exits(0);
}

#[test]
fn what_the_ledger_gives_out_for_a_notice_today_is_known_in_every_format_without_being_recorded() {
    let place = with_rules();
    issued(&place);
    let formats = ["json", "html", "csv", "text", "pdf", "docx", "xlsx"];
    for format in formats {
        place
            .run(&format!("notice --month 2026-10 --format {format} --output given.{format} --ledger ledger"))
            .exits(0);
    }
    let entries = place.entries();
    let genuine = |format: &str, from: &str| {
        let ran = place.run(&format!("check-document given.{format} {from}")).exits(0).saying("〔2026〕10号");
        let recorded = if format == "text" { "was issued" } else { "what this ledger gives out" };
        ran.saying(recorded)
    };
    let altered = |format: &str, from: &str| {
        let mut bytes = std::fs::read(place.path(&format!("given.{format}"))).expect("the file");
        bytes.extend(b" ");
        place.write("altered", bytes);
        place.run(&format!("check-document altered {from}")).exits(3).saying("never issued this file");
    };
    for format in formats {
        genuine(format, "--ledger ledger");
        altered(format, "--ledger ledger");
    }
    assert_eq!(place.entries(), entries, "looking records nothing");
    let token = token(&place, &["operator", "recorder", "reviewer", "publisher", "auditor"]);
    let server = Server::of(&place);
    let from = format!("--url {}", server.url);
    for format in formats {
        genuine(format, &from);
        altered(format, &from);
    }
    let known = place.run(&format!("check-document given.pdf --json {from}")).exits(0).stdout;
    let known: serde_json::Value = serde_json::from_str(&known).expect("JSON");
    assert_eq!((&known["given_out_as"], &known["document"]), (&"pdf".into(), &serde_json::Value::Null));
    let id = known["bears_digest_of"]["id"].as_str().expect("the notice");
    place
        .run(&format!("notice --month 2026-10 --issue --number 〔2026〕11号 --supersedes {id} {from} --token {token}"))
        .exits(0);
    place.run(&format!("check-document given.csv {from}")).exits(3).saying("it is genuine").saying("superseded");
    // It also bears the digest of the notice that it takes the place of.
    for format in formats {
        place.run(&format!("notice --month 2026-10 --format {format} --output second.{format} {from}")).exits(0);
        place.run(&format!("check-document second.{format} {from}")).exits(0).saying("〔2026〕11号");
    }
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_server_is_asked_by_digest_and_tells_what_has_taken_a_files_place() {
    let place = with_rules();
    issued(&place);
    let token = token(&place, &["operator", "recorder", "reviewer", "publisher", "auditor"]);
    let server = Server::of(&place);
    let check = |file: &str| place.run(&format!("check-document {file} --url {}", server.url));
    let known = check("notice.txt --json").exits(0).stdout;
    let known: serde_json::Value = serde_json::from_str(&known).expect("JSON");
    assert_eq!(
        (&known["document"]["kind"], &known["document"]["superseded_by"]),
        (&"notice".into(), &serde_json::Value::Null)
    );
    let id = known["document"]["notice"].as_str().expect("the notice").to_owned();
    place
        .run(&format!(
            "notice --month 2026-10 --issue --number 〔2026〕11号 --supersedes {id} --format html --output second.html --url {} --token {token}",
            server.url
        ))
        .exits(0)
        .saying("its digest is recorded");
    check("second.html").exits(0).saying("〔2026〕11号");
    check("notice.txt").exits(3).saying("has been superseded").saying("〔2026〕11号");
    assert_eq!(server.stop(), Some(0));
}

fn id_of_the_newest(place: &Place) -> String {
    let listed = place.run("show notice --ledger ledger --json").exits(0).stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    listed["notices"][0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_number_asked_for_again_gives_and_records_the_file_of_its_own_notice() {
    let place = with_rules();
    issued(&place);
    let first = id_of_the_newest(&place);
    let issue = |number: &str, more: &str| {
        place.run(&format!("notice --month 2026-10 --issue --number {number} {more} --ledger ledger"))
    };
    issue("〔2026〕11号", &format!("--supersedes {first} --format text --output second.txt")).exits(0);
    issue("〔2026〕10号", "--format html --output again.html").exits(0).saying("nothing is new");
    // The number says which notice it is: what that takes the place of needn't be said again.
    issue("〔2026〕11号", "--format csv --output second.csv").exits(0).saying("nothing is new");
    place.run("check-document second.csv --ledger ledger").exits(0).saying("was issued").saying("〔2026〕11号");
    let other = format!("--supersedes {} --format csv --output other.csv", id_of_the_newest(&place));
    issue("〔2026〕11号", &other).exits(3).saying("notice_number_used");
    let again = std::fs::read_to_string(place.path("again.html")).expect("the file");
    assert!(again.contains("〔2026〕10号") && !again.contains("〔2026〕11号"), "{again}");
    place
        .run("check-document again.html --ledger ledger")
        .exits(3)
        .saying("has been superseded")
        .saying("〔2026〕10号");
    let token = token(&place, &["operator", "publisher", "auditor"]);
    let server = Server::of(&place);
    let url = format!("--url {} --token {token}", server.url);
    let there = "notice --month 2026-10 --issue --number 〔2026〕10号 --format json --output there.json";
    place.run(&format!("{there} {url}")).exits(0);
    place.run(&format!("check-document there.json {url}")).exits(3).saying("〔2026〕10号");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_file_that_bears_the_digests_of_several_notices_is_told_as_of_the_newest() {
    let place = with_rules();
    issued(&place);
    let mut text = String::new();
    for number in 11..15 {
        let superseded = id_of_the_newest(&place);
        let issue = format!("notice --month 2026-10 --issue --number 〔2026〕{number}号 --supersedes {superseded}");
        place.run(&format!("{issue} --ledger ledger")).exits(0);
        text = place.run("notice --month 2026-10 --ledger ledger").exits(0).stdout + &text;
    }
    place.write("all.txt", text);
    place.run("check-document all.txt --ledger ledger").exits(3).saying("文件中写有通报 〔2026〕14号 的摘要");
}

/// Sets another header, body, seal and contact.
fn renamed(place: &Place) {
    let config = std::fs::read_to_string(place.path("ledger/mingzhang.toml")).expect("the configuration");
    let documents = "[documents]\nheader = \"中共新街道工作委员会文件\"\nsealed = false\ncontact = \"新党建办\"\n";
    place.write("ledger/mingzhang.toml", format!("issuing_body = \"中共新街道工作委员会\"\n{config}\n{documents}"));
}

#[test]
fn an_issued_notice_keeps_the_header_and_the_body_that_it_was_issued_under() {
    let place = with_rules();
    issued(&place);
    let show = |name: &str, more: &str| {
        place.run(&format!("notice --month 2026-10 --format html --output {name} {more}")).exits(0);
        std::fs::read(place.path(name)).expect("the notice")
    };
    let (ledger, as_issued) = ("--ledger ledger", show("issued.html", "--ledger ledger"));
    place.run(&format!("notice --month 2026-10 --format docx --output issued.docx {ledger}")).exits(0);
    renamed(&place);
    assert!(show("again.html", ledger) == as_issued, "it is rewritten");
    place.run(&format!("check-document issued.docx {ledger}")).exits(0).saying("what this ledger gives out");
    // What isn't issued yet stands under what is set today.
    let draft = place.run(&format!("notice --month 2026-09 {ledger}")).exits(0).stdout;
    assert!(draft.contains("中共新街道工作委员会文件"), "{draft}");
    let server = Server::of(&place);
    assert!(show("there.html", &format!("--url {}", server.url)) == as_issued, "it is rewritten over HTTP");
    let known = place.run(&format!("check-document issued.docx --url {} --json", server.url)).exits(0).stdout;
    let known: serde_json::Value = serde_json::from_str(&known).expect("JSON");
    let id = known["bears_digest_of"]["id"].as_str().expect("the notice");
    let page = ureq::get(format!("{}/notices/{id}", server.url)).call().expect("the page");
    let page = page.into_body().read_to_string().expect("text");
    assert!(!page.contains("新街道"), "the page is rewritten");
    assert_eq!(server.stop(), Some(0));
    // Neither is it needed: without it, the notice stands under what is set today, and is as sound.
    place.run(&format!("verify {ledger}")).exits(0);
    std::fs::remove_dir_all(place.path("ledger/letterheads")).expect("removed");
    place.run(&format!("verify {ledger}")).exits(0);
    assert!(String::from_utf8(show("lost.html", ledger)).expect("text").contains("中共新街道工作委员会文件"));
}

#[test]
fn without_a_number_the_next_one_is_proposed_by_the_format_of_the_configuration() {
    let place = with_rules();
    issued(&place);
    let unnumbered = "notice --month 2026-10 --issue --ledger ledger";
    place.run(unnumbered).exits(2).saying("--number '〔");
    let config = std::fs::read_to_string(place.path("ledger/mingzhang.toml")).expect("the configuration");
    place.write("ledger/mingzhang.toml", format!("{config}\n[documents]\nnotice_number = \"第{{n}}期\"\n"));
    place.run(unnumbered).exits(2).saying("--number '第1期'");
    place.write("ledger/mingzhang.toml", format!("{config}\n[documents]\nnotice_number = \"第期\"\n"));
    place.run(unnumbered).exits(1).saying("line").saying("column").saying("write {n} once");
}

/// The first member of the roster was on patrol in October, and has something to certify.
fn with_a_patrol() -> Place {
    let place = with_rules();
    let activity = "record activity --activity XL-1 --kind 夜间巡逻 --class 志愿服务 --organization 420902001001 \
        --starts-at '2026-10-03 21:30' --ends-at '2026-10-04 00:30' --time '2026-10-01 09:00'";
    let check_in = "record check-in --member 1001 --activity XL-1 --time '2026-10-03 21:30' --evidence 现场扫码";
    let check_out = "record check-out --member 1001 --activity XL-1 --time '2026-10-03 23:00' --evidence 现场扫码";
    for command in [activity, check_in, check_out] {
        place.run(&format!("{command} --ledger ledger")).exits(0);
    }
    place
}

/// Asks for a certificate of the first member of the roster.
const CERTIFICATE: &str = "document certificate --member 1001 --from 2026-01 --until 2026-10 --format csv";

#[test]
fn a_certificate_is_issued_once_as_the_member_asked_and_known_afterwards() {
    let place = with_a_patrol();
    let run = |command: &str| place.run(&format!("{command} --ledger ledger"));
    let draft = run(CERTIFICATE).exits(0).saying("查询件").stdout;
    run(&format!("{CERTIFICATE} --issue")).exits(2);
    run(&format!("{CERTIFICATE} --issue --output c.csv")).exits(2).saying("at the member's own request only");
    let asked = "--issue --requested-at 2026-11-04T01:00:00Z --evidence";
    run(&format!("{CERTIFICATE} {asked} 导入 --output c.csv")).exits(3).saying("certificate_not_requested");
    let slip = "--issue --requested-at 2001-11-04T01:00:00Z --evidence 双方确认 --output c.csv";
    run(&format!("{CERTIFICATE} {slip}")).exits(3).saying("content_out_of_range");
    let of = "document certificate --member 1001 --format csv";
    let asked_now = format!("{asked} 双方确认 --output c.csv");
    for (months, said) in [
        ("--from 2026-10 --until 2026-09", "before it begins"),
        ("--from 2026-10 --until 2199-12", "hasn't begun"),
        ("--from 2026-08 --until 2026-08", "no voluntary service that counts"),
    ] {
        run(&format!("{of} {months} {asked_now}")).exits(3).saying(said);
    }
    assert!(!place.path("c.csv").exists(), "nobody holds a file that the ledger refused");
    run(&format!("{CERTIFICATE} {asked} 双方确认 --output c.csv"))
        .exits(0)
        .saying("志证〔")
        .saying("its digest is recorded");
    run(&format!("{CERTIFICATE} {asked} 双方确认 --output c.csv")).exits(1).saying("is there already");
    run("check-document c.csv").exits(0).saying("certificate").saying("志证〔");
    let certificate = std::fs::read_to_string(place.path("c.csv")).expect("the certificate");
    let name = certificate.lines().find_map(|line| line.strip_prefix("姓名,")).expect("a name").to_owned();
    assert!(!name.contains('*') && !draft.contains(&name), "{name} is in the certificate only: {draft}");
    let listed = run("document list --organization 420902001001-01 --kind certificate --json").exits(0).stdout;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let id = listed["documents"][0]["id"].as_str().expect("an id").to_owned();
    run(&format!("{CERTIFICATE} {asked} 见证 --supersedes {id} --output d.csv")).exits(0);
    run("check-document c.csv").exits(3).saying("has been superseded");
    run("check-document d.csv").exits(0);
    run("verify").exits(0);
}

#[test]
fn documents_are_looked_at_and_issued_through_a_server_as_on_the_directory() {
    let place = with_a_patrol();
    let token = token(&place, &["operator", "recorder", "reviewer", "publisher", "auditor"]);
    let register = "document register --organization 420902001 --month 2026-10 --format csv";
    let statement = "document statement --member 1001 --month 2026-10";
    let on_directory: Vec<String> =
        [register, statement].map(|command| place.run(&format!("{command} --ledger ledger")).exits(0).stdout).into();
    let server = Server::of(&place);
    let run = |command: &str| place.run(&format!("{command} --url {} --token {token}", server.url));
    let through_server: Vec<String> = [register, statement].map(|command| run(command).exits(0).stdout).into();
    assert_eq!(through_server, on_directory);
    run(&format!("{statement} --issue --output s.txt")).exits(0).saying("its digest is recorded");
    run("check-document s.txt").exits(0).saying("statement");
    let asked = "--issue --requested-at 2026-11-04T01:00:00Z --evidence 见证 --number 志证特1号 --output c.csv";
    run(&format!("{CERTIFICATE} {asked}")).exits(0).saying("志证特1号");
    run("check-document c.csv").exits(0).saying("志证特1号");
    run("document attendance --activity 没有这次活动").exits(3);
    run("document attendance --activity XL-1").exits(0).saying("XL-1").saying("1人");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn no_command_writes_over_a_file_unless_it_is_told_to() {
    let place = with_rules();
    issued(&place);
    for (command, file) in [
        ("notice --month 2026-10 --format csv --output out.csv --ledger ledger", "out.csv"),
        ("document register --organization 420902001 --month 2026-10 --output out.txt --ledger ledger", "out.txt"),
        ("export audit --month 2026-10 --output out.zst --ledger ledger", "out.zst"),
        ("audit kept.zst --report out-report.txt", "out-report.txt"),
        ("audit kept.zst --charts out-charts.html", "out-charts.html"),
    ] {
        std::fs::write(place.path(file), "somebody's own").expect("written");
        place.run(command).exits(1).saying("is there already").saying("--force");
        assert_eq!(std::fs::read_to_string(place.path(file)).expect("kept"), "somebody's own", "{command}");
        place.run(&format!("{command} --force")).exits(0);
        let written = std::fs::read(place.path(file)).expect("written");
        // So few members give no charts, and then nothing is written.
        assert_eq!(written == b"somebody's own", file == "out-charts.html", "{command}");
        if file == "out.zst" {
            std::fs::copy(place.path(file), place.path("kept.zst")).expect("a copy");
        }
    }
    // Issued again into the same file, nothing is recorded before the place is found taken.
    let again =
        "notice --month 2026-10 --issue --number 〔2026〕10号 --format text --output notice.txt --ledger ledger";
    place.run(again).exits(1).saying("is there already");
    place.run(&format!("{again} --force")).exits(0);
}
