//! What every store promises.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use mingzhang::{
    store::{BatchBuilder, CommitError, StoreError, read_block},
    transparency::{Tree, leaf_hash},
};
use proptest::prelude::*;

use super::fixture::{EVERY_STORE, commit_all, entries, entry, for_every_store, next_batch, read_all, stored_tree};

#[test]
fn a_new_log_is_empty() {
    for_every_store(|name, store| {
        assert_eq!(store.head().unwrap(), 0, "{name}");
        assert!(store.read(0, 100).unwrap().is_empty(), "{name}");
        for level in [0, 1, 2, 7, 8, 255] {
            assert_eq!(store.nodes(level, 0, 10).unwrap(), [[0; 32]; 0], "{name}");
        }
    });
}

#[test]
fn entries_come_back_in_order_from_any_index() {
    for_every_store(|name, store| {
        commit_all(store, &[1, 255, 1, 600, 2, 300]);
        assert_eq!(store.head().unwrap(), 1_159, "{name}");
        for from in (0..1_159).step_by(7).chain([255, 256, 257, 511, 512, 856, 857, 858, 1_158]) {
            let all = read_all(store, from).unwrap();
            let expected: Vec<_> = (from..1_159).map(|log_index| (log_index, entry(log_index))).collect();
            assert!(all == expected, "{name} from {from}");
        }
        for from in [1_159, 1_160, 5_000, u64::MAX] {
            assert!(store.read(from, u64::MAX).unwrap().is_empty(), "{name} from {from}");
        }
        assert!(store.read(3, 0).unwrap().is_empty(), "{name}");
    });
}

#[test]
fn a_read_covers_what_is_wanted_and_no_further_segment() {
    for_every_store(|name, store| {
        commit_all(store, &[100, 100, 100, 300]);
        // Segments begin at 0, 100, 200, 256, 300, 512.
        for (from, wanted, firsts) in [
            (0, 1, &[0][..]),
            (0, 100, &[0]),
            (0, 101, &[0, 100]),
            (99, 1, &[0]),
            (99, 2, &[0, 100]),
            (150, 107, &[100, 200, 256]),
            (150, u64::MAX, &[100, 200, 256, 300, 512]),
            (599, 1, &[512]),
        ] {
            let segments = store.read(from, wanted).unwrap();
            let read: Vec<_> = segments.iter().map(|segment| segment.first_index).collect();
            assert_eq!(read, firsts, "{name}: {wanted} from {from}");
        }
    });
}

#[test]
fn no_segment_crosses_the_end_of_a_tile_and_each_hash_is_that_of_its_entry() {
    for_every_store(|name, store| {
        commit_all(store, &[200, 600, 1, 255, 256]);
        let segments = store.read(0, u64::MAX).unwrap();
        for segment in &segments {
            assert_eq!(segment.first_index / 256, (segment.end_index() - 1) / 256, "{name}");
        }
        let hashes: Vec<_> = segments.iter().flat_map(|segment| segment.hashes().to_vec()).collect();
        let expected: Vec<_> = entries(&segments).unwrap().iter().map(|(_, entry)| leaf_hash(entry)).collect();
        assert!(hashes == expected, "{name}");
    });
}

#[test]
fn nodes_are_those_of_the_tree_at_each_level() {
    for_every_store(|name, store| {
        let tree = commit_all(store, &[300, 65_000, 500, 1]);
        let leaves: Vec<_> = (0..65_801).map(|log_index| leaf_hash(&entry(log_index))).collect();
        for (start, end) in [(0, 65_801), (0, 1), (255, 257), (299, 301), (65_800, 65_801), (400, 400)] {
            let expected = &leaves[start..end];
            assert!(store.nodes(0, start as u64, end as u64).unwrap() == expected, "{name}: {start}..{end}");
        }
        assert!(store.nodes(0, 65_799, 70_000).unwrap() == leaves[65_799..], "{name}: beyond the end");
        assert_eq!(store.nodes(0, 70_000, 70_001).unwrap().len(), 0, "{name}: beyond the end");
        let completed = tree.tile_roots_completed_between(0, tree.size());
        for level in [1, 2, 3] {
            let expected: Vec<_> = completed.iter().filter(|root| root.0 == level).map(|root| root.2).collect();
            assert!(store.nodes(level, 0, 1_000).unwrap() == expected, "{name}: level {level}");
        }
        assert_eq!(store.nodes(1, 3, 5).unwrap(), [completed[3].2, completed[4].2], "{name}");
        assert_eq!(store.nodes(1, 257, 300).unwrap().len(), 0, "{name}");
        assert_eq!(stored_tree(store).root(), tree.root(), "{name}");
        let mut forgetful = Tree::new();
        for (tile, expected) in (0..257).zip(leaves.chunks_exact(256)) {
            forgetful.extend(expected);
            let expected = forgetful.block_roots_completed_between(tile * 256, (tile + 1) * 256)[0];
            assert_eq!(store.block_roots(tile).unwrap(), Some(expected), "{name}: tile {tile}");
        }
        assert_eq!(store.block_roots(257).unwrap(), None, "{name}: not full");
    });
}

#[test]
fn a_proof_out_of_the_store_is_that_of_the_whole_tree() {
    for_every_store(|name, store| {
        let whole = commit_all(store, &[300, 30_000, 9_700, 5]);
        let size = whole.size();
        let reopened = stored_tree(store);
        for index in [0, 5, 255, 256, 12_345, 39_999, 40_000, 40_004] {
            let proof = reopened.inclusion_proof(index, size, |block| read_block(store, &reopened, block)).unwrap();
            let expected = whole.inclusion_proof(index, size, |_| Err(StoreError::NotALedger)).unwrap();
            assert_eq!(proof, expected, "{name}: {index}");
        }
    });
}

#[test]
fn a_batch_on_another_tree_size_is_a_conflict_and_leaves_nothing() {
    for_every_store(|name, store| {
        let tree = commit_all(store, &[300]);
        let before = store.read(0, u64::MAX).unwrap();
        for (size, count) in [(0, 300), (299, 1), (301, 400)] {
            let mut other = Tree::new();
            next_batch(&mut other, size);
            let refused = store.commit(&next_batch(&mut other, count));
            assert!(
                matches!(refused, Err(CommitError::Conflict { expected, actual: 300 }) if expected == size),
                "{name}: {refused:?}"
            );
        }
        assert_eq!(store.head().unwrap(), 300, "{name}");
        assert!(store.read(0, u64::MAX).unwrap() == before, "{name}");
        assert_eq!(store.nodes(1, 0, 10).unwrap().len(), 1, "{name}");
        store.commit(&next_batch(&mut tree.clone(), 5)).unwrap();
    });
}

#[test]
fn of_two_batches_on_one_tree_size_one_is_committed() {
    for_every_store(|name, store| {
        let outcomes: Vec<_> = thread::scope(|scope| {
            let committing: Vec<_> = (1..=8)
                .map(|count| scope.spawn(move || store.commit(&next_batch(&mut Tree::new(), count)).map(|()| count)))
                .collect();
            committing.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let committed: Vec<_> = outcomes.iter().flatten().collect();
        let conflicts = outcomes.iter().filter(|outcome| matches!(outcome, Err(CommitError::Conflict { .. }))).count();
        assert_eq!((committed.len(), conflicts), (1, 7), "{name}: {outcomes:?}");
        assert_eq!(store.head().unwrap(), *committed[0], "{name}");
    });
}

#[test]
fn an_empty_batch_changes_nothing() {
    for_every_store(|name, store| {
        let mut tree = commit_all(store, &[3]);
        store.commit(&next_batch(&mut tree, 0)).unwrap();
        assert_eq!(store.head().unwrap(), 3, "{name}");
    });
}

#[test]
fn who_reads_while_another_writes_sees_whole_batches_in_order() {
    const BATCH: u64 = 300;
    for_every_store(|name, store| {
        let writing = AtomicBool::new(true);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut seen = 0;
                    while writing.load(Ordering::Relaxed) {
                        let size = store.head().unwrap();
                        assert!(size >= seen && size.is_multiple_of(BATCH), "{name}: {seen}, then {size}");
                        let segments = store.read(seen, u64::MAX).unwrap();
                        let read = entries(&segments).unwrap();
                        assert!(read.iter().all(|(log_index, bytes)| *bytes == entry(*log_index)), "{name}");
                        let end = segments.last().map_or(seen, |last| last.end_index());
                        assert!(end >= size && end.is_multiple_of(BATCH), "{name}: {end} after {size}");
                        assert_eq!(store.nodes(0, seen, size).unwrap().len() as u64, size - seen, "{name}");
                        seen = size;
                    }
                });
            }
            commit_all(store, &[BATCH; 40]);
            writing.store(false, Ordering::Relaxed);
        });
    });
}

#[test]
fn a_batch_that_is_not_whole_is_never_stored() {
    for_every_store(|name, store| {
        let batch = next_batch(&mut Tree::new(), 300);
        let broken = [
            {
                let mut batch = batch.clone();
                batch.segments.remove(0);
                batch
            },
            {
                let mut batch = batch.clone();
                batch.tree_size_after += 1;
                batch
            },
            {
                let mut batch = batch.clone();
                batch.segments[1].bundle.pop();
                batch
            },
            {
                let mut batch = batch.clone();
                batch.segments[1].leaf_hashes.truncate(33);
                batch
            },
        ];
        for batch in broken {
            let panicked = thread::scope(|scope| scope.spawn(|| store.commit(&batch)).join());
            assert!(panicked.is_err(), "{name}");
        }
        assert_eq!(store.head().unwrap(), 0, "{name}");
        store.commit(&batch).unwrap();
    });
}

#[test]
fn an_entry_that_is_too_long_leaves_the_batch_as_it_was() {
    let mut batch = BatchBuilder::new(7);
    assert!(batch.push(&[0; 65_536]).is_err());
    assert!(batch.is_empty());
    batch.push(&[0; 65_535]).unwrap();
    batch.begin_entry().extend_from_slice(&[0; 70_000]);
    assert!(batch.end_entry().is_err());
    assert_eq!((batch.entry_count(), batch.tree_size()), (1, 8));
    let mut tree = Tree::new();
    tree.extend(&[[0; 32]; 7]);
    let sealed = batch.seal(&mut tree);
    assert_eq!(sealed.segments.len(), 1);
    assert_eq!(sealed.segments[0].bundle.len(), 65_537);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn all_stores_hold_the_same_bytes(
        counts in prop::collection::vec(1_u64..600, 1..12),
        questions in prop::collection::vec((0_u64..4_000, 0_u64..2_000), 1..20),
    ) {
        let directories: Vec<_> = EVERY_STORE.iter().map(|_| tempfile::tempdir().unwrap()).collect();
        let stores: Vec<_> =
            EVERY_STORE.iter().zip(&directories).map(|((_, create), directory)| create(directory)).collect();
        let trees: Vec<_> = stores.iter().map(|store| commit_all(store.as_ref(), &counts)).collect();
        let (first, others) = stores.split_first().unwrap();
        for other in others {
            prop_assert_eq!(first.head().unwrap(), counts.iter().sum::<u64>());
            prop_assert_eq!(first.head().unwrap(), other.head().unwrap());
            for (from, wanted) in &questions {
                prop_assert!(first.read(*from, *wanted).unwrap() == other.read(*from, *wanted).unwrap());
                for level in 0..3 {
                    let (start, end) = (from >> (8 * level), (from + wanted) >> (8 * level));
                    prop_assert!(first.nodes(level, start, end).unwrap() == other.nodes(level, start, end).unwrap());
                }
            }
        }
        prop_assert_eq!(stored_tree(first.as_ref()).root(), trees[0].root());
    }
}
