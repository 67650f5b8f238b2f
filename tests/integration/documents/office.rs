//! Documents as LibreOffice opens them: it makes a PDF of each, and pdftotext reads that.

use super::fixture::Files;
use super::poppler;
use jiff::civil::date;
use mingzhang::document::{Annex, Cell, Column, Document, FontDirectory, Format, Table, render};
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
        annexes: vec![Annex { title: "台账".to_owned(), table, notes: Vec::new() }],
        dated: None,
    }
}

/// The pages that LibreOffice makes of a file, as text.
fn pages(path: &Path) -> Vec<String> {
    let directory = path.parent().expect("a directory");
    let profile = format!("-env:UserInstallation=file://{}", directory.join("profile").display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir"])
        .args([directory, path])
        .output()
        .expect("LibreOffice runs");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !complaint.to_lowercase().contains("error"), "{complaint}");
    let text = poppler("pdftotext", &["-layout"], &path.with_extension("pdf"));
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
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
