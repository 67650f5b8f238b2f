//! A ledger in a directory, and witnesses over real connections: ours, and ones that answer whatever the test wants.

use mingzhang::clock::SetClock;
use mingzhang::durable::MachineDisk;
use mingzhang::identity::Actor;
use mingzhang::ledger::{Command, Mode, Outcome, Submission, SubmitError};
use mingzhang::publication::{Standing, Trouble};
use mingzhang::service::{Service, ServiceError};
use mingzhang::transparency::{Checkpoint, CosignatureSigner, Note, Policy, VerifierKey};
use mingzhang::witness::{self, Witness};
use mingzhang_events::{Evidence, MemberId, decode_data};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tempfile::TempDir;
use tokio::sync::oneshot;

pub(super) const ORIGIN: &str = "test.example/street";
const NOW: &str = "2026-11-05T02:00:00Z";
/// A witness is asked again about the same head after so many rounds; the tests that don't mean it never get there.
pub(super) const NEVER: u32 = u32::MAX;

pub(super) fn clock() -> Arc<SetClock> {
    Arc::new(SetClock::at(NOW.parse().unwrap()))
}

/// A ledger's directory; opened as often as the test wants.
pub(super) struct Place {
    pub(super) directory: TempDir,
    pub(super) key: String,
}

impl Place {
    /// A new ledger with a few entries.
    pub(super) fn new() -> Place {
        let directory = tempfile::tempdir().unwrap();
        let service = Service::create(&directory.path().join("ledger"), ORIGIN, Some([7; 32]), clock()).unwrap();
        submit(
            &service,
            "mingzhang.organization.established.v1",
            json!({
                "organization": "420902001", "name": "书院街道党工委", "level": "subdistrict", "parent": null
            }),
        );
        let key = service.ledger.verifier_key();
        Place { directory, key }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join("ledger")
    }

    /// A policy with these witnesses, all of which must cosign, or `quorum` of them.
    pub(super) fn ask(&self, witnesses: &[(&str, &VerifierKey, &str)], quorum: &str) {
        let mut policy = format!("log {}\n", self.key);
        for (name, key, url) in witnesses {
            policy.push_str(&format!("witness {name} {key} {url}\n"));
        }
        let names: Vec<&str> = witnesses.iter().map(|(name, _, _)| *name).collect();
        policy.push_str(&format!("group them {quorum} {}\nquorum them\n", names.join(" ")));
        std::fs::write(self.path().join("policy"), policy).unwrap();
    }

    pub(super) fn policy(&self) -> Policy {
        Policy::parse(&std::fs::read(self.path().join("policy")).unwrap()).unwrap()
    }

    pub(super) fn open(&self) -> Service {
        self.try_open().unwrap()
    }

    pub(super) fn try_open(&self) -> Result<Service, ServiceError> {
        Service::open(&self.path(), clock(), &mut |_, _| {})
    }

    /// The published checkpoint as it is in the directory.
    pub(super) fn written(&self) -> String {
        std::fs::read_to_string(self.path().join("checkpoint")).unwrap()
    }
}

/// Records `count` members more.
pub(super) fn record(service: &Service, count: u64) {
    for _ in 0..count {
        try_record(service).unwrap();
    }
}

/// Records a member more, if the ledger records.
pub(super) fn try_record(service: &Service) -> Result<(), SubmitError> {
    let member = MemberId(service.ledger.head().tree_size).to_string();
    let data = json!({ "member": member, "class": "resident", "organization": "420902001" });
    try_submit(service, "mingzhang.member.rostered.v1", data)
}

fn submit(service: &Service, stored_type: &'static str, data: Value) {
    try_submit(service, stored_type, data).unwrap();
}

fn try_submit(service: &Service, stored_type: &'static str, data: Value) -> Result<(), SubmitError> {
    let key = format!("k-{}", service.ledger.head().tree_size);
    let event = decode_data(stored_type, &data.to_string()).unwrap_or_else(|fault| panic!("{fault:?}: {data}"));
    let occurred_at = "2026-10-01T00:00:00Z".parse().unwrap();
    let command = Command { key: key.parse().unwrap(), event, evidence: Evidence::Office, imported: None, occurred_at };
    let actor = Arc::new(Actor::holder_of_the_files("keeper".parse().unwrap()));
    let reply = service.ledger.submit_blocking(Submission { actor, commands: vec![command], mode: Mode::EachAlone });
    let outcomes = reply?.outcomes;
    assert!(matches!(outcomes[0], Outcome::Recorded { .. }), "{outcomes:?}");
    Ok(())
}

/// The size, and whether it says it's witnessed, of what is published.
pub(super) fn published(service: &Service) -> (u64, bool) {
    let published = service.publication.published().unwrap();
    (published.checkpoint.checkpoint().size, published.is_witnessed)
}

pub(super) fn standing(service: &Service) -> Standing {
    service.publication.standing().unwrap()
}

/// What is wrong with each witness, in one word.
pub(super) fn troubles(service: &Service) -> Vec<Option<&'static str>> {
    standing(service).witnesses.iter().map(|witness| witness.trouble.as_ref().map(Trouble::code)).collect()
}

/// A witness of ours behind a socket. It can be stopped and started again at its address.
pub(super) struct OurWitness {
    state: PathBuf,
    seed: u8,
    log_keys: Vec<String>,
    pub(super) address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl OurWitness {
    pub(super) fn start(directory: &Path, seed: u8, log_key: &str) -> OurWitness {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = directory.join(format!("witness-{seed}"));
        let mut witness = OurWitness { state, seed, log_keys: vec![log_key.to_owned()], address, running: None };
        witness.serve(listener);
        witness
    }

    fn signer(&self) -> CosignatureSigner {
        CosignatureSigner::from_seed(&format!("w{}.example", self.seed), &[self.seed; 32]).unwrap()
    }

    pub(super) fn key(&self) -> VerifierKey {
        VerifierKey::parse(&self.signer().verifier_key()).unwrap()
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Shows it a request without a network.
    pub(super) fn show(&self, body: &str) -> witness::Answer {
        assert!(self.running.is_none(), "its memory is held by its service");
        self.opened().add_checkpoint(body.as_bytes()).unwrap()
    }

    fn opened(&self) -> Witness {
        let keys = self.log_keys.iter().map(|key| VerifierKey::parse(key).unwrap()).collect();
        Witness::open(&self.state, self.signer(), keys, Arc::new(MachineDisk), clock()).unwrap()
    }

    fn serve(&mut self, listener: TcpListener) {
        let witness = self.opened();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = std::thread::spawn(move || {
            let told = async move { drop(stopped.await) };
            witness::serve(witness, listener, told).unwrap();
        });
        self.running = Some((stop, serving));
    }

    pub(super) fn stop(&mut self) {
        if let Some((stop, serving)) = self.running.take() {
            drop(stop);
            serving.join().unwrap();
        }
    }

    /// Told that the log has another key besides.
    pub(super) fn told_of(&mut self, log_key: &str) {
        self.stop();
        self.log_keys.push(log_key.to_owned());
        self.start_again();
    }

    pub(super) fn start_again(&mut self) {
        self.serve(TcpListener::bind(self.address).unwrap());
    }

    /// Forgets everything, as a witness must never.
    pub(super) fn forget(&mut self) {
        self.stop();
        std::fs::remove_dir_all(&self.state).unwrap();
    }
}

impl Drop for OurWitness {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a puppet says to the body of a request.
type Says = Box<dyn Fn(&str) -> String + Send>;

/// A witness that answers every request with what the test has put there.
pub(super) struct Puppet {
    pub(super) url: String,
    pub(super) asked: Arc<AtomicU64>,
    answer: Arc<Mutex<Says>>,
}

impl Puppet {
    /// It answers with `answer(body)`: the whole text of an HTTP answer; empty, it says nothing and closes.
    pub(super) fn new(answer: impl Fn(&str) -> String + Send + 'static) -> Puppet {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/some/prefix/", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicU64::new(0));
        let answer: Arc<Mutex<Says>> = Arc::new(Mutex::new(Box::new(answer)));
        let puppet = Puppet { url, asked: Arc::clone(&asked), answer: Arc::clone(&answer) };
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = BufReader::new(connection.unwrap());
                let mut length = 0;
                let mut line = String::new();
                while connection.read_line(&mut line).unwrap_or(0) > 2 {
                    if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                    if line.starts_with("POST ") {
                        assert!(line.starts_with("POST /some/prefix/add-checkpoint "), "{line}");
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                connection.read_exact(&mut body).unwrap();
                asked.fetch_add(1, Ordering::SeqCst);
                let said = answer.lock().unwrap()(std::str::from_utf8(&body).unwrap());
                drop(connection.get_mut().write_all(said.as_bytes()));
            }
        });
        puppet
    }

    pub(super) fn say(&self, answer: impl Fn(&str) -> String + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }
}

/// An HTTP answer.
pub(super) fn http(code: u16, media: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {code} x\r\nContent-Type: {media}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// What a witness with this seed answers to a request, without checking anything.
pub(super) fn blind_cosignature(seed: u8, body: &str) -> String {
    let (_, note) = body.split_once("\n\n").unwrap();
    let note = Note::parse(note.as_bytes()).unwrap();
    Checkpoint::parse(note.text).unwrap();
    let signer = CosignatureSigner::from_seed(&format!("w{seed}.example"), &[seed; 32]).unwrap();
    http(200, "text/plain", &signer.cosign(note.text, 1_793_844_000).to_string())
}

pub(super) fn key_of(seed: u8) -> VerifierKey {
    let signer = CosignatureSigner::from_seed(&format!("w{seed}.example"), &[seed; 32]).unwrap();
    VerifierKey::parse(&signer.verifier_key()).unwrap()
}
