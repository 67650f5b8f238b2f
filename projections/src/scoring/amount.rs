//! What one record is worth before caps: minutes in windows, portions, coefficients. Pure arithmetic on whole numbers.

use crate::facts::Fact;
use crate::span::{local_second_of_day, seconds_in_window};
use mingzhang_events::{Coefficient, Rounding, ScoringItem, ScoringUnit, TimeWindow, WindowCount};

impl Fact {
    /// Whether a coefficient concerns it, windows aside; item and kind are those that its line was laid out for.
    pub(super) fn fits(&self, coefficient: &Coefficient) -> bool {
        let grades = &coefficient.emergency_grades;
        let evidence = &coefficient.evidence;
        let classes = &coefficient.member_classes;
        (grades.is_empty() || self.grade.is_some_and(|grade| grades.contains(&grade)))
            && (evidence.is_empty() || self.evidence.is_some_and(|of| evidence.contains(&of)))
            && (classes.is_empty() || classes.contains(&self.member_class))
    }

    /// How many seconds of it lie in a window.
    fn seconds_in(&self, window: &TimeWindow) -> i64 {
        seconds_in_window(local_second_of_day(self.served_from), i64::from(self.minutes) * 60, window)
    }
}

/// The minutes that are scored: those of the record, and each that lies in a window for overlapping minutes as many times as
/// its coefficient says; of the sum, the rest of a minute is dropped.
pub(super) struct Minutes {
    thousandths: i64,
}

impl Minutes {
    pub(super) fn of(fact: &Fact) -> Minutes {
        Minutes { thousandths: i64::from(fact.minutes) * 1_000 }
    }

    /// Counts what lies in the window of a coefficient for overlapping minutes; false, and nothing done, for another one.
    pub(super) fn count(&mut self, coefficient: &Coefficient, fact: &Fact) -> bool {
        let Some(window) = coefficient.window.as_ref().filter(|of| of.counts == WindowCount::OverlappingMinutes) else {
            return false;
        };
        let surplus = i64::from(coefficient.times.thousandths()) - 1_000;
        self.thousandths += fact.seconds_in(window) / 60 * surplus;
        true
    }

    pub(super) fn whole(&self) -> u32 {
        u32::try_from(self.thousandths.max(0) / 1_000).unwrap_or(u32::MAX)
    }
}

/// What so many minutes earn in hundredths, by the item's unit.
pub(super) fn portion(item: &ScoringItem, minutes: u32) -> i64 {
    let unit = match item.per {
        ScoringUnit::Occurrence => return item.points.hundredths(),
        ScoringUnit::Hour => 60,
        ScoringUnit::HalfHour => 30,
        ScoringUnit::Bracket => {
            let reached = item.brackets.iter().rfind(|bracket| u32::from(bracket.minutes_from) <= minutes);
            return reached.map_or(0, |bracket| bracket.points.hundredths());
        }
    };
    let added = match item.rounding.unwrap_or(Rounding::Down) {
        Rounding::Down => 0,
        Rounding::HalfUp => unit / 2,
        Rounding::Up => unit - 1,
    };
    let portions = (i64::from(minutes) + added) / unit;
    item.points.hundredths().saturating_mul(portions)
}

/// The amount by a coefficient for the whole record, half up to the hundredth; `None` if its window misses the record, or
/// if it has been counted in the minutes.
pub(super) fn multiplied(hundredths: i64, coefficient: &Coefficient, fact: &Fact) -> Option<i64> {
    let missed = |window: &TimeWindow| window.counts == WindowCount::OverlappingMinutes || fact.seconds_in(window) == 0;
    if coefficient.window.as_ref().is_some_and(missed) {
        return None;
    }
    let times = i128::from(coefficient.times.thousandths());
    Some(i64::try_from((i128::from(hundredths) * times + 500).div_euclid(1_000)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(start: &str, minutes: i64, from: &str, until: &str) -> i64 {
        let window = TimeWindow {
            counts: WindowCount::WholeShift,
            from: from.parse().expect("a time of day"),
            until: until.parse().expect("a time of day"),
        };
        let start: mingzhang_events::TimeOfDay = start.parse().expect("a time of day");
        seconds_in_window(i64::from(start.minutes()) * 60, minutes * 60, &window)
    }

    #[test]
    fn a_shift_overlaps_a_window_by_the_seconds_that_they_share() {
        for (start, minutes, from, until, expected) in [
            ("22:00", 240, "02:00", "08:00", 0),
            ("22:00", 241, "02:00", "08:00", 60),
            ("22:00", 600, "02:00", "08:00", 6 * 3_600),
            ("22:00", 660, "02:00", "08:00", 6 * 3_600),
            ("07:59", 60, "02:00", "08:00", 60),
            ("08:00", 60, "02:00", "08:00", 0),
            ("23:00", 60, "22:00", "06:00", 3_600),
            ("05:00", 120, "22:00", "06:00", 3_600),
            ("20:00", 720, "22:00", "06:00", 8 * 3_600),
            ("21:00", 60, "18:00", "00:00", 3_600),
            ("23:30", 60, "18:00", "00:00", 1_800),
            ("00:00", 2_880, "02:00", "03:00", 2 * 3_600),
            ("03:00", 0, "02:00", "08:00", 0),
        ] {
            assert_eq!(seconds(start, minutes, from, until), expected, "{start} for {minutes}, {from}–{until}");
        }
    }
}
