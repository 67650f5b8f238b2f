//! Commands in, durable facts out: the pure decisions, and the one writer that commits them.

mod batch;
mod command;
mod decide;
#[expect(clippy::module_inception, reason = "the ledger itself")]
mod ledger;
pub mod misread;
mod rejection;
mod repetitions;
mod signing;
mod state;
mod submission;
pub mod wording;
mod writer;

pub use command::{Command, IdempotencyKey, IdempotencyKeyError};
pub use decide::decide;
pub use ledger::{Committed, Entry, Ledger, LedgerError, ProvenEntry, Receipt, load_tree, read_events, tree_of_size};
pub use rejection::Rejection;
pub use repetitions::Repetitions;
pub use signing::{SignError, Signing};
pub use state::LedgerState;
pub use submission::{Head, Mode, Outcome, Reply, Submission, SubmitError};
