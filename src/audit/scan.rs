//! Entries of a few types, found among all the others by how their bytes end: the others aren't decoded.
//!
//! Checks nothing: an entry that can't be read is left to whoever checks entries.

use super::Finding;
use crate::store::EventStore;
use mingzhang_events::{RecordedEvent, decode};

/// Entries read at once.
const CHUNK: u64 = 8_192;

/// The entries of these stored types among the first `tree_size`, with their log indexes.
pub(super) fn entries_of_types(
    store: &dyn EventStore,
    tree_size: u64,
    stored_types: &[&str],
) -> Result<Vec<(u64, RecordedEvent)>, Finding> {
    let endings: Vec<Vec<u8>> = stored_types.iter().map(|stored_type| ending(stored_type)).collect();
    let (mut found, mut next) = (Vec::new(), 0);
    while next < tree_size {
        let before = next;
        for segment in store.read(next, CHUNK.min(tree_size - next))? {
            next = next.max(segment.end_index());
            let wanted = |entry: &[u8]| endings.iter().any(|ending| entry.ends_with(ending));
            let of_types = segment.entries().map_while(Result::ok).filter(|(_, entry)| wanted(entry));
            let asked = of_types.filter(|(log_index, _)| (before..tree_size).contains(log_index));
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
