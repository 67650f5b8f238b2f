//! Structured logs: one JSON object a line, to stderr. Never a path's parameters, a query, a token, a name or a number.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Starts logging for the whole program. `filter` is a directive such as `info` or `mingzhang=debug`.
pub fn start(filter: &str) {
    drop(tracing::subscriber::set_global_default(subscriber(filter, std::io::stderr)));
}

/// The subscriber that writes such logs somewhere else.
pub fn subscriber<W>(filter: &str, writer: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).with_writer(writer).finish()
}
