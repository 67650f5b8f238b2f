//! 积分: decisions, every item with its clause, and the sums by member and month.

use super::{Column, Each, Kind, Table, TableError, Value, Wanted};
use mingzhang_projections::ExplainedItem;

const MEMBER: Column = Column::new("member", Kind::Text, "党员标识", "the member's opaque id");
const MONTH: Column = Column::new("month", Kind::Text, "月份", "such as `2026-10`");
/// What points follow from.
const SOURCES: &[&str] = &[
    "scoring-rules.adopted",
    "check-in.recorded",
    "check-out.recorded",
    "late-check-in.recorded",
    "attendance.recorded",
    "home-visit.made",
    "duty.served",
    "sign-up.made",
    "service.approved",
    "service.returned",
    "record.corrected",
    "record.reversed",
    "points.granted",
    "points.deducted",
    "points.reset",
    "points.vetoed",
    "decision.quashed",
];

pub(super) const DECISIONS: Table = Table {
    name: "decisions",
    chinese: "加扣分决定",
    english: "A decision under a clause",
    order: ("按条目序号", "by log index"),
    sources: &[
        "points.granted",
        "points.deducted",
        "points.reset",
        "points.vetoed",
        "decision.quashed",
        "record.reversed",
    ],
    columns: &[
        Column::new("log_index", Kind::Count, "条目序号", "the entry that holds it, from 0"),
        Column::new("event", Kind::Text, "事件标识", "its id"),
        MEMBER,
        Column::new("branch", Kind::Text, "支部代码", "the member's branch then"),
        Column::new("occasion", Kind::Text, "事由", "`granted`, `deducted`, `reset` or `vetoed`"),
        Column::optional("clause", Kind::Text, "条款", "under which clause of the rules"),
        Column::optional("points", Kind::Points, "积分", "given or, below zero, taken; none for a reset or a veto"),
        Column::new("decided_at", Kind::Instant, "生效时间", "from when on"),
        Column::new("evidence", Kind::Text, "佐证方式", "how it was evidenced"),
        Column::optional("ended_by", Kind::Count, "撤销条目序号", "the entry that reversed or quashed it"),
    ],
    names_people: false,
    rows: decisions,
};

pub(super) const POINT_ITEMS: Table = Table {
    name: "point_items",
    chinese: "积分明细",
    english: "A fact of a member's month with what it gave or took; their sum is the month's points",
    order: ("按党员标识、月份，再按日期先后", "by member and month, then by its date"),
    sources: SOURCES,
    columns: &[
        MEMBER,
        MONTH,
        Column::optional("branch", Kind::Text, "支部代码", "where the member belonged at its date"),
        Column::new(
            "occasion",
            Kind::Text,
            "事由",
            "`service`, `leave`, `absence`, `no_show`, `granted`, `deducted`, `reset`, `vetoed` or `base`",
        ),
        Column::optional("kind", Kind::Text, "种类", "the kind of service; none for a decision"),
        Column::optional("class", Kind::Text, "性质", "in what capacity; none for a decision"),
        Column::new(
            "date",
            Kind::Date,
            "日期",
            "the local day that it counts on: of its activity's planned start, else of its own",
        ),
        Column::new("started_at", Kind::Instant, "开始时间", "when the service began, or the decision took effect"),
        Column::new("minutes", Kind::Minutes, "时长", "whole minutes of service"),
        Column::optional("clause", Kind::Text, "条款", "the clause that gives or takes, or by which nothing is given"),
        Column::new("points", Kind::Points, "积分", "given or, below zero, taken"),
        Column::new("points_before_cap", Kind::Points, "封顶前积分", "the same before caps"),
        Column::optional("evidence", Kind::Text, "佐证方式", "how it was evidenced"),
        Column::new("standing", Kind::Text, "状态", "`accepted` if it counts, else why not"),
        Column::new("log_indexes", Kind::Text, "依据条目", "the entries that it rests on, apart by blanks"),
    ],
    names_people: false,
    rows: point_items,
};

pub(super) const MEMBER_MONTHS: Table = Table {
    name: "member_months",
    chinese: "党员月度积分",
    english: "A member's month: the line that the notice of the organisation asked about prints",
    order: ("按月份，再按名次", "by month, then by rank"),
    sources: SOURCES,
    columns: &[
        MONTH,
        MEMBER,
        Column::optional("branch", Kind::Text, "支部代码", "the branch at the month's last moment; none after leaving"),
        Column::new("rank", Kind::Count, "名次", "within the organisation asked about; the same points, the same rank"),
        Column::new("points", Kind::Points, "积分", "earned there in the month"),
        Column::new("voluntary_minutes", Kind::Minutes, "志愿服务时长", "of voluntary service"),
    ],
    names_people: false,
    rows: member_months,
};

fn decisions(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let listed = wanted.models.each_decision(wanted.organization, |row| {
        each(&[
            Value::number(row.log_index),
            Value::text(row.id),
            Value::text(row.member),
            Value::text(row.branch),
            Value::spelled(row.occasion),
            Value::maybe(row.clause, Value::text),
            Value::maybe(row.points, Value::points),
            Value::Instant(row.decided_at),
            Value::word(row.evidence.as_str()),
            Value::maybe(row.ended_by, Value::number),
        ])
    })?;
    Ok(listed.is_some())
}

fn point_items(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Wanted { models, organization, .. } = *wanted;
    let Some(members) = models.members_ever_in(organization) else { return Ok(false) };
    for member in members {
        let months = models.member(member).map_or_else(Vec::new, |history| history.months);
        for points in months.into_iter().filter_map(|month| models.member_points(member, month)) {
            for item in &points.items {
                if item.branch.is_some_and(|branch| models.stands_below(branch, organization)) {
                    each(&row_of(item, &[Value::text(member), Value::text(points.month)]))?;
                }
            }
        }
    }
    Ok(true)
}

fn row_of(item: &ExplainedItem, of: &[Value; 2]) -> [Value; 15] {
    let [member, month] = of.clone();
    let entries: Vec<String> = item.log_indexes.iter().map(u64::to_string).collect();
    [
        member,
        month,
        Value::maybe(item.branch, Value::text),
        Value::spelled(item.occasion),
        Value::maybe(item.kind, |kind| Value::word(kind.as_str())),
        Value::maybe(item.class, |class| Value::word(class.as_str())),
        Value::Date(item.date),
        Value::Instant(item.started_at),
        Value::number(item.minutes),
        Value::maybe(item.clause, Value::text),
        Value::points(item.points),
        Value::points(item.points_before_cap),
        Value::maybe(item.evidence, |evidence| Value::word(evidence.as_str())),
        Value::spelled(item.standing),
        Value::text(entries.join(" ")),
    ]
}

fn member_months(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Wanted { models, organization, .. } = *wanted;
    for month in models.active_months() {
        let Some(ranking) = models.member_ranking(organization, month, None, usize::MAX) else { return Ok(false) };
        for row in ranking.rows {
            each(&[
                Value::text(month),
                Value::text(row.member),
                Value::maybe(row.branch, Value::text),
                Value::number(row.rank),
                Value::points(row.points),
                Value::number(row.voluntary_minutes),
            ])?;
        }
    }
    Ok(models.organizations_ever_in(organization).is_some())
}
