//! 走势: how an organisation's months went, one after the other: what a chart beside a notice shows.

use crate::models::ReadModels;
use crate::rates::{Average, Rates};
use mingzhang_events::{ActivityKind, Evidence, Month, OrganizationId, Points};
use serde::Serialize;
use std::sync::Arc;

/// One month of an organisation and of all below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CourseMonth {
    /// Which.
    pub month: Month,
    /// Points earned in it.
    pub points: Points,
    /// Points per member due.
    pub average: Average,
    /// Minutes of voluntary service.
    pub voluntary_minutes: u64,
    /// The rates.
    pub rates: Rates,
    /// Accepted records of service by what was done, in the order of the closed list.
    pub kinds: Vec<(ActivityKind, u32)>,
    /// Accepted and pending records by how they were evidenced, in the order of the closed list.
    pub evidence: Vec<(Evidence, u32)>,
}

impl ReadModels {
    /// The months up to `through`, oldest first and at most `months_max`: as far back as each was closed for the organisation. `through` is there
    /// even while it is open. None for an unknown organisation.
    pub fn course(&self, organization: OrganizationId, through: Month, months_max: usize) -> Option<Vec<CourseMonth>> {
        let number = self.organization_number(organization)?;
        let earlier = std::iter::successors(Some(through), |month| Some(month.previous()));
        let closed = |month: &Month| *month == through || self.closed(organization, *month).is_some();
        let mut course: Vec<CourseMonth> =
            (earlier.take_while(closed).take(months_max)).map(|month| self.course_month(number, month)).collect();
        course.reverse();
        Some(course)
    }

    /// Doesn't keep the figures of months that weren't kept: looking back must not cost those who ask about this month.
    fn course_month(&self, number: u32, month: Month) -> CourseMonth {
        let counted = || Arc::new(self.count_month(month, self.rules.in_force(month)));
        let figures = self.kept_figures(month).unwrap_or_else(counted);
        let of = figures.of(number);
        CourseMonth {
            month,
            points: Points::from_hundredths(of.hundredths),
            average: of.average(self.published_group_members_min(month)),
            voluntary_minutes: of.voluntary_minutes,
            rates: self.rates_among(of, month),
            kinds: ActivityKind::ALL.iter().copied().zip(of.kinds).collect(),
            evidence: Evidence::ALL.iter().copied().zip(of.evidence).collect(),
        }
    }
}
