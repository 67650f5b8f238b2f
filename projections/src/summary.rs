//! One organisation's month in one piece: what the circular (通报) needs, with a row for each organisation directly below.

use crate::attendance::{Attendance, EvidenceShare, Patrols};
use crate::duty_coverage::DutyCoverage;
use crate::models::ReadModels;
use crate::queries::{ClosedMonth, OrganizationCard};
use crate::rates::{Average, Rate, Rates};
use crate::span::month_cutoff;
use mingzhang_events::{CalendarMissing, Month, OrganizationId, Points, RulesVersion};
use serde::Serialize;

/// Members of an organisation at the last moment of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MemberCounts {
    /// 在册.
    pub rostered: u32,
    /// 免予报到.
    pub exempt: u32,
    /// 应参加: rostered less exempt.
    pub due: u32,
}

/// Records of an organisation's members in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecordCounts {
    /// 有效.
    pub accepted: u32,
    /// 待审核.
    pub pending: u32,
    /// 退回.
    pub returned: u32,
    /// 未签退.
    pub check_out_missing: u32,
    /// Accepted home visits.
    pub home_visits: u32,
}

/// Against the month before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Points more, or below zero fewer.
    pub points: Points,
    /// Average points more or fewer; none if either month's is withheld.
    pub average_points: Option<Points>,
    /// Minutes of voluntary service more or fewer.
    pub voluntary_minutes: i64,
    /// 报到率, in hundredths of a percentage point; none if either month's is withheld.
    pub enrollment_percent_hundredths: Option<i64>,
    /// 结对报名率, likewise.
    pub pairing_sign_up_percent_hundredths: Option<i64>,
    /// 巡逻报名率, likewise.
    pub patrol_sign_up_percent_hundredths: Option<i64>,
}

/// The row of an organisation directly below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChildSummary {
    /// Which.
    pub organization: OrganizationCard,
    /// By average points among its siblings; none while its average is withheld.
    pub rank: Option<usize>,
    /// Its members.
    pub members: MemberCounts,
    /// Points its members earned.
    pub points: Points,
    /// Points per member due.
    pub average: Average,
    /// Minutes of voluntary service.
    pub voluntary_minutes: u64,
    /// Its rates.
    pub rates: Rates,
    /// Its records.
    pub records: RecordCounts,
}

/// One organisation's month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthSummary {
    /// Which organisation.
    pub organization: OrganizationCard,
    /// Which month.
    pub month: Month,
    /// The entries of the log that the figures rest on.
    pub tree_size: u64,
    /// The rules in force; none if there were none.
    pub rules_version: Option<RulesVersion>,
    /// The close that covers the organisation; none while the month is open.
    pub closed: Option<ClosedMonth>,
    /// The smallest group whose rates and averages are published.
    pub published_group_members_min: u32,
    /// Its members.
    pub members: MemberCounts,
    /// Points earned in it.
    pub points: Points,
    /// Points per member due.
    pub average: Average,
    /// Minutes of voluntary service.
    pub voluntary_minutes: u64,
    /// The rates.
    pub rates: Rates,
    /// Meetings and trainings.
    pub attendance: Attendance,
    /// Night patrols.
    pub patrols: Patrols,
    /// Duty; the error if the legal calendar of the year isn't known.
    pub duty: Result<DutyCoverage, CalendarMissing>,
    /// How the records are evidenced.
    pub evidence: Vec<EvidenceShare>,
    /// Its records.
    pub records: RecordCounts,
    /// Against the month before.
    pub change: Change,
    /// The organisations directly below by code.
    pub children: Vec<ChildSummary>,
}

impl ReadModels {
    /// Everything the circular says about an organisation's month. None for an unknown organisation.
    pub fn month_summary(&self, organization: OrganizationId, month: Month) -> Option<MonthSummary> {
        let number = self.organization_number(organization)?;
        let at = month_cutoff(month);
        let own = self.child_summary(number, month, None);
        let figures = self.figures(month);
        let ranks = self.organization_ranking(organization, month)?;
        let rank_of =
            |child: OrganizationId| ranks.iter().find(|row| row.organization == child).and_then(|row| row.rank);
        let children = (figures.tree.children(number))
            .filter(|&child| self.organizations.exists(child, at))
            .map(|child| self.child_summary(child, month, rank_of(self.organizations.id(child))))
            .collect();
        Some(MonthSummary {
            month,
            tree_size: self.tree_size,
            rules_version: self.rules.in_force(month).map(|compiled| compiled.rules.version),
            closed: self.closed(organization, month),
            published_group_members_min: self.published_group_members_min(month),
            attendance: self.attendance(organization, month)?,
            patrols: self.patrols(organization, month)?,
            duty: self.duty_coverage(organization, month)?,
            evidence: self.evidence_mix(organization, month)?,
            change: change(&own, &self.child_summary(number, month.previous(), None)),
            organization: own.organization,
            members: own.members,
            points: own.points,
            average: own.average,
            voluntary_minutes: own.voluntary_minutes,
            rates: own.rates,
            records: own.records,
            children,
        })
    }

    pub(crate) fn child_summary(&self, number: u32, month: Month, rank: Option<usize>) -> ChildSummary {
        let figures = self.figures(month);
        let of = figures.of(number);
        ChildSummary {
            organization: self.card(number, month_cutoff(month)),
            rank,
            members: MemberCounts { rostered: of.rostered, exempt: of.rostered - of.due, due: of.due },
            points: Points::from_hundredths(of.hundredths),
            average: of.average(self.published_group_members_min(month)),
            voluntary_minutes: of.voluntary_minutes,
            rates: self.rates_of(number, month),
            records: RecordCounts {
                accepted: of.accepted,
                pending: of.pending,
                returned: of.returned,
                check_out_missing: of.check_out_missing,
                home_visits: of.visits,
            },
        }
    }
}

fn change(now: &ChildSummary, before: &ChildSummary) -> Change {
    let difference =
        |now: Points, before: Points| Points::from_hundredths(now.hundredths().saturating_sub(before.hundredths()));
    let minutes = |minutes: u64| i64::try_from(minutes).unwrap_or(i64::MAX);
    let percent =
        |now: Rate, before: Rate| Some(i64::from(now.percent_hundredths?) - i64::from(before.percent_hundredths?));
    Change {
        points: difference(now.points, before.points),
        average_points: now.average.points.zip(before.average.points).map(|(now, before)| difference(now, before)),
        voluntary_minutes: minutes(now.voluntary_minutes) - minutes(before.voluntary_minutes),
        enrollment_percent_hundredths: percent(now.rates.enrollment, before.rates.enrollment),
        pairing_sign_up_percent_hundredths: percent(now.rates.pairing_sign_up, before.rates.pairing_sign_up),
        patrol_sign_up_percent_hundredths: percent(now.rates.patrol_sign_up, before.rates.patrol_sign_up),
    }
}
