//! Decisions under a clause (加分、扣分、清零、一票否决), until they are reversed or quashed.

use crate::facts::{Cause, Fact};
use crate::intern::{Lookup, number_of};
use bitcode::{Decode, Encode};
use mingzhang_events::{ClauseId, EventId, Evidence};
use std::collections::{BTreeMap, BTreeSet};

/// What a decision does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Ruling {
    Granted,
    Deducted,
    Reset,
    Vetoed,
}

#[derive(Clone, Encode, Decode)]
pub(crate) struct Award {
    event: u128,
    clause: String,
    pub(crate) at: i64,
    /// In hundredths, above zero; 0 for a reset or a veto.
    pub(crate) hundredths: i64,
    pub(crate) log_index: u32,
    /// The log index of its reversal or quashing.
    pub(crate) reversed: Option<u32>,
    pub(crate) quashed: bool,
    pub(crate) member_month: u32,
    evidence: u8,
    pub(crate) ruling: Ruling,
}

impl Award {
    pub(crate) fn id(&self) -> EventId {
        EventId(self.event)
    }

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
    pub(crate) ruling: Ruling,
}

/// Every decision. Few in number, so they aren't packed.
#[derive(Default, Encode, Decode)]
pub(crate) struct Awards {
    all: Vec<Award>,
    by_member_month: BTreeMap<u32, Vec<u32>>,
    /// Members with a reset or a veto, quashed ones included.
    ever_vetoed: BTreeSet<u32>,
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

    /// Every decision in order of log index.
    pub(crate) fn all(&self) -> &[Award] {
        &self.all
    }

    /// Those of a member's month in order of log index.
    pub(crate) fn of(&self, member_month: u32) -> &[u32] {
        self.by_member_month.get(&member_month).map_or(&[], Vec::as_slice)
    }

    /// The decision that a fact is.
    pub(crate) fn of_fact(&self, fact: Fact) -> Option<&Award> {
        match fact.cause {
            Cause::Award(number) => Some(self.get(number)),
            Cause::Record(_) | Cause::SignUp(_) | Cause::Membership(_) => None,
        }
    }

    /// Whether a member ever had a reset or a veto: their months hang together.
    pub(crate) fn ever_vetoed(&self, member: u32) -> bool {
        self.ever_vetoed.contains(&member)
    }

    pub(crate) fn add(&mut self, member: u32, member_month: u32, decision: Decision) {
        if matches!(decision.ruling, Ruling::Reset | Ruling::Vetoed) {
            self.ever_vetoed.insert(member);
        }

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
            quashed: false,
            member_month,
            evidence: decision.evidence as u8,
            ruling: decision.ruling,
        });
    }

    /// The first reversal or quashing counts. Gives the member-month whose points change.
    pub(crate) fn reverse(&mut self, award: u32, log_index: u32, quashed: bool) -> u32 {
        let award = &mut self.all[award as usize];
        if award.reversed.is_none() {
            (award.reversed, award.quashed) = (Some(log_index), quashed);
        }
        award.member_month
    }

    pub(crate) fn rebuild(&mut self) {
        self.numbers = Lookup::default();
        self.numbers.extend(self.all.iter().enumerate().map(|(at, award)| (award.event, number_of(at))));
    }
}
