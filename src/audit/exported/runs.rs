//! Entries and leaf hashes of an export, written a run at a time on several threads.
//!
//! Invariant: no entry is written that doesn't have the hash under which it was recorded, and no full tile whose root isn't the
//! stored one.

use super::output::Output;
use super::{ExportError, Exported, Scope};
use crate::audit::Finding;
use crate::store::EventStore;
use crate::transparency::{Hash, TILE_WIDTH, Tile, TileContent, Tree, bundle, leaf_hash};
use std::sync::mpsc::{Sender, channel};

/// Entries that a thread takes at once: 32 tiles.
const RUN: u64 = 32 * TILE_WIDTH;
const THREADS: u64 = 2;

/// Writes what is new, and counts it.
pub(super) fn write_entries(
    store: &dyn EventStore,
    output: &Output<'_>,
    scope: Scope,
    exported: &mut Exported,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), ExportError> {
    let (known, size) = (exported.known, exported.size);
    if known == size {
        return Ok(());
    }
    // The tile that was partial is written as a whole.
    let first = known / TILE_WIDTH * TILE_WIDTH;
    let mut done = first;
    std::thread::scope(|threads| {
        let (written, runs) = channel();
        for lane in 0..THREADS {
            let written = written.clone();
            threads.spawn(move || write_lane(store, output, scope, first + lane * RUN, size, &written));
        }
        drop(written);
        for run in runs {
            let run: Written = run?;
            done += run.entries;
            exported.files += run.files;
            exported.bytes += run.bytes;
            progress(done, size);
        }
        Ok(())
    })
}

/// What a thread wrote at once.
#[derive(Default)]
pub(super) struct Written {
    entries: u64,
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// Every second run, until the log or the interest in it ends.
fn write_lane(
    store: &dyn EventStore,
    output: &Output<'_>,
    scope: Scope,
    mut from: u64,
    size: u64,
    written: &Sender<Result<Written, ExportError>>,
) {
    while from < size {
        let run = write_run(store, output, scope, from, (from + RUN).min(size));
        let failed = run.is_err();
        if written.send(run).is_err() || failed {
            return;
        }
        from += THREADS * RUN;
    }
}

/// Checks the entries `from..end`, which begin with a tile, and writes their tiles.
pub(super) fn write_run(
    store: &dyn EventStore,
    output: &Output<'_>,
    scope: Scope,
    from: u64,
    end: u64,
) -> Result<Written, ExportError> {
    let tile_roots = store.nodes(1, from / TILE_WIDTH, end / TILE_WIDTH)?;
    let mut written = Written { entries: end - from, ..Written::default() };
    let (mut entries, mut leaves): (Vec<u8>, Vec<Hash>) = (Vec::new(), Vec::new());
    let mut next = from;
    for segment in store.read(from, end - from)? {
        for (entry, stored) in segment.entries().zip(segment.hashes()) {
            let (log_index, entry) = entry?;
            // After the published head the log may go on.
            if log_index == end {
                break;
            }
            let leaf = leaf_hash(entry);
            if leaf != *stored {
                return Err(Finding::EntryChanged { log_index }.into());
            }
            bundle::append_entry(&mut entries, entry).expect("an entry that was stored fits");
            leaves.push(leaf);
            next = log_index + 1;
            if next.is_multiple_of(TILE_WIDTH) {
                check_root(&leaves, from, log_index, &tile_roots)?;
            }
            if next.is_multiple_of(TILE_WIDTH) || next == end {
                let tile = |content| Tile::at(content, log_index / TILE_WIDTH, next).expect("it ends here");
                written.count(output.write(&tile(TileContent::Hashes { level: 0 }), leaves.as_flattened())?);
                if scope == Scope::EntriesAndHashes {
                    written.count(output.write(&tile(TileContent::Entries), &entries)?);
                }
                entries.clear();
                leaves.clear();
            }
        }
    }
    if next == end { Ok(written) } else { Err(Finding::EntriesMissing { published: end, tree_size: next }.into()) }
}

/// The leaves of a full tile have the root that is stored for it; the roots are those of the signed tree.
fn check_root(leaves: &[Hash], from: u64, log_index: u64, tile_roots: &[Hash]) -> Result<(), Finding> {
    let position = log_index / TILE_WIDTH;
    let stored = usize::try_from(position - from / TILE_WIDTH).ok().and_then(|at| tile_roots.get(at));
    let mut tree = Tree::new();
    tree.extend(leaves);
    if stored == Some(&tree.root()) {
        return Ok(());
    }
    Err(Finding::TileOrEntriesDiffer { level: 1, position, log_index: position * TILE_WIDTH })
}

impl Written {
    fn count(&mut self, written_bytes: Option<u64>) {
        self.files += u64::from(written_bytes.is_some());
        self.bytes += written_bytes.unwrap_or_default();
    }
}
