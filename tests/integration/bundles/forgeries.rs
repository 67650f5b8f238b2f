//! What somebody could do to a bundle, from a flipped bit to a second history signed with the right key: each is found, and called what it is.

use super::fixture::{DEMONSTRATION, Parts, audit, audit_with, codes};
use mingzhang::audit::bundle::{ActorOfMember, Identities};
use mingzhang::audit::offline::{AuditFinding, Trust};
use mingzhang::transparency::{Checkpoint, Ed25519Signer, SignedCheckpoint, Signer, hand_over, sign_note};
use mingzhang_events::{
    ActorId, Event, EventId, Evidence, Instant, MemberId, NoticeIssued, RecordedEvent, ServiceApproved,
    SigningKeyRotated,
};

/// What is done, and the codes of findings that must be among those told.
type Forgery = (&'static str, fn(&mut Parts), &'static [&'static str]);

/// Done to the small files, with a manifest that names them as they are then.
const OF_FILES: &[Forgery] = &[
    (
        "a figure of the notice",
        |parts| replace(parts.file("notice.json"), "\"due\":1", "\"due\":2"),
        &["notice_not_as_issued", "figures_differ"],
    ),
    (
        "a figure of the notice, and the digest in the manifest to match",
        |parts| {
            replace(parts.file("notice.json"), "\"rank\":2", "\"rank\":1");
            let digest = sha2::Digest::finalize(sha2::Digest::chain_update(
                <sha2::Sha256 as sha2::Digest>::new(),
                parts.file("notice.json").as_slice(),
            ));
            parts.manifest.notice.digest = super::fixture::hex(&digest);
        },
        &["manifest_differs", "notice_not_as_issued", "figures_differ"],
    ),
    (
        "a line left out of the notice",
        |parts| cut(parts.file("notice.json"), "{\"branch\"", "},"),
        &["notice_not_as_issued", "figures_differ"],
    ),
    (
        "the notice in another spelling",
        |parts| replace(parts.file("notice.json"), "\"due\":", "\"due\": "),
        &["notice_not_as_issued", "figures_differ"],
    ),
    ("a notice that isn't JSON", |parts| parts.file("notice.json").truncate(100), &["figures_differ"]),
    (
        "forged rules",
        |parts| replace(parts.file("rules/"), "\"points\":\"1.00\"", "\"points\":\"2.00\""),
        &["rules_differ"],
    ),
    ("rules taken away", |parts| parts.files.retain(|(path, _)| !path.starts_with("rules/")), &["rules_differ"]),
    (
        "rules that were never adopted",
        |parts| {
            let rules = ("rules/700-2027-1.json".to_owned(), parts.file("rules/").clone());
            parts.files.insert(4, rules);
        },
        &["rules_differ"],
    ),
    ("identities that can't be read", |parts| *parts.file("identities.json") = b"{}".to_vec(), &["file_malformed"]),
    (
        "the size in the checkpoint",
        |parts| {
            let (size, more) = (parts.manifest.tree_size, parts.manifest.tree_size + 1);
            replace(parts.file("checkpoint"), &format!("\n{size}\n"), &format!("\n{more}\n"));
        },
        &["checkpoint_not_signed", "manifest_differs"],
    ),
    (
        "the origin in the checkpoint",
        |parts| replace(parts.file("checkpoint"), "demo.", "Demo."),
        &["checkpoint_not_signed", "manifest_differs"],
    ),
    (
        "the checkpoint without its signature",
        |parts| {
            let end = parts.file("checkpoint").windows(2).position(|pair| pair == b"\n\n").expect("a note");
            parts.file("checkpoint").truncate(end + 1);
        },
        &["checkpoint_not_signed"],
    ),
    (
        "the checkpoint of another log",
        |parts| {
            let signer = Ed25519Signer::from_seed("other.example/log", &[5; 32]).expect("a signer");
            let (size, key) = (parts.manifest.tree_size, signer.verifier_key());
            let signed = SignedCheckpoint::sign(Checkpoint::new("other.example/log", size, [1; 32]), &[&signer]);
            *parts.file("checkpoint") = signed.expect("signed").note().as_bytes().to_vec();
            parts.manifest.verifier_key = key;
        },
        &["checkpoint_not_signed", "manifest_differs", "root_differs"],
    ),
    (
        "the same checkpoint signed with another key that the manifest names",
        |parts| {
            let signer = Ed25519Signer::from_seed(&parts.manifest.origin, &[5; 32]).expect("a signer");
            let checkpoint = parts.signed(parts.entries().len()).checkpoint().clone();
            let signed = SignedCheckpoint::sign(checkpoint, &[&signer]).expect("signed");
            *parts.file("checkpoint") = signed.note().as_bytes().to_vec();
            parts.manifest.verifier_key = signer.verifier_key();
        },
        &["checkpoint_not_signed"],
    ),
    (
        "a wrong root, signed with the right key",
        |parts| {
            let (origin, size) = (parts.manifest.origin.clone(), parts.manifest.tree_size);
            let signed =
                SignedCheckpoint::sign(Checkpoint::new(origin, size, [7; 32]), &[DEMONSTRATION.signer.as_ref()]);
            *parts.file("checkpoint") = signed.expect("signed").note().as_bytes().to_vec();
        },
        &["root_differs"],
    ),
];

/// Done to the manifest alone. The demonstration's notice supersedes one: it is composed as its entry says, not as the manifest does.
const OF_THE_MANIFEST: &[Forgery] = &[
    ("another month", |parts| parts.manifest.month = "2026-09".parse().expect("a month"), &["notice_not_issued"]),
    (
        "another organisation",
        |parts| parts.manifest.organization = "4209".parse().expect("a code"),
        &["notice_not_issued"],
    ),
    ("another number", |parts| parts.manifest.notice.number = "〔2026〕11号".to_owned(), &["manifest_differs"]),
    ("another event", |parts| parts.manifest.notice.event = EventId(7), &["notice_not_issued"]),
    ("another digest", |parts| parts.manifest.notice.digest = "0".repeat(64), &["manifest_differs"]),
    ("another place of the notice", |parts| parts.manifest.notice.log_index -= 1, &["manifest_differs"]),
    ("figures of an earlier size", |parts| parts.manifest.notice.tree_size -= 99, &["manifest_differs"]),
    ("figures of a later size", |parts| parts.manifest.notice.tree_size += 999, &["manifest_differs"]),
    ("another origin", |parts| parts.manifest.origin.push('x'), &["manifest_differs", "not_an_event"]),
    (
        "another key",
        |parts| {
            parts.manifest.verifier_key =
                Ed25519Signer::from_seed(&parts.manifest.origin, &[5; 32]).expect("a signer").verifier_key();
        },
        &[],
    ),
    ("a larger size", |parts| parts.manifest.tree_size += 1, &["manifest_differs", "file_unexpected"]),
    ("a smaller size", |parts| parts.manifest.tree_size -= 1, &["manifest_differs", "file_unexpected"]),
    ("no size", |parts| parts.manifest.tree_size = 0, &["manifest_differs"]),
    ("an enormous size", |parts| parts.manifest.tree_size = u64::MAX, &["manifest_differs"]),
    ("a later beginning", |parts| parts.manifest.first_index = 256, &["manifest_malformed"]),
    ("a beginning inside a tile", |parts| parts.manifest.first_index = 3, &["manifest_malformed"]),
    ("a beginning beyond the log", |parts| parts.manifest.first_index = 1 << 20, &["manifest_malformed"]),
    ("a frontier that there isn't", |parts| parts.manifest.frontier.push("AAAA".to_owned()), &["manifest_malformed"]),
    ("another format", |parts| parts.manifest.format.push('2'), &["manifest_malformed"]),
];

/// Done to the entries.
const OF_ENTRIES: &[Forgery] = &[
    (
        "an hour taken from a record",
        |parts| {
            let mut events = parts.events();
            shorter(&mut events);
            parts.set_events(&events);
        },
        &["root_differs"],
    ),
    (
        "an entry dropped from the end",
        |parts| {
            let entries = parts.entries();
            parts.set_entries(&entries[..entries.len() - 1]);
        },
        &["file_unexpected"],
    ),
    (
        "the entries from the notice on dropped, and the size to match",
        |parts| {
            let notice = parts.manifest.notice.log_index;
            let entries = parts.entries();
            parts.set_entries(&entries[..usize::try_from(notice).expect("few entries")]);
            parts.manifest.tree_size = notice;
        },
        &["manifest_differs", "root_differs", "notice_not_issued"],
    ),
    (
        "an entry dropped from the middle of a bundle",
        |parts| {
            let mut entries = parts.entries();
            entries.remove(100);
            let first: Vec<Vec<u8>> = entries.drain(..255).collect();
            let mut bytes = Vec::new();
            first.iter().for_each(|entry| {
                mingzhang::transparency::bundle::append_entry(&mut bytes, entry).expect("it fits");
            });
            *parts.file("tile/entries/000") = bytes;
        },
        &["entry_unreadable"],
    ),
    (
        "an entry too many in a bundle",
        |parts| {
            let first = parts.entries()[0].clone();
            mingzhang::transparency::bundle::append_entry(parts.file("tile/entries/000"), &first).expect("it fits");
        },
        &["entry_unreadable"],
    ),
    (
        "two entries in each other's place",
        |parts| {
            let mut entries = parts.entries();
            entries.swap(300, 301);
            parts.set_entries(&entries);
        },
        &["root_differs"],
    ),
    (
        "an entry twice",
        |parts| {
            let mut entries = parts.entries();
            entries[301] = entries[300].clone();
            parts.set_entries(&entries);
        },
        &["id_twice", "root_differs"],
    ),
    (
        "an entry with a blank in it",
        |parts| {
            let mut entries = parts.entries();
            replace(&mut entries[300], "\"id\":", "\"id\": ");
            parts.set_entries(&entries);
        },
        &["not_an_event"],
    ),
    (
        "an entry of another log",
        |parts| {
            let mut entries = parts.entries();
            replace(&mut entries[300], "demo.", "Demo.");
            parts.set_entries(&entries);
        },
        &["not_an_event"],
    ),
    (
        "an empty entry",
        |parts| {
            let mut entries = parts.entries();
            entries[300].clear();
            parts.set_entries(&entries);
        },
        &["not_an_event"],
    ),
    ("a wrong length before an entry", |parts| parts.file("tile/entries/001")[1] ^= 1, &["not_an_event"]),
    (
        "a bundle cut off inside an entry",
        |parts| {
            let cut = parts.file("tile/entries/001").len() - 3;
            parts.file("tile/entries/001").truncate(cut);
        },
        &["entry_unreadable"],
    ),
    (
        "an entry recorded before the one before it",
        |parts| {
            let mut events = parts.events();
            events[300].recorded_at = events[0].recorded_at;
            events[300].occurred_at = events[0].occurred_at;
            parts.set_events(&events);
        },
        &["recorded_earlier", "root_differs"],
    ),
];

/// Done by the operator, who has the key and signs it.
const SIGNED: &[Forgery] = &[
    (
        "an entry recorded before it happened",
        |parts| {
            let mut events = parts.events();
            events[300].occurred_at = events[400].recorded_at.plus_minutes(9_999);
            parts.issue_anew(events);
        },
        &["recorded_before_it_happened"],
    ),
    (
        "a notice with a better figure, issued as such",
        |parts| {
            let mut events = parts.events();
            replace(parts.file("notice.json"), "\"rank\":2", "\"rank\":1");
            let digest =
                super::fixture::hex(&<sha2::Sha256 as sha2::Digest>::digest(parts.file("notice.json").as_slice()));
            issued(&mut events).digest.clone_from(&digest);
            parts.manifest.notice.digest = digest;
            parts.set_events(&events);
            parts.resign();
        },
        &["figures_differ"],
    ),
    (
        "a notice that names a root that the log never had",
        |parts| {
            let mut events = parts.events();
            issued(&mut events).root_hash = "0".repeat(64);
            parts.set_events(&events);
            parts.resign();
        },
        &["notice_root_differs"],
    ),
    (
        "a record changed after the notice was issued, and the notice kept",
        |parts| {
            let mut events = parts.events();
            shorter(&mut events);
            parts.set_events(&events);
            parts.resign();
        },
        &["notice_root_differs", "superseded_differs", "figures_differ"],
    ),
    (
        "a review of one's own record",
        |parts| {
            let mut events = parts.events();
            let (review, opened) = reviewed(&events);
            events[review].recorded_by = events[opened].recorded_by;
            parts.issue_anew(events);
        },
        &["review_of_own_record"],
    ),
    (
        "a review of a record that one had changed",
        |parts| {
            let mut events = parts.events();
            let reviewer: ActorId = "both".parse().expect("an actor");
            let (checked_out, record) = checked_out(&events);
            events[checked_out].recorded_by = reviewer;
            let at = events.len() - 2;
            let (occurred_at, recorded_at) = (events[at].occurred_at, events[at].recorded_at);
            let event = Event::from(ServiceApproved { record });
            let (id, evidence) = (EventId(99), Evidence::Office);
            events.insert(
                at + 1,
                RecordedEvent { id, event, evidence, imported: None, occurred_at, recorded_at, recorded_by: reviewer },
            );
            parts.issue_anew(events);
        },
        &["review_of_own_record"],
    ),
    (
        "a review about oneself, as the operator's own list tells",
        |parts| {
            let events = parts.events();
            let (review, opened) = reviewed(&events);
            let member = member_of(&events[opened].event);
            let identities = Identities {
                format: "mingzhang.identities.v1".to_owned(),
                commitments: Vec::new(),
                actors: vec![ActorOfMember { actor: events[review].recorded_by, member }],
            };
            *parts.file("identities.json") = serde_json::to_vec(&identities).expect("JSON");
        },
        &["review_about_oneself"],
    ),
    (
        "an older notice than the latest",
        |parts| {
            let mut events = parts.events();
            let notices = events.iter().rev().find(|recorded| matches!(recorded.event, Event::NoticeIssued(_)));
            let mut later = notices.expect("the notice").clone();
            later.id = EventId(98);
            events.push(later);
            parts.set_events(&events);
            parts.resign();
        },
        &["notice_not_latest"],
    ),
    (
        "a notice that rests on entries after itself",
        |parts| {
            let mut events = parts.events();
            issued(&mut events).tree_size += 1;
            parts.manifest.notice.tree_size += 1;
            parts.set_events(&events);
            parts.resign();
        },
        &["notice_impossible", "notice_root_differs"],
    ),
    (
        "a handover that the old key didn't sign",
        |parts| {
            let next = Ed25519Signer::from_seed(&parts.manifest.origin, &[6; 32]).expect("a signer");
            let handover = hand_over(&next, DEMONSTRATION.signer.as_ref()).expect("a note");
            let (text, _) = handover.split_once("\n\n").expect("a note");
            let alone = sign_note(&format!("{text}\n"), &[&next]).expect("signed");
            append_handover(parts, &next, alone);
        },
        &["handover_not_proved"],
    ),
    (
        "a checkpoint of the key that has handed over",
        |parts| {
            let next = Ed25519Signer::from_seed(&parts.manifest.origin, &[6; 32]).expect("a signer");
            let handover = hand_over(DEMONSTRATION.signer.as_ref(), &next).expect("a note");
            append_handover(parts, &next, handover);
        },
        &["checkpoint_not_signed"],
    ),
];

/// Appends a handover from the log's key; the log's key signs it all.
pub(super) fn append_handover(parts: &mut Parts, next: &Ed25519Signer, handover: String) {
    let mut events = parts.events();
    let mut last = events.last().expect("an entry").clone();
    last.id = EventId(97);
    let (old_key, new_key) = (DEMONSTRATION.signer.verifier_key(), next.verifier_key());
    last.event = SigningKeyRotated { handover, new_key, old_key }.into();
    events.push(last);
    parts.set_events(&events);
    parts.resign();
}

fn caught(forgeries: &[Forgery], repack: impl Fn(Parts) -> Vec<u8>) {
    for (what, forge, expected) in forgeries {
        let mut parts = Parts::whole();
        forge(&mut parts);
        let report = audit(&repack(parts));
        let found = codes(&report);
        assert!(expected.is_empty() || !report.sound, "{what}: passed as sound");
        for code in *expected {
            assert!(AuditFinding::CODES.iter().any(|(known, _)| known == code), "{code} isn't a code");
            assert!(found.contains(code), "{what}: {code} isn't among {found:?}");
        }
    }
}

#[test]
fn every_forgery_of_a_file_is_found_and_named() {
    caught(OF_FILES, Parts::repacked);
}

#[test]
fn every_file_that_the_manifest_names_otherwise_is_named() {
    for path in ["README.txt", "checkpoint", "notice.json", "rules/", "identities.json"] {
        let mut parts = Parts::whole();
        let middle = parts.file(path).len() / 2;
        parts.file(path)[middle] ^= 1;
        assert_eq!(codes(&audit(&parts.packed())), ["file_changed"], "{path}");
    }
}

#[test]
fn every_forgery_of_the_manifest_is_found_and_named() {
    caught(OF_THE_MANIFEST, Parts::repacked);
}

/// The key in the manifest is a claim: whoever brings a key of their own isn't told by it, and without one it is all there is.
#[test]
fn another_key_in_the_manifest_matters_only_to_who_has_none() {
    let mut parts = Parts::whole();
    let (_, forge, _) = OF_THE_MANIFEST.iter().find(|(what, ..)| *what == "another key").expect("it is there");
    forge(&mut parts);
    let bundle = parts.repacked();
    assert!(audit(&bundle).sound);
    assert_eq!(codes(&audit_with(&bundle, Trust::Bundle, None)), ["checkpoint_not_signed"]);
}

#[test]
fn every_forgery_of_entries_is_found_and_named() {
    caught(OF_ENTRIES, Parts::repacked);
}

/// The demonstration's notice takes the place of another: what an early record was made of has to show in the figures all the same.
#[test]
fn a_record_changed_under_a_superseding_notice_is_told_figure_by_figure() {
    let mut parts = Parts::whole();
    assert!(String::from_utf8_lossy(parts.file("notice.json")).contains("\"changes\":{"));
    let mut events = parts.events();
    // Not of the first one: its record is what was corrected.
    let checked_out = events.iter().rposition(|event| {
        matches!(event.event, Event::MemberCheckedOut(_)) && event.occurred_at.month() == parts.manifest.month
    });
    shorter(&mut events[checked_out.expect("somebody checked out")..]);
    parts.set_events(&events);
    let report = audit(&parts.repacked());
    let found = codes(&report);
    assert!(found.contains(&"figures_differ") && found.contains(&"root_differs"), "{found:?}");
    assert!(!found.contains(&"notice_impossible"), "{found:?}");
    assert!(report.figures_compared.is_some_and(|compared| compared > 100));
    let differs = |figure: &str| report.differences.iter().any(|difference| difference.figure.starts_with(figure));
    assert!(differs("members[") && differs("totals."), "{:?}", report.differences);
}

#[test]
fn what_the_operator_signs_against_the_rules_is_found_and_named() {
    caught(SIGNED, Parts::repacked);
}

pub(super) fn replace(bytes: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(bytes.clone()).expect("text");
    assert!(text.contains(from), "{from} isn't in {}", &text[..text.len().min(300)]);
    *bytes = text.replacen(from, to, 1).into_bytes();
}

/// Takes away from the first `from` to the first `to` after it.
fn cut(bytes: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(bytes.clone()).expect("text");
    let start = text.find(from).expect("its beginning");
    let end = start + text[start..].find(to).expect("its end") + to.len();
    *bytes = format!("{}{}", &text[..start], &text[end..]).into_bytes();
}

/// An hour less for whoever checked out first.
pub(super) fn shorter(events: &mut [RecordedEvent]) {
    let checked_out = events.iter_mut().find(|event| matches!(event.event, Event::MemberCheckedOut(_)));
    let checked_out = checked_out.expect("somebody checked out");
    let seconds = checked_out.occurred_at.unix_seconds() - 3_600;
    checked_out.occurred_at = Instant::from_unix_seconds(seconds).expect("an instant");
}

fn issued(events: &mut [RecordedEvent]) -> &mut NoticeIssued {
    let found = events
        .iter_mut()
        .rev()
        .find_map(|event| if let Event::NoticeIssued(it) = &mut event.event { Some(it) } else { None });
    found.expect("a notice")
}

/// The first approval, and what it approves.
fn reviewed(events: &[RecordedEvent]) -> (usize, usize) {
    let approval = |event: &RecordedEvent| {
        if let Event::ServiceApproved(review) = &event.event { Some(review.record) } else { None }
    };
    let (review, record) =
        events.iter().enumerate().find_map(|(at, event)| Some((at, approval(event)?))).expect("an approval");
    (review, events.iter().position(|event| event.id == record).expect("what it approves"))
}

/// The first check-out, and the record that it completes.
fn checked_out(events: &[RecordedEvent]) -> (usize, EventId) {
    let ended = |event: &RecordedEvent| {
        if let Event::MemberCheckedOut(out) = &event.event { Some((out.member, out.activity)) } else { None }
    };
    let begun = |event: &RecordedEvent| {
        if let Event::MemberCheckedIn(begun) = &event.event { Some((begun.member, begun.activity)) } else { None }
    };
    let (at, of) = events.iter().enumerate().find_map(|(at, event)| Some((at, ended(event)?))).expect("a check-out");
    (at, events.iter().find(|event| begun(event) == Some(of)).expect("its check-in").id)
}

fn member_of(event: &Event) -> MemberId {
    // Whatever the record, its bytes name one member.
    let text = format!("{event:?}");
    let (_, member) = text.split_once("member: ").expect("a record has a member");
    member[..14].parse().expect("a member id")
}
