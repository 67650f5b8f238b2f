//! The HTTP side put together: the API, the public pages and the listener. The one module that knows both `http` and `web`.
//!
//! Decides nothing. Invariant: when it returns, everything that was acknowledged is durable and the checkpoint is published.

use crate::http::{self, Limits, ServeError};
use crate::service::Service;
use crate::web::{self, Site};
use std::net::TcpListener;
use std::sync::Arc;

pub use crate::http::told_to_stop;

/// Starts writing structured logs to standard error. `filter` is a directive such as `info`.
pub fn start_logging(filter: &str) {
    http::logging::start(filter);
}

/// Serves a ledger until the process is told to stop (SIGTERM or SIGINT). Calls `ready` once a signal to stop would be minded: whoever
/// is told the address then may stop it at once and in order.
pub fn serve(service: Service, listener: TcpListener, ready: impl FnOnce()) -> Result<(), ServeError> {
    let service = Arc::new(service);
    service.publish_regularly();
    let (identity, publication) = (&service.identity, &service.publication);
    let (files, letterheads) = (&service.notice_files, &service.letterheads);
    let (ledger, follower, clock) = (&service.ledger, &service.follower, &service.clock);
    let site = Site::new(ledger, follower, identity, publication, files, letterheads, clock, &service.config);
    let router = http::router_with_pages(Arc::clone(&service), web::router(site).fallback(web::not_found));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Listen)?;
    runtime.block_on(async {
        listener.set_nonblocking(true).map_err(ServeError::Listen)?;
        let listener = tokio::net::TcpListener::from_std(listener).map_err(ServeError::Listen)?;
        let told_to_stop = http::stop_signals();
        ready();
        http::serve(listener, router, service, Limits::default(), told_to_stop).await
    })
}
