//! What became of a table, as a person reads it: bad rows by line, then one sentence.

use super::super::exit::Exit;
use super::super::failure::{Both, Failure, both};
use super::super::output::{Side, bad, count, faint, good, remark, say, say_both, strong, table};
use super::super::target::{Answer, Refusal, Target, Told};
use crate::import::{Changed, Parsed, Reason, RefusedRow, RowFault, TableFile, ids_in_row, refused_cells};
use crate::ledger::{Command, Mode};
use std::collections::BTreeMap;

/// More than so many rows are counted only: whoever has more of them looks for one cause.
const ROWS_SHOWN: usize = 200;
/// Of the rows that are no records, so many are named.
const LEFT_OUT_SHOWN: usize = 20;

/// Shows each faulty cell: line, column, value, reason.
pub(super) fn say_faults(parsed: &Parsed) -> Result<(), Failure> {
    if !parsed.ignored_columns.is_empty() {
        let columns = parsed.ignored_columns.join("、");
        remark(faint(format!("未使用的列  columns that aren't used: {columns}")));
    }
    if parsed.notes > 0 {
        let notes = count(parsed.notes);
        remark(faint(format!("表外没有列名的 {notes} 个单元格未使用  {notes} cells under no header aren't used")));
    }
    for (line, why, text) in parsed.left_out.iter().take(LEFT_OUT_SHOWN) {
        let (chinese, english) = (why.chinese(), why.english());
        remark(faint(format!("第 {line} 行未导入（{chinese}）：{text}  line {line} left out ({english})")));
    }
    if let Some(more) = parsed.left_out.len().checked_sub(LEFT_OUT_SHOWN).filter(|more| *more > 0) {
        remark(faint(format!("…… 另有 {more} 行未导入  and {more} more rows left out")));
    }
    say_rows(parsed.faults.iter().map(row_of))?;
    if let Some(end) = parsed.faults.last().filter(|fault| fault.reason == Reason::TooManyFaults) {
        remark(bad(end.chinese()));
        remark(faint(end.english()));
    }
    Ok(())
}

/// Shows who is known and gets another name or number by this roster.
pub(super) fn say_changed(parsed: &Parsed) -> Result<(), Failure> {
    if parsed.changed.is_empty() {
        return Ok(());
    }
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    let row = |changed: &Changed| {
        let Changed { line, before, name, number } = changed;
        let number = number.as_ref().or(before.number.as_ref()).cloned();
        vec![line.to_string(), known(&before.number), known(&before.name), known(&number), name.clone()]
    };
    say(strong(format!(
        "{count} 人的姓名或编号将按本表更改  {count} people get another name or number",
        count = count(parsed.changed.len())
    )))?;
    let shown: Vec<_> = parsed.changed.iter().take(ROWS_SHOWN).map(row).collect();
    let header = &["行 line", "原编号 number", "原姓名 name", "新编号 new number", "新姓名 new name"];
    say(table(&[Side::Right, Side::Left, Side::Left, Side::Left, Side::Left], header, &shown))?;
    if let Some(more) = parsed.changed.len().checked_sub(ROWS_SHOWN).filter(|more| *more > 0) {
        say(faint(format!("…… 另有 {more} 人  and {more} more")))?;
    }
    say("")
}

fn row_of(fault: &RowFault) -> Vec<String> {
    let reason = format!("{}  {}", fault.reason.chinese(), faint(fault.reason.english()));
    vec![fault.line.to_string(), fault.column.clone(), fault.value.clone(), reason]
}

/// Says why there is no table in the file.
pub(super) fn say_no_table(faults: &[RowFault]) -> Result<Exit, Failure> {
    say_rows(faults.iter().map(row_of))?;
    say(bad("没有登记任何内容"))?;
    say(faint("nothing was recorded"))?;
    Ok(Exit::BadRows)
}

/// What is wrong with each line, in both languages, for the copy of the table.
pub(super) fn by_line(file: &TableFile, parsed: &Parsed, answer: Option<&Answer>) -> BTreeMap<u64, Vec<String>> {
    let mut by_line: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for fault in &parsed.faults {
        let column = if fault.column.is_empty() { String::new() } else { format!("{}：", fault.column) };
        let text = format!("{column}{} / {}", fault.reason.chinese(), fault.reason.english());
        by_line.entry(fault.line).or_default().push(text);
    }
    let told = answer.map_or(Vec::new(), |answer| by_lines(file, parsed, answer));
    for ((line, _), told) in parsed.commands.iter().zip(told) {
        if let Told::Refused(refusal) = told {
            let text = format!("{} / {} ({})", refusal.chinese, refusal.english, refusal.code);
            by_line.entry(*line).or_default().push(text);
        }
    }
    by_line
}

/// What became of each command, in the table's own numbers and codes. A refusal on account of an entry that the same file would have made
/// names the line and not an entry that there isn't.
fn by_lines(file: &TableFile, parsed: &Parsed, answer: &Answer) -> Vec<Told> {
    let mut next = answer.tree_size;
    let mut lines = BTreeMap::new();
    for ((line, _), told) in parsed.commands.iter().zip(&answer.told) {
        if let Told::Recorded { .. } | Told::Withheld = told {
            let log_index = if let Told::Recorded { log_index, .. } = told { *log_index } else { next };
            lines.insert(log_index, *line);
            next = log_index + 1;
        }
    }
    let would_be = lines.split_off(&answer.tree_size);
    let renamed = |((line, command), told): (&(u64, Command), &Told)| {
        let Told::Refused(refusal) = told else { return told.clone() };
        let mut refusal = refusal.in_words_of(&ids_in_row(file, *line, &command.event));
        for (log_index, line) in &would_be {
            let (entry, of_file) = (format!("第 {log_index} 条"), format!("本文件第 {line} 行"));
            if refusal.chinese.contains(&entry) {
                refusal.chinese = refusal.chinese.replace(&entry, &of_file);
                refusal.english =
                    refusal.english.replace(&format!("entry {log_index}"), &format!("line {line} of this file"));
                break;
            }
        }
        Told::Refused(refusal)
    };
    parsed.commands.iter().zip(&answer.told).map(renamed).collect()
}

fn say_rows(mut rows: impl ExactSizeIterator<Item = Vec<String>>) -> Result<(), Failure> {
    let shown: Vec<_> = rows.by_ref().take(ROWS_SHOWN).collect();
    if shown.is_empty() {
        return Ok(());
    }
    let sides = &[Side::Right, Side::Left, Side::Left, Side::Left];
    let header = &["行 line", "列 column", "值 value", "原因 reason"];
    say(table(sides, header, &shown))?;
    if rows.len() > 0 {
        say(faint(format!("…… 另有 {more} 处  and {more} more", more = rows.len())))?;
    }
    say("")
}

/// Says that faulty rows kept everything out.
pub(super) fn say_nothing_recorded(parsed: &Parsed) -> Result<Exit, Failure> {
    say(bad(format!("{} 处有误，没有登记任何内容", count(parsed.faults.len()))))?;
    say(faint(format!("{} faults; nothing was recorded", count(parsed.faults.len()))))?;
    say_next(Mode::AllOrNothing)
}

/// What to do about faulty rows: only where the others weren't recorded is that a choice.
fn say_next(mode: Mode) -> Result<Exit, Failure> {
    let (others, others_english) = match mode {
        Mode::EachAlone => ("；已登记的不会重复登记", "; what was recorded isn't recorded twice"),
        Mode::AllOrNothing | Mode::DryRun => {
            ("；或加 --accept-valid 登记其余各行", ", or add --accept-valid to record the other rows")
        }
    };
    remark(format!("下一步：改正后再导入一次{others}"));
    remark(faint(format!("next: correct them and import the file again{others_english}")));
    Ok(Exit::BadRows)
}

/// A line for each refused row: line, column, value, reason.
fn rows_refused(file: &TableFile, refused: &[(u64, &Refusal)]) -> impl ExactSizeIterator<Item = Vec<String>> {
    let wanted = |(line, refusal): &(u64, &Refusal)| RefusedRow {
        line: *line,
        code: refusal.code.clone(),
        english: refusal.english.clone(),
    };
    let cells = refused_cells(file, &refused.iter().map(wanted).collect::<Vec<_>>());
    let row = |((line, refusal), cell): (&(u64, &Refusal), crate::import::Cell)| {
        let Refusal { code, chinese, english } = refusal;
        let reason = format!("{chinese}  {} ({code})", faint(english));
        vec![line.to_string(), cell.column, cell.value, reason]
    };
    refused.iter().zip(cells).map(row)
}

#[derive(Default)]
struct Counts {
    recorded: usize,
    repeated: usize,
    withheld: usize,
}

/// Shows what was refused, each with the cell that it is about, then what became of the rest.
pub(super) fn say_answer(file: &TableFile, parsed: &Parsed, answer: &Answer, mode: Mode) -> Result<Exit, Failure> {
    let (mut counts, mut refused) = (Counts::default(), Vec::new());
    let told = by_lines(file, parsed, answer);
    for ((line, _), told) in parsed.commands.iter().zip(&told) {
        match told {
            Told::Recorded { .. } => counts.recorded += 1,
            Told::Repeated { .. } => counts.repeated += 1,
            Told::Withheld => counts.withheld += 1,
            Told::Refused(refusal) => refused.push((*line, refusal)),
        }
    }
    say_rows(rows_refused(file, &refused))?;
    let faulty = refused.len() + parsed.faults.len();
    let sentence = sentence(parsed, &counts, faulty, mode);
    say(if faulty == 0 { good(&sentence.chinese) } else { bad(&sentence.chinese) })?;
    say(faint(&sentence.english))?;
    if mode != Mode::DryRun && counts.recorded > 0 {
        say(format!("  {} {}", strong("账本现有条数 entries now"), count(answer.tree_size)))?;
    }
    if faulty == 0 { Ok(Exit::Done) } else { say_next(mode) }
}

fn sentence(parsed: &Parsed, counts: &Counts, faulty: usize, mode: Mode) -> Both {
    let rows = count(parsed.rows);
    let (recorded, repeated, faulty_count) = (count(counts.recorded), count(counts.repeated), count(faulty));
    if mode == Mode::AllOrNothing && faulty > 0 {
        return both(
            format!("{rows} 行中有 {faulty_count} 处被拒绝，没有登记任何内容"),
            format!("{faulty_count} of the commands of {rows} rows were refused; nothing was recorded"),
        );
    }
    let (would, would_english) = if mode == Mode::DryRun { ("将", "would be ") } else { ("", "") };
    let rest = if faulty > 0 { format!("，{faulty_count} 处有误或被拒绝") } else { String::new() };
    let rest_english = if faulty > 0 { format!(", {faulty_count} are faulty or refused") } else { String::new() };
    both(
        format!("{rows} 行：{would}登记 {recorded} 条，{repeated} 条早已登记{rest}"),
        format!("{rows} rows: {recorded} {would_english}recorded, {repeated} were there already{rest_english}"),
    )
}

/// Says what would become of one command.
pub(in crate::cli) fn say_dry_run_of_one(target: &Target, command: Command) -> Result<Exit, Failure> {
    let answer = target.submit(vec![command], Mode::DryRun)?;
    match answer.told.first() {
        Some(Told::Refused(refusal)) => Err(Failure::refused(refusal)),
        Some(Told::Repeated { log_index, .. }) => {
            say_both(&both(
                format!("早已登记为第 {log_index} 条，不会有新内容"),
                format!("it is entry {log_index} already; nothing would be new"),
            ))?;
            Ok(Exit::Done)
        }
        Some(Told::Recorded { .. } | Told::Withheld) | None => {
            say_both(&both("可以登记；没有登记任何内容", "it would be recorded; nothing was"))?;
            Ok(Exit::Done)
        }
    }
}
