//! Policies (C2SP tlog-policy) as the commands read them, and how they say whose signatures were found.

use super::failure::{Both, Failure, both};
use super::output::{faint, good, say};
use crate::audit::Previous;
use crate::transparency::{KeyFault, NoteError, Policy, PolicyError, PolicyFault, PolicySyntaxError, Witnessed};
use mingzhang_events::Instant;
use std::path::Path;

/// Reads a policy file.
pub(super) fn read(path: &Path) -> Result<Policy, Failure> {
    let tried = both(format!("读取策略 {}", path.display()), format!("reading the policy {}", path.display()));
    let text = read_file(path).map_err(|failure| failure.trying(tried.clone()))?;
    Policy::parse(&text).map_err(|error| {
        Failure::usage(wrong_with(&error)).trying(tried).next(both(
            "请改正后重试；写法见 docs/guides/audit.zh.md",
            "correct it and try again; docs/guides/audit.md shows the form",
        ))
    })
}

/// What is wrong with a policy, and on which line.
pub(super) fn wrong_with(error: &PolicySyntaxError) -> Both {
    let (why, why_in_english) = (chinese_of(&error.why), &error.why);
    match error.line {
        Some(line) => both(format!("第 {line} 行有误：{why}"), format!("line {line}: {why_in_english}")),
        None => both(why, why_in_english.to_string()),
    }
}

fn chinese_of(fault: &PolicyFault) -> String {
    match fault {
        PolicyFault::ControlCharacter(byte) => format!("含控制字符 0x{byte:02x}，只能用制表符和换行"),
        PolicyFault::NotUtf8 => "不是 UTF-8 编码".to_owned(),
        PolicyFault::UnknownWord(word) => format!("以“{word}”开头，应为 log、witness、group、quorum 之一"),
        PolicyFault::Form(form) => format!("应写作 {form}"),
        PolicyFault::Key(fault) => format!("公钥有误，{}", chinese_of_note(fault)),
        PolicyFault::WitnessKeyOfLog(name) => format!("{name} 的公钥是见证人的（类型 0x04），不是账本的"),
        PolicyFault::NotForCosignatures(name) => format!("{name} 的公钥不是见证人的（类型 0x04）"),
        PolicyFault::KeyTwice(name) => format!("{name} 的公钥出现两次，会被算作两个"),
        PolicyFault::TooManyWitnesses => {
            format!("见证人最多 {} 个：一个检查点容不下更多签名", PolicyFault::WITNESSES_MAX)
        }
        PolicyFault::MemberTwice(name) => format!("{name} 已是成员，会被算作两个"),
        PolicyFault::Threshold(told) => format!("“{told}”不是 all、any 或一个数"),
        PolicyFault::Unmeetable { threshold, all } => {
            format!("{all} 个成员中要求 {threshold} 个：无法达到，或什么也没有要求")
        }
        PolicyFault::QuorumTwice => "quorum 已经写过".to_owned(),
        PolicyFault::NoQuorum => "缺少一行“quorum 名称”或“quorum none”，没有说明要多少见证人签名".to_owned(),
        PolicyFault::NameTaken(name) => format!("名称 {name} 已被占用"),
        PolicyFault::Unnamed(name) => format!("前面没有名为 {name} 的见证人或组"),
    }
}

/// What is wrong with a signed note or a key.
fn chinese_of_note(error: &NoteError) -> String {
    match error {
        NoteError::WrongSignature { name } => {
            format!("密钥 {name} 的签名与内容不符：内容被改动，或公钥不是签名的那一把")
        }
        NoteError::NotSigned => "没有已知密钥的签名：请核对拿到的是哪一把公钥".to_owned(),
        NoteError::NotAKey(KeyFault::Form) => "应写作“名称+八位编号+base64”".to_owned(),
        NoteError::NotAKey(KeyFault::Id) => "编号与名称、公钥不符：可能抄错".to_owned(),
        NoteError::NotAKey(KeyFault::Type) => "种类不明".to_owned(),
        NoteError::NotAKey(KeyFault::Point) => "不是曲线上的点：可能抄错或不完整".to_owned(),
        NoteError::Malformed(_) => "写法不对，可能抄错或不完整".to_owned(),
    }
}

/// Reads a checkpoint that was kept earlier.
pub(super) fn read_previous(path: &Path) -> Result<Previous, Failure> {
    Previous::parse(&read_file(path)?).ok_or_else(|| {
        let path = path.display();
        Failure::usage(both(format!("{path} 不是检查点"), format!("{path} is no checkpoint"))).next(both(
            "应为签名的检查点文件，或账本、条目数、根哈希三行",
            "it has to be a signed checkpoint, or three lines: log, entries, root hash",
        ))
    })
}

/// Reads a file that somebody handed over.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        let wrong = both(format!("文件 {} 无法读取", path.display()), format!("{} can't be read", path.display()));
        Failure::of_world(wrong, &error)
    })
}

/// What is wrong with a checkpoint, in Chinese.
pub(super) fn chinese(error: &PolicyError) -> String {
    match error {
        PolicyError::Note(NoteError::Malformed(_)) => "不是签名的检查点，或不完整".to_owned(),
        PolicyError::Note(error) => chinese_of_note(error),
        PolicyError::Checkpoint(_) => "签名的内容不是检查点".to_owned(),
        PolicyError::UnknownLog { origin } => format!("策略中没有签发这一检查点的账本（{origin}）"),
        PolicyError::QuorumNotMet { quorum, cosigners } if cosigners.is_empty() => {
            format!("没有见证人共同签名，未达到策略要求的 {quorum}")
        }
        PolicyError::QuorumNotMet { quorum, cosigners } => {
            format!("只有 {} 共同签名，未达到策略要求的 {quorum}", cosigners.join("、"))
        }
    }
}

/// What to do about a checkpoint that doesn't meet a policy, where nobody need have done anything wrong.
pub(super) fn next(error: &PolicyError) -> Option<Both> {
    match error {
        PolicyError::Note(_) | PolicyError::Checkpoint(_) => None,
        PolicyError::UnknownLog { .. } => Some(was_the_key_replaced()),
        PolicyError::QuorumNotMet { .. } => Some(both(
            "检查点可能还在等见证人签名：请稍后再试；一直不足的，请询问见证人拒绝了什么",
            "the checkpoint may still await its witnesses: try again later; if it stays so, ask them what they refused",
        )),
    }
}

/// What to do about a checkpoint that no known key of the log signed.
pub(super) fn was_the_key_replaced() -> Both {
    both(
        "请核对策略中的账本和公钥：账本的密钥是否换过？换过的，请向公布单位另行索取新公钥，加为策略的又一行 log，旧的不要删",
        "check which log and key the policy names: was the key of the log replaced? Then ask the issuing body for the new one, by another way, and add it to the policy as a further line `log`; keep the old one",
    )
}

/// Says who signed and who cosigned, and when.
pub(super) fn say_witnessed(witnessed: &Witnessed<'_>, policy: &Policy) -> Result<(), Failure> {
    let check = good("✓");
    let origin = &witnessed.checkpoint.origin;
    say(format!("{check} 检查点由账本 {origin} 的密钥签名  the checkpoint is signed with the key of {origin}"))?;
    for cosigner in &witnessed.cosigners {
        let name = &cosigner.witness.name;
        let at = time(cosigner.unix_seconds);
        say(format!("{check} 见证人 {name} 于 {at} 共同签名  the witness {name} cosigned it at {at}"))?;
    }
    if witnessed.cosigners.is_empty() {
        let words = if policy.witnesses().is_empty() {
            "策略没有列出见证人  the policy names no witness"
        } else {
            "没有见证人共同签名，策略也不要求  no witness cosigned it, and the policy asks for none"
        };
        say(format!("{} {words}", faint("–")))?;
    }
    Ok(())
}

/// A cosigner's time; one that no calendar here has, as its number.
fn time(unix_seconds: u64) -> String {
    let instant = i64::try_from(unix_seconds).ok().and_then(|seconds| Instant::from_unix_seconds(seconds).ok());
    instant.map_or_else(|| unix_seconds.to_string(), |instant| instant.to_string())
}
