//! Points given or taken by a decision under a clause, not by a record of service.

use crate::id::{ClauseId, MemberId};
use crate::points::Points;
use serde::{Deserialize, Serialize};

/// 加分: in the month of the event's instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsGranted {
    /// Under which clause.
    pub clause: ClauseId,
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
    /// From whom.
    pub member: MemberId,
    /// How many, above zero.
    pub points: Points,
}
