//! Every fixed text of these documents in one place. Chinese only, as offices write them.

use mingzhang_events::{ActivityClass, AttendanceOutcome};

/// In what capacity members take part.
pub const fn class(class: ActivityClass) -> &'static str {
    match class {
        ActivityClass::Voluntary => "志愿服务",
        ActivityClass::Organized => "组织生活",
        ActivityClass::Duty => "值守",
    }
}

/// Whether a member was there.
pub const fn outcome(outcome: AttendanceOutcome) -> &'static str {
    match outcome {
        AttendanceOutcome::Attended => "出席",
        AttendanceOutcome::OnLeave => "请假",
        AttendanceOutcome::Absent => "缺席",
    }
}

/// On what isn't issued.
pub const DRAFT: &str = "查询件：未印发，不作为证明。";
/// Before the random number of an issued file.
pub const CODE: &str = "文书识别码：";
/// How whoever has the file checks it.
pub const CHECKING: &str = "核验文件：mingzhang check-document 文件，或将文件的 SHA-256 摘要附在公布单位网址 /v1/documents/ 之后查询；须是原文件。";
/// Beneath tables with members.
pub const NAMES: &str = "未经本人同意，不显示全名。“账目”为账本中的条目序号；时长为“小时:分”。";
/// What a statement's reader can do.
pub const HOW_TO_OBJECT: &str = "对以上任何一项有异议的，本人可在公示期内或通报印发后，向所在党支部或公布单位提出，注明日期和账目序号；没有账号的，由经办人代为提出。异议由没有经办、更正或审核过该记录的人决定，答复和更正均记入账本。";
/// Beneath a certificate.
pub const CERTIFICATE_NOTES: [&str; 3] = [
    "本证明依据《志愿服务记录与证明出具办法（试行）》（民政部令第67号）和《关于规范志愿服务记录证明工作的指导意见》（民发〔2015〕149号），应本人申请无偿出具。",
    "只计有效的志愿服务记录，以签到至签退的整分钟计，不含往返、休息和用餐；组织生活和值守不计入。",
    "证件类型和号码由出具单位核对本人证件后填写，账本不保存。",
];
/// For what is written by hand.
pub const BY_HAND: &str = "";
