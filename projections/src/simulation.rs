//! What other rules would have made of months that are over: who would have gained and who lost, before anything is adopted.
//!
//! Changes nothing and stores nothing. The present totals are those that are settled; the others are scored anew, from the same
//! facts. Two threads share the members; what they find is put together in one order.

use crate::assessment::{Accumulated, assessed, reach_of};
use crate::models::ReadModels;
use crate::rules::{Compiled, InForce};
use crate::scoring::Scorer;
use crate::settle::Earned;
use crate::span::{month_cutoff, period_start};
use mingzhang_events::{ClauseId, MemberId, Month, OrganizationId, Points, RulesVersion, ScoringRules};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

/// The biggest movers that are told.
const MOVERS_MAX: usize = 20;
/// Fewer members than these are scored sooner by one thread.
const SHARED_FROM: u32 = 2_000;

/// One month under both rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SimulatedMonth {
    /// Which.
    pub month: Month,
    /// The rules that scored it; none if there were none.
    pub rules_version: Option<RulesVersion>,
    /// Everybody's points as they are.
    pub before: Points,
    /// As they would have been.
    pub after: Points,
    /// Members who would have had more.
    pub gained: u32,
    /// Members who would have had fewer.
    pub lost: u32,
}

/// A member whose points would have been others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Mover {
    /// Who.
    pub member: MemberId,
    /// Points of all the months as they are.
    pub before: Points,
    /// As they would have been.
    pub after: Points,
    /// Their difference, below zero for a loss.
    pub difference: Points,
}

/// How many members would have moved from one band to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BandMove {
    /// The band as it is; none for no band, or without an assessment.
    pub before: Option<String>,
    /// The band that it would have been.
    pub after: Option<String>,
    /// How many, those who would have stayed included.
    pub members: u32,
}

/// An organisation that a gate would have left out of the ranking, or let in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GateMove {
    /// Which.
    pub organization: OrganizationId,
    /// The gate that leaves it out as things are.
    pub before: Option<ClauseId>,
    /// The one that would have.
    pub after: Option<ClauseId>,
}

/// What other rules would have made of some months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Simulation {
    /// The months, in order.
    pub months: Vec<SimulatedMonth>,
    /// Members with any points or facts in them, under either rules.
    pub members: u32,
    /// Members who would have had more points in all.
    pub gained: u32,
    /// Members who would have had fewer.
    pub lost: u32,
    /// Who would have moved furthest, the furthest first.
    pub movers: Vec<Mover>,
    /// Bands at the end of the last month, if either rules assess.
    pub bands: Vec<BandMove>,
    /// Organisations that a gate treats otherwise in the last month, by code.
    pub gates: Vec<GateMove>,
}

/// Bands before and after.
type Bands = (Option<String>, Option<String>);

/// What one thread has found.
#[derive(Default)]
struct Found {
    months: Vec<(i64, i64, u32, u32)>,
    members: u32,
    gained: u32,
    lost: u32,
    movers: Vec<Mover>,
    bands: BTreeMap<Bands, u32>,
}

/// What every thread looks at.
struct Comparison<'a> {
    models: &'a ReadModels,
    months: &'a [Month],
    last: Month,
    adopted: InForce<'a>,
    proposed: InForce<'a>,
    /// Months before the first that the bands of the last look back at.
    earlier: Vec<Month>,
    any_base: bool,
}

impl ReadModels {
    /// Scores the `months` months up to `last` by other rules, as if they had been in force from the first of them on, whatever
    /// their own `effective_from` says. The rules must be without faults.
    pub fn simulate(&self, rules: &ScoringRules, last: Month, months: u16) -> Simulation {
        let first = Month::from_number(last.number().saturating_sub(months.max(1) - 1)).unwrap_or(last);
        let months: Vec<Month> = (first.number()..=last.number()).filter_map(Month::from_number).collect();
        let compiled = Compiled::new(rules.clone());
        let adopted = InForce::adopted(&self.rules);
        let proposed = InForce::proposed(&self.rules, &compiled, first);
        let assessments = [&adopted, &proposed].map(|of| of.at(last).and_then(|of| of.rules.assessment.as_ref()));
        let looked_at = assessments
            .iter()
            .flatten()
            .map(|assessment| period_start(reach_of(assessment), last).or_else(|| adopted.earliest()).unwrap_or(first));
        let start = looked_at.min().unwrap_or(first).min(first);
        let mut looked_at = (start.number()..=last.number()).filter_map(Month::from_number);
        let any_base = looked_at.any(|month| {
            [adopted.at(month), proposed.at(month)].into_iter().flatten().any(|of| !of.rules.base.is_empty())
        });
        let earlier = (start.number()..first.number()).filter_map(Month::from_number).collect();
        let comparison = Comparison { models: self, months: &months, last, adopted, proposed, earlier, any_base };
        let found = comparison.shared();
        self.told(&comparison, found, &compiled)
    }

    fn told(&self, comparison: &Comparison<'_>, found: Found, compiled: &Compiled) -> Simulation {
        let month = |(&month, &(before, after, gained, lost)): (&Month, &(i64, i64, u32, u32))| SimulatedMonth {
            month,
            rules_version: comparison.adopted.at(month).map(|of| of.rules.version),
            before: Points::from_hundredths(before),
            after: Points::from_hundredths(after),
            gained,
            lost,
        };
        Simulation {
            months: comparison.months.iter().zip(&found.months).map(month).collect(),
            members: found.members,
            gained: found.gained,
            lost: found.lost,
            movers: found.movers,
            bands: (found.bands.into_iter())
                .map(|((before, after), members)| BandMove { before, after, members })
                .collect(),
            gates: self.gate_moves(comparison.last, compiled),
        }
    }

    fn gate_moves(&self, month: Month, proposed: &Compiled) -> Vec<GateMove> {
        let adopted = self.rules.in_force(month);
        let any = |of: Option<&Compiled>| of.is_some_and(|of| !of.rules.gates.is_empty());
        if !any(adopted) && !any(Some(proposed)) {
            return Vec::new();
        }
        let (before, after) = (self.figures(month), self.count_month(month, Some(proposed)));
        let at = month_cutoff(month);
        let exists = (0..crate::intern::number_of(self.organizations.count()))
            .filter(|&organization| self.organizations.exists(organization, at));
        let mut moves: Vec<GateMove> = exists
            .map(|organization| GateMove {
                organization: self.organizations.id(organization),
                before: adopted.and_then(|of| of.gate_below(before.of(organization))),
                after: proposed.gate_below(after.of(organization)),
            })
            .filter(|moved| moved.before != moved.after)
            .collect();
        moves.sort_by_key(|moved| moved.organization);
        moves
    }
}

impl Comparison<'_> {
    fn shared(&self) -> Found {
        let members = self.models.roster.count();
        if members < SHARED_FROM {
            return self.compare(0..members).and(Found::default());
        }
        let half = members / 2;
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| self.compare(0..half));
            let second = self.compare(half..members);
            (first.join().expect("scoring doesn't panic"), second)
        });
        first.and(second)
    }

    fn compare(&self, members: Range<u32>) -> Found {
        let mut found = Found { months: vec![(0, 0, 0, 0); self.months.len()], ..Found::default() };
        let (mut earned, mut scorer) = (Earned::new(self.models), Scorer::new(self.models, self.proposed));
        for member in members {
            self.compare_member(member, &mut earned, &mut scorer, &mut found);
        }
        found
    }

    fn compare_member(&self, member: u32, earned: &mut Earned<'_>, scorer: &mut Scorer<'_>, found: &mut Found) {
        let (models, last) = (self.models, self.last);
        let mut newest = models.member_months.of_member(&models.roster.members[member as usize]);
        let in_play = |month: Month| self.months.contains(&month) || self.earlier.contains(&month);
        if !self.any_base && !newest.any(|(_, of)| in_play(of.month())) {
            return;
        }
        let (mut any, mut any_earlier) = (false, false);
        let (mut before_in_all, mut after_in_all) = (0_i64, 0_i64);
        let mut accumulated = [Accumulated::default(); 2];
        for &earlier in &self.earlier {
            for part in earned.of(member, earlier) {
                any_earlier = true;
                for both in &mut accumulated {
                    both.add(last, earlier, part.hundredths, part.voluntary_minutes);
                }
            }
        }
        for (&month, sums) in self.months.iter().zip(&mut found.months) {
            let (mut before, mut after) = ((0_i64, 0_u32), (0_i64, 0_u32));
            for part in earned.of(member, month) {
                any = true;
                before = (before.0.saturating_add(part.hundredths), before.1.saturating_add(part.voluntary_minutes));
            }
            scorer.month(member, month, |item, _| {
                any = true;
                let minutes = item.fact.voluntary_minutes();
                after = (after.0.saturating_add(item.given), after.1.saturating_add(minutes));
            });
            accumulated[0].add(last, month, before.0, before.1);
            accumulated[1].add(last, month, after.0, after.1);
            let (before, after) = (before.0, after.0);
            sums.0 = sums.0.saturating_add(before);
            sums.1 = sums.1.saturating_add(after);
            sums.2 += u32::from(after > before);
            sums.3 += u32::from(after < before);
            before_in_all = before_in_all.saturating_add(before);
            after_in_all = after_in_all.saturating_add(after);
        }
        if !any && !any_earlier {
            return;
        }
        found.members += u32::from(any);
        found.gained += u32::from(after_in_all > before_in_all);
        found.lost += u32::from(after_in_all < before_in_all);
        if before_in_all != after_in_all {
            found.add_mover(Mover {
                member: models.roster.id(member),
                before: Points::from_hundredths(before_in_all),
                after: Points::from_hundredths(after_in_all),
                difference: Points::from_hundredths(after_in_all.saturating_sub(before_in_all)),
            });
        }
        self.compare_bands(member, last, &accumulated, scorer.veto().map(|veto| veto.clause), found);
    }

    fn compare_bands(
        &self,
        member: u32,
        last: Month,
        accumulated: &[Accumulated; 2],
        vetoed_after: Option<ClauseId>,
        found: &mut Found,
    ) {
        let assessments =
            [&self.adopted, &self.proposed].map(|of| of.at(last).and_then(|of| of.rules.assessment.as_ref()));
        if assessments.iter().all(|assessment| assessment.is_none_or(|of| of.bands.is_empty())) {
            return;
        }
        let vetoed_before = if self.models.awards.ever_vetoed(member) {
            let mut scorer = Scorer::new(self.models, self.adopted);
            scorer.month(member, last, |_, _| {});
            scorer.veto().map(|veto| veto.clause)
        } else {
            None
        };
        let band = |at: usize, vetoed| {
            let assessment = assessments[at]?;
            assessed(assessment, last, &accumulated[at], vetoed).band.map(|band| band.name)
        };
        *found.bands.entry((band(0, vetoed_before), band(1, vetoed_after))).or_insert(0) += 1;
    }
}

impl Found {
    fn add_mover(&mut self, mover: Mover) {
        self.movers.push(mover);
        if self.movers.len() >= MOVERS_MAX * 50 {
            self.keep_furthest();
        }
    }

    fn keep_furthest(&mut self) {
        self.movers.sort_unstable_by_key(|mover| (Reverse(mover.difference.hundredths().unsigned_abs()), mover.member));
        self.movers.truncate(MOVERS_MAX);
    }

    /// Both together.
    fn and(mut self, other: Found) -> Found {
        for (own, more) in self.months.iter_mut().zip(other.months) {
            *own = (own.0.saturating_add(more.0), own.1.saturating_add(more.1), own.2 + more.2, own.3 + more.3);
        }
        self.members += other.members;
        self.gained += other.gained;
        self.lost += other.lost;
        self.movers.extend(other.movers);
        for (bands, members) in other.bands {
            *self.bands.entry(bands).or_insert(0) += members;
        }
        self.keep_furthest();
        self
    }
}
