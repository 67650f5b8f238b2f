//! What programs that we didn't write make of what they are given beside an export: checkpoints on paper, keys of other kinds, wrong paths.

use super::fixture::{EARLIER, Export, ORIGIN, SIZE, checkpoint_of, entries, grown, log_signer};
use super::programs::{BOTH, Kept};
use mingzhang::transparency::{Signer, Sm2Signer};
use std::path::PathBuf;
use tempfile::TempDir;

fn keep(drawer: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = drawer.path().join(name);
    std::fs::write(&path, text).expect("written");
    path
}

#[test]
fn a_checkpoint_on_paper_or_through_a_mail_is_as_good_to_programs_that_we_did_not_write() {
    let (drawer, export) = (tempfile::tempdir().expect("a directory"), grown());
    let earlier = checkpoint_of(&entries(SIZE)[..EARLIER]);
    let (note, paper) = (earlier.note(), earlier.checkpoint().to_string());
    let hex: String = earlier.checkpoint().root.iter().map(|byte| format!("{byte:02x}")).collect();
    let in_hex = format!("{ORIGIN}\n{EARLIER}\n{hex}\n");
    let kept: Vec<PathBuf> = [
        ("paper", paper.clone()),
        ("paper in hex", in_hex.clone()),
        ("paper, mailed", paper.replace('\n', "\r\n")),
        ("paper, cut", paper.trim_end().to_owned()),
        ("mailed", note.replace('\n', "\r\n")),
        ("cut", note.trim_end().to_owned()),
        ("of an editor", format!("\u{feff}{note}")),
    ]
    .iter()
    .map(|(name, text)| keep(&drawer, name, text))
    .collect();
    let forged = [
        ("another size", paper.replacen("300", "301", 1)),
        ("another root", in_hex.replacen(&hex[..8], "00000000", 1)),
        ("another log", paper.replacen(ORIGIN, "other.example", 1)),
        ("a size beyond the log", paper.replacen("300", "800", 1)),
    ];
    for program in BOTH {
        let said = program.convinced(&export, &Kept { earlier: kept.clone(), ..Kept::default() });
        assert!(said.contains("earlier      7 hold"), "{program:?} {said}");
        for (what, text) in &forged {
            let earlier = vec![keep(&drawer, "forged", text)];
            program.refuses(what, &export, &Kept { earlier, ..Kept::default() });
        }
    }
}

#[test]
fn a_policy_with_an_sm2_key_is_one_file_for_all_and_programs_that_do_not_know_it_say_so() {
    let (drawer, export) = (tempfile::tempdir().expect("a directory"), grown());
    let sm2 = Sm2Signer::from_secret(ORIGIN, &[7; 32]).expect("a signer").verifier_key();
    let both = format!("log {}\nlog {sm2}\nquorum none\n", log_signer().verifier_key());
    let both = Kept { policy: Some(keep(&drawer, "both", &both)), ..Kept::default() };
    let alone = keep(&drawer, "alone", &format!("log {sm2}\nquorum none\n"));
    let alone = Kept { policy: Some(alone), ..Kept::default() };
    for program in BOTH {
        let said = program.convinced(&export, &both);
        assert!(said.contains(&format!("left out     {sm2}")), "{program:?} {said}");
        let said = program.checks_nothing(&export, &alone);
        assert!(said.contains("no Ed25519 key"), "{program:?} {said}");
    }
}

/// A slip of whoever checks says nothing about the log.
#[test]
fn where_nothing_was_checked_programs_that_we_did_not_write_accuse_nobody() {
    let (drawer, export) = (tempfile::tempdir().expect("a directory"), grown());
    let nowhere = || vec![drawer.path().join("nowhere")];
    let key = log_signer().verifier_key();
    let mistyped = keep(&drawer, "mistyped", &format!("log {}\nquorum none\n", &key[..key.len() - 4]));
    let paper = checkpoint_of(&entries(SIZE)[..EARLIER]).checkpoint().to_string();
    let slips = [
        ("a size as people write it", paper.replacen("300", "3,00", 1)),
        ("two lines", format!("{ORIGIN}\n{EARLIER}\n")),
        ("half a root", paper[..paper.len() - 20].to_owned()),
        ("another file", "junk\n".repeat(9)),
        ("nothing", String::new()),
    ];
    for program in BOTH {
        for (what, text) in &slips {
            let slip = || vec![keep(&drawer, "slip", text)];
            for kept in [
                Kept { earlier: slip(), ..Kept::default() },
                Kept { receipts: slip(), ..Kept::default() },
                Kept { growths: slip(), ..Kept::default() },
            ] {
                let why = program.checks_nothing(&export, &kept);
                assert!(why.contains("slip"), "{program:?}, {what}: {why}");
            }
        }
        program.checks_nothing(&Export::nothing_yet(), &Kept::default());
        for kept in [
            Kept { earlier: nowhere(), ..Kept::default() },
            Kept { receipts: nowhere(), ..Kept::default() },
            Kept { growths: nowhere(), ..Kept::default() },
            Kept { policy: Some(drawer.path().join("nowhere")), ..Kept::default() },
            Kept { policy: Some(mistyped.clone()), ..Kept::default() },
        ] {
            program.checks_nothing(&export, &kept);
        }
    }
}
