//! The one signer: makes the durable head into a signed checkpoint, once for all who wait for one.
//!
//! Invariants. Before a head is signed, every entry that is new since the last signature has been read back from the store and
//! hashed again, and has given the same root; and the head is remembered durably, apart from the log. No head below the last
//! one signed is ever signed again, and none that doesn't extend it: also where it was another copy of this ledger that signed it.

use super::Head;
use super::batch::offset;
use super::ledger::{LedgerError, Shared, tree_of_size};
use crate::store::{EventStore, SignedHead, SignedHeads, SignedHeadsError, StoreError};
use crate::transparency::{Checkpoint, Hash, SignedCheckpoint, Signer, Tree, leaf_hash};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Entries that are read back at once.
const CHUNK: u64 = 8_192;

/// Who signs the log's checkpoints, and what is known of what was signed before.
pub struct Signing {
    /// The log's own key.
    pub log_key: Box<dyn Signer>,
    /// The key that is to follow it, if a handover was begun: the log tells which of the two is in force.
    pub successor: Option<Box<dyn Signer>>,
    /// Keys that sign every checkpoint beside the log's own.
    pub beside: Vec<Box<dyn Signer>>,
    /// Where the head that was signed last is remembered.
    pub heads: Box<dyn SignedHeads>,
}

impl Signing {
    /// With one key and nothing beside it.
    pub fn with(log_key: impl Signer + 'static, heads: impl SignedHeads + 'static) -> Signing {
        Signing { log_key: Box::new(log_key), successor: None, beside: Vec::new(), heads: Box::new(heads) }
    }
}

/// Why a checkpoint isn't signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// An entry as stored isn't what was decided: memory or disk changed it.
    #[error(
        "entry {log_index} as it is stored doesn't have the hash that it was recorded with: stop, keep the ledger as it is, and verify it"
    )]
    EntryChanged {
        /// Which.
        log_index: u64,
    },
    /// The entries as stored don't give the root that was decided.
    #[error(
        "the first {tree_size} entries as they are stored don't give the root that they were recorded with: stop, keep the ledger as it is, and verify it"
    )]
    RootDiffers {
        /// The size that was to be signed.
        tree_size: u64,
    },
    /// The stored entries can't be read back, or the head can't be remembered: it is tried again with the next checkpoint.
    #[error("{0}")]
    Failed(String),
    /// The key has signed another history than this one.
    #[error(
        "a checkpoint of {signed} entries bears this ledger's own signature and isn't of this log of {tree_size}: an old copy was put back, or the key is in use elsewhere; put back the newest copy of the ledger's directory and start again"
    )]
    Contradicted {
        /// The size that was signed.
        signed: u64,
        /// The size that is there.
        tree_size: u64,
    },
    /// No checkpoint is signed any more.
    #[error("the ledger was told to stop")]
    Stopped,
}

impl SignError {
    /// Whether what is stored contradicts what was recorded: nothing may be built on it.
    fn is_damage(&self) -> bool {
        match self {
            SignError::EntryChanged { .. } | SignError::RootDiffers { .. } => true,
            SignError::Contradicted { .. } | SignError::Failed(_) | SignError::Stopped => false,
        }
    }
}

/// An error and what caused it, in one line.
pub(super) fn in_one_line(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<SignedHeadsError> for SignError {
    fn from(error: SignedHeadsError) -> SignError {
        SignError::Failed(in_one_line(&error))
    }
}

impl From<StoreError> for SignError {
    fn from(error: StoreError) -> SignError {
        match error {
            StoreError::Damaged { log_index, .. } => SignError::EntryChanged { log_index },
            StoreError::HeldByAnother
            | StoreError::AlreadyExists
            | StoreError::NotALedger
            | StoreError::NewerFormat { .. }
            | StoreError::TileMissing { .. }
            | StoreError::PeopleInUse
            | StoreError::Failed { .. } => SignError::Failed(in_one_line(&error)),
        }
    }
}

/// What is answered to whoever waits for a checkpoint.
type Answer = Result<Arc<SignedCheckpoint>, SignError>;

/// Those who wait for a checkpoint of the durable head.
#[derive(Default)]
pub(super) struct SigningQueue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    answers: Vec<oneshot::Sender<Answer>>,
    stopped: bool,
}

impl SigningQueue {
    /// Waits for the next checkpoint. Dropped unanswered once stopped.
    pub(super) fn push(&self) -> oneshot::Receiver<Answer> {
        let (answer, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiting.stopped {
            waiting.answers.push(answer);
            drop(waiting);
            self.arrived.notify_one();
        }
        receiver
    }

    /// Those who wait are still answered.
    pub(super) fn stop(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.arrived.notify_all();
    }

    fn drain(&self) -> Option<Vec<oneshot::Sender<Answer>>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting.answers.is_empty() {
            if waiting.stopped {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        Some(std::mem::take(&mut waiting.answers))
    }
}

/// Signs for one log.
pub(super) struct Signatory {
    beside: Vec<Box<dyn Signer>>,
    heads: Box<dyn SignedHeads>,
    /// The entries as they were read back from the store, up to the head that was signed last.
    read_back: Tree,
    /// Whether the head of another history is remembered in place of this one's. Said of nothing but a call that succeeded as a whole: half of
    /// one leaves what was remembered before beside it.
    remembers_other: bool,
}

impl Signatory {
    /// Takes up signing where it was left. A log that isn't the one that was signed is refused.
    pub(super) fn new(
        heads: Box<dyn SignedHeads>,
        beside: Vec<Box<dyn Signer>>,
        store: &dyn EventStore,
        tree_size: u64,
    ) -> Result<Signatory, LedgerError> {
        let read_back = match heads.last().map_err(SignError::from)? {
            None => Tree::new(),
            Some(SignedHead { tree_size: signed, .. }) if signed > tree_size => {
                return Err(LedgerError::OlderThanSigned { signed, tree_size });
            }
            Some(SignedHead { tree_size: signed, root }) => {
                let tree = tree_of_size(store, signed)?;
                if tree.root() != root {
                    return Err(LedgerError::OtherThanSigned { signed });
                }
                tree
            }
        };
        Ok(Signatory { beside, heads, read_back, remembers_other: false })
    }

    /// Runs until the queue is stopped and worked off.
    pub(super) fn run(mut self, shared: &Shared) {
        while let Some(answers) = shared.signing.drain() {
            // Whatever they saw recorded is in the durable head of now.
            let head = shared.head();
            let last = shared.signed_last().filter(|_| shared.held_to().is_none());
            let signed = match last.filter(|last| last.checkpoint().size == head.tree_size) {
                Some(last) => Ok(last),
                None => self.sign(shared, head),
            };
            match &signed {
                Ok(signed) => shared.set_signed_last(signed),
                Err(error) => {
                    tracing::error!(error = %error, tree_size = head.tree_size, "a checkpoint was not signed");
                    if error.is_damage() {
                        shared.stop_for(error.to_string());
                    }
                }
            }
            for answer in answers {
                // Whoever asked may have gone away.
                drop(answer.send(signed.clone()));
            }
        }
    }

    fn sign(&mut self, shared: &Shared, head: Head) -> Answer {
        if let Some(other) = shared.held_to() {
            // A crash before this line: whoever has that checkpoint has it still, and is asked again.
            if !self.remembers_other {
                self.heads.remember_alone(other)?;
                self.remembers_other = true;
            }
            return Err(SignError::Contradicted { signed: other.tree_size, tree_size: head.tree_size });
        }
        self.read_back(shared.store.as_ref(), head)?;
        let signed = SignedHead { tree_size: head.tree_size, root: head.root };
        if self.heads.last()? != Some(signed) {
            // A crash before this line: nothing was signed. After it: the log has this head, and may sign it again.
            self.heads.remember(signed)?;
        }
        let log_key = shared.log_key_at(head.tree_size);
        let signers: Vec<&dyn Signer> =
            std::iter::once(log_key.as_ref()).chain(self.beside.iter().map(AsRef::as_ref)).collect();
        let note = SignedCheckpoint::sign(Checkpoint::new(&shared.origin, head.tree_size, head.root), &signers);
        note.map(Arc::new).map_err(|source| SignError::Failed(in_one_line(&source)))
    }

    /// Reads what is new back from the store and hashes it again. What doesn't hold leaves everything as it was before.
    fn read_back(&mut self, store: &dyn EventStore, head: Head) -> Result<(), SignError> {
        let before = self.read_back.size();
        let outcome = self.extend(store, head.tree_size).and_then(|()| {
            if self.read_back.root() == head.root {
                Ok(())
            } else {
                Err(SignError::RootDiffers { tree_size: head.tree_size })
            }
        });
        match outcome {
            Ok(()) => self.read_back.settle(head.tree_size),
            Err(_) => self.read_back.truncate(before),
        }
        outcome
    }

    fn extend(&mut self, store: &dyn EventStore, tree_size: u64) -> Result<(), SignError> {
        while self.read_back.size() < tree_size {
            let next = self.read_back.size();
            let leaves = leaves_of_entries(store, next, CHUNK.min(tree_size - next))?;
            if leaves.is_empty() {
                return Err(SignError::EntryChanged { log_index: next });
            }
            self.read_back.extend(&leaves);
        }
        Ok(())
    }
}

/// The leaf hashes of `count` entries from `next` on, of their bytes as they are stored.
fn leaves_of_entries(store: &dyn EventStore, next: u64, count: u64) -> Result<Vec<Hash>, SignError> {
    let mut leaves = Vec::with_capacity(offset(count));
    for segment in store.read(next, count)? {
        for (entry, stored) in segment.entries().zip(segment.hashes()) {
            let (log_index, entry) = entry?;
            if !(next..next + count).contains(&log_index) {
                continue;
            }
            let leaf = leaf_hash(entry);
            if leaf != *stored {
                return Err(SignError::EntryChanged { log_index });
            }
            leaves.push(leaf);
        }
    }
    Ok(leaves)
}
