//! A log as files behind a socket, which a test may change at will, and a monitor that looks at it.

use mingzhang::clock::SetClock;
use mingzhang::monitor::{Again, Alarm, AlarmKind, Habits, Monitor, MonitorError, Seen};
use mingzhang::transparency::{
    Checkpoint, CosignatureSigner, Ed25519Signer, Hash, Policy, SignedCheckpoint, Signer, Tile, TileContent, Tree,
    hash_tiles, leaf_hash,
};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) const ORIGIN: &str = "log.example/street";
pub(super) const NOW: u64 = 1_793_844_000;

/// Files by path.
type Files = BTreeMap<String, Vec<u8>>;

/// What is served, and what was asked for.
#[derive(Clone, Default)]
pub(super) struct Site {
    files: Arc<Mutex<Files>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Serves at the address that it gives.
    pub(super) fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/log", listener.local_addr().unwrap());
        let site = self.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (connection, site) = (connection.unwrap(), site.clone());
                std::thread::spawn(move || site.answer(BufReader::new(connection)));
            }
        });
        url
    }

    fn answer(&self, mut connection: BufReader<std::net::TcpStream>) {
        let mut line = String::new();
        let mut path = String::new();
        while connection.read_line(&mut line).unwrap_or(0) > 2 {
            if let Some(asked) = line.strip_prefix("GET /log/") {
                path = asked.split(' ').next().unwrap().to_owned();
            }
            line.clear();
        }
        let file = self.files.lock().unwrap().get(&path).cloned();
        self.asked.lock().unwrap().push(path);
        let (code, body) = match file {
            Some(body) if body == b"503" => (503, Vec::new()),
            Some(body) => (200, body),
            None => (404, b"no".to_vec()),
        };
        let head = format!("HTTP/1.1 {code} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        drop(connection.get_mut().write_all(&[head.as_bytes(), &body].concat()));
    }

    pub(super) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.into());
    }

    pub(super) fn take_away(&self, path: &str) {
        assert!(self.files.lock().unwrap().remove(path).is_some(), "{path} is there");
    }

    pub(super) fn change(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.files.lock().unwrap().get_mut(path).expect(path));
    }

    /// What was asked for since the last time, in order of names: tiles are fetched side by side.
    pub(super) fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }

    /// Puts there what an honest log of these leaves publishes at that size, cosigned by witnesses of these seeds.
    pub(super) fn publish(&self, leaves: &[Hash], size: u64, seeds: &[u8]) {
        let mut tree = Tree::new();
        tree.extend(&leaves[..usize::try_from(size).unwrap()]);
        for tile in hash_tiles(0, size) {
            let bytes = match tile.content {
                TileContent::Hashes { level: 0 } => tile_bytes(leaves, &tile),
                TileContent::Hashes { .. } | TileContent::Entries => {
                    tree.tile_hashes(&tile).expect("the tree has it").concat()
                }
            };
            self.put(&tile.to_string(), bytes);
        }
        self.put("checkpoint", checkpoint(size, tree.root(), &[7; 32], seeds, NOW));
    }
}

pub(super) fn tile_bytes(leaves: &[Hash], tile: &Tile) -> Vec<u8> {
    let first = usize::try_from(tile.first()).unwrap();
    leaves[first..first + usize::from(tile.width)].concat()
}

pub(super) fn checkpoint(size: u64, root: Hash, log_seed: &[u8; 32], seeds: &[u8], time: u64) -> String {
    let signer = Ed25519Signer::from_seed(ORIGIN, log_seed).unwrap();
    let signed = SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root), &[&signer]).unwrap();
    let text = signed.checkpoint().to_string();
    let lines: String = seeds.iter().map(|seed| witness(*seed).cosign(&text, time).to_string()).collect();
    format!("{}{lines}", signed.note())
}

pub(super) fn witness(seed: u8) -> CosignatureSigner {
    CosignatureSigner::from_seed(&format!("w{seed}.example"), &[seed; 32]).unwrap()
}

/// Leaves of an honest log; those of another `branch` differ from `common` on.
pub(super) fn leaves(count: u64, branch: u64, common: u64) -> Vec<Hash> {
    let of = |index| if index < common { 0 } else { branch };
    (0..count).map(|index| leaf_hash(format!("{}/{index}", of(index)).as_bytes())).collect()
}

pub(super) fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Tree::new();
    tree.extend(leaves);
    tree.root()
}

/// A policy of the log, with the quorum of witnesses 1 and 2.
pub(super) fn policy() -> Policy {
    let log = Ed25519Signer::from_seed(ORIGIN, &[7; 32]).unwrap().verifier_key();
    let (one, two) = (witness(1).verifier_key(), witness(2).verifier_key());
    let text = format!("log {log}\nwitness a {one}\nwitness b {two}\ngroup both all a b\nquorum both\n");
    Policy::parse(text.as_bytes()).unwrap()
}

pub(super) fn monitor(url: &str, state: &Path) -> Monitor {
    monitor_with(policy(), url, state)
}

pub(super) fn monitor_with(policy: Policy, url: &str, state: &Path) -> Monitor {
    let clock = Arc::new(SetClock::at("2026-11-05T02:00:00Z".parse().unwrap()));
    let day = Duration::from_secs(86_400);
    let habits = Habits { tries: 2, pause: Duration::from_millis(1), cosignature_age_max: day };
    Monitor::open(url, policy, state, clock, habits).unwrap()
}

pub(super) fn look(monitor: &mut Monitor) -> Result<Seen, Alarm> {
    match monitor.look(&mut |_, _| {}) {
        Ok(seen) => Ok(seen),
        Err(MonitorError::Alarm(alarm)) => Err(*alarm),
        Err(MonitorError::Records(error)) => panic!("{error}"),
    }
}

/// The kind of the alarm that a look raises.
pub(super) fn alarmed(monitor: &mut Monitor) -> AlarmKind {
    look(monitor).expect_err("an alarm").kind
}

/// Looks again at what is published of the head seen last; gives how many full tiles were read, and of how many.
pub(super) fn look_again(monitor: &mut Monitor, head: &Checkpoint, again: Again) -> Result<(u64, u64), Alarm> {
    match monitor.look_again(head, again, &mut |_, _| {}) {
        Ok(read) => Ok(read),
        Err(MonitorError::Alarm(alarm)) => Err(*alarm),
        Err(MonitorError::Records(error)) => panic!("{error}"),
    }
}
