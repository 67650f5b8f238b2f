//! Facts of service: check-ins, attendance, home visits and duty. Each but the check-out opens a record (记录) that is
//! reviewed, scored, corrected and named by the id of its event.

use crate::closed_list::closed_list;
use crate::id::{ActivityId, HouseholdId, MemberId, OrganizationId};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

closed_list! {
    /// Why a check-in is recorded afterwards (补签原因).
    LateCheckInReason {
        /// 扫码故障.
        CodeFailed = "code_failed",
        /// 忘记签到.
        Forgotten = "forgotten",
        /// 紧急情况.
        Emergency = "emergency",
        /// 纸质签到.
        OnPaper = "on_paper",
    }
}

closed_list! {
    /// Whether a member was there (出席情况).
    AttendanceOutcome {
        /// 出席.
        Attended = "attended",
        /// 请假.
        OnLeave = "on_leave",
        /// 缺席: without leave.
        Absent = "absent",
    }
}

/// 签到: the member is on site from the event's instant on. The record counts once the check-out is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberCheckedIn {
    /// At which activity.
    pub activity: ActivityId,
    /// Who.
    pub member: MemberId,
}

/// 签退: the member's service ended at the event's instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberCheckedOut {
    /// From which activity.
    pub activity: ActivityId,
    /// Who.
    pub member: MemberId,
}

/// 补签: check-in and check-out recorded together afterwards; the event's instant is the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateCheckInRecorded {
    /// At which activity.
    pub activity: ActivityId,
    /// When the service ended.
    pub ended_at: Instant,
    /// Who.
    pub member: MemberId,
    /// Why it was not recorded on site.
    pub reason: LateCheckInReason,
}

/// 出席、请假、缺席: for a meeting or training; the event's instant is its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceRecorded {
    /// Of which activity.
    pub activity: ActivityId,
    /// Who.
    pub member: MemberId,
    /// Whether they were there.
    pub outcome: AttendanceOutcome,
}

/// 走访: a visit to a paired household; the event's instant is its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeVisitMade {
    /// Whom.
    pub household: HouseholdId,
    /// Who visited.
    pub member: MemberId,
    /// How long it took, without travel: 1 minute at least.
    pub minutes: u16,
}

/// 值守: served a duty that was rostered; the event's instant is its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyServed {
    /// Who.
    pub member: MemberId,
    /// How long, without rest and meals: 1 minute at least.
    pub minutes: u16,
    /// The community served.
    pub organization: OrganizationId,
}
