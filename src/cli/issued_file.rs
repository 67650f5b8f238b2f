//! Recording that a file of a notice was given out: its digest, on a directory and through a server.

use super::check_document::digest_of;
use super::failure::Failure;
use super::output::remark;
use super::target::Target;
use crate::ledger::{Command, IdempotencyKey};
use mingzhang_events::{
    DocumentFormat, DocumentIssued, DocumentKind, Event, EventId, Evidence, FileDigest, Month, OrganizationId,
};

/// The notice that an organisation has issued about a month last, with its checkpoint.
struct Issued {
    notice: EventId,
    tree_size: u64,
    root_hash: String,
}

/// Records it, unless that was done before.
pub(super) fn record(
    target: &Target,
    organization: OrganizationId,
    month: Month,
    format: DocumentFormat,
    bytes: &[u8],
) -> Result<(), Failure> {
    let digest = digest_of(bytes);
    if is_known(target, digest)? {
        return Ok(());
    }
    let Issued { notice, tree_size, root_hash } = newest(target, organization, month)?
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
    let (key, occurred_at) = (IdempotencyKey::of_plan(&event), target.now()?);
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

fn newest(target: &Target, organization: OrganizationId, month: Month) -> Result<Option<Issued>, Failure> {
    match target {
        Target::Directory(directory) => {
            let notices = directory.service.models_blocking().notices(Some(organization));
            let newest = notices.into_iter().find(|entry| entry.month == month);
            Ok(newest.map(|entry| Issued { notice: entry.id, tree_size: entry.tree_size, root_hash: entry.root_hash }))
        }
        Target::Server(client) => {
            let listed = client.get_json(&format!("/v1/notices?organization={organization}&month={month}&limit=1"))?;
            let newest = &listed["notices"][0];
            let read = || {
                Some(Issued {
                    notice: newest["id"].as_str()?.parse().ok()?,
                    tree_size: newest["tree_size"].as_u64()?,
                    root_hash: newest["root_hash"].as_str()?.to_owned(),
                })
            };
            Ok(read())
        }
    }
}
