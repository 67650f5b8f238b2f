//! What holds of every PDF, whatever is printed. How it looks is measured in `tests/integration/layout`.

use super::{Fonts, pdf};
use crate::document::{Block, Cell, Document, PDF_CELLS_MAX, PdfError, samples};
use std::path::PathBuf;

/// The machine's own, which `tests/run` installs.
fn fonts() -> Fonts {
    Fonts::find(None, &[PathBuf::from("/usr/share/fonts")]).expect("fonts-lxgw-wenkai and fonts-noto-cjk")
}

fn content(document: &Document<'_>) -> String {
    serde_json::to_string(&super::Content::of(document, &fonts())).expect("texts")
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = samples::document(30);
    let once = pdf(&document, &fonts()).expect("a PDF");
    assert!(once.starts_with(b"%PDF-1.7"));
    assert_eq!(once, pdf(&samples::document(30), &fonts()).expect("a PDF"));
}

#[test]
fn a_picture_stands_in_the_document_with_its_alternative_and_its_figures() {
    // PDF/UA-1 refuses a picture without an alternative.
    let once = pdf(&samples::charted(), &fonts()).expect("a PDF");
    assert_eq!(once, pdf(&samples::charted(), &fonts()).expect("a PDF"));
    let content = content(&samples::charted());
    assert!(
        content.contains("\"alternative\":\"佐证方式构成：2026年8月至10月，各种佐证方式的记录\"")
            && content.contains("<svg xmlns=")
    );
    assert!(
        content.contains("[\"8月\",\"1,826\",\"94\",\"58\"]") && content.contains("[\"10月\",\"＊\",\"＊\",\"＊\"]")
    );
}

#[test]
fn a_document_that_would_take_all_memory_is_refused_before_it_is_set() {
    let error = pdf(&samples::document(PDF_CELLS_MAX / 7), &fonts()).expect_err("too many cells");
    let said = error.to_string();
    // Seven columns, and three rows more of them in the body.
    assert!(matches!(error, PdfError::TooLong { cells } if cells == PDF_CELLS_MAX / 7 * 7 + 21), "{said}");
    assert!(said.contains("360000") && said.contains("XLSX"), "{said}");
}

#[test]
fn a_machine_without_chinese_fonts_is_told_which_packages_to_install() {
    let nowhere = PathBuf::from("/nonexistent/fonts");
    let of_the_machine = [PathBuf::from("/usr/share/fonts/truetype/dejavu")];
    let error = Fonts::find(Some(&nowhere), &of_the_machine).expect_err("no font");
    assert!(matches!(&error, PdfError::NoFonts { looked_in } if looked_in[0] == nowhere), "{error:?}");
    let error_without_own = Fonts::find(None, &of_the_machine).expect_err("no font");
    assert!(error_without_own.to_string().contains("no Chinese font in /usr/share/fonts/truetype/dejavu;"));
    let said = error.to_string();
    assert!(said.contains("fonts-lxgw-wenkai fonts-noto-cjk") && said.contains("/nonexistent/fonts, "), "{said}");
}

#[test]
fn a_font_of_ones_own_goes_before_the_machines() {
    let own = tempfile::tempdir().expect("a directory");
    let of_the_machine = PathBuf::from("/usr/share/fonts");
    let theirs = fonts();
    let regular = super::faces::faces_in(&of_the_machine)
        .into_iter()
        .find(|face| face.families.iter().any(|name| name == "LXGW WenKai") && face.weight == 400)
        .expect("fonts-lxgw-wenkai");
    // The same face, told by what stands behind it.
    let mut face = std::fs::read(&regular.path).expect("a font");
    face.extend(b"of the office");
    std::fs::write(own.path().join("own.ttf"), &face).expect("a copy");
    let files = |fonts: &Fonts| -> Vec<bool> {
        let same = |face: &&typst::text::Font| face.info().family.as_str() == "LXGW WenKai";
        fonts.faces.iter().filter(same).map(|face| face.data().ends_with(b"of the office")).collect()
    };
    let both = Fonts::find(Some(own.path()), &[of_the_machine]).expect("fonts");
    assert_eq!((files(&both), files(&theirs)), (vec![true], vec![false]));
    assert_eq!(both.faces.len(), theirs.faces.len());
    // It is enough without any of the machine's.
    let alone = Fonts::find(Some(own.path()), &[]).expect("one's own");
    assert!(alone.faces.len() == 1 && pdf(&samples::document(3), &alone).is_ok());
}

#[test]
fn a_character_that_no_font_has_is_a_mark_and_is_told_by_its_number() {
    let mut document = samples::document(1);
    document.body.insert(0, Block::Paragraph("王\u{10FFFD}同志\u{7}".to_owned()));
    let content = content(&document);
    assert!(content.contains("王〓同志 ") && content.contains("〓：字库中没有的字，依次为 U+10FFFD。"), "{content}");
    assert!(pdf(&document, &fonts()).is_ok());
}

#[test]
fn names_with_rare_characters_are_printed_as_they_are() {
    let mut document = samples::document(1);
    let names = ["䶮", "喆", "堃", "玥", "珺", "祎", "赟", "𬘭", "㛃", "𠅤"];
    document.annexes[0].table.rows = names.len();
    let columns = document.annexes[0].table.columns.len();
    document.annexes[0].table.row = Box::new(move |place| {
        let mut row = vec![Cell::Empty; columns];
        row[1] = Cell::Name(names[place].to_owned());
        row
    });
    let content = content(&document);
    assert!(!content.contains('〓') && names.iter().all(|name| content.contains(name)), "{content}");
    assert!(pdf(&document, &fonts()).is_ok());
}

#[test]
fn markup_in_a_text_is_text() {
    let mut document = samples::document(1);
    let text = "#read(\"/etc/passwd\") $x$ *a* _b_ <c> @d `e` \\ // /* [f]";
    document.title = text.into();
    document.body.push(Block::Paragraph(text.to_owned()));
    assert!(content(&document).contains("#read"));
    assert!(pdf(&document, &fonts()).is_ok());
}
