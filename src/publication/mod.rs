//! Publication (公布): which checkpoint of the ledger everybody is shown, and the witnesses that are asked to cosign it.
//!
//! May not record or decide anything, and nothing here makes the ledger wait. Invariants: a checkpoint is shown only once it is durable
//! in the ledger's directory; what is shown never goes back to a smaller one; where a policy asks for witnesses, a checkpoint that
//! enough of them cosigned gives way only to a larger one of which that is true as well.

mod round;
mod standing;
mod submission;

pub use standing::{Standing, Trouble, WitnessStanding};

use crate::durable::{Disk, replace};
use crate::ledger::{Ledger, LedgerError};
use crate::transparency::{
    Checkpoint, CheckpointError, Note, NoteError, Policy, PolicySyntaxError, SignedCheckpoint, VerifierKey, Witnessing,
};
use round::Rounds;
use standing::Witnesses;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Why a checkpoint can't be published.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// The ledger can't sign or prove.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file can't be read or written.
    #[error("{doing} {path}")]
    File {
        /// What was being tried.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The policy isn't one.
    #[error("{path}: {source}")]
    Policy {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: PolicySyntaxError,
    },
    /// The policy is about other logs.
    #[error("{path} names no log with this ledger's key: add the line `log {key}`")]
    PolicyOfOthers {
        /// Which file.
        path: PathBuf,
        /// The ledger's verifier key.
        key: String,
    },
    /// What was published isn't of this log as it is now.
    #[error(
        "the published checkpoint {path} has {published} entries and isn't of this log of {tree_size}: was an old copy of the log put back? Put the newest one back, or compare with the checkpoints that others keep"
    )]
    NotOfThisLog {
        /// The published checkpoint.
        path: PathBuf,
        /// Its size.
        published: u64,
        /// The size of the log.
        tree_size: u64,
    },
    /// What was published last can't be read.
    #[error(
        "reading the published checkpoint {path}: put the newest copy back, or take it away and run `mingzhang resume`"
    )]
    Unreadable {
        /// The published checkpoint.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: CheckpointError,
    },
    /// The ledger's own key can't be read.
    #[error(transparent)]
    Key(#[from] NoteError),
    /// The ledger's own key can't sign.
    #[error("signing a checkpoint")]
    Sign(#[source] CheckpointError),
}

/// Files of a ledger's directory that belong to its publication.
#[derive(Debug, Clone)]
pub struct PublicationFiles {
    /// The checkpoint published last.
    pub checkpoint: PathBuf,
    /// Whom the operator asks to witness (C2SP tlog-policy); may be absent.
    pub policy: PathBuf,
    /// What each witness cosigned last; made anew.
    pub witness_sizes: PathBuf,
}

/// A checkpoint that everybody is shown.
#[derive(Debug, Clone)]
pub struct Published {
    /// The signed note, with its cosignatures.
    pub checkpoint: Arc<SignedCheckpoint>,
    /// Whether it was cosigned as the policy asks.
    pub is_witnessed: bool,
}

impl Published {
    fn size(&self) -> u64 {
        self.checkpoint.checkpoint().size
    }

    /// Larger and no less witnessed; or as large, with other cosignatures.
    fn may_follow(&self, shown: &Published) -> bool {
        match self.size().cmp(&shown.size()) {
            Ordering::Less => false,
            Ordering::Equal => self.is_witnessed && self.checkpoint.note() != shown.checkpoint.note(),
            Ordering::Greater => self.is_witnessed || !shown.is_witnessed,
        }
    }
}

/// The publication of one ledger.
pub struct Publication {
    ledger: Arc<Ledger>,
    files: PublicationFiles,
    disk: Arc<dyn Disk>,
    /// One that asks for witnesses; none if nobody is asked.
    policy: Option<Policy>,
    published: RwLock<Option<Published>>,
    /// Held while a checkpoint is made durable and then shown.
    turn: Mutex<()>,
    witnesses: Witnesses,
    rounds: Rounds,
}

impl Publication {
    /// Reads what was published last and whom the operator asks to witness.
    pub fn open(
        ledger: Arc<Ledger>,
        files: PublicationFiles,
        disk: Arc<dyn Disk>,
    ) -> Result<Publication, PublicationError> {
        let policy = read_policy(&files.policy, &ledger.verifier_key())?;
        let published = read_published(&files.checkpoint, &ledger, policy.as_ref())?;
        let witnesses = Witnesses::of(policy.as_ref(), &files.witness_sizes);
        let (published, turn, rounds) = (RwLock::new(published), Mutex::default(), Rounds::default());
        Ok(Publication { ledger, files, disk, policy, published, turn, witnesses, rounds })
    }

    /// The checkpoint that everybody is shown. Where no witness is asked it is that of the durable head, and writing it down may block.
    pub fn published(&self) -> Result<Published, PublicationError> {
        match self.shown() {
            Some(published) if self.policy.is_some() || published.size() >= self.ledger.head().tree_size => {
                Ok(published)
            }
            Some(_) | None => self.publish_unwitnessed(),
        }
    }

    /// What is published, if a newer one can't be made now.
    pub fn published_before(&self) -> Option<Arc<SignedCheckpoint>> {
        self.shown().map(|published| published.checkpoint)
    }

    /// Whether something is within the published log, told by its size. A newer checkpoint is made only for what is beyond the one shown.
    pub fn covers(&self, is_within: impl Fn(u64) -> bool) -> Result<bool, PublicationError> {
        Ok(self.shown().is_some_and(|shown| is_within(shown.size())) || is_within(self.published()?.size()))
    }

    /// Publishes the durable head, unless only a witnessed one may take the place of what is published.
    pub fn publish_head(&self) -> Result<Published, PublicationError> {
        match self.shown() {
            Some(published) if published.is_witnessed => Ok(published),
            Some(_) | None => self.publish_unwitnessed(),
        }
    }

    /// What the witnesses say of the first entries of the log.
    pub fn witnessing(&self, tree_size: u64) -> Witnessing {
        let shown = self.shown();
        Witnessing::of(self.policy.as_ref(), shown.as_ref().map(|published| published.checkpoint.note()), tree_size)
    }

    /// The key of the log that signed a checkpoint: after a handover what is shown may for a while still be signed with the one before.
    pub fn verifier_key_of(&self, checkpoint: &SignedCheckpoint) -> String {
        let present = self.ledger.verifier_key();
        let note = Note::parse(checkpoint.note().as_bytes());
        let signed = |key: &VerifierKey| {
            key.name() == checkpoint.checkpoint().origin
                && note.as_ref().is_ok_and(|note| note.signatures.iter().any(|line| key.is_named_in(line)))
        };
        let of_policy = self.policy.iter().flat_map(|policy| policy.logs()).map(|log| &log.key);
        of_policy.filter(|key| signed(key)).map(VerifierKey::to_string).next().unwrap_or(present)
    }

    fn shown(&self) -> Option<Published> {
        self.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish_unwitnessed(&self) -> Result<Published, PublicationError> {
        let checkpoint = self.ledger.checkpoint()?;
        self.publish(Published { checkpoint, is_witnessed: false })
    }

    /// Makes it durable, then shows it; gives what is shown then. Never goes back.
    fn publish(&self, next: Published) -> Result<Published, PublicationError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shown) = self.shown().filter(|shown| !next.may_follow(shown)) {
            return Ok(shown);
        }
        replace(self.disk.as_ref(), &self.files.checkpoint, next.checkpoint.note().as_bytes()).map_err(|source| {
            PublicationError::File { doing: "writing the checkpoint", path: self.files.checkpoint.clone(), source }
        })?;
        // A crash before this line: nobody was shown what is written down now, and the next start shows it.
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(next.clone());
        Ok(next)
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, PublicationError> {
    match std::fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PublicationError::File { doing: "reading", path: path.to_owned(), source }),
    }
}

/// The policy, if it asks for witnesses.
fn read_policy(path: &Path, log_key: &str) -> Result<Option<Policy>, PublicationError> {
    let Some(text) = read(path)? else { return Ok(None) };
    let policy = Policy::parse(&text).map_err(|source| PublicationError::Policy { path: path.to_owned(), source })?;
    if !policy.logs().iter().any(|log| log.key.to_string() == log_key) {
        return Err(PublicationError::PolicyOfOthers { path: path.to_owned(), key: log_key.to_owned() });
    }
    Ok(policy.asks_for_witnesses().then_some(policy))
}

/// What was published last. It must be of this log. If the key was handed over since, it stays where the policy knows the key of then, so
/// that what is witnessed doesn't give way to what isn't; else it is published anew.
fn read_published(
    path: &Path,
    ledger: &Ledger,
    policy: Option<&Policy>,
) -> Result<Option<Published>, PublicationError> {
    let Some(note) = read(path)? else { return Ok(None) };
    let Checkpoint { size, root, .. } =
        Checkpoint::of_note(&note).map_err(|source| PublicationError::Unreadable { path: path.to_owned(), source })?;
    let tree_size = ledger.head().tree_size;
    if size > tree_size || ledger.root_at(size)? != root {
        return Err(PublicationError::NotOfThisLog { path: path.to_owned(), published: size, tree_size });
    }
    let key = VerifierKey::parse(&ledger.verifier_key())?;
    let of_policy = policy.iter().flat_map(|policy| policy.logs()).map(|log| &log.key);
    let mut keys = std::iter::once(&key).chain(of_policy.filter(|known| known.name() == key.name()));
    let signed = keys.find_map(|key| SignedCheckpoint::open(&note, key).ok());
    Ok(signed.map(|checkpoint| {
        let is_witnessed = policy.is_some_and(|policy| policy.check(checkpoint.note().as_bytes()).is_ok());
        Published { checkpoint: Arc::new(checkpoint), is_witnessed }
    }))
}
