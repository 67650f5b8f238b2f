//! `mingzhang diff-notice`: what differs between two notices about one month, for whom and why.

use super::client::Client;
use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::say_bytes;
use super::target::{Directory, Target, TargetOptions};
use mingzhang_events::EventId;
use mingzhang_projections::NoticeEntry;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang diff-notice 〔2026〕10号 〔2026〕12号 --ledger 账本
  mingzhang diff-notice e01… e02… --format json --url http://127.0.0.1:8080

按两份通报各自的检查点重算后逐项比较，先后不论；公示稿也可比较。每处差别写明依据的账目和理由。
Both are composed at their own checkpoints and compared item by item, in whichever order they are named; disclosures as well.
Each difference names the entries behind it, and why.";

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Csv,
    Json,
}

/// Its options.
#[derive(clap::Args)]
#[command(about = "比较同一月份的两份通报  What differs between two notices of a month", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "A", help = "文号或编号  Document number or id")]
    one: String,
    #[arg(value_name = "B", help = "文号或编号  Document number or id")]
    other: String,
    #[arg(long, value_enum, default_value = "text", help = "格式  The format")]
    format: Format,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    compare(options).map_err(|failure| failure.trying(both("比较两份通报", "comparing two notices")))
}

fn compare(options: &Options) -> Result<Exit, Failure> {
    let target = options.target.open()?;
    let bytes = match &target {
        Target::Directory(directory) => on_directory(directory, options)?,
        Target::Server(client) => {
            let (one, other) = (id_from(client, &options.one)?, id_from(client, &options.other)?);
            let media = match options.format {
                Format::Text => "text/plain",
                Format::Csv => "text/csv",
                Format::Json => "application/json",
            };
            client.get_as(&format!("/v1/notices/{one}/changes?since={other}"), media)?.into_bytes()
        }
    };
    say_bytes(&bytes)?;
    target.close()?;
    Ok(Exit::Done)
}

fn on_directory(directory: &Directory, options: &Options) -> Result<Vec<u8>, Failure> {
    let (one, other) = (entry(directory, &options.one)?, entry(directory, &options.other)?);
    if (one.organization, one.month) != (other.organization, other.month) {
        let wrong =
            both("两份通报不是同一组织同一月份的", "the two notices aren't about the same organisation and month");
        return Err(Failure::new(Exit::Refused, wrong).next(both("请核对文号或编号", "check their numbers or ids")));
    }
    let compared = directory.service.compare_notices(&one, &other)?;
    let compared = compared.ok_or_else(|| unknown(&options.one))?;
    Ok(match options.format {
        Format::Text => compared.text().into_bytes(),
        Format::Csv => compared.csv(),
        Format::Json => compared.json(),
    })
}

fn entry(directory: &Directory, text: &str) -> Result<NoticeEntry, Failure> {
    let models = directory.service.models_blocking();
    if let Ok(id) = text.parse::<EventId>() {
        return models.published(id).ok_or_else(|| unknown(text));
    }
    let mut named: Vec<NoticeEntry> = models.notices(None).into_iter().filter(|notice| notice.number == text).collect();
    let ids: Vec<String> = named.iter().map(|notice| notice.id.to_string()).collect();
    only(text, &ids)?;
    named.pop().ok_or_else(|| unknown(text))
}

/// The id of the notice with this number, looked for page by page.
fn id_from(client: &Client, text: &str) -> Result<String, Failure> {
    if text.parse::<EventId>().is_ok() {
        return Ok(text.to_owned());
    }
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get_json(&format!("/v1/notices?limit=1000{cursor}"))?;
        let notices = page["notices"].as_array().into_iter().flatten();
        let named = notices.filter(|notice| notice["number"] == text);
        ids.extend(named.filter_map(|notice| notice["id"].as_str().map(str::to_owned)));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    only(text, &ids)?;
    ids.pop().ok_or_else(|| unknown(text))
}

/// Several organisations may have issued a notice with the same number.
fn only(text: &str, ids: &[String]) -> Result<(), Failure> {
    if ids.len() < 2 {
        return Ok(());
    }
    let wrong = both(
        format!("有 {} 份通报的文号是 {text}", ids.len()),
        format!("{} notices have the number {text}", ids.len()),
    );
    let ids = ids.join(" ");
    Err(Failure::new(Exit::Refused, wrong)
        .next(both(format!("请写明编号：{ids}"), format!("name one by its id: {ids}"))))
}

fn unknown(text: &str) -> Failure {
    let wrong = both(format!("没有通报 {text}"), format!("there is no notice {text}"));
    Failure::new(Exit::Refused, wrong)
        .next(both("请用 mingzhang show notice 月份 查看", "look it up with: mingzhang show notice MONTH"))
}
