//! One cell → one value: dates, times, minutes, names.

use crate::import::fault::Reason;
use jiff::civil::Date;
use mingzhang_events::{Instant, Points, is_public_name};

/// A date of business: `2026-10-03`, `2026/10/3`, `2026.10.3` or `2026年10月3日`.
pub fn local_date(text: &str) -> Result<Date, Reason> {
    date(text).ok_or(Reason::NotADate)
}

fn date(text: &str) -> Option<Date> {
    let text = text.strip_suffix(['日', '号']).unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Instant::at_local_midnight(date).is_ok().then_some(date)
}

/// A local date and time of day, `2026-10-03 19:30` or `2026-10-03 19:30:00`, or RFC 3339 with an offset.
pub fn local_instant(text: &str) -> Result<Instant, Reason> {
    instant(text).ok_or(Reason::NotAnInstant)
}

fn instant(text: &str) -> Option<Instant> {
    if text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|at| at > 10) {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        return (timestamp.subsec_nanosecond() == 0).then(|| Instant::from_unix_seconds(timestamp.as_second()).ok())?;
    }
    let (day, time) = text.split_once(|char: char| char == 'T' || char.is_whitespace())?;
    let (hour, minute, second) = time_of_day(time.trim_start())?;
    Instant::from_local(date(day)?, hour, minute, second).ok()
}

/// `19:30` or `19:30:00`, with an ASCII or a full-width colon.
fn time_of_day(text: &str) -> Option<(u8, u8, u8)> {
    let mut parts = text.split([':', '：']);
    let part = |text: Option<&str>, below: u8| -> Option<u8> {
        text.filter(|text| matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit()))?
            .parse()
            .ok()
            .filter(|&value| value < below)
    };
    let (hour, minute) = (part(parts.next(), 24)?, part(parts.next(), 60)?);
    let second = match parts.next() {
        None => 0,
        second => part(second, 60)?,
    };
    parts.next().is_none().then_some((hour, minute, second))
}

/// When something ended that began at `start`: a date and time, or a time of day alone, which is the next one after the start,
/// so that `00:30` ends a late patrol on the following morning.
pub fn end_after(start: Instant, text: &str) -> Result<Instant, Reason> {
    let Some((hour, minute, second)) = time_of_day(text) else {
        return local_instant(text);
    };
    let today = Instant::from_local(start.local_date(), hour, minute, second).map_err(|_| Reason::EndWrong)?;
    Ok(if today > start { today } else { today.plus_minutes(24 * 60) })
}

/// Whole minutes, 1 to 1440; `分钟` or `min` may follow.
pub(super) fn minutes(text: &str) -> Result<u16, Reason> {
    let number = text.trim_end_matches("分钟").trim_end_matches("min").trim_end();
    number.parse().ok().filter(|minutes| (1..=1440).contains(minutes)).ok_or(Reason::NotMinutes)
}

/// A public or personal name, inner spaces kept.
pub(super) fn name(text: &str) -> Result<String, Reason> {
    if is_public_name(text) { Ok(text.to_owned()) } else { Err(Reason::NotAName) }
}

/// Points above zero.
pub(super) fn points(text: &str) -> Result<Points, Reason> {
    text.parse().ok().filter(|&points| points > Points::ZERO).ok_or(Reason::NotPoints)
}

/// Anything that is written as a code.
pub(super) fn code<T: std::str::FromStr>(text: &str) -> Result<T, Reason> {
    text.parse().map_err(|_| Reason::NotACode)
}
