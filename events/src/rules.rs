//! The scoring rules (积分细则) as a document: public, versioned, effective from a month on. Adopted by an event that holds
//! the whole document, so that anyone can recompute. What the rules mean is in the `projections` crate.

use crate::activity::{ActivityClass, ActivityKind};
use crate::closed_list::closed_list;
use crate::evidence::Evidence;
use crate::id::{ClauseId, RulesVersion};
use crate::name::{NAME_CHARACTERS_MAX, is_public_name};
use crate::points::Points;
use crate::time::Month;
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

/// Caps on what one item gives a member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// At most so many points on one local day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<Points>,
    /// At most so many points in one month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<Points>,
}

/// One clause that gives points for accepted records (加分项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringItem {
    /// Caps; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
    /// Only for records of this class; for every class if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ActivityClass>,
    /// Its number in the document.
    pub clause: ClauseId,
    /// The kind of record it scores. The first item that fits a record scores it.
    pub kind: ActivityKind,
    /// What it is called in public.
    pub name: String,
    /// What one portion is given for.
    pub per: ScoringUnit,
    /// Points for one portion, above zero.
    pub points: Points,
    /// How portions of time are rounded; `down` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
}

/// One clause that takes points (扣分项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionItem {
    /// Its number in the document.
    pub clause: ClauseId,
    /// Only for activities of this kind; for every kind if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ActivityKind>,
    /// What it is called in public.
    pub name: String,
    /// What it is for.
    pub on: DeductionGround,
    /// At most so many points are taken by it in one month; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month_max: Option<Points>,
    /// Points for each occurrence, above zero.
    pub points: Points,
}

/// A clause under which points may be granted or deducted by decision (奖惩条款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardClause {
    /// Its number in the document.
    pub clause: ClauseId,
    /// What it is called in public.
    pub name: String,
    /// The largest amount of one decision, above zero.
    pub points_max: Points,
}

/// The scoring rules (积分细则), whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringRules {
    /// Clauses for grants and deductions by decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<AwardClause>,
    /// Clauses that take points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deductions: Vec<DeductionItem>,
    /// How many members a working day's duty needs; 2 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty_members_per_working_day: Option<u8>,
    /// The first month that these rules score.
    pub effective_from: Month,
    /// Clauses that give points.
    pub items: Vec<ScoringItem>,
    /// A rate or average over fewer members isn't published; 5 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_group_members_min: Option<u32>,
    /// Records evidenced in one of these ways count only once they are approved; the others unless they are returned.
    pub review_required_for: Vec<Evidence>,
    /// The longest service at a stretch, in minutes, that may be recorded; 720 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stretch_minutes_max: Option<u16>,
    /// What the document is called.
    pub title: String,
    /// Its number; every adopted version has its own.
    pub version: RulesVersion,
}

impl ScoringRules {
    /// The longest service at a stretch in minutes.
    pub fn stretch_minutes_max(&self) -> u16 {
        self.stretch_minutes_max.unwrap_or(720)
    }

    /// How many members a working day's duty needs.
    pub fn duty_members_per_working_day(&self) -> u8 {
        self.duty_members_per_working_day.unwrap_or(2)
    }

    /// The smallest group whose rates and averages are published.
    pub fn published_group_members_min(&self) -> u32 {
        self.published_group_members_min.unwrap_or(5)
    }

    /// What makes the document unusable, in words; empty if nothing does.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut clauses = std::collections::BTreeSet::new();
        let amounts = (self.items.iter().map(|item| (item.clause, item.points)))
            .chain(self.deductions.iter().map(|item| (item.clause, item.points)))
            .chain(self.awards.iter().map(|award| (award.clause, award.points_max)));
        for (clause, points) in amounts {
            if !clauses.insert(clause) {
                faults.push(format!("clause {clause} occurs twice: give each clause its own number"));
            }
            if points <= Points::ZERO || points > Points::LARGEST {
                faults.push(format!("clause {clause}: points must be above 0 and at most {}", Points::LARGEST));
            }
        }
        for item in &self.items {
            let caps = item.caps.clone().unwrap_or_default();
            if [caps.per_day, caps.per_month].into_iter().flatten().any(|cap| cap < Points::ZERO) {
                faults.push(format!("clause {}: a cap can't be below 0", item.clause));
            }
        }
        for item in &self.deductions {
            if item.per_month_max.is_some_and(|cap| cap < Points::ZERO) {
                faults.push(format!("clause {}: a cap can't be below 0", item.clause));
            }
        }
        if !(1..=1440).contains(&self.stretch_minutes_max()) {
            faults.push("stretch_minutes_max must be between 1 and 1440".to_owned());
        }
        let names = (self.items.iter().map(|item| (Some(item.clause), &item.name)))
            .chain(self.deductions.iter().map(|item| (Some(item.clause), &item.name)))
            .chain(self.awards.iter().map(|award| (Some(award.clause), &award.name)))
            .chain([(None, &self.title)]);
        for (clause, name) in names.filter(|(_, name)| !is_public_name(name)) {
            let whose = clause.map_or("the title".to_owned(), |clause| format!("clause {clause}: the name"));
            faults.push(format!("{whose} {name:?} must have 1 to {NAME_CHARACTERS_MAX} visible characters"));
        }
        if self.items.len() > 200 || self.deductions.len() > 200 || self.awards.len() > 200 {
            faults.push("more than 200 clauses of one sort".to_owned());
        }
        faults
    }
}

/// 积分细则施行: these rules score every month from `rules.effective_from` on, until a later version does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringRulesAdopted {
    /// The document.
    pub rules: Box<ScoringRules>,
}
