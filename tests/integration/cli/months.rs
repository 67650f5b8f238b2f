//! Rules, the close of a month and its circular.

use super::fixture::Place;

/// A ledger whose rules are in force from long ago.
fn with_rules() -> Place {
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
fn a_notice_comes_in_four_formats() {
    let place = with_rules();
    for (format, word) in
        [("html", "<!DOCTYPE html>"), ("csv", "名次"), ("json", "\"digest\""), ("text", "积分每月通报")]
    {
        place.run(&format!("notice --month 2026-10 --format {format} --output file --ledger ledger")).exits(0);
        let written = std::fs::read_to_string(place.path("file")).unwrap();
        assert!(written.to_lowercase().contains(&word.to_lowercase()), "{format}: {written}");
    }
}

#[test]
fn an_organisation_s_month_fits_a_terminal_of_eighty_columns() {
    let place = with_rules();
    let shown = place.run("show organization 420902001 --month 2026-10 --ledger ledger").exits(0).stdout;
    assert!(shown.contains("各下级组织"), "{shown}");
    let root_hash_or_so = |line: &str| line.split_whitespace().any(|word| word.len() > 60);
    for line in shown.lines().filter(|line| !root_hash_or_so(line)) {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
    }
}
