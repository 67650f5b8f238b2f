//! `GET /v1/notices`: the notices that were issued, newest first, for everybody.

use crate::http::answer::{Answer, Ask, answer};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Params, no_such_place, page_size};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{EventId, Month, OrganizationId};
use mingzhang_projections::{NoticeEntry, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 50;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoticesParams {
    /// Only of this organisation.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// Only of this month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<Month>,
    /// At most so many; 50 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// From the header `Link` of the page before.
    #[param(value_type = Option<String>, pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    cursor: Option<EventId>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Notices {
    notices: Vec<NoticeEntry>,
    next: Option<EventId>,
}

impl Answer for Notices {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|last| last.to_string())
    }
    fn table(&self) -> Option<Table> {
        let rows = self.notices.iter().map(|notice| {
            vec![
                Cell::text(&notice.number),
                Cell::text(notice.organization),
                Cell::text(notice.month),
                Cell::text(notice.issued_at),
                Cell::number(notice.tree_size),
                Cell::text(&notice.digest),
                Cell::text(notice.id),
            ]
        });
        Some(Table {
            title: "通报".to_owned(),
            head: &["文号", "组织代码", "月份", "印发时间", "账目数", "摘要", "编号"],
            rows: rows.collect(),
        })
    }
}

/// The notices that were issued, newest first: what each is about, its digest, and the checkpoint that its figures rest on.
#[utoipa::path(
    get, path = "/v1/notices", tag = "notices", summary = "通报目录", description = "**Who:** anybody.",
    params(NoticesParams),
    responses((status = 200, description = "Notices",
        content((schema::NoticeList = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(params): Params<NoticesParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    let NoticesParams { organization, month, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    answer(
        &app,
        ask,
        as_of,
        |_, _| Ok(()),
        // Of a city there are a hundred thousand: more than a look-up.
        move |models: &ReadModels| {
            let mut all = models.notices(organization);
            all.retain(|notice| month.is_none_or(|month| notice.month == month));
            let start = match cursor {
                None => 0,
                Some(last) => 1 + all.iter().position(|notice| notice.id == last).ok_or_else(no_such_place)?,
            };
            let more = all.len() > start + limit;
            let notices: Vec<NoticeEntry> = all.into_iter().skip(start).take(limit).collect();
            let next = notices.last().filter(|_| more).map(|notice| notice.id);
            Ok(Notices { notices, next })
        },
    )
    .await
}
