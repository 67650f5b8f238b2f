//! `GET /v1/organizations/{code}/summary`: the whole month in one piece, with a row for each organisation directly below.

use super::{AboutMonth, MonthParams, percent};
use crate::http::answer::Answer;
use crate::http::csv::{Cell, Table};
use crate::http::{Problem, schema};
use axum::body::Body;
use axum::http::Response;
use mingzhang_events::{Month, Points, RulesVersion};
use mingzhang_projections::{
    Attendance, Average, Change, ChildSummary, ClosedMonth, DutyCoverage, EvidenceShare, MemberCounts, MonthSummary,
    OrganizationCard, Patrols, Rates, RecordCounts,
};
use serde::Serialize;

/// As the models have it, with duty as a value or nothing.
#[derive(Serialize)]
struct Summary {
    organization: OrganizationCard,
    month: Month,
    tree_size: u64,
    rules_version: Option<RulesVersion>,
    closed: Option<ClosedMonth>,
    published_group_members_min: u32,
    members: MemberCounts,
    points: Points,
    average: Average,
    voluntary_minutes: u64,
    rates: Rates,
    attendance: Attendance,
    patrols: Patrols,
    duty: Option<DutyCoverage>,
    evidence: Vec<EvidenceShare>,
    records: RecordCounts,
    change: Change,
    children: Vec<ChildSummary>,
}

impl From<MonthSummary> for Summary {
    fn from(month: MonthSummary) -> Summary {
        Summary {
            organization: month.organization,
            month: month.month,
            tree_size: month.tree_size,
            rules_version: month.rules_version,
            closed: month.closed,
            published_group_members_min: month.published_group_members_min,
            members: month.members,
            points: month.points,
            average: month.average,
            voluntary_minutes: month.voluntary_minutes,
            rates: month.rates,
            attendance: month.attendance,
            patrols: month.patrols,
            duty: month.duty.ok(),
            evidence: month.evidence,
            records: month.records,
            change: month.change,
            children: month.children,
        }
    }
}

impl Answer for Summary {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = self.children.iter().map(|child| {
            vec![
                Cell::text(child.organization.organization),
                Cell::text(&child.organization.name),
                Cell::optional(child.rank, Cell::number),
                Cell::number(child.members.due),
                Cell::number(child.points),
                Cell::optional(child.average.points, Cell::number),
                Cell::text(percent(&child.rates.enrollment)),
                Cell::text(percent(&child.rates.pairing_sign_up)),
                Cell::text(percent(&child.rates.patrol_sign_up)),
            ]
        });
        Some(Table {
            title: format!("{}-{}-月度情况", self.organization.organization, self.month),
            head: &["代码", "名称", "名次", "应参加人数", "积分", "人均积分", "报到率", "结对报名率", "巡逻报名率"],
            rows: rows.collect(),
        })
    }
}

/// Everything that the circular says about an organisation's month, with the change against the month before.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/summary", tag = "organizations", summary = "月度情况",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "The month",
        content((schema::MonthSummary = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn summary(asked: AboutMonth) -> Result<Response<Body>, Problem> {
    asked.answer(|models, organization, month| models.month_summary(organization, month).map(Summary::from)).await
}
