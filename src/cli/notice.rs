//! `mingzhang notice`: the monthly circular (积分每月通报), as it was issued or as it would be now; and its issue.

use super::client::Client;
use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{remark, say_bytes};
use super::receipt::say_receipt;
use super::target::{Directory, Target, TargetOptions};
use crate::clock::{Clock, MachineClock};
use crate::ledger::{Command, IdempotencyKey};
use crate::notice::{Imprint, Notice, render};
use mingzhang_events::{Event, EventId, Evidence, Month, OrganizationId};
use mingzhang_projections::NoticeEntry;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang notice --month 2026-10 --ledger 账本                                   草稿或已印发的通报  draft or as issued
  mingzhang notice --month 2026-10 --format html --output 通报.html --ledger 账本
  mingzhang notice --month 2026-10 --issue --number '〔2026〕10号' --ledger 账本      印发（须先月结）  issue; close the month first
  mingzhang notice --month 2026-10 --issue --number '〔2026〕12号' --supersedes e01… --ledger 账本  更正通报  supersede

印发时用 --output 写出的文件，其摘要随即记入账本，收到的人可用 mingzhang check-document 核验；
同一文号再次印发、换一种 --format，即登记另一种格式的文件。
The digest of what --output writes while issuing is recorded, so that whoever gets the file can check it with check-document;
issued again with the same number and another --format, that file is recorded too.

已印发的通报始终按其检查点重算，内容不变。姓名按现在的公开同意显示。
An issued notice is always composed at its checkpoint. Names are shown as consents allow today.";

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Html,
    Csv,
    Json,
    Text,
}

impl Format {
    pub(super) const ALL: [Format; 4] = [Format::Html, Format::Csv, Format::Json, Format::Text];

    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Text => "txt",
        }
    }

    pub(super) fn render(self, notice: &Notice, imprint: &Imprint) -> Vec<u8> {
        match self {
            Format::Html => render::html(notice, imprint).into_bytes(),
            Format::Csv => render::csv(notice, imprint),
            Format::Json => render::json(notice, imprint),
            Format::Text => render::text(notice, imprint).into_bytes(),
        }
    }
}

/// Its options.
#[derive(clap::Args)]
#[command(about = "积分每月通报：查看、导出、印发  The monthly circular: show, export, issue", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "YYYY-MM", help = "月份  The month")]
    month: Month,
    #[arg(long, value_name = "CODE", help = "组织代码；省略则为全账  The organisation; the whole tree if left out")]
    organization: Option<OrganizationId>,
    #[arg(long, value_enum, default_value = "text", help = "格式  The format")]
    format: Format,
    #[arg(long, value_name = "FILE", help = "写入文件，而不是打印  Write to a file instead of printing")]
    output: Option<PathBuf>,
    #[arg(long, help = "印发：写入账本；须写明文号  Issue it: recorded in the log; takes a number")]
    issue: bool,
    #[arg(long, value_name = "TEXT", requires = "issue", help = "文号，如 〔2026〕10号  The document number")]
    number: Option<String>,
    #[arg(
        long,
        value_name = "ID",
        requires = "issue",
        help = "更正通报：取代该月已印发的哪一份  The notice that this one takes the place of"
    )]
    supersedes: Option<EventId>,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let month = options.month;
    let tried = both(format!("{month} 的通报"), format!("the notice of {month}"));
    show(options).map_err(|failure| failure.trying(tried))
}

fn show(options: &Options) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let organization = match options.organization {
        Some(organization) => organization,
        None => target.root()?,
    };
    if options.issue && options.number.is_none() {
        return Err(without_number(&target, organization));
    }
    let bytes = match &target {
        Target::Directory(directory) => {
            if let Some(number) = &options.number {
                issue(directory, &target, organization, options, number)?;
            }
            render_from(directory, organization, options.month, options.format)?
        }
        Target::Server(client) => {
            if let Some(number) = &options.number {
                let key = IdempotencyKey::of_notice(organization, options.month, number);
                say_receipt(&client.issue_notice(
                    organization,
                    options.month,
                    number,
                    options.supersedes,
                    key.as_str(),
                )?)?;
            }
            fetch(client, organization, options.month, options.format)?
        }
    };
    match &options.output {
        Some(path) => {
            write(path, &bytes)?;
            if options.issue {
                super::issued_file::record(&target, organization, options.month, of_file(options.format)?, &bytes)?;
            }
        }
        None if options.issue => {}
        None => say_bytes(&bytes)?,
    }
    target.close()?;
    Ok(Exit::Done)
}

/// What is issued has a number; the next one by the format of the configuration is proposed, because the office numbers other letters, too.
fn without_number(target: &Target, organization: OrganizationId) -> Failure {
    let failure = Failure::usage(both("印发须写明文号", "what is issued has a number"));
    let Target::Directory(directory) = target else {
        return failure.next(both("请用 --number 写明文号", "say it with --number"));
    };
    let service = &directory.service;
    let issued = service.models_blocking().notices(Some(organization));
    let used = issued.iter().map(|notice| notice.number.as_str());
    let next = service.config.documents.notice_number.next(MachineClock.now().local_date().year(), used);
    failure.next(both(format!("下一个文号是 --number '{next}'"), format!("the next would be --number '{next}'")))
}

/// A format as the log has it, which is as it is called here.
fn of_file(format: Format) -> Result<mingzhang_events::DocumentFormat, Failure> {
    let name = clap::ValueEnum::to_possible_value(&format);
    let known = name.and_then(|name| name.get_name().parse().ok());
    known.ok_or_else(|| Failure::bug("the log has no name for this format"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| {
        let path = path.display();
        Failure::of_world(both(format!("无法写入 {path}"), format!("writing {path}")), &error)
    })?;
    remark(format!("✓ {}", path.display()));
    Ok(())
}

/// Composes at the present head and records the digest, unless that was done before.
fn issue(
    directory: &Directory,
    target: &Target,
    organization: OrganizationId,
    options: &Options,
    number: &str,
) -> Result<(), Failure> {
    let (service, month) = (&directory.service, options.month);
    let key = IdempotencyKey::of_notice(organization, month, number);
    let (event, occurred_at) = match directory.event(key.event_id())? {
        Some((_, issued)) => (issued.event, issued.occurred_at),
        None => {
            let issued = service.notice_to_issue(organization, month, number, options.supersedes)?;
            (Event::from(issued.ok_or_else(|| Failure::no_organization(organization))?), MachineClock.now())
        }
    };
    say_receipt(&target.submit_one(Command { key, event, evidence: Evidence::Office, imported: None, occurred_at })?)
}

/// As it was issued last, or a draft.
fn render_from(
    directory: &Directory,
    organization: OrganizationId,
    month: Month,
    format: Format,
) -> Result<Vec<u8>, Failure> {
    let service = &directory.service;
    let issued = service.models_blocking().notices(Some(organization)).into_iter().find(|entry| entry.month == month);
    let issued_on = issued.as_ref().map(|entry| entry.issued_at.local_date());
    let entry = match issued {
        Some(entry) => entry,
        None if MachineClock.now().month() < month => return Err(not_begun(month)),
        None => NoticeEntry::draft(organization, month, service.models_blocking().tree_size()),
    };
    let composed = service.issued_notice(&entry)?.ok_or_else(|| Failure::no_organization(organization))?;
    if issued_on.is_none() {
        remark("草稿：尚未印发  a draft: not issued yet");
    }
    Ok(format.render(&composed.notice, &service.imprint(&composed, issued_on, None)?))
}

/// What hasn't happened can't be told.
fn not_begun(month: Month) -> Failure {
    let wrong = both(
        format!("{month} 还没有开始，没有可通报的内容"),
        format!("{month} hasn't begun: there is nothing to tell of it"),
    );
    Failure::new(Exit::Refused, wrong).next(both("请核对月份", "check the month"))
}

fn fetch(client: &Client, organization: OrganizationId, month: Month, format: Format) -> Result<Vec<u8>, Failure> {
    let listed = client.get_json(&format!("/v1/notices?organization={organization}&month={month}&limit=1"))?;
    let Some(id) = listed["notices"][0]["id"].as_str() else {
        if !client.knows_organization(organization)? {
            return Err(Failure::no_organization(organization));
        }
        remark("草稿：尚未印发  a draft: not issued yet");
        let path = format!("/v1/organizations/{organization}/draft.{}?month={month}", format.suffix());
        return Ok(client.get(&path)?.into_bytes());
    };
    Ok(client.get(&format!("/v1/notices/{id}.{}", format.suffix()))?.into_bytes())
}
