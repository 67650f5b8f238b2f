//! One cell → one value: dates, times, names, points, codes.

use crate::import::fault::Reason;
use crate::import::moment::{self, Dating, Written};
use crate::import::text::{person, plain, tidy};
use jiff::civil::Date;
use mingzhang_events::{Instant, Points, is_public_name};

/// A date of business: `2026-10-03`, `2026/10/3`, `2026.10.3`, `20261003` or `2026年10月3日`.
pub fn local_date(text: &str) -> Result<Date, Reason> {
    moment::day(text, Dating::UNSAID)
}

/// A local date and time of day, `2026-10-03 19:30`, `2026年10月3日晚上7点半`, or RFC 3339 with an offset.
pub fn local_instant(text: &str) -> Result<Instant, Reason> {
    match moment::written(text, Dating::UNSAID)? {
        Written { instant: Some(instant), .. } => Ok(instant),
        Written { date: Some(date), start: Some(second), end: None, .. } => moment::instant(date, second),
        _ => Err(Reason::NotAnInstant),
    }
}

/// When something ended that began at `start`: a date and time, or a time of day alone, which is the next one after the start,
/// so that `00:30` ends a late patrol on the following morning.
pub fn end_after(start: Instant, text: &str) -> Result<Instant, Reason> {
    end_in(start, text, Dating::UNSAID)
}

/// The same in a file that says more about its dates.
pub(super) fn end_in(start: Instant, text: &str, dating: Dating) -> Result<Instant, Reason> {
    match moment::written(text, dating)? {
        Written { instant: Some(instant), .. } => Ok(instant),
        Written { date: Some(date), start: Some(second), end: None, .. } => moment::instant(date, second),
        Written { date: None, start: Some(second), end: None, .. } => {
            let today = moment::instant(start.local_date(), second).map_err(|_| Reason::EndWrong)?;
            Ok(if today > start { today } else { today.plus_minutes(24 * 60) })
        }
        _ => Err(Reason::NotAnInstant),
    }
}

/// A public name, inner spaces kept.
pub(super) fn name(text: &str) -> Result<String, Reason> {
    Some(tidy(text)).filter(|name| is_public_name(name)).ok_or(Reason::NotAName)
}

/// A person's name.
pub(super) fn person_name(text: &str) -> Result<String, Reason> {
    Some(person(text)).filter(|name| is_public_name(name)).ok_or(Reason::NotAName)
}

/// A number of the street's own, which may have letters.
pub(super) fn number(text: &str) -> Result<String, Reason> {
    let number = plain(text);
    if is_scientific(&number) {
        return Err(Reason::NumberRounded);
    }
    Some(number.into_owned()).filter(|number| is_public_name(number)).ok_or(Reason::NotAName)
}

/// Points above zero.
pub(super) fn points(text: &str) -> Result<Points, Reason> {
    let text = plain(text);
    let number = text.strip_suffix('分').unwrap_or(&text).trim_end();
    number.parse().ok().filter(|&points| points > Points::ZERO).ok_or(Reason::NotPoints)
}

/// Anything that is written as a code.
pub(super) fn code<T: std::str::FromStr>(text: &str) -> Result<T, Reason> {
    let text = plain(text);
    text.parse().map_err(|_| if is_scientific(&text) { Reason::NumberRounded } else { Reason::NotACode })
}

/// `4.20902E+11`: what a spreadsheet makes of a long number in a text file.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits(mantissa) && exponent.strip_prefix('+').is_some_and(digits)
}
