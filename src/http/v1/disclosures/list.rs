//! `GET /v1/disclosures`: what is disclosed today, until when, and how to object to it, for everybody.

use crate::http::answer::{Answer, Ask, answer, today};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Params, no_such_place, page_size};
use crate::http::{App, Problem, schema};
use crate::letterheads;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{EventId, Month, OrganizationId};
use mingzhang_projections::{DisclosureEntry, ReadModels};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const PAGE: usize = 50;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DisclosuresParams {
    /// Only of this organisation.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// Only of this month.
    #[param(value_type = Option<String>, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<Month>,
    /// Whether those that are over are listed, too; false unless said otherwise.
    #[serde(default)]
    over: Option<bool>,
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
struct Disclosures {
    disclosures: Vec<DisclosureEntry>,
    how_to_object: String,
    contact: Option<String>,
    next: Option<EventId>,
}

impl Answer for Disclosures {
    const HAS_TABLE: bool = true;
    fn next(&self) -> Option<String> {
        self.next.map(|last| last.to_string())
    }
    fn table(&self) -> Option<Table> {
        let row = |disclosure: &DisclosureEntry| {
            vec![
                Cell::text(disclosure.organization),
                Cell::text(disclosure.month),
                Cell::text(disclosure.opened_at),
                Cell::text(disclosure.until),
                Cell::number(disclosure.working_days),
                Cell::text(disclosure.id),
            ]
        };
        Some(Table {
            title: "公示".to_owned(),
            head: &["组织代码", "月份", "公示时间", "截止日", "工作日", "编号"],
            rows: self.disclosures.iter().map(row).collect(),
        })
    }
}

/// What is disclosed today, newest first: whose month, until when, and how to object to it. The draft that is shown is read under `/v1/notices/{id}`.
#[utoipa::path(
    get, path = "/v1/disclosures", tag = "months", summary = "公示目录", description = "**Who:** anybody.",
    params(DisclosuresParams),
    responses((status = 200, description = "Disclosures",
        content((schema::DisclosureList = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Params(params): Params<DisclosuresParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    let DisclosuresParams { organization, month, over, limit, cursor, as_of } = params;
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    let today = today(&app, as_of);
    let letterhead = letterheads::of_today(&app.service.config);
    answer(
        &app,
        ask.on(today),
        as_of,
        |_, _| Ok(()),
        move |models: &ReadModels| {
            let today = today.unwrap_or_else(|| models.newest_day());
            let mut all = models.disclosures();
            all.retain(|disclosure| {
                organization.is_none_or(|of| disclosure.organization == of)
                    && month.is_none_or(|month| disclosure.month == month)
                    && (over == Some(true) || disclosure.is_running(today))
            });
            let start = match cursor {
                None => 0,
                Some(last) => 1 + all.iter().position(|disclosure| disclosure.id == last).ok_or_else(no_such_place)?,
            };
            let more = all.len() > start + limit;
            let disclosures: Vec<DisclosureEntry> = all.into_iter().skip(start).take(limit).collect();
            let next = disclosures.last().filter(|_| more).map(|disclosure| disclosure.id);
            Ok(Disclosures {
                disclosures,
                how_to_object: letterhead.how_to_object().to_owned(),
                contact: letterhead.contact,
                next,
            })
        },
    )
    .await
}
