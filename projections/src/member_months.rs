//! What a member did and earned in one month: the heads of its chains, and the totals that settling brings up to date.
//!
//! Invariant: the totals are those of the chains unless the member-month is among the dirty ones.

use crate::intern::{NONE, number_of, push_tight};
use crate::roster::Member;
use bitcode::{Decode, Encode};
use mingzhang_events::Month;
use std::collections::BTreeMap;

/// Points and time earned for one branch. A member who was transferred within the month has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Part {
    /// In hundredths.
    pub(crate) hundredths: i64,
    /// [`NONE`] if there is nothing for any branch.
    pub(crate) branch: u32,
    /// Minutes of voluntary service.
    pub(crate) voluntary_minutes: u32,
}

impl Part {
    pub(crate) const NOTHING: Part = Part { hundredths: 0, branch: NONE, voluntary_minutes: 0 };
}

/// One member's month. 44 bytes.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct MemberMonth {
    first: Part,
    pub(crate) member: u32,
    /// The member's month that appeared before this one in the log.
    previous: u32,
    pub(crate) records: u32,
    pub(crate) sign_ups: u32,
    pub(crate) amendments: u32,
    month: u16,
    /// Its further parts stand in `further`.
    divided: bool,
    dirty: bool,
}

impl MemberMonth {
    pub(crate) fn month(self) -> Month {
        Month::from_number(self.month).expect("made from a month")
    }
}

/// Every month of every member in which something happened.
#[derive(Default, Encode, Decode)]
pub(crate) struct MemberMonths {
    all: Vec<MemberMonth>,
    further: BTreeMap<u32, Vec<Part>>,
    #[bitcode(skip)]
    by_month: BTreeMap<u16, Vec<u32>>,
    #[bitcode(skip)]
    dirty: Vec<u32>,
}

impl MemberMonths {
    pub(crate) fn get(&self, number: u32) -> MemberMonth {
        self.all[number as usize]
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> &mut MemberMonth {
        &mut self.all[number as usize]
    }

    /// Those of a member, last appeared first.
    pub(crate) fn of_member(&self, member: &Member) -> impl Iterator<Item = (u32, MemberMonth)> + '_ {
        let entry = |number: u32| self.all.get(number as usize).map(|&month| (number, month));
        std::iter::successors(entry(member.member_month), move |(_, last)| entry(last.previous))
    }

    pub(crate) fn find(&self, member: &Member, month: Month) -> Option<u32> {
        self.of_member(member).find(|(_, found)| found.month == month.number()).map(|(number, _)| number)
    }

    pub(crate) fn find_or_add(&mut self, members: &mut [Member], member: u32, month: Month) -> u32 {
        let heads = &mut members[member as usize];
        if let Some(found) = self.find(heads, month) {
            return found;
        }
        let number = number_of(self.all.len());
        let previous = std::mem::replace(&mut heads.member_month, number);
        push_tight(
            &mut self.all,
            MemberMonth {
                first: Part::NOTHING,
                member,
                previous,
                records: NONE,
                sign_ups: NONE,
                amendments: NONE,
                month: month.number(),
                divided: false,
                dirty: false,
            },
        );
        push_tight(self.by_month.entry(month.number()).or_default(), number);
        number
    }

    /// Those of a month in order of appearance.
    pub(crate) fn of_month(&self, month: Month) -> &[u32] {
        self.by_month.get(&month.number()).map_or(&[], Vec::as_slice)
    }

    /// The months, from one on, in which anything happened.
    pub(crate) fn months_from(&self, month: Month) -> Vec<Month> {
        self.by_month.range(month.number()..).filter_map(|(&number, _)| Month::from_number(number)).collect()
    }

    /// What was earned, by branch: at least one part, the first perhaps for no branch.
    pub(crate) fn parts(&self, number: u32) -> impl Iterator<Item = Part> + '_ {
        let month = &self.all[number as usize];
        let further = if month.divided { self.further.get(&number).map_or(&[][..], Vec::as_slice) } else { &[] };
        std::iter::once(month.first).chain(further.iter().copied())
    }

    pub(crate) fn set_parts(&mut self, number: u32, parts: &[Part]) {
        let month = &mut self.all[number as usize];
        month.first = parts.first().copied().unwrap_or(Part::NOTHING);
        if month.divided {
            self.further.remove(&number);
        }
        month.divided = parts.len() > 1;
        if month.divided {
            self.further.insert(number, parts[1..].to_vec());
        }
    }

    pub(crate) fn mark(&mut self, number: u32) {
        let month = &mut self.all[number as usize];
        if !month.dirty {
            month.dirty = true;
            self.dirty.push(number);
        }
    }

    pub(crate) fn take_dirty(&mut self) -> Vec<u32> {
        let dirty = std::mem::take(&mut self.dirty);
        for &number in &dirty {
            self.all[number as usize].dirty = false;
        }
        dirty
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.dirty.is_empty()
    }

    pub(crate) fn rebuild(&mut self) {
        self.by_month = BTreeMap::new();
        for (at, month) in self.all.iter().enumerate() {
            self.by_month.entry(month.month).or_default().push(number_of(at));
        }
    }
}
