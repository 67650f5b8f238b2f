//! `GET /v1/organizations/{code}/draft`: the circular of a month as it would be issued now (通报草稿). Records nothing.

use super::{MonthParams, any_role, must_have_begun};
use crate::http::answer::{KnownAsk, TREE_SIZE};
use crate::http::extract::{Named, Params};
use crate::http::v1::notices::show::{format_of, render_as, respond};
use crate::http::{App, Problem, as_of, schema};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use mingzhang_events::OrganizationId;
use mingzhang_projections::NoticeEntry;
use std::sync::Arc;

/// The circular as it would be issued now, or at `as_of`: for whoever prepares it. It has no number, and nothing is recorded. Names stand
/// as they may be shown today.
#[utoipa::path(
    get, path = "/v1/organizations/{code}/draft", tag = "organizations", summary = "通报草稿", security(("token" = [])),
    description = "**Who:** a token with any role that reaches the organisation.",
    params(("code" = String, Path, description = "The organization's code", pattern = "^[0-9A-Za-z][0-9A-Za-z._-]{0,30}$"), MonthParams),
    responses((status = 200, description = "The draft",
        content((schema::AnyObject = "application/json"), (String = "text/html"), (String = "text/csv"), (String = "text/plain"),
            (schema::Binary = "application/pdf"),
            (schema::Binary = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (schema::Binary = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), schema::Refusals)
)]
pub(crate) async fn draft(
    State(app): State<Arc<App>>,
    KnownAsk(ask): KnownAsk,
    Named(organization): Named<OrganizationId>,
    Params(MonthParams { month, as_of }): Params<MonthParams>,
) -> Result<Response, Problem> {
    let format = format_of(ask.uri(), ask.headers())?;
    let tree_size = {
        let models = app.service.models().await;
        any_role(organization)(&ask.caller, &models)?;
        as_of::size(as_of, models.tree_size())?
    };
    must_have_begun(&app, month)?;
    let draft = NoticeEntry::draft(organization, month, tree_size);
    let rendered = render_as(&app, draft, None, format).await?;
    let mut response = respond(ask.headers(), format, "private, no-cache", rendered);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    response.headers_mut().insert(TREE_SIZE, HeaderValue::from(tree_size));
    Ok(response)
}
