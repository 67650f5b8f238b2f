//! What the entries of a bundle come to, in order: roots, read models, and who did what.
//!
//! Memory grows with the read models and by twelve bytes an entry, not with the bytes of the log.

use super::conduct::Seen;
use super::finding::{AuditFinding, Findings};
use super::lanes::Run;
use super::reveals::Commitments;
use crate::audit::bundle::{Manifest, rules_path};
use crate::audit::documents::rests_on;
use crate::audit::keys::Keys;
use crate::audit::notices::{Issued, Notices};
use crate::chart::Chart;
use crate::notice::{charts, course};
use crate::transparency::{Frontier, Hash};
use mingzhang_events::{Event, EventId, Instant, RecordedEvent};
use mingzhang_projections::ReadModels;
use std::collections::{BTreeMap, BTreeSet};

/// Half of an id: enough to tell which ids may be the same.
pub(super) fn half(id: EventId) -> u64 {
    u64::try_from(id.0 & u128::from(u64::MAX)).expect("64 bits")
}

/// The fold.
pub(super) struct Fold<'a> {
    manifest: &'a Manifest,
    frontier: Frontier,
    /// None for a bundle that hasn't got the whole log.
    pub(super) models: Option<ReadModels>,
    pub(super) seen: Seen,
    /// Half of every id; see [`half`].
    ids: Vec<u64>,
    pub(super) recorded: Option<(Instant, Instant)>,
    /// Sizes at which a root is wanted, and the roots that were reached.
    pub(super) roots: BTreeMap<u64, Option<Hash>>,
    /// The notices to be composed from the entries, each at its own size: the one of the manifest, and those that it takes the place of.
    pub(super) notices: Notices,
    /// The pictures of the manifest's notice, once it was composed.
    pub(super) charts: Vec<Chart>,
    /// Notices of the organisation and month.
    pub(super) issued: Vec<Issued>,
    /// Each version of the rules as its file must be.
    pub(super) rules: BTreeMap<String, Vec<u8>>,
    pub(super) findings: Findings,
    /// Entries that issued a document on a root that the log didn't have.
    pub(super) documents_that_differ: Vec<u64>,
    /// Entries that issued a document on a size before the first entry, of which the frontier doesn't tell the root.
    pub(super) documents_not_checked: Vec<u64>,
    /// The handovers of the log's key.
    pub(super) keys: Keys,
    /// To members who are revealed.
    pub(super) commitments: Commitments,
}

impl<'a> Fold<'a> {
    /// Before the first entry. None if the frontier isn't that of so many entries.
    pub(super) fn new(
        manifest: &'a Manifest,
        subtrees: Vec<Hash>,
        wanted: impl Iterator<Item = u64>,
        notices: Notices,
    ) -> Option<Fold<'a>> {
        let frontier = Frontier::from_subtrees(manifest.first_index, subtrees)?;
        let mut fold = Fold {
            manifest,
            models: (manifest.first_index == 0).then(ReadModels::new),
            seen: Seen::new(manifest.month, manifest.first_index),
            ids: Vec::new(),
            recorded: None,
            roots: (wanted.chain([manifest.tree_size, manifest.notice.tree_size]).chain(notices.sizes()))
                .map(|size| (size, None))
                .collect(),
            notices,
            charts: Vec::new(),
            issued: Vec::new(),
            rules: BTreeMap::new(),
            findings: Findings::default(),
            documents_that_differ: Vec::new(),
            documents_not_checked: Vec::new(),
            keys: Keys::default(),
            commitments: Commitments::default(),
            frontier,
        };
        for (size, root) in fold.frontier.roots_known() {
            fold.roots.entry(size).and_modify(|reached| *reached = Some(root));
        }
        fold.stop_here();
        Some(fold)
    }

    /// How many entries the log had so far.
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The next entries.
    pub(super) fn take(&mut self, run: &Run) {
        let mut taken = 0;
        while taken < run.events.len() {
            let size = self.size();
            let rest = run.events.len() - taken;
            let stop = self.roots.range(size + 1..).next().and_then(|(stop, _)| usize::try_from(stop - size).ok());
            let end = taken + stop.map_or(rest, |stop| stop.min(rest));
            // Tiles whole where nothing stops inside them, leaf by leaf where something does.
            let goal = size + (end - taken) as u64;
            while self.size() < goal {
                let tile = usize::try_from((self.size() - run.first_index) / 256).expect("a run is short");
                let hashes = &run.tiles[tile];
                let inside = usize::try_from(self.size() % 256).expect("below 256");
                match hashes.root {
                    Some(root) if inside == 0 && self.size() + 256 <= goal => {
                        self.frontier.push_subtree(8, root);
                    }
                    _ => self.frontier.push(hashes.leaves[inside]),
                }
            }
            self.note(size, &run.events[taken..end]);
            taken = end;
            self.stop_here();
        }
    }

    fn note(&mut self, first_index: u64, events: &[RecordedEvent]) {
        for (log_index, event) in (first_index..).zip(events) {
            let (first, last) = self.recorded.unwrap_or((event.recorded_at, event.recorded_at));
            if event.recorded_at < last {
                self.findings.push(AuditFinding::RecordedEarlier { log_index });
            }
            if event.occurred_at > event.recorded_at {
                self.findings.push(AuditFinding::RecordedBeforeItHappened { log_index });
            }
            if self.keys.take(log_index, event).is_err() {
                self.findings.push(AuditFinding::HandoverNotProved { log_index });
            }
            self.recorded = Some((first, event.recorded_at));
            self.ids.push(half(event.id));
            self.seen.note(log_index, event);
            self.commitments.note(log_index, event);
            if let Event::NoticeIssued(notice) = &event.event
                && (notice.organization, notice.month) == (self.manifest.organization, self.manifest.month)
            {
                self.issued.push(Issued { log_index, id: event.id, notice: notice.clone() });
            }
            if let Event::DocumentIssued(document) = &event.event {
                let root = self.roots.get(&document.tree_size).copied().flatten();
                match rests_on(document, log_index, root) {
                    Some(true) => {}
                    Some(false) => self.documents_that_differ.push(log_index),
                    None => self.documents_not_checked.push(log_index),
                }
            }
            if let Event::ScoringRulesAdopted(adopted) = &event.event {
                let path = rules_path(log_index, &adopted.rules.version.to_string());
                self.rules.insert(path, serde_json::to_vec(&adopted.rules).expect("rules are JSON"));
            }
        }
        if let Some(models) = &mut self.models {
            models.apply_batch(first_index, events);
        }
    }

    fn stop_here(&mut self) {
        let size = self.size();
        let root = self.frontier.root();
        if let Some(reached) = self.roots.get_mut(&size) {
            *reached = Some(root);
        }
        if let Some(models) = self.models.as_mut().filter(|_| self.notices.sizes().any(|of| of == size)) {
            models.settle();
            self.notices.compose_at(models, &root, &self.manifest.origin);
            let Manifest { organization, month, notice, .. } = self.manifest;
            if let Some(composed) = self.notices.composed(notice.event).filter(|_| size == notice.tree_size) {
                self.charts = charts(composed, &course(models, *organization, *month).unwrap_or_default());
            }
        }
    }

    /// Halves of ids that occur more than once. Only the whole ids tell whether one does.
    pub(super) fn ids_to_compare(&mut self) -> BTreeSet<u64> {
        self.ids.sort_unstable();
        self.ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect()
    }
}
