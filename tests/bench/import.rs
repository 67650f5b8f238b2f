//! Importing 100,000 rows, from the file to the durable commit, with the program as people run it: opening the ledger, reading,
//! matching members, recording, stopping. Rosters and records, as text and as workbook.
//!
//! `cargo bench --bench import [-- ROWS]` prints a table.

#![expect(clippy::print_stdout, reason = "a benchmark prints a table")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use std::path::Path;
use std::process::Command;
use std::time::Instant;

const BRANCH_MEMBERS: usize = 100;
const DAYS: usize = 25;

fn main() {
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000_usize);
    let place = tempfile::tempdir_in(std::env::current_dir().expect("a directory")).expect("a directory on disk");
    for kind in ["csv", "xlsx"] {
        let path = |name: &str| place.path().join(format!("{name}.{kind}")).display().to_string();
        let ledger = place.path().join(format!("ledger-{kind}")).display().to_string();
        let organizations = organizations(rows);
        write(Path::new(&path("organizations")), &organizations);
        write(Path::new(&path("roster")), &roster(rows));
        write(Path::new(&path("records")), &records(rows));
        run(&["init", &ledger, "--origin", "bench.example/import"]);
        run(&["import", "organizations", &path("organizations"), "--ledger", &ledger]);
        for table in ["roster", "records"] {
            let started = Instant::now();
            run(&["import", table, &path(table), "--ledger", &ledger]);
            println!("{table:8} {kind:5} {rows} rows  {:?}", started.elapsed());
            let started = Instant::now();
            run(&["import", table, &path(table), "--ledger", &ledger]);
            println!("{table:8} {kind:5} again        {:?}", started.elapsed());
        }
    }
}

fn run(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_mingzhang")).args(arguments).output().expect("the program runs");
    assert!(
        output.status.success(),
        "{arguments:?}:\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

type Rows = Vec<Vec<String>>;

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn branch(member: usize) -> String {
    format!("420902001001-{:04}", member / BRANCH_MEMBERS)
}

fn organizations(rows: usize) -> Rows {
    let mut table = vec![row(&["代码", "名称", "层级", "上级代码"])];
    table.push(row(&["420902001", "书院街道", "街道", ""]));
    table.push(row(&["420902001001", "书院社区", "社区", "420902001"]));
    table.extend((0..=(rows - 1) / BRANCH_MEMBERS).map(|number| {
        let code = branch(number * BRANCH_MEMBERS);
        row(&[&code, &format!("第{number}网格党支部"), "支部", "420902001001"])
    }));
    table
}

fn roster(rows: usize) -> Rows {
    let mut table = vec![row(&["编号", "姓名", "支部代码", "类别", "入册日期"])];
    let member = |number: usize| {
        row(&[&format!("{}", 100_000 + number), &format!("示例{number}"), &branch(number), "社区党员", "2026年1月1日"])
    };
    table.extend((0..rows).map(member));
    table
}

/// Duty on different days, so that nobody serves twice at a time: every other row rosters what the next one serves.
fn records(rows: usize) -> Rows {
    let mut table = vec![row(&["类型", "编号", "组织", "日期", "时间段", "佐证"])];
    table.extend((0..rows).map(|number| {
        let (served, duty) = (number % 2 == 1, number / 2);
        let (member, day) = (format!("{}", 100_000 + duty / DAYS), format!("2026-10-{:02}", duty % DAYS + 1));
        let (kind, span) = if served { ("值守", "上午8点半–下午5点") } else { ("值守排班", "") };
        row(&[kind, &member, "420902001001", &day, span, "见证"])
    }));
    table
}

fn write(path: &Path, rows: &Rows) {
    if path.extension().is_some_and(|extension| extension == "csv") {
        let text: String = rows.iter().map(|row| row.join(",") + "\n").collect();
        return std::fs::write(path, text).expect("a file");
    }
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().expect("a sheet");
    for (at, row) in (0_u32..).zip(rows) {
        for (place, cell) in (0_u16..).zip(row) {
            sheet.write_string(at, place, cell).expect("a cell");
        }
    }
    workbook.save(path).expect("a file");
}
