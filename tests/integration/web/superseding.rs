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
    ("a changed figure under another name", "", "page", |text| {
        in_changes(text, ">积分合计</th>", ">志愿服务时长</th>")
    }),
    ("a changed rate under another name", "", "page", |text| in_changes(text, ">走访参与率</th>", ">结对报名率</th>")),
    ("changes of another community", "", "page", |text| in_changes(text, "<h3>书院社区", "<h3>槐荫社区")),
    ("changes of another member", "", "page", |text| {
        in_changes(text, "<span class=\"tail\">", "<span class=\"tail\">9")
    }),
    ("changes of another member's name", "", "page", |text| {
        in_changes(text, "<span class=\"person\">", "<span class=\"person\">欧阳")
    }),
    ("changes of a member of another branch", "", "page", |text| {
        in_changes(text, "<span class=\"branch\">书院社区", "<span class=\"branch\">槐荫社区")
    }),
    ("a superseded notice under another number", "", "page", |text| in_changes(text, "10号", "9号")),
    ("a superseded notice under another number, in English", "", "page", |text| {
        in_changes(text, "In the place of 〔2026〕10号", "In the place of 〔2026〕9号")
    }),
    ("a superseded notice of fewer entries", "", "page", |text| in_changes(text, "账本最前面的", "账本最前面的9")),
    ("another reason on the page", "", "page", |text| in_changes(text, "检查发现不实", "重复登记")),
    ("another act on the page", "", "page", |text| in_changes(text, "冲正（", "撤销（")),
    ("another entry as the reason", "", "page", |text| {
        in_changes(text, "class=\"log-index\">", "class=\"log-index\">1")
    }),
    ("before and after changed about", "", "page", |text| in_changes(text, ">更正前</th>", ">更正后</th>")),
    ("a figure more among the changes", "", "page", |text| {
        in_changes(text, "<section class=\"change\">", "<p>合计应增99.99分</p><section class=\"change\">")
    }),
    ("a sentence more below a member's changes", "", "page", |text| {
        in_changes(text, "<ul class=\"causes\"", "<p>本人已认可</p><ul class=\"causes\"")
    }),
    ("more members that moved", "", "page", |text| in_changes(text, "另有", "另有1")),
    ("members that moved the other way", "", "page", |text| {
        let shown = if text.contains("前移") { ("前移", "后移") } else { ("后移", "前移") };
        in_changes(text, shown.0, shown.1)
    }),
    ("a remark that leads to another notice", "", "page", |text| {
        text.replacen("取代<a href=\"/notices/e", "取代<a href=\"/notices/e0", 1)
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

/// The page with something else in 更正说明; it has to be there, or nothing would be forged.
fn in_changes(text: &str, old: &str, new: &str) -> String {
    let (before, changes) = text.split_once("<section class=\"changes\"").expect("changes");
    assert!(
        changes.contains(old),
        "{old} isn't among the changes: {}",
        changes.split("</section>").next().expect("one")
    );
    format!("{before}<section class=\"changes\"{}", changes.replacen(old, new, 1))
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
