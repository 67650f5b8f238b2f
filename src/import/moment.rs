//! Dates and times as people write them: `2026/5/3`, `5月3日 晚上7点半–10点`, days of a spreadsheet. Local time of Asia/Shanghai.
//!
//! What can mean two things is refused: a day without a year (unless the file says which), 夜里1点, 上午10点到2点.

use crate::import::fault::Reason;
use crate::import::source::{Epoch, serial_text};
use crate::import::text::{plain, small_number};
use jiff::civil::Date;
use mingzhang_events::Instant;

/// What a file says about its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dating {
    /// The year of days that are written without one.
    pub(super) year: Option<i16>,
    /// How its days are counted.
    pub(super) epoch: Epoch,
}

impl Dating {
    /// Of a single value: nothing is said.
    pub(super) const UNSAID: Dating = Dating { year: None, epoch: Epoch::From1900 };
}

/// What one cell says about when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) date: Option<Date>,
    /// Seconds since that day's midnight.
    pub(super) start: Option<u32>,
    /// The end: its own date if it has one, and seconds since that midnight.
    pub(super) end: Option<(Option<Date>, u32)>,
    /// The time of day of the start, as it is written.
    pub(super) clock: Option<Clock>,
    /// Whether 次日 stands before it.
    pub(super) next_day: bool,
    /// RFC 3339 with an offset.
    pub(super) instant: Option<Instant>,
}

impl Written {
    /// The day that it names, in local time.
    pub(super) fn local_date(&self) -> Option<Date> {
        self.date.or_else(|| Some(self.instant?.local_date()))
    }
}

/// Reads a cell that says when something ended: it may say 次日, and what it says is read with the start.
pub(super) fn end(text: &str, dating: Dating) -> Result<Written, Reason> {
    let text = plain(text);
    let rest = NEXT_DAY.iter().find_map(|word| text.strip_prefix(word));
    let mut reader = Reader { rest: rest.unwrap_or(&text).trim_start(), dating };
    let only_a_clock = reader.clock().ok().flatten().filter(|_| reader.rest.trim().is_empty());
    match (only_a_clock, rest) {
        (Some(clock), _) => Ok(Written { clock: Some(clock), next_day: rest.is_some(), ..Written::default() }),
        (None, Some(_)) => Err(Reason::NotAnInstant),
        (None, None) => written(&text, dating),
    }
}

const NEXT_DAY: [&str; 3] = ["次日", "第二天", "翌日"];

/// Reads a cell.
pub(super) fn written(text: &str, dating: Dating) -> Result<Written, Reason> {
    let text = plain(text);
    if let Some(instant) = with_offset(&text) {
        return Ok(Written { instant: Some(instant), ..Written::default() });
    }
    let serial = serial(&text, dating.epoch);
    let mut reader = Reader { rest: serial.as_deref().unwrap_or(&text), dating };
    let mut written = Written { date: reader.date()?, ..Written::default() };
    reader.skip(&[' ', ',', '，', 'T', '、']);
    if reader.rest.is_empty() && written.date.is_some() {
        return Ok(written);
    }
    let start = reader.clock()?.ok_or(Reason::NotAnInstant)?;
    (written.start, written.clock) = (Some(start.alone()?), Some(start));
    reader.skip(&[' ']);
    if reader.separator() {
        reader.skip(&[' ']);
        let next_day = NEXT_DAY.iter().any(|word| reader.take(word));
        let date = reader.date()?;
        reader.skip(&[' ', ',']);
        let end = reader.clock()?.ok_or(Reason::NotAnInstant)?;
        let second = if next_day { end.next_day()? } else { end.after(start, date.is_some())? };
        written.end = Some((date, second));
    }
    reader.skip(&[' ']);
    if reader.rest.is_empty() { Ok(written) } else { Err(Reason::NotAnInstant) }
}

/// A day alone. A time of midnight may stand beside it, as programs write it.
pub(super) fn day(text: &str, dating: Dating) -> Result<Date, Reason> {
    match written(text, dating) {
        Ok(Written { date: Some(date), start: None | Some(0), end: None, .. }) => Ok(date),
        Err(Reason::YearMissing) => Err(Reason::YearMissing),
        Ok(_) | Err(_) => Err(Reason::NotADate),
    }
}

/// The instant of a day's second.
pub(super) fn instant(date: Date, second: u32) -> Result<Instant, Reason> {
    let midnight = Instant::at_local_midnight(date).map_err(|_| Reason::NotAnInstant)?;
    Instant::from_unix_seconds(midnight.unix_seconds() + i64::from(second)).map_err(|_| Reason::NotAnInstant)
}

fn with_offset(text: &str) -> Option<Instant> {
    if !(text.ends_with(['Z', 'z']) || text.rfind(['+', '-']).is_some_and(|at| at > 10)) {
        return None;
    }
    let timestamp: jiff::Timestamp = text.parse().ok()?;
    (timestamp.subsec_nanosecond() == 0).then(|| Instant::from_unix_seconds(timestamp.as_second()).ok())?
}

/// Five digits, with or without a fraction: days since the epoch, in this century.
fn serial(text: &str, epoch: Epoch) -> Option<String> {
    let digits = text.split('.').next()?;
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let days: f64 = text.parse().ok().filter(|_| is_number && digits.len() == 5)?;
    serial_text(days, epoch).filter(|date| date.starts_with("20"))
}

struct Reader<'a> {
    rest: &'a str,
    dating: Dating,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, chars: &[char]) {
        self.rest = self.rest.trim_start_matches(chars);
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn digits(&mut self) -> &'a str {
        let end = self.rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// A date, if one begins here.
    fn date(&mut self) -> Result<Option<Date>, Reason> {
        let before = self.rest;
        let first = self.digits();
        let found = match (first.len(), self.rest.chars().next()) {
            (4, Some('年' | '-' | '/' | '.')) => self.after_year(first),
            (8, next) if !matches!(next, Some(':' | '点' | '时')) => whole(first),
            (1 | 2, Some('月')) => {
                self.rest = &self.rest['月'.len_utf8()..];
                let day = self.digits();
                if !(self.take("日") || self.take("号")) {
                    return Err(Reason::NotADate);
                }
                let year = self.dating.year.ok_or(Reason::YearMissing)?;
                date_of(&year.to_string(), first, day)
            }
            // `5/6`, `10.9`: month and day, as people write them here; not a day of three parts in another order.
            (1 | 2, Some('/' | '.')) => {
                self.rest = &self.rest[1..];
                let day = self.digits();
                if self.rest.starts_with(['/', '.', '-', ':']) {
                    return Err(Reason::NotADate);
                }
                let year = self.dating.year.ok_or(Reason::YearMissing)?;
                date_of(&year.to_string(), first, day)
            }
            _ => {
                self.rest = before;
                return Ok(None);
            }
        };
        let date = found.ok_or(Reason::NotADate)?;
        Instant::at_local_midnight(date).map_err(|_| Reason::NotADate)?;
        self.weekday();
        Ok(Some(date))
    }

    fn after_year(&mut self, year: &str) -> Option<Date> {
        let separator = self.rest.chars().next()?;
        self.rest = &self.rest[separator.len_utf8()..];
        self.skip(&[' ']);
        let month = self.digits();
        let between = if separator == '年' { "月" } else { &separator.to_string() };
        if !self.take(between) {
            return None;
        }
        self.skip(&[' ']);
        let day = self.digits();
        let _ = self.take("日") || self.take("号");
        date_of(year, month, day)
    }

    /// `(周六)`, `星期六`: said for people, and not looked at.
    fn weekday(&mut self) {
        let before = self.rest;
        self.skip(&[' ']);
        let open = self.take("(");
        if !(self.take("周") || self.take("星期") || self.take("礼拜")) {
            self.rest = before;
            return;
        }
        self.rest = self.rest.strip_prefix(['一', '二', '三', '四', '五', '六', '日', '天']).unwrap_or(self.rest);
        if open && !self.take(")") {
            self.rest = before;
        }
    }

    fn separator(&mut self) -> bool {
        let before = self.rest;
        self.rest = self.rest.trim_start_matches(['-', '–', '—', '~', '～', '至', '到', '─', '－']);
        self.rest.len() < before.len()
    }

    /// A time of day, if one begins here.
    fn clock(&mut self) -> Result<Option<Clock>, Reason> {
        let period = Period::ALL.iter().find(|(word, _)| self.take(word)).map(|(_, period)| *period);
        self.skip(&[' ']);
        let end = self
            .rest
            .find(|char: char| !(char.is_ascii_digit() || "〇一二两三四五六七八九十".contains(char)))
            .unwrap_or(self.rest.len());
        let (hour, rest) = self.rest.split_at(end);
        if hour.is_empty() {
            return if period.is_some() { Err(Reason::NotAnInstant) } else { Ok(None) };
        }
        self.rest = rest;
        let hour = small_number(hour).filter(|hour| *hour <= 24).ok_or(Reason::NotAnInstant)?;
        let (mut minute, mut second) = (0, 0);
        if self.take(":") {
            minute = self.below(60)?;
            if self.take(":") {
                second = self.below(60)?;
            }
        } else if self.take("点") || self.take("时") {
            let _ = self.take("钟") || self.take("整");
            if self.take("半") {
                minute = 30;
            } else if self.take("一刻") {
                minute = 15;
            } else if self.take("三刻") {
                minute = 45;
            } else if self.rest.starts_with(|char: char| char.is_ascii_digit()) {
                minute = self.below(60)?;
                let _ = self.take("分");
            }
        } else {
            return Err(Reason::NotAnInstant);
        }
        if period.is_none()
            && (self.rest.to_ascii_lowercase().starts_with("am") || self.rest.to_ascii_lowercase().starts_with("pm"))
        {
            return Err(Reason::NotAnInstant);
        }
        Ok(Some(Clock { period, hour, minute, second }))
    }

    fn below(&mut self, limit: u16) -> Result<u16, Reason> {
        let digits = self.digits();
        let value = digits.parse().ok().filter(|value| (1..=2).contains(&digits.len()) && *value < limit);
        value.ok_or(Reason::NotAnInstant)
    }
}

fn whole(digits: &str) -> Option<Date> {
    date_of(&digits[..4], &digits[4..6], &digits[6..])
}

fn date_of(year: &str, month: &str, day: &str) -> Option<Date> {
    let part = |text: &str| text.parse().ok().filter(|_| (1..=2).contains(&text.len()));
    Date::new(year.parse().ok()?, part(month)?, part(day)?).ok()
}

/// The part of the day that people say before the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Period {
    SmallHours,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl Period {
    const ALL: &'static [(&'static str, Period)] = &[
        ("凌晨", Period::SmallHours),
        ("清晨", Period::Morning),
        ("早上", Period::Morning),
        ("早晨", Period::Morning),
        ("上午", Period::Morning),
        ("中午", Period::Noon),
        ("下午", Period::Afternoon),
        ("傍晚", Period::Evening),
        ("晚上", Period::Evening),
        ("晚间", Period::Evening),
        ("当晚", Period::Evening),
        ("夜里", Period::Night),
        ("夜间", Period::Night),
        ("深夜", Period::Night),
        ("晚", Period::Evening),
        ("早", Period::Morning),
    ];

    /// The hour of the day, 0 to 24, that this hour of this part of it is; above 24 where it is the next day's.
    fn hour(self, hour: u16) -> Option<u16> {
        match (self, hour) {
            (Period::SmallHours, 0..=6) => Some(hour),
            (Period::SmallHours, 12) => Some(0),
            (Period::Morning, 4..=12) => Some(hour),
            (Period::Noon, 11..=14) => Some(hour),
            (Period::Noon, 1 | 2) => Some(hour + 12),
            (Period::Afternoon, 12..=19) => Some(hour),
            (Period::Afternoon, 1..=7) => Some(hour + 12),
            (Period::Evening | Period::Night, 17..=24) => Some(hour),
            (Period::Evening | Period::Night, 5..=11) => Some(hour + 12),
            (Period::Evening | Period::Night, 12) => Some(24),
            // After midnight, people still say evening.
            (Period::Evening | Period::Night, 0..=4) => Some(hour + 24),
            _ => None,
        }
    }
}

/// A time of day as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    period: Option<Period>,
    hour: u16,
    minute: u16,
    second: u16,
}

impl Clock {
    /// That of an instant that is written otherwise.
    pub(super) fn of_day(at: Instant) -> Result<Clock, Reason> {
        let minute = at.local_minute_of_day();
        let second = u16::try_from(at.unix_seconds().rem_euclid(60)).map_err(|_| Reason::NotAnInstant)?;
        Ok(Clock { period: None, hour: minute / 60, minute: minute % 60, second })
    }

    fn seconds(self, hour: u16) -> u32 {
        u32::from(hour) * 3_600 + u32::from(self.minute) * 60 + u32::from(self.second)
    }

    /// As the beginning of something.
    fn alone(self) -> Result<u32, Reason> {
        let hour = self.period.map_or(Some(self.hour), |period| period.hour(self.hour));
        hour.filter(|hour| *hour < 24).map(|hour| self.seconds(hour)).ok_or(Reason::NotAnInstant)
    }

    /// As the end on the day after the start's.
    pub(super) fn next_day(self) -> Result<u32, Reason> {
        Ok(self.alone()? + DAY)
    }

    /// As the end of something that began at `start`: in the same part of the day if it names none. What isn't after the start is on the
    /// next day only where nothing else can be meant: no part of the day is named, and twelve hours later, where a 7:30 that was
    /// meant as 19:30 lies, is before the start, too.
    pub(super) fn after(self, start: Clock, dated: bool) -> Result<u32, Reason> {
        let began = start.alone()?;
        let named = match (self.period, start.period, dated) {
            (Some(period), ..) => Some(period),
            (None, Some(period), false) if self.hour <= 12 => Some(period),
            (None, ..) => None,
        };
        let hour = match named {
            Some(period) => period.hour(self.hour).ok_or(Reason::NextDayUnsaid)?,
            None => self.hour,
        };
        let end = self.seconds(hour);
        if dated || end > began {
            return Ok(end);
        }
        match named {
            Some(_) if self.period == Some(Period::SmallHours) && end < began => Ok(end + DAY),
            Some(_) => Err(Reason::NextDayUnsaid),
            None if end + DAY / 2 < began => Ok(end + DAY),
            None => Err(Reason::NextDayUnsaid),
        }
    }
}

/// Seconds.
const DAY: u32 = 86_400;

#[cfg(test)]
mod tests {
    use super::{Dating, Reason, Written, day, written};
    use crate::import::source::Epoch;

    const IN_2026: Dating = Dating { year: Some(2026), epoch: Epoch::From1900 };

    fn told(text: &str) -> String {
        let clock = |second: u32| format!("{:02}:{:02}", second / 3_600, second / 60 % 60);
        match written(text, IN_2026) {
            Err(_) => "no".to_owned(),
            Ok(Written { instant: Some(instant), .. }) => instant.to_string(),
            Ok(Written { date, start, end, .. }) => {
                let date = date.map(|date| date.to_string()).unwrap_or_default();
                let end = end.map(|(date, end)| {
                    format!("–{}{}", date.map(|date| format!("{date} ")).unwrap_or_default(), clock(end))
                });
                format!("{date} {}{}", start.map(clock).unwrap_or_default(), end.unwrap_or_default()).trim().to_owned()
            }
        }
    }

    #[test]
    fn dates_and_times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2026/5/3", "2026-05-03"),
            ("2026.5.3", "2026-05-03"),
            ("20260503", "2026-05-03"),
            ("２０２６年５月３日", "2026-05-03"),
            ("2026年5月3号", "2026-05-03"),
            ("2026-05-03（周日）", "2026-05-03"),
            ("5月3日", "2026-05-03"),
            ("46145", "2026-05-03"),
            ("46145.8125", "2026-05-03 19:30"),
            ("2026-05-03 00:00:00", "2026-05-03 00:00"),
            ("5月3日 晚上7点半–10点", "2026-05-03 19:30–22:00"),
            ("5月3日晚7:30-10:00", "2026-05-03 19:30–22:00"),
            ("5月3日星期日 晚上九点到十二点", "2026-05-03 21:00–24:00"),
            ("2026/5/3 晚上10点~次日1点", "2026-05-03 22:00–25:00"),
            ("2026/5/3 晚上10点-凌晨1点", "2026-05-03 22:00–25:00"),
            ("2026/5/3 晚上10点-1点", "2026-05-03 22:00–25:00"),
            ("2026-5-3 21:30至00:30", "2026-05-03 21:30–24:30"),
            ("2026-5-3 22:00-9:59", "2026-05-03 22:00–33:59"),
            ("2026-5-3 22:00-10:00", "no"),
            ("19:30-19:30", "no"),
            ("19:30-7:30", "no"),
            ("14:00-3点", "no"),
            ("8:00-次日8:00", "08:00–32:00"),
            ("下午2点-凌晨3点", "14:00–27:00"),
            ("2026-5-3 21:30 - 2026-5-4 00:30", "2026-05-03 21:30–2026-05-04 00:30"),
            ("上午9点-11点", "09:00–11:00"),
            ("上午9点到下午4点半", "09:00–16:30"),
            ("下午2点30分", "14:30"),
            ("中午12点", "12:00"),
            ("19：30", "19:30"),
            ("2026-10-03T11:30:00Z", "2026-10-03T11:30:00Z"),
            ("上午10点到2点", "no"),
            ("夜里1点", "no"),
            ("2026-02-30", "no"),
            ("2026-13-01", "no"),
            ("5/3", "2026-05-03"),
            ("10.9", "2026-10-09"),
            ("5/3 19:30-21:00", "2026-05-03 19:30–21:00"),
            ("13/5", "no"),
            ("5.30.2026", "no"),
            ("26-10-03 10:00", "no"),
            ("2026-10-03 24:00", "no"),
            ("10/3/2026 10:00", "no"),
            ("晚上", "no"),
            ("7", "no"),
            ("", "no"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_without_a_year_needs_one() {
        assert_eq!(written("5月3日 19:30", Dating::UNSAID), Err(Reason::YearMissing));
        assert_eq!(day("5月3日", Dating::UNSAID), Err(Reason::YearMissing));
        assert_eq!(day("5/3", Dating::UNSAID), Err(Reason::YearMissing));
        assert_eq!(day("2026-05-03 19:30", Dating::UNSAID), Err(Reason::NotADate));
        assert!(day("2026-05-03 00:00:00", Dating::UNSAID).is_ok());
    }
}
