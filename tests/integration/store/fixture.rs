//! Stores to be tested, and batches to put into them.

use std::path::PathBuf;

use mingzhang::{
    store::{BatchBuilder, EventStore, MemoryStore, SealedBatch, Segment, SqliteStore, StoreError},
    transparency::{Hash, Tree},
};
use tempfile::TempDir;

type CreateStore = fn(&TempDir) -> Box<dyn EventStore>;

/// The implementations, by name. Each gives an empty store; what is in the directory goes with it.
pub(crate) const EVERY_STORE: [(&str, CreateStore); 2] = [
    ("memory", |_| Box::new(MemoryStore::new())),
    ("sqlite", |directory| Box::new(SqliteStore::create(&database(directory)).unwrap())),
];

/// Runs a claim over an empty store of each implementation.
pub(crate) fn for_every_store(claim: impl Fn(&str, &dyn EventStore)) {
    for (name, create) in EVERY_STORE {
        let directory = tempfile::tempdir().unwrap();
        claim(name, create(&directory).as_ref());
    }
}

pub(crate) fn database(directory: &TempDir) -> PathBuf {
    directory.path().join("ledger.sqlite")
}

/// What an entry of the log is in these tests: as long as a short event, and different for each log index.
pub(crate) fn entry(log_index: u64) -> Vec<u8> {
    let length = 20 + log_index % 37 * 11;
    log_index.to_be_bytes().into_iter().cycle().take(usize::try_from(length).unwrap()).collect()
}

/// The next `count` entries on top of the tree, sealed.
pub(crate) fn next_batch(tree: &mut Tree, count: u64) -> SealedBatch {
    let mut batch = BatchBuilder::new(tree.size());
    for log_index in tree.size()..tree.size() + count {
        batch.push(&entry(log_index)).unwrap();
    }
    batch.seal(tree)
}

/// Commits batches of these sizes and returns the tree over them.
pub(crate) fn commit_all(store: &dyn EventStore, counts: &[u64]) -> Tree {
    let mut tree = Tree::new();
    for count in counts {
        let batch = next_batch(&mut tree, *count);
        store.commit(&batch).unwrap();
    }
    tree
}

/// The entries of segments, each with its log index.
pub(crate) fn entries(segments: &[Segment]) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    segments
        .iter()
        .flat_map(Segment::entries)
        .map(|entry| entry.map(|(index, bytes)| (index, bytes.to_vec())))
        .collect()
}

/// All entries from `from` on, read in portions.
pub(crate) fn read_all(store: &dyn EventStore, from: u64) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let mut all = Vec::new();
    let mut next = from;
    loop {
        let segments = store.read(next, 700)?;
        let Some(last) = segments.last() else { return Ok(all) };
        next = last.end_index();
        all.extend(entries(&segments)?.into_iter().filter(|(log_index, _)| *log_index >= from));
    }
}

/// The tree as it is built again from what is stored.
pub(crate) fn stored_tree(store: &dyn EventStore) -> Tree {
    let size = store.head().unwrap();
    let tile_roots = store.nodes(1, 0, size / 256).unwrap();
    let last_tile: Vec<Hash> = store.nodes(0, size / 256 * 256, size).unwrap();
    Tree::from_tile_roots(size, tile_roots, &last_tile).unwrap()
}
