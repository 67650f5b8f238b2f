//! `mingzhang init`: makes a ledger and its signing key. Never overwrites one.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{good, say, strong};
use crate::clock::MachineClock;
use crate::service::Service;
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Example:
  mingzhang init /srv/账本 --origin example.gov.cn/shuyuan

名称写入每一条记录和每一个签名，以后不能改。目录须为空或不存在。
The name goes into every entry and every signature and never changes. The directory is absent or empty.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "新建账本和签名密钥  Make a ledger and its signing key", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "DIR", help = "账本目录，须为空或不存在  The ledger's directory: absent or empty")]
    directory: PathBuf,
    #[arg(long, value_name = "NAME", help = "账本名称，如 example.gov.cn/shuyuan  The log's name")]
    origin: String,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = || {
        both(
            format!("新建账本 {}", options.directory.display()),
            format!("making a ledger in {}", options.directory.display()),
        )
    };
    let service = Service::create(&options.directory, &options.origin, None, Arc::new(MachineClock))
        .map_err(|error| Failure::from(error).trying(tried()))?;
    service.stop().map_err(|error| Failure::from(error).trying(tried()))?;
    let directory = options.directory.display();
    say(format!("{} {directory}  ({})", good("账本已建成  ledger made:"), options.origin))?;
    say(format!("\n核验公钥，请公布  verifier key, to be published:\n  {}", strong(service.ledger.verifier_key())))?;
    say(format!(
        "\n签名私钥在 {directory}/signing-key：请另存一份并保密，遗失后无法再签发。
The private key is {directory}/signing-key: keep a copy and keep it secret; without it nothing can be signed.

接下来 Next:
  mingzhang import organizations 组织.csv --ledger {directory}
  mingzhang import roster 花名册.csv --ledger {directory}
  mingzhang rules example > 细则.toml && mingzhang rules adopt 细则.toml --ledger {directory}
  mingzhang token create --actor w-0001 --grant recorder --ledger {directory}     第一个令牌  the first token
  mingzhang serve --ledger {directory}"
    ))?;
    Ok(Exit::Done)
}
