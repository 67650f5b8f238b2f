//! The lines of notices and their proofs as JSON.

use super::{AnyObject, Occasion, Standing, TrailStep, Unscored};
use utoipa::ToSchema;

/// The head of the log that every figure was computed at (检查点).
#[derive(Debug, ToSchema)]
pub struct CheckpointHead {
    /// The log's name.
    pub origin: String,
    /// The root hash (RFC 6962 §2.1), 64 hex digits.
    pub root_hash: String,
    /// The count of entries.
    pub tree_size: u64,
}

/// One line of the members' ranking as the notice has it.
#[derive(Debug, ToSchema)]
pub struct MemberLine {
    /// The name of the member's organisation at the month's last moment; null after leaving.
    pub branch: Option<String>,
    /// The last four digits of the member id.
    pub number_tail: String,
    /// Points.
    pub points: String,
    /// From 1; the same for the same points.
    pub rank: u64,
    /// Minutes of voluntary service.
    pub voluntary_minutes: u32,
}

/// An entry that a record rests on, with the proof that it is in the log of the notice's checkpoint.
#[derive(Debug, ToSchema)]
pub struct TracedEntry {
    /// Its place in the log.
    pub log_index: u64,
    /// The name of its event.
    pub id: String,
    /// The hash of its bytes as a leaf (RFC 6962 §2.1), in base64.
    pub leaf_hash: String,
    /// Hashes in base64, the leaf's sibling first (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<String>,
    /// The exact bytes that were hashed, as text; null unless the caller may read them.
    pub entry: Option<String>,
}

/// One record, decision or absence that counts, or why it doesn't.
#[derive(Debug, ToSchema)]
pub struct TracedItem {
    /// What it is for.
    pub occasion: Occasion,
    /// The kind of service; null for a decision.
    pub kind: Option<String>,
    /// In what capacity; null for a decision.
    pub class: Option<String>,
    /// The local date of its start.
    pub date: String,
    /// Whole minutes of service.
    pub minutes: u16,
    /// Under which clause; null if it earns nothing, or nothing yet.
    pub clause: Option<String>,
    /// What the clause is called; empty without one.
    pub name: String,
    /// Given or, below zero, taken.
    pub points: String,
    /// The same before caps.
    pub points_before_cap: String,
    /// How it came about: what the clause gives, then each coefficient and each cap that took effect.
    pub trail: Vec<TrailStep>,
    /// Whether it counts, and if not, why not.
    pub standing: Standing,
    /// Why it has no clause although it counts.
    pub unscored: Option<Unscored>,
    /// How it was evidenced; null for a no-show.
    pub evidence: Option<String>,
    /// The entries that it rests on, in order: the one that opened it, its check-out, its reviews and corrections.
    pub entries: Vec<TracedEntry>,
}

/// A line of a notice with everything that it is the sum of.
#[derive(Debug, ToSchema)]
pub struct NoticeLine {
    /// The id of the event that issued the notice.
    pub notice: String,
    /// What the figures and the proofs rest on.
    pub checkpoint: CheckpointHead,
    /// Which line, from 1.
    pub number: u64,
    /// The line.
    pub line: MemberLine,
    /// Whose line it is; null unless the caller may know.
    pub member: Option<String>,
    /// In order of their start. Their points add up to those of the line.
    pub items: Vec<TracedItem>,
}

/// That the log has only grown since a checkpoint that the reader kept.
#[derive(Debug, ToSchema)]
pub struct GrownSince {
    /// The size of that checkpoint.
    pub tree_size: u64,
    /// From there to the present checkpoint: hashes in base64 (RFC 6962 §2.1.2).
    pub consistency_proof: Vec<String>,
}

/// What proves that a notice is the one that the log holds.
#[derive(Debug, ToSchema)]
pub struct NoticeProof {
    /// The id of the event that issued the notice.
    pub notice: String,
    /// The place of that entry in the log.
    pub log_index: u64,
    /// The exact bytes that were hashed, as text: a CloudEvents 1.0 object that holds the digest of the notice.
    pub entry: String,
    /// That the entry is in the log of `checkpoint`: hashes in base64, the leaf's sibling first (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<String>,
    /// The signed note of the present checkpoint (C2SP).
    pub checkpoint: String,
    /// Its tree size.
    pub tree_size: u64,
    /// The tree size that the notice prints.
    pub notice_tree_size: u64,
    /// From there to the present checkpoint: hashes in base64 (RFC 6962 §2.1.2).
    pub consistency_proof: Vec<String>,
    /// The same for the size that was asked for with `since`; null without it.
    pub since: Option<GrownSince>,
    /// The key of the log as this server says (C2SP verifier key): compare it with the one that you were given.
    pub verifier_key: String,
}

/// What differs between two notices about one month.
#[derive(Debug, ToSchema)]
pub struct NoticeChanges {
    /// The one that rests on fewer entries.
    pub earlier: PublishedNotice,
    /// The one that rests on more.
    pub later: PublishedNotice,
    /// Figures, members, organisations and ranks that differ, as in the `changes` of a superseding notice.
    pub changes: AnyObject,
    /// Display names of `changes.members`, in their order; null where only the number is shown.
    pub names: Vec<Option<String>>,
}

/// A notice as the log has it.
#[derive(Debug, ToSchema)]
pub struct PublishedNotice {
    /// The event that issued it, or opened the disclosure.
    pub event: String,
    /// Its document number; empty for a disclosure.
    pub number: String,
    /// SHA-256 of its canonical JSON.
    pub digest: String,
    /// How many entries its figures rest on.
    pub tree_size: u64,
}
