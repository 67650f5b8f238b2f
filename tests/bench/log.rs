//! How fast the log is, beside what the disk and SQLite alone can do on the same machine.
//!
//! `cargo bench --bench log`. Put `TMPDIR` on the disk that is to be measured.

use std::{convert::Infallible, fs::File, hint::black_box, io::Write, path::Path};

use criterion::{BatchSize, Bencher, Criterion, Throughput, criterion_group, criterion_main};
use mingzhang::{
    store::{BatchBuilder, EventStore, MemoryStore, SealedBatch, SqliteStore, read_block},
    transparency::{
        Checkpoint, Ed25519Signer, Hash, OldBlock, SignedCheckpoint, Tree, leaf_hash, verify_consistency,
        verify_inclusion,
    },
};
use rusqlite::Connection;

/// About what an event of this ledger is long.
const ENTRY_BYTES: usize = 350;
const BATCH_ENTRIES: u64 = 1_000;
const TREE_LEAVES: u64 = 1_000_000;

criterion_group!(benches, tree, signature, seal, commit_batches, commit_single_entries, proof_out_of_the_store, read);
criterion_main!(benches);

fn entry(log_index: u64) -> [u8; ENTRY_BYTES] {
    let mut entry = [b' '; ENTRY_BYTES];
    entry[..8].copy_from_slice(&log_index.to_be_bytes());
    entry
}

fn batch(tree: &mut Tree, entries: u64) -> SealedBatch {
    let mut batch = BatchBuilder::new(tree.size());
    for log_index in tree.size()..tree.size() + entries {
        batch.push(&entry(log_index)).unwrap();
    }
    batch.seal(tree)
}

fn tree(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tree");
    let leaves: Vec<Hash> = (0..TREE_LEAVES).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    group.throughput(Throughput::Elements(10_000));
    group.bench_function("extend_by_10_000_leaf_hashes", |bencher| {
        bencher.iter_batched_ref(Tree::new, |tree| tree.extend(&leaves[..10_000]), BatchSize::LargeInput);
    });
    group.bench_function("hash_10_000_entries_and_extend", |bencher| {
        let entries: Vec<_> = (0..10_000).map(entry).collect();
        bencher.iter(|| {
            let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
            let mut tree = Tree::new();
            tree.extend(&leaves);
            tree.root()
        });
    });

    let mut tree = Tree::new();
    tree.extend(&leaves);
    let root = tree.root();
    let block_roots: Vec<_> = tree.block_roots_completed_between(0, TREE_LEAVES).to_vec();
    tree.settle(TREE_LEAVES);
    let block = |block: u64| {
        let block = usize::try_from(block).unwrap();
        Ok::<_, Infallible>(OldBlock::new(&block_roots[block / 16], &leaves[block * 16..(block + 1) * 16]))
    };
    group.throughput(Throughput::Elements(1));
    group.bench_function("root_of_a_million", |bencher| bencher.iter(|| black_box(&tree).root()));
    let mut next = 0;
    let mut next_index = move |first: u64, last: u64| {
        next += 7_919;
        first + next % (last - first)
    };
    group.bench_function("inclusion_proof_of_a_recent_leaf", |bencher| {
        bencher
            .iter(|| tree.inclusion_proof(next_index(TREE_LEAVES - 10_000, TREE_LEAVES), TREE_LEAVES, block).unwrap());
    });
    group.bench_function("inclusion_proof_of_an_old_leaf", |bencher| {
        bencher.iter(|| tree.inclusion_proof(next_index(0, 900_000), TREE_LEAVES, block).unwrap());
    });
    // Of full tiles, as only their blocks are read.
    let kept: Vec<OldBlock> = (0..TREE_LEAVES / 256 * 16).map(|wanted| block(wanted).unwrap()).collect();
    let kept = |block| Ok::<_, Infallible>(kept[usize::try_from(block).unwrap()].clone());
    group.bench_function("inclusion_proof_of_an_old_leaf_whose_block_was_kept", |bencher| {
        bencher.iter(|| tree.inclusion_proof(next_index(0, 900_000), TREE_LEAVES, kept).unwrap());
    });
    let proof = tree.inclusion_proof(999_123, TREE_LEAVES, block).unwrap();
    group.bench_function("verify_inclusion", |bencher| {
        bencher.iter(|| verify_inclusion(&leaves[999_123], 999_123, TREE_LEAVES, &proof, &root));
    });
    let old_root = tree.root_at(700_001, block).unwrap();
    let proof = tree.consistency_proof(700_001, TREE_LEAVES, block).unwrap();
    group.bench_function("verify_consistency", |bencher| {
        bencher.iter(|| verify_consistency(700_001, TREE_LEAVES, &proof, &old_root, &root));
    });
    group.finish();
}

fn signature(criterion: &mut Criterion) {
    let signer = Ed25519Signer::from_seed("log.example", &[7; 32]).unwrap();
    let checkpoint = Checkpoint::new("log.example", TREE_LEAVES, leaf_hash(b"root"));
    criterion.bench_function("sign_a_checkpoint", |bencher| {
        bencher.iter(|| SignedCheckpoint::sign(checkpoint.clone(), &[&signer]).unwrap());
    });
}

fn seal(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("seal");
    group.throughput(Throughput::Elements(BATCH_ENTRIES));
    let mut tree = Tree::new();
    group.bench_function("a_batch_of_1_000", |bencher| {
        bencher.iter(|| {
            let batch = batch(&mut tree, BATCH_ENTRIES);
            tree.settle(tree.size());
            batch
        });
    });
    group.finish();
}

fn commit_batches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("commit_a_batch_of_1_000");
    group.throughput(Throughput::Elements(BATCH_ENTRIES));
    let directory = tempfile::tempdir().unwrap();
    group.bench_function("disk_alone_append_and_fdatasync", |bencher| {
        let mut file = File::create(directory.path().join("raw")).unwrap();
        let bytes = vec![7; ENTRY_BYTES * 1_000];
        bencher.iter(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        });
    });
    let mut rows = PlainTable::create(&directory.path().join("rows.sqlite"));
    group.bench_function("sqlite_alone_a_row_per_event", |bencher| bencher.iter(|| rows.commit(BATCH_ENTRIES)));
    let store = SqliteStore::create(&directory.path().join("batches.sqlite")).unwrap();
    let mut tree = Tree::new();
    group.bench_function("sqlite_store", |bencher| commit_repeatedly(bencher, &store, &mut tree, BATCH_ENTRIES));
    let (store, mut tree) = (MemoryStore::new(), Tree::new());
    group.bench_function("memory_store", |bencher| commit_repeatedly(bencher, &store, &mut tree, BATCH_ENTRIES));
    group.finish();
}

fn commit_single_entries(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("commit_a_single_entry");
    group.throughput(Throughput::Elements(1));
    let directory = tempfile::tempdir().unwrap();
    group.bench_function("disk_alone_append_and_fdatasync", |bencher| {
        let mut file = File::create(directory.path().join("raw")).unwrap();
        bencher.iter(|| {
            file.write_all(&entry(7)).unwrap();
            file.sync_data().unwrap();
        });
    });
    let mut rows = PlainTable::create(&directory.path().join("rows.sqlite"));
    group.bench_function("sqlite_alone_a_row_per_event", |bencher| bencher.iter(|| rows.commit(1)));
    let store = SqliteStore::create(&directory.path().join("single.sqlite")).unwrap();
    let mut tree = Tree::new();
    group.bench_function("sqlite_store", |bencher| commit_repeatedly(bencher, &store, &mut tree, 1));
    group.finish();
}

const STORED_ENTRIES: u64 = 300_000;

/// A database of so many entries, in batches of that size, and its tree.
fn stored(path: &Path, batch_entries: u64) -> (SqliteStore, Tree) {
    let store = SqliteStore::create(path).unwrap();
    let mut tree = Tree::new();
    let mut sealed = Vec::new();
    while tree.size() < STORED_ENTRIES {
        sealed.push(batch(&mut tree, batch_entries));
    }
    for batch in merged(&sealed) {
        store.commit(&batch).unwrap();
    }
    (store, tree)
}

/// Nothing is kept from one proof to the next: each reads its block.
fn proof_out_of_the_store(criterion: &mut Criterion) {
    let directory = tempfile::tempdir().unwrap();
    let (store, mut tree) = stored(&directory.path().join("store"), BATCH_ENTRIES);
    tree.settle(STORED_ENTRIES);
    let mut group = criterion.benchmark_group("tree");
    group.throughput(Throughput::Elements(1));
    let mut log_index = 0;
    group.bench_function("inclusion_proof_of_an_old_leaf_out_of_the_store", |bencher| {
        bencher.iter(|| {
            log_index = (log_index + 7_919) % 250_000;
            tree.inclusion_proof(log_index, STORED_ENTRIES, |block| read_block(&store, &tree, block)).unwrap()
        });
    });
    group.finish();
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read_300_000_entries");
    group.throughput(Throughput::Elements(STORED_ENTRIES));
    group.sample_size(10);
    let directory = tempfile::tempdir().unwrap();
    for (name, batch_entries) in [("of_batches", BATCH_ENTRIES), ("of_batches_of_10", 10)] {
        let (store, _) = stored(&directory.path().join(name), batch_entries);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut next = 0;
                let mut bytes = 0;
                while let segments = store.read(next, 4_096).unwrap()
                    && let Some(last) = segments.last()
                {
                    next = last.end_index();
                    bytes += segments
                        .iter()
                        .flat_map(|segment| segment.entries())
                        .flatten()
                        .map(|(_, entry)| entry.len())
                        .sum::<usize>();
                }
                assert_eq!(next, STORED_ENTRIES);
                bytes
            });
        });
        group.bench_function(format!("{name}_leaf_hashes"), |bencher| {
            bencher.iter(|| store.nodes(0, 0, STORED_ENTRIES).unwrap().len());
        });
    }
    group.finish();
}

/// Many small segments in few transactions, so that preparing takes no minutes.
fn merged(batches: &[SealedBatch]) -> impl Iterator<Item = SealedBatch> {
    batches.chunks(1_000).map(|batches| SealedBatch {
        tree_size_before: batches[0].tree_size_before,
        tree_size_after: batches[batches.len() - 1].tree_size_after,
        segments: batches.iter().flat_map(|batch| batch.segments.clone()).collect(),
        tile_roots: batches.iter().flat_map(|batch| batch.tile_roots.clone()).collect(),
        block_roots: batches.iter().flat_map(|batch| batch.block_roots.clone()).collect(),
    })
}

/// Only the commit is measured; the batches are sealed between.
fn commit_repeatedly(bencher: &mut Bencher<'_>, store: &dyn EventStore, tree: &mut Tree, entries: u64) {
    bencher.iter_batched_ref(
        || {
            let batch = batch(tree, entries);
            tree.settle(tree.size());
            batch
        },
        |batch| store.commit(batch).unwrap(),
        BatchSize::PerIteration,
    );
}

/// What one would write first: a row per event.
struct PlainTable {
    connection: Connection,
    next: u64,
}

impl PlainTable {
    fn create(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 CREATE TABLE event (log_index INTEGER PRIMARY KEY, entry BLOB NOT NULL, leaf_hash BLOB NOT NULL) STRICT;",
            )
            .unwrap();
        Self { connection, next: 0 }
    }

    fn commit(&mut self, events: u64) {
        let transaction = self.connection.transaction().unwrap();
        {
            let mut insert = transaction.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3)").unwrap();
            for log_index in self.next..self.next + events {
                let entry = entry(log_index);
                insert.execute((i64::try_from(log_index).unwrap(), entry, leaf_hash(&entry))).unwrap();
            }
        }
        transaction.commit().unwrap();
        self.next += events;
    }
}
