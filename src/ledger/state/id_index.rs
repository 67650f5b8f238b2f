//! From an event's id to its place in the log: eight bytes a slot, so that every key ever used can stay in memory.
//!
//! Event ids are digests, so their first 32 bits serve as hash and fingerprint alike. Two ids may share them: whoever asks
//! gets every candidate and compares with what is stored there. Pure.

use bitcode::{Decode, Encode};
use mingzhang_events::EventId;

/// An open-addressing table of (fingerprint, log index + 1), ordered so that slot order follows the fingerprint.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct IdIndex {
    /// Fingerprint in the upper half, log index + 1 in the lower; 0 if empty. A power of two of them.
    slots: Vec<u64>,
    count: u64,
}

fn fingerprint(id: EventId) -> u32 {
    u32::try_from(id.0 >> 96).expect("the upper 32 of 128 bits")
}

impl Default for IdIndex {
    fn default() -> Self {
        IdIndex { slots: vec![0; 1 << 10], count: 0 }
    }
}

impl IdIndex {
    fn home(&self, fingerprint: u32) -> usize {
        let bits = self.slots.len().trailing_zeros();
        (u64::from(fingerprint) << bits >> 32) as usize
    }

    fn next(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }

    /// Remembers that the event with this id is at this log index (below 2^32 − 1).
    pub(crate) fn insert(&mut self, id: EventId, log_index: u64) {
        if (self.count + 1) * 4 > self.slots.len() as u64 * 3 {
            self.grow();
        }
        let index = u32::try_from(log_index + 1).expect("fewer than 2^32 - 1 entries");
        self.place(u64::from(fingerprint(id)) << 32 | u64::from(index));
        self.count += 1;
    }

    fn place(&mut self, value: u64) {
        let mut slot = self.home((value >> 32) as u32);
        while self.slots[slot] != 0 {
            slot = self.next(slot);
        }
        self.slots[slot] = value;
    }

    fn grow(&mut self) {
        let doubled = vec![0; self.slots.len() * 2];
        for value in std::mem::replace(&mut self.slots, doubled) {
            if value != 0 {
                self.place(value);
            }
        }
    }

    /// The log indexes that may be this event's.
    pub(crate) fn candidates(&self, id: EventId) -> impl Iterator<Item = u64> {
        let wanted = fingerprint(id);
        let mut slot = self.home(wanted);
        std::iter::from_fn(move || {
            loop {
                let value = self.slots[slot];
                if value == 0 {
                    return None;
                }
                slot = self.next(slot);
                if (value >> 32) as u32 == wanted {
                    return Some((value & 0xffff_ffff) - 1);
                }
            }
        })
    }

    /// Forgets what was inserted for this log index; the slots behind it move up, so no tombstone stays.
    pub(crate) fn remove(&mut self, id: EventId, log_index: u64) {
        let wanted = u64::from(fingerprint(id)) << 32 | (log_index + 1);
        let mut hole = self.home(fingerprint(id));
        while self.slots[hole] != wanted {
            if self.slots[hole] == 0 {
                return;
            }
            hole = self.next(hole);
        }
        self.count -= 1;
        let mask = self.slots.len() - 1;
        let mut slot = self.next(hole);
        while self.slots[slot] != 0 {
            let home = self.home((self.slots[slot] >> 32) as u32);
            // It may move into the hole if the hole isn't before its home.
            if (slot.wrapping_sub(home) & mask) >= (slot.wrapping_sub(hole) & mask) {
                self.slots[hole] = self.slots[slot];
                hole = slot;
            }
            slot = self.next(slot);
        }
        self.slots[hole] = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn finds_what_was_inserted_and_not_removed(steps in prop::collection::vec((any::<bool>(), 0u8..40), 0..2_000)) {
            // Forty ids whose fingerprints collide heavily, both in full and in their home slot.
            let id = |n: u8| EventId(u128::from(n / 2) << 96 | u128::from(n));
            let mut index = IdIndex::default();
            let mut model: BTreeMap<u64, u8> = BTreeMap::new();
            for (log_index, (remove, n)) in (0u64..).zip(steps) {
                match model.iter().find(|(_, held)| **held == n).map(|(at, _)| *at) {
                    Some(at) if remove => {
                        index.remove(id(n), at);
                        model.remove(&at);
                    }
                    _ => {
                        index.insert(id(n), log_index);
                        model.insert(log_index, n);
                    }
                }
            }
            for n in 0..40 {
                let mut found: Vec<u64> = index.candidates(id(n)).collect();
                found.sort_unstable();
                let held: Vec<u64> =
                    model.iter().filter(|(_, held)| **held / 2 == n / 2).map(|(at, _)| *at).collect();
                prop_assert_eq!(found, held);
            }
        }
    }

    #[test]
    fn grows_without_losing_anything() {
        let mut index = IdIndex::default();
        let id = |n: u64| EventId(u128::from(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)) << 64);
        for n in 0..50_000 {
            index.insert(id(n), n);
        }
        assert!((0..50_000).all(|n| index.candidates(id(n)).any(|found| found == n)));
    }
}
