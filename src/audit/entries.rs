//! One run of entries, checked by itself: bytes against stored hash, bytes against the canonical form. Runs are independent, so
//! two threads take turns.

use super::Finding;
use crate::store::EventStore;
use crate::transparency::{Hash, leaf_hash};
use mingzhang_events::{RecordedEvent, decode_canonical};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// Entries checked at once.
const RUN: u64 = 8_192;
/// Runs that one thread may be ahead of the fold.
const RUNS_AHEAD: usize = 2;
const THREADS: u64 = 2;

/// A run that was found sound in itself.
pub(super) struct Run {
    pub(super) leaves: Vec<Hash>,
    pub(super) events: Vec<RecordedEvent>,
}

/// Starts checking the first `tree_size` entries and gives their runs in order.
pub(super) fn runs<'scope>(
    scope: &'scope Scope<'scope, '_>,
    store: &'scope dyn EventStore,
    origin: &'scope str,
    tree_size: u64,
) -> impl Iterator<Item = Result<Run, Finding>> {
    let lanes: Vec<Receiver<Result<Run, Finding>>> = (0..THREADS)
        .map(|lane| {
            let (checked, runs) = sync_channel(RUNS_AHEAD);
            scope.spawn(move || check_lane(store, origin, lane, tree_size, &checked));
            runs
        })
        .collect();
    let mut number = 0_usize;
    std::iter::from_fn(move || {
        let run = lanes[number % lanes.len()].recv().ok();
        number += 1;
        run
    })
}

/// Every second run, until the log or the interest in it ends.
fn check_lane(
    store: &dyn EventStore,
    origin: &str,
    lane: u64,
    tree_size: u64,
    checked: &SyncSender<Result<Run, Finding>>,
) {
    let mut from = lane * RUN;
    while from < tree_size {
        let run = check_run(store, origin, from, RUN.min(tree_size - from));
        let failed = run.is_err();
        if checked.send(run).is_err() || failed {
            return;
        }
        from += THREADS * RUN;
    }
}

fn check_run(store: &dyn EventStore, origin: &str, from: u64, count: u64) -> Result<Run, Finding> {
    let wanted = from..from + count;
    let capacity = usize::try_from(count).unwrap_or_default();
    let mut run = Run { leaves: Vec::with_capacity(capacity), events: Vec::with_capacity(capacity) };
    let mut next = from;
    for segment in store.read(from, count)? {
        for (entry, stored) in segment.entries().zip(segment.hashes()) {
            let (log_index, entry) = entry?;
            if !wanted.contains(&log_index) {
                continue;
            }
            let leaf = leaf_hash(entry);
            if leaf != *stored {
                return Err(Finding::EntryChanged { log_index });
            }
            run.events
                .push(decode_canonical(entry, origin).map_err(|source| Finding::NotAnEvent { log_index, source })?);
            run.leaves.push(leaf);
            next = log_index + 1;
        }
    }
    if next == wanted.end {
        Ok(run)
    } else {
        Err(Finding::EntryUnreadable { log_index: next, what: "the entry is missing".to_owned() })
    }
}
