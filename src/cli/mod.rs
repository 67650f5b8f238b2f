//! The command line: one file for each command. It parses, calls, prints; it decides nothing.
//!
//! May not touch the store. Invariant: a command ends with one of the codes of [`Exit`], and says what it tried, what is wrong
//! and what to do next whenever that isn't 0.

mod audit;
mod burden;
mod check_document;
mod check_proof;
mod client;
mod close;
mod completions;
mod demo;
mod diff_notice;
mod document;
mod exit;
mod export;
mod failure;
mod given_out;
mod import;
mod init;
mod issued_file;
mod key;
mod monitor;
mod month;
mod notice;
mod objection;
mod output;
mod passphrase;
mod person;
mod policy;
mod progress;
mod proof;
mod receipt;
mod record;
mod reference;
mod resume;
mod rules;
mod serve;
mod show;
mod target;
mod template;
mod token;
mod verify;
mod witness;

pub use exit::Exit;
pub use reference::reference;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

const EXAMPLES: &str = "\
从这里开始 To begin:
  mingzhang demo                                      用模拟数据走完一个月  a month with synthetic members
  mingzhang init 账本 --origin example.gov.cn/shuyuan  新建真实账本  a ledger of your own

退出代码 Exit codes: 见 see docs/reference/cli.md";

#[derive(Parser)]
#[command(
    name = "mingzhang",
    version,
    about = "明账：社区党组织的积分账本，只增不改，人人可核验\nMingzhang: an append-only, signed ledger of members' service that anyone can verify",
    after_help = EXAMPLES,
    help_template = "{about}\n\n用法 Usage: {usage}\n\n{all-args}{after-help}",
    subcommand_help_heading = "命令 Commands",
    subcommand_value_name = "COMMAND",
    disable_help_subcommand = true,
    max_term_width = 120
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Options),
    Init(init::Options),
    Import(import::Options),
    Template(template::Options),
    Record(record::Options),
    Month(month::Options),
    Objection(objection::Options),
    Close(close::Options),
    Notice(notice::Options),
    DiffNotice(diff_notice::Options),
    Document(document::Options),
    Rules(rules::Options),
    Person(person::Options),
    Token(token::Options),
    Key(key::Options),
    Show(show::Options),
    Burden(burden::Options),
    Serve(serve::Options),
    Resume(resume::Options),
    Proof(proof::Options),
    CheckDocument(check_document::Options),
    CheckProof(check_proof::Options),
    Export(export::Options),
    Verify(verify::Options),
    Audit(audit::Options),
    Witness(witness::Options),
    Monitor(monitor::Options),
    Completions(completions::Options),
}

/// Runs the program with the arguments it was given.
pub fn main() -> ExitCode {
    let command = match parse() {
        Ok(command) => command,
        Err(exit) => return exit.into(),
    };
    match run(command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::complain(&failure);
            failure.told().exit.into()
        }
    }
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Demo(options) => demo::run(&options),
        Command::Init(options) => init::run(&options),
        Command::Import(options) => import::run(&options),
        Command::Template(options) => template::run(&options),
        Command::Record(options) => record::run(options),
        Command::Month(options) => month::run(&options),
        Command::Objection(options) => objection::run(&options),
        Command::Close(options) => close::run(&options),
        Command::Notice(options) => notice::run(&options),
        Command::Document(options) => document::run(&options),
        Command::DiffNotice(options) => diff_notice::run(&options),
        Command::Rules(options) => rules::run(&options),
        Command::Person(options) => person::run(&options),
        Command::Token(options) => token::run(&options),
        Command::Key(options) => key::run(&options),
        Command::Show(options) => show::run(&options),
        Command::Burden(options) => burden::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Resume(options) => resume::run(&options),
        Command::Proof(options) => proof::run(&options),
        Command::CheckDocument(options) => check_document::run(&options),
        Command::CheckProof(options) => check_proof::run(&options),
        Command::Export(options) => export::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Audit(options) => audit::run(&options),
        Command::Witness(options) => witness::run(&options),
        Command::Monitor(options) => monitor::run(&options),
        Command::Completions(options) => completions::run(&options),
    }
}

/// The whole command line as clap knows it.
fn definition() -> clap::Command {
    CommandLine::command()
}

/// Help and version are answers; anything else that can't be parsed is a wrong usage.
fn parse() -> Result<Command, Exit> {
    let parsed = definition().try_get_matches().and_then(|mut matches| CommandLine::from_arg_matches_mut(&mut matches));
    parsed.map(|line| line.command).map_err(|error| {
        if error.use_stderr() {
            output::remark(format!("{}命令写法有误，见 --help", output::bad("错误：")));
        }
        drop(error.print());
        let words: Vec<String> = std::env::args().skip(1).collect();
        if words.first().is_some_and(|word| word == "verify") && words.iter().any(|word| word.starts_with("--url")) {
            output::remark(
                "下一步：verify 读取存储的原始字节，只能在目录上进行：verify --ledger 目录；没有目录的，请向账本要导出的账本（export log），再 verify --log 导出
\
                 next: verify reads the stored bytes, so it works on a directory: `verify --ledger DIR`; without one, ask for an export (`export log`) and `verify --log DIR`",
            );
        }
        if error.use_stderr() { Exit::Usage } else { Exit::Done }
    })
}
