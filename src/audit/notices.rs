//! Notices that the log issued, composed anew at the size that each rests on.
//!
//! They are found by a first pass, because an entry that issues a notice comes after the size that its figures are of.

use super::Finding;
use super::scan::entries_of_type;
use crate::notice::{NoticeContext, compose};
use crate::store::EventStore;
use crate::transparency::Hash;
use mingzhang_events::{Event, NoticeIssued};
use mingzhang_projections::ReadModels;

/// The stored name of an entry that issues a notice.
const ISSUED: &str = "mingzhang.notice.issued.v1";

/// A notice, and the entry that issued it.
pub(super) struct Issued {
    pub(super) log_index: u64,
    pub(super) notice: NoticeIssued,
}

impl Issued {
    /// The finding that it rests on more than there was when it was issued.
    pub(super) fn beyond(&self) -> Finding {
        Finding::NoticeRootDiffers { log_index: self.log_index }
    }
}

/// Every notice among the first `tree_size` entries. An entry that can't be read is left to whoever checks entries.
pub(super) fn issued(store: &dyn EventStore, tree_size: u64) -> Result<Vec<Issued>, Finding> {
    let mut found = Vec::new();
    for (log_index, recorded) in entries_of_type(store, tree_size, ISSUED)? {
        if let Event::NoticeIssued(notice) = recorded.event {
            found.push(Issued { log_index, notice });
        }
    }
    Ok(found)
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
