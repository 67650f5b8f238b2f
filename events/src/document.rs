//! Facts about documents (文书): which files were given out. No name and no text of a document is ever here.

use crate::closed_list::closed_list;
use crate::evidence::FileDigest;
use crate::id::{ActivityId, EventId, MemberId, OrganizationId};
use crate::time::{Instant, Month};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a document is (文书种类).
    DocumentKind {
        /// 通报.
        Notice = "notice",
        /// 公示稿.
        Disclosure = "disclosure",
        /// 支部台账: every record of an organisation's members in a month.
        Register = "register",
        /// 个人积分明细.
        Statement = "statement",
        /// 志愿服务记录证明.
        Certificate = "certificate",
        /// 出席记录: who was at one activity.
        Attendance = "attendance",
    }
}

closed_list! {
    /// In what format a file is (文件格式).
    DocumentFormat {
        /// Plain text in UTF-8.
        Text = "text",
        /// HTML.
        Html = "html",
        /// CSV.
        Csv = "csv",
        /// JSON.
        Json = "json",
        /// Office Open XML spreadsheet.
        Xlsx = "xlsx",
        /// Office Open XML text.
        Docx = "docx",
        /// PDF.
        Pdf = "pdf",
    }
}

/// 文书印发: this very file was given out. Whoever has it can find out that it was, and whether another has taken its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentIssued {
    /// The activity that it is about; of an attendance sheet only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<ActivityId>,
    /// SHA-256 of the file's bytes.
    pub digest: FileDigest,
    /// In what format the file is.
    pub format: DocumentFormat,
    /// What it is.
    pub kind: DocumentKind,
    /// The member whom it is about: of a statement, and of a certificate, for which they have asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The month that it is about; none of a certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    /// The event that issued the notice, or opened the disclosure, whose file it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<EventId>,
    /// The number of a certificate in the issuing organisation's register of certificates; of no other document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Who issues it.
    pub organization: OrganizationId,
    /// When the member asked for the certificate that has their name; how that is known, the evidence says. Of no other document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<Instant>,
    /// The root hash of the checkpoint, 64 lower-case hex digits.
    pub root_hash: String,
    /// The event that issued the document that this one takes the place of. Never of a notice or disclosure: those are superseded themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<EventId>,
    /// The tree size of the checkpoint that its figures rest on: at most 2^53 − 1.
    #[serde(with = "crate::integer")]
    pub tree_size: u64,
}
