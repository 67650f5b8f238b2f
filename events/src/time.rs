//! The ledger's two kinds of time: instants (UTC, whole seconds) and dates of business (Asia/Shanghai). Pure values.
//!
//! An instant has one spelling only, `2026-10-03T11:30:00Z` (RFC 3339), because entries are canonical bytes. Mainland China
//! has used UTC+8 without summer time since 1992, and no instant before 2000 is accepted, so the local date is a constant shift.

use crate::text::read_as_text;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

const SECONDS_PER_DAY: i64 = 86_400;
/// What local time in Shanghai is ahead of UTC, in seconds.
pub const SHANGHAI_OFFSET_SECONDS: i64 = 8 * 3_600;
/// 2000-01-01T00:00:00Z.
const EARLIEST_SECONDS: i64 = 946_684_800;
/// 2199-12-31T23:59:59Z.
const LATEST_SECONDS: i64 = 7_258_118_399;

/// Why a text or number is no instant or month of this ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not the one spelling of an instant.
    #[error("{0:?} is not an instant like 2026-10-03T11:30:00Z between 2000 and 2199")]
    Instant(String),
    /// Not `YYYY-MM`.
    #[error("{0:?} is not a month like 2026-10")]
    Month(String),
}

/// A point in time in UTC, `2026-10-03T11:30:00Z`: whole seconds, from 2000 to 2199. Only this spelling is accepted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The first instant of the accepted range.
    pub const EARLIEST: Instant = Instant(EARLIEST_SECONDS);

    /// From Unix seconds; outside 2000–2199 is an error.
    pub fn from_unix_seconds(seconds: i64) -> Result<Instant, TimeError> {
        if (EARLIEST_SECONDS..=LATEST_SECONDS).contains(&seconds) {
            Ok(Instant(seconds))
        } else {
            Err(TimeError::Instant(seconds.to_string()))
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }

    /// Whole minutes since 1970-01-01T00:00:00Z, seconds dropped.
    pub fn unix_minutes(self) -> u32 {
        u32::try_from(self.0 / 60).expect("2199 is below 2^32 minutes")
    }

    /// Later by so many minutes; the end of 2199 at the most.
    #[must_use]
    pub fn plus_minutes(self, minutes: u32) -> Instant {
        Instant((self.0 + i64::from(minutes) * 60).min(LATEST_SECONDS))
    }

    /// Midnight in Shanghai at the start of a date.
    pub fn at_local_midnight(date: Date) -> Result<Instant, TimeError> {
        Instant::from_unix_seconds(days_since_epoch(date) * SECONDS_PER_DAY - SHANGHAI_OFFSET_SECONDS)
    }

    /// From a local date and time of day in Shanghai; 24:00 and 23:60 are no times of day.
    pub fn from_local(date: Date, hour: u8, minute: u8, second: u8) -> Result<Instant, TimeError> {
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeError::Instant(format!("{date} {hour:02}:{minute:02}:{second:02}")));
        }
        let midnight = Instant::at_local_midnight(date)?;
        let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        Instant::from_unix_seconds(midnight.0 + seconds)
    }

    /// The date of business: the local date in Shanghai.
    pub fn local_date(self) -> Date {
        date_from_days((self.0 + SHANGHAI_OFFSET_SECONDS).div_euclid(SECONDS_PER_DAY))
    }

    /// Days from 1970-01-01 to the local date in Shanghai.
    pub fn local_day(self) -> u32 {
        u32::try_from((self.0 + SHANGHAI_OFFSET_SECONDS).div_euclid(SECONDS_PER_DAY)).expect("after 2000")
    }

    /// Minutes since midnight in Shanghai, 0 to 1439.
    pub fn local_minute_of_day(self) -> u16 {
        let seconds = (self.0 + SHANGHAI_OFFSET_SECONDS).rem_euclid(SECONDS_PER_DAY);
        u16::try_from(seconds / 60).expect("a day has 1440 minutes")
    }

    /// The month of business.
    pub fn month(self) -> Month {
        Month::of(self.local_date())
    }

    /// The one spelling, as ASCII bytes.
    pub fn to_bytes(self) -> [u8; 20] {
        let date = date_from_days(self.0.div_euclid(SECONDS_PER_DAY));
        let seconds = self.0.rem_euclid(SECONDS_PER_DAY);
        let mut text = *b"0000-00-00T00:00:00Z";
        put_digits(&mut text[0..4], i64::from(date.year()));
        put_digits(&mut text[5..7], i64::from(date.month()));
        put_digits(&mut text[8..10], i64::from(date.day()));
        put_digits(&mut text[11..13], seconds / 3_600);
        put_digits(&mut text[14..16], seconds / 60 % 60);
        put_digits(&mut text[17..19], seconds % 60);
        text
    }

    fn parse(text: &[u8]) -> Option<Instant> {
        let fixed = text.len() == 20
            && (text[4], text[7], text[10], text[13], text[16], text[19]) == (b'-', b'-', b'T', b':', b':', b'Z');
        if !fixed {
            return None;
        }
        let (year, month, day) = (digits(&text[0..4])?, digits(&text[5..7])?, digits(&text[8..10])?);
        let (hour, minute, second) = (digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..19])?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let seconds = days_since_epoch(date) * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second;
        Instant::from_unix_seconds(seconds).ok()
    }
}

fn put_digits(into: &mut [u8], mut value: i64) {
    for digit in into.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).expect("a decimal digit");
        value /= 10;
    }
}

/// The value of ASCII digits; `None` if there are others.
pub(crate) fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

/// Days from 1970-01-01 to a civil date (proleptic Gregorian; the usual era arithmetic, without a table).
fn days_since_epoch(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The civil date so many days after 1970-01-01; from the year −9999 to 9999, and a panic outside of them.
pub fn date_from_days(days: i64) -> Date {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let part = |value: i64| i8::try_from(value).expect("a month or a day");
    Date::new(i16::try_from(year).expect("a year up to 9999"), part(month), part(day)).expect("a civil date")
}

/// Days from 1970-01-01 to a date; 0 for earlier dates.
pub fn day_number(date: Date) -> u32 {
    u32::try_from(days_since_epoch(date).max(0)).expect("a day number up to the year 9999")
}

impl FromStr for Instant {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Instant, TimeError> {
        Instant::parse(text.as_bytes()).ok_or_else(|| TimeError::Instant(text.to_owned()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.to_bytes()).expect("ASCII"))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The month after the last one that fits 16 bits: January of the year 5461. Dates of business end in 2199.
const MONTHS_MAX: u16 = 5_461 * 12;

/// A calendar month of business, `2026-10`. Its text is accepted from 2000 to 2199; arithmetic may step outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(u16);

impl Month {
    /// The month of a date; a year outside 0 to 5460 counts as the nearest of them.
    pub fn of(date: Date) -> Month {
        let (year, month) = (date.year().clamp(0, 5_460).unsigned_abs(), date.month().unsigned_abs());
        Month(year * 12 + u16::from(month) - 1)
    }

    /// Months since the year 0: dense, ordered.
    pub fn number(self) -> u16 {
        self.0
    }

    /// From [`Month::number`]; December of the year 5460 at the latest.
    pub fn from_number(number: u16) -> Option<Month> {
        (number < MONTHS_MAX).then_some(Month(number))
    }

    /// The year, 0 to 5460.
    pub fn year(self) -> i16 {
        i16::try_from(self.0 / 12).expect("a year fits")
    }

    /// 1 to 12.
    pub fn month_of_year(self) -> i8 {
        i8::try_from(self.0 % 12 + 1).expect("1 to 12")
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        Date::new(self.year(), self.month_of_year(), 1).expect("every month has a first day")
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Month {
        Month((self.0 + 1).min(MONTHS_MAX - 1))
    }

    /// The month before it.
    #[must_use]
    pub fn previous(self) -> Month {
        Month(self.0.saturating_sub(1))
    }

    /// Its first instant, 00:00 in Shanghai.
    pub fn start(self) -> Result<Instant, TimeError> {
        Instant::at_local_midnight(self.first_day())
    }

    /// The first instant after it: the roster, enrolments and pairings in force just before are those of the month's end.
    pub fn end(self) -> Result<Instant, TimeError> {
        Instant::at_local_midnight(self.next().first_day())
    }
}

impl FromStr for Month {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Month, TimeError> {
        let refused = || TimeError::Month(text.to_owned());
        let (year, month) = match text.as_bytes() {
            [year @ .., b'-', tens, ones] if year.len() == 4 => (digits(year), digits(&[*tens, *ones])),
            _ => (None, None),
        };
        match (year, month) {
            (Some(year @ 2000..=2199), Some(month @ 1..=12)) => {
                Ok(Month(u16::try_from(year * 12 + month - 1).map_err(|_| refused())?))
            }
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month_of_year())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! serde_as_text {
    ($name:ident, $expected:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        read_as_text!($name, $expected);
    };
}

serde_as_text!(Instant, "an instant like 2026-10-03T11:30:00Z");
serde_as_text!(Month, "a month like 2026-10");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_day_arithmetic_agrees_with_jiff_on_every_day_of_two_centuries() {
        let epoch = Date::new(1970, 1, 1).expect("a date");
        let mut date = Date::new(2000, 1, 1).expect("a date");
        while date.year() < 2200 {
            let days = i64::from(date.since(epoch).expect("in range").get_days());
            assert_eq!(days_since_epoch(date), days);
            assert_eq!(date_from_days(days), date);
            date = date.tomorrow().expect("in range");
        }
    }

    #[test]
    fn a_patrol_that_starts_at_23_30_in_shanghai_belongs_to_that_local_date_and_month() {
        let start: Instant = "2026-10-31T15:30:00Z".parse().expect("an instant");
        assert_eq!(start.local_date().to_string(), "2026-10-31");
        assert_eq!(start.month().to_string(), "2026-10");
        assert_eq!(start.plus_minutes(30).month().to_string(), "2026-11");
    }

    #[test]
    fn only_one_spelling_of_an_instant_is_accepted() {
        for refused in [
            "2026-10-03T11:30:00+00:00",
            "2026-10-03T11:30:00.0Z",
            "2026-10-03 11:30:00Z",
            "2026-02-30T00:00:00Z",
            "2026-10-03T24:00:00Z",
            "1999-12-31T23:59:59Z",
            "2200-01-01T00:00:00Z",
            "2026-10-03T11:30:60Z",
            "",
        ] {
            assert!(refused.parse::<Instant>().is_err(), "{refused}");
        }
        let text = "2026-10-03T11:30:09Z";
        assert_eq!(text.parse::<Instant>().expect("an instant").to_string(), text);
    }
}
