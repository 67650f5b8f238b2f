//! `GET /v1/members/{id}/reveal`: what opens the commitments to a member. From `identity`, never from the log; never kept by anything in
//! between.

use crate::http::auth::{Known, reaches_member};
use crate::http::extract::{Named, NoParams};
use crate::http::{App, Problem, auth, schema};
use crate::identity::Role;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use mingzhang_events::MemberId;
use std::sync::Arc;

const READERS: [Role; 1] = [Role::Operator];

/// A member's name and number with the salts of the commitments (身份承诺) in the log: to be given to an auditor who makes a spot check.
#[utoipa::path(
    get, path = "/v1/members/{id}/reveal", tag = "members", summary = "出示身份", security(("token" = [])),
    description = "**Who:** an operator that reaches the member's branch. 404 too where the name was recorded before commitments were made: record it once more.",
    params(("id" = String, Path, description = "The member's id", example = "m0000000000001", pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")),
    responses((status = 200, description = "What opens the commitments", body = schema::Reveal), schema::Refusals)
)]
pub(crate) async fn reveal(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Named(member): Named<MemberId>,
    _: NoParams,
) -> Result<impl IntoResponse, Problem> {
    if !reaches_member(&*app.service.models().await, &actor, &READERS, member) {
        return Err(auth::does_not_reach(None));
    }
    let reveal = app.service.reveal(member).map_err(|failure| Problem::internal("looking up a person", &failure))?;
    let reveal = reveal.ok_or_else(super::unknown)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(reveal)))
}
