//! `mingzhang key`: the keys that sign a ledger's checkpoints. Shows them, puts them under a passphrase, hands over to a new one.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{faint, good, say, say_both, strong};
use super::passphrase::{PassphraseOptions, new_passphrase};
use super::target::{ACTOR_OF_THE_FILES, DirectoryOptions};
use crate::clock::MachineClock;
use crate::identity::Actor;
use crate::keys::{self, Algorithm};
use crate::ledger::{Outcome, Rejection};
use crate::service::{LedgerDirectory, Service, ServiceError};
use mingzhang_events::ActorId;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang key show --ledger 账本
  mingzhang key encrypt --ledger 账本                     在终端设置口令  asks for the passphrase
  mingzhang key encrypt --new-passphrase-file 口令 --ledger 账本
  mingzhang key rotate --ledger 账本                      更换签名密钥，记入账本  recorded in the ledger
  mingzhang key add-sm2 --ledger 账本                     增加国密签名  a second signature with SM2

更换后请公布新的核验公钥；持旧公钥者仍可核验：账本中有新旧密钥共同签署的交接记录。
Publish the new verifier key after a rotation; whoever holds the old one can still verify: both keys sign the handover.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "签名密钥：查看、加口令、更换、增加国密签名  The signing keys: show, encrypt, rotate, add SM2", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    directory: DirectoryOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

#[derive(clap::Subcommand)]
enum Verb {
    #[command(
        about = "显示核验公钥，以及私钥是否有口令  Show the public keys, and whether the private ones are under a passphrase"
    )]
    Show,
    #[command(about = "给私钥加上或更换口令  Put the private keys under a passphrase, or another one")]
    Encrypt {
        #[arg(
            long,
            value_name = "FILE",
            help = "新口令所在文件，权限 0600；省略则在终端询问  The file with the new passphrase; asked for if left out"
        )]
        new_passphrase_file: Option<PathBuf>,
        #[arg(long, conflicts_with = "new_passphrase_file", help = "去掉口令  Take the passphrase off")]
        remove: bool,
    },
    #[command(
        about = "更换签名密钥，由新旧密钥共同签署并记入账本  Hand over to a new signing key; recorded, signed by both"
    )]
    Rotate {
        #[arg(long, value_name = "ID", default_value = ACTOR_OF_THE_FILES, help = "经办人代号  Who does it")]
        actor: ActorId,
    },
    #[command(about = "增加第二行签名：SM2 与 SM3  Add a second signature line: SM2 with SM3")]
    AddSm2,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let path = options.directory.directory()?;
    let directory = LedgerDirectory::at(&path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path).into());
    }
    let tried = both(format!("签名密钥 {}", path.display()), format!("the signing keys in {}", path.display()));
    let done = match &options.verb {
        Verb::Show => show(&directory),
        Verb::Encrypt { new_passphrase_file, remove } => {
            encrypt(&directory, &options.passphrase, new_passphrase_file.as_deref(), *remove)
        }
        Verb::Rotate { actor } => rotate(&path, &options.passphrase, *actor),
        Verb::AddSm2 => add_sm2(&path, &options.passphrase),
    };
    done.map(|()| Exit::Done).map_err(|failure| failure.on_the_directory_alone().trying(tried))
}

/// The key files that there are.
fn files(directory: &LedgerDirectory) -> Vec<(PathBuf, Algorithm)> {
    let files = [
        (directory.signing_key(), Algorithm::Ed25519),
        // Of a handover that was broken off: the next start may put it in place.
        (directory.next_signing_key(), Algorithm::Ed25519),
        (directory.sm2_signing_key(), Algorithm::Sm2),
    ];
    files.into_iter().filter(|(path, _)| path.exists()).collect()
}

fn key_failed(error: keys::KeyError) -> Failure {
    ServiceError::Key(error).into()
}

fn show(directory: &LedgerDirectory) -> Result<(), Failure> {
    let public = std::fs::read_to_string(directory.verifier_key()).map_err(|error| {
        Failure::of_world(both("公钥无法读取", "the public keys can't be read"), &error).next(both(
            "打开一次账本即可重写：mingzhang show notice",
            "opening the ledger writes them anew: mingzhang show notice",
        ))
    })?;
    say(strong("核验公钥  verifier keys"))?;
    for key in public.lines() {
        say(format!("  {key}"))?;
    }
    say(strong("私钥文件  private keys"))?;
    for (path, algorithm) in files(directory) {
        let guarded = if keys::is_encrypted(&path).map_err(key_failed)? {
            "有口令  under a passphrase"
        } else {
            "无口令，仅靠文件权限  no passphrase, guarded by its permissions only"
        };
        say(format!("  {}  {}  {}", path.display(), algorithm.as_str(), faint(guarded)))?;
    }
    Ok(())
}

fn encrypt(
    directory: &LedgerDirectory,
    old: &PassphraseOptions,
    new_passphrase_file: Option<&Path>,
    remove: bool,
) -> Result<(), Failure> {
    let passphrase = if remove { None } else { Some(new_passphrase(new_passphrase_file)?) };
    for (path, algorithm) in files(directory) {
        keys::encrypt(&path, algorithm, &|path| old.ask(path), passphrase.as_ref()).map_err(key_failed)?;
        let done = if remove { "已去掉口令  in clear now" } else { "已加口令  under the passphrase now" };
        say(format!("{} {}", good(done), path.display()))?;
    }
    Ok(())
}

fn rotate(path: &Path, passphrase: &PassphraseOptions, actor: ActorId) -> Result<(), Failure> {
    let ask = |key: &Path| passphrase.ask(key);
    let service = Service::open_with(path, Arc::new(MachineClock), &ask, &mut |_, _| {})?;
    let outcome = service.rotate_key(Arc::new(Actor::holder_of_the_files(actor)), &ask)?;
    let log_index = match outcome {
        Outcome::Recorded { log_index, .. } | Outcome::Repeated { log_index, .. } => log_index,
        Outcome::Rejected(rejection) => return Err(Failure::refused(&(&rejection).into())),
        Outcome::Withheld => return Err(Failure::refused(&(&Rejection::HandoverNotProved).into())),
    };
    service.stop()?;
    say_both(&both(
        format!("签名密钥已更换，交接记为第 {log_index} 条；旧私钥已删除"),
        format!("the signing key was handed over as entry {log_index}; the old private key is gone"),
    ))?;
    say(format!(
        "\n新的核验公钥，请公布  the new verifier key, to be published:\n  {}",
        strong(service.ledger.verifier_key())
    ))?;
    say_both(&both(
        "请在本目录的 policy 文件（若有）中加上 log 行写明新公钥，通知见证人和监督机构改用它，并另存新的私钥",
        "add a line `log` with the new key to this directory's `policy`, if there is one; tell witnesses and supervising bodies; keep a copy of the new private key",
    ))
}

fn add_sm2(path: &Path, passphrase: &PassphraseOptions) -> Result<(), Failure> {
    let keys = crate::service::add_sm2(path, Arc::new(MachineClock), &|key| passphrase.ask(key))?;
    say_both(&both(
        "检查点从现在起有第二行签名（SM2、SM3）；mingzhang.toml 中 sm2_signature = false 可关闭",
        "checkpoints carry a second signature (SM2, SM3) from now on; sm2_signature = false in mingzhang.toml turns it off",
    ))?;
    say(format!(
        "\n国密核验公钥，请公布  its verifier key, to be published:\n  {}",
        strong(keys.last().map_or("", |key| key))
    ))
}
