//! Facts about a month: its freeze (冻结), its disclosure (公示), its close (月结) and its circular (通报).

use crate::closed_list::closed_list;
use crate::id::{EventId, OrganizationId};
use crate::time::Month;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 冻结: entering the month's records is over. From now on, for this organisation and all below it, only reviews and corrections
/// change the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthFrozen {
    /// 认定报名未到: who signed up and didn't come is known from now on, so that it is disclosed and can be objected to. Always true of a new
    /// freeze; after one that was recorded without it, no-shows are known once the month is closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counts_no_shows: bool,
    /// The month.
    pub month: Month,
    /// The organisation whose part of the tree it is frozen for.
    pub organization: OrganizationId,
}

/// 公示: the circular's figures as they would be issued are shown to everybody, and may be objected to until the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisclosureOpened {
    /// SHA-256 of the canonical JSON of the draft that is shown (a notice without a number), 64 lower-case hex digits.
    pub digest: String,
    /// The month.
    pub month: Month,
    /// The organisation that it is about and that discloses it.
    pub organization: OrganizationId,
    /// The root hash of the checkpoint, 64 lower-case hex digits.
    pub root_hash: String,
    /// The tree size of the checkpoint that its figures are computed at: at most 2^53 − 1.
    #[serde(with = "crate::integer")]
    pub tree_size: u64,
    /// The last local day of the disclosure: the last of its working days by the legal calendar.
    #[serde(with = "crate::date")]
    pub until: Date,
    /// 公示期: how many legal working days it lasts, from the day after its opening on.
    pub working_days: u8,
}

/// 月结: from now on, for this organisation and all below it, only corrections change the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthClosed {
    /// The month.
    pub month: Month,
    /// The organisation whose part of the tree it is closed for.
    pub organization: OrganizationId,
}

closed_list! {
    /// The format of a notice: what it says, and so what composes it anew for ever (通报格式).
    NoticeFormat {
        /// The figures of the month.
        First = "mingzhang.notice.v1",
        /// 更正通报: also which notice it takes the place of, what changed since, for whom and why.
        Superseding = "mingzhang.notice.v2",
    }
}

/// 通报印发: a document whose figures are those of a named checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeIssued {
    /// SHA-256 of the notice's canonical JSON, 64 lower-case hex digits.
    pub digest: String,
    /// The format of what is digested; none is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<NoticeFormat>,
    /// The month that it reports.
    pub month: Month,
    /// Its document number, such as `〔2026〕10号`; unique within the issuing organisation.
    pub number: String,
    /// The organisation that it is about and that issues it.
    pub organization: OrganizationId,
    /// The root hash of the checkpoint, 64 lower-case hex digits.
    pub root_hash: String,
    /// The event that issued the notice about the same month that this one takes the place of (更正通报); none if it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<EventId>,
    /// The tree size of the checkpoint that its figures are computed at: at most 2^53 − 1.
    #[serde(with = "crate::integer")]
    pub tree_size: u64,
}
