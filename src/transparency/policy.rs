//! Whom to trust (C2SP tlog-policy): the logs, the witnesses, and how many of them must have cosigned.
//!
//! No file is read here. Invariant: each witness counts once, in one group at most, so that a quorum means as many parties as
//! it says.

use super::policy_syntax::{self, PolicySyntaxError};
use super::{Checkpoint, CheckpointError, KeyKind, Note, NoteError, VerifierKey};

/// The rule by which a checkpoint is relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(super) logs: Vec<PolicyLog>,
    pub(super) witnesses: Vec<PolicyWitness>,
    pub(super) groups: Vec<Group>,
    /// None: no cosignature is asked for.
    pub(super) quorum: Option<Member>,
}

/// A log that the policy knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key; the key's name is the log's origin.
    pub key: VerifierKey,
    /// Where it is read.
    pub url: Option<String>,
}

/// A witness that the policy knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// What the policy calls it; the name of its key may be another.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Where checkpoints are submitted to it.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) threshold: usize,
    pub(super) members: Vec<Member>,
}

/// By its place in the policy's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Witness(usize),
    Group(usize),
}

/// A checkpoint that a log of the policy signed, and who cosigned it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed<'policy> {
    /// The head that they signed.
    pub checkpoint: Checkpoint,
    /// The log's key; of several the one with which every log signs (Ed25519).
    pub log: &'policy VerifierKey,
    /// The witnesses of the policy that cosigned it, in the order of the note.
    pub cosigners: Vec<Cosigner<'policy>>,
    /// Whether they are enough.
    pub quorum_is_met: bool,
}

/// A witness that cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosigner<'policy> {
    /// Which one.
    pub witness: &'policy PolicyWitness,
    /// When, by its clock, in Unix seconds.
    pub unix_seconds: u64,
}

impl Policy {
    /// Reads a policy. The error says which line is wrong.
    pub fn parse(text: &[u8]) -> Result<Self, PolicySyntaxError> {
        policy_syntax::parse(text)
    }

    /// The policy of who knows one log and no witness.
    #[must_use]
    pub fn of_log(key: VerifierKey) -> Self {
        Self { logs: vec![PolicyLog { key, url: None }], witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }

    /// The same with further keys of logs. Those that it knows already stay as they are.
    #[must_use]
    pub fn with_log_keys<'key>(&self, keys: impl Iterator<Item = &'key VerifierKey>) -> Self {
        let mut policy = self.clone();
        for key in keys {
            if !policy.logs.iter().any(|log| log.key == *key) {
                policy.logs.push(PolicyLog { key: key.clone(), url: None });
            }
        }
        policy
    }

    /// The logs.
    #[must_use]
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses, whether the quorum asks for them or not.
    #[must_use]
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Whether any cosignature is asked for.
    #[must_use]
    pub fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// Checks the signatures of a checkpoint: one of the logs signed it, and witnesses enough cosigned it.
    ///
    /// Unknown keys are passed over; a wrong signature of any key of the policy fails.
    pub fn check(&self, note: &[u8]) -> Result<Witnessed<'_>, PolicyError> {
        let witnessed = self.open(note)?;
        if witnessed.quorum_is_met {
            return Ok(witnessed);
        }
        let cosigners = witnessed.cosigners.iter().map(|cosigner| cosigner.witness.name.clone()).collect();
        Err(PolicyError::QuorumNotMet { quorum: self.quorum_name().to_owned(), cosigners })
    }

    /// As [`Policy::check`], but too few cosignatures are told and no error.
    pub fn open(&self, note: &[u8]) -> Result<Witnessed<'_>, PolicyError> {
        let note = Note::parse(note)?;
        let checkpoint = Checkpoint::parse(note.text)?;
        let mut signed_by: Option<&VerifierKey> = None;
        for PolicyLog { key, .. } in &self.logs {
            let signed = !note.signatures_by(std::slice::from_ref(key))?.is_empty() && key.name() == checkpoint.origin;
            if signed && signed_by.is_none_or(|other| other.kind() != KeyKind::Ed25519) {
                signed_by = Some(key);
            }
        }
        let log = signed_by.ok_or_else(|| PolicyError::UnknownLog { origin: checkpoint.origin.clone() })?;
        let mut cosigners = Vec::new();
        let mut cosigned = vec![false; self.witnesses.len()];
        for (witness, cosigned) in self.witnesses.iter().zip(&mut cosigned) {
            for (key, signature) in note.signatures_by(std::slice::from_ref(&witness.key))? {
                let unix_seconds = key.signed_at(signature).expect("a cosignature that was checked has its time");
                cosigners.push(Cosigner { witness, unix_seconds });
                *cosigned = true;
            }
        }
        let quorum_is_met = self.is_met_by(&cosigned);
        Ok(Witnessed { checkpoint, log, cosigners, quorum_is_met })
    }

    /// Whether these witnesses, by their place in the policy, are enough.
    fn is_met_by(&self, cosigned: &[bool]) -> bool {
        // A group names only what stands before it.
        let mut groups: Vec<bool> = Vec::with_capacity(self.groups.len());
        let met = |member: &Member, groups: &[bool]| match *member {
            Member::Witness(witness) => cosigned[witness],
            Member::Group(group) => groups[group],
        };
        for group in &self.groups {
            let members = group.members.iter().filter(|member| met(member, &groups)).count();
            groups.push(members >= group.threshold);
        }
        self.quorum.as_ref().is_none_or(|quorum| met(quorum, &groups))
    }

    fn quorum_name(&self) -> &str {
        match self.quorum {
            None => "none",
            Some(Member::Witness(witness)) => &self.witnesses[witness].name,
            Some(Member::Group(group)) => &self.groups[group].name,
        }
    }
}

/// Why a checkpoint doesn't meet a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It isn't a signed note, or a key of the policy signed something else.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The note is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// No log of the policy with this origin signed it.
    #[error("no log of the policy signed this checkpoint of {origin}: check which log and key the policy names")]
    UnknownLog {
        /// The origin that the checkpoint names.
        origin: String,
    },
    /// Too few witnesses cosigned it.
    #[error(
        "the quorum {quorum} isn't met: {} cosigned; wait for the witnesses, or ask them what they refused",
        listed(.cosigners)
    )]
    QuorumNotMet {
        /// The policy's name of what is asked for.
        quorum: String,
        /// The policy's names of the witnesses that cosigned.
        cosigners: Vec<String>,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "no witness of the policy".to_owned() } else { format!("only {}", names.join(", ")) }
}
