//! Points granted and deducted by a decision under a clause (加分、扣分), until they are reversed.

use crate::intern::{Lookup, number_of};
use bitcode::{Decode, Encode};
use mingzhang_events::{ClauseId, EventId, Evidence};
use std::collections::BTreeMap;

#[derive(Clone, Encode, Decode)]
pub(crate) struct Award {
    event: u128,
    clause: String,
    pub(crate) at: i64,
    /// In hundredths, above zero.
    pub(crate) hundredths: i64,
    pub(crate) log_index: u32,
    /// The log index of its reversal.
    pub(crate) reversed: Option<u32>,
    pub(crate) member_month: u32,
    evidence: u8,
    pub(crate) deducts: bool,
}

impl Award {
    pub(crate) fn clause(&self) -> Option<ClauseId> {
        self.clause.parse().ok()
    }

    pub(crate) fn evidence(&self) -> Evidence {
        Evidence::ALL[usize::from(self.evidence)]
    }
}

/// A decision to note.
pub(crate) struct Decision {
    pub(crate) event: EventId,
    pub(crate) clause: ClauseId,
    pub(crate) at: i64,
    pub(crate) hundredths: i64,
    pub(crate) log_index: u32,
    pub(crate) evidence: Evidence,
    pub(crate) deducts: bool,
}

/// Every grant and deduction. Few in number, so they aren't packed.
#[derive(Default, Encode, Decode)]
pub(crate) struct Awards {
    all: Vec<Award>,
    by_member_month: BTreeMap<u32, Vec<u32>>,
    #[bitcode(skip)]
    numbers: Lookup<u128, u32>,
}

impl Awards {
    pub(crate) fn number(&self, id: EventId) -> Option<u32> {
        self.numbers.get(&id.0).copied()
    }

    pub(crate) fn get(&self, award: u32) -> &Award {
        &self.all[award as usize]
    }

    /// Those of a member's month in order of log index.
    pub(crate) fn of(&self, member_month: u32) -> &[u32] {
        self.by_member_month.get(&member_month).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn add(&mut self, member_month: u32, decision: Decision) {
        let number = number_of(self.all.len());
        self.numbers.insert(decision.event.0, number);
        self.by_member_month.entry(member_month).or_default().push(number);
        self.all.push(Award {
            event: decision.event.0,
            clause: decision.clause.as_str().to_owned(),
            at: decision.at,
            hundredths: decision.hundredths,
            log_index: decision.log_index,
            reversed: None,
            member_month,
            evidence: decision.evidence as u8,
            deducts: decision.deducts,
        });
    }

    /// The first reversal counts. Gives the member-month whose points change.
    pub(crate) fn reverse(&mut self, award: u32, log_index: u32) -> u32 {
        let award = &mut self.all[award as usize];
        award.reversed.get_or_insert(log_index);
        award.member_month
    }

    pub(crate) fn rebuild(&mut self) {
        self.numbers = Lookup::default();
        self.numbers.extend(self.all.iter().enumerate().map(|(at, award)| (award.event, number_of(at))));
    }
}
