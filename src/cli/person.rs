//! `mingzhang person`: what is kept of people beside the log, and its erasing (删除个人信息).

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{good, say};
use super::receipt::say_receipt;
use super::target::{Target, TargetOptions};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang person erase 1001 --ledger 账本
  mingzhang person erase m0000000000001 --url https://账本.example --token …

删除姓名、编号和登录令牌，不能恢复。其登记过的事实只留标识；账本的根、证明、合计和已印发通报的摘要都不变。
备份和已下载、已打印的文件不在账本之内，须另行删除。
Erases name, number and tokens for good. Facts stay by id; root, proofs, totals and digests of notices don't change.
Backups, downloads and prints are outside the ledger: erase them as well.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "个人信息：删除  People: erase a person", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    target: TargetOptions,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "删除一名党员的姓名、编号和登录令牌  Erase a member's name, number and tokens")]
    Erase {
        #[arg(value_name = "MEMBER", help = "编号或党员标识  Number or member id")]
        member: String,
    },
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let Verb::Erase { member } = &options.verb;
    erase(options, member).map_err(|failure| failure.trying(both("删除个人信息", "erasing a person")))
}

fn erase(options: &Options, member: &str) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let member = target.member(member)?;
    let receipt = match &target {
        Target::Directory(directory) => {
            match target.submit_one(directory.service.erasing(member)?) {
                Ok(receipt) => {
                    directory.service.identity.erase(&[member])?;
                    Some(receipt)
                }
                // The log has nothing more to say of them.
                Err(refused) if ["person_erased", "unknown_member"].iter().any(|code| refused.is_refusal(code)) => {
                    if !directory.service.erase_kept(member)? {
                        return Err(refused);
                    }
                    None
                }
                Err(failure) => return Err(failure),
            }
        }
        Target::Server(client) => client.erase_person(member)?,
    };
    say(good(format!("{member} 的姓名、编号和令牌已删除  name, number and tokens are erased")))?;
    match &receipt {
        Some(receipt) => say_receipt(receipt)?,
        None => say(
            "账中没有可记的：此人已记为删除，或从未列入花名册  nothing to record: the log calls them erased, or never knew them",
        )?,
    }
    target.close()?;
    Ok(Exit::Done)
}
