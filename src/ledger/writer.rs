//! The one writer: drains the queue, decides all that waits as one batch, and has it made durable while the next is decided.
//!
//! Few commands at a time are bound by the disk's flush: they are gathered, so that all who were just answered and ask again share
//! the next one. Many at a time are bound by deciding: they are overlapped with the flush.
//!
//! Invariants. A batch is committed only on the tree size it was decided on. Nobody is answered before their batch is durable.
//! After a commit that failed, the state and the tree are those before the failed batch; if another writer was first, they then
//! catch up with what it committed.

use super::batch::{Decided, Job, Surroundings, decide_jobs, seal};
use super::ledger::{Committed, Shared, read_events};
use super::signing::in_one_line;
use super::{Head, Reply, SubmitError};
use crate::store::{CommitError, StoreError};
use mingzhang_events::RecordedEvent;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A batch takes no further submission once it has so many commands: it bounds the memory and the wait of the first.
const BATCH_COMMANDS_MAX: usize = 8_192;

/// A batch of fewer commands is gathered, one of more is overlapped: deciding so many takes about as long as a flush.
const GATHERED_MAX: usize = 256;
/// How long those who were answered last are waited for. They need less than this to ask again, and a flush takes longer.
const GATHERED_FOR: Duration = Duration::from_micros(150);

/// Submissions that wait.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// In all jobs.
    commands: usize,
    /// The writer is woken once so many commands wait.
    wanted: usize,
    /// Of those who were answered last and those who waited then.
    expected: usize,
    stopped: bool,
}

impl Waiting {
    fn are_too_few(&mut self) -> bool {
        self.commands < self.wanted && !self.stopped
    }
}

impl Queue {
    /// Puts a job in the queue, or gives it back if the writer has stopped.
    pub(super) fn push(&self, job: Job) -> Result<(), Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.stopped {
            return Err(job);
        }
        waiting.commands += commands_of(&job);
        waiting.jobs.push_back(job);
        let enough = !waiting.are_too_few();
        drop(waiting);
        if enough {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// No further jobs are taken; those that wait are still worked off.
    pub(super) fn stop(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.arrived.notify_all();
    }

    /// So many commands are about to be answered: whoever sent them may ask again at once, as may whoever waits now.
    fn expect_again(&self, answered: usize) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.expected = answered + waiting.commands;
    }

    /// All that waits, up to a batch; if few are expected, they are waited for a moment. `None` once stopped and empty.
    fn drain(&self) -> Option<Vec<Job>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.wanted = 1;
        let mut waiting =
            self.arrived.wait_while(waiting, Waiting::are_too_few).unwrap_or_else(PoisonError::into_inner);
        if waiting.expected < GATHERED_MAX {
            waiting.wanted = waiting.expected;
            let gathered = self.arrived.wait_timeout_while(waiting, GATHERED_FOR, Waiting::are_too_few);
            waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut commands = 0;
        let mut jobs = Vec::new();
        while let Some(job) = waiting.jobs.front() {
            if !jobs.is_empty() && commands + commands_of(job) > BATCH_COMMANDS_MAX {
                break;
            }
            commands += commands_of(job);
            jobs.extend(waiting.jobs.pop_front());
        }
        waiting.commands -= commands;
        (!jobs.is_empty()).then_some(jobs)
    }
}

/// An empty submission waits for its answer too.
fn commands_of(job: &Job) -> usize {
    job.submission.commands.len().max(1)
}

/// Runs until the queue is stopped and worked off, or the store's outcome is unknown.
pub(super) fn run(shared: &Arc<Shared>) {
    let progress = Arc::new(Progress::default());
    // One batch waits while another is being made durable; deciding a third ahead would only add latency.
    let (to_committer, from_writer) = sync_channel(1);
    let committer = {
        let (shared, progress) = (Arc::clone(shared), Arc::clone(&progress));
        std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(move || commit_all(&shared, &progress, &from_writer))
            .expect("a thread can be started")
    };
    Writer { shared, progress, to_committer, in_flight: VecDeque::new(), generation: 0 }.run();
    drop(committer.join());
}

/// What writer and committer tell each other.
#[derive(Default)]
struct Progress {
    /// Batches handed to the committer and not yet durable or failed.
    outstanding: AtomicU64,
    failed: Mutex<Option<Failure>>,
}

/// The first batch of a generation that was not committed: all decided on it is void.
struct Failure {
    generation: u64,
    before: super::state::Mark,
    tree_size: u64,
}

struct Writer<'a> {
    shared: &'a Arc<Shared>,
    progress: Arc<Progress>,
    to_committer: SyncSender<Decided>,
    in_flight: VecDeque<(u64, Arc<Vec<RecordedEvent>>)>,
    generation: u64,
}

impl Writer<'_> {
    fn run(mut self) {
        while let Some(jobs) = self.shared.queue.drain() {
            self.take_back_what_failed();
            if let Some(reason) = self.shared.stopped_for() {
                answer_all(jobs, &reason);
                continue;
            }
            let commands: usize = jobs.iter().map(commands_of).sum();
            let decided = self.decide(jobs);
            if commands < GATHERED_MAX && self.progress.outstanding.load(Ordering::Acquire) == 0 {
                // Not worth overlapping: committing here saves two changes of thread. But the batch that this one was decided
                // on may just have failed.
                if self.progress.failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                    refuse(decided, &void());
                } else {
                    commit(self.shared, &self.progress, decided);
                }
            } else {
                self.progress.outstanding.fetch_add(1, Ordering::AcqRel);
                self.to_committer.send(decided).expect("the committer outlives the writer");
            }
        }
    }

    fn decide(&mut self, jobs: Vec<Job>) -> Decided {
        let durable = self.shared.head().tree_size;
        while self.in_flight.front().is_some_and(|(first, events)| first + events.len() as u64 <= durable) {
            self.in_flight.pop_front();
        }
        let mut state = self.shared.state.write().unwrap_or_else(PoisonError::into_inner);
        let before = state.mark();
        let (store, repetitions) = (self.shared.store.as_ref(), &self.shared.repetitions);
        let around = Surroundings { store, in_flight: &self.in_flight, repetitions, last_read: RefCell::default() };
        let (events, answers) = decide_jobs(&mut state, jobs, self.shared.clock.now(), &around);
        let after = state.mark();
        drop(state);
        let events = Arc::new(events);
        let mut tree = self.shared.tree.write().unwrap_or_else(PoisonError::into_inner);
        let first = tree.size();
        let (sealed, head) = seal(&mut tree, &events, &self.shared.origin);
        drop(tree);
        if !events.is_empty() {
            self.in_flight.push_back((first, Arc::clone(&events)));
        }
        Decided { sealed, events, head, answers, before, after, generation: self.generation }
    }

    fn take_back_what_failed(&mut self) {
        let mut failed = self.progress.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(failure) = failed.take() else { return };
        // Batches decided on the failed one may still be on their way: the committer refuses them by their generation.
        self.generation = failure.generation + 1;
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner).undo_to(&failure.before);
        self.shared.tree.write().unwrap_or_else(PoisonError::into_inner).truncate(failure.tree_size);
        self.in_flight.retain(|(first, _)| *first < failure.tree_size);
        drop(failed);
        if let Err(source) = self.catch_up(failure.tree_size) {
            self.shared.stop_for(format!("reading what another writer recorded: {source}"));
        }
    }

    /// Folds in what another writer has committed since this log had `from` entries; nothing if there was none.
    fn catch_up(&self, from: u64) -> Result<(), StoreError> {
        let store = self.shared.store.as_ref();
        let end = store.head()?;
        if end == from {
            return Ok(());
        }
        let mut events = Vec::new();
        read_events(store, from, end, &mut |_, event| events.push(event.clone()))?;
        let leaves = store.nodes(0, from, end)?;
        let mut state = self.shared.state.write().unwrap_or_else(PoisonError::into_inner);
        for (log_index, event) in (from..).zip(&events) {
            state.apply(log_index, event);
        }
        let after = state.mark();
        drop(state);
        let mut tree = self.shared.tree.write().unwrap_or_else(PoisonError::into_inner);
        tree.extend(&leaves);
        let head = Head { tree_size: tree.size(), root: tree.root() };
        drop(tree);
        self.shared.publish(head, &after);
        self.shared.tell_followers(&Committed { first_index: from, events: Arc::new(events), head });
        Ok(())
    }
}

fn commit_all(shared: &Shared, progress: &Progress, from_writer: &Receiver<Decided>) {
    let mut void_through = None;
    for decided in from_writer {
        let generation = decided.generation;
        if void_through.is_some_and(|void| generation <= void) {
            refuse(decided, &void());
        } else if !commit(shared, progress, decided) {
            void_through = Some(generation);
        }
        progress.outstanding.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Makes a batch durable, then publishes its head and answers. `false` if it could not be.
fn commit(shared: &Shared, progress: &Progress, decided: Decided) -> bool {
    if !decided.events.is_empty() {
        // A crash before this line: nothing was stored and nobody was answered. During it: the transaction is whole or absent.
        if let Err(failure) = shared.store.commit(&decided.sealed) {
            let answer = match &failure {
                CommitError::DiskFull => SubmitError::DiskFull,
                CommitError::Conflict { .. } => SubmitError::AnotherWriter,
                CommitError::OutcomeUnknown(_) => {
                    // What the store holds isn't what we decided on: only opening it again can tell.
                    let reason = format!("{}: start again to go on from what is stored", in_one_line(&failure));
                    shared.stop_for(reason.clone());
                    SubmitError::Stopped(reason)
                }
                CommitError::NotCommitted(source) => SubmitError::Stopped(in_one_line(source)),
            };
            tracing::error!(error = %in_one_line(&failure), tree_size = decided.sealed.tree_size_before, "a batch was not committed");
            let failed = Failure {
                generation: decided.generation,
                before: decided.before,
                tree_size: decided.sealed.tree_size_before,
            };
            *progress.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
            refuse(decided, &answer);
            return false;
        }
        // A crash here: the batch is durable and unanswered; a repeated command will find it.
        shared.publish(decided.head, &decided.after);
        shared.tell_followers(&Committed {
            first_index: decided.sealed.tree_size_before,
            events: Arc::clone(&decided.events),
            head: decided.head,
        });
    }
    let head: Head = decided.head;
    shared.queue.expect_again(decided.answers.iter().map(|answer| answer.outcomes.len()).sum());
    for answer in decided.answers {
        // Whoever asked may have gone away.
        drop(answer.to.send(Ok(Reply { outcomes: answer.outcomes, head })));
    }
    true
}

fn void() -> SubmitError {
    SubmitError::Stopped("the batch before it could not be recorded: try again".to_owned())
}

fn refuse(decided: Decided, error: &SubmitError) {
    for answer in decided.answers {
        drop(answer.to.send(Err(error.clone())));
    }
}

fn answer_all(jobs: Vec<Job>, error: &SubmitError) {
    for job in jobs {
        drop(job.answer.send(Err(error.clone())));
    }
}
