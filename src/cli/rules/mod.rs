//! `mingzhang rules`: the scoring rules (积分细则): an example to start from, a check, the document in words, what changes, what
//! it would have done to past months, and its adoption.

mod diff;
mod document;
mod simulate;
mod statements;
mod words;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{faint, good, say, say_bytes, strong};
use super::receipt::say_receipt;
use super::target::TargetOptions;
use document::{checked, read};
use mingzhang_events::{Event, ScoringRules, ScoringRulesAdopted};
use mingzhang_projections::DEFAULT_RULES_TOML;
use statements::{Statement, statements};
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang rules example > 细则.toml
  mingzhang rules check 细则.toml
  mingzhang rules explain 细则.toml
  mingzhang rules simulate 细则.toml --months 3 --ledger 账本
  mingzhang rules diff 旧细则.toml 细则.toml
  mingzhang rules adopt 细则.toml --ledger 账本

施行后写入账本，从其 effective_from 月起计分；已月结的月份仍按当时的细则。
Adopted rules stand in the log and score from their month effective_from on; closed months keep theirs.
写法 How to write them: docs/guides/rules.md";

/// Its options.
#[derive(clap::Args)]
#[command(about = "积分细则：示例、检查、说明、比较、测算、施行  The scoring rules: example, check, explain, diff, simulate, adopt", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "打印一份可以直接修改的细则  Print a document to start from")]
    Example,
    #[command(
        about = "检查细则：错误指明行列并给出建议，不需要账本  Check a document: faults with line, column and suggestion; needs no ledger"
    )]
    Check {
        #[arg(value_name = "FILE", help = "细则文件（TOML）  The document")]
        file: PathBuf,
    },
    #[command(about = "逐条说明细则  Print a document in words, clause by clause")]
    Explain {
        #[arg(value_name = "FILE", help = "细则文件（TOML）  The document")]
        file: PathBuf,
    },
    #[command(about = "逐条比较两版细则  What changes from one document to another, clause by clause")]
    Diff {
        #[arg(value_name = "OLD", help = "旧细则  The earlier document")]
        old: PathBuf,
        #[arg(value_name = "NEW", help = "新细则  The later document")]
        new: PathBuf,
    },
    Simulate(simulate::Options),
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
        Verb::Check { file } => say_sound(&checked(file)?)?,
        Verb::Explain { file } => explain(&read(file)?)?,
        Verb::Diff { old, new } => diff::say_changes(&read(old)?, &read(new)?)?,
        Verb::Simulate(options) => simulate::run(options)?,
        Verb::Adopt { file, target } => {
            let rules = checked(file)?;
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

fn say_sound(rules: &ScoringRules) -> Result<(), Failure> {
    say(format!(
        "{} {}  {}",
        good("✓ 细则可用  the rules are sound:"),
        strong(&rules.title),
        faint(format!(
            "{}，自 {} 起 from；{} 条 clauses",
            rules.version,
            rules.effective_from,
            rules.clauses().count()
        ))
    ))?;
    say(faint("逐条说明 in words: mingzhang rules explain；测算 what it would do: mingzhang rules simulate"))
}

fn explain(rules: &ScoringRules) -> Result<(), Failure> {
    say(strong(format!("{}（{}）", rules.title, rules.version)))?;
    let mut chapter = "";
    for statement in statements(rules) {
        if statement.chapter != chapter {
            chapter = statement.chapter;
            say(format!("\n{}", strong(chapter)))?;
        }
        say_statement(&statement)?;
    }
    Ok(())
}

fn say_statement(statement: &Statement) -> Result<(), Failure> {
    let words = |pick: fn(&super::failure::Both) -> &str, between: &str| {
        statement.aspects.iter().map(|aspect| pick(&aspect.words)).collect::<Vec<_>>().join(between)
    };
    say(format!("  {}{}。", strong(format!("{}  ", statement.title)), words(|both| &both.chinese, "；")))?;
    say(faint(format!("      {}.", words(|both| &both.english, "; "))))
}
