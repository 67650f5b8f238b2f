//! `GET /v1/events/{id}/proof`: the receipt of an entry as a file (C2SP tlog-proof).

use crate::http::auth::{Known, has_everywhere};
use crate::http::extract::{Named, NoParams};
use crate::http::{App, Problem, conditional, schema};
use crate::identity::Role;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mingzhang_events::EventId;
use std::sync::Arc;

/// The proof that the entry is in the log of the published checkpoint, or of the present one if it isn't published yet; to be
/// kept and checked offline, together with the entry's bytes.
#[utoipa::path(
    get, path = "/v1/events/{id}/proof", tag = "log", summary = "账目的回执", security(("token" = [])),
    description = "**Who:** an auditor of the whole ledger; whoever recorded it.",
    params(("id" = String, Path, description = "The event's id", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$")),
    responses((status = 200, description = "A tlog-proof (C2SP)", body = String, content_type = "text/plain"), schema::Refusals)
)]
pub(crate) async fn proof(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Named(id): Named<EventId>,
    _: NoParams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let auditor = has_everywhere(&*app.service.models().await, &actor, Role::Auditor);
    let service = Arc::clone(&app.service);
    let proof = tokio::task::spawn_blocking(move || {
        let ledger = &service.ledger;
        let entry = super::find(ledger, id, ledger.head().tree_size, (!auditor).then_some(actor.id))?;
        service.proof(entry.log_index).map_err(|failure| Problem::internal("making a proof", &failure))
    });
    let proof = proof.await.expect("reading doesn't panic")?;
    let proof = proof.to_string();
    let etag = conditional::etag_of(proof.as_bytes());
    Ok(conditional::respond(&headers, etag, "text/plain; charset=utf-8", "private, no-cache", proof))
}
