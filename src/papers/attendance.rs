//! 出席记录: who was at one activity, who was on leave, who was absent.

use super::common::{Content, Names, column, entries, particulars, span, tail, text};
use super::wording;
use crate::document::{Annex, Block, Cell, Table};
use crate::notice::wording::{date_in_words, evidence, kind, standing};
use jiff::civil::Date;
use mingzhang_events::AttendanceOutcome;
use mingzhang_projections::{AttendanceSheet, SheetLine, Standing};

pub(super) fn content(sheet: AttendanceSheet, names: Names) -> Content {
    let counted = |outcome| {
        let of = |line: &&SheetLine| line.outcome == outcome && line.standing == Standing::Accepted;
        Cell::Count(sheet.lines.iter().filter(of).count() as u64)
    };
    let date = sheet.starts_at.local_date();
    let [from, until] = span(date, sheet.starts_at, sheet.planned_minutes);
    let summary = particulars(
        "活动和出席人数",
        vec![
            ("活动", text(sheet.activity.to_string())),
            ("类型", text(kind(sheet.kind).chinese)),
            ("性质", text(wording::class(sheet.class))),
            ("主办组织", names.organization(Some(sheet.organization))),
            ("日期", Cell::Date(date)),
            ("计划开始", from),
            ("计划结束", until),
            ("出席", counted(AttendanceOutcome::Attended)),
            ("请假", counted(AttendanceOutcome::OnLeave)),
            ("缺席", counted(AttendanceOutcome::Absent)),
        ],
    );
    let mut body = vec![Block::Table(summary)];
    if sheet.cancelled {
        body.push(Block::Paragraph("该活动已取消：任何人不因此得分或失分。".to_owned()));
    }
    let columns = vec![
        column("序号", 3),
        column("党员", 4),
        column("编号尾号", 4),
        column("支部", 8),
        column("情况", 3),
        column("到", 3),
        column("离", 4),
        column("时长", 3),
        column("佐证", 4),
        column("状态", 4),
        column("账目", 5),
    ];
    let title = format!("{}{}出席记录", date_in_words(date), kind(sheet.kind).chinese);
    let (description, lines) = (title.clone(), sheet.lines);
    let (rows, row) = (lines.len(), move |place: usize| row(place, date, &lines[place], &names));
    let annex = Annex {
        title: "出席名单".to_owned(),
        table: Table { description, columns, rows, row: Box::new(row) },
        notes: vec![wording::NAMES.to_owned()],
    };
    Content { title, number: None, body, annexes: vec![annex] }
}

fn row(place: usize, date: Date, line: &SheetLine, names: &Names) -> Vec<Cell> {
    let present = line.outcome == AttendanceOutcome::Attended;
    let [from, until] = if present { span(date, line.started_at, line.minutes) } else { [Cell::Empty, Cell::Empty] };
    vec![
        Cell::Count(place as u64 + 1),
        names.member(line.member),
        tail(line.member),
        names.organization(line.branch),
        text(wording::outcome(line.outcome)),
        from,
        until,
        if present { Cell::Minutes(line.minutes.into()) } else { Cell::Empty },
        text(evidence(line.evidence).chinese),
        text(standing(line.standing).chinese),
        entries(&line.log_indexes),
    ]
}
