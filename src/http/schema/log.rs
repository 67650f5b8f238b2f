//! Entries, notices and rules as JSON.

use super::AnyObject;
use utoipa::ToSchema;
/// An issued notice (通报).
#[derive(Debug, ToSchema)]
pub struct NoticeEntry {
    /// The event that issued it.
    pub id: String,
    /// The month it is about.
    pub month: String,
    /// Its document number.
    pub number: String,
    /// Who issued it and whom it is about.
    pub organization: String,
    /// SHA-256 of its canonical JSON in hex.
    pub digest: String,
    /// `mingzhang.notice.v1`: its figures; `mingzhang.notice.v2`: also what changed since the notice that it supersedes.
    pub format: String,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// When it was issued.
    pub issued_at: String,
    /// The notice about the same month that it supersedes; null if it is the first.
    pub supersedes: Option<String>,
    /// The notice that supersedes it; null while it is in force.
    pub superseded_by: Option<String>,
    /// By which entry.
    pub log_index: u64,
}

/// Notices, newest first.
#[derive(Debug, ToSchema)]
pub struct NoticeList {
    /// The page.
    pub notices: Vec<NoticeEntry>,
    /// The cursor of the next page; null after the last.
    pub next: Option<String>,
}

/// An entry of the log.
#[derive(Debug, ToSchema)]
pub struct EventEntry {
    /// Its place in the log.
    pub log_index: u64,
    /// The CloudEvents 1.0 object in RFC 8785 canonical form, byte for byte as it was hashed.
    pub entry: AnyObject,
}

/// Entries in the order of the log.
#[derive(Debug, ToSchema)]
pub struct EventList {
    /// How many entries the log has.
    pub tree_size: u64,
    /// The page.
    pub events: Vec<EventEntry>,
    /// Where the next page begins; null at the end of the log.
    pub next: Option<u64>,
}

/// An entry with the proof that it is in the log.
#[derive(Debug, ToSchema)]
pub struct EventWithReceipt {
    /// Its place in the log.
    pub log_index: u64,
    /// The CloudEvents 1.0 object in RFC 8785 canonical form, byte for byte as it was hashed.
    pub entry: AnyObject,
    /// The tree size that the proof leads to.
    pub tree_size: u64,
    /// The signed note of that checkpoint (C2SP).
    pub checkpoint: String,
    /// Hashes in base64, the leaf's sibling first (RFC 6962 §2.1.1).
    pub inclusion_proof: Vec<String>,
}

/// How it stands with the witnesses (见证人).
#[derive(Debug, ToSchema)]
pub struct WitnessesOfCheckpoint {
    /// How many entries the log has.
    pub tree_size: u64,
    /// How many of them the published checkpoint covers.
    pub published_size: u64,
    /// `witnessed`, `unwitnessed` or `not_configured`: what is said of the published checkpoint.
    pub state: String,
    /// Whether too few witnesses cosigned when they were last asked: what came after the published checkpoint is unwitnessed.
    pub head_is_unwitnessed: bool,
    /// Who cosigned the published checkpoint.
    pub cosigners: Vec<CosignerOfCheckpoint>,
    /// All witnesses of the policy.
    pub witnesses: Vec<WitnessOfLog>,
}

/// Who cosigned a checkpoint.
#[derive(Debug, ToSchema)]
pub struct CosignerOfCheckpoint {
    /// As the policy calls it.
    pub name: String,
    /// When, by its own clock.
    pub cosigned_at: String,
}

/// A witness of the policy.
#[derive(Debug, ToSchema)]
pub struct WitnessOfLog {
    /// As the policy calls it.
    pub name: String,
    /// The size that it cosigned last, as far as is known.
    pub cosigned_size: u64,
    /// How many durable entries it hasn't cosigned.
    pub lag_entries: u64,
    /// How often it was asked since the start.
    pub submissions: u64,
    /// How often that failed.
    pub failures: u64,
    /// Null, or `not_answering`, `refused`, `unusable`; and as alarms `rolled_back` and `split_view`.
    pub trouble: Option<String>,
}

/// A version of the rules with the entry that adopted it.
#[derive(Debug, ToSchema)]
pub struct AdoptedRules {
    /// The entry.
    pub log_index: u64,
    /// The whole document.
    pub rules: AnyObject,
}

/// Versions of the scoring rules.
#[derive(Debug, ToSchema)]
pub struct RulesList {
    /// In order of adoption.
    pub versions: Vec<AdoptedRules>,
}
