//! What people see in terminals of several widths: nothing too wide, and no bar before there is something to tell.

use super::fixture::Place;
use unicode_width::UnicodeWidthStr;

/// Runs a command in a terminal so wide, and gives all that it wrote there.
fn in_a_terminal(place: &Place, columns: usize, environment: &str, command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_mingzhang");
    let line = format!("stty cols {columns} rows 40; {environment} '{program}' {command}");
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]).current_dir(place.path("."));
    script.env("TERM", "xterm-256color").env_remove("NO_COLOR").env("SHELL", "/bin/sh");
    let output = script.stdin(std::process::Stdio::null()).output().expect("script of bsdutils runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Its lines as they were shown, one after another, without escape sequences.
fn lines(told: &str) -> Vec<String> {
    let plain = anstream::adapter::strip_str(told).to_string();
    plain.split(['\n', '\r']).map(|line| line.trim_end().to_owned()).collect()
}

const COMMANDS: [&str; 6] = [
    "demo --divisions 420902001001 --members 60 --no-serve --directory ledger",
    "verify --ledger ledger",
    "show organization 420902001001 --month 2026-10 --ledger ledger",
    "show member D000001 --month 2026-10 --ledger ledger",
    "show notice --ledger ledger",
    "show member nobody --ledger ledger",
];

#[test]
fn no_line_is_wider_than_its_terminal_and_no_bar_tells_of_nothing() {
    let place = Place::new();
    for command in COMMANDS {
        for columns in [30, 80] {
            let told = in_a_terminal(&place, columns, "", command);
            assert!(told.contains('\u{1b}'), "{command} wrote to no terminal: {told}");
            for line in lines(&told) {
                // A hash, an id, a path or a key stays in one piece for whoever copies it.
                let one_piece = line.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0);
                let ascii = line.trim().is_ascii() && one_piece + 8 > columns;
                assert!(UnicodeWidthStr::width(line.as_str()) <= columns || ascii, "{command} at {columns}: {line:?}");
                assert!(!line.contains("0 / 0") && !line.contains("NaN"), "{command} at {columns}: {line:?}");
                let decimals =
                    line.split("/s").next().and_then(|rate| rate.rsplit_once('.')).map(|(_, after)| after.len());
                assert!(!line.contains("/s") || decimals.is_none_or(|digits| digits > 12), "{command}: {line:?}");
            }
        }
    }
}

#[test]
fn who_wants_no_colour_gets_neither_escape_sequences_nor_bars_in_a_terminal() {
    let place = Place::new();
    for command in COMMANDS {
        let told = in_a_terminal(&place, 80, "NO_COLOR=1", command);
        assert!(!told.contains('\u{1b}'), "{command}: {told:?}");
        assert!(!told.contains('█') || command.starts_with("demo"), "{command}: {told:?}");
    }
}
