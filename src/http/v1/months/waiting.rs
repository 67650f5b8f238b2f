//! `GET /v1/months/{month}/waiting`: the records of a month that wait for a review, for reviewers. As a table it is one that
//! `mingzhang import records` reads again, once what was decided is written in.

use super::organization;
use crate::http::answer::{Answer, KnownAsk, Question, answer, today};
use crate::http::auth::Caller;
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Named, Params, page_size};
use crate::http::{App, Problem, schema};
use crate::identity::Role;
use crate::service::{Service, Waiting, WaitingFound};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use jiff::civil::Date;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::ReadModels;
use serde::Deserialize;
use std::sync::Arc;

const RECORDS: usize = 200;
const RECORDS_MAX: usize = 1_000;

/// Who reviews, and who watches over it.
const READERS: [Role; 3] = [Role::Reviewer, Role::Publisher, Role::Auditor];

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitingParams {
    /// Of members of this organisation and those below it; of the whole tree unless one is named.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// Only those that wait for this step of the review, from 1.
    #[param(minimum = 1)]
    step: Option<u8>,
    /// At most so many; 200 unless said otherwise. What was reviewed makes room for the next.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

impl Answer for Waiting {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = self.rows().map(|row| row.map(Cell::text).into());
        Some(Table { title: format!("{}-待审核", self.month), head: &Waiting::COLUMNS, rows: rows.collect() })
    }
}

/// The records that wait for a review, those with the first deadlines first: at which step of the review chain each is, who acts, since
/// when it waits and until when it is to be reviewed. As a table: write 审核通过 or 退回 under 类型, the day under 开始时间 and, of a return,
/// its 原因; `mingzhang import records` records the rows by whoever's token it is given.
#[utoipa::path(
    get, path = "/v1/months/{month}/waiting", tag = "months", summary = "待审核记录", security(("token" = [])),
    description = "**Who:** a reviewer, publisher or auditor that reaches the organisation.",
    params(("month" = String, Path, description = "The month", example = "2026-10", pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$"), WaitingParams),
    responses((status = 200, description = "The records",
        content((schema::WaitingList = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn waiting(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(month): Named<Month>,
    Params(WaitingParams { organization: named, step, limit, as_of }): Params<WaitingParams>,
) -> Result<Response<Body>, Problem> {
    let limit = page_size(limit, RECORDS, RECORDS_MAX)?;
    let today = today(&app, as_of);
    let question = WhatWaits { service: Arc::clone(&app.service), named, month, step, today, limit };
    let may =
        move |caller: &Caller, models: &ReadModels| caller.must_reach(models, &READERS, organization(models, named)?);
    answer(&app, ask.on(today), as_of, may, question).await
}

struct WhatWaits {
    service: Arc<Service>,
    named: Option<OrganizationId>,
    month: Month,
    step: Option<u8>,
    today: Option<Date>,
    limit: usize,
}

impl Question for WhatWaits {
    type Found = (Arc<Service>, WaitingFound);
    type Answer = Waiting;

    fn ask(self, models: &ReadModels, _: u64) -> Result<(Arc<Service>, WaitingFound), Problem> {
        let organization = organization(models, self.named)?;
        let today = self.today.unwrap_or_else(|| models.newest_day());
        let found = WaitingFound::among(models, organization, self.month, self.step, today, self.limit);
        Ok((self.service, found.ok_or_else(|| Problem::unknown("这个组织", "organization"))?))
    }

    fn tell((service, found): (Arc<Service>, WaitingFound)) -> Result<Waiting, Problem> {
        let waiting = service.waiting_by_id(found);
        waiting.map_err(|failure| Problem::internal("reading what waits for a review", &failure))
    }
}
