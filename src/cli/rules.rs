//! `mingzhang rules`: the scoring rules (积分细则): an example to start from, a check of a document, and its adoption.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{Side, faint, good, say, say_bytes, strong, table};
use super::receipt::say_receipt;
use super::target::TargetOptions;
use mingzhang_events::{DeductionGround, Event, Rounding, ScoringRules, ScoringRulesAdopted, ScoringUnit};
use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang rules example > 细则.toml
  mingzhang rules check 细则.toml
  mingzhang rules adopt 细则.toml --ledger 账本

施行后写入账本，从其 effective_from 月起计分；已月结的月份仍按当时的细则。
Adopted rules stand in the log and score from their month effective_from on; closed months keep theirs.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "积分细则：示例、检查、施行  The scoring rules: example, check, adopt", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "打印一份可以直接修改的细则  Print a document to start from")]
    Example,
    #[command(about = "检查细则，不需要账本  Check a document; needs no ledger")]
    Check {
        #[arg(value_name = "FILE", help = "细则文件（TOML）  The document")]
        file: PathBuf,
    },
    #[command(about = "施行细则，写入账本  Adopt a document: it goes into the log")]
    Adopt {
        #[arg(value_name = "FILE", help = "细则文件（TOML）  The document")]
        file: PathBuf,
        #[command(flatten)]
        target: TargetOptions,
    },
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    match &options.verb {
        Verb::Example => say_bytes(DEFAULT_RULES_TOML.as_bytes())?,
        Verb::Check { file } => say_rules(&read(file)?)?,
        Verb::Adopt { file, target } => {
            let rules = read(file)?;
            let tried = both(format!("施行细则 {}", rules.version), format!("adopting the rules {}", rules.version));
            adopt(rules, target).map_err(|failure| failure.trying(tried))?;
        }
    }
    Ok(Exit::Done)
}

fn adopt(rules: ScoringRules, target: &TargetOptions) -> Result<(), Failure> {
    let target = target.open()?;
    let receipt = target.submit_office(Event::from(ScoringRulesAdopted { rules: Box::new(rules) }))?;
    say_receipt(&receipt)?;
    target.close()
}

fn read(file: &Path) -> Result<ScoringRules, Failure> {
    let tried = both(format!("读取细则 {}", file.display()), format!("reading the rules {}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::of_world(both("文件无法读取", "the file can't be read"), &error).trying(tried.clone())
    })?;
    parse_rules(&text).map_err(|fault| {
        let wrong = both(
            format!("第 {} 行第 {} 列：{}", fault.line, fault.column, fault.chinese),
            format!("line {}, column {}: {}", fault.line, fault.column, fault.english),
        );
        Failure::new(Exit::BadRows, wrong).trying(tried).next(both(
            "请改正后重试；可参照 mingzhang rules example",
            "correct it and try again; `mingzhang rules example` shows the form",
        ))
    })
}

fn say_rules(rules: &ScoringRules) -> Result<(), Failure> {
    say(format!(
        "{} {}  {}",
        good("✓ 细则可用  the rules are sound:"),
        strong(&rules.title),
        faint(format!("{}，自 {} 起 from", rules.version, rules.effective_from))
    ))?;
    let mut rows = Vec::new();
    for item in &rules.items {
        let caps = item.caps.clone().unwrap_or_default();
        let cap = |what: &str, cap: Option<_>| cap.map(|cap| format!("{what}≤{cap}"));
        let caps: Vec<String> = [cap("日", caps.per_day), cap("月", caps.per_month)].into_iter().flatten().collect();
        let points = format!("+{}{}", item.points, per(item.per, item.rounding));
        rows.push(vec![item.clause.to_string(), item.name.clone(), points, caps.join(" ")]);
    }
    for item in &rules.deductions {
        let ground = match item.on {
            DeductionGround::AbsenceWithoutLeave => "/无故缺席",
            DeductionGround::NoShow => "/报名未到",
        };
        let cap = item.per_month_max.map_or_else(String::new, |cap| format!("月≤{cap}"));
        rows.push(vec![item.clause.to_string(), item.name.clone(), format!("−{}{ground}", item.points), cap]);
    }
    for clause in &rules.awards {
        rows.push(vec![
            clause.clause.to_string(),
            clause.name.clone(),
            format!("±{} 以内", clause.points_max),
            String::new(),
        ]);
    }
    say(table(&[Side::Left, Side::Left, Side::Left, Side::Left], &["条款", "名称", "分值", "上限"], &rows))
}

fn per(unit: ScoringUnit, rounding: Option<Rounding>) -> String {
    let unit = match unit {
        ScoringUnit::Occurrence => return "/次".to_owned(),
        ScoringUnit::Bracket => return "分档".to_owned(),
        ScoringUnit::Hour => "/小时",
        ScoringUnit::HalfHour => "/半小时",
    };
    let rounding = match rounding.unwrap_or(Rounding::Down) {
        Rounding::Down => "舍去零头",
        Rounding::HalfUp => "四舍五入",
        Rounding::Up => "进一",
    };
    format!("{unit}，{rounding}")
}
