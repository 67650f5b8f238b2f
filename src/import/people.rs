//! Whom a row is about: found through what `identity` knows, or newly named. Names and numbers never leave this side.

use crate::import::cell::{number, spelled_otherwise};
use crate::import::column::Column;
use crate::import::fault::Reason;
use crate::import::fields::{Faulty, Fields};
use crate::import::organization_named::{Organizations, organization};
use crate::import::person_name::person_name;
use crate::import::text::plain;
use mingzhang_events::{HouseholdId, MemberId, OrganizationId};

/// Somebody, as a row or the ledger says who they are. What isn't said is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whom {
    /// The pseudonym that stands in the log.
    pub member: Option<MemberId>,
    /// The street's own number (编号).
    pub number: Option<String>,
    /// The name (姓名), as it is read from tables.
    pub name: Option<String>,
    /// The branch.
    pub branch: Option<OrganizationId>,
}

impl Whom {
    /// By what they are told: the number, or else the id.
    pub(super) fn key(&self) -> String {
        let id = || self.member.map_or_else(String::new, |member| member.to_string());
        self.number.clone().unwrap_or_else(id)
    }
}

/// The members that `identity` and the roster know.
pub trait Members {
    /// Everybody whom all of this fits. By name and branch alone: those of the name whose branch it is now. Beside an id or a number, a name and a
    /// number must be theirs, and the branch one that they ever belonged to, or above it: a table may be of last year. What isn't on
    /// record contradicts nothing.
    fn fitting(&self, whom: &Whom) -> Vec<MemberId>;
    /// Who a member is, as far as whoever imports may be told.
    fn whom(&self, member: MemberId) -> Whom;
    /// Whether it is known whom this fits. If not, nobody does for now, and the rows are read again.
    fn has_answered(&self, _: &Whom) -> bool {
        true
    }
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

/// The member that a row names by id, number, or name and branch; `None` if they are named properly but not known. What the row says
/// beside it is theirs: of a table with one column sorted alone, every row names two people.
pub(super) fn known_member(
    fields: &mut Fields<'_>,
    members: &dyn Members,
    organizations: &dyn Organizations,
) -> Result<Option<MemberId>, Faulty> {
    let member = member_id(fields);
    let number = fields.optional(Column::Number, number);
    let name = fields.optional(Column::MemberName, person_name);
    let branch = organization(fields, Column::Branch, organizations);
    let whom = Whom { member: member?, number: number?, name: name?, branch: branch? };
    let alone = match &whom {
        Whom { member: Some(member), .. } => Whom { member: Some(*member), ..Whom::default() },
        Whom { number: Some(number), .. } => Whom { number: Some(number.clone()), ..Whom::default() },
        Whom { name: Some(_), branch: Some(_), .. } => return only_one_of_the_name(fields, members, &whom),
        _ => return Err(fields.fault(Column::Number, Reason::MemberNotNamed)),
    };
    if let [member] = members.fitting(&whom)[..] {
        return Ok(Some(member));
    }
    let [member] = members.fitting(&alone)[..] else { return Ok(whom.member) };
    let known = members.whom(member);
    let fits = |said: Whom| !members.fitting(&said).is_empty();
    let mut contradicted = Ok(Some(member));
    if whom.member.is_some() && whom.number.is_some() && !fits(Whom { number: whom.number.clone(), ..alone.clone() }) {
        contradicted = Err(fields.fault(Column::Number, Reason::OtherNumber));
    }
    if whom.name.is_some() && !fits(Whom { name: whom.name, ..alone.clone() }) {
        let reason = Reason::OtherPerson { whose: alone.key(), name: known.name };
        contradicted = Err(fields.fault(Column::MemberName, reason));
    }
    if whom.branch.is_some() && !fits(Whom { branch: whom.branch, ..alone.clone() }) {
        let reason = Reason::OtherBranch { whose: alone.key(), branch: known.branch };
        contradicted = Err(fields.fault(Column::Branch, reason));
    }
    contradicted
}

/// The id that a row gives.
pub(super) fn member_id(fields: &mut Fields<'_>) -> Result<Option<MemberId>, Faulty> {
    fields.optional(Column::Member, |text| plain(text).parse().map_err(|_| Reason::NotAMemberId))
}

/// Of those of this name, or of all, whose number is this one but for how it is written, with the number on record. For a number that nobody has.
pub(super) fn numbered_otherwise(members: &dyn Members, number: &str, name: Option<&str>) -> Vec<(MemberId, String)> {
    if !members.has_answered(&Whom { number: Some(number.to_owned()), ..Whom::default() }) {
        return Vec::new();
    }
    let held = |spelling: String| {
        let (number, name) = (Some(spelling.clone()), name.map(str::to_owned));
        let holder = members.fitting(&Whom { number, name, ..Whom::default() });
        holder.first().map(|member| (*member, spelling))
    };
    spelled_otherwise(number).filter_map(held).collect()
}

/// The numbers alone, one after the other.
pub(super) fn listed(numbered: &[(MemberId, String)]) -> String {
    numbered.iter().map(|(_, number)| number.as_str()).collect::<Vec<_>>().join("、")
}

/// Who has this name in this branch; of several none is taken.
pub(super) fn only_one_of_the_name(
    fields: &mut Fields<'_>,
    members: &dyn Members,
    whom: &Whom,
) -> Result<Option<MemberId>, Faulty> {
    match members.fitting(whom).as_slice() {
        [] => Ok(None),
        [member] => Ok(Some(*member)),
        several => {
            let told = |member: &MemberId| members.whom(*member).number.unwrap_or_else(|| member.to_string());
            let mut candidates: Vec<String> = several.iter().map(told).collect();
            candidates.sort();
            let candidates = candidates.join("、");
            Err(fields.fault(Column::MemberName, Reason::AmbiguousMember { candidates }))
        }
    }
}
