//! How a question to the read models is answered: who asks, of which tree size, whether they have the answer already, in
//! which format, from the answers kept or worked out.
//!
//! Invariants. The right to ask is looked up in the present models, whatever the past one asked about. An answer kept is of
//! the present tree size; every new entry voids them all. The runtime's own threads work out only what takes microseconds.
//! A count over a whole city takes longer, elsewhere; entries that arrive meanwhile wait for it, and who asks after those for them.

use super::auth::Caller;
use super::csv::Table;
use super::{App, Kind, Problem, as_of, conditional, negotiate};
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use jiff::civil::Date;
use mingzhang_projections::ReadModels;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The header that tells which tree size an answer is of.
pub(crate) const TREE_SIZE: HeaderName = HeaderName::from_static("mingzhang-tree-size");

/// An answer is kept up to this size, and so many of them: a page of a ranking has about 8 KB.
const KEPT_BYTES_MAX: usize = 65_536;
const KEPT_MAX: usize = 2_048;

/// Questions worked out at a time on threads that may block. Whoever waits finds what the one before them worked out.
pub(crate) const AT_A_TIME: usize = 2;

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
    /// The day that the answer depends on as well, behind path and query.
    asked_on: Option<String>,
}

impl FromRequestParts<Arc<App>> for Ask {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Ask, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        Ok(Ask { caller, uri: parts.uri.clone(), headers: std::mem::take(&mut parts.headers), asked_on: None })
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

/// What is asked of the models. Closures are questions that may take long and rest on everything.
pub(crate) trait Question: Send + 'static {
    /// What the models know of it.
    type Found;
    /// What it is answered with.
    type Answer: Answer + Send + 'static;
    /// What these models, which stand for `tree_size`, know of it. They are held meanwhile: nothing is read here.
    fn ask(self, models: &ReadModels, tree_size: u64) -> Result<Self::Found, Problem>;
    /// The answer, once the models are let go: what only the log knows is read here.
    fn tell(found: Self::Found) -> Result<Self::Answer, Problem>;
    /// Whether all that it rests on is at hand, so that it takes microseconds.
    fn is_quick(&self, _: &ReadModels) -> bool {
        false
    }
    /// Whether nothing that it rests on has changed since an earlier tree size, so that these models answer as those did.
    fn stands_since(&self, _: &ReadModels, _tree_size: u64) -> bool {
        false
    }
}

impl<A: Answer + Send + 'static, F: FnOnce(&ReadModels) -> Result<A, Problem> + Send + 'static> Question for F {
    type Found = A;
    type Answer = A;
    fn ask(self, models: &ReadModels, _: u64) -> Result<A, Problem> {
        self(models)
    }
    fn tell(found: A) -> Result<A, Problem> {
        Ok(found)
    }
}

/// A question of which the answer lies there: a look-up, not a count.
pub(crate) struct LookUp<F>(pub(crate) F);

impl<A: Answer + Send + 'static, F: FnOnce(&ReadModels) -> Result<A, Problem> + Send + 'static> Question for LookUp<F> {
    type Found = A;
    type Answer = A;
    fn ask(self, models: &ReadModels, _: u64) -> Result<A, Problem> {
        (self.0)(models)
    }
    fn tell(found: A) -> Result<A, Problem> {
        Ok(found)
    }
    fn is_quick(&self, _: &ReadModels) -> bool {
        true
    }
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
    /// Path and query, and the day if there is one: what tells one question from another.
    fn asked(&self) -> &str {
        let asked = || self.uri.path_and_query().map_or("", |asked| asked.as_str());
        self.asked_on.as_deref().unwrap_or_else(asked)
    }

    /// The same question asked on a day, which its answer depends on: what is overdue today wasn't yesterday.
    pub(crate) fn on(self, today: Option<Date>) -> Ask {
        let asked_on = today.map(|today| format!("{}#{today}", self.asked()));
        Ask { asked_on, ..self }
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
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

/// The present local day; none where something past is asked about, which is told as it was on the day of its newest entry.
pub(crate) fn today(app: &App, as_of: Option<u64>) -> Option<Date> {
    as_of.is_none().then(|| app.service.clock.now().local_date())
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

/// Answers a question about the models, of the present or of `as_of`.
pub(crate) async fn answer<Q: Question>(
    app: &Arc<App>,
    ask: Ask,
    as_of: Option<u64>,
    may: impl FnOnce(&Caller, &ReadModels) -> Result<(), Problem> + Send,
    question: Q,
) -> Result<Response<Body>, Problem> {
    // Whoever asks sees what was durable when they asked, what they recorded themselves above all.
    app.service.follower.caught_up(app.service.ledger.head().tree_size).await;
    let format = ask.format(Q::Answer::HAS_TABLE)?;
    let asked = Asked { ask, as_of, format };
    match answer_now(app, &asked, may, question)? {
        Now::Answered(response) => Ok(response),
        Now::NeedsWork(question) => {
            let at_work = Arc::clone(app);
            let worked_out = app.present.work(move || {
                let live = at_work.service.follower.models();
                let tree_size = as_of::size(asked.as_of, live.tree_size())?;
                // The log may have grown beyond the size that was asked about.
                if tree_size < live.tree_size() && !question.stands_since(&live, tree_size) {
                    return Ok(Err((tree_size, question, asked)));
                }
                let found = question.ask(&live, tree_size)?;
                drop(live);
                tell::<Q>(&at_work, &asked, tree_size, found).map(Ok)
            });
            match worked_out.await? {
                Ok(response) => Ok(response),
                Err((tree_size, question, asked)) => replay(app, &asked, tree_size, question).await,
            }
        }
        Now::OfThePast { tree_size, question } => replay(app, &asked, tree_size, question).await,
    }
}

/// The answer of the models as they were.
async fn replay<Q: Question>(
    app: &Arc<App>,
    asked: &Asked,
    tree_size: u64,
    question: Q,
) -> Result<Response<Body>, Problem> {
    let answered = as_of::ask_and_tell(app, tree_size, move |models| question.ask(models, tree_size), Q::tell).await?;
    Ok(respond(StatusCode::OK, tree_size, asked.etag(tree_size), Some(write(&answered, asked)?), asked.format))
}

/// A request, as far as it tells one answer from another.
struct Asked {
    ask: Ask,
    as_of: Option<u64>,
    format: Format,
}

impl Asked {
    fn etag(&self, tree_size: u64) -> HeaderValue {
        conditional::etag(tree_size, self.ask.asked(), self.format.media_type())
    }
}

/// What can be said at once.
enum Now<Q> {
    Answered(Response<Body>),
    /// The present models answer it, but not within microseconds.
    NeedsWork(Q),
    OfThePast {
        tree_size: u64,
        question: Q,
    },
}

/// Holds the present models for microseconds, and never across a wait.
fn answer_now<Q: Question>(
    app: &App,
    asked: &Asked,
    may: impl FnOnce(&Caller, &ReadModels) -> Result<(), Problem>,
    question: Q,
) -> Result<Now<Q>, Problem> {
    let live = app.service.follower.models();
    may(&asked.ask.caller, &live)?;
    let head = live.tree_size();
    let tree_size = as_of::size(asked.as_of, head)?;
    let etag = asked.etag(tree_size);
    if conditional::is_known(&asked.ask.headers, &etag) {
        return Ok(Now::Answered(respond(StatusCode::NOT_MODIFIED, tree_size, etag, None, asked.format)));
    }
    if let Some(written) = app.answers.get(tree_size, asked.ask.asked(), asked.format) {
        return Ok(Now::Answered(respond(StatusCode::OK, tree_size, etag, Some(written), asked.format)));
    }
    if tree_size < head && !question.stands_since(&live, tree_size) {
        return Ok(Now::OfThePast { tree_size, question });
    }
    if question.is_quick(&live) {
        let found = question.ask(&live, tree_size)?;
        drop(live);
        return tell::<Q>(app, asked, tree_size, found).map(Now::Answered);
    }
    Ok(Now::NeedsWork(question))
}

/// The answer of models that answered for `tree_size`, kept for whoever asks the same.
fn tell<Q: Question>(app: &App, asked: &Asked, tree_size: u64, found: Q::Found) -> Result<Response<Body>, Problem> {
    let written = write(&Q::tell(found)?, asked)?;
    app.answers.keep(tree_size, asked.ask.asked(), asked.format, &written);
    Ok(respond(StatusCode::OK, tree_size, asked.etag(tree_size), Some(written), asked.format))
}

fn write<A: Answer>(answered: &A, asked: &Asked) -> Result<Written, Problem> {
    let link = answered.next().and_then(|cursor| HeaderValue::try_from(next_page(&asked.ask.uri, &cursor)).ok());
    let (body, disposition) = match asked.format {
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
