//! Months, days and instants as plain seconds, the way the columns hold them. Pure arithmetic that cannot fail.

use mingzhang_events::{Instant, Month, Period, TimeWindow, day_number};

const SECONDS_PER_DAY: i64 = 86_400;
const SHANGHAI_OFFSET_SECONDS: i64 = 8 * 3_600;

/// The first second of a month in Shanghai, as Unix seconds.
pub(crate) fn month_start(month: Month) -> i64 {
    i64::from(day_number(month.first_day())) * SECONDS_PER_DAY - SHANGHAI_OFFSET_SECONDS
}

/// The first second after a month.
pub(crate) fn month_end(month: Month) -> i64 {
    (i64::from(day_number(month.last_day())) + 1) * SECONDS_PER_DAY - SHANGHAI_OFFSET_SECONDS
}

/// The last second of a month: the roster, enrolments and exemptions in force then are those of the month (DOMAIN §4).
pub(crate) fn month_cutoff(month: Month) -> i64 {
    month_end(month) - 1
}

/// The local day number of a second.
pub(crate) fn local_day(seconds: i64) -> u32 {
    u32::try_from((seconds + SHANGHAI_OFFSET_SECONDS).div_euclid(SECONDS_PER_DAY).max(0)).unwrap_or(u32::MAX)
}

/// The first second of a local day, as Unix seconds.
pub(crate) fn day_start(day: u32) -> i64 {
    i64::from(day) * SECONDS_PER_DAY - SHANGHAI_OFFSET_SECONDS
}

/// Seconds since midnight in Shanghai.
pub(crate) fn local_second_of_day(seconds: i64) -> i64 {
    (seconds + SHANGHAI_OFFSET_SECONDS).rem_euclid(SECONDS_PER_DAY)
}

/// The instant at a second; the nearest one the ledger knows if it is outside 2000–2199.
pub(crate) fn instant(seconds: i64) -> Instant {
    Instant::from_unix_seconds(seconds).unwrap_or(Instant::EARLIEST)
}

/// Whole minutes from one second to another; none backwards, at most 65,535 (45 days, far above any stretch of service).
pub(crate) fn whole_minutes(from: i64, to: i64) -> Option<u16> {
    (to >= from).then(|| u16::try_from((to - from) / 60).unwrap_or(u16::MAX))
}

/// The first month of the period that a month lies in; none for the one without a beginning.
pub(crate) fn period_start(period: Period, month: Month) -> Option<Month> {
    Month::from_number(month.number() - month.number() % months_of(period)?)
}

/// Its last month; none for the one without an end.
pub(crate) fn period_last(period: Period, month: Month) -> Option<Month> {
    let months = months_of(period)?;
    Month::from_number(month.number() - month.number() % months + months - 1)
}

/// A month's number counts from the January of a year, so that whole periods divide it.
fn months_of(period: Period) -> Option<u16> {
    match period {
        Period::Month => Some(1),
        Period::Quarter => Some(3),
        Period::Year => Some(12),
        Period::All => None,
    }
}

/// How many of the `length` seconds from the local second of day `start` on lie in a window, which comes again every day.
pub(crate) fn seconds_in_window(start: i64, length: i64, window: &TimeWindow) -> i64 {
    let from = i64::from(window.from.minutes()) * 60;
    let until = i64::from(window.until.minutes()) * 60;
    let until = if until <= from { until + SECONDS_PER_DAY } else { until };
    let shared = |day: i64| {
        let (from, until) = (from + day * SECONDS_PER_DAY, until + day * SECONDS_PER_DAY);
        (until.min(start + length) - from.max(start)).max(0)
    };
    (-1..=(start + length) / SECONDS_PER_DAY).map(shared).sum()
}
