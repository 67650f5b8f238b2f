//! `GET /v1/checkpoint`: the published head of the log (C2SP tlog-checkpoint), for everybody.

use crate::http::extract::NoParams;
use crate::http::{App, Problem, log};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// The signed note of the published head: origin, tree size, root hash, signature, and cosignatures of witnesses if there are
/// any. Whoever keeps it can show later that nothing before it was changed.
#[utoipa::path(
    get, path = "/v1/checkpoint", tag = "log", summary = "检查点", description = "**Who:** anybody.",
    responses((status = 200, description = "A signed note (C2SP)", body = String, content_type = "text/plain"), (status = 304))
)]
pub(crate) async fn show(State(app): State<Arc<App>>, _: NoParams, headers: HeaderMap) -> Result<Response, Problem> {
    log::checkpoint::published(&app, &headers).await
}
