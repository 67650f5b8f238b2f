//! Facts about organisations: one dated tree of any depth (组织链).

use crate::closed_list::closed_list;
use crate::id::OrganizationId;
use serde::{Deserialize, Serialize};

closed_list! {
    /// The level of an organisation (组织层级).
    OrganizationLevel {
        /// 市.
        City = "city",
        /// 县、区.
        County = "county",
        /// 街道党工委、乡镇党委.
        Subdistrict = "subdistrict",
        /// 社区党委.
        Community = "community",
        /// 网格党支部.
        Branch = "branch",
        /// 楼栋党小组.
        Group = "group",
    }
}

/// 组织成立: an organisation exists from the event's instant on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEstablished {
    /// Its level.
    pub level: OrganizationLevel,
    /// Its public name, 1 to 100 characters.
    pub name: String,
    /// Its code.
    pub organization: OrganizationId,
    /// The organisation above it; none for the root of the tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<OrganizationId>,
}

/// 组织更名.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationRenamed {
    /// The new public name, 1 to 100 characters.
    pub name: String,
    /// Which.
    pub organization: OrganizationId,
}

/// 组织隶属变更: moved below another organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationMoved {
    /// Which.
    pub organization: OrganizationId,
    /// The organisation above it from now on.
    pub parent: OrganizationId,
}

/// 组织合并: merged into another, which takes over its members and sub-organisations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationMerged {
    /// The organisation that goes on.
    pub into: OrganizationId,
    /// The organisation that ends.
    pub organization: OrganizationId,
}

/// 组织撤销: dissolved; it has no members or sub-organisations left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationDissolved {
    /// Which.
    pub organization: OrganizationId,
}
