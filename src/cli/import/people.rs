//! People and households that a table names: into `identity` before its facts, and out again if those were refused.

use super::super::failure::Failure;
use super::super::target::{Answer, Target, Told};
use crate::identity::Person;
use crate::import::Parsed;
use mingzhang_events::{Event, MemberId};
use std::collections::HashSet;

/// What `identity` knew before of those that a table names.
pub(super) struct Named {
    new: Vec<MemberId>,
    /// Those whose name or number is another now, as they were.
    changed: Vec<(MemberId, Person)>,
}

/// Records whom the rows name.
pub(super) fn record(target: &Target, parsed: &Parsed) -> Result<Named, Failure> {
    let mut named = Named { new: Vec::new(), changed: Vec::new() };
    let directory = match target {
        Target::Directory(directory) => directory,
        Target::Server(client) => {
            client.record_people(&parsed.people)?;
            let households: Vec<_> =
                parsed.households.iter().map(|named| (named.code.clone(), named.household)).collect();
            client.record_households(&households)?;
            return Ok(named);
        }
    };
    let identity = &directory.service.identity;
    let mut wanted = Vec::new();
    let models = directory.service.models_blocking();
    // The rules will say no to the facts of whoever was erased: nothing is kept of them for a moment either.
    for person in parsed.people.iter().filter(|person| !models.is_erased(person.member)) {
        let now = Person { name: person.name.clone(), number: person.number.clone() };
        match identity.person(person.member)? {
            None => named.new.push(person.member),
            Some(before) if before == now => continue,
            Some(before) => named.changed.push((person.member, before)),
        }
        wanted.push((person.member, now));
    }
    drop(models);
    identity.record_people(&wanted)?;
    let households: Vec<_> =
        parsed.households.iter().map(|household| (household.code.clone(), household.household)).collect();
    identity.record_households(&households)?;
    Ok(named)
}

impl Named {
    /// How many people had another name or number before.
    pub(super) fn changed(&self) -> usize {
        self.changed.len()
    }

    /// Takes back those who didn't get onto the roster. `answer` is none if nothing was acknowledged.
    pub(super) fn keep_only(self, target: &Target, parsed: &Parsed, answer: Option<&Answer>) -> Result<(), Failure> {
        let Target::Directory(directory) = target else { return Ok(()) };
        let rostered = answer.map(|answer| rostered(parsed, answer)).unwrap_or_default();
        let identity = &directory.service.identity;
        let forgotten: Vec<MemberId> = self.new.into_iter().filter(|member| !rostered.contains(member)).collect();
        identity.forget_people(&forgotten)?;
        let restored: Vec<(MemberId, Person)> =
            self.changed.into_iter().filter(|(member, _)| !rostered.contains(member)).collect();
        Ok(identity.record_people(&restored)?)
    }
}

/// Who is on the roster by these outcomes.
pub(super) fn rostered(parsed: &Parsed, answer: &Answer) -> HashSet<MemberId> {
    let accepted = |told: &Told| matches!(told, Told::Recorded { .. } | Told::Repeated { .. });
    let outcomes = parsed.commands.iter().zip(&answer.told).filter(|(_, told)| accepted(told));
    let member = |event: &Event| if let Event::MemberRostered(event) = event { Some(event.member) } else { None };
    outcomes.filter_map(|((_, command), _)| member(&command.event)).collect()
}
