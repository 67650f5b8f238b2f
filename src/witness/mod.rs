//! A witness (见证人): a small service that a supervising body runs, and that cosigns the checkpoints of logs as long as each log only
//! ever grows (C2SP tlog-witness, tlog-cosignature).
//!
//! May not read a ledger: it knows checkpoints and proofs and nothing else. Invariants: of one log, it never cosigns two different
//! heads of one size, and never a head that doesn't extend the one before; not even if it is killed, if its disk fails, or if requests
//! race. What a log signed against its own past is kept and never overwritten.

mod config;
mod contradiction;
mod history;
mod judgement;
mod measure;
mod memory;
mod routes;

pub use config::{WitnessConfig, WitnessConfigError};
pub use judgement::Answer;
pub use memory::MemoryError;
pub use routes::{ServeError, router, serve};

use crate::clock::Clock;
use crate::durable::{DirectoryLock, Disk};
use crate::transparency::{Checkpoint, CosignatureSigner, Note, NoteError, VerifierKey, witness_request};
use contradiction::Contradiction;
use judgement::{Shown, judge};
use measure::Measure;
use memory::Memory;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Why a witness can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// Another process has its state.
    #[error("another process holds {0}: two witnesses with one memory could cosign a fork; stop the other one first")]
    Held(PathBuf),
    /// The directory of its state can't be used.
    #[error("{doing} {path}")]
    File {
        /// What was being tried.
        doing: &'static str,
        /// With which.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

/// A witness that is open: its key, the logs that it watches, and what it remembers of each.
pub struct Witness {
    signer: CosignatureSigner,
    logs: BTreeMap<String, WatchedLog>,
    clock: Arc<dyn Clock>,
    measure: Measure,
    _lock: DirectoryLock,
}

/// A log whose checkpoints are cosigned.
struct WatchedLog {
    /// Its keys; several while one takes the place of another.
    keys: Vec<VerifierKey>,
    /// From reading the memory to writing it, one request at a time.
    memory: Mutex<Memory>,
}

impl Witness {
    /// Opens a witness whose memory is in the directory `state`, which is made if it isn't there. The name of a key is the origin of
    /// its log.
    pub fn open(
        state: &Path,
        signer: CosignatureSigner,
        keys: Vec<VerifierKey>,
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
    ) -> Result<Witness, WitnessError> {
        let file = |doing| move |source| WitnessError::File { doing, path: state.to_owned(), source };
        std::fs::create_dir_all(state).map_err(file("making the directory"))?;
        let lock = DirectoryLock::take(state).map_err(file("locking"))?;
        let lock = lock.ok_or_else(|| WitnessError::Held(state.to_owned()))?;
        let mut logs: BTreeMap<String, WatchedLog> = BTreeMap::new();
        for key in keys {
            let origin = key.name().to_owned();
            let memory = Memory::of_log(state, &origin, Arc::clone(&disk)).map_err(file("making a directory in"))?;
            let log = logs.entry(origin).or_insert(WatchedLog { keys: Vec::new(), memory: Mutex::new(memory) });
            log.keys.push(key);
        }
        Ok(Witness { signer, logs, clock, measure: Measure::default(), _lock: lock })
    }

    /// The key that its cosignatures are checked with, as a C2SP verifier key.
    pub fn verifier_key(&self) -> String {
        self.signer.verifier_key()
    }

    /// Answers a request to cosign a checkpoint (C2SP tlog-witness, `add-checkpoint`). What it cosigned is durable when it answers.
    pub fn add_checkpoint(&self, body: &[u8]) -> Result<Answer, MemoryError> {
        let answer = self.answer(body);
        self.measure.count(answer.as_ref().ok());
        answer
    }

    /// In the order of the specification: is the log known, did it sign, is the request well formed, is the proof from where we are, does
    /// it hold.
    fn answer(&self, body: &[u8]) -> Result<Answer, MemoryError> {
        let Some((head, note)) = witness_request::split(body) else {
            return Ok(Answer::Malformed("no empty line separates the proof from the checkpoint"));
        };
        let Ok(checkpoint) = Checkpoint::of_note(note) else {
            return Ok(Answer::Malformed("it doesn't end with a signed checkpoint"));
        };
        let Some(log) = self.logs.get(&checkpoint.origin) else { return Ok(Answer::UnknownOrigin) };
        let note = match log.signed_part(note) {
            Ok(note) => note,
            Err(error) => return Ok(Answer::NotSigned(error.to_string())),
        };
        let shown = Shown { checkpoint: &checkpoint, note: &note, body };

        let mut memory = log.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let judgement = judge(&shown, head, &memory)?;
        if let Some(evidence) = judgement.evidence {
            self.keep(&memory, evidence, &shown);
        }
        if let Some(refusal) = judgement.refusal {
            return Ok(refusal);
        }
        let time = u64::try_from(self.clock.now().unix_seconds()).unwrap_or_default().max(1);
        let line = self.signer.cosign(&checkpoint.to_string(), time).to_string();
        // Not before what it says is durable may the cosignature leave. A crash from here on means that it was never given.
        memory.cosigned(&format!("{note}{line}"))?;
        self.measure.cosigned(&checkpoint.origin, checkpoint.size);
        Ok(Answer::Cosigned(line))
    }

    /// A failure is logged: that something was shown must be known even if it can't be kept.
    fn keep(&self, memory: &Memory, evidence: Contradiction, shown: &Shown<'_>) {
        let (origin, size) = (&shown.checkpoint.origin, shown.checkpoint.size);
        let kind = evidence.kind.code();
        match memory.keep(&evidence, shown) {
            Ok(Some(path)) => {
                self.measure.evidence();
                tracing::error!(alarm = kind, origin, size, evidence = %path.display(), "a log contradicts what was cosigned");
            }
            Ok(None) => {
                tracing::error!(alarm = kind, origin, size, "a log contradicts what was cosigned; it is kept already");
            }
            Err(failure) => {
                tracing::error!(alarm = kind, origin, size, shown = shown.note, error = %failure, "a log contradicts what was cosigned, and the evidence can't be kept");
            }
        }
    }

    /// The checkpoint of a log that was cosigned last, with the log's signature and ours. `name` is the hash of its origin in hex, as in
    /// the path that it is served at.
    pub fn cosigned_checkpoint(&self, name: &str) -> Result<Option<String>, MemoryError> {
        for log in self.logs.values() {
            let memory = log.memory.lock().unwrap_or_else(PoisonError::into_inner);
            if memory.name() == name {
                return memory.note();
            }
        }
        Ok(None)
    }
}

impl WatchedLog {
    /// The checkpoint with the signatures of this log alone: what others wrote below it is nothing to us.
    fn signed_part(&self, note: &[u8]) -> Result<String, NoteError> {
        let note = Note::parse(note)?;
        let signatures: String = note.signatures_by(&self.keys)?.iter().map(|(_, line)| line.to_string()).collect();
        if signatures.is_empty() { Err(NoteError::NotSigned) } else { Ok(format!("{}\n{signatures}", note.text)) }
    }
}
