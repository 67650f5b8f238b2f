//! `mingzhang burden`: what recording a month took (负担), and what was entered more than once.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{say, say_json};
use super::show::outline;
use super::target::{Target, TargetOptions};
use mingzhang_events::{Month, OrganizationId};
use serde_json::Value as Json;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang burden --month 2026-10 --ledger 账本
  mingzhang burden --month 2026-10 --organization 420902001001 --json --url https://账本.example --token …

按登记时间计入月份。手工项数是有人逐项填写的，扫码和导入另计。账本中每一事实只有一条；重复提交而没有登记的只由运行中的服务计数，
自其启动起，不分组织。
Facts count in the month in which they were recorded. Typed fields are those that somebody filled in; codes and imports stand apart. The log has each fact once:
what was handed in again and not recorded is counted by a running service only, since it started, for the whole ledger.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "登记负担：一个月填了多少项，多少是重复的  What recording a month took, and what was entered again", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "YYYY-MM", help = "月份  The month")]
    month: Month,
    #[arg(long, value_name = "CODE", help = "组织代码；省略则为全账  The organisation; the whole tree if left out")]
    organization: Option<OrganizationId>,
    #[arg(long, value_name = "SIZE", help = "账本有这么多条时的情况  As it was when the log had so many entries")]
    as_of: Option<u64>,
    #[arg(long, help = "以 JSON 输出  As JSON")]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    count(options).map_err(|failure| failure.trying(both("统计登记负担", "counting what recording took")))
}

fn count(options: &Options) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let organization = match options.organization {
        Some(organization) => organization,
        None => target.root()?,
    };
    let burden: Json = match &target {
        Target::Directory(directory) => {
            let burden = directory.service.burden(organization, options.month, options.as_of)?;
            let burden = burden.ok_or_else(|| Failure::no_organization(organization))?;
            serde_json::to_value(burden).expect("an answer is JSON")
        }
        Target::Server(client) => {
            let as_of = options.as_of.map_or_else(String::new, |size| format!("&as_of={size}"));
            let asked = format!("/v1/organizations/{organization}/burden?month={}{as_of}", options.month);
            let burden = client.get_json(&asked);
            burden.map_err(|failure| failure.named_organization(options.organization.is_some()))?
        }
    };
    if options.json {
        say_json(&burden)?;
    } else {
        say(outline(&burden))?;
    }
    target.close()?;
    Ok(Exit::Done)
}
