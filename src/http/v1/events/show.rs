//! `GET /v1/events/{id}`: one entry with its receipt.

use crate::http::as_of::AsOfParams;
use crate::http::auth::{Known, has_everywhere};
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, as_of, conditional, schema};
use crate::identity::Role;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::EventId;
use serde::Serialize;
use serde_json::value::RawValue;
use std::sync::Arc;

#[derive(Serialize)]
struct Shown<'a> {
    log_index: u64,
    entry: &'a RawValue,
    tree_size: u64,
    checkpoint: &'a str,
    inclusion_proof: Vec<String>,
}

/// One entry exactly as it was hashed, with the proof that it is in the log of the present signed checkpoint. With `as_of`, an
/// entry that wasn't recorded yet isn't found; the proof is against the present checkpoint all the same, because a log never
/// signs an earlier one again.
#[utoipa::path(
    get, path = "/v1/events/{id}", tag = "log", summary = "一条账目", security(("token" = [])),
    description = "**Who:** an auditor of the whole ledger; whoever recorded it.",
    params(("id" = String, Path, description = "The event's id", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$"), AsOfParams),
    responses((status = 200, description = "The entry", body = schema::EventWithReceipt), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Named(id): Named<EventId>,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let auditor = has_everywhere(&*app.service.models().await, &actor, Role::Auditor);
    let service = Arc::clone(&app.service);
    let body = tokio::task::spawn_blocking(move || {
        let ledger = &service.ledger;
        let head = ledger.head();
        let tree_size = as_of::size(as_of, head.tree_size)?;
        let entry = super::find(ledger, id, tree_size, (!auditor).then_some(actor.id))?;
        let log_index = entry.log_index;
        let unproved = |failure| Problem::internal("making a receipt", &failure);
        let receipt = ledger.receipt(log_index, head).map_err(unproved)?;
        let shown = Shown {
            log_index,
            entry: serde_json::from_slice(&entry.bytes)
                .map_err(|failure| Problem::internal("reading an entry as JSON", &failure))?,
            tree_size: receipt.tree_size,
            checkpoint: receipt.checkpoint.note(),
            inclusion_proof: receipt.inclusion_proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
        };
        serde_json::to_vec(&shown).map_err(|failure| Problem::internal("writing an answer as JSON", &failure))
    });
    let body = body.await.expect("reading doesn't panic")?;
    let etag = conditional::etag_of(&body);
    Ok(conditional::respond(&headers, etag, "application/json", "private, no-cache", body))
}
