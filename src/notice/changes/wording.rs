//! Why a line changed, in words. The words are those of the closed lists; an entry holds no text about a person.

use super::ChangeCause;
use crate::notice::format::count;
use crate::notice::wording::Words;
use mingzhang_events::{CorrectionReason, EventId, Month, ObjectionGround, QuashingReason, ReturnReason};

/// The heading of what changed.
pub const HEADING: Words = Words::new("更正说明", "What was corrected");
/// Where nothing did.
pub const NOTHING: Words =
    Words::new("没有变化：两份通报的数字完全相同。", "Nothing changed: both notices have the same figures.");
/// Where the reasons come from.
pub const REASONS_NOTE: Words = Words::new(
    "依据是账本中的更正、冲正等记录，事由取自封闭的清单，不写姓名和经过；每条记录的编号可据以核对。",
    "Reasons are words of closed lists, taken from the entries named; no text about a person is recorded.",
);
/// Headings of the table of members.
pub const BEFORE: Words = Words::new("更正前", "Before");
/// Likewise.
pub const AFTER: Words = Words::new("更正后", "After");
/// Likewise.
pub const CAUSES: Words = Words::new("依据", "Why");
/// The figures of the whole organisation.
pub const WHOLE: Words = Words::new("总体数字", "Overall");
/// A line that is new.
pub const CAME: &str = "新列入";
/// A line that is no more.
pub const WENT: &str = "不再列入";

/// What was done.
fn act(act: &str) -> Words {
    match act {
        "recorded" => Words::new("补登", "entered"),
        "checked_out" => Words::new("补签退", "checked out"),
        "approved" => Words::new("审核通过", "approved"),
        "returned" => Words::new("退回", "returned"),
        "corrected" => Words::new("更正", "corrected"),
        "reversed" => Words::new("冲正", "reversed"),
        "quashed" => Words::new("撤销", "quashed"),
        "granted" => Words::new("加分", "points granted"),
        "deducted" => Words::new("扣分", "points deducted"),
        "transferred" => Words::new("组织关系转接", "transferred"),
        "reclassified" => Words::new("党员类别变更", "reclassified"),
        "exempted" => Words::new("免予报到", "exempted"),
        "left" => Words::new("退出花名册", "left the roster"),
        "enrolled" => Words::new("报到", "enrolled"),
        "enrollment_ended" => Words::new("报到终止", "enrolment ended"),
        other => Words { chinese: other.to_owned().into(), english: other.to_owned().into() },
    }
}

const fn correction(reason: CorrectionReason) -> Words {
    match reason {
        CorrectionReason::EnteredWrongly => Words::new("录入差错", "entered wrongly"),
        CorrectionReason::RecordedTwice => Words::new("重复登记", "recorded twice"),
        CorrectionReason::ObjectionUpheld => Words::new("异议成立", "objection upheld"),
        CorrectionReason::FoundUntrue => Words::new("检查发现不实", "found untrue"),
        CorrectionReason::ReturnedAndMended => Words::new("退回后补正", "returned and mended"),
    }
}

const fn returning(reason: ReturnReason) -> Words {
    match reason {
        ReturnReason::TimeWrong => Words::new("时间不符", "wrong time"),
        ReturnReason::MemberWrong => Words::new("人员不符", "wrong member"),
        ReturnReason::EvidenceMissing => Words::new("佐证不足", "evidence missing"),
        ReturnReason::RecordedTwice => Words::new("重复登记", "recorded twice"),
        ReturnReason::DidNotTakePlace => Words::new("未实际参加", "did not take place"),
    }
}

const fn quashing(reason: QuashingReason) -> Words {
    match reason {
        QuashingReason::Reviewed => Words::new("复核改变认定", "reviewed"),
        QuashingReason::AppealUpheld => Words::new("申诉成立", "appeal upheld"),
        QuashingReason::ProcedureWrong => Words::new("程序不当", "wrong procedure"),
    }
}

const fn ground(ground: ObjectionGround) -> Words {
    match ground {
        ObjectionGround::RecordMissing => Words::new("漏记", "record missing"),
        ObjectionGround::TimeWrong => Words::new("时间不符", "wrong time"),
        ObjectionGround::MemberWrong => Words::new("人员不符", "wrong member"),
        ObjectionGround::RecordedTwice => Words::new("重复登记", "recorded twice"),
        ObjectionGround::DidNotTakePlace => Words::new("未实际参加", "did not take place"),
        ObjectionGround::PointsWrong => Words::new("计分有误", "wrong points"),
    }
}

fn reason(cause: &ChangeCause) -> Option<Words> {
    let reason = cause.reason.as_deref()?;
    match &*cause.act {
        "returned" => reason.parse().ok().map(returning),
        "quashed" => reason.parse().ok().map(quashing),
        _ => reason.parse().ok().map(correction),
    }
}

/// `更正（异议成立：时间不符）`, without the entry.
pub fn cause_in_words(cause: &ChangeCause, of: Month) -> String {
    let mut because = Vec::new();
    if cause.month != of {
        because.push(cause.month.to_string());
    }
    because.extend(cause.ground.map(|of| format!("异议成立：{}", ground(of).chinese)));
    // That an objection was upheld is said with its ground.
    let reason = reason(cause).filter(|_| cause.ground.is_none() || cause.act == "quashed");
    because.extend(reason.map(|words| words.chinese.into_owned()));
    let act = act(&cause.act).chinese;
    if because.is_empty() { act.into_owned() } else { format!("{act}（{}）", because.join("，")) }
}

/// The ids that a cause names: `记录 e01… 异议 e02… 决定 e03…`.
pub fn ids_of(cause: &ChangeCause) -> Vec<(&'static str, EventId)> {
    let mut ids = vec![("记录", cause.event)];
    ids.extend(cause.objection.map(|objection| ("异议", objection)));
    ids.extend(cause.decision.map(|decision| ("决定", decision)));
    ids
}

/// Which notice another takes the place of.
pub fn supersedes(of: &super::Superseded) -> Words {
    let (number, size) = (&of.number, count(of.tree_size));
    Words {
        chinese: format!("本通报取代{number}通报。原通报依据账本最前面的{size}条记录，摘要为").into(),
        english: format!("In the place of {number}, which rested on the first {size} entries; its digest:").into(),
    }
}

/// How the ranks of those moved whose points stayed.
pub(super) fn shift_in_words(shift: &super::RankShift) -> String {
    let places = shift.by.unsigned_abs();
    let which = match shift.first == shift.last {
        true => format!("原第{}名", shift.first),
        false => format!("原第{}名至第{}名", shift.first, shift.last),
    };
    let way = if shift.by > 0 { "后移" } else { "前移" };
    format!("{which}（{}人）{way}{places}位", shift.members)
}
