//! `GET /v1/members?number=`: the member with a number of the organisation's own, for those who record.

use crate::http::auth::{Known, branch_now, must_have_a_role, reaches_member};
use crate::http::extract::Params;
use crate::http::{App, Problem, schema};
use crate::identity::Role;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use std::sync::Arc;

const FINDERS: [Role; 2] = [Role::Recorder, Role::Operator];

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindParams {
    /// The organisation's own number for the member.
    #[param(min_length = 1, max_length = 100)]
    number: String,
}

/// The member with that number, if the caller's role reaches them.
#[utoipa::path(
    get, path = "/v1/members", tag = "members", summary = "按编号查党员", security(("token" = [])),
    description = "**Who:** a recorder or operator; only members whose branch they reach, or who are on no roster yet.",
    params(FindParams),
    responses((status = 200, description = "The member", body = schema::Person), schema::Refusals)
)]
pub(crate) async fn find(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Params(FindParams { number }): Params<FindParams>,
) -> Result<impl IntoResponse, Problem> {
    must_have_a_role(&actor, &FINDERS)?;
    let failed = |failure| Problem::internal("looking up a number", &failure);
    let member = app.service.identity.member_by_number(&number).map_err(failed)?.ok_or_else(super::unknown)?;
    {
        let models = app.service.models().await;
        // Whom they don't reach they don't learn about, not even that there is somebody.
        if branch_now(&models, member).is_some() && !reaches_member(&models, &actor, &FINDERS, member) {
            return Err(super::unknown());
        }
    }
    let person = app.service.identity.person(member).map_err(failed)?.ok_or_else(super::unknown)?;
    let shown = schema::Person { member: member.to_string(), name: person.name, number: person.number };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)))
}
