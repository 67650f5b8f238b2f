//! Each step from the commit to the signature fails once, without having happened and after having happened. Whatever fails:
//! nothing acknowledged is lost, what was signed stays true, and the ledger goes on.

use super::fixture::{BEFORE, Fixture, ORIGIN, at};
use mingzhang::audit::verify_ledger;
use mingzhang::ledger::{Mode, Outcome};
use mingzhang::store::{
    CommitError, EventStore, SealedBatch, Segment, SignedHead, SignedHeads, SignedHeadsError, SignedHeadsFile,
    SqliteStore, StoreError,
};
use mingzhang::transparency::{BlockRoots, Checkpoint, Hash};
use mingzhang_events::{Event, EventId, MemberClass, MemberId, MemberRostered};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where something fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Of the transaction, which then surely isn't there.
    Commit,
    CommitOnFullDisk,
    /// Of the transaction, which may be there.
    CommitOfUnknownOutcome,
    /// Of the entries that are about to be signed.
    ReadBack,
    /// Of the head that is about to be signed.
    Remember,
}

/// Fails at one step, `calls` calls from now, once; never if that is none.
struct Plan {
    step: Step,
    persisted: bool,
    calls: AtomicU64,
}

impl Plan {
    fn fails_now(&self, step: Step) -> bool {
        self.step == step && self.calls.fetch_sub(1, Ordering::SeqCst) == 1
    }
}

fn injected() -> StoreError {
    StoreError::Failed { doing: "failing as planned", source: "planned".into() }
}

struct FailingStore(SqliteStore, Arc<Plan>);

impl EventStore for FailingStore {
    fn head(&self) -> Result<u64, StoreError> {
        self.0.head()
    }

    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError> {
        if self.1.fails_now(Step::ReadBack) { Err(injected()) } else { self.0.read(from, entries_wanted) }
    }

    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
        self.0.nodes(level, start, end)
    }

    fn block_roots(&self, tile: u64) -> Result<Option<BlockRoots>, StoreError> {
        self.0.block_roots(tile)
    }

    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError> {
        if self.1.fails_now(Step::Commit) {
            return Err(CommitError::NotCommitted(injected()));
        }
        if self.1.fails_now(Step::CommitOnFullDisk) {
            return Err(CommitError::DiskFull);
        }
        if self.1.fails_now(Step::CommitOfUnknownOutcome) {
            if self.1.persisted {
                self.0.commit(batch).expect("the store works");
            }
            return Err(CommitError::OutcomeUnknown(injected()));
        }
        self.0.commit(batch)
    }
}

struct FailingHeads(SignedHeadsFile, Arc<Plan>);

impl SignedHeads for FailingHeads {
    fn last(&self) -> Result<Option<SignedHead>, SignedHeadsError> {
        self.0.last()
    }

    fn remember(&self, head: SignedHead) -> Result<(), SignedHeadsError> {
        if self.1.fails_now(Step::Remember) {
            if self.1.persisted {
                self.0.remember(head).expect("the file works");
            }
            let source = std::io::Error::other("planned");
            return Err(SignedHeadsError::File { doing: "failing at", path: "signed-heads".into(), source });
        }
        self.0.remember(head)
    }
}

fn open(directory: &Path, plan: &Arc<Plan>) -> Fixture {
    let store = SqliteStore::open(&directory.join("log")).expect("the log opens");
    let heads = SignedHeadsFile::open(&directory.join("heads")).expect("the heads open");
    let store = Arc::new(FailingStore(store, Arc::clone(plan)));
    Fixture::signing(store, Box::new(FailingHeads(heads, Arc::clone(plan)))).expect("the ledger opens")
}

/// What somebody outside was told.
#[derive(Default)]
struct Told {
    acknowledged: Vec<EventId>,
    signed: Vec<Checkpoint>,
    failures: u64,
}

/// Rosters the members 100…, each twice with the same key, as a client that repeats what wasn't answered; and wants a signed
/// checkpoint after each.
fn work(fixture: &Fixture, told: &mut Told) {
    for number in 100..104_u64 {
        for _ in 0..2 {
            let organization = super::fixture::organization(super::fixture::BRANCH);
            let event: Event =
                MemberRostered { class: MemberClass::Resident, member: MemberId(number), organization }.into();
            let mut command = fixture.command(event, at(BEFORE));
            command.key = fixture.key(&format!("member-{number}"));
            match fixture.submit(&fixture.clerk(), vec![command], Mode::EachAlone).as_deref() {
                Ok([Outcome::Recorded { id, .. } | Outcome::Repeated { id, .. }]) => told.acknowledged.push(*id),
                Ok(refused) => panic!("{refused:?}"),
                Err(_) => told.failures += 1,
            }
            match fixture.ledger.checkpoint() {
                Ok(signed) => told.signed.push(signed.checkpoint().clone()),
                Err(_) => told.failures += 1,
            }
        }
    }
}

#[test]
fn whatever_step_fails_nothing_acknowledged_is_lost_and_the_log_never_forks() {
    use Step::{Commit, CommitOfUnknownOutcome, CommitOnFullDisk, ReadBack, Remember};
    let table = [
        (Commit, false),
        (CommitOnFullDisk, false),
        (CommitOfUnknownOutcome, false),
        (CommitOfUnknownOutcome, true),
        (ReadBack, false),
        (Remember, false),
        (Remember, true),
    ];
    for (step, persisted) in table {
        // The first, a middle and the last call of that step.
        for calls in [1, 2, 4] {
            let row = format!("{step:?}, persisted: {persisted}, call {calls}");
            let directory = tempfile::tempdir().expect("a directory");
            drop(SqliteStore::create(&directory.path().join("log")).expect("a new log"));
            drop(SignedHeadsFile::create(&directory.path().join("heads")).expect("a new file"));
            let never = Arc::new(Plan { step, persisted, calls: AtomicU64::new(0) });
            let mut told = Told::default();
            drop(open(directory.path(), &never));

            let plan = Arc::new(Plan { step, persisted, calls: AtomicU64::new(0) });
            let fixture = open(directory.path(), &plan);
            // Opening reads too.
            plan.calls.store(calls, Ordering::SeqCst);
            work(&fixture, &mut told);
            assert!(told.failures > 0, "{row}: it failed once at least");
            drop(fixture);
            for _ in 0..2 {
                let again = open(directory.path(), &never);
                let failures = std::mem::take(&mut told.failures);
                work(&again, &mut told);
                assert_eq!(told.failures, 0, "{row}: it goes on once nothing fails, after {failures} failures");
                check(&again, &told, &row);
                drop(again);
                let store = SqliteStore::open_read_only(&directory.path().join("log")).expect("the log opens");
                let verified = verify_ledger(&store, ORIGIN, None, &[], &mut |_, _| {}, &mut |_, _| {}).expect(&row);
                let remembered = SignedHeadsFile::read_last(&directory.path().join("heads")).expect("read");
                assert_eq!(
                    remembered,
                    Some(SignedHead { tree_size: verified.tree_size, root: verified.root }),
                    "{row}: what was signed last is the whole log"
                );
            }
        }
    }
}

fn check(fixture: &Fixture, told: &Told, row: &str) {
    for id in &told.acknowledged {
        assert!(fixture.ledger.find(*id).expect("the log is read").is_some(), "{row}: {id} was acknowledged");
    }
    for signed in &told.signed {
        let root = fixture.ledger.root_at(signed.size).expect("the log has this size");
        assert_eq!(root, signed.root, "{row}: size {} was signed with another root", signed.size);
    }
    let rostered = (100..104_u64).map(MemberId);
    let mut seen = Vec::new();
    let size = fixture.ledger.head().tree_size;
    for entry in fixture.ledger.entries(0, size).expect("the log is read") {
        if let Event::MemberRostered(event) = mingzhang_events::decode(&entry.bytes).expect("an event").event {
            seen.push(event.member);
        }
    }
    for member in rostered {
        assert_eq!(seen.iter().filter(|of| **of == member).count(), 1, "{row}: {member} is recorded once");
    }
}
