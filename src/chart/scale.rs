//! The scale of an axis: from which figure to which, and where its lines are.

use super::{Chart, Form, Unit};

/// Larger figures are drawn as this: nothing that is counted comes near.
const DRAWN_MAX: i64 = i64::MAX / 64;
/// At most so many lines above the lowest.
const LINES_MAX: i64 = 5;

/// The figures that an axis reaches from and to, and the distance of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) step: i64,
}

impl Scale {
    /// Round figures around everything that is drawn, with zero.
    pub(super) fn of(chart: &Chart) -> Scale {
        if chart.form == Form::Shares || chart.unit == Unit::Percent {
            return Scale { low: 0, high: 10_000, step: 2_000 };
        }
        let drawn = || chart.series.iter().flat_map(|series| &series.values).filter_map(|value| value.amount);
        Scale::around(drawn().min().unwrap_or(0).min(0), drawn().max().unwrap_or(0).max(0), chart.unit)
    }

    fn around(lowest: i64, highest: i64, unit: Unit) -> Scale {
        let (lowest, highest) = (lowest.max(-DRAWN_MAX), highest.min(DRAWN_MAX));
        let smallest = if unit == Unit::Count { 1 } else { 100 };
        let lines = |step: i64| (highest - 1).div_euclid(step) + 1 - lowest.div_euclid(step);
        let step = round_steps(smallest).find(|&step| lines(step) <= LINES_MAX).unwrap_or(DRAWN_MAX);
        let (low, high) = (lowest.div_euclid(step) * step, ((highest - 1).div_euclid(step) + 1) * step);
        Scale { low, high: high.max(low + step), step }
    }

    /// Where its lines are, from the lowest.
    pub(super) fn lines(self) -> impl Iterator<Item = i64> {
        std::iter::successors(Some(self.low), move |line| line.checked_add(self.step))
            .take_while(move |&line| line <= self.high)
    }

    /// What part of `length` a figure stands above the lowest line.
    pub(super) fn above_low(self, amount: i64, length: i64) -> i64 {
        let (above, whole) = (i128::from(amount) - i128::from(self.low), i128::from(self.high) - i128::from(self.low));
        i64::try_from(above * i128::from(length) / whole).unwrap_or(0).clamp(0, length)
    }
}

/// 1, 2, 5, 10, 20, 50 … times the smallest: distances that people count in.
pub fn round_steps(smallest: i64) -> impl Iterator<Item = i64> {
    let tens = std::iter::successors(Some(smallest), |ten| ten.checked_mul(10));
    tens.flat_map(|ten| [1, 2, 5].into_iter().filter_map(move |times| ten.checked_mul(times)))
}

/// What stands at a line of an axis: whole, and 万 above ten thousand.
pub(super) fn line_text(amount: i64, unit: Unit) -> String {
    let whole = match unit {
        Unit::Count => amount,
        Unit::Hundredths => amount / 100,
        Unit::Percent => return format!("{}%", amount / 100),
    };
    let (sign, whole) = (if whole < 0 { "−" } else { "" }, whole.unsigned_abs());
    if whole < 10_000 {
        return format!("{sign}{whole}");
    }
    let decimals = format!("{:04}", whole % 10_000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{decimals}万", whole / 10_000)
}

#[cfg(test)]
mod tests {
    use super::{Scale, line_text};
    use crate::chart::Unit;

    #[test]
    fn an_axis_has_few_round_lines_around_everything_drawn() {
        let around = |low, high, unit| {
            let Scale { low, high, step } = Scale::around(low, high, unit);
            (low, high, step)
        };
        assert_eq!(around(0, 0, Unit::Count), (0, 1, 1));
        assert_eq!(around(0, 7, Unit::Count), (0, 8, 2));
        assert_eq!(around(0, 10, Unit::Count), (0, 10, 2));
        assert_eq!(around(0, 11, Unit::Count), (0, 15, 5));
        assert_eq!(around(0, 2_094_050, Unit::Hundredths), (0, 2_500_000, 500_000));
        assert_eq!(around(-1_250, 900, Unit::Hundredths), (-1_500, 1_000, 500));
        assert_eq!(around(0, i64::MAX, Unit::Count).0, 0);
    }

    #[test]
    fn lines_are_named_as_people_write_large_numbers() {
        let named = [(0, "0"), (9_999, "9999"), (10_000, "1万"), (25_000, "2.5万"), (-40_000, "−4万")];
        for (amount, text) in named {
            assert_eq!(line_text(amount, Unit::Count), text);
        }
        assert_eq!(line_text(2_500_000, Unit::Hundredths), "2.5万");
        assert_eq!(line_text(8_000, Unit::Percent), "80%");
    }
}
