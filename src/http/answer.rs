//! How a question to the read models is answered: who asks, of which tree size, whether they have the answer already, in
//! which format, from the answers kept or worked out.
//!
//! Invariants. The right to ask is looked up in the present models, whatever the past one asked about. An answer kept is of
//! the present tree size; every new entry voids them all.

use super::auth::Caller;
use super::csv::Table;
use super::{App, Kind, Problem, as_of, conditional, negotiate};
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use mingzhang_projections::ReadModels;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The header that tells which tree size an answer is of.
pub(crate) const TREE_SIZE: HeaderName = HeaderName::from_static("mingzhang-tree-size");

/// An answer is kept up to this size, and so many of them: a page of a ranking has about 8 KB.
const KEPT_BYTES_MAX: usize = 65_536;
const KEPT_MAX: usize = 2_048;

/// What an answer begins with: a page of a ranking fits, so that it isn't copied while it grows. Growing it step by step made
/// the threads wait for the allocator's lock.
const BODY_BYTES: usize = 12_288;

/// In what form an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
}

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// What a client asks, apart from the parameters of the route.
pub(crate) struct Ask {
    pub(crate) caller: Caller,
    uri: Uri,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<App>> for Ask {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Ask, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        Ok(Ask { caller, uri: parts.uri.clone(), headers: std::mem::take(&mut parts.headers) })
    }
}

/// An [`Ask`] by a caller with a token. Taken before the parameters: who may not ask isn't told how to.
pub(crate) struct KnownAsk(pub(crate) Ask);

impl FromRequestParts<Arc<App>> for KnownAsk {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<KnownAsk, Problem> {
        let ask = Ask::from_request_parts(parts, app).await?;
        ask.caller.known()?;
        Ok(KnownAsk(ask))
    }
}

/// What the models answer.
pub(crate) trait Answer: Serialize {
    /// The same as a table, where it is one.
    fn table(&self) -> Option<Table> {
        None
    }
    /// Where the next page begins, if there is one.
    fn next(&self) -> Option<String> {
        None
    }
    /// Whether it has a table at all.
    const HAS_TABLE: bool = false;
}

/// An answer as bytes.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    body: Bytes,
    link: Option<HeaderValue>,
    disposition: Option<HeaderValue>,
}

/// Answers of the present tree size.
#[derive(Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    tree_size: u64,
    json: HashMap<Box<str>, Written>,
    csv: HashMap<Box<str>, Written>,
}

impl Kept {
    fn of(&mut self, format: Format) -> &mut HashMap<Box<str>, Written> {
        match format {
            Format::Json => &mut self.json,
            Format::Csv => &mut self.csv,
        }
    }
}

impl Answers {
    fn get(&self, tree_size: u64, asked: &str, format: Format) -> Option<Written> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.tree_size == tree_size { kept.of(format).get(asked).cloned() } else { None }
    }

    fn keep(&self, tree_size: u64, asked: &str, format: Format, written: &Written) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.tree_size < tree_size {
            *kept = Kept { tree_size, ..Kept::default() };
        }
        if kept.tree_size == tree_size && written.body.len() <= KEPT_BYTES_MAX && kept.of(format).len() < KEPT_MAX {
            kept.of(format).insert(asked.into(), written.clone());
        }
    }
}

impl Ask {
    /// Path and query: what tells one question from another.
    fn asked(&self) -> &str {
        self.uri.path_and_query().map_or("", |asked| asked.as_str())
    }

    /// By the suffix, else by Accept.
    fn format(&self, has_table: bool) -> Result<Format, Problem> {
        let path = self.uri.path();
        if path.ends_with(".csv") {
            return Ok(Format::Csv);
        }
        if path.ends_with(".json") {
            return Ok(Format::Json);
        }
        let offered: &[&str] = if has_table { &["application/json", "text/csv"] } else { &["application/json"] };
        let accept = self.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
        match negotiate::best(accept, offered) {
            Some(0) => Ok(Format::Json),
            Some(_) => Ok(Format::Csv),
            None => Err(not_acceptable(offered)),
        }
    }
}

/// The problem that none of the formats on offer is accepted.
pub(crate) fn not_acceptable(offered: &[&str]) -> Problem {
    let offered = offered.join(", ");
    Problem::new(
        Kind::NOT_ACCEPTABLE,
        format!("可选的格式：{offered}"),
        format!("the formats on offer are {offered}: name one in the header Accept"),
    )
}

/// Answers a question about the models, of the present or of `as_of`. `may` refuses callers whom it doesn't concern.
pub(crate) async fn answer<A: Answer + Send + 'static>(
    app: &Arc<App>,
    ask: Ask,
    as_of: Option<u64>,
    may: impl FnOnce(&Caller, &ReadModels) -> Result<(), Problem> + Send,
    question: impl FnOnce(&ReadModels) -> Result<A, Problem> + Send + 'static,
) -> Result<Response<Body>, Problem> {
    // Whoever asks sees what was durable when they asked, what they recorded themselves above all.
    app.service.follower.caught_up(app.service.ledger.head().tree_size).await;
    match answer_now(app, &ask, as_of, may, question)? {
        Now::Answered(response) => Ok(response),
        Now::OfThePast { tree_size, question, etag, format } => {
            let written = write(&as_of::ask(app, tree_size, question).await?, &ask, format)?;
            Ok(respond(StatusCode::OK, tree_size, etag, Some(written), format))
        }
    }
}

/// What can be said without replaying.
enum Now<Q> {
    Answered(Response<Body>),
    OfThePast { tree_size: u64, question: Q, etag: HeaderValue, format: Format },
}

/// Holds the present models for as long as it takes, and never across a wait.
fn answer_now<A: Answer, Q: FnOnce(&ReadModels) -> Result<A, Problem>>(
    app: &App,
    ask: &Ask,
    as_of: Option<u64>,
    may: impl FnOnce(&Caller, &ReadModels) -> Result<(), Problem>,
    question: Q,
) -> Result<Now<Q>, Problem> {
    let format = ask.format(A::HAS_TABLE)?;
    let asked = ask.asked();
    let live = app.service.follower.models();
    may(&ask.caller, &live)?;
    let head = live.tree_size();
    let tree_size = as_of::size(as_of, head)?;
    let etag = conditional::etag(tree_size, asked, format.media_type());
    if conditional::is_known(&ask.headers, &etag) {
        return Ok(Now::Answered(respond(StatusCode::NOT_MODIFIED, tree_size, etag, None, format)));
    }
    if tree_size < head {
        return Ok(Now::OfThePast { tree_size, question, etag, format });
    }
    let written = match app.answers.get(tree_size, asked, format) {
        Some(written) => written,
        None => {
            let written = write(&question(&live)?, ask, format)?;
            app.answers.keep(tree_size, asked, format, &written);
            written
        }
    };
    Ok(Now::Answered(respond(StatusCode::OK, tree_size, etag, Some(written), format)))
}

fn write<A: Answer>(answered: &A, ask: &Ask, format: Format) -> Result<Written, Problem> {
    let link = answered.next().and_then(|cursor| HeaderValue::try_from(next_page(&ask.uri, &cursor)).ok());
    let (body, disposition) = match format {
        Format::Json => {
            let mut body = Vec::with_capacity(BODY_BYTES);
            serde_json::to_writer(&mut body, answered)
                .map_err(|failure| Problem::internal("writing an answer as JSON", &failure))?;
            (body, None)
        }
        Format::Csv => {
            let table = answered.table().ok_or_else(|| not_acceptable(&["application/json"]))?;
            (table.to_bytes(), HeaderValue::try_from(table.disposition()).ok())
        }
    };
    Ok(Written { body: body.into(), link, disposition })
}

/// `<path?…&cursor=…>; rel="next"` (RFC 8288).
fn next_page(uri: &Uri, cursor: &str) -> String {
    let kept =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("cursor=") && !pair.is_empty());
    let query: Vec<&str> = kept.collect();
    let separator = if query.is_empty() { "" } else { "&" };
    format!("<{}?{}{separator}cursor={cursor}>; rel=\"next\"", uri.path(), query.join("&"))
}

fn respond(
    status: StatusCode,
    tree_size: u64,
    etag: HeaderValue,
    written: Option<Written>,
    format: Format,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(8);
    headers.insert(header::ETAG, etag);
    headers.insert(TREE_SIZE, HeaderValue::from(tree_size));
    // May be kept, but only used again after asking whether it is still the answer.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    if let Some(written) = written {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
        if let Some(link) = written.link {
            headers.insert(header::LINK, link);
        }
        if let Some(disposition) = written.disposition {
            headers.insert(header::CONTENT_DISPOSITION, disposition);
        }
        *response.body_mut() = Body::from(written.body);
    }
    response
}
