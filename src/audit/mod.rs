//! Checking a ledger by recomputation: every hash, the root, the signed checkpoint, the order, and what was derived from it.
//!
//! Trusts nothing that is stored beside the entries: leaf hashes, tile roots, snapshots and checkpoint are compared with what
//! the entries' bytes give. Writes nothing but exports. A ledger that verifies answers every question as its entries do.

pub mod bundle;
mod derived;
mod documents;
mod entries;
mod exported;
mod finding;
mod ids;
mod keys;
mod ledger;
mod notices;
pub mod offline;
mod previous;
mod reveal;
mod roots;
mod scan;

pub use exported::{
    ExportError, Exported, ExportedLog, Scope, VerifiedExport, export_log, policy_along_handovers, verify_export,
};
pub use finding::Finding;
pub use keys::{key_in_force, policy_over_handovers};
pub use ledger::{Published, SnapshotFile, Verified, verify_ledger};
pub use previous::Previous;
pub use reveal::{REVEAL_FORMAT, Reveal};
pub use roots::found_in_signed_entries;
