//! What becomes of a record in the decision state: reviews step by step, corrections, reversals, and everybody whose hands it went
//! through.
//!
//! Invariant: whoever opened, completed, corrected, reviewed or reversed a record is named by it or stands among its earlier hands.

use super::apply::number_of;
use super::{EarlierHand, LedgerState, Mended, NONE, Participation, RecordState, Standing};
use mingzhang_events::{EventId, RecordCorrected, RecordedEvent, ScoringRules};

impl LedgerState {
    /// Takes the next step of the chain that the record's month has at this place of the log.
    pub(super) fn approve(&mut self, recorded: &RecordedEvent, record: EventId) {
        let Ok(row) = self.record(record) else { return };
        let steps = self.rules_for(self.record_month(row)).map_or(1, ScoringRules::review_steps);
        self.note_reviewer(recorded, row);
        self.records.change(row, |record| {
            record.steps_taken = record.steps_taken.saturating_add(1);
            if usize::from(record.steps_taken) >= steps {
                record.standing = Standing::Approved;
            }
        });
    }

    /// Review begins anew.
    pub(super) fn return_record(&mut self, recorded: &RecordedEvent, record: EventId) {
        let Ok(row) = self.record(record) else { return };
        self.note_reviewer(recorded, row);
        self.records.change(row, |record| record.begin_review_anew(Standing::Returned));
    }

    /// In truth it began at the event's instant and took so long; its review begins anew.
    pub(super) fn correct(&mut self, log_index: u64, recorded: &RecordedEvent, event: &RecordCorrected) {
        let Ok(row) = self.record(event.record) else { return };
        let by = self.actors.number_or_add(recorded.recorded_by, || ());
        let before = self.records.row(row).changed_by;
        if before != by {
            self.note_hand(row, before, |hand| hand.changed = true);
        }
        let start_minute = recorded.occurred_at.unix_minutes();
        self.records.change(row, |record| {
            record.start_minute = start_minute;
            record.minutes = event.minutes;
            record.changed_by = by;
            record.begin_review_anew(Standing::Corrected);
        });
        self.mended.set(row, Mended { log_index: number_of(log_index), needs_review: true });
        if let Some(decision) = event.decision {
            self.corrected_by.set((row, decision.0), ());
        }
        let RecordState { member, recorded_minute, .. } = *self.records.row(row);
        if start_minute > recorded_minute {
            self.members.change(member, |member| {
                member.moved_start_minute = member.moved_start_minute.max(start_minute);
            });
        }
    }

    /// It counts for nothing. A reversed part in an activity may be recorded again.
    pub(super) fn reverse(&mut self, recorded: &RecordedEvent, record: EventId) {
        let Ok(row) = self.record(record) else { return };
        let by = self.actors.number_or_add(recorded.recorded_by, || ());
        if !self.records.row(row).names(by) {
            self.note_hand(row, by, |_| {});
        }
        self.records.change(row, |record| record.standing = Standing::Reversed);
        let RecordState { member, activity, .. } = *self.records.row(row);
        if activity != NONE {
            let part = Participation { record_plus_one: 0, ..self.participation(member, activity) };
            self.participations.set((member, activity), part);
        }
    }

    /// Whether an actor opened, completed, corrected, reviewed or reversed a record, at any time.
    pub(crate) fn had_in_hand(&self, row: u32, actor: u32) -> bool {
        self.records.row(row).names(actor) || self.earlier_hands.get(&(row, actor)).is_some()
    }

    /// Whether they opened, completed or corrected it.
    pub(crate) fn has_recorded(&self, row: u32, actor: u32) -> bool {
        let record = self.records.row(row);
        [record.opened_by, record.changed_by].contains(&actor)
            || self.earlier_hands.get(&(row, actor)).is_some_and(|hand| hand.changed)
    }

    /// Whether they took a step of its review since that last began.
    pub(crate) fn has_taken_step(&self, row: u32, actor: u32) -> bool {
        let record = self.records.row(row);
        let this_round = |hand: &EarlierHand| hand.round_plus_one == record.round_plus_one();
        (record.steps_taken > 0 && record.reviewed_by == actor)
            || self.earlier_hands.get(&(row, actor)).is_some_and(this_round)
    }

    fn note_reviewer(&mut self, recorded: &RecordedEvent, row: u32) {
        let by = self.actors.number_or_add(recorded.recorded_by, || ());
        let RecordState { reviewed_by, steps_taken, .. } = *self.records.row(row);
        if reviewed_by != by {
            let round_plus_one = if steps_taken > 0 { self.records.row(row).round_plus_one() } else { 0 };
            self.note_hand(row, reviewed_by, |hand| hand.round_plus_one = hand.round_plus_one.max(round_plus_one));
            self.records.change(row, |record| record.reviewed_by = by);
        }
    }

    fn note_hand(&mut self, row: u32, actor: u32, note: impl FnOnce(&mut EarlierHand)) {
        if actor != NONE {
            let mut hand = self.earlier_hands.get(&(row, actor)).copied().unwrap_or_default();
            note(&mut hand);
            self.earlier_hands.set((row, actor), hand);
        }
    }
}

impl RecordState {
    fn names(&self, actor: u32) -> bool {
        [self.opened_by, self.changed_by, self.reviewed_by].contains(&actor)
    }

    fn round_plus_one(&self) -> u32 {
        u32::from(self.review_round) + 1
    }

    fn begin_review_anew(&mut self, standing: Standing) {
        self.standing = standing;
        self.steps_taken = 0;
        self.review_round = self.review_round.saturating_add(1);
    }
}
