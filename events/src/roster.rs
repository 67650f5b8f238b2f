//! Facts about the roster (花名册): who belongs where, who has reported to a community, who is exempt.

use crate::closed_list::closed_list;
use crate::id::{EventId, MemberId, OrganizationId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

closed_list! {
    /// The class of a member (党员类别).
    MemberClass {
        /// 社区党员: belongs to the community itself.
        Resident = "resident",
        /// 在职党员: works in a unit, reports where they live.
        InService = "in_service",
        /// 下沉党员: deployed to the community by a unit.
        Deployed = "deployed",
        /// 流动党员: away or here for work.
        Floating = "floating",
    }
}

closed_list! {
    /// Why a member left the roster (退出原因).
    LeavingReason {
        /// 组织关系转出本账.
        MovedAway = "moved_away",
        /// 去世.
        Died = "died",
        /// 出党.
        LeftTheParty = "left_the_party",
        /// 登记有误.
        RosteredInError = "rostered_in_error",
    }
}

closed_list! {
    /// Why a member is exempt (免予报到、免于考核的原因).
    ExemptionReason {
        /// 年老体弱.
        Age = "age",
        /// 因病.
        Illness = "illness",
        /// 外出流动.
        Away = "away",
        /// 孕产哺乳.
        Maternity = "maternity",
        /// 其他.
        Other = "other",
    }
}

/// 列入花名册.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRostered {
    /// The member's class.
    pub class: MemberClass,
    /// Who.
    pub member: MemberId,
    /// The branch (支部) that the member belongs to from the event's instant on.
    pub organization: OrganizationId,
}

/// 组织关系转接: from now on the member belongs to another branch of this ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberTransferred {
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Who.
    pub member: MemberId,
    /// The new branch.
    pub organization: OrganizationId,
}

/// 党员类别变更: from now on the member is of another class, in the same branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberReclassified {
    /// The new class.
    pub class: MemberClass,
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Who.
    pub member: MemberId,
}

/// 退出花名册.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberLeft {
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Who.
    pub member: MemberId,
    /// Why.
    pub reason: LeavingReason,
}

/// 免予报到: exempt from the event's instant on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberExempted {
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Who.
    pub member: MemberId,
    /// Why.
    pub reason: ExemptionReason,
    /// The last day of the exemption; without an end if absent.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::date::optional")]
    pub until: Option<Date>,
}

/// 报到: the member has reported to a community (双报到).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberEnrolled {
    /// The community that the member reports to.
    pub community: OrganizationId,
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Who.
    pub member: MemberId,
}

/// 报到终止: the enrolment with that community ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentEnded {
    /// The community.
    pub community: OrganizationId,
    /// The decision that upheld an objection and that this follows from: one fact answers it. It admits this into a month that is frozen
    /// or closed. None otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<EventId>,
    /// Who.
    pub member: MemberId,
}
