//! A year's legal calendar in a rules document: how a year that this program doesn't know yet comes into the log.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The holidays and make-up days of one year (节假日安排), as the State Council's notice has them. It goes before what the program itself
/// knows of that year, from the document's first month on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearCalendar {
    /// The holidays, weekends among them included.
    pub holidays: Vec<Holiday>,
    /// 调休上班: Saturdays and Sundays on which people work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub make_up_days: Vec<MakeUpDay>,
    /// The notice, such as 国办发明电〔2025〕7号.
    pub notice: String,
    /// Which year. Days of the December before may belong to its New Year.
    pub year: i16,
}

/// Days off, from the first to the last (放假).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The first day.
    #[serde(with = "crate::date")]
    pub from: Date,
    /// The last day.
    #[serde(with = "crate::date")]
    pub until: Date,
}

/// A Saturday or Sunday on which people work (调休上班). Its text is a date, such as `2026-10-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MakeUpDay(#[serde(with = "crate::date")] pub Date);

impl YearCalendar {
    /// What it says of a day: a holiday, a make-up day, or nothing.
    pub(crate) fn says(&self, date: Date) -> Option<bool> {
        if self.make_up_days.contains(&MakeUpDay(date)) {
            return Some(true);
        }
        let holiday = self.holidays.iter().any(|holiday| (holiday.from..=holiday.until).contains(&date));
        holiday.then_some(false)
    }
}
