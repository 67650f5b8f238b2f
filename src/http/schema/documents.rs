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

/// What document is to be issued.
#[derive(Debug, ToSchema)]
pub struct DocumentWanted {
    /// `register` (with `organization` and `month`), `statement` (with `member` and `month`), `certificate` (with `member`, `from` and `until`) or
    /// `attendance` (with `activity`).
    #[schema(pattern = "^(register|statement|certificate|attendance)$")]
    pub kind: String,
    /// Of a register: whose, with all below it.
    pub organization: Option<String>,
    /// Of a statement or certificate: whose.
    pub member: Option<String>,
    /// Of an attendance sheet: at which activity.
    pub activity: Option<String>,
    /// Of an attendance sheet: what the office calls the activity, to be printed instead of its id.
    pub code: Option<String>,
    /// Of a register or statement: which month.
    pub month: Option<String>,
    /// Of a certificate: the first month.
    pub from: Option<String>,
    /// Of a certificate: the last month.
    pub until: Option<String>,
    /// `text` (unless said otherwise), `csv`, `xlsx` or `docx`.
    pub format: Option<String>,
    /// Of a certificate: its number; the next one by the ledger's configuration if none is said.
    pub number: Option<String>,
    /// Of a certificate: when the member asked for it.
    pub requested_at: Option<String>,
    /// Of a certificate: how the request is known, `both_parties` or `attested`.
    pub evidence: Option<String>,
    /// The event that issued the document whose place it takes.
    pub supersedes: Option<String>,
}

/// A file that was issued.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct IssuedFile {
    /// The event that issued it.
    pub id: String,
    /// By which entry.
    pub log_index: u64,
    /// SHA-256 of the file's bytes, 64 hex digits.
    pub digest: String,
    /// A certificate's number; null of other documents.
    pub number: Option<String>,
    /// In what format the file is.
    pub format: String,
    /// The file in base64; null where it was issued before and is no longer at hand.
    pub file: Option<String>,
}

/// A document that was issued.
#[derive(Debug, ToSchema)]
pub struct IssuedDocument {
    /// The event that issued it.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// In what format the file is.
    pub format: String,
    /// SHA-256 of the file's bytes, 64 hex digits.
    pub digest: String,
    /// Who issued it.
    pub organization: String,
    /// The month that it is about; null of a certificate.
    pub month: Option<String>,
    /// The member whom it is about; null if it is about none.
    pub member: Option<String>,
    /// The activity that it is about; null if it is about none.
    pub activity: Option<String>,
    /// Its number in the register of certificates; null of other documents.
    pub number: Option<String>,
    /// The event that issued the notice, or opened the disclosure, whose file it is; null of other documents.
    pub notice: Option<String>,
    /// When the member asked for it; null of other documents than certificates.
    pub requested_at: Option<String>,
    /// The checkpoint that its figures rest on.
    pub tree_size: u64,
    /// The checkpoint's root hash, 64 hex digits.
    pub root_hash: String,
    /// When it was issued.
    pub issued_at: String,
    /// The event that issued the document whose place it takes; null if it takes none.
    pub supersedes: Option<String>,
    /// What has taken its place; null while it is in force.
    pub superseded_by: Option<String>,
    /// By which entry.
    pub log_index: u64,
}

/// Documents, newest first.
#[derive(Debug, ToSchema)]
pub struct DocumentList {
    /// All of them.
    pub documents: Vec<IssuedDocument>,
}
