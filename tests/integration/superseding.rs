//! A superseding notice and the one that it takes the place of: both are recomputed from the log, as published and as corrected, by `verify` and by
//! the audit of a bundle; each is told if it isn't what was issued. The same in the browser: `web/verification.rs`.

use crate::web::fixture::{STREET, Street};
use mingzhang::audit::Finding;
use mingzhang::audit::offline::{Trust, Verdict, audit_bundle};
use mingzhang::clock::{Clock, SetClock};
use mingzhang::service::{AuditWanted, Service, VerifyError, export_audit, verify};
use mingzhang_events::NoticeIssued;
use std::io::Cursor;
use std::path::Path;
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
