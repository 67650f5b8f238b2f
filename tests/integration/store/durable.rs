//! What only a file can show: that it outlives the program, is held by one writer, is never overwritten or edited, and
//! says so when it was damaged or the disk is full.

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use mingzhang::{
    store::{BatchBuilder, BeyondEnd, CommitError, EventStore, SqliteStore, StoreError, read_block},
    transparency::{Hash, Tree, TreeError},
};
use rusqlite::Connection;

use super::fixture::{commit_all, database, entry, next_batch, read_all, stored_tree};

#[test]
fn what_was_committed_outlives_the_program() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let mut tree = commit_all(&SqliteStore::create(&path).unwrap(), &[1, 700, 30]);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(stored_tree(&store).root(), tree.root());
    store.commit(&next_batch(&mut tree, 100)).unwrap();
    drop(store);
    let read_only = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(read_all(&read_only, 0).unwrap().len(), 831);
    assert_eq!(stored_tree(&read_only).root(), tree.root());
}

#[test]
fn nothing_is_overwritten_and_nothing_is_created_by_opening() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::Failed { .. })));
    assert!(matches!(SqliteStore::open_read_only(&path), Err(StoreError::Failed { .. })));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    commit_all(&SqliteStore::create(&path).unwrap(), &[3]);
    assert!(matches!(SqliteStore::create(&path), Err(StoreError::AlreadyExists)));
    assert_eq!(SqliteStore::open(&path).unwrap().head().unwrap(), 3);
}

#[test]
fn a_file_that_is_no_ledger_or_of_a_later_version_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let open_both = || [SqliteStore::open(&path), SqliteStore::open_read_only(&path)].map(Result::unwrap_err);
    fs::write(&path, "a letter that is not a database, but as long as the first header of one: 0123456789 0123456789")
        .unwrap();
    assert!(open_both().iter().all(|error| matches!(error, StoreError::NotALedger)), "{:?}", open_both());
    fs::write(&path, "").unwrap();
    assert!(open_both().iter().all(|error| matches!(error, StoreError::NotALedger)), "{:?}", open_both());
    fs::remove_file(&path).unwrap();
    drop(SqliteStore::create(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let newer = |error: &StoreError| matches!(error, StoreError::NewerFormat { found: 99, known: 2 });
    assert!(open_both().iter().all(newer), "{:?}", open_both());
}

/// Format 1 had no block roots. What is full from then on has them.
#[test]
fn a_log_of_the_first_format_is_read_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let mut tree = commit_all(&SqliteStore::create(&path).unwrap(), &[700]);
    let first_format = Connection::open(&path).unwrap();
    first_format.execute_batch("DROP TABLE block_roots; PRAGMA user_version = 1").unwrap();
    drop(first_format);
    let proves = |store: &SqliteStore, tree: &Tree| {
        for index in [0, 300, 699] {
            let expected = tree.inclusion_proof(index, tree.size(), |_| Err(StoreError::NotALedger)).unwrap();
            let stored = stored_tree(store);
            let proof = stored.inclusion_proof(index, tree.size(), |block| read_block(store, &stored, block));
            assert_eq!(proof.unwrap(), expected, "{index}");
        }
    };
    proves(&SqliteStore::open_read_only(&path).unwrap(), &tree);
    let store = SqliteStore::open(&path).unwrap();
    store.commit(&next_batch(&mut tree, 400)).unwrap();
    proves(&store, &tree);
    let kept: Vec<_> = (0..5).map(|tile| store.block_roots(tile).unwrap().is_some()).collect();
    assert_eq!(kept, [false, false, true, true, false]);
}

/// The proof of an entry out of an old tile, as it is made from what is stored.
fn proof_of(store: &SqliteStore, index: u64) -> Result<Vec<Hash>, TreeError<StoreError>> {
    let stored = stored_tree(store);
    stored.inclusion_proof(index, stored.size(), |block| read_block(store, &stored, block))
}

fn with_sql(path: &Path, statements: &str) {
    Connection::open(path).unwrap().execute_batch(statements).unwrap();
}

/// The table follows from the entries: who takes it away stops neither proofs nor recording.
#[test]
fn a_log_whose_block_roots_were_taken_away_is_read_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let mut tree = commit_all(&SqliteStore::create(&path).unwrap(), &[700]);
    let expected = tree.inclusion_proof(300, 700, |_| Err(StoreError::NotALedger)).unwrap();
    with_sql(&path, "DROP TABLE block_roots");
    let read_only = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(proof_of(&read_only, 300).unwrap(), expected);
    assert_eq!((read_only.block_roots(0).unwrap(), read_only.beyond_end().unwrap()), (None, None));
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(proof_of(&store, 300).unwrap(), expected);
    store.commit(&next_batch(&mut tree, 400)).unwrap();
    let kept: Vec<_> = (0..5).map(|tile| store.block_roots(tile).unwrap().is_some()).collect();
    assert_eq!(kept, [false, false, true, true, false]);
    drop(store);
    let refused = Connection::open(&path).unwrap().execute("DELETE FROM block_roots", []);
    assert!(refused.unwrap_err().to_string().contains("never deleted"));
}

#[test]
fn a_log_that_has_block_roots_and_says_it_is_of_the_first_format_goes_on_with_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let mut tree = commit_all(&SqliteStore::create(&path).unwrap(), &[700]);
    with_sql(&path, "PRAGMA user_version = 1");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(&next_batch(&mut tree, 100)).unwrap();
    assert!((0..3).all(|tile| store.block_roots(tile).unwrap().is_some()));
    let format = Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    assert_eq!(format.unwrap(), 2);
}

#[test]
fn a_proof_is_made_from_the_leaf_hashes_where_the_block_roots_were_changed_and_from_nothing_where_both_were() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let store = SqliteStore::create(&path).unwrap();
    let tree = commit_all(&store, &[700]);
    let expected = tree.inclusion_proof(300, 700, |_| Err(StoreError::NotALedger)).unwrap();
    with_sql(
        &path,
        "DROP TRIGGER block_roots_are_never_changed; UPDATE block_roots SET hashes = zeroblob(512) WHERE tile = 1",
    );
    assert_eq!(proof_of(&store, 300).unwrap(), expected);
    with_sql(
        &path,
        "DROP TRIGGER segment_is_never_changed; UPDATE segment SET leaf_hashes = zeroblob(256 * 32) WHERE first_index = 256",
    );
    let refused = proof_of(&store, 300).unwrap_err();
    assert!(matches!(refused, TreeError::TileDiffers { tile: 1 }), "{refused:?}");
}

#[test]
fn rows_about_tiles_that_are_not_full_are_found_and_taken_away_and_no_others() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let store = SqliteStore::create(&path).unwrap();
    let mut tree = commit_all(&store, &[600]);
    assert_eq!((store.beyond_end().unwrap(), store.take_away_beyond_end().unwrap()), (None, 0));
    for (statement, table, position) in [
        ("INSERT INTO tile_root VALUES (1, 2, zeroblob(32))", "tile_root", 2),
        ("INSERT INTO tile_root VALUES (1, 900, zeroblob(32))", "tile_root", 900),
        ("INSERT INTO tile_root VALUES (2, 0, zeroblob(32))", "tile_root", 0),
        ("INSERT INTO tile_root VALUES (7, 0, zeroblob(32))", "tile_root", 0),
        ("INSERT INTO block_roots VALUES (2, zeroblob(512))", "block_roots", 2),
    ] {
        with_sql(&path, statement);
        assert_eq!(store.beyond_end().unwrap(), Some(BeyondEnd { table, position, tree_size: 600 }), "{statement}");
        assert_eq!(store.take_away_beyond_end().unwrap(), 1, "{statement}");
        assert_eq!(store.beyond_end().unwrap(), None, "{statement}");
    }
    with_sql(&path, "INSERT INTO tile_root VALUES (1, 2, zeroblob(32))");
    let before = tree.size();
    let refused = store.commit(&next_batch(&mut tree, 300)).unwrap_err();
    let CommitError::NotCommitted(source) = &refused else { panic!("{refused:?}") };
    let cause = source.source().expect("what SQLite says").to_string();
    assert!(cause.contains("what was recorded is never changed"), "{cause}");
    tree.truncate(before);
    store.take_away_beyond_end().unwrap();
    store.commit(&next_batch(&mut tree, 300)).unwrap();
    assert_eq!(stored_tree(&store).root(), tree.root());
    assert!((0..3).all(|tile| store.block_roots(tile).unwrap().is_some()));
    for table in ["tile_root", "block_roots"] {
        let refused = Connection::open(&path).unwrap().execute(&format!("DELETE FROM {table}"), []);
        assert!(refused.unwrap_err().to_string().contains("never deleted"), "{table}");
    }
}

#[test]
fn the_database_itself_refuses_to_edit_what_was_recorded() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let tree = commit_all(&SqliteStore::create(&path).unwrap(), &[300, 300]);
    let database = Connection::open(&path).unwrap();
    for statement in [
        "UPDATE block_roots SET hashes = zeroblob(512) WHERE tile = 0",
        "DELETE FROM block_roots WHERE tile = 0",
        "INSERT OR REPLACE INTO block_roots VALUES (0, zeroblob(512))",
        "UPDATE segment SET bundle = x'0000' WHERE first_index = 0",
        "UPDATE segment SET first_index = 600 WHERE first_index = 0",
        "DELETE FROM segment WHERE first_index = 512",
        "INSERT OR REPLACE INTO segment SELECT * FROM segment WHERE first_index = 0",
        "INSERT INTO segment VALUES (601, 1, zeroblob(32), x'0000')",
        "INSERT INTO segment VALUES (599, 1, zeroblob(32), x'0000')",
        "INSERT INTO segment VALUES (600, 1, zeroblob(31), x'0000')",
        "INSERT INTO segment VALUES (600, 2, zeroblob(32), x'0000')",
        "INSERT INTO segment VALUES (600, 200, zeroblob(6400), x'0000')",
        "INSERT INTO segment VALUES (600, 0, x'', x'')",
        "UPDATE tile_root SET hash = zeroblob(32)",
        "DELETE FROM tile_root",
        "INSERT OR REPLACE INTO tile_root VALUES (1, 0, zeroblob(32))",
        "INSERT INTO tile_root VALUES (1, 2, zeroblob(31))",
    ] {
        let refused = database.execute(statement, []);
        assert!(refused.is_err(), "{statement}");
    }
    drop(database);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(read_all(&store, 0).unwrap().len(), 600);
    assert_eq!(stored_tree(&store).root(), tree.root());
}

#[test]
fn a_full_disk_is_said_and_the_log_goes_on_once_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::create(&database(&directory)).unwrap();
    store.set_size_bytes_max(Some(1 << 20)).unwrap();
    let mut tree = Tree::new();
    let mut refusals = 0;
    while refusals < 3 {
        let before = tree.size();
        match store.commit(&next_batch(&mut tree, 1_000)) {
            Ok(()) => assert_eq!(store.head().unwrap(), before + 1_000),
            Err(CommitError::DiskFull) => {
                tree.truncate(before);
                assert_eq!(store.head().unwrap(), before);
                refusals += 1;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    let before = tree.size();
    assert!(before > 0);
    assert_eq!(read_all(&store, 0).unwrap().len() as u64, before);
    store.set_size_bytes_max(None).unwrap();
    store.commit(&next_batch(&mut tree, 1_000)).unwrap();
    assert_eq!(stored_tree(&store).root(), tree.root());
}

#[test]
fn what_another_program_wrote_is_a_conflict() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let store = SqliteStore::create(&path).unwrap();
    let mut tree = commit_all(&store, &[10]);
    let other = Connection::open(&path).unwrap();
    other.execute("INSERT INTO segment VALUES (10, 1, zeroblob(32), x'0000')", []).unwrap();
    let refused = store.commit(&next_batch(&mut tree, 5));
    assert!(matches!(refused, Err(CommitError::Conflict { expected: 10, actual: 11 })), "{refused:?}");
}

#[test]
fn a_ledger_opened_for_reading_refuses_a_batch_and_follows_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    let store = SqliteStore::create(&path).unwrap();
    let mut tree = commit_all(&store, &[10]);
    let read_only = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(read_only.head().unwrap(), 10);
    let batch = next_batch(&mut tree, 5);
    assert!(matches!(read_only.commit(&batch), Err(CommitError::NotCommitted(_))));
    store.commit(&batch).unwrap();
    assert_eq!(read_only.head().unwrap(), 15);
}

#[test]
fn what_was_damaged_is_named_by_its_log_index() {
    for (what, statement, damaged_index) in [
        ("a missing segment", "DELETE FROM segment WHERE first_index = 256", 256),
        ("the first one missing", "DELETE FROM segment WHERE first_index = 0", 0),
        (
            "a bundle cut off",
            "UPDATE segment SET bundle = substr(bundle, 1, length(bundle) - 1) WHERE first_index = 256",
            511,
        ),
        (
            "an entry too many",
            "UPDATE segment SET bundle = cast(bundle || x'0000' AS BLOB) WHERE first_index = 256",
            512,
        ),
        ("a length that is off", "UPDATE segment SET bundle = x'ffff' || substr(bundle, 3) WHERE first_index = 256", 0),
        (
            "a hash too few",
            "UPDATE segment SET leaf_hashes = substr(leaf_hashes, 1, 255 * 32) WHERE first_index = 256",
            256,
        ),
        ("another count", "UPDATE segment SET entry_count = 255 WHERE first_index = 256", 256),
        ("a text", "UPDATE segment SET bundle = 'text' WHERE first_index = 256", 256),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let path = database(&directory);
        let store = SqliteStore::create(&path).unwrap();
        commit_all(&store, &[1_000]);
        let vandal = Connection::open(&path).unwrap();
        vandal
            .execute_batch(
                "PRAGMA writable_schema = ON;
                 DELETE FROM sqlite_schema WHERE type = 'trigger';
                 UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'segment';
                 PRAGMA writable_schema = RESET;
                 PRAGMA ignore_check_constraints = ON;",
            )
            .unwrap();
        assert_eq!(vandal.execute(statement, []).unwrap(), 1, "{what}");
        match read_all(&store, 0) {
            Err(StoreError::Damaged { log_index, .. }) if damaged_index > 0 => {
                assert_eq!(log_index, damaged_index, "{what}");
            }
            Err(StoreError::Damaged { .. }) => {}
            other => panic!("{what}: {:?}", other.map(|entries| entries.len())),
        }
    }
}

/// Runs a test of this file once more in a process of its own, where it plays the other process over this database.
fn in_another_process(test: &str, path: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "--nocapture", &format!("store::durable::{test}")])
        .env("MINGZHANG_TEST_DATABASE", path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

/// The lines that the other process writes for us; the test harness around it writes some of its own.
fn announced(line: &str) -> Option<u64> {
    line.rsplit_once("committed ")?.1.parse().ok()
}

/// In the other process: commits batches until it is killed. Elsewhere: nothing.
#[expect(clippy::print_stdout, reason = "tells its parent how far it came")]
fn commit_until_killed_if_this_is_the_other_process() {
    let Some(path) = env::var_os("MINGZHANG_TEST_DATABASE") else { return };
    let store = SqliteStore::open(Path::new(&path)).unwrap();
    let mut tree = stored_tree(&store);
    loop {
        let count = tree.size() % 7 * 40 + 1;
        store.commit(&next_batch(&mut tree, count)).unwrap();
        println!("committed {}", tree.size());
    }
}

#[test]
fn a_second_process_is_refused_until_the_first_is_gone() {
    commit_until_killed_if_this_is_the_other_process();
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    drop(SqliteStore::create(&path).unwrap());
    let mut other = in_another_process("a_second_process_is_refused_until_the_first_is_gone", &path).spawn().unwrap();
    let mut lines = BufReader::new(other.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| announced(&line).is_some()));
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(refused, StoreError::HeldByAnother), "{refused:?}");
    let reader = SqliteStore::open_read_only(&path).unwrap();
    assert!(reader.head().unwrap() > 0);
    other.kill().unwrap();
    other.wait().unwrap();
    SqliteStore::open(&path).unwrap();
}

#[test]
fn no_acknowledged_batch_is_lost_when_the_writer_is_killed() {
    commit_until_killed_if_this_is_the_other_process();
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory);
    drop(SqliteStore::create(&path).unwrap());
    for round in 1..=10 {
        let mut other =
            in_another_process("no_acknowledged_batch_is_lost_when_the_writer_is_killed", &path).spawn().unwrap();
        let lines = BufReader::new(other.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut acknowledged = 0;
        for (heard, size) in lines.filter_map(|line| announced(&line)).enumerate() {
            acknowledged = size;
            if heard == round * 3 {
                // Whatever was still in the pipe was acknowledged as well: the loop reads it to its end.
                other.kill().unwrap();
            }
        }
        other.wait().unwrap();
        let store = SqliteStore::open(&path).unwrap();
        let head = store.head().unwrap();
        assert!(acknowledged > 0 && head >= acknowledged, "{acknowledged} were acknowledged and {head} are there");
        let all = read_all(&store, 0).unwrap();
        assert!(all.iter().all(|(log_index, bytes)| *bytes == entry(*log_index)));
        let mut batch = BatchBuilder::new(0);
        for (_, bytes) in &all {
            batch.push(bytes).unwrap();
        }
        let mut tree = Tree::new();
        let _rehashed = batch.seal(&mut tree);
        assert_eq!(stored_tree(&store).root(), tree.root());
    }
}
