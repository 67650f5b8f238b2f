//! Settling: the totals of every member-month that events have touched, brought up to date. Once a batch.
//!
//! Invariant: afterwards the totals are those that scoring the whole log anew would give. Two threads share much work; what
//! they find is put in place in one order, so the bytes are the same.

use crate::intern::NONE;
use crate::member_months::Part;
use crate::models::ReadModels;
use crate::rules::InForce;
use crate::scoring::{Scorer, add_to_parts};
use mingzhang_events::Month;
use std::collections::BTreeSet;

/// Fewer member-months than these are settled sooner by one thread.
const SHARED_FROM: usize = 20_000;

/// Totals as a thread finds them: so many parts for each member-month, one after another.
#[derive(Default)]
struct Found {
    counts: Vec<u32>,
    parts: Vec<Part>,
}

/// What members earned, one after another, in room that is used again.
pub(crate) struct Earned<'a> {
    models: &'a ReadModels,
    scorer: Scorer<'a>,
    parts: Vec<Part>,
}

impl<'a> Earned<'a> {
    pub(crate) fn new(models: &'a ReadModels) -> Earned<'a> {
        Earned { models, scorer: Scorer::new(models, InForce::adopted(&models.rules)), parts: Vec::new() }
    }

    /// In a month, by branch: as settled, or the base points where nothing happened.
    pub(crate) fn of(&mut self, member: u32, month: Month) -> &[Part] {
        self.find(member, month);
        &self.parts
    }

    fn find(&mut self, member: u32, month: Month) {
        self.parts.clear();
        let months = &self.models.member_months;
        match months.find(&self.models.roster.members[member as usize], month) {
            Some(number) => self.parts.extend(months.parts(number)),
            None => {
                let base = self.base(member, month);
                self.parts.extend(base);
            }
        }
    }

    /// The base points of a member in whose month nothing happened.
    pub(crate) fn base(&mut self, member: u32, month: Month) -> Option<Part> {
        if self.models.rules.in_force(month).is_none_or(|compiled| compiled.rules.base.is_empty()) {
            return None;
        }
        let mut parts = Vec::new();
        self.scorer.month(member, month, |item, _| add_to_parts(&mut parts, &item));
        parts.first().copied()
    }
}

impl ReadModels {
    /// Whether every total is up to date: nothing was applied since [`ReadModels::settle`].
    pub fn is_settled(&self) -> bool {
        self.member_months.is_settled() && self.cancelled.is_empty()
    }

    /// Brings the totals of every member-month that the events since the last call have touched up to date. Once a batch;
    /// queries are made afterwards.
    pub fn settle(&mut self) {
        self.mark_participants_of_cancelled();
        let mut dirty = self.member_months.take_dirty();
        if self.rules.look_back() {
            self.add_later_months(&mut dirty);
        }
        let mut moved = Vec::new();
        let shares = if dirty.len() < SHARED_FROM { 1 } else { 2 };
        let found = self.share(&dirty, shares);
        let mut numbers = dirty.iter();
        for share in found {
            let mut parts = share.parts.as_slice();
            for (count, &number) in share.counts.iter().zip(&mut numbers) {
                let (own, rest) = parts.split_at(*count as usize);
                parts = rest;
                self.put(number, own, &mut moved);
            }
        }
        self.settle_cache(&dirty, &moved);
    }

    /// What a member earned in a month, by branch. Of many members [`Earned`] tells it sooner.
    pub(crate) fn parts_of(&self, member: u32, month: Month) -> Vec<Part> {
        let mut earned = Earned::new(self);
        earned.find(member, month);
        earned.parts
    }

    fn share(&self, dirty: &[u32], shares: usize) -> Vec<Found> {
        if shares == 1 {
            return vec![self.score_all(dirty)];
        }
        let (first, second) = dirty.split_at(dirty.len() / 2);
        std::thread::scope(|scope| {
            let first = scope.spawn(|| self.score_all(first));
            let second = self.score_all(second);
            vec![first.join().expect("scoring doesn't panic"), second]
        })
    }

    fn score_all(&self, numbers: &[u32]) -> Found {
        let mut scorer = Scorer::new(self, InForce::adopted(&self.rules));
        let mut found = Found { counts: Vec::with_capacity(numbers.len()), parts: Vec::with_capacity(numbers.len()) };
        let mut parts = Vec::new();
        for &number in numbers {
            let of = self.member_months.get(number);
            parts.clear();
            scorer.month(of.member, of.month(), |item, _| add_to_parts(&mut parts, &item));
            found.counts.push(crate::intern::number_of(parts.len()));
            found.parts.extend_from_slice(&parts);
        }
        found
    }

    /// Puts the parts of a member-month in place, and notes whose place in a kept ranking they move.
    fn put(&mut self, number: u32, parts: &[Part], moved: &mut Vec<(u32, u32)>) {
        let of = self.member_months.get(number);
        let month = of.month();
        if self.cache.ranks_any(month) && !self.member_months.parts(number).eq(parts.iter().copied()) {
            let branches = self.member_months.parts(number).chain(parts.iter().copied()).map(|part| part.branch);
            let home = Some(self.branch_at_cutoff(of.member, month)).filter(|&branch| branch != NONE);
            moved.extend(branches.chain(home).map(|branch| (number, branch)));
        }
        self.member_months.set_parts(number, parts);
    }

    /// Adds the later months of the same members whose points look back at a touched one, and puts each member's months in
    /// order, so that they are scored in one go.
    fn add_later_months(&self, dirty: &mut Vec<u32>) {
        let in_force = InForce::adopted(&self.rules);
        let touched = |&number: &u32| {
            let of = self.member_months.get(number);
            (of.member, of.month(), number)
        };
        let mut touched: Vec<(u32, Month, u32)> = dirty.iter().map(touched).collect();
        touched.sort_unstable();
        touched.dedup();
        dirty.clear();
        let mut months: Vec<(Month, u32)> = Vec::new();
        for own in touched.chunk_by(|a, b| a.0 == b.0) {
            let (member, first, _) = own[0];
            months.clear();
            months.extend(own.iter().map(|&(_, month, number)| (month, number)));
            for (later, of) in self.member_months.of_member(&self.roster.members[member as usize]) {
                let month = of.month();
                // A month that looks back at any of the touched ones before it looks back at the newest of them.
                let before = own.partition_point(|(_, touched, _)| *touched < month);
                let is_touched = own.get(before).is_some_and(|(_, touched, _)| *touched == month);
                if month > first && !is_touched && in_force.since(self, member, month) <= own[before - 1].1 {
                    months.push((month, later));
                }
            }
            months.sort_unstable();
            dirty.extend(months.iter().map(|&(_, number)| number));
        }
    }

    /// Everyone who has a record at a cancelled activity, or may have missed it. One pass over the months concerned,
    /// however many activities were cancelled in the batch; none where nobody can gain or lose.
    fn mark_participants_of_cancelled(&mut self) {
        let cancelled = std::mem::take(&mut self.cancelled);
        if cancelled.is_empty() {
            return;
        }
        let cancelled: BTreeSet<u32> = cancelled.into_iter().collect();
        let mut months = BTreeSet::new();
        for &number in &cancelled {
            let activity = self.activities.get(number);
            let month = Month::from_number(activity.month).expect("made from a month");
            months.extend(self.months_of_records(number));
            // Who signed up and has no record may have missed it.
            if self.months.any_no_shows(month) {
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
