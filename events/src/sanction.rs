//! Facts about the right to record (登记资格): it can be suspended and restored, as a sanction on recorders, not on points.

use crate::closed_list::closed_list;
use crate::id::ActorId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

closed_list! {
    /// Why the right to record is suspended (暂停登记的原因).
    SuspensionReason {
        /// 弄虚作假.
        FalseRecords = "false_records",
        /// 核查期间.
        UnderInvestigation = "under_investigation",
        /// 屡次登记有误.
        RepeatedErrors = "repeated_errors",
    }
}

/// 暂停登记: what this recorder (经办人) would record is refused from now on, and so are corrections of minutes and decisions on points,
/// whatever other roles they have. Reviews and reversals stay theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingSuspended {
    /// Why.
    pub reason: SuspensionReason,
    /// Whose right.
    pub recorder: ActorId,
    /// The last local day of it; without it, until it is restored.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::date::optional")]
    pub until: Option<Date>,
}

/// 恢复登记: they may record again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordingRestored {
    /// Whose right.
    pub recorder: ActorId,
}
