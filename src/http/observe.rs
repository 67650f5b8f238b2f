//! What stands around every route: the log line, the metrics, the time limit, the answer to a panic, and compression.

use super::metrics::Meter;
use super::{Kind, Problem};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use futures::FutureExt;
use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// From the head of a request to the head of its answer. Bodies that stream may take longer.
const TIME_MAX: Duration = Duration::from_secs(30);
/// Of a body that is read whole: the names of 2,000 people.
pub(super) const BODY_BYTES_MAX: usize = 1_024 * 1_024;
/// Below it, compressing costs more than it saves.
const COMPRESSED_BYTES_MIN: u64 = 1_024;

pub(crate) fn around(routes: Router, meter: Arc<Meter>) -> Router {
    let worth_it = SizeAbove::new(COMPRESSED_BYTES_MIN)
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/x-ndjson"))
        // Packed already: documents, workbooks, Parquet.
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/vnd."));
    routes
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it))
        .layer(axum::middleware::from_fn_with_state(meter, observe))
}

pub(crate) async fn no_such_route() -> Problem {
    Problem::new(
        Kind::NOT_FOUND,
        "没有这个地址：见 /docs",
        "there is no such route: see /docs for those that there are",
    )
}

async fn no_such_method() -> Problem {
    Problem::new(
        Kind::METHOD_NOT_ALLOWED,
        "这个地址不支持该方法：见 /docs",
        "the route doesn't have this method: see /docs",
    )
}

async fn observe(State(meter): State<Arc<Meter>>, request: Request, next: Next) -> Response<Body> {
    #[expect(clippy::disallowed_methods, reason = "how long an answer took, for the log and the metrics")]
    let started = std::time::Instant::now();
    let method = known_method(request.method());
    let template: Arc<str> =
        request.extensions().get::<MatchedPath>().map_or_else(|| Arc::from("none"), |path| Arc::from(path.as_str()));
    let answered = AssertUnwindSafe(tokio::time::timeout(TIME_MAX, next.run(request))).catch_unwind().await;
    let mut response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => timed_out().into_response(),
        Err(panic) => panicked(panic.as_ref()).into_response(),
    };
    weaken_etag(&mut response);
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    meter.count(&method, &template, status, elapsed);
    let microseconds = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(target: "mingzhang::http", method = method.as_str(), route = &*template, status, microseconds, "answered");
    response
}

/// Any other word a client sends as its method is counted as one: metrics must not grow with what clients make up.
fn known_method(method: &Method) -> Method {
    let known = [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE, Method::PATCH];
    if known.contains(method) { method.clone() } else { Method::TRACE }
}

/// The answer wasn't there in time.
pub(crate) fn timed_out() -> Problem {
    Problem::new(
        Kind::TIMED_OUT,
        "处理超时：请稍后重试；写入请用同一幂等键",
        "the answer took too long: try again later, with the same key if you were recording",
    )
}

fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let what = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(what = what.unwrap_or("no message"), "a request panicked");
    Problem::new(
        Kind::INTERNAL,
        "服务内部出错，已记入日志：请稍后再试或联系管理员",
        "something failed inside and was logged: try again later or tell the operator",
    )
}

/// A compressed answer isn't the same bytes any more: its tag may only promise the same meaning (RFC 9110 §8.8.1).
fn weaken_etag(response: &mut Response<Body>) {
    if response.status() != StatusCode::OK || !response.headers().contains_key(header::CONTENT_ENCODING) {
        return;
    }
    let etag = response.headers().get(header::ETAG).and_then(|etag| etag.to_str().ok());
    if let Some(strong) = etag.filter(|etag| etag.starts_with('"')) {
        let weak = HeaderValue::try_from(format!("W/{strong}")).expect("ASCII as before");
        response.headers_mut().insert(header::ETAG, weak);
    }
}
