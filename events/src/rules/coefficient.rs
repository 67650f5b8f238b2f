//! Coefficients (系数): what makes a record worth more or less than its item says.

use crate::activity::{ActivityKind, EmergencyGrade};
use crate::closed_list::closed_list;
use crate::evidence::Evidence;
use crate::id::ClauseId;
use crate::roster::MemberClass;
use crate::text::read_as_text;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A factor in whole thousandths, 0 to 100. Its text is the shortest decimal, such as `1.5` or `2`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factor(u32);

/// Not a decimal with at most three places between 0 and 100.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a factor like 2, 1.5 or 0.333 (0 to 100, at most three decimal places)")]
pub struct FactorError(String);

impl Factor {
    /// The largest.
    pub const LARGEST: Factor = Factor(100_000);

    /// From thousandths; none above [`Factor::LARGEST`].
    pub const fn from_thousandths(thousandths: u32) -> Option<Factor> {
        if thousandths <= Factor::LARGEST.0 { Some(Factor(thousandths)) } else { None }
    }

    /// In thousandths.
    pub const fn thousandths(self) -> u32 {
        self.0
    }
}

impl FromStr for Factor {
    type Err = FactorError;
    fn from_str(text: &str) -> Result<Factor, FactorError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let sound = digits(whole) && digits(fraction) && fraction.len() <= 3;
        let thousandths = if sound { format!("{whole}{fraction:0<3}").parse().ok() } else { None };
        thousandths.and_then(Factor::from_thousandths).ok_or_else(|| FactorError(text.to_owned()))
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, thousandths) = (self.0 / 1_000, self.0 % 1_000);
        if thousandths == 0 {
            return f.pad(&whole.to_string());
        }
        f.pad(format!("{whole}.{thousandths:03}").trim_end_matches('0'))
    }
}

/// A local time of day in whole minutes, such as `02:00`; midnight is `00:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

/// Not a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time of day like 02:00 (00:00 to 23:59)")]
pub struct TimeOfDayError(String);

impl TimeOfDay {
    /// So many minutes after midnight; none from 1,440 on.
    pub const fn from_minutes(minutes: u16) -> Option<TimeOfDay> {
        if minutes < 1_440 { Some(TimeOfDay(minutes)) } else { None }
    }

    /// Minutes after midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;
    fn from_str(text: &str) -> Result<TimeOfDay, TimeOfDayError> {
        let part = |part: &str, limit: u16| {
            let two_digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|number| two_digits && *number < limit)
        };
        let read = || {
            let (hour, minute) = text.split_once(':')?;
            Some(TimeOfDay(part(hour, 24)? * 60 + part(minute, 60)?))
        };
        read().ok_or_else(|| TimeOfDayError(text.to_owned()))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

/// Serialised as its text.
macro_rules! as_text {
    ($($name:ident = $expected:literal),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        read_as_text!($name, $expected);
    )+};
}

as_text!(Factor = "a factor as text, like \"1.5\"", TimeOfDay = "a time of day as text, like \"02:00\"");

closed_list! {
    /// How much of a record a time window concerns (时段计法).
    WindowCount {
        /// 全程: the whole record, if any of it lies in the window.
        WholeShift = "whole_shift",
        /// 重叠部分: only the minutes in the window. Only where time is scored.
        OverlappingMinutes = "overlapping_minutes",
    }
}

/// A time window (时段), every day anew; over midnight if it ends before it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWindow {
    /// How much of a record it concerns.
    pub counts: WindowCount,
    /// Its first minute.
    pub from: TimeOfDay,
    /// The first minute after it.
    pub until: TimeOfDay,
}

/// A clause that multiplies what a record is given (系数). It applies where everything that it names fits; all that apply
/// multiply, in the order of the document, each rounded half up to the hundredth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coefficient {
    /// Its number in the document.
    pub clause: ClauseId,
    /// Only at activities of these emergency grades; at all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergency_grades: Vec<EmergencyGrade>,
    /// Only for records evidenced in these ways; for all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Only for records that these clauses score; for all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ClauseId>,
    /// Only for records of these kinds; for all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<ActivityKind>,
    /// Only for members who were of these classes at its date; for all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub member_classes: Vec<MemberClass>,
    /// What it is called in public.
    pub name: String,
    /// What it multiplies by.
    pub times: Factor,
    /// Only for records in this window; at any time if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<TimeWindow>,
}
