//! Decide together, hash together: jobs become one batch that is committed whole.
//!
//! Nothing here is durable yet; a batch that can't be committed is taken back with its mark.

use super::repetitions::RepetitionCounts;
use super::state::Mark;
use super::{Command, Head, LedgerState, Mode, Outcome, Rejection, Reply, Submission, SubmitError, decide};
use crate::identity::Actor;
use crate::store::{BatchBuilder, EventStore, SealedBatch, Segment, StoreError};
use crate::transparency::{Tree, bundle};
use mingzhang_events::{EventId, Instant, RecordedEvent, decode, encode};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::oneshot;

/// A submission that waits for its answer.
pub(super) struct Job {
    pub(super) submission: Submission,
    pub(super) answer: oneshot::Sender<Result<Reply, SubmitError>>,
}

/// Outcomes that are told once the batch is durable.
pub(super) struct Answer {
    pub(super) to: oneshot::Sender<Result<Reply, SubmitError>>,
    pub(super) outcomes: Vec<Outcome>,
}

/// A batch on its way to the store.
pub(super) struct Decided {
    pub(super) sealed: SealedBatch,
    pub(super) events: Arc<Vec<RecordedEvent>>,
    pub(super) head: Head,
    pub(super) answers: Vec<Answer>,
    /// The state before it.
    pub(super) before: Mark,
    /// The state after it: what is before is final once it is durable.
    pub(super) after: Mark,
    pub(super) generation: u64,
}

/// What deciding reads besides the state.
pub(super) struct Surroundings<'a> {
    pub(super) store: &'a dyn EventStore,
    /// Batches that the store may not have yet, oldest first, each with the log index of its first event.
    pub(super) in_flight: &'a VecDeque<(u64, Arc<Vec<RecordedEvent>>)>,
    pub(super) repetitions: &'a RepetitionCounts,
    pub(super) last_read: RefCell<Option<Unpacked>>,
}

/// A segment that was read back, with the place of each of its entries. Whoever repeats one command mostly repeats those that were
/// recorded with it, in their order.
pub(super) struct Unpacked {
    segment: Segment,
    places: Vec<Range<usize>>,
}

impl Unpacked {
    fn read(store: &dyn EventStore, log_index: u64) -> Result<Unpacked, StoreError> {
        let damaged = |what: String| StoreError::Damaged { log_index, what };
        let read = store.read(log_index, 1)?.into_iter().next();
        let segment = read.ok_or_else(|| damaged("the entry is missing".to_owned()))?;
        let places = bundle::places(&segment.bundle).collect::<Result<_, _>>();
        let places = places.map_err(|source| damaged(source.to_string()))?;
        Ok(Unpacked { segment, places })
    }

    fn entry(&self, log_index: u64) -> Option<&[u8]> {
        let place = self.places.get(offset(log_index.checked_sub(self.segment.first_index)?))?;
        self.segment.bundle.get(place.clone())
    }
}

/// Decides the jobs in order on `state`, which is changed, and gives the new events and each job's outcomes. `clock` is what the machine's
/// clock shows.
pub(super) fn decide_jobs(
    state: &mut LedgerState,
    jobs: Vec<Job>,
    clock: Instant,
    around: &Surroundings<'_>,
) -> (Vec<RecordedEvent>, Vec<Answer>) {
    let mut events = Vec::with_capacity(jobs.iter().map(|job| job.submission.commands.len()).sum());
    let mut answers = Vec::with_capacity(jobs.len());
    for Job { submission, answer } in jobs {
        match decide_submission(state, submission, clock, around, &mut events) {
            Ok(outcomes) => answers.push(Answer { to: answer, outcomes }),
            // The store could not be read: nothing of this submission was kept.
            Err(source) => drop(answer.send(Err(SubmitError::Stopped(source.to_string())))),
        }
    }
    (events, answers)
}

fn decide_submission(
    state: &mut LedgerState,
    submission: Submission,
    clock: Instant,
    around: &Surroundings<'_>,
    events: &mut Vec<RecordedEvent>,
) -> Result<Vec<Outcome>, StoreError> {
    let Submission { actor, commands, mode } = submission;
    let (mark, kept) = (state.mark(), events.len());
    let mut outcomes = Vec::with_capacity(commands.len());
    let mut failed = None;
    for command in commands {
        match decide_command(state, &actor, command, clock, around, events) {
            Ok(outcome) => outcomes.push(outcome),
            Err(source) => {
                failed = Some(source);
                break;
            }
        }
    }
    let refused = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Rejected(_)));
    let keep = match mode {
        Mode::EachAlone => true,
        Mode::AllOrNothing => !refused,
        Mode::DryRun => false,
    };
    if !keep || failed.is_some() {
        state.undo_to(&mark);
        events.truncate(kept);
    }
    if refused && mode == Mode::AllOrNothing {
        let tree_size = state.tree_size();
        outcomes.iter_mut().for_each(|outcome| outcome.withhold_from(tree_size));
    }
    around.repetitions.count(mode, &outcomes);
    failed.map_or(Ok(outcomes), Err)
}

fn decide_command(
    state: &mut LedgerState,
    actor: &Actor,
    command: Command,
    clock: Instant,
    around: &Surroundings<'_>,
    events: &mut Vec<RecordedEvent>,
) -> Result<Outcome, StoreError> {
    let mut id = command.key.event_id();
    let mut found = find(state, id, around, events)?;
    if command.is_also_whose_it_is() && found.as_ref().is_some_and(|(_, earlier)| earlier.recorded_by != actor.id) {
        id = command.key.event_id_of(actor.id);
        found = find(state, id, around, events)?;
    }
    if let Some((log_index, earlier)) = found {
        let same = earlier.event == command.event
            && earlier.occurred_at == command.occurred_at
            && earlier.evidence == command.evidence;
        if !same {
            return Ok(Outcome::Rejected(Rejection::KeyReusedWithOtherContent { recorded_as: id }));
        }
        // Who repeats what somebody else recorded, as with a table that two people import, must be one who could have.
        if earlier.recorded_by != actor.id
            && let Err(rejection @ Rejection::RoleDoesNotReach { .. }) = decide(state, actor, &command, clock)
        {
            return Ok(Outcome::Rejected(rejection));
        }
        return Ok(Outcome::Repeated { log_index, id });
    }
    if let Err(rejection) = decide(state, actor, &command, clock) {
        return Ok(Outcome::Rejected(rejection));
    }
    let recorded = RecordedEvent {
        id,
        event: command.event,
        evidence: command.evidence,
        imported: command.imported,
        occurred_at: command.occurred_at,
        // The machine's clock may be set back; the log's time never goes back.
        recorded_at: clock.max(state.last_recorded_at()),
        recorded_by: actor.id,
    };
    let log_index = state.tree_size();
    state.apply(log_index, &recorded);
    events.push(recorded);
    Ok(Outcome::Recorded { log_index, id })
}

/// The event with this id: in the batch being decided, in one on its way to the store, or in the store.
fn find(
    state: &LedgerState,
    id: EventId,
    around: &Surroundings<'_>,
    deciding: &[RecordedEvent],
) -> Result<Option<(u64, RecordedEvent)>, StoreError> {
    let deciding_from = state.tree_size() - deciding.len() as u64;
    for log_index in state.candidates(id) {
        let in_memory = if log_index >= deciding_from {
            deciding.get(offset(log_index - deciding_from))
        } else {
            around
                .in_flight
                .iter()
                .find(|(first, events)| (*first..*first + events.len() as u64).contains(&log_index))
                .and_then(|(first, events)| events.get(offset(log_index - first)))
        };
        let event = match in_memory {
            Some(event) => event.clone(),
            None => read_near(around.store, &mut around.last_read.borrow_mut(), log_index)?,
        };
        if event.id == id {
            return Ok(Some((log_index, event)));
        }
    }
    Ok(None)
}

/// Reads one entry back from the store.
pub(super) fn read_event(store: &dyn EventStore, log_index: u64) -> Result<RecordedEvent, StoreError> {
    decode_entry(&Unpacked::read(store, log_index)?, log_index)
}

/// Reads one entry back from the store, or out of the segment that was read last.
pub(super) fn read_near(
    store: &dyn EventStore,
    last_read: &mut Option<Unpacked>,
    log_index: u64,
) -> Result<RecordedEvent, StoreError> {
    if let Some(unpacked) = last_read.as_ref().filter(|unpacked| unpacked.entry(log_index).is_some()) {
        return decode_entry(unpacked, log_index);
    }
    decode_entry(last_read.insert(Unpacked::read(store, log_index)?), log_index)
}

fn decode_entry(unpacked: &Unpacked, log_index: u64) -> Result<RecordedEvent, StoreError> {
    let damaged = |what: String| StoreError::Damaged { log_index, what };
    let entry = unpacked.entry(log_index).ok_or_else(|| damaged("the entry is missing".to_owned()))?;
    decode(entry).map_err(|source| damaged(source.to_string()))
}

pub(super) fn offset(count: u64) -> usize {
    usize::try_from(count).expect("a count of what is in memory")
}

/// Writes the events as entries, hashes them and extends the tree.
pub(super) fn seal(tree: &mut Tree, events: &[RecordedEvent], origin: &str) -> (SealedBatch, Head) {
    let mut builder = BatchBuilder::new(tree.size());
    for event in events {
        encode(event, origin, builder.begin_entry()).expect("events are held to their size when they are decided");
        builder.end_entry().expect("events are held to their size when they are decided");
    }
    let sealed = builder.seal(tree);
    (sealed, Head { tree_size: tree.size(), root: tree.root() })
}
