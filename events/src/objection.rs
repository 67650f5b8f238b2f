//! Facts of an objection (异议): raised by the member concerned or for them, assigned, decided, or withdrawn.
//!
//! An objection is named by the event that raised it. Grounds and reasons are words of closed lists: nothing personal can get in.

use crate::closed_list::closed_list;
use crate::id::{ActorId, ClauseId, EventId, MemberId};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What is objected to (异议事由).
    ObjectionGround {
        /// 漏记: a record is missing.
        RecordMissing = "record_missing",
        /// 时间不符.
        TimeWrong = "time_wrong",
        /// 人员不符.
        MemberWrong = "member_wrong",
        /// 重复登记.
        RecordedTwice = "recorded_twice",
        /// 未实际参加.
        DidNotTakePlace = "did_not_take_place",
        /// 计分有误.
        PointsWrong = "points_wrong",
    }
}

closed_list! {
    /// Why an objection is dismissed (不成立原因).
    DismissalReason {
        /// 记录属实.
        RecordConfirmed = "record_confirmed",
        /// 佐证不足.
        EvidenceMissing = "evidence_missing",
        /// 计分符合细则.
        RulesFollowed = "rules_followed",
        /// 已经更正.
        CorrectedAlready = "corrected_already",
    }
}

/// 提出异议: to a record or decision, or to the member's line of a disclosure or notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionRaised {
    /// 代为提出: whether a recorder writes it down for the member, who is its objector and may withdraw it; false if absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_member: bool,
    /// What is said to be wrong.
    pub ground: ObjectionGround,
    /// Whose record or line it is.
    pub member: MemberId,
    /// The event that opened the record, decided the points, opened the disclosure or issued the notice.
    pub subject: EventId,
}

/// 分派: who is to decide it. Assigned anew, the last one decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionAssigned {
    /// Who.
    pub assignee: ActorId,
    /// The event that raised the objection.
    pub objection: EventId,
}

/// 异议成立: a correction that names this decision follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionUpheld {
    /// The clause of the scoring rules that the decision rests on; none if it rests on the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<ClauseId>,
    /// The event that raised the objection.
    pub objection: EventId,
}

/// 异议不成立: nothing changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionDismissed {
    /// The clause of the scoring rules that the decision rests on; none if it rests on the facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<ClauseId>,
    /// The event that raised the objection.
    pub objection: EventId,
    /// Why.
    pub reason: DismissalReason,
}

/// 撤回异议: by whoever raised it, or by the member for whom a recorder did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionWithdrawn {
    /// The event that raised the objection.
    pub objection: EventId,
}
