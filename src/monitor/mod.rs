//! The monitor (监测): follows a ledger from outside (C2SP tlog-tiles) and raises an alarm when it contradicts itself.
//!
//! May not trust what it is given: roots are recomputed from the leaf hashes, level by level, and what stands in hash tiles above level 0 is
//! never relied on. Invariants: a checkpoint becomes the last one known only after the tree of the one before was shown to be its beginning; every
//! checkpoint that was seen is kept.

mod alarm;
mod fetch;
mod old_tiles;
mod records;

pub use alarm::{Alarm, AlarmKind};
pub use old_tiles::Again;
pub use records::RecordsError;

use crate::clock::Clock;
use crate::transparency::{Checkpoint, Frontier, Hash, Note, Policy, TILE_WIDTH, Tile, TileContent, Witnessed};
use fetch::Source;
use records::{Known, Records};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Tiles that are fetched at the same time.
const TILES_AT_ONCE: u64 = 32;

/// How a monitor looks.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// How often it asks again before it says that the log can't be reached.
    pub tries: u32,
    /// How long it waits in between.
    pub pause: Duration,
    /// A cosignature older than this counts for nothing: the log may be showing an old head on purpose.
    pub cosignature_age_max: Duration,
}

/// What was seen, and found in order.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The head that the log shows.
    pub checkpoint: Checkpoint,
    /// How many entries it has more than at the last look.
    pub new_entries: u64,
    /// Who cosigned it, as the policy calls them.
    pub cosigners: Vec<String>,
}

/// Why a look ended without a result in order.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The log is to be doubted, or can't be judged.
    #[error("{0}")]
    Alarm(Box<Alarm>),
    /// The monitor's own files failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<Alarm> for MonitorError {
    fn from(alarm: Alarm) -> MonitorError {
        MonitorError::Alarm(Box::new(alarm))
    }
}

/// A monitor of one log.
pub struct Monitor {
    source: Source,
    policy: Policy,
    records: Records,
    clock: Arc<dyn Clock>,
    cosignature_age_max: Duration,
    /// Of the head for which the higher levels were read last.
    tile_roots: Option<old_tiles::TileRoots>,
}

impl Monitor {
    /// A monitor of the log at `url` (what stands before `/checkpoint`), with its records in the directory `state`.
    pub fn open(
        url: &str,
        policy: Policy,
        state: &Path,
        clock: Arc<dyn Clock>,
        habits: Habits,
    ) -> Result<Monitor, RecordsError> {
        let source = Source::new(url, habits.tries, habits.pause);
        let records = Records::open(state)?;
        Ok(Monitor {
            source,
            policy,
            records,
            clock,
            cosignature_age_max: habits.cosignature_age_max,
            tile_roots: None,
        })
    }

    /// Looks once. Calls `progress` with the entries whose hashes were read and their total.
    pub fn look(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<Seen, MonitorError> {
        let known = self.records.known()?;
        let alarm = |kind, what: String| Alarm::new(kind, known.as_ref().map(|known| known.checkpoint.size), what);
        let note = self.source.checkpoint().map_err(|error| alarm(error.kind(), error.to_string()))?;
        let witnessed = match self.policy.open(note.as_bytes()) {
            Ok(witnessed) => witnessed,
            Err(error) => {
                let doubt = alarm(AlarmKind::BadSignature, error.to_string());
                return Err(self.records.raise(doubt, known.as_ref(), &note)?.into());
            }
        };
        let next = witnessed.checkpoint.clone();
        self.records.saw(self.clock.now(), &note)?;
        let aligned = match self.extended(known.as_ref(), &next, progress) {
            Ok(aligned) => aligned,
            Err(doubt) => return Err(self.records.raise(doubt, known.as_ref(), &note)?.into()),
        };
        self.records.keep(&note, &aligned)?;
        // Only now: that it only grew is established, whoever cosigned it.
        if let Err(doubt) = self.check_witnesses(&note, &witnessed) {
            return Err(self.records.raise(doubt, None, &note)?.into());
        }
        let cosigners = witnessed.cosigners.iter().map(|cosigner| cosigner.witness.name.clone()).collect();
        let new_entries = next.size - known.map_or(0, |known| known.checkpoint.size);
        Ok(Seen { checkpoint: next, new_entries, cosigners })
    }

    /// That the log of `next` begins with what is known. Gives the frontier at the last full tile.
    fn extended(
        &self,
        known: Option<&Known>,
        next: &Checkpoint,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Frontier, Alarm> {
        let Some(known) = known else {
            let walked = self.walk(Frontier::new(), None, next.size, progress)?;
            return walked.lead_to(next).ok_or_else(|| wrong_tiles(next, None));
        };
        let last = &known.checkpoint;
        if next.origin != last.origin {
            let what = format!("it shows the log {} and was {} before", next.origin, last.origin);
            return Err(Alarm::new(AlarmKind::BadSignature, Some(last.size), what));
        }
        if next.size <= last.size {
            let same = (next.size, next.root) == (last.size, last.root);
            return if same { Ok(known.aligned.clone()) } else { Err(self.went_back(last, next)) };
        }
        let walked = self.walk(known.aligned.clone(), Some(last.size), next.size, progress)?;
        if walked.root_before == Some(last.root)
            && let Some(aligned) = walked.lead_to(next)
        {
            return Ok(aligned);
        }
        // Something is wrong: do the leaf hashes lead to the new head at all, if they are read from the first one on?
        let walked = self.walk(Frontier::new(), Some(last.size), next.size, progress)?;
        let root_before = walked.root_before;
        match walked.lead_to(next) {
            None => Err(wrong_tiles(next, Some(last.size))),
            // Then it was our own record that was damaged.
            Some(aligned) if root_before == Some(last.root) => Ok(aligned),
            Some(_) => {
                let what = format!(
                    "both heads are signed, and the log of {} entries doesn't begin with that of {}: its past was rewritten",
                    next.size, last.size
                );
                Err(Alarm::new(AlarmKind::Fork, Some(last.size), what))
            }
        }
    }

    fn went_back(&self, last: &Checkpoint, next: &Checkpoint) -> Alarm {
        let seen = self.records.seen_at(next.size);
        if next.size == last.size || seen.is_some_and(|seen| seen.root != next.root) {
            let what = format!("it has signed two different heads of {} entries", next.size);
            return Alarm::new(AlarmKind::Fork, Some(last.size), what);
        }
        let what = format!("it shows {} entries and had published {} before", next.size, last.size);
        Alarm::new(AlarmKind::Rollback, Some(last.size), what)
    }

    /// Hashes the leaves from the frontier on, up to `size`.
    fn walk(
        &self,
        mut frontier: Frontier,
        before: Option<u64>,
        size: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Walked, Alarm> {
        let mut aligned = frontier.clone();
        let mut root_before = (before == Some(frontier.size())).then(|| frontier.root());
        let total = size - frontier.size();
        while frontier.size() < size {
            let first = frontier.size() / TILE_WIDTH;
            let tiles: Vec<Tile> =
                (first..size.div_ceil(TILE_WIDTH).min(first + TILES_AT_ONCE)).map(|index| tile(index, size)).collect();
            for hashes in self.source.tiles(&tiles) {
                for hash in hashes.map_err(|error| Alarm::new(error.kind(), before, error.to_string()))? {
                    frontier.push(hash);
                    if before == Some(frontier.size()) {
                        root_before = Some(frontier.root());
                    }
                }
                if frontier.size().is_multiple_of(TILE_WIDTH) {
                    aligned = frontier.clone();
                }
            }
            progress(total - (size - frontier.size()), total);
        }
        Ok(Walked { aligned, root: frontier.root(), root_before })
    }

    /// That enough witnesses cosigned it, and not too long ago.
    fn check_witnesses(&self, note: &str, witnessed: &Witnessed<'_>) -> Result<(), Alarm> {
        let size = Some(witnessed.checkpoint.size);
        if let Err(error) = self.policy.check(note.as_bytes()) {
            return Err(Alarm::new(AlarmKind::Unwitnessed, size, error.to_string()));
        }
        let now = u64::try_from(self.clock.now().unix_seconds()).unwrap_or_default();
        let oldest = now.saturating_sub(self.cosignature_age_max.as_secs());
        if self.policy.check(without_older_than(note, &self.policy, oldest).as_bytes()).is_err() {
            let what = "too many of its cosignatures are old: is an old head being shown?".to_owned();
            return Err(Alarm::new(AlarmKind::Unwitnessed, size, what));
        }
        Ok(())
    }
}

/// What hashing the leaves led to.
struct Walked {
    /// The frontier at the last full tile.
    aligned: Frontier,
    root: Hash,
    /// The root at the size that was known before, if it was on the way.
    root_before: Option<Hash>,
}

impl Walked {
    /// The frontier, if the root is that of the head.
    fn lead_to(self, head: &Checkpoint) -> Option<Frontier> {
        (self.root == head.root).then_some(self.aligned)
    }
}

fn wrong_tiles(next: &Checkpoint, known: Option<u64>) -> Alarm {
    let what = format!("its leaf hashes don't lead to the head of {} entries that it has signed", next.size);
    Alarm::new(AlarmKind::WrongTile, known, what)
}

/// The level-0 tile of that index in a log of `size` entries.
fn tile(index: u64, size: u64) -> Tile {
    let width = u16::try_from((size - index * TILE_WIDTH).min(TILE_WIDTH)).expect("at most 256");
    Tile { content: TileContent::Hashes { level: 0 }, index, width }
}

/// The note without the cosignatures of the policy's witnesses that are older.
fn without_older_than(note: &str, policy: &Policy, oldest: u64) -> String {
    let Ok(note) = Note::parse(note.as_bytes()) else { return String::new() };
    let is_old = |line: &&crate::transparency::NoteSignature<'_>| {
        let witness = policy.witnesses().iter().find(|witness| witness.key.is_named_in(line));
        witness.and_then(|witness| witness.key.signed_at(line)).is_some_and(|time| time < oldest)
    };
    let lines: String = note.signatures.iter().filter(|line| !is_old(line)).map(ToString::to_string).collect();
    format!("{}\n{lines}", note.text)
}
