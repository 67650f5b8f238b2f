//! `mingzhang check-document`: whether this very file was issued, when and by whom, and whether something has taken its place.
//!
//! The file stays here: a server is told its digest and nothing else.

use super::exit::Exit;
use super::failure::Failure;
use super::given_out;
use super::output::{bad, count, faint, good, say, say_json, strong};
use super::policy;
use super::target::{Target, TargetOptions};
use crate::document::unpacked;
use crate::notice::render::FileFormat;
use mingzhang_events::{DocumentKind, FileDigest};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang check-document 证明.pdf --ledger 账本
  mingzhang check-document 通报.pdf --url https://ledger.example.gov.cn    只送出文件的摘要  only its digest is sent

只认一字不差的文件：摘要已登记的，或与账本今天提供的通报文件逐字节相同的。姓名公开同意或见证情况有变，重新导出的文件就不同；打印件、扫描件也不同。
It knows the very file only: one whose digest is recorded, or what the ledger gives out for a notice today. A notice exported again, after a consent or a witness was added, is another file; so is a scan.

退出代码 Exit codes: 0 现行有效 in force, 3 没有印发过或已被取代 never issued, or superseded, 1 文件无法读取 it can't be read.";

/// Digests that a file bears are asked for up to so many.
const BORNE_MAX: usize = 16;

/// Its options.
#[derive(clap::Args)]
#[command(name = "check-document", about = "核验文书：这份文件是否印发过、是否已被取代  Check whether a file was issued and is in force", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "FILE", help = "要核验的文件  The file")]
    file: PathBuf,
    #[arg(long, help = "输出 JSON  As JSON")]
    json: bool,
    #[command(flatten)]
    target: TargetOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let bytes = policy::read_file(&options.file)?;
    let digest = digest_of(&bytes);
    let target = options.target.open()?;
    let known = known(&target, digest)?;
    // A file that isn't known may still say which notice it was made from.
    let mut bears = if known.is_none() { borne(&target, &bytes)? } else { Vec::new() };
    let mut given_out = None;
    for place in 0..bears.len() {
        given_out = given_out::format_of(&target, &bears[place], &bytes)?;
        if given_out.is_some() {
            // A superseding notice also bears the digest of the one before it.
            bears.swap(0, place);
            break;
        }
    }
    let bears = bears.into_iter().next();
    let origin = target.origin()?;
    target.close()?;
    let standing = known.as_ref().map(|known| &known["document"]).or(bears.as_ref().filter(|_| given_out.is_some()));
    let in_force = standing.is_some_and(|standing| standing["superseded_by"].is_null());
    if options.json {
        let document = known.as_ref().map_or(Json::Null, |known| known["document"].clone());
        let given_out = given_out.map(FileFormat::name);
        say_json(&json!({
            "digest": digest, "origin": origin, "document": document, "bears_digest_of": bears, "given_out_as": given_out,
        }))?;
    } else {
        say(format!("SHA-256  {digest}"))?;
        say(format!("账本 log  {origin}"))?;
        match (&known, &bears, given_out) {
            (Some(known), _, _) => say_document(&known["document"])?,
            (None, Some(notice), Some(format)) => say_given_out(notice, format)?,
            (None, bears, _) => say_unknown(bears.as_ref())?,
        }
    }
    Ok(if in_force { Exit::Done } else { Exit::Refused })
}

/// The file that was issued with this digest.
fn known(target: &Target, digest: FileDigest) -> Result<Option<Json>, Failure> {
    Ok(asked(target, digest)?.filter(|answer| !answer["document"].is_null()))
}

/// What the ledger knows of a digest: a file, or a notice.
fn asked(target: &Target, digest: FileDigest) -> Result<Option<Json>, Failure> {
    match target {
        Target::Directory(directory) => {
            let models = directory.service.models_blocking();
            let (document, notice) = (models.document_standing(digest), models.published_with(digest));
            let known = document.is_some() || notice.is_some();
            Ok(known.then(|| json!({ "document": document, "notice": notice })))
        }
        Target::Server(client) => client.find(&format!("/v1/documents/{digest}")),
    }
}

/// The notices whose digests stand in the file.
fn borne(target: &Target, bytes: &[u8]) -> Result<Vec<Json>, Failure> {
    let mut digests = digests_in(bytes);
    if let Some(parts) = unpacked(bytes) {
        digests.extend(digests_in(&parts));
    }
    let mut notices = Vec::new();
    for digest in digests.into_iter().take(BORNE_MAX) {
        let answer = asked(target, digest)?;
        notices.extend(answer.map(|answer| answer["notice"].clone()).filter(|notice| !notice.is_null()));
    }
    Ok(notices)
}

/// Every run of exactly 64 hex digits.
fn digests_in(bytes: &[u8]) -> BTreeSet<FileDigest> {
    let runs = bytes.split(|byte| !byte.is_ascii_alphanumeric()).filter(|run| run.len() == 64);
    runs.filter_map(|run| std::str::from_utf8(run).ok()?.parse().ok()).collect()
}

fn say_document(document: &Json) -> Result<(), Failure> {
    let text = |field: &str| document[field].as_str().unwrap_or_default().to_owned();
    let superseded = &document["superseded_by"];
    if superseded.is_null() {
        say(format!(
            "{} {}",
            good("✓"),
            strong("这份文件已印发，现行有效  this very file was issued and is in force")
        ))?;
    } else {
        say(format!(
            "{} {}",
            bad("✗"),
            strong("这份文件曾经印发，已被取代  this very file was issued, and has been superseded")
        ))?;
    }
    let (chinese, english) = kind_in_words(&text("kind"));
    say(format!("  种类 kind          {chinese} {english}（{}）", text("format")))?;
    say(format!("  印发单位 issued by  {} {}", text("organization_name"), text("organization")))?;
    say(format!("  印发时间 issued at  {}", text("issued_at")))?;
    if let Some(number) = document["number"].as_str() {
        say(format!("  编号 number        {number}"))?;
    }
    if let Some(month) = document["month"].as_str() {
        say(format!("  月份 month         {month}"))?;
    }
    let size = document["tree_size"].as_u64().unwrap_or_default();
    say(format!("  检查点 checkpoint  {} 条 entries  {}", count(size), faint(text("root_hash"))))?;
    let log_index = document["log_index"].as_u64().unwrap_or_default();
    say(format!("  记录 entry         第 {log_index} 条  {}", text("id")))?;
    if !superseded.is_null() {
        let by = |field: &str| superseded[field].as_str().unwrap_or_default();
        say(format!("  取代它的 replaced by  {} {}  {}", by("number"), by("issued_at"), by("id")))?;
    }
    Ok(())
}

/// Its digest isn't recorded, and it is genuine all the same.
fn say_given_out(notice: &Json, format: FileFormat) -> Result<(), Failure> {
    let (of, name) = (name_of(notice), format.name());
    if notice["superseded_by"].is_null() {
        let chinese = format!("这就是本账本今天提供的{of}（{name}），逐字节相同");
        say(format!(
            "{} {}",
            good("✓"),
            strong(format!("{chinese}  byte for byte what this ledger gives out for it today"))
        ))?;
    } else {
        let chinese = format!("这就是本账本提供的{of}（{name}），但该通报已被取代");
        say(format!(
            "{} {}",
            bad("✗"),
            strong(format!("{chinese}  it is genuine, and the notice has been superseded"))
        ))?;
    }
    let text = |field: &str| notice[field].as_str().unwrap_or_default().to_owned();
    say(format!("  月份 month         {}", text("month")))?;
    say(format!("  印发时间 issued at  {}", text("issued_at")))?;
    say(format!("  记录 entry         {}", text("id")))?;
    say(faint(
        "  这份文件自己的摘要没有登记；内容由账本按检查点重算核对。  Its own digest isn't recorded; its content was composed from the log and compared.",
    ))
}

/// `通报 〔2026〕10号`; a disclosure has no number.
fn name_of(notice: &Json) -> String {
    match notice["number"].as_str().filter(|number| !number.is_empty()) {
        Some(number) => format!("通报 {number}"),
        None => "公示稿".to_owned(),
    }
}

fn say_unknown(bears: Option<&Json>) -> Result<(), Failure> {
    say(format!("{} {}", bad("✗"), strong("这个账本没有印发过这份文件  this ledger never issued this file")))?;
    if let Some(notice) = bears {
        let text = |field: &str| notice[field].as_str().unwrap_or_default().to_owned();
        say(format!(
            "  文件中写有通报 {} 的摘要（{}，{}）：可能是它的另一次导出，也可能被改过。",
            text("number"),
            text("month"),
            text("id")
        ))?;
        say(faint(
            "  It bears the digest of that notice: another export of it, or an altered one. Compare its figures with the notice's page.",
        ))?;
    }
    Ok(())
}

/// A kind of document, in both languages.
fn kind_in_words(kind: &str) -> (&'static str, &'static str) {
    match kind.parse() {
        Ok(DocumentKind::Notice) => ("通报", "notice"),
        Ok(DocumentKind::Disclosure) => ("公示", "disclosure"),
        Ok(DocumentKind::Register) => ("支部台账", "register"),
        Ok(DocumentKind::Statement) => ("个人积分明细", "statement"),
        Ok(DocumentKind::Certificate) => ("志愿服务记录证明", "certificate"),
        Ok(DocumentKind::Attendance) => ("出席记录", "attendance"),
        // Of a later version of the server.
        Err(_) => ("文书", "document"),
    }
}

/// A file's digest, as the log has it.
pub(super) fn digest_of(bytes: &[u8]) -> FileDigest {
    FileDigest(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::digests_in;

    #[test]
    fn only_runs_of_64_hex_digits_are_digests() {
        let digest = "0123456789abcdef".repeat(4);
        let text = format!("摘要　{digest}\n{digest}0 {} {}", &digest[1..], "G".repeat(64));
        let found: Vec<String> = digests_in(text.as_bytes()).iter().map(ToString::to_string).collect();
        assert_eq!(found, [digest]);
    }
}
