//! `GET /v1/members/{id}`: a member's branches, enrolments and exemptions over time. Without a name.

use crate::http::answer::{Answer, KnownAsk, LookUp, answer};
use crate::http::as_of::AsOfParams;
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::MemberId;
use mingzhang_projections::{MemberHistory, ReadModels};
use std::sync::Arc;

impl Answer for MemberHistory {}

/// A member's place in the roster over time: branches, enrolments, exemptions, and the months with records.
#[utoipa::path(
    get, path = "/v1/members/{id}", tag = "members", summary = "一名党员", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the member's branch; the member's own token.",
    params(("id" = String, Path, description = "The member's id", example = "m0000000000001", pattern = "^m[0-9a-f][0-9a-hjkmnp-tv-z]{12}$"), AsOfParams),
    responses((status = 200, description = "The member", body = schema::MemberHistory), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(member): Named<MemberId>,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
) -> Result<Response<Body>, Problem> {
    answer(
        &app,
        ask,
        as_of,
        |caller, models| caller.must_reach_member(models, member),
        LookUp(move |models: &ReadModels| models.member(member).ok_or_else(super::unknown)),
    )
    .await
}
