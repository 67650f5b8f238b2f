//! `GET /v1/organizations/{code}/ranking`: its members by points (党员积分排名), a page at a time.

use super::any_role;
use crate::http::answer::{Answer, KnownAsk, Question, answer};
use crate::http::csv::{Cell, Table};
use crate::http::cursor::{self, Cursor};
use crate::http::extract::{Named, Params, page_size};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{MemberRanking, RankedMember, RankingCursor, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 50;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RankingParams {
    /// The month, such as `2026-10`.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-10")]
    month: Month,
    /// At most so many; 50 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// From `next` or the header `Link` of the page before.
    #[param(value_type = Option<String>, pattern = "^-?[0-9]{1,12}\\.[0-9]{2}_m[0-9a-f][0-9a-hjkmnp-tv-z]{12}@[0-9]{1,20}$")]
    cursor: Option<Cursor<RankingCursor>>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

/// A page, as of the tree size of the first one.
#[derive(Serialize)]
struct Page {
    organization: OrganizationId,
    month: Month,
    members: usize,
    rows: Vec<RankedMember>,
    next: Option<Cursor<RankingCursor>>,
}

impl Answer for Page {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|cursor| cursor.to_string())
    }
    fn table(&self) -> Option<Table> {
        let rows = self.rows.iter().map(|row| {
            vec![
                Cell::number(row.rank),
                Cell::text(row.member),
                Cell::optional(row.branch, Cell::text),
                Cell::number(row.points),
                Cell::number(row.voluntary_minutes),
            ]
        });
        Some(Table {
            title: format!("{}-{}-党员积分排名", self.organization, self.month),
            head: &["名次", "党员", "支部", "积分", "志愿服务分钟"],
            rows: rows.collect(),
        })
    }
}

struct WhichPage {
    organization: OrganizationId,
    month: Month,
    after: Option<RankingCursor>,
    limit: usize,
}

impl Question for WhichPage {
    type Found = Page;
    type Answer = Page;

    fn tell(found: Page) -> Result<Page, Problem> {
        Ok(found)
    }

    fn ask(self, models: &ReadModels, tree_size: u64) -> Result<Page, Problem> {
        let WhichPage { organization, month, after, limit } = self;
        let ranking = models.member_ranking(organization, month, after, limit).ok_or_else(super::unknown)?;
        let MemberRanking { organization, month, members, rows, next } = ranking;
        Ok(Page { organization, month, members, rows, next: next.map(|after| Cursor { after, tree_size }) })
    }

    fn is_quick(&self, models: &ReadModels) -> bool {
        models.ranking_stands_since(self.organization, self.month).is_some()
    }

    fn stands_since(&self, models: &ReadModels, tree_size: u64) -> bool {
        models.ranking_stands_since(self.organization, self.month).is_some_and(|since| since <= tree_size)
    }
}

/// The members of an organisation and of all below it by the points they earned there in the month. The same points, the
/// same rank; the next rank skips (1, 2, 2, 4). Members stand under their ids. All pages are of the tree size of the first, which
/// their cursors name: nobody is left out or shown twice because the log grows in between.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/ranking", tag = "organizations", summary = "党员积分排名",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), RankingParams),
    responses((status = 200, description = "A page", headers(("Link" = String, description = "rel=\"next\"")),
        content((schema::MemberRanking = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn ranking(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(organization): Named<OrganizationId>,
    Params(params): Params<RankingParams>,
) -> Result<Response<Body>, Problem> {
    let RankingParams { month, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    let as_of = cursor::as_of(cursor.as_ref(), as_of)?;
    super::must_have_begun(&app, month)?;
    let page = WhichPage { organization, month, after: cursor.map(|cursor| cursor.after), limit };
    answer(&app, ask, as_of, any_role(organization), page).await
}
