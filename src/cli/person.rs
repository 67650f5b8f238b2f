//! `mingzhang person`: what is kept of people beside the log: shown to an auditor (出示身份), and erased (删除个人信息).

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{good, say, say_bytes};
use super::receipt::say_receipt;
use super::target::{Target, TargetOptions};
use super::written::{self, FOR_THE_OWNER};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang person erase 1001 --ledger 账本
  mingzhang person erase m0000000000001 --url https://账本.example --token …
  mingzhang person reveal 1001 --output 张三.json --ledger 账本     交审计人员抽查，用 audit --reveal 核对

删除姓名、编号和登录令牌，不能恢复。其登记过的事实只留标识；账本的根、证明、合计和已印发通报的摘要都不变。
备份和已下载、已打印的文件不在账本之内，须另行删除。
出示的文件含姓名、编号和随机值：只交给有权知道的人，用后删除。
Erases name, number and tokens for good. Facts stay by id; root, proofs, totals and digests of notices don't change.
Backups, downloads and prints are outside the ledger: erase them as well.
What is revealed holds name, number and salts: for those only who may know them.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "个人信息：出示、删除  People: reveal or erase a person", after_help = EXAMPLE, arg_required_else_help = true)]
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
    #[command(about = "出示一名党员的姓名、编号和随机值，供审计抽查  Reveal who a member is, for a spot check")]
    Reveal {
        #[arg(value_name = "MEMBER", help = "编号或党员标识  Number or member id")]
        member: String,
        #[arg(long, value_name = "FILE", help = "写入文件，只有本人可读  To this file, readable by its owner only")]
        output: Option<PathBuf>,
    },
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    match &options.verb {
        Verb::Erase { member } => {
            erase(options, member).map_err(|failure| failure.trying(both("删除个人信息", "erasing a person")))
        }
        Verb::Reveal { member, output } => reveal(options, member, output.as_deref())
            .map_err(|failure| failure.trying(both("出示身份", "revealing a person"))),
    }
}

fn reveal(options: &Options, member: &str, output: Option<&Path>) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let member = target.member(member)?;
    let found = match &target {
        Target::Directory(directory) => directory.service.reveal(member)?,
        Target::Server(client) => client.reveal(member)?,
    };
    let reveal = found.ok_or_else(|| {
        let wrong = both(format!("没有 {member} 的姓名和随机值"), format!("name and salts of {member} aren't kept"));
        Failure::new(Exit::Refused, wrong).next(both(
            "若姓名是升级以前登记的，请把花名册再导入一次",
            "if the name was recorded by an earlier version, import the roster once more",
        ))
    })?;
    match output {
        Some(path) => {
            // One that is there is never written over: others may be able to read it.
            written::write_new(path, &reveal.to_bytes(), FOR_THE_OWNER)
                .map_err(|failure| failure.next(both("请换一个文件名", "choose another name")))?;
            say(good(format!("已写入 {}  written", path.display())))?;
        }
        None => say_bytes(&reveal.to_bytes())?,
    }
    target.close()?;
    Ok(Exit::Done)
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
