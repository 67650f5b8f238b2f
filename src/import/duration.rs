//! Lengths of time as people write them → whole minutes. A number without a unit has the unit that its column says, or none.

use crate::import::fault::Reason;
use crate::import::text::{plain, small_number};

/// The unit of a number that has none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minutes,
    Hours,
    /// The column doesn't say: 2 may be hours or minutes, and isn't guessed.
    Unsaid,
}

/// 1 to 1440 whole minutes: `150分钟`, `2.5小时`, `2小时30分`, `两个半小时`, `2:30`, or a number in the column's unit.
pub(super) fn minutes(text: &str, unit: Unit) -> Result<u16, Reason> {
    let text = plain(text).replace(' ', "").to_lowercase();
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return match unit {
            Unit::Unsaid => Err(Reason::UnitMissing),
            Unit::Hours => within(decimal(&text, 60)),
            Unit::Minutes => within(decimal(&text, 1)),
        };
    }
    if ABOUT.iter().any(|word| text.contains(word)) {
        return Err(Reason::Approximate);
    }
    within(clock(&text).or_else(|| in_words(&text)))
}

/// Words of whoever doesn't know how long it was.
const ABOUT: &[&str] =
    &["约", "左右", "上下", "大概", "大致", "将近", "差不多", "多小时", "余", "不到", "以上", "以内", "多分钟", "~"];

fn within(minutes: Option<u32>) -> Result<u16, Reason> {
    let minutes = minutes.filter(|minutes| (1..=1440).contains(minutes)).ok_or(Reason::NotMinutes)?;
    u16::try_from(minutes).map_err(|_| Reason::NotMinutes)
}

/// `2:30`, or `02:30:00` as a spreadsheet writes a length of time.
fn clock(text: &str) -> Option<u32> {
    let (hours, rest) = text.split_once(':')?;
    let rest = rest.strip_suffix(":00").unwrap_or(rest);
    let minutes: u32 = rest.parse().ok().filter(|minutes| *minutes < 60)?;
    Some(hours.parse::<u32>().ok().filter(|hours| *hours <= 24)? * 60 + minutes)
}

fn in_words(text: &str) -> Option<u32> {
    let hour = ["个小时", "小时", "个钟头", "个半小时", "hours", "hour", "hrs", "h"];
    let found = hour
        .iter()
        .filter_map(|word| text.find(word).map(|at| (at, *word)))
        .min_by_key(|(at, word)| (*at, usize::MAX - word.len()));
    let Some((at, word)) = found else { return minutes_in_words(text) };
    let (count, rest) = (&text[..at], &text[at + word.len()..]);
    let half = if word == "个半小时" { 30 } else { 0 };
    let (count, half) = match count.strip_suffix("个半").or_else(|| count.strip_suffix('半')) {
        Some(count) => (count, 30),
        None => (count, half),
    };
    let hours = match count {
        "" if half > 0 => 0,
        count if count.contains('.') => decimal(count, 60)?,
        count => u32::from(small_number(count)?) * 60,
    };
    let rest = match rest {
        "" => 0,
        "半" => 30,
        "一刻" | "一刻钟" => 15,
        "三刻" | "三刻钟" => 45,
        rest => minutes_in_words(rest)?,
    };
    hours.checked_add(half)?.checked_add(rest)
}

fn minutes_in_words(text: &str) -> Option<u32> {
    let unit = ["分钟", "分", "minutes", "minute", "mins", "min", "m", "'"];
    let count = unit.iter().find_map(|word| text.strip_suffix(word))?;
    if count.bytes().all(|byte| byte.is_ascii_digit()) {
        count.parse().ok()
    } else {
        small_number(count).map(u32::from)
    }
}

/// A decimal number times `per`, if that is whole.
fn decimal(text: &str, per: u32) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 4 || part.len() > 4 {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let part_value: u32 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let scale = 10_u32.pow(u32::try_from(part.len()).ok()?);
    let scaled = part_value * per;
    scaled.is_multiple_of(scale).then(|| whole * per + scaled / scale)
}

#[cfg(test)]
mod tests {
    use super::{Unit, minutes};
    use crate::import::fault::Reason;

    #[test]
    fn lengths_of_time_are_read_as_people_write_them() {
        for (text, expected) in [
            ("150分钟", 150),
            ("150 分", 150),
            ("２．５小时", 150),
            ("2.5 h", 150),
            ("2小时30分", 150),
            ("2小时30分钟", 150),
            ("2小时半", 150),
            ("两个半小时", 150),
            ("2个半小时", 150),
            ("两小时三十分", 150),
            ("半小时", 30),
            ("半个小时", 30),
            ("一个小时", 60),
            ("1h30m", 90),
            ("2:30", 150),
            ("02:30", 150),
            ("1小时一刻", 75),
        ] {
            assert_eq!(minutes(text, Unit::Unsaid), Ok(expected), "{text}");
        }
        for text in ["1小时4294967295分", "4294967295分", "65535小时半"] {
            assert_eq!(minutes(text, Unit::Unsaid), Err(Reason::NotMinutes), "{text}");
        }
        for text in ["约2小时", "2小时左右", "大约两小时", "将近半小时", "1个多小时", "120分钟以上"]
        {
            assert_eq!(minutes(text, Unit::Unsaid), Err(Reason::Approximate), "{text}");
        }
        for text in ["半天", "0分钟", "25小时", "2.51小时", "两三小时", "小时", "-2小时", "2:75", "", "时"]
        {
            assert!(minutes(text, Unit::Unsaid).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_unit_has_its_columns_unit_or_none() {
        assert_eq!(minutes("2.5", Unit::Hours), Ok(150));
        assert_eq!(minutes("90", Unit::Minutes), Ok(90));
        assert_eq!(minutes("90.0", Unit::Minutes), Ok(90));
        assert_eq!(minutes("2", Unit::Unsaid), Err(Reason::UnitMissing));
        assert_eq!(minutes("1.5", Unit::Minutes), Err(Reason::NotMinutes));
    }
}
