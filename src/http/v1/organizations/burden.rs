//! `GET /v1/organizations/{code}/burden`: what recording a month took (负担). Reads the log, so it is worked on a few at a time, as questions
//! about the past are.

use super::unknown;
use crate::http::answer::{KnownAsk, TREE_SIZE};
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, as_of, conditional, schema};
use crate::identity::Role;
use crate::ledger::Repetitions;
use axum::extract::State;
use axum::response::IntoResponse;
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::Burden;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which month.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BurdenParams {
    /// The month in which facts were recorded, such as `2026-10`.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-10")]
    month: Month,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

#[derive(Serialize)]
struct Answered {
    #[serde(flatten)]
    burden: Burden,
    not_recorded_since_start: Repetitions,
}

/// What recording a month took: facts and fields, by how they were entered and by type, and what was entered again. The log has each fact
/// once; what was handed in a second time and not recorded is counted for the whole ledger, since the service started.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/burden", tag = "organizations", summary = "登记负担",
    security(("token" = [])), description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), BurdenParams),
    responses((status = 200, description = "What recording took", body = schema::Burden), schema::Refusals)
)]
pub(crate) async fn burden(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(organization): Named<OrganizationId>,
    Params(BurdenParams { month, as_of }): Params<BurdenParams>,
) -> Result<impl IntoResponse, Problem> {
    ask.caller.must_reach(&*app.service.models().await, &Role::ALL, organization)?;
    let service = Arc::clone(&app.service);
    let burden = app.past.work(move || service.burden(organization, month, as_of)).await;
    let burden = burden.map_err(|failure| as_of::problem("counting what recording took", &failure))?;
    let burden = burden.ok_or_else(unknown)?;
    let size = (TREE_SIZE, burden.tree_size.to_string());
    let not_recorded_since_start = app.service.ledger.repetitions();
    let body = serde_json::to_vec(&Answered { burden, not_recorded_since_start });
    let body = body.map_err(|failure| Problem::internal("writing an answer as JSON", &failure))?;
    // What was handed in again changes without the log: the tag is that of the bytes.
    let tag = conditional::etag_of(&body);
    Ok(([size], conditional::respond(ask.headers(), tag, "application/json", "private, no-cache", body)))
}
