//! From an event's id to the record that it opened, in about ten bytes a record.
//!
//! Open addressing over 32-bit fingerprints of the ids, the slots in order of fingerprint, so that a search ends early and
//! never looks at a record. Two records with one fingerprint are told apart exactly: the later one (a few in a thousand in a
//! large ledger) stands in `twins` under its whole id. An id that opened no record may be taken for another's with a chance
//! of records ÷ 2^32; the ledger admits no event that names such an id.

use crate::intern::{NONE, number_of};
use bitcode::{Decode, Encode};
use mingzhang_events::EventId;
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
struct Slot {
    fingerprint: u32,
    /// [`NONE`] if it is free.
    record: u32,
}

const FREE: Slot = Slot { fingerprint: 0, record: NONE };

/// Record numbers by fingerprint. Invariant: taken slots ascend by fingerprint, none stands before its home, and none
/// between its home and itself is free.
#[derive(Default, Encode, Decode)]
pub(crate) struct RecordIndex {
    twins: BTreeMap<u128, u32>,
    #[bitcode(skip)]
    slots: Vec<Slot>,
    /// Homes; the slots beyond them take what overflows at the end.
    #[bitcode(skip)]
    homes: usize,
    #[bitcode(skip)]
    taken: usize,
}

impl RecordIndex {
    pub(crate) fn number(&self, id: EventId) -> Option<u32> {
        self.twins.get(&id.0).copied().or_else(|| self.search(fingerprint(id)).ok())
    }

    /// Notes the record that an event opened.
    pub(crate) fn insert(&mut self, id: EventId, record: u32) {
        if !self.place(fingerprint(id), record) {
            self.twins.insert(id.0, record);
        }
    }

    /// Reads where an id's slot is or would be. See `touch.rs`.
    pub(crate) fn touch(&self, id: EventId) -> u32 {
        self.slots.get(home(fingerprint(id), self.homes)).map_or(NONE, |slot| slot.record)
    }

    /// The fingerprint of each record, twins' included.
    pub(crate) fn fingerprints(&self, records: u32) -> Vec<u32> {
        let mut fingerprints = vec![0; records as usize];
        for slot in self.slots.iter().filter(|slot| slot.record != NONE) {
            fingerprints[slot.record as usize] = slot.fingerprint;
        }
        for (&id, &record) in &self.twins {
            fingerprints[record as usize] = fingerprint(EventId(id));
        }
        fingerprints
    }

    /// Rebuilds the slots after loading. Of two records with one fingerprint the earlier one gets the slot, as it did.
    pub(crate) fn rebuild(&mut self, fingerprints: &[u32]) {
        (self.slots, self.homes, self.taken) = (Vec::new(), 0, 0);
        self.resize(fingerprints.len() / 4 * 5 + 64);
        for (record, &fingerprint) in fingerprints.iter().enumerate() {
            self.place(fingerprint, number_of(record));
        }
    }

    /// False, and nothing done, if the fingerprint is taken.
    fn place(&mut self, fingerprint: u32, record: u32) -> bool {
        if self.taken >= self.homes / 8 * 7 {
            self.resize(self.homes / 7 * 8 + 64);
        }
        let Err(at) = self.search(fingerprint) else { return false };
        let Some(free) = self.slots[at..].iter().position(|slot| slot.record == NONE) else {
            self.resize(self.homes / 7 * 8 + 64);
            return self.place(fingerprint, record);
        };
        self.slots.copy_within(at..at + free, at + 1);
        self.slots[at] = Slot { fingerprint, record };
        self.taken += 1;
        true
    }

    /// The record with a fingerprint, or where its slot would be.
    fn search(&self, fingerprint: u32) -> Result<u32, usize> {
        let mut at = home(fingerprint, self.homes);
        loop {
            match self.slots.get(at) {
                Some(slot) if slot.record != NONE && slot.fingerprint < fingerprint => at += 1,
                Some(slot) if slot.record != NONE && slot.fingerprint == fingerprint => return Ok(slot.record),
                _ => return Err(at),
            }
        }
    }

    fn resize(&mut self, homes: usize) {
        let mut slots = vec![FREE; homes + homes / 256 + 64];
        let mut next = 0;
        for slot in self.slots.iter().filter(|slot| slot.record != NONE) {
            next = home(slot.fingerprint, homes).max(next);
            // Overflowing a larger table takes a thousand neighbours where one is expected; then it grows once more.
            if next == slots.len() {
                slots.push(FREE);
            }
            slots[next] = *slot;
            next += 1;
        }
        (self.slots, self.homes) = (slots, homes);
    }
}

fn home(fingerprint: u32, homes: usize) -> usize {
    let slot = (u64::from(fingerprint) * homes as u64) >> 32;
    usize::try_from(slot).expect("below the number of homes")
}

/// 32 well-mixed bits of an id.
fn fingerprint(id: EventId) -> u32 {
    let [high, low] = [id.0 >> 64, id.0 & u128::from(u64::MAX)].map(|half| u64::try_from(half).unwrap_or(0));
    let mixed = (high ^ low.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(mixed >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reloaded(index: &RecordIndex, records: u32) -> RecordIndex {
        let mut again = RecordIndex { twins: index.twins.clone(), ..RecordIndex::default() };
        again.rebuild(&index.fingerprints(records));
        again
    }

    #[test]
    fn ids_that_share_a_fingerprint_find_their_own_records() {
        let twins = [EventId(1 << 64 | 7 << 32), EventId(4 << 64 | 2 << 32), EventId(3)];
        assert_eq!(fingerprint(twins[0]), fingerprint(twins[1]));
        let mut index = RecordIndex::default();
        for (record, &id) in twins.iter().enumerate() {
            index.insert(id, number_of(record));
        }
        for index in [reloaded(&index, 3), index] {
            for (record, &id) in twins.iter().enumerate() {
                assert_eq!(index.number(id), Some(number_of(record)));
            }
        }
    }

    #[test]
    fn every_record_is_found_while_the_index_grows() {
        let mut index = RecordIndex::default();
        for record in 0..20_000_u32 {
            index.insert(EventId(u128::from(record)), record);
            assert_eq!(index.number(EventId(u128::from(record / 2))), Some(record / 2));
        }
        for index in [reloaded(&index, 20_000), index] {
            for record in 0..20_000_u32 {
                assert_eq!(index.number(EventId(u128::from(record))), Some(record));
            }
            assert_eq!(index.number(EventId(20_000)), None);
        }
    }

    #[test]
    fn fingerprints_crowded_at_the_end_find_room() {
        let mut index = RecordIndex::default();
        for record in 0..500_u32 {
            assert!(index.place(u32::MAX - record, record));
            assert!(!index.place(u32::MAX - record, record));
        }
        assert!((0..500).all(|record| index.search(u32::MAX - record) == Ok(record)));
    }
}
