//! What is signed: only what the store gives back, and never two histories.

use super::fixture::{BEFORE, PATROL};
use super::fixture::{Fixture, MEMBER, OTHER_PATROL, at};
use mingzhang::ledger::{Head, LedgerError, SignError};
use mingzhang::store::{
    CommitError, EventStore, MemoryStore, SealedBatch, Segment, SignedHead, SignedHeads, SignedHeadsError,
    SignedHeadsFile, SqliteStore, StoreError,
};
use mingzhang::transparency::{BlockRoots, Hash};
use mingzhang_events::{ActivityId, MemberSignedUp};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn sign_up(activity: ActivityId) -> MemberSignedUp {
    MemberSignedUp { activity, member: MEMBER }
}

/// A store one of whose entries comes back with another byte than was committed, or with another hash.
struct Flipping {
    below: MemoryStore,
    /// Which entry; `u64::MAX` is none.
    log_index: AtomicU64,
    with_its_hash: bool,
}

impl Flipping {
    fn new(with_its_hash: bool) -> Arc<Flipping> {
        Arc::new(Flipping { below: MemoryStore::new(), log_index: AtomicU64::new(u64::MAX), with_its_hash })
    }
}

impl EventStore for Flipping {
    fn head(&self) -> Result<u64, StoreError> {
        self.below.head()
    }

    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError> {
        let mut segments = self.below.read(from, entries_wanted)?;
        let flipped = self.log_index.load(Ordering::Relaxed);
        for segment in &mut segments {
            if (segment.first_index..segment.end_index()).contains(&flipped) {
                let entry = usize::try_from(flipped - segment.first_index).expect("within a segment");
                let before: usize = segment.entries().take(entry).map(|entry| entry.expect("whole").1.len() + 2).sum();
                // Within the entry: a letter of it becomes its neighbour.
                segment.bundle[before + 2 + 20] ^= 1;
                if self.with_its_hash {
                    let bytes = segment.entries().nth(entry).expect("it is there").expect("whole").1.to_vec();
                    let hash = mingzhang::transparency::leaf_hash(&bytes);
                    segment.leaf_hashes[32 * entry..32 * (entry + 1)].copy_from_slice(&hash);
                }
            }
        }
        Ok(segments)
    }

    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
        self.below.nodes(level, start, end)
    }

    fn block_roots(&self, tile: u64) -> Result<Option<BlockRoots>, StoreError> {
        self.below.block_roots(tile)
    }

    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError> {
        self.below.commit(batch)
    }
}

#[test]
fn what_the_store_gives_back_otherwise_than_it_was_decided_is_never_signed() {
    for with_its_hash in [false, true] {
        let store = Flipping::new(with_its_hash);
        let fixture = Fixture::on(store.clone());
        let sound = fixture.ledger.checkpoint().expect("signed").checkpoint().clone();
        fixture.record(sign_up(PATROL), at(BEFORE));
        let flipped = sound.size;
        store.log_index.store(flipped, Ordering::Relaxed);
        let refused = fixture.ledger.checkpoint().expect_err("one byte is another");
        let expected = if with_its_hash {
            SignError::RootDiffers { tree_size: flipped + 1 }
        } else {
            SignError::EntryChanged { log_index: flipped }
        };
        assert!(matches!(&refused, LedgerError::Sign(found) if *found == expected), "{refused}");
        // Nothing more is built on what is damaged.
        let command = fixture.command(sign_up(OTHER_PATROL), at(BEFORE));
        let stopped = fixture.submit(&fixture.clerk(), vec![command], mingzhang::ledger::Mode::EachAlone);
        assert!(stopped.is_err_and(|error| error.to_string().contains("verify")));
    }
}

#[test]
fn every_entry_since_the_last_signature_is_read_back_and_none_before_it() {
    let store = Flipping::new(false);
    let fixture = Fixture::on(store.clone());
    let signed = fixture.ledger.checkpoint().expect("signed").checkpoint().size;
    // Damage below what was signed is for `verify` to find: reading everything each time would cost more and more.
    store.log_index.store(signed - 1, Ordering::Relaxed);
    fixture.record(sign_up(PATROL), at(BEFORE));
    fixture.ledger.checkpoint().expect("signed");
    // But once the ledger is opened again without a memory of what was signed, all of it is read.
    drop(fixture);
    store.log_index.store(u64::MAX, Ordering::Relaxed);
    let again = Fixture::on(store.clone());
    store.log_index.store(signed - 1, Ordering::Relaxed);
    let refused = again.ledger.checkpoint().expect_err("one byte is another");
    assert!(matches!(refused, LedgerError::Sign(SignError::EntryChanged { log_index }) if log_index == signed - 1));
}

fn open(directory: &Path) -> Result<Fixture, LedgerError> {
    let store = SqliteStore::open(&directory.join("log")).expect("the log opens");
    let heads = SignedHeadsFile::open(&directory.join("heads")).expect("the heads open");
    Fixture::signing(Arc::new(store), Box::new(heads))
}

/// A ledger on the disk, whose head was signed.
fn on_disk() -> (tempfile::TempDir, Fixture) {
    let directory = tempfile::tempdir().expect("a directory");
    drop(SqliteStore::create(&directory.path().join("log")).expect("a new log"));
    drop(SignedHeadsFile::create(&directory.path().join("heads")).expect("a new file"));
    let fixture = open(directory.path()).expect("a ledger");
    fixture.ledger.checkpoint().expect("signed");
    (directory, fixture)
}

#[test]
fn an_older_copy_of_the_log_that_is_put_back_is_refused() {
    let (directory, fixture) = on_disk();
    drop(fixture);
    let path = directory.path().join("log");
    let backup = std::fs::read(&path).expect("the log in one file");
    let fixture = open(directory.path()).expect("a ledger");
    let size = fixture.ledger.head().tree_size;
    fixture.record(sign_up(PATROL), at(BEFORE));
    fixture.ledger.checkpoint().expect("signed");
    drop(fixture);
    let newest = std::fs::read(&path).expect("the log in one file");

    std::fs::write(&path, &backup).expect("put back");
    let refused = open(directory.path()).err().expect("it is older than what was signed");
    let expected = (size + 1, size);
    assert!(matches!(refused, LedgerError::OlderThanSigned { signed, tree_size } if (signed, tree_size) == expected));

    // Grown to the same size with another entry, it is another history.
    std::fs::write(&path, &backup).expect("put back");
    let heads = directory.path().join("heads");
    let memory = std::fs::read(&heads).expect("read");
    std::fs::remove_file(&heads).expect("removed");
    drop(SignedHeadsFile::create(&heads).expect("a new file"));
    let other = open(directory.path()).expect("a ledger that knows nothing of what was signed");
    other.record(sign_up(OTHER_PATROL), at(BEFORE));
    drop(other);
    std::fs::write(&heads, &memory).expect("put back");
    let refused = open(directory.path()).err().expect("another history");
    assert!(matches!(refused, LedgerError::OtherThanSigned { signed } if signed == size + 1), "{refused}");

    std::fs::write(&path, &newest).expect("put back");
    let again = open(directory.path()).expect("the newest copy goes on");
    again.record(sign_up(OTHER_PATROL), at(BEFORE));
    again.ledger.checkpoint().expect("signed");
}

#[test]
fn a_log_that_was_longer_than_what_was_signed_goes_on() {
    let (directory, fixture) = on_disk();
    // Recorded, and the program ends before anything is signed: as after a crash between commit and signature.
    fixture.record(sign_up(PATROL), at(BEFORE));
    drop(fixture);
    let again = open(directory.path()).expect("a ledger");
    let head = again.ledger.head();
    let signed = again.ledger.checkpoint().expect("signed").checkpoint().clone();
    assert_eq!((signed.size, signed.root), (head.tree_size, head.root));
    let remembered = SignedHeadsFile::read_last(&directory.path().join("heads")).expect("read");
    assert_eq!(remembered, Some(SignedHead { tree_size: head.tree_size, root: head.root }));
}

#[test]
fn receipts_asked_for_together_share_a_signature_and_each_proves_its_own_entry() {
    struct Counting(Arc<AtomicU64>);
    impl SignedHeads for Counting {
        fn last(&self) -> Result<Option<SignedHead>, SignedHeadsError> {
            Ok(None)
        }
        fn remember(&self, _: SignedHead) -> Result<(), SignedHeadsError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }
    let remembered = Arc::new(AtomicU64::new(0));
    let heads = Box::new(Counting(Arc::clone(&remembered)));
    let fixture = Fixture::signing(Arc::new(MemoryStore::new()), heads).expect("a ledger");
    let head = fixture.ledger.head();
    std::thread::scope(|scope| {
        for log_index in 0..head.tree_size {
            let ledger = &fixture.ledger;
            scope.spawn(move || {
                let receipt = ledger.receipt(log_index, head).expect("a receipt");
                let signed = receipt.checkpoint.checkpoint();
                let entry = ledger.entries(log_index, 1).expect("read").remove(0);
                let leaf = mingzhang::transparency::leaf_hash(&entry.bytes);
                let proof = &receipt.inclusion_proof;
                mingzhang::transparency::verify_inclusion(&leaf, log_index, signed.size, proof, &signed.root)
                    .expect("the proof leads to the root");
            });
        }
    });
    assert_eq!(remembered.load(Ordering::Relaxed), 1, "one head, one signature");
}

/// The disk fails between the two lines of the file, once.
struct FailingBetween {
    heads: SignedHeadsFile,
    path: PathBuf,
    has_failed: AtomicBool,
}

impl SignedHeads for FailingBetween {
    fn last(&self) -> Result<Option<SignedHead>, SignedHeadsError> {
        self.heads.last()
    }

    fn remember(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        self.heads.remember(head)
    }

    fn remember_alone(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        if self.has_failed.swap(true, Ordering::Relaxed) {
            return self.heads.remember_alone(head);
        }
        self.heads.remember(head)?;
        let source = std::io::Error::other("no space");
        Err(SignedHeadsError::File { doing: "writing", path: self.path.clone(), source })
    }
}

/// A head of fewer entries than ours in one line, ours still in the other: by that the log would open again.
#[test]
fn a_head_of_another_history_is_remembered_as_a_whole_also_where_the_disk_failed_half_way() {
    let (directory, fixture) = on_disk();
    let size = fixture.ledger.head().tree_size;
    drop(fixture);
    let store = SqliteStore::open(&directory.path().join("log")).expect("the log opens");
    let path = directory.path().join("heads");
    let heads = SignedHeadsFile::open(&path).expect("the heads open");
    let heads = Box::new(FailingBetween { heads, path, has_failed: AtomicBool::new(false) });
    let fixture = Fixture::signing(Arc::new(store), heads).expect("a ledger");
    let other = Head { tree_size: size - 1, root: [9; 32] };
    let failed = fixture.ledger.hold_to(other).expect_err("the second line couldn't be written");
    assert!(failed.to_string().contains("no space"), "{failed}");
    assert!(!fixture.ledger.hold_to(other).expect("written in the next round"), "it isn't of this log");
    drop(fixture);
    let refused = open(directory.path()).err().expect("the key has signed another history");
    assert!(matches!(refused, LedgerError::OtherThanSigned { signed } if signed == size - 1), "{refused}");
}
