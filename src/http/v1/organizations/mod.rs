//! Organisations (组织) and their month: tree, rankings, rates, attendance, duty, and all of it in one piece.

pub(crate) mod attendance;
pub(crate) mod duty;
pub(crate) mod list;
pub(crate) mod ranking;
pub(crate) mod rates;
pub(crate) mod show;
pub(crate) mod summary;
pub(crate) mod units;

use crate::http::Problem;
use crate::http::auth::Caller;
use crate::identity::Role;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{Rate, ReadModels};
use serde::Deserialize;

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

/// Refuses callers without any role that reaches the organisation.
fn any_role(organization: OrganizationId) -> impl FnOnce(&Caller, &ReadModels) -> Result<(), Problem> {
    move |caller, models| caller.must_reach(models, &Role::ALL, organization)
}

fn unknown() -> Problem {
    Problem::unknown("这个组织", "organization")
}

/// A rate as people read it: `66.67%`, or `—`.
fn percent(rate: &Rate) -> String {
    rate.percent_hundredths
        .map_or_else(|| "—".to_owned(), |hundredths| format!("{}.{:02}%", hundredths / 100, hundredths % 100))
}
