//! One cell → one value: dates, times, names, points, codes.

use crate::import::fault::Reason;
use crate::import::moment::{self, Clock, Dating, Written};
use crate::import::person_name::is_ditto;
use crate::import::source::DIGITS_MAX;
use crate::import::text::{plain, tidy};
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
    end_in(Began { at: start, until: None, clock: None }, text, Dating::UNSAID)
}

/// When something began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began {
    pub(super) at: Instant,
    /// When it ended, if the same cell says so.
    pub(super) until: Option<Instant>,
    /// The time of day as it is written: an end in the next cell goes on with it as one in the same cell does.
    pub(super) clock: Option<Clock>,
}

/// The same in a file that says more about its dates.
pub(super) fn end_in(began: Began, text: &str, dating: Dating) -> Result<Instant, Reason> {
    match moment::end(text, dating)? {
        Written { instant: Some(instant), .. } => Ok(instant),
        Written { date: Some(date), start: Some(second), end: None, .. } => moment::instant(date, second),
        Written { date: None, clock: Some(clock), next_day, end: None, .. } => {
            let at = began.at;
            let day = at.local_date();
            let began = began.clock.map_or_else(|| Clock::of_day(at), Ok)?;
            moment::instant(day, if next_day { clock.next_day()? } else { clock.after(began, false)? })
        }
        _ => Err(Reason::NotAnInstant),
    }
}

/// A public name, inner spaces kept.
pub(super) fn name(text: &str) -> Result<String, Reason> {
    Some(tidy(text)).filter(|name| is_public_name(name)).ok_or(Reason::NotAName)
}

/// A number of the street's own, which may have letters.
pub(super) fn number(text: &str) -> Result<String, Reason> {
    let plain = plain(text);
    let number = as_text(&plain);
    if is_scientific(number) {
        return Err(Reason::NumberRounded);
    }
    if ["true", "false"].iter().any(|word| number.eq_ignore_ascii_case(word)) {
        return Err(Reason::NotANumber);
    }
    if is_ditto(number) {
        return Err(Reason::Ditto);
    }
    Some(number.to_owned()).filter(|number| is_public_name(number)).ok_or(Reason::NotAName)
}

/// `="3603"` and `'3603`: how a text file makes a spreadsheet keep a number as text.
fn as_text(text: &str) -> &str {
    let formula = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    let kept = text.strip_prefix('\'').filter(|text| text.starts_with(|char: char| char.is_ascii_alphanumeric()));
    formula.or(kept).unwrap_or(text).trim()
}

/// How a number may stand on record that a table now gives otherwise: with other zeros in front, as it was shown or stored, and in what kept it as text.
pub(super) fn spelled_otherwise(number: &str) -> impl Iterator<Item = String> {
    let digits = number.trim_start_matches('0');
    let is_padded = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (shortest, longest) = if is_padded { (digits.len(), number.len().max(DIGITS_MAX)) } else { (0, 0) };
    let text = if is_padded { digits } else { number };
    let padded = (shortest..=longest).map(move |width| format!("{text:0>width$}"));
    let kept = padded.flat_map(|plain| [format!("=\"{plain}\""), format!("'{plain}"), plain]);
    kept.filter(move |spelling| spelling != number)
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
    let text = as_text(&text);
    text.parse().map_err(|_| if is_scientific(text) { Reason::NumberRounded } else { Reason::NotACode })
}

/// `4.20902E+11`: what a spreadsheet makes of a long number in a text file.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    digits(mantissa) && exponent.strip_prefix('+').is_some_and(digits)
}
