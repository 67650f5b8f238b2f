//! `mingzhang month`: a month on its way (月度进程): what is left to do, its freeze (冻结) and its disclosure (公示).

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{Side, faint, say, say_bytes, say_json, strong, table};
use super::receipt::{Receipt, say_receipt};
use super::target::{Directory, Target, TargetOptions};
use crate::clock::{Clock, MachineClock};
use crate::import::Word;
use crate::ledger::{Command, IdempotencyKey, Rejection};
use crate::service::{DisclosureError, Waiting, WaitingFound};
use jiff::civil::Date;
use mingzhang_events::{Event, Evidence, Month, MonthFrozen, OrganizationId, OrganizationLevel};
use serde_json::Value as Json;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang month status --month 2026-10 --ledger 账本             还剩什么没有办  what is left to do
  mingzhang month waiting --month 2026-10 --ledger 账本            哪些记录等待审核  what waits for a review
  mingzhang month freeze --month 2026-10 --ledger 账本             冻结：不再登记，只审核和更正  only reviews and corrections
  mingzhang month disclose --month 2026-10 --working-days 5 --ledger 账本
  mingzhang close --month 2026-10 --ledger 账本                    公示期满、异议办结以后月结  after the disclosure

次序：登记、冻结、公示、月结、印发通报。细则没有规定公示的，可以直接月结。
In this order: entered, frozen, disclosed, closed, issued. Where the rules demand no disclosure, a month is closed at once.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "月度进程：待办、冻结、公示  A month on its way: what is left to do, freeze, disclose", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "还剩什么没有办，各支部分别列出  What is left to do, branch by branch")]
    Status {
        #[command(flatten)]
        of: Of,
        #[arg(long, help = "以 JSON 输出  As JSON")]
        json: bool,
    },
    #[command(about = "哪些记录等待审核，先列期限早的  Which records wait for a review, first deadlines first")]
    Waiting {
        #[command(flatten)]
        of: Of,
        #[arg(long, value_name = "N", help = "只列等待第几步的  Only at this step of the review, from 1")]
        step: Option<u8>,
        #[arg(
            long,
            value_enum,
            default_value = "text",
            help = "csv：写上“类型”等列以后可用 import records 读入  csv: once the reviews are written in, `import records` reads it"
        )]
        format: Format,
        #[arg(long, conflicts_with = "format", help = "以 JSON 输出  As JSON")]
        json: bool,
    },
    #[command(about = "冻结：不再登记，只审核和更正  Freeze: from now on only reviews and corrections")]
    Freeze {
        #[command(flatten)]
        of: Of,
    },
    #[command(about = "公示：把通报草稿公布给所有人，期间可以提出异议  Disclose the draft of the circular")]
    Disclose {
        #[command(flatten)]
        of: Of,
        #[arg(
            long,
            value_name = "DAYS",
            help = "公示多少个工作日；省略则按细则  Legal working days; as the rules demand if left out"
        )]
        working_days: Option<u8>,
    },
}

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Csv,
}

/// Whose month.
#[derive(clap::Args)]
struct Of {
    #[arg(long, value_name = "YYYY-MM", help = "月份，如 2026-10  The month")]
    month: Month,
    #[arg(
        long,
        value_name = "CODE",
        help = "组织代码，连同其下级；省略则为全账  The organisation with all below it; the whole tree if left out"
    )]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let (of, tried) = match &options.verb {
        Verb::Status { of, .. } => (of, ("查看月份", "looking at the month")),
        Verb::Waiting { of, .. } => (of, ("列出待审核的记录", "listing what waits for a review in")),
        Verb::Freeze { of } => (of, ("冻结", "freezing the month")),
        Verb::Disclose { of, .. } => (of, ("公示", "disclosing the month")),
    };
    let tried = both(format!("{} {}", tried.0, of.month), format!("{} {}", tried.1, of.month));
    act(&options.verb, of).map_err(|failure| failure.trying(tried))
}

fn act(verb: &Verb, of: &Of) -> Result<Exit, Failure> {
    let target = of.target.open()?;
    let organization = match of.organization {
        Some(organization) => organization,
        None => target.root()?,
    };
    match verb {
        Verb::Status { json, .. } => {
            let progress = progress(&target, organization, of.month);
            let progress = progress.map_err(|failure| failure.named_organization(of.organization.is_some()))?;
            if *json {
                say_json(&progress)?;
            } else {
                say_progress(&progress)?;
            }
        }
        Verb::Waiting { step, format: Format::Csv, .. } => {
            let waiting = waiting_as_table(&target, organization, of.month, *step);
            say_bytes(&waiting.map_err(|failure| failure.named_organization(of.organization.is_some()))?)?;
        }
        Verb::Waiting { step, json, format: Format::Text, .. } => {
            let waiting = waiting(&target, organization, of.month, *step);
            let waiting = waiting.map_err(|failure| failure.named_organization(of.organization.is_some()))?;
            if *json {
                say_json(&waiting)?;
            } else {
                say_waiting(&waiting)?;
            }
        }
        Verb::Freeze { .. } => {
            let event = Event::from(MonthFrozen { counts_no_shows: true, month: of.month, organization });
            say_receipt(&target.submit_office(event)?)?;
        }
        Verb::Disclose { working_days, .. } => {
            say_receipt(&disclose(&target, organization, of.month, *working_days)?)?;
            // It is disclosed, whether or not its last day can be asked for.
            if let Ok(progress) = progress(&target, organization, of.month) {
                say_last_day(&progress["disclosure"])?;
            }
            say_where(of)?;
        }
    }
    target.close()?;
    Ok(Exit::Done)
}

fn progress(target: &Target, organization: OrganizationId, month: Month) -> Result<Json, Failure> {
    match target {
        Target::Directory(directory) => {
            let progress = directory.service.models_blocking().month_progress(organization, month, today());
            let progress = progress.ok_or_else(|| Failure::no_organization(organization))?;
            Ok(serde_json::to_value(progress).expect("an answer is JSON"))
        }
        Target::Server(client) => client.get_json(&format!("/v1/months/{month}?organization={organization}")),
    }
}

fn today() -> Date {
    MachineClock.now().local_date()
}

/// At most so many are listed; what was reviewed makes room for the next.
const WAITING_MAX: usize = 1_000;

fn waiting(target: &Target, organization: OrganizationId, month: Month, step: Option<u8>) -> Result<Json, Failure> {
    match target {
        Target::Directory(directory) => {
            let found = waiting_here(directory, organization, month, step)?;
            Ok(serde_json::to_value(found).expect("an answer is JSON"))
        }
        Target::Server(client) => client.get_json(&address_of_waiting(organization, month, step)),
    }
}

/// The same as a table with room for what is decided.
fn waiting_as_table(
    target: &Target,
    organization: OrganizationId,
    month: Month,
    step: Option<u8>,
) -> Result<Vec<u8>, Failure> {
    match target {
        Target::Directory(directory) => Ok(waiting_here(directory, organization, month, step)?.csv()),
        Target::Server(client) => {
            Ok(client.get_as(&address_of_waiting(organization, month, step), "text/csv")?.into_bytes())
        }
    }
}

fn waiting_here(
    directory: &Directory,
    organization: OrganizationId,
    month: Month,
    step: Option<u8>,
) -> Result<Waiting, Failure> {
    let service = &directory.service;
    let models = service.models_blocking();
    let found = WaitingFound::among(&models, organization, month, step, today(), WAITING_MAX);
    drop(models);
    Ok(service.waiting_by_id(found.ok_or_else(|| Failure::no_organization(organization))?)?)
}

fn address_of_waiting(organization: OrganizationId, month: Month, step: Option<u8>) -> String {
    let step = step.map_or_else(String::new, |step| format!("&step={step}"));
    format!("/v1/months/{month}/waiting?organization={organization}&limit={WAITING_MAX}{step}")
}

fn say_waiting(waiting: &Json) -> Result<(), Failure> {
    let text = |value: &Json| value.as_str().unwrap_or("—").to_owned();
    let row = |record: &Json| {
        vec![
            text(&record["id"]),
            text(&record["branch"]),
            step_of(record),
            text(&record["since"]),
            text(&record["until"]),
            if record["overdue"] == true { "逾期".to_owned() } else { String::new() },
        ]
    };
    let rows: Vec<Vec<String>> = waiting["records"].as_array().into_iter().flatten().map(row).collect();
    if rows.is_empty() {
        return say("没有待审核的记录  nothing waits for a review");
    }
    say(table(&[Side::Left; 6], &["记录", "支部", "环节", "等待自", "期限", ""], &rows))?;
    let all = waiting["waiting"].as_u64().unwrap_or_default();
    say(faint(format!("共 {all} 条，列出 {} 条  {all} in all", rows.len())))
}

fn disclose(
    target: &Target,
    organization: OrganizationId,
    month: Month,
    working_days: Option<u8>,
) -> Result<Receipt, Failure> {
    // The same disclosure asked for twice is one disclosure, wherever it is asked for.
    let key = IdempotencyKey::of_disclosure(organization, month, working_days);
    match target {
        Target::Directory(directory) => {
            let (event, occurred_at) = match directory.event(key.event_id())? {
                Some((_, opened)) => (opened.event, opened.occurred_at),
                None => (opened(directory, organization, month, working_days)?, MachineClock.now()),
            };
            target.submit_one(Command { key, event, evidence: Evidence::Office, imported: None, occurred_at })
        }
        Target::Server(client) => client.disclose_month(organization, month, working_days, key.as_str()),
    }
}

fn say_last_day(disclosure: &Json) -> Result<(), Failure> {
    let (Some(until), days) = (disclosure["until"].as_str(), &disclosure["working_days"]) else { return Ok(()) };
    say(format!(
        "  公示 {days} 个工作日，至 {until} 止；异议也收到这一天，通报印发以后另按细则  disclosed until {until}, objections are taken until then; \
         after the notice as the rules say"
    ))
}

/// How it is had as a document, and where everybody finds it.
fn say_where(of: &Of) -> Result<(), Failure> {
    let organization =
        of.organization.map_or_else(String::new, |organization| format!(" --organization {organization}"));
    say(format!(
        "  公示文件：mingzhang notice --month {}{organization} --disclosure --format pdf --output 公示.pdf；网站首页“正在公示”也列出  as a document: the same \
         command; the front page lists it, too",
        of.month
    ))
}

/// The draft as it is now, disclosed.
fn opened(
    directory: &Directory,
    organization: OrganizationId,
    month: Month,
    working_days: Option<u8>,
) -> Result<Event, Failure> {
    let opened =
        directory.service.disclosure_to_open(organization, month, working_days).map_err(|error| match error {
            DisclosureError::NoPeriod => {
                Failure::usage(both("当月细则没有规定公示期", "the rules of the month set no period of disclosure"))
                    .next(both("请写明 --working-days", "say --working-days"))
            }
            DisclosureError::Calendar(missing) => {
                Failure::refused(&(&Rejection::CalendarMissing { year: missing.year }).into())
            }
            DisclosureError::Service(error) => error.into(),
        })?;
    Ok(opened.ok_or_else(|| Failure::no_organization(organization))?.into())
}

/// What each stage is called.
const STAGES: [(&str, &str); 8] = [
    ("open", "登记中  records are entered"),
    ("frozen", "已冻结，只审核和更正  frozen: reviews and corrections only"),
    ("disclosed", "公示期，没有异议  disclosed, nobody has objected"),
    ("objections", "异议处理中  disclosed, objections to be decided"),
    ("decided", "异议办结  disclosed, objections decided"),
    ("closed", "已月结  closed"),
    ("issued", "已通报  issued: the notice has its number"),
    ("superseded", "原通报已更正  superseded: a later notice has taken its place"),
];

/// The columns of what is left to do.
const WORK: [(&str, &str); 7] = [
    ("unreviewed", "待审核"),
    ("shown_unreviewed", "公示时未审核"),
    ("returned", "退回未补正"),
    ("open_check_ins", "未签退"),
    ("back_entered", "补录"),
    ("objections_undecided", "异议待决定"),
    ("corrections_due", "异议成立未更正"),
];

fn say_progress(progress: &Json) -> Result<(), Failure> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let stage = STAGES.iter().find(|(stage, _)| progress["stage"] == *stage).map_or("", |(_, words)| words);
    say(format!("{} {}  {stage}", strong(text(&progress["organization"]["name"])), text(&progress["month"])))?;
    if let Some(until) = progress["disclosure"]["until"].as_str() {
        say(format!(
            "  公示 {} 个工作日，至 {until} 止  disclosed until {until}  {}",
            progress["disclosure"]["working_days"],
            faint(text(&progress["disclosure"]["id"]))
        ))?;
    } else if let Some(days) = progress["disclosure_working_days_min"].as_u64() {
        say(format!("  细则规定月结前公示 {days} 个工作日  the rules demand {days} working days of disclosure"))?;
    }
    if let Some(number) = progress["notice"]["number"].as_str() {
        say(format!("  通报 {number}  {}", faint(text(&progress["notice"]["id"]))))?;
    }
    let corrections = progress["corrections_unpublished"].as_u64().unwrap_or_default();
    if corrections > 0 {
        say(format!(
            "  通报以后有 {corrections} 条更正，尚未印发更正通报  {corrections} corrections since the notice: issue one that supersedes it"
        ))?;
    }
    for year in progress["calendars_missing"].as_array().into_iter().flatten() {
        say(format!(
            "  缺 {year} 年的法定工作日历，异议的期限尚不能确定：请把该年放假安排写进积分细则（[[calendars]]）并施行  the legal calendar of {year} is \
             missing, so last days of objections aren't known: write it into a rules document and adopt that"
        ))?;
    }
    let counts = |left: &Json| WORK.iter().map(|(field, _)| left[*field].to_string()).collect::<Vec<_>>();
    let row = |branch: &Json| {
        let card = &branch["organization"];
        [text(&card["organization"]), text(&card["name"])].into_iter().chain(counts(&branch["work_left"])).collect()
    };
    let mut rows: Vec<Vec<String>> = progress["branches"].as_array().into_iter().flatten().map(row).collect();
    // What stands in no branch of the month is in all of it.
    if rows.is_empty() && WORK.iter().all(|(field, _)| progress["work_left"][*field] == 0) {
        return if corrections > 0 { Ok(()) } else { say("  没有待办  nothing is left to do") };
    }
    let total = [String::new(), "合计".to_owned()].into_iter().chain(counts(&progress["work_left"])).collect();
    rows.push(total);
    let header: Vec<&str> = ["代码", "名称"].into_iter().chain(WORK.iter().map(|(_, words)| *words)).collect();
    let sides = [Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right, Side::Right];
    say(table(&sides, &header, &rows))?;
    say_review_steps(progress)
}

/// What waits at which step, branch by branch.
fn say_review_steps(progress: &Json) -> Result<(), Failure> {
    let text = |value: &Json| value.as_str().unwrap_or("—").to_owned();
    let mut rows = Vec::new();
    for branch in progress["branches"].as_array().into_iter().flatten() {
        for work in branch["review_steps"].as_array().into_iter().flatten() {
            rows.push(vec![
                text(&branch["organization"]["organization"]),
                text(&branch["organization"]["name"]),
                step_of(work),
                work["records"].to_string(),
                text(&work["since"]),
                text(&work["until"]),
                work["overdue"].to_string(),
            ]);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let counted_on = text(&progress["counted_on"]);
    say(format!("\n待审核 waiting for review  {}", faint(format!("截至 {counted_on}  as of {counted_on}"))))?;
    let sides = [Side::Left, Side::Left, Side::Left, Side::Right, Side::Left, Side::Left, Side::Right];
    say(table(&sides, &["代码", "名称", "环节", "记录", "最早", "最早期限", "逾期"], &rows))
}

/// A step of the review as people call it: its number, its name and who acts.
fn step_of(work: &Json) -> String {
    let level = work["level"].as_str().and_then(|level| OrganizationLevel::read(level).ok());
    let level = OrganizationLevel::WORDS.iter().find(|(known, ..)| Some(*known) == level);
    let role = if work["role"] == "publisher" { "发布人" } else { "审核人" };
    let name = work["name"].as_str().or(work["step_name"].as_str()).filter(|name| !name.is_empty()).unwrap_or("审核");
    format!("{} {name}（{}{role}）", work["step"], level.map_or("", |(_, _, chinese)| chinese[0]))
}
