//! Who may do what, where: roles scoped to a branch of the organisation tree. Pure values.

use mingzhang_events::{ActorId, MemberId, OrganizationId};
use std::fmt;
use std::str::FromStr;

/// What an actor may do in a part of the tree. No role contains another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 经办人: records facts of roster, enrolment, activities and service, and corrects them while the month is open.
    Recorder,
    /// 审核人: approves and returns records, reverses them, grants and deducts points.
    Reviewer,
    /// 发布人: closes months, corrects closed ones, issues notices.
    Publisher,
    /// 监督人: reads entries and everything derived from them.
    Auditor,
    /// 管理员: keeps the organisation tree, the rules and the log-ins.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [Role::Recorder, Role::Reviewer, Role::Publisher, Role::Auditor, Role::Operator];

    /// Its name in tokens and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Recorder => "recorder",
            Role::Reviewer => "reviewer",
            Role::Publisher => "publisher",
            Role::Auditor => "auditor",
            Role::Operator => "operator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Not a role, or not `role` or `role@organization`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a grant: write recorder, reviewer, publisher, auditor or operator, and @CODE for one branch of the tree"
)]
pub struct GrantError(String);

impl FromStr for Role {
    type Err = GrantError;
    fn from_str(text: &str) -> Result<Role, GrantError> {
        Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| GrantError(text.to_owned()))
    }
}

/// A role over an organisation and everything below it. Its text is `recorder@420902001`, or `recorder` for the whole ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// What may be done.
    pub role: Role,
    /// Where: this organisation and all below it; the whole ledger if absent.
    pub organization: Option<OrganizationId>,
}

impl FromStr for Grant {
    type Err = GrantError;
    fn from_str(text: &str) -> Result<Grant, GrantError> {
        let refused = || GrantError(text.to_owned());
        match text.split_once('@') {
            None => Ok(Grant { role: text.parse()?, organization: None }),
            Some((role, code)) => {
                Ok(Grant { role: role.parse()?, organization: Some(code.parse().map_err(|_| refused())?) })
            }
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.organization {
            None => f.pad(self.role.as_str()),
            Some(organization) => write!(f, "{}@{organization}", self.role),
        }
    }
}

/// Who asks (经办人、审核人…): authenticated, with the grants in force at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The pseudonym that stands in the log.
    pub id: ActorId,
    /// The member that this log-in belongs to, if it is a member's: nobody reviews what is about themselves.
    pub member: Option<MemberId>,
    /// What they may do, and where.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// An actor with every role over the whole ledger: whoever holds the ledger's own files.
    pub fn holder_of_the_files(id: ActorId) -> Actor {
        let grants = Role::ALL.into_iter().map(|role| Grant { role, organization: None }).collect();
        Actor { id, member: None, grants }
    }
}
