//! `mingzhang resume`: signs on where the ledger's directory lost what it knew of its signatures. The operator answers for it.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{bad, count, good, remark, say};
use super::passphrase::PassphraseOptions;
use super::target::DirectoryOptions;
use crate::clock::MachineClock;
use crate::service::{Resumed, resume};
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang resume --checkpoint 见证人保存的检查点 --ledger 账本
  mingzhang resume --checkpoint 检查点1 --checkpoint 检查点2 --ledger 账本
  mingzhang resume --without-checkpoint --ledger 账本

账本目录缺少 checkpoint 或 signed-heads，或其中之一是旧的，就不再签发：账本可能是旧副本，续签会造成两份不同的历史。
请先找回原文件；找不回时，向见证人、监督机构或公众索取最新的检查点，用本命令续签。账本必须包含它的全部内容。
Without the files `checkpoint` and `signed-heads`, or with an older one, nothing is signed: the log may be an older copy, and
signing on would make two histories. Look for the files first. If they are lost, ask witnesses, supervising bodies or the public
for the newest checkpoint that they kept, and sign on with this command. The log has to extend it.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "续签：检查点文件丢失后重新开始签发  Sign on after the checkpoint files were lost", after_help = EXAMPLE)]
#[group(id = "known", required = true, multiple = false, args = ["checkpoint", "without_checkpoint"])]
pub(super) struct Options {
    #[arg(
        long,
        value_name = "FILE",
        help = "他人保存的最新检查点，可多次  The newest checkpoint that others kept; may be repeated"
    )]
    checkpoint: Vec<PathBuf>,
    #[arg(long, help = "没有人保存过检查点：由操作者负责  Nobody kept a checkpoint: the operator answers for it")]
    without_checkpoint: bool,
    #[command(flatten)]
    directory: DirectoryOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let path = options.directory.directory()?;
    let tried = both(format!("续签账本 {}", path.display()), format!("signing on in {}", path.display()));
    let resumed = resume(&path, &options.checkpoint, Arc::new(MachineClock), &|key| options.passphrase.ask(key));
    let Resumed { tree_size, known } =
        resumed.map_err(|error| Failure::from(error).on_the_directory_alone().trying(tried))?;
    let size = count(tree_size);
    say(good(format!("已续签：账本 {size} 条  signed on from {size} entries")))?;
    match known {
        Some(known) => say(format!(
            "  包含已知的检查点 {} 条  it extends the known checkpoint of {} entries",
            count(known),
            count(known)
        ))?,
        None => remark(bad("  没有检查点可比对  there was no checkpoint to compare with")),
    }
    remark(
        "末尾是否缺记录，本命令无从得知：谁持有更新的检查点，谁就能证明。请把新的检查点发给见证人和监督机构。\n\
         Whether entries are missing at the end can't be told: whoever has a newer checkpoint can prove it. Hand the new one to\n\
         witnesses and supervising bodies: mingzhang show checkpoint",
    );
    Ok(Exit::Done)
}
