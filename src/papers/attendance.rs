//! 出席记录: who was at one activity, who was on leave, who was absent.

use super::common::{Content, Names, column, entries, entries_column, organizations, particulars, span, tail, text};
use super::wording;
use crate::document::{Annex, Block, Cell, Table, Title, count};
use crate::notice::wording::{date_in_words, evidence, kind, standing};
use jiff::civil::Date;
use mingzhang_events::{AttendanceOutcome, Instant};
use mingzhang_projections::{AttendanceSheet, SheetLine, Standing};

/// When it is over, as planned.
pub(super) fn ends_at(sheet: &AttendanceSheet) -> Instant {
    sheet.starts_at.plus_minutes(sheet.planned_minutes.into())
}

pub(super) fn content(sheet: AttendanceSheet, code: Option<String>, names: Names, now: Instant) -> Content {
    let counted = |outcome| counted(sheet.lines.iter().filter(|line| line.outcome == outcome));
    let date = sheet.starts_at.local_date();
    let [from, until] = span(date, sheet.starts_at, sheet.planned_minutes);
    let summary = particulars(
        "活动和出席人数",
        vec![
            code.map_or_else(|| ("活动标识", text(sheet.activity.to_string())), |code| ("活动", text(code))),
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
    } else if now < ends_at(&sheet) {
        body.push(Block::Paragraph("该活动尚未结束：名单和人数仍会变动，结束以后才能印发。".to_owned()));
    }
    let columns = vec![
        column("序号", 3),
        column("党员", 4),
        column("编号尾号", 4),
        organizations("支部", &names, sheet.lines.iter().map(|line| line.branch)),
        column("情况", 3),
        column("到", 3),
        column("离", 5),
        column("时长", 3),
        column("佐证", 4),
        column("状态", 4),
        entries_column(sheet.lines.iter().map(|line| line.log_indexes.as_slice())),
    ];
    let title = Title::of(&[&*date_in_words(date), &kind(sheet.kind).chinese, "出席记录"]);
    let (description, lines) = (title.to_string(), sheet.lines);
    let (rows, row) = (lines.len(), move |place: usize| row(place, date, &lines[place], &names));
    let annex = Annex {
        title: "出席名单".to_owned(),
        table: Table { description, columns, rows, row: Box::new(row) },
        notes: vec![wording::NAMES.to_owned()],
        last_sheet: false,
    };
    Content { title, number: None, body, annexes: vec![annex] }
}

/// As many as are listed below: `12人，其中待审核3人；另有1人的记录无效`. What was returned or reversed says so in its row, and tells of nobody's being there.
fn counted<'a>(lines: impl Iterator<Item = &'a SheetLine>) -> Cell {
    let (mut accepted, mut pending, mut void) = (0, 0, 0);
    for line in lines {
        match line.standing {
            Standing::Accepted => accepted += 1,
            Standing::Pending | Standing::CheckOutMissing => pending += 1,
            Standing::Returned
            | Standing::Reversed
            | Standing::Quashed
            | Standing::ActivityCancelled
            | Standing::NotOnRoster => void += 1,
        }
    }
    let mut words = format!("{}人", count(accepted + pending));
    if pending > 0 {
        words.push_str(&format!("，其中待审核或未签退{}人", count(pending)));
    }
    if void > 0 {
        words.push_str(&format!("；另有{}人的记录不计，见名单“状态”", count(void)));
    }
    text(words)
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
