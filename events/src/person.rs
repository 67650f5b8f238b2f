//! Facts about a person behind an id (身份承诺、公开姓名同意、删除个人信息). They hold nothing personal: a member by their id, a name by a
//! commitment that nobody can open without its salt.

use crate::commitment::Commitment;
use crate::id::MemberId;
use serde::{Deserialize, Serialize};

/// 身份承诺: whom an id stands for is fixed from now on. The name and its salt stand in `identity`; whoever is shown both can tell
/// that it was this name, and that it was another before or after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityCommitted {
    /// Whose.
    pub member: MemberId,
    /// To the full name.
    pub name_commitment: Commitment,
    /// To the organisation's own number, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_commitment: Option<Commitment>,
}

impl IdentityCommitted {
    /// What a commitment to a name is made under: SHA-256 of this, a zero byte, the 32 bytes of the salt, and the name in UTF-8.
    pub const NAME_DOMAIN: &str = "mingzhang/name-commitment/v1";
    /// What a commitment to a number is made under, in the same way.
    pub const NUMBER_DOMAIN: &str = "mingzhang/number-commitment/v1";
}

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
