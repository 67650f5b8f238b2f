//! No id occurs twice: the log itself is the memory of which commands were recorded.
//!
//! Holds 8 bytes an entry: half an id tells candidates, and only these are read again.

use super::Finding;
use crate::store::EventStore;
use mingzhang_events::{EventId, decode};
use std::collections::{HashMap, HashSet};

/// Entries read at once when candidates are looked for again.
const CHUNK: u64 = 8_192;

/// Half of every id seen.
#[derive(Default)]
pub(super) struct Ids(Vec<u64>);

fn half(id: EventId) -> u64 {
    u64::try_from(id.0 & u128::from(u64::MAX)).expect("64 bits")
}

impl Ids {
    pub(super) fn note(&mut self, id: EventId) {
        self.0.push(half(id));
    }

    /// Finds the first id that occurs twice.
    pub(super) fn check(mut self, store: &dyn EventStore) -> Result<(), Finding> {
        self.0.sort_unstable();
        let candidates: HashSet<u64> =
            self.0.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        if candidates.is_empty() {
            return Ok(());
        }
        let tree_size = self.0.len() as u64;
        let mut seen: HashMap<EventId, u64> = HashMap::new();
        let mut next = 0;
        while next < tree_size {
            for segment in store.read(next, CHUNK.min(tree_size - next))? {
                for entry in segment.entries() {
                    let (log_index, entry) = entry?;
                    next = log_index + 1;
                    let id = decode(entry).map_err(|source| Finding::NotAnEvent { log_index, source })?.id;
                    if !candidates.contains(&half(id)) {
                        continue;
                    }
                    match seen.insert(id, log_index) {
                        Some(first) if first != log_index => return Err(Finding::IdTwice { log_index, first }),
                        Some(_) | None => {}
                    }
                }
            }
        }
        Ok(())
    }
}
