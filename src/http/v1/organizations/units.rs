//! `GET /v1/organizations/{code}/units`: the organisations directly below by points per member due (组织积分排名), a page at a time.

use super::any_role;
use crate::http::answer::{Answer, KnownAsk, answer};
use crate::http::csv::{Cell, Table};
use crate::http::cursor::{self, Cursor};
use crate::http::extract::{Named, Params, page_size};
use crate::http::{App, Kind, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{RankedOrganization, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 200;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnitsParams {
    /// The month, such as `2026-10`.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-10")]
    month: Month,
    /// At most so many; 200 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// From `next` or the header `Link` of the page before.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}@[0-9]{1,20}$")]
    cursor: Option<Cursor<OrganizationId>>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

/// A page, as of the tree size of the first one.
#[derive(Serialize)]
struct Page {
    organization: OrganizationId,
    month: Month,
    rows: Vec<RankedOrganization>,
    next: Option<Cursor<OrganizationId>>,
}

impl Page {
    /// `None` after an organisation that isn't in the ranking.
    fn of(
        (organization, month): (OrganizationId, Month),
        ranking: Vec<RankedOrganization>,
        after: Option<OrganizationId>,
        limit: usize,
        tree_size: u64,
    ) -> Option<Page> {
        let begins = match after {
            Some(after) => ranking.iter().position(|row| row.organization == after)? + 1,
            None => 0,
        };
        let left = ranking.len() - begins;
        let rows: Vec<RankedOrganization> = ranking.into_iter().skip(begins).take(limit).collect();
        let last = rows.last().filter(|_| left > limit).map(|row| row.organization);
        Some(Page { organization, month, rows, next: last.map(|after| Cursor { after, tree_size }) })
    }
}

impl Answer for Page {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|cursor| cursor.to_string())
    }
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
/// without a rank. All pages are of the tree size of the first, which their cursors name.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/units", tag = "organizations", summary = "组织积分排名",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), UnitsParams),
    responses((status = 200, description = "A page", headers(("Link" = String, description = "rel=\"next\"")),
        content((schema::OrganizationRanking = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn units(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(organization): Named<OrganizationId>,
    Params(params): Params<UnitsParams>,
) -> Result<Response<Body>, Problem> {
    let UnitsParams { month, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    let as_of = cursor::as_of(cursor.as_ref(), as_of)?;
    super::must_have_begun(&app, month)?;
    let after = cursor.map(|cursor| cursor.after);
    answer(&app, ask, as_of, any_role(organization), move |models: &ReadModels| {
        let ranking = models.organization_ranking(organization, month).ok_or_else(super::unknown)?;
        let page = Page::of((organization, month), ranking, after, limit, models.tree_size());
        page.ok_or_else(|| {
            Problem::new(
                Kind::MALFORMED_QUERY,
                "cursor 不是本排名中的位置：请从第一页重新开始",
                "the cursor is none of this ranking: ask for the first page again",
            )
        })
    })
    .await
}
