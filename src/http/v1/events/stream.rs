//! Entries as server-sent events: those that there are, then each as it becomes durable, until the client goes or the
//! service stops or the token is revoked.

use crate::http::App;
use crate::http::auth::{Caller, has_everywhere};
use crate::http::serve::Stopping;
use crate::identity::Role;
use crate::ledger::Entry;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Entries read from the store at once.
const CHUNK: u64 = 512;
/// Comments in between keep proxies from closing a quiet connection.
const QUIET_MAX: Duration = Duration::from_secs(15);
/// A token that was revoked gets entries for at most so long.
const TOKEN_LOOKED_AT_EVERY: Duration = Duration::from_secs(2);

struct Place {
    app: Arc<App>,
    next: u64,
    ready: VecDeque<Entry>,
    stopping: Option<Stopping>,
    /// Those of the request: the token is in them.
    headers: HeaderMap,
    look_at_token: Instant,
}

pub(super) fn stream(
    app: Arc<App>,
    from: u64,
    stopping: Option<Stopping>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, axum::Error>>> {
    let look_at_token = Instant::now() + TOKEN_LOOKED_AT_EVERY;
    let place = Place { app, next: from, ready: VecDeque::new(), stopping, headers, look_at_token };
    Sse::new(stream::unfold(place, step)).keep_alive(KeepAlive::new().interval(QUIET_MAX))
}

async fn step(mut place: Place) -> Option<(Result<Event, axum::Error>, Place)> {
    loop {
        if Instant::now() >= place.look_at_token {
            if !still_may(&place.app, &place.headers) {
                return None;
            }
            place.look_at_token = Instant::now() + TOKEN_LOOKED_AT_EVERY;
        }
        if !place.ready.is_empty() {
            break;
        }
        let Place { app, next, stopping, look_at_token, .. } = &mut place;
        let mut grown = app.service.follower.subscribe();
        tokio::select! {
            biased;
            () = stopped(stopping) => return None,
            // The sender lives as long as the service.
            waited = timeout_at(*look_at_token, grown.wait_for(|tree_size| tree_size > next)) => {
                if waited.is_err() {
                    continue;
                }
            }
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

/// Whether the token is still in force, with the role.
fn still_may(app: &App, headers: &HeaderMap) -> bool {
    let caller = Caller::of(app, headers);
    let actor = caller.as_ref().ok().and_then(|caller| caller.known().ok());
    actor.is_some_and(|actor| has_everywhere(&app.service.follower.models(), actor, Role::Auditor))
}

async fn stopped(stopping: &mut Option<Stopping>) {
    match stopping {
        Some(Stopping(stopping)) => drop(stopping.wait_for(|stopping| *stopping).await),
        None => std::future::pending().await,
    }
}
