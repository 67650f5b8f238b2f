//! `GET /v1/checkpoint`: the published head of the log (C2SP tlog-checkpoint), for everybody.

use crate::http::{App, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;

/// The signed note of the published head: origin, tree size, root hash, signature, and cosignatures of witnesses if there are
/// any. Whoever keeps it can show later that nothing before it was changed.
#[utoipa::path(
    get, path = "/v1/checkpoint", tag = "log", summary = "检查点", description = "**Who:** anybody.",
    responses((status = 200, description = "A signed note (C2SP)", body = String, content_type = "text/plain"))
)]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let signed = app.published().await?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, signed.note().to_owned()))
}
