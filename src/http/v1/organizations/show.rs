//! `GET /v1/organizations/{code}`: one organisation with those above and directly below it.

use crate::http::answer::{Answer, Ask, LookUp, answer};
use crate::http::as_of::AsOfParams;
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, schema};
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use mingzhang_events::OrganizationId;
use mingzhang_projections::{OrganizationCard, ReadModels};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    card: OrganizationCard,
    above: Vec<OrganizationCard>,
    below: Vec<OrganizationCard>,
}

impl Answer for Shown {}

/// An organisation as it is now, with those above it (nearest first) and those directly below it (by code).
#[utoipa::path(
    get, path = "/v1/organizations/{code}", tag = "organizations", summary = "一个组织",
    description = "**Who:** anybody.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), AsOfParams),
    responses((status = 200, description = "The organisation", body = schema::Organization), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Named(organization): Named<OrganizationId>,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
    ask: Ask,
) -> Result<Response<Body>, Problem> {
    answer(
        &app,
        ask,
        as_of,
        |_, _| Ok(()),
        LookUp(move |models: &ReadModels| {
            let card = models.organization(organization, None).ok_or_else(super::unknown)?;
            let above = models.ancestors(organization, None).unwrap_or_default();
            let below = models.children(organization, None).unwrap_or_default();
            Ok(Shown { card, above, below })
        }),
    )
    .await
}
