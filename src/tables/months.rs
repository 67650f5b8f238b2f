//! 各组织各月: counts and rates; notices; objections.

use super::{Column, Each, Kind, Table, TableError, Value, Wanted};
use mingzhang_projections::Rate;

pub(super) const MONTHS: Table = Table {
    name: "months",
    chinese: "组织月度情况",
    english: "An organisation's month, with all below it. Rates and averages over fewer members than the rules allow to be published are left out",
    order: ("按月份，再按组织代码", "by month, then by organisation"),
    sources: &[
        "member.rostered",
        "member.transferred",
        "member.left",
        "member.exempted",
        "member.enrolled",
        "enrollment.ended",
        "hardship-pairing.formed",
        "hardship-pairing.ended",
        "sign-up.made",
        "check-in.recorded",
        "check-out.recorded",
        "attendance.recorded",
        "home-visit.made",
        "duty.served",
        "service.approved",
        "service.returned",
        "record.corrected",
        "record.reversed",
        "scoring-rules.adopted",
        "month.closed",
    ],
    columns: &[
        Column::new("month", Kind::Text, "月份", "such as `2026-10`"),
        Column::new("organization", Kind::Text, "组织代码", "its code"),
        Column::optional("closed_at", Kind::Instant, "月结时间", "when the month was closed; none while it is open"),
        Column::new("rostered", Kind::Count, "在册人数", "members on the roster at the month's last moment"),
        Column::new("due", Kind::Count, "应报到人数", "of them, those who weren't exempt then"),
        Column::new("points", Kind::Points, "积分合计", "earned in the month"),
        Column::optional("average_points", Kind::Points, "人均积分", "points ÷ due"),
        Column::new("voluntary_minutes", Kind::Minutes, "志愿服务时长", "of voluntary service"),
        Column::optional("enrollment", Kind::Percent, "报到率", "enrolled ÷ due"),
        Column::optional("pairing_sign_up", Kind::Percent, "结对报名率", "in a pairing ÷ due"),
        Column::optional("patrol_sign_up", Kind::Percent, "巡逻报名率", "signed up for a patrol ÷ due"),
        Column::optional("visit_participation", Kind::Percent, "走访参与率", "with an accepted visit ÷ due"),
        Column::optional("patrol_participation", Kind::Percent, "巡逻参与率", "with an accepted patrol ÷ due"),
        Column::optional("participation", Kind::Percent, "参与率", "with any accepted record ÷ due"),
        Column::new("accepted", Kind::Count, "有效记录", "records that count"),
        Column::new("pending", Kind::Count, "待审核记录", "records that wait for a review"),
        Column::new("returned", Kind::Count, "退回记录", "records that were returned"),
        Column::new("check_out_missing", Kind::Count, "未签退记录", "records without a check-out"),
        Column::new("home_visits", Kind::Count, "走访次数", "accepted home visits"),
    ],
    names_people: false,
    rows: months,
};

pub(super) const NOTICES: Table = Table {
    name: "notices",
    chinese: "通报",
    english: "An issued notice",
    order: ("按印发先后", "in the order of issue"),
    sources: &["notice.issued"],
    columns: &[
        Column::new("log_index", Kind::Count, "条目序号", "the entry that issued it, from 0"),
        Column::new("event", Kind::Text, "事件标识", "its id"),
        Column::new("organization", Kind::Text, "组织代码", "who issued it, and whom it is about"),
        Column::new("month", Kind::Text, "月份", "such as `2026-10`"),
        Column::new("number", Kind::Text, "文号", "its document number"),
        Column::new("issued_at", Kind::Instant, "印发时间", "when"),
        Column::new("tree_size", Kind::Count, "检查点条目数", "the size of the log that its figures rest on"),
        Column::new("root_hash", Kind::Text, "根哈希", "the root hash at that size, in hex"),
        Column::new("digest", Kind::Text, "通报摘要", "SHA-256 of its canonical JSON, in hex"),
        Column::optional("supersedes", Kind::Text, "取代的通报", "the notice that it supersedes"),
        Column::optional("superseded_by", Kind::Text, "被何通报取代", "the notice that supersedes it"),
    ],
    names_people: false,
    rows: notices,
};

pub(super) const OBJECTIONS: Table = Table {
    name: "objections",
    chinese: "异议",
    english: "An objection",
    order: ("按提出先后", "in the order in which they were raised"),
    sources: &[
        "objection.raised",
        "objection.assigned",
        "objection.upheld",
        "objection.dismissed",
        "objection.withdrawn",
    ],
    columns: &[
        Column::new("event", Kind::Text, "事件标识", "the event that raised it"),
        Column::new("month", Kind::Text, "月份", "the month that it is about"),
        Column::new("member", Kind::Text, "党员标识", "the member whose record or line it is about"),
        Column::optional("branch", Kind::Text, "支部代码", "the member's branch when it was raised"),
        Column::new("ground", Kind::Text, "事由", "what is said to be wrong"),
        Column::new("subject", Kind::Text, "对象", "the record, decision, disclosure or notice that it is about"),
        Column::new("raised_at", Kind::Instant, "提出时间", "when"),
        Column::optional("decide_until", Kind::Date, "决定期限", "the last local date for its decision"),
        Column::new("standing", Kind::Text, "状态", "`raised`, `assigned`, `upheld`, `dismissed` or `withdrawn`"),
    ],
    names_people: false,
    rows: objections,
};

fn months(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(codes) = wanted.models.organizations_ever_in(wanted.organization) else { return Ok(false) };
    let percent = |rate: Rate| Value::maybe(rate.percent_hundredths, |hundredths| Value::Hundredths(hundredths.into()));
    for month in wanted.models.active_months() {
        for &code in &codes {
            let Some(of) = wanted.models.organization_month(code, month) else { continue };
            if !of.organization.exists {
                continue;
            }
            each(&[
                Value::text(month),
                Value::text(code),
                Value::maybe(wanted.models.closed(code, month), |closed| Value::Instant(closed.closed_at)),
                Value::number(of.members.rostered),
                Value::number(of.members.due),
                Value::points(of.points),
                Value::maybe(of.average.points, Value::points),
                Value::number(of.voluntary_minutes),
                percent(of.rates.enrollment),
                percent(of.rates.pairing_sign_up),
                percent(of.rates.patrol_sign_up),
                percent(of.rates.visit_participation),
                percent(of.rates.patrol_participation),
                percent(of.rates.participation),
                Value::number(of.records.accepted),
                Value::number(of.records.pending),
                Value::number(of.records.returned),
                Value::number(of.records.check_out_missing),
                Value::number(of.records.home_visits),
            ])?;
        }
    }
    Ok(true)
}

fn notices(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(codes) = wanted.models.organizations_ever_in(wanted.organization) else { return Ok(false) };
    for notice in wanted.models.notices(None).into_iter().rev() {
        if codes.binary_search(&notice.organization).is_err() {
            continue;
        }
        each(&[
            Value::number(notice.log_index),
            Value::text(notice.id),
            Value::text(notice.organization),
            Value::text(notice.month),
            Value::text(notice.number),
            Value::Instant(notice.issued_at),
            Value::number(notice.tree_size),
            Value::text(notice.root_hash),
            Value::text(notice.digest),
            Value::maybe(notice.supersedes, Value::text),
            Value::maybe(notice.superseded_by, Value::text),
        ])?;
    }
    Ok(true)
}

fn objections(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(objections) = wanted.models.objections(wanted.organization, None) else { return Ok(false) };
    for objection in objections {
        each(&[
            Value::text(objection.id),
            Value::text(objection.month),
            Value::text(objection.member),
            Value::maybe(objection.branch, Value::text),
            Value::word(objection.ground.as_str()),
            Value::text(objection.subject),
            Value::Instant(objection.raised_at),
            Value::maybe(objection.decide_until, Value::Date),
            Value::word(objection.standing.as_str()),
        ])?;
    }
    Ok(true)
}
