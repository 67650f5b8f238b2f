//! Entries of one type, found among all the others by how their bytes end: the others aren't decoded.
//!
//! Checks nothing: an entry that can't be read is left to whoever checks entries.

use super::Finding;
use crate::store::EventStore;
use mingzhang_events::{RecordedEvent, decode};

/// Entries read at once.
const CHUNK: u64 = 8_192;

/// The entries of a stored type among the first `tree_size`, with their log indexes.
pub(super) fn entries_of_type(
    store: &dyn EventStore,
    tree_size: u64,
    stored_type: &str,
) -> Result<Vec<(u64, RecordedEvent)>, Finding> {
    let ending = ending(stored_type);
    let (mut found, mut next) = (Vec::new(), 0);
    while next < tree_size {
        let before = next;
        for segment in store.read(next, CHUNK.min(tree_size - next))? {
            next = next.max(segment.end_index());
            let of_type = segment.entries().map_while(Result::ok).filter(|(_, entry)| entry.ends_with(&ending));
            let asked = of_type.filter(|(log_index, _)| (before..tree_size).contains(log_index));
            found.extend(asked.filter_map(|(log_index, entry)| Some((log_index, decode(entry).ok()?))));
        }
        if next == before {
            break;
        }
    }
    Ok(found)
}

/// How the bytes of such an entry end: `type` is the last key.
pub(super) fn ending(stored_type: &str) -> Vec<u8> {
    format!(r#","type":"{stored_type}"}}"#).into_bytes()
}
