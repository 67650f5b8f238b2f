//! Reading a rules document, and showing where its faults are: the line, the offending text underlined, what was probably meant.

use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, both};
use crate::cli::output::{bad, faint, good, remark, strong, width};
use crate::ledger::misread::misread;
use mingzhang_events::ScoringRules;
use mingzhang_projections::{DocumentFault, check_rules, idle_rules};
use std::path::Path;

/// The document, or the failure that it has faults, which have been shown then.
pub(super) fn read(file: &Path) -> Result<ScoringRules, Failure> {
    read_with_text(file).map(|(rules, _)| rules)
}

/// The same; what never applies of a sound one is shown, too.
pub(super) fn checked(file: &Path) -> Result<ScoringRules, Failure> {
    let (rules, text) = read_with_text(file)?;
    for idle in idle_rules(&text, &rules) {
        remark(shown(&text, &idle, &Heading::NeverApplies));
    }
    Ok(rules)
}

fn read_with_text(file: &Path) -> Result<(ScoringRules, String), Failure> {
    let tried = both(format!("读取细则 {}", file.display()), format!("reading the rules {}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::of_world(both("文件无法读取", "the file can't be read"), &error).trying(tried.clone())
    })?;
    let checked = check_rules(&text).map_err(|faults| {
        for fault in &faults {
            remark(shown(&text, fault, &Heading::Fault));
        }
        let count = faults.len();
        let wrong = both(format!("有 {count} 处错误"), format!("{count} faults"));
        Failure::new(Exit::BadRows, wrong).trying(tried).next(both(
            "请改正后重试；写法见 docs/reference/rules.md，或参照 mingzhang rules example",
            "correct it and try again; see docs/reference/rules.md, or `mingzhang rules example`",
        ))
    });
    checked.map(|rules| (rules, text))
}

/// Whether the document can't be used, or can.
enum Heading {
    Fault,
    NeverApplies,
}

/// A fault, or what never applies, with its line.
fn shown(text: &str, fault: &DocumentFault, heading: &Heading) -> String {
    // What only a parser says is in its own words, and in English.
    let chinese = match fault.chinese.is_empty() {
        true => format!("无法读取：{}", misread(&fault.english, None).chinese),
        false => fault.chinese.clone(),
    };
    let (place, said) = (format!("第 {} 行第 {} 列：", fault.line, fault.column), &fault.english);
    let (chinese, english) = match heading {
        Heading::Fault => (bad(format!("{place}{chinese}")), said.clone()),
        Heading::NeverApplies => {
            (strong(format!("注意：{place}从不适用：{chinese}")), format!("never applies: {said}"))
        }
    };
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
        chinese,
        faint(format!("line {}, column {}: {english}", fault.line, fault.column)),
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
        let plain = anstream::adapter::strip_str(&shown(text, &faults[0], &Heading::Fault)).to_string();
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(
            lines[2..],
            [" 8 │ kind = \"night_parade\"", "   │        ^^^^^^^^^^^^^^ 是不是 did you mean “night_patrol”?"]
        );
        assert!(lines[0].starts_with("第 8 行第 8 列：“night_parade”不在可选范围"), "{}", lines[0]);

        let wide = text.replace("night_parade", "night_patrol").replace("name = \"巡逻\"", "name = \"巡逻\\u200b\"");
        let faults = check_rules(&wide).expect_err("an invisible character");
        let plain = anstream::adapter::strip_str(&shown(&wide, &faults[0], &Heading::Fault)).to_string();
        let lines: Vec<&str> = plain.lines().collect();
        assert_eq!(lines[3].chars().filter(|character| *character == '^').count(), width("\"巡逻\\u200b\""));
    }
    #[test]
    fn what_only_a_parser_says_is_told_in_chinese_as_well() {
        let sound = "title = \"t\"\nversion = \"v\"\neffective_from = \"2026-01\"\nreview_required_for = []\n";
        for (right, wrong, chinese) in [
            ("\"t\"", "5", "写的是整数 5，应为文字"),
            ("\"t\"", "t", "文字要加双引号"),
            ("\"t\"", "hello", "文字要加双引号"),
            ("[]", "\"office\"", "写的是文字 \"office\"，应为列表"),
            ("\"2026-01\"", "\"January\"", "不是月份，如 2026-10"),
            ("title = \"t\"", "title \"t\"", "缺少等号"),
            ("[]", "[", "括号没有写完"),
        ] {
            let text = sound.replacen(right, wrong, 1);
            let faults = check_rules(&text).expect_err(wrong);
            let plain = anstream::adapter::strip_str(&shown(&text, &faults[0], &Heading::Fault)).to_string();
            let first = plain.lines().next().unwrap_or_default();
            assert!(first.contains("无法读取") && first.contains(chinese), "{plain}");
        }
    }
}
