//! `mingzhang verify`: recomputes a ledger from its entries and says whether anything was changed. Reads only, also beside a
//! running server.

mod log;

use super::exit::Exit;
use super::failure::{Both, Failure, both};
use super::output::{bad, count, faint, good, hex, remark, say, strong};
use super::policy;
use super::progress::Progress;
use super::target::DirectoryOptions;
use crate::audit::{Finding, Previous, Verified};
use crate::service::{self, VerifyError};
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang verify --ledger 账本
  mingzhang verify --ledger 账本 --key 'example.gov.cn/shuyuan+5f9a1c2e+AT…'      用公布的公钥核验  with the published key
  mingzhang verify --ledger 账本 --previous 见证人的检查点                       末尾有无缺失  is anything missing at the end
  mingzhang verify --ledger 账本 --policy 策略                                   公钥和见证人  keys and witnesses of your own
  mingzhang verify --log 导出 --policy 策略 --previous 上月的检查点                  核验导出的账本  an exported log

--previous：以前保存的 checkpoint 文件，或通报上印的三行（账本、条目数、根哈希），即二维码的内容。
服务器运行时也可以核验。退出代码：0 无误，5 有误（并指出第几条，从 0 数起），1 文件打不开，2 写法有误。
--previous is a checkpoint kept earlier, or the three lines that a notice prints (its QR code). It may run beside a server.
Exit codes: 0 sound, 5 not (and which entry, from 0), 1 a file can't be opened, 2 usage.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "核验账本：从原始记录重新计算一切  Verify: recompute everything from the entries", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(
        long,
        value_name = "KEY",
        help = "公布的核验公钥；省略则由账本自己的密钥得出  The published verifier key; the ledger's own if left out"
    )]
    key: Option<String>,
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "ledger",
        help = "核验导出的账本，而不是账本目录  Verify an exported log instead of a ledger"
    )]
    log: Option<PathBuf>,
    #[arg(long, value_name = "FILE", conflicts_with = "key", help = "信任策略（C2SP tlog-policy）  Whom to trust")]
    policy: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        help = "先前保存的检查点，可多次  An earlier checkpoint that it has to extend; may be repeated"
    )]
    previous: Vec<PathBuf>,
    #[command(flatten)]
    directory: DirectoryOptions,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    if let Some(log) = &options.log {
        let policy = log::policy_of(options.policy.as_deref(), options.key.as_deref())?;
        return log::run(log, policy, &options.previous);
    }
    let path = options.directory.directory()?;
    let tried = both(format!("核验账本 {}", path.display()), format!("verifying the ledger in {}", path.display()));
    let trusted = match (&options.policy, &options.key) {
        (None, None) => None,
        (policy, key) => Some(log::policy_of(policy.as_deref(), key.as_deref())?),
    };
    let earlier: Vec<Previous> =
        options.previous.iter().map(|path| policy::read_previous(path)).collect::<Result<_, _>>()?;
    let outcome = {
        let bar = Progress::of("核验 verifying");
        service::verify(&path, trusted.as_ref(), &earlier, &mut |done, total| bar.reached(done, total))
    };
    match outcome {
        Ok(verified) => {
            if let Some(policy) = &options.policy {
                let path = policy.display();
                say(format!("{} 已公布的检查点符合策略 {path}  the published checkpoint meets the policy", good("✓")))?;
            }
            say_verified(&verified, options.previous.len())?;
            Ok(Exit::Done)
        }
        Err(VerifyError::Finding(Finding::Unfinished(error))) => {
            let wrong =
                both("无法读完账本，尚无结论", "the ledger can't be read to its end: nothing is proved either way");
            Err(Failure::of_world(wrong, &error).trying(tried))
        }
        Err(VerifyError::Finding(finding)) => Err(found(&finding).trying(tried)),
        Err(VerifyError::Service(error)) => Err(Failure::from(error).trying(tried)),
        Err(VerifyError::Key(error)) => {
            Err(Failure::usage(both("公钥写法有误", "the verifier key isn't one")).because(&error).trying(tried))
        }
    }
}

pub(super) fn found(finding: &Finding) -> Failure {
    let place = match finding.log_index() {
        Some(log_index) => both(format!("第 {log_index} 条记录（从 0 数起）："), format!("log index {log_index}: ")),
        None => both("", ""),
    };
    let wrong =
        both(format!("核验不通过。{}{}", place.chinese, chinese(finding)), format!("{}{finding}", place.english));
    let failure = Failure::new(Exit::VerificationFailed, wrong).next(next(finding));
    match std::error::Error::source(finding) {
        Some(cause) => failure.because(cause),
        None => failure,
    }
}

fn next(finding: &Finding) -> Both {
    if let Finding::CheckpointNotMet { source } | Finding::EarlierNotSigned { source } = finding
        && let Some(next) = policy::next(source)
    {
        return next;
    }
    if let Some(next) = next_for_hashes(finding) {
        return next;
    }
    if let Finding::StrayFile { .. } = finding {
        return both(
            "多出的文件不影响记录的核验：请移走后再核验一次，并查明它从哪里来",
            "what is too much says nothing of the entries: take it away and verify again, and find out where it came from",
        );
    }
    if let Finding::TileMissing { .. } = finding {
        return both(
            "缺文件不说明账本有误：请重新导出到一个空目录，或向给出它的人索取这个文件，再核验一次",
            "that a file is missing says nothing against the ledger: export it anew into an empty directory, or ask for that file, and verify again",
        );
    }
    if finding.is_forgetting() {
        return both(
            "请放回最新的文件；确已丢失的，向见证人等索取最新的检查点，见 mingzhang resume --help",
            "put the newest file back; if it is lost, ask witnesses for their newest checkpoint and see `mingzhang resume --help`",
        );
    }
    both(
        "请停止使用该账本，保留现场，与备份或监督机构保存的签名检查点比对",
        "stop using this ledger, keep it as it is, and compare it with a backup or with the checkpoints that others keep",
    )
}

/// What to do where hashes beside the entries are wrong and, as far as it can be told, no entry is.
fn next_for_hashes(finding: &Finding) -> Option<Both> {
    if let Finding::LeafHashDiffers { log_index } = finding {
        let tile = log_index / 256;
        return Some(both(
            format!(
                "被改的是哈希块（tile/0 的第 {tile} 块；账本目录里是 ledger.sqlite），不是记录：请保留现场，换回完好的文件，并查明谁改过"
            ),
            format!(
                "what was changed is a tile of hashes (number {tile} of tile/0; in a ledger's directory it is in ledger.sqlite) and no entry: keep it as it is, put a sound file in its place, and find out who changed it"
            ),
        ));
    }
    if let Finding::TileRootDiffers { level, position, .. } = finding {
        let tile = position / 256;
        return Some(both(
            format!(
                "被改的是哈希块（tile/{level} 的第 {tile} 块；账本目录里是 ledger.sqlite 的 tile_root 表），不是记录：请保留现场，换回完好的文件，并查明谁改过"
            ),
            format!(
                "what was changed is a tile of hashes (number {tile} of tile/{level}; in a ledger's directory it is the table tile_root of ledger.sqlite) and no entry: keep it as it is, put a sound file in its place, and find out who changed it"
            ),
        ));
    }
    if let Finding::TileOrEntriesDiffer { .. } | Finding::StoredHashesDiffer { .. } = finding {
        return Some(both(
            "被改的是这些记录或旁边的哈希，签过名的检查点还分不清：请保留现场，与备份或监督机构保存的签名检查点比对；导出时发现的，先运行 mingzhang verify",
            "either these entries or the hashes beside them were changed, and no signed checkpoint that was looked at tells which: keep it as it is and compare it with a backup or with the checkpoints that others keep; if an export found it, run `mingzhang verify` first",
        ));
    }
    if let Finding::BlockRootsDiffer { .. } = finding {
        return Some(both(
            "被改的只是 ledger.sqlite 的 block_roots 表，记录和公布的文件都没有问题，证明也照常给出（改由叶哈希算出，较慢）：请留一份副本查明谁改过；停下服务器后用 sqlite3 执行 DROP TABLE block_roots，下次打开登记时重建",
            "only the table block_roots of ledger.sqlite was changed: entries and published files are sound, and proofs are still given (made from leaf hashes, which takes longer). Keep a copy and find out who changed it; with the server stopped, `DROP TABLE block_roots` in sqlite3: it is made anew when the ledger is next opened to record",
        ));
    }
    if let Finding::BeyondEnd { .. } = finding {
        return Some(both(
            "已登记的记录没有问题：请留一份副本查明谁写入的；重新启动服务器，或再登记一次，打开账本时会移走这些行",
            "no recorded entry is wrong: keep a copy and find out who wrote it; start the server again, or record something: opening the ledger takes these rows away",
        ));
    }
    None
}

fn chinese(finding: &Finding) -> String {
    match finding {
        Finding::EntryChanged { .. } => "内容已被改动，与登记时的哈希不符".to_owned(),
        Finding::LeafHashDiffers { .. } => {
            "旁边保存的哈希被伪造或损坏，记录本身没有问题：由记录算出的根哈希就是签过名的那一个".to_owned()
        }
        Finding::EntryUnreadable { .. } => "无法读取或已缺失".to_owned(),
        Finding::NotAnEvent { .. } => "不是本账本的规范记录".to_owned(),
        Finding::RecordedEarlier { .. } => "登记时间早于前一条".to_owned(),
        Finding::IdTwice { first, .. } => format!("与第 {first} 条编号相同，同一命令被登记了两次"),
        Finding::TileRootDiffers { .. } => {
            "旁边保存的哈希树节点被伪造或损坏，记录本身没有问题：由记录算出的根哈希就是签过名的那一个".to_owned()
        }
        Finding::TileOrEntriesDiffer { .. } => "记录与保存的哈希树节点不符，其中之一被改动".to_owned(),
        Finding::StoredHashesDiffer { published } => {
            format!("旁边保存的哈希得不出前 {published} 条已签名的根哈希：被改的是这些哈希，或是记录")
        }
        Finding::BlockRootsDiffer { .. } => "保存的哈希树节点（block_roots 表）与记录不符".to_owned(),
        Finding::BeyondEnd { table, position, tree_size } => {
            format!("{table} 表里有第 {position} 块的哈希，账本只有 {tree_size} 条，还没有写到那里：登记到该块时会失败")
        }
        Finding::TileMissing { path, .. } => format!("缺少导出的文件 {path}，以下记录无法核验"),
        Finding::CheckpointNotSigned { .. } => "已公布的检查点不是本账本密钥签发的".to_owned(),
        Finding::HandoverNotProved { .. } => "更换签名密钥的记录没有新旧两把密钥的共同签名".to_owned(),
        Finding::EntriesMissing { published, tree_size } => {
            format!("已公布的检查点有 {published} 条，账本只有 {tree_size} 条，记录缺失")
        }
        Finding::RootDiffers { published } => format!("前 {published} 条的根哈希与已公布的检查点不符，账本被改写"),
        Finding::SnapshotDiffers { tree_size } => {
            format!("第 {tree_size} 条处的快照与记录不符：请删除 snapshots 目录中的该文件")
        }
        Finding::OlderThanSigned { signed, tree_size } => {
            format!("已签名的检查点有 {signed} 条，账本只有 {tree_size} 条，放回的是旧副本")
        }
        Finding::OtherThanSigned { signed } => format!("前 {signed} 条的根哈希与已签名的不符，账本被改写"),
        Finding::DecisionsDiffer { tree_size } => {
            format!("第 {tree_size} 条处的裁决状态快照与记录不符：请删除 snapshots/decisions.state")
        }
        Finding::CheckpointMissing => "没有检查点文件（checkpoint）：被取走，或这不是账本、不是导出的账本".to_owned(),
        Finding::SignedHeadsMissing => "没有 signed-heads 文件：签过什么无从得知，账本可能是旧副本".to_owned(),
        Finding::SignedHeadsDamaged => "signed-heads 文件已损坏：签过什么无从得知，账本可能是旧副本".to_owned(),
        Finding::SignedHeadsOlder { signed, published } => {
            format!("已公布的检查点有 {published} 条，signed-heads 只记得 {signed} 条，放回的是旧副本")
        }
        Finding::CheckpointNotMet { source } => format!("检查点不符合信任策略：{}", policy::chinese(source)),
        Finding::EarlierNotSigned { source } => format!("先前的检查点不可信：{}", policy::chinese(source)),
        Finding::EarlierOfOtherLog { origin } => format!("先前的检查点属于另一账本 {origin}"),
        Finding::RolledBack { earlier, published } => {
            format!("先前的检查点有 {earlier} 条，现在只有 {published} 条，账本被回退")
        }
        Finding::Forked { earlier } => {
            format!("前 {earlier} 条的根哈希与先前的检查点不符，账本被改写，或对不同的人出示不同的账本")
        }
        Finding::StrayFile { path } => format!("文件 {path} 不属于导出的账本"),
        Finding::BeyondCheckpoint { path, published } => {
            format!("文件 {path} 超出检查点的 {published} 条：放回的是旧检查点，或导出中断")
        }
        Finding::OlderTileDiffers { path } => format!("文件 {path}（属于先前的检查点）与现有内容不符"),
        Finding::NoticeRootDiffers { .. } => "印发的通报写的根哈希，不是账本当时的根哈希".to_owned(),
        Finding::NoticeDiffers { .. } => "印发的通报与重新算出的不同，至少有一个数字有误".to_owned(),
        Finding::DocumentRootDiffers { .. } => "印发的文书写的根哈希，不是账本当时的根哈希".to_owned(),
        Finding::DatabaseDamaged { .. } => "数据库文件已损坏".to_owned(),
        Finding::Unfinished(_) => "无法读完账本".to_owned(),
    }
}

/// Says what was checked, then one sentence for everybody.
fn say_verified(verified: &Verified, extended: usize) -> Result<(), Failure> {
    let size = count(verified.tree_size);
    let check = good("✓");
    say(format!("{check} {size} 条记录：逐条重算哈希，格式规范，编号唯一，登记时间不倒退"))?;
    say(faint(format!("  {size} entries: hashed anew, canonical, ids unique, recorded in order of time")))?;
    say(format!("{check} 哈希树各级节点与记录一致  every stored node of the tree is that of the entries"))?;
    let published = count(verified.checkpoint_size.unwrap_or_default());
    say(format!(
        "{check} 签名检查点（{published} 条）签名有效，根哈希一致，不早于已签的最后一个  the signed checkpoint of {published} entries holds"
    ))?;
    if extended > 0 {
        say(format!("{check} 延续先前的检查点 {extended} 个  it extends {extended} earlier checkpoints"))?;
    }
    if verified.key_handovers > 0 {
        let count = verified.key_handovers;
        say(format!(
            "{check} 签名密钥更换 {count} 次，均由新旧密钥共同签署  {count} handovers of the signing key, each signed by both keys"
        ))?;
    }
    say(format!(
        "{check} 印发的通报 {} 份，重新算出后摘要相同  {} issued notices composed anew, each with its digest",
        count(verified.notices as u64),
        count(verified.notices as u64)
    ))?;
    if verified.disclosures > 0 {
        let count = count(verified.disclosures as u64);
        say(format!("{check} 公示的草稿 {count} 份，同样相符  {count} disclosed drafts likewise"))?;
    }
    match verified.snapshots_equal {
        0 => say(format!(
            "{} 没有统计快照：每次打开都从记录重算  no snapshots: every start builds the read models from the entries",
            faint("–")
        ))?,
        equal => say(format!(
            "{check} 统计快照 {equal} 份与重放逐字节一致  {equal} snapshots of the read models equal a replay, byte for byte"
        ))?,
    }
    for unused in &verified.snapshots_unused {
        remark(format!(
            "{} 快照 {} 不可用，不影响结果，可以删除  this snapshot is never used and may be deleted",
            bad("!"),
            unused.display()
        ));
    }
    let sound = format!("账本完好：{size} 条记录自登记以来没有一条被改动、删除或调换次序。");
    let in_english = format!(
        "The ledger is sound: not one of its {size} entries was changed, removed or put in another order since it was recorded."
    );
    say(format!("\n{}\n{}", strong(sound), faint(in_english)))?;
    say(format!("根哈希 root  {}", hex(&verified.root)))
}
