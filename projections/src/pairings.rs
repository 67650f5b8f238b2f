//! Hardship pairings (结对帮困) over time. The household stays an opaque number in here: no query gives it out.

use crate::intern::{Interner, NONE, number_of};
use crate::roster::chain;
use bitcode::{Decode, Encode};
use mingzhang_events::HouseholdId;

#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct Pairing {
    household: u32,
    pub(crate) from: i64,
    /// The first second without it; `i64::MAX` while in force.
    pub(crate) until: i64,
    next: u32,
}

/// Every pairing ever formed.
#[derive(Default, Encode, Decode)]
pub(crate) struct Pairings {
    households: Interner,
    all: Vec<Pairing>,
}

impl Pairings {
    pub(crate) fn household(&mut self, id: HouseholdId) -> u32 {
        self.households.intern(id.0).0
    }

    /// Gives the new head of the member's chain; the old one if that pairing is in force already.
    pub(crate) fn form(&mut self, head: u32, household: u32, at: i64) -> u32 {
        if self.of(head).any(|pairing| pairing.household == household && pairing.until == i64::MAX) {
            return head;
        }
        self.all.push(Pairing { household, from: at, until: i64::MAX, next: head });
        number_of(self.all.len() - 1)
    }

    /// Ends the pairing in force with that household; ignored if there is none that had begun.
    pub(crate) fn end(&mut self, head: u32, household: u32, at: i64) {
        let mut number = head;
        while number != NONE {
            let pairing = &mut self.all[number as usize];
            if pairing.household == household && pairing.until == i64::MAX && pairing.from <= at {
                pairing.until = at;
                return;
            }
            number = pairing.next;
        }
    }

    fn of(&self, head: u32) -> impl Iterator<Item = Pairing> + '_ {
        chain(&self.all, head, |pairing| pairing.next)
    }

    /// Whether a pairing was in force at some instant from `start` to before `end`.
    pub(crate) fn any_within(&self, head: u32, start: i64, end: i64) -> bool {
        self.of(head).any(|pairing| pairing.from < end && start < pairing.until)
    }

    pub(crate) fn rebuild(&mut self) {
        self.households.rebuild();
    }
}
