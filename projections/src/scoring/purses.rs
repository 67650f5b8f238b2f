//! Purses: what each cap has given or taken so far, by day, month, quarter and year.
//!
//! Invariant: nothing is spent beyond any cap of any purse that an amount is taken from. Spent in order of start.

use super::trail::{CapPeriod, Trail};
use mingzhang_events::{Caps, ClauseId, Month, Points};

/// No purse: a line without a group.
pub(crate) const NO_PURSE: u16 = u16::MAX;

/// What a purse is of. The same key in a later version of the rules is the same purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PurseKey {
    Given(ClauseId),
    Taken(ClauseId),
    AllGiven,
    AllTaken,
}

/// Caps in hundredths; `i64::MAX` where there is none.
#[derive(Clone, Copy)]
pub(crate) struct CapAmounts {
    activity: i64,
    day: i64,
    month: i64,
    quarter: i64,
    year: i64,
    all: i64,
}

impl CapAmounts {
    pub(crate) fn of(caps: Option<&Caps>) -> CapAmounts {
        let amount = |cap: fn(&Caps) -> Option<Points>| caps.and_then(cap).map_or(i64::MAX, Points::hundredths);
        CapAmounts {
            activity: amount(|caps| caps.per_activity),
            day: amount(|caps| caps.per_day),
            month: amount(|caps| caps.per_month),
            quarter: amount(|caps| caps.per_quarter),
            year: amount(|caps| caps.per_year),
            all: amount(|caps| caps.in_all),
        }
    }
}

/// A purse as the rules define it.
pub(crate) struct Purse {
    pub(crate) key: PurseKey,
    pub(crate) caps: CapAmounts,
}

/// What a purse has spent.
#[derive(Clone, Copy, Default)]
struct Spent {
    day: u32,
    on_day: i64,
    month: i64,
    quarter: i64,
    year: i64,
    all: i64,
}

/// Where an amount belongs.
#[derive(Clone, Copy)]
pub(crate) struct Occasion {
    /// The local day.
    pub(crate) day: u32,
    /// The activity, if it was one.
    pub(crate) activity: Option<u32>,
}

/// The purses of one member, up to a month.
#[derive(Default)]
pub(crate) struct Purses {
    spent: Vec<Spent>,
    /// Those that the version in force doesn't have and an earlier one had.
    set_aside: Vec<(PurseKey, Spent)>,
    /// By purse and activity, this month; only where a cap looks at activities.
    on_activity: Vec<(u16, u32, i64)>,
}

impl Purses {
    /// Empty ones.
    pub(crate) fn begin(&mut self, purses: &[Purse]) {
        self.spent.clear();
        self.spent.resize(purses.len(), Spent::default());
        self.set_aside.clear();
        self.on_activity.clear();
    }

    /// Goes on with a later month, under the same purses or those of another version.
    pub(crate) fn go_on(&mut self, from: Month, to: Month, before: &[Purse], after: &[Purse]) {
        if !std::ptr::eq(before, after) {
            self.set_aside.extend(before.iter().map(|purse| purse.key).zip(self.spent.drain(..)));
            for purse in after {
                let same = self.set_aside.iter().position(|(key, _)| *key == purse.key);
                self.spent.push(same.map_or_else(Spent::default, |at| self.set_aside.swap_remove(at).1));
            }
        }
        let (same_quarter, same_year) = (quarter(from) == quarter(to), from.year() == to.year());
        for spent in self.spent.iter_mut().chain(self.set_aside.iter_mut().map(|(_, spent)| spent)) {
            (spent.day, spent.on_day, spent.month) = (0, 0, 0);
            if !same_quarter {
                spent.quarter = 0;
            }
            if !same_year {
                spent.year = 0;
            }
        }
        self.on_activity.clear();
    }

    /// What the caps leave of an amount, which is then spent from every one of `from`.
    pub(crate) fn spend(
        &mut self,
        purses: &[Purse],
        from: [u16; 3],
        on: Occasion,
        amount: i64,
        trail: &mut Trail,
    ) -> i64 {
        let mut given = amount;
        for number in from.into_iter().filter(|&number| number != NO_PURSE) {
            let at = usize::from(number);
            let (caps, spent) = (&purses[at].caps, &mut self.spent[at]);
            if spent.day != on.day {
                (spent.day, spent.on_day) = (on.day, 0);
            }
            let on_activity = if caps.activity == i64::MAX { 0 } else { spent_on(&self.on_activity, number, on) };
            for (period, cap, spent) in [
                (CapPeriod::Activity, caps.activity, on_activity),
                (CapPeriod::Day, caps.day, spent.on_day),
                (CapPeriod::Month, caps.month, spent.month),
                (CapPeriod::Quarter, caps.quarter, spent.quarter),
                (CapPeriod::Year, caps.year, spent.year),
                (CapPeriod::All, caps.all, spent.all),
            ] {
                let left = if cap == i64::MAX { i64::MAX } else { cap.saturating_sub(spent).max(0) };
                if left < given {
                    given = left;
                    trail.capped(purses[at].key, period, given);
                }
            }
        }
        for number in from.into_iter().filter(|&number| number != NO_PURSE) {
            let at = usize::from(number);
            let spent = &mut self.spent[at];
            for amount in [&mut spent.on_day, &mut spent.month, &mut spent.quarter, &mut spent.year, &mut spent.all] {
                *amount = amount.saturating_add(given);
            }
            if let (Some(activity), true) = (on.activity, purses[at].caps.activity != i64::MAX) {
                self.on_activity.push((number, activity, given));
            }
        }
        given
    }
}

fn spent_on(all: &[(u16, u32, i64)], purse: u16, on: Occasion) -> i64 {
    let same = all.iter().filter(|(of, activity, _)| *of == purse && Some(*activity) == on.activity);
    same.fold(0, |sum: i64, (_, _, given)| sum.saturating_add(*given))
}

/// Which quarter a month lies in.
pub(crate) fn quarter(month: Month) -> (i16, i8) {
    (month.year(), (month.month_of_year() - 1) / 3)
}
