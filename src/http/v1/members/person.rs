//! `GET /v1/members/{id}/person`: who a member is. From `identity`, never from the log; never kept by anything in between.

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

const READERS: [Role; 4] = [Role::Recorder, Role::Reviewer, Role::Publisher, Role::Operator];

/// A member's name and number.
#[utoipa::path(
    get, path = "/v1/members/{id}/person", tag = "members", summary = "党员姓名", security(("token" = [])),
    description = "**Who:** a recorder, reviewer, publisher or operator that reaches the member's branch; the member's own token.",
    params(("id" = String, Path, description = "The member's id", example = "m0000000000001", pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$")),
    responses((status = 200, description = "The person", body = schema::Person), schema::Refusals)
)]
pub(crate) async fn person(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Named(member): Named<MemberId>,
    _: NoParams,
) -> Result<impl IntoResponse, Problem> {
    let own = actor.member == Some(member);
    if !own && !reaches_member(&*app.service.models().await, &actor, &READERS, member) {
        return Err(auth::does_not_reach(None));
    }
    let person =
        app.service.identity.person(member).map_err(|failure| Problem::internal("looking up a person", &failure))?;
    let person = person.ok_or_else(super::unknown)?;
    let shown = schema::Person { member: member.to_string(), name: person.name, number: person.number };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)))
}
