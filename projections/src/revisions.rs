//! 改动: what changed a month after it was frozen, entry by entry and with its reason. This is why a superseding notice differs.
//!
//! Few in number, so they aren't packed. Holds words of closed lists and ids, nothing personal.

use crate::intern::NONE;
use crate::models::ReadModels;
use crate::span::month_start;
use bitcode::{Decode, Encode};
use mingzhang_events::{
    CorrectionReason, EventId, MemberId, Month, ObjectionGround, QuashingReason, RecordedEvent, ReturnReason,
};

/// What an entry did to a month that was frozen or closed, and why as far as the entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revised {
    /// 补登: a record was entered that was missing.
    Recorded,
    /// 补签退: a record that was open got its end.
    CheckedOut,
    /// 审核通过, by the last step of its review.
    Approved,
    /// 退回.
    Returned(ReturnReason),
    /// 更正.
    Corrected(CorrectionReason),
    /// 冲正.
    Reversed(CorrectionReason),
    /// 撤销.
    Quashed(QuashingReason),
}

impl Revised {
    fn stored(self) -> (u8, u8) {
        match self {
            Revised::Recorded => (0, 0),
            Revised::CheckedOut => (1, 0),
            Revised::Approved => (2, 0),
            Revised::Returned(reason) => (3, reason as u8),
            Revised::Corrected(reason) => (4, reason as u8),
            Revised::Reversed(reason) => (5, reason as u8),
            Revised::Quashed(reason) => (6, reason as u8),
        }
    }

    fn read((act, reason): (u8, u8)) -> Revised {
        let reason = usize::from(reason);
        match act {
            0 => Revised::Recorded,
            1 => Revised::CheckedOut,
            2 => Revised::Approved,
            3 => Revised::Returned(ReturnReason::ALL[reason]),
            4 => Revised::Corrected(CorrectionReason::ALL[reason]),
            5 => Revised::Reversed(CorrectionReason::ALL[reason]),
            _ => Revised::Quashed(QuashingReason::ALL[reason]),
        }
    }

    /// The act in a word of its own: `recorded`, `checked_out`, `approved`, `returned`, `corrected`, `reversed`, `quashed`.
    pub const fn act(self) -> &'static str {
        match self {
            Revised::Recorded => "recorded",
            Revised::CheckedOut => "checked_out",
            Revised::Approved => "approved",
            Revised::Returned(_) => "returned",
            Revised::Corrected(_) => "corrected",
            Revised::Reversed(_) => "reversed",
            Revised::Quashed(_) => "quashed",
        }
    }

    /// The reason as the entry has it: a word of the closed list of its type. None for acts that give none.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Revised::Recorded | Revised::CheckedOut | Revised::Approved => None,
            Revised::Returned(reason) => Some(reason.as_str()),
            Revised::Corrected(reason) | Revised::Reversed(reason) => Some(reason.as_str()),
            Revised::Quashed(reason) => Some(reason.as_str()),
        }
    }
}

/// An entry that changed a frozen or closed month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its place in the log.
    pub log_index: u64,
    /// Its event.
    pub id: EventId,
    /// Whose month it changed.
    pub member: MemberId,
    /// Which month.
    pub month: Month,
    /// What it did, and why.
    pub revised: Revised,
    /// The decision that upheld an objection and that it follows from.
    pub decision: Option<EventId>,
    /// That objection: the event that raised it.
    pub objection: Option<EventId>,
    /// What was objected to.
    pub ground: Option<ObjectionGround>,
}

#[derive(Clone, Encode, Decode)]
struct Stored {
    event: u128,
    decision: Option<u128>,
    log_index: u32,
    member: u32,
    month: u16,
    revised: (u8, u8),
}

/// Every such entry in order of the log.
#[derive(Default, Encode, Decode)]
pub(crate) struct Revisions(Vec<Stored>);

impl ReadModels {
    /// Notes what an entry did to a record of a member's month, if that month is frozen or closed for the branch whose it is. Costs one
    /// comparison if nothing of the month is.
    pub(crate) fn note_revision(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        (owner, record): (u32, u32),
        revised: Revised,
        decision: Option<EventId>,
    ) {
        let at = month_start(self.member_months.get(owner).month()) + i64::from(self.records.get(record).start());
        self.note_revised(log_index, recorded, (owner, at), revised, decision);
    }

    /// The same of a member's month, for what counts from the instant `at` of it on.
    pub(crate) fn note_revised(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        (member_month, at): (u32, i64),
        revised: Revised,
        decision: Option<EventId>,
    ) {
        let of = self.member_months.get(member_month);
        let month = of.month();
        if !self.months.any_settled(month) {
            return;
        }
        let branch = self.roster.branch(&self.organizations, of.member, at);
        if branch == NONE || !self.months.is_settled(&self.organizations, month, branch) {
            return;
        }
        self.revisions.0.push(Stored {
            event: recorded.id.0,
            decision: decision.map(|decision| decision.0),
            log_index,
            member: of.member,
            month: month.number(),
            revised: revised.stored(),
        });
    }

    /// What changed frozen and closed months from the entry at `since` on, in order of the log.
    pub fn revisions(&self, since: u64) -> Vec<Revision> {
        let from = self.revisions.0.partition_point(|stored| u64::from(stored.log_index) < since);
        self.revisions.0[from..].iter().map(|stored| self.revision(stored)).collect()
    }

    fn revision(&self, stored: &Stored) -> Revision {
        let behind = stored.decision.and_then(|decision| self.objections.upheld_by(decision));
        Revision {
            log_index: u64::from(stored.log_index),
            id: EventId(stored.event),
            member: self.roster.id(stored.member),
            month: Month::from_number(stored.month).expect("made from a month"),
            revised: Revised::read(stored.revised),
            decision: stored.decision.map(EventId),
            objection: behind.map(|behind| behind.objection),
            ground: behind.map(|behind| behind.ground),
        }
    }
}
