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
    /// 加分, 扣分, or a change of the roster or of an enrolment: recorded because an objection was upheld, whose decision it names.
    Admitted(Admitted),
}

/// A fact that a decision admits into a month that is frozen or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// 加分.
    Granted,
    /// 扣分.
    Deducted,
    /// 组织关系转接.
    Transferred,
    /// 党员类别变更.
    Reclassified,
    /// 免予报到.
    Exempted,
    /// 退出花名册.
    Left,
    /// 报到.
    Enrolled,
    /// 报到终止.
    EnrollmentEnded,
}

impl Admitted {
    /// All of them, with their stored words.
    pub const ALL: [(Admitted, &'static str); 8] = [
        (Admitted::Granted, "granted"),
        (Admitted::Deducted, "deducted"),
        (Admitted::Transferred, "transferred"),
        (Admitted::Reclassified, "reclassified"),
        (Admitted::Exempted, "exempted"),
        (Admitted::Left, "left"),
        (Admitted::Enrolled, "enrolled"),
        (Admitted::EnrollmentEnded, "enrollment_ended"),
    ];
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
            Revised::Admitted(fact) => (7, fact as u8),
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
            6 => Revised::Quashed(QuashingReason::ALL[reason]),
            _ => Revised::Admitted(Admitted::ALL[reason].0),
        }
    }

    /// The act in a word of its own: `recorded`, `checked_out`, `approved`, `returned`, `corrected`, `reversed`, `quashed`; of what a
    /// decision admitted `granted`, `deducted`, `transferred`, `reclassified`, `exempted`, `left`, `enrolled`, `enrollment_ended`.
    pub const fn act(self) -> &'static str {
        match self {
            Revised::Recorded => "recorded",
            Revised::CheckedOut => "checked_out",
            Revised::Approved => "approved",
            Revised::Returned(_) => "returned",
            Revised::Corrected(_) => "corrected",
            Revised::Reversed(_) => "reversed",
            Revised::Quashed(_) => "quashed",
            Revised::Admitted(fact) => Admitted::ALL[fact as usize].1,
        }
    }

    /// The reason as the entry has it: a word of the closed list of its type. None for acts that give none.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Revised::Recorded | Revised::CheckedOut | Revised::Approved | Revised::Admitted(_) => None,
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

impl Revision {
    /// Whether it can change figures of that month other than points: what is done to a record changes those of its own, a fact that a
    /// decision admitted those of every month from its date on.
    pub fn bears_on(&self, month: Month) -> bool {
        match self.revised {
            Revised::Admitted(_) => self.month <= month,
            Revised::Recorded
            | Revised::CheckedOut
            | Revised::Approved
            | Revised::Returned(_)
            | Revised::Corrected(_)
            | Revised::Reversed(_)
            | Revised::Quashed(_) => self.month == month,
        }
    }
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

    /// Notes a fact about a member that a decision admitted, and that it answers the decision. Of a fact that names none, nothing.
    pub(crate) fn note_admitted(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        member: MemberId,
        admitted: Admitted,
        decision: Option<EventId>,
    ) {
        let (Some(decision), Some(member)) = (decision, self.roster.number(member)) else { return };
        self.objections.correct(Some(decision), log_index);
        self.revisions.0.push(Stored {
            event: recorded.id.0,
            decision: Some(decision.0),
            log_index,
            member,
            month: recorded.occurred_at.month().number(),
            revised: Revised::Admitted(admitted).stored(),
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
