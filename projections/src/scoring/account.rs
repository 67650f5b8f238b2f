//! One member's account while their months are scored: purses, sums, a veto in force, the quota.
//!
//! It knows nothing of where facts are kept. Invariant: the sums are those of the items that it has yielded in each period.

use super::amount::{Minutes, multiplied, portion};
use super::purses::{Occasion, Purses, quarter};
use super::trail::{CapPeriod, Trail};
use super::{Base, Clause, Item, Unscored};
use crate::awards::Award;
use crate::facts::{Cause, Fact, Ground, Standing};
use crate::intern::NONE;
use crate::models::ReadModels;
use crate::rules::Compiled;
use crate::span::{local_day, period_last};
use mingzhang_events::{AwardDirection, DeductionGround, Month, Period, PeriodClause};

/// What was given, less what was taken, by period.
#[derive(Clone, Copy, Default)]
struct Sums {
    month: i64,
    quarter: i64,
    year: i64,
    all: i64,
}

/// See the head of this file.
#[derive(Default)]
pub(crate) struct Account<'a> {
    compiled: Option<&'a Compiled>,
    month: Option<Month>,
    purses: Purses,
    sums: Sums,
    /// A veto with the last month that it concerns; none for one without an end.
    veto: Option<(&'a PeriodClause, Option<Month>)>,
    /// How many more records the quota lets count.
    quota_left: u32,
    pub(crate) trail: Trail,
}

impl<'a> Account<'a> {
    /// Empty, at the beginning of a month.
    pub(crate) fn begin(&mut self, month: Month, compiled: Option<&'a Compiled>) {
        (self.month, self.compiled) = (Some(month), compiled);
        self.purses.begin(compiled.map_or(&[], |compiled| &compiled.purses));
        (self.sums, self.veto) = (Sums::default(), None);
    }

    /// At the beginning of a later month, unless it stands there already.
    pub(crate) fn go_on(&mut self, month: Month, compiled: Option<&'a Compiled>) {
        if self.month == Some(month) {
            return;
        }
        let (before, from) = (self.compiled, self.month.unwrap_or(month));
        let purses = |of: Option<&'a Compiled>| of.map_or(&[][..], |compiled| &compiled.purses);
        self.purses.go_on(from, month, purses(before), purses(compiled));
        self.sums.month = 0;
        if quarter(from) != quarter(month) {
            self.sums.quarter = 0;
        }
        if from.year() != month.year() {
            self.sums.year = 0;
        }
        self.veto = self.veto.filter(|(_, last)| last.is_none_or(|last| month <= last));
        (self.month, self.compiled) = (Some(month), compiled);
    }

    pub(crate) fn veto_in_force(&self) -> Option<&'a PeriodClause> {
        self.veto.map(|(clause, _)| clause)
    }

    /// The facts of the month, before the first of them is scored: how many records the quota lets count.
    pub(crate) fn expect(&mut self, facts: &[Fact]) {
        let Some(compiled) = self.compiled else { return };
        let Some(quota) = &compiled.rules.back_entry_quota else { return };
        let counts = |fact: &&Fact| {
            let item = fact.kind.and_then(|(kind, class)| compiled.item(kind, class));
            fact.ground == Ground::Service && fact.standing == Standing::Accepted && item.is_some()
        };
        self.quota_left = quota.allowed(crate::intern::number_of(facts.iter().filter(counts).count()));
    }

    /// Base points, at the beginning of their month.
    pub(crate) fn base(&mut self, base: Base<'a>) -> Item<'a> {
        self.trail.begin(false);
        let amount = base.clause.points.hundredths();
        if let Some((veto, _)) = self.veto {
            return self.yielded(unscored(base.fact, Clause::Period(veto), Unscored::Vetoed));
        }
        self.trail.basis(base.clause.clause, None, amount);
        let clause = Clause::Base(base.clause);
        self.yielded(Item { fact: base.fact, clause, unscored: None, uncapped: amount, given: amount })
    }

    /// Any other fact.
    pub(crate) fn one(&mut self, models: &ReadModels, member: u32, fact: Fact) -> Item<'a> {
        self.trail.begin(matches!(fact.ground, Ground::Absence | Ground::NoShow | Ground::Deducted));
        let item = match self.compiled {
            _ if fact.standing != Standing::Accepted => {
                Item { fact, clause: Clause::None, unscored: None, uncapped: 0, given: 0 }
            }
            _ if fact.ground == Ground::Leave => unscored(fact, Clause::None, Unscored::OnLeave),
            None => unscored(fact, Clause::None, Unscored::NoRules),
            Some(compiled) => self
                .scored(compiled, models, member, fact)
                .unwrap_or_else(|| unscored(fact, Clause::None, Unscored::NoClause)),
        };
        self.yielded(item)
    }

    fn yielded(&mut self, item: Item<'a>) -> Item<'a> {
        let sums = &mut self.sums;
        for sum in [&mut sums.month, &mut sums.quarter, &mut sums.year, &mut sums.all] {
            *sum = sum.saturating_add(item.given);
        }
        item
    }

    /// `None` without a clause.
    fn scored(&mut self, compiled: &'a Compiled, models: &ReadModels, member: u32, fact: Fact) -> Option<Item<'a>> {
        match fact.ground {
            Ground::Service => self.service(compiled, models, fact),
            Ground::Absence => self.deducted(compiled, models, member, fact, DeductionGround::AbsenceWithoutLeave),
            Ground::NoShow => self.deducted(compiled, models, member, fact, DeductionGround::NoShow),
            Ground::Granted | Ground::Deducted => self.awarded(compiled, fact, models.awards.of_fact(fact)?),
            Ground::Reset => self.reset(compiled, fact, models.awards.of_fact(fact)?),
            Ground::Vetoed => self.vetoed(compiled, fact, models.awards.of_fact(fact)?),
            Ground::Leave | Ground::Base => None,
        }
    }

    fn service(&mut self, compiled: &'a Compiled, models: &ReadModels, fact: Fact) -> Option<Item<'a>> {
        let (kind, class) = fact.kind?;
        let at = compiled.item(kind, class)?;
        let (item, line) = (&compiled.rules.items[at], &compiled.items[at]);
        let clause = Clause::Scored(item);
        let limited = fact.evidence.is_some_and(|evidence| compiled.limits(evidence));
        let over_quota = limited && self.quota_left == 0;
        self.quota_left -= u32::from(limited && !over_quota);
        if let Some((veto, _)) = self.veto {
            return Some(unscored(fact, Clause::Period(veto), Unscored::Vetoed));
        }
        if let (true, Some(quota)) = (over_quota, &compiled.rules.back_entry_quota) {
            return Some(unscored(fact, Clause::Quota(quota), Unscored::OverQuota));
        }
        let coefficients = &compiled.rules.coefficients;
        let fitting = line.coefficients.iter().map(|&number| &coefficients[usize::from(number)]);
        let fitting = fitting.filter(|coefficient| fact.fits(coefficient));
        let mut minutes = Minutes::of(&fact);
        let mut amount = portion(item, minutes.whole());
        self.trail.basis(item.clause, item.per.is_timed().then_some(minutes.whole()), amount);
        // Minutes in windows come before portions, portions before coefficients for the whole record.
        for coefficient in fitting.clone().filter(|_| item.per.is_timed()) {
            if minutes.count(coefficient, &fact) {
                amount = portion(item, minutes.whole());
                self.trail.multiplied(coefficient, Some(minutes.whole()), amount);
            }
        }
        for coefficient in fitting {
            if let Some(more) = multiplied(amount, coefficient, &fact) {
                amount = more;
                self.trail.multiplied(coefficient, None, amount);
            }
        }
        let given = self.spend(compiled, line.purses, self.occasion(models, &fact), amount);
        Some(Item { fact, clause, unscored: None, uncapped: amount, given })
    }

    fn deducted(
        &mut self,
        compiled: &'a Compiled,
        models: &ReadModels,
        member: u32,
        fact: Fact,
        on: DeductionGround,
    ) -> Option<Item<'a>> {
        let (kind, _) = fact.kind?;
        let at = compiled.deduction(kind, on)?;
        let item = &compiled.rules.deductions[at];
        let clause = Clause::Deducted(item);
        if compiled.rules.exempt_from_deductions() && models.roster.is_exempt(member, fact.dated_at) {
            return Some(unscored(fact, clause, Unscored::Exempt));
        }
        let amount = item.points.hundredths();
        self.trail.basis(item.clause, None, amount);
        let taken = self.spend(compiled, compiled.deductions[at], self.occasion(models, &fact), amount);
        Some(Item { fact, clause, unscored: None, uncapped: -amount, given: -taken })
    }

    fn awarded(&mut self, compiled: &'a Compiled, fact: Fact, decision: &Award) -> Option<Item<'a>> {
        let deducts = fact.ground == Ground::Deducted;
        let direction = if deducts { AwardDirection::Deduct } else { AwardDirection::Grant };
        let named = decision.clause();
        let fits = |award: &mingzhang_events::AwardClause| Some(award.clause) == named && award.allows(direction);
        let at = compiled.rules.awards.iter().position(fits)?;
        let (award, line) = (&compiled.rules.awards[at], &compiled.awards[at]);
        let clause = Clause::Awarded(award);
        if let (false, Some((veto, _))) = (deducts, self.veto) {
            return Some(unscored(fact, Clause::Period(veto), Unscored::Vetoed));
        }
        self.trail.basis(award.clause, None, decision.hundredths);
        let amount = decision.hundredths.min(award.points_max.hundredths());
        if amount < decision.hundredths {
            self.trail.capped(super::purses::PurseKey::Given(award.clause), CapPeriod::Decision, amount);
        }
        let occasion = Occasion { day: local_day(fact.dated_at), activity: None };
        let sign = if deducts { -1 } else { 1 };
        let given = self.spend(compiled, if deducts { line.deducted } else { line.granted }, occasion, amount);
        Some(Item { fact, clause, unscored: None, uncapped: sign * decision.hundredths, given: sign * given })
    }

    fn reset(&mut self, compiled: &'a Compiled, fact: Fact, decision: &Award) -> Option<Item<'a>> {
        let named = decision.clause();
        let clause = compiled.rules.resets.iter().find(|clause| Some(clause.clause) == named)?;
        let sum = match clause.period {
            Period::Month => self.sums.month,
            Period::Quarter => self.sums.quarter,
            Period::Year => self.sums.year,
            Period::All => self.sums.all,
        };
        let taken = sum.max(0);
        self.trail.begin(true);
        self.trail.basis(clause.clause, None, taken);
        Some(Item { fact, clause: Clause::Period(clause), unscored: None, uncapped: -taken, given: -taken })
    }

    fn vetoed(&mut self, compiled: &'a Compiled, fact: Fact, decision: &Award) -> Option<Item<'a>> {
        let named = decision.clause();
        let clause = compiled.rules.vetoes.iter().find(|clause| Some(clause.clause) == named)?;
        let last = self.month.and_then(|month| period_last(clause.period, month));
        // The longer one, if two are in force.
        let longer = |(_, until): (_, Option<Month>)| until.is_none_or(|until| last.is_some_and(|last| last <= until));
        if !self.veto.is_some_and(longer) {
            self.veto = Some((clause, last));
        }
        Some(Item { fact, clause: Clause::Period(clause), unscored: None, uncapped: 0, given: 0 })
    }

    fn occasion(&self, models: &ReadModels, fact: &Fact) -> Occasion {
        let activity = match fact.cause {
            Cause::Record(record) => models.records.get(record).activity(),
            Cause::SignUp(sign_up) => Some(models.participation.sign_up(sign_up).activity),
            Cause::Award(_) | Cause::Membership(_) => None,
        };
        Occasion { day: local_day(fact.dated_at), activity: activity.filter(|&activity| activity != NONE) }
    }

    fn spend(&mut self, compiled: &Compiled, from: [u16; 3], on: Occasion, amount: i64) -> i64 {
        self.purses.spend(&compiled.purses, from, on, amount, &mut self.trail)
    }
}

/// A fact that counts and gives nothing.
fn unscored<'a>(fact: Fact, clause: Clause<'a>, why: Unscored) -> Item<'a> {
    Item { fact, clause, unscored: Some(why), uncapped: 0, given: 0 }
}
