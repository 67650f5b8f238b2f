//! The notices that a superseding one takes the place of: found in the bundle before its entries are folded, so that each is composed anew at its own
//! size, as it was published.

use super::verdict::SupersededNotice;
use super::{AuditFinding, each_of_type, fold::Fold};
use crate::audit::bundle::Manifest;
use crate::audit::notices::{Issued, Notices};
use mingzhang_events::{EventId, NoticeFormat, NoticeIssued};
use serde::Deserialize;
use std::io::{self, Read};
use std::ops::ControlFlow;

const ISSUED: &str = "mingzhang.notice.issued.v1";

/// The format that a notice in JSON names; the first if it can't be read, which the comparison of figures tells.
pub(super) fn format_of(notice: &[u8]) -> NoticeFormat {
    #[derive(Deserialize)]
    struct Named {
        format: NoticeFormat,
    }
    serde_json::from_slice::<Named>(notice).map_or(NoticeFormat::First, |named| named.format)
}

/// What a notice in JSON calls the organisation; none if it can't be read.
pub(super) fn organization_name(notice: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    serde_json::from_slice::<Named>(notice).ok().map(|named| one_line(&named.name))
}

/// A text of a bundle as it is shown: nobody has vouched for it yet, and it stays in its line.
pub(super) fn one_line(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// What has to be composed for a bundle. A notice of the first format is composed from its own checkpoint alone, as the manifest names it. What a
/// superseding one takes the place of stands in the entries: these are read once before.
pub(super) fn to_compose<R: Read>(
    manifest: &Manifest,
    notice: &[u8],
    open: impl Fn() -> io::Result<R>,
) -> io::Result<Notices> {
    Ok(Notices::new(match format_of(notice) {
        NoticeFormat::First => vec![as_named(manifest)],
        NoticeFormat::Superseding => issued(manifest, open()?),
    }))
}

fn as_named(manifest: &Manifest) -> Issued {
    let named = &manifest.notice;
    let notice = NoticeIssued {
        digest: named.digest.clone(),
        format: None,
        month: manifest.month,
        number: named.number.clone(),
        organization: manifest.organization,
        root_hash: String::new(),
        supersedes: None,
        tree_size: named.tree_size,
    };
    Issued { log_index: named.log_index, id: named.event, notice }
}

/// Every notice of the organisation and month.
fn issued<R: Read>(manifest: &Manifest, input: R) -> Vec<Issued> {
    let of_month =
        |issued: &Issued| (issued.notice.organization, issued.notice.month) == (manifest.organization, manifest.month);
    let mut found = Vec::new();
    each_of_type(input, ISSUED, |log_index, recorded| {
        found.extend(Issued::of(log_index, recorded).filter(of_month));
        ControlFlow::Continue(())
    });
    found
}

/// The notices that one takes the place of, the nearest first, and a finding for each that the entries don't give.
pub(super) fn superseded(fold: &Fold<'_>, notice: EventId) -> (Vec<SupersededNotice>, Vec<AuditFinding>) {
    let (mut told, mut findings) = (Vec::new(), Vec::new());
    let entry = |id: EventId| fold.issued.iter().find(|issued| issued.id == id);
    let mut next = entry(notice).and_then(|issued| issued.notice.supersedes);
    if fold.models.is_none() || fold.notices.all.len() < 2 {
        return (told, findings);
    }
    while let Some(issued) = next.and_then(entry) {
        let of = &issued.notice;
        let recomputed = fold.notices.composed(issued.id).is_some_and(|composed| composed.digest() == of.digest);
        if !recomputed {
            findings.push(AuditFinding::SupersededDiffers { log_index: issued.log_index });
        }
        told.push(SupersededNotice {
            notice: issued.id,
            log_index: issued.log_index,
            number: of.number.clone(),
            digest: of.digest.clone(),
            tree_size: of.tree_size,
            recomputed,
        });
        // Each was issued before the one that takes its place, so that this ends.
        next =
            of.supersedes.filter(|earlier| entry(*earlier).is_some_and(|earlier| earlier.log_index < issued.log_index));
    }
    (told, findings)
}
