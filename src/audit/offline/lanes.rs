//! A bundle's entries, unpacked on one thread, hashed and decoded on two others, in order again for the fold.
//!
//! Holds a few runs at a time, whatever the length of the bundle.

use super::finding::AuditFinding;
use crate::audit::bundle::{BundleFault, BundleReader};
use crate::transparency::{Frontier, Hash, Tile, bundle, leaf_hash};
use mingzhang_events::{RecordedEvent, decode_canonical};
use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// Entry bundles that are handed on together: 4,096 entries.
const RUN_BUNDLES: usize = 16;
const LANES: usize = 2;
/// Runs that may wait for a lane, and runs that may wait for the fold.
const RUNS_AHEAD: usize = 2;

/// Consecutive entries, each of which is a canonical event.
pub(super) struct Run {
    pub(super) first_index: u64,
    pub(super) events: Vec<RecordedEvent>,
    pub(super) tiles: Vec<TileHashes>,
}

/// The leaves of one tile with the root over them if it is full.
pub(super) struct TileHashes {
    pub(super) leaves: Vec<Hash>,
    pub(super) root: Option<Hash>,
}

type Raw = Result<Vec<(Tile, Vec<u8>)>, BundleFault>;
type Checked = Result<Run, AuditFinding>;

/// The entries that follow in a bundle, run by run. The first fault is the last that is given.
pub(super) fn runs<'scope, R: Read + Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    mut reader: BundleReader<R>,
) -> impl Iterator<Item = Checked> {
    let origin = reader.manifest.origin.clone();
    let (raw, checked): (Vec<SyncSender<Raw>>, Vec<Receiver<Checked>>) = (0..LANES)
        .map(|_| {
            let (to_lane, from_reader) = sync_channel::<Raw>(RUNS_AHEAD);
            let (to_fold, from_lane) = sync_channel(RUNS_AHEAD);
            let origin = origin.clone();
            scope.spawn(move || {
                for raw in from_reader {
                    let run = raw.map_err(AuditFinding::from).and_then(|raw| check(&origin, raw));
                    if to_fold.send(run).is_err() {
                        return;
                    }
                }
            });
            (to_lane, from_lane)
        })
        .unzip();
    scope.spawn(move || {
        for lane in raw.iter().cycle() {
            let run = next_run(&mut reader);
            let last = !matches!(&run, Ok(run) if run.len() == RUN_BUNDLES);
            if lane.send(run).is_err() || last {
                return;
            }
        }
    });
    let mut number = 0_usize;
    std::iter::from_fn(move || {
        let run = checked[number % LANES].recv().ok();
        number += 1;
        run
    })
}

fn next_run<R: Read>(reader: &mut BundleReader<R>) -> Raw {
    let mut run = Vec::with_capacity(RUN_BUNDLES);
    while run.len() < RUN_BUNDLES {
        match reader.next_bundle()? {
            Some(bundle) => run.push(bundle),
            None => break,
        }
    }
    Ok(run)
}

fn check(origin: &str, raw: Vec<(Tile, Vec<u8>)>) -> Checked {
    let first_index = raw.first().map_or(0, |(tile, _)| tile.first());
    let mut run =
        Run { first_index, events: Vec::with_capacity(raw.len() * 256), tiles: Vec::with_capacity(raw.len()) };
    for (tile, bytes) in raw {
        let width = usize::from(tile.width);
        let mut leaves: Vec<Hash> = Vec::with_capacity(width);
        for (log_index, entry) in (tile.first()..).zip(bundle::entries(&bytes)) {
            let unreadable = |what: String| BundleFault::EntryUnreadable { log_index, what };
            let entry = entry.map_err(|cut_off| unreadable(cut_off.to_string()))?;
            if leaves.len() == width {
                return Err(unreadable(format!("{tile} holds more than {width} entries")).into());
            }
            let event = decode_canonical(entry, origin);
            run.events.push(event.map_err(|source| AuditFinding::NotAnEvent { log_index, source })?);
            leaves.push(leaf_hash(entry));
        }
        if leaves.len() < width {
            let log_index = tile.first() + leaves.len() as u64;
            return Err(BundleFault::EntryUnreadable { log_index, what: format!("{tile} ends before it") }.into());
        }
        let root = tile.is_full().then(|| {
            let mut tree = Frontier::new();
            leaves.iter().for_each(|leaf| tree.push(*leaf));
            tree.root()
        });
        run.tiles.push(TileHashes { leaves, root });
    }
    Ok(run)
}
