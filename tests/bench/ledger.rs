//! Durable appends: deciding, hashing, tree, idempotency, SQLite, fsync. Acknowledged means durable.
//!
//! Peers in the same run: `fdatasync` of a plain append, and plain SQLite with a row per event (integer key, 300-byte blob, WAL,
//! FULL). Left out: HTTP and JSON parsing (see `load`), and read models, which follow on their own thread.
//!
//! `cargo bench --bench ledger` prints a table; `cargo bench --bench ledger -- one` only its rows of one at a time, longer, for whoever traces them
//! (`perf trace -s`, `perf record -g`).

#![expect(clippy::print_stdout, clippy::float_arithmetic, reason = "a benchmark measures time and prints a table")]

use mingzhang::clock::MachineClock;
use mingzhang::identity::Actor;
use mingzhang::ledger::{Command, IdempotencyKey, Ledger, LedgerState, Mode, Outcome, Signing, Submission};
use mingzhang::store::{MemorySignedHeads, SqliteStore};
use mingzhang::transparency::Ed25519Signer;
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, ActivityScheduled, Event, Evidence, Instant, MemberCheckedIn,
    MemberCheckedOut, MemberClass, MemberId, MemberRostered, OrganizationEstablished, OrganizationId,
    OrganizationLevel,
};
use std::io::Write;
use std::sync::Arc;

const MEMBERS: u64 = 20_000;
const DAYS: u64 = 28;

fn main() {
    let directory = tempfile::tempdir_in(std::env::current_dir().expect("a directory")).expect("a directory on disk");
    println!("{:<44} {:>12} {:>10}", "append", "events/s", "µs each");
    if std::env::args().any(|argument| argument == "one") {
        return only_one_at_a_time(directory.path());
    }
    let raw = peer_fdatasync(directory.path());
    row("peer: fdatasync of a 4 KiB append", raw);
    row("peer: SQLite, a row per event, 1,000 a batch", peer_sqlite(directory.path(), 1_000, 200));
    row("peer: SQLite, a row per event, one at a time", peer_sqlite(directory.path(), 1, 3_000));
    let ledger = open(directory.path());
    let actor = Arc::new(Actor::holder_of_the_files("bench".parse().expect("an actor")));
    prepare(&ledger, &actor);
    let mut commands = workload().into_iter();
    row("ledger: one at a time", one_at_a_time(&ledger, &actor, &mut commands, 6_000));
    row("ledger: 32 at once", concurrently(&ledger, &actor, &mut commands, 32, 120_000));
    row("ledger: batches of 1,000, one client", in_batches(&ledger, &actor, &mut commands, 1, 300_000));
    row("ledger: batches of 1,000, two clients", in_batches(&ledger, &actor, &mut commands, 2, 400_000));
}

/// Both for about as long.
fn only_one_at_a_time(directory: &std::path::Path) {
    row("peer: SQLite, a row per event, one at a time", peer_sqlite(directory, 1, 24_000));
    let ledger = open(directory);
    let actor = Arc::new(Actor::holder_of_the_files("bench".parse().expect("an actor")));
    prepare(&ledger, &actor);
    row("ledger: one at a time", one_at_a_time(&ledger, &actor, &mut workload().into_iter(), 20_000));
}

fn row(what: &str, per_second: f64) {
    println!("{what:<44} {per_second:>12.0} {:>10.1}", 1e6 / per_second);
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn rate(count: u64, run: impl FnOnce()) -> f64 {
    let start = std::time::Instant::now();
    run();
    count as f64 / start.elapsed().as_secs_f64()
}

fn peer_fdatasync(directory: &std::path::Path) -> f64 {
    let mut file = std::fs::File::create(directory.join("raw")).expect("a file");
    rate(2_000, || {
        for _ in 0..2_000 {
            file.write_all(&[7; 4_096]).expect("an append");
            file.sync_data().expect("durable");
        }
    })
}

fn peer_sqlite(directory: &std::path::Path, batch: u64, batches: u64) -> f64 {
    let path = directory.join(format!("peer-{batch}.sqlite"));
    let mut connection = rusqlite::Connection::open(path).expect("a database");
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event (id INTEGER PRIMARY KEY, body BLOB);")
        .expect("a table");
    let body = [7_u8; 300];
    rate(batch * batches, || {
        for _ in 0..batches {
            let transaction = connection.transaction().expect("a transaction");
            {
                let mut insert =
                    transaction.prepare_cached("INSERT INTO event (body) VALUES (?1)").expect("a statement");
                for _ in 0..batch {
                    insert.execute([&body[..]]).expect("a row");
                }
            }
            transaction.commit().expect("durable");
        }
    })
}

fn open(directory: &std::path::Path) -> Arc<Ledger> {
    let store = SqliteStore::create(&directory.join("ledger.sqlite")).expect("a store");
    let signer = Ed25519Signer::from_seed("bench.example/ledger", &[7; 32]).expect("a key");
    let clock = Arc::new(MachineClock);
    let ledger = Ledger::open(
        Arc::new(store),
        "bench.example/ledger",
        Signing::with(signer, MemorySignedHeads::default()),
        clock,
        LedgerState::default(),
        &mut |_| {},
    );
    Arc::new(ledger.expect("a ledger"))
}

fn organization() -> OrganizationId {
    "420902001001".parse().expect("a code")
}

fn member(number: u64) -> MemberId {
    MemberId(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn start_of(day: u64) -> Instant {
    let first: Instant = "2026-10-01T11:00:00Z".parse().expect("an instant");
    first.plus_minutes(u32::try_from(day * 1_440).expect("a month"))
}

fn command(event: impl Into<Event>, occurred_at: Instant, number: u64) -> Command {
    let key: IdempotencyKey = format!("bench-{number}").parse().expect("a key");
    Command { key, event: event.into(), evidence: Evidence::OnSiteCode, imported: None, occurred_at }
}

fn prepare(ledger: &Ledger, actor: &Arc<Actor>) {
    let at: Instant = "2026-09-01T00:00:00Z".parse().expect("an instant");
    let established = OrganizationEstablished {
        level: OrganizationLevel::Community,
        name: "书院社区".to_owned(),
        organization: organization(),
        parent: None,
    };
    let mut commands = vec![command(established, at, 1_000_000_000)];
    commands.extend((0..MEMBERS).map(|number| {
        let rostered =
            MemberRostered { class: MemberClass::Resident, member: member(number), organization: organization() };
        command(rostered, at, 2_000_000_000 + number)
    }));
    commands.extend((0..DAYS).map(|day| {
        let scheduled = ActivityScheduled {
            activity: ActivityId(day),
            class: ActivityClass::Voluntary,
            emergency_grade: None,
            ends_at: start_of(day).plus_minutes(120),
            kind: ActivityKind::NightPatrol,
            organization: organization(),
            starts_at: start_of(day),
        };
        command(scheduled, at, 3_000_000_000 + day)
    }));
    submit(ledger, actor, commands);
}

/// Check-ins and check-outs of every member on every day.
fn workload() -> Vec<Command> {
    let mut commands = Vec::new();
    for day in 0..DAYS {
        for number in 0..MEMBERS {
            let (activity, member) = (ActivityId(day), member(number));
            let key = (day * MEMBERS + number) * 2;
            commands.push(command(MemberCheckedIn { activity, member }, start_of(day), key));
            commands.push(command(MemberCheckedOut { activity, member }, start_of(day).plus_minutes(90), key + 1));
        }
    }
    commands
}

fn submit(ledger: &Ledger, actor: &Arc<Actor>, commands: Vec<Command>) {
    let submission = Submission { actor: Arc::clone(actor), commands, mode: Mode::EachAlone };
    let reply = ledger.submit_blocking(submission).expect("durable");
    let refused = reply.outcomes.iter().find(|outcome| !matches!(outcome, Outcome::Recorded { .. }));
    assert!(refused.is_none(), "{refused:?}");
}

fn one_at_a_time(ledger: &Ledger, actor: &Arc<Actor>, commands: &mut impl Iterator<Item = Command>, count: u64) -> f64 {
    let commands: Vec<Command> = commands.take(usize::try_from(count).expect("a count")).collect();
    rate(count, || commands.into_iter().for_each(|command| submit(ledger, actor, vec![command])))
}

fn concurrently(
    ledger: &Arc<Ledger>,
    actor: &Arc<Actor>,
    commands: &mut impl Iterator<Item = Command>,
    clients: usize,
    count: u64,
) -> f64 {
    // Each client records whole pairs in order: a check-out must not overtake its check-in.
    let mut shares: Vec<Vec<Command>> = vec![Vec::new(); clients];
    let taken: Vec<Command> = commands.take(usize::try_from(count).expect("a count")).collect();
    for (number, pair) in taken.chunks(2).enumerate() {
        shares[number % clients].extend_from_slice(pair);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    rate(count, || {
        runtime.block_on(async {
            let tasks: Vec<_> = shares
                .into_iter()
                .map(|share| {
                    let (ledger, actor) = (Arc::clone(ledger), Arc::clone(actor));
                    tokio::spawn(async move {
                        for command in share {
                            let commands = vec![command];
                            let submission = Submission { actor: Arc::clone(&actor), commands, mode: Mode::EachAlone };
                            let reply = ledger.submit(submission).await.expect("durable");
                            assert!(matches!(reply.outcomes[..], [Outcome::Recorded { .. }]), "{:?}", reply.outcomes);
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.expect("a client");
            }
        });
    })
}

fn in_batches(
    ledger: &Arc<Ledger>,
    actor: &Arc<Actor>,
    commands: &mut impl Iterator<Item = Command>,
    clients: usize,
    count: u64,
) -> f64 {
    let taken: Vec<Command> = commands.take(usize::try_from(count).expect("a count")).collect();
    let mut shares: Vec<Vec<Vec<Command>>> = vec![Vec::new(); clients];
    for (number, batch) in taken.chunks(1_000).enumerate() {
        shares[number % clients].push(batch.to_vec());
    }
    rate(count, || {
        std::thread::scope(|scope| {
            for share in shares {
                scope.spawn(|| share.into_iter().for_each(|batch| submit(ledger, actor, batch)));
            }
        });
    })
}
