//! Everything as tables for other programs: read back by DuckDB, pandas, pyarrow and openpyxl; of a part of the tree with a token.

use super::fixture::Place;
use super::server::{Server, token};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A ledger of a month and more, with its notices.
fn demonstration() -> Place {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 60 --no-serve --directory ledger").exits(0);
    place
}

fn files(place: &Place, directory: &str) -> Vec<String> {
    let entries = std::fs::read_dir(place.path(directory)).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn other_programs_read_the_same_cells_in_every_format_and_those_of_the_notice() {
    let place = demonstration();
    for format in ["csv", "ndjson", "xlsx", "parquet"] {
        let ran = place.run(&format!("export tables --output all/{format} --format {format} --ledger ledger")).exits(0);
        ran.saying("13 张表").saying("花名册");
        assert_eq!(files(&place, &format!("all/{format}")).len(), 14, "13 tables and the dictionary");
    }
    let dictionary = std::fs::read_to_string(place.path("all/csv/dictionary.md")).expect("the dictionary");
    assert!(dictionary.contains("## `records` 记录") && dictionary.contains("mingzhang.check-in.recorded.v1"));
    place.run("notice --month 2026-10 --format json --output notice.json --ledger ledger").exits(0);
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/check_tables.py");
    let mut command = Command::new(crate::exported::python());
    let ran = command.arg(program).args([place.path("all"), place.path("notice.json")]).output().expect("it runs");
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("cells are the same in every format") && !said.contains("records: 0 rows"), "{said}");
}

#[test]
fn the_same_ledger_gives_the_same_files() {
    let place = demonstration();
    for format in ["csv", "ndjson", "xlsx", "parquet"] {
        for directory in ["one", "two"] {
            place.run(&format!("export tables --output {directory} --format {format} --ledger ledger")).exits(0);
        }
    }
    assert_eq!(files(&place, "one"), files(&place, "two"));
    for name in files(&place, "one") {
        let read = |directory: &str| std::fs::read(place.path(&format!("{directory}/{name}"))).expect("a file");
        assert!(read("one") == read("two"), "{name}");
    }
}

/// A disk that takes no more is played by a limit on the size of files: writing beyond it fails likewise.
#[test]
fn a_full_disk_is_told_and_leaves_no_half_of_a_table() {
    let place = Place::new();
    place.run("demo --divisions 420902001001 --members 400 --no-serve --directory ledger").exits(0);
    let program = place.command();
    for format in ["csv", "ndjson", "xlsx"] {
        let mut limited = Command::new("sh");
        limited.current_dir(place.path(""));
        limited.args(["-c", "trap '' XFSZ; ulimit -f 80; exec \"$@\"", "sh"]).arg(program.get_program());
        limited.args(["export", "tables", "--ledger", "ledger", "--output", "full", "--format", format]);
        let ran = limited.args(["--table", "point_items"]).output().expect("it runs");
        let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(1), "{format}: {said}");
        assert!(said.contains("point_items.") && said.contains("os error 27"), "{format}: {said}");
        assert!(said.contains("make room") && !said.contains("panicked"), "{format}: {said}");
        assert_eq!(files(&place, "full"), [""; 0], "{format}");
    }
    place.run("export tables --ledger ledger --output full --format xlsx --table point_items").exits(0);
    assert_eq!(files(&place, "full"), ["dictionary.md", "point_items.xlsx"]);
}

#[test]
fn names_are_exported_only_where_it_is_said_and_by_whom_it_may() {
    let place = Place::with_roster();
    place.run("export tables --output out --ledger ledger").exits(0);
    assert!(!files(&place, "out").contains(&"names.csv".to_owned()));
    place.run("export tables --output out --table names --ledger ledger").exits(2).saying("--with-names");
    place.write("out/names.csv", "an earlier export, which all may read");
    place.run("export tables --output out --with-names --ledger ledger").exits(0);
    let mode = |name: &str| std::fs::metadata(place.path(name)).expect("a file").permissions().mode();
    assert_eq!(mode("out/names.csv") & 0o777, 0o600, "its owner alone reads it");
    let names = std::fs::read_to_string(place.path("out/names.csv")).expect("the names");
    assert!(names.lines().count() > 1, "{names}");
    for file in files(&place, "out").iter().filter(|name| name.ends_with(".csv") && *name != "names.csv") {
        let table = std::fs::read_to_string(place.path(&format!("out/{file}"))).expect("a table");
        let named = names.lines().skip(1).filter_map(|line| line.split(',').nth(1)).find(|name| table.contains(*name));
        assert_eq!(named, None, "{file}");
    }
    let server = Server::of(&place);
    let auditor = token(&place, &["auditor"]);
    let from = format!("--url {} --token {auditor}", server.url);
    place.run(&format!("export tables --output over --with-names {from}")).exits(3).saying("权限");
    assert!(!files(&place, "over").contains(&"names.csv".to_owned()));
}

#[test]
fn a_token_gets_the_tables_of_its_part_of_the_tree_and_they_are_those_of_the_directory() {
    let place = Place::with_roster();
    let part = "420902001001";
    place.run(&format!("export tables --output here --organization {part} --ledger ledger")).exits(0);
    let server = Server::of(&place);
    let recorder = token(&place, &[&format!("recorder@{part}")]);
    let from = format!("--url {} --token {recorder}", server.url);
    place.run(&format!("export tables --output there --organization {part} {from}")).exits(0);
    assert_eq!(files(&place, "here"), files(&place, "there"));
    for name in files(&place, "here") {
        let read = |directory: &str| std::fs::read(place.path(&format!("{directory}/{name}"))).expect("a file");
        assert!(read("here") == read("there"), "{name}");
    }
    place.run(&format!("export tables --output whole {from}")).exits(3).saying("权限");
    place
        .run(&format!("export tables --output no --table nothing {from}"))
        .exits(2)
        .saying("there is no table nothing");
}

#[test]
fn tables_are_written_where_they_go_and_nowhere_else() {
    let place = Place::with_roster();
    let mut server = place.command();
    let command = |arguments: &str| {
        let mut command = place.command();
        command.env("TMPDIR", "nowhere").args(arguments.split(' '));
        command
    };
    let done = |mut command: Command| {
        let ran = command.output().expect("the program runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    let before = everything_below(&place.path("."));
    done(command("export tables --output here --format xlsx --ledger ledger"));
    let token = token(&place, &["recorder"]);
    server.env("TMPDIR", "nowhere");
    let server = Server::by(server);
    for format in ["csv", "xlsx"] {
        done(command(&format!(
            "export tables --output there --format {format} --with-names --url {} --token {token}",
            server.url
        )));
    }
    drop(server);
    let wanted = |path: &PathBuf| ["here", "there"].iter().any(|directory| path.starts_with(place.path(directory)));
    // What a ledger that was opened keeps for the next start, and its databases while they are open.
    let kept = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        path.starts_with(place.path("ledger/snapshots"))
            || name.ends_with(".sqlite-wal")
            || name.ends_with(".sqlite-shm")
    };
    let after = everything_below(&place.path("."));
    let left: Vec<&PathBuf> = after.difference(&before).filter(|path| !wanted(path) && !kept(path)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Every file and directory below one.
fn everything_below(directory: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_dir() {
            found.extend(everything_below(&entry.path()));
        }
        found.insert(entry.path());
    }
    found
}
