//! A small seeded generator: SplitMix64 (Steele, Lea and Flood 2014). Ten lines instead of a dependency whose output could
//! change with its version: the demo's bytes depend on it. Not for secrets.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of numbers that its seed determines.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

/// SplitMix64's finalizer: a bijection, so that different numbers stay different.
fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The `index`-th id of a purpose: distinct for distinct indexes.
pub(super) fn id(seed: u64, purpose: u64, index: u64) -> u64 {
    mix(mix(seed ^ mix(purpose)).wrapping_add(index.wrapping_mul(GOLDEN)))
}

impl Random {
    /// The stream for one purpose, day and place: adding a draw to one leaves all others as they were.
    pub(super) fn of(seed: u64, purpose: u64, day: u32, place: u32) -> Random {
        Random(mix(seed ^ mix(purpose ^ mix(u64::from(day) << 32 | u64::from(place)))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below `bound`, which is above zero.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(((self.next() >> 32) * u64::from(bound)) >> 32).expect("below a 32-bit bound")
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// Whether something happens that does so many times in a thousand.
    pub(super) fn permille(&mut self, permille: u32) -> bool {
        self.below(1_000) < permille
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(u32::try_from(from.len()).expect("a short list")) as usize]
    }
}
