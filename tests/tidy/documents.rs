//! Prose that is held to be true: the top level, the map of modules, the decisions, the commands of the README.

use std::collections::BTreeSet;

/// What may stand at the top, besides dotfiles.
const TOP_LEVEL: &[&str] =
    &["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "docs", "events", "projections", "src", "tests"];

/// Entries of the top level that the design doesn't name.
pub(crate) fn unknown_at_the_top(names: &[String]) -> Vec<String> {
    let known = |name: &&String| name.starts_with('.') || TOP_LEVEL.contains(&name.as_str());
    let say = |name| {
        format!("{name}: nothing else belongs at the top: put it below src, tests or docs, or make it a dotfile")
    };
    names.iter().filter(|name| !known(name)).map(say).collect()
}

/// Where the map of `docs/ARCHITECTURE.md` (below `## Map`, tables whose first cell is a module in backquotes) differs from the modules
/// there are.
pub(crate) fn architecture_violations(page: &str, modules: &BTreeSet<String>) -> Vec<String> {
    let map = page.split("\n## ").find(|section| section.starts_with("Map\n")).unwrap_or_default();
    let named: Vec<&str> =
        map.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |").map(|(module, _)| module)).collect();
    let mut violations = Vec::new();
    for module in modules.iter().filter(|module| !named.contains(&module.as_str())) {
        violations.push(format!("docs/ARCHITECTURE.md: add a row | `{module}` | what it is for |"));
    }
    for (at, module) in named.iter().enumerate() {
        if !modules.contains(*module) {
            violations.push(format!("docs/ARCHITECTURE.md: names `{module}`, which doesn't exist: take its row out"));
        }
        if named[..at].contains(module) {
            violations.push(format!("docs/ARCHITECTURE.md: names `{module}` twice"));
        }
    }
    violations
}

/// Decisions are `NNNN-in-words.md`, from 0001 on without gaps, and begin with `# NNNN: …`.
pub(crate) fn decision_violations<'a>(decisions: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut violations = Vec::new();
    let mut expected = 1;
    for (path, text) in decisions {
        let number = format!("{expected:04}");
        let name = path.rsplit('/').next().unwrap_or(path);
        if !name.starts_with(&format!("{number}-")) || !name.ends_with(".md") {
            violations.push(format!("{path}: the next decision is docs/decisions/{number}-in-words.md: numbers have no gaps and don't repeat"));
        }
        if !text.starts_with(&format!("# {number}: ")) {
            violations.push(format!("{path}: begins without `# {number}: ` and its sentence"));
        }
        for part in ["## Decision", "## Why", "## Alternatives"] {
            if !text.lines().any(|line| line == part) {
                violations.push(format!("{path}: has no `{part}`: a decision without it can't be judged later"));
            }
        }
        expected += 1;
    }
    if expected == 1 {
        violations.push("docs/decisions: there are none".to_owned());
    }
    violations
}

/// The two commands that every reader needs.
const README_COMMANDS: &[&str] = &["cargo run --release -- demo", "tests/run"];

/// Commands in the README's `sh` blocks that don't exist, and the two that must be there.
pub(crate) fn readme_violations(readme: &str, holds: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut in_block = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        if let Some(language) = line.strip_prefix("```") {
            in_block = !in_block && language == "sh";
        } else if in_block {
            commands.push(line.split(" #").next().unwrap_or(line).trim());
        }
    }
    let mut violations = Vec::new();
    for needed in README_COMMANDS {
        if !commands.iter().any(|command| command.starts_with(needed)) {
            violations.push(format!("README.md: no ```sh block has `{needed}`"));
        }
    }
    for command in commands.iter().filter(|command| !command.is_empty()) {
        let words: Vec<&str> = command.split_whitespace().collect();
        let subcommand = match words[..] {
            ["cargo", "run", "--release", "--", subcommand, ..] | ["mingzhang", subcommand, ..] => Some(subcommand),
            _ => None,
        };
        let file = subcommand.map(|name| format!("src/cli/{}.rs", name.replace('-', "_")));
        let directory = subcommand.map(|name| format!("src/cli/{}/mod.rs", name.replace('-', "_")));
        if let (Some(file), Some(directory)) = (file, directory) {
            // While there is no command line yet, there is nothing to compare with.
            if holds("src/cli") && !holds(&file) && !holds(&directory) {
                violations.push(format!("README.md: `{command}`: there is no {file}"));
            }
        } else if (words[0].starts_with("tests/") || words[0].starts_with(".ci/")) && !holds(words[0]) {
            violations.push(format!("README.md: `{command}`: there is no {}", words[0]));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::{architecture_violations, decision_violations, readme_violations, unknown_at_the_top};

    #[test]
    fn a_stray_file_at_the_top_is_refused() {
        let names = ["src", ".ci", "Cargo.toml", "notes.txt", "scripts"].map(str::to_owned);
        assert_eq!(unknown_at_the_top(&names).len(), 2);
    }

    #[test]
    fn the_map_misses_nothing_and_invents_nothing() {
        let modules = ["ledger", "store", "events::points"].map(str::to_owned).into();
        let row = |module: &str| format!("| `{module}` | what it is for |\n");
        let check = |rows: &str| {
            let page = format!("# Architecture\n\n## Map\n{rows}\n## Files\n{}", row("ledger.sqlite"));
            architecture_violations(&page, &modules).len()
        };
        let whole = [row("ledger"), row("store"), row("events::points")].concat();
        assert_eq!(check(&whole), 0);
        assert_eq!(check(&row("ledger")), 2);
        assert_eq!(check(&(whole.clone() + &row("sync"))), 1);
        assert_eq!(check(&(whole + &row("store"))), 1);
        assert_eq!(architecture_violations("", &modules).len(), 3);
    }

    #[test]
    fn a_gap_in_the_decisions_is_refused() {
        let text = |number: &str| format!("# {number}: We do this\n## Decision\n## Why\n## Alternatives\n");
        let (one, two, three) = (text("0001"), text("0002"), text("0003"));
        let check = |decisions: &[(&'static str, &str)]| decision_violations(decisions.iter().copied()).len();
        assert_eq!(check(&[("docs/decisions/0001-a.md", &one), ("docs/decisions/0002-b.md", &two)]), 0);
        assert_eq!(check(&[("docs/decisions/0001-a.md", &one), ("docs/decisions/0003-b.md", &three)]), 2);
        assert_eq!(check(&[("docs/decisions/0001-a.md", &one), ("docs/decisions/0001-b.md", &one)]), 2);
        assert_eq!(check(&[("docs/decisions/0001-a.md", "# 0001: We do this\n## Decision\n")]), 2);
        assert_eq!(check(&[]), 1);
    }

    #[test]
    fn a_command_that_does_not_exist_is_refused() {
        let holds = |path: &str| ["src/cli", "src/cli/demo.rs", "src/cli/import/mod.rs", "tests/run"].contains(&path);
        let block = |commands: &str| format!("# 明账\n```sh\n{commands}\n```\n");
        let both = "cargo run --release -- demo --no-serve  # a ledger of a real street\ntests/run\n";
        assert_eq!(readme_violations(&block(both), &holds), [""; 0]);
        assert_eq!(readme_violations(&block(&format!("{both}mingzhang import roster FILE")), &holds), [""; 0]);
        assert_eq!(readme_violations(&block(&format!("{both}mingzhang fly\n.ci/run")), &holds).len(), 2);
        assert_eq!(readme_violations(both, &holds).len(), 2, "a command outside of a block is prose");
        assert_eq!(readme_violations("", &holds).len(), 2);
    }
}
