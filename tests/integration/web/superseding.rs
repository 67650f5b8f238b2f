//! The same button over a superseding notice and the one that it takes the place of.

use super::browser::Browser;
use super::fixture::Street;
use super::verification::{Forgery, assert_passes, assert_stops, changed, each_is_shown_of};
use serde_json::{Value, json};

/// In which answers: those about the notice itself are met first, so that a place names the superseded one by its own figures.
const OF_A_PAIR: &[Forgery] = &[
    ("a changed reason", ".json", "digest", |text| {
        changed_if(text, "changes", |of| {
            of["notice"]["changes"]["members"][0]["causes"][0]["reason"] = json!("recorded_twice")
        })
    }),
    ("another superseded notice", ".json", "digest", |text| {
        changed_if(text, "changes", |of| of["notice"]["supersedes"]["number"] = json!("〔2026〕9号"))
    }),
    ("a change left out of the page", "", "page", |text| {
        let (before, after) = text.split_once("<section class=\"change\">").expect("a change");
        format!("{before}{}", after.split_once("</section>").expect("its end").1)
    }),
    ("a page that shows other points of before", "", "page", |text| {
        text.replacen("<td class=\"figure before\">", "<td class=\"figure before\">9", 1)
    }),
    ("a superseded notice whose figures were changed", ".json", "superseded", |text| {
        changed_unless(text, "changes", |of| of["notice"]["members"][3]["points"] = json!("99.00"))
    }),
    ("an entry of the superseded notice with another digest", "/proof", "superseded", |text| {
        changed_unless(text, "mingzhang.notice.v2", |of| {
            let mut entry: Value = serde_json::from_str(of["entry"].as_str().expect("text")).expect("JSON");
            entry["data"]["digest"] = json!("0".repeat(64));
            of["entry"] = json!(entry.to_string());
        })
    }),
];

/// The answer about the notice that has this in it, changed.
fn changed_if(text: &str, with: &str, change: impl FnOnce(&mut Value)) -> String {
    if text.contains(with) { changed(text, change) } else { text.to_owned() }
}

fn changed_unless(text: &str, with: &str, change: impl FnOnce(&mut Value)) -> String {
    if text.contains(with) { text.to_owned() } else { changed(text, change) }
}

#[test]
fn every_forgery_of_a_superseding_pair_is_shown_and_both_verify() {
    let street = Street::served();
    let later = street.supersede();
    let mut browser = Browser::start();
    browser.open(&street.notice_page());
    assert_passes(&mut browser, "the superseded notice, as published");
    each_is_shown_of(&street, Some(later), OF_A_PAIR, "");
}

/// Only whoever issues notices can: the changes are what they say, and the digest is of that.
#[test]
fn a_notice_that_was_issued_with_changes_that_are_not_those_is_shown() {
    let street = Street::served();
    let later = street.supersede();
    let answer = ureq::get(format!("{}/v1/notices/{later}.json", street.address)).call();
    let answer = answer.expect("an answer").body_mut().read_to_string().expect("text");
    let honest = serde_json::from_str::<Value>(&answer).expect("JSON")["notice"].take();
    type Lie = fn(&mut Value);
    let lies: &[(&str, Lie)] = &[
        ("the points of before", |of| of["changes"]["members"][0]["before"]["points"] = json!("99.00")),
        ("a member left out", |of| drop(of["changes"]["members"].as_array_mut().expect("members").pop())),
        ("a figure left out", |of| drop(of["changes"]["figures"].as_array_mut().expect("figures").pop())),
        ("ranks that moved otherwise", |of| of["changes"]["rank_shifts"] = json!([])),
        ("an organisation left out", |of| of["changes"]["organizations"] = json!([])),
    ];
    for (what, lie) in lies {
        let street = Street::served();
        let mut notice = honest.clone();
        lie(&mut notice);
        assert_ne!(notice, honest, "{what}: nothing was changed");
        let digest = <sha2::Sha256 as sha2::Digest>::digest(notice.to_string());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let later = street.supersede_with(|issued| issued.digest = digest);
        street.forge(move |path, text| {
            let is_it = path.starts_with("/v1") && path.ends_with(".json");
            if is_it && text.contains("rank_shifts") {
                changed(&text, |of| of["notice"] = notice.clone())
            } else {
                text
            }
        });
        let mut browser = Browser::start();
        // The page shows what is right, so that it is left out.
        browser.before_every_page("addEventListener('DOMContentLoaded', () => { Printed.difference = () => null; })");
        browser.open(&format!("{}/notices/{later}", street.address));
        assert_stops(&mut browser, "failed", "superseded", what);
    }
}
