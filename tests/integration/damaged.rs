//! Every reader of what others hand in, apart from tables (`ugly_tables.rs`) and bundles (`bundles/hostile.rs`): sound texts and files are damaged a little or a lot, and
//! reading them ends with a value or a refusal, never with a panic. Checkpoints and receipts that are read are used once, because a panic may wait there.
//!
//! (`bolero` doesn't resolve beside the other crates, and `cargo-fuzz` needs a nightly compiler; this runs everywhere, in bounded time, the same in every run, and longer with
//! `PROPTEST_CASES`.)

use mingzhang::audit::Previous;
use mingzhang::import::{Mapping, Table};
use mingzhang::ledger::LedgerState;
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, Note, Policy, SignedCheckpoint, Signer, Tile, TlogProof, VerifierKey,
    leaf_hash, witness_request,
};
use mingzhang_events::{decode, decode_canonical};
use mingzhang_projections::{DEFAULT_RULES_TOML, ReadModels, parse_rules};
use proptest::prelude::*;
use std::sync::LazyLock;

/// One reader: a sound input, and what reads and uses it.
struct Reader {
    name: &'static str,
    sound: Vec<Vec<u8>>,
    read: fn(&[u8]) -> bool,
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn log() -> Ed25519Signer {
    Ed25519Signer::from_seed("log.example", &[1; 32]).expect("a signer")
}

fn policy() -> String {
    let witness = CosignatureSigner::from_seed("witness.example", &[2; 32]).expect("a signer");
    format!("log {}\nwitness one {}\nquorum one\n", log().verifier_key(), witness.verifier_key())
}

fn entries() -> Vec<Vec<u8>> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.iter().map(|path| std::fs::read(path).expect("a file").trim_ascii_end().to_vec()).collect()
}

static READERS: LazyLock<Vec<Reader>> = LazyLock::new(readers);

fn readers() -> Vec<Reader> {
    let head = Checkpoint::new("log.example", 1, leaf_hash(b"alone"));
    let note = SignedCheckpoint::sign(head, &[&log()]).expect("signed").note().to_owned();
    let proof = format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{note}");
    let request = format!("old 7\n{}=\n\n{note}", "A".repeat(43));
    let mapping = "table = \"roster\"\nsheet = \"五月\"\nyear = 2026\n[columns]\n\"备注\" = \"\"\n".to_owned();
    let reader = |name, sound: Vec<String>, read| {
        let sound = sound.into_iter().map(String::into_bytes).collect();
        Reader { name, sound, read }
    };
    vec![
        reader("signed notes", vec![note.clone()], |bytes| {
            let key = VerifierKey::parse(&log().verifier_key()).expect("a key");
            Note::parse(bytes).is_ok() | SignedCheckpoint::open(bytes, &key).is_ok()
        }),
        reader("checkpoints", vec![note.lines().take(3).map(|line| format!("{line}\n")).collect()], |bytes| {
            Checkpoint::parse(&text(bytes)).is_ok_and(|head| !head.to_string().is_empty())
        }),
        reader("verifier keys", vec![log().verifier_key()], |bytes| VerifierKey::parse(&text(bytes)).is_ok()),
        reader("policies", vec![policy()], |bytes| Policy::parse(bytes).is_ok()),
        reader("receipts", vec![proof], |bytes| {
            let policy = Policy::parse(policy().as_bytes()).expect("a policy");
            TlogProof::parse(&text(bytes)).is_ok_and(|proof| {
                drop(proof.verify(b"alone", &policy));
                !proof.to_string().is_empty()
            })
        }),
        reader("paths of tiles", vec!["tile/0/x001/234.p/56".to_owned(), "tile/entries/000".to_owned()], |bytes| {
            Tile::parse(&text(bytes)).is_some()
        }),
        reader("requests to a witness", vec![request], |bytes| {
            witness_request::split(bytes).is_some_and(|(head, _)| witness_request::parse_head(head).is_some())
        }),
        reader("what was shown before", vec![note], |bytes| Previous::parse(bytes).is_some()),
        reader("scoring rules", vec![DEFAULT_RULES_TOML.to_owned()], |bytes| parse_rules(&text(bytes)).is_ok()),
        reader("mappings", vec![mapping], |bytes| Mapping::read(Table::Roster, &text(bytes)).is_ok()),
        Reader {
            name: "entries",
            sound: entries(),
            read: |bytes| decode(bytes).is_ok() & decode_canonical(bytes, "ledger.example/shuyuan").is_ok(),
        },
        Reader {
            name: "snapshots of the read models",
            sound: vec![ReadModels::default().to_bytes()],
            read: |bytes| ReadModels::from_bytes(bytes).is_ok(),
        },
        Reader {
            name: "snapshots of the ledger's state",
            sound: vec![crate::ledger::a_state()],
            read: |bytes| LedgerState::from_bytes(bytes).is_some(),
        },
    ]
}

#[test]
fn every_reader_reads_what_is_sound() {
    for Reader { name, sound, read } in &*READERS {
        assert!(!sound.is_empty(), "{name}");
        for sound in sound {
            assert!(read(sound), "{name}: {}", text(sound));
        }
    }
}

/// One thing that happens to bytes.
#[derive(Clone, Debug)]
enum Damage {
    Byte { at: prop::sample::Index, value: u8 },
    Insert { at: prop::sample::Index, bytes: Vec<u8> },
    Cut { from: prop::sample::Index, length: usize },
    Repeat { from: prop::sample::Index, length: usize, times: usize },
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    // What ends a line, a field or a number, and what no text should hold.
    let telling = prop::sample::select(vec![
        "\n",
        "\n\n",
        " ",
        "\u{2014} ",
        "=",
        "\"",
        "{",
        "[",
        "[[",
        "18446744073709551615",
        "-1",
        "9e999",
        "\u{feff}",
        "\u{0}",
        "䶮",
        "\r",
    ]);
    let telling = telling.prop_map(|text| text.as_bytes().to_vec());
    let any_bytes = prop::collection::vec(any::<u8>(), 1..16);
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, value)| Damage::Byte { at, value }),
        4 => (at(), prop_oneof![telling, any_bytes]).prop_map(|(at, bytes)| Damage::Insert { at, bytes }),
        2 => (at(), 1..64_usize).prop_map(|(from, length)| Damage::Cut { from, length }),
        1 => (at(), 1..64_usize, 1..2_000_usize).prop_map(|(from, length, times)| Damage::Repeat { from, length, times }),
    ]
}

impl Damage {
    fn to(&self, bytes: &mut Vec<u8>) {
        let size = bytes.len();
        match self {
            Damage::Byte { at, value } if size > 0 => bytes[at.index(size)] = *value,
            Damage::Byte { .. } => {}
            Damage::Insert { at, bytes: more } => {
                drop(bytes.splice(at.index(size + 1)..at.index(size + 1), more.iter().copied()))
            }
            Damage::Cut { from, length } => {
                let from = from.index(size + 1);
                bytes.drain(from..size.min(from + length));
            }
            Damage::Repeat { from, length, times } => {
                let from = from.index(size + 1);
                let part = bytes[from..size.min(from + length)].repeat(*times);
                bytes.splice(from..from, part);
            }
        }
    }
}

proptest! {
    /// Look further with `PROPTEST_CASES=100000 PROPTEST_RNG_SEED=7`.
    #[test]
    fn what_is_damaged_is_refused_or_read_and_never_brings_the_program_down(
        damages in prop::collection::vec(damage(), 1..5),
        which in any::<prop::sample::Index>(),
    ) {
        for Reader { sound, read, .. } in &*READERS {
            let mut bytes: Vec<u8> = sound[which.index(sound.len())].clone();
            damages.iter().for_each(|damage| damage.to(&mut bytes));
            read(&bytes);
        }
    }
}
