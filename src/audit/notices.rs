//! Notices that the log issued and drafts that it disclosed, composed anew at the size that each rests on.
//!
//! They are found by a first pass, because an entry that issues a notice comes after the size that its figures are of.

use super::Finding;
use crate::notice::{Notice, NoticeContext, compose, compose_superseding};
use crate::transparency::Hash;
use mingzhang_events::{DisclosureOpened, Event, EventId, NoticeFormat, NoticeIssued, RecordedEvent};
use mingzhang_projections::ReadModels;
use std::collections::BTreeMap;

/// The stored names of entries that issue a notice, or disclose one as a draft.
pub(super) const PUBLISHED: [&str; 2] = ["mingzhang.notice.issued.v1", "mingzhang.disclosure.opened.v1"];

/// A notice, and the entry that issued it. A disclosure is a notice without a number.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) log_index: u64,
    pub(super) id: EventId,
    pub(super) notice: NoticeIssued,
}

impl Issued {
    pub(super) fn is_disclosure(&self) -> bool {
        self.notice.number.is_empty()
    }

    /// What an event published, if it did.
    pub(super) fn of(log_index: u64, recorded: RecordedEvent) -> Option<Issued> {
        let notice = if let Event::NoticeIssued(notice) = recorded.event {
            notice
        } else {
            let Event::DisclosureOpened(opened) = recorded.event else { return None };
            let DisclosureOpened { digest, month, organization, root_hash, tree_size, .. } = opened;
            let (format, number, supersedes) = (None, String::new(), None);
            NoticeIssued { digest, format, month, number, organization, root_hash, supersedes, tree_size }
        };
        Some(Issued { log_index, id: recorded.id, notice })
    }

    /// The notice that it takes the place of and says what changed since.
    fn restates(&self) -> Option<EventId> {
        self.notice.supersedes.filter(|_| self.notice.format == Some(NoticeFormat::Superseding))
    }
}

/// Every notice that was published, and of those that others restate the figures, once they were composed.
#[derive(Default)]
pub(super) struct Notices {
    pub(super) all: Vec<Issued>,
    composed: BTreeMap<EventId, Notice>,
}

impl Notices {
    pub(super) fn new(all: Vec<Issued>) -> Notices {
        Notices { all, composed: BTreeMap::new() }
    }

    /// The sizes that they rest on.
    pub(super) fn sizes(&self) -> impl Iterator<Item = u64> {
        self.all.iter().map(|issued| issued.notice.tree_size)
    }

    /// What was composed for an entry.
    pub(super) fn composed(&self, id: EventId) -> Option<&Notice> {
        self.composed.get(&id)
    }

    /// Composes those that rest on the size that the models stand at, in order, and keeps them. What one takes the place of was composed at its own,
    /// smaller size.
    pub(super) fn compose_at(&mut self, models: &ReadModels, root: &Hash, origin: &str) {
        for issued in self.all.iter().filter(|issued| issued.notice.tree_size == models.tree_size()) {
            let notice = &issued.notice;
            let context = NoticeContext::new(notice.organization, notice.month, &notice.number, origin, *root);
            let composed = match (notice.format, notice.supersedes) {
                (None | Some(NoticeFormat::First), _) => compose(models, &context),
                (Some(NoticeFormat::Superseding), None) => None,
                (Some(NoticeFormat::Superseding), Some(superseded)) => (self.composed.get(&superseded))
                    .and_then(|before| compose_superseding(models, &context, superseded, before)),
            };
            if let Some(composed) = composed {
                self.composed.insert(issued.id, composed);
            }
        }
    }

    /// Holds those that rest on a size against the models and the root of it: the first that isn't so. Figures that nothing restates are let go.
    pub(super) fn check_at(&mut self, models: &ReadModels, root: &Hash, origin: &str) -> Result<(), Finding> {
        self.compose_at(models, root, origin);
        let named: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut found = Ok(());
        for issued in self.all.iter().filter(|issued| issued.notice.tree_size == models.tree_size()) {
            let Issued { log_index, id, notice } = issued;
            let composed = self.composed.get(id).is_some_and(|composed| composed.digest() == notice.digest);
            if !self.all.iter().any(|later| later.restates() == Some(*id)) {
                self.composed.remove(id);
            }
            let outcome = if notice.tree_size > *log_index || notice.root_hash != named {
                Err(Finding::NoticeRootDiffers { log_index: *log_index })
            } else if composed {
                Ok(())
            } else {
                Err(Finding::NoticeDiffers { log_index: *log_index })
            };
            found = found.and(outcome);
        }
        found
    }

    /// The finding that one rests on more than there was when it was issued.
    pub(super) fn beyond(&self) -> Option<Finding> {
        let beyond = self.all.iter().find(|issued| issued.notice.tree_size > issued.log_index)?;
        Some(Finding::NoticeRootDiffers { log_index: beyond.log_index })
    }
}
