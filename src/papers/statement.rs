//! 个人积分明细: every point of a member's month with its event, its clause and its day; the sum; how to object.

use super::common::{Content, Names, column, entries, entries_column, particulars, table, text};
use super::wording;
use crate::document::{Annex, Block, Cell, Column};
use crate::notice::Imprint;
use crate::notice::wording::{evidence, month_in_words, occasion, standing};
use mingzhang_projections::{ExplainedItem, MemberPoints};

pub(super) fn content(points: &MemberPoints, names: &Names, imprint: &Imprint) -> Content {
    let month = month_in_words(points.month);
    let rank = match (points.rank_in_branch, points.ranked_in_branch) {
        (Some(rank), Some(ranked)) => text(format!("第{rank}名，共{ranked}名")),
        _ => Cell::Withheld("—"),
    };
    let summary = particulars(
        "积分合计",
        vec![
            ("党员", text(names.in_words(points.member))),
            ("所在支部", names.organization(points.branch)),
            ("月份", text(month.clone())),
            ("积分合计", Cell::Points(points.total)),
            ("支部内名次", rank),
            ("志愿服务时长", Cell::Minutes(points.voluntary_minutes.into())),
            ("积分细则", points.rules_version.map_or(Cell::Empty, |version| text(version.to_string()))),
        ],
    );
    let mut body = vec![
        Block::Table(summary),
        Block::Heading { depth: 1, text: "如何提出异议".to_owned() },
        Block::Paragraph(wording::HOW_TO_OBJECT.to_owned()),
    ];
    if let Some(contact) = &imprint.letterhead.contact {
        body.push(Block::Paragraph(format!("{}{contact}", crate::notice::wording::CONTACT)));
    }
    let columns = vec![
        column("日期", 6),
        column("事项", 6),
        column("条款", 3),
        Column::fitting("条款名称", (5, 12), points.items.iter().map(|item| item.name.as_str())),
        column("时长", 3),
        column("封顶前", 3),
        column("积分", 3),
        column("佐证", 4),
        column("状态", 4),
        entries_column(points.items.iter().map(|item| item.log_indexes.as_slice())),
    ];
    let annex = Annex {
        title: "积分明细".to_owned(),
        table: table(format!("{month}积分逐项明细"), columns, points.items.iter().map(row).collect()),
        notes: vec![wording::NAMES.to_owned()],
        last_sheet: false,
    };
    Content { title: "个人积分明细".into(), number: None, body, annexes: vec![annex] }
}

fn row(item: &ExplainedItem) -> Vec<Cell> {
    vec![
        Cell::Date(item.date),
        text(occasion(item.occasion, item.kind).chinese),
        item.clause.map_or(Cell::Empty, |clause| text(clause.to_string())),
        text(item.name.clone()),
        Cell::Minutes(item.minutes.into()),
        Cell::Points(item.points_before_cap),
        Cell::Points(item.points),
        item.evidence.map_or(Cell::Empty, |of| text(evidence(of).chinese)),
        text(standing(item.standing).chinese),
        entries(&item.log_indexes),
    ]
}
