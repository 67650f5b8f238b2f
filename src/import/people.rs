//! Whom a row is about: found through what `identity` knows, or newly named. Names and numbers never leave this side.

use crate::import::cell::{number, person_name};
use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields};
use crate::import::organization_named::{Organizations, organization};
use crate::import::text::plain;
use mingzhang_events::{HouseholdId, MemberId, OrganizationId};

/// The members that `identity` and the roster know.
pub trait Members {
    /// Who has this number.
    fn by_number(&self, number: &str) -> Option<MemberId>;
    /// Everybody of this name whose branch this is.
    fn by_name_in_branch(&self, name: &str, branch: OrganizationId) -> Vec<MemberId>;
    /// The number of a member, if they have one: to tell namesakes apart.
    fn number_of(&self, member: MemberId) -> Option<String>;
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
pub(super) fn known_member(
    fields: &mut Fields<'_>,
    members: &dyn Members,
    organizations: &dyn Organizations,
) -> Result<Option<MemberId>, Faulty> {
    let member = fields.optional(Column::Member, |text| plain(text).parse().map_err(|_| Reason::NotAMemberId))?;
    if member.is_some() {
        return Ok(member);
    }
    if let Some(number) = fields.optional(Column::Number, number)? {
        return Ok(members.by_number(&number));
    }
    let name = fields.optional(Column::MemberName, person_name)?;
    let branch = organization(fields, Column::Branch, organizations)?;
    let (Some(name), Some(branch)) = (name, branch) else {
        return Err(fields.fault(Column::Number, Reason::MemberNotNamed));
    };
    match members.by_name_in_branch(&name, branch).as_slice() {
        [] => Ok(None),
        [member] => Ok(Some(*member)),
        several => {
            let told = |member: &MemberId| members.number_of(*member).unwrap_or_else(|| member.to_string());
            let mut candidates: Vec<String> = several.iter().map(told).collect();
            candidates.sort();
            let candidates = candidates.join("、");
            Err(fields.fault(Column::MemberName, Reason::AmbiguousMember { candidates }))
        }
    }
}
