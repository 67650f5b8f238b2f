//! `mingzhang serve`: the HTTP API and the public pages of a ledger. Never makes one.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{faint, say, strong};
use super::passphrase::PassphraseOptions;
use super::progress::Progress;
use super::target::DirectoryOptions;
use crate::clock::MachineClock;
use crate::keys::AskPassphrase;
use crate::serve;
use crate::service::Service;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang serve --ledger 账本
  mingzhang serve --ledger 账本 --listen 0.0.0.0:8787

首页是已印发的通报；接口说明在 /docs。请在前面放置提供 TLS 的反向代理。
日志为 JSON 行，写到标准错误，不含个人信息；MINGZHANG_LOG=debug 更详细。SIGTERM 或 Ctrl+C 停止，不丢失已确认的登记。
The front page has the issued notices, /docs the API. Put a reverse proxy with TLS in front. Logs are JSON lines on standard
error without personal data. SIGTERM or Ctrl+C stops it; nothing that was acknowledged is lost.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "启动服务：接口和公开网页  Serve the HTTP API and the public pages", after_help = EXAMPLE)]
pub(super) struct Options {
    #[command(flatten)]
    directory: DirectoryOptions,
    #[command(flatten)]
    passphrase: PassphraseOptions,
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787", help = "监听地址  The address to listen on")]
    listen: SocketAddr,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let path = options.directory.directory()?;
    let tried = both(format!("启动服务 {}", options.listen), format!("serving at {}", options.listen));
    serve::start_logging(&std::env::var("MINGZHANG_LOG").unwrap_or_else(|_| "info".to_owned()));
    let listener = TcpListener::bind(options.listen).map_err(|error| not_listening(&error).trying(tried.clone()))?;
    serve_on(&path, listener, &|key| options.passphrase.ask(key))
        .map_err(|failure| failure.on_the_directory_alone().trying(tried))
}

pub(super) fn not_listening(error: &std::io::Error) -> Failure {
    Failure::of_world(both("无法监听该地址", "can't listen on that address"), error)
        .next(both("请换一个端口，或停止占用它的程序", "choose another port, or stop what uses it"))
}

/// Listens on the machine itself, on the first free port from `port` on.
pub(super) fn listen_locally(port: u16) -> Result<TcpListener, Failure> {
    /// Whoever has so many in use has another problem.
    const PORTS_TRIED: u16 = 100;
    let mut tried = (port..=u16::MAX).take(usize::from(PORTS_TRIED)).map(|port| TcpListener::bind(("127.0.0.1", port)));
    let last = || TcpListener::bind(("127.0.0.1", 0));
    tried.find_map(Result::ok).map_or_else(last, Ok).map_err(|error| not_listening(&error))
}

/// Serves until told to stop.
pub(super) fn serve_on(path: &Path, listener: TcpListener, ask: &AskPassphrase<'_>) -> Result<Exit, Failure> {
    let service = {
        let bar = Progress::of("打开账本 opening");
        Service::open_with(path, Arc::new(MachineClock), ask, &mut |done, total| bar.reached(done, total))?
    };
    let address = listener.local_addr().map_err(|error| not_listening(&error))?;
    let line = format!("{}  {}", strong(format!("http://{address}/")), faint("Ctrl+C 停止  stops it"));
    // Nobody may be reading: no reason not to serve.
    serve::serve(service, listener, || drop(say(line)))
        .map_err(|error| Failure::of_world(both("服务中断", "the service broke off"), &error))?;
    Ok(Exit::Done)
}
