//! Tails the log into the read models. Never decides, never writes to the log.
//!
//! Invariant: `applied_tree_size` tells exactly which entries the models hold, and a query that waits for the head of its own
//! command sees it. Snapshots are disposable: a start without them replays the log and gives the same answers.

use crate::store::{EventStore, StoreError};
use crate::transparency::{Hash, bundle};
use mingzhang_events::{EARLY_MINUTES, Event, Instant, Month, RecordedEvent, decode};
use mingzhang_projections::{ReadModels, Recorders};
use std::collections::VecDeque;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use tokio::sync::watch;

/// A replay of so many entries takes about a second: snapshots further apart would make `as_of` slow.
const SNAPSHOT_EVERY: u64 = 2_000_000;
/// A snapshot nearer than this to another saves no time that anyone would notice.
const SNAPSHOT_NOT_WITHIN: u64 = 50_000;
/// Past models are kept in memory as long as they hold no more entries than this together: a city's hold about 60 bytes for each.
/// One is always kept.
const PAST_ENTRIES_KEPT: u64 = 7_000_000;
/// Entries decoded at once: as events they still fit a core's cache when they are applied.
const CHUNK: u64 = 4_096;
/// Threads that decode. Decoding costs twice what applying does, so that with the applier they fill two cores.
const DECODERS: u64 = 2;

/// Why the models of a size can't be had.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The log could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log is not that long.
    #[error("the log has {tree_size} entries: ask for at most so many")]
    BeyondHead {
        /// How many it has.
        tree_size: u64,
    },
}

/// The read models, live or as they were.
pub enum Models<'a> {
    /// Of everything applied.
    Live(RwLockReadGuard<'a, ReadModels>),
    /// Of an earlier size of the log.
    Past(Arc<ReadModels>),
}

impl Deref for Models<'_> {
    type Target = ReadModels;
    fn deref(&self) -> &ReadModels {
        match self {
            Models::Live(models) => models,
            Models::Past(models) => models,
        }
    }
}

/// Events that have become durable, in the order of the log.
#[derive(Clone, Debug)]
pub struct CommittedEvents {
    /// The log index of the first.
    pub first_index: u64,
    /// The events.
    pub events: Arc<Vec<RecordedEvent>>,
}

/// Gives the root hash of the log at a size, for telling whether a snapshot is of this log.
pub type RootAt = Arc<dyn Fn(u64) -> Option<Hash> + Send + Sync>;

/// The keeper of the read models.
pub struct Follower {
    store: Arc<dyn EventStore>,
    models: RwLock<ReadModels>,
    applied: watch::Sender<u64>,
    past: Mutex<VecDeque<Arc<ReadModels>>>,
    replays: AtomicU64,
    snapshots: Snapshots,
}

impl Follower {
    /// Brings the models up to `tree_size` from the newest usable snapshot in `directory`. Calls `progress` with the size reached.
    pub fn open(
        store: Arc<dyn EventStore>,
        directory: &Path,
        root_at: RootAt,
        tree_size: u64,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Follower, FollowError> {
        let snapshots = Snapshots { directory: directory.to_owned(), root_at };
        let mut models = snapshots.nearest(tree_size).unwrap_or_default();
        replay(store.as_ref(), &mut models, tree_size, progress)?;
        Ok(Follower {
            store,
            models: RwLock::new(models),
            applied: watch::Sender::new(tree_size),
            past: Mutex::default(),
            replays: AtomicU64::new(0),
            snapshots,
        })
    }

    /// From now on takes roots from `root_at`.
    pub fn tell_roots(&mut self, root_at: RootAt) {
        self.snapshots.root_at = root_at;
    }

    /// Applies what becomes durable until the writer stops. Runs on a thread of its own.
    pub fn run(&self, committed: impl Iterator<Item = CommittedEvents>) {
        let mut snapshot_at = self.applied_tree_size();
        for batch in committed {
            let mut models = self.models.write().unwrap_or_else(PoisonError::into_inner);
            models.apply_batch(batch.first_index, &batch.events);
            models.settle();
            drop(models);
            let tree_size = batch.first_index + batch.events.len() as u64;
            self.applied.send_replace(tree_size);
            let noticed = batch.events.iter().any(|event| matches!(event.event, Event::NoticeIssued(_)));
            let far = tree_size - snapshot_at;
            if far >= SNAPSHOT_EVERY || (noticed && far >= SNAPSHOT_NOT_WITHIN) {
                self.snapshot();
                snapshot_at = tree_size;
            }
        }
    }

    /// How many entries the models hold.
    pub fn applied_tree_size(&self) -> u64 {
        *self.applied.borrow()
    }

    /// Waits until the models hold so many entries.
    pub async fn caught_up(&self, tree_size: u64) {
        let mut applied = self.applied.subscribe();
        // The sender lives as long as `self`.
        drop(applied.wait_for(|size| *size >= tree_size).await);
    }

    /// A receiver that tells the size whenever it grows.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.applied.subscribe()
    }

    /// The models of everything applied. Hold it for a query, not for longer: the follower waits for it.
    pub fn models(&self) -> Models<'_> {
        Models::Live(self.models.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The models as they were when the log had `tree_size` entries: for a query, as [`Follower::models`] says, because they may be the live ones.
    pub fn models_at(&self, tree_size: u64) -> Result<Models<'_>, FollowError> {
        let live = self.models();
        if live.tree_size() == tree_size {
            return Ok(live);
        }
        drop(live);
        self.past_at(tree_size).map(Models::Past)
    }

    /// The same for whoever takes long: never the live models, which the follower waits for and, behind it, recording and every reader. Those of the
    /// present size are replayed too.
    pub fn past_at(&self, tree_size: u64) -> Result<Arc<ReadModels>, FollowError> {
        let applied = self.models().tree_size();
        if tree_size > applied {
            return Err(FollowError::BeyondHead { tree_size: applied });
        }
        // Held while replaying: others who ask for the same size wait for this answer instead of replaying too.
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = past.iter().position(|models| models.tree_size() == tree_size) {
            let models = past.remove(at).expect("found there");
            past.push_front(Arc::clone(&models));
            return Ok(models);
        }
        self.replays.fetch_add(1, Ordering::Relaxed);
        let mut models = self.snapshots.nearest(tree_size).unwrap_or_default();
        replay(self.store.as_ref(), &mut models, tree_size, &mut |_| {})?;
        let models = Arc::new(models);
        past.push_front(Arc::clone(&models));
        while past.len() > 1 && past.iter().map(|models| models.tree_size()).sum::<u64>() > PAST_ENTRIES_KEPT {
            past.pop_back();
        }
        Ok(models)
    }

    /// Asks the models, of the present or of an earlier size of the log, together with who recorded the entries about what is dated in a
    /// month or later. These are read from the log, before the models are held.
    pub fn with_recorders<A>(
        &self,
        month: Month,
        as_of: Option<u64>,
        question: impl FnOnce(&ReadModels, &Recorders) -> A,
    ) -> Result<A, FollowError> {
        let applied = self.applied_tree_size();
        if as_of.is_some_and(|size| size > applied) {
            return Err(FollowError::BeyondHead { tree_size: applied });
        }
        // Who checks in early is recorded before the activity starts.
        let early = |start: Instant| Instant::from_unix_seconds(start.unix_seconds() - i64::from(EARLY_MINUTES) * 60);
        let since = month.start().and_then(early).unwrap_or(Instant::EARLIEST);
        let mut recorders = Recorders::from_entry(self.first_recorded_since(since, as_of.unwrap_or(applied))?);
        let note = |recorders: &mut Recorders, tree_size| {
            self.each_event(recorders.next_index(), tree_size, &mut |_, event| recorders.note(event))
        };
        note(&mut recorders, as_of.unwrap_or(applied))?;
        let models = match as_of {
            Some(tree_size) => self.models_at(tree_size)?,
            None => self.models(),
        };
        // The few that came in meanwhile.
        note(&mut recorders, models.tree_size())?;
        Ok(question(&models, &recorders))
    }

    /// Gives each entry that was recorded in a month to `each`, in order, with models that hold it already; and the size of the log
    /// so far, or `as_of` with the models of then. The models are held for some thousand entries at a time.
    pub fn each_recorded_in(
        &self,
        month: Month,
        as_of: Option<u64>,
        each: &mut dyn FnMut(&ReadModels, &RecordedEvent),
    ) -> Result<u64, FollowError> {
        let applied = self.applied_tree_size();
        let tree_size = as_of.unwrap_or(applied);
        if tree_size > applied {
            return Err(FollowError::BeyondHead { tree_size: applied });
        }
        let past = (tree_size < applied).then(|| self.models_at(tree_size)).transpose()?;
        let mut log_index = self.first_recorded_in(month, tree_size)?;
        let end = self.first_recorded_in(month.next(), tree_size)?;
        while log_index < end {
            let chunk = decode_chunk(self.store.as_ref(), log_index, CHUNK.min(end - log_index))?;
            log_index += chunk.len() as u64;
            match &past {
                Some(models) => chunk.iter().for_each(|event| each(models, event)),
                None => {
                    let models = self.models();
                    chunk.iter().for_each(|event| each(&models, event));
                }
            }
        }
        Ok(tree_size)
    }

    /// Reads the entries from `from` up to `tree_size` in order.
    fn each_event(
        &self,
        from: u64,
        tree_size: u64,
        each: &mut dyn FnMut(u64, &RecordedEvent),
    ) -> Result<(), StoreError> {
        let mut log_index = from;
        while log_index < tree_size {
            for event in decode_chunk(self.store.as_ref(), log_index, CHUNK.min(tree_size - log_index))? {
                each(log_index, &event);
                log_index += 1;
            }
        }
        Ok(())
    }

    /// The first entry that was recorded in a month or later.
    fn first_recorded_in(&self, month: Month, tree_size: u64) -> Result<u64, StoreError> {
        month.start().map_or(Ok(0), |start| self.first_recorded_since(start, tree_size))
    }

    /// The first entry that was recorded then or later.
    fn first_recorded_since(&self, start: Instant, tree_size: u64) -> Result<u64, StoreError> {
        let (mut from, mut to) = (0, tree_size);
        while from < to {
            let middle = from + (to - from) / 2;
            if decode_chunk(self.store.as_ref(), middle, 1)?.iter().all(|event| event.recorded_at < start) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        Ok(from)
    }

    /// How often an earlier size had to be replayed: what a question about the past costs.
    pub fn replays(&self) -> u64 {
        self.replays.load(Ordering::Relaxed)
    }

    /// Writes a snapshot unless there is one near. A failure is logged: a snapshot only saves time.
    pub fn snapshot(&self) {
        let models = self.models.read().unwrap_or_else(PoisonError::into_inner);
        let tree_size = models.tree_size();
        if !self.snapshots.is_wanted(tree_size) {
            return;
        }
        let bytes = models.to_bytes();
        drop(models);
        if let Err(failure) = self.snapshots.write(tree_size, &bytes) {
            tracing::warn!(error = %failure, tree_size, "a snapshot could not be written");
        }
    }
}

/// Folds the entries up to `tree_size` into the models: threads of their own read and decode, each every other chunk, and
/// this one applies.
pub fn replay(
    store: &dyn EventStore,
    models: &mut ReadModels,
    tree_size: u64,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), StoreError> {
    let from = models.tree_size();
    let outcome = std::thread::scope(|scope| {
        let decoded: Vec<_> = (0..DECODERS)
            .map(|decoder| {
                let (to_applier, chunks) = sync_channel(4);
                scope.spawn(move || {
                    let mut start = from + decoder * CHUNK;
                    while start < tree_size {
                        let chunk = decode_chunk(store, start, CHUNK.min(tree_size - start));
                        if to_applier.send(chunk).is_err() {
                            return;
                        }
                        start += DECODERS * CHUNK;
                    }
                });
                chunks
            })
            .collect();
        let mut log_index = from;
        for chunks in decoded.iter().cycle() {
            // A decoder that has no chunk left has hung up: the others have none either.
            let Ok(chunk) = chunks.recv() else { return Ok(()) };
            let chunk = chunk?;
            models.apply_batch(log_index, &chunk);
            log_index += chunk.len() as u64;
            progress(log_index);
        }
        Ok(())
    });
    models.settle();
    outcome
}

fn decode_chunk(store: &dyn EventStore, from: u64, count: u64) -> Result<Vec<RecordedEvent>, StoreError> {
    let end = from + count;
    let mut events = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    for segment in store.read(from, count)? {
        for (log_index, entry) in (segment.first_index..).zip(bundle::entries(&segment.bundle)) {
            if (from..end).contains(&log_index) {
                let damaged = |what: String| StoreError::Damaged { log_index, what };
                let entry = entry.map_err(|source| damaged(source.to_string()))?;
                events.push(decode(entry).map_err(|source| damaged(source.to_string()))?);
            }
        }
    }
    if events.is_empty() {
        return Err(StoreError::Damaged { log_index: from, what: "the entry is missing".to_owned() });
    }
    Ok(events)
}

/// Snapshot files: `<tree size>-<root, 64 hex digits>.models`.
struct Snapshots {
    directory: PathBuf,
    root_at: RootAt,
}

impl Snapshots {
    fn path(&self, tree_size: u64, root: &Hash) -> PathBuf {
        let root: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
        self.directory.join(format!("{tree_size}-{root}.models"))
    }

    /// Sizes of the snapshots that are of this log, largest first.
    fn sizes(&self) -> Vec<u64> {
        let Ok(files) = std::fs::read_dir(&self.directory) else { return Vec::new() };
        let mut sizes: Vec<u64> = files
            .filter_map(|file| {
                let name = file.ok()?.file_name().into_string().ok()?;
                name.strip_suffix(".models")?.split_once('-')?.0.parse().ok()
            })
            .collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    /// The models of the largest snapshot of this log up to a size.
    fn nearest(&self, tree_size: u64) -> Option<ReadModels> {
        self.sizes().into_iter().filter(|size| *size <= tree_size).find_map(|size| {
            let bytes = std::fs::read(self.path(size, &(self.root_at)(size)?)).ok()?;
            let models = ReadModels::from_bytes(&bytes).ok()?;
            (models.tree_size() == size).then_some(models)
        })
    }

    fn is_wanted(&self, tree_size: u64) -> bool {
        tree_size >= SNAPSHOT_NOT_WITHIN
            && self.sizes().into_iter().all(|size| size.abs_diff(tree_size) >= SNAPSHOT_NOT_WITHIN)
    }

    fn write(&self, tree_size: u64, bytes: &[u8]) -> std::io::Result<()> {
        let Some(root) = (self.root_at)(tree_size) else { return Ok(()) };
        let path = self.path(tree_size, &root);
        let unfinished = path.with_extension("unfinished");
        std::fs::create_dir_all(&self.directory)?;
        std::fs::write(&unfinished, bytes)?;
        std::fs::rename(&unfinished, &path)
    }
}
