//! Issued documents as JSON.

use super::NoticeEntry;
use utoipa::ToSchema;

/// What has taken the place of a document.
#[derive(Debug, ToSchema)]
pub struct Successor {
    /// The event that issued it.
    pub id: String,
    /// Its number; null without one.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: String,
}

/// A file that was issued, without what would tell whom it is about.
#[derive(Debug, ToSchema)]
pub struct DocumentStanding {
    /// SHA-256 of the file's bytes, 64 hex digits.
    pub digest: String,
    /// `notice`, `disclosure`, `register`, `statement`, `certificate` or `attendance`.
    pub kind: String,
    /// `text`, `html`, `csv`, `json`, `xlsx`, `docx` or `pdf`.
    pub format: String,
    /// Who issued it.
    pub organization: String,
    /// What they were called then.
    pub organization_name: String,
    /// The month that it is about; null of a certificate.
    pub month: Option<String>,
    /// A certificate's own number, or that of the notice; null without one.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: String,
    /// The event that issued it.
    pub id: String,
    /// By which entry.
    pub log_index: u64,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash, 64 hex digits.
    pub root_hash: String,
    /// The event that issued the notice, or opened the disclosure, whose file it is; null of other documents.
    pub notice: Option<String>,
    /// What has taken its place; null while it is in force.
    pub superseded_by: Option<Successor>,
}

/// What is known of a digest.
#[derive(Debug, ToSchema)]
pub struct CheckedDocument {
    /// The file with this digest; null if no such file was issued.
    pub document: Option<DocumentStanding>,
    /// The notice whose file it is, or whose figures have this digest; null if there is none.
    pub notice: Option<NoticeEntry>,
}
