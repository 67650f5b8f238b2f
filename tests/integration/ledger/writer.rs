//! The writer: repeated commands, all-or-nothing, full disks, clocks that go back, and following.

use super::fixture::*;
use super::month10::{Month10, OVER, raised};
use mingzhang::identity::Role;
use mingzhang::ledger::{Mode, Outcome, Rejection, SubmitError};
use mingzhang::store::{CommitError, EventStore, MemoryStore, SealedBatch, Segment, SqliteStore, StoreError};
use mingzhang::transparency::{BlockRoots, Hash};
use mingzhang_events::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn sqlite() -> (tempfile::TempDir, Arc<SqliteStore>) {
    let directory = tempfile::tempdir().expect("a directory");
    let store = SqliteStore::create(&directory.path().join("ledger.sqlite")).expect("a store");
    (directory, Arc::new(store))
}

fn sign_up(member: MemberId) -> MemberSignedUp {
    MemberSignedUp { activity: PATROL, member }
}

#[test]
fn a_repeated_command_is_answered_with_the_first_recording_also_after_a_restart() {
    let (_directory, store) = sqlite();
    let fixture = Fixture::on(store.clone());
    let command = fixture.command(sign_up(MEMBER), at(BEFORE));
    let first = fixture.submit(&fixture.clerk(), vec![command.clone(), command.clone()], Mode::EachAlone);
    let head = fixture.ledger.head();
    let [Outcome::Recorded { log_index, id }, Outcome::Repeated { .. }] = first.expect("the store works")[..] else {
        panic!("the second of two equal commands is a repetition");
    };
    drop(fixture);
    let again = Fixture::on(store);
    let outcomes = again.submit(&again.clerk(), vec![command], Mode::EachAlone).expect("the store works");
    assert_eq!(outcomes, [Outcome::Repeated { log_index, id }]);
    assert_eq!(again.ledger.head(), head);
}

#[test]
fn what_somebody_else_recorded_is_repeated_only_to_whom_could_have_recorded_it() {
    let fixture = Fixture::new();
    let command = fixture.command(sign_up(MEMBER), at(BEFORE));
    fixture.submit(&fixture.clerk(), vec![command.clone()], Mode::EachAlone).expect("the store works");
    for (role, may) in [(Role::Recorder, true), (Role::Reviewer, false)] {
        let other = fixture.with_role(role, STREET);
        let outcomes = fixture.submit(&other, vec![command.clone()], Mode::EachAlone).expect("the store works");
        match outcomes[..] {
            [Outcome::Repeated { .. }] => assert!(may, "{role:?}"),
            [Outcome::Rejected(Rejection::RoleDoesNotReach { .. })] => assert!(!may, "{role:?}"),
            _ => panic!("{role:?}: {outcomes:?}"),
        }
    }
}

#[test]
fn one_refusal_withholds_a_whole_all_or_nothing_submission_and_leaves_no_trace() {
    let fixture = Fixture::new();
    let before = fixture.ledger.head();
    let good = fixture.command(sign_up(MEMBER), at(BEFORE));
    let bad = fixture.command(sign_up(MemberId(99)), at(BEFORE));
    let outcomes =
        fixture.submit(&fixture.clerk(), vec![good.clone(), bad], Mode::AllOrNothing).expect("the store works");
    assert!(matches!(outcomes[..], [Outcome::Withheld, Outcome::Rejected(_)]), "{outcomes:?}");
    assert_eq!(fixture.ledger.head(), before);
    let outcomes = fixture.submit(&fixture.clerk(), vec![good], Mode::AllOrNothing).expect("the store works");
    assert!(matches!(outcomes[..], [Outcome::Recorded { .. }]), "what was withheld can be recorded: {outcomes:?}");
}

/// A store that counts how often it is read.
struct Counted(MemoryStore, AtomicU64);

impl EventStore for Counted {
    fn head(&self) -> Result<u64, StoreError> {
        self.0.head()
    }

    fn read(&self, from: u64, entries_wanted: u64) -> Result<Vec<Segment>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.read(from, entries_wanted)
    }

    fn nodes(&self, level: u8, start: u64, end: u64) -> Result<Vec<Hash>, StoreError> {
        self.0.nodes(level, start, end)
    }

    fn block_roots(&self, tile: u64) -> Result<Option<BlockRoots>, StoreError> {
        self.0.block_roots(tile)
    }

    fn commit(&self, batch: &SealedBatch) -> Result<(), CommitError> {
        self.0.commit(batch)
    }
}

#[test]
fn ids_are_read_segment_by_segment_and_not_one_by_one() {
    let store = Arc::new(Counted(MemoryStore::new(), AtomicU64::new(0)));
    let fixture = Fixture::on(store.clone());
    let from = fixture.ledger.head().tree_size;
    let signed_up = [MEMBER, COLLEAGUE].map(|member| fixture.command(sign_up(member), at(BEFORE)));
    let ids = signed_up.each_ref().map(|command| command.key.event_id());
    fixture.submit(&fixture.clerk(), signed_up.into(), Mode::AllOrNothing).expect("the store works");
    let before = store.1.load(Ordering::SeqCst);
    let places = (from..from + 2).collect();
    let read: Vec<EventId> = fixture.ledger.ids_at(&places).expect("entries").into_values().collect();
    assert_eq!(read, ids);
    assert_eq!(store.1.load(Ordering::SeqCst), before + 1, "of one batch");
}

#[test]
fn a_dry_run_tells_what_would_happen_and_records_nothing() {
    let fixture = Fixture::new();
    let before = fixture.ledger.head();
    let commands = vec![
        fixture.command(check_in(), at(START)),
        fixture.command(check_out(), at(END)),
        fixture.command(check_out(), at(END)),
    ];
    let outcomes = fixture.submit(&fixture.clerk(), commands, Mode::DryRun).expect("the store works");
    assert!(matches!(outcomes[..], [Outcome::Recorded { .. }, Outcome::Recorded { .. }, Outcome::Rejected(_)]));
    assert_eq!(fixture.ledger.head(), before);
}

#[test]
fn the_time_of_recording_never_goes_back_even_if_the_clock_does() {
    let fixture = Fixture::new();
    fixture.record(sign_up(MEMBER), at(BEFORE));
    fixture.clock.set(at("2026-10-05T00:00:00Z"));
    fixture.record(sign_up(COLLEAGUE), at(BEFORE));
    let recorded: Vec<Instant> = fixture
        .ledger
        .entries(0, u64::MAX)
        .expect("entries")
        .iter()
        .map(|entry| decode(&entry.bytes).expect("an event").recorded_at)
        .collect();
    assert!(recorded.is_sorted());
    assert_eq!(recorded.last(), Some(&at("2026-10-20T04:00:00Z")));
}

#[test]
fn on_a_full_disk_nothing_acknowledged_is_lost_and_recording_goes_on_once_there_is_room() {
    let (_directory, store) = sqlite();
    let fixture = Fixture::on(store.clone());
    fixture.record(sign_up(MEMBER), at(BEFORE));
    let before = fixture.ledger.head();
    store.set_size_bytes_max(Some(1)).expect("a limit");
    let many = |prefix: u64| -> Vec<_> {
        (0..2_000)
            .map(|number| {
                let (class, organization) = (MemberClass::Resident, organization(BRANCH));
                let member = MemberId(prefix + number);
                fixture.command(MemberRostered { class, member, organization }, at(BEFORE))
            })
            .collect()
    };
    let full = fixture.submit(&fixture.clerk(), many(1_000_000), Mode::EachAlone);
    assert!(matches!(full, Err(SubmitError::DiskFull)), "{full:?}");
    assert_eq!(fixture.ledger.head(), before);
    assert_eq!(store.head().expect("a head"), before.tree_size);
    store.set_size_bytes_max(None).expect("no limit");
    let outcomes = fixture.submit(&fixture.clerk(), many(1_000_000), Mode::EachAlone).expect("there is room again");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Recorded { .. })));
    fixture.record(sign_up(COLLEAGUE), at(BEFORE));
    assert_eq!(mingzhang::ledger::load_tree(store.as_ref()).expect("a tree").root(), fixture.ledger.head().root);
}

#[test]
fn a_receipt_proves_its_entry_against_the_signed_checkpoint() {
    use mingzhang::transparency::{SignedCheckpoint, VerifierKey, leaf_hash, verify_inclusion};
    let fixture = Fixture::new();
    let key = VerifierKey::parse(&fixture.ledger.verifier_key()).expect("a key");
    fixture.record(sign_up(MEMBER), at(BEFORE));
    let head = fixture.ledger.head();
    for entry in fixture.ledger.entries(0, u64::MAX).expect("entries") {
        let receipt = fixture.ledger.receipt(entry.log_index, head).expect("a receipt");
        let note = receipt.checkpoint.note().as_bytes();
        let checkpoint = SignedCheckpoint::open(note, &key).expect("a checkpoint that is signed").checkpoint().clone();
        assert_eq!((checkpoint.size, checkpoint.root), (head.tree_size, head.root));
        let leaf = leaf_hash(&entry.bytes);
        verify_inclusion(&leaf, entry.log_index, checkpoint.size, &receipt.inclusion_proof, &checkpoint.root)
            .expect("an inclusion proof");
    }
}

#[test]
fn submissions_from_many_threads_are_all_recorded_once_and_the_tree_is_that_of_the_entries() {
    let (_directory, store) = sqlite();
    let fixture = Fixture::on(store.clone());
    let before = fixture.ledger.head().tree_size;
    std::thread::scope(|scope| {
        for client in 0..8_u64 {
            let fixture = &fixture;
            scope.spawn(move || {
                for number in 0..50 {
                    let commands = (0..number % 7 + 1)
                        .map(|part| {
                            let (class, organization) = (MemberClass::Resident, organization(BRANCH));
                            let member = MemberId(client * 1_000_000 + number * 1_000 + part + 100);
                            fixture.command(MemberRostered { class, member, organization }, at(BEFORE))
                        })
                        .collect();
                    let outcomes =
                        fixture.submit(&fixture.clerk(), commands, Mode::EachAlone).expect("the store works");
                    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Recorded { .. })), "{outcomes:?}");
                }
            });
        }
    });
    let entries = fixture.ledger.entries(0, u64::MAX).expect("entries");
    let submitted: u64 = 8 * (0..50_u64).map(|number| number % 7 + 1).sum::<u64>();
    assert_eq!(entries.len() as u64, before + submitted);
    let mut tree = mingzhang::transparency::Tree::new();
    entries.iter().for_each(|entry| tree.push(mingzhang::transparency::leaf_hash(&entry.bytes)));
    assert_eq!(tree.root(), fixture.ledger.head().root);
}

#[test]
fn the_decision_state_read_from_its_snapshot_decides_as_before() {
    let (_directory, store) = sqlite();
    let fixture = Fixture::on(store);
    fixture.record(check_in(), at(START));
    fixture.ledger.stop();
    let (head, bytes) = fixture.ledger.state_snapshot().expect("a snapshot of a stopped ledger");
    let state = mingzhang::ledger::LedgerState::from_bytes(&bytes).expect("a snapshot");
    assert_eq!(state.tree_size(), head.tree_size);
    assert_eq!(state.to_bytes(), bytes);
    let again = fixture.command(check_in(), at(START));
    let refusal = mingzhang::ledger::decide(&state, &fixture.clerk(), &again, at("2026-10-20T04:00:00Z"));
    assert_eq!(refusal.expect_err("checked in already").code(), "already_recorded");
}

#[test]
fn of_two_writers_the_second_catches_up_and_then_decides_on_what_the_first_recorded() {
    let store = Arc::new(MemoryStore::new());
    let first = Fixture::on(store.clone());
    let second = Fixture::on(store.clone());
    first.record(sign_up(MEMBER), at(BEFORE));
    let mut command = second.command(sign_up(MEMBER), at(BEFORE));
    command.key = second.key("of-the-second");
    let outvoted = second.submit(&second.clerk(), vec![command.clone()], Mode::EachAlone);
    assert!(matches!(outvoted, Err(SubmitError::AnotherWriter)), "{outvoted:?}");
    let outcomes = second.submit(&second.clerk(), vec![command], Mode::EachAlone).expect("it has caught up");
    let [Outcome::Rejected(rejection)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(rejection.code(), "already_signed_up");
    assert_eq!(second.ledger.head(), first.ledger.head());
    assert_eq!(mingzhang::ledger::load_tree(store.as_ref()).expect("a tree").root(), second.ledger.head().root);
}

#[test]
fn after_the_clock_ran_ahead_what_is_to_come_by_it_is_still_refused() {
    let fixture = Fixture::new();
    fixture.clock.set(at("2029-01-01T00:00:00Z"));
    fixture.record(check_in(), at(START));
    fixture.clock.set(at("2026-10-21T04:00:00Z"));
    let early = HomeVisitMade { household: HOUSEHOLD, member: MEMBER, minutes: 30 };
    let refused = |when: &str| fixture.try_record(&fixture.clerk(), early.clone(), at(when));
    let now = at("2026-10-21T04:00:00Z");
    for when in ["2028-06-01T00:00:00Z", "2026-10-21T03:45:00Z"] {
        assert_eq!(refused(when), Outcome::Rejected(Rejection::OccurredInTheFuture { now }), "{when}");
    }
    // What has happened is still recorded, and the log's time stands.
    let log_index = fixture.ledger.head().tree_size;
    fixture.record(early.clone(), at("2026-10-21T03:00:00Z"));
    let entry = fixture.ledger.entries(log_index, 1).expect("the store works").remove(0);
    assert_eq!(decode(&entry.bytes).expect("an event").recorded_at, at("2029-01-01T00:00:00Z"));
}

/// The wrong hour is nobody's fault who handed in what they had to say in time.
#[test]
fn after_the_clock_ran_ahead_an_objection_of_in_time_is_still_written_down() {
    let month = Month10::open().freeze().disclose();
    month.fixture.clock.set(at("2028-06-01T00:00:00Z"));
    month.fixture.record(NameConsentGiven { member: MEMBER }, at(OVER));
    month.fixture.clock.set(at("2026-11-11T04:00:00Z"));
    month.fixture.record(raised(month.unreviewed, ObjectionGround::MemberWrong), at(OVER));
}
