//! 支部台账: every record of an organisation's members in a month, one a row.

use super::common::{Content, Names, column, entries, entries_column, organizations, span, tail, text};
use super::wording;
use crate::document::{Annex, Block, Cell, Table, Title, count, hours_and_minutes};
use crate::notice::wording::{evidence, month_in_words, occasion, standing};
use mingzhang_events::{ActivityId, Month, OrganizationId};
use mingzhang_projections::{ReadModels, RegisterLine, Standing};
use std::collections::{BTreeMap, BTreeSet};

/// Who held each activity. The log has no title of it: who held it and when it began is what people know it by.
pub(super) struct Holders(BTreeMap<ActivityId, OrganizationId>);

impl Holders {
    /// Of the activities of a register.
    pub(super) fn of_lines(models: &ReadModels, lines: &[RegisterLine]) -> Holders {
        let activities: BTreeSet<ActivityId> = lines.iter().filter_map(|line| line.item.activity).collect();
        let held = activities.into_iter().filter_map(|activity| Some((activity, models.activity_holder(activity)?)));
        Holders(held.collect())
    }

    /// All of them.
    pub(super) fn organizations(&self) -> impl Iterator<Item = OrganizationId> {
        self.0.values().copied()
    }

    fn of(&self, line: &RegisterLine) -> Option<OrganizationId> {
        line.item.activity.and_then(|activity| self.0.get(&activity).copied())
    }
}

pub(super) fn content(
    organization: &str,
    month: Month,
    lines: Vec<RegisterLine>,
    holders: Holders,
    names: Names,
) -> Content {
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
        column("编号尾号", 3),
        organizations("支部", &names, lines.iter().map(|line| line.item.branch)),
        column("类型", 5),
        column("性质", 4),
        organizations("活动主办", &names, lines.iter().map(|line| holders.of(line))),
        column("起", 3),
        column("止", 5),
        column("时长", 3),
        column("佐证", 4),
        column("状态", 4),
        column("积分", 3),
        column("条款", 3),
        entries_column(lines.iter().map(|line| line.item.log_indexes.as_slice())),
    ];
    let description = title.to_string();
    let (rows, row) = (lines.len(), move |place: usize| row(&lines[place], &holders, &names));
    let annex = Annex {
        title: "台账".to_owned(),
        table: Table { description, columns, rows, row: Box::new(row) },
        notes: vec![wording::NAMES.to_owned()],
        last_sheet: false,
    };
    Content { title, number: None, body: vec![Block::Paragraph(summary)], annexes: vec![annex] }
}

fn row(line: &RegisterLine, holders: &Holders, names: &Names) -> Vec<Cell> {
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
        names.organization(holders.of(line)),
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
