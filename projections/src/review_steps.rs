//! Steps of the review chain (审核环节): how many of them a record has taken, and what waits at which.
//!
//! Deadlines are told, never acted on: what is past one waits on until a person reviews it.

use crate::dates::Dated;
use crate::facts::Standing;
use crate::models::ReadModels;
use crate::records::Record;
use crate::span::{instant, local_day, month_cutoff};
use crate::tree::Tree;
use bitcode::{Decode, Encode};
use jiff::civil::Date;
use mingzhang_events::{
    ActivityKind, Evidence, Instant, MemberId, Month, OrganizationId, OrganizationLevel, ReviewRole, ReviewStep,
    ScoringRules, date_from_days,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Records that have taken some steps of their chain and not yet the last.
#[derive(Default, Encode, Decode)]
pub(crate) struct ReviewSteps {
    taken: BTreeMap<u32, u8>,
}

impl ReviewSteps {
    /// Takes the next step of so many. Whether it was the last.
    pub(crate) fn take(&mut self, record: u32, steps: usize) -> bool {
        let taken = self.taken.remove(&record).unwrap_or(0).saturating_add(1);
        let is_last = usize::from(taken) >= steps;
        if !is_last {
            self.taken.insert(record, taken);
        }
        is_last
    }

    /// Review begins anew.
    pub(crate) fn forget(&mut self, record: u32) {
        self.taken.remove(&record);
    }

    fn of(&self, record: u32) -> u8 {
        self.taken.get(&record).copied().unwrap_or(0)
    }
}

/// A record that waits for its review (待审核).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingRecord {
    /// The entry that opened it.
    pub log_index: u64,
    /// The newest entry about it: what the step follows.
    pub last_log_index: u64,
    /// Whose.
    pub member: MemberId,
    /// Where they belonged at its date.
    pub branch: OrganizationId,
    /// Of what kind.
    pub kind: ActivityKind,
    /// Its start, as corrected.
    pub started_at: Instant,
    /// Whole minutes, as corrected.
    pub minutes: u16,
    /// How it was evidenced.
    pub evidence: Evidence,
    /// Which step of its review is next, from 1.
    pub step: u8,
    /// What the step is called; empty without a review chain.
    pub step_name: String,
    /// Who acts.
    pub role: ReviewRole,
    /// The level of the organisation that acts; any if absent.
    pub level: Option<OrganizationLevel>,
    /// Since which local day it has waited for this step: that of the entry before.
    pub since: Date,
    /// The last local day for it; none without a deadline, or in a year whose calendar isn't known.
    pub until: Option<Date>,
    /// Whether that day is over, at the newest entry.
    pub overdue: bool,
}

/// What waits at one step of the review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepWork {
    /// Which, from 1.
    pub step: u8,
    /// What it is called; empty without a review chain.
    pub name: String,
    /// Who acts.
    pub role: ReviewRole,
    /// The level of the organisation that acts; any if absent.
    pub level: Option<OrganizationLevel>,
    /// How many records wait.
    pub records: u32,
    /// Since which local day the first of them waits.
    pub since: Date,
    /// The first of their last local days; none without a deadline.
    pub until: Option<Date>,
    /// How many are past theirs, at the newest entry.
    pub overdue: u32,
}

/// What waits at the steps of one organisation's month, by organisation and step.
pub(crate) type Waiting = BTreeMap<(OrganizationId, u8), StepWork>;

impl ReadModels {
    /// The records of an organisation's month that wait for a review, those with the first deadlines first; at one step, or at any. What
    /// is overdue is so on that day. None for an unknown organisation.
    pub fn waiting_records(
        &self,
        organization: OrganizationId,
        month: Month,
        step: Option<u8>,
        today: Date,
    ) -> Option<Vec<WaitingRecord>> {
        let number = self.organization_number(organization)?;
        let mut waiting = Vec::new();
        self.each_waiting(number, month, |waits| {
            if step.is_none_or(|step| waits.next.number == step) {
                waiting.push(self.waiting_record(waits, today));
            }
        });
        waiting.sort_by_key(|record| (record.until.is_none(), record.until, record.since, record.log_index));
        Some(waiting)
    }

    /// The local day of the newest entry: of models as they were, the day on which something was overdue.
    pub fn newest_day(&self) -> Date {
        date_from_days(i64::from(local_day(self.newest_recorded_at)))
    }

    pub(crate) fn waiting_by_step(&self, organization: u32, month: Month, today: Date) -> Waiting {
        let mut waiting = Waiting::new();
        self.each_waiting(organization, month, |waits| {
            let key = (self.organizations.id(waits.branch), waits.next.number);
            let work = waiting.entry(key).or_insert_with(|| StepWork::at(waits));
            work.add(waits, today);
        });
        waiting
    }

    /// Those that can be reviewed: what was disclosed or closed for anybody in whose figures it counts waits for nobody, unless an entry
    /// about it was taken since. Such a one corrected it, entered what had been missing, or took a step of the review of either.
    fn each_waiting(&self, organization: u32, month: Month, mut each: impl FnMut(&Waits<'_>)) {
        let (tree, compiled) = (self.tree(month), self.rules.in_force(month));
        let (shown, cutoff) = (self.months.shown(month), month_cutoff(month));
        let rules = compiled.map(|compiled| &compiled.rules);
        let mut deadlines = Deadlines::default();
        for number in self.member_months_below(&tree, organization, month) {
            let of = self.member_months.get(number);
            for (record, entry) in self.records.chain(of.records) {
                let Dated { dated_at, served_from: started_at } = self.dated(record, entry, month);
                let branch = self.roster.branch(&self.organizations, of.member, dated_at);
                if self.standing(entry, branch, compiled) != Standing::Pending || !tree.holds(organization, branch) {
                    continue;
                }
                let last = self.last_log_index(record, of.amendments);
                let since_it = |above: u32| shown.by(&self.organizations, above).is_some_and(|at| at > last);
                let is_shown = |of: u32| self.organizations.upward(of, cutoff).any(since_it);
                if !shown.is_nothing() && self.counted_in(self.counted_record(number, record)).any(is_shown) {
                    continue;
                }
                let since = self.recorded_days.of(last);
                let next = NextStep::of(rules, self.review_steps.of(record));
                let until = next.step.and_then(|step| deadlines.of(self, since, step));
                let since = date_from_days(i64::from(since));
                each(&Waits { record, entry, member: of.member, branch, started_at, last, since, until, next });
            }
        }
    }

    /// The member-months of a month that may hold records of an organisation, or of one below it: those of everybody who ever belonged there.
    fn member_months_below(&self, tree: &Tree, organization: u32, month: Month) -> Vec<u32> {
        // What merged into a merged one stands below the last successor.
        let last = self.organizations.successor(organization, month_cutoff(month));
        let mut members: Vec<u32> =
            tree.part(last).iter().flat_map(|&below| self.roster.ever_in(below)).copied().collect();
        members.sort_unstable();
        members.dedup();
        // Of most of the roster they are found sooner by walking the whole month.
        if members.len() > self.roster.members.len() / 2 {
            return self.member_months.of_month(month).collect();
        }
        let of = |&member: &u32| self.member_months.find(&self.roster.members[member as usize], month);
        members.iter().filter_map(of).collect()
    }

    fn waiting_record(&self, waits: &Waits<'_>, today: Date) -> WaitingRecord {
        let &Waits { record, entry, member, branch, started_at, last, since, until, ref next } = waits;
        WaitingRecord {
            log_index: u64::from(self.records.log_index(record)),
            last_log_index: u64::from(last),
            member: self.roster.id(member),
            branch: self.organizations.id(branch),
            kind: self.kind_of(entry).0,
            started_at: instant(started_at),
            minutes: entry.minutes,
            evidence: entry.evidence(),
            step: next.number,
            step_name: next.name(),
            role: next.role(),
            level: next.level(),
            since,
            until,
            overdue: waits.is_overdue(today),
        }
    }
}

impl StepWork {
    /// Nothing yet, of the step that a record waits for.
    fn at(waits: &Waits<'_>) -> StepWork {
        let Waits { since, until, ref next, .. } = *waits;
        let (name, role, level) = (next.name(), next.role(), next.level());
        StepWork { step: next.number, name, role, level, records: 0, since, until, overdue: 0 }
    }

    fn add(&mut self, waits: &Waits<'_>, today: Date) {
        self.records += 1;
        self.since = self.since.min(waits.since);
        self.until = self.until.into_iter().chain(waits.until).min();
        self.overdue += u32::from(waits.is_overdue(today));
    }

    /// Both together, of the same step.
    pub(crate) fn and(&mut self, other: &StepWork) {
        self.records += other.records;
        self.since = self.since.min(other.since);
        self.until = self.until.into_iter().chain(other.until).min();
        self.overdue += other.overdue;
    }
}

/// A record that waits, before anything is said of it.
struct Waits<'a> {
    record: u32,
    entry: Record,
    member: u32,
    branch: u32,
    started_at: i64,
    /// The newest entry about it.
    last: u32,
    since: Date,
    until: Option<Date>,
    next: NextStep<'a>,
}

impl Waits<'_> {
    fn is_overdue(&self, newest_day: Date) -> bool {
        self.until.is_some_and(|until| until < newest_day)
    }
}

/// The step that a record waits for.
struct NextStep<'a> {
    number: u8,
    step: Option<&'a ReviewStep>,
}

impl<'a> NextStep<'a> {
    fn of(rules: Option<&'a ScoringRules>, taken: u8) -> NextStep<'a> {
        let steps = rules.map_or(1, ScoringRules::review_steps);
        let number = usize::from(taken).saturating_add(1).min(steps);
        let step = rules.and_then(|rules| rules.review_step_after(taken));
        NextStep { number: u8::try_from(number).unwrap_or(u8::MAX), step }
    }

    fn name(&self) -> String {
        self.step.map_or_else(String::new, |step| step.name.clone())
    }

    fn role(&self) -> ReviewRole {
        self.step.map_or(ReviewRole::Reviewer, |step| step.role)
    }

    fn level(&self) -> Option<OrganizationLevel> {
        self.step.and_then(|step| step.level)
    }
}

/// Deadlines already counted: records of one day share theirs.
#[derive(Default)]
struct Deadlines(BTreeMap<(u32, u8), Option<Date>>);

impl Deadlines {
    fn of(&mut self, models: &ReadModels, since: u32, step: &ReviewStep) -> Option<Date> {
        let days = step.within_working_days?;
        let counted = || models.calendar().working_day_after(date_from_days(i64::from(since)), days).ok();
        *self.0.entry((since, days)).or_insert_with(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingzhang_events::{
        Event, HomeVisitMade, HouseholdId, MemberClass, MemberRostered, OrganizationEstablished, OrganizationMerged,
    };

    #[test]
    fn of_an_organisation_its_own_members_months_are_walked() {
        let of = |code: String| code.parse::<OrganizationId>().expect("a code");
        let street = of("s".to_owned());
        let established = |organization, level, parent| {
            Event::from(OrganizationEstablished { level, name: "组织".to_owned(), organization, parent })
        };
        let mut facts = vec![established(street, OrganizationLevel::Subdistrict, None)];
        for number in 0..9 {
            let (organization, member) = (of(format!("b{number}")), MemberId(number));
            facts.push(established(organization, OrganizationLevel::Branch, Some(street)));
            facts.push(MemberRostered { class: MemberClass::Resident, member, organization }.into());
            facts.push(HomeVisitMade { household: HouseholdId(7), member, minutes: 30 }.into());
        }
        facts.push(OrganizationMerged { into: of("b1".to_owned()), organization: of("b0".to_owned()) }.into());
        let models = ReadModels::of_facts("2026-10-12T00:00:00Z", Evidence::Attested, facts);
        let month: Month = "2026-10".parse().expect("a month");
        for (organization, walked) in [("s", 9), ("b0", 2), ("b1", 2), ("b2", 1)] {
            let number = models.organization_number(of(organization.to_owned())).expect("known");
            let months = models.member_months_below(&models.tree(month), number, month);
            assert_eq!(months.len(), walked, "{organization}");
        }
    }
}
