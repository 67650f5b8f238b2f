//! Entries of the log (账目), for auditors and for whoever recorded them.

pub(crate) mod list;
pub(crate) mod show;
mod stream;

use crate::http::Problem;
use crate::ledger::Entry;

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
