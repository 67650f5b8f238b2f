//! 支部台账: every record of an organisation's members in a month, one a row.

use super::common::{Content, Names, column, entries, span, tail, text};
use super::wording;
use crate::document::{Annex, Block, Cell, Table, Title, count, hours_and_minutes};
use crate::notice::wording::{evidence, month_in_words, occasion, standing};
use mingzhang_events::Month;
use mingzhang_projections::{RegisterLine, Standing};

pub(super) fn content(organization: &str, month: Month, lines: Vec<RegisterLine>, names: Names) -> Content {
    let title = Title::of(&[organization, &month_in_words(month), "台账"]);
    let accepted = lines.iter().filter(|line| line.item.standing == Standing::Accepted);
    let minutes: u64 = accepted.clone().map(|line| u64::from(line.item.minutes)).sum();
    let summary = format!(
        "本月共{}条，其中有效{}条，有效时长{}（小时:分）。",
        count(lines.len() as u64),
        count(accepted.count() as u64),
        hours_and_minutes(minutes),
    );
    let columns = vec![
        column("日期", 6),
        column("党员", 4),
        column("编号尾号", 4),
        column("支部", 8),
        column("类型", 5),
        column("性质", 4),
        column("活动", 9),
        column("起", 3),
        column("止", 5),
        column("时长", 3),
        column("佐证", 4),
        column("状态", 4),
        column("积分", 3),
        column("条款", 3),
        column("账目", 6),
    ];
    let description = title.to_string();
    let (rows, row) = (lines.len(), move |place: usize| row(&lines[place], &names));
    let annex = Annex {
        title: "台账".to_owned(),
        table: Table { description, columns, rows, row: Box::new(row) },
        notes: vec![wording::NAMES.to_owned()],
    };
    Content { title, number: None, body: vec![Block::Paragraph(summary)], annexes: vec![annex] }
}

fn row(line: &RegisterLine, names: &Names) -> Vec<Cell> {
    let item = &line.item;
    let [from, until] =
        if item.kind.is_some() { span(item.date, item.started_at, item.minutes) } else { [Cell::Empty, Cell::Empty] };
    vec![
        Cell::Date(item.date),
        names.member(line.member),
        tail(line.member),
        names.organization(item.branch),
        text(occasion(item.occasion, item.kind).chinese),
        item.class.map_or(Cell::Empty, |class| text(wording::class(class))),
        item.activity.map_or(Cell::Empty, |activity| text(activity.to_string())),
        from,
        until,
        Cell::Minutes(item.minutes.into()),
        item.evidence.map_or(Cell::Empty, |of| text(evidence(of).chinese)),
        text(standing(item.standing).chinese),
        Cell::Points(item.points),
        item.clause.map_or(Cell::Empty, |clause| text(clause.to_string())),
        entries(&item.log_indexes),
    ]
}
