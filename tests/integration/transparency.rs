//! Our tree and proofs beside two others that share no code with it and with each other, and with what was published.

mod cosignatures;
mod every_size;
mod policies;
mod published;
mod sm2;
mod tiles;
mod tlog_proofs;

use std::{convert::Infallible, error::Error};

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use mingzhang::transparency::{
    BLOCK_WIDTH, Checkpoint, CheckpointError, Ed25519Signer, Hash, Note, NoteError, OldBlock, ProofError,
    SignedCheckpoint, Signer, TILE_WIDTH, Tree, TreeError, VerifierKey, empty_root, leaf_hash, sign_note,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

fn tree_of(leaves: &[Hash]) -> Tree {
    let mut tree = Tree::new();
    tree.extend(leaves);
    tree
}

/// For trees that have everything in memory.
fn nothing_to_load(block: u64) -> Result<OldBlock, Infallible> {
    panic!("block {block} was asked for although it is in memory")
}

fn inclusion_proof(tree: &Tree, index: u64, size: u64) -> Vec<Hash> {
    tree.inclusion_proof(index, size, nothing_to_load).unwrap()
}

fn consistency_proof(tree: &Tree, old: u64, new: u64) -> Vec<Hash> {
    tree.consistency_proof(old, new, nothing_to_load).unwrap()
}

fn tlog(hashes: &[Hash]) -> Vec<tlog_tiles::tlog::Hash> {
    hashes.iter().copied().map(tlog_tiles::tlog::Hash).collect()
}

/// What can be done to a proof without knowing a preimage; named for the message of a failure.
fn tampered(proof: &[Hash]) -> Vec<(&'static str, Vec<Hash>)> {
    let mut all = vec![("one hash more", [proof, &[leaf_hash(b"more")]].concat())];
    if let Some((_, rest)) = proof.split_first() {
        all.push(("without its first hash", rest.to_vec()));
        all.push(("without its last hash", proof[..proof.len() - 1].to_vec()));
        all.push(("with its first hash twice", [&proof[..1], proof].concat()));
    }
    for changed in 0..proof.len() {
        let mut proof = proof.to_vec();
        proof[changed][31] ^= 1;
        all.push(("with a bit flipped", proof));
    }
    if proof.len() > 1 {
        all.push(("in reverse", proof.iter().rev().copied().collect()));
    }
    all
}

#[test]
fn a_tampered_inclusion_proof_convinces_nobody() {
    let leaves = leaves(70);
    let tree = tree_of(&leaves);
    for size in 1..=70 {
        let root = tree.root_at(size, nothing_to_load).unwrap();
        for (index, leaf) in (0..size).zip(&leaves) {
            let proof = inclusion_proof(&tree, index, size);
            for (how, forged) in tampered(&proof) {
                assert!(verify_inclusion(leaf, index, size, &forged, &root).is_err(), "leaf {index} of {size}, {how}");
            }
            let other_leaf = leaf_hash(b"another");
            assert_eq!(verify_inclusion(&other_leaf, index, size, &proof, &root), Err(ProofError::RootDiffers));
            for other_index in (0..size + 2).filter(|other| *other != index) {
                assert!(verify_inclusion(leaf, other_index, size, &proof, &root).is_err(), "{index} as {other_index}");
            }
            let too_large = ProofError::LeafBeyondTree { index: size, size };
            assert_eq!(verify_inclusion(leaf, size, size, &proof, &root), Err(too_large));
        }
    }
}

#[test]
fn a_tampered_consistency_proof_convinces_nobody() {
    let leaves = leaves(70);
    let tree = tree_of(&leaves);
    let roots: Vec<_> = (0..=70).map(|size| tree.root_at(size, nothing_to_load).unwrap()).collect();
    let other_root = leaf_hash(b"another");
    for (new, new_root) in (0..).zip(&roots) {
        for (old, old_root) in (0..=new).zip(&roots) {
            let proof = consistency_proof(&tree, old, new);
            for (how, forged) in tampered(&proof) {
                assert!(verify_consistency(old, new, &forged, old_root, new_root).is_err(), "{old} to {new}, {how}");
            }
            assert!(verify_consistency(old, new, &proof, &other_root, new_root).is_err(), "{old} to {new}");
            // An empty log says nothing about what follows it.
            if old > 0 || new == 0 {
                assert!(verify_consistency(old, new, &proof, old_root, &other_root).is_err(), "{old} to {new}");
            }
            if old < new {
                let back = ProofError::OlderTreeIsLarger { old: new, new: old };
                assert_eq!(verify_consistency(new, old, &proof, new_root, old_root), Err(back));
            }
        }
    }
}

/// A log of leaf hashes that answers for the tiles that a tree forgot.
fn block(leaves: &[Hash], block: u64) -> Result<OldBlock, Infallible> {
    Ok(OldBlock::of_tile(block, leaves_of_tile(leaves, block)))
}

/// The leaf hashes of the tile that a block is in.
fn leaves_of_tile(leaves: &[Hash], block: u64) -> &[Hash] {
    let first = usize::try_from(block * BLOCK_WIDTH / TILE_WIDTH * TILE_WIDTH).unwrap();
    &leaves[first..first + 256]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Sizes around several tiles, batches of any size, a batch undone now and then.
    #[test]
    fn a_tree_that_forgot_and_undid_gives_the_proofs_of_one_that_did_not(
        batches in prop::collection::vec((1_usize..3_000, any::<bool>()), 1..20),
        questions in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..20),
    ) {
        let all = leaves(60_000);
        let mut tree = Tree::new();
        for (length, committed) in batches {
            let before = tree.size();
            let start = usize::try_from(before).unwrap();
            tree.extend(&all[start..start + length]);
            if committed {
                tree.settle(tree.size());
            } else {
                tree.truncate(before);
                tree.extend(&all[start..start + length / 2]);
            }
        }
        let size = tree.size();
        let fresh = tree_of(&all[..usize::try_from(size).unwrap()]);
        prop_assert_eq!(tree.root(), fresh.root());

        let full_tiles = size / TILE_WIDTH;
        let tile_roots: Vec<_> = fresh
            .tile_roots_completed_between(0, size)
            .into_iter()
            .filter_map(|(level, _, hash)| (level == 1).then_some(hash))
            .collect();
        let last_tile = &all[usize::try_from(full_tiles * TILE_WIDTH).unwrap()..usize::try_from(size).unwrap()];
        let reopened = Tree::from_tile_roots(size, tile_roots, last_tile).unwrap();
        prop_assert_eq!(reopened.root(), fresh.root());

        for (one, other) in questions {
            let (one, other) = (one.index(60_000) as u64 % (size + 1), other.index(60_000) as u64 % (size + 1));
            let (old, new) = (one.min(other), one.max(other));
            let load = |index| block(&all, index);
            for tree in [&tree, &reopened] {
                prop_assert_eq!(tree.root_at(new, load).unwrap(), fresh.root_at(new, nothing_to_load).unwrap());
                prop_assert_eq!(tree.consistency_proof(old, new, load).unwrap(), consistency_proof(&fresh, old, new));
                if old < new {
                    prop_assert_eq!(tree.inclusion_proof(old, new, load).unwrap(), inclusion_proof(&fresh, old, new));
                }
            }
        }
    }

    /// Random trees, checked by ct-merkle.
    #[test]
    fn proofs_of_random_trees_convince_ct_merkle(
        size in 2_u64..5_000,
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let all = leaves(size);
        let tree = tree_of(&all);
        let index = one.index(all.len()) as u64;
        let old = other.index(all.len()) as u64;
        let root = RootHash::<Sha256>::new(tree.root().into(), size);
        let proof = inclusion_proof(&tree, index, size);
        let theirs = InclusionProof::<Sha256>::from_bytes(proof.as_flattened().to_vec());
        prop_assert!(root.verify_inclusion(&index.to_be_bytes(), index, &theirs).is_ok());
        if old > 0 {
            let old_root = RootHash::<Sha256>::new(tree.root_at(old, nothing_to_load).unwrap().into(), old);
            let proof = consistency_proof(&tree, old, size);
            let theirs = ConsistencyProof::<Sha256>::try_from_bytes(proof.as_flattened().to_vec()).unwrap();
            prop_assert!(root.verify_consistency(&old_root, &theirs).is_ok());
        }
    }
}

#[test]
fn tile_roots_are_given_once_and_by_level() {
    let all = leaves(66_000);
    let tree = tree_of(&all);
    assert_eq!(tree.tile_roots_completed_between(1, 255), []);
    let first = tree_of(&all[..256]).root();
    assert_eq!(tree.tile_roots_completed_between(255, 256), [(1, 0, first)]);
    let completed = tree.tile_roots_completed_between(65_300, 66_000);
    let places: Vec<_> = completed.iter().map(|(level, index, _)| (*level, *index)).collect();
    assert_eq!(places, [(1, 255), (1, 256), (2, 0)]);
    assert_eq!(completed[2].2, tree_of(&all[..65_536]).root());
    let together = tree.tile_roots_completed_between(0, 66_000);
    assert_eq!(together.len(), 257 + 1);
}

#[test]
fn the_block_roots_of_a_tile_are_given_once_it_is_full() {
    let all = leaves(1_000);
    let tree = tree_of(&all);
    assert!(tree.block_roots_completed_between(1, 255).is_empty());
    let given = tree.block_roots_completed_between(255, 512);
    assert_eq!(given.len(), 2);
    let expected: Vec<_> = all[..512].chunks(16).map(|leaves| tree_of(leaves).root()).collect();
    assert_eq!(given.as_flattened(), expected);
}

/// A proof may look into two blocks of a tile, and into blocks of several: each is asked for once at a time, and only where it is needed.
#[test]
fn a_proof_out_of_an_old_tile_asks_for_one_block() {
    let all = leaves(40_000);
    let mut tree = tree_of(&all);
    tree.settle(40_000);
    for index in [0, 15, 16, 255, 256, 5_000] {
        let mut asked = Vec::new();
        tree.inclusion_proof(index, 40_000, |wanted| {
            asked.push(wanted);
            block(&all, wanted)
        })
        .unwrap();
        assert_eq!(asked, [index / BLOCK_WIDTH]);
    }
}

#[test]
fn a_forged_leaf_in_an_old_tile_makes_no_proof() {
    let all = leaves(40_000);
    let mut tree = tree_of(&all);
    let sound = tree.block_roots_completed_between(0, 256)[0];
    let mut other_root = sound;
    other_root[9][0] ^= 1;
    let mut other_leaf = all[..16].to_vec();
    other_leaf[9][0] ^= 1;
    let mut leaf_with_its_root = sound;
    leaf_with_its_root[0] = tree_of(&other_leaf).root();
    let forged = [
        OldBlock::of_tile(0, &[&other_leaf, &all[16..256]].concat()),
        OldBlock::of_tile(0, &all[..255]),
        OldBlock::of_tile(0, &[]),
        OldBlock::new(&sound, &other_leaf),
        OldBlock::new(&sound, &all[..15]),
        OldBlock::new(&sound, &all[16..32]),
        OldBlock::new(&other_root, &all[..16]),
        OldBlock::new(&leaf_with_its_root, &other_leaf),
    ];
    tree.settle(40_000);
    assert!(tree.inclusion_proof(5, 40_000, |_| Ok::<_, Infallible>(OldBlock::new(&sound, &all[..16]))).is_ok());
    for (place, forged) in forged.iter().enumerate() {
        let refused = tree.inclusion_proof(5, 40_000, |_| Ok::<_, Infallible>(forged.clone()));
        assert!(matches!(refused, Err(TreeError::TileDiffers { tile: 0 })), "{place}: {refused:?}");
    }
    let unreadable = tree.inclusion_proof(5, 40_000, |_| Err::<OldBlock, _>(std::io::Error::other("no such disk")));
    let Err(unreadable @ TreeError::Tile { tile: 0, .. }) = unreadable else { panic!("{unreadable:?}") };
    assert_eq!(unreadable.source().unwrap().to_string(), "no such disk");
}

#[test]
fn what_the_tree_does_not_have_can_not_be_proved() {
    let tree = tree_of(&leaves(10));
    assert!(matches!(tree.root_at(11, nothing_to_load), Err(TreeError::OutOfRange { wanted: 11, available: 10 })));
    let beyond = tree.inclusion_proof(7, 7, nothing_to_load);
    assert!(matches!(beyond, Err(TreeError::OutOfRange { wanted: 8, available: 7 })));
    let back = tree.consistency_proof(8, 7, nothing_to_load);
    assert!(matches!(back, Err(TreeError::OutOfRange { wanted: 8, available: 7 })));
    assert!(Tree::from_tile_roots(300, vec![], &[]).is_err());
    assert!(Tree::from_tile_roots(3, vec![], &leaves(2)).is_err());
}

#[test]
fn a_verifier_key_is_read_with_its_own_id_only() {
    let go = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    let key = VerifierKey::parse(go).unwrap();
    assert_eq!((key.name(), key.key_id()), ("sum.golang.org", 0x033d_e0ae));
    for refused in [
        "",
        "sum.golang.org+033de0ae",
        "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033DE0AE+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "other.example+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+As4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza",
        "+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ] {
        assert!(VerifierKey::parse(refused).is_err(), "{refused}");
    }
}

fn key(signer: &Ed25519Signer) -> VerifierKey {
    VerifierKey::parse(&signer.verifier_key()).unwrap()
}

#[test]
fn unknown_signatures_are_passed_over_and_wrong_ones_fail() {
    let log = Ed25519Signer::from_seed("log.example", &[1; 32]).unwrap();
    let witness = Ed25519Signer::from_seed("witness.example", &[2; 32]).unwrap();
    let note = sign_note("text\n", &[&witness, &log]).unwrap();
    let open = |note: &str, keys: &[VerifierKey]| {
        Note::open(note.as_bytes(), keys).map(|(_, by)| by.iter().map(|key| key.name().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(open(&note, &[key(&log)]).unwrap(), ["log.example"]);
    assert_eq!(open(&note, &[key(&log), key(&witness)]).unwrap(), ["witness.example", "log.example"]);
    let stranger = Ed25519Signer::from_seed("log.example", &[3; 32]).unwrap();
    assert_eq!(open(&note, &[key(&stranger)]), Err(NoteError::NotSigned));
    assert_eq!(open(&note, &[]), Err(NoteError::NotSigned));
    let changed = note.replacen("text", "test", 1);
    let wrong = NoteError::WrongSignature { name: "log.example".to_owned() };
    assert_eq!(open(&changed, &[key(&log)]), Err(wrong));
    // One key vouches for the text and another, also known, doesn't: that isn't a note to rely on.
    let line_of_another_text = sign_note("other\n", &[&witness]).unwrap().split_off("other\n\n".len());
    let mixed = sign_note("text\n", &[&log]).unwrap() + &line_of_another_text;
    let wrong = NoteError::WrongSignature { name: "witness.example".to_owned() };
    assert_eq!(open(&mixed, &[key(&log), key(&witness)]), Err(wrong));
    assert_eq!(open(&mixed, &[key(&log)]).unwrap(), ["log.example"]);
    // One key signed twice, once something else: it fails in either order, and a right one repeated doesn't.
    let line = |text: &str| sign_note(text, &[&log]).unwrap().split_off(text.len() + 1);
    let (right, other) = (line("text\n"), line("other\n"));
    let wrong = NoteError::WrongSignature { name: "log.example".to_owned() };
    for lines in [format!("{right}{other}"), format!("{other}{right}")] {
        assert_eq!(open(&format!("text\n\n{lines}"), &[key(&log)]), Err(wrong.clone()));
    }
    assert_eq!(open(&format!("text\n\n{right}{right}"), &[key(&log)]).unwrap(), ["log.example"]);
}

#[test]
fn what_is_not_a_note_is_refused() {
    let log = Ed25519Signer::from_seed("log.example", &[1; 32]).unwrap();
    let note = sign_note("text\n", &[&log]).unwrap();
    let line = note.strip_prefix("text\n\n").unwrap();
    for refused in [
        String::new(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        format!("text\n{line}"),
        note.trim_end().to_owned(),
        format!("{note}\n"),
        format!("te\txt\n\n{line}"),
        note.replacen('—', "-", 1),
        note.replacen("log.example", "log+example", 1),
        note.replacen("log.example", "", 1),
        format!("{note}{}", line.repeat(100)),
        "text\n\n— log.example AAAAAA==\n".to_owned(),
        "text\n\n— log.example !!!!\n".to_owned(),
    ] {
        let known = [key(&log)];
        let opened = Note::open(refused.as_bytes(), &known);
        assert!(matches!(opened, Err(NoteError::Malformed(_))), "{refused:?}: {opened:?}");
    }
    assert!(Note::parse(b"text\xff\n\n").is_err());
    assert!(sign_note("no newline", &[&log]).is_err());
    assert!(Ed25519Signer::from_seed("with space", &[1; 32]).is_err());
}

#[test]
fn a_checkpoint_is_three_lines_and_comes_back() {
    let log = Ed25519Signer::from_seed("明账.example/log", &[1; 32]).unwrap();
    let checkpoint = Checkpoint::new("明账.example/log", 0, empty_root());
    let text = "明账.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    assert_eq!(checkpoint.to_string(), text);
    let signed = SignedCheckpoint::sign(checkpoint.clone(), &[&log]).unwrap();
    let opened = SignedCheckpoint::open(signed.note().as_bytes(), &key(&log)).unwrap();
    assert_eq!((opened.checkpoint(), &opened), (&checkpoint, &signed));
    let extended = format!("{text}one more line\nanother\n");
    assert_eq!(Checkpoint::parse(&extended).unwrap().to_string(), extended);
}

#[test]
fn what_is_not_a_checkpoint_is_refused() {
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    for refused in [
        String::new(),
        format!("\n0\n{root}\n"),
        format!("log\n\n{root}\n"),
        format!("log\n00\n{root}\n"),
        format!("log\n01\n{root}\n"),
        format!("log\n+1\n{root}\n"),
        format!("log\n-1\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n0\n{root}"),
        format!("log\n0\n{root}\n\n"),
        format!("log\n0\n{root}\n\nline\n"),
        "log\n0\n\n".to_owned(),
        "log\n0\n47DE\n".to_owned(),
        format!("log\n0\n {root}\n"),
        "log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n".to_owned(),
    ] {
        let parsed = Checkpoint::parse(&refused);
        assert!(matches!(parsed, Err(CheckpointError::Malformed(_))), "{refused:?}: {parsed:?}");
    }
}

#[test]
fn a_checkpoint_of_another_log_is_not_opened() {
    let log = Ed25519Signer::from_seed("log.example", &[1; 32]).unwrap();
    let other = SignedCheckpoint::sign(Checkpoint::new("other.example", 0, empty_root()), &[&log]).unwrap();
    let refused = SignedCheckpoint::open(other.note().as_bytes(), &key(&log));
    assert_eq!(refused, Err(CheckpointError::OtherOrigin { origin: "other.example".to_owned() }));
    let two_lines = Checkpoint::new("log.example\n7", 0, empty_root());
    assert!(SignedCheckpoint::sign(two_lines, &[&log]).is_err());
}
