//! How it stands with each witness: what it cosigned, what is wrong, when it is asked again; for the rounds, for people and for metrics.
//!
//! Invariant: a witness in trouble is asked less and less often, after a count of rounds that is the same in every run.

use super::{Publication, PublicationError};
use crate::durable::beside;
use crate::transparency::{Hash, Note, Policy, SignedCheckpoint, VerifierKey, Witnessing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mingzhang_events::Instant;
use serde_json::json;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A witness in trouble is left alone for at most so many rounds.
const ROUNDS_LEFT_OUT_MAX: u32 = 31;

/// What is wrong with a witness, or with us in its eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It can't be reached, or answers too late.
    NotAnswering(String),
    /// It answers with this HTTP status: 403, it doesn't know our key; 404, it doesn't watch our log; and others.
    Refused(u16),
    /// What it answers can't be used.
    Unusable(String),
    /// An alarm: it says that it has cosigned so many entries, more than the log has. An old copy of the log was put back, or a copy of the key is
    /// in use elsewhere.
    RolledBack {
        /// The size that it cosigned.
        told: u64,
    },
    /// An alarm: our checkpoint doesn't extend what it cosigned. There are two logs under one key.
    SplitView,
}

impl Trouble {
    /// One word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Trouble::NotAnswering(_) => "not_answering",
            Trouble::Refused(_) => "refused",
            Trouble::Unusable(_) => "unusable",
            Trouble::RolledBack { .. } => "rolled_back",
            Trouble::SplitView => "split_view",
        }
    }

    /// Whether the log itself is in doubt.
    pub fn is_alarm(&self) -> bool {
        matches!(self, Trouble::RolledBack { .. } | Trouble::SplitView)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::NotAnswering(why) => write!(f, "it doesn't answer: {why}"),
            Trouble::Refused(403) => f.write_str("it doesn't know our key: give it the ledger's verifier key"),
            Trouble::Refused(404) => f.write_str("it doesn't watch this log: give it the ledger's verifier key"),
            Trouble::Refused(code) => write!(f, "it answers with the HTTP status {code}"),
            Trouble::Unusable(why) => f.write_str(why),
            Trouble::RolledBack { told } => {
                write!(f, "it cosigned {told} entries, more than the log has: was an old copy put back?")
            }
            Trouble::SplitView => f.write_str("our checkpoint doesn't extend what it cosigned: two logs under one key"),
        }
    }
}

/// How it stands with one witness.
#[derive(Debug, Clone)]
pub struct WitnessStanding {
    /// As the policy calls it.
    pub name: String,
    /// Where checkpoints are submitted to it; without it, it is never asked.
    pub url: Option<String>,
    /// The size that it cosigned last, as far as we know; 0 at first.
    pub cosigned_size: u64,
    /// The head of this log that it cosigned last, with its root: what it tells of its size may be of another history.
    pub(super) cosigned_head: Option<(u64, Hash)>,
    /// Durable entries of this log that it hasn't cosigned, as far as we know.
    pub lag_entries: u64,
    /// How often it was asked since the start.
    pub submissions: u64,
    /// How often that failed.
    pub failures: u64,
    /// What is wrong now.
    pub trouble: Option<Trouble>,
    pub(super) key: VerifierKey,
    pub(super) failures_in_a_row: u32,
    pub(super) rounds_left_out: u32,
    /// Since it cosigned; large until it did since the start.
    pub(super) rounds_since: u32,
}

/// How it stands with the publication of a ledger.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The durable entries of the log.
    pub tree_size: u64,
    /// Those of the published checkpoint.
    pub published_size: u64,
    /// What is said of the published checkpoint.
    pub published: Witnessing,
    /// Whether the quorum was not met in the last round: what is durable since the published checkpoint is an unwitnessed head. Before the first
    /// round, whether there is anything that isn't published as witnessed.
    pub head_is_unwitnessed: bool,
    /// Who cosigned the published checkpoint, and when, in Unix seconds.
    pub cosigners: Vec<(String, u64)>,
    /// Every witness of the policy.
    pub witnesses: Vec<WitnessStanding>,
}

/// The witnesses of a policy, with the file that remembers their sizes.
pub(super) struct Witnesses {
    path: PathBuf,
    standings: Mutex<Vec<WitnessStanding>>,
}

impl Witnesses {
    pub(super) fn of(policy: Option<&Policy>, path: &Path) -> Witnesses {
        // Only a hint: a witness tells its size to who has it wrong.
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let kept_of = |name: &str| -> (u64, Option<Hash>) {
            let line = kept.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix(' ')).unwrap_or_default();
            let (size, root) = line.split_once(' ').unwrap_or((line, ""));
            let root = STANDARD.decode(root).ok().and_then(|root| root.try_into().ok());
            (size.parse().unwrap_or(0), root)
        };
        let standing = |witness: &crate::transparency::PolicyWitness| {
            let (cosigned_size, root) = kept_of(&witness.name);
            WitnessStanding {
                name: witness.name.clone(),
                url: witness.url.clone(),
                cosigned_size,
                cosigned_head: root.map(|root| (cosigned_size, root)),
                lag_entries: 0,
                submissions: 0,
                failures: 0,
                trouble: None,
                key: witness.key.clone(),
                failures_in_a_row: 0,
                rounds_left_out: 0,
                rounds_since: u32::MAX,
            }
        };
        let standings = policy.map(|policy| policy.witnesses().iter().map(standing).collect()).unwrap_or_default();
        Witnesses { path: path.to_owned(), standings: Mutex::new(standings) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Vec<WitnessStanding>> {
        self.standings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes their sizes down. A failure is logged: it costs one question more to each witness at the next start.
    pub(super) fn remember(&self) {
        let line = |witness: &WitnessStanding| {
            let (size, name) = (witness.cosigned_size, &witness.name);
            match witness.cosigned_head.filter(|(of, _)| *of == size) {
                Some((_, root)) => format!("{size} {} {name}\n", STANDARD.encode(root)),
                None => format!("{size} {name}\n"),
            }
        };
        let sizes: String = self.lock().iter().map(line).collect();
        let unfinished = beside(&self.path, ".unfinished");
        let written = std::fs::write(&unfinished, sizes).and_then(|()| std::fs::rename(&unfinished, &self.path));
        if let Err(failure) = written {
            tracing::warn!(error = %failure, "the sizes of the witnesses could not be written");
        }
    }
}

impl WitnessStanding {
    /// Whether it is asked in this round, which counts. `refresh_after` rounds after it cosigned a head it is asked again, for a newer time.
    pub(super) fn is_due(&mut self, pending: &SignedCheckpoint, refresh_after: u32) -> bool {
        self.rounds_since = self.rounds_since.saturating_add(1);
        if self.rounds_left_out > 0 {
            self.rounds_left_out -= 1;
            return false;
        }
        let note = Note::parse(pending.note().as_bytes()).expect("a signed checkpoint is a note");
        let is_under_it = note.signatures.iter().any(|line| self.key.is_named_in(line));
        self.url.is_some() && !(is_under_it && self.rounds_since < refresh_after)
    }

    pub(super) fn cosigned(&mut self, size: u64, root: Hash) {
        self.submissions += 1;
        (self.cosigned_size, self.cosigned_head, self.trouble) = (size, Some((size, root)), None);
        (self.failures_in_a_row, self.rounds_since) = (0, 0);
    }

    pub(super) fn failed(&mut self, witness_size: u64, trouble: Trouble) {
        if self.trouble.as_ref().map(Trouble::code) != Some(trouble.code()) {
            let (witness, kind) = (&self.name, trouble.code());
            if trouble.is_alarm() {
                tracing::error!(alarm = kind, witness, witness_size, what = %trouble, "a witness contradicts the ledger");
            } else {
                tracing::warn!(witness, kind, what = %trouble, "a witness doesn't cosign");
            }
        }
        self.submissions += 1;
        self.failures += 1;
        self.rounds_left_out = match trouble.is_alarm() {
            true => ROUNDS_LEFT_OUT_MAX,
            // 0, 1, 3, 7, 15, 31, 31, …
            false => ROUNDS_LEFT_OUT_MAX.min((1 << self.failures_in_a_row.min(8)) - 1),
        };
        self.failures_in_a_row += 1;
        (self.cosigned_size, self.trouble) = (witness_size, Some(trouble));
    }
}

impl Standing {
    /// As the API and the command line give it. Without the words about what is wrong: they may name what is inside a network.
    pub fn to_json(&self) -> serde_json::Value {
        let time = |unix_seconds: u64| {
            let seconds = i64::try_from(unix_seconds).unwrap_or(i64::MAX);
            Instant::from_unix_seconds(seconds).map(|instant| instant.to_string()).unwrap_or_default()
        };
        let cosigner = |(name, at): &(String, u64)| json!({ "name": name, "cosigned_at": time(*at) });
        let witness = |witness: &WitnessStanding| {
            json!({
                "name": witness.name,
                "cosigned_size": witness.cosigned_size,
                "lag_entries": witness.lag_entries,
                "submissions": witness.submissions,
                "failures": witness.failures,
                "trouble": witness.trouble.as_ref().map(Trouble::code),
            })
        };
        json!({
            "tree_size": self.tree_size,
            "published_size": self.published_size,
            "state": self.published.code(),
            "head_is_unwitnessed": self.head_is_unwitnessed,
            "cosigners": self.cosigners.iter().map(cosigner).collect::<Vec<_>>(),
            "witnesses": self.witnesses.iter().map(witness).collect::<Vec<_>>(),
        })
    }
}

impl Publication {
    /// How it stands at this moment.
    pub fn standing(&self) -> Result<Standing, PublicationError> {
        let published = self.published()?;
        let note = published.checkpoint.note();
        let opened = self.policy.as_ref().and_then(|policy| policy.open(note.as_bytes()).ok());
        let cosigners = opened.map(|opened| {
            opened.cosigners.iter().map(|cosigner| (cosigner.witness.name.clone(), cosigner.unix_seconds)).collect()
        });
        let published_size = published.checkpoint.checkpoint().size;
        let tree_size = self.ledger.head().tree_size;
        Ok(Standing {
            tree_size,
            published_size,
            published: Witnessing::of(self.policy.as_ref(), Some(note), published_size),
            head_is_unwitnessed: self.head_is_unwitnessed(),
            cosigners: cosigners.unwrap_or_default(),
            witnesses: self.witnesses_as_they_stand(tree_size),
        })
    }

    /// The witnesses, each with how far it is behind: counted from the last head of ours that it cosigned, by its root, and not from a size that it
    /// tells.
    fn witnesses_as_they_stand(&self, tree_size: u64) -> Vec<WitnessStanding> {
        let mut witnesses = self.witnesses.lock().clone();
        for witness in &mut witnesses {
            let ours = witness.cosigned_head.filter(|(size, root)| {
                *size <= tree_size && self.ledger.root_at(*size).is_ok_and(|of_log| of_log == *root)
            });
            witness.lag_entries = tree_size - ours.map_or(0, |(size, _)| size);
        }
        witnesses
    }

    /// In the text format of Prometheus.
    pub fn metrics(&self) -> String {
        let Ok(standing) = self.standing() else { return String::new() };
        let mut text = String::new();
        let mut family = |name: &str, kind: &str, help: &str, rows: &[(String, u64)]| {
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}").expect("writing to memory");
            for (labels, value) in rows {
                writeln!(text, "{name}{labels} {value}").expect("writing to memory");
            }
        };
        let alone = |value: u64| vec![(String::new(), value)];
        family(
            "mingzhang_published_size",
            "gauge",
            "Entries of the published checkpoint.",
            &alone(standing.published_size),
        );
        if self.policy.is_none() {
            return text;
        }
        let unwitnessed = u64::from(standing.head_is_unwitnessed);
        family(
            "mingzhang_unwitnessed_head",
            "gauge",
            "1 if the quorum was not met in the last round.",
            &alone(unwitnessed),
        );
        let each = |value: &dyn Fn(&WitnessStanding) -> u64| -> Vec<(String, u64)> {
            let label = |name: &str| format!("{{witness=\"{}\"}}", name.replace('\\', "\\\\").replace('"', "\\\""));
            standing.witnesses.iter().map(|witness| (label(&witness.name), value(witness))).collect()
        };
        let (counter, gauge) = ("counter", "gauge");
        family("mingzhang_witness_submissions_total", counter, "Checkpoints submitted.", &each(&|w| w.submissions));
        family(
            "mingzhang_witness_failures_total",
            counter,
            "Submissions without a cosignature.",
            &each(&|w| w.failures),
        );
        family("mingzhang_witness_cosigned_size", gauge, "Entries that it cosigned last.", &each(&|w| w.cosigned_size));
        family(
            "mingzhang_witness_lag_entries",
            gauge,
            "Durable entries that it hasn't cosigned.",
            &each(&|w| w.lag_entries),
        );
        let alarm = |w: &WitnessStanding| u64::from(w.trouble.as_ref().is_some_and(Trouble::is_alarm));
        family("mingzhang_witness_alarm", gauge, "1 if it contradicts the ledger.", &each(&alarm));
        text
    }
}
