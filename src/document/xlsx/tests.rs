//! What a workbook holds, read from its parts: the values of the document, and nothing that runs.

use super::{HEIGHTS_MAX, SheetNames, xlsx};
use crate::document::samples::{document, register};
use crate::document::{Annex, Cell, Column, Table};
use calamine::{Data, DataType, ExcelDateTime, Reader, Xlsx, open_workbook_from_rs};
use jiff::civil::Date;
use mingzhang_events::Points;
use std::io::{Cursor, Read};

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook")
}

/// A part of the file, as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

#[expect(clippy::float_arithmetic, reason = "days, as a spreadsheet counts time")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
fn minutes_of(time: &ExcelDateTime) -> u64 {
    (time.as_f64() * 1_440.0).round() as u64
}

fn day_of(time: &ExcelDateTime) -> Date {
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    let [month, day] = [month, day].map(|part| i8::try_from(part).expect("a small number"));
    jiff::civil::date(i16::try_from(year).expect("a year"), month, day)
}

#[test]
fn every_cell_of_a_register_is_a_value_of_its_kind() {
    let mut workbook = opened(xlsx(&document(40), None).expect("written"));
    let sheet = workbook.worksheet_range("党员积分排名").expect("the register");
    let table = register(40);
    assert_eq!(sheet.height(), 41, "a header and the rows, and nothing beneath");
    for row in 0..table.rows {
        for (column, cell) in (table.row)(row).iter().enumerate() {
            let read = sheet.get((row + 1, column)).cloned().unwrap_or_default();
            let is = |digits: String| read.as_f64() == digits.parse().ok();
            let same = match cell {
                Cell::Empty => read == Data::Empty,
                Cell::Text(text) | Cell::Name(text) => read == Data::String(text.clone()),
                Cell::Withheld(mark) => read == Data::String((*mark).to_owned()),
                Cell::Count(count) => is(count.to_string()),
                Cell::Points(points) => is(points.to_string()),
                Cell::Percent(hundredths) => is(format!("{hundredths}e-4")),
                Cell::Minutes(minutes) => {
                    matches!(&read, Data::DateTime(time) if time.is_duration() && minutes_of(time) == *minutes)
                }
                Cell::Time(_) | Cell::Worded { .. } => unreachable!("the register has none"),
                Cell::Date(date) => {
                    matches!(&read, Data::DateTime(time) if !time.is_duration() && day_of(time) == *date)
                }
            };
            assert!(same, "row {row} column {column}: {read:?} for {cell:?}");
        }
    }
}

/// A workbook of one sheet with these cells below its header.
fn of_cells(cells: &[Cell]) -> Vec<u8> {
    let mut document = document(0);
    let columns = vec![Column { heading: "值".to_owned(), width: 3 }];
    let rows = cells.to_vec();
    document.annexes[0].table = Table {
        description: String::new(),
        columns,
        rows: rows.len(),
        row: Box::new(move |row| vec![rows[row].clone()]),
    };
    xlsx(&document, None).expect("written")
}

#[test]
fn a_time_of_day_is_a_part_of_its_day_and_before_that_day_a_text() {
    let bytes = of_cells(&[1_109, 0, 1_439, 1_520, -30].map(Cell::Time));
    let sheet = opened(bytes.clone()).worksheet_range("党员积分排名").expect("the sheet");
    let read = |row: u32| sheet.get_value((row, 0)).expect("a value").clone();
    for (row, minutes) in [(1, 1_109.0), (2, 0.0), (3, 1_439.0), (4, 1_520.0)] {
        let is_that = |time: &ExcelDateTime| !time.is_duration() && time.as_f64() == minutes / 1_440.0;
        assert!(matches!(&read(row), Data::DateTime(time) if is_that(time)), "{:?}", read(row));
    }
    assert_eq!(read(5), Data::String("前日23:30".to_owned()));
    let styles = part(&bytes, "xl/styles.xml");
    for shown in ["formatCode=\"hh:mm\"", "formatCode=\"&quot;次日&quot;hh:mm\""] {
        assert!(styles.contains(shown), "{shown}: {styles}");
    }
}

#[test]
fn what_is_printed_in_words_is_a_value_in_a_workbook() {
    let worded = |words: &str, value| Cell::Worded { words: words.to_owned(), value: Box::new(value) };
    let cells = [
        worded("95.83%（23/24）", Cell::Percent(9_583)),
        worded("4,681", Cell::Points(Points::from_hundredths(468_100))),
    ];
    let sheet = opened(of_cells(&cells)).worksheet_range("党员积分排名").expect("the sheet");
    let read = [1, 2].map(|row| sheet.get_value((row, 0)).and_then(Data::as_f64));
    assert_eq!(read, [Some(0.9583), Some(4_681.0)]);
}

#[test]
fn what_was_corrected_stands_behind_the_checkpoint() {
    let mut document = document(4);
    let changed = Annex { title: "更正明细".to_owned(), table: register(2), notes: Vec::new(), last_sheet: true };
    document.annexes.insert(0, changed);
    let workbook = opened(xlsx(&document, None).expect("written"));
    assert_eq!(workbook.sheet_names(), ["党员积分排名", "正文与口径", "检查点", "更正明细"]);
}

#[test]
fn a_text_that_begins_like_a_formula_stays_a_text_even_when_it_is_edited() {
    let bytes = xlsx(&document(4), None).expect("written");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("=HYPERLINK") && !sheet.contains("<f>") && !sheet.contains("<hyperlink"), "{sheet}");
    let style = sheet.split("<c ").find(|cell| cell.contains("=HYPERLINK")).and_then(|cell| cell.split("s=\"").nth(1));
    let style: usize = style.and_then(|style| style.split('"').next()).expect("a style").parse().expect("a number");
    let styles = part(&bytes, "xl/styles.xml");
    let formats = styles.split("<cellXfs").nth(1).expect("formats of cells");
    assert!(formats.split("<xf ").nth(style + 1).expect("the style").contains("quotePrefix=\"1\""), "{formats}");
}

#[test]
fn a_register_is_ready_to_filter_and_to_print() {
    let sheet = part(&xlsx(&document(40), None).expect("written"), "xl/worksheets/sheet1.xml");
    for part in [
        "state=\"frozen\"",
        "<autoFilter ref=\"A1:G41\"/>",
        "paperSize=\"9\"",
        "fitToHeight=\"0\"",
        "<oddFooter>&amp;C— &amp;P —</oddFooter>",
    ] {
        assert!(sheet.contains(part), "{part}: {sheet}");
    }
    let workbook = part(&xlsx(&document(40), None).expect("written"), "xl/workbook.xml");
    assert!(
        workbook.contains("<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">党员积分排名!$1:$1<"),
        "{workbook}"
    );
}

#[test]
fn what_it_says_and_what_it_rests_on_have_sheets_of_their_own() {
    let mut workbook = opened(xlsx(&document(4), None).expect("written"));
    assert_eq!(workbook.sheet_names(), ["党员积分排名", "正文与口径", "检查点"]);
    let mut said = |sheet: &str| -> Vec<String> {
        let range = workbook.worksheet_range(sheet).expect("the sheet");
        range.used_cells().map(|(_, _, cell)| cell.to_string()).collect()
    };
    let text = said("正文与口径");
    for line in [
        "关于2026年10月党员参与基层治理积分情况的通报",
        "一、总体情况",
        "（一）各社区",
        "2026年11月3日",
        "未经本人同意，不公布姓名。",
    ] {
        assert!(text.iter().any(|cell| cell == line), "{line}: {text:?}");
    }
    let checkpoint = said("检查点");
    for value in
        ["ledger.shuyuan.example/2026", "28416", "9f2c4a61b7d8e03552aa1c0f6e7b9d48c3f5a2e1907b64d8815cfe23a04b7d16"]
    {
        assert!(checkpoint.iter().any(|cell| cell == value), "{value}: {checkpoint:?}");
    }
}

#[test]
fn the_same_document_is_the_same_bytes_with_a_date_and_without() {
    for dated in [true, false] {
        let write = || {
            let mut document = document(200);
            document.dated = document.dated.filter(|_| dated);
            xlsx(&document, None).expect("written")
        };
        let (first, second) = (write(), write());
        assert!(first == second);
        let created = if dated { "2026-11-03T00:00:00Z" } else { "1980-01-01T00:00:00Z" };
        assert!(part(&first, "docProps/core.xml").contains(created));
    }
}

#[test]
fn a_sheet_has_a_name_that_spreadsheets_take_and_no_other_sheet_has() {
    let mut names = SheetNames::default();
    let long = "附表".repeat(20);
    let given = ["附表[1]: a/b", "附表1 ab", "", "'", &long, &long].map(|wanted| names.unused(wanted));
    assert_eq!(given[..4], ["附表1 ab", "附表1 ab（2）", "附件", "附件（2）"]);
    assert!(given.iter().all(|name| name.encode_utf16().count() <= 31) && given[4] != given[5]);
}

#[test]
fn an_annex_without_rows_is_a_header() {
    let mut document = document(0);
    document.annexes.push(Annex {
        title: "更正明细".to_owned(),
        table: register(0),
        notes: Vec::new(),
        last_sheet: false,
    });
    let mut workbook = opened(xlsx(&document, None).expect("written"));
    assert_eq!(workbook.worksheet_range("更正明细").expect("the annex").height(), 1);
}

#[test]
fn rows_are_as_high_as_their_texts_need_and_only_the_first_ten_thousand_are_remembered() {
    let long =
        |row: usize| vec![Cell::Text(if row.is_multiple_of(2) { "理由".repeat(20) } else { "理由".to_owned() })];
    let columns = vec![Column { heading: "理由".to_owned(), width: 10 }];
    let mut document = document(0);
    document.annexes[0].table =
        Table { description: "理由".to_owned(), columns, rows: HEIGHTS_MAX as usize + 2, row: Box::new(long) };
    let sheet = part(&xlsx(&document, None).expect("written"), "xl/worksheets/sheet1.xml");
    let has_height = |row: u32| {
        let row = sheet.split("<row ").find(|at| at.starts_with(&format!("r=\"{row}\""))).expect("the row");
        row.split('>').next().expect("its attributes").contains(" ht=")
    };
    assert_eq!([2, 3, HEIGHTS_MAX, HEIGHTS_MAX + 2].map(has_height), [true, false, true, false]);
}
