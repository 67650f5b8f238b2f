//! A witness that we did not write (`witness-log-cli` of crates.io, a process of its own): it cosigns our checkpoints and refuses our
//! forks, and answers the same requests as ours.

use super::fixture::*;
use super::requests::{MALFORMED_TOO, at_ten_requests};
use mingzhang::transparency::{Note, VerifierKey};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The program, as `tests/run` installs it.
pub(crate) fn program() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_mingzhang")).ancestors().nth(2).expect("target/<profile>/mingzhang");
    let program = target.join("tools/bin/witness-log");
    assert!(
        program.exists(),
        "no {}: install it with\n  cargo install --locked --root {} witness-log-cli --version 0.6.1",
        program.display(),
        target.join("tools").display()
    );
    program
}

/// Its process, in a directory of its own.
pub(crate) struct Peer {
    process: Child,
    pub(crate) url: String,
    pub(crate) key: VerifierKey,
}

impl Peer {
    pub(crate) fn watching(directory: &Path, origin: &str, log_key: &str) -> Peer {
        let ran = |arguments: &[&str]| {
            let output = Command::new(program()).current_dir(directory).args(arguments).output().expect("it runs");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{arguments:?}: {said}");
            said
        };
        let said = ran(&["witness", "init", "peer", "--name", "peer.example/w", "--org", "Peer"]);
        let key = said.lines().find_map(|line| line.trim().strip_prefix("vkey: ")).expect("its key");
        ran(&["witness", "add-log", "peer", origin, log_key]);
        let mut process = Command::new(program())
            .current_dir(directory)
            .args(["witness", "serve", "peer", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut said = BufReader::new(process.stderr.take().expect("piped"));
        let mut line = String::new();
        said.read_line(&mut line).expect("its address");
        // It ends if nobody listens to what it says about requests.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("its address").to_owned();
        Peer { process, url, key: VerifierKey::parse(key).expect("a key") }
    }

    fn submit(&self, body: &[u8]) -> (u16, String, String) {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let agent: ureq::Agent = config.into();
        let mut response = agent.post(format!("{}/add-checkpoint", self.url)).send(body).expect("it answers");
        let media = response.headers().get("Content-Type").map(|value| value.to_str().unwrap().to_owned());
        let body = response.body_mut().read_to_string().expect("text");
        (response.status().as_u16(), media.unwrap_or_default(), body)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn another_implementation_cosigns_our_checkpoints_and_refuses_our_forks() {
    let directory = tempfile::tempdir().unwrap();
    let (log, fork) = (Log::new(700, 0, 0), Log::new(700, 1, 5));
    let peer = Peer::watching(directory.path(), ORIGIN, &log.key().to_string());
    for (old, new) in [(0, 1), (1, 256), (256, 257), (257, 300), (300, 300)] {
        let (status, _, line) = peer.submit(log.request(old, new).as_bytes());
        assert_eq!(status, 200, "{old} {new}: {line}");
        let note = format!("{}{line}", log.checkpoint(new));
        let keys = [peer.key.clone(), log.key()];
        assert_eq!(Note::open(note.as_bytes(), &keys).unwrap().1.len(), 2, "{note}");
    }
    for (old, new) in [(300, 301), (300, 700)] {
        let (status, _, said) = peer.submit(fork.request(old, new).as_bytes());
        assert_eq!(status, 422, "{said}");
    }
    let (status, _, said) = peer.submit(fork.request(300, 300).as_bytes());
    assert_eq!(status, 422, "an equal size with another root: {said}");
    let (status, media, said) = peer.submit(log.request(0, 700).as_bytes());
    assert_eq!((status, &*media, &*said), (409, "text/x.tlog.size", "300\n"));
}

#[test]
fn another_implementation_answers_the_same_requests_as_ours() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::new(700, 0, 0);
    let peer = Peer::watching(directory.path(), ORIGIN, &log.key().to_string());
    assert_eq!(peer.submit(log.request(0, 10).as_bytes()).0, 200);
    // What is malformed it refuses before it looks whose it is: the specification leaves that open.
    let asked = at_ten_requests(&log).into_iter().filter(|(what, _, _)| *what != MALFORMED_TOO);
    let differing: Vec<String> = asked
        .filter_map(|(what, ours, body)| {
            let (theirs, _, _) = peer.submit(&body);
            (theirs != ours).then(|| format!("{what}: {ours}, theirs {theirs}"))
        })
        .collect();
    assert_eq!(differing, [""; 0]);
}
