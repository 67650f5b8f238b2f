//! The scoring rules (积分细则) as a document: public, versioned, effective from a month on. Adopted by an event that holds
//! the whole document, so that anyone can recompute. What the rules mean is in the `projections` crate.
//!
//! A document that was adopted once is never read differently: what is new is optional and absent from the older ones.

mod assessment;
mod calendar;
mod coefficient;
mod conduct;
mod dating;
mod decision;
mod disclosure;
mod faults;
mod item;

pub use assessment::{Assessment, AssessmentPart, Band, Cutoff, Gate, Measure, RateDefinition, RateKind};
pub use calendar::{Holiday, MakeUpDay, YearCalendar};
pub use coefficient::{Coefficient, Factor, FactorError, TimeOfDay, TimeOfDayError, TimeWindow, WindowCount};
pub use conduct::ConductRules;
pub use dating::RecordDating;
pub use decision::{AwardClause, AwardDirection, ClosedMonthCorrections, PeriodClause, ReviewRole, ReviewStep};
pub use disclosure::{DisclosureRules, ObjectorRole, Objectors};
pub use faults::RulesFault;
pub use item::{
    BackEntryQuota, BasePoints, Bracket, Caps, DeductionGround, DeductionItem, Period, Rounding, ScoringGroup,
    ScoringItem, ScoringUnit,
};

use crate::evidence::Evidence;
use crate::id::RulesVersion;
use crate::time::Month;
use serde::{Deserialize, Serialize};

/// The scoring rules (积分细则), whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringRules {
    /// How members are assessed; not at all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
    /// Clauses for grants and deductions by decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awards: Vec<AwardClause>,
    /// How many weakly evidenced records count; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_entry_quota: Option<BackEntryQuota>,
    /// Clauses that give points to whoever is on the roster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub base: Vec<BasePoints>,
    /// Legal calendars of years that the program doesn't know, or knows otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<YearCalendar>,
    /// What becomes of a mistake that is found in a closed month; `restate` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_month_corrections: Option<ClosedMonthCorrections>,
    /// Clauses that make records worth more or less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coefficients: Vec<Coefficient>,
    /// From when on auditors are to look at how records were entered; see there what holds if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<ConductRules>,
    /// What is taken from a member at most, by deductions and decisions together; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deduction_caps: Option<Caps>,
    /// Clauses that take points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deductions: Vec<DeductionItem>,
    /// Whether and how a month is disclosed before it is closed; it needn't be if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<DisclosureRules>,
    /// How many members a working day's duty needs; 2 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty_members_per_working_day: Option<u8>,
    /// The first month that these rules score.
    pub effective_from: Month,
    /// Whether who is exempt at the time loses nothing by absence or no-show; false if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempt_from_deductions: Option<bool>,
    /// Rates that an organisation must reach to be ranked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// Clauses that share caps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ScoringGroup>,
    /// Clauses that give points. A document may leave them out; what is stored always has them.
    #[serde(default)]
    pub items: Vec<ScoringItem>,
    /// A rate or average over fewer members isn't published; 5 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_group_members_min: Option<u32>,
    /// Rates that are counted in another way than the usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<RateDefinition>,
    /// By which instant records at an activity are dated: its planned start, or the moment of checking in. A document may leave it out and
    /// means `planned_start`; what was stored without it, by earlier versions of this program, means `own_start`. It holds of activities that are
    /// scheduled while these rules are the ones known for their month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_dated_by: Option<RecordDating>,
    /// Clauses that reset points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resets: Vec<PeriodClause>,
    /// Who reviews records, step by step: a record is approved once every step has approved it, each by somebody else. One reviewer,
    /// without a deadline, if absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub review_chain: Vec<ReviewStep>,
    /// Records evidenced in one of these ways count only once they are approved; the others unless they are returned.
    pub review_required_for: Vec<Evidence>,
    /// The longest service at a stretch, in minutes, that may be recorded; 720 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stretch_minutes_max: Option<u16>,
    /// What the document is called.
    pub title: String,
    /// What is given to a member at most, by items and grants together; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_caps: Option<Caps>,
    /// Its number; every adopted version has its own.
    pub version: RulesVersion,
    /// Clauses that veto points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vetoes: Vec<PeriodClause>,
    /// Whether a rate or average is withheld, too, from which together with others that of a group below the minimum would follow by
    /// subtraction. A document may leave it out and means true; what was stored without it, by earlier versions of this program, means false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withhold_against_subtraction: Option<bool>,
}

impl ScoringRules {
    /// Which of several versions, by their first months in order of adoption, scores a month: the latest effective; of two with the
    /// same first month the one adopted later.
    pub fn version_in_force(first_months: impl Iterator<Item = Month>, month: Month) -> Option<usize> {
        let effective = first_months.enumerate().filter(|(_, from)| *from <= month);
        effective.max_by_key(|(at, from)| (*from, *at)).map(|(at, _)| at)
    }

    /// Whether records at an activity are dated at its planned start.
    pub fn dates_by_plan(&self) -> bool {
        self.records_dated_by == Some(RecordDating::PlannedStart)
    }

    /// The longest service at a stretch in minutes.
    pub fn stretch_minutes_max(&self) -> u16 {
        self.stretch_minutes_max.unwrap_or(720)
    }

    /// How many members a working day's duty needs.
    pub fn duty_members_per_working_day(&self) -> u8 {
        self.duty_members_per_working_day.unwrap_or(2)
    }

    /// The smallest group whose rates and averages are published.
    pub fn published_group_members_min(&self) -> u32 {
        self.published_group_members_min.unwrap_or(5)
    }

    /// Whether what a small group's figure would follow from is withheld as well.
    pub fn withholds_against_subtraction(&self) -> bool {
        self.withhold_against_subtraction.unwrap_or(false)
    }

    /// What becomes of a mistake that is found in a closed month.
    pub fn closed_month_corrections(&self) -> ClosedMonthCorrections {
        self.closed_month_corrections.unwrap_or(ClosedMonthCorrections::Restate)
    }

    /// Whether who is exempt at the time loses nothing by absence or no-show.
    pub fn exempt_from_deductions(&self) -> bool {
        self.exempt_from_deductions.unwrap_or(false)
    }

    /// From when on auditors are to look at how records were entered.
    pub fn conduct(&self) -> ConductRules {
        self.conduct.unwrap_or_default()
    }

    /// How many approvals a record needs: one for each step of the review chain, and one without a chain.
    pub fn review_steps(&self) -> usize {
        self.review_chain.len().max(1)
    }

    /// The step of the review chain that follows so many; the last one, if all are taken. None without a chain.
    pub fn review_step_after(&self, steps_taken: u8) -> Option<&ReviewStep> {
        self.review_chain.get(usize::from(steps_taken)).or(self.review_chain.last())
    }

    /// How a rate is counted.
    pub fn rate_definition(&self, rate: RateKind) -> Option<&RateDefinition> {
        self.rates.iter().find(|definition| definition.rate == rate)
    }

    /// The longest period that any cap looks at: points of a month depend on what was given since its beginning.
    pub fn cap_reach(&self) -> Period {
        let items = self.items.iter().filter_map(|item| item.caps.as_ref());
        let deductions = self.deductions.iter().filter_map(|item| item.caps.as_ref());
        let awards = self.awards.iter().filter_map(|award| award.caps.as_ref());
        let groups = self.groups.iter().map(|group| &group.caps);
        let all = items.chain(deductions).chain(awards).chain(groups).chain(&self.total_caps);
        all.chain(&self.deduction_caps).map(Caps::reach).max().unwrap_or(Period::Month)
    }

    /// The longest period of a reset or a veto.
    pub fn decision_reach(&self) -> Period {
        self.resets.iter().chain(&self.vetoes).map(|clause| clause.period).max().unwrap_or(Period::Month)
    }
}

/// 积分细则施行: these rules score every month from `rules.effective_from` on, until a later version does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoringRulesAdopted {
    /// The document.
    pub rules: Box<ScoringRules>,
}
