//! What goes into the writer and what comes back.

use crate::identity::Actor;
use crate::ledger::{Command, Rejection, SignError};
use crate::transparency::Hash;
use mingzhang_events::EventId;
use std::sync::Arc;

/// What a refusal of one command means for the others submitted with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Each command is recorded or refused by itself.
    EachAlone,
    /// One refusal, and none is recorded.
    AllOrNothing,
    /// Nothing is recorded: the outcomes tell what would be.
    DryRun,
}

/// Commands of one actor.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who asks.
    pub actor: Arc<Actor>,
    /// What they ask, in order: each is decided on the state after those before it.
    pub commands: Vec<Command>,
    /// What a refusal means for the others.
    pub mode: Mode,
}

/// What became of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Recorded and durable; in a dry run: would be recorded.
    Recorded {
        /// Its place in the log.
        log_index: u64,
        /// The event's id.
        id: EventId,
    },
    /// The same command was recorded before: nothing new.
    Repeated {
        /// Its place in the log.
        log_index: u64,
        /// The event's id.
        id: EventId,
    },
    /// Refused.
    Rejected(Rejection),
    /// Acceptable, but not recorded because another one of an all-or-nothing submission was refused.
    Withheld,
}

impl Outcome {
    /// Takes back that it was recorded: nothing of the submission was, and the log ends at `tree_size`. A repetition of what the
    /// submission itself would have recorded goes with it.
    pub fn withhold_from(&mut self, tree_size: u64) {
        let is_new = match self {
            Outcome::Recorded { .. } => true,
            Outcome::Repeated { log_index, .. } => *log_index >= tree_size,
            Outcome::Rejected(_) | Outcome::Withheld => false,
        };
        if is_new {
            *self = Outcome::Withheld;
        }
    }
}

/// The head of the log: a size and the root hash over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The count of entries.
    pub tree_size: u64,
    /// The root hash (RFC 6962 §2.1).
    pub root: Hash,
}

/// What became of a submission.
#[derive(Clone, Debug)]
pub struct Reply {
    /// One outcome for each command, in their order.
    pub outcomes: Vec<Outcome>,
    /// A durable head that holds everything recorded by this submission.
    pub head: Head,
}

/// Nothing of the submission was acknowledged, because the world below failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The disk is full. Nothing was recorded; recording goes on once there is room.
    #[error("no room left on the disk for the ledger: free some space and try again")]
    DiskFull,
    /// Another writer of the same log was first. Nothing was recorded; the same command again is safe.
    #[error("another writer of this ledger was first: send the same again")]
    AnotherWriter,
    /// The writer has stopped.
    #[error("the ledger has stopped recording: {0}")]
    Stopped(String),
    /// A head with this ledger's own signature contradicts the log: see [`super::Ledger::hold_to`].
    #[error("the ledger has stopped recording: {0}")]
    Contradicted(SignError),
}
