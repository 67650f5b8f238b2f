//! 防推算: which rates and averages are withheld because that of a small group would follow from them by subtraction (0013). Pure.
//!
//! Invariant: of an organisation whose own is published, those directly below it whose own is published leave over nobody, or at least the
//! minimum; and nothing is published below one that is withheld for this.

use crate::figures::Figures;
use crate::tree::Tree;
use mingzhang_events::RateKind;

/// Which figures of an organisation are withheld for this: a bit for each rate, in their order, and one for the average.
#[derive(Clone, Copy, Default)]
pub(crate) struct BesideSmall(u8);

const AVERAGE: usize = RateKind::ALL.len();

impl BesideSmall {
    pub(crate) fn rate(self, rate: RateKind) -> bool {
        self.holds(rate as usize)
    }

    pub(crate) fn average(self) -> bool {
        self.holds(AVERAGE)
    }

    fn holds(self, measure: usize) -> bool {
        self.0 >> measure & 1 != 0
    }

    fn add(&mut self, measure: usize) {
        self.0 |= 1 << measure;
    }
}

/// Marks what is withheld beside small groups, from the root downward.
pub(crate) fn withhold(tree: &Tree, figures: &mut [Figures], members_min: u32) {
    for above in tree.downward() {
        let below: Vec<u32> = tree.children(above).collect();
        for measure in 0..=AVERAGE {
            withhold_below(above, &below, figures, measure, members_min);
        }
    }
}

fn withhold_below(above: u32, below: &[u32], figures: &mut [Figures], measure: usize, members_min: u32) {
    if figures[above as usize].beside_small.holds(measure) {
        below.iter().for_each(|&child| figures[child as usize].beside_small.add(measure));
        return;
    }
    let members = |of: u32, figures: &[Figures]| denominator(&figures[of as usize], measure);
    let own = members(above, figures);
    if own < members_min {
        // Withheld itself, as everything below it is: none of that is larger.
        return;
    }
    let mut published: Vec<u32> =
        below.iter().copied().filter(|&child| members(child, figures) >= members_min.max(1)).collect();
    // The smallest first; they are by code already.
    published.sort_by_key(|&child| members(child, figures));
    let mut left_over = published.iter().fold(own, |left, &child| left.saturating_sub(members(child, figures)));
    for child in published {
        if left_over == 0 || left_over >= members_min {
            return;
        }
        figures[child as usize].beside_small.add(measure);
        left_over += members(child, figures);
    }
}

fn denominator(of: &Figures, measure: usize) -> u32 {
    of.rates.get(measure).map_or(of.due, |count| count.denominator)
}
