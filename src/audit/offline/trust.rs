//! Whether the checkpoint of a bundle is one to rely on: who signed it, who cosigned it, and what it has to continue.

use super::finding::{AuditFinding, Findings};
use super::verdict::Outcome;
use crate::audit::Previous;
use crate::audit::bundle::Manifest;
use crate::audit::keys::Keys;
use crate::transparency::{Checkpoint, Policy, PolicyError, VerifierKey};
use std::io;

/// Where the key comes from that the checkpoint is checked with.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// A policy that the supervising body keeps: the log's key, the witnesses, the quorum.
    Policy(&'a Policy),
    /// The bundle itself: whoever made the bundle could have made the key as well.
    Bundle,
}

/// What the checkpoint of a bundle came to.
pub(super) struct Trusted {
    /// None if it can't even be read.
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) verifier_key: String,
    pub(super) cosigners: Vec<String>,
    pub(super) signed: Outcome,
    pub(super) witnessed: Outcome,
}

/// Whom to rely on for a bundle: the policy that was given, or the key that the bundle names, with the keys from and to which the log was
/// handed over if without them it can't be told who signed. `handovers` looks for them. None if the key can't be read; `findings` tells why.
pub(super) fn policy_for(
    trust: Trust<'_>,
    manifest: &Manifest,
    notes: &[&[u8]],
    handovers: impl FnOnce() -> io::Result<Keys>,
    findings: &mut Findings,
) -> io::Result<Option<Policy>> {
    let policy = match trust {
        Trust::Policy(policy) => policy.clone(),
        Trust::Bundle => match VerifierKey::parse(&manifest.verifier_key) {
            Ok(key) => Policy::of_log(key),
            Err(fault) => {
                let why = format!("the key in the manifest can't be read: {fault}");
                findings.push(AuditFinding::CheckpointNotSigned { why });
                return Ok(None);
            }
        },
    };
    let stranger = |note: &&[u8]| matches!(policy.open(note), Err(PolicyError::UnknownLog { .. }));
    Ok(Some(if notes.iter().any(stranger) { handovers()?.added_to(&policy) } else { policy }))
}

/// Checks signature and cosignatures.
pub(super) fn check_checkpoint(
    note: &[u8],
    manifest: &Manifest,
    trust: Trust<'_>,
    policy: Option<&Policy>,
    findings: &mut Findings,
) -> Trusted {
    let mut trusted = Trusted {
        checkpoint: Checkpoint::of_note(note).ok(),
        verifier_key: manifest.verifier_key.clone(),
        cosigners: Vec::new(),
        signed: Outcome::Fails,
        witnessed: Outcome::NotMade,
    };
    let Some(policy) = policy else { return trusted };
    match policy.open(note) {
        Ok(witnessed) => {
            trusted.signed = match trust {
                Trust::Policy(_) => Outcome::Holds,
                Trust::Bundle => Outcome::HoldsAsTold,
            };
            trusted.verifier_key = witnessed.log.to_string();
            trusted.cosigners = witnessed.cosigners.iter().map(|cosigner| cosigner.witness.name.clone()).collect();
            if policy.asks_for_witnesses() {
                trusted.witnessed = if witnessed.quorum_is_met { Outcome::Holds } else { Outcome::Fails };
            }
            if !witnessed.quorum_is_met {
                findings.push(AuditFinding::QuorumNotMet { cosigners: trusted.cosigners.len() });
            }
        }
        Err(fault) => findings.push(AuditFinding::CheckpointNotSigned { why: fault.to_string() }),
    }
    trusted
}

/// What can be told of an earlier checkpoint before the entries are read: it is this log's, and the log hasn't become shorter.
pub(super) fn is_of_this_log(
    previous: &Previous,
    manifest: &Manifest,
    policy: Option<&Policy>,
    findings: &mut Findings,
) -> bool {
    let Checkpoint { origin, size, .. } = &previous.checkpoint;
    if *origin != manifest.origin {
        findings.push(AuditFinding::PreviousForeign { why: format!("it is of the log {origin}") });
        return false;
    }
    if let (Some(note), Some(policy)) = (&previous.note, policy)
        && let Err(fault) = policy.open(note)
    {
        findings.push(AuditFinding::PreviousForeign { why: fault.to_string() });
        return false;
    }
    if *size > manifest.tree_size {
        findings.push(AuditFinding::RolledBack { previous: *size, tree_size: manifest.tree_size });
        return false;
    }
    true
}
