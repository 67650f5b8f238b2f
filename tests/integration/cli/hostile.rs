//! Files made to take all memory, given to the program with an address space that ends: it refuses them and says why, and isn't killed.

use super::fixture::{Place, table};
use std::io::{Cursor, Write};
use std::process::Command;

/// In KiB: what the program needs for tables of an honest size, several times over.
const ADDRESS_SPACE: &str = "2500000";

/// Shows what a roster of that name would be imported as; gives the exit code and what was said.
fn previewed(place: &Place, name: &str) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let program = place.command();
    command.args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh", ADDRESS_SPACE]).arg(program.get_program());
    command.args(["import", "roster", name, "--preview"]).current_dir(place.path(""));
    let output = command.output().expect("a shell");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn zipped(parts: &[(&str, &[u8], usize)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content, times) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory takes it");
        for _ in 0..*times {
            archive.write_all(content).expect("memory takes it");
        }
    }
    archive.finish().expect("memory takes it").into_inner()
}

#[test]
fn what_is_made_to_take_all_memory_is_refused_within_little() {
    let place = Place::new();
    place.write("bomb.xlsx", std::fs::read(table("ugly/bomb.xlsx")).expect("a fixture"));
    // Shared texts of three gigabytes, in a file of three megabytes.
    let zeros = vec![b'0'; 1 << 20];
    place.write(
        "texts.xlsx",
        zipped(&[("xl/workbook.xml", b"<workbook/>", 1), ("xl/sharedStrings.xml", &zeros, 3_000)]),
    );
    // A sheet that says that it is as large as a sheet can be, and has a cell at its far end.
    let sheet = b"<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>";
    let workbook = b"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let relationships = b"<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    place.write(
        "wide.xlsx",
        zipped(&[
            ("xl/workbook.xml", workbook, 1),
            ("xl/_rels/workbook.xml.rels", relationships, 1),
            ("xl/worksheets/sheet1.xml", sheet, 1),
        ]),
    );
    // A quotation mark that is never closed, and a line without an end.
    place.write("quote.csv", [b"\xe7\xbc\x96\xe5\x8f\xb7,\"".to_vec(), b"a,b\n".repeat(16 << 20)].concat());
    place.write("line.csv", b"a,".repeat(32 << 20));
    for name in ["bomb.xlsx", "texts.xlsx", "wide.xlsx", "quote.csv", "line.csv"] {
        let (code, said) = previewed(&place, name);
        assert_eq!(code, Some(4), "{name}: {said}");
        assert!(!said.contains("panicked") && !said.contains("memory allocation"), "{name}: {said}");
    }
}

#[test]
fn the_address_space_is_enough_for_an_honest_table_and_ends() {
    let place = Place::new();
    place.write("roster.csv", std::fs::read(table("roster.csv")).expect("a fixture"));
    let (code, said) = previewed(&place, "roster.csv");
    assert_eq!(code, Some(0), "{said}");
}
