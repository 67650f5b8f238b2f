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
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash in hex.
    pub root_hash: String,
    /// When it was issued.
    pub issued_at: String,
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
