//! `mingzhang demo`: a real city's streets and communities, synthetic members, a plausible month; recorded, closed, published,
//! verified and served.
//!
//! Invariant: the same options give the same entries, root and circulars, byte for byte, where the fonts are the same: the log has the digests of the circulars' files. A
//! real ledger is never touched.

mod play;
mod summary;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{faint, say, strong};
use super::progress::Progress;
use super::serve::{listen_locally, serve_on};
use crate::demo::{DemoError, Options as Wanted};
use crate::service;
use jiff::civil::{Date, Weekday};
use mingzhang_events::{OrganizationId, is_working_day};
use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang demo                                     书院街道，2,000 名党员，2026 年 10 月
  mingzhang demo --divisions 5117 --members 200000   达州市
  mingzhang demo --months 3 --seed 7 --no-serve

可选 built in: 4209 孝感市, 5117 达州市, 6401 银川市及其区县、街道、社区 and their counties, streets, communities.
党员为模拟数据，不对应任何真人；签名密钥由种子得出，只供演示。同一种子、同样的字体，每次逐字节相同。
Members are synthetic. The signing key comes from the seed and is for demonstrations only. Same seed and fonts, same bytes.";

/// Where the circulars go, below the directory.
const NOTICES: &str = "notices";

/// Its options.
#[derive(clap::Args)]
#[command(about = "演示：真实区划、模拟党员、完整的一个月  A demonstration: real divisions, synthetic members, a whole month", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "CODE|city", default_value = "420902001", value_parser = division, help = "区划代码，或 city（孝感全市）  A division code, or `city` for all of Xiaogan")]
    divisions: OrganizationId,
    #[arg(
        long,
        value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=10_000_000),
        help = "党员人数；省略则随区划大小  How many members; by the size of the division if left out"
    )]
    members: Option<u32>,
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=60), help = "几个月，至 2026 年 10 月  How many months, up to October 2026")]
    months: u8,
    #[arg(long, default_value_t = 2_026, help = "种子  The seed")]
    seed: u64,
    #[arg(
        long,
        value_name = "DIR",
        default_value = "mingzhang-demo",
        help = "目录；只会替换演示账本  The directory; only a demonstration is ever replaced"
    )]
    directory: PathBuf,
    #[arg(long, help = "完成后不启动服务  Don't serve afterwards")]
    no_serve: bool,
    #[arg(long, default_value_t = 8787, help = "端口；被占用时取下一个  The port; the next free one if it is taken")]
    port: u16,
}

fn division(text: &str) -> Result<OrganizationId, String> {
    let code = if text == "city" { "4209" } else { text };
    code.parse().map_err(|error: mingzhang_events::IdError| error.to_string())
}

impl Options {
    fn wanted(&self) -> Wanted {
        let rules = parse_rules(DEFAULT_RULES_TOML).expect("the rules that we ship are sound");
        let members = self.members.unwrap_or(match self.divisions.as_str().len() {
            ..=4 => 100_000,
            5..=6 => 20_000,
            7..=9 => 2_000,
            _ => 300,
        });
        Wanted { division: self.divisions, members, months: self.months, seed: self.seed, ..Wanted::new(rules, works) }
    }
}

/// By the legal calendar where it is known.
fn works(date: Date) -> bool {
    is_working_day(date).unwrap_or(!matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = both("演示", "making the demonstration");
    demonstrate(options).map_err(|failure| failure.trying(tried))
}

fn demonstrate(options: &Options) -> Result<Exit, Failure> {
    let wanted = options.wanted();
    let plan = crate::demo::plan(&wanted).map_err(|error| not_planned(&error))?;
    let path = options.directory.as_path();
    service::clear_demonstration(path, NOTICES, play::is_circular)?;
    say(format!("{}  {}", strong("明账演示"), faint("a demonstration of Mingzhang")))?;
    let played = play::play(plan, path, options.seed)?;
    let verified = {
        let bar = Progress::of("核验账本 verifying");
        service::verify(path, None, &[], &mut |done, total| bar.reached(done, total))
    };
    let verified = verified.map_err(|error| {
        Failure::new(Exit::VerificationFailed, both("刚建成的账本核验不通过", "the ledger just made doesn't verify"))
            .because(&error)
    })?;
    summary::say_summary(&played, &verified, path)?;
    // Served with the machine's clock, by a service of its own.
    drop(played);
    if options.no_serve {
        return Ok(Exit::Done);
    }
    say(format!("\n  {}", strong("网页和接口 pages and API")))?;
    serve_on(path, listen_locally(options.port)?, &crate::keys::no_passphrase)
}

fn not_planned(error: &DemoError) -> Failure {
    let wrong = match error {
        DemoError::UnknownDivision(code) => {
            both(format!("没有内置区划 {code}"), format!("no division {code} is built in"))
        }
        DemoError::OutOfRange(what) => both(format!("超出范围：{what}"), format!("out of range: {what}")),
    };
    Failure::usage(wrong).next(both(
        "可选 4209 孝感市、5117 达州市、6401 银川市或其下的区县、街道、社区代码",
        "choose 4209 (Xiaogan), 5117 (Dazhou), 6401 (Yinchuan) or the code of a county, street or community of theirs",
    ))
}
