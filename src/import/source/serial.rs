//! Days as spreadsheets count them → dates as people write them.

use jiff::ToSpan;
use jiff::civil::Date;

/// From which day on a workbook counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Epoch {
    /// Day 1 is 1 January 1900, and there is a 29 February 1900 that never was: right from 1 March 1900 on.
    From1900,
    /// Day 0 is 1 January 1904: old Macintosh workbooks.
    From1904,
}

const DAY_SECONDS: i64 = 86_400;
/// The days of 9999-12-31.
const DAYS_MAX: f64 = 2_958_465.0;

/// A count of days, rounded to the second, as `2026-05-03`, `2026-05-03 19:30`, or, below one day, `19:30`; seconds only
/// where there are some. `None` if it is no date.
pub(in crate::import) fn serial_text(days: f64, epoch: Epoch) -> Option<String> {
    let seconds = seconds(days)?;
    let (day, second) = (seconds / DAY_SECONDS, seconds % DAY_SECONDS);
    if day == 0 {
        return Some(clock_text(second));
    }
    let first = match epoch {
        Epoch::From1900 if day > 60 => Date::constant(1899, 12, 30),
        Epoch::From1900 => return None,
        Epoch::From1904 => Date::constant(1904, 1, 1),
    };
    let date = first.checked_add(day.days()).ok()?;
    Some(if second == 0 { date.to_string() } else { format!("{date} {}", clock_text(second)) })
}

/// A length of time in days as `26:30`.
pub(super) fn length_text(days: f64) -> Option<String> {
    seconds(days).map(clock_text)
}

#[expect(clippy::float_arithmetic, reason = "a spreadsheet's dates are floats; here they end")]
#[expect(clippy::cast_possible_truncation, reason = "checked to be a whole number of some billions at most")]
fn seconds(days: f64) -> Option<i64> {
    (0.0..=DAYS_MAX).contains(&days).then(|| (days * 86_400.0).round() as i64)
}

fn clock_text(second: i64) -> String {
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}

#[cfg(test)]
mod tests {
    use super::{Epoch, length_text, serial_text};

    #[test]
    fn days_are_counted_as_spreadsheets_count_them() {
        for (days, epoch, text) in [
            (46_145.0, Epoch::From1900, Some("2026-05-03")),
            (44_683.0, Epoch::From1904, Some("2026-05-03")),
            (46_145.812_5, Epoch::From1900, Some("2026-05-03 19:30")),
            (46_145.812_511_574, Epoch::From1900, Some("2026-05-03 19:30:01")),
            (0.812_5, Epoch::From1900, Some("19:30")),
            (0.999_999, Epoch::From1904, Some("1904-01-02")),
            (61.0, Epoch::From1900, Some("1900-03-01")),
            (59.0, Epoch::From1900, None),
            (-1.0, Epoch::From1900, None),
            (f64::NAN, Epoch::From1900, None),
            (1e300, Epoch::From1904, None),
        ] {
            assert_eq!(serial_text(days, epoch).as_deref(), text, "{days}");
        }
        assert_eq!(length_text(1.104_166_666_7).as_deref(), Some("26:30"));
    }
}
