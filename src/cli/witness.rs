//! `mingzhang witness`: the service of a supervising body that cosigns the checkpoints of ledgers; and `witness init`, which makes its
//! key and configuration. It needs no ledger.

use super::exit::Exit;
use super::failure::{Failure, both, of_key};
use super::output::{faint, good, say, strong};
use crate::clock::MachineClock;
use crate::durable::MachineDisk;
use crate::keys;
use crate::serve;
use crate::transparency::CosignatureSigner;
use crate::witness::{self, Witness, WitnessConfig, WitnessError};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang witness init 见证人 --name witness.example.gov.cn --log 'example.gov.cn/shuyuan+5f9a1c2e+AT…'
  mingzhang witness --config 见证人/witness.toml

见证人由监督机构运行，不接触账目内容。它只记住每个账本最近一次见证的检查点，新的检查点必须证明自己只增不改，才为它签名。
账本若出示互相矛盾的检查点，拒绝签名，并把证据原样存入 state 目录下的 evidence。请在前面放置提供 TLS 的反向代理；
state 目录不能丢失，也不能从旧备份恢复，否则请更换名称和密钥。协议为 C2SP tlog-witness；/livez 存活，/metrics 指标。
A witness is run by a supervising body and sees no entries. It remembers the last checkpoint of each log that it cosigned, and cosigns a
newer one only with the proof that the log just grew. What contradicts it is refused and kept under evidence in its state. Put a reverse
proxy with TLS in front. Never lose the state directory or put back an old copy: take a new name and key instead.";

/// Its options.
#[derive(clap::Args)]
#[command(
    about = "见证人服务：为账本的检查点作证  Run a witness that cosigns checkpoints",
    after_help = EXAMPLE,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true
)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    #[arg(long, value_name = "FILE", required = true, help = "见证人的配置 witness.toml  Its configuration")]
    config: Option<PathBuf>,
    #[arg(
        long,
        value_name = "ADDR",
        help = "监听地址，代替配置中的  The address to listen on, instead of the configured one"
    )]
    listen: Option<SocketAddr>,
}

#[derive(clap::Subcommand)]
enum Action {
    #[command(about = "新建见证人：密钥和配置  Make a witness: its key and configuration")]
    Init {
        #[arg(value_name = "DIR", help = "目录，不存在则新建  The directory, made if absent")]
        directory: PathBuf,
        #[arg(
            long,
            value_name = "NAME",
            help = "见证人名称，如 witness.example.gov.cn，以后不能改  Its name; never changes"
        )]
        name: String,
        #[arg(
            long = "log",
            value_name = "KEY",
            required = true,
            help = "所见证账本的核验公钥，可重复  The verifier key of a log that it watches; may be repeated"
        )]
        logs: Vec<String>,
    },
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    match (&options.action, &options.config) {
        (Some(Action::Init { directory, name, logs }), _) => init(directory, name, logs),
        (None, Some(config)) => run_witness(config, options.listen),
        (None, None) => Err(Failure::usage(both("没有说明配置文件", "which configuration isn't said"))
            .next(both("请写明 --config 文件", "say --config FILE"))),
    }
}

fn init(directory: &Path, name: &str, logs: &[String]) -> Result<Exit, Failure> {
    let shown = directory.display();
    let tried = || both(format!("新建见证人 {shown}"), format!("making a witness in {shown}"));
    let config = WitnessConfig::new(name, logs.to_vec());
    check(&config).map_err(|failure| failure.trying(tried()))?;
    let path = directory.join("witness.toml");
    if path.exists() {
        let wrong = both(format!("{} 已存在", path.display()), format!("{} is there already", path.display()));
        let next =
            both("请换一个目录；已有的见证人不会被覆盖", "choose another directory; a witness is never overwritten");
        return Err(Failure::new(Exit::WorldFailed, wrong).next(next).trying(tried()));
    }
    let file =
        |error: &std::io::Error| Failure::of_world(both("无法写入", "it can't be written"), error).trying(tried());
    std::fs::create_dir_all(directory).map_err(|error| file(&error))?;
    let key = directory.join(&config.key);
    keys::create(&key, None).map_err(|error| key_failed(&error).trying(tried()))?;
    std::fs::write(&path, config.to_toml()).map_err(|error| file(&error))?;
    let signer = keys::read_cosigner(&key, name).map_err(|error| key_failed(&error).trying(tried()))?;
    say(format!("{} {shown}  ({name})", good("见证人已建成  witness made:")))?;
    say(format!(
        "\n核验公钥，请交给账本和监督者  verifier key, for ledgers and monitors:\n  {}",
        strong(signer.verifier_key())
    ))?;
    say(format!(
        "\n账本的 policy 文件中写  in a ledger's file `policy`:
  witness {name} {} https://…/

私钥在 {}：请保密。接下来 Next:
  mingzhang witness --config {}",
        signer.verifier_key(),
        key.display(),
        path.display()
    ))?;
    Ok(Exit::Done)
}

/// Before anything is made of it: the name, and the keys of the logs.
fn check(config: &WitnessConfig) -> Result<(), Failure> {
    let wrong = |english: String| Failure::usage(both("名称或公钥写法有误", english));
    let _keys = config.log_keys().map_err(wrong)?;
    CosignatureSigner::from_seed(&config.name, &[0; 32]).map(|_| ()).map_err(|error| wrong(error.to_string()))
}

fn key_failed(error: &keys::KeyError) -> Failure {
    of_key(&both("见证人密钥", "the witness's key"), error)
}

fn run_witness(path: &Path, listen: Option<SocketAddr>) -> Result<Exit, Failure> {
    let shown = path.display();
    let tried = both(format!("启动见证人 {shown}"), format!("running the witness of {shown}"));
    open_and_serve(path, listen).map_err(|failure| failure.trying(tried))
}

fn open_and_serve(path: &Path, listen: Option<SocketAddr>) -> Result<Exit, Failure> {
    let config = WitnessConfig::read(path)
        .map_err(|error| Failure::of_world(both("配置无法使用", "the configuration can't be used"), &error))?;
    let keys = config.log_keys().map_err(|english| Failure::usage(both("配置中的公钥有误", english)))?;
    serve::start_logging(&std::env::var("MINGZHANG_LOG").unwrap_or_else(|_| "info".to_owned()));
    let signer = keys::read_cosigner(&config.key, &config.name).map_err(|error| key_failed(&error))?;
    let witness = Witness::open(&config.state, signer, keys, Arc::new(MachineDisk), Arc::new(MachineClock))
        .map_err(|error| not_opened(&error))?;
    let listener =
        TcpListener::bind(listen.unwrap_or(config.listen)).map_err(|error| super::serve::not_listening(&error))?;
    let address = listener.local_addr().map_err(|error| super::serve::not_listening(&error))?;
    say(format!("{}  {}", strong(format!("http://{address}/")), faint(witness.verifier_key())))?;
    witness::serve(witness, listener, serve::told_to_stop())
        .map_err(|error| Failure::of_world(both("服务中断", "the service broke off"), &error))?;
    Ok(Exit::Done)
}

fn not_opened(error: &WitnessError) -> Failure {
    match error {
        WitnessError::Held(path) => {
            Failure::new(Exit::Held, both(format!("{} 正被另一个见证人进程使用", path.display()), error.to_string()))
                .next(both("请先停止该进程", "stop that process first"))
        }
        WitnessError::File { .. } => {
            Failure::of_world(both("见证人的状态目录无法使用", "the witness's state can't be used"), error)
        }
    }
}
