//! `GET /v1/checkpoint/witnesses`: who cosigned the published checkpoint, and how it stands with each witness, for everybody.

use crate::http::{App, Problem, schema};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// Who cosigned the published checkpoint, and whether the entries since are still unwitnessed.
#[utoipa::path(
    get, path = "/v1/checkpoint/witnesses", tag = "log", summary = "见证情况", description = "**Who:** anybody.",
    responses((status = 200, description = "How it stands", body = schema::WitnessesOfCheckpoint))
)]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<Json<serde_json::Value>, Problem> {
    let publication = Arc::clone(&app.service.publication);
    let standing = tokio::task::spawn_blocking(move || publication.standing()).await.expect("looking doesn't panic");
    let standing = standing.map_err(|failure| Problem::internal("looking up the witnesses", &failure))?;
    Ok(Json(standing.to_json()))
}
