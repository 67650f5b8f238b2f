//! `mingzhang show`: what the ledger knows of a member, an organisation, an entry, a notice; its checkpoint.
//!
//! A directory and a server give the same JSON; one outline prints it.

mod answer;
mod outline;

pub(super) use outline::outline;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{hex, say, say_json};
use super::target::TargetOptions;
use crate::transparency::{Checkpoint, Note};
use mingzhang_events::{Month, OrganizationId};
use serde_json::json;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang show member 1001 --month 2026-10 --ledger 账本        每一分的来历  where every point comes from
  mingzhang show organization 420902001 --month 2026-10
  mingzhang show conduct 420902001 --month 2026-10               供监督人  for auditors
  mingzhang show event 42                                        一条记录及其证明  an entry and its proof
  mingzhang show notice 2026-10
  mingzhang show checkpoint
  mingzhang show witnesses                                       谁见证了检查点  who cosigned the checkpoint";

/// Its options.
#[derive(clap::Args)]
#[command(about = "查询：党员、组织、记录、通报、检查点  Show a member, organisation, event, notice, checkpoint", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
    #[arg(long, global = true, help = "以 JSON 输出  As JSON")]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

#[derive(clap::Subcommand)]
enum What {
    #[command(flatten)]
    Answered(Question),
    #[command(about = "已公布的签名检查点  The published, signed checkpoint")]
    Checkpoint,
}

/// What is asked of an open ledger, and answered as JSON.
#[derive(clap::Subcommand)]
pub(super) enum Question {
    #[command(about = "党员：所在支部、报到、积分及其依据  A member: branches, enrolments, points explained")]
    Member {
        #[arg(value_name = "ID", help = "编号或党员标识  Number or member id")]
        member: String,
        #[arg(long, value_name = "YYYY-MM", help = "加上该月积分及其依据  With the points of that month, explained")]
        month: Option<Month>,
    },
    #[command(about = "组织：上下级，某月情况  An organisation: its place in the tree, and its month")]
    Organization {
        #[arg(value_name = "CODE", help = "组织代码  Its code")]
        organization: OrganizationId,
        #[arg(long, value_name = "YYYY-MM", help = "加上该月情况  With the figures of that month")]
        month: Option<Month>,
    },
    #[command(
        about = "经办情况：补录、集中登记、互相审核等（供监督人）  How a month's records were entered, for auditors"
    )]
    Conduct {
        #[arg(value_name = "CODE", help = "组织代码  Its code")]
        organization: OrganizationId,
        #[arg(long, value_name = "YYYY-MM", help = "月份  The month")]
        month: Month,
    },
    #[command(about = "一条记录及其包含证明  An entry and the proof that it is in the log")]
    Event {
        #[arg(value_name = "INDEX|ID", help = "序号或编号  Log index or event id")]
        event: String,
    },
    #[command(about = "已印发的通报  Issued notices")]
    Notice {
        #[arg(value_name = "YYYY-MM|ID", help = "月份或编号；省略则列出全部  Month or id; all of them if left out")]
        notice: Option<String>,
    },
    #[command(about = "见证情况：谁为检查点签了名  Witnesses: who cosigned the checkpoint")]
    Witnesses,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    show(options).map_err(|failure| failure.trying(both("查询", "looking it up")))
}

/// A checkpoint as JSON: its three lines (C2SP tlog-checkpoint) by name, and the signed note as it is. What isn't a checkpoint has no fields.
fn checkpoint_json(note: &str) -> serde_json::Value {
    let checkpoint = Note::parse(note.as_bytes()).ok().and_then(|note| Checkpoint::parse(note.text).ok());
    json!({
        "note": note,
        "origin": checkpoint.as_ref().map(|checkpoint| &checkpoint.origin),
        "root_hash": checkpoint.as_ref().map(|checkpoint| hex(&checkpoint.root)),
        "tree_size": checkpoint.as_ref().map(|checkpoint| checkpoint.size),
    })
}

fn show(options: &Options) -> Result<Exit, Failure> {
    let question = match &options.what {
        What::Answered(question) => question,
        What::Checkpoint => {
            let note = options.target.checkpoint()?;
            if options.json {
                say_json(&checkpoint_json(&note))?;
            } else {
                say(note.trim_end())?;
            }
            return Ok(Exit::Done);
        }
    };
    let target = options.target.open()?;
    let answer = answer::answer(&target, question)?;
    if options.json {
        say_json(&answer)?;
    } else {
        say(outline(&answer))?;
    }
    target.close()?;
    Ok(Exit::Done)
}
