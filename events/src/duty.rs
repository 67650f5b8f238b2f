//! Facts of the duty roster (每个工作日两名队员).

use crate::id::{MemberId, OrganizationId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 值守排班: the member is to serve in the community on that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRostered {
    /// The day, local.
    #[serde(with = "crate::date")]
    pub date: Date,
    /// Who.
    pub member: MemberId,
    /// Where.
    pub organization: OrganizationId,
}
