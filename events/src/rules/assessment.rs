//! What is made of points: composites, bands, gates for organisations, and how the rates are defined.

use crate::closed_list::closed_list;
use crate::id::ClauseId;
use crate::points::Points;
use crate::roster::{ExemptionReason, MemberClass};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a part of an assessment looks at (评定指标).
    Measure {
        /// 当月积分.
        MonthPoints = "month_points",
        /// 本季积分: of the quarter up to and including the month.
        QuarterPoints = "quarter_points",
        /// 本年积分: of the year up to and including the month.
        YearPoints = "year_points",
        /// 本年月均积分: the year's points by the months of the year so far, half up to the hundredth.
        YearMonthlyAverage = "year_monthly_average",
        /// 累计积分: of every month up to and including this one.
        AllPoints = "all_points",
    }
}

closed_list! {
    /// One of the rates (比率).
    RateKind {
        /// 党员报到率.
        Enrollment = "enrollment",
        /// 结对报名率.
        PairingSignUp = "pairing_sign_up",
        /// 巡逻报名率.
        PatrolSignUp = "patrol_sign_up",
        /// 走访参与率.
        VisitParticipation = "visit_participation",
        /// 巡逻参与率.
        PatrolParticipation = "patrol_participation",
        /// 参与率.
        Participation = "participation",
    }
}

closed_list! {
    /// At which moment a rate looks at the roster, at enrolments and exemptions (统计时点).
    Cutoff {
        /// 月初: the first moment of the month.
        MonthStart = "month_start",
        /// 月末: the last moment of the month.
        MonthEnd = "month_end",
    }
}

/// A share of an assessment (评定构成).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessmentPart {
    /// What it looks at.
    pub of: Measure,
    /// Its weight in percent; those of all parts are 100. The product is rounded half up to the hundredth.
    pub percent: u8,
}

/// A band (评定等次). A member is in the first whose thresholds they all reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its number in the document.
    pub clause: ClauseId,
    /// What follows from it, in words; nothing if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consequence: Option<String>,
    /// What it is called in public.
    pub name: String,
    /// With at least so many assessed points; with any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points_from: Option<Points>,
    /// With at least so many minutes of voluntary service in the longest period that the assessment looks at; with any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voluntary_minutes_from: Option<u32>,
}

/// How members are assessed (评定).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The best first. Who is vetoed, or reaches none, is in none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// What it is made of.
    pub parts: Vec<AssessmentPart>,
}

/// A gate (门槛): an organisation whose rate is below it is left out of the ranking of organisations. A rate without a value
/// leaves nobody out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its number in the document.
    pub clause: ClauseId,
    /// What it is called in public.
    pub name: String,
    /// At least so many percent, 1 to 100.
    pub percent_min: u8,
    /// Of which rate.
    pub rate: RateKind,
}

/// How a rate is counted (比率口径). Without one: of every class, at the last moment of the month, every exemption excuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateDefinition {
    /// When the roster, enrolments and exemptions are looked at; the last moment of the month if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<Cutoff>,
    /// Exemptions that excuse; every one if absent, none if the list is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempting_reasons: Option<Vec<ExemptionReason>>,
    /// Only members of these classes are due; of all if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub member_classes: Vec<MemberClass>,
    /// Which rate.
    pub rate: RateKind,
}
