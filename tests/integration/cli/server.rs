//! The same commands over a running server, with a token instead of the directory.

use super::fixture::{Place, Ran, table};
use mingzhang::clock::{Clock, MachineClock};
use mingzhang::identity::{Identity, Person};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// A server on the ledger of a place; told to stop when the test ends.
pub(super) struct Server {
    child: Child,
    pub(super) url: String,
}

impl Server {
    pub(super) fn of(place: &Place) -> Server {
        Server::by(place.command())
    }

    /// Started by a command of the same place.
    pub(super) fn by(mut command: Command) -> Server {
        command.args(["serve", "--ledger", "ledger", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("the address");
        let url = line.split_whitespace().next().expect("the address").trim_end_matches('/').to_owned();
        Server { child, url }
    }

    /// Ends it as an operator does, and gives its exit code.
    pub(super) fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(super) fn token(place: &Place, grants: &[&str]) -> String {
    let grants: Vec<String> = grants.iter().map(|grant| format!("--grant {grant}")).collect();
    let made = place.run(&format!("token create --actor w-0012 {} --ledger ledger", grants.join(" "))).exits(0);
    made.stdout.lines().next().expect("the secret").to_owned()
}

fn run(place: &Place, server: &Server, token: &str, command: &str) -> Ran {
    place.run(&format!("{command} --url {} --token {token}", server.url))
}

#[test]
fn tables_facts_months_and_notices_go_through_a_server_as_through_the_directory() {
    let place = Place::with_ledger();
    place.write("rules.toml", rules(&place));
    let server = Server::of(&place);
    let token = token(&place, &["operator", "recorder", "publisher", "auditor"]);
    let run = |command: &str| run(&place, &server, &token, command);
    let organizations = format!("import organizations {}", table("organizations.csv"));
    run(&organizations).exits(0).saying("7 recorded, 0 were there already");
    run(&organizations).exits(0).saying("0 recorded, 7 were there already");
    let roster = format!("import roster {}", table("roster.csv"));
    run(&format!("{roster} --dry-run")).exits(0).saying("7 would be recorded");
    run(&roster).exits(0).saying("7 recorded, 0 were there already");
    run(&roster).exits(0).saying("0 recorded, 7 were there already");
    run("show member 1001").exits(0).saying("420902001001-01");
    let receipt = run("record member-transferred --member 1001 --organization 420902001001-02 --json").exits(0).stdout;
    let receipt: serde_json::Value = serde_json::from_str(&receipt).expect("a receipt");
    // Seven organisations, seven facts about four members, four commitments to who they are.
    assert_eq!(receipt["log_index"], 18);
    run("show event 18").exits(0).saying("mingzhang.member.transferred.v1");
    run("record member-transferred --member 1001 --organization 420902001001-02 --time '2030-01-01 00:00'")
        .exits(3)
        .saying("occurred_in_the_future");
    run("rules adopt rules.toml").exits(0);
    run("close --month 2026-10").exits(0).saying("recorded");
    run("close --month 2026-10").exits(0).saying("nothing is new");
    run("notice --month 2026-10 --format text").exits(0).saying("a draft: not issued yet").saying("孝感市");
    run("notice --month 2026-10 --organization 999").exits(3).saying("check the organisation's code");
    run("notice --month 2026-10 --issue --number 〔2026〕10号").exits(0).saying("recorded");
    run("notice --month 2026-10 --format text").exits(0).saying("〔2026〕10号");
    run("notice --month 2026-10 --format docx --output over-http.docx").exits(0);
    assert!(std::fs::read(place.path("over-http.docx")).unwrap().starts_with(b"PK\x03\x04"));
    run("show organization 420902001 --month 2026-10").exits(0).saying("书院街道");
    place.run("verify --ledger ledger").exits(0);
    place.run("show notice --ledger ledger").exits(6).saying("--url");
    assert_eq!(server.stop(), Some(0));
    place.run("verify --ledger ledger").exits(0).saying("22 entries");
}

#[test]
fn terminated_under_load_it_ends_in_order_and_loses_nothing_acknowledged() {
    let place = Place::with_roster();
    let server = Server::of(&place);
    let token = token(&place, &["recorder"]);
    let (told, acknowledged_some) = std::sync::mpsc::channel();
    let client = |client: u64| {
        let (url, token, told) = (server.url.clone(), token.clone(), told.clone());
        std::thread::spawn(move || {
            let mut acknowledged = Vec::new();
            for number in (client + 1) * 100_000.. {
                let data = serde_json::json!({ "member": mingzhang_events::MemberId(number), "class": "resident", "organization": "420902001001" });
                let command = serde_json::json!({ "type": "mingzhang.member.rostered.v1", "time": "2026-10-01T00:00:00Z", "evidence": "office", "data": data });
                let answered = ureq::post(format!("{url}/v1/commands"))
                    .header("authorization", format!("Bearer {token}"))
                    .header("idempotency-key", format!("k-{number}"))
                    .header("content-type", "application/json")
                    .send(command.to_string());
                // Once it stops, connections are refused or closed: what wasn't answered isn't counted.
                let Ok(mut answered) = answered else { break };
                let Ok(receipt) = answered.body_mut().read_to_string() else { break };
                let receipt: serde_json::Value = serde_json::from_str(&receipt).expect("a receipt");
                acknowledged.push((receipt["log_index"].as_u64().expect("an index"), receipt["id"].clone()));
                told.send(()).ok();
            }
            acknowledged
        })
    };
    let clients: Vec<_> = (0..8).map(client).collect();
    for _ in 0..200 {
        acknowledged_some.recv().expect("they record");
    }
    assert_eq!(server.stop(), Some(0));
    let acknowledged: Vec<_> = clients.into_iter().flat_map(|client| client.join().expect("a client ends")).collect();
    assert!(acknowledged.len() >= 200);
    place.run("verify --ledger ledger").exits(0);
    let service = mingzhang::service::Service::open(&place.path("ledger"), Arc::new(MachineClock), &mut |_, _| {});
    let service = service.expect("the ledger opens");
    for (log_index, id) in acknowledged {
        let entry = service.ledger.entries(log_index, 1).expect("the log is read").remove(0);
        let entry: serde_json::Value = serde_json::from_slice(&entry.bytes).expect("JSON");
        assert_eq!(entry["id"], id, "entry {log_index}");
    }
}

pub(super) fn rules(place: &Place) -> String {
    let example = place.run("rules example").exits(0).stdout;
    let earlier = |line: &str| {
        if line.starts_with("effective_from") { "effective_from = \"2024-01\"".to_owned() } else { line.to_owned() }
    };
    example.lines().map(earlier).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_token_that_is_missing_wrong_or_revoked_ends_with_7_and_one_that_does_not_reach_with_3() {
    let place = Place::with_roster();
    let server = Server::of(&place);
    let rename = "record organization-renamed --organization 420902001 --name 新街道";
    place.run(&format!("{rename} --url {}", server.url)).exits(7).saying("token create");
    run(&place, &server, "mz_wrong", rename).exits(7);
    let recorder = token(&place, &["recorder@420902001"]);
    run(&place, &server, &recorder, rename).exits(3).saying("role_does_not_reach");
}

/// A server of something else: answers every request with this status and a page.
fn something_else(http_status: &'static str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut lines = BufReader::new(stream.try_clone().expect("the same connection")).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let answer = format!("HTTP/1.1 {http_status}\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>");
            std::io::Write::write_all(&mut stream, answer.as_bytes()).ok();
        }
    });
    url
}

#[test]
fn a_number_or_code_that_cannot_be_looked_up_keeps_the_exit_code_of_its_failure() {
    let place = Place::with_roster();
    let server = Server::of(&place);
    let auditor = token(&place, &["auditor"]);
    // The member is looked up by number first, the activity's code by the name of the log.
    let by_number = "record check-in --member 1001 --activity XL-1";
    let by_code = "record check-in --member m0000000000001 --activity XL-1";
    place.run(&format!("{by_number} --url {}", server.url)).exits(7).saying("token create");
    run(&place, &server, "mz_wrong", by_number).exits(7);
    run(&place, &server, &auditor, by_number).exits(3).saying("role_does_not_reach");
    for command in [by_number, by_code] {
        place.run(&format!("{command} --url http://127.0.0.1:9")).exits(1).saying("check the address");
        for http_status in ["502 Bad Gateway", "503 Service Unavailable", "500 Internal Server Error"] {
            let ran = place.run(&format!("{command} --url {}", something_else(http_status))).exits(1);
            ran.saying(&format!("HTTP status {}", &http_status[..3])).saying("check that the address");
        }
    }
    run(&place, &server, &token(&place, &["recorder"]), "record check-in --member 9999 --activity XL-1")
        .exits(3)
        .saying("nobody has this number");
}

#[test]
fn bad_rows_over_a_server_are_named_by_the_lines_of_the_file() {
    let place = Place::with_roster();
    let server = Server::of(&place);
    let token = token(&place, &["operator", "recorder"]);
    place.write("again.csv", "编号,姓名,支部代码,类别,入册日期\n\n1001,张示例,420902001001-02,社区党员,2024-01-01\n2001,新示例,420902001001-01,社区党员,2024-01-01\n");
    let ran = run(&place, &server, &token, "import roster again.csv").exits(4).saying("already_on_roster");
    let row = ran.stdout.lines().find(|line| line.contains("already_on_roster")).expect("the row");
    assert!(row.trim_start().starts_with("3 "), "{row}");
    // Nobody of a refused table is left behind, although names are told to the server before its facts.
    run(&place, &server, &token, "show member 2001").exits(3);
    run(&place, &server, &token, "import roster again.csv --accept-valid").exits(4).saying("1 recorded");
    run(&place, &server, &token, "show member 2001").exits(0).saying("420902001001-01");
}

#[test]
fn members_by_name_and_households_by_code_are_found_over_a_server_as_on_the_directory() {
    let place = Place::with_roster();
    let server = Server::of(&place);
    let token = token(&place, &["recorder@420902001"]);
    let run = |command: &str| run(&place, &server, &token, command);
    let head = "类型,编号,姓名,支部代码,户,组织,时间,分钟,佐证\n";
    let rows = "结对,1001,,,H-07,420902001001,2026-09-01 08:00,,\n\
        结对,,李示例,420902001001-01,H-07,420902001001,2026-09-01 08:00,,\n\
        走访,1001,,,H-07,,2026-10-05 15:00,45,双方确认\n";
    place.write("pairing.csv", format!("{head}{rows}"));
    run("import records pairing.csv --dry-run").exits(0).saying("3 would be recorded");
    run("import records pairing.csv").exits(0).saying("3 recorded, 0 were there already");
    // Households are made once: the same table names the same ones again.
    run("import records pairing.csv").exits(0).saying("0 recorded, 3 were there already");
    run("record home-visit --member 1001 --household H-07 --minutes 30 --time '2026-10-06 15:00'").exits(0);
    run("record hardship-pairing --member 1001 --household H-08 --organization 420902001001 --time '2026-09-01 08:00'")
        .exits(0);
    run("record home-visit --member 1001 --household H-08 --minutes 30 --time '2026-10-07 15:00'").exits(0);
    // The directory knows the codes that the server was told.
    assert_eq!(server.stop(), Some(0));
    place
        .run("record home-visit --member 1001 --household H-08 --minutes 20 --time '2026-10-08 15:00' --ledger ledger")
        .exits(0);
    place.run("import records pairing.csv --ledger ledger").exits(0).saying("3 were there already");
}

#[test]
fn an_address_that_is_taken_is_said_to_be() {
    let place = Place::with_ledger();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address");
    place.run(&format!("serve --ledger ledger --listen {address}")).exits(1).saying("choose another port");
    place.run("serve --ledger nowhere --listen 127.0.0.1:0").exits(1).saying("mingzhang init nowhere");
}

#[test]
fn a_person_is_erased_over_a_server_and_on_a_directory() {
    let place = Place::with_ledger();
    for file in ["organizations", "roster"] {
        place.run(&format!("import {file} {} --ledger ledger", table(&format!("{file}.csv")))).exits(0);
    }
    let consents = "record name-consent-given --member 1001 --ledger ledger --evidence";
    place.run(&format!("{consents} 导入")).exits(3).saying("name_consent_not_confirmed");
    place.run(&format!("{consents} 双方确认")).exits(0);
    let server = Server::of(&place);
    let recorder = token(&place, &["recorder"]);
    run(&place, &server, &recorder, "person erase 1001").exits(3).saying("role_does_not_reach");
    let operator = token(&place, &["operator"]);
    run(&place, &server, &operator, "person erase 1001").exits(0).saying("recorded");
    run(&place, &server, &operator, "person erase 1001").exits(3).saying("nobody has the number");
    assert_eq!(server.stop(), Some(0));
    place.run("person erase 1002 --ledger ledger").exits(0).saying("erased");
    place.run("record name-consent-given --member 1002 --ledger ledger").exits(3);
    place.run("verify --ledger ledger").exits(0);
}

/// Somebody in the database of people whom the log knows nothing of: a roster whose import broke off.
fn left_over(place: &Place, member: &str, number: &str) {
    let people = Identity::open(&place.path("ledger/identity.sqlite"), Arc::new(MachineClock)).expect("people");
    let person = Person { name: "左小一".to_owned(), number: Some(number.to_owned()) };
    people.record_people(&[(member.parse().expect("an id"), person)]).expect("recorded");
}

#[test]
fn whom_the_log_never_knew_or_erased_by_another_command_is_erased_all_the_same() {
    let place = Place::with_ledger();
    for file in ["organizations", "roster"] {
        place.run(&format!("import {file} {} --ledger ledger", table(&format!("{file}.csv")))).exits(0);
    }
    left_over(&place, "m0000000000077", "9077");
    place.run("person erase 9077 --ledger ledger").exits(0).saying("nothing to record");
    place.run("person erase 9077 --ledger ledger").exits(3);
    let shown = place.run("show member 1001 --json --ledger ledger").exits(0).stdout;
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let member = shown["member"].as_str().expect("an id");
    place
        .run(&format!("record person-erased --key other --data '{{\"member\":\"{member}\"}}' --ledger ledger"))
        .exits(0);
    let server = Server::of(&place);
    let (everywhere, somewhere) = (token(&place, &["operator"]), token(&place, &["operator@420902001002"]));
    left_over(&place, "m0000000000078", "9078");
    run(&place, &server, &somewhere, "person erase m0000000000078").exits(3).saying("unknown_member");
    run(&place, &server, &everywhere, "person erase m0000000000078").exits(0).saying("nothing to record");
    run(&place, &server, &everywhere, "person erase m0000000000078").exits(3).saying("unknown_member");
    left_over(&place, member, "1001");
    run(&place, &server, &everywhere, "person erase 1001").exits(0).saying("nothing to record");
    run(&place, &server, &everywhere, &format!("person erase {member}")).exits(3).saying("person_erased");
    assert_eq!(server.stop(), Some(0));
    place.run("verify --ledger ledger").exits(0);
}

#[test]
fn how_a_month_was_entered_and_what_it_took_are_told_alike_from_a_directory_and_a_server() {
    let place = Place::with_ledger();
    for file in ["organizations", "roster"] {
        place.run(&format!("import {file} {} --ledger ledger", table(&format!("{file}.csv")))).exits(0);
    }
    place.run("record recording-suspended --recorder w-0012 --reason 核查期间 --ledger ledger").exits(0);
    let month = MachineClock.now().month();
    let asked = [
        (format!("show conduct 420902001 --month {month} --json"), "under_investigation"),
        (format!("burden --month {month} --json"), "mingzhang.member.rostered.v1"),
    ];
    let from_directory: Vec<serde_json::Value> = asked
        .iter()
        .map(|(command, says)| {
            let ran = place.run(&format!("{command} --ledger ledger")).exits(0).saying(says);
            serde_json::from_str(&ran.stdout).expect("json")
        })
        .collect();
    place.run(&format!("burden --month {month} --ledger ledger")).exits(0).saying("手工");
    let server = Server::of(&place);
    let (auditor, recorder) = (token(&place, &["auditor"]), token(&place, &["recorder"]));
    for ((command, _), before) in asked.iter().zip(&from_directory) {
        let ran = run(&place, &server, &auditor, command).exits(0);
        let mut answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("json");
        // Only a service that runs knows what was handed in again.
        answer.as_object_mut().expect("an object").remove("not_recorded_since_start");
        assert_eq!(&answer, before, "{command}");
    }
    run(&place, &server, &recorder, &asked[0].0).exits(3).saying("role_does_not_reach");
    // The actor whom `token` makes is the one who was suspended.
    run(&place, &server, &recorder, "record member-transferred --member 1001 --organization 420902001001-02")
        .exits(3)
        .saying("recording_suspended");
}

#[test]
fn a_members_own_token_is_made_by_number_and_for_nobody_by_a_number_that_nobody_has() {
    let place = Place::with_roster();
    place.run("token create --actor m-1 --member 9999 --ledger ledger").exits(3).saying("nobody has this number");
    let secret = place.run("token create --actor m-1 --member 1001 --ledger ledger").exits(0).stdout;
    let secret = secret.lines().next().expect("a secret").to_owned();
    let server = Server::of(&place);
    run(&place, &server, &secret, "show member 1001").exits(0).saying("420902001001");
    run(&place, &server, &secret, "show member 1002").exits(3);
}

#[test]
fn the_burden_of_a_month_is_told_as_it_was_too() {
    let place = Place::with_roster();
    let count = |as_of: &str| -> serde_json::Value {
        let ran = place.run(&format!("burden --month 2024-01 --json {as_of} --ledger ledger")).exits(0);
        serde_json::from_str(&ran.stdout).expect("JSON")
    };
    assert_eq!(count("--as-of 1")["tree_size"], 1);
    assert_eq!(count("")["tree_size"], place.entries());
    place.run("burden --month 2024-01 --as-of 99999 --ledger ledger").exits(3);
}
