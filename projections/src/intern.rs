//! Numbers for ids: each id gets a dense `u32` in order of first appearance. The lookup map is never iterated, so its
//! order can't reach any answer.

use bitcode::{Decode, Encode};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::Hash;

/// No number: the end of a chain, or nothing known.
pub(crate) const NONE: u32 = u32::MAX;

/// A map that is only looked up, with the same hasher in every run.
pub(crate) type Lookup<K, V> = HashMap<K, V, FixedState>;

/// Ids in order of first appearance, and their numbers.
#[derive(Default, Encode, Decode)]
pub(crate) struct Interner {
    ids: Vec<u64>,
    #[bitcode(skip)]
    numbers: Lookup<u64, u32>,
}

impl Interner {
    /// The number of an id; gives it the next one if it has none. The flag says whether it is new.
    pub(crate) fn intern(&mut self, id: u64) -> (u32, bool) {
        let next = number_of(self.ids.len());
        let number = *self.numbers.entry(id).or_insert(next);
        if number == next {
            push_tight(&mut self.ids, id);
        }
        (number, number == next)
    }

    /// The number of an id, if it has appeared.
    pub(crate) fn number(&self, id: u64) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    /// The id of a number.
    pub(crate) fn id(&self, number: u32) -> u64 {
        self.ids[number as usize]
    }

    /// Rebuilds the lookup map after loading.
    pub(crate) fn rebuild(&mut self) {
        self.numbers = numbered(&self.ids);
    }
}

/// The lookup map of a column of distinct ids.
pub(crate) fn numbered<K: Copy + Eq + Hash>(ids: &[K]) -> Lookup<K, u32> {
    let mut numbers = Lookup::with_capacity_and_hasher(ids.len(), FixedState::default());
    numbers.extend(ids.iter().enumerate().map(|(at, &id)| (id, number_of(at))));
    numbers
}

/// A position in a column as a number. A log has fewer than 2^32 entries (see `ReadModels::apply`), so has each column.
pub(crate) fn number_of(position: usize) -> u32 {
    u32::try_from(position).expect("a column has fewer entries than the log")
}

/// Appends to a long column that grows by a sixteenth, not by doubling: memory is what limits a city.
pub(crate) fn push_tight<T>(column: &mut Vec<T>, value: T) {
    if column.len() == column.capacity() {
        column.reserve_exact((column.len() / 16).max(16));
    }
    column.push(value);
}
