//! Files of `docs/reference/` that are written by the program and kept in the tree. To add one, add a row.

use crate::catalogue;
use crate::repository::Repository;
use crate::tables;
use mingzhang::audit::offline;
use mingzhang::cli::Exit;
use mingzhang::config;
use mingzhang::http::openapi;
use mingzhang::ledger::Rejection;
use std::fmt::Write;

/// What a generated file is made from: the sources, or the program itself.
type Generate = fn(&Repository) -> String;

/// Every generated file.
const GENERATED: &[(&str, Generate)] = &[
    ("docs/reference/cli.md", cli),
    ("docs/reference/api.md", |_| head("接口 The JSON API") + &openapi::markdown()),
    ("docs/reference/config.md", |_| head("配置 The configuration") + config::REFERENCE),
    ("docs/reference/errors.md", errors),
    ("docs/reference/events.md", catalogue::events),
    ("docs/reference/tables.md", |_| head("数据字典 Data dictionary") + &mingzhang::tables::dictionary::markdown()),
    ("docs/reference/import.md", tables::columns),
    ("docs/reference/month.md", |_| head("月度进程 The stages of a month") + &crate::lifecycle::page()),
    ("docs/reference/rules.md", catalogue::rules),
    ("docs/reference/audit-bundle.md", |_| head("审计包 The audit bundle") + &offline::reference()),
    ("docs/reference/openapi.json", |_| openapi::json()),
];

/// The command that writes them all anew.
const BLESS: &str = "MINGZHANG_BLESS=1 cargo test --test tidy generated";

/// Files that differ from what is generated now; with `MINGZHANG_BLESS` set they are written first.
pub(crate) fn violations(repository: &Repository) -> Vec<String> {
    let bless = std::env::var_os("MINGZHANG_BLESS").is_some();
    let mut violations = Vec::new();
    for (path, generate) in GENERATED {
        let fresh = generate(repository);
        if bless {
            repository.write(path, &fresh);
        } else {
            violations.extend(stale(path, &repository.read(path), &fresh));
        }
    }
    let generated = |path: &str| GENERATED.iter().any(|(known, _)| *known == path);
    let orphans = repository.below("docs/reference/").filter(|file| !generated(&file.path));
    violations.extend(
        orphans.map(|file| format!("{}: nothing generates it: add a row to tests/tidy/generated.rs", file.path)),
    );
    violations
}

fn stale(path: &str, kept: &str, fresh: &str) -> Option<String> {
    let differ =
        (1..).zip(kept.lines().chain([""]).zip(fresh.lines().chain([""]))).find(|(_, (kept, fresh))| kept != fresh);
    let line = differ.map_or(1, |(line, _)| line);
    (kept != fresh).then(|| format!("{path}:{line}: stale: run\n  {BLESS}\nand look at what changed"))
}

/// The head of every generated page.
pub(crate) fn head(title: &str) -> String {
    format!("# {title}\n\n<!-- Generated. Don't edit; run: {BLESS} -->\n")
}

/// The commands with their options and exit codes.
fn cli(_: &Repository) -> String {
    head("命令行 Command line") + &mingzhang::cli::reference()
}

/// The refusals, with their stable codes.
fn errors(_: &Repository) -> String {
    let mut page = head("错误代码 Error codes");
    page.push_str(
        "\n## 拒绝 Refusals\n\nThe rules said no, and nothing was recorded. Codes never change their meaning. Where several apply, the first of this \
         table is given.\n\n| code | meaning |\n|---|---|\n",
    );
    for (code, meaning) in Rejection::CODES {
        writeln!(page, "| `{code}` | {meaning} |").expect("writing to memory");
    }
    page.push_str(
        "\n## 退出代码 Exit codes\n\nWhat a command of the program ends with.\n\n| code | 含义 | meaning |\n|---|---|---|\n",
    );
    for exit in Exit::ALL {
        writeln!(page, "| {} | {} | {} |", exit.code(), exit.chinese(), exit.english()).expect("writing to memory");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{BLESS, stale};

    #[test]
    fn a_stale_file_is_refused_with_the_command_that_mends_it() {
        assert_eq!(stale("docs/reference/a.md", "one\ntwo\n", "one\ntwo\n"), None);
        for (kept, line) in [("one\n2\n", 2), ("", 1), ("one\n", 2), ("one\ntwo\nthree\n", 3), ("one\ntwo", 1)] {
            let said = stale("docs/reference/a.md", kept, "one\ntwo\n").expect("it is stale");
            assert!(said.starts_with(&format!("docs/reference/a.md:{line}: ")) && said.contains(BLESS), "{said}");
        }
    }
}
