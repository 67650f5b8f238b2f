//! Recording that a file of a notice was given out: its digest, on a directory and through a server.

use super::check_document::digest_of;
use super::failure::Failure;
use super::output::remark;
use super::target::Target;
use crate::clock::{Clock, MachineClock};
use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{
    DocumentFormat, DocumentIssued, DocumentKind, Event, EventId, Evidence, FileDigest, Month, OrganizationId,
};
use serde_json::Value as Json;

/// The checkpoint that a notice's figures rest on.
struct Checkpoint {
    tree_size: u64,
    root_hash: String,
}

/// Records it, unless that was done before.
pub(super) fn record(
    target: &Target,
    notice: EventId,
    (organization, month): (OrganizationId, Month),
    format: DocumentFormat,
    bytes: &[u8],
) -> Result<(), Failure> {
    let digest = digest_of(bytes);
    if is_known(target, digest)? {
        return Ok(());
    }
    let Checkpoint { tree_size, root_hash } = checkpoint(target, notice, (organization, month))?
        .ok_or_else(|| Failure::bug("the notice that was just issued isn't there"))?;
    let event = Event::from(DocumentIssued {
        activity: None,
        digest,
        format,
        kind: DocumentKind::Notice,
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

fn checkpoint(
    target: &Target,
    notice: EventId,
    (organization, month): (OrganizationId, Month),
) -> Result<Option<Checkpoint>, Failure> {
    match target {
        Target::Directory(directory) => {
            let issued = directory.service.models_blocking().published(notice);
            Ok(issued.map(|issued| Checkpoint { tree_size: issued.tree_size, root_hash: issued.root_hash }))
        }
        Target::Server(client) => {
            let of_month = format!("/v1/notices?organization={organization}&month={month}&limit=1000");
            let listed = client.pages(&of_month, "notices")?;
            let issued = listed.iter().find(|issued| issued["id"].as_str() == Some(&notice.to_string()));
            let read = |issued: &Json| {
                let root_hash = issued["root_hash"].as_str()?.to_owned();
                Some(Checkpoint { tree_size: issued["tree_size"].as_u64()?, root_hash })
            };
            Ok(issued.and_then(read))
        }
    }
}
