//! `GET /log/checkpoint`: the published head of the log (C2SP tlog-checkpoint), for everybody.

use crate::http::{App, Problem, conditional};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The signed note of the published head, with the cosignatures of witnesses. Tiles and entries below its size can be read.
#[utoipa::path(
    get, path = "/log/checkpoint", tag = "log", summary = "已公布的检查点", description = "**Who:** anybody.",
    responses((status = 200, description = "A signed note (C2SP)", body = String, content_type = "text/plain"), (status = 304))
)]
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let signed = app.published().await?;
    // Cosignatures may be added to a checkpoint of the same size.
    let etag = conditional::etag(signed.checkpoint().size, signed.note(), "checkpoint");
    let mut response = if conditional::is_known(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], signed.note().to_owned()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-cache"));
    Ok(response)
}
