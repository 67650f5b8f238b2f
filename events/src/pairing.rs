//! Facts of hardship pairing (结对帮困). The household is an opaque id: residents who are helped never appear by name.

use crate::id::{HouseholdId, MemberId, OrganizationId};
use serde::{Deserialize, Serialize};

/// 结对: a member has signed up to help a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HardshipPairingFormed {
    /// Whom.
    pub household: HouseholdId,
    /// Who helps.
    pub member: MemberId,
    /// The community that the household belongs to.
    pub organization: OrganizationId,
}

/// 结对终止.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HardshipPairingEnded {
    /// Whom.
    pub household: HouseholdId,
    /// Who helped.
    pub member: MemberId,
}
