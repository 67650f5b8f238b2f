//! Notices that the log issued, composed anew at the size that each rests on.
//!
//! They are found by a first pass, because an entry that issues a notice comes after the size that its figures are of.

use super::Finding;
use crate::notice::{NoticeContext, compose};
use crate::store::EventStore;
use crate::transparency::Hash;
use mingzhang_events::{Event, NoticeIssued, decode};
use mingzhang_projections::ReadModels;

/// Entries read at once.
const CHUNK: u64 = 8_192;
/// How the bytes of such an entry end: `type` is the last key.
const ENDING: &[u8] = br#","type":"mingzhang.notice.issued.v1"}"#;

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
    let (mut found, mut next) = (Vec::new(), 0);
    while next < tree_size {
        let before = next;
        for segment in store.read(next, CHUNK.min(tree_size - next))? {
            next = next.max(segment.end_index());
            for (log_index, entry) in
                segment.entries().map_while(Result::ok).filter(|(_, entry)| entry.ends_with(ENDING))
            {
                if let (true, Ok(Event::NoticeIssued(notice))) =
                    ((before..tree_size).contains(&log_index), decode(entry).map(|recorded| recorded.event))
                {
                    found.push(Issued { log_index, notice });
                }
            }
        }
        if next == before {
            break;
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
