//! Documents that the log issued: each names the root that the log had at the size that it rests on.
//!
//! Of what is printed nothing can be composed anew: it has names beside the log. Invariant: whoever is told what a document rests on is told a
//! root that the log had, or that it is false, or that it wasn't looked at.

use crate::transparency::Hash;
use mingzhang_events::DocumentIssued;

/// The stored name of entries that issue one.
pub(super) const DOCUMENT: &str = "mingzhang.document.issued.v1";

/// Whether the document that an entry issued names that root, the log's at the size that the document rests on. None where that root isn't known,
/// because the entries begin later: then nobody can tell.
pub(super) fn rests_on(document: &DocumentIssued, log_index: u64, root: Option<Hash>) -> Option<bool> {
    if document.tree_size > log_index {
        return Some(false);
    }
    let is_named = |root: Hash| root.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == document.root_hash;
    root.map(is_named)
}
