//! `mingzhang check-proof`: whether a receipt proves that an entry is in a log. Offline, without a ledger.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{count, faint, good, hex, say, strong};
use super::policy;
use crate::transparency::{TlogProof, TlogProofError, leaf_hash};
use mingzhang_events::decode;
use std::error::Error;
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Example:
  mingzhang check-proof 回执.tlog-proof --entry 记录.json --policy 策略

证明：这些字节是该账本的第几条；签发检查点的密钥和见证人见过包含它的账本。
不证明：记录的内容属实；它后来没有被更正或冲正；账本中没有别的记录。
It proves that these bytes are an entry of that log, and that whoever signed saw a log with it. It doesn't prove that what
the entry says is true, that it wasn't corrected later, or what else is in the log.

退出代码 Exit codes: 0 证明成立 it proves it, 5 不成立 it doesn't, 2 策略有误或不是回执 the policy can't be used, or it is no receipt,
1 文件无法读取 a file can't be read.";

/// Its options.
#[derive(clap::Args)]
#[command(name = "check-proof", about = "离线核验回执：某条记录确实在账本中  Check a receipt offline: an entry is in the log", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "FILE", help = "回执（C2SP tlog-proof）  The receipt")]
    proof: PathBuf,
    #[arg(long, value_name = "FILE", help = "记录的原始字节  The entry, byte for byte")]
    entry: PathBuf,
    #[arg(long, value_name = "FILE", help = "信任策略（C2SP tlog-policy）：信任哪些密钥  Whose keys to trust")]
    policy: PathBuf,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let policy = policy::read(&options.policy)?;
    let tried = both(
        format!("核验回执 {}", options.proof.display()),
        format!("checking the receipt {}", options.proof.display()),
    );
    let (text, entry) = (policy::read_file(&options.proof)?, policy::read_file(&options.entry)?);
    let refused = |error: TlogProofError| refusal(&error).trying(tried.clone());
    let text = receipt_text(text).ok_or_else(|| not_a_receipt(options).trying(tried.clone()))?;
    let proof = TlogProof::parse(&text).map_err(refused)?;
    let witnessed = proof.verify(&entry, &policy).map_err(refused)?;
    let (head, index) = (&witnessed.checkpoint, proof.log_index);
    let check = good("✓");
    policy::say_witnessed(&witnessed, &policy)?;
    say(format!(
        "{check} 记录的哈希 {} 由 {} 个相邻哈希推到根哈希",
        hex(&leaf_hash(&entry)),
        proof.inclusion_proof.len()
    ))?;
    say(faint(format!(
        "  the entry's hash leads to the root of {} entries over {} hashes",
        head.size,
        proof.inclusion_proof.len()
    )))?;
    say_entry(&entry)?;
    say(format!(
        "\n{}\n{}",
        strong(format!(
            "证明成立：这一记录是账本 {} 前 {} 条中的第 {index} 条（从 0 数起）。",
            head.origin,
            count(head.size)
        )),
        faint(format!(
            "It holds: this is entry {index} (from 0) of the first {} of the log {}.",
            head.size, head.origin
        ))
    ))?;
    say("不证明：内容属实；后来没有更正或冲正；账本中没有别的记录。")?;
    say(faint(
        "It doesn't prove that what it says is true, that it wasn't corrected later, or what else is in the log.",
    ))?;
    Ok(Exit::Done)
}

/// The text of a receipt; None if the file is something else, of which nothing can be checked. What an editor or a mail did to the ends of
/// lines is undone.
fn receipt_text(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    text.starts_with("c2sp.org/tlog-proof@").then(|| format!("{}\n", text.trim_end_matches('\n')))
}

fn not_a_receipt(options: &Options) -> Failure {
    let path = options.proof.display();
    Failure::usage(both(
        format!("{path} 不是回执（C2SP tlog-proof），什么也没有核对"),
        format!("{path} is no receipt (C2SP tlog-proof): nothing was checked"),
    ))
    .next(both("应为 mingzhang proof 写出的文件", "it has to be a file of `mingzhang proof`"))
}

/// What the entry is, where it is an event of this program; the proof is of its bytes whatever they are.
fn say_entry(entry: &[u8]) -> Result<(), Failure> {
    match decode(entry) {
        Ok(event) => say(format!(
            "  {} {}  {} 发生 occurred {}，登记 recorded {}",
            event.id,
            event.event.stored_type(),
            faint("|"),
            event.occurred_at,
            event.recorded_at
        )),
        Err(_) => say(faint(
            "  它不是明账的记录；证明只关乎其字节  it is no event of this program; the proof is of its bytes",
        )),
    }
}

fn refusal(error: &TlogProofError) -> Failure {
    let chinese = match error {
        TlogProofError::Malformed(_) => "回执残缺或被改动".to_owned(),
        TlogProofError::Checkpoint(error) => format!("检查点不可信：{}", policy::chinese(error)),
        TlogProofError::Inclusion(_) => "这些字节不在检查点所说的位置：记录或回执被改动，或两者不相配".to_owned(),
    };
    let wrong = both(format!("证明不成立。{chinese}"), format!("it proves nothing: {error}"));
    let failure = Failure::new(Exit::VerificationFailed, wrong);
    let failure = match error {
        TlogProofError::Checkpoint(error) => policy::next(error).into_iter().fold(failure, Failure::next),
        TlogProofError::Malformed(_) | TlogProofError::Inclusion(_) => failure,
    };
    match error.source() {
        Some(cause) => failure.because(cause),
        None => failure,
    }
}
