//! A document that has something of everything, for tests of every format. Made up, and said to be so.

use super::{Anchor, Annex, Block, Cell, Charted, Column, Document, Signature, Table};
use crate::chart::{Chart, Form, Series, Text, Unit, Value};
use jiff::civil::date;
use mingzhang_events::Points;

/// Headings of [`register`].
const HEADINGS: [(&str, u16); 7] =
    [("名次", 3), ("姓名", 5), ("所在支部", 12), ("积分", 5), ("参与率", 5), ("时长", 5), ("日期", 6)];

/// A register of so many rows, of every kind of cell.
pub(crate) fn register(rows: usize) -> Table<'static> {
    let columns = HEADINGS.map(|(heading, width)| Column { heading: heading.to_owned(), width }).to_vec();
    let row = |row: usize| {
        let number = row as u64;
        let name = match row % 4 {
            0 => "䶮*",
            1 => "=HYPERLINK(\"http://x.example\")",
            2 => "上官云舒",
            _ => "张* <&>",
        };
        vec![
            Cell::Count(number + 1),
            Cell::Name(name.to_owned()),
            if row % 5 == 4 {
                Cell::Empty
            } else {
                Cell::Text(format!("书院社区第{}网格党支部", row % 9 + 1))
            },
            Cell::Points(Points::from_hundredths(123_456 - i64::try_from(row).expect("a small number") * 105)),
            if row % 3 == 2 {
                Cell::Withheld("＊")
            } else {
                Cell::Percent(10_000 - u32::try_from(row % 97).expect("below 97") * 103)
            },
            Cell::Minutes(1_830 + number * 7 % 5_000),
            Cell::Date(date(2026, 10, i8::try_from(row % 31).expect("below 31") + 1)),
        ]
    };
    Table { description: "每名党员一行".to_owned(), columns, rows, row: Box::new(row) }
}

/// A notice with a register of so many rows.
pub(crate) fn document(rows: usize) -> Document<'static> {
    let heading = |depth, text: &str| Block::Heading { depth, text: text.to_owned() };
    let paragraph = |text: &str| Block::Paragraph(text.to_owned());
    Document {
        header: Some("书院街道积分每月通报".to_owned()),
        number: Some("〔2026〕10号".to_owned()),
        title: "关于2026年10月党员参与基层治理积分情况的通报".into(),
        addressees: Some("所辖各党组织，全体党员：".to_owned()),
        body: vec![
            Block::Note("演示：党员和记录均为虚构".to_owned()),
            heading(1, "总体情况"),
            paragraph(
                "截至2026年10月31日24时，书院街道应报到党员1,028人，已报到985人，报到率95.82%；结对报名率41.93%，巡逻报名率62.94%。",
            ),
            heading(2, "各社区"),
            Block::Table(register(3)),
            heading(1, "口径 <甲> & \"乙\""),
            Block::Note("1. 应报到：当月最后一刻在花名册内、且当时未被免予报到的党员。".to_owned()),
            paragraph("特此通报。"),
        ],
        signature: Some(Signature {
            body: "中共书院街道工作委员会".to_owned(), date: date(2026, 11, 3), sealed: true
        }),
        anchor: Some(Anchor {
            origin: "ledger.shuyuan.example/2026".to_owned(),
            tree_size: 28_416,
            root_hash: "9f2c4a61b7d8e03552aa1c0f6e7b9d48c3f5a2e1907b64d8815cfe23a04b7d16".to_owned(),
            lines: vec!["通报摘要　0c".to_owned(), "未配置见证人。".to_owned()],
            code: "ledger.shuyuan.example/2026\n28416\nnyxKYbfY4DVSqhwPbnudSMP1ouGQe2TYgVz+I6BLfRY=".to_owned(),
        }),
        annexes: vec![Annex {
            title: "党员积分排名".to_owned(),
            table: register(rows),
            notes: vec!["未经本人同意，不公布姓名。".to_owned()],
            last_sheet: false,
        }],
        dated: Some(date(2026, 11, 3)),
    }
}

/// A report with a picture: shares of three series at three steps, the last of which may not be told.
pub(crate) fn charted() -> Document<'static> {
    let said = |chinese: &str| Text { chinese: chinese.to_owned(), english: "a chart".to_owned() };
    let value = |amount: Option<i64>| Value { amount, text: amount.map_or("＊".to_owned(), |of| of.to_string()) };
    let series =
        |name: &str, amounts: [Option<i64>; 3]| Series { name: said(name), values: amounts.map(value).to_vec() };
    let chart = Chart {
        id: "sample",
        title: said("佐证方式构成"),
        description: said("2026年8月至10月，各种佐证方式的记录"),
        form: Form::Shares,
        unit: Unit::Count,
        step: said("月份"),
        steps: ["8月", "9月", "10月"].map(str::to_owned).to_vec(),
        series: vec![
            series("现场扫码", [Some(1_826), Some(1_900), None]),
            series("见证 <&>", [Some(94), Some(0), None]),
            series("补录", [Some(58), Some(7), None]),
        ],
    };
    Document { body: vec![Block::Chart(Box::new(Charted::of(chart)))], annexes: Vec::new(), ..document(0) }
}
