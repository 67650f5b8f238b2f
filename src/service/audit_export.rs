//! Making an audit bundle from a ledger's directory: reads only, also while a server holds it.

use super::published::{PublishedLog, PublishedLogError};
use super::{LedgerDirectory, ServiceError, root_at};
use crate::audit::Finding;
use crate::audit::bundle::{
    ActorOfMember, BundleContents, BundleWriteError, Identities, Manifest, NoticeNamed, write_bundle,
};
use crate::clock::Clock;
use crate::follower::{Follower, RootAt};
use crate::identity::Identity;
use crate::ledger::load_tree;
use crate::notice::{Past, recompose};
use crate::store::EventStore;
use crate::transparency::{Frontier, Hash};
use mingzhang_events::{Instant, Month, OrganizationId, decode};
use mingzhang_projections::{NoticeEntry, ReadModels};
use std::io::Write;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// What to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditWanted {
    /// Of which month.
    pub month: Month,
    /// Of which organisation; none for the one nearest the root of the tree that issued a notice of the month.
    pub organization: Option<OrganizationId>,
    /// Only entries recorded since the month began, with what stands for those before: then no figure can be recomputed.
    pub since_month: bool,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditExported {
    /// The notice.
    pub notice: NoticeEntry,
    /// The size of the checkpoint.
    pub tree_size: u64,
    /// The first entry in the bundle.
    pub first_index: u64,
}

/// Why no bundle could be made.
#[derive(Debug, thiserror::Error)]
pub enum AuditExportError {
    /// The ledger can't be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// What is stored isn't sound.
    #[error(transparent)]
    Finding(#[from] Finding),
    /// What was published can't be read.
    #[error(transparent)]
    Published(#[from] PublishedLogError),
    /// No notice was issued.
    #[error("no notice of {} was issued{}: issue it first with `mingzhang notice --issue`", .0.month, by(.0.organization))]
    NotIssued(AuditWanted),
    /// What was published last is older than the notice.
    #[error(
        "the published checkpoint has {published} entries and the notice was issued by entry {log_index}: publish a later checkpoint first"
    )]
    NotPublished {
        /// The size that is published.
        published: u64,
        /// The entry that issued the notice.
        log_index: u64,
    },
    /// The notice composed from the log isn't the one that was issued.
    #[error("the notice composed from the log isn't the one that entry {log_index} issued: verify the ledger")]
    NoticeDiffers {
        /// The entry that issued it.
        log_index: u64,
    },
    /// The output can't be written.
    #[error("writing the bundle")]
    Output(#[source] std::io::Error),
}

fn by(organization: Option<OrganizationId>) -> String {
    organization.map_or_else(String::new, |organization| format!(" by {organization}"))
}

impl From<BundleWriteError> for AuditExportError {
    fn from(error: BundleWriteError) -> AuditExportError {
        match error {
            BundleWriteError::Entries(finding) => AuditExportError::Finding(finding),
            BundleWriteError::Output(source) => AuditExportError::Output(source),
        }
    }
}

/// Writes the audit bundle of an issued notice, as of the checkpoint published last. Calls `progress` with entries done and their total.
pub fn export_audit<W: Write>(
    path: &Path,
    wanted: AuditWanted,
    clock: Arc<dyn Clock>,
    output: W,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<AuditExported, AuditExportError> {
    let PublishedLog { directory, config, checkpoint, key, store } = PublishedLog::open(path)?;
    let tree_size = checkpoint.checkpoint().size;
    let store: Arc<dyn EventStore> = Arc::new(store);

    let (issued, notice, rules) = {
        let tree = Arc::new(load_tree(store.as_ref()).map_err(ServiceError::from)?);
        let roots = root_at(&store, &tree);
        let mut reached = |_| {};
        let follower =
            Follower::open(Arc::clone(&store), &directory.snapshots(), Arc::clone(&roots), tree.size(), &mut reached)
                .map_err(ServiceError::from)?;
        let models = follower.models();
        // Of those of the month, the one nearest the root of the tree; of its notices the newest, which comes first.
        let above = |notice: &NoticeEntry| models.ancestors(notice.organization, None).map_or(0, |above| above.len());
        let of_month = models.notices(wanted.organization).into_iter().filter(|notice| notice.month == wanted.month);
        let issued = of_month.min_by_key(above).ok_or(AuditExportError::NotIssued(wanted))?;
        let log_index = issued.log_index;
        if log_index >= tree_size {
            return Err(AuditExportError::NotPublished { published: tree_size, log_index });
        }
        let rules: Vec<_> = models.rules_adopted().into_iter().map(|(rules, at)| (at, rules.clone())).collect();
        let superseded = issued.supersedes.and_then(|superseded| models.published(superseded));
        drop(models);
        let past = Exported { follower: &follower, roots: &roots, log_index };
        let notice = recompose(&past, &config.origin, &issued, superseded.as_ref())?;
        let notice = notice.map(|composed| composed.notice).filter(|notice| notice.digest() == issued.digest);
        let notice = notice.ok_or(AuditExportError::NoticeDiffers { log_index })?;
        (issued, notice.canonical_json(), rules)
    };
    let first_index =
        if wanted.since_month { first_recorded_since(store.as_ref(), wanted.month, tree_size)? } else { 0 };
    let contents = BundleContents {
        manifest: Manifest {
            format: crate::audit::bundle::FORMAT.to_owned(),
            origin: config.origin,
            verifier_key: key.to_string(),
            tree_size,
            first_index,
            frontier: Vec::new(),
            month: wanted.month,
            organization: issued.organization,
            notice: NoticeNamed {
                event: issued.id,
                log_index: issued.log_index,
                number: issued.number.clone(),
                digest: issued.digest.clone(),
                tree_size: issued.tree_size,
            },
            files: Vec::new(),
        },
        checkpoint,
        frontier: frontier(store.as_ref(), first_index)?,
        notice,
        rules: rules.into_iter().filter(|(at, _)| (first_index..tree_size).contains(at)).collect(),
        identities: identities(&directory, clock)?,
    };
    let mut output = write_bundle(output, contents, store.as_ref(), progress)?;
    output.flush().map_err(AuditExportError::Output)?;
    Ok(AuditExported { notice: issued, tree_size, first_index })
}

/// The log that is exported, as it was.
struct Exported<'a> {
    follower: &'a Follower,
    roots: &'a RootAt,
    /// The entry that issued the notice.
    log_index: u64,
}

impl Past for Exported<'_> {
    type Error = AuditExportError;

    fn root_at(&self, tree_size: u64) -> Result<Hash, AuditExportError> {
        (self.roots)(tree_size).ok_or(AuditExportError::NoticeDiffers { log_index: self.log_index })
    }

    fn models_at(&self, tree_size: u64) -> Result<impl Deref<Target = ReadModels>, AuditExportError> {
        Ok(self.follower.models_at(tree_size).map_err(ServiceError::from)?)
    }
}

/// The actors that are members, as tokens say. No name is read.
fn identities(directory: &LedgerDirectory, clock: Arc<dyn Clock>) -> Result<Identities, AuditExportError> {
    let identity = Identity::open(&directory.identity(), clock).map_err(ServiceError::from)?;
    let tokens = identity.tokens().map_err(ServiceError::from)?;
    let known = |token: crate::identity::Token| Some(ActorOfMember { actor: token.actor, member: token.member? });
    let mut actors: Vec<ActorOfMember> = tokens.into_iter().filter_map(known).collect();
    actors.sort_unstable();
    actors.dedup();
    Ok(Identities { actors, ..Identities::default() })
}

/// The beginning of the tile with the first entry recorded since a month began.
fn first_recorded_since(store: &dyn EventStore, month: Month, tree_size: u64) -> Result<u64, AuditExportError> {
    let start = month.start().unwrap_or(Instant::EARLIEST);
    let (mut below, mut above) = (0, tree_size);
    while below < above {
        let middle = below + (above - below) / 2;
        if recorded_at(store, middle)? < start { below = middle + 1 } else { above = middle }
    }
    Ok(below / 256 * 256)
}

fn recorded_at(store: &dyn EventStore, log_index: u64) -> Result<Instant, AuditExportError> {
    for segment in store.read(log_index, 1).map_err(Finding::from)? {
        for entry in segment.entries() {
            let (at, entry) = entry.map_err(Finding::from)?;
            if at == log_index {
                let event = decode(entry).map_err(|source| Finding::NotAnEvent { log_index, source })?;
                return Ok(event.recorded_at);
            }
        }
    }
    Err(Finding::EntryUnreadable { log_index, what: "the entry is missing".to_owned() }.into())
}

/// What stands for the entries before a tile: the roots of the complete subtrees over them.
fn frontier(store: &dyn EventStore, first_index: u64) -> Result<Frontier, AuditExportError> {
    let mut frontier = Frontier::new();
    for root in store.nodes(1, 0, first_index / 256).map_err(Finding::from)? {
        frontier.push_subtree(8, root);
    }
    Ok(frontier)
}
