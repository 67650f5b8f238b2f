//! Files that are no bundles, or bundles made to do harm: a report comes back, never a panic, and never more memory than they deserve.

use super::fixture::{DEMONSTRATION, Parts, audit, codes, compress, hex, outcome, pack, policy};
use crate::random_events;
use mingzhang::audit::bundle::FileNamed;
use mingzhang::audit::offline::{Check, Outcome, Trust, audit_bundle};
use mingzhang_events::RecordedEvent;
use proptest::prelude::*;
use proptest::{collection, sample};
use sha2::{Digest, Sha256};
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicUsize, Ordering};

fn tar() -> Vec<u8> {
    zstd::decode_all(DEMONSTRATION.whole.as_slice()).expect("zstd")
}

#[test]
fn any_flipped_bit_of_the_file_is_found_unless_it_unpacks_to_the_same() {
    let (sound, unpacked) = (&DEMONSTRATION.whole, tar());
    for at in (0..sound.len()).step_by(sound.len() / 150).chain([0, 1, 2, 3, sound.len() - 1]) {
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (at % 8);
        // Some bits of a compressed block mean nothing.
        let is_the_same = zstd::decode_all(flipped.as_slice()).is_ok_and(|content| content == unpacked);
        assert_eq!(audit(&flipped).sound, is_the_same, "byte {at}");
    }
}

#[test]
fn any_flipped_bit_below_the_compression_is_found() {
    let sound = tar();
    for at in (0..sound.len()).step_by(sound.len() / 300).chain(0..40).chain([100, 108, 124, 136, 148, 156, 257, 500]) {
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (at % 8);
        let report = audit(&compress(&flipped));
        assert!(!report.sound, "byte {at}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_found() {
    let sound = &DEMONSTRATION.whole;
    for length in (0..sound.len()).step_by(sound.len() / 40) {
        assert_eq!(codes(&audit(&sound[..length])).last(), Some(&"unreadable"), "{length} bytes");
    }
    let sound = tar();
    for length in [0, 511, 512, 1_000, sound.len() / 2, sound.len() - 1_024, sound.len() - 1] {
        assert_eq!(codes(&audit(&compress(&sound[..length]))).last(), Some(&"unreadable"), "{length} bytes of tar");
    }
}

#[test]
fn whatever_follows_is_found() {
    let sound = &DEMONSTRATION.whole;
    for more in [&b"x"[..], sound.as_slice(), &compress(b"more")] {
        assert_eq!(codes(&audit(&[sound.as_slice(), more].concat())), ["too_much"]);
    }
    assert_eq!(codes(&audit(&compress(&[tar(), vec![0; 512]].concat()))), ["too_much"]);
    let mut files = Parts::whole().files;
    files.insert(0, ("manifest.json".to_owned(), Parts::whole().manifest_bytes()));
    files.push(("tile/entries/900".to_owned(), Vec::new()));
    assert_eq!(codes(&audit(&pack(&files, |_| {}))), ["too_much"]);
}

#[test]
fn no_other_file_has_a_place_in_a_bundle_wherever_its_name_leads() {
    for name in ["../outside", "/etc/passwd", "README.txt/../../x", "manifest.json", "notice.json\u{0}x", "a", ""] {
        for place in [0, 1, 3, 6] {
            let mut files = vec![("manifest.json".to_owned(), Parts::whole().manifest_bytes())];
            files.extend(Parts::whole().files);
            files.insert(place, (name.to_owned(), b"x".to_vec()));
            let report = audit(&pack(&files, |_| {}));
            let found = codes(&report);
            assert!(
                matches!(found.last(), Some(&("file_unexpected" | "manifest_malformed" | "header_changed"))),
                "{name:?} at {place}: {found:?}"
            );
        }
    }
}

#[test]
fn a_file_that_is_missing_or_in_another_place_is_found() {
    for path in ["README.txt", "checkpoint", "notice.json", "rules/", "identities.json", "tile/entries/001"] {
        let mut parts = Parts::whole();
        parts.files.retain(|(name, _)| !name.starts_with(path));
        assert_eq!(codes(&audit(&parts.packed())).last(), Some(&"file_unexpected"), "{path}");
    }
    let mut parts = Parts::whole();
    let last = parts.files.len() - 1;
    parts.files.swap(last, last - 1);
    assert_eq!(codes(&audit(&parts.packed())).last(), Some(&"file_unexpected"));
}

#[test]
fn a_header_other_than_the_one_is_found() {
    let mut files = vec![("manifest.json".to_owned(), Parts::whole().manifest_bytes())];
    files.extend(Parts::whole().files);
    let changes: [fn(&mut tar::Header); 7] = [
        |header| header.set_mtime(1),
        |header| header.set_uid(1_000),
        |header| header.set_mode(0o755),
        |header| header.set_entry_type(tar::EntryType::Symlink),
        |header| header.set_entry_type(tar::EntryType::GNULongName),
        |header| header.set_entry_type(tar::EntryType::XHeader),
        |header| header.set_username("root").expect("ustar"),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert_eq!(codes(&audit(&pack(&files, change))), ["header_changed"], "change {number}");
    }
}

#[test]
fn a_header_that_promises_more_than_there_can_be_is_refused_before_it_is_read() {
    for size in [5 << 20, 1 << 32, (1 << 33) - 1] {
        let mut header = tar::Header::new_ustar();
        header.set_path("manifest.json").expect("a name");
        header.set_size(size);
        header.set_cksum();
        assert_eq!(codes(&audit(&compress(header.as_bytes()))), ["file_too_long"], "{size}");
    }
}

#[test]
fn a_file_that_unpacks_to_far_more_than_it_is_gets_refused() {
    let mut parts = Parts::whole();
    let blanks = vec![b' '; 200 << 20];
    let at = parts.manifest.files.iter().position(|file| file.path == "notice.json").expect("it is there");
    parts.manifest.files[at] = FileNamed {
        path: "notice.json".to_owned(),
        sha256: hex(&Sha256::digest(&blanks)),
        size_bytes: blanks.len() as u64,
    };
    *parts.file("notice.json") = blanks;
    assert_eq!(codes(&audit(&parts.packed())), ["too_compressible"]);
}

#[test]
fn noise_is_no_bundle() {
    let noise = |seed: u64| -> Vec<u8> {
        (0..4_096_u64)
            .map(|at| (at.wrapping_mul(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56).to_le_bytes()[0])
            .collect()
    };
    for seed in 1..50 {
        assert_eq!(codes(&audit(&noise(seed))), ["unreadable"]);
        assert!(!audit(&compress(&noise(seed))).sound);
    }
}

/// Else two bundles with the same meaning would have different bytes, and a manifest could hide what a reader passes over.
#[test]
fn a_manifest_in_another_spelling_is_refused() {
    let parts = Parts::whole();
    let manifest = String::from_utf8(parts.manifest_bytes()).expect("text");
    for changed in [
        manifest.replacen("\n  ", "\n", 1),
        manifest.trim_end().to_owned(),
        manifest.replacen('{', "{\n  \"more\": 1,", 1),
    ] {
        assert_ne!(changed, manifest);
        let mut files = vec![("manifest.json".to_owned(), changed.into_bytes())];
        files.extend(parts.files.iter().cloned());
        assert_eq!(codes(&audit(&pack(&files, |_| {}))), ["manifest_malformed"]);
    }
}

/// A disk that fails after so many bytes.
struct Failing<R>(R);

impl<R: Read> Read for Failing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk is gone")),
            count => Ok(count),
        }
    }
}

/// A bundle with two entries of one id: it is opened a second time to see which they are.
fn id_twice() -> Vec<u8> {
    let mut parts = Parts::whole();
    let mut entries = parts.entries();
    entries[301] = entries[300].clone();
    parts.set_entries(&entries);
    parts.repacked()
}

#[test]
fn a_disk_that_fails_says_nothing_about_the_bundle() {
    let bundle = id_twice();
    // At its beginning, among the entries, and when it is read again.
    for (opening, length) in [(0, 100), (0, bundle.len() - 100), (1, 100), (1, bundle.len() - 100)] {
        let opened = AtomicUsize::new(0);
        let open = || {
            let failing = opened.fetch_add(1, Ordering::Relaxed) == opening;
            let bytes = bundle[..if failing { length } else { bundle.len() }].to_vec();
            let input: Box<dyn Read + Send> =
                if failing { Box::new(Failing(Cursor::new(bytes))) } else { Box::new(Cursor::new(bytes)) };
            Ok(input)
        };
        let audited = audit_bundle(open, Trust::Policy(&policy()), None, &[], &mut |_, _| {});
        assert_eq!(audited.expect_err("it couldn't be read").to_string(), "the disk is gone", "{opening} at {length}");
    }
}

#[test]
fn a_bundle_that_became_another_while_it_was_read_is_found() {
    let bundle = id_twice();
    let opened = AtomicUsize::new(0);
    let open = || {
        let length = if opened.fetch_add(1, Ordering::Relaxed) == 0 { bundle.len() } else { bundle.len() / 2 };
        Ok(Cursor::new(bundle[..length].to_vec()))
    };
    let verdict = audit_bundle(open, Trust::Policy(&policy()), None, &[], &mut |_, _| {}).expect("it can be read");
    assert_eq!(outcome(&verdict, Check::Entries), Outcome::Fails);
    assert!(codes(&verdict).contains(&"unreadable"), "{:?}", codes(&verdict));
}

/// Canonical events that no `decide` would allow are entries like any others to whoever audits.
fn audited_to_its_end(events: &[RecordedEvent], figures_of: usize) {
    let mut parts = Parts::whole();
    parts.set_events(events);
    parts.resign();
    parts.manifest.notice.tree_size = figures_of as u64;
    let verdict = audit(&parts.repacked());
    assert!(!codes(&verdict).contains(&"root_differs"), "{:?}", codes(&verdict));
    assert!(verdict.conduct.is_some(), "not read to its end: {:?}", codes(&verdict));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_events_a_bundle_holds_a_verdict_comes_back(
        events in collection::vec(random_events::recorded_event(), 1..300),
        figures_of in any::<sample::Index>(),
    ) {
        audited_to_its_end(&events, figures_of.index(events.len() + 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// They name each other, and stand in any order, some of them again and some not at all.
    #[test]
    fn in_whatever_order_the_events_of_a_real_log_stand_a_verdict_comes_back(
        order in collection::vec(any::<sample::Index>(), 1..1_500),
        figures_of in any::<sample::Index>(),
    ) {
        let real = Parts::whole().events();
        let events: Vec<RecordedEvent> = order.iter().map(|at| at.get(&real).clone()).collect();
        audited_to_its_end(&events, figures_of.index(events.len() + 1));
    }
}
