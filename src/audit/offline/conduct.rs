//! Who recorded what, when, and on what evidence: counted entry by entry, judged at the end.
//!
//! Holds four bytes an entry and a few for each review. What is told here isn't wrong in itself, except a review of one's own.

use super::finding::AuditFinding;
use super::verdict::{BusyHour, ByActor, EvidenceMix, Remarks, Silence};
use crate::audit::bundle::ActorOfMember;
use mingzhang_events::{
    ActivityId, ActorId, ConductRules, Event, EventId, Evidence, Instant, Month, OrganizationId, RecordedEvent,
    ScoringRules,
};
use mingzhang_projections::{ConductLimits, ReadModels};
use std::collections::{BTreeMap, HashMap};

const DAY_SECONDS: i64 = 86_400;
const HOUR_SECONDS: i64 = 3_600;
const SILENCE_HOURS_MIN: u64 = 72;
const SILENCES_MAX: usize = 5;
const BUSY_HOURS_MAX: usize = 3;
const ACTORS_MAX: usize = 10;

/// Marks an entry that changes a record: its check-out or a correction.
const CHANGES: u32 = 1 << 31;

/// What has been seen so far.
pub(super) struct Seen {
    month: Month,
    first_index: u64,
    /// Who recorded each entry, by number; with [`CHANGES`].
    recorders: Vec<u32>,
    actors: Vec<ActorId>,
    numbers: HashMap<ActorId, u32>,
    /// The review, and the record that it is of.
    reviews: Vec<(u64, EventId)>,
    /// The correction, the record that it is of, and whether the time that it tells lies in the month.
    corrections: Vec<(u64, EventId, bool)>,
    /// The reversal or quashing, and the record or decision that it is of.
    reversals: Vec<(u64, EventId)>,
    /// Closes of the month, of whichever organisation, as far as the entries have them.
    closes: Vec<(u64, OrganizationId)>,
    /// From which month on rules hold, and whether they date records by the plan. Of rules before these entries nothing is known.
    dating: Vec<(Month, bool)>,
    /// When each activity was planned to start whose records are dated by that.
    plans: HashMap<ActivityId, Instant>,
    /// Records, and those of the month.
    evidence: [[u64; 2]; Evidence::ALL.len()],
    /// Records of the month by evidence and by how many days, begun ones included, they were recorded after their date.
    delays: BTreeMap<(usize, i64), u64>,
    late_check_ins: u64,
    back_entered: BTreeMap<u32, u64>,
    last: Option<Instant>,
    silences: Vec<Silence>,
    hour: (i64, u64),
    busiest: Vec<(u64, i64)>,
}

impl Seen {
    /// Nothing yet of the entries from `first_index` on.
    pub(super) fn new(month: Month, first_index: u64) -> Seen {
        Seen {
            month,
            first_index,
            recorders: Vec::new(),
            actors: Vec::new(),
            numbers: HashMap::default(),
            reviews: Vec::new(),
            corrections: Vec::new(),
            reversals: Vec::new(),
            closes: Vec::new(),
            dating: Vec::new(),
            plans: HashMap::default(),
            evidence: [[0; 2]; Evidence::ALL.len()],
            delays: BTreeMap::new(),
            late_check_ins: 0,
            back_entered: BTreeMap::new(),
            last: None,
            silences: Vec::new(),
            hour: (i64::MIN, 0),
            busiest: Vec::new(),
        }
    }

    /// The next entry.
    pub(super) fn note(&mut self, log_index: u64, event: &RecordedEvent) {
        let actor = self.number(event.recorded_by);
        let mut mark = 0;
        match &event.event {
            Event::ActivityScheduled(planned) => {
                let rules =
                    ScoringRules::version_in_force(self.dating.iter().map(|of| of.0), planned.starts_at.month());
                if rules.is_none_or(|at| self.dating[at].1) {
                    self.plans.entry(planned.activity).or_insert(planned.starts_at);
                }
            }
            Event::ScoringRulesAdopted(adopted) => {
                let rules = &adopted.rules;
                self.dating.push((rules.effective_from, rules.dates_by_plan()));
            }
            Event::MemberCheckedIn(at) => self.note_record(event, self.plans.get(&at.activity).copied(), actor),
            Event::AttendanceRecorded(at) => self.note_record(event, self.plans.get(&at.activity).copied(), actor),
            Event::HomeVisitMade(_) | Event::DutyServed(_) => self.note_record(event, None, actor),
            Event::LateCheckInRecorded(at) => {
                let planned = self.plans.get(&at.activity).copied();
                self.late_check_ins += u64::from(planned.unwrap_or(event.occurred_at).month() == self.month);
                self.note_record(event, planned, actor);
            }
            Event::MemberCheckedOut(_) => mark = CHANGES,
            Event::RecordCorrected(corrected) => {
                mark = CHANGES;
                self.corrections.push((log_index, corrected.record, event.occurred_at.month() == self.month));
            }
            Event::RecordReversed(reversed) => self.reversals.push((log_index, reversed.record)),
            Event::DecisionQuashed(quashed) => self.reversals.push((log_index, quashed.decision)),
            Event::MonthClosed(closed) if closed.month == self.month => {
                self.closes.push((log_index, closed.organization))
            }
            Event::ServiceApproved(review) => self.reviews.push((log_index, review.record)),
            Event::ServiceReturned(review) => self.reviews.push((log_index, review.record)),
            Event::OrganizationEstablished(_)
            | Event::OrganizationRenamed(_)
            | Event::OrganizationMoved(_)
            | Event::OrganizationMerged(_)
            | Event::OrganizationDissolved(_)
            | Event::MemberRostered(_)
            | Event::MemberTransferred(_)
            | Event::MemberExempted(_)
            | Event::MemberLeft(_)
            | Event::MemberEnrolled(_)
            | Event::EnrollmentEnded(_)
            | Event::ActivityCancelled(_)
            | Event::MemberSignedUp(_)
            | Event::SignUpWithdrawn(_)
            | Event::HardshipPairingFormed(_)
            | Event::HardshipPairingEnded(_)
            | Event::DutyRostered(_)
            | Event::MemberReclassified(_)
            | Event::PointsReset(_)
            | Event::PointsVetoed(_)
            | Event::PointsGranted(_)
            | Event::PointsDeducted(_)
            | Event::MonthFrozen(_)
            | Event::DisclosureOpened(_)
            | Event::ObjectionRaised(_)
            | Event::ObjectionAssigned(_)
            | Event::ObjectionUpheld(_)
            | Event::ObjectionDismissed(_)
            | Event::ObjectionWithdrawn(_)
            | Event::MonthClosed(_)
            | Event::NoticeIssued(_)
            | Event::DocumentIssued(_)
            | Event::IdentityCommitted(_)
            | Event::NameConsentGiven(_)
            | Event::NameConsentWithdrawn(_)
            | Event::PersonErased(_)
            | Event::RecordingSuspended(_)
            | Event::RecordingRestored(_)
            | Event::SigningKeyRotated(_) => {}
        }
        self.recorders.push(actor | mark);
        self.note_time(log_index, event.recorded_at);
    }

    fn number(&mut self, actor: ActorId) -> u32 {
        *self.numbers.entry(actor).or_insert_with(|| {
            self.actors.push(actor);
            u32::try_from(self.actors.len() - 1).expect("fewer actors than entries") & !CHANGES
        })
    }

    /// A record is dated at the planned start of its activity; at its own where it has none, or one whose rules say so, or that stands before
    /// these entries.
    fn note_record(&mut self, event: &RecordedEvent, planned: Option<Instant>, actor: u32) {
        let counts = &mut self.evidence[event.evidence as usize];
        counts[0] += 1;
        let dated_at = planned.unwrap_or(event.occurred_at);
        if dated_at.month() != self.month {
            return;
        }
        counts[1] += 1;
        let after = event.recorded_at.unix_seconds() - dated_at.unix_seconds();
        let days = (after + DAY_SECONDS - 1).div_euclid(DAY_SECONDS);
        *self.delays.entry((event.evidence as usize, days)).or_insert(0) += 1;
        if event.evidence == Evidence::BackEntered {
            *self.back_entered.entry(actor).or_insert(0) += 1;
        }
    }

    fn note_time(&mut self, log_index: u64, recorded_at: Instant) {
        let seconds = recorded_at.unix_seconds();
        if let Some(last) = self.last {
            let hours = u64::try_from((seconds - last.unix_seconds()) / HOUR_SECONDS).unwrap_or(0);
            if hours >= SILENCE_HOURS_MIN {
                let log_index = log_index.saturating_sub(1);
                self.silences.push(Silence { log_index, from: last, until: recorded_at, hours });
                self.silences.sort_by_key(|silence| std::cmp::Reverse(silence.hours));
                self.silences.truncate(SILENCES_MAX);
            }
        }
        self.last = Some(recorded_at);
        let hour = seconds.div_euclid(HOUR_SECONDS);
        if hour != self.hour.0 {
            self.end_hour();
            self.hour = (hour, 0);
        }
        self.hour.1 += 1;
    }

    fn end_hour(&mut self) {
        let (hour, entries) = self.hour;
        if entries > 0 {
            self.busiest.push((entries, hour));
            self.busiest.sort_by(|a, b| b.cmp(a));
            self.busiest.truncate(BUSY_HOURS_MAX);
        }
    }

    /// How many reviews there were.
    pub(super) fn reviews(&self) -> u64 {
        self.reviews.len() as u64
    }

    /// Every review of what the reviewer had opened or changed, and of what is about themselves, as far as it is known who is who.
    pub(super) fn own_reviews(&self, models: &ReadModels, known: &[ActorOfMember]) -> Vec<AuditFinding> {
        let members: HashMap<ActorId, _> = known.iter().map(|known| (known.actor, known.member)).collect();
        let mut found = Vec::new();
        for &(log_index, record) in &self.reviews {
            let (Some(reviewer), Some(state)) = (self.recorder(log_index), models.record(record)) else { continue };
            let actor = self.actors[reviewer as usize];
            let opened = state.log_indexes.iter().copied().min();
            let made = |&at: &u64| at < log_index && (Some(at) == opened || self.changes(at));
            let by_reviewer =
                state.log_indexes.iter().copied().filter(made).filter(|&at| self.recorder(at) == Some(reviewer));
            if let Some(of) = by_reviewer.min() {
                found.push(AuditFinding::ReviewOfOwnRecord { log_index, of, actor });
            }
            if members.get(&actor) == Some(&state.member) {
                found.push(AuditFinding::ReviewAboutOneself { log_index, actor });
            }
        }
        found
    }

    fn mark(&self, log_index: u64) -> Option<u32> {
        self.recorders.get(usize::try_from(log_index.checked_sub(self.first_index)?).ok()?).copied()
    }

    fn recorder(&self, log_index: u64) -> Option<u32> {
        self.mark(log_index).map(|mark| mark & !CHANGES)
    }

    fn changes(&self, log_index: u64) -> bool {
        self.mark(log_index).is_some_and(|mark| mark & CHANGES != 0)
    }

    /// Corrections, reversals and quashings of what is of the month. That stands somewhere before them: only the whole log tells of which
    /// month it is. Without it corrections go by the time that they tell, and of the others nothing is known.
    fn changes_in_month(&self, models: Option<&ReadModels>) -> Vec<u64> {
        let Some(models) = models else {
            return self.corrections.iter().filter(|of| of.2).map(|&(log_index, ..)| log_index).collect();
        };
        let corrected = self.corrections.iter().map(|&(log_index, of, _)| (log_index, of));
        let changes = corrected.chain(self.reversals.iter().copied());
        changes.filter(|&(_, of)| models.month_of(of) == Some(self.month)).map(|(log_index, _)| log_index).collect()
    }

    /// How many corrections came after the close. Without the whole log it is not known which organisations stand above this one: then its own close
    /// counts, and if it isn't among the entries but another's is, nothing is said.
    fn corrections_after_close(&self, models: Option<&ReadModels>, organization: OrganizationId) -> Option<u64> {
        let closed = match models {
            Some(models) => models.closed(organization, self.month).map(|closed| closed.log_index),
            None => {
                let own = self.closes.iter().find(|(_, of)| *of == organization).map(|(log_index, _)| *log_index);
                Some(own.or_else(|| self.closes.is_empty().then_some(u64::MAX))?)
            }
        };
        let is_after = |at: &&u64| closed.is_some_and(|closed| **at > closed);
        Some(self.changes_in_month(models).iter().filter(is_after).count() as u64)
    }

    /// What should be looked at. `models` are those of the whole log, if the bundle has it.
    pub(super) fn finish(
        mut self,
        models: Option<&ReadModels>,
        organization: OrganizationId,
        known: &[ActorOfMember],
    ) -> Remarks {
        self.end_hour();
        let corrections = self.changes_in_month(models).len() as u64;
        let after_close = self.corrections_after_close(models, organization);
        let mut back_entered_by: Vec<ByActor> = (self.back_entered.iter())
            .map(|(&actor, &entries)| ByActor { actor: self.actors[actor as usize], entries })
            .collect();
        back_entered_by.sort_by(|a, b| b.entries.cmp(&a.entries).then(a.actor.cmp(&b.actor)));
        back_entered_by.truncate(ACTORS_MAX);
        self.silences.sort_by_key(|silence| silence.log_index);
        let limits = models.map_or_else(|| ConductRules::default().into(), |models| models.conduct_limits(self.month));
        let ConductLimits { late_after_days, .. } = limits;
        let late = |evidence: Evidence| {
            let later = (evidence as usize, i64::from(late_after_days) + 1)..=(evidence as usize, i64::MAX);
            self.delays.range(later).map(|(_, records)| records).sum()
        };
        let mix = |(&evidence, &[records, in_month]): (&Evidence, &[u64; 2])| EvidenceMix {
            evidence,
            records,
            in_month,
            late_in_month: late(evidence),
        };
        let hour = |&(entries, hour): &(u64, i64)| {
            Some(BusyHour { from: Instant::from_unix_seconds(hour * HOUR_SECONDS).ok()?, entries })
        };
        Remarks {
            evidence: Evidence::ALL.iter().zip(&self.evidence).map(mix).filter(|mix| mix.records > 0).collect(),
            late_check_ins: self.late_check_ins,
            back_entered_by,
            late_after_days: u64::from(late_after_days),
            corrections,
            corrections_after_close: after_close,
            reviews: self.reviews(),
            silences: self.silences,
            busiest_hours: self.busiest.iter().filter_map(hour).collect(),
            actors_known: known.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use mingzhang_events::{
        ClauseId, CorrectionReason, DecisionQuashed, Event, EventId, Evidence, Instant, MemberClass, MemberId,
        MemberRostered, MonthClosed, OrganizationEstablished, OrganizationId, OrganizationLevel, PointsGranted,
        PointsVetoed, QuashingReason, RecordCorrected, RecordReversed, RecordedEvent,
    };
    use mingzhang_projections::ReadModels;

    fn seen(events: Vec<Event>) -> Seen {
        let at: Instant = "2026-10-20T01:00:00Z".parse().expect("an instant");
        let mut seen = Seen::new("2026-10".parse().expect("a month"), 256);
        for (log_index, event) in (256..).zip(events) {
            let recorded_by = "o-1".parse().expect("an actor");
            let id = EventId(u128::from(log_index));
            let event = RecordedEvent {
                id,
                event,
                evidence: Evidence::Office,
                imported: None,
                occurred_at: at,
                recorded_at: at,
                recorded_by,
            };
            seen.note(log_index, &event);
        }
        seen
    }

    #[test]
    fn a_part_of_the_log_tells_which_corrections_came_after_the_close_or_that_it_can_t() {
        let code = |text: &str| -> OrganizationId { text.parse().expect("a code") };
        let (street, city) = (code("420902001"), code("420902"));
        let corrected = || -> Event {
            RecordCorrected { decision: None, minutes: 1, reason: CorrectionReason::ALL[0], record: EventId(1) }.into()
        };
        let closed =
            |organization| -> Event { MonthClosed { month: "2026-10".parse().expect("a month"), organization }.into() };
        let after = |events| seen(events).corrections_after_close(None, street);
        assert_eq!(after(vec![corrected(), closed(street), corrected(), corrected()]), Some(2));
        assert_eq!(after(vec![corrected(), corrected()]), Some(0), "it isn't closed yet");
        assert_eq!(after(vec![closed(city), corrected()]), None, "is the street below the city?");
        assert_eq!(after(vec![closed(city), closed(street), corrected()]), Some(1));
    }

    #[test]
    fn what_undoes_a_decision_after_the_close_is_counted_as_a_correction_is() {
        let code = |text: &str| -> OrganizationId { text.parse().expect("a code") };
        let (street, member, month) = (code("420902001"), MemberId(1), "2026-10".parse().expect("a month"));
        let clause: ClauseId = "1".parse().expect("a clause");
        let granted = || -> Event {
            PointsGranted { clause, decision: None, member, points: "1".parse().expect("points") }.into()
        };
        let reversed = |record| -> Event {
            RecordReversed { decision: None, reason: CorrectionReason::FoundUntrue, record: EventId(record) }.into()
        };
        let (level, name) = (OrganizationLevel::Subdistrict, "书院街道".into());
        let events: Vec<Event> = vec![
            OrganizationEstablished { level, name, organization: street, parent: None }.into(),
            MemberRostered { class: MemberClass::Resident, member, organization: street }.into(),
            granted(),
            granted(),
            PointsVetoed { clause, member }.into(),
            reversed(2),
            MonthClosed { month, organization: street }.into(),
            reversed(3),
            DecisionQuashed { decision: EventId(4), reason: QuashingReason::Reviewed }.into(),
        ];
        let at: Instant = "2026-10-20T01:00:00Z".parse().expect("an instant");
        let (mut seen, mut models) = (Seen::new(month, 0), ReadModels::new());
        for (log_index, event) in (0..).zip(events) {
            let (recorded_by, id) = ("o-1".parse().expect("an actor"), EventId(u128::from(log_index)));
            let (evidence, imported, occurred_at, recorded_at) = (Evidence::Office, None, at, at);
            let event = RecordedEvent { id, event, evidence, imported, occurred_at, recorded_at, recorded_by };
            seen.note(log_index, &event);
            models.apply(log_index, &event);
        }
        models.settle();
        let remarks = seen.finish(Some(&models), street, &[]);
        assert_eq!((remarks.corrections, remarks.corrections_after_close), (3, Some(2)));
    }
}
