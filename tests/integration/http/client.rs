//! A served ledger on loopback, and a client that sees every byte.

use super::world::World;
use mingzhang::http;
use mingzhang::service::Service;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A service on a port of its own.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), http::ServeError>>,
}

impl Served {
    pub(crate) async fn of(world: &World) -> Served {
        Served::over(&world.service).await
    }

    pub(crate) async fn over(service: &Arc<Service>) -> Served {
        Served::within(service, http::Limits::default()).await
    }

    /// With other limits to a client's patience.
    pub(crate) async fn within(service: &Arc<Service>, limits: http::Limits) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, told) = oneshot::channel();
        let router = http::router(Arc::clone(service));
        let serving =
            tokio::spawn(http::serve(listener, router, Arc::clone(service), limits, async { drop(told.await) }));
        Served { address, stop, serving }
    }

    /// Tells it to stop.
    pub(crate) fn stop(self) -> JoinHandle<Result<(), http::ServeError>> {
        self.stop.send(()).expect("it is served");
        self.serving
    }

    pub(crate) async fn connect(&self) -> Connection {
        Connection { socket: TcpStream::connect(self.address).await.expect("a connection"), read: Vec::new() }
    }
}

/// One connection.
pub(crate) struct Connection {
    socket: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub(crate) async fn write(&mut self, text: &str) -> std::io::Result<()> {
        self.socket.write_all(text.as_bytes()).await
    }

    /// Reads until the text has come, and gives everything up to its end; `None` if the connection ends before.
    pub(crate) async fn until(&mut self, wanted: &str) -> Option<String> {
        loop {
            let found = self.read.windows(wanted.len()).position(|window| window == wanted.as_bytes());
            if let Some(at) = found {
                let rest = self.read.split_off(at + wanted.len());
                let until = std::mem::replace(&mut self.read, rest);
                return Some(String::from_utf8(until).expect("UTF-8"));
            }
            let mut bytes = [0; 65_536];
            match self.socket.read(&mut bytes).await {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.read.extend_from_slice(&bytes[..count]),
            }
        }
    }

    /// Head and body of an answer with a Content-Length.
    pub(crate) async fn answer(&mut self) -> Option<(String, String)> {
        let head = self.until("\r\n\r\n").await?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse::<usize>().ok()?;
        while self.read.len() < length {
            let mut bytes = [0; 65_536];
            match self.socket.read(&mut bytes).await {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.read.extend_from_slice(&bytes[..count]),
            }
        }
        let rest = self.read.split_off(length);
        let body = std::mem::replace(&mut self.read, rest);
        Some((head, String::from_utf8(body).expect("UTF-8")))
    }
}

/// A POST of one command.
pub(crate) fn post(token: &str, key: &str, body: &str) -> String {
    format!(
        "POST /v1/commands HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}
