//! Clauses that people decide under: grants and deductions, resets and vetoes, and the chain that reviews records.

use super::item::{Caps, Period};
use crate::closed_list::closed_list;
use crate::id::ClauseId;
use crate::organization::OrganizationLevel;
use crate::points::Points;
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a decision under a clause does (奖惩方向).
    AwardDirection {
        /// 加分.
        Grant = "grant",
        /// 扣分.
        Deduct = "deduct",
    }
}

closed_list! {
    /// What becomes of a mistake that is found in a closed month (月结后更正).
    ClosedMonthCorrections {
        /// 更正原月: the published notice stays, and the month is restated.
        Restate = "restate",
        /// 不再更正: a closed month is final.
        Refuse = "refuse",
    }
}

closed_list! {
    /// Who acts at a step of the review chain (审核角色).
    ReviewRole {
        /// 审核人.
        Reviewer = "reviewer",
        /// 发布人.
        Publisher = "publisher",
    }
}

/// A clause under which points may be granted or deducted by decision (奖惩条款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardClause {
    /// What it gives and, counted apart, takes at most; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
    /// Its number in the document.
    pub clause: ClauseId,
    /// The clause of the group whose caps its grants share with others; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ClauseId>,
    /// What it is called in public.
    pub name: String,
    /// Only for grants, or only for deductions; for both if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<AwardDirection>,
    /// The largest amount of one decision, above zero.
    pub points_max: Points,
}

impl AwardClause {
    /// Whether it lets a decision go that way.
    pub fn allows(&self, direction: AwardDirection) -> bool {
        self.only.is_none_or(|only| only == direction)
    }
}

/// A clause of a reset (清零) or a veto (一票否决). A reset takes what the member has in its period up to then, if that is above zero;
/// after a veto, nothing that starts later in its period is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodClause {
    /// Its number in the document.
    pub clause: ClauseId,
    /// What it is called in public.
    pub name: String,
    /// The period: that of the decision's month.
    pub period: Period,
}

/// One step of the review chain (审核环节).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewStep {
    /// The level of the organisation whose role acts: the nearest one at or above that level, from the record's organisation or the
    /// member's branch upward. Any that reaches one of these if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<OrganizationLevel>,
    /// What it is called in public.
    pub name: String,
    /// Who acts.
    pub role: ReviewRole,
    /// Within so many legal working days after the step before it, or after the record; no deadline if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_working_days: Option<u8>,
}
