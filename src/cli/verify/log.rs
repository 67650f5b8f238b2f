//! `mingzhang verify --log`: an exported log, by whoever was given it.

use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::output::{count, faint, good, hex, say, strong};
use super::super::policy;
use super::super::progress::Progress;
use super::found;
use crate::audit::{Finding, Previous, VerifiedExport, policy_along_handovers, verify_export};
use crate::service::LedgerDirectory;
use crate::transparency::{Policy, VerifierKey};
use std::path::{Path, PathBuf};

/// Whom to trust: a policy, or one log's key alone.
pub(super) fn policy_of(policy: Option<&Path>, key: Option<&str>) -> Result<Policy, Failure> {
    match (policy, key) {
        (Some(path), _) => policy::read(path),
        (None, Some(key)) => VerifierKey::parse(key)
            .map(Policy::of_log)
            .map_err(|error| Failure::usage(both("公钥写法有误", "the verifier key isn't one")).because(&error)),
        (None, None) => Err(Failure::usage(both(
            "没有说明信任谁：导出的账本自己不能证明自己",
            "whom to trust isn't said: an exported log can't vouch for itself",
        ))
        .next(both("请写明 --policy 文件，或 --key 公布的公钥", "say --policy FILE, or --key with the published key"))),
    }
}

pub(super) fn run(directory: &Path, policy: Policy, earlier: &[PathBuf]) -> Result<Exit, Failure> {
    let tried = both(
        format!("核验导出的账本 {}", directory.display()),
        format!("verifying the exported log in {}", directory.display()),
    );
    let earlier: Vec<Previous> = earlier.iter().map(|path| policy::read_previous(path)).collect::<Result<_, _>>()?;
    must_have_entries(directory).map_err(|failure| failure.trying(tried.clone()))?;
    let failed = |finding: Finding| {
        let failure = if let Finding::Unfinished(error) = &finding {
            let wrong = both("无法读完，尚无结论", "it can't be read to its end: nothing is proved either way");
            Failure::of_world(wrong, error)
        } else if finding.is_forgetting() {
            found(&finding).next(both(
                "请向交来的人要回缺少的文件，或重新导出",
                "ask whoever gave you the export for the file, or for another export",
            ))
        } else {
            found(&finding)
        };
        failure.trying(tried.clone())
    };
    let policy = policy_along_handovers(directory, policy, &earlier).map_err(failed)?;
    let verified = {
        let bar = Progress::of("核验 verifying");
        verify_export(directory, &policy, &earlier, &mut |done, total| bar.reached(done, total))
    };
    say_verified(&verified.map_err(failed)?, &policy).map(|()| Exit::Done)
}

/// Nothing can be recomputed, and so nothing is said against anybody, where no export with entries is.
fn must_have_entries(directory: &Path) -> Result<(), Failure> {
    let shown = directory.display();
    let (checkpoint, tiles) = (directory.join("checkpoint"), directory.join("tile"));
    if LedgerDirectory::at(directory).config().exists() && !tiles.exists() {
        let wrong = both(
            format!("{shown} 是账本的目录，不是导出的账本"),
            format!("{shown} is the directory of a ledger and no exported log"),
        );
        return Err(Failure::usage(wrong)
            .next(both(format!("请用 --ledger {shown} 核验"), format!("verify it with --ledger {shown}"))));
    }
    if !checkpoint.exists() && !tiles.exists() {
        let wrong = both(format!("{shown} 中没有导出的账本"), format!("there is no exported log in {shown}"));
        return Err(Failure::new(Exit::WorldFailed, wrong).next(both("请核对目录", "check the directory")));
    }
    if tiles.join("0").exists() && !tiles.join("entries").exists() {
        let wrong = both(
            format!("{shown} 只有哈希，没有记录，无从重新计算"),
            format!("{shown} has hashes and no entries: there is nothing to recompute"),
        );
        return Err(Failure::new(Exit::WorldFailed, wrong).next(both(
            "请索取含记录的导出（export log，不加 --hashes-only）；只有哈希的，由 mingzhang monitor 监测",
            "ask for an export with entries (`export log` without --hashes-only); hashes alone are for `mingzhang monitor`",
        )));
    }
    Ok(())
}

fn say_verified(verified: &VerifiedExport<'_>, policy: &Policy) -> Result<(), Failure> {
    let (check, size) = (good("✓"), count(verified.log.tree_size));
    say(format!("{check} {size} 条记录：逐条重算哈希，格式规范，编号唯一，登记时间不倒退"))?;
    say(faint(format!("  {size} entries: hashed anew, canonical, ids unique, recorded in order of time")))?;
    say(format!(
        "{check} 所有哈希块与记录一致，根哈希与检查点一致  every tile is that of the entries, and so is the signed root"
    ))?;
    policy::say_witnessed(&verified.witnessed, policy)?;
    for earlier in &verified.extends {
        let earlier = count(*earlier);
        say(format!("{check} 延续先前 {earlier} 条的检查点  it extends the earlier checkpoint of {earlier} entries"))?;
    }
    if verified.extends.is_empty() {
        say(format!("{} 没有与先前的检查点比对（--previous）  not held against an earlier checkpoint", faint("–")))?;
    }
    say(format!(
        "\n{}\n{}",
        strong(format!("导出的账本完好：{size} 条记录就是检查点所签的 {size} 条。")),
        faint(format!("The exported log is sound: its {size} entries are those that the checkpoint signs."))
    ))?;
    say(format!("根哈希 root  {}", hex(&verified.log.root)))
}
