//! What a command prints: its answer to standard output, everything else to standard error. Colour only where it is wanted
//! (a terminal, without `NO_COLOR`).
//!
//! The one room that prints. Invariant: a pipe gets the same text without a single escape sequence.

use super::failure::{Both, Failure, both};
use anstyle::{AnsiColor, Style};
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use unicode_width::UnicodeWidthStr;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// A text in green.
pub(super) fn good(text: impl Display) -> String {
    format!("{GOOD}{text}{GOOD:#}")
}

/// A text in red.
pub(super) fn bad(text: impl Display) -> String {
    format!("{BAD}{text}{BAD:#}")
}

/// A text that stands out.
pub(super) fn strong(text: impl Display) -> String {
    format!("{STRONG}{text}{STRONG:#}")
}

/// A text that stands back.
pub(super) fn faint(text: impl Display) -> String {
    format!("{FAINT}{text}{FAINT:#}")
}

/// Prints a line of the answer. A terminal gets it between words within its width, a pipe as it is.
pub(super) fn say(line: impl Display) -> Result<(), Failure> {
    let line = within(columns(), &line.to_string());
    let mut stdout = anstream::stdout().lock();
    written(writeln!(stdout, "{line}").and_then(|()| stdout.flush()))
}

/// How wide the terminal is that the answer goes to; none if it goes elsewhere.
pub(super) fn columns() -> Option<usize> {
    terminal_size_of(std::io::stdout())
}

/// How wide the terminal is that everything else goes to.
pub(super) fn columns_beside() -> Option<usize> {
    terminal_size_of(std::io::stderr())
}

fn terminal_size_of(stream: impl std::os::fd::AsFd) -> Option<usize> {
    terminal_size::terminal_size_of(stream).map(|(width, _)| usize::from(width.0)).filter(|columns| *columns > 0)
}

/// Prints a sentence of the answer in both languages.
pub(super) fn say_both(sentence: &Both) -> Result<(), Failure> {
    say(&sentence.chinese)?;
    say(faint(&sentence.english))
}

/// Prints the answer for a program, as it is: also in a terminal, from which it may be copied.
pub(super) fn say_json(answer: &impl serde::Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_vec_pretty(answer).expect("an answer is JSON");
    text.push(b'\n');
    say_bytes(&text)
}

/// Refuses what a terminal would garble.
pub(super) fn must_not_be_a_terminal(format: &str) -> Result<(), Failure> {
    if !std::io::stdout().is_terminal() {
        return Ok(());
    }
    let wrong = both(format!("终端显示不了 {format}"), format!("a terminal can't show {format}"));
    Err(Failure::usage(wrong).next(both("请用 --output 写入文件", "write to a file with --output")))
}

/// Writes bytes of the answer as they are.
pub(super) fn say_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    written(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Whoever read the answer may have seen enough: that is no failure.
fn written(outcome: std::io::Result<()>) -> Result<(), Failure> {
    match outcome {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::of_world(both("无法写到标准输出", "writing to standard output"), &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints a remark that isn't part of the answer.
pub(super) fn remark(line: impl Display) {
    drop(writeln!(anstream::stderr(), "{}", within(columns_beside(), &line.to_string())));
}

/// Prints why a command failed.
pub(super) fn complain(failure: &Failure) {
    let told = failure.told();
    let sentence = |tried: &str, wrong: &str, between: &str| {
        if tried.is_empty() { wrong.to_owned() } else { format!("{tried}{between}{wrong}") }
    };
    let mut text = format!("{}{}\n", bad("错误："), sentence(&told.tried.chinese, &told.wrong.chinese, "："));
    if !told.next.chinese.is_empty() {
        text.push_str(&format!("  下一步：{}\n", told.next.chinese));
    }
    text.push_str(&format!("{}{}\n", bad("error: "), sentence(&told.tried.english, &told.wrong.english, ": ")));
    for cause in &told.causes {
        text.push_str(&format!("  because: {cause}\n"));
    }
    if !told.next.english.is_empty() {
        text.push_str(&format!("  next: {}\n", told.next.english));
    }
    drop(anstream::stderr().write_all(within(columns_beside(), &text).as_bytes()));
}

/// Which side of its column a cell stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Rows as columns, within the terminal if it goes to one.
pub(super) fn table(sides: &[Side], header: &[&str], rows: &[Vec<String>]) -> String {
    match columns() {
        Some(columns) => table_within(columns, sides, header, rows),
        None => whole_table(sides, header, rows),
    }
}

/// Rows as columns, one line each. A Chinese character is as wide as two digits.
fn whole_table(sides: &[Side], header: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |row: &[String], column: usize| row.get(column).map_or(0, |cell| width(cell));
    let widths: Vec<usize> = (0..sides.len())
        .map(|column| {
            let widest = rows.iter().map(|row| cells(row, column)).max().unwrap_or(0);
            widest.max(header.get(column).map_or(0, |title| width(title)))
        })
        .collect();
    let line = |row: &[String]| {
        let mut line = String::new();
        for ((cell, side), columns) in row.iter().zip(sides).zip(&widths) {
            let space = " ".repeat(columns.saturating_sub(width(cell)));
            line.push_str(&if *side == Side::Left { format!("{cell}{space}  ") } else { format!("{space}{cell}  ") });
        }
        line.trim_end().to_owned()
    };
    let titles: Vec<String> = header.iter().map(|title| (*title).to_owned()).collect();
    let mut lines = vec![faint(line(&titles))];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

/// Below this width a table that doesn't fit is no table any more, but a list.
const TABLE_COLUMNS_MIN: usize = 60;

/// As [`table`], within so many columns of a terminal: what doesn't fit beside the first column goes on in a further table
/// below, which begins with the first column again. A cell that is too wide alone goes on between words in the lines below it.
/// On a narrow terminal each row is a list of its cells instead.
pub(super) fn table_within(columns_max: usize, sides: &[Side], header: &[&str], rows: &[Vec<String>]) -> String {
    let wide = |column: usize| {
        let title = header.get(column).map_or(0, |title| width(title));
        rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).fold(title, usize::max)
    };
    let whole: usize = (0..sides.len()).map(|column| wide(column) + 2).sum();
    if whole.saturating_sub(2) <= columns_max || sides.len() < 2 {
        return whole_table(sides, header, rows);
    }
    if columns_max < TABLE_COLUMNS_MIN {
        return rows.iter().map(|row| listed(columns_max, header, row)).collect::<Vec<_>>().join("\n");
    }
    let beside_the_first = columns_max.saturating_sub(wide(0) + 2);
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut taken = 0;
    for column in 1..sides.len() {
        taken += 2 + wide(column);
        match parts.last_mut() {
            Some(part) if taken <= columns_max => part.push(column),
            Some(_) | None => {
                parts.push(vec![0, column]);
                taken = wide(0) + 2 + wide(column);
            }
        }
    }
    let one = |part: &Vec<usize>| {
        let sides: Vec<Side> = part.iter().map(|&column| sides[column]).collect();
        let header: Vec<&str> = part.iter().map(|&column| header[column]).collect();
        let cells: Vec<Vec<String>> = match part[..] {
            // Only a column alone beside the first can be too wide.
            [first, second] => {
                rows.iter().flat_map(|row| broken(&row[first], &row[second], beside_the_first)).collect()
            }
            _ => rows.iter().map(|row| part.iter().map(|&column| row[column].clone()).collect()).collect(),
        };
        whole_table(&sides, &header, &cells)
    };
    parts.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

/// A row of two cells as several, so that the second takes at most so many columns.
fn broken(first: &str, second: &str, columns_max: usize) -> Vec<Vec<String>> {
    let firsts = std::iter::once(first.to_owned()).chain(std::iter::repeat(String::new()));
    firsts.zip(lines_within(columns_max, second)).map(|(first, second)| vec![first, second]).collect()
}

/// A row with a line for each cell: its title, and what it says.
fn listed(columns_max: usize, header: &[&str], row: &[String]) -> String {
    let line = |(at, (title, cell)): (usize, (&&str, &String))| {
        let before = if at == 0 { "" } else { "  " };
        within(Some(columns_max), &format!("{before}{}  {cell}", faint(title)))
    };
    header.iter().zip(row).enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// A text of lines, each within so many columns: what goes on below stands two columns further in.
fn within(columns_max: Option<usize>, text: &str) -> String {
    let text = &*tamed(text);
    let Some(columns_max) = columns_max else { return text.to_owned() };
    let line = |line: &str| {
        if width(line) <= columns_max {
            return line.to_owned();
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let below = " ".repeat((indent + 2).min(columns_max / 2));
        let rest = columns_max - below.len();
        let mut lines = lines_within(rest, line.trim_start_matches(' '));
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, &below[..below.len().min(indent)]);
        }
        lines.join(&format!("\n{below}"))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// The text with its lines, tabs and colours, and without anything else that steers a terminal: what others wrote may stand in it.
fn tamed(text: &str) -> Cow<'_, str> {
    let steers = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let (mut tamed, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(steers) {
        tamed.push_str(&rest[..at]);
        let style = style_at(&rest[at..]);
        tamed.push_str(style.unwrap_or("\u{fffd}"));
        let steering = rest[at..].chars().next().map_or(0, char::len_utf8);
        rest = &rest[at + style.map_or(steering, str::len)..];
    }
    Cow::Owned(tamed + rest)
}

/// The escape sequence of a colour or style that a text begins with (ECMA-48, SGR).
fn style_at(text: &str) -> Option<&str> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|character: char| !matches!(character, '0'..='9' | ';'))?;
    parameters[end..].starts_with('m').then(|| &text[..text.len() - parameters.len() + end + 1])
}

/// Breaks between words and between Chinese characters. A word too wide alone, such as a key or an address, stays in one piece
/// for whoever copies it.
fn lines_within(columns_max: usize, text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let (mut taken, mut space) = (0, 0);
    for piece in pieces(text) {
        if piece == " " {
            space += 1;
            continue;
        }
        let wide = width(piece);
        if taken > 0 && wide > 0 && taken + space + wide > columns_max {
            lines.push(String::new());
            taken = 0;
        } else {
            space = if taken > 0 || wide == 0 { space } else { 0 };
            taken += space;
            lines.last_mut().expect("there is one").push_str(&" ".repeat(space));
        }
        space = 0;
        taken += wide;
        lines.last_mut().expect("there is one").push_str(piece);
    }
    lines
}

/// A text in pieces that no line breaks inside: a space, a Chinese character with the punctuation after it, a word, an escape sequence.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut from, mut escape) = (Vec::new(), 0, false);
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let is_wide = |character: char| UnicodeWidthStr::width(character.encode_utf8(&mut [0; 4]) as &str) == 2;
        let no_line_begins_with = "，。、；：？！）》”…—".contains(character);
        let ends = before.is_some_and(|before| {
            character == '\u{1b}'
                || (before == 'm' && escape)
                || before == ' '
                || (!escape && (character == ' ' || ((is_wide(character) || is_wide(before)) && !no_line_begins_with)))
        });
        if ends {
            pieces.push(&text[from..at]);
            from = at;
            escape = false;
        }
        escape = escape || character == '\u{1b}';
        before = Some(character);
    }
    pieces.push(&text[from..]);
    pieces
}

/// How many columns of a terminal a text takes; escape sequences take none.
pub(super) fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).map(UnicodeWidthStr::width).sum()
}

/// A bar of `columns` columns, filled by `part` of `whole`, to an eighth of a column.
pub(super) fn bar(part: u64, whole: u64, columns: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part.min(whole) * columns * 8).checked_div(whole).unwrap_or(0);
    let full = usize::try_from(eighths / 8).unwrap_or(0);
    let rest = EIGHTHS[usize::try_from(eighths % 8).unwrap_or(0)];
    let empty = usize::try_from(columns).unwrap_or(0) - full - usize::from(!rest.is_empty());
    format!("{}{rest}{}", "█".repeat(full), faint("·".repeat(empty)))
}

/// `1234567` as `1,234,567`.
pub(super) fn count(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes as hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Side, bar, count, faint, table, table_within, width, within};

    #[test]
    fn columns_stand_below_one_another_whatever_the_script() {
        let rows = vec![vec!["张*".to_owned(), "7".to_owned()], vec!["ab".to_owned(), "120".to_owned()]];
        let table = table(&[Side::Left, Side::Right], &["姓名", "积分"], &rows);
        let plain = anstream::adapter::strip_str(&table).to_string();
        assert_eq!(plain, "姓名  积分\n张*      7\nab     120");
    }

    #[test]
    fn what_others_wrote_colours_a_line_at_most() {
        let hostile = "书院\u{1b}[2J\u{1b}[1;1H\r\u{7}\u{9b}街道\u{1b}[32m✓\u{1b}[0m\u{1b}";
        let tamed = "书院\u{fffd}[2J\u{fffd}[1;1H\u{fffd}\u{fffd}\u{fffd}街道\u{1b}[32m✓\u{1b}[0m\u{fffd}";
        assert_eq!(within(None, hostile), tamed);
        assert_eq!(within(Some(200), &faint("a\tb\nc")), faint("a\tb\nc"));
    }

    #[test]
    fn a_table_too_wide_goes_on_below_with_its_first_column_again() {
        let row = |name: &str| std::iter::once(name.to_owned()).chain((0..9).map(|cell| format!("{cell}{cell}")));
        let rows: Vec<Vec<String>> = ["书院社区", "槐荫社区"].map(|name| row(name).collect()).into();
        let header = ["名称", "a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let sides = [Side::Left; 10];
        let told = anstream::adapter::strip_str(&table_within(24, &sides, &header, &rows)).to_string();
        assert!(told.lines().all(|line| width(line) <= 24), "{told}");
        assert_eq!(told.matches("书院社区").count(), 1, "a list on a narrow terminal");
        let wide: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| cell.repeat(5)).collect()).collect();
        let told = anstream::adapter::strip_str(&table_within(80, &sides, &header, &wide)).to_string();
        assert!(told.lines().all(|line| width(line) <= 80), "{told}");
        assert_eq!(told.matches(&"书院社区".repeat(5)).count(), 3, "{told}");
        for cell in 0..9 {
            assert!(told.contains(&format!("{cell}{cell}")), "{cell} is missing in\n{told}");
        }
        let days = vec![vec!["书院社区".to_owned(), "2026-10-08 ".repeat(8)]];
        let told = anstream::adapter::strip_str(&table_within(60, &sides[..2], &["名称", "日期"], &days)).to_string();
        let (first, rest) = (["2026-10-08"; 4].join(" "), ["2026-10-08"; 4].join(" "));
        assert_eq!(told, format!("名称      日期\n书院社区  {first}\n          {rest}"));
        assert_eq!(table_within(200, &sides, &header, &rows), table(&sides, &header, &rows));
    }

    #[test]
    fn a_line_too_wide_goes_on_below_without_losing_a_character_and_a_key_stays_whole() {
        let key = "example.gov.cn/shuyuan+5f9a1c2e+AT9Zt0Zt0Zt0Zt0Zt0";
        let line = format!(
            "  核验公钥，请公布：{}  {key} and 更多文字没有空格也要折行",
            faint("the verifier key, to be published")
        );
        for columns in [12, 30, 80] {
            let told = within(Some(columns), &line);
            let plain = anstream::adapter::strip_str(&told).to_string();
            for line in plain.lines() {
                // A word of letters that is wider than the terminal stands alone.
                assert!(
                    width(line) <= columns || line.trim().bytes().all(|byte| byte > b' ' && byte < 0x7f),
                    "{line:?}"
                );
                assert!(!line.trim_start().starts_with(['，', '：']), "{line:?}");
            }
            let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            assert_eq!(letters(&told), letters(&line), "{columns}");
        }
        assert_eq!(within(None, &line), line);
    }

    #[test]
    fn a_bar_has_the_same_width_however_full() {
        for (part, whole) in [(0, 7), (1, 7), (3, 7), (7, 7), (9, 7), (0, 0)] {
            assert_eq!(width(&bar(part, whole, 20)), 20, "{part} of {whole}");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            (count(0_u64), count(999_u64), count(1_234_567_u64)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
    }
}
