//! Organisations (组织) and their month: tree, rankings, rates, attendance, duty, and all of it in one piece.

pub(crate) mod attendance;
pub(crate) mod burden;
pub(crate) mod conduct;
pub(crate) mod draft;
pub(crate) mod duty;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod ranking;
pub(crate) mod rates;
pub(crate) mod show;
pub(crate) mod summary;
pub(crate) mod units;

use crate::http::answer::{Answer, Ask, KnownAsk, answer};
use crate::http::auth::Caller;
use crate::http::extract::{Named, Params};
use crate::http::{App, Kind, Problem};
use crate::identity::Role;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::Response;
use axum::http::request::Parts;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{Rate, ReadModels};
use serde::Deserialize;
use std::sync::Arc;

/// Which month, and of which tree size.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MonthParams {
    /// The month, such as `2026-10`.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-10")]
    pub(crate) month: Month,
    /// The answer as it was when the log had so many entries; the present one if absent.
    pub(crate) as_of: Option<u64>,
}

/// A question about an organisation's month, from a caller who needs a role that reaches the organisation.
pub(crate) struct AboutMonth {
    app: Arc<App>,
    ask: Ask,
    organization: OrganizationId,
    month: Month,
    as_of: Option<u64>,
}

impl FromRequestParts<Arc<App>> for AboutMonth {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<AboutMonth, Problem> {
        let KnownAsk(ask) = KnownAsk::from_request_parts(parts, app).await?;
        let Named(organization) = Named::from_request_parts(parts, app).await?;
        let Params(MonthParams { month, as_of }) = Params::from_request_parts(parts, app).await?;
        Ok(AboutMonth { app: Arc::clone(app), ask, organization, month, as_of })
    }
}

impl AboutMonth {
    /// Asks the models. `None` is an organisation that they don't have.
    async fn answer<A: Answer + Send + 'static>(
        self,
        question: impl FnOnce(&ReadModels, OrganizationId, Month) -> Option<A> + Send + 'static,
    ) -> Result<Response<Body>, Problem> {
        let AboutMonth { app, ask, organization, month, as_of } = self;
        answer(&app, ask, as_of, any_role(organization), move |models: &ReadModels| {
            question(models, organization, month).ok_or_else(unknown)
        })
        .await
    }
}

/// Refuses callers without any role that reaches the organisation.
pub(crate) fn any_role(organization: OrganizationId) -> impl FnOnce(&Caller, &ReadModels) -> Result<(), Problem> {
    move |caller, models| caller.must_reach(models, &Role::ALL, organization)
}

/// Refuses a month of which nothing can be told yet.
fn must_have_begun(app: &App, month: Month) -> Result<(), Problem> {
    if app.service.clock.now().month() >= month {
        return Ok(());
    }
    Err(Problem::new(
        Kind::MONTH_NOT_BEGUN,
        format!("{month} 还没有开始，还没有数字：请核对月份"),
        format!("{month} hasn't begun, there are no figures of it yet: check the month"),
    ))
}

fn unknown() -> Problem {
    Problem::unknown("这个组织", "organization")
}

/// A rate as people read it: `66.67%`, or `—`.
fn percent(rate: &Rate) -> String {
    rate.percent_hundredths
        .map_or_else(|| "—".to_owned(), |hundredths| format!("{}.{:02}%", hundredths / 100, hundredths % 100))
}
