//! `mingzhang objection`: objections (异议) to a record or to a line of a disclosure or notice: raise, assign, answer, withdraw, list.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{Side, say, say_json, table};
use super::receipt::say_receipt;
use super::target::{Target, TargetOptions};
use crate::clock::{Clock, MachineClock};
use crate::import::{Reason, Word, local_date, local_instant};
use mingzhang_events::{
    ActorId, ClauseId, DismissalReason, Event, EventId, Instant, MemberId, Month, ObjectionAssigned,
    ObjectionDismissed, ObjectionGround, ObjectionRaised, ObjectionUpheld, ObjectionWithdrawn, OrganizationId,
};
use mingzhang_projections::ListedObjection;
use serde_json::{Value as Json, json};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang objection raise --subject e01… --member 1001 --ground 时间不符 --ledger 账本
  mingzhang objection raise --subject e01… --member 1001 --ground 时间不符 --for-member --time 2026-11-10 --ledger 账本
  mingzhang objection assign e02… --to r-0003 --ledger 账本
  mingzhang objection answer e02… --uphold --actor r-0003 --ledger 账本
  mingzhang objection answer e02… --dismiss 记录属实 --actor r-0003 --ledger 账本
  mingzhang objection list --month 2026-10 --ledger 账本
  mingzhang record record-corrected --record e01… --minutes 90 --reason 异议成立 --decision e03… --time '2026-10-05 15:00'

由没有提出、经办、更正或审核过的人决定。成立以后另行更正，更正写明决定的编号。
Decided by somebody who neither raised nor recorded, changed or reviewed it. What is upheld is then corrected, naming the decision.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "异议：提出、分派、答复、撤回、列出  Objections: raise, assign, answer, withdraw, list", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    target: TargetOptions,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(about = "提出异议  Raise one")]
    Raise {
        #[arg(
            long,
            value_name = "ID",
            help = "记录、决定、公示或通报的编号  The record, decision, disclosure or notice"
        )]
        subject: EventId,
        #[arg(long, value_name = "ID", help = "与谁有关：编号或党员标识  About whom: number or member id")]
        member: String,
        #[arg(long, value_name = "WORD", help = "事由，如 时间不符  The ground, such as time_wrong", value_parser = word::<ObjectionGround>)]
        ground: ObjectionGround,
        #[arg(
            long,
            help = "代党员提出：本人也可以撤回  For the member, who may then withdraw it, too; only a recorder does so"
        )]
        for_member: bool,
        #[arg(
            long,
            value_name = "TIME",
            help = "代为提出的，何时收到，如 2026-11-10 或 '2026-11-10 16:30'；省略即现在  When it was handed in; now if left out",
            value_parser = handed_in
        )]
        time: Option<Instant>,
    },
    #[command(about = "分派给谁决定  Say who is to decide it")]
    Assign {
        #[arg(value_name = "ID", help = "异议编号  The objection")]
        objection: EventId,
        #[arg(long, value_name = "ACTOR", help = "经办人代号  By pseudonym")]
        to: ActorId,
    },
    #[command(about = "决定：成立或不成立  Decide it", group = clap::ArgGroup::new("outcome").required(true))]
    Answer {
        #[arg(value_name = "ID", help = "异议编号  The objection")]
        objection: EventId,
        #[arg(long, group = "outcome", help = "成立  Upheld")]
        uphold: bool,
        #[arg(long, group = "outcome", value_name = "WORD", help = "不成立及其原因，如 记录属实  Dismissed, and why", value_parser = word::<DismissalReason>)]
        dismiss: Option<DismissalReason>,
        #[arg(long, value_name = "CLAUSE", help = "所依据的细则条款  The clause it rests on")]
        clause: Option<ClauseId>,
    },
    #[command(about = "撤回  Withdraw it")]
    Withdraw {
        #[arg(value_name = "ID", help = "异议编号  The objection")]
        objection: EventId,
    },
    #[command(about = "列出  List them")]
    List {
        #[arg(long, value_name = "YYYY-MM", help = "只列该月的  Only of this month")]
        month: Option<Month>,
        #[arg(
            long,
            value_name = "CODE",
            help = "组织代码，连同其下级；省略则为全账  The organisation",
            conflicts_with = "member"
        )]
        organization: Option<OrganizationId>,
        #[arg(
            long,
            value_name = "MEMBER",
            help = "只列关于这名党员的：编号或党员标识  Only about this member: number or id"
        )]
        member: Option<String>,
        #[arg(
            long,
            value_name = "ACTOR",
            help = "只列这个代号提出的，不论关于谁：查本人提出的  Only those that this pseudonym raised: for one's own",
            conflicts_with_all = ["member", "organization"]
        )]
        raised_by: Option<ActorId>,
        #[arg(long, help = "以 JSON 输出  As JSON")]
        json: bool,
    },
}

/// A day, or a day and a time of it.
fn handed_in(text: &str) -> Result<Instant, String> {
    let day = |_| local_instant(&format!("{} 00:00", local_date(text)?));
    local_instant(text).or_else(day).map_err(said)
}

fn said(reason: Reason) -> String {
    format!("{}  {}", reason.chinese(), reason.english())
}

fn word<T: Word>(text: &str) -> Result<T, String> {
    T::read(text).map_err(said)
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = match options.verb {
        Verb::Raise { .. } => both("提出异议", "raising the objection"),
        Verb::Assign { .. } => both("分派异议", "assigning the objection"),
        Verb::Answer { .. } => both("决定异议", "deciding the objection"),
        Verb::Withdraw { .. } => both("撤回异议", "withdrawing the objection"),
        Verb::List { .. } => both("列出异议", "listing objections"),
    };
    act(options).map_err(|failure| failure.trying(tried))
}

fn act(options: &Options) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let event: Event = match &options.verb {
        Verb::List { month, organization, member, raised_by, json } => {
            let about = match (member, raised_by, organization) {
                (Some(member), ..) => About::Member(target.member(member)?),
                (None, Some(actor), _) => About::RaisedBy(*actor),
                (None, None, Some(organization)) => About::Organization(*organization),
                (None, None, None) => About::Organization(target.root()?),
            };
            let listed = listed(&target, about, *month);
            let listed = listed.map_err(|failure| failure.named_organization(organization.is_some()))?;
            if *json {
                say_json(&listed)?;
            } else {
                say_list(&listed)?;
            }
            target.close()?;
            return Ok(Exit::Done);
        }
        Verb::Raise { subject, member, ground, for_member, .. } => ObjectionRaised {
            for_member: *for_member,
            ground: *ground,
            member: target.member(member)?,
            subject: *subject,
        }
        .into(),
        Verb::Assign { objection, to } => ObjectionAssigned { assignee: *to, objection: *objection }.into(),
        Verb::Answer { objection, dismiss: None, clause, .. } => {
            ObjectionUpheld { clause: *clause, objection: *objection }.into()
        }
        Verb::Answer { objection, dismiss: Some(reason), clause, .. } => {
            ObjectionDismissed { clause: *clause, objection: *objection, reason: *reason }.into()
        }
        Verb::Withdraw { objection } => ObjectionWithdrawn { objection: *objection }.into(),
    };
    let occurred_at = if let Verb::Raise { time: Some(time), .. } = options.verb { time } else { target.now()? };
    say_receipt(&target.submit_office_at(event, occurred_at)?)?;
    target.close()?;
    Ok(Exit::Done)
}

/// Whose objections are listed.
#[derive(Clone, Copy)]
enum About {
    Member(MemberId),
    Organization(OrganizationId),
    RaisedBy(ActorId),
}

/// All of them, page by page.
fn listed(target: &Target, about: About, month: Option<Month>) -> Result<Json, Failure> {
    match target {
        Target::Directory(directory) => {
            let models = directory.service.models_blocking();
            let mut all = match about {
                About::Member(member) => models.objections_about(member),
                About::RaisedBy(actor) => models.objections_raised_by(actor),
                About::Organization(organization) => {
                    models.objections(organization, month).ok_or_else(|| Failure::no_organization(organization))?
                }
            };
            all.retain(|objection| month.is_none_or(|month| objection.month == month));
            let today = MachineClock.now().local_date();
            let all: Vec<ListedObjection> = all.into_iter().map(|entry| entry.on(today)).collect();
            Ok(json!({ "objections": all }))
        }
        Target::Server(client) => {
            let month = month.map_or_else(String::new, |month| format!("&month={month}"));
            let about = match about {
                About::Member(member) => format!("member={member}"),
                About::Organization(organization) => format!("organization={organization}"),
                About::RaisedBy(actor) => format!("raised_by={actor}"),
            };
            let all = client.pages(&format!("/v1/objections?{about}&limit=1000{month}"), "objections")?;
            Ok(json!({ "objections": all }))
        }
    }
}

/// What each standing is called.
const STANDINGS: [(&str, &str); 5] = [
    ("raised", "待分派"),
    ("assigned", "待决定"),
    ("upheld", "成立"),
    ("dismissed", "不成立"),
    ("withdrawn", "已撤回"),
];

fn say_list(listed: &Json) -> Result<(), Failure> {
    let text = |value: &Json| value.as_str().unwrap_or("—").to_owned();
    let ground = |objection: &Json| {
        let word = objection["ground"].as_str().and_then(|ground| ObjectionGround::read(ground).ok());
        let known = ObjectionGround::WORDS.iter().find(|(ground, ..)| Some(*ground) == word);
        known.map_or_else(String::new, |(_, _, chinese)| chinese[0].to_owned())
    };
    let standing = |objection: &Json| {
        let known = STANDINGS.iter().find(|(standing, _)| objection["standing"] == *standing);
        known.map_or("", |(_, words)| words).to_owned()
    };
    let row = |objection: &Json| {
        vec![
            text(&objection["id"]),
            text(&objection["month"]),
            ground(objection),
            text(&objection["subject"]),
            standing(objection),
            text(&objection["assignee"]),
            match objection["calendar_missing"].as_i64() {
                Some(year) => format!("缺{year}年日历"),
                None => text(&objection["decide_until"]),
            },
            if objection["overdue"] == true { "逾期".to_owned() } else { String::new() },
            text(&objection["decision"]),
        ]
    };
    let rows: Vec<Vec<String>> = listed["objections"].as_array().into_iter().flatten().map(row).collect();
    if rows.is_empty() {
        return say("没有异议  no objections");
    }
    let head = ["编号", "月份", "事由", "对象", "状态", "承办人", "决定期限", "", "决定编号"];
    say(table(&[Side::Left; 9], &head, &rows))
}
