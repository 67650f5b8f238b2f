//! People and households that a table names: into `identity` before its facts, and out again if those were refused.

use super::super::failure::Failure;
use super::super::target::{Answer, Target, Told};
use crate::identity::{Kept, Person};
use crate::import::Parsed;
use mingzhang_events::{Event, MemberId};
use std::collections::HashSet;

/// What `identity` knew before of those that a table names.
#[derive(Default)]
pub(super) struct Named {
    new: Vec<MemberId>,
    /// Those who were known, as they were kept.
    before: Kept,
}

/// Records whom the rows name; those who are known under another name or number only if `rename` allows it.
pub(super) fn record(target: &Target, parsed: &Parsed, rename: bool) -> Result<Named, Failure> {
    let directory = match target {
        Target::Directory(directory) => directory,
        Target::Server(client) => {
            client.record_people(&parsed.people, rename)?;
            let households: Vec<_> =
                parsed.households.iter().map(|named| (named.code.clone(), named.household)).collect();
            client.record_households(&households)?;
            return Ok(Named::default());
        }
    };
    let identity = &directory.service.identity;
    let models = directory.service.models_blocking();
    // The rules will say no to the facts of whoever was erased: nothing is kept of them for a moment either.
    let named = parsed.people.iter().filter(|person| !models.is_erased(person.member));
    let wanted: Vec<(MemberId, Person)> = named
        .map(|person| (person.member, Person { name: person.name.clone(), number: person.number.clone() }))
        .collect();
    drop(models);
    let before = identity.kept(wanted.iter().map(|(member, _)| *member))?;
    let known: HashSet<MemberId> = before.people().map(|(member, ..)| member).collect();
    let new = wanted.iter().map(|(member, _)| *member).filter(|member| !known.contains(member)).collect();
    identity.record_people(&wanted)?;
    let households: Vec<_> =
        parsed.households.iter().map(|household| (household.code.clone(), household.household)).collect();
    identity.record_households(&households)?;
    Ok(Named { new, before })
}

impl Named {
    /// Takes back those who didn't get onto the roster, and commits to the others in the log. `answer` is none if nothing was
    /// acknowledged.
    pub(super) fn keep_only(
        mut self,
        target: &Target,
        parsed: &Parsed,
        answer: Option<&Answer>,
    ) -> Result<(), Failure> {
        let Target::Directory(directory) = target else { return Ok(()) };
        let rostered = answer.map(|answer| rostered(parsed, answer)).unwrap_or_default();
        let identity = &directory.service.identity;
        let forgotten: Vec<MemberId> = self.new.into_iter().filter(|member| !rostered.contains(member)).collect();
        identity.forget_people(&forgotten)?;
        self.before.retain(|member| !rostered.contains(&member));
        identity.restore(&self.before)?;
        Ok(directory.service.commit_identities(directory.recorder(), &rostered)?)
    }
}

/// Who is on the roster by these outcomes.
pub(super) fn rostered(parsed: &Parsed, answer: &Answer) -> HashSet<MemberId> {
    let accepted = |told: &Told| matches!(told, Told::Recorded { .. } | Told::Repeated { .. });
    let outcomes = parsed.commands.iter().zip(&answer.told).filter(|(_, told)| accepted(told));
    let member = |event: &Event| if let Event::MemberRostered(event) = event { Some(event.member) } else { None };
    outcomes.filter_map(|((_, command), _)| member(&command.event)).collect()
}
