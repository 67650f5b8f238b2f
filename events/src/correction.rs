//! Facts that correct earlier ones. Nothing is edited: a correction names what it corrects.

use crate::closed_list::closed_list;
use crate::id::EventId;
use serde::{Deserialize, Serialize};

closed_list! {
    /// Why a record is corrected or reversed (更正、冲正的原因).
    CorrectionReason {
        /// 录入差错.
        EnteredWrongly = "entered_wrongly",
        /// 重复登记.
        RecordedTwice = "recorded_twice",
        /// 异议成立.
        ObjectionUpheld = "objection_upheld",
        /// 检查发现不实.
        FoundUntrue = "found_untrue",
        /// 退回后补正.
        ReturnedAndMended = "returned_and_mended",
    }
}

/// 更正: the record's service time was in truth so many minutes from the event's instant on. A returned record waits for
/// review again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordCorrected {
    /// The decision that upheld an objection to it, which is then the reason; none otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// How long it took in truth: 1 minute at least.
    pub minutes: u16,
    /// Why.
    pub reason: CorrectionReason,
    /// The event that opened the record.
    pub record: EventId,
}

/// 冲正: the record, grant or deduction counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordReversed {
    /// The decision that upheld an objection to it, which is then the reason; none otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Why.
    pub reason: CorrectionReason,
    /// The event that opened the record, or that granted or deducted.
    pub record: EventId,
}
