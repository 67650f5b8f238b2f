//! What a text document holds, read from its parts: the values of the document, and nothing that runs.

use super::{CELL_MARGINS, TYPE_AREA, TYPE_AREA_ON_SIDE, docx, signed};
use crate::document::samples::{charted, document, register};
use crate::document::{Annex, Block, Cell, Column, Document, Signature, Table, Title};
use jiff::civil::date;
use mingzhang_events::Points;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

/// What stands between `<w:t …>` and `</w:t>`, paragraph by paragraph.
fn paragraphs(xml: &str) -> Vec<String> {
    let text = |paragraph: &str| -> String {
        let runs = paragraph.split("<w:t").skip(1).filter(|run| run.starts_with([' ', '>']));
        let texts = runs.filter_map(|run| run.split_once('>')?.1.split_once("</w:t>"));
        texts
            .map(|(text, _)| {
                text.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"")
            })
            .collect()
    };
    xml.split("<w:p>").skip(1).map(text).collect()
}

#[test]
fn every_cell_of_a_register_is_written_as_people_write_it_and_no_name_is_markup() {
    let xml = part(&docx(&document(40)), "word/document.xml");
    let said = paragraphs(&xml);
    let table = register(40);
    let mut expected: Vec<String> = table.columns.iter().map(|column| column.heading.clone()).collect();
    for row in 0..table.rows {
        expected.extend((table.row)(row).iter().map(Cell::written));
    }
    assert!(said.windows(expected.len()).any(|window| window == expected), "{said:?}");
    assert!(expected.iter().any(|cell| cell == "张* <&>"));
}

#[test]
fn every_table_repeats_its_header_and_breaks_no_row() {
    let xml = part(&docx(&document(40)), "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 2, "the table in the text and the annex");
    assert_eq!(xml.matches("<w:tr>").count(), xml.matches("<w:cantSplit/>").count());
}

#[test]
fn every_style_that_is_used_is_there() {
    let bytes = docx(&document(3));
    let styles = part(&bytes, "word/styles.xml");
    let mut used = BTreeSet::new();
    for name in ["word/document.xml", "word/footer-odd.xml", "word/footer-even.xml"] {
        let xml = part(&bytes, name);
        for tag in ["<w:pStyle w:val=\"", "<w:tblStyle w:val=\""] {
            used.extend(xml.split(tag).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    assert!(used.len() > 15, "{used:?}");
    for style in used {
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
}

#[test]
fn the_page_is_that_of_the_standard() {
    let bytes = docx(&document(3));
    let xml = part(&bytes, "word/document.xml");
    // 37, 26, 35 and 28 mm in twentieths of a point; what is left is 156 × 225 mm, 22 lines of 28.95 pt.
    assert!(xml.contains("w:top=\"2098\" w:right=\"1474\" w:bottom=\"1985\" w:left=\"1588\""));
    assert_eq!(11_906 - 1_474 - 1_588, TYPE_AREA);
    let styles = part(&bytes, "word/styles.xml");
    let body = styles.split("w:styleId=\"Normal\"").nth(1).and_then(|rest| rest.split("</w:style>").next());
    let body = body.expect("the style of the body");
    assert!(body.contains("w:line=\"579\" w:lineRule=\"exact\"") && 22 * 579 <= 16_838 - 2_098 - 1_985);
    // 28 characters of 16 pt, each drawn in by a quarter of a point, fit a line, and no 29th.
    assert!(body.contains("<w:spacing w:val=\"-5\"/>") && 28 * (320 - 5) <= TYPE_AREA && 29 * (320 - 5) > TYPE_AREA);
    assert!(part(&bytes, "word/settings.xml").contains("<w:evenAndOddHeaders/>"));
    assert!(part(&bytes, "word/footer-odd.xml").contains(" PAGE "));
}

/// GB/T 9704-2012 §7.3.5.1 and §7.3.5.2.
#[test]
fn under_a_seal_the_name_is_centred_above_the_date_and_without_one_the_date_begins_two_characters_behind_it() {
    // `2026年11月3日`: seven digits of half a character and three characters.
    let date = 320 * 3 + 160 * 7;
    for body in ["中共书院街道工作委员会", "书院社区", "中共某某市某某区某某街道工作委员会党建办公室"]
    {
        let name = 320 * body.chars().count();
        let (name_right, date_right) = signed_by(true, body);
        assert_eq!(name_right + name / 2, date_right + date / 2, "{body}");
        assert_eq!(date_right, (4 * 320).max(name.saturating_sub(date) / 2), "{body}");
        let (name_right, date_right) = signed_by(false, body);
        assert_eq!(name_right + name, date_right + date + 2 * 320, "{body}: the date begins two behind the name");
        assert_eq!(if date > name { date_right } else { name_right }, 2 * 320, "{body}");
    }
}

fn signed_by(sealed: bool, body: &str) -> (usize, usize) {
    let signature = Signature { body: body.to_owned(), date: date(2026, 11, 3), sealed };
    let [first, second] = signed(&signature);
    (first.right, second.right)
}

#[test]
fn a_register_that_is_too_wide_lies_on_its_side_in_a_section_of_its_own_and_the_annexes_are_listed() {
    let mut wide = document(3);
    let columns: Vec<Column> = (0..15).map(|_| Column { heading: "项目".to_owned(), width: 5 }).collect();
    let row = |_| vec![Cell::Text("次日00:23".to_owned()); 15];
    let table = Table { description: "台账".to_owned(), columns, rows: 4, row: Box::new(row) };
    wide.annexes.push(Annex { title: "台账".to_owned(), table, notes: Vec::new(), last_sheet: false });
    let xml = part(&docx(&wide), "word/document.xml");
    let sections: Vec<bool> =
        xml.split("<w:sectPr>").skip(1).map(|section| section.contains("w:orient=\"landscape\"")).collect();
    assert_eq!(sections, [false, true], "upright up to the first annex, then on its side");
    let grids: Vec<usize> = xml
        .split("<w:tblGrid>")
        .skip(1)
        .map(|grid| {
            let grid = grid.split("</w:tblGrid>").next().expect("a grid");
            let width = |rest: &str| rest.split('"').next()?.parse::<usize>().ok();
            grid.split("w:w=\"").skip(1).filter_map(width).sum()
        })
        .collect();
    assert!(grids.iter().all(|&width| width <= TYPE_AREA_ON_SIDE) && grids[2] > TYPE_AREA, "{grids:?}");
    let said = paragraphs(&xml);
    let listed = said.iter().position(|line| line == "附件：1. 党员积分排名").expect("the list of annexes");
    assert_eq!(said[listed + 1..listed + 3], ["2. 台账", "中共书院街道工作委员会"]);
}

/// Elsewhere the font is another, whose digits are 0.6 of a character wide.
#[test]
fn no_figure_is_wider_than_its_column_in_a_wider_font() {
    let mut narrow = document(0);
    let columns = [10, 10, 4, 3, 3].map(|width| Column { heading: "项".to_owned(), width }).to_vec();
    let cells = [Cell::Percent(10_000), Cell::Points(Points::from_hundredths(-12_345)), Cell::Time(1_520)];
    let figures = cells.clone();
    let row = move |_| [[Cell::Empty, Cell::Empty].as_slice(), &figures].concat();
    narrow.body = vec![Block::Table(Table { description: String::new(), columns, rows: 1, row: Box::new(row) })];
    let xml = part(&docx(&narrow), "word/document.xml");
    let table = xml.split("<w:tbl>").nth(1).expect("the table");
    let numbers = |tag: &str| -> Vec<usize> {
        table
            .split(tag)
            .skip(1)
            .map(|rest| rest.split('"').next().expect("a number").parse().expect("a number"))
            .collect()
    };
    let (widths, size) =
        (numbers("<w:gridCol w:w=\""), numbers("<w:sz w:val=\"").first().map_or(210, |size| 10 * size));
    for (cell, width) in cells.iter().zip(&widths[2..]) {
        let tenths = |character: char| if character.is_ascii() && character != '%' { 6 } else { 9 };
        let wide: usize = cell.written().chars().map(tenths).sum();
        assert!(wide * size / 10 <= width - CELL_MARGINS, "{cell:?}: {wide} tenths of {size} in {width}");
    }
    assert!(widths.iter().sum::<usize>() <= TYPE_AREA, "{widths:?}");
}

/// GB/T 9704-2012 §7.3.5: no page that has nothing but seal and date.
#[test]
fn what_stands_last_stays_with_the_signature() {
    let xml = part(&docx(&document(1)), "word/document.xml");
    let last = xml.split("<w:p>").find(|paragraph| paragraph.contains("特此通报。")).expect("the last paragraph");
    assert!(last.contains("<w:keepNext/>"), "{last}");
}

#[test]
fn a_title_is_parted_between_its_words() {
    let mut parted = document(1);
    parted.title = Title::of(&["关于", "2026年5月", "党员参与", "基层治理", "积分情况的", "通报"]);
    let xml = part(&docx(&parted), "word/document.xml");
    assert!(xml.contains("关于2026年5月党员参与</w:t></w:r><w:r><w:br/><w:t xml:space=\"preserve\">基层治理"), "{xml}");
}

#[test]
fn the_same_document_is_the_same_bytes_compressed_and_dated_as_it_is() {
    let (first, second) = (docx(&document(500)), docx(&document(500)));
    assert!(first == second);
    let core = part(&first, "docProps/core.xml");
    assert!(core.contains("2026-11-03T00:00:00Z") && core.contains("关于2026年10月"), "{core}");
    let xml = part(&first, "word/document.xml");
    assert!(first.len() * 10 < xml.len(), "{} bytes for {}", first.len(), xml.len());
}

#[test]
fn a_plain_document_has_no_header_number_signature_or_code() {
    let mut plain = document(1);
    (plain.header, plain.number, plain.addressees, plain.signature, plain.anchor, plain.dated) = Default::default();
    plain.title = "清单\u{0}\u{b}与 & <说明>".into();
    let bytes = docx(&plain);
    let xml = part(&bytes, "word/document.xml");
    assert_eq!(paragraphs(&xml)[0], "清单  与 & <说明>");
    assert!(!xml.contains("IssuingBody") && !xml.contains("Signature") && !xml.contains("rId5"));
    assert!(!part(&bytes, "word/_rels/document.xml.rels").contains("rId5"));
    assert!(zip::ZipArchive::new(Cursor::new(&bytes)).expect("an archive").by_name("word/media/code.png").is_err());
}

#[test]
fn a_picture_is_a_chart_of_the_same_figures_and_draws_nothing_where_there_is_none() {
    let bytes = docx(&charted());
    let chart = part(&bytes, "word/charts/chart1.xml");
    let drawn: Vec<&str> =
        chart.split("<c:numLit>").skip(1).map(|of| of.split_once("</c:numLit>").expect("its end").0).collect();
    let values = |drawn: &str| -> Vec<String> {
        let points = drawn.split("<c:pt idx=\"").skip(1);
        points.map(|point| point.replace("\"><c:v>", "=").split_once('<').expect("its end").0.to_owned()).collect()
    };
    assert_eq!(
        drawn.iter().map(|of| values(of)).collect::<Vec<_>>(),
        [["0=1826", "1=1900"], ["0=94", "1=0"], ["0=58", "1=7"]]
    );
    assert!(
        chart.contains("<c:v>见证 &#60;&#38;&#62;</c:v>") && chart.contains("<c:grouping val=\"percentStacked\"/>"),
        "{chart}"
    );
    let xml = part(&bytes, "word/document.xml");
    assert!(xml.contains("descr=\"佐证方式构成：2026年8月至10月，各种佐证方式的记录\""), "{xml}");
    let said = paragraphs(&xml);
    for row in [["8月", "1,826", "94", "58"], ["10月", "＊", "＊", "＊"]] {
        assert!(said.windows(4).any(|window| window == row), "{row:?}: {said:?}");
    }
    // The relationship that the picture names leads to it, and its type is told.
    let id = xml.split_once("chart\" r:id=\"").expect("a chart").1.split_once('"').expect("its end").0;
    assert!(part(&bytes, "word/_rels/document.xml.rels").contains(&format!("Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart\" Target=\"charts/chart1.xml\"")));
    assert!(part(&bytes, "[Content_Types].xml").contains("PartName=\"/word/charts/chart1.xml\""));
    assert_eq!(bytes, docx(&charted()));
}

/// The style of each paragraph of a part, and whether it stays on the page of the next one.
fn kept(xml: &str) -> Vec<(String, bool)> {
    let paragraphs = xml.split("<w:pStyle w:val=\"").skip(1);
    let style = |of: &str| of.split_once('"').expect("its end").0.to_owned();
    paragraphs
        .map(|of| (style(of), of.split("</w:pPr>").next().is_some_and(|of| of.contains("<w:keepNext/>"))))
        .collect()
}

#[test]
fn the_imprint_has_rows_notes_or_the_signature_on_its_page() {
    let xml = part(&docx(&document(40)), "word/document.xml");
    let (before, _) = xml.split_once("<w:tblStyle w:val=\"Imprint\"/>").expect("an imprint");
    let before = kept(before);
    // Two rows of seven cells, what stands after the table, and the note.
    let (far, near) = before.split_at(before.len() - 16);
    assert!(near.iter().all(|(_, keeps)| *keeps), "{near:?}");
    assert!(far.last().is_some_and(|(style, keeps)| style.starts_with("Cell") && !keeps), "{far:?}");
    let bare = Document { annexes: Vec::new(), ..document(0) };
    let xml = part(&docx(&bare), "word/document.xml");
    let (before, _) = xml.split_once("<w:tblStyle w:val=\"Imprint\"/>").expect("an imprint");
    let signed: Vec<String> =
        kept(before).into_iter().rev().take_while(|(_, keeps)| *keeps).map(|(style, _)| style).collect();
    assert_eq!(signed, ["SignatureDate", "SignatureBody", "Normal"]);
}

#[test]
fn figures_among_texts_stand_where_the_texts_do() {
    let rows = [
        vec![Cell::Text("积分".to_owned()), Cell::Points(Points::from_hundredths(1_250))],
        vec![Cell::Text("支部".to_owned()), Cell::Text("第二网格".to_owned())],
    ];
    let column = |heading: &str| Column { heading: heading.to_owned(), width: 8 };
    let table = Table {
        description: String::new(),
        columns: vec![column("项目"), column("内容")],
        rows: 2,
        row: Box::new(move |row| rows[row].clone()),
    };
    let xml = part(&docx(&Document { body: vec![Block::Table(table)], ..document(0) }), "word/document.xml");
    assert_eq!(xml.matches("w:val=\"CellNumber\"").count(), 0);
    assert_eq!(xml.matches("w:val=\"CellText\"").count(), 4);
}
