//! `mingzhang export audit`: everything that somebody without the ledger needs to recompute an issued notice, in one file.

use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::output::{count, faint, good, say};
use super::super::progress::Progress;
use super::super::target::DirectoryOptions;
use super::super::written::{FOR_ALL, Over, unfinished_is_there};
use super::not_published;
use crate::audit::Finding;
use crate::clock::MachineClock;
use crate::durable::Unfinished;
use crate::service::{self, AuditExportError, AuditWanted};
use mingzhang_events::{Month, OrganizationId};
use std::io::{BufWriter, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang export audit --month 2026-10 --output 审计包.tar.zst --ledger 账本
  mingzhang export audit --month 2026-10 --organization 420902001001 --entries since-month --output 审计包.tar.zst --ledger 账本
  mingzhang audit 审计包.tar.zst --policy 策略      由收到的人核验，不需要账本  by whoever was given it

通报须已印发，且之后公布过检查点。服务器运行时也可以导出；须在账本目录上运行（不支持 --url）。包里没有任何人的姓名。
since-month 只含当月起登记的记录，并附此前记录的哈希：可以证明这些记录和通报没有被改动，但不能重新算出任何数字。
The notice must be issued and a checkpoint published since. Works on the directory only, also beside a running server. The file
holds no name. With since-month it holds the entries since the month began, and hashes for those before: they prove that nothing
was changed, but no figure can be recomputed from them.";

/// Which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Entries {
    All,
    SinceMonth,
}

/// Its options.
#[derive(clap::Args)]
#[command(about = "审计包：脱离账本重新算出通报所需的全部文件  All that an offline audit of a notice needs", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "YYYY-MM", help = "月份  The month")]
    month: Month,
    #[arg(
        long,
        value_name = "CODE",
        help = "组织代码；省略则为当月印发过通报的最上级组织  The organisation; the uppermost that issued a notice if left out"
    )]
    organization: Option<OrganizationId>,
    #[arg(long, value_enum, default_value = "all", help = "含哪些记录  Which entries it holds")]
    entries: Entries,
    #[arg(long, value_name = "FILE", help = "写入哪个文件（.tar.zst）  The file to write (.tar.zst)")]
    output: PathBuf,
    #[command(flatten)]
    over: Over,
    #[command(flatten)]
    directory: DirectoryOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    options.over.must_be_free(&options.output)?;
    let path = options.directory.directory()?;
    let output = options.output.display();
    let tried = both(format!("导出审计包 {output}"), format!("exporting the audit bundle {output}"));
    let file = |error: std::io::Error| {
        Failure::of_world(both(format!("无法写入 {output}"), format!("writing {output}")), &error)
    };
    let wanted = AuditWanted {
        month: options.month,
        organization: options.organization,
        since_month: options.entries == Entries::SinceMonth,
    };
    // Under another name until it is whole.
    let created = Unfinished::create(&options.output, FOR_ALL);
    let (unfinished, written) = created.map_err(|error| match error.kind() == ErrorKind::AlreadyExists {
        true => unfinished_is_there(&options.output),
        false => file(error),
    })?;
    let outcome = {
        let bar = Progress::of("导出 exporting");
        let mut progress = |done, total| bar.reached(done, total);
        service::export_audit(&path, wanted, Arc::new(MachineClock), BufWriter::new(&written), &mut progress)
    };
    let exported = match outcome {
        Ok(exported) => exported,
        Err(error) => {
            unfinished.remove();
            return Err(failure(error).trying(tried));
        }
    };
    unfinished.finish().map_err(file)?;
    let (notice, entries) = (&exported.notice, exported.tree_size - exported.first_index);
    say(format!(
        "{} {} {} 通报 {}：{} 条记录（检查点 {} 条），写入 {output}",
        good("✓"),
        notice.organization,
        notice.month,
        notice.number,
        count(entries),
        count(exported.tree_size)
    ))?;
    say(faint(format!(
        "  notice {} of {} for {}: {} of {} entries, written to {output}",
        notice.number,
        notice.organization,
        notice.month,
        count(entries),
        count(exported.tree_size)
    )))?;
    Ok(Exit::Done)
}

fn failure(error: AuditExportError) -> Failure {
    let english = error.to_string();
    match error {
        AuditExportError::Service(error) => Failure::from(error),
        AuditExportError::Finding(Finding::Unfinished(error)) => {
            Failure::of_world(both("无法读完账本", "the ledger can't be read to its end"), &error)
        }
        AuditExportError::Finding(finding) => Failure::new(Exit::VerificationFailed, both("账本中的记录有误", english))
            .because(&finding)
            .next(both("请先运行 mingzhang verify", "run mingzhang verify first")),
        AuditExportError::Published(error) => not_published(error),
        AuditExportError::NotIssued(wanted) => {
            let by = wanted.organization.map_or_else(String::new, |organization| organization.to_string());
            Failure::new(Exit::Refused, both(format!("{by} 还没有印发 {} 的通报", wanted.month), english))
                .next(both("请先月结并印发", "close the month and issue the notice first"))
        }
        AuditExportError::NotPublished { published, log_index } => Failure::new(
            Exit::Refused,
            both(format!("已公布的检查点只有 {published} 条，通报由第 {log_index} 条印发"), english),
        )
        .next(both(
            "请等待服务器公布新的检查点，或正常停止它",
            "wait until the server has published one, or stop it in order",
        )),
        AuditExportError::NoticeDiffers { log_index } => Failure::new(
            Exit::VerificationFailed,
            both(format!("由账本重新算出的通报，与第 {log_index} 条印发的不同"), english),
        )
        .next(both("请运行 mingzhang verify，并告知监督机构", "run mingzhang verify, and tell the supervising body")),
        AuditExportError::Output(error) => Failure::of_world(both("无法写入审计包", english), &error),
    }
}
