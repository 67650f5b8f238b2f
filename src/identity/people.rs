//! Names and numbers of members: asked for when something is shown, never stored in the log.

use super::{Identity, IdentityError};
use crate::keys::Pieces;
use crate::store::PersonRow;
use crate::transparency::Salt;
use mingzhang_events::{HouseholdId, IdentityCommitted, MemberId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A member as a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The organisation's own number for them.
    pub number: Option<String>,
}

/// Who is known, by what a table calls them.
#[derive(Default)]
pub struct Everybody {
    /// By name: namesakes together.
    pub by_name: HashMap<String, Vec<MemberId>>,
    /// By number.
    pub by_number: HashMap<String, MemberId>,
}

/// The name as it is published without consent: the first character and a star (张*).
pub fn masked(name: &str) -> String {
    name.chars().next().map_or_else(|| "*".to_owned(), |first| format!("{first}*"))
}

impl Identity {
    /// Records people, all or none. A name or number that is new gets a new salt for its commitment.
    pub fn record_people(&self, people: &[(MemberId, Person)]) -> Result<(), IdentityError> {
        let mut random = Pieces::default();
        self.record_people_salted(people, |_, _| random.next_piece().map_err(|_| IdentityError::NoRandomness))
    }

    /// As [`Identity::record_people`], with salts from elsewhere, by member and domain: for a demonstration, whose bytes are known.
    pub fn record_people_salted(
        &self,
        people: &[(MemberId, Person)],
        mut salt: impl FnMut(MemberId, &str) -> Result<Salt, IdentityError>,
    ) -> Result<(), IdentityError> {
        let mut row = |(member, person): &(MemberId, Person)| {
            Ok(PersonRow {
                member: member.0,
                name: person.name.clone(),
                number: person.number.clone(),
                name_salt: Some(salt(*member, IdentityCommitted::NAME_DOMAIN)?),
                // Without a number too: whoever is known keeps theirs, which may have no salt yet.
                number_salt: Some(salt(*member, IdentityCommitted::NUMBER_DOMAIN)?),
                committed: false,
            })
        };
        Ok(self.store.put_people(&people.iter().map(&mut row).collect::<Result<Vec<_>, IdentityError>>()?)?)
    }

    /// Forgets people: used when the roster that brought them was refused.
    pub fn forget_people(&self, members: &[MemberId]) -> Result<(), IdentityError> {
        let members: Vec<u64> = members.iter().map(|member| member.0).collect();
        Ok(self.store.remove_people(&members)?)
    }

    /// One member as a person.
    pub fn person(&self, member: MemberId) -> Result<Option<Person>, IdentityError> {
        Ok(self.store.person(member.0)?.map(|row| Person { name: row.name, number: row.number }))
    }

    /// The member with this number.
    pub fn member_by_number(&self, number: &str) -> Result<Option<MemberId>, IdentityError> {
        Ok(self.store.member_by_number(number)?.map(MemberId))
    }

    /// Everybody by number, and by name as `read` reads names: for imports, whose every row names somebody. What was stored is as
    /// somebody typed it.
    pub fn everybody(&self, read: impl Fn(&str) -> String) -> Result<Everybody, IdentityError> {
        let mut everybody = Everybody::default();
        for row in self.store.people()? {
            let member = MemberId(row.member);
            everybody.by_name.entry(read(&row.name)).or_default().push(member);
            everybody.by_number.extend(row.number.map(|number| (number, member)));
        }
        Ok(everybody)
    }

    /// What may be shown to the public for these members: the full name of those `in_full`, whose consents the log tells; of the
    /// others the masked one, or nothing unless `masked`. Whoever has no name on record isn't in it.
    pub fn shown_names(
        &self,
        members: impl IntoIterator<Item = MemberId>,
        in_full: &BTreeSet<MemberId>,
        masked: bool,
    ) -> Result<BTreeMap<MemberId, String>, IdentityError> {
        let members = members.into_iter().filter(|member| masked || in_full.contains(member));
        let named = self.store.names(&members.map(|member| member.0).collect::<Vec<_>>())?;
        let shown = |(member, name): (u64, String)| {
            let member = MemberId(member);
            (member, if in_full.contains(&member) { name } else { self::masked(&name) })
        };
        Ok(named.into_iter().map(shown).collect())
    }

    /// The full names of these members, for whoever may know who they are. Whoever has no name on record isn't in it.
    pub fn full_names(&self, members: &[MemberId]) -> Result<BTreeMap<MemberId, String>, IdentityError> {
        let named = self.store.names(&members.iter().map(|member| member.0).collect::<Vec<_>>())?;
        Ok(named.into_iter().map(|(member, name)| (MemberId(member), name)).collect())
    }

    /// Erases name, number and log-ins of those of these members of whom anything is kept. When it returns, no byte of them is
    /// left in the database's files. May wait for the disk.
    pub fn erase(&self, members: &[MemberId]) -> Result<(), IdentityError> {
        let members: Vec<u64> = members.iter().map(|member| member.0).collect();
        self.store.erase_people(&members)?;
        self.forget_cached_tokens();
        Ok(())
    }

    /// Which of these members anything personal is kept of.
    pub fn known_of(&self, members: &[MemberId]) -> Result<Vec<MemberId>, IdentityError> {
        let members: Vec<u64> = members.iter().map(|member| member.0).collect();
        Ok(self.store.known_of(&members)?.into_iter().map(MemberId).collect())
    }

    /// The household with this code in the street's own files.
    pub fn household(&self, code: &str) -> Result<Option<HouseholdId>, IdentityError> {
        Ok(self.store.household(code)?.map(HouseholdId))
    }

    /// Records the street's own codes of households.
    pub fn record_households(&self, households: &[(String, HouseholdId)]) -> Result<(), IdentityError> {
        let rows: Vec<(String, u64)> = households.iter().map(|(code, household)| (code.clone(), household.0)).collect();
        Ok(self.store.put_households(&rows)?)
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_name_without_consent_shows_its_first_character_only() {
        assert_eq!(
            (masked("张三丰"), masked("欧阳"), masked("")),
            ("张*".to_owned(), "欧*".to_owned(), "*".to_owned())
        );
    }
}
