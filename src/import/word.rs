//! The Chinese words of the closed lists. The stored spellings are accepted too.

use crate::import::fault::Reason;
use crate::import::text::plain;
use mingzhang_events::{
    ActivityClass, ActivityKind, AttendanceOutcome, CancellationReason, CorrectionReason, DismissalReason,
    EmergencyGrade, Evidence, ExemptionReason, LateCheckInReason, LeavingReason, MemberClass, ObjectionGround,
    OrganizationLevel, QuashingReason, ReturnReason, SuspensionReason,
};

/// A closed list with Chinese words.
pub trait Word: Copy + Eq + 'static {
    /// Each value, its stored spelling, and its Chinese words, the first of which is the one we write.
    const WORDS: &'static [(Self, &'static str, &'static [&'static str])];

    /// The value that a word stands for.
    fn read(text: &str) -> Result<Self, Reason> {
        let word = plain(text).replace(' ', "");
        let fits = |stored: &str, chinese: &[&str]| stored.eq_ignore_ascii_case(&word) || chinese.contains(&&*word);
        let found = Self::WORDS.iter().find(|(_, stored, chinese)| fits(stored, chinese));
        found.map(|&(value, ..)| value).ok_or_else(|| Reason::UnknownWord { known: Self::known() })
    }

    /// The Chinese word that we write.
    fn chinese(self) -> &'static str {
        Self::WORDS.iter().find(|(value, ..)| *value == self).map_or("", |(.., chinese)| chinese[0])
    }

    /// Every word that may be written: `出席 (attended)、请假 (on_leave)`.
    fn known() -> String {
        let words = Self::WORDS.iter().map(|(_, stored, chinese)| format!("{} ({stored})", chinese[0]));
        words.collect::<Vec<_>>().join("、")
    }
}

macro_rules! words {
    ($($name:ident { $($variant:ident: $($chinese:literal)|+),+ $(,)? })+) => {
        $(impl Word for $name {
            const WORDS: &'static [(Self, &'static str, &'static [&'static str])] =
                &[$(($name::$variant, $name::$variant.as_str(), &[$($chinese),+])),+];
        })+

        #[cfg(test)]
        pub(super) fn lists() -> Vec<(&'static str, usize, usize)> {
            vec![$((stringify!($name), $name::ALL.len(), <$name as Word>::WORDS.len())),+]
        }
    };
}

words! {
    OrganizationLevel {
        City: "市" | "市级" | "市委",
        County: "县" | "区" | "县区" | "县(区)" | "县级",
        Subdistrict: "街道" | "乡镇" | "乡" | "镇" | "街道党工委" | "乡镇党委",
        Community: "社区" | "村" | "社区党委" | "村党委",
        Branch: "支部" | "党支部" | "网格党支部",
        Group: "小组" | "党小组" | "楼栋党小组",
    }
    MemberClass {
        Resident: "社区党员" | "社区",
        InService: "在职党员" | "在职",
        Deployed: "下沉党员" | "下沉",
        Floating: "流动党员" | "流动",
    }
    LeavingReason {
        MovedAway: "组织关系转出" | "转出" | "组织关系转出本账",
        Died: "去世",
        LeftTheParty: "出党",
        RosteredInError: "登记有误",
    }
    ExemptionReason {
        Age: "年老体弱" | "年老",
        Illness: "因病" | "患病",
        Away: "外出流动" | "外出",
        Maternity: "孕产哺乳" | "孕产",
        Other: "其他",
    }
    ActivityKind {
        NightPatrol: "夜间巡逻" | "巡逻",
        HomeVisit: "走访",
        Meeting: "会议",
        Duty: "值守",
        Service: "志愿服务" | "服务",
        Training: "培训",
        Mobilization: "急难险重",
    }
    ActivityClass {
        Voluntary: "志愿服务" | "志愿",
        Organized: "组织生活",
        Duty: "值守",
    }
    EmergencyGrade {
        ExtremelySerious: "特别重大" | "一级" | "Ⅰ级",
        Serious: "重大" | "二级" | "Ⅱ级",
        Large: "较大" | "三级" | "Ⅲ级",
        Ordinary: "一般" | "四级" | "Ⅳ级",
    }
    QuashingReason {
        Reviewed: "复核改变认定" | "复核",
        AppealUpheld: "申诉成立",
        ProcedureWrong: "程序不当",
    }
    SuspensionReason {
        FalseRecords: "弄虚作假",
        UnderInvestigation: "核查期间" | "核查",
        RepeatedErrors: "屡次登记有误",
    }
    CancellationReason {
        Weather: "天气",
        TooFewMembers: "人数不足",
        PlanChanged: "计划变更",
        ScheduledInError: "登记有误",
    }
    LateCheckInReason {
        CodeFailed: "扫码故障",
        Forgotten: "忘记签到",
        Emergency: "紧急情况",
        OnPaper: "纸质签到",
    }
    AttendanceOutcome {
        Attended: "出席" | "到会" | "参加",
        OnLeave: "请假",
        Absent: "缺席",
    }
    ReturnReason {
        TimeWrong: "时间不符",
        MemberWrong: "人员不符",
        EvidenceMissing: "佐证不足",
        RecordedTwice: "重复登记",
        DidNotTakePlace: "未实际参加",
    }
    ObjectionGround {
        RecordMissing: "漏记",
        TimeWrong: "时间不符",
        MemberWrong: "人员不符",
        RecordedTwice: "重复登记",
        DidNotTakePlace: "未实际参加",
        PointsWrong: "计分有误",
    }
    DismissalReason {
        RecordConfirmed: "记录属实",
        EvidenceMissing: "佐证不足",
        RulesFollowed: "计分符合细则",
        CorrectedAlready: "已经更正",
    }
    CorrectionReason {
        EnteredWrongly: "录入差错",
        RecordedTwice: "重复登记",
        ObjectionUpheld: "异议成立",
        FoundUntrue: "检查发现不实",
        ReturnedAndMended: "退回后补正",
    }
    Evidence {
        OnSiteCode: "现场扫码",
        BothParties: "双方确认",
        Attested: "见证",
        Imported: "导入",
        BackEntered: "补录",
        Office: "系统登记",
    }
}
