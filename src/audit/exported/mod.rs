//! The log as static files (C2SP tlog-tiles): a checkpoint, tiles of hashes, bundles of entries, as any web server can serve them.
//!
//! Writes only into the directory of the export, never into a ledger. Invariant: what a published checkpoint says is there, is on the
//! disk before the checkpoint is.

mod files;
mod output;
mod runs;
mod verify;
mod write;

pub use files::ExportedLog;
pub use verify::{VerifiedExport, policy_along_handovers, verify_export};
pub use write::{ExportError, Exported, Scope, export_log};

use super::Finding;
use crate::store::EventStore;
use crate::transparency::{TILE_WIDTH, Tree};

/// The name of the signed note beside `tile/`.
const CHECKPOINT: &str = "checkpoint";

/// The tree of the first `size` entries, from the stored nodes.
fn load_tree(store: &dyn EventStore, size: u64) -> Result<Tree, Finding> {
    let full = size / TILE_WIDTH;
    let (tile_roots, last) = (store.nodes(1, 0, full)?, store.nodes(0, full * TILE_WIDTH, size)?);
    let found = tile_roots.len() as u64 * TILE_WIDTH + last.len() as u64;
    Tree::from_tile_roots(size, tile_roots, &last)
        .map_err(|_| Finding::EntriesMissing { published: size, tree_size: found.min(size) })
}
