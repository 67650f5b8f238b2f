//! Recording that a file of a notice or disclosure was given out: its digest, on a directory and through a server. And which was published last.

use super::check_document::digest_of;
use super::failure::Failure;
use super::output::remark;
use super::target::Target;
use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{
    DocumentFormat, DocumentIssued, DocumentKind, Event, EventId, Evidence, FileDigest, Month, OrganizationId,
};
use serde_json::Value as Json;

/// The checkpoint that what was published rests on.
pub(super) struct Checkpoint {
    pub(super) tree_size: u64,
    pub(super) root_hash: String,
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
    notice: EventId,
    (organization, month): (OrganizationId, Month),
    format: DocumentFormat,
    bytes: &[u8],
) -> Result<(), Failure> {
    let digest = digest_of(bytes);
    if is_known(target, digest)? {
        return Ok(());
    }
    let checkpoint = checkpoint(target, sort, notice, (organization, month))?
        .ok_or_else(|| Failure::bug("what was just published isn't there"))?;
    let event = given_out(sort, notice, (organization, month), format, digest, checkpoint);
    let (key, occurred_at) = (IdempotencyKey::of_plan(&event), target.now()?);
    target.submit_one(Command { key, event, evidence: Evidence::Office, imported: None, occurred_at })?;
    remark(format!("✓ 文件摘要已记入账本  its digest is recorded: {digest}"));
    Ok(())
}

/// The fact that a file of what was published is given out.
pub(super) fn given_out(
    sort: Sort,
    notice: EventId,
    (organization, month): (OrganizationId, Month),
    format: DocumentFormat,
    digest: FileDigest,
    Checkpoint { tree_size, root_hash }: Checkpoint,
) -> Event {
    Event::from(DocumentIssued {
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
    })
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

/// The list of a server that has what was published.
fn list_of(sort: Sort, organization: OrganizationId, month: Month) -> (&'static str, String) {
    let (list, over) = match sort {
        Sort::Notice => ("notices", ""),
        Sort::Disclosure => ("disclosures", "&over=true"),
    };
    (list, format!("/v1/{list}?organization={organization}&month={month}{over}"))
}

fn checkpoint(
    target: &Target,
    sort: Sort,
    notice: EventId,
    (organization, month): (OrganizationId, Month),
) -> Result<Option<Checkpoint>, Failure> {
    match target {
        Target::Directory(directory) => {
            let issued = directory.service.models_blocking().published(notice);
            Ok(issued.map(|issued| Checkpoint { tree_size: issued.tree_size, root_hash: issued.root_hash }))
        }
        Target::Server(client) => {
            let (list, address) = list_of(sort, organization, month);
            let listed = client.pages(&format!("{address}&limit=1000"), list)?;
            let issued = listed.iter().find(|issued| issued["id"].as_str() == Some(&notice.to_string()));
            let read = |issued: &Json| {
                let root_hash = issued["root_hash"].as_str()?.to_owned();
                Some(Checkpoint { tree_size: issued["tree_size"].as_u64()?, root_hash })
            };
            Ok(issued.and_then(read))
        }
    }
}

/// What an organisation itself has published last about a month; none if there is nothing.
pub(super) fn newest(
    target: &Target,
    sort: Sort,
    organization: OrganizationId,
    month: Month,
) -> Result<Option<EventId>, Failure> {
    match target {
        Target::Directory(directory) => {
            let models = directory.service.models_blocking();
            Ok(match sort {
                Sort::Notice => models.notices(Some(organization)).iter().find(|of| of.month == month).map(|of| of.id),
                Sort::Disclosure => {
                    let all = models.disclosures();
                    all.iter().find(|of| (of.organization, of.month) == (organization, month)).map(|of| of.id)
                }
            })
        }
        Target::Server(client) => {
            let (list, address) = list_of(sort, organization, month);
            let listed = client.get_json(&format!("{address}&limit=1"))?;
            Ok(listed[list][0]["id"].as_str().and_then(|id| id.parse().ok()))
        }
    }
}
