//! `GET /log/checkpoint`: the published head of the log (C2SP tlog-checkpoint), for everybody.

use crate::http::extract::NoParams;
use crate::http::{App, Problem, conditional};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// The signed note of the published head, with the cosignatures of witnesses. Tiles and entries below its size can be read.
#[utoipa::path(
    get, path = "/log/checkpoint", tag = "log", summary = "已公布的检查点", description = "**Who:** anybody.",
    responses((status = 200, description = "A signed note (C2SP)", body = String, content_type = "text/plain"), (status = 304))
)]
pub(crate) async fn show(State(app): State<Arc<App>>, _: NoParams, headers: HeaderMap) -> Result<Response, Problem> {
    published(&app, &headers).await
}

/// The same at both addresses: that of the API, and that of C2SP.
pub(crate) async fn published(app: &App, headers: &HeaderMap) -> Result<Response, Problem> {
    let signed = app.published().await?;
    // Cosignatures may be added to a checkpoint of the same size.
    let etag = conditional::etag(signed.checkpoint().size, signed.note(), "checkpoint");
    Ok(conditional::respond(headers, etag, "text/plain; charset=utf-8", "no-cache", signed.note().to_owned()))
}
