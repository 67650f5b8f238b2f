//! Commands in, durable facts out: the pure decisions, and the one writer that commits them.

mod command;
mod decide;
mod rejection;
mod state;
mod submission;

pub use decide::decide;
pub use state::LedgerState;
pub use command::{Command, IdempotencyKey, IdempotencyKeyError};
pub use rejection::Rejection;
pub use submission::{Head, Mode, Outcome, Reply, Submission, SubmitError};
