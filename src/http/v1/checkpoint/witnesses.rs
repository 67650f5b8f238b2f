//! `GET /v1/checkpoint/witnesses`: who cosigned the published checkpoint, and how it stands with each witness, for everybody.

use crate::http::extract::NoParams;
use crate::http::{App, Problem, conditional, schema};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// Who cosigned the published checkpoint, and whether the entries since are still unwitnessed.
#[utoipa::path(
    get, path = "/v1/checkpoint/witnesses", tag = "log", summary = "见证情况", description = "**Who:** anybody.",
    responses((status = 200, description = "How it stands", body = schema::WitnessesOfCheckpoint), (status = 304))
)]
pub(crate) async fn show(State(app): State<Arc<App>>, _: NoParams, headers: HeaderMap) -> Result<Response, Problem> {
    let publication = Arc::clone(&app.service.publication);
    let standing = tokio::task::spawn_blocking(move || publication.standing()).await.expect("looking doesn't panic");
    let standing = standing.map_err(|failure| Problem::internal("looking up the witnesses", &failure))?;
    let body = standing.to_json().to_string();
    let etag = conditional::etag_of(body.as_bytes());
    Ok(conditional::respond(&headers, etag, "application/json", "no-cache", body))
}
