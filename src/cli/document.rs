//! `mingzhang document`: a branch's register, a member's statement, a certificate of voluntary service, an attendance sheet: to look at, or issued.
//!
//! Invariant: what is issued is written to its file only after the ledger has recorded its digest.

use super::client::Client;
use super::exit::Exit;
use super::failure::{Failure, both};
use super::notice::cannot_render;
use super::output::{Side, must_not_be_a_terminal, remark, say, say_bytes, say_json, table};
use super::target::{Directory, Target, TargetOptions, new_key};
use super::written::{self, FOR_THE_OWNER, Over};
use crate::clock::{Clock, MachineClock};
use crate::document::Format;
use crate::import::{Word, activity_of_code, local_instant};
use crate::ledger::{Command, IdempotencyKey};
use crate::papers::Wanted;
use crate::service::{CertificateRequest, PaperError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::{DocumentKind, Event, EventId, Evidence, FileDigest, Instant, Month, OrganizationId};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang document register --organization 420902001001-01 --month 2026-10 --ledger 账本          支部台账  a branch's register
  mingzhang document statement --member 1001 --month 2026-10 --ledger 账本                          个人积分明细  a member's points
  mingzhang document attendance --activity 组织生活会-10 --format csv --output 出席.csv --ledger 账本  出席记录  who was there
  mingzhang document certificate --member 1001 --from 2026-01 --until 2026-10 --issue --requested-at '2026-11-04 09:00' \\
      --evidence 双方确认 --format pdf --output 证明.pdf --ledger 账本                                            志愿服务记录证明  as the member asked
  mingzhang document list --organization 420902001001-01 --kind certificate --ledger 账本           证明登记  the register of certificates

不写 --issue 只是查询件。印发时文件摘要记入账本，收到的人用 mingzhang check-document 核验；文件只给这一次，遗失后另行印发并用 --supersedes 写明原件。
证明须本人申请才能印发，写本人全名；其余文书的姓名只按公开姓名同意显示。
Without --issue it is to look at only. What is issued is recorded by its digest and given once; one that was lost is issued anew with --supersedes.
A certificate has the full name, so it takes the member's own request; everywhere else names stand as consents allow.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "文书：台账、明细、证明、出席记录  Documents: register, statement, certificate, attendance", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    target: TargetOptions,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "支部台账：一个月的每条记录  Every record of a branch in a month")]
    Register {
        #[arg(long, value_name = "CODE", help = "组织代码，连同其下级  The organisation and all below it")]
        organization: OrganizationId,
        #[arg(long, value_name = "YYYY-MM", help = "月份  The month")]
        month: Month,
        #[command(flatten)]
        made: Made,
    },
    #[command(about = "个人积分明细：逐项依据  A member's points with their events")]
    Statement {
        #[arg(long, value_name = "MEMBER", help = "编号或党员标识  Number or member id")]
        member: String,
        #[arg(long, value_name = "YYYY-MM", help = "月份  The month")]
        month: Month,
        #[command(flatten)]
        made: Made,
    },
    #[command(about = "志愿服务记录证明：须本人申请  Voluntary service, as the member asked")]
    Certificate {
        #[arg(long, value_name = "MEMBER", help = "编号或党员标识  Number or member id")]
        member: String,
        #[arg(long, value_name = "YYYY-MM", help = "自哪个月  The first month")]
        from: Month,
        #[arg(long, value_name = "YYYY-MM", help = "至哪个月  The last month")]
        until: Month,
        #[arg(long, value_name = "TIME", requires = "issue", help = "本人何时申请  When the member asked", value_parser = time)]
        requested_at: Option<Instant>,
        #[arg(long, value_name = "WORD", requires = "issue", help = "如何得知本人申请：双方确认、见证  How that is known: both_parties, attested", value_parser = word::<Evidence>)]
        evidence: Option<Evidence>,
        #[arg(
            long,
            value_name = "TEXT",
            requires = "issue",
            help = "证明编号；省略则取下一个  The number; the next one if left out"
        )]
        number: Option<String>,
        #[command(flatten)]
        made: Made,
    },
    #[command(about = "出席记录：一次活动到会、请假、缺席的人  Who was at an activity")]
    Attendance {
        #[arg(long, value_name = "CODE", help = "活动代码或标识  The activity's code or id")]
        activity: String,
        #[command(flatten)]
        made: Made,
    },
    #[command(about = "文书登记：印发过哪些  What was issued")]
    List {
        #[arg(long, value_name = "CODE", help = "组织代码  The organisation that issued them")]
        organization: OrganizationId,
        #[arg(long, value_name = "KIND", help = "只列这一种：certificate、register……  Only of this kind")]
        kind: Option<DocumentKind>,
        #[arg(long, help = "以 JSON 输出  As JSON")]
        json: bool,
    },
}

/// In what form, where to, and whether it is issued.
#[derive(Clone, clap::Args)]
struct Made {
    #[arg(long, value_name = "FORMAT", default_value = "text", help = "格式  The format: text, csv, xlsx, docx, pdf")]
    format: Format,
    #[arg(long, value_name = "FILE", help = "写入文件，而不是打印  Write to a file instead of printing")]
    output: Option<PathBuf>,
    #[command(flatten)]
    over: Over,
    #[arg(
        long,
        requires = "output",
        conflicts_with = "force",
        help = "印发：文件摘要记入账本  Issue it: its digest is recorded"
    )]
    issue: bool,
    #[arg(
        long,
        value_name = "ID",
        requires = "issue",
        help = "取代哪一份已印发的文书  The issued document that this one takes the place of"
    )]
    supersedes: Option<EventId>,
}

fn word<T: Word>(text: &str) -> Result<T, String> {
    T::read(text).map_err(|reason| format!("{}  {}", reason.chinese(), reason.english()))
}

fn time(text: &str) -> Result<Instant, String> {
    local_instant(text).map_err(|reason| format!("{}  {}", reason.chinese(), reason.english()))
}

/// What a member asked for, and how that is known.
struct Asked {
    requested_at: Instant,
    evidence: Evidence,
    number: Option<String>,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = if matches!(options.verb, Verb::List { .. }) {
        both("列出文书", "listing documents")
    } else {
        both("制作文书", "making the document")
    };
    act(options).map_err(|failure| failure.trying(tried))
}

fn act(options: &Options) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    match &options.verb {
        Verb::Register { organization, month, made } => {
            make(&target, &Wanted::Register { organization: *organization, month: *month }, made, None)?;
        }
        Verb::Statement { member, month, made } => {
            let member = target.member(member)?;
            make(&target, &Wanted::Statement { member, month: *month }, made, None)?;
        }
        Verb::Certificate { member, from, until, requested_at, evidence, number, made } => {
            let member = target.member(member)?;
            let asked = asked(made, *requested_at, *evidence, number.clone())?;
            make(&target, &Wanted::Certificate { member, from: *from, until: *until }, made, asked.as_ref())?;
        }
        Verb::Attendance { activity, made } => {
            let wanted = match activity.parse() {
                Ok(activity) => Wanted::Attendance { activity, code: None },
                Err(_) => {
                    let of_code = activity_of_code(&target.origin()?, activity);
                    Wanted::Attendance { activity: of_code, code: Some(activity.clone()) }
                }
            };
            make(&target, &wanted, made, None)?;
        }
        Verb::List { organization, kind, json } => list(&target, *organization, *kind, *json)?,
    }
    target.close()?;
    Ok(Exit::Done)
}

/// A certificate isn't issued without the member's request.
fn asked(
    made: &Made,
    requested_at: Option<Instant>,
    evidence: Option<Evidence>,
    number: Option<String>,
) -> Result<Option<Asked>, Failure> {
    match (made.issue, requested_at, evidence) {
        (false, _, _) => Ok(None),
        (true, Some(requested_at), Some(evidence)) => Ok(Some(Asked { requested_at, evidence, number })),
        (true, _, _) => {
            let wrong = both("证明须本人申请才能印发", "a certificate is issued at the member's own request only");
            Err(Failure::usage(wrong).next(both(
                "请写明 --requested-at 申请时间 和 --evidence 双方确认或见证",
                "say --requested-at, when they asked, and --evidence, both_parties or attested",
            )))
        }
    }
}

fn make(target: &Target, wanted: &Wanted, made: &Made, asked: Option<&Asked>) -> Result<(), Failure> {
    if made.issue {
        let path = made.output.as_ref().ok_or_else(|| Failure::bug("what is issued has a file"))?;
        return issue(target, wanted, made, asked, path);
    }
    made.output.as_deref().map_or(Ok(()), |path| made.over.must_be_free(path))?;
    if !made.format.is_text() && made.output.is_none() {
        must_not_be_a_terminal(made.format.name())?;
    }
    let bytes = match target {
        Target::Directory(directory) => {
            directory
                .service
                .draft_paper(wanted, made.format, None)
                .map_err(|error| not_made(error, made.format))?
                .ok_or_else(nothing_of_that_name)?
                .bytes
        }
        Target::Server(client) => client.get_bytes(&draft_path(wanted, made.format))?,
    };
    match &made.output {
        Some(path) => made.over.write(path, &bytes),
        None => say_bytes(&bytes),
    }
}

/// Where a server shows it.
fn draft_path(wanted: &Wanted, format: Format) -> String {
    let fields = particulars(wanted);
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", in_a_query(value)));
    format!("/v1/documents/draft?{}&format={}", fields.collect::<Vec<_>>().join("&"), format.name())
}

/// As it stands in an address (RFC 3986 §2.1).
fn in_a_query(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

/// What it is about, field by field.
fn particulars(wanted: &Wanted) -> Vec<(&'static str, String)> {
    let kind = ("kind", wanted.kind().to_string());
    match wanted {
        Wanted::Register { organization, month } => {
            vec![kind, ("organization", organization.to_string()), ("month", month.to_string())]
        }
        Wanted::Statement { member, month } => {
            vec![kind, ("member", member.to_string()), ("month", month.to_string())]
        }
        Wanted::Certificate { member, from, until } => {
            vec![kind, ("member", member.to_string()), ("from", from.to_string()), ("until", until.to_string())]
        }
        Wanted::Attendance { activity, code } => {
            let code = code.as_ref().map(|code| ("code", code.clone()));
            [kind, ("activity", activity.to_string())].into_iter().chain(code).collect()
        }
    }
}

/// What is issued is about somebody, and is given once.
fn issue(target: &Target, wanted: &Wanted, made: &Made, asked: Option<&Asked>, path: &Path) -> Result<(), Failure> {
    written::must_be_free(path)?;
    let (id, number, digest) = match target {
        Target::Directory(directory) => record(directory, target, wanted, made, asked, path)?,
        Target::Server(client) => issue_there(client, wanted, made, asked, path)?,
    };
    if let Some(number) = number {
        remark(format!("  编号 number  {number}"));
    }
    remark(format!("  文件摘要已记入账本  its digest is recorded: {digest}"));
    remark(format!("  记录编号 id  {id}"));
    Ok(())
}

type Issued = (EventId, Option<String>, FileDigest);

fn record(
    directory: &Directory,
    target: &Target,
    wanted: &Wanted,
    made: &Made,
    asked: Option<&Asked>,
    path: &Path,
) -> Result<Issued, Failure> {
    let request =
        asked.map(|asked| CertificateRequest { requested_at: asked.requested_at, number: asked.number.clone() });
    let paper = directory.service.paper_to_issue(wanted, made.format, request.as_ref(), made.supersedes);
    let paper = paper.map_err(|error| not_made(error, made.format))?.ok_or_else(nothing_of_that_name)?;
    let (digest, number) = (paper.event.digest, paper.event.number.clone());
    let event = Event::from(paper.event);
    let command = Command {
        key: IdempotencyKey::of_plan(&event),
        event,
        evidence: asked.map_or(Evidence::Office, |asked| asked.evidence),
        imported: None,
        occurred_at: MachineClock.now(),
    };
    let receipt = written::issue(path, &paper.bytes, FOR_THE_OWNER, || target.submit_one(command))?;
    Ok((receipt.id, number, digest))
}

/// A server records first: the file that it answers is written at once.
fn issue_there(
    client: &Client,
    wanted: &Wanted,
    made: &Made,
    asked: Option<&Asked>,
    path: &Path,
) -> Result<Issued, Failure> {
    let mut body = json!({ "format": made.format.name() });
    for (name, value) in particulars(wanted) {
        body[name] = Json::from(value);
    }
    if let Some(asked) = asked {
        body["requested_at"] = Json::from(asked.requested_at.to_string());
        body["evidence"] = Json::from(asked.evidence.as_str());
        body["number"] = Json::from(asked.number.clone());
    }
    if let Some(supersedes) = made.supersedes {
        body["supersedes"] = Json::from(supersedes.to_string());
    }
    written::issue_asked(path, FOR_THE_OWNER, || {
        let issued = client.issue_document(&body, new_key()?.as_str())?;
        let text = |name: &str| issued[name].as_str().unwrap_or_default();
        let read =
            || Some((STANDARD.decode(text("file")).ok()?, text("id").parse().ok()?, text("digest").parse().ok()?));
        let (bytes, id, digest) = read().ok_or_else(|| Failure::bug("the server's answer isn't an issued file"))?;
        Ok((bytes, id, (id, issued["number"].as_str().map(str::to_owned), digest)))
    })
}

fn list(target: &Target, organization: OrganizationId, kind: Option<DocumentKind>, json: bool) -> Result<(), Failure> {
    let listed = match target {
        Target::Directory(directory) => {
            let models = directory.service.models_blocking();
            let documents: Vec<_> = models.documents(Some(organization), kind, None).into_iter().flatten().collect();
            json!({ "documents": documents })
        }
        Target::Server(client) => json!({ "documents": client.documents(organization, kind)? }),
    };
    if json {
        return say_json(&listed);
    }
    let documents = listed["documents"].as_array().cloned().unwrap_or_default();
    let cell = |document: &Json, field: &str| document[field].as_str().unwrap_or("—").to_owned();
    let fields = ["issued_at", "kind", "number", "member", "requested_at", "superseded_by", "id"];
    let rows: Vec<Vec<String>> =
        documents.iter().map(|document| fields.iter().map(|field| cell(document, field)).collect()).collect();
    let header = ["印发时间", "种类", "编号", "党员", "申请时间", "被取代", "记录编号 id"];
    say(table(&[Side::Left; 7], &header, &rows))
}

fn not_made(error: PaperError, format: Format) -> Failure {
    match error {
        PaperError::Service(error) => error.into(),
        PaperError::NoName(member) => {
            let wrong = both(format!("没有 {member} 的姓名"), format!("no name of {member} is on record"));
            Failure::new(Exit::Refused, wrong)
                .next(both("请先导入含姓名的花名册", "import the roster with names first"))
        }
        PaperError::Period(fault) => Failure::new(Exit::Refused, both(fault.chinese(), fault.to_string())),
        PaperError::Render(error) => cannot_render(format.name(), &error),
    }
}

fn nothing_of_that_name() -> Failure {
    let wrong = both("账本中没有这个组织、党员或活动", "the ledger has no such organisation, member or activity");
    Failure::new(Exit::Refused, wrong).next(both("请核对代码或编号", "check the code or number"))
}
