//! What is read from a ledger's files while a server may hold them. Reads only, and no more of the log than it needs.

use super::{LedgerDirectory, ServiceError};
use crate::store::{EventStore, SqliteStore, StoreError};
use crate::transparency::bundle;
use mingzhang_events::{Event, OrganizationId, decode};
use std::path::Path;

/// How an entry ends that establishes an organisation: the type is the last key of the canonical form.
const ESTABLISHED: &[u8] = br#""type":"mingzhang.organization.established.v1"}"#;
/// How many entries are read at once.
const CHUNK: u64 = 16_384;

/// Those of these organisations that the log never established. Organisations stand near its beginning: only for one that
/// isn't there is the whole log looked through.
pub fn unknown_organizations(
    path: &Path,
    mut wanted: Vec<OrganizationId>,
) -> Result<Vec<OrganizationId>, ServiceError> {
    let store = SqliteStore::open_read_only(&LedgerDirectory::at(path).log())?;
    let (mut next, end) = (0, store.head()?);
    while next < end && !wanted.is_empty() {
        let segments = store.read(next, CHUNK.min(end - next))?;
        for segment in &segments {
            for (log_index, entry) in (segment.first_index..end).zip(bundle::entries(&segment.bundle)) {
                let damaged = |what: String| StoreError::Damaged { log_index, what };
                let entry = entry.map_err(|source| damaged(source.to_string()))?;
                next = log_index + 1;
                if !entry.ends_with(ESTABLISHED) {
                    continue;
                }
                let event = decode(entry).map_err(|source| damaged(source.to_string()))?;
                if let Event::OrganizationEstablished(established) = event.event {
                    wanted.retain(|organization| *organization != established.organization);
                }
            }
        }
        if segments.is_empty() {
            break;
        }
    }
    Ok(wanted)
}
