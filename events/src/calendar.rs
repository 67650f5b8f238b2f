//! Legal working days: Monday to Friday, less the State Council's holidays, plus its make-up days (调休上班).
//!
//! Known years only: those below and, in a [`LegalCalendar`], those that adopted rules documents bring. A year without its notice gives
//! [`CalendarMissing`], never a guess.

use crate::rules::{ScoringRules, YearCalendar};
use crate::time::{Month, date_from_days, day_number};
use jiff::civil::{Date, Weekday};

/// No notice of holidays is known for a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error(
    "counting working days: the State Council's holidays of {year} are not known; adopt scoring rules whose `calendars` have them"
)]
pub struct CalendarMissing {
    /// Which.
    pub year: i16,
}

/// Month and day of month.
type Day = (i8, i8);

/// One year's holidays as published.
struct Year {
    year: i16,
    /// The General Office's notice.
    notice: &'static str,
    /// First and last day of each holiday.
    holidays: &'static [(Day, Day)],
    /// Saturdays and Sundays on which people work.
    make_up_days: &'static [Day],
}

const YEARS: [Year; 3] = [
    Year {
        year: 2024,
        notice: "国办发明电〔2023〕7号",
        holidays: &[
            ((1, 1), (1, 1)),
            ((2, 10), (2, 17)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 10), (6, 10)),
            ((9, 15), (9, 17)),
            ((10, 1), (10, 7)),
        ],
        make_up_days: &[(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)],
    },
    Year {
        year: 2025,
        notice: "国办发明电〔2024〕12号",
        holidays: &[
            ((1, 1), (1, 1)),
            ((1, 28), (2, 4)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((5, 31), (6, 2)),
            ((10, 1), (10, 8)),
        ],
        make_up_days: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    Year {
        year: 2026,
        notice: "国办发明电〔2025〕7号",
        holidays: &[
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ],
        make_up_days: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
];

/// A year as it is known.
enum Known<'a> {
    Here(&'static Year),
    Adopted(&'a YearCalendar),
}

impl Known<'_> {
    /// What it says of a day: a holiday, a make-up day, or nothing.
    fn says(&self, date: Date) -> Option<bool> {
        match self {
            Known::Adopted(calendar) => calendar.says(date),
            Known::Here(year) if year.year == date.year() => {
                let day = (date.month(), date.day());
                let holiday = || year.holidays.iter().any(|(first, last)| (*first..=*last).contains(&day));
                if year.make_up_days.contains(&day) { Some(true) } else { holiday().then_some(false) }
            }
            Known::Here(_) => None,
        }
    }
}

/// The legal calendar: the years that the program brings, and those of adopted rules documents, which go before them.
#[derive(Default)]
pub struct LegalCalendar<'a> {
    /// By the month from which they hold; of the same month, the one adopted last comes last.
    adopted: Vec<(Month, &'a YearCalendar)>,
}

impl<'a> LegalCalendar<'a> {
    /// With the calendars of rules documents, given in order of adoption. A day's is that of the latest document that is in effect by the
    /// day's month, so that later documents change nothing of the months before.
    pub fn adopted(documents: impl IntoIterator<Item = &'a ScoringRules>) -> LegalCalendar<'a> {
        let of = |rules: &'a ScoringRules| rules.calendars.iter().map(|calendar| (rules.effective_from, calendar));
        let mut adopted: Vec<(Month, &YearCalendar)> = documents.into_iter().flat_map(of).collect();
        adopted.sort_by_key(|(from, _)| *from);
        LegalCalendar { adopted }
    }

    fn known(&self, year: i16, at: Month) -> Option<Known<'a>> {
        let adopted = self.adopted.iter().rfind(|(from, calendar)| calendar.year == year && *from <= at);
        let here = || YEARS.iter().find(|known| known.year == year).map(Known::Here);
        adopted.map(|(_, calendar)| Known::Adopted(calendar)).or_else(here)
    }

    /// Whether people work on a day.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarMissing> {
        let (year, at) = (date.year(), Month::of(date));
        let own = self.known(year, at).ok_or(CalendarMissing { year })?;
        // Days of December may belong to the New Year of the next year's notice.
        let next = || self.known(year + 1, at).filter(|_| date.month() == 12)?.says(date);
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(own.says(date).or_else(next).unwrap_or(!weekend))
    }

    /// The working days of a month in order.
    pub fn working_days(&self, month: Month) -> Result<Vec<Date>, CalendarMissing> {
        let days = day_number(month.first_day())..=day_number(month.last_day());
        let working = |date: Date| self.is_working_day(date).map(|works| works.then_some(date));
        days.filter_map(|day| working(date_from_days(i64::from(day))).transpose()).collect()
    }

    /// The last of so many working days (工作日) that follow a day: the day itself doesn't count.
    pub fn working_day_after(&self, date: Date, working_days: u8) -> Result<Date, CalendarMissing> {
        let mut last = date;
        let mut left = working_days;
        let mut day = i64::from(day_number(date));
        while left > 0 {
            day += 1;
            last = date_from_days(day);
            if self.is_working_day(last)? {
                left -= 1;
            }
        }
        Ok(last)
    }

    /// The same; where a year of them isn't known, the latest day that it can be by any calendar: among twice as many days and twenty, weekends and
    /// the longest holidays leave so many working days.
    pub fn working_day_after_at_latest(&self, date: Date, working_days: u8) -> Date {
        let at_latest = || date_from_days(i64::from(day_number(date)) + 2 * i64::from(working_days) + 20);
        self.working_day_after(date, working_days).unwrap_or_else(|_| at_latest())
    }

    /// The State Council's notice that sets the working days of a month's year, such as 国办发明电〔2025〕7号.
    pub fn notice(&self, month: Month) -> Option<&'a str> {
        self.known(month.year(), month).map(|known| match known {
            Known::Here(year) => year.notice,
            Known::Adopted(calendar) => &calendar.notice,
        })
    }
}

/// Whether people work on a day, as far as the program itself knows.
pub fn is_working_day(date: Date) -> Result<bool, CalendarMissing> {
    LegalCalendar::default().is_working_day(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn works(text: &str) -> bool {
        is_working_day(text.parse().expect("a date")).expect("a known year")
    }

    #[test]
    fn holidays_and_make_up_days_are_those_of_the_notices() {
        for (date, expected) in [
            ("2024-02-09", true),
            ("2024-02-10", false),
            ("2024-02-18", true),
            ("2024-02-19", true),
            ("2024-09-14", true),
            ("2024-10-12", true),
            ("2025-01-26", true),
            ("2025-01-28", false),
            ("2025-02-04", false),
            ("2025-02-05", true),
            ("2025-06-02", false),
            ("2025-10-08", false),
            ("2025-10-11", true),
            ("2026-01-02", false),
            ("2026-01-04", true),
            ("2026-02-14", true),
            ("2026-02-23", false),
            ("2026-02-24", true),
            ("2026-02-28", true),
            ("2026-05-09", true),
            ("2026-09-20", true),
            ("2026-09-25", false),
            ("2026-10-07", false),
            ("2026-10-08", true),
            ("2026-10-10", true),
            ("2026-10-11", false),
        ] {
            assert_eq!(works(date), expected, "{date}");
        }
    }

    /// 104 Saturdays and Sundays a year and 11 (since 2025: 13) legal holidays, however the days are exchanged.
    #[test]
    fn a_year_has_as_many_working_days_as_the_law_leaves() {
        for (year, expected) in [(2024, 366 - 104 - 11), (2025, 365 - 104 - 13), (2026, 365 - 104 - 13)] {
            let days: usize = (1..=12)
                .map(|month| Month::of(Date::new(year, month, 1).expect("a date")))
                .map(|month| LegalCalendar::default().working_days(month).expect("a known year").len())
                .sum();
            assert_eq!(days, expected, "{year}");
        }
    }

    #[test]
    fn no_year_has_its_working_days_later_than_the_latest_of_any_calendar() {
        let known = LegalCalendar::default();
        for first in (1..=700).map(|day| day_number(Date::new(2024, 1, 1).expect("a date")) + day) {
            let date = date_from_days(i64::from(first));
            for days in [1, 3, 10, 30, 100, 255] {
                let Ok(last) = known.working_day_after(date, days) else { continue };
                assert!(day_number(last) <= first + 2 * u32::from(days) + 20, "{days} after {date}");
            }
        }
        let issued = Date::new(2026, 12, 28).expect("a date");
        assert_eq!(known.working_day_after_at_latest(issued, 10).to_string(), "2027-02-06");
    }

    #[test]
    fn every_make_up_day_is_a_saturday_or_sunday_outside_the_holidays() {
        for year in &YEARS {
            for &(month, day) in year.make_up_days {
                let date = Date::new(year.year, month, day).expect("a date");
                assert!(matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday), "{date}");
                assert!(!year.holidays.iter().any(|(first, last)| (*first..=*last).contains(&(month, day))), "{date}");
            }
        }
    }

    #[test]
    fn a_new_year_may_begin_in_the_december_before() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        let mut rules = ScoringRules {
            calendars: vec![YearCalendar {
                holidays: vec![crate::rules::Holiday { from: date("2026-12-31"), until: date("2027-01-02") }],
                make_up_days: vec![crate::rules::MakeUpDay(date("2026-12-27"))],
                notice: "通知".to_owned(),
                year: 2027,
            }],
            ..serde_json::from_str(r#"{"effective_from":"2026-12","review_required_for":[],"title":"t","version":"v"}"#)
                .expect("rules")
        };
        let works = |rules: &ScoringRules, day: &str| LegalCalendar::adopted([rules]).is_working_day(date(day));
        for (day, expected) in
            [("2026-12-27", true), ("2026-12-30", true), ("2026-12-31", false), ("2027-01-01", false)]
        {
            assert_eq!(works(&rules, day), Ok(expected), "{day}");
        }
        let after = LegalCalendar::adopted([&rules]).working_day_after(date("2026-12-30"), 1);
        assert_eq!(after, Ok(date("2027-01-04")), "two days off, a Saturday and a Sunday");
        rules.effective_from = "2027-01".parse().expect("a month");
        assert_eq!(works(&rules, "2026-12-31"), Ok(true), "not yet in effect");
    }

    #[test]
    fn a_year_without_its_notice_is_missing_and_not_guessed() {
        assert_eq!(
            LegalCalendar::default().working_days("2027-01".parse().expect("a month")),
            Err(CalendarMissing { year: 2027 })
        );
    }

    #[test]
    fn working_days_are_counted_from_the_day_after_over_holidays_and_make_up_days() {
        let after = |date: &str, working_days| {
            LegalCalendar::default()
                .working_day_after(date.parse().expect("a date"), working_days)
                .map(|last| last.to_string())
        };
        for (from, working_days, last) in [
            ("2026-11-03", 0, "2026-11-03"),
            ("2026-11-03", 5, "2026-11-10"),
            // Over the National Day holiday, with the Saturday after it made up.
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-09-30", 4, "2026-10-12"),
        ] {
            assert_eq!(after(from, working_days).expect("a known year"), last, "{working_days} days after {from}");
        }
        assert_eq!(after("2026-12-30", 2), Err(CalendarMissing { year: 2027 }));
    }
}
