//! What a monitor lets pass, and each way in which it raises an alarm, with what it keeps.

use super::fixture::*;
use mingzhang::monitor::AlarmKind;
use mingzhang::transparency::{Note, VerifierKey};

#[test]
fn an_honest_log_is_followed_over_every_sort_of_step_and_only_new_tiles_are_read() {
    let leaves = leaves(3_000, 0, 0);
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let mut monitor = monitor(&site.serve(), state.path());
    let mut before = 0;
    let steps = [
        (0, vec![]),
        (1, vec!["tile/0/000.p/1"]),
        (1, vec![]),
        (255, vec!["tile/0/000.p/255"]),
        (256, vec!["tile/0/000"]),
        (257, vec!["tile/0/001.p/1"]),
        (600, vec!["tile/0/001", "tile/0/002.p/88"]),
        (600, vec![]),
        (
            2_560,
            vec![
                "tile/0/002",
                "tile/0/003",
                "tile/0/004",
                "tile/0/005",
                "tile/0/006",
                "tile/0/007",
                "tile/0/008",
                "tile/0/009",
            ],
        ),
        (3_000, vec!["tile/0/010", "tile/0/011.p/184"]),
    ];
    for (step, (size, tiles)) in steps.into_iter().enumerate() {
        site.publish(&leaves, size, &[1, 2]);
        let seen = look(&mut monitor).unwrap_or_else(|alarm| panic!("{size}: {alarm}"));
        assert_eq!((seen.checkpoint.size, seen.new_entries, seen.cosigners.len()), (size, size - before, 2));
        let mut expected: Vec<&str> = tiles;
        expected.insert(0, "checkpoint");
        assert_eq!(site.asked(), expected, "size {size}");
        before = size;
        if step % 3 == 2 {
            // What it knows is in its directory and not in its memory.
            drop(monitor);
            monitor = super::fixture::monitor(&site.serve(), state.path());
        }
    }
    let seen = std::fs::read_to_string(state.path().join("checkpoints")).unwrap();
    assert_eq!(seen.lines().count(), 8, "every checkpoint once");
    assert!(!state.path().join("alarms").exists());
}

#[test]
fn a_log_that_was_handed_over_is_followed_once_the_policy_has_the_new_key_beside_the_old() {
    let leaves = leaves(600, 0, 0);
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let mut before = monitor(&site.serve(), state.path());
    site.publish(&leaves, 300, &[1, 2]);
    look(&mut before).unwrap();
    site.publish(&leaves, 600, &[1, 2]);
    site.put("checkpoint", checkpoint(600, root(&leaves), &[9; 32], &[1, 2], NOW));
    assert_eq!(alarmed(&mut before), AlarmKind::BadSignature);
    drop(before);
    let new = mingzhang::transparency::Ed25519Signer::from_seed(ORIGIN, &[9; 32]).unwrap();
    let new = VerifierKey::parse(&mingzhang::transparency::Signer::verifier_key(&new)).unwrap();
    let both = policy().with_log_keys([&new].into_iter());
    let mut after = monitor_with(both, &site.serve(), state.path());
    let seen = look(&mut after).unwrap();
    assert_eq!((seen.checkpoint.size, seen.new_entries), (600, 300), "from where it was");
}

#[test]
fn a_partial_tile_that_was_taken_away_is_read_from_the_full_one() {
    let leaves = leaves(600, 0, 0);
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let mut monitor = monitor(&site.serve(), state.path());
    site.publish(&leaves, 512, &[1, 2]);
    site.put("checkpoint", checkpoint(300, root(&leaves[..300]), &[7; 32], &[1, 2], NOW));
    look(&mut monitor).unwrap();
    assert_eq!(site.asked(), ["checkpoint", "tile/0/000", "tile/0/001", "tile/0/001.p/44"]);
}

/// What a test does to a site of 600 published entries before the monitor looks again.
type Change = fn(&Site);

#[test]
fn each_contradiction_raises_its_own_alarm() {
    let table: [(&str, AlarmKind, Change); 24] = [
        ("fewer entries than before", AlarmKind::Rollback, |site| site.publish(&leaves(400, 0, 0), 400, &[1, 2])),
        ("fewer entries, and rewritten", AlarmKind::Fork, |site| site.publish(&leaves(300, 1, 5), 300, &[1, 2])),
        ("no entries any more", AlarmKind::Rollback, |site| site.publish(&[], 0, &[1, 2])),
        ("as many entries, one of them another", AlarmKind::Fork, |site| {
            site.publish(&leaves(600, 1, 599), 600, &[1, 2])
        }),
        ("more entries on a rewritten past", AlarmKind::Fork, |site| site.publish(&leaves(900, 1, 10), 900, &[1, 2])),
        ("more entries, the last known one rewritten", AlarmKind::Fork, |site| {
            site.publish(&leaves(601, 1, 599), 601, &[1, 2]);
        }),
        ("a fork at a full tile", AlarmKind::Fork, |site| site.publish(&leaves(2_000, 1, 511), 2_000, &[1, 2])),
        ("a leaf hash that was changed", AlarmKind::WrongTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.change("tile/0/003.p/132", |tile| tile[1_000] ^= 1);
        }),
        ("a leaf hash of what was known", AlarmKind::WrongTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.change("tile/0/002", |tile| tile[3] ^= 0x80);
        }),
        ("two leaf hashes that changed places", AlarmKind::WrongTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.change("tile/0/003.p/132", |tile| tile.rotate_left(32));
        }),
        ("a tile cut off", AlarmKind::WrongTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.change("tile/0/003.p/132", |tile| tile.truncate(4_000));
        }),
        ("a tile that is too long", AlarmKind::WrongTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.change("tile/0/003.p/132", |tile| tile.push(0));
        }),
        ("a root that no leaves have", AlarmKind::WrongTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.put("checkpoint", checkpoint(900, [9; 32], &[7; 32], &[1, 2], NOW));
        }),
        ("a missing tile", AlarmKind::MissingTile, |site| {
            site.publish(&leaves(1_100, 0, 0), 1_100, &[1, 2]);
            site.take_away("tile/0/003");
        }),
        ("a missing partial tile", AlarmKind::MissingTile, |site| {
            site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
            site.take_away("tile/0/003.p/132");
        }),
        ("a checkpoint signed with another key", AlarmKind::BadSignature, |site| {
            site.put("checkpoint", checkpoint(600, root(&leaves(600, 0, 0)), &[8; 32], &[1, 2], NOW));
        }),
        ("a checkpoint whose size was changed", AlarmKind::BadSignature, |site| {
            site.change("checkpoint", |note| {
                *note = String::from_utf8(note.clone()).unwrap().replace("\n600\n", "\n601\n").into()
            });
        }),
        ("a checkpoint that is none", AlarmKind::BadSignature, |site| site.put("checkpoint", "<html>down</html>")),
        ("a cosignature over something else", AlarmKind::BadSignature, |site| {
            let other = checkpoint(500, [3; 32], &[7; 32], &[1], NOW);
            let line = other.lines().last().unwrap().to_owned();
            site.change("checkpoint", |note| {
                let note_now = String::from_utf8(note.clone()).unwrap();
                let kept: Vec<&str> = note_now.lines().filter(|kept| !kept.contains("w1.example")).collect();
                *note = format!("{}\n{line}\n", kept.join("\n")).into();
            });
        }),
        ("a head that one witness of two cosigned", AlarmKind::Unwitnessed, |site| {
            site.publish(&leaves(700, 0, 0), 700, &[1]);
        }),
        ("a head that nobody cosigned", AlarmKind::Unwitnessed, |site| site.publish(&leaves(700, 0, 0), 700, &[])),
        ("cosignatures of two days ago", AlarmKind::Unwitnessed, |site| {
            site.put("checkpoint", checkpoint(600, root(&leaves(600, 0, 0)), &[7; 32], &[1, 2], NOW - 2 * 86_400));
        }),
        ("a server that is down", AlarmKind::Unreachable, |site| site.put("checkpoint", "503")),
        ("no log at the address", AlarmKind::Unreachable, |site| site.take_away("checkpoint")),
    ];
    for (what, expected, change) in table {
        let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
        let url = site.serve();
        let mut watching = monitor(&url, state.path());
        let honest = leaves(600, 0, 0);
        for size in [300, 600] {
            site.publish(&honest, size, &[1, 2]);
            look(&mut watching).unwrap_or_else(|alarm| panic!("{what}: {alarm}"));
        }
        change(&site);
        let alarm = look(&mut watching).expect_err(what);
        assert_eq!(alarm.kind, expected, "{what}: {alarm}");
        if expected != AlarmKind::Unreachable {
            let kept = alarm.kept.clone().expect(what);
            assert!(kept.with_extension("served").exists(), "{what}");
        }
        // It stays raised, however often one looks and after a start, until the log is put right again.
        assert_eq!(alarmed(&mut watching), expected, "{what}, looked again");
        drop(watching);
        let mut watching = monitor(&url, state.path());
        assert_eq!(alarmed(&mut watching), expected, "{what}, after a start");
        site.publish(&leaves(1_000, 0, 0), 1_000, &[1, 2]);
        assert_eq!(look(&mut watching).expect("in order again").checkpoint.size, 1_000, "{what}");
    }
}

#[test]
fn both_sides_of_a_fork_are_kept_as_the_log_signed_them() {
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let mut monitor = monitor(&site.serve(), state.path());
    site.publish(&leaves(600, 0, 0), 600, &[1, 2]);
    look(&mut monitor).unwrap();
    site.publish(&leaves(600, 1, 5), 600, &[1, 2]);
    let kept = look(&mut monitor).unwrap_err().kept.unwrap();
    let key = VerifierKey::parse(&policy().logs()[0].key.to_string()).unwrap();
    let texts: Vec<String> = ["known", "served"]
        .iter()
        .map(|side| {
            let note = std::fs::read(kept.with_extension(side)).unwrap();
            let (opened, _) = Note::open(&note, std::slice::from_ref(&key)).expect("the log's own signature");
            opened.text.to_owned()
        })
        .collect();
    assert!(texts[0].contains("\n600\n") && texts[1].contains("\n600\n") && texts[0] != texts[1], "{texts:?}");
    let seen = std::fs::read_to_string(state.path().join("checkpoints")).unwrap();
    assert_eq!(seen.lines().count(), 2, "what was seen stays, also what was false");
}

#[test]
fn a_fork_of_a_size_seen_long_ago_is_told_from_a_rollback() {
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let mut monitor = monitor(&site.serve(), state.path());
    for size in [100, 200, 300] {
        site.publish(&leaves(300, 0, 0), size, &[1, 2]);
        look(&mut monitor).unwrap();
    }
    site.publish(&leaves(200, 0, 0), 200, &[1, 2]);
    assert_eq!(alarmed(&mut monitor), AlarmKind::Rollback);
    site.publish(&leaves(200, 1, 5), 200, &[1, 2]);
    assert_eq!(alarmed(&mut monitor), AlarmKind::Fork);
}

#[test]
fn a_frontier_that_was_damaged_on_the_monitors_own_disk_accuses_nobody() {
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let url = site.serve();
    site.publish(&leaves(900, 0, 0), 600, &[1, 2]);
    look(&mut monitor(&url, state.path())).unwrap();
    let last = state.path().join("last");
    let text = std::fs::read_to_string(&last).unwrap();
    let hash = text.lines().nth(1).unwrap();
    std::fs::write(&last, text.replacen(hash, "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=", 1)).unwrap();
    site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
    look(&mut monitor(&url, state.path())).expect("the whole log was read again, and is in order");
    std::fs::write(&last, &text.as_bytes()[..50]).unwrap();
    let damaged = monitor(&url, state.path()).look(&mut |_, _| {});
    assert!(damaged.unwrap_err().to_string().contains("damaged"));
}

#[test]
fn two_monitors_with_one_directory_are_refused_and_a_line_that_was_cut_off_is_written_over() {
    let (site, state) = (Site::default(), tempfile::tempdir().unwrap());
    let url = site.serve();
    site.publish(&leaves(900, 0, 0), 600, &[1, 2]);
    let mut first = monitor(&url, state.path());
    look(&mut first).unwrap();
    let clock = std::sync::Arc::new(mingzhang::clock::MachineClock);
    let habits = mingzhang::monitor::Habits {
        tries: 1,
        pause: std::time::Duration::ZERO,
        cosignature_age_max: std::time::Duration::from_secs(1),
    };
    let second = mingzhang::monitor::Monitor::open(&url, policy(), state.path(), clock, habits);
    assert!(matches!(second, Err(mingzhang::monitor::RecordsError::Held(_))));
    drop(first);
    let seen = state.path().join("checkpoints");
    let whole = std::fs::read(&seen).unwrap();
    std::fs::write(&seen, [&whole[..], b"{\"seen_at\":\"2026-"].concat()).unwrap();
    site.publish(&leaves(900, 0, 0), 900, &[1, 2]);
    look(&mut monitor(&url, state.path())).unwrap();
    let lines = std::fs::read_to_string(&seen).unwrap();
    assert!(lines.starts_with(std::str::from_utf8(&whole).unwrap()) && lines.lines().count() == 2, "{lines}");
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}
