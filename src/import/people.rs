//! Whom a row is about: found through what `identity` knows, or newly named. Names and numbers never leave this side.

use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields};
use mingzhang_events::{HouseholdId, MemberId, OrganizationId};

/// The members that `identity` and the roster know.
pub trait Members {
    /// Who has this number.
    fn by_number(&self, number: &str) -> Option<MemberId>;
    /// Everybody of this name whose branch this is.
    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId>;
}

/// The households that `identity` knows by the street's own codes. An id derived from the code would let anyone list them.
pub trait Households {
    /// Which household has this code.
    fn by_code(&self, code: &str) -> Option<HouseholdId>;
}

/// A member with what stands in `identity` about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMember {
    /// The pseudonym that stands in the log.
    pub member: MemberId,
    /// The name (姓名).
    pub name: String,
    /// The street's own number (编号).
    pub number: Option<String>,
}

/// A household with the street's own code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedHousehold {
    /// The pseudonym that stands in the log.
    pub household: HouseholdId,
    /// The street's own code.
    pub code: String,
}

/// The member that a row names by id, number, or name and branch; `None` if they are named properly but not known.
pub(super) fn known_member(fields: &mut Fields<'_>, members: &dyn Members) -> Result<Option<MemberId>, Faulty> {
    let member = fields.optional(Column::Member, |text| text.parse().map_err(|_| Reason::NotAMemberId))?;
    if member.is_some() {
        return Ok(member);
    }
    if let Some(number) = fields.text(Column::Number) {
        return Ok(members.by_number(number));
    }
    let (Some(name), Some(branch)) = (fields.text(Column::MemberName), fields.text(Column::Branch)) else {
        return Err(fields.fault(Column::Number, Reason::MemberNotNamed));
    };
    let Ok(branch) = branch.parse() else {
        return Err(fields.fault(Column::Branch, Reason::NotACode));
    };
    match members.by_name_in_branch(name, branch).as_slice() {
        [] => Ok(None),
        [member] => Ok(Some(*member)),
        _ => Err(fields.fault(Column::MemberName, Reason::AmbiguousMember)),
    }
}
