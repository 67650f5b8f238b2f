//! Objections (异议): raised, assigned, decided or withdrawn, and the corrections that follow from those that were upheld.
//!
//! Few in number, so they aren't packed. Who raised one is told to nobody else: that stands in the log.

use crate::models::ReadModels;
use crate::span::instant;
use bitcode::{Decode, Encode};
use jiff::civil::Date;
use mingzhang_events::{
    ActorId, ClauseId, DismissalReason, EventId, Instant, MemberId, Month, ObjectionGround, ObjectionRaised,
    OrganizationId, RecordedEvent,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Where an objection stands (异议状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum ObjectionStanding {
    /// 待分派.
    Raised,
    /// 待决定.
    Assigned,
    /// 成立.
    Upheld,
    /// 不成立.
    Dismissed,
    /// 已撤回.
    Withdrawn,
}

impl Serialize for ObjectionStanding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl ObjectionStanding {
    /// Its name in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            ObjectionStanding::Raised => "raised",
            ObjectionStanding::Assigned => "assigned",
            ObjectionStanding::Upheld => "upheld",
            ObjectionStanding::Dismissed => "dismissed",
            ObjectionStanding::Withdrawn => "withdrawn",
        }
    }

    /// Whether it still waits for a decision.
    pub fn is_undecided(self) -> bool {
        matches!(self, ObjectionStanding::Raised | ObjectionStanding::Assigned)
    }
}

#[derive(Clone, Encode, Decode)]
pub(crate) struct Objection {
    member: u32,
    month: u16,
    ground: u8,
    subject: u128,
    /// Whether that is a disclosure or notice: it is about a line of it.
    is_line: bool,
    raised_by: String,
    at: i64,
    log_index: u32,
    standing: ObjectionStanding,
    assignee: Option<String>,
    decision: Option<u128>,
    decided_at: Option<i64>,
    reason: Option<u8>,
    clause: Option<String>,
    /// The log indexes of what was done because it was upheld.
    corrections: Vec<u32>,
}

impl Objection {
    /// What is said to be wrong with what.
    fn what(&self) -> (u128, u32, u8) {
        (self.subject, self.member, self.ground)
    }

    fn is_about(&self, ground: ObjectionGround) -> bool {
        self.ground == ground as u8
    }
}

/// Every objection, by the event that raised it.
#[derive(Default, Encode, Decode)]
pub(crate) struct Objections {
    all: BTreeMap<u128, Objection>,
    /// From a decision that upheld one to that one.
    upheld: BTreeMap<u128, u128>,
    /// By member and month: those upheld that a record is missing and that nothing has answered yet, in the order of their decisions.
    missing: BTreeMap<(u32, u16), Vec<u128>>,
    /// By the entry that opened a record that was missing, if only its end: the decision that it answers.
    entered: BTreeMap<u32, u128>,
}

/// A decision as the fold hands it over.
pub(crate) struct Decided {
    pub(crate) standing: ObjectionStanding,
    pub(crate) clause: Option<ClauseId>,
    pub(crate) reason: Option<DismissalReason>,
}

impl Objections {
    fn raise(&mut self, id: EventId, objection: Objection) {
        self.all.entry(id.0).or_insert(objection);
    }

    pub(crate) fn assign(&mut self, id: EventId, assignee: ActorId) -> Option<()> {
        let objection = self.all.get_mut(&id.0).filter(|objection| objection.standing.is_undecided())?;
        objection.assignee = Some(assignee.to_string());
        objection.standing = ObjectionStanding::Assigned;
        Some(())
    }

    /// Whose record or line an objection is about.
    pub(crate) fn member(&self, id: EventId) -> Option<u32> {
        self.all.get(&id.0).map(|objection| objection.member)
    }

    /// Of several decisions the first counts.
    pub(crate) fn decide(&mut self, id: EventId, recorded: &RecordedEvent, decided: Decided) -> Option<()> {
        let objection = self.all.get_mut(&id.0).filter(|objection| objection.standing.is_undecided())?;
        objection.standing = decided.standing;
        objection.decision = Some(recorded.id.0);
        objection.decided_at = Some(recorded.occurred_at.unix_seconds());
        objection.clause = decided.clause.map(|clause| clause.to_string());
        objection.reason = decided.reason.map(|reason| reason as u8);
        if decided.standing == ObjectionStanding::Upheld {
            self.upheld.insert(recorded.id.0, id.0);
            if objection.is_about(ObjectionGround::RecordMissing) {
                self.missing.entry((objection.member, objection.month)).or_default().push(id.0);
            }
        }
        Some(())
    }

    /// Notes the correction that follows from a decision that it names, and so from every other that upheld the same ground against the same; but
    /// each that a record is missing admits one of its own.
    pub(crate) fn correct(&mut self, decision: Option<EventId>, log_index: u32) {
        let Some(decision) = decision else { return };
        let named = self.upheld.get(&decision.0).and_then(|id| self.all.get(id));
        let Some(what) = named.filter(|of| !of.is_about(ObjectionGround::RecordMissing)).map(Objection::what) else {
            return self.admit(decision, log_index);
        };
        let alike = |id: &&u128| self.all.get(id).is_some_and(|of| of.what() == what);
        let answered: Vec<u128> = self.upheld.values().filter(alike).copied().collect();
        answered.into_iter().for_each(|id| self.answer(id, log_index));
    }

    /// Notes a fact that a decision admitted: one decision, one fact.
    pub(crate) fn admit(&mut self, decision: EventId, log_index: u32) {
        if let Some(&id) = self.upheld.get(&decision.0) {
            self.answer(id, log_index);
        }
    }

    /// Notes that a record of a member's month was entered. Of the decisions that one is missing it answers the first, which is given:
    /// one decision, one record.
    pub(crate) fn enter(&mut self, member: u32, month: Month, log_index: u32) -> Option<EventId> {
        self.complete_missing(member, month, log_index, log_index)
    }

    /// Notes the check-out of a record that was opened by the entry at `opened`: it is part of what that answered, or else answers itself.
    pub(crate) fn complete(&mut self, member: u32, month: Month, opened: u32, log_index: u32) -> Option<EventId> {
        self.admitted(opened).or_else(|| self.complete_missing(member, month, opened, log_index))
    }

    fn complete_missing(&mut self, member: u32, month: Month, opened: u32, log_index: u32) -> Option<EventId> {
        let id = *self.missing.get(&(member, month.number()))?.first()?;
        self.answer(id, log_index);
        let decision = self.all.get(&id)?.decision?;
        self.entered.insert(opened, decision);
        Some(EventId(decision))
    }

    /// The decision that the record opened by that entry answers, if it was missing.
    pub(crate) fn admitted(&self, opened: u32) -> Option<EventId> {
        self.entered.get(&opened).map(|&decision| EventId(decision))
    }

    /// Notes that a reset or veto of a member's month was quashed: it answers what was upheld about it, except that a record is missing; and that
    /// the points in a line of that month are wrong. Gives the first of those decisions, about a line only if there is no other.
    pub(crate) fn quash(&mut self, quashed: EventId, (member, month): (u32, Month), log_index: u32) -> Option<EventId> {
        let about = |id: &u128| {
            let of = self.all.get(id)?;
            let is_answered = if of.is_line {
                (of.member, of.month) == (member, month.number()) && of.is_about(ObjectionGround::PointsWrong)
            } else {
                of.subject == quashed.0 && !of.is_about(ObjectionGround::RecordMissing)
            };
            is_answered.then_some((of.is_line, of.log_index, *id, of.decision?))
        };
        let mut answered: Vec<_> = self.upheld.values().filter_map(about).collect();
        answered.sort_unstable();
        answered.iter().for_each(|&(.., id, _)| self.answer(id, log_index));
        answered.first().map(|&(.., decision)| EventId(decision))
    }

    /// Notes that a record or decision was reversed, whether or not it was because of a decision: afterwards nothing about it can be corrected any more,
    /// and what was upheld about it has its correction.
    pub(crate) fn reverse(&mut self, is_reversed: impl Fn(EventId) -> bool, log_index: u32) {
        let about = |id: &&u128| {
            self.all.get(id).is_some_and(|of| {
                !of.is_about(ObjectionGround::RecordMissing)
                    && of.corrections.is_empty()
                    && is_reversed(EventId(of.subject))
            })
        };
        let answered: Vec<u128> = self.upheld.values().filter(about).copied().collect();
        answered.into_iter().for_each(|id| self.answer(id, log_index));
    }

    fn answer(&mut self, id: u128, log_index: u32) {
        let Some(objection) = self.all.get_mut(&id) else { return };
        objection.corrections.push(log_index);
        let of_month = (objection.member, objection.month);
        if let Some(missing) = self.missing.get_mut(&of_month) {
            missing.retain(|of| *of != id);
            if missing.is_empty() {
                self.missing.remove(&of_month);
            }
        }
    }
}

/// What stands behind a change that an upheld objection led to.
#[derive(Clone, Copy)]
pub(crate) struct Behind {
    pub(crate) objection: EventId,
    pub(crate) ground: ObjectionGround,
}

impl Objections {
    /// The objection that a decision upheld.
    pub(crate) fn upheld_by(&self, decision: u128) -> Option<Behind> {
        let id = self.upheld.get(&decision)?;
        let ground = ObjectionGround::ALL[usize::from(self.all.get(id)?.ground)];
        Some(Behind { objection: EventId(*id), ground })
    }
}

/// An objection (异议).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectionEntry {
    /// The event that raised it.
    pub id: EventId,
    /// Which month it is about.
    pub month: Month,
    /// Whose record or line it is about.
    pub member: MemberId,
    /// The member's branch when it was raised; none off the roster.
    pub branch: Option<OrganizationId>,
    /// What is said to be wrong.
    pub ground: ObjectionGround,
    /// The record, decision, disclosure or notice that it is about.
    pub subject: EventId,
    /// When.
    pub raised_at: Instant,
    /// The last local day for its decision; none without a deadline, or in a year whose calendar isn't known.
    pub decide_until: Option<Date>,
    /// The year whose calendar is missing, so that nobody knows that last day yet.
    pub calendar_missing: Option<i16>,
    /// Where it stands.
    pub standing: ObjectionStanding,
    /// Who is to decide it, or did.
    pub assignee: Option<ActorId>,
    /// The event that decided it, or withdrew it.
    pub decision: Option<EventId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why it was dismissed.
    pub reason: Option<DismissalReason>,
    /// The clause that the decision rests on.
    pub clause: Option<ClauseId>,
    /// The entries that corrected something because it was upheld: those that name the decision, the record that was missing, the
    /// reversal of what it is about, or what was attested afterwards in its place, the quashing of the reset or veto.
    pub corrections: Vec<u64>,
    /// By which entry it was raised.
    pub log_index: u64,
}

/// An objection, and whether it is late on the day on which it was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedObjection {
    /// The objection.
    #[serde(flatten)]
    pub objection: ObjectionEntry,
    /// Whether nobody has decided it and its last day is over (逾期).
    pub overdue: bool,
}

impl ObjectionEntry {
    /// As it stands on a day.
    pub fn on(self, today: Date) -> ListedObjection {
        let overdue = self.standing.is_undecided() && self.decide_until.is_some_and(|until| until < today);
        ListedObjection { objection: self, overdue }
    }
}

impl ReadModels {
    pub(crate) fn raise_objection(
        &mut self,
        log_index: u32,
        recorded: &RecordedEvent,
        e: &ObjectionRaised,
    ) -> Option<()> {
        let objection = Objection {
            member: self.roster.number(e.member)?,
            month: self.month_of(e.subject)?.number(),
            ground: e.ground as u8,
            subject: e.subject.0,
            is_line: self.records.number(e.subject).is_none() && self.awards.number(e.subject).is_none(),
            raised_by: recorded.recorded_by.to_string(),
            at: recorded.occurred_at.unix_seconds(),
            log_index,
            standing: ObjectionStanding::Raised,
            assignee: None,
            decision: None,
            decided_at: None,
            reason: None,
            clause: None,
            corrections: Vec::new(),
        };
        self.objections.raise(recorded.id, objection);
        Some(())
    }

    /// The month of a record, decision, disclosure or notice. None if it is none of these.
    pub fn month_of(&self, subject: EventId) -> Option<Month> {
        if let Some(record) = self.records.number(subject) {
            return Some(self.member_months.get(self.records.owner(record)).month());
        }
        if let Some(award) = self.awards.number(subject) {
            return Some(self.member_months.get(self.awards.get(award).member_month).month());
        }
        let disclosures = self.months.disclosures.iter().map(|disclosure| (disclosure.event, disclosure.month));
        let notices = self.months.notices.iter().map(|notice| (notice.event, notice.month));
        let (_, month) = disclosures.chain(notices).find(|(event, _)| *event == subject.0)?;
        Month::from_number(month)
    }

    /// The objections of members of an organisation, or of one below it, in the order in which they were raised; of one month or of
    /// all. None for an unknown organisation.
    pub fn objections(&self, organization: OrganizationId, month: Option<Month>) -> Option<Vec<ObjectionEntry>> {
        let number = self.organization_number(organization)?;
        let entries = self.objections.all.iter().filter(|(_, of)| month.is_none_or(|month| of.month == month.number()));
        let mut entries: Vec<ObjectionEntry> = entries
            .filter(|(_, of)| self.objection_branch(of).is_some_and(|branch| self.is_below(branch, number, of.at)))
            .map(|(id, of)| self.objection_entry(*id, of))
            .collect();
        entries.sort_unstable_by_key(|entry| entry.log_index);
        Some(entries)
    }

    /// One objection, by the event that raised it.
    pub fn objection(&self, id: EventId) -> Option<ObjectionEntry> {
        self.objections.all.get(&id.0).map(|of| self.objection_entry(id.0, of))
    }

    /// The objections about one member, in the order in which they were raised.
    pub fn objections_about(&self, member: MemberId) -> Vec<ObjectionEntry> {
        let Some(number) = self.roster.number(member) else { return Vec::new() };
        self.objections_that(|of| of.member == number)
    }

    /// The objections that somebody raised, about whomever, likewise. For themselves only.
    pub fn objections_raised_by(&self, actor: ActorId) -> Vec<ObjectionEntry> {
        let actor = actor.to_string();
        self.objections_that(|of| of.raised_by == actor)
    }

    fn objections_that(&self, are: impl Fn(&Objection) -> bool) -> Vec<ObjectionEntry> {
        let found = self.objections.all.iter().filter(|(_, of)| are(of));
        let mut entries: Vec<ObjectionEntry> = found.map(|(id, of)| self.objection_entry(*id, of)).collect();
        entries.sort_unstable_by_key(|entry| entry.log_index);
        entries
    }

    fn objection_branch(&self, objection: &Objection) -> Option<u32> {
        let branch = self.roster.branch(&self.organizations, objection.member, objection.at);
        (branch != crate::intern::NONE).then_some(branch)
    }

    fn is_below(&self, branch: u32, organization: u32, at: i64) -> bool {
        self.organizations.upward(branch, at).any(|above| above == organization)
    }

    fn objection_entry(&self, id: u128, of: &Objection) -> ObjectionEntry {
        let month = Month::from_number(of.month).expect("made from a month");
        let raised_at = instant(of.at);
        let rules = self.rules.in_force(month).and_then(|compiled| compiled.rules.disclosure.as_ref());
        let working_days = rules.and_then(|disclosure| disclosure.answer_within_working_days);
        let decide_until = working_days.map(|days| self.calendar().working_day_after(raised_at.local_date(), days));
        ObjectionEntry {
            id: EventId(id),
            month,
            member: self.roster.id(of.member),
            branch: self.objection_branch(of).map(|branch| self.organizations.id(branch)),
            ground: ObjectionGround::ALL[usize::from(of.ground)],
            subject: EventId(of.subject),
            raised_at,
            decide_until: decide_until.and_then(Result::ok),
            calendar_missing: decide_until.and_then(Result::err).map(|missing| missing.year),
            standing: of.standing,
            assignee: of.assignee.as_ref().and_then(|assignee| assignee.parse().ok()),
            decision: of.decision.map(EventId),
            decided_at: of.decided_at.map(instant),
            reason: of.reason.map(|reason| DismissalReason::ALL[usize::from(reason)]),
            clause: of.clause.as_ref().and_then(|clause| clause.parse().ok()),
            corrections: of.corrections.iter().map(|&log_index| u64::from(log_index)).collect(),
            log_index: u64::from(of.log_index),
        }
    }
}
