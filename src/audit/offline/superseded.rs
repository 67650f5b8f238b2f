//! The notices that a superseding one takes the place of: found in the bundle before its entries are folded, so that each is composed anew at its own
//! size, as it was published.

use super::verdict::SupersededNotice;
use super::{AuditFinding, fold::Fold};
use crate::audit::bundle::{BundleReader, Manifest};
use crate::audit::notices::{Issued, Notices};
use crate::audit::scan::ending;
use crate::transparency::bundle;
use mingzhang_events::{EventId, NoticeFormat, NoticeIssued, decode};
use serde::Deserialize;
use std::io::{self, Read};

const ISSUED: &str = "mingzhang.notice.issued.v1";

/// The format that a notice in JSON names; the first if it can't be read, which the comparison of figures tells.
pub(super) fn format_of(notice: &[u8]) -> NoticeFormat {
    #[derive(Deserialize)]
    struct Named {
        format: NoticeFormat,
    }
    serde_json::from_slice::<Named>(notice).map_or(NoticeFormat::First, |named| named.format)
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

/// Every notice of the organisation and month, up to the first entry that can't be read: the audit itself says so.
fn issued<R: Read>(manifest: &Manifest, input: R) -> Vec<Issued> {
    let (mut found, ending) = (Vec::new(), ending(ISSUED));
    let Ok(mut reader) = BundleReader::open(input) else { return found };
    while let Ok(Some((tile, bytes))) = reader.next_bundle() {
        let entries = (tile.first()..).zip(bundle::entries(&bytes).map_while(Result::ok));
        for (log_index, entry) in entries.filter(|(_, entry)| entry.ends_with(&ending)) {
            let Ok(recorded) = decode(entry) else { continue };
            let of_month = |issued: &Issued| {
                (issued.notice.organization, issued.notice.month) == (manifest.organization, manifest.month)
            };
            found.extend(Issued::of(log_index, recorded).filter(of_month));
        }
    }
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
