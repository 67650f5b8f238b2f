//! The read models: every fold of the log in one place. `apply` cannot fail: it ignores what doesn't fit.
//!
//! No I/O, no clock, no randomness, no floats, no order of hash maps: the same log gives the same bytes, however it is cut
//! into batches. Queries are made on settled models.

use crate::activities::Activities;
use crate::amendments::Amendments;
use crate::awards::Awards;
use crate::cache::Cache;
use crate::duty::DutyRoster;
use crate::intern::NONE;
use crate::member_months::{MemberMonths, Part};
use crate::months::Months;
use crate::organizations::Organizations;
use crate::pairings::Pairings;
use crate::participation::Participation;
use crate::records::Records;
use crate::roster::Roster;
use crate::rules::Adopted;
use crate::scoring::{Scratch, add_to_parts, score};
use bitcode::{Decode, Encode};
use mingzhang_events::{Instant, Month};

/// What the log means: the roster and the tree over time, records, points, rates and rankings.
#[derive(Default, Encode, Decode)]
pub struct ReadModels {
    pub(crate) tree_size: u64,
    /// Unix seconds; 0 before the first event.
    pub(crate) newest_recorded_at: i64,
    pub(crate) organizations: Organizations,
    pub(crate) roster: Roster,
    pub(crate) activities: Activities,
    pub(crate) participation: Participation,
    pub(crate) records: Records,
    pub(crate) amendments: Amendments,
    pub(crate) awards: Awards,
    pub(crate) pairings: Pairings,
    pub(crate) duty: DutyRoster,
    pub(crate) rules: Adopted,
    pub(crate) months: Months,
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

    /// Whether every total is up to date: nothing was applied since [`ReadModels::settle`].
    pub fn is_settled(&self) -> bool {
        self.member_months.is_settled() && self.cancelled.is_empty()
    }

    /// Brings the totals of every member-month that the events since the last call have touched up to date. Once a batch;
    /// queries are made afterwards.
    pub fn settle(&mut self) {
        self.mark_participants_of_cancelled();
        let dirty = self.member_months.take_dirty();
        let (mut facts, mut parts, mut scratch) = (Vec::new(), Vec::<Part>::new(), Scratch::default());
        let mut moved = Vec::new();
        for &number in &dirty {
            let month = self.member_months.get(number).month();
            let rules = self.rules.in_force(month);
            self.gather(number, rules, &mut facts);
            parts.clear();
            score(rules, &self.awards, &facts, &mut scratch, |item| add_to_parts(&mut parts, &item));
            if self.cache.ranks_any(month) && !self.member_months.parts(number).eq(parts.iter().copied()) {
                let branches = self.member_months.parts(number).chain(parts.iter().copied()).map(|part| part.branch);
                let member = self.member_months.get(number).member;
                let home = Some(self.branch_at_cutoff(member, month)).filter(|&branch| branch != NONE);
                moved.extend(branches.chain(home).map(|branch| (number, branch)));
            }
            self.member_months.set_parts(number, &parts);
        }
        self.settle_cache(&dirty, &moved);
    }

    /// Everyone who has a record at a cancelled activity, or may have missed it. One pass over the months concerned,
    /// however many activities were cancelled in the batch; none where nobody can gain or lose.
    fn mark_participants_of_cancelled(&mut self) {
        let cancelled = std::mem::take(&mut self.cancelled);
        if cancelled.is_empty() {
            return;
        }
        let cancelled: std::collections::BTreeSet<u32> = cancelled.into_iter().collect();
        let mut months = std::collections::BTreeSet::new();
        for &number in &cancelled {
            let activity = self.activities.get(number);
            let month = Month::from_number(activity.month).expect("made from a month");
            if activity.records > 0 {
                months.extend([month.previous(), month, month.next()]);
            } else if self.months.any_closed(month) {
                months.insert(month);
            }
        }
        for month in months {
            let numbers: Vec<u32> = self.member_months.of_month(month).collect();
            for number in numbers {
                let of = self.member_months.get(number);
                let mut records = self.records.chain(of.records).filter_map(|(_, record)| record.activity());
                let mut sign_ups = self.participation.sign_ups(of.sign_ups).map(|(_, sign_up)| sign_up.activity);
                if records.any(|activity| cancelled.contains(&activity))
                    || sign_ups.any(|activity| cancelled.contains(&activity))
                {
                    self.member_months.mark(number);
                }
            }
        }
    }
}
