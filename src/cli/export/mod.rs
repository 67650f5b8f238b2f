//! `mingzhang export`: the ledger in forms that others read without us.

mod audit;
mod log;
mod tables;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::verify::found;
use crate::service::PublishedLogError;

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
    Tables(tables::Options),
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    match &options.what {
        What::Log(options) => log::run(options),
        What::Audit(options) => audit::run(options),
        What::Tables(options) => tables::run(options),
    }
}

/// Why there is nothing published to export.
fn not_published(error: PublishedLogError) -> Failure {
    match error {
        PublishedLogError::Service(error) => Failure::from(error),
        PublishedLogError::Finding(finding) => found(&finding),
        PublishedLogError::Checkpoint(error) => Failure::new(
            Exit::VerificationFailed,
            both(
                "已公布的检查点不是本账本密钥签发的",
                "the published checkpoint isn't one that the key of this log signed",
            ),
        )
        .because(&error),
        PublishedLogError::Key(error) => Failure::of_world(both("密钥无法使用", "the key can't be used"), &error),
    }
}
