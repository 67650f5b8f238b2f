//! A register of a whole city as an office keeps it: 200,000 rows of six typed cells as XLSX and as DOCX, and the most memory that was held.
//!
//! `cargo bench --bench office [-- ROWS]` prints a table. Memory is that of a process that has done nothing else.

#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use jiff::civil::date;
use mingzhang::document::{Annex, Cell, Column, Document, FontDirectory, Format, Table, render};
use mingzhang_events::Points;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, "alone", format, rows] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        let format = [Format::Xlsx, Format::Docx].into_iter().find(|known| known.suffix() == format);
        return measure(format.expect("a format"), rows.parse().expect("a number"));
    }
    let rows = arguments.iter().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(200_000_usize);
    for format in ["xlsx", "docx"] {
        let itself = std::env::current_exe().expect("a program");
        let output = Command::new(itself).args(["alone", format, &rows.to_string()]).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
}

fn measure(format: Format, rows: usize) {
    let started = Instant::now();
    let bytes = render(&register(rows), format, &FontDirectory::of_ledger(Path::new("."))).expect("written");
    let took = started.elapsed();
    let state = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let most = state.lines().find(|line| line.starts_with("VmHWM")).expect("the most memory held");
    let most = most.trim_start_matches("VmHWM:").trim();
    println!("{} {rows} rows  {took:?}  {} KiB written  {most} held", format.suffix(), bytes.len() / 1_024);
}

fn register(rows: usize) -> Document<'static> {
    let columns = ["名次", "姓名", "所在支部", "积分", "日期", "时长"];
    let columns = columns.map(|heading| Column { heading: heading.to_owned(), width: 5 }).to_vec();
    let row = |row: usize| {
        let number = row as u64;
        vec![
            Cell::Count(number + 1),
            Cell::Name(format!("示例{row}")),
            Cell::Text(format!("书院社区第{}网格党支部", row % 400)),
            Cell::Points(Points::from_hundredths(i64::try_from(row % 10_000).expect("small") * 5)),
            Cell::Date(date(2026, 10, i8::try_from(row % 31).expect("below 31") + 1)),
            Cell::Minutes(number * 7 % 6_000),
        ]
    };
    Document {
        header: None,
        number: None,
        title: "台账".into(),
        addressees: None,
        body: Vec::new(),
        signature: None,
        anchor: None,
        annexes: vec![Annex {
            title: "台账".to_owned(),
            table: Table { description: "台账".to_owned(), columns, rows, row: Box::new(row) },
            notes: Vec::new(),
            last_sheet: false,
        }],
        dated: None,
    }
}
