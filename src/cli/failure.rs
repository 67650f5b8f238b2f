//! Why a command failed, as people are told: what was being tried, what is wrong, what to do next; Chinese first, English second.

mod keys;

pub(super) use keys::of_key;

use super::exit::Exit;
use super::target::Refusal;
use crate::config::ConfigError;
use crate::follower::FollowError;
use crate::identity::IdentityError;
use crate::ledger::{LedgerError, SubmitError};
use crate::letterheads::LetterheadError;
use crate::service::{CommitmentError, ServiceError, StoreFailure};
use mingzhang_events::OrganizationId;
use std::error::Error;

/// The same in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Both {
    pub(super) chinese: String,
    pub(super) english: String,
}

/// Says the same in both languages.
pub(super) fn both(chinese: impl Into<String>, english: impl Into<String>) -> Both {
    Both { chinese: chinese.into(), english: english.into() }
}

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure(Box<Told>);

#[derive(Debug)]
pub(super) struct Told {
    pub(super) exit: Exit,
    /// What was being tried; empty until somebody says so.
    pub(super) tried: Both,
    pub(super) wrong: Both,
    pub(super) next: Both,
    /// The chain of causes, the nearest first.
    pub(super) causes: Vec<String>,
    /// The code of the refusal, if the rules said no.
    pub(super) refused: Option<String>,
    /// Whether it is known that nothing was recorded, though the world failed.
    recorded_nothing: bool,
}

impl Failure {
    pub(super) fn new(exit: Exit, wrong: Both) -> Failure {
        let (tried, next, causes, refused) = (Both::default(), Both::default(), Vec::new(), None);
        Failure(Box::new(Told { exit, tried, wrong, next, causes, refused, recorded_nothing: false }))
    }

    /// A failure of the world, with its cause.
    pub(super) fn of_world(wrong: Both, cause: &dyn Error) -> Failure {
        Failure::new(Exit::WorldFailed, wrong).because(cause)
    }

    /// The command line can't be meant like this.
    pub(super) fn usage(wrong: Both) -> Failure {
        Failure::new(Exit::Usage, wrong)
    }

    /// The rules said no.
    pub(super) fn refused(refusal: &Refusal) -> Failure {
        let english = format!("{} ({})", refusal.english, refusal.code);
        let mut failure = Failure::new(Exit::Refused, both(refusal.chinese.as_str(), english));
        failure.0.refused = Some(refusal.code.clone());
        failure
    }

    /// Whether the rules said no with this code.
    pub(super) fn is_refusal(&self, code: &str) -> bool {
        self.0.refused.as_deref() == Some(code)
    }

    /// Whether it is known that nothing was recorded: somebody said no, or there was no room. Of other failures nobody knows.
    pub(super) fn recorded_nothing(&self) -> bool {
        self.0.recorded_nothing || matches!(self.0.exit, Exit::Refused | Exit::TokenRefused | Exit::Usage)
    }

    /// Says that nothing was recorded.
    fn without_recording(mut self) -> Failure {
        self.0.recorded_nothing = true;
        self
    }

    /// Another process holds the directory, and this command takes no `--url`.
    pub(super) fn on_the_directory_alone(self) -> Failure {
        if self.0.exit != Exit::Held {
            return self;
        }
        self.next(both("请先停止占用该目录的进程", "stop the process that holds it first"))
    }

    /// The ledger has no such organisation.
    pub(super) fn no_organization(code: OrganizationId) -> Failure {
        let wrong = both(format!("没有组织 {code}"), format!("there is no organisation {code}"));
        Failure::new(Exit::Refused, wrong).next(both("请核对组织代码", "check the organisation's code"))
    }

    /// Nobody whose name is kept has this number.
    pub(super) fn no_member(number: &str) -> Failure {
        let wrong = both(format!("没有编号为 {number} 的党员"), format!("nobody has this number: {number}"));
        let next = both("请先导入花名册，或核对编号", "import the roster first, or check the number");
        Failure::new(Exit::Refused, wrong).next(next)
    }

    /// A role that doesn't reach the root, which stands where no organisation was named, may well reach one below.
    pub(super) fn named_organization(self, named: bool) -> Failure {
        if named || !self.is_refusal("role_does_not_reach") {
            return self;
        }
        self.next(both("请用 --organization 写明您负责的组织", "say --organization with the one that your role is for"))
    }

    /// Something that can't be.
    pub(super) fn bug(english: &str) -> Failure {
        Failure::new(Exit::WorldFailed, both("程序出错，请反馈", english))
    }

    /// Says what was being tried, unless that was said closer to the fault.
    pub(super) fn trying(mut self, tried: Both) -> Failure {
        if self.0.tried.chinese.is_empty() {
            self.0.tried = tried;
        }
        self
    }

    /// What the rules said no about, by the numbers and codes that were typed and not by the ids that they stand for.
    pub(super) fn in_words_of(mut self, typed: &[(String, String)]) -> Failure {
        for (id, text) in typed {
            let Both { chinese, english } = &mut self.0.wrong;
            (*chinese, *english) = (chinese.replace(id, text), english.replace(id, text));
        }
        self
    }

    /// Says what to do about it.
    pub(super) fn next(mut self, next: Both) -> Failure {
        self.0.next = next;
        self
    }

    /// Adds an error and all that it was caused by.
    pub(super) fn because(mut self, cause: &dyn Error) -> Failure {
        let mut cause = Some(cause);
        while let Some(error) = cause {
            self.0.causes.push(error.to_string());
            cause = error.source();
        }
        self
    }

    pub(super) fn told(&self) -> &Told {
        &self.0
    }
}

fn of_letterhead(error: &LetterheadError) -> Failure {
    let (path, wrong, next) = match error {
        LetterheadError::Keep { path, .. } => (
            path,
            ("版头存底无法写入", "the letterhead of what is to be issued can't be kept"),
            ("请腾出空间或检查权限，再印发一次", "make room or see to the permissions, and issue it again"),
        ),
        LetterheadError::Read { path, .. } | LetterheadError::Malformed { path, .. } => (
            path,
            ("版头存底无法读取", "the letterhead of what was issued can't be read"),
            (
                "请从备份放回；删除它，就按现在的配置",
                "put it back from a backup; without it what is set today is taken",
            ),
        ),
    };
    let path = path.display();
    let wrong = both(format!("{}：{path}", wrong.0), format!("{}: {path}", wrong.1));
    Failure::of_world(wrong, error).next(both(next.0, next.1))
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Failure {
        if let Some(failure) = error.store_failure() {
            return of_store(failure, &error);
        }
        match &error {
            ServiceError::Exists(path) => Failure::new(
                Exit::WorldFailed,
                both(
                    format!("目录 {} 已存在且不为空", path.display()),
                    format!("{} is there already and isn't empty", path.display()),
                ),
            )
            .next(both(
                "请换一个目录；已有的账本不会被覆盖",
                "choose another directory; a ledger is never overwritten",
            )),
            ServiceError::NotOfDemonstration(path) => Failure::new(
                Exit::WorldFailed,
                both(
                    format!("{} 不是演示账本的文件，因此什么也没有删除", path.display()),
                    format!("{} is no file of the demonstration, so nothing was removed", path.display()),
                ),
            )
            .next(both(
                "请把它移到别处，或用 --directory 换一个目录",
                "move it elsewhere, or choose another --directory",
            )),
            ServiceError::NoLedger(path) => Failure::new(
                Exit::WorldFailed,
                both(format!("{} 中没有账本", path.display()), format!("there is no ledger in {}", path.display())),
            )
            .next(both(
                format!("请核对目录；新建账本：mingzhang init {} --origin 名称", path.display()),
                format!("check the directory; a new one is made with: mingzhang init {} --origin NAME", path.display()),
            )),
            ServiceError::File { path, .. } => Failure::of_world(
                both(
                    format!("文件 {} 无法读写", path.display()),
                    format!("{} can't be read or written", path.display()),
                ),
                &error,
            ),
            ServiceError::Key(error) => of_key(&both("签名密钥", "the signing key"), error),
            ServiceError::Config(ConfigError::Origin(name)) => Failure::usage(both(
                format!("“{name}”不能作账本名称"),
                error.to_string(),
            ))
            .next(both(
                "请用域名加路径，如 example.gov.cn/shuyuan",
                "take a domain with a path, such as example.gov.cn/shuyuan",
            )),
            ServiceError::Config(_) => {
                Failure::of_world(both("配置无法使用", "the configuration can't be used"), &error)
            }
            ServiceError::Publication(error) => keys::of_publication(error),
            ServiceError::Letterhead(letterhead) => of_letterhead(letterhead),
            ServiceError::Identity(_) => {
                Failure::of_world(both("人员数据库无法使用", "the database of people can't be used"), &error)
            }
            ServiceError::Contradiction(finding) => super::verify::found(finding),
            ServiceError::NotOurCheckpoint(path) => Failure::usage(both(
                format!("{} 不是本账本密钥签发的检查点", path.display()),
                error.to_string(),
            ))
            .next(both(
                "请核对文件；账本目录中的 checkpoint 若已损坏，请移到别处再试",
                "check which file it is; if it is the damaged `checkpoint` of the ledger's directory, move it elsewhere and try again",
            )),
            ServiceError::Follow(FollowError::BeyondHead { tree_size }) => Failure::new(
                Exit::Refused,
                both(format!("账本只有 {tree_size} 条"), format!("the log has only {tree_size} entries")),
            )
            .next(both("请用不超过它的条数", "ask for at most so many")),
            ServiceError::SignedHeads(_) => Failure::of_world(
                both("已签名检查点的记忆（signed-heads）无法使用", "the memory of what was signed (signed-heads) can't be used"),
                &error,
            ),
            ServiceError::Ledger(LedgerError::OlderThanSigned { signed, tree_size }) => Failure::new(
                Exit::VerificationFailed,
                both(
                    format!("已签名的检查点有 {signed} 条，账本只有 {tree_size} 条：放回的是旧副本"),
                    format!("a checkpoint of {signed} entries was signed and the log has {tree_size}: an older copy was put back"),
                ),
            )
            .next(both(
                format!("请放回最新的 ledger.sqlite；若第 {tree_size} 条以后的记录确已丢失，须另立新账（新的 origin），本账不能再以原名续签"),
                format!("put back the newest ledger.sqlite; if what was recorded from entry {tree_size} on is lost, begin another ledger with another origin: this one can't be signed on under its name"),
            )),
            ServiceError::Ledger(LedgerError::OtherThanSigned { signed }) => Failure::new(
                Exit::VerificationFailed,
                both(
                    format!("前 {signed} 条与已签名的检查点不符：账本被改写，或放回的是另一份副本"),
                    format!("the first {signed} entries aren't those whose checkpoint was signed: the log was rewritten, or another copy was put back"),
                ),
            )
            .next(both(
                "请保留现场，放回签过名的最新 ledger.sqlite，再运行 mingzhang verify",
                "keep everything as it is, put back the newest ledger.sqlite that was signed, and run `mingzhang verify`",
            )),
            ServiceError::Store(_) | ServiceError::Ledger(_) | ServiceError::Follow(_) => {
                Failure::of_world(both("账本无法使用", "the ledger can't be used"), &error).next(check_it())
            }
        }
    }
}

fn check_it() -> Both {
    both("请运行 mingzhang verify 核验账本", "run `mingzhang verify` on it")
}

fn of_store(failure: StoreFailure, error: &ServiceError) -> Failure {
    match failure {
        StoreFailure::HeldByAnother => Failure::new(
            Exit::Held,
            both(
                "账本目录正被另一进程使用（通常是 mingzhang serve）",
                "another process, such as `mingzhang serve`, holds the ledger's directory",
            ),
        )
        .next(both(
            "请改用 --url 服务器地址 --token 令牌，或先停止该进程",
            "use --url with the server's address and --token, or stop that process first",
        )),
        StoreFailure::Damaged(log_index) => Failure::new(
            Exit::VerificationFailed,
            both(
                format!("账本第 {log_index} 条（从 0 数起）已损坏"),
                format!("the ledger is damaged at log index {log_index}"),
            ),
        )
        .because(error)
        .next(check_it()),
        StoreFailure::Other => {
            Failure::of_world(both("账本数据库无法使用", "the ledger's database can't be used"), error)
        }
    }
}

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Failure {
        match &error {
            SubmitError::DiskFull => Failure::new(
                Exit::WorldFailed,
                both("磁盘已满，没有登记任何内容", "the disk is full; nothing was recorded"),
            )
            .without_recording()
            .next(both("请腾出空间后重试", "free some space and try again")),
            SubmitError::AnotherWriter => Failure::new(
                Exit::WorldFailed,
                both("另一进程抢先登记，没有登记任何内容", "another process recorded first; nothing was recorded"),
            )
            .without_recording()
            .next(both("请重试", "try again")),
            SubmitError::Stopped(_) => {
                Failure::of_world(both("账本已停止登记", "the ledger has stopped recording"), &error).next(check_it())
            }
            SubmitError::Contradicted(_) => Failure::new(
                Exit::VerificationFailed,
                both(
                    "账本停止登记：见证人持有本账本签过名、却与现有记录不符的检查点",
                    "the ledger has stopped recording: a witness has a checkpoint with its signature that isn't of this log",
                ),
            )
            .because(&error)
            .next(both(
                "请保留现场，放回最新的账本目录后重新启动；见 docs/SECURITY.md",
                "keep everything as it is, put back the newest copy of the ledger's directory and start again: see docs/SECURITY.md",
            )),
        }
    }
}

impl From<CommitmentError> for Failure {
    fn from(error: CommitmentError) -> Failure {
        match error {
            CommitmentError::Identity(error) => Failure::from(error),
            CommitmentError::Submit(error) => Failure::from(error),
        }
    }
}

impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Failure {
        Failure::from(ServiceError::Identity(error))
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Failure {
        Failure::from(ServiceError::Ledger(error))
    }
}
