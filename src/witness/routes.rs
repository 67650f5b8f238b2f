//! The witness over HTTP (C2SP tlog-witness), and what its operator looks at. Judges nothing itself.
//!
//! No TLS: put a reverse proxy in front. Nobody is authenticated but by the log's signature under a checkpoint.

use super::{Answer, MemoryError, Witness};
use crate::transparency::witness_request::SIZE_MEDIA_TYPE;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

/// A request has a proof of at most 63 lines, a checkpoint and its signatures; those of post-quantum keys have 3 KB each.
const BODY_BYTES_MAX: usize = 64 * 1_024;
/// For the whole of a request: whoever is slower is cut off.
const TIME_MAX: Duration = Duration::from_secs(10);
const TEXT: (header::HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; charset=utf-8");

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
#[error("accepting connections")]
pub struct ServeError(#[source] std::io::Error);

/// Serves until `told_to_stop` is ready, then finishes what is in flight.
pub fn serve(
    witness: Witness,
    listener: TcpListener,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError)?;
    runtime.block_on(async {
        listener.set_nonblocking(true).map_err(ServeError)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(ServeError)?;
        let serving = axum::serve(listener, router(Arc::new(witness))).with_graceful_shutdown(told_to_stop);
        serving.await.map_err(ServeError)
    })
}

/// Its routes.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(checkpoint))
        .route("/livez", get(async || "ok\n"))
        .route("/metrics", get(metrics))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(axum::middleware::from_fn(observe))
        .with_state(witness)
}

async fn observe(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = tokio::time::timeout(TIME_MAX, next.run(request)).await;
    let response = response.unwrap_or_else(|_| (StatusCode::REQUEST_TIMEOUT, [TEXT], "too slow\n").into_response());
    tracing::info!(target: "mingzhang::witness", method = method.as_str(), status = response.status().as_u16(), "answered");
    response
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    // A request waits for the disk, and for the request before it about the same log.
    let answer = tokio::task::spawn_blocking(move || witness.add_checkpoint(&body)).await;
    match answer.expect("judging a checkpoint doesn't panic") {
        Ok(answer) => answer.into_response(),
        Err(failure) => failed(&failure),
    }
}

async fn checkpoint(State(witness): State<Arc<Witness>>, Path(name): Path<String>) -> Response {
    let note = tokio::task::spawn_blocking(move || witness.cosigned_checkpoint(&name)).await;
    match note.expect("reading a checkpoint doesn't panic") {
        Ok(Some(note)) => ([TEXT, (header::CACHE_CONTROL, "no-cache")], note).into_response(),
        Ok(None) => {
            (StatusCode::NOT_FOUND, [TEXT], "没有这个账本的检查点  no checkpoint of such a log\n").into_response()
        }
        Err(failure) => failed(&failure),
    }
}

async fn metrics(State(witness): State<Arc<Witness>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], witness.measure.render()).into_response()
}

/// Nothing internal gets out; the operator finds it in the log.
fn failed(failure: &MemoryError) -> Response {
    let cause = std::error::Error::source(failure).map(ToString::to_string).unwrap_or_default();
    tracing::error!(error = %failure, cause, "what was cosigned can't be looked up or kept: nothing is cosigned");
    let text = "见证人内部出错，未签名：请稍后再试\nthe witness failed and cosigned nothing: try again later\n";
    (StatusCode::INTERNAL_SERVER_ERROR, [TEXT], text).into_response()
}

impl Answer {
    /// The HTTP status that it has.
    pub(super) fn http_code(&self) -> u16 {
        match self {
            Answer::Cosigned(_) => 200,
            Answer::Malformed(_) => 400,
            Answer::NotSigned(_) => 403,
            Answer::UnknownOrigin => 404,
            Answer::OtherSize(_) => 409,
            Answer::NotConsistent(_) => 422,
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let code = StatusCode::from_u16(self.http_code()).expect("a status");
        let text = match self {
            Answer::Cosigned(line) => line,
            Answer::OtherSize(size) => {
                return (code, [(header::CONTENT_TYPE, SIZE_MEDIA_TYPE)], format!("{size}\n")).into_response();
            }
            Answer::Malformed(why) => format!("请求有误  malformed: {why}\n"),
            Answer::NotSigned(why) => format!("没有可信密钥的有效签名  {why}\n"),
            Answer::UnknownOrigin => "本见证人不见证这个账本  this log isn't watched here\n".to_owned(),
            Answer::NotConsistent(why) => format!("与已见证的检查点不一致  {why}\n"),
        };
        (code, [TEXT], text).into_response()
    }
}
