//! `mingzhang close`: closes a month (月结). From then on only a publisher's corrections change it.

use super::exit::Exit;
use super::failure::{Both, Failure, both};
use super::output::say_both;
use super::receipt::say_receipt;
use super::target::TargetOptions;
use mingzhang_events::{Event, Month, MonthClosed, OrganizationId};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang close --month 2026-10 --ledger 账本
  mingzhang close --month 2026-10 --organization 420902001 --ledger 账本

月结以后只有发布人可以更正该月。月份结束、细则施行以后才能月结。早已月结的，不作改变。
From then on only a publisher's corrections change the month. It must be over, and rules must be in force. Closing it
again changes nothing.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "月结  Close a month", after_help = EXAMPLE)]
pub(super) struct Options {
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
    let tried = both(format!("月结 {}", options.month), format!("closing the month {}", options.month));
    close(options).map_err(|failure| failure.trying(tried))
}

fn close(options: &Options) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let organization = match options.organization {
        Some(organization) => organization,
        None => target.root()?,
    };
    let event = Event::from(MonthClosed { month: options.month, organization });
    match target.submit_office(event) {
        Ok(receipt) => say_receipt(&receipt)?,
        // What was wanted is so already: that is no failure.
        Err(refused) if refused.is_refusal("month_closed") => {
            let Both { chinese, english } = &refused.told().wrong;
            say_both(&both(
                format!("早已月结，没有改变任何内容：{chinese}"),
                format!("it was closed before; nothing is new: {english}"),
            ))?;
        }
        Err(failure) => return Err(failure),
    }
    target.close()?;
    Ok(Exit::Done)
}
