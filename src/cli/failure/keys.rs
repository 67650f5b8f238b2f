//! What is wrong with a key file, and with the policy beside the ledger, in both languages.

use super::{Both, Failure, both, check_it};
use crate::cli::exit::Exit;
use crate::cli::policy;
use crate::keys::KeyError;
use crate::service::PublicationError;

/// A key can't be made or used; `whose` it is, such as the ledger's.
pub(in crate::cli) fn of_key(whose: &Both, error: &KeyError) -> Failure {
    let ((wrong, wrong_in_english), (next, next_in_english)) = match error {
        KeyError::File { path, source, .. } => {
            let wrong = both(
                format!("{}文件 {} 无法读写", whose.chinese, path.display()),
                format!("{}: {} can't be read or written", whose.english, path.display()),
            );
            return Failure::of_world(wrong, source)
                .next(both("请核对路径和权限", "check the path and who may read and write it"));
        }
        KeyError::Malformed { path, algorithm } => (
            (
                format!("{} 不是 {algorithm} 私钥（PKCS #8 PEM）", path.display()),
                format!("{} is not an {algorithm} private key in PKCS #8 PEM", path.display()),
            ),
            ("请放回备份的密钥文件".to_owned(), "put the key file of your backup back".to_owned()),
        ),
        KeyError::Name(name) => (
            (format!("“{name}”不能作为签名者的名称"), format!("{name:?} can't name a signer")),
            ("名称不含空格和“+”".to_owned(), "write it without spaces and without `+`".to_owned()),
        ),
        KeyError::Exposed(path) => {
            let chmod = format!("chmod 600 {}", path.display());
            (
                (format!("别人可以读 {}", path.display()), format!("others can read {}", path.display())),
                (format!("请运行 {chmod}"), format!("run `{chmod}`")),
            )
        }
        KeyError::Encrypted(path) => (
            (format!("{} 有口令，没有给出口令", path.display()), format!("{} is under a passphrase", path.display())),
            (
                "请用 --passphrase-file（或 MINGZHANG_PASSPHRASE_FILE）写明口令所在的文件，或在终端运行".to_owned(),
                "name the file that holds it with --passphrase-file or MINGZHANG_PASSPHRASE_FILE, or run in a terminal"
                    .to_owned(),
            ),
        ),
        KeyError::WrongPassphrase(path) => (
            (format!("这个口令打不开 {}", path.display()), format!("the passphrase doesn't open {}", path.display())),
            ("请核对口令后重试".to_owned(), "check it and try again".to_owned()),
        ),
        KeyError::NoPassphrase(path) => (
            (format!("{} 中没有口令", path.display()), format!("{} holds no passphrase", path.display())),
            ("请把口令写在第一行".to_owned(), "write it on its first line".to_owned()),
        ),
        KeyError::NoRandomness => (
            ("系统给不出生成密钥的随机数".to_owned(), "the system gives no randomness for a key".to_owned()),
            ("请重试，或换一台机器".to_owned(), "try again, or on another machine".to_owned()),
        ),
    };
    let wrong = both(format!("{}无法使用：{wrong}", whose.chinese), format!("{}: {wrong_in_english}", whose.english));
    Failure::new(Exit::WorldFailed, wrong).next(both(next, next_in_english))
}

/// Nothing can be published.
pub(super) fn of_publication(error: &PublicationError) -> Failure {
    match error {
        PublicationError::Policy { path, source } => {
            let (path, wrong) = (path.display(), policy::wrong_with(source));
            let wrong =
                both(format!("策略 {path}：{}", wrong.chinese), format!("the policy {path}, {}", wrong.english));
            Failure::new(Exit::WorldFailed, wrong).next(both(
                "请改正后重试；写法见 docs/guides/audit.zh.md",
                "correct it and try again; docs/guides/audit.md shows the form",
            ))
        }
        PublicationError::PolicyOfOthers { path, key } => {
            let path = path.display();
            let wrong = both(
                format!("策略 {path} 没有本账本现在的公钥（密钥更换以后须补上）"),
                format!("the policy {path} names no log with this ledger's key of now: was it replaced?"),
            );
            Failure::new(Exit::WorldFailed, wrong).next(both(
                format!("请在 {path} 原有的 log 行下面加一行：log {key}"),
                format!("below the `log` line that {path} has, add: log {key}"),
            ))
        }
        PublicationError::NotOfThisLog { path, published, tree_size } => {
            let path = path.display();
            let wrong = both(
                format!(
                    "已公布的检查点 {path} 有 {published} 条，不属于现在这本 {tree_size} 条的账：是否放回了旧副本？"
                ),
                format!(
                    "the published checkpoint {path} of {published} entries isn't of this log of {tree_size}: was an old copy put back?"
                ),
            );
            Failure::new(Exit::WorldFailed, wrong).next(both(
                "请放回最新的 ledger.sqlite，或与别人保存的检查点对照",
                "put the newest ledger.sqlite back, or compare with the checkpoints that others keep",
            ))
        }
        PublicationError::Unreadable { path, source } => {
            let path = path.display();
            let wrong = both(
                format!("已公布的检查点 {path} 无法读取"),
                format!("the published checkpoint {path} can't be read"),
            );
            Failure::of_world(wrong, source).next(both(
                "请放回最新的副本，或移走它，再运行 mingzhang resume",
                "put the newest copy back, or take it away and run `mingzhang resume`",
            ))
        }
        other @ (PublicationError::Ledger(_)
        | PublicationError::File { .. }
        | PublicationError::Key(_)
        | PublicationError::Sign(_)) => {
            Failure::of_world(both("检查点无法公布", "the checkpoint can't be published"), other).next(check_it())
        }
    }
}
