//! The service under load over loopback: single commands, NDJSON batches, ranking pages. Acknowledged means durable.
//!
//! Service and clients share the machine's cores and the runtime; every request is logged as in production, to /dev/null. The
//! clients write prepared bytes on kept connections and read answers by their length, so that most of the time is the
//! service's.
//!
//! `cargo bench --bench load` prints a table in well under a minute.

#![expect(clippy::print_stdout, clippy::float_arithmetic, reason = "a benchmark measures time and prints a table")]

use mingzhang::clock::MachineClock;
use mingzhang::http;
use mingzhang::identity::{Grant, Role};
use mingzhang::service::Service;
use mingzhang_events::{
    ActivityClass, ActivityId, ActivityKind, ActivityScheduled, Event, Instant, MemberCheckedIn, MemberCheckedOut,
    MemberClass, MemberId, MemberRostered, OrganizationEstablished, OrganizationId, OrganizationLevel, encode_data,
};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const MEMBERS: u64 = 20_000;
const DAYS: u64 = 28;
const CLIENTS: usize = 32;
const SINGLE: usize = 60_000;
const BATCH: usize = 50_000;
const BATCHES: usize = 8;
const PAGES: usize = 200_000;

fn main() {
    let devnull = std::fs::File::options().append(true).open("/dev/null").expect("/dev/null");
    let logs = http::logging::subscriber("info", Arc::new(devnull));
    tracing::subscriber::set_global_default(logs).expect("the first subscriber");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let directory = tempfile::tempdir_in(std::env::current_dir().expect("a directory")).expect("a directory on disk");
    let path = directory.path().join("ledger");
    let service = Service::create(&path, "bench.example/load", None, Arc::new(MachineClock)).expect("a ledger");
    let service = Arc::new(service);
    let grants = Role::ALL.map(|role| Grant { role, organization: None });
    let token = service.identity.create_token("bench".parse().expect("an actor"), None, &grants).expect("a token");
    runtime.block_on(run(service, Target { address: SocketAddr::from(([127, 0, 0, 1], 0)), token: token.into() }));
}

async fn run(service: Arc<Service>, mut target: Target) {
    let listener = TcpListener::bind(target.address).await.expect("a port");
    target.address = listener.local_addr().expect("an address");
    let (stop, told) = tokio::sync::oneshot::channel::<()>();
    let router = http::router(Arc::clone(&service));
    let serving =
        tokio::spawn(http::serve(listener, router, service, http::Limits::default(), async { drop(told.await) }));

    println!("{:<52} {:>12} {:>10}", "over HTTP, loopback", "per second", "µs each");
    let roster = ndjson(&roster());
    let seconds = timed(async { assert!(target.batch(roster).await.contains("\"malformed\":0")) }).await;
    row("events: NDJSON, one batch of a whole roster", MEMBERS + DAYS + 1, seconds);

    let mut work = service_records();
    let singles: Vec<Fact> = work.by_ref().take(SINGLE).collect();
    let seconds = timed(target.singles(&singles)).await;
    row("events: single POSTs, 32 connections", SINGLE as u64, seconds);

    let bodies: Vec<Vec<u8>> = (0..BATCHES).map(|_| ndjson(&work.by_ref().take(BATCH).collect::<Vec<_>>())).collect();
    let mut bodies = bodies.into_iter();
    let one = bodies.by_ref().take(BATCHES / 2).collect::<Vec<_>>();
    let seconds = timed(async {
        for body in one {
            target.batch(body).await;
        }
    })
    .await;
    row("events: NDJSON, batches of 50,000, one client", (BATCHES / 2 * BATCH) as u64, seconds);
    let two = bodies.collect::<Vec<_>>();
    let seconds = timed(async {
        futures::future::join_all(two.into_iter().map(|body| tokio::spawn(target.clone().sent(body)))).await;
    })
    .await;
    row("events: NDJSON, batches of 50,000, four clients", (BATCHES / 2 * BATCH) as u64, seconds);

    let same = |_| "/v1/organizations/420902001001/ranking?month=2026-10&limit=50".to_owned();
    let seconds = timed(target.pages(same)).await;
    row("pages: ranking of 50, the same, 32 connections", PAGES as u64, seconds);
    // No two of these are the same, so that none can come from the answers kept: pages from anywhere among those with the
    // most points, who are more than half of the members.
    let (points, tree_size) = target.most_points().await;
    let uncached = |number: usize| {
        let after = MemberId(u64::try_from(number).expect("a number") << 45);
        format!("/v1/organizations/420902001001/ranking?month=2026-10&limit=50&cursor={points}_{after}@{tree_size}")
    };
    let seconds = timed(target.pages(uncached)).await;
    row("pages: ranking of 50, each another, 32 connections", PAGES as u64, seconds);
    stop.send(()).expect("it is served");
    serving.await.expect("serving doesn't panic").expect("it stops in order");
}

fn row(what: &str, count: u64, seconds: f64) {
    println!("{what:<52} {:>12.0} {:>10.1}", count as f64 / seconds, 1e6 * seconds / count as f64);
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn timed(run: impl Future<Output = ()>) -> f64 {
    let start = std::time::Instant::now();
    run.await;
    start.elapsed().as_secs_f64()
}

struct Fact {
    event: Event,
    at: Instant,
    number: u64,
}

impl Fact {
    fn json(&self, key: Option<u64>) -> String {
        let data = encode_data(&self.event).expect("data");
        let key = key.map(|key| format!(r#""key":"load-{key}","#)).unwrap_or_default();
        let (stored_type, at) = (self.event.stored_type(), self.at);
        format!(r#"{{{key}"type":"{stored_type}","time":"{at}","evidence":"on_site_code","data":{data}}}"#)
    }
}

fn ndjson(facts: &[Fact]) -> Vec<u8> {
    facts.iter().flat_map(|fact| (fact.json(Some(fact.number)) + "\n").into_bytes()).collect()
}

fn organization() -> OrganizationId {
    "420902001001".parse().expect("a code")
}

fn member(number: u64) -> MemberId {
    MemberId(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn start_of(day: u64) -> Instant {
    let first: Instant = "2026-10-01T11:00:00Z".parse().expect("an instant");
    first.plus_minutes(u32::try_from(day * 1_440).expect("a month"))
}

fn roster() -> Vec<Fact> {
    let at: Instant = "2026-09-01T00:00:00Z".parse().expect("an instant");
    let mut events: Vec<Event> = vec![
        OrganizationEstablished {
            level: OrganizationLevel::Community,
            name: "书院社区".to_owned(),
            organization: organization(),
            parent: None,
        }
        .into(),
    ];
    events.extend((0..MEMBERS).map(|number| {
        let organization = organization();
        MemberRostered { class: MemberClass::Resident, member: member(number), organization }.into()
    }));
    events.extend((0..DAYS).map(|day| {
        ActivityScheduled {
            activity: ActivityId(day),
            class: ActivityClass::Voluntary,
            emergency_grade: None,
            ends_at: start_of(day).plus_minutes(120),
            kind: ActivityKind::NightPatrol,
            organization: organization(),
            starts_at: start_of(day),
        }
        .into()
    }));
    (1_000_000_000..).zip(events).map(|(number, event)| Fact { event, at, number }).collect()
}

/// Check-ins and check-outs of every member on every day.
fn service_records() -> impl Iterator<Item = Fact> {
    let each = (0..DAYS).flat_map(|day| (0..MEMBERS).map(move |number| (day, number)));
    each.flat_map(|(day, number)| {
        let (activity, member) = (ActivityId(day), member(number));
        let number = (day * MEMBERS + number) * 2;
        [
            Fact { event: MemberCheckedIn { activity, member }.into(), at: start_of(day), number },
            Fact {
                event: MemberCheckedOut { activity, member }.into(),
                at: start_of(day).plus_minutes(90),
                number: number + 1,
            },
        ]
    })
}

#[derive(Clone)]
struct Target {
    address: SocketAddr,
    token: Arc<str>,
}

impl Target {
    async fn connect(&self) -> Connection {
        let socket = TcpStream::connect(self.address).await.expect("a connection");
        socket.set_nodelay(true).expect("a setting");
        Connection { socket, read: Vec::with_capacity(65_536), at: 0 }
    }

    /// Each client posts whole pairs in order: a check-out must not overtake its check-in.
    async fn singles(&self, facts: &[Fact]) {
        let mut shares: Vec<Vec<Vec<u8>>> = vec![Vec::new(); CLIENTS];
        for (number, pair) in facts.chunks(2).enumerate() {
            shares[number % CLIENTS].extend(pair.iter().map(|fact| self.post(fact)));
        }
        let clients = shares.into_iter().map(|share| {
            let target = self.clone();
            tokio::spawn(async move {
                let mut connection = target.connect().await;
                for request in share {
                    connection.ask(&request, b"HTTP/1.1 201").await;
                }
            })
        });
        futures::future::join_all(clients).await.into_iter().for_each(|client| client.expect("a client"));
    }

    fn post(&self, fact: &Fact) -> Vec<u8> {
        let body = fact.json(None);
        format!(
            "POST /v1/commands HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nidempotency-key: load-{}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            fact.number,
            body.len()
        )
        .into_bytes()
    }

    async fn sent(self, body: Vec<u8>) {
        self.batch(body).await;
    }

    /// Sends a batch and gives the last line of its answer.
    async fn batch(&self, body: Vec<u8>) -> String {
        let head = format!(
            "POST /v1/commands/batch HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nconnection: close\r\n\
             content-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
            self.token,
            body.len()
        );
        let socket = TcpStream::connect(self.address).await.expect("a connection");
        let (mut reading, mut writing) = socket.into_split();
        let sending = tokio::spawn(async move {
            writing.write_all(head.as_bytes()).await.expect("sent");
            writing.write_all(&body).await.expect("sent");
            writing
        });
        let mut answer = Vec::new();
        reading.read_to_end(&mut answer).await.expect("answered");
        drop(sending.await);
        let text = String::from_utf8(answer).expect("UTF-8");
        assert!(text.starts_with("HTTP/1.1 200") && text.contains("\"rejected\":0"), "{text:.2000}");
        text.lines().rev().find(|line| line.contains("\"summary\"")).expect("a summary").to_owned()
    }

    /// The points of whoever is first, and the tree size that they are of.
    async fn most_points(&self) -> (String, String) {
        let mut connection = self.connect().await;
        let request = self.get("/v1/organizations/420902001001/ranking?month=2026-10&limit=1");
        connection.ask(&request, b"HTTP/1.1 200").await;
        let text = String::from_utf8(connection.read).expect("UTF-8");
        let after = |before: &str, end: char| {
            let rest = text.split(before).nth(1).expect("as the API says");
            rest.split(end).next().expect("something").trim().to_owned()
        };
        (after("\"points\":\"", '"'), after("mingzhang-tree-size:", '\r'))
    }

    fn get(&self, path: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n", self.token).into_bytes()
    }

    async fn pages(&self, path: impl Fn(usize) -> String) {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let each = PAGES / CLIENTS;
                let requests: Vec<Vec<u8>> =
                    (client * each..(client + 1) * each).map(|number| self.get(&path(number))).collect();
                let target = self.clone();
                tokio::spawn(async move {
                    let mut connection = target.connect().await;
                    for request in requests {
                        connection.ask(&request, b"HTTP/1.1 200").await;
                        assert!(connection.read.len() > 5_000, "a page of 50 is longer");
                    }
                })
            })
            .collect();
        futures::future::join_all(clients).await.into_iter().for_each(|client| client.expect("a client"));
    }
}

struct Connection {
    socket: TcpStream,
    read: Vec<u8>,
    at: usize,
}

impl Connection {
    /// Sends a request and reads its whole answer, which has to begin as expected.
    async fn ask(&mut self, request: &[u8], expected: &[u8]) {
        self.socket.write_all(request).await.expect("sent");
        self.read.clear();
        self.at = 0;
        let head = loop {
            if let Some(end) = self.read[self.at..].windows(4).position(|window| window == b"\r\n\r\n") {
                break self.at + end + 4;
            }
            self.at = self.read.len().saturating_sub(3);
            self.more().await;
        };
        let text = std::str::from_utf8(&self.read[..head]).expect("ASCII");
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let length: usize = length.parse().expect("a length");
        while self.read.len() < head + length {
            self.more().await;
        }
        assert!(self.read.starts_with(expected), "{}", String::from_utf8_lossy(&self.read));
    }

    async fn more(&mut self) {
        assert!(self.socket.read_buf(&mut self.read).await.expect("answered") > 0, "the service closed the connection");
    }
}
