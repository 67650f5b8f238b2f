//! The scoring engine: facts and rules in, explained items out. A total is nothing but the sum of its items.
//!
//! Integer arithmetic that saturates. Invariant: no item gives or takes more than its caps leave, in order of start.

use crate::awards::Awards;
use crate::facts::{Cause, Fact, Ground, Standing};
use crate::member_months::Part;
use crate::rules::Compiled;
use crate::span::local_day;
use mingzhang_events::{AwardClause, DeductionGround, DeductionItem, Points, Rounding, ScoringItem, ScoringUnit};

/// Why an accepted fact has no clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unscored {
    /// 当月无施行的细则.
    NoRules,
    /// 细则无此项.
    NoClause,
    /// 请假.
    OnLeave,
}

/// The clause that an item stands under.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clause<'a> {
    Scored(&'a ScoringItem),
    Deducted(&'a DeductionItem),
    Awarded(&'a AwardClause),
    None(Option<Unscored>),
}

/// One explained line: a fact, its clause, and what it gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) fact: Fact,
    pub(crate) clause: Clause<'a>,
    /// In hundredths, before caps.
    pub(crate) uncapped: i64,
    /// In hundredths, as given.
    pub(crate) given: i64,
}

/// What one clause has given so far.
#[derive(Clone, Copy, Default)]
struct Spent {
    day: u32,
    on_day: i64,
    in_month: i64,
}

/// Room that scoring many member-months reuses.
#[derive(Default)]
pub(crate) struct Scratch {
    items: Vec<Spent>,
    deductions: Vec<Spent>,
}

/// Scores the facts of one member's month, which are in order of start, and yields an item for each.
pub(crate) fn score<'a>(
    rules: Option<&'a Compiled>,
    awards: &Awards,
    facts: &[Fact],
    scratch: &mut Scratch,
    mut explain: impl FnMut(Item<'a>),
) {
    let counts = rules.map_or((0, 0), |compiled| (compiled.rules.items.len(), compiled.rules.deductions.len()));
    scratch.items.clear();
    scratch.items.resize(counts.0, Spent::default());
    scratch.deductions.clear();
    scratch.deductions.resize(counts.1, Spent::default());
    for &fact in facts {
        let (clause, uncapped, given) = match rules {
            _ if fact.standing != Standing::Accepted => (Clause::None(None), 0, 0),
            _ if fact.ground == Ground::Leave => (Clause::None(Some(Unscored::OnLeave)), 0, 0),
            None => (Clause::None(Some(Unscored::NoRules)), 0, 0),
            Some(compiled) => {
                one(compiled, awards, fact, scratch).unwrap_or((Clause::None(Some(Unscored::NoClause)), 0, 0))
            }
        };
        explain(Item { fact, clause, uncapped, given });
    }
}

fn one<'a>(
    compiled: &'a Compiled,
    awards: &Awards,
    fact: Fact,
    scratch: &mut Scratch,
) -> Option<(Clause<'a>, i64, i64)> {
    let rules = &compiled.rules;
    match fact.ground {
        Ground::Service => {
            let (kind, class) = fact.kind?;
            let at = usize::from(compiled.item(kind, class)?);
            let item = &rules.items[at];
            let uncapped = times(item.points, portions(item, fact.minutes));
            let caps = item.caps.as_ref();
            let (per_day, per_month) = (caps.and_then(|caps| caps.per_day), caps.and_then(|caps| caps.per_month));
            let given = spend(&mut scratch.items[at], local_day(fact.started_at), uncapped, per_day, per_month);
            Some((Clause::Scored(item), uncapped, given))
        }
        Ground::Absence => deduct(rules, fact, DeductionGround::AbsenceWithoutLeave, scratch),
        Ground::NoShow => deduct(rules, fact, DeductionGround::NoShow, scratch),
        Ground::Leave => None,
        Ground::Granted | Ground::Deducted => {
            let Cause::Award(award) = fact.cause else { return None };
            let decision = awards.get(award);
            let named = decision.clause();
            let clause = rules.awards.iter().find(|clause| Some(clause.clause) == named)?;
            let sign = if fact.ground == Ground::Deducted { -1 } else { 1 };
            let given = decision.hundredths.min(clause.points_max.hundredths());
            Some((Clause::Awarded(clause), sign * decision.hundredths, sign * given))
        }
    }
}

fn deduct<'a>(
    rules: &'a mingzhang_events::ScoringRules,
    fact: Fact,
    on: DeductionGround,
    scratch: &mut Scratch,
) -> Option<(Clause<'a>, i64, i64)> {
    let (kind, _) = fact.kind?;
    let fits = |item: &DeductionItem| item.on == on && item.kind.is_none_or(|only| only == kind);
    let at = rules.deductions.iter().position(fits)?;
    let item = &rules.deductions[at];
    let uncapped = item.points.hundredths();
    let taken = spend(&mut scratch.deductions[at], 0, uncapped, None, item.per_month_max);
    Some((Clause::Deducted(item), -uncapped, -taken))
}

/// How many portions of points a record earns.
fn portions(item: &ScoringItem, minutes: u16) -> i64 {
    let unit = match item.per {
        ScoringUnit::Occurrence => return 1,
        ScoringUnit::Hour => 60,
        ScoringUnit::HalfHour => 30,
    };
    let added = match item.rounding.unwrap_or(Rounding::Down) {
        Rounding::Down => 0,
        Rounding::HalfUp => unit / 2,
        Rounding::Up => unit - 1,
    };
    (i64::from(minutes) + added) / unit
}

fn times(points: Points, portions: i64) -> i64 {
    points.hundredths().saturating_mul(portions)
}

/// What the caps leave of an amount, which is then spent.
fn spend(spent: &mut Spent, day: u32, amount: i64, per_day: Option<Points>, per_month: Option<Points>) -> i64 {
    if spent.day != day {
        (spent.day, spent.on_day) = (day, 0);
    }
    let left = |cap: Option<Points>, spent: i64| cap.map_or(i64::MAX, |cap| (cap.hundredths() - spent).max(0));
    let given = amount.min(left(per_day, spent.on_day)).min(left(per_month, spent.in_month));
    spent.on_day = spent.on_day.saturating_add(given);
    spent.in_month = spent.in_month.saturating_add(given);
    given
}

/// Adds an item to the part of its branch.
pub(crate) fn add_to_parts(parts: &mut Vec<Part>, item: &Item<'_>) {
    let (branch, minutes) = (item.fact.branch, item.fact.voluntary_minutes());
    if item.given == 0 && minutes == 0 {
        return;
    }
    let at = parts.iter().position(|part| part.branch == branch).unwrap_or_else(|| {
        parts.push(Part { hundredths: 0, branch, voluntary_minutes: 0 });
        parts.len() - 1
    });
    parts[at].hundredths = parts[at].hundredths.saturating_add(item.given);
    parts[at].voluntary_minutes = parts[at].voluntary_minutes.saturating_add(minutes);
}
