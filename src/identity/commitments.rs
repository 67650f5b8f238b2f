//! 身份承诺: what the log holds of a name and a number instead of them, and what opens it. Salts are erased with the person.
//!
//! Invariant: a commitment is made of what is durable here; the same name with the same salt is the same commitment.

use super::{Identity, IdentityError, Person};
use crate::store::PersonRow;
use crate::transparency::{Salt, commitment};
use mingzhang_events::{Commitment, IdentityCommitted, MemberId};

/// A person with what opens the commitments to them. Personal: it goes to whoever may know the person, and into no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whose.
    pub member: MemberId,
    /// Name and number.
    pub person: Person,
    /// Of the commitment to the name.
    pub name_salt: Salt,
    /// Of that to the number; there if the number is.
    pub number_salt: Option<Salt>,
}

impl Opening {
    /// The fact that the log holds of it.
    pub fn committed(&self) -> IdentityCommitted {
        let number = self.person.number.as_ref().zip(self.number_salt);
        IdentityCommitted {
            member: self.member,
            name_commitment: Commitment(commitment(IdentityCommitted::NAME_DOMAIN, &self.name_salt, &self.person.name)),
            number_commitment: number
                .map(|(number, salt)| Commitment(commitment(IdentityCommitted::NUMBER_DOMAIN, &salt, number))),
        }
    }

    fn of(row: PersonRow) -> Option<Opening> {
        let PersonRow { member, name, number, name_salt, number_salt, .. } = row;
        Some(Opening { member: MemberId(member), person: Person { name, number }, name_salt: name_salt?, number_salt })
    }

    fn row(&self) -> PersonRow {
        let Person { name, number } = self.person.clone();
        let (name_salt, number_salt) = (Some(self.name_salt), self.number_salt);
        PersonRow { member: self.member.0, name, number, name_salt, number_salt, committed: true }
    }
}

/// People as they were kept, with all that is beside their names: to be put back.
#[derive(Default)]
pub struct Kept(Vec<PersonRow>);

impl Kept {
    /// Whom it is about, with what they were called.
    pub fn people(&self) -> impl Iterator<Item = (MemberId, &str, Option<&str>)> {
        self.0.iter().map(|row| (MemberId(row.member), row.name.as_str(), row.number.as_deref()))
    }

    /// Only those.
    pub fn retain(&mut self, wanted: impl Fn(MemberId) -> bool) {
        self.0.retain(|row| wanted(MemberId(row.member)));
    }
}

impl Identity {
    /// What opens the commitments to a member; none for whoever has no name on record, or has had none recorded since
    /// commitments are made.
    pub fn opening(&self, member: MemberId) -> Result<Option<Opening>, IdentityError> {
        Ok(self.store.person(member.0)?.and_then(Opening::of))
    }

    /// Those whose commitments the log isn't known to hold, in order of their ids.
    pub fn uncommitted(&self) -> Result<Vec<Opening>, IdentityError> {
        Ok(self.store.uncommitted()?.into_iter().filter_map(Opening::of).collect())
    }

    /// Those of these members whose commitments the log isn't known to hold.
    pub fn uncommitted_of(&self, members: &[MemberId]) -> Result<Vec<Opening>, IdentityError> {
        let members: Vec<u64> = members.iter().map(|member| member.0).collect();
        Ok(self.store.uncommitted_of(&members)?.into_iter().filter_map(Opening::of).collect())
    }

    /// Remembers that the log holds these.
    pub fn note_committed(&self, openings: &[&Opening]) -> Result<(), IdentityError> {
        let rows: Vec<PersonRow> = openings.iter().map(|opening| opening.row()).collect();
        Ok(self.store.note_committed(&rows)?)
    }

    /// Those of these members of whom anything is kept, as it is kept.
    pub fn kept(&self, members: impl IntoIterator<Item = MemberId>) -> Result<Kept, IdentityError> {
        let members: Vec<u64> = members.into_iter().map(|member| member.0).collect();
        Ok(Kept(self.store.people_of(&members)?))
    }

    /// Puts people back as they were, salts and all, all or none.
    pub fn restore(&self, kept: &Kept) -> Result<(), IdentityError> {
        Ok(self.store.restore_people(&kept.0)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Opening, Person};
    use mingzhang_events::MemberId;

    /// Kept for ever: whoever was told a name and a salt today has to be able to check it in ten years. By `printf` and `sha256sum`.
    #[test]
    fn commitments_to_a_name_and_a_number_are_those_written_down() {
        let person = Person { name: "张三".to_owned(), number: Some("1001".to_owned()) };
        let opening = Opening { member: MemberId(7), person, name_salt: [1; 32], number_salt: Some([2; 32]) };
        let committed = opening.committed();
        assert_eq!(
            committed.name_commitment.to_string(),
            "dbc62062c785a57f610eef252bc45fe8b9b91ebb0eb546bdd118879174111310"
        );
        assert_eq!(
            committed.number_commitment.expect("to a number").to_string(),
            "5a1b0542f1ec23de3e27566a64c789509929a57112415856589e4aef4adf2347"
        );
    }
}
