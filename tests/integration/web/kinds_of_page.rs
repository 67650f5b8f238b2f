//! Honest pages of every kind verify in the browser: each document of the demonstration, of each level of organisation, and lines of each kind.

use super::browser::Browser;
use super::fixture::{Street, record};
use super::verification::assert_passes;
use mingzhang_events::{Event, EventId, OrganizationId, decode};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The lines of a notice that differ in kind: the first, the last, one in the middle, and of those without points one with records and one
/// without.
fn lines_of_each_kind(street: &Street, notice: EventId) -> BTreeMap<usize, &'static str> {
    let asked = |path: String| -> Value {
        let answer = ureq::get(format!("{}/v1/notices/{notice}{path}", street.address)).call();
        let text = answer.expect("an answer").body_mut().read_to_string().expect("text");
        serde_json::from_str(&text).expect("JSON")
    };
    let document = asked(".json".to_owned());
    let members = document["notice"]["members"].as_array().expect("members");
    let mut lines =
        BTreeMap::from([(1, "the first"), (members.len() / 2 + 1, "in the middle"), (members.len(), "the last")]);
    let idle = (1..).zip(members).filter(|(_, line)| line["points"] == "0.00").map(|(number, _)| number);
    let (without, with): (Vec<usize>, Vec<usize>) =
        idle.partition(|number| asked(format!("/lines/{number}"))["items"] == json!([]));
    lines.extend(with.first().map(|number| (*number, "without points")));
    lines.extend(without.first().map(|number| (*number, "without records")));
    lines
}

#[test]
fn every_kind_of_page_of_the_demonstration_verifies() {
    let street = Street::demonstration();
    let mut tried: Vec<&str> = Vec::new();
    let entries = street.service.ledger.entries(0, street.service.ledger.head().tree_size).expect("entries");
    let mut below: BTreeMap<String, OrganizationId> = BTreeMap::new();
    let mut documents = Vec::new();
    for entry in &entries {
        let recorded = decode(&entry.bytes).expect("an event");
        if let Event::OrganizationEstablished(of) = &recorded.event {
            if of.organization.as_str().starts_with("420902001001-") {
                below.entry(format!("{:?}", of.level)).or_insert(of.organization);
            }
        } else if let Event::NoticeIssued(of) = &recorded.event {
            documents.push((recorded.id, if of.supersedes.is_some() { "superseding" } else { "issued" }));
        } else if let Event::DisclosureOpened(_) = &recorded.event {
            documents.push((recorded.id, "disclosed"));
        }
    }
    // And of one organisation of each level below, of which the demonstration issues none.
    for (place, organization) in below.values().enumerate() {
        let number = format!("〔2026〕{}号", 30 + place);
        let month = "2026-10".parse().expect("a month");
        let issued =
            street.service.notice_to_issue(*organization, month, &number, None).expect("composed").expect("a notice");
        documents.push((record(&street.service, vec![("2026-12-01T01:00:00Z", issued.into())]), "of another level"));
    }
    let mut browser = Browser::start();
    for (document, kind) in documents {
        let address = format!("{}/notices/{document}", street.address);
        browser.open(&address);
        assert_passes(&mut browser, &format!("{kind}: {address}"));
        tried.push(kind);
        for (number, kind) in lines_of_each_kind(&street, document) {
            browser.open(&format!("{address}/lines/{number}"));
            assert_passes(&mut browser, &format!("{kind}: {address}/lines/{number}"));
            tried.push(kind);
        }
    }
    for kind in ["issued", "superseding", "disclosed", "of another level", "without points", "without records"] {
        assert!(tried.contains(&kind), "no page {kind} was tried: {tried:?}");
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}
