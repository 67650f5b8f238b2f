//! The duty roster (值守排班): who was to serve where on which day. Duty that was served is a record.

use bitcode::{Decode, Encode};
use std::collections::BTreeSet;

/// Every rostered day.
#[derive(Default, Encode, Decode)]
pub(crate) struct DutyRoster {
    /// (local day, organisation, member).
    days: BTreeSet<(u32, u32, u32)>,
}

impl DutyRoster {
    pub(crate) fn roster(&mut self, day: u32, organization: u32, member: u32) {
        self.days.insert((day, organization, member));
    }

    /// The rostered (day, organisation, member) from one day to before another.
    pub(crate) fn between(&self, from: u32, until: u32) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        self.days.range((from, 0, 0)..(until, 0, 0)).copied()
    }
}
