//! `GET /v1/organizations/{code}/units`: the organisations directly below by points per member due (组织积分排名).

use super::{AboutMonth, MonthParams};
use crate::http::answer::Answer;
use crate::http::csv::{Cell, Table};
use crate::http::{Problem, schema};
use axum::body::Body;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::RankedOrganization;
use serde::Serialize;

#[derive(Serialize)]
struct Units {
    organization: OrganizationId,
    month: Month,
    rows: Vec<RankedOrganization>,
}

impl Answer for Units {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = self.rows.iter().map(|row| {
            vec![
                Cell::optional(row.rank, Cell::number),
                Cell::text(row.organization),
                Cell::text(&row.name),
                Cell::number(row.points),
                Cell::number(row.average.due),
                Cell::optional(row.average.points, Cell::number),
            ]
        });
        Some(Table {
            title: format!("{}-{}-组织积分排名", self.organization, self.month),
            head: &["名次", "代码", "名称", "积分", "应参加人数", "人均积分"],
            rows: rows.collect(),
        })
    }
}

/// The organisations directly below one by points per member due. Those with too few members for an average come last,
/// without a rank.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/units", tag = "organizations", summary = "组织积分排名",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "The ranking",
        content((schema::OrganizationRanking = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn units(asked: AboutMonth) -> Result<Response<Body>, Problem> {
    asked
        .answer(|models, organization, month| {
            let rows = models.organization_ranking(organization, month)?;
            Some(Units { organization, month, rows })
        })
        .await
}
