//! Points given or taken by a decision under a clause, not by a record of service.

use crate::closed_list::closed_list;
use crate::id::{ClauseId, EventId, MemberId};
use crate::points::Points;
use serde::{Deserialize, Serialize};

/// 加分: in the month of the event's instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsGranted {
    /// Under which clause.
    pub clause: ClauseId,
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// To whom.
    pub member: MemberId,
    /// How many, above zero.
    pub points: Points,
}

/// 扣分: in the month of the event's instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsDeducted {
    /// Under which clause.
    pub clause: ClauseId,
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// From whom.
    pub member: MemberId,
    /// How many, above zero.
    pub points: Points,
}

/// 清零: from now on the member begins anew. What they have in the clause's period up to the event's instant is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsReset {
    /// Under which clause.
    pub clause: ClauseId,
    /// Whose.
    pub member: MemberId,
}

/// 一票否决: nothing that starts after the event's instant in the clause's period is given to the member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsVetoed {
    /// Under which clause.
    pub clause: ClauseId,
    /// Whose.
    pub member: MemberId,
}

closed_list! {
    /// Why a reset or a veto is quashed (撤销原因).
    QuashingReason {
        /// 复核改变认定.
        Reviewed = "reviewed",
        /// 申诉成立.
        AppealUpheld = "appeal_upheld",
        /// 程序不当.
        ProcedureWrong = "procedure_wrong",
    }
}

/// 撤销: a reset or a veto counts for nothing, from its beginning on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionQuashed {
    /// The event that reset or vetoed.
    pub decision: EventId,
    /// Why.
    pub reason: QuashingReason,
}
