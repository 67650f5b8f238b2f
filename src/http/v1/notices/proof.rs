//! `GET /v1/notices/{id}/proof`: all that somebody needs to check that a notice is the one that the log holds, for everybody.

use super::issued;
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, as_of, conditional, schema};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::EventId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProofParams {
    /// The tree size of a checkpoint that the reader has kept: the answer then proves that the log has only grown since.
    since: Option<u64>,
}

#[derive(Serialize)]
struct Proof {
    notice: EventId,
    log_index: u64,
    entry: String,
    inclusion_proof: Vec<String>,
    checkpoint: String,
    tree_size: u64,
    notice_tree_size: u64,
    consistency_proof: Vec<String>,
    since: Option<Since>,
    verifier_key: String,
}

#[derive(Serialize)]
struct Since {
    tree_size: u64,
    consistency_proof: Vec<String>,
}

/// The entry that issued the notice, exactly as it was hashed, with the proof that it is in the log of the present signed checkpoint; and the proof that
/// this checkpoint continues the one that the notice prints. The entry holds the digest of the notice.
#[utoipa::path(
    get, path = "/v1/notices/{id}/proof", tag = "notices", summary = "通报的证明", description = "**Who:** anybody.",
    params(("id" = String, Path, description = "The id of the event that issued the notice", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$"), ProofParams),
    responses((status = 200, description = "The proof", body = schema::NoticeProof), schema::Refusals)
)]
pub(crate) async fn proof(
    State(app): State<Arc<App>>,
    Named(id): Named<EventId>,
    Params(ProofParams { since }): Params<ProofParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let issued = issued(&app, id, None).await?;
    let service = Arc::clone(&app.service);
    let body = tokio::task::spawn_blocking(move || {
        let ledger = &service.ledger;
        let failed = |failure| Problem::internal("proving a notice", &failure);
        let head = ledger.head().tree_size;
        if since.is_some_and(|since| since > head) {
            return Err(as_of::beyond_head(head));
        }
        // What everybody is shown and witnesses have cosigned, unless it is older than what is asked about.
        let published = service.published_checkpoint();
        let published = published.map_err(|failure| Problem::internal("publishing a checkpoint", &failure))?;
        let needed = since.unwrap_or(0).max(issued.log_index + 1);
        let checkpoint =
            if published.checkpoint().size >= needed { published } else { ledger.checkpoint().map_err(failed)? };
        let tree_size = checkpoint.checkpoint().size;
        let encoded = |hashes: &[[u8; 32]]| hashes.iter().map(|hash| STANDARD.encode(hash)).collect();
        let proven = ledger.prove(&[issued.log_index], tree_size).map_err(failed)?.pop();
        let proven = proven.ok_or_else(|| Problem::unknown("这份通报", "notice"))?;
        let consistent = |size| ledger.consistency_proof(size, tree_size).map_err(failed);
        let since = since.map(|kept| {
            Ok::<Since, Problem>(Since { tree_size: kept, consistency_proof: encoded(&consistent(kept)?) })
        });
        let proof = Proof {
            notice: issued.id,
            log_index: issued.log_index,
            entry: String::from_utf8_lossy(&proven.entry.bytes).into_owned(),
            inclusion_proof: encoded(&proven.inclusion_proof),
            checkpoint: checkpoint.note().to_owned(),
            tree_size,
            notice_tree_size: issued.tree_size,
            consistency_proof: encoded(&consistent(issued.tree_size)?),
            since: since.transpose()?,
            verifier_key: service.publication.verifier_key_of(&checkpoint),
        };
        serde_json::to_vec(&proof).map_err(|failure| Problem::internal("writing an answer as JSON", &failure))
    });
    let body = body.await.expect("proving doesn't panic")?;
    let etag = conditional::etag_of(&body);
    Ok(conditional::respond(&headers, etag, "application/json", "no-cache", body))
}
