//! Listens, and stops so that nothing is lost: no new connections, what is in flight is finished, then the ledger stops.
//!
//! Invariant: no client holds a connection for nothing. One that doesn't finish its headers in time is closed, and so is one that
//! doesn't read what it is answered.

use super::Limits;
use crate::service::{Service, ServiceError};
use axum::Router;
use axum::serve::{Listener, ListenerExt};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;

/// How long requests in flight may take once the service is told to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(20);

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener can't be used.
    #[error("listening for connections")]
    Listen(#[source] std::io::Error),
    /// The ledger could not be stopped in order.
    #[error(transparent)]
    Stop(#[from] ServiceError),
}

/// Told to streams without an end of their own: whether the service is stopping.
#[derive(Clone)]
pub(crate) struct Stopping(pub(crate) watch::Receiver<bool>);

/// Serves until `told_to_stop` is ready, then finishes what is in flight and stops the ledger.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    service: Arc<Service>,
    limits: Limits,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (stop, stopping) = watch::channel(false);
    let router = router.layer(axum::Extension(Stopping(stopping))).layer(axum::Extension(limits));
    let mut listener = listener.tap_io(|connection| {
        // An answer that waits for the packet before it to be acknowledged would cost 40 ms.
        drop(connection.set_nodelay(true));
    });
    let mut connections = http1::Builder::new();
    connections.timer(TokioTimer::new()).header_read_timeout(limits.headers_within);
    let in_flight = GracefulShutdown::new();
    let mut told_to_stop = std::pin::pin!(told_to_stop);
    loop {
        // What can't be accepted, for want of a file descriptor say, is tried again a moment later.
        let connection = tokio::select! {
            (connection, _) = listener.accept() => connection,
            () = &mut told_to_stop => break,
        };
        let answering = TowerToHyperService::new(router.clone());
        let mut connection = TimeoutStream::new(connection);
        connection.set_write_timeout(Some(limits.unread_within));
        let connection = TokioIo::new(Box::pin(connection));
        let connection = in_flight.watch(connections.serve_connection(connection, answering));
        // A connection that ends badly is the client's affair.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    stop.send_replace(true);
    if tokio::time::timeout(FINISH_WITHIN, in_flight.shutdown()).await.is_err() {
        tracing::warn!("connections that didn't finish in time were closed");
    }
    // What was submitted is worked off; whoever was answered finds it after the next start.
    tokio::task::spawn_blocking(move || service.stop()).await.expect("stopping doesn't panic")?;
    Ok(())
}

/// Ready once the process is told to stop (SIGTERM or SIGINT). Signals are minded from the first poll on.
pub async fn told_to_stop() {
    stop_signals().await;
}

/// As [`told_to_stop`], but signals are minded from the call on.
///
/// # Panics
/// Outside a runtime.
pub fn stop_signals() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = signals else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}
