//! Names and numbers of members: asked for when something is shown, never stored in the log.

use super::{Identity, IdentityError};
use crate::store::PersonRow;
use mingzhang_events::{HouseholdId, MemberId};
use std::collections::{BTreeMap, HashMap};

/// A member as a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The organisation's own number for them.
    pub number: Option<String>,
}

/// The name as it is published without consent: the first character and a star (张*).
pub fn masked(name: &str) -> String {
    name.chars().next().map_or_else(|| "*".to_owned(), |first| format!("{first}*"))
}

impl Identity {
    /// Records people, all or none.
    pub fn record_people(&self, people: &[(MemberId, Person)]) -> Result<(), IdentityError> {
        let rows: Vec<PersonRow> = people
            .iter()
            .map(|(member, person)| PersonRow {
                member: member.0,
                name: person.name.clone(),
                number: person.number.clone(),
            })
            .collect();
        Ok(self.store.put_people(&rows)?)
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

    /// Every member by name: for imports that match on names.
    pub fn members_by_name(&self) -> Result<HashMap<String, Vec<MemberId>>, IdentityError> {
        let mut members: HashMap<String, Vec<MemberId>> = HashMap::new();
        for row in self.store.people()? {
            members.entry(row.name).or_default().push(MemberId(row.member));
        }
        Ok(members)
    }

    /// What may be shown to the public for these members: the full name with consent, else masked. Whoever has no name on
    /// record isn't in it.
    pub fn public_names(
        &self,
        members: impl IntoIterator<Item = MemberId>,
    ) -> Result<BTreeMap<MemberId, String>, IdentityError> {
        let members = members.into_iter().map(|member| member.0).collect::<Vec<_>>();
        let named = self.store.names_with_consent(&members)?.into_iter();
        let shown = |(member, name, consents): (u64, String, bool)| {
            (MemberId(member), if consents { name } else { masked(&name) })
        };
        Ok(named.map(shown).collect())
    }

    /// Records (`true`) or withdraws consent to publish the full name.
    pub fn set_name_consent(&self, member: MemberId, consents: bool) -> Result<(), IdentityError> {
        let given_at = self.clock.now().to_string();
        Ok(self.store.put_name_consent(member.0, consents.then_some(given_at.as_str()))?)
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
