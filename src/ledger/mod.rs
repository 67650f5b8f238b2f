//! Commands in, durable facts out: the pure decisions, and the one writer that commits them.

mod command;
mod rejection;
mod submission;

pub use command::{Command, IdempotencyKey, IdempotencyKeyError};
pub use rejection::Rejection;
pub use submission::{Head, Mode, Outcome, Reply, Submission, SubmitError};
