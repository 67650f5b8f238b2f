//! The roots that the bytes of the entries give, whatever hashes are stored beside them: looked at once something was found, so that what is
//! accused is what was forged.
//!
//! Judges no signature. Invariant: a finding is replaced only where the entries have the very root that was signed.

use super::Finding;
use crate::store::EventStore;
use crate::transparency::{Checkpoint, Frontier, Hash, leaf_hash};
use std::collections::BTreeMap;

/// Entries read at once.
const CHUNK: u64 = 8_192;

/// What was found, told better if the entries are those that were signed. An earlier checkpoint that they contradict goes before everything: the
/// key has signed two histories. And where a stored hash isn't that of its entry, the hash is the forged one. `signed` is a checkpoint whose
/// signature was checked, `earlier` are checkpoints of the same log.
pub fn found_in_signed_entries(
    store: &dyn EventStore,
    signed: &Checkpoint,
    earlier: &[Checkpoint],
    finding: Finding,
) -> Finding {
    let wanted = earlier.iter().map(|kept| kept.size).filter(|size| *size <= signed.size).chain([signed.size]);
    let was_read = !matches!(finding, Finding::Unfinished(_));
    let roots = if was_read { roots_of_entries(store, wanted) } else { None };
    let Some(roots) = roots.filter(|roots| roots.get(&signed.size) == Some(&signed.root)) else { return finding };
    let contradicted = earlier.iter().find(|kept| roots.get(&kept.size).is_some_and(|root| *root != kept.root));
    if let Some(kept) = contradicted {
        return Finding::Forked { earlier: kept.size };
    }
    if let Finding::EntryChanged { log_index } = finding
        && log_index < signed.size
    {
        return Finding::LeafHashDiffers { log_index };
    }
    finding
}

/// The roots at these sizes. None if the entries can't be read that far.
fn roots_of_entries(store: &dyn EventStore, sizes: impl Iterator<Item = u64>) -> Option<BTreeMap<u64, Hash>> {
    let mut roots: BTreeMap<u64, Option<Hash>> = sizes.map(|size| (size, None)).collect();
    let (end, mut frontier) = (*roots.keys().next_back()?, Frontier::new());
    let mut reached = |frontier: &Frontier| {
        if let Some(root) = roots.get_mut(&frontier.size()) {
            *root = Some(frontier.root());
        }
    };
    reached(&frontier);
    while frontier.size() < end {
        let before = frontier.size();
        for segment in store.read(before, CHUNK.min(end - before)).ok()? {
            for entry in segment.entries() {
                let (log_index, entry) = entry.ok()?;
                if log_index == frontier.size() && log_index < end {
                    frontier.push(leaf_hash(entry));
                    reached(&frontier);
                }
            }
        }
        if frontier.size() == before {
            return None;
        }
    }
    roots.into_iter().map(|(size, root)| Some((size, root?))).collect()
}
