//! Recording that a file of a notice or disclosure was given out: its digest, on a directory and through a server. And which was published last.

use super::check_document::digest_of;
use super::failure::Failure;
use super::output::remark;
use super::target::Target;
use crate::clock::{Clock, MachineClock};
use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{
    DocumentFormat, DocumentIssued, DocumentKind, Event, EventId, Evidence, FileDigest, Month, OrganizationId,
};

/// What an organisation has published about a month last, with its checkpoint.
pub(super) struct Published {
    /// The event that issued the notice, or opened the disclosure.
    pub(super) event: EventId,
    tree_size: u64,
    root_hash: String,
}

/// What is published.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// 通报.
    Notice,
    /// 公示.
    Disclosure,
}

/// Records it, unless that was done before.
pub(super) fn record(
    target: &Target,
    sort: Sort,
    organization: OrganizationId,
    month: Month,
    format: DocumentFormat,
    bytes: &[u8],
) -> Result<(), Failure> {
    let digest = digest_of(bytes);
    if is_known(target, digest)? {
        return Ok(());
    }
    let Published { event: notice, tree_size, root_hash } = newest(target, sort, organization, month)?
        .ok_or_else(|| Failure::bug("what was just published isn't there"))?;
    let event = Event::from(DocumentIssued {
        activity: None,
        digest,
        format,
        kind: if sort == Sort::Disclosure { DocumentKind::Disclosure } else { DocumentKind::Notice },
        member: None,
        month: Some(month),
        notice: Some(notice),
        number: None,
        organization,
        requested_at: None,
        root_hash,
        supersedes: None,
        tree_size,
    });
    let (key, occurred_at) = (IdempotencyKey::of_plan(&event), MachineClock.now());
    target.submit_one(Command { key, event, evidence: Evidence::Office, imported: None, occurred_at })?;
    remark(format!("✓ 文件摘要已记入账本  its digest is recorded: {digest}"));
    Ok(())
}

fn is_known(target: &Target, digest: FileDigest) -> Result<bool, Failure> {
    match target {
        Target::Directory(directory) => Ok(directory.service.models_blocking().document(digest).is_some()),
        Target::Server(client) => {
            let answer = client.find(&format!("/v1/documents/{digest}"))?;
            Ok(answer.is_some_and(|answer| !answer["document"].is_null()))
        }
    }
}

/// The newest of an organisation itself about a month; none if there is none.
pub(super) fn newest(
    target: &Target,
    sort: Sort,
    organization: OrganizationId,
    month: Month,
) -> Result<Option<Published>, Failure> {
    match target {
        Target::Directory(directory) => {
            let models = directory.service.models_blocking();
            let event = match sort {
                Sort::Notice => models.notices(Some(organization)).iter().find(|of| of.month == month).map(|of| of.id),
                Sort::Disclosure => {
                    let all = models.disclosures();
                    all.iter().find(|of| (of.organization, of.month) == (organization, month)).map(|of| of.id)
                }
            };
            let newest = event.and_then(|event| models.published(event));
            Ok(newest.map(|of| Published { event: of.id, tree_size: of.tree_size, root_hash: of.root_hash }))
        }
        Target::Server(client) => {
            let (list, over) = match sort {
                Sort::Notice => ("notices", ""),
                Sort::Disclosure => ("disclosures", "&over=true"),
            };
            let address = format!("/v1/{list}?organization={organization}&month={month}&limit=1{over}");
            let listed = client.get_json(&address)?;
            let newest = &listed[list][0];
            let read = || {
                Some(Published {
                    event: newest["id"].as_str()?.parse().ok()?,
                    tree_size: newest["tree_size"].as_u64()?,
                    root_hash: newest["root_hash"].as_str()?.to_owned(),
                })
            };
            Ok(read())
        }
    }
}
