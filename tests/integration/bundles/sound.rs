//! Sound bundles.

use super::fixture::{DEMONSTRATION, Parts, audit, audit_with, codes, outcome, policy};
use mingzhang::audit::offline::{Check, Outcome, Previous, Trust, Verdict};
use mingzhang::transparency::{CosignatureSigner, Policy};
use mingzhang_events::Event;
use std::process::Command;

#[test]
fn a_sound_bundle_holds_in_every_check_that_was_made() {
    let report = audit(&DEMONSTRATION.whole);
    assert!(report.sound, "{:?}", codes(&report));
    for check in Check::ALL {
        let not_asked_for = matches!(check, Check::Witnesses | Check::Previous | Check::Reveals);
        let expected = if not_asked_for { Outcome::NotMade } else { Outcome::Holds };
        assert_eq!(outcome(&report, check), expected, "{check:?}");
    }
    assert!(report.figures_compared > Some(400) && report.differences.is_empty());
    let conduct = report.conduct.expect("read to its end");
    assert!(conduct.reviews > 0 && conduct.evidence.iter().any(|mix| mix.in_month > 0));
}

#[test]
fn every_correction_and_reversal_of_the_month_is_counted() {
    let events = Parts::whole().events();
    let corrected = events.iter().filter(|event| {
        matches!(event.event, Event::RecordCorrected(_)) && event.occurred_at.month().to_string() == "2026-10"
    });
    // The demonstration's records are all of one month.
    let of_a_record = |id| {
        let of = events.iter().find(|of| of.id == id).expect("what is reversed");
        !matches!(of.event, Event::PointsGranted(_) | Event::PointsDeducted(_))
    };
    let reversed = events.iter().filter(|event| {
        if let Event::RecordReversed(reversed) = &event.event { of_a_record(reversed.record) } else { false }
    });
    let (corrected, reversed) = (corrected.count() as u64, reversed.count() as u64);
    let conduct = audit(&DEMONSTRATION.whole).conduct.expect("read to its end");
    assert!(reversed > 0, "the demonstration reverses something");
    assert_eq!(conduct.corrections, corrected + reversed);
}

#[test]
fn without_a_key_of_ones_own_the_report_says_that_nothing_authenticates_it() {
    let report = audit_with(&DEMONSTRATION.whole, Trust::Bundle, None);
    assert!(report.sound);
    assert_eq!(outcome(&report, Check::Checkpoint), Outcome::HoldsAsTold);
    assert!(!report.subject.expect("a subject").key_is_authenticated);
}

#[test]
fn what_is_packed_by_other_means_is_the_same_bundle() {
    let parts = Parts::whole();
    assert!(audit(&parts.packed()).sound);
    assert!(audit(&parts.repacked()).sound);
}

#[test]
fn an_earlier_checkpoint_is_recomputed_at_its_own_size_signed_or_from_paper() {
    let parts = Parts::whole();
    let size = parts.entries().len();
    for earlier in [1, 255, 256, 257, 700, size] {
        let signed = parts.signed(earlier);
        let head = signed.checkpoint();
        let paper = head.to_string();
        let in_hex = format!("{}\n{}\n{}", head.origin, head.size, super::fixture::hex(&head.root));
        for text in [signed.note().as_bytes(), paper.as_bytes(), in_hex.as_bytes()] {
            let previous = Previous::parse(text).expect("a checkpoint");
            let report = audit_with(&DEMONSTRATION.whole, Trust::Policy(&policy()), Some(&previous));
            assert_eq!((report.sound, outcome(&report, Check::Previous)), (true, Outcome::Holds), "{earlier}");
        }
    }
    assert!(Previous::parse(b"example.org\n12\n").is_none() && Previous::parse(b"example.org\n012\nAAAA").is_none());
}

#[test]
fn entries_since_the_month_began_prove_the_notice_and_no_figure() {
    let parts = Parts::of(&DEMONSTRATION.since_month);
    assert!(parts.manifest.first_index >= 256, "begins at {}", parts.manifest.first_index);
    assert!(DEMONSTRATION.since_month.len() < DEMONSTRATION.whole.len());
    let report = audit(&DEMONSTRATION.since_month);
    assert!(report.sound, "{:?}", codes(&report));
    for check in [Check::Root, Check::Notice, Check::Entries, Check::Checkpoint] {
        assert_eq!(outcome(&report, check), Outcome::Holds, "{check:?}");
    }
    // Neither the figures nor the rules that were adopted before.
    for check in [Check::Figures, Check::Rules, Check::Reviews] {
        assert_eq!(outcome(&report, check), Outcome::NotMade, "{check:?}");
    }
    assert_eq!(report.figures_compared, None);
    let after_close = |report: &Verdict| report.conduct.as_ref().expect("told").corrections_after_close;
    assert_eq!(after_close(&report), after_close(&audit(&DEMONSTRATION.whole)));
}

#[test]
fn cosignatures_of_the_policys_witnesses_are_counted() {
    let mut parts = Parts::whole();
    let witness = CosignatureSigner::from_seed("witness.example", &[3; 32]).expect("a witness");
    let text = format!(
        "log {}\nwitness supervisor {}\nquorum supervisor\n",
        DEMONSTRATION.signer.verifier_key(),
        witness.verifier_key()
    );
    let policy = Policy::parse(text.as_bytes()).expect("a policy");
    let report = audit_with(&DEMONSTRATION.whole, Trust::Policy(&policy), None);
    assert_eq!(codes(&report), ["quorum_not_met"]);
    let note = String::from_utf8(parts.file("checkpoint").clone()).expect("text");
    let (signed, _) = note.split_once("\n\n").expect("a note");
    let line = witness.cosign(&format!("{signed}\n"), 1_800_000_000);
    *parts.file("checkpoint") = format!("{note}{line}").into_bytes();
    let report = audit_with(&parts.repacked(), Trust::Policy(&policy), None);
    assert_eq!((report.sound, outcome(&report, Check::Witnesses)), (true, Outcome::Holds), "{:?}", codes(&report));
    assert_eq!(report.subject.expect("a subject").cosigners, ["supervisor"]);
}

#[test]
fn no_name_and_no_number_of_a_person_is_in_a_bundle() {
    let parts = Parts::whole();
    assert!(DEMONSTRATION.names.len() > 50);
    for (path, bytes) in parts.files.iter().filter(|(path, _)| !path.starts_with("README")) {
        let text = String::from_utf8_lossy(bytes);
        for name in &DEMONSTRATION.names {
            assert!(!text.contains(name.as_str()), "{path} holds the name {name}");
        }
        // Members of the demonstration have numbers such as D000001 and names of two or three characters in its roster.
        assert!(!text.contains("D0000"), "{path} holds a member's number");
        assert!(!text.contains('*'), "{path} holds a masked name");
    }
}

/// The Python in `README.txt`, run as whoever unpacked the bundle would.
#[test]
fn the_python_in_the_readme_computes_the_root_without_our_program() {
    for bundle in [&DEMONSTRATION.whole, &DEMONSTRATION.since_month] {
        let mut parts = Parts::of(bundle);
        let directory = tempfile::tempdir().expect("a directory");
        let readme = String::from_utf8(parts.file("README.txt").clone()).expect("text");
        let (_, program) = readme.split_once("--- python3\n").expect("the program");
        let (program, _) = program.split_once("\n---\n").expect("its end");
        let run = |parts: &Parts| {
            let manifest = ("manifest.json".to_owned(), parts.manifest_bytes());
            for (path, bytes) in parts.files.iter().chain([&manifest]) {
                let path = directory.path().join(path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
                std::fs::write(path, bytes).expect("written");
            }
            let ran = Command::new("python3").arg("-c").arg(program).current_dir(directory.path()).output();
            let ran = ran.expect("no python3 on this machine; install it: sudo apt-get install --yes python3");
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            String::from_utf8(ran.stdout).expect("text")
        };
        let said = run(&parts);
        assert!(said.contains("the same as signed"), "{said}");
        assert!(said.contains(&format!("notice.json {}", parts.manifest.notice.digest)), "{said}");
        let last = parts.files.last_mut().expect("entries");
        let end = last.1.len() - 10;
        last.1[end] ^= 1;
        assert!(run(&parts).contains("NOT what was signed"));
    }
}
