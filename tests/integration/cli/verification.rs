//! `verify`: whatever is flipped, cut off or put back is found, and named where it can be.

use super::fixture::{Place, Ran};
use super::server::Server;
use mingzhang::store::{EventStore, SqliteStore};
use std::path::Path;

/// A ledger of some hundred entries whose database is one file: nothing is left in the write-ahead log.
fn demonstration() -> Place {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger").exits(0);
    place
}

/// Where each entry's bytes begin in the database file, and how many they are. The same bytes may stand there more than once:
/// SQLite leaves behind what it has moved to another page. An entry that is spread over pages isn't among them.
fn entries_in(file: &[u8], database: &Path) -> Vec<(u64, Vec<usize>, usize)> {
    let store = SqliteStore::open_read_only(database).unwrap();
    let size = store.head().unwrap();
    let mut found = Vec::new();
    for segment in store.read(0, size).unwrap() {
        for entry in segment.entries() {
            let (log_index, entry) = entry.unwrap();
            let starts = (0..file.len().saturating_sub(entry.len())).filter(|&at| file[at..].starts_with(entry));
            let starts: Vec<usize> = starts.collect();
            if !starts.is_empty() {
                found.push((log_index, starts, entry.len()));
            }
        }
    }
    found
}

/// Flips one bit at a distance from each of these places.
fn flip(file: &[u8], starts: &[usize], distance: isize, bit: usize) -> Vec<u8> {
    let mut damaged = file.to_vec();
    for start in starts {
        damaged[start.checked_add_signed(distance).unwrap()] ^= 1 << bit;
    }
    damaged
}

fn verify(place: &Place) -> Ran {
    place.run("verify --ledger ledger")
}

#[test]
fn a_sound_ledger_ends_with_its_root() {
    let place = demonstration();
    let verified = verify(&place).exits(0).saying("没有一条被改动").saying("The ledger is sound");
    assert_eq!(verified.stdout.lines().last().unwrap().split_whitespace().last().unwrap().len(), 64);
}

#[test]
fn any_flipped_byte_of_an_entry_is_found_and_its_log_index_named() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    let sound = std::fs::read(&database).unwrap();
    let entries = entries_in(&sound, &database);
    assert!(entries.len() > 200, "only {} entries stand in one piece", entries.len());
    for (number, (log_index, starts, length)) in entries.iter().enumerate().step_by(entries.len() / 40) {
        // Another byte of each entry, the first and the last among them.
        let at = isize::try_from((length - 1) * (number % 5) / 4).unwrap();
        std::fs::write(&database, flip(&sound, starts, at, number % 8)).unwrap();
        let named = format!("log index {log_index}:");
        verify(&place).exits(5).saying(&named).saying(&format!("第 {log_index} 条"));
    }
    std::fs::write(&database, &sound).unwrap();
    verify(&place).exits(0);
}

#[test]
fn of_a_log_that_was_changed_no_document_is_made_and_no_notice_issued() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    let sound = std::fs::read(&database).unwrap();
    let notice = "notice --month 2026-10 --organization 420902001001 --ledger ledger";
    // The minutes of records, and no hash beside them; a length doesn't begin with 0.
    let minutes = b"\"minutes\":";
    let starts = sound.windows(minutes.len()).enumerate().filter(|(_, bytes)| bytes == minutes);
    let starts: Vec<usize> = starts.map(|(at, _)| at + minutes.len()).filter(|&at| sound[at] != b'1').collect();
    std::fs::write(&database, flip(&sound, &starts, 0, 0)).unwrap();
    for format in ["text", "csv", "html", "json", "pdf", "docx", "xlsx"] {
        place.run(&format!("{notice} --format {format} --output n.{format}")).exits(5).saying("mingzhang verify");
        assert!(!place.path(&format!("n.{format}")).exists(), "{format}");
    }
    let entries = place.entries();
    let issue = "--issue --number 〔2026〕99号 --format text --output n.text";
    place.run(&format!("{notice} {issue}")).exits(5);
    assert_eq!(place.entries(), entries);
    let server = Server::of(&place);
    let listed = ureq::get(format!("{}/v1/notices", server.url)).call().unwrap().body_mut().read_to_string().unwrap();
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let id = listed["notices"][0]["id"].as_str().unwrap().to_owned();
    let get = |path: &str| {
        let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
        let mut answer = agent.get(format!("{}{path}", server.url)).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default())
    };
    for suffix in ["txt", "csv", "html", "pdf", "docx", "xlsx"] {
        let (status, problem) = get(&format!("/v1/notices/{id}.{suffix}"));
        assert!(status == 500 && problem.contains("notice_differs"), "{suffix}: {status} {problem}");
        assert_eq!(get(&format!("/notices/{id}.{suffix}")).0, 500, "{suffix}");
    }
    // To be checked, and with a warning.
    assert_eq!(get(&format!("/v1/notices/{id}.json")).0, 200);
    let (status, page) = get(&format!("/notices/{id}"));
    assert!(status == 200 && page.contains("role=\"alert\""), "{page}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_wrong_length_before_an_entry_is_named_too() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    let sound = std::fs::read(&database).unwrap();
    for (log_index, starts, _) in entries_in(&sound, &database).iter().skip(3).step_by(37).take(5) {
        for (distance, bit) in [(-1, 0), (-1, 6), (-2, 1)] {
            std::fs::write(&database, flip(&sound, starts, distance, bit)).unwrap();
            verify(&place).exits(5).saying(&format!("log index {log_index}:"));
        }
    }
}

#[test]
fn no_flipped_byte_of_the_file_makes_another_answer_pass_as_sound() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    let sound = std::fs::read(&database).unwrap();
    let root = verify(&place).exits(0).stdout.lines().last().unwrap().to_owned();
    let answers = || {
        let store = SqliteStore::open_read_only(&database).ok()?;
        let size = store.head().ok()?;
        let segments = store.read(0, size).ok()?;
        Some((size, segments, store.nodes(0, 0, size).ok()?, store.nodes(1, 0, size / 256).ok()?))
    };
    let expected = answers().unwrap();
    // Every page's first bytes, where its structure is, and a stride through the rest.
    let heads = (0..sound.len()).step_by(4096).flat_map(|page| [0, 3, 5, 8, 12, 101].map(|at| page + at));
    let stride = (0..sound.len()).step_by(sound.len() / 60 + 1);
    for at in heads.chain(stride).filter(|at| *at < sound.len()) {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x10;
        std::fs::write(&database, &damaged).unwrap();
        let ran = verify(&place);
        if ran.code == 0 {
            assert_eq!(ran.stdout.lines().last().unwrap(), root, "byte {at}");
            assert!(answers().as_ref() == Some(&expected), "byte {at} changes an answer and isn't found");
        }
    }
}

/// Each advice is followed, and the ledger goes on.
#[test]
fn what_is_wrong_beside_the_entries_is_named_with_what_to_do_and_that_helps() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    let sql = |statements: &str| rusqlite::Connection::open(&database).unwrap().execute_batch(statements).unwrap();
    let recorded = |name: &str| {
        let renamed = format!("record organization-renamed --organization 420902001001 --name {name} --ledger ledger");
        place.run(&renamed).exits(0);
        verify(&place).exits(0);
    };
    for beyond in ["tile_root VALUES (1, 500, zeroblob(32))", "block_roots VALUES (500, zeroblob(512))"] {
        sql(&format!("INSERT INTO {beyond}"));
        let table = beyond.split(' ').next().unwrap();
        verify(&place)
            .exits(5)
            .saying(&format!("{table} 表里有第 500 块"))
            .saying("opening the ledger takes these rows away");
        recorded(&format!("{table}改"));
    }
    sql("DROP TRIGGER block_roots_are_never_changed; UPDATE block_roots SET hashes = zeroblob(512) WHERE tile = 1");
    verify(&place).exits(5).saying("log index 256:").saying("DROP TABLE block_roots");
    sql("DROP TABLE block_roots");
    verify(&place).exits(0);
    recorded("再改");
    let sound = std::fs::read(&database).unwrap();
    sql(
        "DROP TRIGGER tile_root_is_never_changed; UPDATE tile_root SET hash = zeroblob(32) WHERE level = 1 AND position = 1",
    );
    let found = verify(&place)
        .exits(5)
        .saying("log index 256:")
        .saying("no entry is")
        .saying("table tile_root of ledger.sqlite");
    assert!(!found.said().contains("停止使用"), "{}", found.said());
    place.run("export log --output exported --ledger ledger").exits(5).saying("run `mingzhang verify` first");
    std::fs::write(&database, &sound).unwrap();
    verify(&place).exits(0);
}

#[test]
fn entries_that_are_missing_are_found_by_the_published_checkpoint() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    // A backup from before is put back, but the checkpoint was published.
    let backup = std::fs::read(&database).unwrap();
    let size = place.entries();
    place.run("record organization-renamed --organization 420902001001 --name 新名 --ledger ledger").exits(0);
    verify(&place).exits(0);
    std::fs::write(&database, &backup).unwrap();
    verify(&place).exits(5).saying(&format!("log index {size}:")).saying("entries are missing");
}

#[test]
fn a_backup_put_back_beside_what_was_signed_since_is_found_and_not_recorded_into() {
    let place = demonstration();
    let database = place.path("ledger/ledger.sqlite");
    let backup = std::fs::read(&database).unwrap();
    let published_then = std::fs::read(place.path("ledger/checkpoint")).unwrap();
    let size = place.entries();
    place.run("record organization-renamed --organization 420902001001 --name 新名 --ledger ledger").exits(0);
    let newest = std::fs::read(&database).unwrap();
    let checkpoint = std::fs::read(place.path("ledger/checkpoint")).unwrap();
    std::fs::write(&database, &backup).unwrap();
    let refused = |place: &Place| {
        let again = "record organization-renamed --organization 420902001001 --name 别名 --ledger ledger";
        place.run(again).exits(5).saying("put back the newest ledger.sqlite");
    };
    refused(&place);
    // With the published checkpoint of that time, the memory of what was signed still tells.
    std::fs::write(place.path("ledger/checkpoint"), &published_then).unwrap();
    verify(&place).exits(5).saying(&format!("log index {size}:")).saying("older copy");
    refused(&place);
    std::fs::write(&database, &newest).unwrap();
    std::fs::write(place.path("ledger/checkpoint"), &checkpoint).unwrap();
    verify(&place).exits(0);
    place.run("record organization-renamed --organization 420902001001 --name 别名 --ledger ledger").exits(0);
}

#[test]
fn a_log_that_was_rewritten_whole_is_found_by_the_published_checkpoint() {
    let place = demonstration();
    let other = Place::new();
    other.run("demo --divisions 420902001001 --members 60 --seed 7 --no-serve --directory ledger").exits(0);
    let (ours, theirs) = (place.path("ledger/ledger.sqlite"), other.path("ledger/ledger.sqlite"));
    std::fs::copy(theirs, ours).unwrap();
    verify(&place).exits(5).saying("已公布的检查点");
}

#[test]
fn a_checkpoint_that_another_key_signed_is_found() {
    let place = demonstration();
    let path = place.path("ledger/checkpoint");
    let note = std::fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = note.lines().map(str::to_owned).collect();
    lines[1] = "1".to_owned();
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    verify(&place).exits(5).saying("checkpoint");
    std::fs::write(&path, "nonsense").unwrap();
    verify(&place).exits(5).saying("checkpoint");
    std::fs::remove_file(&path).unwrap();
    verify(&place).exits(5).saying("there is no file `checkpoint`");
}

const RENAME: &str = "record organization-renamed --organization 420902001001 --name 新名 --ledger ledger";

/// A ledger with a backup of its database from before its last entry.
fn with_an_older_copy() -> (Place, Vec<u8>) {
    let place = demonstration();
    let backup = std::fs::read(place.path("ledger/ledger.sqlite")).unwrap();
    place.run(RENAME).exits(0);
    (place, backup)
}

#[test]
fn from_its_first_day_a_ledger_without_its_checkpoint_or_its_memory_of_signatures_is_found_and_not_served() {
    let place = Place::with_ledger();
    place.run("verify --ledger ledger").exits(0).saying("0 entries");
    for file in ["checkpoint", "signed-heads"] {
        let path = place.path("ledger").join(file);
        let kept = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let missing = format!("there is no file `{file}`");
        verify(&place).exits(5).saying(&missing).saying("mingzhang resume");
        place.run("serve --ledger ledger --listen 127.0.0.1:0").exits(5).saying(&missing).saying("mingzhang resume");
        place.run("show notice --ledger ledger").exits(5).saying(&missing);
        if file == "checkpoint" {
            place.run("export log --output out --ledger ledger").exits(5).saying(&missing).saying("mingzhang resume");
        }
        assert!(!path.exists(), "nobody made {file} anew unasked");
        std::fs::write(&path, kept).unwrap();
        verify(&place).exits(0);
    }
}

#[test]
fn entries_cut_off_together_with_checkpoint_and_memory_of_signatures_are_no_sound_ledger() {
    let (place, backup) = with_an_older_copy();
    std::fs::write(place.path("ledger/ledger.sqlite"), &backup).unwrap();
    for file in ["signed-heads", "checkpoint"] {
        std::fs::remove_file(place.path("ledger").join(file)).unwrap();
        verify(&place).exits(5).saying(file).saying("mingzhang resume");
        place.run(RENAME).exits(5).saying(file);
    }
}

#[test]
fn any_flipped_byte_of_the_memory_of_signatures_is_found_and_what_it_hides_is_not_signed_over() {
    let (place, _) = with_an_older_copy();
    let path = place.path("ledger/signed-heads");
    let whole = std::fs::read(&path).unwrap();
    let size: String = place.entries().to_string();
    for at in (0..whole.len()).step_by(17) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&path, &flipped).unwrap();
        verify(&place).exits(5).saying("`signed-heads` is damaged");
    }
    // Without the line of the last head, the file is older than what was published.
    let line = if String::from_utf8_lossy(&whole[..128]).starts_with(&size) { 0 } else { 128 };
    let mut flipped = whole.clone();
    flipped[line] ^= 1;
    std::fs::write(&path, &flipped).unwrap();
    place.run(RENAME).exits(5).saying("it is an older copy").saying("mingzhang resume");
    std::fs::write(&path, &whole).unwrap();
    verify(&place).exits(0);
}

#[test]
fn whoever_lost_both_files_signs_on_with_a_checkpoint_that_others_kept_and_the_log_must_extend_it() {
    let (place, backup) = with_an_older_copy();
    let (database, size) = (place.path("ledger/ledger.sqlite"), place.entries());
    let newest = std::fs::read(&database).unwrap();
    std::fs::copy(place.path("ledger/checkpoint"), place.path("kept")).unwrap();
    let lose = || {
        for file in ["signed-heads", "checkpoint"] {
            std::fs::remove_file(place.path("ledger").join(file)).ok();
        }
    };
    lose();
    place.run("resume --ledger ledger").exits(2).saying("--checkpoint");
    // The log was put back from before what others have seen.
    std::fs::write(&database, &backup).unwrap();
    place.run("resume --checkpoint kept --ledger ledger").exits(5).saying("an older copy was put back");
    verify(&place).exits(5).saying("there is no file");
    std::fs::write(&database, &newest).unwrap();
    place.run("resume --checkpoint kept --ledger ledger").exits(0).saying(&format!("the known checkpoint of {size}"));
    verify(&place).exits(0);
    place.run(RENAME).exits(0);
    // Somebody else's checkpoint tells nothing of this ledger.
    let other = Place::with_ledger();
    std::fs::copy(other.path("ledger/checkpoint"), place.path("other")).unwrap();
    lose();
    place.run("resume --checkpoint other --ledger ledger").exits(2).saying("isn't a checkpoint");
    // Who can't open the key takes nothing away that the directory still has.
    super::keys::secret(&place, "one", "one\n");
    super::keys::secret(&place, "other", "other\n");
    place.run("resume --without-checkpoint --ledger ledger").exits(0);
    place.run("key encrypt --new-passphrase-file one --ledger ledger").exits(0);
    std::fs::remove_file(place.path("ledger/signed-heads")).unwrap();
    place.run("resume --without-checkpoint --passphrase-file other --ledger ledger").exits(1).saying("doesn't open");
    assert!(place.path("ledger/checkpoint").exists());
    place.run("resume --checkpoint ledger/checkpoint --passphrase-file one --ledger ledger").exits(0);
    place.run("key encrypt --remove --passphrase-file one --ledger ledger").exits(0);
    lose();
    place.run("resume --without-checkpoint --ledger ledger").exits(0).saying("no checkpoint to compare with");
    verify(&place).exits(0);
    place.run("show notice --ledger ledger").exits(0);
}

#[test]
fn a_ledger_rolled_back_whole_is_found_by_a_checkpoint_that_others_kept() {
    let place = demonstration();
    let files = ["ledger.sqlite", "checkpoint", "signed-heads"];
    let then = files.map(|file| std::fs::read(place.path("ledger").join(file)).unwrap());
    place.run(RENAME).exits(0);
    std::fs::copy(place.path("ledger/checkpoint"), place.path("kept")).unwrap();
    place.run("verify --previous kept --ledger ledger").exits(0).saying("it extends 1 earlier checkpoints");
    for (file, content) in files.iter().zip(then) {
        std::fs::write(place.path("ledger").join(file), content).unwrap();
    }
    // By its own files it is as sound as it was then: `docs/SECURITY.md` says so.
    verify(&place).exits(0);
    place.run("verify --previous kept --ledger ledger").exits(5).saying("rolled back");
    place.run("record organization-renamed --organization 420902001001 --name 别名 --ledger ledger").exits(0);
    place.run("verify --previous kept --ledger ledger").exits(5).saying("rewritten");
    std::fs::write(place.path("kept"), "nonsense").unwrap();
    place.run("verify --previous kept --ledger ledger").exits(2).saying("kept is no checkpoint");
}

#[test]
fn a_published_key_is_enough_to_verify_and_another_one_is_not() {
    let place = Place::new();
    let made = place.run("init ledger --origin test.example/street").exits(0).stdout;
    let key = made.lines().find(|line| line.contains("test.example/street+")).unwrap().trim().to_owned();
    let other = place.run("init other --origin test.example/street").exits(0).stdout;
    let other = other.lines().find(|line| line.contains("test.example/street+")).unwrap().trim().to_owned();
    std::fs::remove_file(place.path("ledger/signing-key")).unwrap();
    place.run("verify --ledger ledger").exits(0);
    std::fs::remove_file(place.path("ledger/verifier-key")).unwrap();
    place.run("verify --ledger ledger").exits(1);
    place.run(&format!("verify --ledger ledger --key {key}")).exits(0);
    place.run(&format!("verify --ledger ledger --key {other}")).exits(5);
    place.run("verify --ledger ledger --key nonsense").exits(2);
}
