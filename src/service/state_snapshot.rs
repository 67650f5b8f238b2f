//! The snapshot of the decision state (`snapshots/decisions.state`): the root that it is of, a checksum, the state.
//!
//! Disposable: without it, or with one that can't be used, the state is replayed from the log.

use super::LedgerDirectory;
use crate::follower::RootAt;
use crate::ledger::{Head, LedgerState};
use crate::transparency::Hash;
use foldhash::quality::FixedState;
use std::hash::BuildHasher;

/// A smaller log is replayed faster than a snapshot is worth.
pub(super) const FROM: u64 = 50_000;

/// Root and checksum.
const HEADER_BYTES: usize = 40;

/// A snapshot as it is kept.
pub(super) struct Kept {
    /// The root of the log that it says it is of.
    pub(super) root: Hash,
    content: Vec<u8>,
}

impl Kept {
    /// The state, a few hundred megabytes in a city.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.content[HEADER_BYTES..]
    }
}

/// The snapshot that is there, if it is whole.
pub(super) fn kept(directory: &LedgerDirectory) -> Option<Kept> {
    let content = std::fs::read(directory.state_snapshot()).ok()?;
    let (root, rest) = content.split_first_chunk::<32>()?;
    let (expected, bytes) = rest.split_first_chunk::<8>()?;
    // A flipped bit in it would decide wrongly from then on.
    let (root, whole) = (*root, *expected == checksum(bytes));
    whole.then_some(Kept { root, content })
}

/// The decision state of the snapshot, if it is of this log.
pub(super) fn read(directory: &LedgerDirectory, tree_size: u64, root_at: &RootAt) -> Option<LedgerState> {
    let kept = kept(directory)?;
    let state = LedgerState::from_bytes(kept.bytes())?;
    (state.tree_size() <= tree_size && root_at(state.tree_size())? == kept.root).then_some(state)
}

/// A failure is logged: the snapshot only saves time at the next start.
pub(super) fn write(directory: &LedgerDirectory, head: Head, bytes: &[u8]) {
    let path = directory.state_snapshot();
    let mut content = head.root.to_vec();
    content.extend_from_slice(&checksum(bytes));
    content.extend_from_slice(bytes);
    let unfinished = path.with_extension("unfinished");
    let written = std::fs::create_dir_all(directory.snapshots())
        .and_then(|()| std::fs::write(&unfinished, &content))
        .and_then(|()| std::fs::rename(&unfinished, &path));
    if let Err(failure) = written {
        tracing::warn!(error = %failure, "the snapshot of the decision state could not be written");
    }
}

/// Against bit rot and half-written files, not against forgery: that is found by `verify`, which replays the log.
fn checksum(bytes: &[u8]) -> [u8; 8] {
    FixedState::default().hash_one(bytes).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::audit::Finding;
    use crate::clock::SetClock;
    use crate::identity::Actor;
    use crate::ledger::{Command, LedgerState, Mode, Outcome, Submission};
    use crate::service::{Service, VerifyError, verify};
    use mingzhang_events::{Event, Evidence, Instant, OrganizationEstablished, OrganizationLevel, decode};
    use std::path::Path;
    use std::sync::Arc;

    fn established(number: u32) -> Event {
        let parent = (number > 0).then(|| "c0".parse().expect("a code"));
        let (name, organization) = (format!("组织{number}"), format!("c{number}").parse().expect("a code"));
        OrganizationEstablished { level: OrganizationLevel::City, name, organization, parent }.into()
    }

    /// Establishes these, all or none.
    fn record(service: &Service, numbers: &[u32]) -> Vec<Outcome> {
        let command = |number: &u32| Command {
            key: format!("key-{number}-{}", numbers.len()).parse().expect("a key"),
            event: established(*number),
            evidence: Evidence::Office,
            imported: None,
            occurred_at: Instant::EARLIEST,
        };
        let actor = Arc::new(Actor::holder_of_the_files("o-1".parse().expect("an actor")));
        let commands = numbers.iter().map(command).collect();
        let submission = Submission { actor, commands, mode: Mode::AllOrNothing };
        service.ledger.submit_blocking(submission).expect("the store works").outcomes
    }

    fn verified(path: &Path) -> Result<(), VerifyError> {
        verify(path, None, &[], &mut |_, _| {}).map(drop)
    }

    #[test]
    fn a_snapshot_of_the_decisions_is_held_against_a_replay() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("ledger");
        let clock = Arc::new(SetClock::at("2026-11-05T02:00:00Z".parse().expect("an instant")));
        let mut service = Service::create(&path, "test.example/street", None, Arc::clone(&clock) as _).expect("made");
        for round in 0..3 {
            record(&service, &[round * 10, round * 10 + 1]);
            // Undone as a whole: the second is there already.
            let refused = record(&service, &[round * 10 + 2, 0, round * 10 + 3]);
            assert!(matches!(refused[1], Outcome::Rejected(_)) && refused[0] == Outcome::Withheld, "{refused:?}");
            service.stop().expect("stopped");
            let (head, bytes) = service.ledger.state_snapshot().expect("it has stopped");
            write(&service.directory, head, &bytes);
            drop(service);
            verified(&path).expect("what deciding came to is what a replay gives");
            // The next round decides on what was read from the snapshot.
            service = Service::open(&path, Arc::clone(&clock) as _, &mut |_, _| {}).expect("it opens");
        }

        let head = service.ledger.head();
        let mut other = LedgerState::default();
        for (log_index, entry) in (0..).zip(service.ledger.entries(0, head.tree_size).expect("read")) {
            let mut event = decode(&entry.bytes).expect("an event");
            if log_index == 3 {
                event.event = established(99);
            }
            other.apply(log_index, &event);
        }
        write(&service.directory, head, &other.to_bytes());
        drop(service);
        let found = verified(&path).expect_err("another state");
        let size = head.tree_size;
        assert!(matches!(found, VerifyError::Finding(Finding::DecisionsDiffer { tree_size }) if tree_size == size));
    }
}
