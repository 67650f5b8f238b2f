//! `mingzhang rules simulate`: what a document would have done to the last months of a ledger, before it is adopted. Records
//! nothing.

use super::document::read;
use crate::cli::failure::{Failure, both};
use crate::cli::output::{Side, bad, count, faint, good, say, say_json, strong, table};
use crate::cli::target::{Target, TargetOptions};
use crate::clock::{Clock, MachineClock};
use mingzhang_events::{Month, Points, RulesVersion};
use mingzhang_projections::{ReadModels, Simulation};
use serde::Serialize;
use std::path::PathBuf;

const AFTER: &str = "\
测算不登记任何内容；细则按从第一个测算月起施行计算，不论其 effective_from。党员只显示标识的首尾。
Nothing is recorded. The rules are taken to be in force from the first month on, whatever their effective_from says.";

/// Its options.
#[derive(clap::Args)]
#[command(
    about = "测算：若按这份细则，过去几个月谁增谁减  What a document would have done to past months: who gains, who loses",
    after_help = AFTER
)]
pub(super) struct Options {
    #[arg(value_name = "FILE", help = "细则文件（TOML）  The document")]
    file: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=120), help = "测算几个月  How many months")]
    months: u16,
    #[arg(
        long,
        value_name = "YYYY-MM",
        help = "测算到哪个月；默认上个月  The last of them; if absent, the month before this one"
    )]
    until: Option<Month>,
    #[arg(long, help = "以 JSON 输出  Print JSON")]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    /// The document's number.
    rules_version: RulesVersion,
    tree_size: u64,
    #[serde(flatten)]
    simulation: &'a Simulation,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let rules = read(&options.file)?;
    let last = options.until.unwrap_or_else(|| MachineClock.now().month().previous());
    let target = options.target.open()?;
    let Target::Directory(directory) = &target else {
        return Err(Failure::usage(both("测算须直接使用账本目录", "simulating works on the ledger's directory")).next(
            both(
                "请写明 --ledger 目录；服务器运行时，可用目录的副本",
                "say --ledger DIR; while a server runs, use a copy of the directory",
            ),
        ));
    };
    {
        let models = directory.service.models_blocking();
        let simulation = models.simulate(&rules, last, options.months);
        if options.json {
            let tree_size = models.tree_size();
            let answer = Answer { rules_version: rules.version, tree_size, simulation: &simulation };
            say_json(&answer)?;
        } else {
            let title = format!("若按 by {}（{}）", rules.title, rules.version);
            say(strong(title))?;
            say_simulation(&simulation, &models)?;
        }
    }
    target.close()
}

fn say_simulation(simulation: &Simulation, models: &ReadModels) -> Result<(), Failure> {
    let version = |version: Option<RulesVersion>| version.map_or_else(|| "—".to_owned(), |version| version.to_string());
    let sums: Vec<Vec<String>> = (simulation.months.iter())
        .map(|month| {
            vec![
                month.month.to_string(),
                version(month.rules_version),
                month.before.to_string(),
                month.after.to_string(),
                signed(difference(month.before, month.after)),
                count(month.gained),
                count(month.lost),
            ]
        })
        .collect();
    let right = Side::Right;
    let sides = [Side::Left, Side::Left, right, right, right, right, right];
    say(table(&sides, &["月份", "原细则", "现有积分", "测算积分", "增减", "增加人数", "减少人数"], &sums))?;
    let (before, after): (Points, Points) = (
        simulation.months.iter().map(|month| month.before).sum(),
        simulation.months.iter().map(|month| month.after).sum(),
    );
    let same = simulation.members - simulation.gained - simulation.lost;
    say(format!("\n合计 in all: {before} → {} ({})", strong(after), signed(difference(before, after))))?;
    say(format!(
        "党员 members {}：{} {}，{} {}，不变 unchanged {}",
        count(simulation.members),
        good("增加 gain"),
        count(simulation.gained),
        bad("减少 lose"),
        count(simulation.lost),
        count(same)
    ))?;
    say_movers(simulation)?;
    say_bands(simulation)?;
    say_gates(simulation, models)
}

fn say_movers(simulation: &Simulation) -> Result<(), Failure> {
    if simulation.movers.is_empty() {
        return Ok(());
    }
    say(format!("\n{}", strong("变动最大 biggest movers")))?;
    let rows: Vec<Vec<String>> = (simulation.movers.iter())
        .map(|mover| {
            let member = masked(&mover.member.to_string());
            vec![member, mover.before.to_string(), mover.after.to_string(), signed(mover.difference)]
        })
        .collect();
    say(table(&[Side::Left, Side::Right, Side::Right, Side::Right], &["党员", "现有", "测算", "增减"], &rows))
}

fn say_bands(simulation: &Simulation) -> Result<(), Failure> {
    if simulation.bands.is_empty() {
        return Ok(());
    }
    say(format!("\n{}", strong("等次 bands")))?;
    let band = |band: &Option<String>| band.clone().unwrap_or_else(|| "—".to_owned());
    for moved in &simulation.bands {
        let line = format!("  {} → {}  {} 人", band(&moved.before), band(&moved.after), count(moved.members));
        say(if moved.before == moved.after { faint(line) } else { line })?;
    }
    Ok(())
}

fn say_gates(simulation: &Simulation, models: &ReadModels) -> Result<(), Failure> {
    if simulation.gates.is_empty() {
        return Ok(());
    }
    say(format!("\n{}", strong("门槛 gates")))?;
    for moved in &simulation.gates {
        let name = models.organization(moved.organization, None).map_or_else(String::new, |card| card.name);
        let outcome = match moved.after {
            Some(clause) => bad(format!("不再参加排名（条款 {clause}） left out of the ranking")),
            None => good("重新参加排名 in the ranking again"),
        };
        say(format!("  {} {name}  {outcome}", moved.organization))?;
    }
    Ok(())
}

fn difference(before: Points, after: Points) -> Points {
    Points::from_hundredths(after.hundredths().saturating_sub(before.hundredths()))
}

fn signed(points: Points) -> String {
    let sign = if points > Points::ZERO { "+" } else { "" };
    format!("{sign}{points}")
}

/// The ends of a member's id: enough to find oneself, too little to be found by.
fn masked(id: &str) -> String {
    let ends = (id.get(..3), id.get(id.len().saturating_sub(3)..));
    ends.0.zip(ends.1).map_or_else(String::new, |(first, last)| format!("{first}…{last}"))
}
