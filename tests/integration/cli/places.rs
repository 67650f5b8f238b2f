//! A ledger's directory and a running server answer the same question with the same words.

use super::fixture::{Place, Ran};
use super::server::{Server, token};

/// Every `show` and `notice`, also of what isn't there.
const QUESTIONS: &[&str] = &[
    "show member D000001",
    "show member D000001 --json",
    "show member D000001 --month 2026-10",
    "show member D000001 --month 2026-10 --json",
    "show member nobody",
    "show member m0000000000001",
    "show organization 420902001001",
    "show organization 420902001001 --json",
    "show organization 420902001001 --month 2026-10",
    "show organization 420902001001 --month 2026-10 --json",
    "show organization 1",
    "show event 0",
    "show event 0 --json",
    "show event 17",
    "show event 99999999",
    "show event e00000000000000000000000001",
    "show event nonsense",
    "show notice",
    "show notice --json",
    "show notice 2026-10",
    "show notice 2026-10 --json",
    "show notice 2020-01",
    "show checkpoint",
    "show checkpoint --json",
    "show witnesses",
    "show witnesses --json",
    "notice --month 2026-10 --organization 420902001001 --format html",
    "notice --month 2026-10 --organization 420902001001 --format csv",
    "notice --month 2026-10 --organization 420902001001 --format json",
    "notice --month 2026-10 --organization 420902001001",
    "notice --month 2026-10 --organization 1",
];

#[test]
fn a_directory_and_a_server_give_the_same_answer_to_every_question() {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger").exits(0);
    let secret = token(&place, &["auditor", "recorder", "publisher"]);
    let told = |Ran { code, stdout, stderr }: Ran| (code, stdout, stderr);
    let of_the_directory: Vec<_> =
        QUESTIONS.iter().map(|question| told(place.run(&format!("{question} --ledger ledger")))).collect();
    let id =
        serde_json::from_str::<serde_json::Value>(&place.run("show event 17 --json --ledger ledger").exits(0).stdout);
    let id = id.expect("an event")["entry"]["id"].as_str().expect("an id").to_owned();
    let by_id = place.run(&format!("show event {id} --ledger ledger")).exits(0).stdout;
    let server = Server::of(&place);
    let over_it = |question: &str| place.run(&format!("{question} --url {} --token {secret}", server.url));
    for (question, expected) in QUESTIONS.iter().zip(of_the_directory) {
        let answered = told(over_it(question));
        assert!(expected.0 == 0 || expected.0 == 3 || *question == "show event nonsense", "{question}: {expected:?}");
        assert_eq!(answered, expected, "{question}");
    }
    assert_eq!(over_it(&format!("show event {id}")).exits(0).stdout, by_id);
    assert_eq!(over_it("show event 17").exits(0).stdout, by_id);
}

#[test]
fn a_month_is_closed_and_a_notice_issued_once_wherever_it_is_asked_for() {
    let place = Place::with_roster();
    place.write("rules.toml", super::server::rules(&place));
    place.run("rules adopt rules.toml --ledger ledger").exits(0);
    let (close, issue) = ("close --month 2026-10", "notice --month 2026-10 --issue --number 〔2026〕10号");
    place.run(&format!("{close} --ledger ledger")).exits(0).saying("recorded");
    place.run(&format!("{issue} --ledger ledger")).exits(0).saying("recorded");
    let entries = place.entries();
    place.run(&format!("{close} --ledger ledger")).exits(0).saying("nothing is new");
    place.run(&format!("{close} --organization 420902001001 --ledger ledger")).exits(0).saying("nothing is new");
    place.run(&format!("{issue} --ledger ledger")).exits(0).saying("nothing is new");
    let secret = token(&place, &["publisher"]);
    let server = Server::of(&place);
    for again in [close, issue] {
        place.run(&format!("{again} --url {} --token {secret}", server.url)).exits(0).saying("nothing is new");
    }
    // The number is used: another month can't have it.
    place
        .run(&format!("notice --month 2026-09 --issue --number 〔2026〕10号 --url {} --token {secret}", server.url))
        .exits(3);
    drop(server);
    assert_eq!(place.entries(), entries);
}
