//! What others have published: the tree and proofs that the tests of Certificate Transparency logs have used since RFC 6962, the note of
//! Go's documentation, and a checkpoint of the checksum database of Go as C2SP shows it.

use super::{consistency_proof, inclusion_proof, nothing_to_load, tree_of};
use mingzhang::transparency::{
    Checkpoint, Ed25519Signer, Hash, Note, NoteError, Signer, Tree, VerifierKey, leaf_hash, sign_note,
    verify_consistency, verify_inclusion,
};

const INPUTS: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Over the first none, one, two, … of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

// Nodes of the tree of eight, by level and place.
const NODE_0_0: &str = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const NODE_0_1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const NODE_0_4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const NODE_1_0: &str = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const NODE_1_1: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const NODE_1_2: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const NODE_1_3: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const NODE_2_0: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const NODE_2_1: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

fn hash_from_hex(hex: &str) -> Hash {
    std::array::from_fn(|byte| u8::from_str_radix(&hex[2 * byte..2 * byte + 2], 16).unwrap())
}

fn published_tree() -> Tree {
    tree_of(&INPUTS.map(leaf_hash))
}

#[test]
fn roots_are_those_that_certificate_transparency_publishes() {
    let tree = published_tree();
    for (size, root) in (0..).zip(ROOTS) {
        assert_eq!(tree.root_at(size, nothing_to_load).unwrap(), hash_from_hex(root), "at {size} leaves");
    }
}

#[test]
fn inclusion_proofs_are_those_that_certificate_transparency_publishes() {
    let cases: [(u64, u64, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[NODE_0_1, NODE_1_1, NODE_2_1]),
        (5, 8, &[NODE_0_4, NODE_1_3, NODE_2_0]),
        (2, 3, &[NODE_1_0]),
        (1, 5, &[NODE_0_0, NODE_1_1, NODE_0_4]),
    ];
    let tree = published_tree();
    for (index, size, proof) in cases {
        let proof: Vec<Hash> = proof.iter().map(|hash| hash_from_hex(hash)).collect();
        assert_eq!(inclusion_proof(&tree, index, size), proof, "leaf {index} of {size}");
        let (at, root) = (usize::try_from(index).unwrap(), hash_from_hex(ROOTS[usize::try_from(size).unwrap()]));
        assert_eq!(verify_inclusion(&leaf_hash(INPUTS[at]), index, size, &proof, &root), Ok(()));
    }
}

#[test]
fn consistency_proofs_are_those_that_certificate_transparency_publishes() {
    let cases: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (1, 8, &[NODE_0_1, NODE_1_1, NODE_2_1]),
        (6, 8, &[NODE_1_2, NODE_1_3, NODE_2_0]),
        (2, 5, &[NODE_1_1, NODE_0_4]),
    ];
    let (tree, root) = (published_tree(), |size: u64| hash_from_hex(ROOTS[usize::try_from(size).unwrap()]));
    for (old, new, proof) in cases {
        let proof: Vec<Hash> = proof.iter().map(|hash| hash_from_hex(hash)).collect();
        assert_eq!(consistency_proof(&tree, old, new), proof, "from {old} to {new}");
        assert_eq!(verify_consistency(old, new, &proof, &root(old), &root(new)), Ok(()));
    }
}

const NEUMANN_SEED: &str = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
const NEUMANN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// The key and the note of the documentation of golang.org/x/mod/sumdb/note.
#[test]
fn our_signature_is_the_one_that_go_publishes() {
    let signer = Ed25519Signer::from_seed("PeterNeumann", &hash_from_hex(NEUMANN_SEED)).unwrap();
    assert_eq!(signer.verifier_key(), NEUMANN_KEY);
    let text = NEUMANN_NOTE.split_inclusive("\n\n").next().unwrap().strip_suffix('\n').unwrap();
    assert_eq!(sign_note(text, &[&signer]).unwrap(), NEUMANN_NOTE);
    let known = [VerifierKey::parse(NEUMANN_KEY).unwrap()];
    let (note, signed_by) = Note::open(NEUMANN_NOTE.as_bytes(), &known).unwrap();
    assert_eq!((note.text, signed_by.len()), (text, 1));
}

/// Signed by sum.golang.org itself; C2SP tlog-checkpoint shows it under another name.
#[test]
fn a_checkpoint_of_the_checksum_database_of_go_is_read_and_its_signature_holds() {
    let text = "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let signature = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=";
    let note = format!("{text}\n— sum.golang.org {signature}\n");
    let known = [VerifierKey::parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").unwrap()];
    let (opened, by) = Note::open(note.as_bytes(), &known).unwrap();
    assert_eq!(by.len(), 1);
    let checkpoint = Checkpoint::parse(opened.text).unwrap();
    assert_eq!((checkpoint.size, checkpoint.to_string()), (20_852_163, text.to_owned()));
    let shrunk = note.replacen("20852163", "20852162", 1);
    let wrong = NoteError::WrongSignature { name: "sum.golang.org".to_owned() };
    assert_eq!(Note::open(shrunk.as_bytes(), &known).err(), Some(wrong));
}

#[test]
fn the_verifier_key_that_signed_note_shows_is_read() {
    let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let key = VerifierKey::parse(text).unwrap();
    assert_eq!((key.name(), key.key_id(), key.to_string()), ("example.com/foo", 0x530d_903a, text.to_owned()));
}
