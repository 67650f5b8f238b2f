//! Ways to tamper with a receipt: each is caught, and named as what it is.

use super::fixture::{ORIGIN, checkpoint_of, entries, entry, log_signer, policy, tree_of};
use mingzhang::store::StoreError;
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, NoteError, PolicyError, ProofError, SignedCheckpoint, TlogProof, TlogProofError,
};

const SIZE: u64 = 700;
const INDEX: u64 = 300;

fn sound() -> TlogProof {
    let all = entries(SIZE);
    let proof = tree_of(&all).inclusion_proof(INDEX, SIZE, |_| Err(StoreError::NotALedger)).expect("in memory");
    let checkpoint = checkpoint_of(&all).note().to_owned();
    TlogProof { extra: None, log_index: INDEX, inclusion_proof: proof, checkpoint }
}

/// What is found of a proof as a text with an entry.
fn found(text: &str, entry: &[u8]) -> TlogProofError {
    let refused = TlogProof::parse(text).and_then(|proof| proof.verify(entry, &policy()).map(|_| ()));
    refused.expect_err("it proves nothing")
}

#[test]
fn before_it_is_tampered_with_the_proof_holds() {
    sound().verify(&entry(INDEX), &policy()).expect("it holds");
}

#[test]
fn every_flipped_bit_of_a_proof_or_entry_is_caught() {
    let (proof, text) = (sound(), sound().to_string());
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            // What isn't UTF-8 isn't even read.
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let holds = TlogProof::parse(&changed).is_ok_and(|proof| proof.verify(&entry(INDEX), &policy()).is_ok());
            assert!(!holds, "bit {bit} of byte {at}:\n{changed}");
        }
    }
    let bytes = entry(INDEX);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(proof.verify(&changed, &policy()).is_err(), "byte {at} of the entry");
    }
}

#[test]
fn tampered_proofs_are_named_as_what_they_are() {
    use TlogProofError::{Checkpoint as OfCheckpoint, Inclusion, Malformed};
    let proof = sound();
    let all = entries(SIZE);
    let other = |change: &dyn Fn(&mut TlogProof)| {
        let mut proof = proof.clone();
        change(&mut proof);
        proof.to_string()
    };
    let differs = Inclusion(ProofError::RootDiffers);
    let forged = String::from_utf8(entry(INDEX)).expect("UTF-8").replace("o-1", "o-2").into_bytes();
    let mut rewritten = all.clone();
    rewritten[usize::try_from(INDEX).expect("small")].clone_from(&forged);
    let fork = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, SIZE, tree_of(&rewritten).root()), &[&log_signer()])
        .expect("signed");
    let false_witness = CosignatureSigner::from_seed("witness.example", &[66; 32]).expect("a witness");
    let false_line = false_witness.cosign(&fork.checkpoint().to_string(), 1).to_string();
    let unmet = || OfCheckpoint(PolicyError::QuorumNotMet { quorum: "w".to_owned(), cosigners: Vec::new() });
    let wrong = |name: &str| OfCheckpoint(PolicyError::Note(NoteError::WrongSignature { name: name.to_owned() }));
    let last_line = proof.checkpoint.lines().last().expect("a line").to_owned();
    let cases: Vec<(&str, String, Vec<u8>, TlogProofError)> = vec![
        ("the entry of another place", proof.to_string(), entry(INDEX + 1), differs.clone()),
        ("a forged entry", proof.to_string(), forged.clone(), differs.clone()),
        ("no entry", proof.to_string(), Vec::new(), differs.clone()),
        (
            "an entry with a newline after it",
            proof.to_string(),
            [entry(INDEX), b"\n".to_vec()].concat(),
            differs.clone(),
        ),
        ("another place", other(&|proof| proof.log_index += 1), entry(INDEX), differs.clone()),
        (
            "a place beyond the log",
            other(&|proof| proof.log_index = SIZE),
            entry(INDEX),
            Inclusion(ProofError::LeafBeyondTree { index: SIZE, size: SIZE }),
        ),
        (
            "a hash less",
            other(&|proof| {
                proof.inclusion_proof.pop();
            }),
            entry(INDEX),
            Inclusion(ProofError::TooShort),
        ),
        (
            "a hash more",
            other(&|proof| proof.inclusion_proof.push([0; 32])),
            entry(INDEX),
            Inclusion(ProofError::TooLong),
        ),
        ("no hashes", other(&|proof| proof.inclusion_proof.clear()), entry(INDEX), Inclusion(ProofError::TooShort)),
        ("hashes in reverse", other(&|proof| proof.inclusion_proof.reverse()), entry(INDEX), differs.clone()),
        ("two hashes swapped", other(&|proof| proof.inclusion_proof.swap(0, 1)), entry(INDEX), differs.clone()),
        (
            "the checkpoint of a smaller log",
            other(&|proof| proof.checkpoint = checkpoint_of(&all[..400]).note().to_owned()),
            entry(INDEX),
            Inclusion(ProofError::TooLong),
        ),
        (
            "a checkpoint before the entry",
            other(&|proof| proof.checkpoint = checkpoint_of(&all[..200]).note().to_owned()),
            entry(INDEX),
            Inclusion(ProofError::LeafBeyondTree { index: INDEX, size: 200 }),
        ),
        (
            "another size under the signature",
            proof.to_string().replacen("\n700\n", "\n701\n", 1),
            entry(INDEX),
            wrong(ORIGIN),
        ),
        (
            "an uncosigned checkpoint",
            other(&|proof| proof.checkpoint = proof.checkpoint.replace(&format!("{last_line}\n"), "")),
            entry(INDEX),
            unmet(),
        ),
        (
            "a fork that the log signed and nobody witnessed",
            other(&|proof| proof.checkpoint = fork.note().to_owned()),
            forged.clone(),
            unmet(),
        ),
        (
            "a fork with a false witness",
            other(&|proof| proof.checkpoint = format!("{}{false_line}", fork.note())),
            forged.clone(),
            unmet(),
        ),
        (
            "a fork with the cosignature of the true log",
            other(&|proof| proof.checkpoint = format!("{}{last_line}\n", fork.note())),
            forged,
            wrong("witness.example"),
        ),
        (
            "another version",
            proof.to_string().replacen("@v1", "@v2", 1),
            entry(INDEX),
            Malformed("its first line isn't `c2sp.org/tlog-proof@v1`"),
        ),
        (
            "cut off in the hashes",
            proof.to_string()[..120].to_owned(),
            entry(INDEX),
            Malformed("no empty line separates the inclusion proof from the checkpoint"),
        ),
        (
            "cut off in the checkpoint",
            proof.to_string()[..proof.to_string().len() - 10].to_owned(),
            entry(INDEX),
            Malformed("its checkpoint doesn't end with a newline"),
        ),
    ];
    for (what, text, entry, expected) in cases {
        assert_eq!(found(&text, &entry), expected, "{what}");
    }
}
