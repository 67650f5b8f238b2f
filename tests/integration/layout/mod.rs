//! The layout of GB/T 9704-2012, measured from the coordinates of the PDF itself by programs that we did not write.

#![expect(clippy::float_arithmetic, reason = "coordinates on paper are measured in points")]

mod paper;

use crate::documents::poppler;
use jiff::civil::date;
use mingzhang::document::{Anchor, Annex, Block, Cell, Column, Document, Fonts, Signature, Table, Title, pdf};
use mingzhang_events::Points;
use paper::{Line, MM, Page, Paper, read};
use std::path::{Path, PathBuf};

const ROWS: usize = 200;
/// A size within the resolution of a PDF.
const POINTS_OFF_MAX: f64 = 0.35;

fn near(measured: f64, wanted: f64) -> bool {
    (measured - wanted).abs() <= POINTS_OFF_MAX
}

fn member(place: usize) -> Vec<Cell> {
    let number = u64::try_from(place).expect("a small number");
    let names = ["张*", "䶮*", "喆堃*", "上官云舒", "祎赟*"];
    vec![
        Cell::Count(number + 1),
        Cell::Name(names[place % names.len()].to_owned()),
        Cell::Text(format!("{:04x}", place * 257)),
        Cell::Text(format!("书院社区第{}支部", place % 9 + 1)),
        Cell::Points(Points::from_hundredths(1_234_500 - i64::try_from(place).expect("small") * 105)),
        Cell::Percent(9_583),
        Cell::Minutes(1_830 + number),
    ]
}

fn document(sealed: bool) -> Document<'static> {
    let columns =
        [("名次", 3), ("党员", 4), ("编号尾号", 4), ("所在支部", 8), ("积分", 5), ("参与率", 4), ("志愿时长", 4)];
    let columns = columns.map(|(heading, width)| Column { heading: heading.to_owned(), width }).to_vec();
    let long = "书院街道应报到党员已报到的占全部应报到党员的比例与上月相比略有提高".repeat(30);
    let heading = |depth, text: &str| Block::Heading { depth, text: text.to_owned() };
    Document {
        header: Some("书院街道积分每月通报".to_owned()),
        number: Some("〔2026〕10号".to_owned()),
        title: "关于2026年10月党员参与基层治理积分情况的通报".into(),
        addressees: Some("所辖各党组织，全体党员：".to_owned()),
        body: vec![
            heading(1, "总体情况"),
            heading(2, "各社区"),
            Block::Paragraph(long),
            Block::Note("1. 应报到：当月最后一刻在花名册内的党员。".to_owned()),
            Block::Paragraph("特此通报。".to_owned()),
        ],
        signature: Some(Signature {
            body: "中共书院街道工作委员会".to_owned(), date: date(2026, 11, 3), sealed
        }),
        anchor: Some(Anchor {
            origin: "ledger.shuyuan.example/2026".to_owned(),
            tree_size: 28_416,
            root_hash: "9f2c4a61b7d8e03552aa1c0f6e7b9d48c3f5a2e1907b64d8815cfe23a04b7d16".to_owned(),
            lines: vec!["未配置见证人。".to_owned()],
            code: "ledger.shuyuan.example/2026\n28416\nnyxKYbfY4DVSqhwPbnudSMP1ouGQe2TYgVz+I6BLfRY=".to_owned(),
        }),
        annexes: vec![Annex {
            title: "党员积分排名".to_owned(),
            table: Table { description: "每名党员一行".to_owned(), columns, rows: ROWS, row: Box::new(member) },
            notes: vec!["未经本人同意，不公布姓名。".to_owned()],
            last_sheet: false,
        }],
        dated: Some(date(2026, 11, 3)),
    }
}

/// Kept until the test's process ends.
fn written(document: &Document<'_>, name: &str) -> PathBuf {
    let fonts = Fonts::find(None, &[PathBuf::from("/usr/share/fonts")])
        .expect("apt-get install fonts-lxgw-wenkai fonts-noto-cjk");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, pdf(document, &fonts).expect("a PDF")).expect("written");
    path
}

fn paper(sealed: bool, name: &str) -> Paper {
    read(&written(&document(sealed), name))
}

/// Lines of the body on a page: those of size 3 in the type area.
fn body(page: &Page) -> Vec<Line> {
    page.lines().into_iter().filter(|line| near(line.size, 16.0)).collect()
}

#[test]
fn pages_are_a4_and_nothing_leaves_the_type_area_but_the_page_number() {
    let paper = paper(true, "area.pdf");
    assert!(paper.pages.len() > 6, "{} pages", paper.pages.len());
    for page in &paper.pages {
        assert!(near(page.width, 210.0 * MM) && near(page.height, 297.0 * MM));
        let lines = page.lines();
        let (number, lines) = lines.split_last().expect("a page number");
        assert!(number.text.starts_with('—'), "{number:?}");
        for line in lines {
            assert!(line.left >= 28.0 * MM - POINTS_OFF_MAX, "{line:?}");
            assert!(line.right <= (210.0 - 26.0) * MM + POINTS_OFF_MAX, "{line:?}");
            assert!(line.baseline > 37.0 * MM && line.baseline < (297.0 - 35.0) * MM, "{line:?}");
        }
    }
}

#[test]
fn a_full_page_has_22_lines_of_28_characters() {
    let paper = paper(true, "grid.pdf");
    let lines = body(&paper.pages[1]);
    assert_eq!(lines.len(), 22);
    let full = lines.iter().filter(|line| line.characters() == 28).count();
    assert!(full >= 20, "{full} full lines");
    for pair in lines.windows(2) {
        let pitch = pair[1].baseline - pair[0].baseline;
        assert!((pitch - 225.0 * MM / 22.0).abs() < 0.05, "a pitch of {pitch} pt");
    }
    assert!(near(lines[0].left, 28.0 * MM) && near(lines[0].right, (210.0 - 26.0) * MM));
    // The first line stands at the top of the type area.
    assert!(near(lines[0].baseline - 0.88 * 16.0, 37.0 * MM), "{}", lines[0].baseline);
}

#[test]
fn each_part_has_its_face_and_size() {
    let paper = paper(true, "faces.pdf");
    let first = &paper.pages[0];
    for (text, face, size) in [
        ("关于2026年10月", "NotoSerifCJKsc-Bold", 22.0),
        ("〔2026〕10号", "LXGWWenKai-Regular", 16.0),
        ("所辖各党组织", "LXGWWenKai-Regular", 16.0),
        ("一、总体情况", "NotoSansCJKsc-Regular", 16.0),
        ("（一）各社区", "LXGWWenKai-Regular", 16.0),
        ("— 1 —", "NotoSerifCJKsc-Regular", 14.0),
    ] {
        let line = first.line(text);
        assert!(line.face.starts_with(face) && near(line.size, size), "{text}: {} {}", line.face, line.size);
    }
    let table = paper.pages.iter().flat_map(Page::lines).find(|line| line.text.contains("䶮*")).expect("a rare name");
    assert!(table.face.starts_with("LXGWWenKai-Regular"), "{table:?}");
}

#[test]
fn the_red_header_and_its_rule_stand_where_the_standard_puts_them() {
    let paper = paper(true, "header.pdf");
    let page = &paper.pages[0];
    let header = page.line("书院街道积分每月通报");
    // Its upper edge 35 mm below the type area's.
    assert!(near(header.baseline - 0.88 * header.size, (37.0 + 35.0) * MM), "{header:?}");
    let number = page.line("〔2026〕10号");
    let rule = page.drawn.iter().find(|drawn| near(drawn.2 - drawn.0, 156.0 * MM)).expect("the red rule");
    // 4 mm below the number.
    let below = (page.height - rule.1) - (number.baseline + 0.12 * 16.0);
    assert!((below - 4.0 * MM).abs() < 1.0, "{below} pt below the number");
}

#[test]
fn page_numbers_stand_outside_7_mm_below_the_type_area() {
    let paper = paper(true, "numbers.pdf");
    for (place, page) in (1..).zip(&paper.pages) {
        let number = page.line(&format!("— {place} —"));
        assert!(near(number.baseline - 0.88 * 14.0, (297.0 - 35.0 + 7.0) * MM), "{number:?}");
        // One character in; the dash is narrower than its square.
        let (left, right) = (number.left - 28.0 * MM, (210.0 - 26.0) * MM - number.right);
        let outside = if place % 2 == 1 { right } else { left };
        assert!((outside - 14.0).abs() < 3.0, "page {place}: {left} {right}");
    }
}

fn signed_by(sealed: bool, body: &str, name: &str) -> (Line, Line, f64) {
    let mut document = document(sealed);
    document.annexes.clear();
    document.signature = Some(Signature { body: body.to_owned(), date: date(2026, 11, 3), sealed });
    let paper = read(&written(&document, name));
    let mut lines: Vec<Line> = paper.pages.into_iter().flat_map(|page| page.lines()).collect();
    let place = lines.iter().position(|line| line.text == body).expect("the name");
    let last = lines[place - 1].baseline;
    let (name, date) = (lines.remove(place), lines.remove(place));
    assert_eq!(date.text, "2026年11月3日");
    assert!((date.baseline - name.baseline - 29.0).abs() < 0.1);
    let lines_between = (name.baseline - last) / 29.0;
    (name, date, lines_between)
}

/// The right edge of the type area.
const RIGHT: f64 = (210.0 - 26.0) * MM;

/// GB/T 9704-2012 §7.3.5.1.
#[test]
fn under_a_seal_the_date_stands_4_characters_in_and_the_name_above_its_middle() {
    for body in ["中共书院街道工作委员会", "书院街道"] {
        let (name, date, _) = signed_by(true, body, "sealed.pdf");
        assert!((RIGHT - date.right - 4.0 * 16.0).abs() < 0.6, "{body}: {} pt", RIGHT - date.right);
        assert!(((name.left + name.right) - (date.left + date.right)).abs() < 1.2, "{body}");
    }
    // Without room for it, the date gives way so that the name stays in the type area.
    let (name, _, _) = signed_by(true, "中共某某市某某区某某街道工作委员会党建工作办公室", "sealed-long.pdf");
    assert!(name.right <= RIGHT + POINTS_OFF_MAX, "{name:?}");
}

/// GB/T 9704-2012 §7.3.5.2.
#[test]
fn without_a_seal_the_name_stands_below_one_free_line_2_characters_in_and_the_date_begins_2_behind_it() {
    for body in ["中共书院街道工作委员会", "书院街道"] {
        let (name, date, lines) = signed_by(false, body, "unsealed.pdf");
        assert!((date.left - name.left - 2.0 * 16.0).abs() < 0.6, "{body}: {} pt", date.left - name.left);
        // The date is longer than the shorter name: then it is the date that stands two characters in.
        let right = if body.chars().count() > 7 { name.right } else { date.right };
        assert!((RIGHT - right - 2.0 * 16.0).abs() < 0.6, "{body}: {} pt", RIGHT - right);
        assert!((lines - 2.0).abs() < 0.05, "{body}: {lines} lines below the text");
    }
}

#[test]
fn a_title_is_parted_between_its_words_and_never_within_one() {
    for month in ["2026年5月", "2026年10月"] {
        let mut document = document(true);
        document.title = Title::of(&["关于", month, "党员参与", "基层治理", "积分情况的", "通报"]);
        let paper = read(&written(&document, "title.pdf"));
        let lines: Vec<String> =
            paper.pages[0].lines().into_iter().filter(|line| near(line.size, 22.0)).map(|line| line.text).collect();
        assert_eq!(lines, [format!("关于{month}党员参与"), "基层治理积分情况的通报".to_owned()]);
    }
}

/// GB/T 9704-2012 §7.3.5: no page that has nothing but seal and date.
#[test]
fn a_signature_has_text_on_its_page_and_a_table_some_rows() {
    for paragraphs in 0..10 {
        let mut document = document(true);
        let columns = vec![Column { heading: "项目".to_owned(), width: 8 }];
        let row = |row: usize| vec![Cell::Text(format!("第{row}行"))];
        let table = Table { description: "逐行".to_owned(), columns, rows: 12, row: Box::new(row) };
        let filling = (0..paragraphs).map(|_| Block::Paragraph("书院街道应报到党员已报到。".repeat(6)));
        let mut body: Vec<Block<'_>> = filling.collect();
        body.extend([Block::Table(table), Block::Paragraph("特此通报。".to_owned())]);
        document.body = body;
        let paper = read(&written(&document, "signature-page.pdf"));
        let signed = paper.pages.iter().find(|page| page.lines().iter().any(|line| line.text == "2026年11月3日"));
        assert!(signed.expect("a page").lines().iter().any(|line| line.text == "特此通报。"), "{paragraphs}");
        for page in &paper.pages {
            let rows =
                page.lines().iter().filter(|line| line.text.starts_with('第') && line.text.ends_with('行')).count();
            let begins = page.lines().iter().any(|line| line.text == "第0行");
            assert!(!begins || rows >= 3, "{paragraphs}: a page ends with {rows} rows");
        }
    }
}

#[test]
fn a_table_repeats_its_header_on_each_page_and_loses_no_row() {
    let pdf = written(&document(true), "table.pdf");
    let paper = read(&pdf);
    let header = "名次党员编号尾号所在支部积分参与率志愿时长";
    let of_table: Vec<&Page> = paper
        .pages
        .iter()
        .filter(|page| page.lines().iter().any(|line| line.text.contains("支部") && line.text.contains('%')))
        .collect();
    assert!(of_table.len() > 4, "{} pages", of_table.len());
    assert!(of_table.iter().all(|page| page.lines().iter().any(|line| line.text == header)));
    let rows: Vec<String> = of_table.iter().flat_map(|page| page.lines()).map(|line| line.text).collect();
    let without_blanks = |text: String| text.replace([' ', '\n', '\u{c}'], "");
    let raw = without_blanks(poppler("pdftotext", &["-raw", "-nopgbrk"], &pdf));
    for place in 0..ROWS {
        let written: String = member(place).iter().map(Cell::written).collect();
        assert!(rows.contains(&written), "{written}");
        assert!(raw.contains(&written), "pdftotext: {written}");
    }
}

#[test]
fn it_is_tagged_and_says_its_title_language_and_what_it_conforms_to() {
    let paper = paper(true, "tagged.pdf");
    assert!(paper.is_tagged && paper.shows_title);
    assert_eq!((&*paper.title, &*paper.language), ("关于2026年10月党员参与基层治理积分情况的通报", "zh-CN"));
    for (tag, least) in
        [("H1", 2), ("H2", 1), ("Table", 1), ("TH", 7), ("TD", 7 * ROWS), ("TR", ROWS + 1), ("Figure", 1)]
    {
        assert!(paper.tags.get(tag).is_some_and(|count| *count >= least), "{tag}: {:?}", paper.tags);
    }
    assert!(paper.metadata.contains("<pdfuaid:part>1<") && paper.metadata.contains("<pdfaid:part>2<"));
    assert!(paper.metadata.contains("<xmp:CreateDate>2026-11-03T00:00:00Z<"));
}

#[test]
fn every_font_is_embedded_as_a_subset_and_its_text_can_be_read_back() {
    let pdf = written(&document(true), "fonts.pdf");
    let fonts = poppler("pdffonts", &[], &pdf);
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(rows.len(), 4, "{fonts}");
    for row in rows {
        let columns: Vec<&str> = row.split_whitespace().collect();
        // … emb sub uni object ID
        assert_eq!(columns[columns.len() - 5..columns.len() - 2], ["yes", "yes", "yes"], "{row}");
    }
    assert!(std::fs::metadata(&pdf).expect("a file").len() < 900_000);
}

#[test]
fn an_annex_without_rows_has_its_title_and_its_heading() {
    let mut document = document(true);
    document.annexes[0].table.rows = 0;
    let text = poppler("pdftotext", &["-layout"], &written(&document, "empty.pdf"));
    // In the list of annexes and above the table.
    assert_eq!(text.matches("党员积分排名").count(), 2, "{text}");
    assert!(text.contains("参与率") && text.contains("未经本人同意"), "{text}");
}

/// GB/T 9704 7.4: a table that lies on its side.
#[test]
fn a_register_too_wide_for_an_upright_page_lies_on_its_side_in_the_same_type_area() {
    let mut document = document(true);
    let columns: Vec<Column> = (1..=16).map(|place| Column { heading: format!("第{place}栏"), width: 4 }).collect();
    let table = Table {
        description: "十六栏".to_owned(),
        columns,
        rows: 60,
        row: Box::new(|row| (0..16).map(|place| Cell::Count(row as u64 * 16 + place)).collect()),
    };
    document.annexes.push(Annex { title: "台账".to_owned(), table, notes: Vec::new(), last_sheet: false });
    let paper = read(&written(&document, "wide.pdf"));
    let on_side: Vec<&Page> = paper.pages.iter().filter(|page| page.width > page.height).collect();
    assert!(on_side.len() > 1 && on_side.len() < paper.pages.len(), "{}", on_side.len());
    for page in on_side {
        assert!(near(page.width, 297.0 * MM) && near(page.height, 210.0 * MM));
        let lines = page.lines();
        assert!(lines.iter().any(|line| line.text.contains("第16栏")), "the header is repeated");
        for line in lines.iter().filter(|line| !line.text.starts_with('—')) {
            assert!(line.left >= 37.0 * MM - POINTS_OFF_MAX && line.right <= (297.0 - 35.0) * MM + POINTS_OFF_MAX);
            assert!(line.baseline > 28.0 * MM && line.baseline < (210.0 - 26.0) * MM, "{line:?}");
        }
    }
}

#[test]
fn a_draft_without_a_date_is_for_readers_and_not_for_archives() {
    let mut document = document(true);
    (document.dated, document.signature) = (None, None);
    let paper = read(&written(&document, "undated.pdf"));
    assert!(paper.is_tagged && paper.metadata.contains("pdfuaid"), "{}", paper.metadata);
    assert!(!paper.metadata.contains("pdfaid"), "{}", paper.metadata);
}

/// 版记 (GB/T 9704-2012 §7.4) ends the last page; it isn't alone there, however long what stands above it is.
#[test]
fn no_page_has_the_imprint_and_nothing_of_the_document() {
    let is_imprint = |page: &Page| page.lines().iter().any(|line| line.text.starts_with("账本"));
    for rows in [1, 2, 3, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36] {
        for width in [8, 24] {
            let mut document = document(false);
            document.annexes[0].table.rows = rows;
            // The same on pages that lie on their side.
            document.annexes[0].table.columns[3].width = width;
            let paper = read(&written(&document, "imprint.pdf"));
            let last = paper.pages.last().expect("a page");
            assert!(is_imprint(last) && paper.pages.iter().filter(|page| is_imprint(page)).count() == 1, "{rows}");
            let with_rows = last.lines().iter().any(|line| line.text.contains('%'));
            assert!(with_rows, "{rows} rows, {width} wide");
        }
    }
    for paragraphs in 0..8 {
        let mut document = document(false);
        let filling = (0..paragraphs).map(|_| Block::Paragraph("书院街道应报到党员已报到。".repeat(6)));
        document.body = filling.chain([Block::Paragraph("特此通报。".to_owned())]).collect();
        document.annexes.clear();
        let paper = read(&written(&document, "imprint-signed.pdf"));
        let last = paper.pages.last().expect("a page");
        assert!(is_imprint(last) && last.lines().iter().any(|line| line.text == "特此通报。"), "{paragraphs}");
    }
}
