//! Facts about activities (活动): what is planned, and who signs up.

use crate::closed_list::closed_list;
use crate::id::{ActivityId, MemberId, OrganizationId};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// How long before the planned start of an activity one may check in, in minutes.
pub const EARLY_MINUTES: u32 = 120;

closed_list! {
    /// The kind of an activity or record (活动类型).
    ActivityKind {
        /// 夜间巡逻.
        NightPatrol = "night_patrol",
        /// 走访.
        HomeVisit = "home_visit",
        /// 会议.
        Meeting = "meeting",
        /// 值守.
        Duty = "duty",
        /// 志愿服务.
        Service = "service",
        /// 培训.
        Training = "training",
        /// 急难险重.
        Mobilization = "mobilization",
    }
}

closed_list! {
    /// In what capacity members take part (活动性质). Only `voluntary` counts as hours of voluntary service.
    ActivityClass {
        /// 志愿服务.
        Voluntary = "voluntary",
        /// 组织生活.
        Organized = "organized",
        /// 值守: on working time.
        Duty = "duty",
    }
}

closed_list! {
    /// The grade of an emergency (突发事件级别), as in the Emergency Response Law.
    EmergencyGrade {
        /// 特别重大.
        ExtremelySerious = "extremely_serious",
        /// 重大.
        Serious = "serious",
        /// 较大.
        Large = "large",
        /// 一般.
        Ordinary = "ordinary",
    }
}

closed_list! {
    /// Why an activity was cancelled (取消原因).
    CancellationReason {
        /// 天气.
        Weather = "weather",
        /// 人数不足.
        TooFewMembers = "too_few_members",
        /// 计划变更.
        PlanChanged = "plan_changed",
        /// 登记有误.
        ScheduledInError = "scheduled_in_error",
    }
}

/// 活动安排.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityScheduled {
    /// Which.
    pub activity: ActivityId,
    /// In what capacity members take part.
    pub class: ActivityClass,
    /// The grade of the emergency that it answers; only for mobilisation, absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_grade: Option<EmergencyGrade>,
    /// Its planned end, after its start.
    pub ends_at: Instant,
    /// Its kind.
    pub kind: ActivityKind,
    /// The organisation that holds it.
    pub organization: OrganizationId,
    /// Its planned start.
    pub starts_at: Instant,
}

/// 活动取消: nobody earns or loses anything by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityCancelled {
    /// Which.
    pub activity: ActivityId,
    /// Why.
    pub reason: CancellationReason,
}

/// 报名.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberSignedUp {
    /// For which activity.
    pub activity: ActivityId,
    /// Who.
    pub member: MemberId,
}

/// 撤回报名: without a deduction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUpWithdrawn {
    /// From which activity.
    pub activity: ActivityId,
    /// Who.
    pub member: MemberId,
}
