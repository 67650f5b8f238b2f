//! What becomes of an objection in the decision state: raised, upheld, and answered by what was corrected or recorded because of it.
//!
//! Invariant: what the read models call the corrections of an objection are the entries that answer it here, and reversals of what it is about
//! that name no decision: these leave it the one fact that it admits.

use super::apply::number_of;
use super::{LedgerState, Mended, NONE, ObjectionStanding, ObjectionState};
use mingzhang_events::{EventId, MemberId, Month, ObjectionGround, ObjectionRaised, RecordedEvent};

impl LedgerState {
    pub(super) fn object(&mut self, recorded: &RecordedEvent, event: &ObjectionRaised) {
        let (Some(member), Some(subject), None) =
            (self.members.number(&event.member), self.subject(event.subject), self.objections.number(&recorded.id))
        else {
            return;
        };
        let raised_by = self.actors.number_or_add(recorded.recorded_by, || ());
        let state = ObjectionState {
            subject: event.subject.0,
            member,
            organization: self.members.row(member).branch,
            record: subject.record.unwrap_or(NONE),
            raised_by,
            of_member: event.for_member || !self.takes_objections_of_others(subject.month),
            assignee: NONE,
            decision: None,
            answered: false,
            month: subject.month.number(),
            ground: event.ground as u8,
            standing: ObjectionStanding::Raised,
        };
        self.objections.add(recorded.id, state);
    }

    pub(super) fn uphold(&mut self, objection: EventId, decision: EventId) {
        let Some(row) = self.objections.number(&objection) else { return };
        self.objections.change(row, |objection| {
            objection.standing = ObjectionStanding::Upheld;
            objection.decision = Some(decision.0);
        });
        let ObjectionState { member, month, ground, .. } = *self.objections.row(row);
        if ground == ObjectionGround::RecordMissing as u8 {
            let mut waiting = self.missing.get(&(member, month)).cloned().unwrap_or_default();
            waiting.push(row);
            self.missing.set((member, month), waiting);
        }
    }

    /// Whether what is entered into a member's month, open or not, was said to be missing: it answers the first such decision.
    pub(super) fn answer_missing(&mut self, member: u32, month: Month) -> bool {
        let first = self.missing.get(&(member, month.number())).and_then(|waiting| waiting.first().copied());
        first.inspect(|&objection| self.answer(objection)).is_some()
    }

    /// A decision admitted the record, or its check-out.
    pub(super) fn note_admitted(&mut self, log_index: u64, recorded: &RecordedEvent, record: u32) {
        let needs_review = self.mended(record).is_some_and(|entered| entered.needs_review)
            || self.requires_review(self.record_month(record), recorded.evidence);
        self.mended.set(record, Mended { log_index: number_of(log_index), needs_review });
    }

    fn answer(&mut self, objection: u32) {
        self.objections.change(objection, |objection| objection.answered = true);
        let ObjectionState { member, month, .. } = *self.objections.row(objection);
        let waiting = self.missing.get(&(member, month)).into_iter().flatten();
        let rest: Vec<u32> = waiting.copied().filter(|waiting| *waiting != objection).collect();
        if rest.is_empty() {
            self.missing.remove(&(member, month));
        } else {
            self.missing.set((member, month), rest);
        }
    }

    /// A correction that names a decision answers it, and every other that upheld the same ground against the same; but each that a record is
    /// missing admits one of its own.
    pub(super) fn answer_by_correction(&mut self, record: EventId, decision: Option<EventId>) {
        let (Some(decision), Ok(row)) = (decision, self.record(record)) else { return };
        let (member, month) = (self.records.row(row).member, self.record_month(row));
        let Some(objection) = self.upheld_by(decision, member, month) else { return };
        let ObjectionState { subject, ground, .. } = *self.objections.row(objection);
        self.answer_all(|of| {
            of.decision == Some(decision.0)
                || of.standing == ObjectionStanding::Upheld
                    && of.ground != ObjectionGround::RecordMissing as u8
                    && (of.subject, of.member, of.ground) == (subject, member, ground)
        });
    }

    fn answer_all(&mut self, are: impl Fn(&ObjectionState) -> bool) {
        let rows = (0..).zip(self.objections.all()).filter(|(_, of)| are(of)).map(|(row, _)| row);
        rows.collect::<Vec<u32>>().into_iter().for_each(|row| self.answer(row));
    }

    /// A fact that a decision admitted answers it.
    pub(super) fn answer_by_fact(&mut self, member: MemberId, decision: Option<EventId>) {
        let (Some(decision), Some(member)) = (decision, self.members.number(&member)) else { return };
        if let Some(objection) = self.upheld_about(decision, member) {
            self.answer(objection);
        }
    }

    /// A quashing, which names no decision, answers what was upheld about the reset or veto, except that a record is missing; and that the points
    /// in a line of its member's month are wrong.
    pub(super) fn answer_by_quashing(&mut self, decision: EventId) {
        let Ok(row) = self.record(decision) else { return };
        let (member, month) = (self.records.row(row).member, self.record_month(row).number());
        self.answer_all(|of| {
            let is_answered = if of.record == NONE {
                (of.member, of.month, of.ground) == (member, month, ObjectionGround::PointsWrong as u8)
            } else {
                of.record == row && of.ground != ObjectionGround::RecordMissing as u8
            };
            is_answered && of.standing == ObjectionStanding::Upheld
        });
    }

    pub(super) fn change_objection(&mut self, objection: EventId, change: impl FnOnce(&mut ObjectionState)) {
        if let Some(row) = self.objections.number(&objection) {
            self.objections.change(row, change);
        }
    }
}
