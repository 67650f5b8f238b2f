//! The command line as a page of Markdown, made from the definitions that the program itself parses with.

use super::exit::Exit;
use std::fmt::Write;

/// The page `docs/reference/cli.md`, without its head.
pub fn reference() -> String {
    let mut page = String::new();
    page.push_str("\n## 退出代码 Exit codes\n\n| code | 含义 | meaning |\n|---|---|---|\n");
    for exit in Exit::ALL {
        writeln!(page, "| {} | {} | {} |", exit.code(), exit.chinese(), exit.english()).expect("writing to memory");
    }
    let mut command = super::definition().term_width(100);
    command.build();
    for child in command.get_subcommands_mut() {
        write_command(&mut page, child, "mingzhang", 2);
    }
    page
}

fn write_command(page: &mut String, command: &mut clap::Command, above: &str, depth: usize) {
    if command.is_hide_set() {
        return;
    }
    let name = format!("{above} {}", command.get_name());
    let help = command.clone().bin_name(&name).term_width(100).render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    let marks = "#".repeat(depth);
    write!(page, "\n{marks} `{name}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).expect("writing to memory");
    for child in command.get_subcommands_mut() {
        write_command(page, child, &name, (depth + 1).min(4));
    }
}
