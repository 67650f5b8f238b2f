//! `GET /v1/months/{month}`: how far an organisation's month has come, and what is left to do in it, branch by branch.

use super::organization;
use crate::http::answer::{Answer, KnownAsk, answer, today};
use crate::http::csv::{Cell, Table};
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, schema};
use crate::identity::Role;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{MonthProgress, ReadModels};
use serde::Deserialize;
use std::sync::Arc;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProgressParams {
    /// Whose month; that of the whole tree unless one is named.
    #[param(value_type = Option<String>, pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$")]
    organization: Option<OrganizationId>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

impl Answer for MonthProgress {
    const HAS_TABLE: bool = true;
    fn table(&self) -> Option<Table> {
        let rows = self.branches.iter().map(|branch| {
            let left = &branch.work_left;
            vec![
                Cell::text(branch.organization.organization),
                Cell::text(&branch.organization.name),
                Cell::number(left.unreviewed),
                Cell::number(left.shown_unreviewed),
                Cell::number(left.returned),
                Cell::number(left.open_check_ins),
                Cell::number(left.back_entered),
                Cell::number(left.objections_undecided),
                Cell::number(left.corrections_due),
            ]
        });
        Some(Table {
            title: format!("{}-{}-待办", self.organization.organization, self.month),
            head: &[
                "代码",
                "名称",
                "待审核",
                "公示时未审核",
                "退回未补正",
                "未签退",
                "补录",
                "异议待决定",
                "异议成立未更正",
            ],
            rows: rows.collect(),
        })
    }
}

/// How far the month has come (open, frozen, disclosed, objections, decided, closed, issued, superseded), its disclosure with the last day for objections, and what is left to
/// do: in all, and in each branch where something is.
#[utoipa::path(
    get, path = "/v1/months/{month}", tag = "months", summary = "月度进程", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the organisation.",
    params(("month" = String, Path, description = "The month", example = "2026-10", pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$"), ProgressParams),
    responses((status = 200, description = "The month",
        content((schema::MonthProgress = "application/json"), (String = "text/csv"))), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(month): Named<Month>,
    Params(ProgressParams { organization: named, as_of }): Params<ProgressParams>,
) -> Result<Response<Body>, Problem> {
    let today = today(&app, as_of);
    answer(
        &app,
        ask.on(today),
        as_of,
        move |caller, models| caller.must_reach(models, &Role::ALL, organization(models, named)?),
        move |models: &ReadModels| {
            let unknown = || Problem::unknown("这个组织", "organization");
            let today = today.unwrap_or_else(|| models.newest_day());
            models.month_progress(organization(models, named)?, month, today).ok_or_else(unknown)
        },
    )
    .await
}
