//! `mingzhang export`: the ledger in forms that others read without us.

mod audit;
mod log;

use super::exit::Exit;
use super::failure::Failure;

/// Its options.
#[derive(clap::Args)]
#[command(
    about = "导出：供他人自行保存、公布、核验  Export: for others to keep, serve and check",
    arg_required_else_help = true
)]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Log(log::Options),
    Audit(audit::Options),
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    match &options.what {
        What::Log(options) => log::run(options),
        What::Audit(options) => audit::run(options),
    }
}
