//! Facts about what may be shown of a person (公开姓名同意、删除个人信息). They hold nothing personal: a member by their id.

use crate::id::MemberId;
use serde::{Deserialize, Serialize};

/// 公开姓名同意: from now on notices may print the member's full name (PIPL art. 25 and 29: a separate consent).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameConsentGiven {
    /// Whose name.
    pub member: MemberId,
}

/// 撤回公开姓名同意: the full name is printed nowhere from now on, old notices included (PIPL art. 15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameConsentWithdrawn {
    /// Whose name.
    pub member: MemberId,
}

/// 删除个人信息: name, number and log-ins of a member are gone for good (PIPL art. 47). What they did stays, by their id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonErased {
    /// Whose.
    pub member: MemberId,
}
