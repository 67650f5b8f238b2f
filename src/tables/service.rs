//! 活动、报名、记录.

use super::{Column, Each, Kind, Table, TableError, Value, Wanted};

const LOG_INDEX: Column = Column::new("log_index", Kind::Count, "条目序号", "the entry that it begins with, from 0");
const KIND: Column = Column::new(
    "kind",
    Kind::Text,
    "种类",
    "`night_patrol`, `home_visit`, `meeting`, `duty`, `service`, `training` or `mobilization`",
);
const CLASS: Column = Column::new(
    "class",
    Kind::Text,
    "性质",
    "`voluntary`, `organized` or `duty`; only `voluntary` counts as voluntary time",
);

pub(super) const ACTIVITIES: Table = Table {
    name: "activities",
    chinese: "活动",
    english: "An activity that was scheduled",
    order: ("按条目序号", "by log index"),
    sources: &["activity.scheduled", "activity.cancelled"],
    columns: &[
        LOG_INDEX,
        Column::new("activity", Kind::Text, "活动标识", "its id"),
        Column::new("organization", Kind::Text, "组织代码", "the organisation that holds it"),
        KIND,
        CLASS,
        Column::optional("emergency_grade", Kind::Text, "突发事件级别", "the grade of the emergency that it answers"),
        Column::new("starts_at", Kind::Instant, "开始时间", "its planned start"),
        Column::new("minutes", Kind::Minutes, "计划时长", "its planned length"),
        Column::new("cancelled", Kind::Flag, "已取消", "whether it was cancelled"),
    ],
    names_people: false,
    rows: activities,
};

pub(super) const SIGN_UPS: Table = Table {
    name: "sign_ups",
    chinese: "报名",
    english: "A sign-up in force: those withdrawn aren't there",
    order: (
        "按党员当月事项首次登记的先后，同月内后登记的在前",
        "as the months of members first appeared in the log, within one the newest first",
    ),
    sources: &["sign-up.made", "sign-up.withdrawn"],
    columns: &[
        LOG_INDEX,
        Column::new("activity", Kind::Text, "活动标识", "for which activity"),
        Column::new("member", Kind::Text, "党员标识", "the member's opaque id"),
        Column::new("branch", Kind::Text, "支部代码", "the member's branch when the activity starts"),
    ],
    names_people: false,
    rows: sign_ups,
};

pub(super) const RECORDS: Table = Table {
    name: "records",
    chinese: "记录",
    english: "A record of service as it stands, corrected where it was",
    order: ("按条目序号", "by log index"),
    sources: &[
        "check-in.recorded",
        "check-out.recorded",
        "late-check-in.recorded",
        "attendance.recorded",
        "home-visit.made",
        "duty.served",
        "service.approved",
        "service.returned",
        "record.corrected",
        "record.reversed",
    ],
    columns: &[
        LOG_INDEX,
        Column::new("member", Kind::Text, "党员标识", "the member's opaque id"),
        Column::new("branch", Kind::Text, "支部代码", "the member's branch at its date"),
        KIND,
        CLASS,
        Column::optional("activity", Kind::Text, "活动标识", "at which activity, if it was one"),
        Column::new(
            "date",
            Kind::Date,
            "日期",
            "the local day that it counts on: of its activity's planned start, else of its own",
        ),
        Column::new("started_at", Kind::Instant, "开始时间", "when the service began"),
        Column::new("minutes", Kind::Minutes, "时长", "whole minutes; 0 as long as there is no check-out"),
        Column::new(
            "evidence",
            Kind::Text,
            "佐证方式",
            "`on_site_code`, `both_parties`, `attested`, `imported`, `back_entered` or `office`",
        ),
        Column::new(
            "standing",
            Kind::Text,
            "状态",
            "`accepted` if it counts, else why not, such as `pending` or `returned`",
        ),
    ],
    names_people: false,
    rows: records,
};

fn activities(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let listed = wanted.models.each_activity(wanted.organization, |row| {
        each(&[
            Value::number(row.log_index),
            Value::text(row.activity),
            Value::text(row.organization),
            Value::word(row.kind.as_str()),
            Value::word(row.class.as_str()),
            Value::maybe(row.emergency_grade, |grade| Value::word(grade.as_str())),
            Value::Instant(row.starts_at),
            Value::number(row.minutes),
            Value::Flag(row.cancelled),
        ])
    })?;
    Ok(listed.is_some())
}

fn sign_ups(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let listed = wanted.models.each_sign_up(wanted.organization, |row| {
        each(&[
            Value::number(row.log_index),
            Value::text(row.activity),
            Value::text(row.member),
            Value::text(row.branch),
        ])
    })?;
    Ok(listed.is_some())
}

fn records(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let listed = wanted.models.each_record(wanted.organization, |row| {
        each(&[
            Value::number(row.log_index),
            Value::text(row.member),
            Value::text(row.branch),
            Value::word(row.kind.as_str()),
            Value::word(row.class.as_str()),
            Value::maybe(row.activity, Value::text),
            Value::Date(row.date),
            Value::Instant(row.started_at),
            Value::number(row.minutes),
            Value::word(row.evidence.as_str()),
            Value::spelled(row.standing),
        ])
    })?;
    Ok(listed.is_some())
}
