//! Listens, and stops so that nothing is lost: no new connections, what is in flight is finished, then the ledger stops.

use crate::service::{Service, ServiceError};
use axum::Router;
use axum::serve::ListenerExt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long requests in flight may take once the service is told to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(20);

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("accepting connections")]
    Accept(#[source] std::io::Error),
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
    told_to_stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (stop, stopping) = watch::channel(false);
    let router = router.layer(axum::Extension(Stopping(stopping.clone())));
    let listener = listener.tap_io(|connection| {
        // An answer that waits for the packet before it to be acknowledged would cost 40 ms.
        drop(connection.set_nodelay(true));
    });
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        told_to_stop.await;
        stop.send_replace(true);
    });
    let mut stopped = stopping;
    let overdue = async move {
        drop(stopped.wait_for(|stopped| *stopped).await);
        tokio::time::sleep(FINISH_WITHIN).await;
    };
    tokio::select! {
        served = serving.into_future() => served.map_err(ServeError::Accept)?,
        () = overdue => tracing::warn!("connections that didn't finish in time were closed"),
    }
    // What was submitted is worked off; whoever was answered finds it after the next start.
    tokio::task::spawn_blocking(move || service.stop()).await.expect("stopping doesn't panic")?;
    Ok(())
}

/// Ready once the process is told to stop (SIGTERM or SIGINT).
pub async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
