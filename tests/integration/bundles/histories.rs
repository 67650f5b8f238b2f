//! Histories that contradict what somebody else has: an earlier checkpoint, another key, what stands before the first entry. And reports that don't
//! say more than was checked.

use super::fixture::{DEMONSTRATION, Parts, audit, audit_with, codes, outcome, policy};
use super::forgeries::{append_handover, replace, shorter};
use mingzhang::audit::bundle::Manifest;
use mingzhang::audit::offline::{Check, Outcome, Previous, Trust};
use mingzhang::transparency::{
    Checkpoint, Ed25519Signer, Policy, SignedCheckpoint, Signer, Tree, VerifierKey, hand_over,
};
use mingzhang_events::{DocumentFormat, DocumentIssued, DocumentKind, EventId, FileDigest, RecordedEvent};

/// The thief has the entry that handed the key over, which is public, and the old key, which should be gone.
#[test]
fn who_stole_a_key_that_was_handed_over_signs_no_bundle_whole_or_in_part() {
    let next = Ed25519Signer::from_seed(&Parts::whole().manifest.origin, &[6; 32]).expect("a signer");
    let next_key = VerifierKey::parse(&next.verifier_key()).expect("a key");
    for bundle in [&DEMONSTRATION.whole, &DEMONSTRATION.since_month] {
        let mut parts = Parts::of(bundle);
        append_handover(&mut parts, &next, hand_over(DEMONSTRATION.signer.as_ref(), &next).expect("a note"));
        for policy in [Policy::of_log(next_key.clone()), policy()] {
            let verdict = audit_with(&parts.clone().repacked(), Trust::Policy(&policy), None);
            assert_eq!(codes(&verdict), ["checkpoint_not_signed"]);
            assert!(!verdict.subject.expect("a subject").key_is_authenticated);
        }
        parts.sign_with(&next);
        for policy in [Policy::of_log(next_key.clone()), policy()] {
            let verdict = audit_with(&parts.clone().repacked(), Trust::Policy(&policy), None);
            assert!(verdict.sound, "{:?}", codes(&verdict));
        }
    }
}

/// However much is found in the entries, and none of it told any more.
#[test]
fn no_check_is_said_to_hold_because_others_found_so_much() {
    let mut parts = Parts::whole();
    let mut events = parts.events();
    let mut later = events.last().expect("an entry").clone();
    later.occurred_at = later.recorded_at.plus_minutes(1);
    events.extend((0..1_100).map(|number| RecordedEvent { id: EventId(1 << 90 | number), ..later.clone() }));
    parts.set_events(&events);
    parts.resign();
    replace(parts.file("notice.json"), "\"due\":1", "\"due\":2");
    replace(parts.file("rules/"), "\"points\":\"1.00\"", "\"points\":\"2.00\"");
    let wrong = Checkpoint::new(parts.manifest.origin.as_str(), parts.manifest.tree_size, [7; 32]);
    let signed = SignedCheckpoint::sign(wrong, &[DEMONSTRATION.signer.as_ref()]).expect("signed");
    *parts.file("checkpoint") = signed.note().as_bytes().to_vec();
    let verdict = audit(&parts.repacked());
    for check in [Check::Entries, Check::Root, Check::Notice, Check::Figures, Check::Rules] {
        assert_eq!(outcome(&verdict, check), Outcome::Fails, "{check:?}");
    }
    let found = codes(&verdict);
    for code in ["root_differs", "notice_not_as_issued", "figures_differ", "rules_differ"] {
        assert!(found.contains(&code), "{code} isn't told");
    }
    let of_entries = found.iter().filter(|code| **code == "recorded_before_it_happened").count();
    assert_eq!((of_entries, verdict.findings_untold), (1_000, 100));
}

#[test]
fn an_earlier_checkpoint_is_held_against_nothing_where_the_entries_end_before_it() {
    let mut parts = Parts::whole();
    let kept = Previous::parse(parts.signed(700).note().as_bytes()).expect("a checkpoint");
    parts.file("tile/entries/001").truncate(9);
    let report = audit_with(&parts.repacked(), Trust::Policy(&policy()), Some(&kept));
    assert_eq!(codes(&report), ["entry_unreadable"]);
    assert_eq!(outcome(&report, Check::Previous), Outcome::NotMade);
}

#[test]
fn a_frontier_that_is_not_that_of_the_entries_before_is_found() {
    let mut parts = Parts::of(&DEMONSTRATION.since_month);
    let hash = parts.manifest.frontier[0].clone();
    parts.manifest.frontier[0] = hash.replacen(|letter: char| letter.is_ascii_lowercase(), "A", 1);
    assert!(codes(&audit(&parts.repacked())).contains(&"root_differs"));
}

#[test]
fn a_second_history_signed_with_the_right_key_is_found_by_who_kept_a_checkpoint_and_by_nobody_else() {
    let kept = Parts::whole().signed(700);
    let mut parts = Parts::whole();
    let mut events = parts.events();
    shorter(&mut events);
    parts.issue_anew(events);
    let bundle = parts.repacked();
    assert!(audit(&bundle).sound, "it contradicts nothing in itself: {:?}", codes(&audit(&bundle)));
    for text in [kept.note().to_owned(), kept.checkpoint().to_string()] {
        let previous = Previous::parse(text.as_bytes()).expect("a checkpoint");
        let report = audit_with(&bundle, Trust::Policy(&policy()), Some(&previous));
        assert_eq!(codes(&report), ["rewritten"]);
    }
}

#[test]
fn a_log_that_became_shorter_or_another_is_found_by_who_kept_a_checkpoint() {
    let mut longer = Parts::whole();
    let mut entries = longer.entries();
    entries.push(entries[0].clone());
    longer.set_entries(&entries);
    let kept = Previous::parse(longer.signed(entries.len()).note().as_bytes()).expect("a checkpoint");
    let audited = |kept: &Previous| codes(&audit_with(&DEMONSTRATION.whole, Trust::Policy(&policy()), Some(kept)));
    assert_eq!(audited(&kept), ["rolled_back"]);
    let foreign = Previous::parse(b"other.example/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    assert_eq!(audited(&foreign.expect("a checkpoint")), ["previous_foreign"]);
    let signer = Ed25519Signer::from_seed(&Parts::whole().manifest.origin, &[5; 32]).expect("a signer");
    let checkpoint = Parts::whole().signed(300).checkpoint().clone();
    let by_another = SignedCheckpoint::sign(checkpoint, &[&signer]).expect("signed");
    assert_eq!(audited(&Previous::parse(by_another.note().as_bytes()).expect("a note")), ["previous_foreign"]);
}

/// What it rests on is told to whoever asks whether a file was issued; of what came before a part of the log nothing can be said.
#[test]
fn a_document_is_held_against_the_root_that_it_names_as_far_as_the_bundle_goes_back() {
    for bundle in [&DEMONSTRATION.whole, &DEMONSTRATION.since_month] {
        let issued = |before: u64, root: Option<[u8; 32]>| {
            let mut parts = Parts::of(bundle);
            let note = parts.file("checkpoint").clone();
            let checkpoint = Checkpoint::of_note(&note).expect("a checkpoint");
            let root = root.unwrap_or(checkpoint.root);
            let document = DocumentIssued {
                activity: None,
                digest: FileDigest([7; 32]),
                format: DocumentFormat::Csv,
                kind: DocumentKind::Register,
                member: None,
                month: Some(parts.manifest.month),
                notice: None,
                number: None,
                organization: parts.manifest.organization,
                requested_at: None,
                root_hash: root.iter().map(|byte| format!("{byte:02x}")).collect(),
                supersedes: None,
                tree_size: checkpoint.size - before,
            };
            let mut events = parts.events();
            let last = events.last().expect("an entry").clone();
            events.push(RecordedEvent { id: EventId(96), event: document.into(), ..last });
            parts.set_events(&events);
            parts.resign();
            let verdict = audit(&parts.clone().repacked());
            (codes(&verdict).join(" "), outcome(&verdict, Check::Documents), verdict.documents_not_checked)
        };
        let differs = ("document_root_differs".to_owned(), Outcome::Fails, Vec::new());
        assert_eq!(issued(0, None), (String::new(), Outcome::Holds, Vec::new()));
        assert_eq!(issued(0, Some([9; 32])), differs);
        assert_eq!(issued(1, None), differs, "the root of another size");
        let Manifest { first_index, tree_size, .. } = Parts::of(bundle).manifest;
        if first_index > 0 {
            // The frontier tells the root over its largest subtree, and over nothing; of the size before the first entry it tells none.
            for known in [0, 1 << first_index.ilog2(), first_index] {
                assert_eq!(issued(tree_size - known, Some([9; 32])), differs, "at {known} of {first_index}");
            }
            assert_eq!(issued(tree_size, Some(Tree::new().root())), (String::new(), Outcome::Holds, Vec::new()));
            let not_checked = (String::new(), Outcome::HoldsAsTold, vec![tree_size]);
            assert_eq!(issued(tree_size - first_index + 1, Some([9; 32])), not_checked);
        }
    }
}
