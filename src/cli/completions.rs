//! `mingzhang completions`: what a shell needs to complete our commands.

use super::exit::Exit;
use super::failure::Failure;
use super::output::say_bytes;

const EXAMPLE: &str = "\
示例 Example:
  mingzhang completions bash > /etc/bash_completion.d/mingzhang";

/// Its options.
#[derive(clap::Args)]
#[command(about = "生成命令补全脚本  Completions for your shell", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "SHELL", help = "bash、zsh、fish、elvish、powershell")]
    shell: clap_complete::Shell,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut super::definition(), "mingzhang", &mut script);
    say_bytes(&script)?;
    Ok(Exit::Done)
}
