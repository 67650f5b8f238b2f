//! The organisation tree (组织链) over time: names, places, merging and dissolution, each from its own instant on.
//!
//! Invariant: at no instant does an organisation stand below itself. An event that would bring that about is ignored.
//! An organisation that ended keeps its place for the points of its last month; a merged one stands below its successor.

use crate::intern::{Lookup, NONE, number_of};
use bitcode::{Decode, Encode};
use mingzhang_events::{OrganizationId, OrganizationLevel};

/// Where an organisation stands from an instant on.
#[derive(Clone, Copy, Encode, Decode)]
struct Placement {
    from: i64,
    parent: u32,
}

#[derive(Clone, Encode, Decode)]
struct Organization {
    code: String,
    level: u8,
    established: i64,
    dissolved: Option<i64>,
    merged: Option<Placement>,
    names: Vec<(i64, String)>,
    placements: Vec<Placement>,
}

/// Every organisation ever established.
#[derive(Default, Encode, Decode)]
pub(crate) struct Organizations {
    all: Vec<Organization>,
    /// When moves and mergers took effect, in order.
    changes: Vec<i64>,
    #[bitcode(skip)]
    ids: Vec<OrganizationId>,
    #[bitcode(skip)]
    numbers: Lookup<OrganizationId, u32>,
}

impl Organizations {
    pub(crate) fn number(&self, id: OrganizationId) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    pub(crate) fn id(&self, number: u32) -> OrganizationId {
        self.ids[number as usize]
    }

    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn level(&self, number: u32) -> OrganizationLevel {
        OrganizationLevel::ALL[usize::from(self.all[number as usize].level)]
    }

    /// Its name at an instant; the first one before it was established.
    pub(crate) fn name(&self, number: u32, at: i64) -> &str {
        let names = &self.all[number as usize].names;
        let after = names.partition_point(|(from, _)| *from <= at);
        &names[after.saturating_sub(1)].1
    }

    /// Whether it is established and has neither merged nor been dissolved.
    pub(crate) fn exists(&self, number: u32, at: i64) -> bool {
        let organization = &self.all[number as usize];
        organization.established <= at
            && organization.dissolved.is_none_or(|from| at < from)
            && organization.merged.is_none_or(|merged| at < merged.from)
    }

    /// The organisation itself, or the one that it had merged into by then.
    pub(crate) fn successor(&self, number: u32, at: i64) -> u32 {
        let mut number = number;
        while let Some(merged) = self.all[number as usize].merged.filter(|merged| merged.from <= at) {
            number = merged.parent;
        }
        number
    }

    /// The organisations that it became part of one after another, by its own merger and those of its successors.
    pub(crate) fn successors(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        let into = move |of: u32| self.all[of as usize].merged.map(|merged| merged.parent);
        std::iter::successors(into(number), move |&of| into(of))
    }

    /// The existing organisation above it at an instant; [`NONE`] above the root. Of a merged one: its successor.
    pub(crate) fn parent(&self, number: u32, at: i64) -> u32 {
        let place = self.place(number, at);
        if place == NONE { NONE } else { self.successor(place, at) }
    }

    /// As recorded, whether or not that parent still exists.
    fn place(&self, number: u32, at: i64) -> u32 {
        let organization = &self.all[number as usize];
        if let Some(merged) = organization.merged.filter(|merged| merged.from <= at) {
            return merged.parent;
        }
        let after = organization.placements.partition_point(|placement| placement.from <= at);
        organization.placements[after.saturating_sub(1)].parent
    }

    /// Itself and everything above it at an instant, nearest first.
    pub(crate) fn upward(&self, number: u32, at: i64) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(number), move |&below| Some(self.parent(below, at)).filter(|&above| above != NONE))
    }

    pub(crate) fn establish(
        &mut self,
        id: OrganizationId,
        level: OrganizationLevel,
        name: &str,
        parent: Option<OrganizationId>,
        at: i64,
    ) -> bool {
        let parent = match parent {
            None => NONE,
            Some(parent) => match self.number(parent) {
                Some(parent) => parent,
                None => return false,
            },
        };
        if self.numbers.contains_key(&id) {
            return false;
        }
        self.numbers.insert(id, number_of(self.all.len()));
        self.ids.push(id);
        self.all.push(Organization {
            code: id.as_str().to_owned(),
            level: level as u8,
            established: at,
            dissolved: None,
            merged: None,
            names: vec![(at, name.to_owned())],
            placements: vec![Placement { from: at, parent }],
        });
        true
    }

    pub(crate) fn rename(&mut self, number: u32, name: &str, at: i64) {
        let names = &mut self.all[number as usize].names;
        let after = names.partition_point(|(from, _)| *from <= at);
        names.insert(after, (at, name.to_owned()));
    }

    /// Moves it below another; false, and nothing done, before it was established or if it would stand below itself.
    pub(crate) fn place_below(&mut self, number: u32, parent: u32, at: i64) -> bool {
        let placements = &mut self.all[number as usize].placements;
        let after = placements.partition_point(|placement| placement.from <= at);
        if after == 0 {
            return false;
        }
        placements.insert(after, Placement { from: at, parent });
        if self.circular_from(number, at) {
            self.all[number as usize].placements.remove(after);
            return false;
        }
        self.note_change(at);
        true
    }

    /// Merges it into another; false, and nothing done, if it has merged already or would stand below itself.
    pub(crate) fn merge(&mut self, number: u32, into: u32, at: i64) -> bool {
        if self.all[number as usize].merged.is_some() {
            return false;
        }
        self.all[number as usize].merged = Some(Placement { from: at, parent: into });
        if self.circular_from(number, at) {
            self.all[number as usize].merged = None;
            return false;
        }
        self.note_change(at);
        true
    }

    pub(crate) fn dissolve(&mut self, number: u32, at: i64) {
        self.all[number as usize].dissolved.get_or_insert(at);
    }

    /// Every organisation that stands at or below `number` at `at` or after a later change.
    pub(crate) fn below_from(&self, number: u32, at: i64) -> Vec<u32> {
        let later = &self.changes[self.changes.partition_point(|&change| change <= at)..];
        let instants: Vec<i64> = std::iter::once(at).chain(later.iter().copied()).collect();
        let below = |&of: &u32| instants.iter().any(|&at| self.places_upward(of, at).any(|above| above == number));
        (0..number_of(self.all.len())).filter(below).collect()
    }

    fn note_change(&mut self, at: i64) {
        let after = self.changes.partition_point(|&change| change <= at);
        self.changes.insert(after, at);
    }

    fn places_upward(&self, number: u32, at: i64) -> impl Iterator<Item = u32> + '_ {
        let above = move |&below: &u32| Some(self.place(below, at)).filter(|&above| above != NONE);
        std::iter::successors(Some(number), above).take(self.all.len() + 1)
    }

    /// Whether `number` stands below itself at `at` or after any later change.
    fn circular_from(&self, number: u32, at: i64) -> bool {
        let later = &self.changes[self.changes.partition_point(|&change| change <= at)..];
        let circular = |at: i64| self.places_upward(number, at).skip(1).any(|above| above == number);
        circular(at) || later.iter().any(|&at| circular(at))
    }

    pub(crate) fn rebuild(&mut self) {
        self.ids = self.all.iter().filter_map(|organization| organization.code.parse().ok()).collect();
        self.numbers = crate::intern::numbered(&self.ids);
    }
}
