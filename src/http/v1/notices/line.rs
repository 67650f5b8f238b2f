//! `GET /v1/notices/{id}/lines/{number}`: the records that a line of a notice is the sum of, each with its proof, for everybody.
//!
//! Says nothing of a person that the notice doesn't: no member id, no activity, no entry. Auditors of the whole ledger and the member
//! also get the entries themselves.

use super::issued;
use crate::http::as_of::AsOfParams;
use crate::http::auth::{Caller, has_everywhere};
use crate::http::extract::{NamedPair, Params};
use crate::http::{App, Problem, as_of, conditional, schema};
use crate::identity::Role;
use crate::ledger::ProvenEntry;
use crate::notice::{CheckpointHead, MemberLine, Trace, trace};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use mingzhang_events::{ActivityClass, ActivityKind, ClauseId, EventId, Evidence, MemberId, Points};
use mingzhang_projections::{ExplainedItem, Occasion, Standing, TrailStep, Unscored};
use serde::Serialize;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

#[derive(Serialize)]
struct Traced {
    notice: EventId,
    checkpoint: CheckpointHead,
    number: usize,
    line: MemberLine,
    member: Option<MemberId>,
    items: Vec<TracedItem>,
}

#[derive(Serialize)]
struct TracedItem {
    occasion: Occasion,
    kind: Option<ActivityKind>,
    class: Option<ActivityClass>,
    date: Date,
    minutes: u16,
    clause: Option<ClauseId>,
    name: String,
    points: Points,
    points_before_cap: Points,
    trail: Vec<TrailStep>,
    standing: Standing,
    unscored: Option<Unscored>,
    evidence: Option<Evidence>,
    entries: Vec<TracedEntry>,
}

#[derive(Clone, Serialize)]
struct TracedEntry {
    log_index: u64,
    id: EventId,
    leaf_hash: String,
    inclusion_proof: Vec<String>,
    entry: Option<String>,
}

/// A line of the members' ranking with everything that it is the sum of: each record with its date, its clause, its points, how it was evidenced,
/// and for each entry that it rests on the place in the log, the leaf hash, and the proof that it is in the log of the notice's checkpoint.
#[utoipa::path(
    get, path = "/v1/notices/{id}/lines/{number}", tag = "notices", summary = "通报一行的来历",
    description = "**Who:** anybody. `member` and the bytes of entries are for an auditor of the whole ledger and for the member.",
    params(
        ("id" = String, Path, description = "The id of the event that issued the notice", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}$"),
        ("number" = usize, Path, description = "Which line of the members' ranking, from 1", example = 1, minimum = 1), AsOfParams,
    ),
    responses((status = 200, description = "The line", body = schema::NoticeLine), schema::Refusals)
)]
pub(crate) async fn line(
    State(app): State<Arc<App>>,
    caller: Caller,
    NamedPair(id, number): NamedPair<EventId, NonZeroUsize>,
    Params(AsOfParams { as_of }): Params<AsOfParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let issued = issued(&app, id, as_of).await?;
    let auditor = match caller.known() {
        Ok(actor) => has_everywhere(&*app.service.models().await, actor, Role::Auditor),
        Err(_) => false,
    };
    let own = caller.known().ok().and_then(|actor| actor.member);
    let service = Arc::clone(&app.service);
    let (organization, month, tree_size) = (issued.organization, issued.month, issued.tree_size);
    let traced = as_of::ask(&app, tree_size, move |models| {
        let unknown = || Problem::unknown("通报的这一行", "line of the notice");
        let traced = trace(models, organization, month, number.get()).ok_or_else(unknown)?;
        let mut rests_on: Vec<u64> = traced.items.iter().flat_map(|item| &item.log_indexes).copied().collect();
        rests_on.sort_unstable();
        rests_on.dedup();
        let proven = service.ledger.prove(&rests_on, tree_size);
        let proven = proven.map_err(|failure| Problem::internal("proving the entries of a line", &failure))?;
        Ok((traced, proven))
    });
    let (Trace { number, line, items }, proven) = traced.await?;
    let shown_whole = auditor || own == Some(line.member);
    let entries: BTreeMap<u64, TracedEntry> =
        proven.into_iter().map(|proven| (proven.entry.log_index, traced_entry(proven, shown_whole))).collect();
    let checkpoint =
        CheckpointHead { origin: app.service.ledger.origin().to_owned(), root_hash: issued.root_hash, tree_size };
    let member = shown_whole.then_some(line.member);
    let items = items.into_iter().map(|item| traced_item(item, &entries)).collect();
    let traced = Traced { notice: id, checkpoint, number, line, member, items };
    let body =
        serde_json::to_vec(&traced).map_err(|failure| Problem::internal("writing an answer as JSON", &failure))?;
    // Names may be erased or consented to without a new entry.
    let etag = conditional::etag_of(&body);
    let mut response = conditional::respond(&headers, etag, "application/json", "private, no-cache", body);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("authorization"));
    Ok(response)
}

fn traced_entry(proven: ProvenEntry, shown_whole: bool) -> TracedEntry {
    TracedEntry {
        log_index: proven.entry.log_index,
        id: proven.id,
        leaf_hash: STANDARD.encode(proven.leaf_hash),
        inclusion_proof: proven.inclusion_proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
        // As text, because it is the exact bytes that were hashed.
        entry: shown_whole.then(|| String::from_utf8_lossy(&proven.entry.bytes).into_owned()),
    }
}

fn traced_item(item: ExplainedItem, entries: &BTreeMap<u64, TracedEntry>) -> TracedItem {
    TracedItem {
        occasion: item.occasion,
        kind: item.kind,
        class: item.class,
        date: item.date,
        minutes: item.minutes,
        clause: item.clause,
        name: item.name,
        points: item.points,
        points_before_cap: item.points_before_cap,
        trail: item.trail,
        standing: item.standing,
        unscored: item.unscored,
        evidence: item.evidence,
        entries: item.log_indexes.iter().filter_map(|log_index| entries.get(log_index).cloned()).collect(),
    }
}
