//! What an audit found wrong. Each says what contradicts what, and where in the log if that can be told.

use crate::audit::bundle::BundleFault;
use mingzhang_events::{ActorId, DecodeError, EventId};

/// A contradiction: any of them, and the notice isn't to be relied on until it is explained.
#[derive(Debug, thiserror::Error)]
pub enum AuditFinding {
    /// The file isn't a bundle as it has to be.
    #[error(transparent)]
    Bundle(#[from] BundleFault),
    /// The manifest says something else than what was found.
    #[error("the manifest says of {field}: {manifest}; found was {found}")]
    ManifestDiffers {
        /// Of what.
        field: &'static str,
        /// What it says.
        manifest: String,
        /// What is so.
        found: String,
    },
    /// The checkpoint isn't signed by the log's key.
    #[error("the checkpoint isn't one that the log's key signed: {why}")]
    CheckpointNotSigned {
        /// Why not.
        why: String,
    },
    /// Too few witnesses of the policy cosigned.
    #[error("the checkpoint lacks the cosignatures that the policy asks for: {cosigners} cosigned")]
    QuorumNotMet {
        /// How many did.
        cosigners: usize,
    },
    /// The entries don't have the root that was signed.
    #[error(
        "the entries don't have the root that was signed for {tree_size} of them: at least one was changed, removed, added or moved"
    )]
    RootDiffers {
        /// The size that was signed.
        tree_size: u64,
    },
    /// The earlier checkpoint isn't one of this log.
    #[error("the earlier checkpoint isn't one of this log: {why}")]
    PreviousForeign {
        /// Why not.
        why: String,
    },
    /// The log has become shorter.
    #[error("the log was rolled back: an earlier checkpoint has {previous} entries, this one only {tree_size}")]
    RolledBack {
        /// What was seen earlier.
        previous: u64,
        /// What is there now.
        tree_size: u64,
    },
    /// The log was written anew.
    #[error("the log was rewritten: its first {previous} entries don't have the root of the earlier checkpoint")]
    Rewritten {
        /// The size of the earlier checkpoint.
        previous: u64,
    },
    /// The bytes are no event of this log in canonical form.
    #[error("entry {log_index} is no event of this log")]
    NotAnEvent {
        /// Which.
        log_index: u64,
        /// Why not.
        #[source]
        source: DecodeError,
    },
    /// Recorded before the entry before it.
    #[error("entry {log_index} says that it was recorded before the entry before it")]
    RecordedEarlier {
        /// Which.
        log_index: u64,
    },
    /// Recorded before it happened.
    #[error("entry {log_index} says that it was recorded before it happened")]
    RecordedBeforeItHappened {
        /// Which.
        log_index: u64,
    },
    /// Two entries have one id.
    #[error("{count} entries have the id of an earlier one: a command was recorded twice")]
    IdTwice {
        /// How many.
        count: u64,
    },
    /// No entry issued this notice.
    #[error("no entry of the log issued the notice {event}")]
    NoticeNotIssued {
        /// What the manifest names.
        event: EventId,
    },
    /// The file isn't what was issued.
    #[error("notice.json isn't the notice that entry {log_index} issued: its digest is another")]
    NoticeNotAsIssued {
        /// The entry that issued it.
        log_index: u64,
    },
    /// The notice names a root that the log never had.
    #[error("the notice names a root that the log didn't have at {tree_size} entries")]
    NoticeRootDiffers {
        /// The size that it names.
        tree_size: u64,
    },
    /// There is a later notice of the same organisation and month.
    #[error("entry {log_index} issued a later notice of the same organisation and month: this one was superseded")]
    NoticeNotLatest {
        /// The later one.
        log_index: u64,
    },
    /// The notice names an organisation that isn't in the log, or rests on more than there is.
    #[error("no notice can be composed from the entries that this one rests on")]
    NoticeImpossible,
    /// Figures of the notice aren't what the entries give.
    #[error("{count} figures of the notice aren't what the entries give")]
    FiguresDiffer {
        /// How many.
        count: usize,
    },
    /// A file of rules isn't what was adopted.
    #[error("{path} isn't what the log adopted")]
    RulesDiffer {
        /// Which file.
        path: String,
    },
    /// Somebody reviewed what they had recorded or changed.
    #[error("entry {log_index}: {actor} reviewed what they recorded themselves in entry {of}")]
    ReviewOfOwnRecord {
        /// The review.
        log_index: u64,
        /// What they had recorded.
        of: u64,
        /// Who.
        actor: ActorId,
    },
    /// Somebody reviewed a record about themselves.
    #[error("entry {log_index}: {actor} reviewed a record about themselves")]
    ReviewAboutOneself {
        /// The review.
        log_index: u64,
        /// Who.
        actor: ActorId,
    },
}

impl AuditFinding {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AuditFinding::Bundle(fault) => fault.code(),
            AuditFinding::ManifestDiffers { .. } => "manifest_differs",
            AuditFinding::CheckpointNotSigned { .. } => "checkpoint_not_signed",
            AuditFinding::QuorumNotMet { .. } => "quorum_not_met",
            AuditFinding::RootDiffers { .. } => "root_differs",
            AuditFinding::PreviousForeign { .. } => "previous_foreign",
            AuditFinding::RolledBack { .. } => "rolled_back",
            AuditFinding::Rewritten { .. } => "rewritten",
            AuditFinding::NotAnEvent { .. } => "not_an_event",
            AuditFinding::RecordedEarlier { .. } => "recorded_earlier",
            AuditFinding::RecordedBeforeItHappened { .. } => "recorded_before_it_happened",
            AuditFinding::IdTwice { .. } => "id_twice",
            AuditFinding::NoticeNotIssued { .. } => "notice_not_issued",
            AuditFinding::NoticeNotAsIssued { .. } => "notice_not_as_issued",
            AuditFinding::NoticeRootDiffers { .. } => "notice_root_differs",
            AuditFinding::NoticeNotLatest { .. } => "notice_not_latest",
            AuditFinding::NoticeImpossible => "notice_impossible",
            AuditFinding::FiguresDiffer { .. } => "figures_differ",
            AuditFinding::RulesDiffer { .. } => "rules_differ",
            AuditFinding::ReviewOfOwnRecord { .. } => "review_of_own_record",
            AuditFinding::ReviewAboutOneself { .. } => "review_about_oneself",
        }
    }

    /// Where in the log, if it can be told.
    pub fn log_index(&self) -> Option<u64> {
        match self {
            AuditFinding::NotAnEvent { log_index, .. }
            | AuditFinding::RecordedEarlier { log_index }
            | AuditFinding::RecordedBeforeItHappened { log_index }
            | AuditFinding::NoticeNotAsIssued { log_index }
            | AuditFinding::NoticeNotLatest { log_index }
            | AuditFinding::ReviewOfOwnRecord { log_index, .. }
            | AuditFinding::ReviewAboutOneself { log_index, .. }
            | AuditFinding::Bundle(BundleFault::EntryUnreadable { log_index, .. }) => Some(*log_index),
            AuditFinding::Bundle(_)
            | AuditFinding::ManifestDiffers { .. }
            | AuditFinding::CheckpointNotSigned { .. }
            | AuditFinding::QuorumNotMet { .. }
            | AuditFinding::RootDiffers { .. }
            | AuditFinding::PreviousForeign { .. }
            | AuditFinding::RolledBack { .. }
            | AuditFinding::Rewritten { .. }
            | AuditFinding::IdTwice { .. }
            | AuditFinding::NoticeNotIssued { .. }
            | AuditFinding::NoticeRootDiffers { .. }
            | AuditFinding::NoticeImpossible
            | AuditFinding::FiguresDiffer { .. }
            | AuditFinding::RulesDiffer { .. } => None,
        }
    }
}
