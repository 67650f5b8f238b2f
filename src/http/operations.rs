//! For whoever operates the service: does it live, is it ready, what does it measure.

use super::extract::NoParams;
use super::{App, Problem};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::Arc;

/// The process runs and answers.
#[utoipa::path(get, path = "/livez", tag = "operations", summary = "存活检查", responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn livez(_: NoParams) -> &'static str {
    "ok\n"
}

/// The ledger is open, the read models hold everything durable, and facts are recorded.
#[utoipa::path(get, path = "/readyz", tag = "operations", summary = "就绪检查",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 503, body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn readyz(State(app): State<Arc<App>>, _: NoParams) -> Result<&'static str, Problem> {
    // Ready is who has caught up with the head of this moment; the time limit around every route answers 503 for who hasn't.
    drop(app.service.models().await);
    app.service.ledger.stopped_for().map_or(Ok("ok\n"), |reason| Err(reason.into()))
}

/// Counters and histograms for Prometheus: requests and latency by route, events recorded, batch sizes, tree size, lag.
#[utoipa::path(get, path = "/metrics", tag = "operations", summary = "指标",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(app): State<Arc<App>>, _: NoParams) -> impl IntoResponse {
    let tree_size = app.service.ledger.head().tree_size;
    let follower = &app.service.follower;
    let mut text = app.meter.render(tree_size, follower.applied_tree_size(), follower.replays());
    let publication = Arc::clone(&app.service.publication);
    let witnesses = tokio::task::spawn_blocking(move || publication.metrics()).await;
    text.push_str(&witnesses.expect("measuring doesn't panic"));
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}
