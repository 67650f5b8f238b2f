//! What a monitor raises: of which kind, about which sizes, in words.

use std::path::PathBuf;

macro_rules! kinds {
    ($($doc:literal $variant:ident = $code:literal $ends:literal $chinese:literal),+ $(,)?) => {
        /// What is to be doubted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AlarmKind { $(#[doc = $doc] $variant),+ }

        impl AlarmKind {
            /// Every kind.
            pub const ALL: &'static [AlarmKind] = &[$(AlarmKind::$variant),+];

            /// One word for programs.
            pub const fn code(self) -> &'static str {
                match self { $(AlarmKind::$variant => $code),+ }
            }

            /// Whether watching ends with it: people must look before anything else is relied on.
            pub const fn ends_watching(self) -> bool {
                match self { $(AlarmKind::$variant => $ends),+ }
            }

            /// What it means, in Chinese.
            pub const fn chinese(self) -> &'static str {
                match self { $(AlarmKind::$variant => $chinese),+ }
            }

            /// What it means, in English.
            pub const fn english(self) -> &'static str {
                match self { $(AlarmKind::$variant => $doc.trim_ascii()),+ }
            }
        }
    };
}

kinds! {
    "The log has signed two histories." Fork = "fork" true "账本签发了互相矛盾的两份历史。",
    "The log has gone back to fewer entries." Rollback = "rollback" true "账本倒退，条目比已公布的少。",
    "The checkpoint isn't signed by the log of the policy, or a signature under it is wrong." BadSignature = "bad_signature" true
        "检查点不是由 policy 所列账本签发的，或其中有错误的签名。",
    "The leaf hashes don't lead to the signed head." WrongTile = "wrong_tile" true "账本给出的记录哈希算不出它签发的根哈希。",
    "A part of the published log is missing." MissingTile = "missing_tile" false "已公布的账目缺了一块。",
    "The head isn't cosigned by enough witnesses, or too long ago." Unwitnessed = "unwitnessed" false
        "检查点没有得到足够多的见证人签名，或签名已过时。",
    "The log can't be reached." Unreachable = "unreachable" false "无法读取账本。",
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What is to be doubted.
    pub kind: AlarmKind,
    /// The size that was known before, if any.
    pub known_size: Option<u64>,
    /// The particulars.
    pub what: String,
    /// Where the two checkpoints are kept, without the suffixes `.known` and `.served`.
    pub kept: Option<PathBuf>,
}

impl Alarm {
    pub(super) fn new(kind: AlarmKind, known_size: Option<u64>, what: String) -> Alarm {
        Alarm { kind, known_size, what, kept: None }
    }
}

impl std::fmt::Display for Alarm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.what)
    }
}
