//! Verification of logs that were put together wrongly: each contradiction is found as what it is.

use mingzhang::audit::{Finding, Published, SnapshotFile, Verified, verify_ledger};
use mingzhang::follower::replay;
use mingzhang::notice::{NoticeContext, compose};
use mingzhang::store::{BatchBuilder, EventStore, MemoryStore, SealedBatch, SqliteStore, StoreError};
use mingzhang::transparency::{Checkpoint, Ed25519Signer, SignedCheckpoint, Signer, Tree, VerifierKey};
use mingzhang_events::{
    DisclosureOpened, DocumentFormat, DocumentIssued, DocumentKind, Event, EventId, Evidence, FileDigest, Instant,
    NoticeIssued, OrganizationEstablished, OrganizationLevel, RecordedEvent, encode,
};
use mingzhang_projections::ReadModels;

const ORIGIN: &str = "test.example/audit";

fn event(number: u32) -> RecordedEvent {
    let parent = (number > 0).then(|| "c0".parse().expect("a code"));
    RecordedEvent {
        id: EventId(u128::from(number) + 1),
        event: Event::from(OrganizationEstablished {
            level: OrganizationLevel::City,
            name: format!("组织{number}"),
            organization: format!("c{number}").parse().expect("a code"),
            parent,
        }),
        evidence: Evidence::Office,
        imported: None,
        occurred_at: Instant::EARLIEST,
        recorded_at: Instant::EARLIEST.plus_minutes(number),
        recorded_by: "o-1".parse().expect("an actor"),
    }
}

fn bytes(event: &RecordedEvent) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(event, ORIGIN, &mut bytes).expect("an entry");
    bytes
}

fn entries(count: u32) -> Vec<Vec<u8>> {
    (0..count).map(|number| bytes(&event(number))).collect()
}

/// A log of these entries, committed a hundred at a time, and its tree.
fn log(entries: &[Vec<u8>]) -> (MemoryStore, Tree) {
    let (store, mut tree) = (MemoryStore::new(), Tree::new());
    for batch in entries.chunks(100) {
        let mut builder = BatchBuilder::new(tree.size());
        for entry in batch {
            builder.push(entry).expect("an entry that fits");
        }
        store.commit(&builder.seal(&mut tree)).expect("committed");
    }
    (store, tree)
}

fn verify(store: &dyn EventStore, snapshots: &[SnapshotFile]) -> Result<Verified, Finding> {
    verify_ledger(store, ORIGIN, None, snapshots, &mut |_, _| {}, &mut |_, _| {})
}

/// What is found in a log one of whose entries is another.
fn found_with(replaced: u32, by: Vec<u8>) -> Finding {
    let mut entries = entries(700);
    entries[replaced as usize] = by;
    verify(&log(&entries).0, &[]).expect_err("a contradiction")
}

#[test]
fn a_sound_log_gives_its_root() {
    for count in [0, 1, 255, 256, 257, 700, 20_000] {
        let (store, tree) = log(&entries(count));
        let verified = verify(&store, &[]).expect("sound");
        assert_eq!((verified.tree_size, verified.root), (u64::from(count), tree.root()), "{count}");
    }
}

#[test]
fn an_id_that_occurs_twice_is_found_with_both_places() {
    let mut twice = event(500);
    twice.id = event(17).id;
    let found = found_with(500, bytes(&twice));
    assert!(matches!(found, Finding::IdTwice { log_index: 500, first: 17 }), "{found:?}");
}

#[test]
fn halves_of_ids_that_agree_are_no_contradiction() {
    let mut other = event(500);
    other.id = EventId(event(17).id.0 | 1 << 100);
    let mut entries = entries(700);
    entries[500] = bytes(&other);
    verify(&log(&entries).0, &[]).expect("sound");
}

#[test]
fn an_entry_recorded_before_the_one_before_it_is_found() {
    let mut earlier = event(300);
    earlier.recorded_at = event(298).recorded_at;
    let found = found_with(300, bytes(&earlier));
    assert!(matches!(found, Finding::RecordedEarlier { log_index: 300 }), "{found:?}");
}

#[test]
fn an_entry_of_another_log_or_in_another_spelling_is_found() {
    let mut foreign = Vec::new();
    encode(&event(300), "other.example", &mut foreign).expect("an entry");
    let spaced = String::from_utf8(bytes(&event(300))).expect("UTF-8").replacen("\"id\":", "\"id\": ", 1).into_bytes();
    for entry in [foreign, spaced, b"{}".to_vec(), Vec::new()] {
        let found = found_with(300, entry);
        assert!(matches!(found, Finding::NotAnEvent { log_index: 300, .. }), "{found:?}");
    }
}

/// What is found where just this batch was stored, in memory and in a ledger's own database, beside a checkpoint of the tree at a size.
fn found_in_both(batch: &SealedBatch, tree: &Tree, signed: u64) -> [Finding; 2] {
    let signer = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a signer");
    let key = VerifierKey::parse(&signer.verifier_key()).expect("a key");
    let root = tree.root_at(signed, |_| Err(StoreError::NotALedger)).expect("in memory");
    let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, signed, root), &[&signer]).expect("signed");
    let published = Published { note: signed.note().as_bytes(), key: &key };
    let directory = tempfile::tempdir().expect("a directory");
    let in_file = SqliteStore::create(&directory.path().join("ledger.sqlite")).expect("a database");
    [&MemoryStore::new() as &dyn EventStore, &in_file].map(|store| {
        store.commit(batch).expect("committed");
        verify_ledger(store, ORIGIN, Some(published), &[], &mut |_, _| {}, &mut |_, _| {}).expect_err("a contradiction")
    })
}

#[test]
fn a_stored_hash_of_any_level_that_differs_is_found() {
    let mut tree = Tree::new();
    let mut builder = BatchBuilder::new(0);
    for entry in entries(700) {
        builder.push(&entry).expect("an entry that fits");
    }
    let mut batch = builder.seal(&mut tree);
    batch.tile_roots[1].2[0] ^= 1;
    for found in found_in_both(&batch, &tree, 512) {
        assert!(matches!(found, Finding::TileRootDiffers { level: 1, position: 1, log_index: 256 }), "{found:?}");
    }
    // Nothing that was signed tells whether it is the root or the entries.
    for found in found_in_both(&batch, &tree, 511) {
        let expected = matches!(found, Finding::TileOrEntriesDiffer { level: 1, position: 1, log_index: 256 });
        assert!(expected, "{found:?}");
    }
    let missing = SealedBatch { tile_roots: batch.tile_roots[..1].to_vec(), ..batch.clone() };
    for found in found_in_both(&missing, &tree, 700) {
        assert!(matches!(found, Finding::TileRootDiffers { level: 1, position: 1, log_index: 256 }), "{found:?}");
    }
    let missing = SealedBatch { tile_roots: batch.tile_roots[1..].to_vec(), ..batch.clone() };
    for found in found_in_both(&missing, &tree, 700) {
        assert!(matches!(found, Finding::TileRootDiffers { level: 1, position: 0, log_index: 0 }), "{found:?}");
    }

    batch.tile_roots[1].2[0] ^= 1;
    batch.block_roots[1][7][0] ^= 1;
    for found in found_in_both(&batch, &tree, 700) {
        assert!(matches!(found, Finding::BlockRootsDiffer { tile: 1, log_index: 256 }), "{found:?}");
    }

    batch.segments[2].leaf_hashes[32 * 5] ^= 1;
    for found in found_in_both(&batch, &tree, 700) {
        assert!(matches!(found, Finding::EntryChanged { log_index: 517 }), "{found:?}");
    }
}

#[test]
fn a_checkpoint_is_held_against_the_log_at_its_own_size() {
    let signer = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).expect("a signer");
    let key = VerifierKey::parse(&signer.verifier_key()).expect("a key");
    let (store, _) = log(&entries(700));
    let check = |size: u64, root| {
        let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root), &[&signer]).expect("signed");
        let published = Published { note: signed.note().as_bytes(), key: &key };
        verify_ledger(&store, ORIGIN, Some(published), &[], &mut |_, _| {}, &mut |_, _| {})
    };
    for size in [0, 1, 256, 300, 700] {
        let (_, tree) = log(&entries(size));
        let verified = check(u64::from(size), tree.root()).expect("sound");
        assert_eq!(verified.checkpoint_size, Some(u64::from(size)));
        let found = check(u64::from(size), [1; 32]).expect_err("another root");
        assert!(matches!(found, Finding::RootDiffers { published } if published == u64::from(size)), "{found:?}");
    }
    let found = check(701, [1; 32]).expect_err("entries are missing");
    assert!(matches!(found, Finding::EntriesMissing { published: 701, tree_size: 700 }), "{found:?}");
}

#[test]
fn a_snapshot_that_a_replay_does_not_give_is_found_and_one_that_is_never_read_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let (store, _) = log(&entries(700));
    let snapshot = |size: u32, models_of: u32, name: &str| {
        let mut models = ReadModels::new();
        replay(&store, &mut models, u64::from(models_of), &mut |_| {}).expect("replayed");
        let path = directory.path().join(name);
        std::fs::write(&path, models.to_bytes()).expect("written");
        SnapshotFile { tree_size: u64::from(size), root: log(&entries(size)).1.root(), path }
    };
    let sound = [snapshot(300, 300, "a"), snapshot(700, 700, "b")];
    let verified = verify(&store, &sound).expect("sound");
    assert_eq!((verified.snapshots_equal, verified.snapshots_unused.len()), (2, 0));

    let wrong = [sound[0].clone(), snapshot(400, 399, "c")];
    let found = verify(&store, &wrong).expect_err("a contradiction");
    assert!(matches!(found, Finding::SnapshotDiffers { tree_size: 400 }), "{found:?}");

    let of_another_log = SnapshotFile { root: [9; 32], ..snapshot(300, 299, "d") };
    let beyond = SnapshotFile { tree_size: 701, ..snapshot(700, 700, "e") };
    let damaged = snapshot(500, 500, "f");
    let mut bytes = std::fs::read(&damaged.path).expect("read");
    bytes[100] ^= 1;
    std::fs::write(&damaged.path, bytes).expect("written");
    let verified = verify(&store, &[of_another_log, damaged, beyond]).expect("sound");
    assert_eq!((verified.snapshots_equal, verified.snapshots_unused.len()), (0, 3));
}

/// A log that issued a notice about its first 700 entries, and what `forge` made of the event.
fn log_with_a_notice(forge: impl FnOnce(&mut NoticeIssued)) -> MemoryStore {
    log_that_published("〔2026〕10号", |mut issued| {
        forge(&mut issued);
        issued.into()
    })
}

/// A log that disclosed a draft about its first 700 entries, and what `forge` made of the event.
fn log_with_a_disclosure(forge: impl FnOnce(&mut DisclosureOpened)) -> MemoryStore {
    log_that_published("", |draft| {
        let NoticeIssued { digest, month, organization, root_hash, tree_size, .. } = draft;
        let until = month.start().expect("an instant").local_date();
        let mut opened = DisclosureOpened { digest, month, organization, root_hash, tree_size, until, working_days: 5 };
        forge(&mut opened);
        opened.into()
    })
}

/// A log that published a notice under a number about its first 700 entries, as the event that is made of it says.
fn log_that_published(number: &str, publish: impl FnOnce(NoticeIssued) -> Event) -> MemoryStore {
    let mut entries = entries(700);
    let (store, tree) = log(&entries);
    let mut models = ReadModels::new();
    replay(&store, &mut models, 700, &mut |_| {}).expect("replayed");
    let (month, number) = ("2026-10".parse().expect("a month"), number.to_owned());
    let organization = "c0".parse().expect("a code");
    let context =
        NoticeContext { month, number: number.clone(), organization, origin: ORIGIN.to_owned(), root: tree.root() };
    let notice = compose(&models, &context).expect("a notice");
    let root_hash = notice.checkpoint.root_hash.clone();
    let published = publish(NoticeIssued {
        digest: notice.digest(),
        format: None,
        month,
        number,
        organization,
        root_hash,
        supersedes: None,
        tree_size: 700,
    });
    // Something else is recorded between composing and issuing.
    entries.push(bytes(&event(700)));
    entries.push(bytes(&RecordedEvent { event: published, ..event(701) }));
    log(&entries).0
}

#[test]
fn an_issued_notice_is_composed_anew_at_the_size_that_it_names() {
    let verified = verify(&log_with_a_notice(|_| {}), &[]).expect("sound");
    assert_eq!((verified.notices, verified.disclosures), (1, 0));
    let forgeries: [fn(&mut NoticeIssued); 4] = [
        |issued| issued.digest = "0".repeat(64),
        |issued| issued.number.push('x'),
        |issued| issued.month = issued.month.next(),
        |issued| issued.organization = "unknown".parse().expect("a code"),
    ];
    for forge in forgeries {
        let found = verify(&log_with_a_notice(forge), &[]).expect_err("a contradiction");
        assert!(matches!(found, Finding::NoticeDiffers { log_index: 701 }), "{found:?}");
    }
    let forgeries: [fn(&mut NoticeIssued); 3] = [
        |issued| issued.root_hash = "0".repeat(64),
        |issued| issued.tree_size = 699,
        |issued| issued.tree_size = 9_000,
    ];
    for forge in forgeries {
        let found = verify(&log_with_a_notice(forge), &[]).expect_err("a contradiction");
        assert!(matches!(found, Finding::NoticeRootDiffers { log_index: 701 }), "{found:?}");
    }
}

#[test]
fn a_disclosed_draft_is_composed_anew_at_the_size_that_it_names() {
    let verified = verify(&log_with_a_disclosure(|_| {}), &[]).expect("sound");
    assert_eq!((verified.notices, verified.disclosures), (0, 1));
    let forgeries: [fn(&mut DisclosureOpened); 2] =
        [|opened| opened.digest = "0".repeat(64), |opened| opened.month = opened.month.next()];
    for forge in forgeries {
        let found = verify(&log_with_a_disclosure(forge), &[]).expect_err("a contradiction");
        assert!(matches!(found, Finding::NoticeDiffers { log_index: 701 }), "{found:?}");
    }
    let found = verify(&log_with_a_disclosure(|opened| opened.tree_size = 699), &[]).expect_err("a contradiction");
    assert!(matches!(found, Finding::NoticeRootDiffers { log_index: 701 }), "{found:?}");
}

/// A log that issued a register about its first 700 entries, as the event that is made of it says.
fn log_with_a_document(forge: impl FnOnce(&mut DocumentIssued)) -> MemoryStore {
    let mut entries = entries(700);
    let root_hash = log(&entries).1.root().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut document = DocumentIssued {
        activity: None,
        digest: FileDigest([7; 32]),
        format: DocumentFormat::Csv,
        kind: DocumentKind::Register,
        member: None,
        month: Some("2026-10".parse().expect("a month")),
        notice: None,
        number: None,
        organization: "c0".parse().expect("a code"),
        requested_at: None,
        root_hash,
        supersedes: None,
        tree_size: 700,
    };
    forge(&mut document);
    entries.push(bytes(&event(700)));
    entries.push(bytes(&RecordedEvent { event: document.into(), ..event(701) }));
    log(&entries).0
}

/// Whoever asks whether a file was issued is told which root it rests on.
#[test]
fn an_issued_document_names_the_root_that_the_log_had_at_its_size() {
    verify(&log_with_a_document(|_| {}), &[]).expect("sound");
    let forgeries: [fn(&mut DocumentIssued); 4] = [
        |issued| issued.root_hash = "0".repeat(64),
        |issued| issued.tree_size = 699,
        |issued| issued.tree_size = 0,
        |issued| issued.tree_size = 9_000,
    ];
    for forge in forgeries {
        let found = verify(&log_with_a_document(forge), &[]).expect_err("a contradiction");
        assert!(matches!(found, Finding::DocumentRootDiffers { log_index: 701 }), "{found:?}");
    }
}
