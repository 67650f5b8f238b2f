//! The read models: every fold of the log in one place. `apply` cannot fail: it ignores what doesn't fit.
//!
//! No I/O, no clock, no randomness, no floats, no order of hash maps: the same log gives the same bytes, however it is cut
//! into batches. Queries are made on settled models.

use crate::activities::Activities;
use crate::amendments::Amendments;
use crate::awards::Awards;
use crate::cache::Cache;
use crate::documents::Documents;
use crate::duty::DutyRoster;
use crate::member_months::MemberMonths;
use crate::months::Months;
use crate::objections::Objections;
use crate::organizations::Organizations;
use crate::pairings::Pairings;
use crate::participation::Participation;
use crate::people::People;
use crate::recorded_days::RecordedDays;
use crate::records::Records;
use crate::review_steps::ReviewSteps;
use crate::revisions::Revisions;
use crate::roster::Roster;
use crate::rules::Adopted;
use crate::sanctions::Sanctions;
use bitcode::{Decode, Encode};
use mingzhang_events::Instant;

/// What the log means: the roster and the tree over time, records, points, rates and rankings.
#[derive(Default, Encode, Decode)]
pub struct ReadModels {
    pub(crate) tree_size: u64,
    /// Unix seconds; 0 before the first event.
    pub(crate) newest_recorded_at: i64,
    pub(crate) organizations: Organizations,
    pub(crate) roster: Roster,
    pub(crate) people: People,
    pub(crate) sanctions: Sanctions,
    pub(crate) activities: Activities,
    pub(crate) participation: Participation,
    pub(crate) records: Records,
    pub(crate) amendments: Amendments,
    pub(crate) review_steps: ReviewSteps,
    pub(crate) recorded_days: RecordedDays,
    pub(crate) revisions: Revisions,
    pub(crate) awards: Awards,
    pub(crate) pairings: Pairings,
    pub(crate) duty: DutyRoster,
    pub(crate) rules: Adopted,
    pub(crate) months: Months,
    pub(crate) documents: Documents,
    pub(crate) objections: Objections,
    pub(crate) member_months: MemberMonths,
    /// Cancelled activities whose participants' points aren't settled yet.
    #[bitcode(skip)]
    pub(crate) cancelled: Vec<u32>,
    /// Figures and rankings worked out for queries. Never stored: only what the folds say.
    #[bitcode(skip)]
    pub(crate) cache: Cache,
}

impl ReadModels {
    /// Of an empty log.
    pub fn new() -> ReadModels {
        ReadModels::default()
    }

    /// How many entries of the log they hold: one more than the log index applied last.
    pub fn tree_size(&self) -> u64 {
        self.tree_size
    }

    /// When the newest event was recorded.
    pub fn newest_recorded_at(&self) -> Option<Instant> {
        Instant::from_unix_seconds(self.newest_recorded_at).ok()
    }

    /// Of these facts, all of one instant and evidenced alike.
    #[cfg(test)]
    pub(crate) fn of_facts(
        at: &str,
        evidence: mingzhang_events::Evidence,
        facts: impl IntoIterator<Item = mingzhang_events::Event>,
    ) -> ReadModels {
        use mingzhang_events::{EventId, RecordedEvent};
        let (at, recorded_by) = (at.parse().expect("an instant"), "w-1".parse().expect("an actor"));
        let mut models = ReadModels::new();
        for (log_index, event) in (0_u64..).zip(facts) {
            let (id, imported) = (EventId(u128::from(log_index) + 1), None);
            let recorded =
                RecordedEvent { id, event, evidence, imported, occurred_at: at, recorded_at: at, recorded_by };
            models.apply(log_index, &recorded);
        }
        models.settle();
        models
    }
}
