//! A superseding notice and the one that it takes the place of: both are recomputed from the log, as published and as corrected, by `verify` and by
//! the audit of a bundle; each is told if it isn't what was issued. The same in the browser: `web/verification.rs`.

use crate::web::fixture::{STREET, Street, record, record_as};
use mingzhang::audit::Finding;
use mingzhang::audit::offline::{Trust, Verdict, audit_bundle};
use mingzhang::clock::{Clock, SetClock};
use mingzhang::service::{AuditWanted, Service, VerifyError, export_audit, verify};
use mingzhang_events::{
    MemberEnrolled, MemberId, NoticeIssued, ObjectionAssigned, ObjectionGround, ObjectionRaised, ObjectionUpheld,
};
use serde_json::{Value, json};
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

fn verified(ledger: &Path) -> Result<usize, Finding> {
    match verify(ledger, None, &[], &mut |_, _| {}) {
        Ok(verified) => Ok(verified.notices),
        Err(VerifyError::Finding(finding)) => Err(finding),
        Err(other) => panic!("{other}"),
    }
}

/// What an audit of the bundle of the newest notice finds, if a bundle can be made.
fn audited(ledger: &Path) -> Option<Verdict> {
    let wanted = AuditWanted {
        month: "2026-10".parse().expect("a month"),
        organization: Some(STREET.parse().expect("a code")),
        since_month: false,
    };
    let clock: Arc<dyn Clock> = Arc::new(SetClock::at("2026-11-04T00:00:00Z".parse().expect("an instant")));
    let mut bundle = Vec::new();
    export_audit(ledger, wanted, clock, &mut bundle, &mut |_, _| {}).ok()?;
    Some(
        audit_bundle(|| Ok(Cursor::new(bundle.clone())), Trust::Bundle, None, &[], &mut |_, _| {})
            .expect("memory can be read"),
    )
}

fn with_another_digest(issued: &mut NoticeIssued) {
    issued.digest = "0".repeat(64);
}

#[test]
fn both_notices_of_a_pair_are_recomputed_as_published_and_as_corrected() {
    let street = Street::served();
    street.supersede();
    let directory = street.stopped();
    let ledger = directory.path().join("ledger");
    assert_eq!(verified(&ledger).expect("sound"), 2);
    let report = audited(&ledger).expect("a bundle");
    assert!(report.sound, "{:?}", report.findings);
    assert_eq!(report.superseded.len(), 1);
    let superseded = &report.superseded[0];
    assert_eq!((superseded.number.as_str(), superseded.recomputed), ("〔2026〕10号", true));
    let subject = report.subject.expect("a subject");
    assert_eq!(subject.number, "〔2026〕12号");
}

#[test]
fn a_superseding_notice_with_another_digest_is_found() {
    let street = Street::served();
    street.supersede_with(with_another_digest);
    let directory = street.stopped();
    let ledger = directory.path().join("ledger");
    assert!(matches!(verified(&ledger), Err(Finding::NoticeDiffers { .. })), "{:?}", verified(&ledger));
    assert!(audited(&ledger).is_none(), "no bundle is made of what doesn't follow from the log");
}

#[test]
fn a_superseded_notice_that_was_issued_with_another_digest_is_found_by_who_checks_the_later_one() {
    let street = Street::served_with(|notice| NoticeIssued { digest: "0".repeat(64), ..notice });
    street.supersede();
    let directory = street.stopped();
    let ledger = directory.path().join("ledger");
    assert!(matches!(verified(&ledger), Err(Finding::NoticeDiffers { .. })), "{:?}", verified(&ledger));
    let report = audited(&ledger).expect("a bundle");
    let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code()).collect();
    assert_eq!(codes, ["superseded_differs"]);
    assert!(!report.superseded[0].recomputed);
}

/// What an earlier version of this program issued: it names what it takes the place of, and says nothing of changes.
#[test]
fn a_notice_without_a_format_is_composed_as_the_first_whatever_it_supersedes() {
    let street = Street::served();
    let before = street.service.ledger.head().tree_size;
    let superseding = street.service.notice_to_issue(
        STREET.parse().expect("a code"),
        "2026-10".parse().expect("a month"),
        "〔2026〕12号",
        Some(street.notice),
    );
    let superseding = superseding.expect("composed").expect("a notice");
    let first = street.service.compose_now(superseding.organization, superseding.month, "〔2026〕12号", None);
    let first = first.expect("composed").expect("a notice");
    assert_eq!(first.checkpoint.tree_size, before);
    let entry = mingzhang_projections::NoticeEntry {
        number: first.number.clone(),
        supersedes: Some(street.notice),
        ..mingzhang_projections::NoticeEntry::draft(first.organization, first.month, before)
    };
    let again = Service::issued_notice(&street.service, &entry).expect("composed").expect("a notice");
    assert_eq!(again.notice.digest(), first.digest());
    assert_ne!(again.notice.digest(), superseding.digest);
    drop(street.stopped());
}

/// An enrolment changes no line of a member: it is a reason of the figures.
#[test]
fn what_a_decision_admitted_is_named_where_the_figures_changed() {
    let street = Street::served();
    let (service, member) = (&street.service, MemberId(5));
    let today = "2026-11-03T01:20:00Z";
    let raised =
        ObjectionRaised { for_member: false, ground: ObjectionGround::PointsWrong, member, subject: street.notice };
    let objection = record(service, vec![(today, raised.into())]);
    let assignee = "w-0009".parse().expect("an actor");
    record(service, vec![(today, ObjectionAssigned { assignee, objection }.into())]);
    let decision = record_as(service, "w-0009", vec![(today, ObjectionUpheld { clause: None, objection }.into())]);
    let community = "420902001001".parse().expect("a code");
    let enrolled = MemberEnrolled { community, decision: Some(decision), member };
    let enrolled = record(service, vec![("2026-10-08T01:00:00Z", enrolled.into())]);
    let later = street.issue_anew(|_| {});
    let issued = answered(&street, &format!("/v1/notices/{later}.json"), "*/*");
    let issued: Value = serde_json::from_str(&issued).expect("JSON");
    let changes = &issued["notice"]["changes"];
    assert_eq!(changes["figures"][0]["figure"], "rates.enrollment", "{changes}");
    assert_eq!(changes["causes"][0]["act"], "enrolled");
    let told = [&changes["causes"][0]["event"], &changes["causes"][0]["decision"], &changes["causes"][0]["objection"]];
    assert_eq!(told, [&json!(enrolled), &json!(decision), &json!(objection)]);
    let text = answered(&street, &format!("/notices/{later}.txt"), "*/*");
    assert!(text.contains("报到（异议成立：计分有误）"), "{text}");
    let page = answered(&street, &format!("/notices/{later}"), "text/html");
    assert!(page.contains("报到（异议成立：计分有误）"), "{page}");
    let directory = street.stopped();
    let ledger = directory.path().join("ledger");
    assert_eq!(verified(&ledger).expect("sound"), 2);
    assert!(audited(&ledger).expect("a bundle").sound);
}

fn answered(street: &Street, path: &str, media: &str) -> String {
    let answer = ureq::get(format!("{}{path}", street.address)).header("accept", media).call();
    answer.expect("an answer").body_mut().read_to_string().expect("text")
}

fn told(of: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_mingzhang")).arg("diff-notice").args(of).output().expect("it runs");
    (ran.status.code(), String::from_utf8(ran.stdout).expect("text") + &String::from_utf8_lossy(&ran.stderr))
}

#[test]
fn any_two_notices_of_a_month_are_compared_and_say_what_the_later_one_says_of_itself() {
    let street = Street::served();
    let (first, later) = (street.notice, street.supersede());
    let changes = format!("/v1/notices/{later}/changes?since={first}");
    let compared: Value = serde_json::from_str(&answered(&street, &changes, "application/json")).expect("JSON");
    let issued = answered(&street, &format!("/v1/notices/{later}.json"), "*/*");
    let issued: Value = serde_json::from_str(&issued).expect("JSON");
    assert_eq!(compared["changes"], issued["notice"]["changes"]);
    assert_eq!(compared["names"], issued["names_of_changes"]);
    assert_eq!(
        (&compared["earlier"]["number"], &compared["later"]["number"]),
        (&json!("〔2026〕10号"), &json!("〔2026〕12号"))
    );
    let swapped = format!("/v1/notices/{first}/changes?since={later}");
    for media in ["application/json", "text/csv", "text/plain"] {
        assert_eq!(answered(&street, &changes, media), answered(&street, &swapped, media), "{media}");
    }
    let same = answered(&street, &format!("/v1/notices/{first}/changes?since={first}"), "application/json");
    assert_eq!(serde_json::from_str::<Value>(&same).expect("JSON")["changes"]["figures"], json!([]));

    let (first, later) = (first.to_string(), later.to_string());
    let url = street.address.clone();
    let over_url = told(&["〔2026〕12号", "〔2026〕10号", "--url", &url]);
    assert_eq!(over_url.0, Some(0), "{}", over_url.1);
    assert!(over_url.1.contains("〔2026〕10号") && over_url.1.contains('→'), "{}", over_url.1);
    assert_eq!(told(&["〔2026〕9号", &first, "--url", &url]).0, Some(3));
    let table = told(&[&first, &later, "--format", "csv", "--url", &url]).1;
    let directory = street.stopped();
    let ledger = directory.path().join("ledger");
    let ledger = ledger.to_str().expect("text");
    assert_eq!(told(&[&first, &later, "--ledger", ledger]).1, over_url.1);
    assert_eq!(told(&[&first, &later, "--format", "csv", "--ledger", ledger]).1, table);
    assert_eq!(told(&["〔2026〕9号", &first, "--ledger", ledger]).0, Some(3));
}
