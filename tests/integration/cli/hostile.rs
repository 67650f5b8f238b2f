//! Files made to take all memory, given to the program with an address space that ends: it refuses them and says why, and isn't killed.

use super::fixture::{Place, table};
use std::io::{Cursor, Write};
use std::process::Command;

/// In KiB: what the program needs for tables of an honest size, several times over.
const ADDRESS_SPACE: &str = "1000000";

/// The header of a roster, and a line below it.
const HEADER: &str = "编号,姓名,支部代码,类别,入册日期\n";

/// Runs the program in so much address space; gives the exit code and what was said.
fn within_little(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let program = place.command();
    command.args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh", ADDRESS_SPACE]).arg(program.get_program());
    let output = command.args(arguments).current_dir(place.path("")).output().expect("a shell");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// Insists that a roster of that name is refused when it is shown what it would be imported as, for this reason.
#[track_caller]
fn is_refused(place: &Place, name: &str, because: &str) {
    let (code, said) = within_little(place, &["import", "roster", name, "--preview"]);
    assert_eq!(code, Some(4), "{name}: {said}");
    assert!(!said.contains("panicked") && !said.contains("memory allocation"), "{name}: {said}");
    assert!(said.contains(because), "{name}: {because:?} is missing in {said}");
}

fn zipped(parts: &[(&str, &[u8], usize)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut last = "";
    for (name, content, times) in parts {
        if *name != last {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory takes it");
            last = name;
        }
        for _ in 0..*times {
            archive.write_all(content).expect("memory takes it");
        }
    }
    archive.finish().expect("memory takes it").into_inner()
}

/// A workbook of one sheet, with these parts; the same name again goes on with the part above.
fn workbook(parts: &[(&str, &[u8], usize)]) -> Vec<u8> {
    let workbook = b"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let relationships = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let root = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    let around: [(&str, &[u8], usize); 3] =
        [("_rels/.rels", root, 1), ("xl/workbook.xml", workbook, 1), ("xl/_rels/workbook.xml.rels", relationships, 1)];
    zipped(&[&around, parts].concat())
}

#[test]
fn what_is_made_to_take_all_memory_is_refused_within_little() {
    let place = Place::new();
    place.write("bomb.xlsx", std::fs::read(table("ugly/bomb.xlsx")).expect("a fixture"));
    is_refused(&place, "bomb.xlsx", "展开后过大");
    // Shared texts of three gigabytes, in a file of three megabytes.
    let zeros = vec![b'0'; 1 << 20];
    place.write("texts.xlsx", workbook(&[("xl/sharedStrings.xml", &zeros, 3_000)]));
    is_refused(&place, "texts.xlsx", "展开后过大");
    // A sheet that says that it is as large as a sheet can be, and has a cell at its far end.
    let sheet = b"<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>";
    place.write("wide.xlsx", workbook(&[("xl/worksheets/sheet1.xml", sheet, 1)]));
    is_refused(&place, "wide.xlsx", "第 512 列");
    // A quotation mark that is never closed; lines without an end, in many cells and in one, as the first line and below a header.
    place.write("quote.csv", [HEADER.as_bytes(), b"\"", &b"a,b\n".repeat(16 << 20)].concat());
    is_refused(&place, "quote.csv", "第 2 行有一个引号没有成对");
    place.write("line.csv", b"a,".repeat(32 << 20));
    is_refused(&place, "line.csv", "第 512 列");
    place.write("cell.csv", b"a".repeat(64 << 20));
    is_refused(&place, "cell.csv", "超过 4096 字节");
}

#[test]
fn a_table_with_lines_and_faults_without_end_is_told_within_little() {
    let place = Place::with_ledger();
    for (name, line, because) in [
        ("line.csv", b"a,".repeat(32 << 20), "第 512 列"),
        ("cell.csv", b"a".repeat(64 << 20), "超过 4096 字节"),
        ("faults.csv", b"a,b\n".repeat(4 << 20), "这一行起没有读"),
        ("numbers.csv", b"1,,,,\n".repeat(4 << 20), "这一行起没有读"),
    ] {
        place.write(name, [HEADER.as_bytes(), &line].concat());
        let (code, said) = within_little(&place, &["import", "roster", name, "--ledger", "ledger"]);
        assert_eq!(code, Some(4), "{name}: {said}");
        assert!(said.contains(because), "{name}: {because:?} is missing in {said}");
    }
}

/// Pieces of XML that are small in a file and large in memory, in parts that the reader of workbooks keeps or reads as one piece.
#[test]
fn a_workbook_of_endless_pieces_is_refused_within_little() {
    let place = Place::new();
    // What is packed to less than a two-hundredth is refused for that.
    let mut random = 1_u32;
    let mut letter = || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from((random >> 24) % 26).expect("a letter"))
    };
    let noise: String = (0..16 << 10).map(|_| letter()).collect();
    let mega = |piece: &str| piece.repeat((1 << 20) / piece.len()) + "<!--" + &noise + "-->";
    let long = "0".repeat(1 << 20) + &noise;
    let (sheet, texts) = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml");
    let text = "<worksheet><sheetData><row><c t=\"inlineStr\"><is>";
    for (name, part, beginning, piece, times) in [
        ("text", sheet, &*format!("{text}<t>"), &long, 600),
        ("runs", sheet, text, &format!("<r><t>{long}</t></r>"), 600),
        ("tag", sheet, "<worksheet a=\"", &long, 600),
        ("nested", sheet, "<worksheet>", &mega("<a>"), 200),
        ("merged", sheet, "<worksheet><sheetData/><mergeCells>", &mega("<mergeCell ref=\"A1:B9\"/>"), 600),
        ("empty-texts", texts, "<sst>", &mega("<si/>"), 120),
        ("formats", "xl/styles.xml", "<styleSheet><cellXfs>", &mega("<xf/>"), 120),
        ("counted", texts, "<sst uniqueCount=\"999999999999\">", &mega("<si/>"), 1),
    ] {
        let name = format!("{name}.xlsx");
        place.write(&name, workbook(&[(part, beginning.as_bytes(), 1), (part, piece.as_bytes(), times)]));
        is_refused(&place, &name, "展开后过大");
    }
}

#[test]
fn the_address_space_is_enough_for_an_honest_table_and_ends() {
    let place = Place::new();
    place.write("roster.csv", std::fs::read(table("roster.csv")).expect("a fixture"));
    let (code, said) = within_little(&place, &["import", "roster", "roster.csv", "--preview"]);
    assert_eq!(code, Some(0), "{said}");
}
