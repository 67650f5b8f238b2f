//! A notice with a register of so many members as PDF, fonts in memory already, and the memory that it takes at most.
//!
//! `cargo bench --bench document [-- ROWS…]` prints a table.

#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use jiff::civil::date;
use mingzhang::document::{Annex, Block, Cell, Column, Document, Fonts, Signature, Table, pdf};
use mingzhang_events::Points;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![200, 5_000, 50_000];
    }
    let started = Instant::now();
    let fonts = Fonts::find(Some(Path::new("fonts")), &[PathBuf::from("/usr/share/fonts")])
        .expect("apt-get install fonts-lxgw-wenkai fonts-noto-cjk");
    println!("finding and reading fonts  {:?}", started.elapsed());
    for rows in sizes {
        let document = document(rows);
        let started = Instant::now();
        let bytes = pdf(&document, &fonts).expect("a PDF");
        let (took, size) = (started.elapsed(), bytes.len() / 1_000);
        println!("{rows:6} rows  {took:>12?}  {size:6} kB  {} at most so far", memory_peak());
    }
}

fn memory_peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or("?".to_owned(), |peak| peak.trim().to_owned())
}

fn document(rows: usize) -> Document<'static> {
    let columns = [("名次", 3), ("党员", 4), ("编号尾号", 4), ("所在支部", 9), ("积分", 4), ("志愿时长", 4)];
    let row = move |place: usize| {
        let number = place as u64;
        vec![
            Cell::Count(number + 1),
            Cell::Name(["张*", "欧阳*", "䶮*", "上官云舒"][place % 4].to_owned()),
            Cell::Text(format!("{:04x}", place % 65_536)),
            Cell::Text(format!("书院社区第{}网格党支部", place % 9 + 1)),
            Cell::Points(Points::from_hundredths(i64::try_from(rows - place).expect("small"))),
            Cell::Minutes(number * 7 % 5_000),
        ]
    };
    let columns = columns.map(|(heading, width)| Column { heading: heading.to_owned(), width }).to_vec();
    Document {
        header: Some("书院街道积分每月通报".to_owned()),
        number: Some("〔2026〕10号".to_owned()),
        title: "关于2026年10月党员参与基层治理积分情况的通报".into(),
        addressees: Some("所辖各党组织，全体党员：".to_owned()),
        body: vec![Block::Paragraph("全月积分情况见附件。".to_owned())],
        signature: Some(Signature { body: "书院街道".to_owned(), date: date(2026, 11, 3), sealed: true }),
        anchor: None,
        annexes: vec![Annex {
            title: "党员积分排名".to_owned(),
            table: Table { description: "每名党员一行".to_owned(), columns, rows, row: Box::new(row) },
            notes: Vec::new(),
            last_sheet: false,
        }],
        dated: Some(date(2026, 11, 3)),
    }
}
