//! `GET /v1/organizations/{code}/duty`: on which working days enough members served (值守).

use super::{AboutMonth, MonthParams};
use crate::http::answer::Answer;
use crate::http::csv::{Cell, Table};
use crate::http::{Problem, schema};
use axum::body::Body;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::DutyCoverage;
use serde::Serialize;

#[derive(Serialize)]
struct Duty {
    organization: OrganizationId,
    month: Month,
    /// None where the legal calendar of the year isn't known: working days are never guessed.
    coverage: Option<DutyCoverage>,
}

impl Answer for Duty {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let working_days = self.coverage.as_ref().map_or(0, |coverage| coverage.working_days);
        let rows = self.coverage.iter().flat_map(|coverage| &coverage.places).map(|place| {
            let uncovered: Vec<String> = place.uncovered.iter().map(ToString::to_string).collect();
            vec![
                Cell::text(place.organization),
                Cell::text(&place.name),
                Cell::number(working_days),
                Cell::number(place.days_rostered),
                Cell::number(place.days_covered),
                Cell::text(uncovered.join(" ")),
            ]
        });
        Some(Table {
            title: format!("{}-{}-值守", self.organization, self.month),
            head: &["代码", "名称", "工作日", "排班天数", "达标天数", "未达标日期"],
            rows: rows.collect(),
        })
    }
}

/// On how many legal working days enough members served, in each community. `coverage` is null where the State Council's
/// calendar of that year isn't known here.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/duty", tag = "organizations", summary = "值守",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "Duty coverage",
        content((schema::Duty = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn duty(asked: AboutMonth) -> Result<Response<Body>, Problem> {
    asked
        .answer(|models, organization, month| {
            let coverage = models.duty_coverage(organization, month)?;
            Some(Duty { organization, month, coverage: coverage.ok() })
        })
        .await
}
