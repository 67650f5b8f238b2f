//! What programs that we didn't write say of our exports: the sound ones convince them, the tampered ones don't.

use super::fixture::{
    EARLIER, Export, ORIGIN, SIZE, bundle_of, checkpoint_of, cosigned, entries, entry, forged_log, grown, hashes_of,
    log_signer, replace_all, store_of, tree_of,
};
use super::programs::{BOTH, Kept};
use mingzhang::audit::Scope;
use mingzhang::store::StoreError;
use mingzhang::transparency::{Checkpoint, Ed25519Signer, SignedCheckpoint, TlogProof, Tree, witness_request};
use std::path::PathBuf;
use tempfile::TempDir;

/// Files that somebody kept, beside an export.
struct Drawer(TempDir);

impl Drawer {
    fn new() -> Drawer {
        Drawer(tempfile::tempdir().expect("a directory"))
    }

    fn keep(&self, name: String, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    fn checkpoint(&self, checkpoint: &SignedCheckpoint) -> PathBuf {
        self.keep(format!("checkpoint-{}", checkpoint.checkpoint().size), checkpoint.note())
    }

    fn receipt(&self, tree: &Tree, index: u64, checkpoint: &SignedCheckpoint) -> PathBuf {
        let size = checkpoint.checkpoint().size;
        let proof = tree.inclusion_proof(index, size, |_| Err(StoreError::NotALedger)).expect("in memory");
        let checkpoint = checkpoint.note().to_owned();
        let receipt = TlogProof { extra: None, log_index: index, inclusion_proof: proof, checkpoint };
        self.keep(format!("receipt-{index}-{size}"), receipt.to_string())
    }

    fn growth(&self, tree: &Tree, old: u64, checkpoint: &SignedCheckpoint) -> PathBuf {
        let size = checkpoint.checkpoint().size;
        let proof = tree.consistency_proof(old, size, |_| Err(StoreError::NotALedger)).expect("in memory");
        self.keep(format!("growth-{old}-{size}"), witness_request::write(old, &proof, checkpoint.note()))
    }
}

/// Through the end of a tile, of several, and of a tile of the second level; with what was kept at each step.
#[test]
fn an_export_that_grew_convinces_programs_that_we_did_not_write() {
    let sizes = [0, 1, 2, 3, 100, 255, 256, 257, 300, 512, 700, 65_536, 66_000];
    let all = entries(66_000);
    let (store, tree, drawer, export) = (store_of(&all), tree_of(&all), Drawer::new(), Export::nothing_yet());
    let mut kept = Kept::default();
    for size in sizes {
        let published = checkpoint_of(&all[..size]);
        export.write(&store, &published, Scope::EntriesAndHashes).expect("exported");
        let size = size as u64;
        if size < 600 {
            BOTH.iter().for_each(|program| drop(program.convinced(&export, &kept)));
        }
        kept.earlier.push(drawer.checkpoint(&published));
        let indexes = [0, 1, 2, 99, 254, 255, 256, 511, 65_535, size.saturating_sub(1)];
        kept.receipts
            .extend(indexes.iter().filter(|index| **index < size).map(|i| drawer.receipt(&tree, *i, &published)));
        let before = sizes.iter().map(|size| *size as u64).filter(|old| *old <= size);
        kept.growths.extend(before.map(|old| drawer.growth(&tree, old, &published)));
    }
    for program in BOTH {
        let said = program.convinced(&export, &kept);
        assert!(said.contains("66000 hashed"), "{program:?} {said}");
        let files = export.files().len() - 1;
        assert!(
            said.contains(&format!(" {files} tiles and bundles")),
            "{program:?} looked at another count than {files}"
        );
        assert!(said.contains(&format!("{} hold", kept.growths.len())), "{program:?} {said}");
    }
}

#[test]
fn every_file_that_is_changed_missing_or_too_much_is_found_by_programs_that_we_did_not_write() {
    let sound = grown();
    let kept = Kept::default();
    let needed = |file: &String| !file.ends_with(".p/44") && file != "tile/1/000.p/1";
    for program in BOTH {
        for file in sound.files() {
            let bytes = sound.read(&file);
            let (mut flipped, cut_off) = (bytes.clone(), &bytes[..bytes.len() - 1]);
            let middle = bytes.len() / 2;
            flipped[middle] ^= 1;
            for (how, changed) in [
                ("flipped", &flipped[..]),
                ("cut off", cut_off),
                ("emptied", &[]),
                ("longer", &[&bytes[..], b"\0"].concat()),
            ] {
                sound.put(&file, changed);
                program.refuses(&format!("{file}, {how}"), &sound, &kept);
            }
            if needed(&file) {
                sound.remove(&file);
                program.refuses(&format!("{file}, taken away"), &sound, &kept);
            }
            sound.put(&file, &bytes);
        }
        for (file, bytes) in [
            ("tile/0/003.p/1", hashes_of(&[entry(768)])),
            ("tile/entries/003.p/1", bundle_of(&[entry(768)])),
            ("tile/0/002", hashes_of(&entries(768)[512..])),
            ("tile/0/x000/000", sound.read("tile/0/000")),
            ("tile/2/000.p/1", vec![0; 32]),
            ("tile/0/000.p/0", Vec::new()),
            ("tile/-1/000", sound.read("tile/0/000")),
            ("tile/data/000", sound.read("tile/entries/000")),
            ("index.html", b"<p>".to_vec()),
        ] {
            sound.put(file, bytes);
            program.refuses(&format!("{file}, added"), &sound, &kept);
            sound.remove(file);
        }
        program.convinced(&sound, &kept);
    }
}

/// Every tile and bundle of another history below the checkpoint that was signed, in one order of steps after another.
#[test]
fn forgeries_that_fit_together_are_found_by_programs_that_we_did_not_write() {
    let drawer = Drawer::new();
    let (all, forged) = (entries(SIZE), forged_log());
    let (earlier, head) = (checkpoint_of(&all[..EARLIER]), Checkpoint::new(ORIGIN, SIZE, tree_of(&forged).root()));
    let kept = Kept { earlier: vec![drawer.checkpoint(&earlier)], ..Kept::default() };
    let stranger = Ed25519Signer::from_seed(ORIGIN, &[66; 32]).expect("a signer");
    let elsewhere = Ed25519Signer::from_seed("other.example", &[5; 32]).expect("a signer");
    let signed_by = |signer: &Ed25519Signer, head: &Checkpoint| {
        SignedCheckpoint::sign(head.clone(), &[signer]).expect("signed").note().to_owned()
    };
    let true_note = |export: &Export| String::from_utf8(export.read("checkpoint")).expect("text");
    let other_history = |export: &Export| {
        let true_note = true_note(export);
        replace_all(export, &forged);
        export.put("checkpoint", true_note);
    };
    type Tamper<'a> = Box<dyn Fn(&Export) + 'a>;
    let cases: Vec<(&str, Tamper<'_>)> = vec![
        ("an entry forged", Box::new(|export| export.put("tile/entries/000", bundle_of(&forged[..256])))),
        (
            "an entry forged with its hash",
            Box::new(|export| {
                export.put("tile/entries/000", bundle_of(&forged[..256]));
                export.put("tile/0/000", hashes_of(&forged[..256]));
            }),
        ),
        ("another history below the signed checkpoint", Box::new(other_history)),
        (
            "the same, with another root written into the checkpoint",
            Box::new(|export| {
                other_history(export);
                let note = true_note(export);
                let (_, signatures) = note.split_once("\n\n").expect("a note");
                export.put("checkpoint", format!("{head}\n{signatures}"));
            }),
        ),
        (
            "the same, signed by a stranger",
            Box::new(|export| {
                other_history(export);
                export.put("checkpoint", signed_by(&stranger, &head));
            }),
        ),
        (
            "the same, signed with the right key: a fork",
            Box::new(|export| {
                other_history(export);
                export.put("checkpoint", cosigned(head.clone()).note());
            }),
        ),
        ("an older checkpoint put back", Box::new(|export| export.put("checkpoint", earlier.note()))),
        ("rolled back, files and all", Box::new(|export| replace_all(export, &all[..200]))),
        (
            "the checkpoint of another log",
            Box::new(|export| {
                let head = Checkpoint::new("other.example", SIZE, tree_of(&all).root());
                export.put("checkpoint", signed_by(&elsewhere, &head));
            }),
        ),
        (
            "the name of another log under the log's key",
            Box::new(|export| {
                let head = Checkpoint::new("other.example", SIZE, tree_of(&all).root()).to_string();
                let note = mingzhang::transparency::sign_note(&head, &[&log_signer()]).expect("signed");
                export.put("checkpoint", note);
            }),
        ),
        (
            "the signature taken off",
            Box::new(|export| {
                let note = true_note(export);
                let lines = note.lines().filter(|line| !line.starts_with(&format!("— {ORIGIN}")));
                export.put("checkpoint", lines.map(|line| format!("{line}\n")).collect::<String>());
            }),
        ),
        (
            "a wrong signature of the log below the right one",
            Box::new(|export| {
                let other = cosigned(Checkpoint::new(ORIGIN, 1, [9; 32]));
                let line = other.note().lines().find(|line| line.starts_with(&format!("— {ORIGIN}"))).expect("its own");
                export.put("checkpoint", format!("{}{line}\n", true_note(export)));
            }),
        ),
        (
            "two entries swapped with their hashes",
            Box::new(|export| {
                let mut swapped = all[256..512].to_vec();
                swapped.swap(40, 41);
                export.put("tile/entries/001", bundle_of(&swapped));
                export.put("tile/0/001", hashes_of(&swapped));
            }),
        ),
    ];
    for program in BOTH {
        program.convinced(&grown(), &kept);
        for (what, tamper) in &cases {
            let export = grown();
            tamper(&export);
            program.refuses(what, &export, &kept);
        }
    }
}

#[test]
fn tampered_receipts_and_proofs_of_growth_are_found_by_programs_that_we_did_not_write() {
    let (drawer, export) = (Drawer::new(), grown());
    let (all, forged) = (entries(SIZE), forged_log());
    let (tree, other) = (tree_of(&all), tree_of(&forged));
    let (head, fork) = (checkpoint_of(&all), checkpoint_of(&forged));
    let text = |path: PathBuf| std::fs::read_to_string(path).expect("text");
    let receipt = text(drawer.receipt(&tree, 300, &head));
    let growth = text(drawer.growth(&tree, 300, &head));
    // A power of two: its proof leaves out what whoever checks it has.
    let whole = text(drawer.growth(&tree, 256, &head));
    let line = |text: &str, number: usize| text.lines().nth(number).expect("a line").to_owned();
    let without = |text: &str, number: usize| text.replacen(&format!("{}\n", line(text, number)), "", 1);
    let swapped = |text: &str, at: usize| {
        let (one, two) = (line(text, at), line(text, at + 1));
        text.replacen(&format!("{one}\n{two}\n"), &format!("{two}\n{one}\n"), 1)
    };
    let cases = [
        ("the index of another entry", "receipt", receipt.replacen("index 300", "index 301", 1)),
        ("an index beyond the log", "receipt", receipt.replacen("index 300", "index 700", 1)),
        ("a receipt without its first hash", "receipt", without(&receipt, 2)),
        ("a receipt with two hashes swapped", "receipt", swapped(&receipt, 2)),
        ("a receipt with a hash more", "receipt", receipt.replacen("\n\n", &format!("\n{}\n\n", line(&receipt, 2)), 1)),
        ("a receipt under a fork", "receipt", text(drawer.receipt(&other, 300, &fork))),
        ("a receipt under another checkpoint", "receipt", text(drawer.receipt(&other, 300, &head))),
        ("another old size", "growth", growth.replacen("old 300", "old 301", 1)),
        ("an old size of none", "growth", growth.replacen("old 300", "old 701", 1)),
        ("growth without its first hash", "growth", without(&growth, 1)),
        ("growth with two hashes swapped", "growth", swapped(&growth, 1)),
        ("growth from a whole subtree without its first hash", "growth", without(&whole, 1)),
        ("growth of a fork", "growth", text(drawer.growth(&other, 300, &fork))),
        ("growth with the proof of a fork", "growth", text(drawer.growth(&other, 20, &head))),
    ];
    for program in BOTH {
        for (what, option, changed) in &cases {
            let file = drawer.keep("changed".to_owned(), changed);
            let mut kept = Kept::default();
            let into = if *option == "receipt" { &mut kept.receipts } else { &mut kept.growths };
            into.push(file);
            program.refuses(what, &export, &kept);
        }
    }
}
