//! Who recorded each entry and when: read from a stretch of the log when it is asked for, kept in no model.
//!
//! Eight bytes an entry. Pure: whoever has the entries hands them over in order.

use crate::intern::Lookup;
use mingzhang_events::{ActorId, Event, RecordedEvent};

/// What an entry does to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Opens it, or anything else.
    Other,
    /// Sets its time anew, or takes it back.
    Correction,
    /// Approves or returns it.
    Review,
}

#[derive(Clone, Copy)]
struct Recorded {
    /// The actor's number; the two highest bits say what the entry does, the next whether it names the row of a file.
    actor: u32,
    minute: u32,
}

const CORRECTION: u32 = 1 << 31;
const REVIEW: u32 = 1 << 30;
const FILE: u32 = 1 << 29;
const ACTOR: u32 = FILE - 1;

/// Who recorded the entries from one on (经办人).
pub struct Recorders {
    first_index: u64,
    entries: Vec<Recorded>,
    actors: Vec<ActorId>,
    numbers: Lookup<ActorId, u32>,
}

impl Recorders {
    /// Of no entry yet; the next is that at `first_index`.
    pub fn from_entry(first_index: u64) -> Recorders {
        Recorders { first_index, entries: Vec::new(), actors: Vec::new(), numbers: Lookup::default() }
    }

    /// The log index of the entry that comes next.
    pub fn next_index(&self) -> u64 {
        self.first_index + self.entries.len() as u64
    }

    /// Takes in the next entry.
    pub fn note(&mut self, event: &RecordedEvent) {
        let act = if matches!(event.event, Event::RecordCorrected(_) | Event::RecordReversed(_)) {
            CORRECTION
        } else if matches!(event.event, Event::ServiceApproved(_) | Event::ServiceReturned(_)) {
            REVIEW
        } else {
            0
        };
        let actor = *self.numbers.entry(event.recorded_by).or_insert_with(|| {
            self.actors.push(event.recorded_by);
            crate::intern::number_of(self.actors.len() - 1)
        });
        let file = if event.imported.is_some() { FILE } else { 0 };
        let minute = event.recorded_at.unix_minutes();
        self.entries.push(Recorded { actor: actor & ACTOR | act | file, minute });
    }

    /// How many actors there are: their numbers are below.
    pub(crate) fn actors_count(&self) -> usize {
        self.actors.len()
    }

    pub(crate) fn actor(&self, number: u32) -> ActorId {
        self.actors[number as usize]
    }

    pub(crate) fn number(&self, actor: ActorId) -> Option<u32> {
        self.numbers.get(&actor).copied()
    }

    /// Who recorded an entry, in which minute since 1970, and what it does; none outside the stretch.
    pub(crate) fn of(&self, log_index: u32) -> Option<(u32, u32, Act)> {
        let at = u64::from(log_index).checked_sub(self.first_index)?;
        let recorded = self.entries.get(usize::try_from(at).ok()?)?;
        let act = match recorded.actor & (CORRECTION | REVIEW) {
            CORRECTION => Act::Correction,
            REVIEW => Act::Review,
            _ => Act::Other,
        };
        Some((recorded.actor & ACTOR, recorded.minute, act))
    }

    /// Whether an entry was imported, whatever it says of its evidence.
    pub(crate) fn is_from_file(&self, log_index: u32) -> bool {
        let at = u64::from(log_index).checked_sub(self.first_index).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.entries.get(at)).is_some_and(|recorded| recorded.actor & FILE != 0)
    }
}
