//! From an event's id to the record that it opened, in about six bytes a record beside its fingerprint.
//!
//! Open addressing over 32-bit fingerprints of the ids. Two records with one fingerprint are told apart exactly: the later
//! one (a few in a thousand in a large ledger) stands in `twins` under its whole id. An id that opened no record may be
//! taken for another's with a chance of records ÷ 2^32; the ledger admits no event that names such an id.

use crate::intern::{NONE, number_of};
use bitcode::{Decode, Encode};
use mingzhang_events::EventId;
use std::collections::BTreeMap;

/// Record numbers by fingerprint; the fingerprints themselves stand with the records.
#[derive(Default, Encode, Decode)]
pub(crate) struct RecordIndex {
    twins: BTreeMap<u128, u32>,
    #[bitcode(skip)]
    slots: Vec<u32>,
    #[bitcode(skip)]
    taken: usize,
}

impl RecordIndex {
    pub(crate) fn number(&self, id: EventId, fingerprint_of: impl Fn(u32) -> u32) -> Option<u32> {
        self.twins.get(&id.0).copied().or_else(|| self.find(fingerprint(id), fingerprint_of))
    }

    /// Notes a record and gives its fingerprint, to be stored with it.
    pub(crate) fn insert(&mut self, id: EventId, record: u32, fingerprint_of: impl Fn(u32) -> u32) -> u32 {
        let fingerprint = fingerprint(id);
        if self.find(fingerprint, &fingerprint_of).is_some() {
            self.twins.insert(id.0, record);
            return fingerprint;
        }
        if (self.taken + 1) * 5 > self.slots.len() * 4 {
            let larger = vec![NONE; (self.slots.len() + self.slots.len() / 3).max(64)];
            let smaller = std::mem::replace(&mut self.slots, larger);
            for record in smaller.into_iter().filter(|&record| record != NONE) {
                self.place(fingerprint_of(record), record);
            }
        }
        self.place(fingerprint, record);
        self.taken += 1;
        fingerprint
    }

    /// Rebuilds the slots after loading.
    pub(crate) fn rebuild(&mut self, fingerprints: impl ExactSizeIterator<Item = u32>) {
        let twins: std::collections::BTreeSet<u32> = self.twins.values().copied().collect();
        self.slots = vec![NONE; fingerprints.len() / 3 * 4 + 64];
        self.taken = 0;
        for (record, fingerprint) in fingerprints.enumerate() {
            let record = number_of(record);
            if twins.is_empty() || !twins.contains(&record) {
                self.place(fingerprint, record);
                self.taken += 1;
            }
        }
    }

    fn find(&self, fingerprint: u32, fingerprint_of: impl Fn(u32) -> u32) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut slot = self.home(fingerprint);
        loop {
            match self.slots[slot] {
                NONE => return None,
                record if fingerprint_of(record) == fingerprint => return Some(record),
                _ => slot = self.after(slot),
            }
        }
    }

    fn place(&mut self, fingerprint: u32, record: u32) {
        let mut slot = self.home(fingerprint);
        while self.slots[slot] != NONE {
            slot = self.after(slot);
        }
        self.slots[slot] = record;
    }

    fn home(&self, fingerprint: u32) -> usize {
        let slot = (u64::from(fingerprint) * self.slots.len() as u64) >> 32;
        usize::try_from(slot).expect("below the number of slots")
    }

    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }
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

    #[test]
    fn ids_that_share_a_fingerprint_find_their_own_records() {
        let twins = [EventId(1 << 64 | 7 << 32), EventId(4 << 64 | 2 << 32), EventId(3)];
        let mut index = RecordIndex::default();
        let mut fingerprints = Vec::new();
        for (record, &id) in twins.iter().enumerate() {
            let fingerprint = index.insert(id, number_of(record), |of: u32| fingerprints[of as usize]);
            fingerprints.push(fingerprint);
        }
        assert_eq!(fingerprints[0], fingerprints[1]);
        let check = |index: &RecordIndex| {
            for (record, &id) in twins.iter().enumerate() {
                assert_eq!(index.number(id, |of| fingerprints[of as usize]), Some(number_of(record)));
            }
        };
        check(&index);
        index.rebuild(fingerprints.iter().copied());
        check(&index);
    }

    #[test]
    fn every_record_is_found_while_the_index_grows() {
        let mut index = RecordIndex::default();
        let mut fingerprints = Vec::new();
        for record in 0..5_000_u32 {
            let fingerprint = index.insert(EventId(u128::from(record)), record, |of: u32| fingerprints[of as usize]);
            fingerprints.push(fingerprint);
        }
        for record in 0..5_000_u32 {
            assert_eq!(index.number(EventId(u128::from(record)), |of| fingerprints[of as usize]), Some(record));
        }
        assert_eq!(index.number(EventId(5_000), |of| fingerprints[of as usize]), None);
    }
}
