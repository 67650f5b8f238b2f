//! `mingzhang notice`: the monthly circular (积分每月通报), as it was issued or as it would be now; and its issue.

use super::client::Client;
use super::exit::Exit;
use super::failure::{Failure, both};
use super::issued_file::{self, Sort};
use super::output::{must_not_be_a_terminal, remark, say_bytes};
use super::receipt::{Receipt, say_receipt};
use super::target::{Directory, Target, TargetOptions};
use super::written::{self, FOR_ALL, Over};
use crate::clock::{Clock, MachineClock};
use crate::document::{FONT_PACKAGES, PDF_CELLS_MAX, PdfError, RenderError, WorkbookError};
use crate::ledger::{Command, IdempotencyKey, Rejection};
use crate::notice::render::FileFormat;
use jiff::civil::Date;
use mingzhang_events::{DocumentFormat, Event, EventId, Evidence, Month, OrganizationId};
use mingzhang_projections::NoticeEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang notice --month 2026-10 --ledger 账本                                   草稿或已印发的通报  draft or as issued
  mingzhang notice --month 2026-10 --format pdf --output 通报.pdf --ledger 账本       可打印盖章的公文  to print and to sign
  mingzhang notice --month 2026-10 --format docx --output 通报.docx --ledger 账本     可编辑的公文  to go on with in Word, WPS, LibreOffice
  mingzhang notice --month 2026-10 --format xlsx --output 通报.xlsx --ledger 账本     可汇总的表格  to count on with
  mingzhang notice --month 2026-10 --disclosure --format pdf --output 公示.pdf --ledger 账本  公示的那一份，写明公示期和怎样提出异议  what is disclosed
  mingzhang notice --month 2026-10 --issue --number '〔2026〕10号' --ledger 账本      印发（须先月结）  issue; close the month first
  mingzhang notice --month 2026-10 --issue --number '〔2026〕12号' --supersedes e01… --ledger 账本  更正通报  supersede

印发时用 --output 写出的文件，其摘要随即记入账本，收到的人可用 mingzhang check-document 核验；
同一文号再次印发、换一种 --format，即登记另一种格式的文件。
The digest of what --output writes while issuing is recorded, so that whoever gets the file can check it with check-document;
issued again with the same number and another --format, that file is recorded too.

已印发的通报始终按其检查点重算，内容不变。姓名按现在的公开同意显示。
An issued notice is always composed at its checkpoint. Names are shown as consents allow today.";

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format(pub(super) FileFormat);

impl clap::ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        const ALL: [Format; FileFormat::ALL.len()] = {
            let mut all = [Format(FileFormat::Text); FileFormat::ALL.len()];
            let mut place = 0;
            while place < all.len() {
                all[place] = Format(FileFormat::ALL[place]);
                place += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name()))
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
    #[arg(
        long,
        conflicts_with_all = ["number", "supersedes"],
        help = "公示：该月公示的那一份，写明公示期和怎样提出异议；与 --issue、--output 同用，登记文件摘要  What is disclosed of that month"
    )]
    disclosure: bool,
    #[command(flatten)]
    over: Over,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let month = options.month;
    let tried = both(format!("{month} 的通报"), format!("the notice of {month}"));
    show(options).map_err(|failure| failure.trying(tried))
}

fn show(options: &Options) -> Result<Exit, Failure> {
    options.output.as_deref().map_or(Ok(()), |path| options.over.must_be_free(path))?;
    let Format(format) = options.format;
    if !format.is_text() && options.output.is_none() && !options.issue {
        must_not_be_a_terminal(format.name())?;
    }
    let target = options.target.open()?;
    let organization = match options.organization {
        Some(organization) => organization,
        None => target.root()?,
    };
    let named = options.organization.is_some();
    if options.disclosure {
        show_disclosure(options, &target, organization)?;
        target.close()?;
        return Ok(Exit::Done);
    }
    if options.issue && options.number.is_none() {
        return Err(without_number(&target, organization));
    }
    let issued = match &options.number {
        None => None,
        Some(number) => {
            let receipt = issue(&target, organization, options, number)
                .map_err(|refused| of_organization(refused, organization, named))?;
            say_receipt(&receipt)?;
            Some(receipt.id)
        }
    };
    let bytes = match &target {
        Target::Directory(directory) => render_from(directory, organization, options.month, format, issued)?,
        Target::Server(client) => fetch(client, organization, options.month, format, issued)?,
    };
    match (&options.output, issued) {
        (Some(path), Some(notice)) => {
            let (format, about) = (of_file(format)?, (organization, options.month));
            let record = || issued_file::record(&target, Sort::Notice, notice, about, format, &bytes);
            written::issue(path, &bytes, FOR_ALL, record)?;
        }
        (Some(path), None) => options.over.write(path, &bytes)?,
        (None, Some(_)) => {}
        (None, None) => say_bytes(&bytes)?,
    }
    target.close()?;
    Ok(Exit::Done)
}

/// What an organisation has disclosed, as a document: with its period, and how to object.
fn show_disclosure(options: &Options, target: &Target, organization: OrganizationId) -> Result<(), Failure> {
    let (Format(format), month) = (options.format, options.month);
    if options.issue && options.output.is_none() {
        return Err(Failure::usage(both("印发公示须写明写入哪个文件", "a disclosure is given out as a file")).next(
            both(
                "请用 --output 写明文件；公示本身用 mingzhang month disclose",
                "say --output; to disclose: mingzhang month disclose",
            ),
        ));
    }
    let newest = issued_file::newest(target, Sort::Disclosure, organization, month)?;
    let event = newest.ok_or_else(|| not_disclosed(organization, month))?;
    let bytes = match target {
        Target::Directory(directory) => {
            let entry = directory.service.models_blocking().published(event);
            let entry = entry.ok_or_else(|| not_disclosed(organization, month))?;
            let disclosed_on = Some(entry.issued_at.local_date());
            render_entry(directory, &entry, disclosed_on, format)?
        }
        Target::Server(client) => client.get_bytes(&format!("/v1/notices/{event}.{}", format.suffix()))?,
    };
    match &options.output {
        Some(path) if options.issue => {
            let format = of_file(format)?;
            let record = || issued_file::record(target, Sort::Disclosure, event, (organization, month), format, &bytes);
            written::issue(path, &bytes, FOR_ALL, record)
        }
        Some(path) => options.over.write(path, &bytes),
        None => say_bytes(&bytes),
    }
}

fn not_disclosed(organization: OrganizationId, month: Month) -> Failure {
    let wrong = both(format!("{organization} 没有公示过 {month}"), format!("{organization} has not disclosed {month}"));
    Failure::new(Exit::Refused, wrong).next(both(
        format!("公示：mingzhang month disclose --month {month} --organization {organization}；上级或下级公示的，请用 --organization 写明"),
        format!("mingzhang month disclose --month {month} --organization {organization}; what is disclosed above or below is had with --organization"),
    ))
}

/// Where no organisation was named, it is the root's notice that would be superseded.
fn of_organization(refused: Failure, root: OrganizationId, named: bool) -> Failure {
    if named || !refused.is_refusal("notice_not_in_force") {
        return refused;
    }
    refused.next(both(
        format!("没有写明组织，取的是 {root}：被取代的通报若是别的组织的，请用 --organization 写明"),
        format!("no organisation was named, so {root} was taken: if the notice is another's, say --organization"),
    ))
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
pub(super) fn of_file(format: FileFormat) -> Result<DocumentFormat, Failure> {
    format.name().parse().map_err(|_| Failure::bug("the log has no name for this format"))
}

/// Composes at the present head and records the digest, unless a notice of the month has this number: then it is that one, whoever issued it and by
/// whatever key.
fn issue(target: &Target, organization: OrganizationId, options: &Options, number: &str) -> Result<Receipt, Failure> {
    let (month, supersedes) = (options.month, options.supersedes);
    let key = IdempotencyKey::of_notice(organization, month, number);
    let directory = match target {
        Target::Server(client) => {
            return client.issue_notice(organization, month, number, supersedes, key.as_str());
        }
        Target::Directory(directory) => directory,
    };
    let numbered = directory.service.models_blocking().notice_numbered(organization, month, number);
    match numbered {
        Some(issued) if supersedes.is_none() || issued.supersedes == supersedes => {
            return directory.receipt_again(issued.id, issued.log_index);
        }
        // Another notice has it: this one isn't recorded, and isn't said to be.
        Some(_) => return Err(Failure::refused(&(&Rejection::NoticeNumberUsed).into())),
        None => {}
    }
    let issued = directory.service.notice_to_issue(organization, month, number, supersedes)?;
    let event = Event::from(issued.ok_or_else(|| Failure::no_organization(organization))?);
    let occurred_at = MachineClock.now();
    target.submit_one(Command { key, event, evidence: Evidence::Office, imported: None, occurred_at })
}

const A_DRAFT: &str =
    "草稿：尚未印发；公示的那一份用 --disclosure  a draft: not issued yet; what is disclosed: --disclosure";

/// The one that was just issued; else as it was issued last, or a draft.
fn render_from(
    directory: &Directory,
    organization: OrganizationId,
    month: Month,
    format: FileFormat,
    issued: Option<EventId>,
) -> Result<Vec<u8>, Failure> {
    let service = &directory.service;
    let notices = service.models_blocking().notices(Some(organization));
    let is_meant = |entry: &NoticeEntry| issued.map_or(entry.month == month, |issued| entry.id == issued);
    let issued = notices.into_iter().find(is_meant);
    let issued_on = issued.as_ref().map(|entry| entry.issued_at.local_date());
    let entry = match issued {
        Some(entry) => entry,
        None if MachineClock.now().month() < month => return Err(not_begun(month)),
        None => NoticeEntry::draft(organization, month, service.models_blocking().tree_size()),
    };
    let bytes = render_entry(directory, &entry, issued_on, format)?;
    if issued_on.is_none() {
        remark(A_DRAFT);
        let models = service.models_blocking();
        let about_month = models.notices(None).into_iter().filter(|entry| entry.month == month);
        let below = about_month.filter(|entry| models.stands_below(entry.organization, organization));
        let named =
            below.filter_map(|entry| Some((entry.organization, models.organization(entry.organization, None)?.name)));
        say_issued_below(organization, month, &named.collect());
    }
    Ok(bytes)
}

/// Of those that have issued below, so many are named.
const NAMED_BELOW_MAX: usize = 3;

/// Whoever has the draft may have meant what an organisation below has issued.
fn say_issued_below(organization: OrganizationId, month: Month, below: &BTreeMap<OrganizationId, String>) {
    let Some(first) = below.keys().next() else { return };
    let named: Vec<String> = below.iter().take(NAMED_BELOW_MAX).map(|(code, name)| format!("{name} {code}")).collect();
    let [mut chinese, mut english] = ["、", ", "].map(|between| named.join(between));
    let more = below.len() - named.len();
    if more > 0 {
        chinese.push_str(&format!("，另有 {more} 个组织"));
        english.push_str(&format!(" and {more} more"));
    }
    remark(format!("{organization} 没有印发过 {month} 的通报，下级印发过：{chinese}。查看请加 --organization {first}"));
    remark(format!(
        "{organization} has issued none for {month}, but below it: {english}; to see it: --organization {first}"
    ));
}

/// What an entry published, or would, in a format.
fn render_entry(
    directory: &Directory,
    entry: &NoticeEntry,
    issued_on: Option<Date>,
    format: FileFormat,
) -> Result<Vec<u8>, Failure> {
    let service = &directory.service;
    let composed = service.issued_notice(entry)?.ok_or_else(|| Failure::no_organization(entry.organization))?;
    if issued_on.is_some() && !composed.is_as_published(entry) {
        return Err(differs(&entry.digest));
    }
    let imprint = service.imprint(&composed, issued_on, entry.disclosed_until)?;
    let file = service.notice_files.file(&composed.notice, || Ok::<_, RenderError>(imprint.clone()), format);
    file.map(|bytes| bytes.to_vec()).map_err(|error| cannot_render(format.name(), &error))
}

/// No document is made of what isn't the notice that was issued.
fn differs(digest: &str) -> Failure {
    let wrong = both(
        format!("由账本重算的通报与印发时的摘要 {digest} 不符，不予生成文件"),
        format!(
            "the notice that the log gives hasn't the digest {digest} that was issued, so no document is made of it"
        ),
    );
    let next = both("请先运行 mingzhang verify 查明原因", "run `mingzhang verify` to find out why");
    Failure::new(Exit::VerificationFailed, wrong).next(next)
}

/// The figures are there, and this format of them isn't.
pub(super) fn cannot_render(name: &str, error: &RenderError) -> Failure {
    let failure =
        Failure::of_world(both(format!("无法生成 {name} 文件"), format!("the {name} file can't be made")), error);
    match error {
        RenderError::Pdf(PdfError::NoFonts { looked_in }) => {
            let places: Vec<String> = looked_in.iter().map(|path| path.display().to_string()).collect();
            let (chinese, english) = (places.join(" 或 "), places.join(" or "));
            failure.next(both(
                format!("请安装中文字体：sudo apt-get install {FONT_PACKAGES}，或把字体文件放进 {chinese}；其他格式不需要字体"),
                format!("sudo apt-get install {FONT_PACKAGES}, or put fonts into {english}; other formats need none"),
            ))
        }
        RenderError::Pdf(PdfError::NotBuilt) => failure.next(both(
            "请用默认功能重新构建：cargo install --path .；其他格式照常可用",
            "build it with default features: cargo install --path .; other formats can be had",
        )),
        RenderError::Pdf(PdfError::TooLong { cells }) => failure.next(both(
            format!("各表共 {cells} 个单元格，PDF 至多 {PDF_CELLS_MAX} 个：请改用 --format xlsx"),
            format!("its tables have {cells} cells, and a PDF at most {PDF_CELLS_MAX}: take --format xlsx"),
        )),
        RenderError::Workbook(WorkbookError::NoRoom(directory, _)) => failure.next(both(
            format!("{} 不存在、已满或不能写：请腾出空间；没有账本时，也可用环境变量 TMPDIR 指定另一个目录", directory.display()),
            format!(
                "{} is missing, full or can't be written to: make room; where there is no ledger, TMPDIR names another directory",
                directory.display()
            ),
        )),
        RenderError::Pdf(PdfError::Typesetting(_)) | RenderError::Workbook(WorkbookError::Content(_)) => failure,
    }
}

/// What hasn't happened can't be told.
fn not_begun(month: Month) -> Failure {
    let wrong = both(
        format!("{month} 还没有开始，没有可通报的内容"),
        format!("{month} hasn't begun: there is nothing to tell of it"),
    );
    Failure::new(Exit::Refused, wrong).next(both("请核对月份", "check the month"))
}

fn fetch(
    client: &Client,
    organization: OrganizationId,
    month: Month,
    format: FileFormat,
    issued: Option<EventId>,
) -> Result<Vec<u8>, Failure> {
    if let Some(issued) = issued {
        return client.get_bytes(&format!("/v1/notices/{issued}.{}", format.suffix()));
    }
    let listed = client.get_json(&format!("/v1/notices?organization={organization}&month={month}&limit=1"))?;
    let Some(id) = listed["notices"][0]["id"].as_str() else {
        if !client.knows_organization(organization)? {
            return Err(Failure::no_organization(organization));
        }
        let path = format!("/v1/organizations/{organization}/draft.{}?month={month}", format.suffix());
        let bytes = client.get_bytes(&path)?;
        remark(A_DRAFT);
        say_issued_below(organization, month, &issued_below(client, organization, month)?);
        return Ok(bytes);
    };
    client.get_bytes(&format!("/v1/notices/{id}.{}", format.suffix()))
}

/// The organisations below that have issued, by code, with their names.
fn issued_below(
    client: &Client,
    organization: OrganizationId,
    month: Month,
) -> Result<BTreeMap<OrganizationId, String>, Failure> {
    let listed = client.get_json(&format!("/v1/notices?month={month}&limit=1000"))?;
    let issuers = listed["notices"].as_array().into_iter().flatten().filter_map(|entry| entry["organization"].as_str());
    let issuers: BTreeSet<&str> = issuers.collect();
    if issuers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let listed = client.get_json(&format!("/v1/organizations?below={organization}&limit=5000"))?;
    let named = listed["organizations"].as_array().into_iter().flatten().filter_map(|card| {
        let code = card["organization"].as_str().filter(|code| issuers.contains(code))?;
        Some((code.parse().ok()?, card["name"].as_str()?.to_owned()))
    });
    Ok(named.collect())
}
