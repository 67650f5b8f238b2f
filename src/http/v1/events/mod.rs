//! Entries of the log (账目), for auditors and for whoever recorded them.

pub(crate) mod list;
pub(crate) mod proof;
pub(crate) mod show;
mod stream;

use crate::http::Problem;
use crate::http::auth::does_not_reach;
use crate::ledger::{Entry, Ledger};
use mingzhang_events::{ActorId, EventId, decode};

/// Appends `{"log_index":…,"entry":…}`. The entry is JSON in canonical form and goes in as it is, byte for byte.
fn write_entry(entry: &Entry, into: &mut Vec<u8>) {
    use std::io::Write;
    write!(into, r#"{{"log_index":{},"entry":"#, entry.log_index).expect("writing to memory");
    into.extend_from_slice(&entry.bytes);
    into.push(b'}');
}

/// Entries from the store, on a thread that may block.
async fn read(app: &crate::http::App, from: u64, count: u64) -> Result<Vec<Entry>, Problem> {
    let ledger = std::sync::Arc::clone(&app.service.ledger);
    let entries = tokio::task::spawn_blocking(move || ledger.entries(from, count)).await;
    entries.expect("reading doesn't panic").map_err(|failure| Problem::internal("reading entries", &failure))
}

/// The entry of an event among the first `tree_size`. Who is no auditor is shown what they recorded themselves, and isn't told
/// what else there is.
fn find(ledger: &Ledger, id: EventId, tree_size: u64, only_of: Option<ActorId>) -> Result<Entry, Problem> {
    let failed = |doing| move |failure| Problem::internal(doing, &failure);
    let unknown = || if only_of.is_none() { Problem::unknown("这条账目", "event") } else { does_not_reach(None) };
    let found = ledger.find(id).map_err(failed("looking up an event"))?;
    let log_index = found.filter(|log_index| *log_index < tree_size).ok_or_else(unknown)?;
    let entry = ledger.entries(log_index, 1).map_err(failed("reading an entry"))?.pop().ok_or_else(unknown)?;
    let event = decode(&entry.bytes).map_err(|failure| Problem::internal("decoding an entry", &failure))?;
    if only_of.is_none_or(|actor| event.recorded_by == actor) { Ok(entry) } else { Err(does_not_reach(None)) }
}
