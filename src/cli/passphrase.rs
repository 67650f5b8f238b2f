//! Where the passphrase of a key file comes from: a file, or whoever sits at the terminal. Never the command line itself, which
//! others on the machine can read.

use super::failure::{Failure, both};
use crate::keys::{KeyError, Passphrase};
use crate::service::ServiceError;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// The option that names the file.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PassphraseOptions {
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "签名密钥口令所在文件，权限 0600（MINGZHANG_PASSPHRASE_FILE）；省略则在终端询问  The file with the passphrase of the signing key; asked for in a terminal if left out"
    )]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseOptions {
    /// The passphrase of the key in a file.
    pub(super) fn ask(&self, key: &Path) -> Result<Passphrase, KeyError> {
        let named = std::env::var_os("MINGZHANG_PASSPHRASE_FILE").filter(|name| !name.is_empty()).map(PathBuf::from);
        if let Some(file) = self.passphrase_file.clone().or(named) {
            return Passphrase::from_file(&file);
        }
        let unanswered = || KeyError::Encrypted(key.to_owned());
        if !std::io::stdin().is_terminal() {
            return Err(unanswered());
        }
        let typed = rpassword::prompt_password(format!("{} 的口令  passphrase of it: ", key.display()));
        typed.ok().and_then(Passphrase::new).ok_or_else(unanswered)
    }
}

/// A new passphrase: from a file, or typed twice.
pub(super) fn new_passphrase(file: Option<&Path>) -> Result<Passphrase, Failure> {
    if let Some(file) = file {
        return Ok(Passphrase::from_file(file).map_err(ServiceError::Key)?);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(both("没有说明新口令", "the new passphrase isn't said")).next(both(
            "请用 --new-passphrase-file 文件，或在终端运行",
            "say --new-passphrase-file FILE, or run it in a terminal",
        )));
    }
    let typed = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .map_err(|error| Failure::of_world(both("无法读取口令", "the passphrase can't be read"), &error))
    };
    let (first, again) = (typed("新口令  new passphrase: ")?, typed("再输一次  once more: ")?);
    if first != again {
        return Err(Failure::usage(both("两次输入的口令不同", "the two passphrases differ")));
    }
    Passphrase::new(first).ok_or_else(|| Failure::usage(both("口令不能为空", "a passphrase isn't empty")))
}
