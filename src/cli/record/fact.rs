//! The table of single facts: each stored type with its fields, as the command line asks for them. A test holds that no type
//! and no field is missing and that every example is understood.

use super::value::Value;
use mingzhang_events::{
    ActivityClass, ActivityKind, AttendanceOutcome, CancellationReason, CorrectionReason, DismissalReason,
    EmergencyGrade, ExemptionReason, LateCheckInReason, LeavingReason, MemberClass, ObjectionGround, OrganizationLevel,
    QuashingReason, ReturnReason, SuspensionReason,
};

/// One stored type.
pub(super) struct Fact {
    pub(super) stored_type: &'static str,
    pub(super) chinese: &'static str,
    pub(super) english: &'static str,
    /// Whether it says how it was evidenced; an act of office doesn't.
    pub(super) of_service: bool,
    pub(super) fields: &'static [Field],
    /// What an example gives after the name.
    pub(super) example: &'static str,
}

/// One field of its data.
pub(super) struct Field {
    /// As it is stored; the option has `-` for `_`.
    pub(super) name: &'static str,
    pub(super) value: Value,
    pub(super) required: bool,
}

const fn need(name: &'static str, value: Value) -> Field {
    Field { name, value, required: true }
}

const fn may(name: &'static str, value: Value) -> Field {
    Field { name, value, required: false }
}

impl Fact {
    /// Whether its instant isn't when somebody did it, but when the record that it corrects began: never left out.
    pub(super) fn corrects_a_time(&self) -> bool {
        self.stored_type == "mingzhang.record.corrected.v1"
    }

    /// What it is called on the command line: the stored type without prefix and version, and without a participle that goes
    /// without saying.
    pub(super) fn name(&self) -> String {
        let inner = self.stored_type.trim_start_matches("mingzhang.").trim_end_matches(".v1");
        let (subject, participle) = inner.split_once('.').unwrap_or((inner, ""));
        match participle {
            "" | "recorded" | "made" | "formed" | "established" | "scheduled" => subject.to_owned(),
            _ => format!("{subject}-{participle}"),
        }
    }
}

const MEMBER: Field = need("member", Value::Member);
const ACTIVITY: Field = need("activity", Value::Activity);
const ORGANIZATION: Field = need("organization", Value::Organization);
const HOUSEHOLD: Field = need("household", Value::Household);
const COMMUNITY: Field = need("community", Value::Organization);
const RECORD: Field =
    need("record", Value::Record("所指的那条记录：回执上的编号  The record that is meant: the id on its receipt"));
const OBJECTION: Field = need(
    "objection",
    Value::Record(
        "所指的异议：mingzhang objection list 所列的编号  The objection, as `mingzhang objection list` shows it",
    ),
);
const DECISION: Field = may(
    "decision",
    Value::Record(
        "据以登记的异议决定（异议成立）：mingzhang objection list 所列的编号；只在月份已冻结或月结后需要  The decision that upheld the objection, as `mingzhang objection list` shows it; only for a month that is frozen or closed",
    ),
);
const MINUTES: Field = need("minutes", Value::Minutes);
const CORRECTED_FOR: Field = need("reason", Value::word::<CorrectionReason>());
const CLAUSE: Field = need("clause", Value::Clause);
const POINTS: Field = need("points", Value::Points);

macro_rules! facts {
    ($($stored_type:literal $chinese:literal $english:literal $of:ident [$($field:expr),* $(,)?] $example:literal;)+) => {
        /// Every stored type, in the order of the table of contents.
        pub(super) const FACTS: &[Fact] = &[$(Fact {
            stored_type: $stored_type,
            chinese: $chinese,
            english: $english,
            of_service: facts!(@ $of),
            fields: &[$($field),*],
            example: $example,
        }),+];
    };
    (@ service) => { true };
    (@ office) => { false };
}

facts! {
    "mingzhang.organization.established.v1" "组织成立" "an organisation is established" office
        [ORGANIZATION, need("name", Value::Text), need("level", Value::word::<OrganizationLevel>()), may("parent", Value::Organization)]
        "--organization 420902001001-03 --name 书院社区第三网格党支部 --level 支部 --parent 420902001001";
    "mingzhang.organization.renamed.v1" "组织更名" "an organisation is renamed" office
        [ORGANIZATION, need("name", Value::Text)] "--organization 420902001001 --name 书院社区党委";
    "mingzhang.organization.moved.v1" "组织隶属变更" "an organisation is placed below another" office
        [ORGANIZATION, need("parent", Value::Organization)] "--organization 420902001001-03 --parent 420902001002";
    "mingzhang.organization.merged.v1" "组织合并" "an organisation is merged into another" office
        [ORGANIZATION, need("into", Value::Organization)] "--organization 420902001001-03 --into 420902001001-02";
    "mingzhang.organization.dissolved.v1" "组织撤销" "an organisation is dissolved" office
        [ORGANIZATION] "--organization 420902001001-03";
    "mingzhang.member.rostered.v1" "列入花名册" "a member is put on the roster" office
        [MEMBER, ORGANIZATION, need("class", Value::word::<MemberClass>())]
        "--member m0000000000001 --organization 420902001001-01 --class 社区党员";
    "mingzhang.member.transferred.v1" "组织关系转接" "a member moves to another branch" office
        [MEMBER, ORGANIZATION, DECISION] "--member 1001 --organization 420902001001-02";
    "mingzhang.member.reclassified.v1" "党员类别变更" "a member is of another class from now on" office
        [MEMBER, need("class", Value::word::<MemberClass>()), DECISION] "--member 1001 --class 下沉党员";
    "mingzhang.member.exempted.v1" "免予报到" "a member is exempt" office
        [MEMBER, need("reason", Value::word::<ExemptionReason>()), may("until", Value::Date), DECISION]
        "--member 1001 --reason 因病 --until 2026-12-31";
    "mingzhang.member.left.v1" "退出花名册" "a member leaves the roster" office
        [MEMBER, need("reason", Value::word::<LeavingReason>()), DECISION] "--member 1001 --reason 转出";
    "mingzhang.member.enrolled.v1" "报到" "a member enrols with a community" office
        [MEMBER, COMMUNITY, DECISION] "--member 1001 --community 420902001001";
    "mingzhang.enrollment.ended.v1" "报到终止" "an enrolment ends" office
        [MEMBER, COMMUNITY, DECISION] "--member 1001 --community 420902001001";
    "mingzhang.activity.scheduled.v1" "活动安排" "an activity is scheduled" office
        [ACTIVITY, need("kind", Value::word::<ActivityKind>()), need("class", Value::word::<ActivityClass>()), ORGANIZATION,
         need("starts_at", Value::Instant), need("ends_at", Value::Instant),
         may("emergency_grade", Value::word::<EmergencyGrade>())]
        "--activity XL-2026-10-03-晚 --kind 夜间巡逻 --class 志愿服务 --organization 420902001001 --starts-at '2026-10-03 21:30' --ends-at '2026-10-04 00:30'";
    "mingzhang.activity.cancelled.v1" "活动取消" "an activity is cancelled" office
        [ACTIVITY, need("reason", Value::word::<CancellationReason>())] "--activity XL-2026-10-03-晚 --reason 天气";
    "mingzhang.sign-up.made.v1" "报名" "a member signs up" office
        [MEMBER, ACTIVITY] "--member 1001 --activity XL-2026-10-03-晚";
    "mingzhang.sign-up.withdrawn.v1" "撤回报名" "a sign-up is withdrawn" office
        [MEMBER, ACTIVITY] "--member 1001 --activity XL-2026-10-03-晚";
    "mingzhang.check-in.recorded.v1" "签到" "a member checks in" service
        [MEMBER, ACTIVITY] "--member 1001 --activity XL-2026-10-03-晚 --time '2026-10-03 21:25' --evidence 现场扫码";
    "mingzhang.check-out.recorded.v1" "签退" "a member checks out" service
        [MEMBER, ACTIVITY] "--member 1001 --activity XL-2026-10-03-晚 --time '2026-10-04 00:31' --evidence 现场扫码";
    "mingzhang.late-check-in.recorded.v1" "补签" "check-in and check-out are recorded afterwards" service
        [MEMBER, ACTIVITY, need("ended_at", Value::Instant), need("reason", Value::word::<LateCheckInReason>())]
        "--member 1001 --activity XL-2026-10-03-晚 --time '2026-10-03 21:30' --ended-at '2026-10-04 00:30' --reason 忘记签到";
    "mingzhang.attendance.recorded.v1" "会议出席" "attendance of a meeting or training" service
        [MEMBER, ACTIVITY, need("outcome", Value::word::<AttendanceOutcome>())]
        "--member 1001 --activity HY-10 --outcome 请假 --time '2026-10-17 15:00'";
    "mingzhang.hardship-pairing.formed.v1" "结对" "a member is paired with a household" office
        [MEMBER, HOUSEHOLD, ORGANIZATION] "--member 1001 --household H-07 --organization 420902001001";
    "mingzhang.hardship-pairing.ended.v1" "结对终止" "a pairing ends" office
        [MEMBER, HOUSEHOLD] "--member 1001 --household H-07";
    "mingzhang.home-visit.made.v1" "走访" "a paired household is visited" service
        [MEMBER, HOUSEHOLD, MINUTES] "--member 1001 --household H-07 --minutes 45 --time '2026-10-05 15:00' --evidence 双方确认";
    "mingzhang.duty.rostered.v1" "值守排班" "a member is to serve on a day" office
        [MEMBER, ORGANIZATION, need("date", Value::Date)] "--member 1001 --organization 420902001001 --date 2026-10-08";
    "mingzhang.duty.served.v1" "值守" "a rostered duty was served" service
        [MEMBER, ORGANIZATION, MINUTES] "--member 1001 --organization 420902001001 --minutes 480 --time '2026-10-08 08:30'";
    "mingzhang.service.approved.v1" "审核通过" "a record is approved" office
        [RECORD] "--record e00000000000000000000000001 --actor r-0003";
    "mingzhang.service.returned.v1" "退回" "a record is returned" office
        [RECORD, need("reason", Value::word::<ReturnReason>())]
        "--record e00000000000000000000000001 --reason 时间不符 --actor r-0003";
    "mingzhang.record.corrected.v1" "更正" "the time of a record is corrected" service
        [RECORD, MINUTES, CORRECTED_FOR, DECISION]
        "--record e00000000000000000000000001 --minutes 40 --reason 录入差错 --time '2026-10-05 15:00'";
    "mingzhang.record.reversed.v1" "冲正" "a record counts for nothing" office
        [RECORD, CORRECTED_FOR, DECISION] "--record e00000000000000000000000001 --reason 检查发现不实";
    "mingzhang.points.granted.v1" "加分" "points are granted" office
        [MEMBER, CLAUSE, POINTS, DECISION] "--member 1001 --clause 5.1 --points 2";
    "mingzhang.points.deducted.v1" "扣分" "points are deducted" office
        [MEMBER, CLAUSE, POINTS, DECISION] "--member 1001 --clause 5.1 --points 1.5";
    "mingzhang.points.reset.v1" "清零" "a member's points of a period are reset" office
        [MEMBER, CLAUSE] "--member 1001 --clause 6.1";
    "mingzhang.points.vetoed.v1" "一票否决" "nothing is given to a member for the rest of a period" office
        [MEMBER, CLAUSE] "--member 1001 --clause 6.2";
    "mingzhang.decision.quashed.v1" "撤销清零、撤销否决" "a reset or a veto counts for nothing" office
        [need("decision", Value::Record("要撤销的清零或否决：回执上的编号  The reset or veto that is quashed: the id on its receipt")), need("reason", Value::word::<QuashingReason>())]
        "--decision e00000000000000000000000001 --reason 申诉成立";
    "mingzhang.scoring-rules.adopted.v1" "积分细则施行（另见 mingzhang rules adopt）" "rules are adopted; see `mingzhang rules adopt`" office
        [] "--data '{\"rules\":{…}}'";
    "mingzhang.month.frozen.v1" "月份冻结（另见 mingzhang month freeze）" "a month is frozen; see `mingzhang month freeze`" office
        [] "--data '{\"counts_no_shows\":true,\"month\":\"2026-10\",\"organization\":\"420902001\"}'";
    "mingzhang.disclosure.opened.v1" "公示（另见 mingzhang month disclose）" "a month is disclosed; see `mingzhang month disclose`" office
        [] "--data '{\"digest\":\"…\",\"month\":\"2026-10\",\"organization\":\"420902001\",\"root_hash\":\"…\",\"tree_size\":1,\"until\":\"2026-11-10\",\"working_days\":5}'";
    "mingzhang.objection.raised.v1" "提出异议（另见 mingzhang objection）" "an objection is raised; see `mingzhang objection`" office
        [need("subject", Value::Record("异议所指：记录或公示的编号  What is objected to: a record's or a disclosure's id")), MEMBER, need("ground", Value::word::<ObjectionGround>())]
        "--subject e00000000000000000000000001 --member 1001 --ground 时间不符";
    "mingzhang.objection.assigned.v1" "分派异议" "who is to decide an objection" office
        [OBJECTION, need("assignee", Value::Actor)] "--objection e00000000000000000000000001 --assignee r-0003";
    "mingzhang.objection.upheld.v1" "异议成立" "an objection is upheld" office
        [OBJECTION, may("clause", Value::Clause)] "--objection e00000000000000000000000001 --actor r-0003";
    "mingzhang.objection.dismissed.v1" "异议不成立" "an objection is dismissed" office
        [OBJECTION, need("reason", Value::word::<DismissalReason>()), may("clause", Value::Clause)]
        "--objection e00000000000000000000000001 --reason 记录属实 --actor r-0003";
    "mingzhang.objection.withdrawn.v1" "撤回异议" "an objection is withdrawn" office
        [OBJECTION] "--objection e00000000000000000000000001";
    "mingzhang.month.closed.v1" "月结（另见 mingzhang close）" "a month is closed; see `mingzhang close`" office
        [] "--data '{\"month\":\"2026-10\",\"organization\":\"420902001\"}'";
    "mingzhang.notice.issued.v1" "通报印发（另见 mingzhang notice）" "a notice is issued; see `mingzhang notice`" office
        [] "--data '{\"digest\":\"…\",\"month\":\"2026-10\",\"number\":\"…\",\"organization\":\"420902001\",\"root_hash\":\"…\",\"tree_size\":1}'";
    "mingzhang.document.issued.v1" "文书印发（登记文件摘要；通报见 mingzhang notice --issue --output）" "a file was given out: its digest; for notices see `mingzhang notice --issue --output`" service
        [] "--data '{\"digest\":\"…\",\"format\":\"csv\",\"kind\":\"register\",\"month\":\"2026-10\",\"organization\":\"420902001\",\"root_hash\":\"…\",\"tree_size\":1}' --evidence 双方确认";
    "mingzhang.identity.committed.v1" "身份承诺（登记姓名时自动作出）" "an identity is committed to; made whenever a name is recorded" office
        [] "--data '{\"member\":\"m0000000000001\",\"name_commitment\":\"…\"}'";
    "mingzhang.name-consent.given.v1" "公开姓名同意" "a member consents to the full name on notices" service
        [MEMBER] "--member 1001 --evidence 双方确认";
    "mingzhang.name-consent.withdrawn.v1" "撤回公开姓名同意" "a member withdraws that consent" office
        [MEMBER] "--member 1001";
    "mingzhang.person.erased.v1" "删除个人信息（另见 mingzhang person erase）" "a person is erased; see `mingzhang person erase`" office
        [] "--data '{\"member\":\"m0000000000001\"}'";
    "mingzhang.recording.suspended.v1" "暂停登记" "an actor's right to record is suspended" office
        [need("recorder", Value::Text), need("reason", Value::word::<SuspensionReason>()), may("until", Value::Date)]
        "--recorder w-0099 --reason 核查期间 --until 2026-12-31";
    "mingzhang.recording.restored.v1" "恢复登记" "an actor may record again" office
        [need("recorder", Value::Text)] "--recorder w-0099";
    "mingzhang.signing-key.rotated.v1" "签名密钥更换（只能用 mingzhang key rotate）" "the signing key is handed over; only by `mingzhang key rotate`" office
        [] "--data '{\"handover\":\"…\",\"new_key\":\"…\",\"old_key\":\"…\"}'";
}
