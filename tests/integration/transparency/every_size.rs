//! Every proof of every tree of up to 1,100 leaves, beside those of two others.
//!
//! More than a million proofs in a build without optimisation, so each is made once and looked at once by each of us: its bytes are
//! those that `ct-merkle` makes, and it convinces us and `tlog_tiles`.

use super::{consistency_proof, inclusion_proof, leaves, nothing_to_load, tlog, tree_of};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use mingzhang::transparency::{Hash, verify_consistency, verify_inclusion};
use sha2::Sha256;
use tlog_tiles::tlog::{check_record, check_tree};

/// Through the end of four tiles, and a part of a fifth.
const SIZES_MAX: u64 = 1_100;

type Others = MemoryBackedTree<Sha256, Vec<u8>>;

fn roots() -> Vec<Hash> {
    let tree = tree_of(&leaves(SIZES_MAX));
    (0..=SIZES_MAX).map(|size| tree.root_at(size, nothing_to_load).unwrap()).collect()
}

#[test]
fn every_root_and_inclusion_proof_of_every_size_is_that_of_others_and_convinces_them() {
    let (leaves, roots, mut others) = (leaves(SIZES_MAX), roots(), Others::new());
    let tree = tree_of(&leaves);
    for (size, root) in (0..).zip(&roots) {
        assert_eq!(root[..], others.root().as_bytes()[..], "root at {size} leaves");
        let their_root = tlog(&[*root])[0];
        for (index, leaf) in (0..size).zip(&leaves) {
            let proof = inclusion_proof(&tree, index, size);
            let theirs = others.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(proof.as_flattened(), theirs.as_bytes(), "leaf {index} of {size}");
            assert_eq!(verify_inclusion(leaf, index, size, &proof, root), Ok(()), "leaf {index} of {size}");
            check_record(&tlog(&proof), size, their_root, index, tlog(&[*leaf])[0]).unwrap();
        }
        others.push(size.to_be_bytes().to_vec());
    }
}

#[test]
fn every_consistency_proof_of_every_size_is_that_of_others_and_convinces_them() {
    let (leaves, roots, mut others) = (leaves(SIZES_MAX), roots(), Others::new());
    let tree = tree_of(&leaves);
    for (new, new_root) in (0..).zip(&roots) {
        let their_new_root = tlog(&[*new_root])[0];
        for (old, old_root) in (0..=new).zip(&roots) {
            let proof = consistency_proof(&tree, old, new);
            assert_eq!(verify_consistency(old, new, &proof, old_root, new_root), Ok(()), "from {old} to {new}");
            // Neither of the others says anything of what extends an empty tree, nor one of them of what extends itself.
            if old > 0 {
                check_tree(&tlog(&proof), new, their_new_root, old, tlog(&[*old_root])[0]).unwrap();
            }
            if 0 < old && old < new {
                let theirs = others.prove_consistency(usize::try_from(new - old).unwrap());
                assert_eq!(proof.as_flattened(), theirs.as_bytes(), "from {old} to {new}");
            }
        }
        others.push(new.to_be_bytes().to_vec());
    }
}
