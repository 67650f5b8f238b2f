//! Every reader of what others hand in, apart from tables (`ugly_tables.rs`), bundles (`bundles/hostile.rs`, `bundles/damaged.rs`) and bodies of requests (`http/bodies.rs`): sound texts
//! and files are damaged a little or a lot, and reading them ends with a value or a refusal, never with a panic or with all memory. Checkpoints and receipts that are read are used once,
//! because a panic may wait there.

use crate::fuzz::{self, Damage, damaged, within_little};
use mingzhang::audit::Previous;
use mingzhang::config::Config;
use mingzhang::document::unpacked;
use mingzhang::import::{Mapping, Table, end_after, local_date, local_instant};
use mingzhang::ledger::LedgerState;
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, Note, Policy, SignedCheckpoint, Signer, Tile, TlogProof, VerifierKey,
    bundle, leaf_hash, witness_request,
};
use mingzhang_events::{decode, decode_canonical};
use mingzhang_projections::{DEFAULT_RULES_TOML, ReadModels, parse_rules};
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

/// Each behind its length in two bytes (C2SP tlog-tiles, log entries).
fn bundled(entries: &[Vec<u8>]) -> Vec<u8> {
    let length = |entry: &Vec<u8>| u16::try_from(entry.len()).expect("an entry's length").to_be_bytes();
    entries.iter().flat_map(|entry| length(entry).into_iter().chain(entry.iter().copied())).collect()
}

static READERS: LazyLock<Vec<Reader>> = LazyLock::new(readers);

fn readers() -> Vec<Reader> {
    let head = Checkpoint::new("log.example", 1, leaf_hash(b"alone"));
    let note = SignedCheckpoint::sign(head, &[&log()]).expect("signed").note().to_owned();
    let proof = format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{note}");
    let request = format!("old 7\n{}=\n\n{note}", "A".repeat(43));
    let mapping =
        "table = \"roster\"\nsheet = \"五月\"\nyear = 2026\n[columns]\n\"备注\" = \"\"\n[set]\nclass = \"社区党员\"\n"
            .to_owned();
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
        reader("configurations", vec![Config::for_origin("log.example").expect("an origin").to_toml()], |bytes| {
            let directory = tempfile::tempdir().expect("a directory");
            let path = directory.path().join("mingzhang.toml");
            std::fs::write(&path, bytes).expect("written");
            Config::read(&path).is_ok()
        }),
        reader(
            "dates and times",
            ["2026-10-03 19:30", "2026年10月3日（周六）晚上7点半", "２０２６/10/3 19:30", "2026-10-03T19:30:00+08:00"]
                .map(str::to_owned)
                .into(),
            |bytes| {
                let (text, start) = (text(bytes), "2026-10-03T11:30:00Z".parse().expect("an instant"));
                local_date(&text).is_ok() | local_instant(&text).is_ok() | end_after(start, &text).is_ok()
            },
        ),
        Reader {
            name: "archives that may bear a digest",
            sound: vec![std::fs::read(crate::ugly_tables::path_of("roster.xlsx")).expect("a file")],
            read: |bytes| unpacked(bytes).is_some(),
        },
        Reader {
            name: "bundles of entries",
            sound: vec![bundled(&entries())],
            read: |bytes| bundle::entries(bytes).take(bytes.len()).all(|entry| entry.is_ok()),
        },
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

#[test]
fn what_is_damaged_is_refused_or_read_and_never_brings_the_program_down() {
    let name = "damaged::what_is_damaged_is_refused_or_read_and_never_brings_the_program_down";
    within_little(name, || {
        bolero::check!().with_type::<(u16, Vec<Damage>)>().with_test_time(fuzz::time()).for_each(|(which, damages)| {
            for Reader { sound, read, .. } in &*READERS {
                read(&damaged(&sound[usize::from(*which) % sound.len()], damages));
            }
        });
    });
}
