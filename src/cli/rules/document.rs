//! Reading a rules document, and showing where its faults are: the line, the offending text underlined, what was probably meant.

use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, both};
use crate::cli::output::{bad, faint, good, remark, width};
use mingzhang_events::ScoringRules;
use mingzhang_projections::{DocumentFault, check_rules};
use std::path::Path;

/// The document, or the failure that it has faults, which have been shown then.
pub(super) fn read(file: &Path) -> Result<ScoringRules, Failure> {
    let tried = both(format!("读取细则 {}", file.display()), format!("reading the rules {}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::of_world(both("文件无法读取", "the file can't be read"), &error).trying(tried.clone())
    })?;
    check_rules(&text).map_err(|faults| {
        for fault in &faults {
            remark(shown(&text, fault));
        }
        let count = faults.len();
        let wrong = both(format!("有 {count} 处错误"), format!("{count} faults"));
        Failure::new(Exit::BadRows, wrong).trying(tried).next(both(
            "请改正后重试；写法见 docs/reference/rules.md，或参照 mingzhang rules example",
            "correct it and try again; see docs/reference/rules.md, or `mingzhang rules example`",
        ))
    })
}

/// A fault with its line.
fn shown(text: &str, fault: &DocumentFault) -> String {
    let line = text.lines().nth(fault.line - 1).unwrap_or("").replace('\t', " ");
    let before: String = line.chars().take(fault.column - 1).collect();
    let meant: String = line.chars().skip(fault.column - 1).take(fault.characters).collect();
    let number = fault.line.to_string();
    let margin = " ".repeat(number.len());
    let marks = "^".repeat(width(&meant).max(1));
    let suggestion = fault
        .suggestion
        .as_ref()
        .map_or_else(String::new, |suggestion| format!(" {}", good(format!("是不是 did you mean “{suggestion}”?"))));
    format!(
        "{}\n{}\n {number} {bar} {line}\n {margin} {bar} {}{}{suggestion}\n",
        bad(format!("第 {} 行第 {} 列：{}", fault.line, fault.column, fault.chinese)),
        faint(format!("line {}, column {}: {}", fault.line, fault.column, fault.english)),
        " ".repeat(width(&before)),
        bad(marks),
        bar = faint("│"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_underlined_whatever_the_script_before_it() {
        let text = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n\
                    [[items]]\nclause = \"1\"\nname = \"巡逻\"\nkind = \"night_parade\"\nper = \"hour\"\npoints = \"1\"\n";
        let faults = check_rules(text).expect_err("a misspelt kind");
        let plain = anstream::adapter::strip_str(&shown(text, &faults[0])).to_string();
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(
            lines[2..],
            [" 8 │ kind = \"night_parade\"", "   │        ^^^^^^^^^^^^^^ 是不是 did you mean “night_patrol”?"]
        );
        assert!(lines[0].starts_with("第 8 行第 8 列：“night_parade”不在可选范围"), "{}", lines[0]);

        let wide = text.replace("night_parade", "night_patrol").replace("name = \"巡逻\"", "name = \"巡逻\\u200b\"");
        let faults = check_rules(&wide).expect_err("an invisible character");
        let plain = anstream::adapter::strip_str(&shown(&wide, &faults[0])).to_string();
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines[3].chars().filter(|character| *character == '^').count(), width("\"巡逻\\u200b\""));
    }
}
