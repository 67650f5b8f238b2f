//! `mingzhang proof`: the receipt of an entry as a file that anyone can check offline (C2SP tlog-proof).

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::say_bytes;
use super::target::TargetOptions;
use super::written::Over;
use mingzhang_events::EventId;
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang proof --event e00000000000000000000000001 --output 回执.tlog-proof --entry-output 记录.json --ledger 账本
  mingzhang proof --event e00000000000000000000000001 --url http://127.0.0.1:8787 --token mz_…
  mingzhang check-proof 回执.tlog-proof --entry 记录.json --policy 策略

记录须逐字节保存：改动一个空格，证明就不成立。回执以已公布的检查点为准；尚未公布的记录以当前检查点为准。
Keep the entry byte for byte: with one space changed the proof fails. The receipt is against the published checkpoint, or
against the present one if the entry isn't published yet.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "回执：某条记录在账本中的证明  A receipt: the proof that an entry is in the log", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "ID", help = "记录编号  The event's id")]
    event: EventId,
    #[arg(long, value_name = "FILE", help = "写入文件，而不是打印  Write to a file instead of printing")]
    output: Option<PathBuf>,
    #[arg(long, value_name = "FILE", help = "把记录的原始字节也写入文件  Write the entry too, byte for byte")]
    entry_output: Option<PathBuf>,
    #[command(flatten)]
    over: Over,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let id = options.event;
    let tried = both(format!("取得记录 {id} 的回执"), format!("getting the receipt of {id}"));
    make(options).map_err(|failure| failure.trying(tried)).map(|()| Exit::Done)
}

fn make(options: &Options) -> Result<(), Failure> {
    for path in options.output.iter().chain(&options.entry_output) {
        options.over.must_be_free(path)?;
    }
    let target = options.target.open()?;
    let (proof, entry) = target.proof(options.event, options.entry_output.is_some())?;
    target.close()?;
    match &options.output {
        Some(path) => options.over.write(path, proof.as_bytes())?,
        None => say_bytes(proof.as_bytes())?,
    }
    match (&options.entry_output, entry) {
        (Some(path), Some(entry)) => options.over.write(path, &entry),
        (None, _) | (Some(_), None) => Ok(()),
    }
}
