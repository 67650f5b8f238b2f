//! `GET /v1/notices/{id}`: a notice, composed again from the log as it was at its checkpoint, for everybody.

use crate::http::answer::not_acceptable;
use crate::http::extract::{Named, Params};
use crate::http::{App, Problem, as_of, conditional, negotiate, schema};
use crate::notice::render;
use crate::service::Service;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use jiff::civil::Date;
use mingzhang_events::{EventId, NoticeFormat};
use mingzhang_projections::NoticeEntry;
use serde::Deserialize;
use std::str::FromStr;
use std::sync::Arc;

const MEDIA: [&str; 4] = ["application/json", "text/html", "text/csv", "text/plain"];
const SENT_AS: [&str; 4] = [
    "application/json; charset=utf-8",
    "text/html; charset=utf-8",
    "text/csv; charset=utf-8",
    "text/plain; charset=utf-8",
];
const SUFFIXES: [&str; 4] = ["json", "html", "csv", "txt"];

/// Which figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum View {
    /// As they were published: those of its checkpoint.
    Published,
    /// As a superseding notice would have them: with all corrections so far.
    Corrected,
}

/// Parameters.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowParams {
    /// `published` (unless said otherwise): as it was issued. `corrected`: a draft with all corrections so far, or up to `as_of`.
    #[param(value_type = Option<String>, pattern = "^(published|corrected)$")]
    view: Option<View>,
    /// The answer as it was when the log had so many entries; the present one if absent.
    as_of: Option<u64>,
}

/// A notice's id, with or without the suffix of a format.
pub(crate) struct File {
    id: EventId,
    format: Option<usize>,
}

impl FromStr for File {
    type Err = mingzhang_events::IdError;
    fn from_str(text: &str) -> Result<File, Self::Err> {
        let (id, format) = match text.split_once('.') {
            Some((id, suffix)) => (id, SUFFIXES.iter().position(|known| *known == suffix)),
            None => (text, None),
        };
        // An unknown suffix makes the id malformed as a whole.
        let id = if text.contains('.') && format.is_none() { text } else { id };
        Ok(File { id: id.parse()?, format })
    }
}

/// The notice in the format asked for, by Accept or by a suffix: `.json`, `.html`, `.csv`, `.txt`. Its figures are those of
/// its checkpoint for ever; names stand as they may be shown today. With `as_of`, a notice that wasn't issued yet isn't found.
#[utoipa::path(
    get, path = "/v1/notices/{id}", tag = "notices", summary = "一份通报", description = "**Who:** anybody.",
    params(("id" = String, Path, description = "The id of the event that issued it; may end in .json, .html, .csv or .txt", example = "e00000000000000000000000001", pattern = "^e[0-7][0-9a-hjkmnp-tv-z]{25}(\\.(json|html|csv|txt))?$"), ShowParams),
    responses((status = 200, description = "The notice",
        content((schema::AnyObject = "application/json"), (String = "text/html"), (String = "text/csv"), (String = "text/plain"))), schema::Refusals)
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Named(File { id, format }): Named<File>,
    Params(ShowParams { view, as_of }): Params<ShowParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let format = format.map_or_else(|| accepted(&headers), Ok)?;
    let mut entry = super::issued(&app, id, as_of).await?;
    let mut issued_on = Some(entry.issued_at.local_date());
    if view == Some(View::Corrected) {
        // Nobody has issued it: a draft of what would take the place of a notice.
        entry.tree_size = as_of::size(as_of, app.service.models().await.tree_size())?;
        if !entry.number.is_empty() {
            (entry.format, entry.supersedes) = (NoticeFormat::Superseding, Some(entry.id));
        }
        (entry.number, entry.disclosed_until, issued_on) = (String::new(), None, None);
    }
    let tree_size = entry.tree_size;
    let service = Arc::clone(&app.service);
    let body = app.past.work(move || render_as(&service, &entry, issued_on, format)).await?;
    let mut response = respond(&headers, tree_size, format, "no-cache", body);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// The format that the headers accept best.
fn accepted(headers: &HeaderMap) -> Result<usize, Problem> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    negotiate::best(accept, &MEDIA).ok_or_else(|| not_acceptable(&MEDIA))
}

/// The format by the suffix of the address, else by what is accepted.
pub(crate) fn format_of(uri: &Uri, headers: &HeaderMap) -> Result<usize, Problem> {
    let suffix = uri.path().rsplit_once('.').map(|(_, suffix)| suffix);
    let by_suffix = SUFFIXES.iter().position(|known| Some(*known) == suffix);
    by_suffix.map_or_else(|| accepted(headers), Ok)
}

/// Names may be erased or consented to without a new entry: the tag is that of the bytes.
pub(crate) fn respond(
    asked: &HeaderMap,
    tree_size: u64,
    format: usize,
    caching: &'static str,
    body: Vec<u8>,
) -> Response {
    let etag = conditional::etag(tree_size, &String::from_utf8_lossy(&body), MEDIA[format]);
    conditional::respond(asked, etag, SENT_AS[format], caching, body)
}

/// Composed at its checkpoint and rendered, on a thread that may block. The entry is one that was issued, or stands for a draft.
pub(crate) fn render_as(
    service: &Service,
    entry: &NoticeEntry,
    issued_on: Option<Date>,
    format: usize,
) -> Result<Vec<u8>, Problem> {
    let failed = |failure| Problem::internal("composing a notice at its checkpoint", &failure);
    let composed = service.issued_notice(entry).map_err(failed)?;
    let composed = composed.ok_or_else(|| Problem::unknown("这个组织", "organization"))?;
    let imprint = service.imprint(&composed, issued_on, entry.disclosed_until).map_err(failed)?;
    let notice = &composed.notice;
    Ok(match format {
        0 => render::json(notice, &imprint),
        1 => render::html(notice, &imprint).into_bytes(),
        2 => render::csv(notice, &imprint),
        _ => render::text(notice, &imprint).into_bytes(),
    })
}
