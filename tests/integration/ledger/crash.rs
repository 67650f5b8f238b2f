//! `kill -9` at any moment under load: what was acknowledged is there, and the log verifies.
//!
//! The child process is this test binary itself, told by the environment to record without end and to print each log index
//! that was acknowledged.

use super::fixture::*;
use mingzhang::ledger::{Mode, Outcome};
use mingzhang::store::SqliteStore;
use mingzhang::transparency::{Tree, leaf_hash};
use mingzhang_events::*;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command as Program, Stdio};
use std::sync::Arc;

const DIRECTORY: &str = "MINGZHANG_TEST_RECORD_UNTIL_KILLED";
const ROUNDS: u64 = 25;

#[test]
fn kill_9_under_load_loses_no_acknowledged_event() {
    if let Ok(directory) = std::env::var(DIRECTORY) {
        record_until_killed(Path::new(&directory));
    }
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger.sqlite");
    drop(Fixture::on(Arc::new(SqliteStore::create(&path).expect("a store"))));
    let mut acknowledged_max = 0;
    for round in 0..ROUNDS {
        let acknowledged = run_and_kill(directory.path(), round);
        assert!(acknowledged > acknowledged_max, "round {round} recorded something before it was killed");
        acknowledged_max = acknowledged;
        let fixture = Fixture::on(Arc::new(SqliteStore::open(&path).expect("the lock went with the process")));
        let head = fixture.ledger.head();
        assert!(
            head.tree_size > acknowledged,
            "round {round}: {acknowledged} was acknowledged and the log ends at {head:?}"
        );
        let mut tree = Tree::new();
        for entry in fixture.ledger.entries(0, u64::MAX).expect("every entry can be read") {
            decode(&entry.bytes).expect("every entry is whole");
            tree.push(leaf_hash(&entry.bytes));
        }
        assert_eq!((tree.size(), tree.root()), (head.tree_size, head.root), "round {round}");
    }
}

/// Gives the largest log index that the child acknowledged before it was killed.
fn run_and_kill(directory: &Path, round: u64) -> u64 {
    let mut child = Program::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "ledger::crash::kill_9_under_load_loses_no_acknowledged_event", "--nocapture"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    // Another count of acknowledgements each round, so that the kill falls into another moment of a batch.
    let wanted = 3 + round * 7 % 41;
    let is_index = |line: &String| line.starts_with("acknowledged ");
    let mut acknowledged = Vec::new();
    let read =
        |line: std::io::Result<String>| line.ok().filter(is_index).and_then(|line| line[13..].parse::<u64>().ok());
    while (acknowledged.len() as u64) < wanted {
        match lines.next() {
            Some(line) => acknowledged.extend(read(line)),
            None => panic!("the child stopped by itself"),
        }
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("an end");
    // What it had printed before the end was acknowledged too.
    acknowledged.extend(lines.filter_map(read));
    acknowledged.into_iter().max().expect("an acknowledgement")
}

fn record_until_killed(directory: &Path) -> ! {
    let fixture = Fixture::on(Arc::new(SqliteStore::open(&directory.join("ledger.sqlite")).expect("a store")));
    let from = fixture.ledger.head().tree_size;
    std::thread::scope(|scope| {
        for client in 0..4_u64 {
            let fixture = &fixture;
            scope.spawn(move || {
                for number in 0.. {
                    let commands = (0..number % 97 + 1)
                        .map(|part| {
                            let (class, organization) = (MemberClass::Resident, organization(BRANCH));
                            let member = MemberId((from + 10) << 32 | client << 28 | number << 8 | part);
                            let mut command =
                                fixture.command(MemberRostered { class, member, organization }, at(BEFORE));
                            command.key = fixture.key(&member.to_string());
                            command
                        })
                        .collect();
                    let outcomes = fixture.submit(&fixture.clerk(), commands, Mode::EachAlone).expect("recorded");
                    let last = outcomes.iter().filter_map(|outcome| match outcome {
                        Outcome::Recorded { log_index, .. } => Some(*log_index),
                        Outcome::Repeated { .. } | Outcome::Rejected(_) | Outcome::Withheld => None,
                    });
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "acknowledged {}", last.max().expect("one at least")).expect("the parent listens");
                    out.flush().expect("the parent listens");
                }
            });
        }
    });
    unreachable!("it records until it is killed")
}
