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
    pub(crate) branch: u32,
    /// Minutes of voluntary service.
    pub(crate) voluntary_minutes: u32,
}

/// One member's month. 32 bytes: what they earned for the first branch fits 32 and 16 bits in any sane month, and stands in
/// `further` with the rest if it doesn't.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) struct MemberMonth {
    hundredths: i32,
    /// [`NONE`] without any part, [`FURTHER`] if the parts stand in `further`.
    branch: u32,
    pub(crate) member: u32,
    /// The member's month that appeared before this one in the log.
    previous: u32,
    pub(crate) records: u32,
    pub(crate) sign_ups: u32,
    pub(crate) amendments: u32,
    voluntary_minutes: u16,
    /// With [`DIRTY`] while it is to be settled.
    month: u16,
}

const FURTHER: u32 = NONE - 1;
/// Months end in 2200, far below this bit.
const DIRTY: u16 = 1 << 15;

impl MemberMonth {
    pub(crate) fn month(self) -> Month {
        Month::from_number(self.month & !DIRTY).expect("made from a month")
    }
}

/// Every month of every member in which something happened.
#[derive(Default, Encode, Decode)]
pub(crate) struct MemberMonths {
    all: Vec<MemberMonth>,
    further: BTreeMap<u32, Vec<Part>>,
    /// The first and last of each month: those of one month lie close together, as they appeared.
    spans: BTreeMap<u16, (u32, u32)>,
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

    pub(crate) fn count(&self) -> u32 {
        number_of(self.all.len())
    }

    /// Reads the heads of a member-month, if there is one. See `touch.rs`.
    pub(crate) fn touch(&self, number: u32) -> Option<u32> {
        self.all.get(number as usize).map(|month| month.records)
    }

    /// Those of a member, last appeared first.
    pub(crate) fn of_member(&self, member: &Member) -> impl Iterator<Item = (u32, MemberMonth)> + '_ {
        let entry = |number: u32| self.all.get(number as usize).map(|&month| (number, month));
        std::iter::successors(entry(member.member_month), move |(_, last)| entry(last.previous))
    }

    pub(crate) fn find(&self, member: &Member, month: Month) -> Option<u32> {
        self.of_member(member).find(|(_, found)| found.month & !DIRTY == month.number()).map(|(number, _)| number)
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
                hundredths: 0,
                branch: NONE,
                member,
                previous,
                records: NONE,
                sign_ups: NONE,
                amendments: NONE,
                voluntary_minutes: 0,
                month: month.number(),
            },
        );
        self.spans.entry(month.number()).or_insert((number, number)).1 = number;
        // Base points were worked out for it when it wasn't there.
        self.mark(number);
        number
    }

    /// Those of a month in order of appearance.
    pub(crate) fn of_month(&self, month: Month) -> impl Iterator<Item = u32> + use<'_> {
        let span = self.spans.get(&month.number()).map(|&(first, last)| first..=last);
        span.into_iter().flatten().filter(move |&number| self.all[number as usize].month & !DIRTY == month.number())
    }

    /// The months, from one on, in which anything happened.
    pub(crate) fn months_from(&self, month: Month) -> Vec<Month> {
        self.spans.range(month.number()..).filter_map(|(&number, _)| Month::from_number(number)).collect()
    }

    /// What was earned, by branch, if anything was.
    pub(crate) fn parts(&self, number: u32) -> impl Iterator<Item = Part> + '_ {
        let month = &self.all[number as usize];
        let further =
            if month.branch == FURTHER { self.further.get(&number).map_or(&[][..], Vec::as_slice) } else { &[] };
        let only = (month.branch < FURTHER).then(|| Part {
            hundredths: i64::from(month.hundredths),
            branch: month.branch,
            voluntary_minutes: u32::from(month.voluntary_minutes),
        });
        only.into_iter().chain(further.iter().copied())
    }

    pub(crate) fn set_parts(&mut self, number: u32, parts: &[Part]) {
        let month = &mut self.all[number as usize];
        if month.branch == FURTHER {
            self.further.remove(&number);
        }
        (month.hundredths, month.branch, month.voluntary_minutes) = match parts {
            [] => (0, NONE, 0),
            [only] => match (i32::try_from(only.hundredths), u16::try_from(only.voluntary_minutes)) {
                (Ok(hundredths), Ok(minutes)) => (hundredths, only.branch, minutes),
                _ => (0, FURTHER, 0),
            },
            _ => (0, FURTHER, 0),
        };
        if month.branch == FURTHER {
            self.further.insert(number, parts.to_vec());
        }
    }

    pub(crate) fn mark(&mut self, number: u32) {
        let month = &mut self.all[number as usize];
        if month.month & DIRTY == 0 {
            month.month |= DIRTY;
            self.dirty.push(number);
        }
    }

    pub(crate) fn take_dirty(&mut self) -> Vec<u32> {
        let dirty = std::mem::take(&mut self.dirty);
        for &number in &dirty {
            self.all[number as usize].month &= !DIRTY;
        }
        dirty
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.dirty.is_empty()
    }
}
