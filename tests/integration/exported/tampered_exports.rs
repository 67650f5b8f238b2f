//! Ways to tamper with an exported log: each is caught, and named as what it is.

use super::fixture::{
    EARLIER, Export, ORIGIN, SIZE, bundle_of, checkpoint_of, cosigned, entries, entry, forged, forged_log, grown,
    hashes_of, log_signer, policy, replace_all, tree_of,
};
use mingzhang::audit::{Finding, Previous, verify_export};
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, NoteError, PolicyError, SignedCheckpoint, Signer, VerifierKey,
};

/// What is found, against the checkpoint of the export before.
fn found(export: &Export) -> Finding {
    let earlier = checkpoint_of(&entries(SIZE)[..EARLIER]);
    export.verify(&[&earlier]).expect_err("a contradiction")
}

/// Names the cases that don't give what they should.
fn hold(cases: Vec<(&str, Finding, bool)>) {
    let wrong: Vec<_> = cases.iter().filter(|(_, _, right)| !right).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

macro_rules! table {
    ($($what:literal, $tamper:expr => $expected:pat,)+) => {{
        let mut cases = Vec::new();
        $({
            let export = grown();
            ($tamper)(&export);
            let finding = found(&export);
            let right = matches!(finding, $expected);
            cases.push(($what, finding, right));
        })+
        cases
    }};
}

#[test]
fn before_it_is_tampered_with_the_export_is_sound() {
    let earlier = checkpoint_of(&entries(SIZE)[..EARLIER]);
    // Of 300 entries: one bundle, a tile of level 0 and one of level 1.
    assert_eq!(grown().verify(&[&earlier]).expect("sound"), 3);
}

#[test]
fn changed_entries_and_tiles_are_caught_and_named() {
    let flip = |file: &'static str, at: usize, bit: u8| {
        move |export: &Export| {
            let mut bytes = export.read(file);
            bytes[at] ^= 1 << bit;
            export.put(file, bytes);
        }
    };
    let all = entries(SIZE);
    // Where entry 300 begins in the second bundle.
    let start = bundle_of(&all[256..300]).len();
    hold(table! {
        "a bit of an entry", flip("tile/entries/001", start + 20, 3) => Finding::EntryChanged { log_index: 300 },
        "the last bit of the first entry", flip("tile/entries/000", 1 + entry(0).len(), 0) => Finding::EntryChanged { log_index: 0 },
        "the low byte of a length", flip("tile/entries/001", start + 1, 0) => Finding::EntryUnreadable { log_index: 300, .. },
        "the high byte of a length", flip("tile/entries/001", start, 7) => Finding::EntryUnreadable { log_index: 300, .. },
        "a bit of a leaf hash", flip("tile/0/001", 44 * 32, 0) => Finding::LeafHashDiffers { log_index: 300 },
        "a bit of a leaf hash in the partial tile", flip("tile/0/002.p/188", 187 * 32 + 31, 7) => Finding::LeafHashDiffers { log_index: 699 },
        "a bit of a tile root", flip("tile/1/000.p/2", 32, 0) => Finding::TileRootDiffers { level: 1, position: 1, log_index: 256 },
        "a bit of the size in the checkpoint", flip("checkpoint", ORIGIN.len() + 1, 0) => Finding::CheckpointNotMet { source: PolicyError::Note(NoteError::WrongSignature { .. }) },
        "a bit of the origin", flip("checkpoint", 0, 0) => Finding::CheckpointNotMet { source: PolicyError::Note(NoteError::WrongSignature { .. }) },
        "a bit of an older partial tile", flip("tile/0/001.p/44", 5, 0) => Finding::OlderTileDiffers { .. },
        "a bit of an older tile of roots", flip("tile/1/000.p/1", 5, 0) => Finding::OlderTileDiffers { .. },
        "a bit of an older bundle", flip("tile/entries/001.p/44", 50, 0) => Finding::OlderTileDiffers { .. },
    });
}

#[test]
fn entries_in_another_order_cut_off_or_added_are_caught_and_named() {
    let all = entries(SIZE);
    let (swapped, doubled, fewer, more) = {
        let mut swapped = all[256..512].to_vec();
        swapped.swap(40, 41);
        let doubled = [&all[256..300], &all[299..300], &all[301..512]].concat();
        let fewer = [&all[256..300], &all[301..512]].concat();
        let more = [&all[256..512], &[entry(9_000)]].concat();
        (swapped, doubled, fewer, more)
    };
    hold(table! {
        "two entries swapped", |export: &Export| export.put("tile/entries/001", bundle_of(&swapped)) => Finding::EntryChanged { log_index: 296 },
        "two entries swapped with their hashes", |export: &Export| {
            export.put("tile/entries/001", bundle_of(&swapped));
            export.put("tile/0/001", hashes_of(&swapped));
        } => Finding::RootDiffers { published: 700 },
        "an entry put in the place of the next", |export: &Export| export.put("tile/entries/001", bundle_of(&doubled)) => Finding::EntryChanged { log_index: 300 },
        "an entry taken out", |export: &Export| export.put("tile/entries/001", bundle_of(&fewer)) => Finding::EntryUnreadable { log_index: 300, .. },
        "an entry added to a bundle", |export: &Export| export.put("tile/entries/001", bundle_of(&more)) => Finding::EntryUnreadable { log_index: 512, .. },
        "two bundles exchanged", |export: &Export| {
            let (one, two) = (export.read("tile/entries/000"), export.read("tile/entries/001"));
            export.put("tile/entries/000", two);
            export.put("tile/entries/001", one);
        } => Finding::EntryChanged { log_index: 0 },
        "two bundles exchanged with their hashes", |export: &Export| {
            for level in ["entries", "0"] {
                let (one, two) = (export.read(&format!("tile/{level}/000")), export.read(&format!("tile/{level}/001")));
                export.put(&format!("tile/{level}/000"), two);
                export.put(&format!("tile/{level}/001"), one);
            }
        } => Finding::RecordedEarlier { log_index: 256 },
        "a bundle cut off", |export: &Export| {
            let bytes = export.read("tile/entries/001");
            export.put("tile/entries/001", &bytes[..start_of(&all, 400) + 5]);
        } => Finding::EntryUnreadable { log_index: 400, .. },
        "a bundle emptied", |export: &Export| export.put("tile/entries/001", "") => Finding::EntryUnreadable { log_index: 256, .. },
        "a tile cut off by a hash", |export: &Export| export.put("tile/0/001", hashes_of(&all[256..511])) => Finding::EntryUnreadable { log_index: 256, .. },
        "a tile longer by a hash", |export: &Export| export.put("tile/0/001", hashes_of(&all[256..513])) => Finding::EntryUnreadable { log_index: 256, .. },
        "a bundle missing", |export: &Export| export.remove("tile/entries/000") => Finding::TileMissing { log_index: 0, .. },
        "a tile missing", |export: &Export| export.remove("tile/0/002.p/188") => Finding::TileMissing { log_index: 512, .. },
        "a tile of roots missing", |export: &Export| export.remove("tile/1/000.p/2") => Finding::TileMissing { log_index: 0, .. },
        "a full tile in the place of a partial one", |export: &Export| {
            export.remove("tile/0/002.p/188");
            export.put("tile/0/002", hashes_of(&entries(768)[512..]));
        } => Finding::TileMissing { log_index: 512, .. },
        "a file that no log has", |export: &Export| export.put("tile/0/000.txt", "") => Finding::StrayFile { .. },
        "a tile under a second path", |export: &Export| export.put("tile/0/x000/000", hashes_of(&all[..256])) => Finding::StrayFile { .. },
        "an empty partial tile", |export: &Export| export.put("tile/0/002.p/0", "") => Finding::StrayFile { .. },
        "a bundle of entries that nobody signed", |export: &Export| export.put("tile/entries/003.p/1", bundle_of(&[entry(768)])) => Finding::BeyondCheckpoint { published: 700, .. },
    });
}

fn start_of(all: &[Vec<u8>], log_index: usize) -> usize {
    bundle_of(&all[256..log_index]).len()
}

#[test]
fn forgeries_that_fit_together_are_caught_by_what_was_signed() {
    let forged = forged_log();
    let forged_tree = tree_of(&forged);
    let forged_root = tree_of(&forged[..256]).root();
    let with_tile = |export: &Export| {
        export.put("tile/entries/000", bundle_of(&forged[..256]));
        export.put("tile/0/000", hashes_of(&forged[..256]));
    };
    let with_all_tiles = |export: &Export| {
        with_tile(export);
        let roots = export.read("tile/1/000.p/2");
        export.put("tile/1/000.p/2", [&forged_root[..], &roots[32..]].concat());
        export.put("tile/1/000.p/1", forged_root);
    };
    let sign = |signer: &Ed25519Signer| {
        let head = Checkpoint::new(ORIGIN, SIZE, forged_tree.root());
        SignedCheckpoint::sign(head, &[signer]).expect("signed").note().to_owned()
    };
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[66; 32]).expect("a signer");
    let false_witness = CosignatureSigner::from_seed("witness.example", &[66; 32]).expect("a witness");
    hold(table! {
        "an entry forged", |export: &Export| export.put("tile/entries/000", bundle_of(&forged[..256])) => Finding::EntryChanged { log_index: 40 },
        "an entry forged together with its tile", with_tile => Finding::RootDiffers { published: 700 },
        "an entry forged with every tile above it", with_all_tiles => Finding::RootDiffers { published: 700 },
        "the same under the key of a stranger", |export: &Export| {
            with_all_tiles(export);
            export.put("checkpoint", sign(&stranger));
        } => Finding::CheckpointNotMet { source: PolicyError::UnknownLog { .. } },
        "the same signed with the right key and not witnessed", |export: &Export| {
            with_all_tiles(export);
            export.put("checkpoint", sign(&log_signer()));
        } => Finding::CheckpointNotMet { source: PolicyError::QuorumNotMet { .. } },
        "the same with the cosignature of the true log", |export: &Export| {
            with_all_tiles(export);
            let true_note = String::from_utf8(export.read("checkpoint")).expect("UTF-8");
            let cosignature = true_note.lines().last().expect("a line").to_owned();
            export.put("checkpoint", format!("{}{cosignature}\n", sign(&log_signer())));
        } => Finding::CheckpointNotMet { source: PolicyError::Note(NoteError::WrongSignature { .. }) },
        "the same with a false witness of the right name", |export: &Export| {
            with_all_tiles(export);
            let head = Checkpoint::new(ORIGIN, SIZE, forged_tree.root()).to_string();
            export.put("checkpoint", format!("{}{}", sign(&log_signer()), false_witness.cosign(&head, 1_800_000_000)));
        } => Finding::CheckpointNotMet { source: PolicyError::QuorumNotMet { .. } },
        "a fork signed with the right key and witnessed", |export: &Export| {
            with_all_tiles(export);
            export.put("checkpoint", cosigned(Checkpoint::new(ORIGIN, SIZE, forged_tree.root())).note());
            let older = export.read("tile/0/001.p/44");
            export.put("tile/0/001.p/44", older);
        } => Finding::Forked { earlier: 300 },
        "a fork with another fault besides, signed and witnessed", |export: &Export| {
            let mut all = entries(SIZE);
            all[40].clone_from(&forged[40]);
            all[350] = entry(349);
            replace_all(export, &all);
        } => Finding::Forked { earlier: 300 },
        "a fork with a forged tile besides", |export: &Export| {
            let mut all = entries(SIZE);
            all[40].clone_from(&forged[40]);
            replace_all(export, &all);
            export.put("tile/0/001", hashes_of(&entries(SIZE)[255..511]));
        } => Finding::Forked { earlier: 300 },
        "an entry of another log", |export: &Export| {
            let mut all = entries(SIZE);
            all[350] = String::from_utf8(entry(350)).expect("UTF-8").replace(ORIGIN, "test.example/expelled").into_bytes();
            replace_all(export, &all);
        } => Finding::NotAnEvent { log_index: 350, .. },
        "an entry recorded twice, with everything signed anew", |export: &Export| {
            let mut all = entries(SIZE);
            all[350] = entry(349);
            replace_all(export, &all);
        } => Finding::IdTwice { log_index: 350, first: 349 },
    });
}

#[test]
fn a_log_that_goes_back_is_caught_by_what_was_seen_before() {
    let all = entries(SIZE);
    let elsewhere = Ed25519Signer::from_seed("other.example", &[5; 32]).expect("a signer");
    let other_log = SignedCheckpoint::sign(Checkpoint::new("other.example", SIZE, tree_of(&all).root()), &[&elsewhere])
        .expect("signed");
    hold(table! {
        "an older checkpoint put back", |export: &Export| export.put("checkpoint", checkpoint_of(&all[..EARLIER]).note()) => Finding::BeyondCheckpoint { published: 300, .. },
        "rolled back to before what was seen, files and all", |export: &Export| replace_all(export, &all[..200]) => Finding::RolledBack { earlier: 300, published: 200 },
        "rewritten and grown further", |export: &Export| {
            let mut all = entries(900);
            all[40] = forged(40);
            replace_all(export, &all);
        } => Finding::Forked { earlier: 300 },
        "the checkpoint of another log", |export: &Export| export.put("checkpoint", other_log.note()) => Finding::CheckpointNotMet { source: PolicyError::UnknownLog { .. } },
        "no checkpoint", |export: &Export| export.remove("checkpoint") => Finding::CheckpointMissing,
        "an empty checkpoint", |export: &Export| export.put("checkpoint", "") => Finding::CheckpointNotMet { source: PolicyError::Note(NoteError::Malformed(_)) },
        "the signature of the log taken off", |export: &Export| {
            let note = String::from_utf8(export.read("checkpoint")).expect("UTF-8");
            let lines = note.lines().filter(|line| !line.starts_with(&format!("— {ORIGIN}")));
            export.put("checkpoint", lines.map(|line| format!("{line}\n")).collect::<String>());
        } => Finding::CheckpointNotMet { source: PolicyError::UnknownLog { .. } },
        "the cosignature taken off", |export: &Export| {
            let note = String::from_utf8(export.read("checkpoint")).expect("UTF-8");
            let lines = note.lines().filter(|line| !line.starts_with("— witness"));
            export.put("checkpoint", lines.map(|line| format!("{line}\n")).collect::<String>());
        } => Finding::CheckpointNotMet { source: PolicyError::QuorumNotMet { .. } },
        "an extension line slipped in", |export: &Export| {
            let note = String::from_utf8(export.read("checkpoint")).expect("UTF-8");
            export.put("checkpoint", note.replacen("\n\n", "\nmore\n\n", 1));
        } => Finding::CheckpointNotMet { source: PolicyError::Note(NoteError::WrongSignature { .. }) },
    });
}

#[test]
fn an_earlier_checkpoint_that_is_none_is_named_too() {
    let export = grown();
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[66; 32]).expect("a signer");
    let head = checkpoint_of(&entries(SIZE)[..EARLIER]).checkpoint().clone();
    let signed = SignedCheckpoint::sign(head, &[&stranger]).expect("signed");
    let found = export.verify(&[&signed]).expect_err("not by the log");
    assert!(matches!(found, Finding::EarlierNotSigned { source: PolicyError::UnknownLog { .. } }), "{found:?}");
}

#[test]
fn an_earlier_checkpoint_of_another_log_that_is_trusted_too_is_no_earlier_one_of_this() {
    let other = Ed25519Signer::from_seed("other.example", &[5; 32]).expect("a signer");
    let other_key = VerifierKey::parse(&other.verifier_key()).expect("a key");
    let head = Checkpoint::new("other.example", EARLIER as u64, tree_of(&entries(SIZE)[..EARLIER]).root());
    let kept = SignedCheckpoint::sign(head, &[&other]).expect("signed");
    let kept = Previous::parse(kept.note().as_bytes()).expect("a checkpoint");
    let both = policy().with_log_keys([&other_key].into_iter());
    let found = verify_export(grown().path(), &both, &[kept], &mut |_, _| {}).expect_err("of another log");
    assert!(matches!(&found, Finding::EarlierOfOtherLog { origin } if origin == "other.example"), "{found:?}");
}
