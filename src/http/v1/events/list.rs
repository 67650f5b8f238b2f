//! `GET /v1/events`: entries after an index, as JSON or as server-sent events.

use super::stream;
use crate::http::answer::{TREE_SIZE, not_acceptable};
use crate::http::auth::{Known, does_not_reach, has_everywhere};
use crate::http::extract::{Params, page_size};
use crate::http::serve::Stopping;
use crate::http::{App, Kind, Problem, as_of, conditional, negotiate, schema};
use crate::identity::Role;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsParams {
    /// The log index of the first entry; 0 unless said otherwise.
    from: Option<u64>,
    /// At most so many; 100 unless said otherwise. A stream has no end.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// The answer as it was when the log had so many entries; the present one if absent. Not for a stream.
    as_of: Option<u64>,
}

/// Entries in the order of the log, each exactly as it was hashed. As `text/event-stream` they go on with every entry that
/// becomes durable, each with its log index as the event's id; `Last-Event-ID` resumes after it. A stream ends within seconds of its
/// token's being revoked.
#[utoipa::path(
    get, path = "/v1/events", tag = "log", summary = "账目", security(("token" = [])),
    description = "**Who:** an auditor of the whole ledger.",
    params(EventsParams, ("Last-Event-ID" = Option<String>, Header, description = "Of a stream: the log index received last")),
    responses((status = 200, description = "Entries", headers(("Link" = String, description = "rel=\"next\"")),
        content((schema::EventList = "application/json"), (String = "text/event-stream"))), schema::Refusals)
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Known(actor): Known,
    Params(EventsParams { from, limit, as_of }): Params<EventsParams>,
    stopping: Option<Extension<Stopping>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !has_everywhere(&*app.service.models().await, &actor, Role::Auditor) {
        return Err(does_not_reach(None));
    }
    let offered = ["application/json", "text/event-stream"];
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let from = from.unwrap_or(0);
    let limit = page_size(limit, PAGE, PAGE_MAX)?;
    match negotiate::best(accept, &offered) {
        None => Err(not_acceptable(&offered)),
        Some(0) => page(&app, from, limit, as_of, &headers).await,
        Some(_) if as_of.is_some() => Err(Problem::new(
            Kind::MALFORMED_QUERY,
            "as_of 不能用于持续推送：请去掉它，或改用 application/json",
            "a stream goes on with what is recorded: leave out as_of, or accept application/json",
        )),
        Some(_) => {
            let resumed = last_event_id(&headers)?.map_or(from, |last| last.saturating_add(1));
            let stopping = stopping.map(|Extension(stopping)| stopping);
            Ok(stream::stream(app, resumed, stopping, headers).into_response())
        }
    }
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let parsed = value.to_str().ok().and_then(|text| text.parse().ok());
    parsed.map(Some).ok_or_else(|| {
        Problem::new(
            Kind::MALFORMED_QUERY,
            "Last-Event-ID 应为最近收到的账目序号",
            "Last-Event-ID has to be the log index received last",
        )
    })
}

async fn page(app: &App, from: u64, limit: usize, as_of: Option<u64>, asked: &HeaderMap) -> Result<Response, Problem> {
    let tree_size = as_of::size(as_of, app.service.ledger.head().tree_size)?;
    // Entries never change: the tree size and the place tell the answer.
    let etag = conditional::etag(tree_size, &format!("events from {from}, {limit}"), "application/json");
    let entries = if conditional::is_known(asked, &etag) {
        Vec::new()
    } else {
        super::read(app, from, (limit as u64).min(tree_size.saturating_sub(from))).await?
    };
    let mut body = format!(r#"{{"tree_size":{tree_size},"events":["#).into_bytes();
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        super::write_entry(entry, &mut body);
    }
    let next = entries.last().map(|entry| entry.log_index + 1).filter(|next| *next < tree_size);
    let next_text = next.map_or_else(|| "null".to_owned(), |next| next.to_string());
    body.extend_from_slice(format!(r#"],"next":{next_text}}}"#).as_bytes());
    let mut response = conditional::respond(asked, etag, "application/json", "private, no-cache", body);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    headers.insert(TREE_SIZE, HeaderValue::from(tree_size));
    if let Some(next) = next {
        let as_of = as_of.map(|tree_size| format!("&as_of={tree_size}")).unwrap_or_default();
        let link = format!("</v1/events?from={next}&limit={limit}{as_of}>; rel=\"next\"");
        headers.insert(header::LINK, HeaderValue::try_from(link).expect("ASCII"));
    }
    Ok(response)
}
