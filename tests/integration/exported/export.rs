//! What is written, what is added, and what is refused.

use super::fixture::{Export, ORIGIN, SIZE, checkpoint_of, cosigned, entries, grown, log_key, policy, store_of};
use mingzhang::audit::{ExportError, Exported, Finding, Scope, verify_export};
use mingzhang::transparency::{
    Checkpoint, Ed25519Signer, SignedCheckpoint, Signer, Tile, VerifierKey, entry_bundles, hash_tiles,
};
use std::collections::HashMap;
use std::time::SystemTime;

fn tiles(known: u64, size: u64) -> Vec<String> {
    hash_tiles(known, size).chain(entry_bundles(known, size)).map(|tile: Tile| tile.to_string()).collect()
}

#[test]
fn an_export_has_the_tiles_of_its_size_and_a_checkpoint_and_nothing_else() {
    for size in [0, 1, 255, 256, 257, 700] {
        let entries = entries(size);
        let export = Export::of(&entries);
        let mut expected = tiles(0, size);
        expected.push("checkpoint".to_owned());
        expected.sort();
        assert_eq!(export.files(), expected, "{size}");
        assert_eq!(export.read("checkpoint"), checkpoint_of(&entries).note().as_bytes(), "{size}");
        assert_eq!(export.verify(&[]).expect("sound"), 0, "{size}");
    }
}

/// Through the end of a tile, of several, and of a tile of the second level.
#[test]
fn running_it_again_adds_only_what_is_new_and_changes_no_file_but_the_checkpoint() {
    let all = entries(66_000);
    let store = store_of(&all);
    let export = Export::nothing_yet();
    let mut before: HashMap<String, (SystemTime, u64)> = HashMap::new();
    let (mut known, mut checkpoints) = (0, Vec::new());
    for size in [1_usize, 2, 100, 255, 256, 300, 512, 513, 20_000, 65_536, 66_000] {
        let published = checkpoint_of(&all[..size]);
        let exported = export.write(&store, &published, Scope::EntriesAndHashes).expect("exported");
        let new = tiles(known, size as u64);
        assert_eq!((exported.known, exported.size), (known, size as u64));
        assert_eq!(exported.files, new.len() as u64 + 1, "{size}: and the checkpoint");
        let now: HashMap<String, (SystemTime, u64)> = export
            .files()
            .into_iter()
            .filter(|file| file != "checkpoint")
            .map(|file| {
                let metadata = std::fs::metadata(export.file(&file)).expect("a file");
                (file, (metadata.modified().expect("a time"), metadata.len()))
            })
            .collect();
        assert_eq!(now.len(), before.len() + new.len(), "{size}");
        assert!(before.iter().all(|(file, was)| now.get(file) == Some(was)), "{size}: an old file was written");
        (before, known) = (now, size as u64);
        checkpoints.push(published);

        let again =
            export.write(&store, &checkpoints[checkpoints.len() - 1], Scope::EntriesAndHashes).expect("exported");
        assert_eq!(again, Exported { known, size: known, files: 0, bytes: 0, repaired: 0 }, "{size}");
    }
    let earlier: Vec<_> = checkpoints.iter().collect();
    assert!(export.verify(&earlier).expect("sound, and an extension of every one before") > 10);
}

#[test]
fn cosignatures_that_come_later_are_published_without_writing_a_tile() {
    let entries = entries(300);
    let head = checkpoint_of(&entries).checkpoint().clone();
    let uncosigned = SignedCheckpoint::sign(head.clone(), &[&super::fixture::log_signer()]).expect("signed");
    let export = Export::nothing_yet();
    export.write(&store_of(&entries), &uncosigned, Scope::EntriesAndHashes).expect("exported");
    assert!(matches!(export.verify(&[]), Err(Finding::CheckpointNotMet { .. })));
    let exported = export.write(&store_of(&entries), &cosigned(head), Scope::EntriesAndHashes).expect("exported");
    assert_eq!(exported.files, 1);
    export.verify(&[]).expect("sound");
}

#[test]
fn an_export_that_was_interrupted_anywhere_is_finished_by_the_next() {
    let all = entries(1_000);
    let (store, published) = (store_of(&all), checkpoint_of(&all));
    let whole = Export::of(&all);
    // In the order in which files come: what stands before the cut is whole, the one at the cut is half there.
    let files: Vec<String> = whole.files().into_iter().filter(|file| file != "checkpoint").collect();
    for known in [0, 300] {
        for cut in 0..=files.len() {
            let export = Export::nothing_yet();
            if known > 0 {
                export.write(&store, &checkpoint_of(&all[..300]), Scope::EntriesAndHashes).expect("exported");
            }
            for (at, file) in files.iter().enumerate().take(cut + 1) {
                let bytes = whole.read(file);
                let written = if at == cut { bytes.len() / 2 } else { bytes.len() };
                let published = known > 0 && tiles(0, known).contains(file);
                if !published {
                    export.put(file, &bytes[..written]);
                }
            }
            export.put("checkpoint.unfinished", "half a check");
            export.write(&store, &published, Scope::EntriesAndHashes).expect("exported");
            assert!(!export.file("checkpoint.unfinished").exists());
            export.verify(&[]).unwrap_or_else(|finding| panic!("cut at {cut}, {known} known: {finding}"));
        }
    }
}

#[test]
fn nothing_is_exported_into_what_is_no_export_of_this_log() {
    let all = entries(300);
    let (store, published) = (store_of(&all), checkpoint_of(&all));
    let refused = |export: &Export| export.write(&store, &published, Scope::EntriesAndHashes).expect_err("refused");

    let stranger = Export::nothing_yet();
    stranger.put("index.html", "<p>");
    assert!(matches!(refused(&stranger), ExportError::NotAnExport(_)));
    assert_eq!(stranger.files(), ["index.html"]);

    let other = Export::nothing_yet();
    let signer = Ed25519Signer::from_seed("other.example", &[9; 32]).expect("a signer");
    let head = Checkpoint { origin: "other.example".to_owned(), ..published.checkpoint().clone() };
    other.put("checkpoint", SignedCheckpoint::sign(head, &[&signer]).expect("signed").note());
    other.put("tile/entries/000.p/1", "");
    assert!(matches!(refused(&other), ExportError::OtherLog { .. }));
    other.put("checkpoint", "no note");
    assert!(matches!(refused(&other), ExportError::NotAnExport(_)));

    // The same log under a key that it had before: the same entries are the same log.
    let rotated = Export::of(&all[..299]);
    let signer = Ed25519Signer::from_seed(ORIGIN, &[9; 32]).expect("a signer");
    let head = checkpoint_of(&all[..299]).checkpoint().clone();
    rotated.put("checkpoint", SignedCheckpoint::sign(head, &[&signer]).expect("signed").note());
    rotated.write(&store, &published, Scope::EntriesAndHashes).expect("continued");
    rotated.verify(&[]).expect("sound");

    let ahead = Export::of(&entries(301));
    assert!(matches!(refused(&ahead), ExportError::Ahead { exported: 301, published: 300, .. }));

    let mut rewritten = entries(300);
    rewritten.swap(17, 18);
    let forked = Export::of(&rewritten[..299]);
    let before = forked.files();
    assert!(matches!(refused(&forked), ExportError::Forked { exported: 299, .. }));
    assert_eq!(forked.files(), before);
    forked.verify(&[]).expect("what was there is as it was");
}

#[test]
fn an_export_without_entries_shows_the_public_hashes_and_stays_so() {
    let all = entries(700);
    let (store, export) = (store_of(&all), Export::nothing_yet());
    export.write(&store, &checkpoint_of(&all[..300]), Scope::HashesOnly).expect("exported");
    export.write(&store, &checkpoint_of(&all), Scope::HashesOnly).expect("exported");
    let hashes: Vec<String> = hash_tiles(0, 700).map(|tile| tile.to_string()).collect();
    assert!(hashes.iter().all(|file| export.files().contains(file)));
    assert!(!export.files().iter().any(|file| file.contains("entries")));
    let mixed = export.write(&store, &checkpoint_of(&all), Scope::EntriesAndHashes);
    assert!(matches!(mixed, Err(ExportError::OtherScope { scope: Scope::HashesOnly, .. })));
    let mixed = Export::of(&all).write(&store, &checkpoint_of(&all), Scope::HashesOnly);
    assert!(matches!(mixed, Err(ExportError::OtherScope { scope: Scope::EntriesAndHashes, .. })));
    // Without entries there is nothing to recompute from.
    assert!(matches!(export.verify(&[]), Err(Finding::TileMissing { log_index: 0, .. })));
}

#[test]
fn what_is_not_what_was_signed_is_not_published() {
    let all = entries(700);
    let export = Export::nothing_yet();
    let mut changed = all.clone();
    changed[300].push(b' ');
    let found = export.write(&store_of(&changed), &checkpoint_of(&all), Scope::EntriesAndHashes);
    assert!(matches!(found, Err(ExportError::Unsound(Finding::StoredHashesDiffer { published: 700 }))), "{found:?}");
    let found = export.write(&store_of(&all[..600]), &checkpoint_of(&all), Scope::EntriesAndHashes);
    assert!(matches!(found, Err(ExportError::Unsound(Finding::EntriesMissing { .. }))), "{found:?}");
    assert_eq!(export.files(), [""; 0]);
}

#[test]
fn a_stored_entry_that_changed_after_it_was_hashed_stops_the_export_before_its_checkpoint() {
    use mingzhang::store::{BatchBuilder, EventStore, MemoryStore};
    use mingzhang::transparency::Tree;
    let all = entries(700);
    let (mut tree, store, export) = (Tree::new(), MemoryStore::new(), Export::nothing_yet());
    let mut builder = BatchBuilder::new(0);
    for entry in &all {
        builder.push(entry).expect("an entry that fits");
    }
    let mut batch = builder.seal(&mut tree);
    let last = batch.segments[1].bundle.len() - 2;
    batch.segments[1].bundle[last] ^= 1;
    store.commit(&batch).expect("committed");
    let found = export.write(&store, &checkpoint_of(&all), Scope::EntriesAndHashes);
    assert!(matches!(found, Err(ExportError::Unsound(Finding::EntryChanged { log_index: 511 }))), "{found:?}");
    assert!(!export.file("checkpoint").exists());
}

#[test]
fn a_policy_of_the_key_alone_verifies_an_export_too() {
    use mingzhang::transparency::Policy;
    let all = entries(300);
    let export = Export::of(&all);
    let alone = Policy::of_log(log_key());
    let verified = verify_export(export.path(), &alone, &[], &mut |_, _| {}).expect("sound");
    assert_eq!((verified.log.tree_size, verified.witnessed.cosigners.len()), (300, 0));
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[9; 32]).expect("a signer").verifier_key();
    let stranger = Policy::of_log(VerifierKey::parse(&stranger).expect("a key"));
    let found = verify_export(export.path(), &stranger, &[], &mut |_, _| {});
    assert!(matches!(found, Err(Finding::CheckpointNotMet { .. })), "{found:?}");
    assert_eq!(policy().logs().len(), 1);
    assert_eq!(verified.witnessed.checkpoint, Checkpoint::new(ORIGIN, 300, super::fixture::tree_of(&all).root()));
}

#[test]
fn what_is_gone_or_cut_off_is_written_anew_and_said() {
    let (all, export) = (entries(SIZE), grown());
    let (store, published) = (store_of(&all), checkpoint_of(&all));
    let again = |tamper: &dyn Fn()| {
        tamper();
        let exported = export.write(&store, &published, Scope::EntriesAndHashes).expect("exported");
        export.verify(&[]).expect("sound again");
        assert_eq!(exported.files, exported.repaired + u64::from(exported.repaired > 0), "and the checkpoint");
        exported.repaired
    };
    assert_eq!(again(&|| {}), 0);
    assert_eq!(again(&|| export.remove("tile/entries/001")), 1);
    assert_eq!(again(&|| export.put("tile/0/000", [export.read("tile/0/000"), vec![0; 32]].concat())), 1);
    assert_eq!(again(&|| export.put("tile/entries/002.p/188", "")), 1);
    assert_eq!(again(&|| export.remove("tile/1/000.p/2")), 1);
    let two = || ["tile/0/001", "tile/entries/001", "tile/entries/000"].iter().for_each(|file| export.remove(file));
    assert_eq!(again(&two), 3);
}

#[test]
fn two_exports_never_write_into_one_directory_at_once() {
    let (all, export) = (entries(SIZE), grown());
    let held = std::fs::File::open(export.path()).expect("the directory");
    held.try_lock().expect("nobody has it");
    let refused = export.write(&store_of(&all), &checkpoint_of(&all), Scope::EntriesAndHashes);
    assert!(matches!(refused, Err(ExportError::Held(_))), "{refused:?}");
    held.unlock().expect("let go");
    export.write(&store_of(&all), &checkpoint_of(&all), Scope::EntriesAndHashes).expect("exported");
    assert!(!export.files().contains(&"lock".to_owned()));
}
