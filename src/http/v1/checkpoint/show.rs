//! `GET /v1/checkpoint`: the signed head of the log (C2SP tlog-checkpoint), for everybody.

use crate::http::{App, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;

/// The signed note of the durable head: origin, tree size, root hash, signature. Whoever keeps it can show later that
/// nothing before it was changed.
#[utoipa::path(
    get, path = "/v1/checkpoint", tag = "log", summary = "检查点", description = "**Who:** anybody.",
    responses((status = 200, description = "A signed note (C2SP)", body = String, content_type = "text/plain"))
)]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let signed = app.service.ledger.signed_checkpoint().await;
    let signed = signed.map_err(|failure| Problem::internal("signing the checkpoint", &failure))?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, signed.note().to_owned()))
}
