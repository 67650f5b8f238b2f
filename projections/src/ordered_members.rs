//! Members in order of points: rank, page and change in microseconds among a million. Derived; never stored.
//!
//! Invariant: chunks are in order and not empty; points descend, and members with the same points ascend by id.

use mingzhang_events::MemberId;
use std::cmp::Reverse;

const CHUNK: usize = 1_024;

/// A member's place: points first, then id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    hundredths: Reverse<i64>,
    pub(crate) id: MemberId,
    pub(crate) member: u32,
}

impl Place {
    pub(crate) fn new(hundredths: i64, id: MemberId, member: u32) -> Place {
        Place { hundredths: Reverse(hundredths), id, member }
    }

    pub(crate) fn hundredths(self) -> i64 {
        self.hundredths.0
    }
}

/// Members in order, in chunks of about a thousand.
#[derive(Default)]
pub(crate) struct OrderedMembers {
    chunks: Vec<Vec<Place>>,
    count: usize,
}

impl OrderedMembers {
    pub(crate) fn new(mut places: Vec<Place>) -> OrderedMembers {
        places.sort_unstable();
        OrderedMembers { count: places.len(), chunks: places.chunks(CHUNK).map(<[Place]>::to_vec).collect() }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn insert(&mut self, place: Place) {
        self.count += 1;
        let at = self.chunk_of(place).min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(vec![place]);
            return;
        };
        chunk.insert(chunk.partition_point(|other| *other < place), place);
        if chunk.len() > 2 * CHUNK {
            let second = chunk.split_off(CHUNK);
            self.chunks.insert(at + 1, second);
        }
    }

    pub(crate) fn remove(&mut self, place: Place) {
        let at = self.chunk_of(place);
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let Ok(within) = chunk.binary_search(&place) else { return };
        chunk.remove(within);
        if chunk.is_empty() {
            self.chunks.remove(at);
        }
        self.count -= 1;
    }

    /// How many stand before a place, and from there on the members in order.
    pub(crate) fn from(&self, place: Place) -> (usize, impl Iterator<Item = Place> + '_) {
        let at = self.chunk_of(place);
        let within = self.chunks.get(at).map_or(0, |chunk| chunk.partition_point(|other| *other < place));
        let before: usize = self.chunks[..at].iter().map(Vec::len).sum();
        let rest = self.chunks.get(at).map_or(&[][..], |chunk| &chunk[within..]);
        let later = self.chunks.get(at + 1..).unwrap_or_default();
        (before + within, rest.iter().chain(later.iter().flatten()).copied())
    }

    /// 1 for the most points; those with the same points share a rank, and the next rank skips (1, 2, 2, 4).
    pub(crate) fn rank(&self, hundredths: i64) -> usize {
        self.from(Place::new(hundredths, MemberId(0), 0)).0 + 1
    }

    /// The chunk that holds a place or would.
    fn chunk_of(&self, place: Place) -> usize {
        self.chunks.partition_point(|chunk| chunk.last().is_some_and(|last| *last < place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_with_the_same_points_share_a_rank_and_the_next_rank_skips() {
        let places = [(300, 1), (200, 2), (200, 3), (100, 4)].map(|(points, id)| Place::new(points, MemberId(id), 0));
        let order = OrderedMembers::new(places.to_vec());
        assert_eq!([300, 200, 200, 100].map(|points| order.rank(points)), [1, 2, 2, 4]);
    }

    #[test]
    fn inserting_and_removing_gives_what_sorting_gives() {
        let mut order = OrderedMembers::default();
        let place = |n: u64| Place::new(i64::try_from(n * 7_919 % 1_000).expect("small"), MemberId(n), 0);
        (0..9_000).for_each(|n| order.insert(place(n)));
        (0..9_000).filter(|n| n % 3 == 0).for_each(|n| order.remove(place(n)));
        order.remove(place(0));
        let sorted = OrderedMembers::new((0..9_000).filter(|n| n % 3 != 0).map(place).collect());
        assert_eq!(order.count(), 6_000);
        assert!(order.chunks.iter().flatten().eq(sorted.chunks.iter().flatten()));
        assert_eq!(order.rank(500), sorted.rank(500));
        let (before, rest) = order.from(place(100));
        assert_eq!(before + rest.count(), 6_000);
    }
}
