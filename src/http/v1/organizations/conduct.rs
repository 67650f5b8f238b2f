//! `GET /v1/organizations/{code}/conduct`: how a month's records were entered (经办情况), for auditors. Reads the log, so it is worked
//! on a few at a time, as questions about the past are.

use super::{MonthParams, unknown};
use crate::http::answer::{KnownAsk, TREE_SIZE};
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, as_of, conditional, schema};
use crate::identity::Role;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::Response;
use mingzhang_events::OrganizationId;
use std::sync::Arc;

/// How the records of a month came into the log, for whoever looks for fraud: the share of back-entries and imports by organisation and
/// by recorder, bursts, records about oneself or one's own subordinates, who reviews whom, days too long to be true, overlaps, late
/// records, suspensions. Nothing of it is wrong in itself. Who is whose superior follows from the log-ins of today.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/conduct", tag = "organizations", summary = "经办情况",
    security(("token" = [])), description = "**Who:** an auditor that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "How records were entered", body = schema::Conduct), schema::Refusals)
)]
pub(crate) async fn conduct(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(organization): Named<OrganizationId>,
    Params(MonthParams { month, as_of }): Params<MonthParams>,
) -> Result<Response, Problem> {
    ask.caller.must_reach(&*app.service.models().await, &[Role::Auditor], organization)?;
    let service = Arc::clone(&app.service);
    let conduct = app.past.work(move || service.conduct(organization, month, as_of)).await;
    let conduct = conduct.map_err(|failure| as_of::problem("working out how records were entered", &failure))?;
    let conduct = conduct.ok_or_else(unknown)?;
    let body =
        serde_json::to_vec(&conduct).map_err(|failure| Problem::internal("writing an answer as JSON", &failure))?;
    // Who is whose superior changes with the log-ins, without a new entry: the tag is that of the bytes.
    let etag = conditional::etag_of(&body);
    let mut response = conditional::respond(ask.headers(), etag, "application/json", "private, no-cache", body);
    response.headers_mut().insert(TREE_SIZE, HeaderValue::from(conduct.tree_size));
    Ok(response)
}
