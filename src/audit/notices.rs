//! Notices that the log issued and drafts that it disclosed, composed anew at the size that each rests on.
//!
//! They are found by a first pass, because an entry that issues a notice comes after the size that its figures are of.

use super::Finding;
use super::scan::entries_of_types;
use crate::notice::{NoticeContext, compose};
use crate::store::EventStore;
use crate::transparency::Hash;
use mingzhang_events::{DisclosureOpened, Event, NoticeIssued};
use mingzhang_projections::ReadModels;

/// The stored names of entries that issue a notice, or disclose one as a draft.
const PUBLISHED: [&str; 2] = ["mingzhang.notice.issued.v1", "mingzhang.disclosure.opened.v1"];

/// A notice, and the entry that issued it. A disclosure is a notice without a number.
pub(super) struct Issued {
    pub(super) log_index: u64,
    pub(super) notice: NoticeIssued,
}

impl Issued {
    pub(super) fn is_disclosure(&self) -> bool {
        self.notice.number.is_empty()
    }

    /// The finding that it rests on more than there was when it was issued.
    pub(super) fn beyond(&self) -> Finding {
        Finding::NoticeRootDiffers { log_index: self.log_index }
    }
}

/// Every notice among the first `tree_size` entries. An entry that can't be read is left to whoever checks entries.
pub(super) fn issued(store: &dyn EventStore, tree_size: u64) -> Result<Vec<Issued>, Finding> {
    let mut found = Vec::new();
    for (log_index, recorded) in entries_of_types(store, tree_size, &PUBLISHED)? {
        if let Some(notice) = as_notice(recorded.event) {
            found.push(Issued { log_index, notice });
        }
    }
    Ok(found)
}

/// What an event published, as a notice.
fn as_notice(event: Event) -> Option<NoticeIssued> {
    if let Event::NoticeIssued(notice) = event {
        return Some(notice);
    }
    let Event::DisclosureOpened(opened) = event else { return None };
    let DisclosureOpened { digest, month, organization, root_hash, tree_size, .. } = opened;
    Some(NoticeIssued { digest, month, number: String::new(), organization, root_hash, supersedes: None, tree_size })
}

/// Holds an issued notice against the models and the root at the size that it names.
pub(super) fn check(issued: &Issued, models: &ReadModels, root: &Hash, origin: &str) -> Result<(), Finding> {
    let Issued { log_index, notice } = issued;
    let named: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
    if notice.tree_size > *log_index || notice.root_hash != named {
        return Err(Finding::NoticeRootDiffers { log_index: *log_index });
    }
    let context = NoticeContext {
        month: notice.month,
        number: notice.number.clone(),
        organization: notice.organization,
        origin: origin.to_owned(),
        root: *root,
    };
    match compose(models, &context) {
        Some(recomposed) if recomposed.digest() == notice.digest => Ok(()),
        Some(_) | None => Err(Finding::NoticeDiffers { log_index: *log_index }),
    }
}
