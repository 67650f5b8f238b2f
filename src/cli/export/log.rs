//! `mingzhang export log`: the log as static files (C2SP tlog-tiles), which any web server or object store can serve.

use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::output::{bad, count, faint, good, remark, say};
use super::super::progress::Progress;
use super::super::target::DirectoryOptions;
use super::super::verify::found;
use super::not_published;
use crate::audit::{ExportError, Finding, Scope};
use crate::service::{self, ExportLogError};
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang export log --output 导出 --ledger 账本                    给监督机构：含全部记录  with entries, for auditors
  mingzhang export log --output 网站/log --hashes-only --ledger 账本   给公众：只有检查点和哈希  hashes only, for the public
  mingzhang verify --log 导出 --policy 策略                            由收到的人核验  by whoever was given it

再次运行只增加新的文件；已有的文件从不改动（checkpoint 除外，最后写入），缺失或长度不对的重新写入，内容不重新查看：那由
verify --log 完成。服务器运行时也可以导出；同一目录一次只有一个导出。
任何网页服务器都能提供这些文件；含记录的目录只应给获授权的审计人员。
Running it again adds only what is new; no file but `checkpoint`, which comes last, is ever changed. A file that is gone or
of another length is written anew; what is in the old files isn't looked at: that is `verify --log`. It may run beside a
server, one export into a directory at a time. Any web server can serve the files; a directory with entries is for authorised auditors only.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "按 C2SP tlog-tiles 导出整个账本为静态文件  The log as static files (C2SP tlog-tiles)", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "DIR", help = "导出到哪个目录  The directory to write into")]
    output: PathBuf,
    #[arg(long, help = "不含记录，只有检查点和哈希  Without entries: the checkpoint and the hashes")]
    hashes_only: bool,
    #[command(flatten)]
    directory: DirectoryOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let path = options.directory.directory()?;
    let output = &options.output;
    let tried = both(format!("导出账本到 {}", output.display()), format!("exporting the log to {}", output.display()));
    let scope = if options.hashes_only { Scope::HashesOnly } else { Scope::EntriesAndHashes };
    let outcome = {
        let bar = Progress::of("导出 exporting");
        service::export_log(&path, output, scope, &mut |done, total| bar.reached(done, total))
    };
    let exported = outcome.map_err(|error| failure(error).trying(tried))?;
    let check = good("✓");
    let (size, new) = (count(exported.size), count(exported.size - exported.known));
    if exported.repaired > 0 {
        let files = count(exported.repaired);
        remark(format!(
            "{} 先前导出的 {files} 个文件缺失或长度不对，已重新写入；其余旧文件的内容没有查看，请用 mingzhang verify --log 核验",
            bad("!")
        ));
        remark(faint(format!(
            "  {files} files of the export before were gone or of another length, and were written anew; what is in the other old files \
             wasn't looked at: mingzhang verify --log does"
        )));
    }
    if exported.files == 0 {
        say(format!("{check} 没有新内容：{size} 条都已导出  nothing is new: all {size} entries were there"))?;
    } else {
        let files = count(exported.files);
        say(format!(
            "{check} 共 {size} 条，其中新增 {new} 条；写入 {files} 个文件（含 checkpoint），{} 字节",
            count(exported.bytes)
        ))?;
        say(faint(format!(
            "  {size} entries, {new} of them new; {files} files written, `checkpoint` among them, {} bytes",
            count(exported.bytes)
        )))?;
    }
    Ok(Exit::Done)
}

fn failure(error: ExportLogError) -> Failure {
    match error {
        ExportLogError::Published(error) => not_published(error),
        ExportLogError::Export(ExportError::Unsound(Finding::Unfinished(error))) => Failure::of_world(
            both("无法读完账本，没有公布任何新内容", "the ledger can't be read to its end; nothing new was published"),
            &error,
        ),
        ExportLogError::Export(ExportError::Unsound(finding)) => found(&finding),
        ExportLogError::Export(error @ ExportError::File { .. }) => {
            Failure::of_world(both("文件无法读写", "a file can't be read or written"), &error)
        }
        ExportLogError::Export(error) => {
            let exit = match &error {
                ExportError::Ahead { .. } | ExportError::Forked { .. } => Exit::VerificationFailed,
                ExportError::NotAnExport(_)
                | ExportError::OtherLog { .. }
                | ExportError::OtherScope { .. }
                | ExportError::Unsound(_)
                | ExportError::File { .. } => Exit::Refused,
                ExportError::Held(_) => Exit::Held,
            };
            let failure = Failure::new(exit, both(chinese(&error), error.to_string()));
            match std::error::Error::source(&error) {
                Some(cause) => failure.because(cause),
                None => failure,
            }
        }
    }
}

fn chinese(error: &ExportError) -> String {
    match error {
        ExportError::NotAnExport(path) => format!("{} 不为空，也不是导出的账本：请换一个目录", path.display()),
        ExportError::OtherLog { directory, origin } => {
            format!("{} 中是另一账本 {origin}：请换一个目录", directory.display())
        }
        ExportError::Ahead { directory, exported, published } => {
            format!("{} 已有 {exported} 条，而账本只公布了 {published} 条：是否放回了旧的账本？", directory.display())
        }
        ExportError::Forked { directory, exported } => format!(
            "{} 中的 {exported} 条与本账本的前 {exported} 条不一致：请保留两者，查明哪一个被改动",
            directory.display()
        ),
        ExportError::OtherScope { directory, scope } => {
            let held = if *scope == Scope::HashesOnly { "不含记录" } else { "含有记录" };
            format!("{} 先前的导出{held}：请照旧继续，或换一个目录", directory.display())
        }
        ExportError::Held(path) => format!("另一个导出正在写入 {}：请等它结束", path.display()),
        ExportError::Unsound(_) => "账本有误，请先核验".to_owned(),
        ExportError::File { path, .. } => format!("{} 无法读写", path.display()),
    }
}
