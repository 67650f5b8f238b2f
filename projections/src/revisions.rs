//! 改动: what changed a month after it was frozen, entry by entry and with its reason. This is why a superseding notice differs.
//!
//! Few in number, so they aren't packed. Holds words of closed lists and ids, nothing personal.

use crate::intern::NONE;
use crate::models::ReadModels;
use crate::records::Form;
use crate::roster::{Enrollment, Exemption};
use crate::rules::InForce;
use crate::settle::Earned;
use crate::span::{instant, local_day, month_cutoff, month_start};
use bitcode::{Decode, Encode};
use mingzhang_events::{
    CorrectionReason, Event, EventId, MemberId, Month, ObjectionGround, OrganizationId, QuashingReason, RecordedEvent,
    ReturnReason,
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
    /// The member's branch when it counts from, as it was before; [`NONE`] off the roster.
    branch: u32,
    /// Who held what it is a record of; [`NONE`] if nobody counts it.
    place: u32,
    month: u16,
    revised: (u8, u8),
}

/// Every such entry in order of the log.
#[derive(Default, Encode, Decode)]
pub(crate) struct Revisions(Vec<Stored>);

/// Something in a member's month, as far as it matters whose figures count it.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    pub(crate) member: u32,
    pub(crate) month: Month,
    /// From when on.
    pub(crate) at: i64,
    /// Who held what it is a record of; [`NONE`] if nobody counts it.
    pub(crate) place: u32,
}

impl ReadModels {
    /// A record in its member's month.
    pub(crate) fn counted_record(&self, owner: u32, record: u32) -> Counted {
        let (of, entry) = (self.member_months.get(owner), self.records.get(record));
        let place = match entry.activity() {
            Some(activity) => self.activities.get(activity).organization,
            None if entry.form() == Form::Duty => entry.subject,
            None => NONE,
        };
        let at = self.dated(record, entry, of.month()).dated_at;
        Counted { member: of.member, month: of.month(), at, place }
    }

    /// In whose figures it counts, with those below them: the member's branches from then to the month's end, and who held it.
    pub(crate) fn counted_in(&self, of: Counted) -> impl Iterator<Item = u32> + '_ {
        let cutoff = month_cutoff(of.month);
        let mut covered = false;
        let since = self.roster.memberships(of.member).filter(move |belongs| belongs.from <= cutoff);
        let branches = since.take_while(move |belongs| !std::mem::replace(&mut covered, belongs.from <= of.at));
        let branches = branches.map(|belongs| belongs.organization);
        branches.chain([of.place]).filter(|&organization| organization != NONE)
    }

    /// Notes what an entry did to a record of a member's month.
    pub(crate) fn note_revision(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        (owner, record): (u32, u32),
        revised: Revised,
        decision: Option<EventId>,
    ) {
        let counted = self.counted_record(owner, record);
        self.note_revised(log_index, recorded, counted, revised, decision);
    }

    /// Notes what an entry did to a member's month, if that month is frozen or closed for anybody in whose figures it counts. Costs one
    /// comparison if nothing of the month is.
    pub(crate) fn note_revised(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        counted: Counted,
        revised: Revised,
        decision: Option<EventId>,
    ) {
        if self.months.any_settled(counted.month) && self.is_settled_where_counted(counted) {
            self.store_revision(log_index, recorded, counted, revised, decision);
        }
    }

    /// Whether its month is frozen or closed for anybody in whose figures it counts.
    fn is_settled_where_counted(&self, counted: Counted) -> bool {
        self.counted_in(counted).any(|of| self.months.is_settled(&self.organizations, counted.month, of))
    }

    /// Notes that a fact about a member answers the decision that it names, and the fact itself if the decision admitted it: if its month
    /// or one after it is frozen or closed. Of a fact that names none, nothing. Asked before the fact is folded in.
    pub(crate) fn note_admitted(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        member: MemberId,
        admitted: Admitted,
        decision: Option<EventId>,
    ) {
        let (Some(decision), Some(member)) = (decision, self.roster.number(member)) else { return };
        self.objections.admit(decision, log_index);
        let (month, at) = (recorded.occurred_at.month(), recorded.occurred_at.unix_seconds());
        let counted = Counted { member, month, at, place: NONE };
        let to = if let Event::MemberTransferred(e) = &recorded.event {
            self.organizations.number(e.organization)
        } else {
            None
        };
        let changed = Counted { place: to.unwrap_or(NONE), ..counted };
        if self.months.settled_from(month).any(|month| self.is_settled_where_counted(Counted { month, ..changed })) {
            self.store_revision(log_index, recorded, counted, Revised::Admitted(admitted), Some(decision));
        }
    }

    fn store_revision(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        Counted { member, month, at, place }: Counted,
        revised: Revised,
        decision: Option<EventId>,
    ) {
        let branch = self.roster.membership(member, at).map_or(NONE, |belongs| belongs.organization);
        self.revisions.0.push(Stored {
            event: recorded.id.0,
            decision: decision.map(|decision| decision.0),
            log_index,
            member,
            branch,
            place,
            month: month.number(),
            revised: revised.stored(),
        });
    }

    /// What changed frozen and closed months from the entry at `since` on, in order of the log.
    pub fn revisions(&self, since: u64) -> Vec<Revision> {
        self.revised_since(since).iter().map(|stored| self.revision(stored)).collect()
    }

    /// What of it bears on an organisation's month as a notice has it: on a figure, or on a line. Nothing for an unknown organisation.
    pub fn revisions_bearing_on(&self, organization: OrganizationId, month: Month, since: u64) -> Vec<Revision> {
        let Some(number) = self.organization_number(organization) else { return Vec::new() };
        let (tree, mut earned) = (self.tree(month), Earned::new(self));
        let holds = |of: u32| of != NONE && tree.holds(number, of);
        let mut bears = |stored: &&Stored| {
            let has_line = |earned: &mut Earned<'_>| {
                holds(self.branch_at_cutoff(stored.member, month))
                    || earned.of(stored.member, month).iter().any(|part| holds(part.branch))
            };
            if stored.month == month.number() {
                holds(stored.branch) || holds(stored.place) || has_line(&mut earned)
            } else {
                stored.month < month.number()
                    && self.bears_on_later(stored, month)
                    && (has_line(&mut earned) || (stored.took_away() && holds(stored.branch)))
            }
        };
        self.revised_since(since).iter().filter(|stored| bears(stored)).map(|stored| self.revision(stored)).collect()
    }

    /// Whether what was revised in an earlier month bears on this one of the member's: points as far back as the rules look, the roster
    /// from then on, an exemption or an enrolment while it is in force.
    fn bears_on_later(&self, stored: &Stored, month: Month) -> bool {
        let began_in = |from: i64| instant(from).month().number() == stored.month;
        match Revised::read(stored.revised) {
            Revised::Admitted(Admitted::Transferred | Admitted::Reclassified | Admitted::Left) => true,
            Revised::Admitted(Admitted::Exempted) => {
                let first_day = local_day(month_start(month));
                let lasts = |of: Exemption| began_in(of.from) && first_day <= of.until_day;
                self.roster.exemptions(stored.member).any(lasts)
            }
            Revised::Admitted(Admitted::Enrolled) => {
                let lasts = |of: Enrollment| began_in(of.from) && month_start(month) < of.until;
                self.roster.enrollments(stored.member).any(lasts)
            }
            Revised::Admitted(Admitted::EnrollmentEnded) => !self.roster.is_enrolled(stored.member, month_start(month)),
            Revised::Recorded
            | Revised::CheckedOut
            | Revised::Approved
            | Revised::Returned(_)
            | Revised::Corrected(_)
            | Revised::Reversed(_)
            | Revised::Quashed(_)
            | Revised::Admitted(Admitted::Granted | Admitted::Deducted) => {
                InForce::adopted(&self.rules).since(self, stored.member, month).number() <= stored.month
            }
        }
    }

    fn revised_since(&self, since: u64) -> &[Stored] {
        let all = &self.revisions.0;
        &all[all.partition_point(|stored| u64::from(stored.log_index) < since)..]
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

impl Stored {
    /// Whether a member went from a branch, where no line tells of them any more.
    fn took_away(&self) -> bool {
        matches!(Revised::read(self.revised), Revised::Admitted(Admitted::Transferred | Admitted::Left))
    }
}
