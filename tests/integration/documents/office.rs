//! Documents as LibreOffice opens them: it makes a PDF of each, and pdftotext reads that. Rules of templates as it works them out.

use super::fixture::Files;
use super::poppler;
use jiff::civil::date;
use mingzhang::document::{Annex, Cell, Column, Document, FontDirectory, Format, Table, render};
use mingzhang::import;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A register of so many rows.
fn register(rows: usize) -> Document<'static> {
    let columns = [("序号", 6), ("姓名", 8), ("日期", 14)];
    let columns = columns.map(|(heading, width)| Column { heading: heading.to_owned(), width }).to_vec();
    let row =
        |row: usize| vec![Cell::Count(row as u64 + 1), Cell::Name("=1+1".to_owned()), Cell::Date(date(2026, 10, 9))];
    let table = Table { description: "台账".to_owned(), columns, rows, row: Box::new(row) };
    Document {
        header: None,
        number: None,
        title: "台账".into(),
        addressees: None,
        body: Vec::new(),
        signature: None,
        anchor: None,
        annexes: vec![Annex { title: "台账".to_owned(), table, notes: Vec::new(), last_sheet: false }],
        dated: None,
    }
}

/// What LibreOffice makes of a file, beside it.
fn converted(path: &Path, options: &[&str]) {
    let directory = path.parent().expect("a directory");
    let profile = format!("-env:UserInstallation=file://{}", directory.join("profile").display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--norestore"])
        .args(options)
        .arg("--outdir")
        .args([&directory.join("converted"), path])
        .output()
        .expect("LibreOffice runs");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !complaint.to_lowercase().contains("error"), "{complaint}");
}

/// The pages that LibreOffice makes of a file, as text.
fn pages(path: &Path) -> Vec<String> {
    converted(path, &["--convert-to", "pdf"]);
    let name = path.with_extension("pdf");
    let pdf = path.with_file_name("converted").join(name.file_name().expect("a name"));
    let text = poppler("pdftotext", &["-layout"], &pdf);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// The rule of the template's column of minutes, for its first row.
fn rule_of_minutes() -> String {
    let template = import::template(import::Table::Records).expect("a template");
    let mut archive = zip::ZipArchive::new(Cursor::new(template)).expect("a package");
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet").read_to_string(&mut sheet).expect("UTF-8");
    let (_, custom) = sheet.split_once("type=\"custom\"").expect("a rule");
    let (_, rule) = custom.split_once("<formula1>").expect("its formula");
    let (rule, _) = rule.split_once("</formula1>").expect("its end");
    rule.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Without blanks, which depend on the fonts of the machine.
fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn a_notice_opens_with_every_line_of_its_register() {
    let files = Files::issued();
    for name in ["notice.docx", "notice.xlsx"] {
        let text = squeezed(&pages(&files.path(name)).concat());
        assert!(text.contains("关于2026年10月党员参与基层治理积分情况的通报"), "{name}: {text}");
        for (_, line) in files.members() {
            let tail = line["number_tail"].as_str().expect("digits");
            assert!(text.contains(tail), "{name}: {tail}");
        }
        assert!(text.contains(files.json["digest"].as_str().expect("a digest")), "{name}: {text}");
    }
}

#[test]
fn a_long_register_repeats_its_header_on_each_page_and_numbers_the_pages() {
    let directory = tempfile::tempdir().expect("a directory");
    for format in [Format::Docx, Format::Xlsx] {
        let path: PathBuf = directory.path().join(format!("register-{}.{0}", format.suffix()));
        std::fs::write(
            &path,
            render(&register(200), format, &FontDirectory::of_ledger(directory.path())).expect("written"),
        )
        .expect("written");
        let pages = pages(&path);
        let of_register: Vec<&String> = pages.iter().filter(|page| page.contains("2026-10-09")).collect();
        assert!(of_register.len() >= 3, "{} pages", of_register.len());
        for page in &of_register {
            assert!(squeezed(page).contains("序号姓名日期"), "{page}");
        }
        for (number, page) in (1..).zip(&pages).take(of_register.len()) {
            assert!(squeezed(page).contains(&format!("—{number}—")), "{number}: {page}");
        }
        // A formula would have been worked out.
        assert!(pages.concat().matches("=1+1").count() == 200);
    }
}

#[test]
fn a_template_takes_the_minutes_that_can_be_read_and_no_other_number() {
    let rule = rule_of_minutes();
    let (_, first) = rule.split_once("ISTEXT(").expect("it asks whether it is a text");
    let (first, _) = first.split_once(')').expect("of a cell");
    let cells = [
        ("2.5小时", true),
        ("150分钟", true),
        ("2小时30分", true),
        ("2:30", true),
        ("0.104", true),
        ("1", true),
        ("150", true),
        ("1440", true),
        ("0", false),
        ("-5", false),
        ("2.5", false),
        ("1441", false),
    ];
    // As text, LibreOffice works out what begins with `=`, and reads 2:30 as somebody's typing.
    let row = |(row, (cell, _)): (usize, &(&str, bool))| {
        format!("{cell},\"=IF({},\"\"taken\"\",\"\"refused\"\")\"\n", rule.replace(first, &format!("A{row}")))
    };
    let table: String = (1..).zip(&cells).map(row).collect();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("rule.csv");
    std::fs::write(&path, table).expect("written");
    let utf_8 = "44,34,76";
    let to = format!("csv:Text - txt - csv (StarCalc):{utf_8}");
    converted(&path, &[&format!("--infilter=CSV:{utf_8}"), "--convert-to", &to]);
    let worked_out = std::fs::read_to_string(directory.path().join("converted/rule.csv")).expect("a table");
    for ((cell, is_taken), line) in cells.iter().zip(worked_out.lines()) {
        let said = line.rsplit(',').next().expect("a cell");
        assert_eq!(said, if *is_taken { "taken" } else { "refused" }, "{cell}: {rule}");
    }
    assert_eq!(worked_out.lines().count(), cells.len());
}
