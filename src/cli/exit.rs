//! Exit codes: what a script learns from a command. A number never changes its meaning.

macro_rules! exits {
    ($($doc:literal $variant:ident = $code:literal $chinese:literal),+ $(,)?) => {
        /// How a command ended.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Exit { $(#[doc = $doc] $variant),+ }

        impl Exit {
            /// Every way to end, by code.
            pub const ALL: &'static [Exit] = &[$(Exit::$variant),+];

            /// The number that the system is told.
            pub const fn code(self) -> u8 {
                match self { $(Exit::$variant => $code),+ }
            }

            /// What it means, in Chinese.
            pub const fn chinese(self) -> &'static str {
                match self { $(Exit::$variant => $chinese),+ }
            }

            /// What it means, in English.
            pub const fn english(self) -> &'static str {
                match self { $(Exit::$variant => $doc.trim_ascii()),+ }
            }
        }
    };
}

exits! {
    "Done. A repeated command that changed nothing is done too." Done = 0 "完成；重复的命令没有改变任何内容，也算完成。",
    "The world failed: a file, the disk, the network." WorldFailed = 1 "外部故障：文件、磁盘或网络。",
    "The command line isn't understood." Usage = 2 "命令写法有误。",
    "Refused by the rules, or what was asked for isn't there. Nothing was recorded." Refused = 3 "规则不允许，或要找的内容不存在；没有登记任何内容。",
    "Some rows of the table are faulty or were refused. Nothing was recorded, or with `--accept-valid` the sound rows were." BadRows = 4
        "表中有些行有误或被拒绝：没有登记任何内容；使用 --accept-valid 时已登记其余各行。",
    "The verification found a contradiction: don't rely on this ledger until it is explained." VerificationFailed = 5
        "核验不通过：查明原因之前请不要采信该账本。",
    "Another process holds the ledger's directory: use `--url`, or stop it." Held = 6 "账本目录正被另一进程使用：请用 --url，或先停止它。",
    "The server doesn't accept the token." TokenRefused = 7 "服务器不接受该令牌。",
    "The monitor has raised an alarm: its kind and particulars are in the log line." Alarm = 8 "监测报警：类型和详情见日志行。",
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> std::process::ExitCode {
        std::process::ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_numbered_without_gap_in_the_order_of_the_table() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
