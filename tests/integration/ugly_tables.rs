//! Tables as people and other programs make them (`tests/fixtures/import/ugly`): each comes to what its table of outcomes says, and
//! none, however it is damaged, brings the program down.

use crate::fuzz::{self, Damage, damaged, within_little};
use mingzhang::import::{
    Format, Households, Members, OrganizationContext, Organizations, Parsed, Reading, RecordContext, RosterContext,
    RowFault, Table, TableFile, Whom, marked_text, marked_workbook, organizations, records, roster, understood,
};
use mingzhang::ledger::Command;
use mingzhang_events::{HouseholdId, Instant, MemberId, OrganizationId};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import/ugly")
}

/// A file of the corpus.
pub(crate) fn path_of(name: &str) -> PathBuf {
    directory().join(name)
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(path_of(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Numbers from 1001 on are members; nobody is known by name.
struct Known;

impl Members for Known {
    fn fitting(&self, whom: &Whom) -> Vec<MemberId> {
        let number = whom.number.as_ref().and_then(|number| number.parse().ok());
        number.filter(|number| (1001..1005).contains(number)).map(MemberId).into_iter().collect()
    }
    fn whom(&self, _: MemberId) -> Whom {
        Whom::default()
    }
}

impl Organizations for Known {
    fn called(&self, _: &str) -> Vec<OrganizationId> {
        Vec::new()
    }
    fn name_above(&self, _: OrganizationId) -> Option<String> {
        None
    }
}

impl Households for Known {
    fn by_code(&self, _: &str) -> Option<HouseholdId> {
        None
    }
}

fn parse(file: &TableFile) -> Parsed {
    match file.table {
        Table::Organizations => {
            organizations(file, &OrganizationContext { known: &|_| false, since: Instant::EARLIEST })
        }
        Table::Roster => {
            let new_member = &mut || MemberId(1);
            roster(
                file,
                &mut RosterContext {
                    members: &Known,
                    organizations: &Known,
                    new_member,
                    renames: false,
                    gives_numbers: false,
                    since: None,
                },
            )
        }
        Table::Records => {
            let mut context = RecordContext {
                origin: "test.example",
                members: &Known,
                organizations: &Known,
                households: &Known,
                now: "2026-06-01T00:00:00Z".parse().expect("an instant"),
                occurred_at: &|_| None,
                new_household: &mut || HouseholdId(1),
            };
            records(file, &mut context)
        }
    }
}

fn table_named(name: &str) -> Table {
    [Table::Organizations, Table::Roster, Table::Records]
        .into_iter()
        .find(|table| table.as_str() == name)
        .unwrap_or_else(|| panic!("{name} is no table"))
}

/// `sheet=五月 year=2026`.
fn reading(options: &str) -> Reading {
    let mut reading = Reading::default();
    for option in options.split_whitespace() {
        match option.split_once('=') {
            Some(("sheet", name)) => reading.sheet = Some(name.to_owned()),
            Some(("year", year)) => reading.year = Some(year.parse().expect("a year")),
            Some(("header", line)) => reading.header_row = Some(line.parse().expect("a line")),
            _ => panic!("{option} is no option"),
        }
    }
    reading
}

/// `4 姓名 CellEmpty`.
fn told(faults: &[RowFault]) -> String {
    let reason = |fault: &RowFault| {
        let reason = format!("{:?}", fault.reason);
        reason.split([' ', '{']).next().unwrap_or_default().to_owned()
    };
    let told = |fault: &RowFault| format!("{} {} {}", fault.line, fault.column, reason(fault)).replace("  ", " ");
    faults.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// What a file comes to: its format, its sheet, the line of its header, how many rows and commands, what is left out, the faults.
fn outcome(read: &Result<TableFile, Vec<RowFault>>) -> [String; 7] {
    match read {
        Err(faults) => ["refused".to_owned(), told(faults)]
            .into_iter()
            .chain(std::iter::repeat_n(String::new(), 5))
            .collect::<Vec<_>>()
            .try_into()
            .expect("seven"),
        Ok(file) => {
            let parsed = parse(file);
            let format = match file.format {
                Format::Xlsx => "XLSX",
                Format::Xls => "XLS",
                Format::Text(encoding) => encoding.name(),
            };
            let left_out = parsed.left_out.iter().map(|(line, why, _)| format!("{line} {}", why.english()));
            [
                format.to_owned(),
                told(&parsed.faults),
                file.sheet_name.clone(),
                file.layout.header_line.to_string(),
                parsed.rows.to_string(),
                parsed.commands.len().to_string(),
                left_out.collect::<Vec<_>>().join("; "),
            ]
        }
    }
}

struct Expected {
    file: String,
    table: Table,
    options: String,
    outcome: [String; 7],
    same_as: String,
}

fn expected() -> Vec<Expected> {
    let table = bytes_of("expected.csv");
    let mut reader = csv::Reader::from_reader(&table[..]);
    let row = |record: csv::StringRecord| {
        let cell = |at: usize| record[at].to_owned();
        Expected {
            file: cell(0),
            table: table_named(&record[1]),
            options: cell(2),
            outcome: [3, 4, 5, 6, 7, 8, 9].map(cell),
            same_as: cell(10),
        }
    };
    reader.records().map(|record| row(record.expect("a row of expected.csv"))).collect()
}

fn facts(file: &TableFile) -> (Vec<Command>, Vec<mingzhang::import::NamedMember>) {
    let parsed = parse(file);
    let command = |(_, command)| Command { imported: None, ..command };
    (parsed.commands.into_iter().map(command).collect(), parsed.people)
}

#[test]
fn every_ugly_table_comes_to_what_is_expected_of_it() {
    let expected = expected();
    assert!(expected.len() >= 40, "{} tables", expected.len());
    let mut wrong = Vec::new();
    for case in &expected {
        let read = TableFile::open(case.table, &bytes_of(&case.file), &reading(&case.options));
        let outcome = outcome(&read);
        if outcome != case.outcome {
            wrong.push(format!(
                "{},{},{},{},{}",
                case.file,
                case.table.as_str(),
                case.options,
                outcome.join(","),
                case.same_as
            ));
        }
        if let (Ok(file), false) = (&read, case.same_as.is_empty()) {
            let clean =
                TableFile::open(case.table, &bytes_of(&case.same_as), &Reading::default()).expect("a clean table");
            assert_eq!(facts(file), facts(&clean), "{} says what {} says", case.file, case.same_as);
        }
    }
    assert!(wrong.is_empty(), "these came to something else:\n{}", wrong.join("\n"));
    for entry in std::fs::read_dir(directory()).expect("the directory") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        let listed = expected.iter().any(|case| case.file == name || case.same_as == name);
        assert!(listed || ["expected.csv", "make.py"].contains(&name.as_str()), "{name} isn't in expected.csv");
    }
}

#[test]
fn what_a_sheet_shows_otherwise_than_it_holds_is_told() {
    let open = |name: &str| TableFile::open(Table::Roster, &bytes_of(name), &Reading::default()).expect("a table");
    let file = open("roster-overlooked.xlsx");
    assert_eq!(file.hidden_and_struck(), (1, 1));
    let numbers: Vec<&str> = file.sheet.rows().skip(1).map(|row| row.cell(0).text).collect();
    assert_eq!(numbers, ["01001", "01002", "01003", "01004"], "1001 is shown as 01001, which may be another member");
    let plain = open("roster-numbers.xlsx");
    assert_eq!((plain.hidden_and_struck(), plain.sheet.row(1).expect("a row").cell(0).text), ((0, 0), "1001"));
}

#[test]
fn a_sheet_of_a_million_rows_is_refused() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory().expect("a sheet");
    for (place, header) in ["编号", "姓名", "支部代码", "类别", "入册日期"].into_iter().enumerate() {
        sheet.write_string(0, u16::try_from(place).expect("small"), header).expect("a cell");
    }
    for row in 1..1_048_576 {
        sheet.write_number(row, 0, row).expect("a cell");
    }
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let read = TableFile::open(Table::Roster, &bytes, &Reading::default());
    assert_eq!(outcome(&read)[..2], ["refused", "1 TooManyRows"]);
}

#[test]
fn a_copy_with_faults_is_read_as_the_file_was() {
    for case in expected() {
        let Ok(file) = TableFile::open(case.table, &bytes_of(&case.file), &reading(&case.options)) else { continue };
        let Some(first) = file.sheet.rows().find(|row| row.line > file.layout.header_line) else { continue };
        let faults = BTreeMap::from([(first.line, vec!["=姓名：不能为空".to_owned()])]);
        // Cells under no header are a fault in a text, whose separators may be wrong, and notes in a workbook.
        let mut before = facts(&file);
        if case.outcome[1].contains("CellWithoutHeader") {
            before =
                facts(&TableFile::open(case.table, &bytes_of("roster.csv"), &Reading::default()).expect("a table"));
        }
        for (kind, copy) in [("xlsx", marked_workbook(&file, &faults)), ("csv", Ok(marked_text(&file, &faults)))] {
            let copy = copy.unwrap_or_else(|error| panic!("{}: {error}", case.file));
            let reading = Reading { sheet: None, ..reading(&case.options) };
            let read = TableFile::open(case.table, &copy, &reading);
            let read = read.unwrap_or_else(|faults| panic!("{} as {kind}: {faults:?}", case.file));
            assert_eq!(facts(&read), before, "{} as {kind}", case.file);
            let beside = read.sheet.rows().find(|row| row.cells().any(|cell| cell.text.contains("不能为空")));
            assert!(beside.is_some(), "{} as {kind}: the fault stands nowhere", case.file);
        }
    }
}

/// The parts of a ZIP, or nothing if it is none.
fn parts_of(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let count = archive.len();
    let part = |at| {
        let mut part = archive.by_index(at).ok()?;
        let mut content = Vec::new();
        part.read_to_end(&mut content).ok()?;
        Some((part.name().ok()?.into_owned(), content))
    };
    (0..count).filter_map(part).collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        archive.start_file(name.as_str(), stored).expect("memory takes it");
        archive.write_all(content).expect("memory takes it");
    }
    archive.finish().expect("memory takes it").into_inner()
}

/// Everything that an import does with a file.
fn use_all(table: Table, bytes: &[u8]) {
    let Ok(file) = TableFile::open(table, bytes, &Reading { year: Some(2026), ..Reading::default() }) else { return };
    let parsed = parse(&file);
    assert!(parsed.commands.len() <= 3 * usize::try_from(parsed.rows).expect("few"));
    understood(&file, 5);
    let faults = BTreeMap::from([(file.layout.header_line + 1, vec!["=1".to_owned()])]);
    marked_text(&file, &faults);
    drop(marked_workbook(&file, &faults));
}

/// Which file of the corpus, and what of it is damaged.
#[derive(Clone, Debug, bolero::TypeGenerator)]
struct Damaged {
    which: u16,
    other: u16,
    part: u8,
    inside: bool,
    swapped: bool,
    damages: Vec<Damage>,
}

#[test]
fn a_damaged_file_is_refused_or_read_and_never_brings_the_program_down() {
    within_little("ugly_tables::a_damaged_file_is_refused_or_read_and_never_brings_the_program_down", || {
        bolero::check!()
            .with_type::<Damaged>()
            .with_test_time(fuzz::time())
            .for_each(|case: &Damaged| read_damaged(case));
    });
}

fn read_damaged(Damaged { which, other, part, inside, swapped, damages }: &Damaged) {
    let cases = expected();
    // Whole bombs take a while to unpack, damaged ones as well.
    let cases: Vec<_> = cases.iter().filter(|case| case.file != "bomb.xlsx").collect();
    let case = cases[usize::from(*which) % cases.len()];
    let mut bytes = bytes_of(&case.file);
    let mut parts = parts_of(&bytes);
    if *inside && !parts.is_empty() {
        let at = usize::from(*part) % parts.len();
        if *swapped {
            let others = parts_of(&bytes_of(&cases[usize::from(*other) % cases.len()].file));
            if let Some((_, content)) = others.into_iter().find(|(name, _)| *name == parts[at].0) {
                parts[at].1 = content;
            }
        }
        parts[at].1 = damaged(&parts[at].1, damages);
        bytes = zipped(&parts);
    } else {
        bytes = damaged(&bytes, damages);
    }
    use_all(case.table, &bytes);
}
