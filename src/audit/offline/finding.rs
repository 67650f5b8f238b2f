//! What an audit found wrong. Each says what contradicts what, and where in the log if that can be told.

use crate::audit::bundle::BundleFault;
use mingzhang_events::{ActorId, DecodeError, EventId, MemberId};
use std::collections::BTreeMap;

/// More than these of one kind aren't told one by one: the first of them are enough to distrust the rest.
const TOLD_OF_EACH_MAX: usize = 1_000;

/// What was found so far: all of it counted, not all of it told.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) told: Vec<AuditFinding>,
    pub(super) count: usize,
    of_each: BTreeMap<&'static str, usize>,
}

impl Findings {
    pub(super) fn push(&mut self, finding: AuditFinding) {
        self.count += 1;
        let of_kind = self.of_each.entry(finding.code()).or_insert(0);
        *of_kind += 1;
        if *of_kind <= TOLD_OF_EACH_MAX {
            self.told.push(finding);
        }
    }

    /// Adds what was found elsewhere.
    pub(super) fn append(&mut self, others: Findings) {
        self.count += others.untold();
        others.told.into_iter().for_each(|finding| self.push(finding));
    }

    /// How many aren't told.
    pub(super) fn untold(&self) -> usize {
        self.count - self.told.len()
    }
}

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
    /// An entry hands the key of the log over, and not both keys signed that, or another was in force.
    #[error("entry {log_index} hands the log's key over without the signatures of both keys")]
    HandoverNotProved {
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
    /// A document names a root that the log never had.
    #[error("entry {log_index} issued a document that names a root which the log didn't have")]
    DocumentRootDiffers {
        /// The entry that issued it.
        log_index: u64,
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
    /// The notice that this one takes the place of, as it was published, doesn't follow from the entries.
    #[error("the superseded notice that entry {log_index} issued isn't what the entries give at its checkpoint")]
    SupersededDiffers {
        /// Which entry.
        log_index: u64,
    },
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
    /// What was revealed is of another log.
    #[error("what was revealed of {member} is of another log")]
    RevealForeign {
        /// Whose.
        member: MemberId,
    },
    /// No entry commits to the member.
    #[error("no entry commits to {member}: nothing proves who it is")]
    RevealNotCommitted {
        /// Who.
        member: MemberId,
    },
    /// No entry commits to what was revealed.
    #[error(
        "{member} isn't who was revealed: no entry commits to this name, number and salts; the last one about them is {log_index}"
    )]
    RevealDiffers {
        /// Who.
        member: MemberId,
        /// The last entry that commits to them.
        log_index: u64,
    },
    /// A later entry commits to another name or number.
    #[error(
        "{member} was who was revealed from entry {from} on, but no longer: entry {log_index} commits to another name or number"
    )]
    RevealSuperseded {
        /// Who.
        member: MemberId,
        /// The entry that commits to what was revealed.
        from: u64,
        /// The later one.
        log_index: u64,
    },
}

impl AuditFinding {
    /// Every code with what it means, in the order in which an audit proceeds.
    pub const CODES: &[(&str, &str)] = &[
        ("unreadable", "cut off, damaged, or no tar; of a file that doesn't begin as zstd does nothing is checked"),
        ("too_compressible", "it unpacks to more than a hundred times its length and 64 MiB"),
        ("file_unexpected", "a file is missing, too many, or in another place"),
        ("header_changed", "a header or the padding isn't the one that the file can have"),
        ("file_too_long", "a file is longer than such a file can be"),
        ("file_changed", "a file hasn't the SHA-256 of the manifest"),
        ("manifest_malformed", "the manifest can't be read as one"),
        ("file_malformed", "a file can't be read as what it is"),
        ("entry_unreadable", "a bundle of entries doesn't hold as many as it has to"),
        ("too_much", "something follows after the end"),
        ("manifest_differs", "the manifest says one thing, the log another"),
        ("checkpoint_not_signed", "not by the log's key, or not this text"),
        ("quorum_not_met", "too few witnesses of the policy cosigned"),
        ("previous_foreign", "the earlier checkpoint isn't one of this log"),
        ("rolled_back", "the log is shorter than the earlier checkpoint"),
        ("rewritten", "the log doesn't begin with the entries of the earlier checkpoint"),
        ("not_an_event", "an entry isn't the canonical JSON of an event of this log"),
        ("recorded_earlier", "an entry was recorded before the one before it"),
        ("recorded_before_it_happened", "an entry was recorded before what it tells happened"),
        ("handover_not_proved", "an entry hands the log's key over without the signatures of both"),
        ("document_root_differs", "an entry issued a document that names a root that the log didn't have"),
        ("id_twice", "two entries have one id"),
        ("root_differs", "an entry was changed, removed, added or moved since it was signed"),
        ("notice_not_issued", "no entry issued this notice"),
        ("notice_not_as_issued", "`notice.json` hasn't the digest that was issued"),
        ("notice_root_differs", "the notice names a root that the log didn't have"),
        ("notice_not_latest", "a later notice of the same organisation and month was issued"),
        ("notice_impossible", "no notice can be composed from the entries that this one rests on"),
        ("superseded_differs", "the superseded notice, as published, doesn't follow from the entries"),
        ("figures_differ", "figures don't follow from the entries; `differences` names each"),
        ("rules_differ", "a file of rules isn't what was adopted"),
        ("review_of_own_record", "somebody reviewed what they had opened or changed"),
        ("review_about_oneself", "somebody reviewed a record about themselves"),
        ("reveal_foreign", "what was revealed is of another log"),
        ("reveal_not_committed", "no entry commits to the member who was revealed"),
        ("reveal_differs", "the log commits to another name, number or salt than those revealed"),
        ("reveal_superseded", "a later entry commits to another name or number of the member"),
    ];

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
            AuditFinding::HandoverNotProved { .. } => "handover_not_proved",
            AuditFinding::DocumentRootDiffers { .. } => "document_root_differs",
            AuditFinding::IdTwice { .. } => "id_twice",
            AuditFinding::NoticeNotIssued { .. } => "notice_not_issued",
            AuditFinding::NoticeNotAsIssued { .. } => "notice_not_as_issued",
            AuditFinding::NoticeRootDiffers { .. } => "notice_root_differs",
            AuditFinding::NoticeNotLatest { .. } => "notice_not_latest",
            AuditFinding::NoticeImpossible => "notice_impossible",
            AuditFinding::SupersededDiffers { .. } => "superseded_differs",
            AuditFinding::FiguresDiffer { .. } => "figures_differ",
            AuditFinding::RulesDiffer { .. } => "rules_differ",
            AuditFinding::ReviewOfOwnRecord { .. } => "review_of_own_record",
            AuditFinding::ReviewAboutOneself { .. } => "review_about_oneself",
            AuditFinding::RevealForeign { .. } => "reveal_foreign",
            AuditFinding::RevealNotCommitted { .. } => "reveal_not_committed",
            AuditFinding::RevealDiffers { .. } => "reveal_differs",
            AuditFinding::RevealSuperseded { .. } => "reveal_superseded",
        }
    }

    /// Where in the log, if it can be told.
    pub fn log_index(&self) -> Option<u64> {
        match self {
            AuditFinding::NotAnEvent { log_index, .. }
            | AuditFinding::RecordedEarlier { log_index }
            | AuditFinding::RecordedBeforeItHappened { log_index }
            | AuditFinding::HandoverNotProved { log_index }
            | AuditFinding::DocumentRootDiffers { log_index }
            | AuditFinding::NoticeNotAsIssued { log_index }
            | AuditFinding::NoticeNotLatest { log_index }
            | AuditFinding::SupersededDiffers { log_index }
            | AuditFinding::ReviewOfOwnRecord { log_index, .. }
            | AuditFinding::ReviewAboutOneself { log_index, .. }
            | AuditFinding::RevealDiffers { log_index, .. }
            | AuditFinding::RevealSuperseded { log_index, .. }
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
            | AuditFinding::RulesDiffer { .. }
            | AuditFinding::RevealForeign { .. }
            | AuditFinding::RevealNotCommitted { .. } => None,
        }
    }
}
