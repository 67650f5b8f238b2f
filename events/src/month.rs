//! Facts about a month: its close (月结) and its circular (通报).

use crate::id::OrganizationId;
use crate::time::Month;
use serde::{Deserialize, Serialize};

/// 月结: from now on, for this organisation and all below it, only corrections change the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthClosed {
    /// The month.
    pub month: Month,
    /// The organisation whose part of the tree it is closed for.
    pub organization: OrganizationId,
}

/// 通报印发: a document whose figures are those of a named checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeIssued {
    /// SHA-256 of the notice's canonical JSON, 64 lower-case hex digits.
    pub digest: String,
    /// The month that it reports.
    pub month: Month,
    /// Its document number, such as `〔2026〕10号`; unique within the issuing organisation.
    pub number: String,
    /// The organisation that it is about and that issues it.
    pub organization: OrganizationId,
    /// The root hash of the checkpoint, 64 lower-case hex digits.
    pub root_hash: String,
    /// The tree size of the checkpoint that its figures are computed at: at most 2^53 − 1.
    #[serde(with = "crate::integer")]
    pub tree_size: u64,
}
