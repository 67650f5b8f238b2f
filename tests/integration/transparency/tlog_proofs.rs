//! Receipts in the form of C2SP tlog-proof: read strictly, written as they were read, checked against a policy.

use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, Policy, PolicyError, ProofError, SignedCheckpoint, Signer, TlogProof,
    TlogProofError, leaf_hash,
};

use super::{inclusion_proof, tree_of};

const INDEX: u64 = 5;

/// A log of 11 entries, entry 5, its proof under a cosigned checkpoint, and the policy that it meets.
fn world() -> (Vec<u8>, TlogProof, Policy) {
    let entries: Vec<Vec<u8>> = (0..11).map(|number| format!("entry {number}").into_bytes()).collect();
    let tree = tree_of(&entries.iter().map(|entry| leaf_hash(entry)).collect::<Vec<_>>());
    let log = Ed25519Signer::from_seed("log.example", &[1; 32]).unwrap();
    let witness = CosignatureSigner::from_seed("witness.example", &[2; 32]).unwrap();
    let policy = format!("log {}\nwitness one {}\nquorum one\n", log.verifier_key(), witness.verifier_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let checkpoint = SignedCheckpoint::sign(Checkpoint::new("log.example", 11, tree.root()), &[&log]).unwrap();
    let line = witness.cosign(&checkpoint.checkpoint().to_string(), 1_700_000_000);
    let checkpoint = checkpoint.with_cosignatures(&[line], &[policy.witnesses()[0].key.clone()]).unwrap();
    let inclusion_proof = inclusion_proof(&tree, INDEX, 11);
    let proof = TlogProof { extra: None, log_index: INDEX, inclusion_proof, checkpoint: checkpoint.note().to_owned() };
    (entries[5].clone(), proof, policy)
}

#[test]
fn a_proof_is_written_as_the_specification_shows_and_comes_back() {
    let (entry, proof, policy) = world();
    let text = proof.to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..2], ["c2sp.org/tlog-proof@v1", "index 5"]);
    assert_eq!((lines[6], lines[7], lines[8]), ("", "log.example", "11"), "{text}");
    assert_eq!(TlogProof::parse(&text).unwrap(), proof);
    let extra = TlogProof { extra: Some(b"age-v1.2.1".to_vec()), ..proof };
    let text = extra.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra YWdlLXYxLjIuMQ==\nindex 5\n"), "{text}");
    assert_eq!(TlogProof::parse(&text).unwrap(), extra);
    let witnessed = extra.verify(&entry, &policy).unwrap();
    assert_eq!((witnessed.checkpoint.size, witnessed.cosigners[0].unix_seconds), (11, 1_700_000_000));
}

#[test]
fn the_only_entry_of_a_log_has_a_proof_without_hashes() {
    let log = Ed25519Signer::from_seed("log.example", &[1; 32]).unwrap();
    let head = Checkpoint::new("log.example", 1, leaf_hash(b"alone"));
    let checkpoint = SignedCheckpoint::sign(head, &[&log]).unwrap().note().to_owned();
    let text = format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{checkpoint}");
    let proof = TlogProof::parse(&text).unwrap();
    assert_eq!(proof.to_string(), text);
    let policy = Policy::parse(format!("log {}\nquorum none", log.verifier_key()).as_bytes()).unwrap();
    proof.verify(b"alone", &policy).unwrap();
}

#[test]
fn what_is_not_a_proof_is_refused() {
    let (_, proof, _) = world();
    let text = proof.to_string();
    let hash = text.lines().nth(2).unwrap();
    for refused in [
        String::new(),
        text.replacen("@v1", "@v2", 1),
        format!("\n{text}"),
        text.replacen("index 5\n", "", 1),
        text.replacen("index 5", "index 05", 1),
        text.replacen("index 5", "index +5", 1),
        text.replacen("index 5", "index 18446744073709551616", 1),
        text.replacen("index 5", "index  5", 1),
        text.replacen("index 5", "index 5 ", 1),
        text.replacen("index 5\n", "index 5\nextra AAAA\n", 1),
        text.replacen("index 5\n", "extra AAAA\nextra AAAA\nindex 5\n", 1),
        text.replacen("index 5\n", "extra \nindex 5\n", 1),
        text.replacen("index 5\n", "extra AAA\nindex 5\n", 1),
        text.replacen(hash, "AAAA", 1),
        text.replacen(hash, &format!("{hash} "), 1),
        text.replacen(hash, &hash.replace('=', ""), 1),
        text.replacen(hash, &[hash; 61].join("\n"), 1),
        text.replacen("\n\n", "\n", 1),
        text.replace('\n', "\r\n"),
        text.trim_end().to_owned(),
    ] {
        let parsed = TlogProof::parse(&refused);
        assert!(matches!(parsed, Err(TlogProofError::Malformed(_))), "{refused:?}: {parsed:?}");
    }
}

#[test]
fn a_proof_of_something_else_proves_nothing() {
    let (entry, proof, policy) = world();
    proof.verify(&entry, &policy).unwrap();
    let inclusion = |proof: &TlogProof, entry: &[u8]| match proof.verify(entry, &policy) {
        Err(TlogProofError::Inclusion(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(inclusion(&proof, b"entry 6"), ProofError::RootDiffers);
    assert_eq!(inclusion(&TlogProof { log_index: 4, ..proof.clone() }, &entry), ProofError::RootDiffers);
    let beyond = TlogProof { log_index: 11, ..proof.clone() };
    assert_eq!(inclusion(&beyond, &entry), ProofError::LeafBeyondTree { index: 11, size: 11 });
    let mut short = proof.clone();
    short.inclusion_proof.pop();
    assert_eq!(inclusion(&short, &entry), ProofError::TooShort);

    let uncosigned = proof.checkpoint.lines().filter(|line| !line.starts_with("— witness"));
    let uncosigned: String = uncosigned.map(|line| format!("{line}\n")).collect();
    let refused = TlogProof { checkpoint: uncosigned, ..proof.clone() }.verify(&entry, &policy);
    let expected = PolicyError::QuorumNotMet { quorum: "one".to_owned(), cosigners: Vec::new() };
    assert_eq!(refused, Err(TlogProofError::Checkpoint(expected)));
    let changed = TlogProof { checkpoint: proof.checkpoint.replacen("\n11\n", "\n12\n", 1), ..proof };
    assert!(matches!(changed.verify(&entry, &policy), Err(TlogProofError::Checkpoint(PolicyError::Note(_)))));
}
