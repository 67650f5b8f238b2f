//! The verification of one ledger, from its entries up.

use super::Finding;
use super::derived::{
    SnapshotIs, check_block_roots, check_signature, check_snapshot, check_tile_roots, read_checkpoint,
};
use super::documents::{DOCUMENT, rests_on};
use super::entries::{Run, runs};
use super::ids::Ids;
use super::keys::Keys;
use super::notices::{Issued, Notices, PUBLISHED};
use super::scan::entries_of_types;
use crate::store::EventStore;
use crate::transparency::{BlockRoots, Hash, Tree, VerifierKey};
use mingzhang_events::{Event, Instant, RecordedEvent};
use mingzhang_projections::ReadModels;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The checkpoint published last, and a key of the log: the one that signs it, or one that was handed over. Read before the log is, or it may be newer.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// The signed note.
    pub note: &'a [u8],
    /// The key that is trusted.
    pub key: &'a VerifierKey,
}

/// A snapshot of the read models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotFile {
    /// The size that it says it is of.
    pub tree_size: u64,
    /// The root that it says it is of.
    pub root: Hash,
    /// Where it is.
    pub path: PathBuf,
}

/// What was checked and found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The count of entries.
    pub tree_size: u64,
    /// The root over them, recomputed.
    pub root: Hash,
    /// When the first and the last entry were recorded.
    pub recorded: Option<(Instant, Instant)>,
    /// The size of the published checkpoint, if there is one.
    pub checkpoint_size: Option<u64>,
    /// How often the signing key was handed over.
    pub key_handovers: usize,
    /// How many issued notices were composed anew with the digest that was issued.
    pub notices: usize,
    /// How many disclosed drafts likewise.
    pub disclosures: usize,
    /// How many snapshots are byte for byte what a replay gives.
    pub snapshots_equal: usize,
    /// Snapshots that this version never reads: of another format, damaged, or of another log.
    pub snapshots_unused: Vec<PathBuf>,
}

/// Checks everything that can be checked from a ledger's own directory. Hands each event, once its bytes were checked, to `beside`,
/// for what else is derived from them. Calls `progress` with entries done and their total.
pub fn verify_ledger(
    store: &dyn EventStore,
    origin: &str,
    published: Option<Published<'_>>,
    snapshots: &[SnapshotFile],
    beside: &mut dyn FnMut(u64, &RecordedEvent),
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified, Finding> {
    let tree_size = store.head()?;
    let checkpoint = published.map(|published| read_checkpoint(&published, tree_size)).transpose()?;
    let mut fold = Fold::new(origin, snapshots.iter().filter(|file| file.tree_size <= tree_size));
    if let Some(checkpoint) = &checkpoint {
        fold.expected_root = Some((checkpoint.size, checkpoint.root));
    }
    fold.look_ahead(store, tree_size)?;
    fold.stop_here()?;
    std::thread::scope(|scope| {
        for run in runs(scope, store, origin, tree_size) {
            let run = run?;
            for (log_index, event) in (fold.tree.size()..).zip(&run.events) {
                beside(log_index, event);
            }
            fold.take(&run)?;
            progress(fold.tree.size(), tree_size);
        }
        Ok::<(), Finding>(())
    })?;
    if let (Some(published), Some(checkpoint)) = (&published, &checkpoint) {
        check_signature(published, &fold.keys.in_force(published.key, checkpoint.size)?)?;
    }
    check_tile_roots(store, &fold.tree, checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size))?;
    check_block_roots(store, &fold.block_roots)?;
    fold.ids.check(store)?;
    if let Some(finding) = fold.issued_finding.take().or_else(|| fold.notices.beyond()) {
        return Err(finding);
    }
    let disclosures = fold.notices.all.iter().filter(|issued| issued.is_disclosure()).count();
    let beyond = snapshots.iter().filter(|file| file.tree_size > tree_size).map(|file| file.path.clone());
    fold.unused.extend(beyond);
    Ok(Verified {
        tree_size,
        root: fold.tree.root(),
        recorded: fold.recorded,
        checkpoint_size: checkpoint.map(|checkpoint| checkpoint.size),
        key_handovers: fold.keys.handovers(),
        notices: fold.notices.all.len() - disclosures,
        disclosures,
        snapshots_equal: fold.equal,
        snapshots_unused: fold.unused,
    })
}

/// What the entries come to, in order.
struct Fold<'a> {
    origin: &'a str,
    tree: Tree,
    /// Of each full tile so far.
    block_roots: Vec<BlockRoots>,
    models: ReadModels,
    ids: Ids,
    keys: Keys,
    recorded: Option<(Instant, Instant)>,
    expected_root: Option<(u64, Hash)>,
    notices: Notices,
    /// The sizes that documents rest on, and the roots there that were reached.
    documents: BTreeMap<u64, Option<Hash>>,
    /// The first of what was issued that isn't so. Told once every entry is known to be what was recorded, this one's above all.
    issued_finding: Option<Finding>,
    snapshots: Vec<&'a SnapshotFile>,
    equal: usize,
    unused: Vec<PathBuf>,
}

impl<'a> Fold<'a> {
    fn new(origin: &'a str, snapshots: impl Iterator<Item = &'a SnapshotFile>) -> Fold<'a> {
        Fold {
            origin,
            tree: Tree::new(),
            block_roots: Vec::new(),
            models: ReadModels::new(),
            ids: Ids::default(),
            keys: Keys::default(),
            recorded: None,
            expected_root: None,
            notices: Notices::default(),
            documents: BTreeMap::new(),
            issued_finding: None,
            snapshots: snapshots.collect(),
            equal: 0,
            unused: Vec::new(),
        }
    }

    /// Finds what was issued: its entry comes after the size that it rests on. An entry that can't be read is left to whoever checks entries.
    fn look_ahead(&mut self, store: &dyn EventStore, tree_size: u64) -> Result<(), Finding> {
        let mut published = Vec::new();
        for (log_index, recorded) in entries_of_types(store, tree_size, &[PUBLISHED[0], PUBLISHED[1], DOCUMENT])? {
            if let Event::DocumentIssued(document) = &recorded.event {
                self.documents.insert(document.tree_size, None);
            }
            published.extend(Issued::of(log_index, recorded));
        }
        self.notices = Notices::new(published);
        Ok(())
    }

    fn take(&mut self, run: &Run) -> Result<(), Finding> {
        let mut taken = 0;
        while taken < run.leaves.len() {
            let size = self.tree.size();
            let rest = run.leaves.len() - taken;
            let stop = self.next_stop(size).and_then(|stop| usize::try_from(stop - size).ok());
            let end = taken + stop.map_or(rest, |stop| stop.min(rest));
            self.tree.extend(&run.leaves[taken..end]);
            self.block_roots.extend_from_slice(self.tree.block_roots_completed_between(size, self.tree.size()));
            self.tree.settle(self.tree.size());
            for (log_index, event) in (size..).zip(&run.events[taken..end]) {
                let (first, last) = self.recorded.unwrap_or((event.recorded_at, event.recorded_at));
                if event.recorded_at < last {
                    return Err(Finding::RecordedEarlier { log_index });
                }
                self.recorded = Some((first, event.recorded_at));
                self.ids.note(event.id);
                self.keys.take(log_index, event)?;
                if let Event::DocumentIssued(document) = &event.event
                    && rests_on(document, log_index, self.documents.get(&document.tree_size).copied().flatten())
                        != Some(true)
                {
                    self.issued_finding.get_or_insert(Finding::DocumentRootDiffers { log_index });
                }
                self.models.apply(log_index, event);
            }
            taken = end;
            self.stop_here()?;
        }
        Ok(())
    }

    /// The next size at which something is compared.
    fn next_stop(&self, after: u64) -> Option<u64> {
        let sizes = self.snapshots.iter().map(|file| file.tree_size).chain(self.expected_root.map(|(size, _)| size));
        let sizes = sizes.chain(self.notices.sizes());
        let sizes = sizes.chain(self.documents.range(after + 1..).next().map(|(&size, _)| size));
        sizes.filter(|&size| size > after).min()
    }

    fn stop_here(&mut self) -> Result<(), Finding> {
        let size = self.tree.size();
        if let Some((published, root)) = self.expected_root.filter(|(published, _)| *published == size)
            && root != self.tree.root()
        {
            return Err(Finding::RootDiffers { published });
        }
        if self.notices.sizes().any(|of| of == size) {
            self.models.settle();
            let checked = self.notices.check_at(&self.models, &self.tree.root(), self.origin);
            self.issued_finding = self.issued_finding.take().or(checked.err());
        }
        if let Some(reached) = self.documents.get_mut(&size) {
            *reached = Some(self.tree.root());
        }
        for file in self.snapshots.iter().filter(|file| file.tree_size == size) {
            self.models.settle();
            match check_snapshot(file, &self.models, &self.tree.root())? {
                SnapshotIs::Equal => self.equal += 1,
                SnapshotIs::Unused => self.unused.push(file.path.clone()),
            }
        }
        Ok(())
    }
}
