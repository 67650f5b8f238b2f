//! Tables of the decision state that can be taken back: every change is journaled until its batch is durable. Pure.
//!
//! Invariant: `undo_to(mark)` restores exactly what the table was at `mark`. The order of a map is nowhere visible: whoever iterates over
//! one asks for what holds in any order.

use bitcode::{Decode, Encode};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::Hash;

/// Marks the absence of a row where a row number is kept.
pub(crate) const NONE: u32 = u32::MAX;

/// Rows by number, in the order in which they were added.
#[derive(Debug, Clone)]
pub(crate) struct Rows<V> {
    rows: Vec<V>,
    journal: Journal<u32, V>,
}

/// Rows that also have a key; a key's number never changes.
#[derive(Debug, Clone)]
pub(crate) struct Table<K, V> {
    keys: Vec<K>,
    numbers: HashMap<K, u32, FixedState>,
    rows: Rows<V>,
}

/// Values by key.
#[derive(Debug, Clone)]
pub(crate) struct Map<K, V> {
    values: HashMap<K, V, FixedState>,
    journal: Journal<K, V>,
}

/// Old values, oldest first. `None`: there was none. Positions count from the start of the process, so that a mark stays
/// good when older changes are forgotten.
#[derive(Debug, Clone)]
struct Journal<K, V> {
    changes: Vec<(K, Option<V>)>,
    forgotten: u64,
}

impl<K, V> Default for Journal<K, V> {
    fn default() -> Self {
        Journal { changes: Vec::new(), forgotten: 0 }
    }
}

impl<K, V> Journal<K, V> {
    fn mark(&self) -> u64 {
        self.forgotten + self.changes.len() as u64
    }

    fn offset(&self, mark: u64) -> usize {
        usize::try_from(mark.saturating_sub(self.forgotten)).expect("marks are within memory")
    }

    fn forget_before(&mut self, mark: u64) {
        let offset = self.offset(mark).min(self.changes.len());
        self.changes.drain(..offset);
        self.forgotten += offset as u64;
    }
}

impl<V> Default for Rows<V> {
    fn default() -> Self {
        Rows { rows: Vec::new(), journal: Journal::default() }
    }
}

impl<V: Clone> Rows<V> {
    /// A row.
    pub(crate) fn row(&self, number: u32) -> &V {
        &self.rows[number as usize]
    }

    /// All rows, by number.
    pub(crate) fn all(&self) -> &[V] {
        &self.rows
    }

    /// Adds a row and gives its number.
    pub(crate) fn add(&mut self, row: V) -> u32 {
        let number = u32::try_from(self.rows.len()).expect("fewer than 2^32 rows");
        self.rows.push(row);
        self.journal.changes.push((number, None));
        number
    }

    /// Changes a row.
    pub(crate) fn change(&mut self, number: u32, change: impl FnOnce(&mut V)) {
        let row = &mut self.rows[number as usize];
        self.journal.changes.push((number, Some(row.clone())));
        change(row);
    }

    /// The present place in the journal.
    pub(crate) fn mark(&self) -> u64 {
        self.journal.mark()
    }

    /// Takes back every change since the mark.
    pub(crate) fn undo_to(&mut self, mark: u64) {
        let offset = self.journal.offset(mark);
        while self.journal.changes.len() > offset {
            match self.journal.changes.pop().expect("longer than the offset") {
                (number, Some(row)) => self.rows[number as usize] = row,
                (_, None) => {
                    self.rows.pop();
                }
            }
        }
    }

    /// Makes the changes before the mark final.
    pub(crate) fn forget_before(&mut self, mark: u64) {
        self.journal.forget_before(mark);
    }

    /// From a snapshot.
    pub(crate) fn from_image(rows: Vec<V>) -> Self {
        Rows { rows, journal: Journal::default() }
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table { keys: Vec::new(), numbers: HashMap::default(), rows: Rows::default() }
    }
}

impl<K: Copy + Eq + Hash, V: Clone> Table<K, V> {
    /// The number of a key's row.
    pub(crate) fn number(&self, key: &K) -> Option<u32> {
        self.numbers.get(key).copied()
    }

    /// The key of a row.
    pub(crate) fn key(&self, number: u32) -> K {
        self.keys[number as usize]
    }

    /// A row.
    pub(crate) fn row(&self, number: u32) -> &V {
        self.rows.row(number)
    }

    /// All rows, by number.
    pub(crate) fn all(&self) -> &[V] {
        self.rows.all()
    }

    /// Adds a row under a key that has none, and gives its number.
    pub(crate) fn add(&mut self, key: K, row: V) -> u32 {
        let number = self.rows.add(row);
        self.keys.push(key);
        self.numbers.insert(key, number);
        number
    }

    /// The number of a key's row, which is added if there is none.
    pub(crate) fn number_or_add(&mut self, key: K, row: impl FnOnce() -> V) -> u32 {
        self.number(&key).unwrap_or_else(|| self.add(key, row()))
    }

    /// Changes a row.
    pub(crate) fn change(&mut self, number: u32, change: impl FnOnce(&mut V)) {
        self.rows.change(number, change);
    }

    /// The present place in the journal.
    pub(crate) fn mark(&self) -> u64 {
        self.rows.mark()
    }

    /// Takes back every change since the mark.
    pub(crate) fn undo_to(&mut self, mark: u64) {
        self.rows.undo_to(mark);
        for key in self.keys.drain(self.rows.all().len()..) {
            self.numbers.remove(&key);
        }
    }

    /// Makes the changes before the mark final.
    pub(crate) fn forget_before(&mut self, mark: u64) {
        self.rows.forget_before(mark);
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Default for Map<K, V> {
    fn default() -> Self {
        Map { values: HashMap::default(), journal: Journal::default() }
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Map<K, V> {
    /// The value of a key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.values.get(key)
    }

    /// Every key, in no order that means anything.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.values.keys()
    }

    /// Sets the value of a key.
    pub(crate) fn set(&mut self, key: K, value: V) {
        let old = self.values.insert(key.clone(), value);
        self.journal.changes.push((key, old));
    }

    /// Removes a key.
    pub(crate) fn remove(&mut self, key: &K) {
        if let Some(old) = self.values.remove(key) {
            self.journal.changes.push((key.clone(), Some(old)));
        }
    }

    /// The present place in the journal.
    pub(crate) fn mark(&self) -> u64 {
        self.journal.mark()
    }

    /// Takes back every change since the mark.
    pub(crate) fn undo_to(&mut self, mark: u64) {
        let offset = self.journal.offset(mark);
        while self.journal.changes.len() > offset {
            match self.journal.changes.pop().expect("longer than the offset") {
                (key, Some(old)) => {
                    self.values.insert(key, old);
                }
                (key, None) => {
                    self.values.remove(&key);
                }
            }
        }
    }

    /// Makes the changes before the mark final.
    pub(crate) fn forget_before(&mut self, mark: u64) {
        self.journal.forget_before(mark);
    }
}

/// A table without its journal and lookup, as a snapshot keeps it.
#[derive(Encode, Decode)]
pub(crate) struct TableImage<K, V> {
    keys: Vec<K>,
    rows: Vec<V>,
}

impl<K: Copy + Eq + Hash, V: Clone> Table<K, V> {
    /// For a snapshot. `key` turns a key into its stored form.
    pub(crate) fn image<S>(&self, key: impl Fn(K) -> S) -> TableImage<S, V> {
        TableImage { keys: self.keys.iter().map(|&stored| key(stored)).collect(), rows: self.rows.all().to_vec() }
    }

    /// From a snapshot; `None` if a key can't be read or occurs twice.
    pub(crate) fn from_image<S>(image: TableImage<S, V>, key: impl Fn(S) -> Option<K>) -> Option<Self> {
        let keys: Vec<K> = image.keys.into_iter().map(key).collect::<Option<_>>()?;
        if keys.len() != image.rows.len() {
            return None;
        }
        let mut numbers = HashMap::with_capacity_and_hasher(keys.len(), FixedState::default());
        for (number, &key) in (0..).zip(&keys) {
            numbers.insert(key, number);
        }
        (numbers.len() == keys.len()).then(|| Table { keys, numbers, rows: Rows::from_image(image.rows) })
    }
}

impl<K, V> TableImage<K, V> {
    /// With other rows.
    pub(crate) fn map<W>(self, map: impl FnMut(V) -> W) -> TableImage<K, W> {
        TableImage { keys: self.keys, rows: self.rows.into_iter().map(map).collect() }
    }

    /// With other rows, or `None` if one can't be had.
    pub(crate) fn try_map<W>(self, map: impl FnMut(V) -> Option<W>) -> Option<TableImage<K, W>> {
        Some(TableImage { keys: self.keys, rows: self.rows.into_iter().map(map).collect::<Option<_>>()? })
    }
}

impl<K: Clone + Eq + Hash + Ord, V: Clone> Map<K, V> {
    /// For a snapshot: sorted, so that equal states have equal bytes.
    pub(crate) fn image(&self) -> Vec<(K, V)> {
        let mut pairs: Vec<(K, V)> = self.values.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        pairs.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        pairs
    }

    /// From a snapshot.
    pub(crate) fn from_image(pairs: Vec<(K, V)>) -> Self {
        Map { values: pairs.into_iter().collect(), journal: Journal::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undoing_to_a_mark_restores_rows_keys_and_values_as_they_were() {
        let mut table: Table<u64, u8> = Table::default();
        let mut map: Map<u64, u8> = Map::default();
        let first = table.add(7, 1);
        map.set(7, 1);
        let (table_mark, map_mark) = (table.mark(), map.mark());
        table.change(first, |row| *row = 2);
        table.add(8, 3);
        map.set(7, 2);
        map.set(8, 3);
        map.remove(&7);
        table.undo_to(table_mark);
        map.undo_to(map_mark);
        assert_eq!((table.rows.all(), table.number(&8), table.number(&7)), (&[1][..], None, Some(0)));
        assert_eq!((map.get(&7), map.get(&8)), (Some(&1), None));
    }

    #[test]
    fn a_later_mark_stays_good_when_older_changes_are_forgotten() {
        let mut map: Map<u64, u8> = Map::default();
        map.set(1, 1);
        let first = map.mark();
        map.set(1, 2);
        let second = map.mark();
        map.set(1, 3);
        map.forget_before(first);
        map.undo_to(second);
        assert_eq!(map.get(&1), Some(&2));
        map.undo_to(first);
        assert_eq!(map.get(&1), Some(&1));
    }
}
