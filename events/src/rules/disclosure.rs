//! Disclosure (公示) and objections (异议) as the rules have them.

use crate::closed_list::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// Who may object (异议人).
    Objectors {
        /// 本人: the member concerned, or a recorder for them.
        Concerned = "concerned",
        /// 任何党员: any member with a log-in, too.
        AnyMember = "any_member",
    }
}

closed_list! {
    /// Who else may object, by a role over the member's branch (可以提出异议的角色).
    ObjectorRole {
        /// 审核人.
        Reviewer = "reviewer",
        /// 发布人.
        Publisher = "publisher",
        /// 监督人.
        Auditor = "auditor",
    }
}

/// What precedes the close of a month (月结前公示).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureRules {
    /// An objection is to be decided within so many legal working days after it was raised; without a deadline if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_within_working_days: Option<u8>,
    /// After a notice was issued, it may be objected to for so many legal working days; without an end if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_working_days: Option<u8>,
    /// Who holds one of these roles over the member's branch may object, too; nobody if absent. Who objected doesn't decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objector_roles: Vec<ObjectorRole>,
    /// Who may object; `concerned` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objectors: Option<Objectors>,
    /// 公示期: how many legal working days the figures are shown at least before the month is closed.
    pub working_days: u8,
}

impl DisclosureRules {
    /// Who may object.
    pub fn objectors(&self) -> Objectors {
        self.objectors.unwrap_or(Objectors::Concerned)
    }

    /// Whether others than the member concerned, and a recorder for them, may object.
    pub fn takes_objections_of_others(&self) -> bool {
        self.objectors() == Objectors::AnyMember || !self.objector_roles.is_empty()
    }
}
