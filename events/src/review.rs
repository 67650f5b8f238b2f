//! Facts of review (审核): by somebody who neither recorded the fact nor is its subject.

use crate::closed_list::closed_list;
use crate::id::EventId;
use serde::{Deserialize, Serialize};

closed_list! {
    /// Why a record was returned (退回原因).
    ReturnReason {
        /// 时间不符.
        TimeWrong = "time_wrong",
        /// 人员不符.
        MemberWrong = "member_wrong",
        /// 佐证不足.
        EvidenceMissing = "evidence_missing",
        /// 重复登记.
        RecordedTwice = "recorded_twice",
        /// 未实际参加.
        DidNotTakePlace = "did_not_take_place",
    }
}

/// 审核通过: the next step of the review chain of the record's month is taken. After the last one the record counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceApproved {
    /// The event that opened the record.
    pub record: EventId,
}

/// 退回: the record doesn't count until it is corrected and approved, from the first step on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceReturned {
    /// Why.
    pub reason: ReturnReason,
    /// The event that opened the record.
    pub record: EventId,
}
