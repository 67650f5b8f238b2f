//! What gives and takes points by itself: items for records of service, deductions, base points, and their caps.

use crate::activity::{ActivityClass, ActivityKind};
use crate::closed_list::closed_list;
use crate::evidence::Evidence;
use crate::id::ClauseId;
use crate::points::Points;
use crate::roster::MemberClass;
use serde::{Deserialize, Serialize};

closed_list! {
    /// What one portion of points is given for (计分单位).
    ScoringUnit {
        /// 每次.
        Occurrence = "occurrence",
        /// 每小时.
        Hour = "hour",
        /// 每半小时.
        HalfHour = "half_hour",
        /// 分档: by the bracket that the minutes reach.
        Bracket = "bracket",
    }
}

impl ScoringUnit {
    /// Whether minutes of service bear on what is given.
    pub const fn is_timed(self) -> bool {
        !matches!(self, ScoringUnit::Occurrence)
    }
}

closed_list! {
    /// What happens to a part of an hour or half-hour (取整).
    Rounding {
        /// 舍去: a started unit counts for nothing.
        Down = "down",
        /// 四舍五入: half a unit or more counts as one.
        HalfUp = "half_up",
        /// 进一: a started unit counts as one.
        Up = "up",
    }
}

closed_list! {
    /// What points are deducted for (扣分情形).
    DeductionGround {
        /// 无故缺席: absent from a meeting or training without leave.
        AbsenceWithoutLeave = "absence_without_leave",
        /// 报名未到: signed up, not withdrawn before the start, and no record of taking part.
        NoShow = "no_show",
    }
}

closed_list! {
    /// A stretch of the calendar that points are counted over (计分周期).
    Period {
        /// 月.
        Month = "month",
        /// 季度.
        Quarter = "quarter",
        /// 年.
        Year = "year",
        /// 累计: from the beginning of the ledger on, never reset.
        All = "all",
    }
}

/// Caps (上限): at most so many points to one member. Each is spent in order of start; several bind together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// At most so many points ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_all: Option<Points>,
    /// At most so many points for one activity in one month; a visit and a day of duty are each their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_activity: Option<Points>,
    /// At most so many points on one local day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<Points>,
    /// At most so many points in one month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<Points>,
    /// At most so many points in one quarter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_quarter: Option<Points>,
    /// At most so many points in one calendar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_year: Option<Points>,
}

impl Caps {
    /// Those that are set, with their names in the document.
    pub fn set(&self) -> impl Iterator<Item = (&'static str, Points)> {
        let named = [
            ("per_activity", self.per_activity),
            ("per_day", self.per_day),
            ("per_month", self.per_month),
            ("per_quarter", self.per_quarter),
            ("per_year", self.per_year),
            ("in_all", self.in_all),
        ];
        named.into_iter().filter_map(|(name, cap)| cap.map(|cap| (name, cap)))
    }

    /// The longest stretch of the calendar that any of them looks at.
    pub fn reach(&self) -> Period {
        match (self.in_all, self.per_year, self.per_quarter) {
            (Some(_), _, _) => Period::All,
            (None, Some(_), _) => Period::Year,
            (None, None, Some(_)) => Period::Quarter,
            (None, None, None) => Period::Month,
        }
    }
}

/// A bracket of minutes (分档).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// From so many minutes on, up to the next bracket.
    pub minutes_from: u16,
    /// What a record that reaches it is given, above zero.
    pub points: Points,
}

/// One clause that gives points for accepted records (加分项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringItem {
    /// The brackets of an item per `bracket`, in ascending order; below the first nothing is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brackets: Vec<Bracket>,
    /// Caps; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
    /// Only for records of this class; for every class if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ActivityClass>,
    /// Its number in the document.
    pub clause: ClauseId,
    /// The clause of the group whose caps it shares with others; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ClauseId>,
    /// The kind of record it scores. The first item that fits a record scores it.
    pub kind: ActivityKind,
    /// What it is called in public.
    pub name: String,
    /// What one portion is given for.
    pub per: ScoringUnit,
    /// Points for one portion, above zero; absent from an item per `bracket`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub points: Points,
    /// How portions of time are rounded; `down` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
}

fn is_zero(points: &Points) -> bool {
    *points == Points::ZERO
}

/// Several clauses that share caps (计分类别).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringGroup {
    /// What its clauses give together at most.
    pub caps: Caps,
    /// Its number in the document.
    pub clause: ClauseId,
    /// What it is called in public.
    pub name: String,
}

/// One clause that takes points (扣分项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionItem {
    /// At most so many points are taken by it; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
    /// Its number in the document.
    pub clause: ClauseId,
    /// Only for activities of this kind; for every kind if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ActivityKind>,
    /// What it is called in public.
    pub name: String,
    /// What it is for.
    pub on: DeductionGround,
    /// At most so many points are taken by it in one month, as `caps.per_month` would say; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month_max: Option<Points>,
    /// Points for each occurrence, above zero.
    pub points: Points,
}

impl DeductionItem {
    /// Its caps, however they are written.
    pub fn all_caps(&self) -> Caps {
        let caps = self.caps.clone().unwrap_or_default();
        Caps { per_month: caps.per_month.or(self.per_month_max), ..caps }
    }
}

/// A clause that gives points to whoever is on the roster at the last moment of a month (基础分). The first that fits the
/// member's class then is given, once in its period: in the first month of the period in which there is one for the member, before
/// everything else of that month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasePoints {
    /// Its number in the document.
    pub clause: ClauseId,
    /// How often it is given.
    pub each: Period,
    /// Only to members of these classes; to all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub member_classes: Vec<MemberClass>,
    /// What it is called in public.
    pub name: String,
    /// How many, above zero.
    pub points: Points,
}

impl BasePoints {
    /// Whether members of a class are given it.
    pub fn fits(&self, class: MemberClass) -> bool {
        self.member_classes.is_empty() || self.member_classes.contains(&class)
    }
}

/// How many records that were evidenced in a weak way count (补录限额): beyond it, in order of start, they give nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackEntryQuota {
    /// Its number in the document.
    pub clause: ClauseId,
    /// The ways of evidence that it limits.
    pub evidence: Vec<Evidence>,
    /// What it is called in public.
    pub name: String,
    /// At most this share of the member's accepted records of the month that have a clause, in percent, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_max: Option<u8>,
    /// At most so many of the member's records of the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_max: Option<u16>,
}

impl BackEntryQuota {
    /// How many of the records that it limits count, of so many accepted records of the month.
    pub fn allowed(&self, accepted: u32) -> u32 {
        let share = self.percent_max.map_or(u32::MAX, |percent| {
            u32::try_from(u64::from(accepted) * u64::from(percent) / 100).unwrap_or(u32::MAX)
        });
        share.min(self.records_max.map_or(u32::MAX, u32::from))
    }
}
