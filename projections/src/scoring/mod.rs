//! The scoring engine: facts and rules in, explained items out. A total is nothing but the sum of its items.
//!
//! A pipeline of small stages for each fact of one member, in order of start: veto, quota, minutes in windows, portions,
//! coefficients, caps. Integer arithmetic that saturates. Invariant: no item gives or takes more than every cap leaves.

pub(crate) mod account;
mod amount;
pub(crate) mod purses;
pub(crate) mod trail;

use crate::facts::{Cause, Fact, Ground};
use crate::intern::NONE;
use crate::member_months::Part;
use crate::models::ReadModels;
use crate::rules::InForce;
use crate::span::period_start;
use account::Account;
use mingzhang_events::{
    AwardClause, BackEntryQuota, BasePoints, ClauseId, DeductionItem, Month, Period, PeriodClause, ScoringItem,
};
use trail::{Trail, TrailStep};

/// Why an accepted fact gives or takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unscored {
    /// 当月无施行的细则.
    NoRules,
    /// 细则无此项.
    NoClause,
    /// 请假.
    OnLeave,
    /// 当时免予报到, 不扣分.
    Exempt,
    /// 超出补录限额.
    OverQuota,
    /// 一票否决后不计分.
    Vetoed,
}

/// The clause that an item stands under.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clause<'a> {
    Scored(&'a ScoringItem),
    Deducted(&'a DeductionItem),
    Awarded(&'a AwardClause),
    Base(&'a BasePoints),
    Quota(&'a BackEntryQuota),
    /// A reset or a veto.
    Period(&'a PeriodClause),
    None,
}

impl<'a> Clause<'a> {
    /// Its number and its name.
    pub(crate) fn named(self) -> Option<(ClauseId, &'a str)> {
        match self {
            Clause::Scored(of) => Some((of.clause, &of.name)),
            Clause::Deducted(of) => Some((of.clause, &of.name)),
            Clause::Awarded(of) => Some((of.clause, &of.name)),
            Clause::Base(of) => Some((of.clause, &of.name)),
            Clause::Quota(of) => Some((of.clause, &of.name)),
            Clause::Period(of) => Some((of.clause, &of.name)),
            Clause::None => None,
        }
    }
}

/// One explained line: a fact, its clause, and what it gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) fact: Fact,
    pub(crate) clause: Clause<'a>,
    pub(crate) unscored: Option<Unscored>,
    /// In hundredths, before caps.
    pub(crate) uncapped: i64,
    /// In hundredths, as given.
    pub(crate) given: i64,
}

/// Up to which month the account of a member was kept, and since when.
#[derive(Clone, Copy)]
struct Kept {
    member: u32,
    since: Month,
    last: Month,
}

/// Scores months of members, one after another, in room that is used again. Quickest where a member's months come in order.
pub(crate) struct Scorer<'a> {
    models: &'a ReadModels,
    in_force: InForce<'a>,
    facts: Vec<Fact>,
    account: Account<'a>,
    kept: Option<Kept>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(models: &'a ReadModels, in_force: InForce<'a>) -> Scorer<'a> {
        Scorer { models, in_force, facts: Vec::new(), account: Account::default(), kept: None }
    }

    /// One that keeps the trail of each item.
    pub(crate) fn explaining(models: &'a ReadModels, in_force: InForce<'a>) -> Scorer<'a> {
        let mut scorer = Scorer::new(models, in_force);
        scorer.account.trail = Trail::kept();
        scorer
    }

    /// Yields an item for each fact of a member's month, in order of start. What earlier months of the longest period that
    /// a cap, a reset or a veto looks at have given is worked out first.
    pub(crate) fn month(&mut self, member: u32, month: Month, mut explain: impl FnMut(Item<'a>, &[TrailStep])) {
        let since = self.in_force.since(self.models, member, month);
        let goes_on = |kept: &Kept| kept.member == member && kept.since <= since && kept.last < month;
        let kept = self.kept.filter(|kept| since < month && goes_on(kept));
        let mut next = kept.map_or(since, |kept| kept.last.next());
        if kept.is_none() {
            self.account.begin(since, self.in_force.at(since));
        }
        while next < month {
            self.account.go_on(next, self.in_force.at(next));
            self.facts_of(member, next, |_, _| {});
            next = next.next();
        }
        self.account.go_on(month, self.in_force.at(month));
        self.facts_of(member, month, &mut explain);
        self.kept = Some(Kept { member, since: kept.map_or(since, |kept| kept.since), last: month });
    }

    /// The facts of a member-month, through the account as it stands.
    fn facts_of(&mut self, member: u32, month: Month, mut explain: impl FnMut(Item<'a>, &[TrailStep])) {
        let models = self.models;
        let compiled = self.in_force.at(month);
        let number = models.member_months.find(&models.roster.members[member as usize], month);
        let base = self.in_force.base(models, member, month);
        self.facts.clear();
        if let Some(number) = number {
            models.gather(number, compiled, &mut self.facts);
        }
        self.account.expect(&self.facts);
        if let Some(base) = base {
            let item = self.account.base(base);
            explain(item, self.account.trail.steps());
        }
        for &fact in &self.facts {
            let item = self.account.one(models, member, fact);
            explain(item, self.account.trail.steps());
        }
    }

    /// The veto in force after the month that was scored last.
    pub(crate) fn veto(&self) -> Option<&'a PeriodClause> {
        self.account.veto_in_force()
    }
}

impl<'a> InForce<'a> {
    /// The first month whose facts bear on the points of a member's month: what it looks back at may, under an earlier version,
    /// look back further.
    pub(crate) fn since(&self, models: &ReadModels, member: u32, month: Month) -> Month {
        let looks_back_to = |of: Month| self.beginning(models, self.reach(models, member, of), member, of);
        let (mut since, mut of) = (looks_back_to(month), month);
        while since < of {
            of = of.previous();
            since = since.min(looks_back_to(of));
        }
        since
    }

    /// How far back the points of a member's month look, by the version that scores it.
    fn reach(&self, models: &ReadModels, member: u32, month: Month) -> Period {
        let caps = self.at(month).map_or(Period::Month, |compiled| compiled.cap_reach);
        if models.awards.ever_vetoed(member) { caps.max(self.decision_reach()) } else { caps }
    }

    /// The first month of a period that can hold points of a member: nobody has any before they were first on the roster.
    fn beginning(&self, models: &ReadModels, period: Period, member: u32, month: Month) -> Month {
        period_start(period, month).unwrap_or_else(|| {
            let first = models.roster.first_month(member).unwrap_or(month);
            self.earliest().map_or(first, |earliest| earliest.max(first)).min(month)
        })
    }

    /// The base points of a member's month, if there are any, with the branch and the entry that put the member there. What was given in the
    /// period before, under the same number or for the same period, isn't given again.
    pub(crate) fn base(&self, models: &ReadModels, member: u32, month: Month) -> Option<Base<'a>> {
        let fitting = |month: Month| {
            let compiled = self.at(month).filter(|compiled| !compiled.rules.base.is_empty())?;
            let at = crate::span::month_cutoff(month);
            let membership = models.roster.membership(member, at)?;
            compiled.base(membership.class()).map(|clause| (clause, membership, at))
        };
        let (clause, membership, at) = fitting(month)?;
        let takes_up = |given: &BasePoints, of: &BasePoints| given.each == of.each || given.clause == of.clause;
        let since = self.beginning(models, clause.each, member, month);
        // What was given in an earlier version's longer period may have been given before this one began.
        let mut earlier = if since < month { self.beginning(models, self.base_reach(), member, month) } else { month };
        let mut all_given: Vec<(Month, &BasePoints)> = Vec::new();
        while earlier < month {
            if let Some((due, _, _)) = fitting(earlier) {
                let since_due = self.beginning(models, due.each, member, earlier);
                let is_given = !all_given.iter().any(|(of, given)| *of >= since_due && takes_up(given, due));
                if is_given && earlier >= since && takes_up(due, clause) {
                    return None;
                }
                if is_given {
                    all_given.push((earlier, due));
                }
            }
            earlier = earlier.next();
        }
        let branch = models.organizations.successor(membership.organization, at);
        let cause = Cause::Membership(membership.log_index);
        Some(Base { clause, fact: Fact::of_office(crate::span::month_start(month), cause, Ground::Base, branch) })
    }
}

/// Base points that are due.
pub(crate) struct Base<'a> {
    pub(crate) clause: &'a BasePoints,
    pub(crate) fact: Fact,
}

/// Adds an item to the part of its branch.
pub(crate) fn add_to_parts(parts: &mut Vec<Part>, item: &Item<'_>) {
    let (branch, minutes) = (item.fact.branch, item.fact.voluntary_minutes());
    if branch == NONE || item.given == 0 && minutes == 0 {
        return;
    }
    let at = parts.iter().position(|part| part.branch == branch).unwrap_or_else(|| {
        parts.push(Part { hundredths: 0, branch, voluntary_minutes: 0 });
        parts.len() - 1
    });
    parts[at].hundredths = parts[at].hundredths.saturating_add(item.given);
    parts[at].voluntary_minutes = parts[at].voluntary_minutes.saturating_add(minutes);
}
