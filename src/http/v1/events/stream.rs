//! Entries as server-sent events: those that there are, then each as it becomes durable, until the client goes or the
//! service stops.

use crate::http::App;
use crate::http::serve::Stopping;
use crate::ledger::Entry;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// Entries read from the store at once.
const CHUNK: u64 = 512;
/// Comments in between keep proxies from closing a quiet connection.
const QUIET_MAX: Duration = Duration::from_secs(15);

struct Place {
    app: Arc<App>,
    next: u64,
    ready: VecDeque<Entry>,
    stopping: Option<Stopping>,
}

pub(super) fn stream(
    app: Arc<App>,
    from: u64,
    stopping: Option<Stopping>,
) -> Sse<impl Stream<Item = Result<Event, axum::Error>>> {
    let place = Place { app, next: from, ready: VecDeque::new(), stopping };
    Sse::new(stream::unfold(place, step)).keep_alive(KeepAlive::new().interval(QUIET_MAX))
}

async fn step(mut place: Place) -> Option<(Result<Event, axum::Error>, Place)> {
    while place.ready.is_empty() {
        let Place { app, next, stopping, .. } = &mut place;
        let mut grown = app.service.follower.subscribe();
        tokio::select! {
            biased;
            () = stopped(stopping) => return None,
            // The sender lives as long as the service.
            _ = grown.wait_for(|tree_size| tree_size > next) => {}
        }
        // A failure ends the stream; the client comes back with Last-Event-ID.
        place.ready = super::read(&place.app, place.next, CHUNK).await.ok()?.into();
    }
    let entry = place.ready.pop_front()?;
    place.next = entry.log_index + 1;
    let entry_text = String::from_utf8(entry.bytes).ok()?;
    let data = format!(r#"{{"log_index":{},"entry":{entry_text}}}"#, entry.log_index);
    Some((Ok(Event::default().id(entry.log_index.to_string()).data(data)), place))
}

async fn stopped(stopping: &mut Option<Stopping>) {
    match stopping {
        Some(Stopping(stopping)) => drop(stopping.wait_for(|stopping| *stopping).await),
        None => std::future::pending().await,
    }
}
