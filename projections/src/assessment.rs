//! The assessment (评定) of a member: a composite of points over several periods, and the band that it reaches.
//!
//! Worked out when somebody asks, from totals that are settled. Never stored.

use crate::models::ReadModels;
use crate::rules::InForce;
use crate::scoring::Scorer;
use crate::span::period_start;
use mingzhang_events::{Assessment, ClauseId, Measure, MemberId, Month, Period, Points};
use serde::Serialize;

/// A part of an assessment with its arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AssessedPart {
    /// What it looks at.
    pub of: Measure,
    /// What that is for the member.
    pub points: Points,
    /// Its weight in percent.
    pub percent: u8,
    /// The product, half up to the hundredth.
    pub weighted: Points,
}

/// A band that a member has reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BandReached {
    /// Its clause.
    pub clause: ClauseId,
    /// What it is called.
    pub name: String,
    /// What follows from it.
    pub consequence: Option<String>,
}

/// A member's assessment at the end of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberAssessment {
    /// The sum of the weighted parts.
    pub points: Points,
    /// What it is made of.
    pub parts: Vec<AssessedPart>,
    /// Minutes of voluntary service in the longest period that a part looks at.
    pub voluntary_minutes: u32,
    /// The clause of a veto in force at the end of the month: who is vetoed is in no band.
    pub vetoed_by: Option<ClauseId>,
    /// The first band whose thresholds are reached.
    pub band: Option<BandReached>,
}

/// Which stretch of the calendar a measure looks at.
fn period_of(measure: Measure) -> Period {
    match measure {
        Measure::MonthPoints => Period::Month,
        Measure::QuarterPoints => Period::Quarter,
        Measure::YearPoints | Measure::YearMonthlyAverage => Period::Year,
        Measure::AllPoints => Period::All,
    }
}

/// A quotient half up to the whole, also below zero.
pub(crate) fn divided_half_up(dividend: i128, divisor: i128) -> i64 {
    let quotient = (2 * dividend + divisor).div_euclid(2 * divisor);
    i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
}

/// Points and minutes of one member by period, up to and including a month.
#[derive(Clone, Copy, Default)]
pub(crate) struct Accumulated {
    month: (i64, u32),
    quarter: (i64, u32),
    year: (i64, u32),
    all: (i64, u32),
}

impl Accumulated {
    /// Adds one month's points in hundredths and minutes, seen from `month`.
    pub(crate) fn add(&mut self, month: Month, of: Month, hundredths: i64, minutes: u32) {
        let within = |period| period_start(period, month).is_none_or(|start| start <= of);
        for (period, sum) in [
            (Period::Month, &mut self.month),
            (Period::Quarter, &mut self.quarter),
            (Period::Year, &mut self.year),
            (Period::All, &mut self.all),
        ] {
            if within(period) {
                *sum = (sum.0.saturating_add(hundredths), sum.1.saturating_add(minutes));
            }
        }
    }

    fn of(&self, period: Period) -> (i64, u32) {
        match period {
            Period::Month => self.month,
            Period::Quarter => self.quarter,
            Period::Year => self.year,
            Period::All => self.all,
        }
    }
}

/// The longest period that an assessment looks at.
pub(crate) fn reach_of(assessment: &Assessment) -> Period {
    assessment.parts.iter().map(|part| period_of(part.of)).max().unwrap_or(Period::Month)
}

/// The assessment of what a member has accumulated.
pub(crate) fn assessed(
    assessment: &Assessment,
    month: Month,
    accumulated: &Accumulated,
    vetoed_by: Option<ClauseId>,
) -> MemberAssessment {
    let part = |part: &mingzhang_events::AssessmentPart| {
        let sum = accumulated.of(period_of(part.of)).0;
        let hundredths = match part.of {
            Measure::YearMonthlyAverage => divided_half_up(i128::from(sum), i128::from(month.month_of_year())),
            Measure::MonthPoints | Measure::QuarterPoints | Measure::YearPoints | Measure::AllPoints => sum,
        };
        let weighted = divided_half_up(i128::from(hundredths) * i128::from(part.percent), 100);
        AssessedPart {
            of: part.of,
            points: Points::from_hundredths(hundredths),
            percent: part.percent,
            weighted: Points::from_hundredths(weighted),
        }
    };
    let parts: Vec<AssessedPart> = assessment.parts.iter().map(part).collect();
    let points: Points = parts.iter().map(|part| part.weighted).sum();
    let voluntary_minutes = accumulated.of(reach_of(assessment)).1;
    let reached = |band: &&mingzhang_events::Band| {
        band.points_from.is_none_or(|from| from <= points)
            && band.voluntary_minutes_from.is_none_or(|from| from <= voluntary_minutes)
    };
    let band = assessment.bands.iter().find(reached).filter(|_| vetoed_by.is_none());
    let band = band.map(|band| BandReached {
        clause: band.clause,
        name: band.name.clone(),
        consequence: band.consequence.clone(),
    });
    MemberAssessment { points, parts, voluntary_minutes, vetoed_by, band }
}

impl ReadModels {
    /// How a member is assessed at the end of a month by the rules in force. None for an unknown member, without rules, and
    /// where the rules don't assess.
    pub fn member_assessment(&self, member: MemberId, month: Month) -> Option<MemberAssessment> {
        self.assessment_of(self.roster.number(member)?, month)
    }

    pub(crate) fn assessment_of(&self, member: u32, month: Month) -> Option<MemberAssessment> {
        let assessment = self.rules.in_force(month)?.rules.assessment.as_ref()?;
        let mut accumulated = Accumulated::default();
        let first = self.roster.first_month(member).unwrap_or(month);
        let start = period_start(reach_of(assessment), month).unwrap_or(first).max(first);
        let mut of = start;
        while of <= month {
            for part in self.parts_of(member, of) {
                accumulated.add(month, of, part.hundredths, part.voluntary_minutes);
            }
            of = of.next();
        }
        let vetoed_by = if self.awards.ever_vetoed(member) {
            let mut scorer = Scorer::new(self, InForce::adopted(&self.rules));
            scorer.month(member, month, |_, _| {});
            scorer.veto().map(|clause| clause.clause)
        } else {
            None
        };
        Some(assessed(assessment, month, &accumulated, vetoed_by))
    }
}
