//! Who signs for a ledger's directory: its keys, the handover from one to the next, and what was signed before.
//!
//! Invariant: at every moment, also between two steps of a handover, the key that the log names is in the directory.

use super::{LedgerDirectory, Service, ServiceError};
use crate::config::Config;
use crate::durable::{MachineDisk, replace};
use crate::identity::Actor;
use crate::keys::{self, Algorithm, AskPassphrase, KeyError, Passphrase};
use crate::ledger::{Ledger, Outcome, Signing};
use crate::store::{SignedHead, SignedHeads, SignedHeadsFile};
use crate::transparency::{SignedCheckpoint, Signer, VerifierKey};
use std::path::Path;
use std::sync::Arc;

/// The keys of the directory with the head that was signed last.
pub(super) fn signing(
    directory: &LedgerDirectory,
    config: &Config,
    ask: &AskPassphrase<'_>,
) -> Result<Signing, ServiceError> {
    let read = |path: &Path, algorithm| keys::read(path, &config.origin, algorithm, ask);
    let log_key = read(&directory.signing_key(), Algorithm::Ed25519)?;
    let next = directory.next_signing_key();
    let successor = if next.exists() { Some(read(&next, Algorithm::Ed25519)?) } else { None };
    let beside =
        if config.sm2_signature { vec![read(&directory.sm2_signing_key(), Algorithm::Sm2)?] } else { Vec::new() };
    let heads = Box::new(signed_heads(directory, log_key.as_ref())?);
    Ok(Signing { log_key, successor, beside, heads })
}

/// Finishes a handover that was broken off: with the new key if the log has it, without if not. Then tells the public keys.
pub(super) fn settle(directory: &LedgerDirectory, ledger: &Ledger, log_key: &str) -> Result<(), ServiceError> {
    let next = directory.next_signing_key();
    if next.exists() {
        if ledger.verifier_key() == log_key {
            std::fs::remove_file(&next).map_err(|source| KeyError::File { doing: "removing", path: next, source })?;
        } else {
            keys::put_in_place(&next, &directory.signing_key())?;
        }
    }
    tell_public_keys(directory, ledger)
}

/// Writes `verifier-key`: the log's own key, then those that sign beside it.
fn tell_public_keys(directory: &LedgerDirectory, ledger: &Ledger) -> Result<(), ServiceError> {
    let path = directory.verifier_key();
    let text = ledger.verifier_keys().join("\n") + "\n";
    if std::fs::read_to_string(&path).is_ok_and(|told| told == text) {
        return Ok(());
    }
    replace(&MachineDisk, &path, text.as_bytes()).map_err(|source| ServiceError::File {
        doing: "writing the public key",
        path,
        source,
    })
}

impl Service {
    /// Hands the log over to a new key, which is made here, under the passphrase of the old one if it has one. The old key is
    /// gone afterwards.
    pub fn rotate_key(&self, actor: Arc<Actor>, ask: &AskPassphrase<'_>) -> Result<Outcome, ServiceError> {
        let (key, next) = (self.directory.signing_key(), self.directory.next_signing_key());
        let passphrase: Option<Passphrase> = if keys::is_encrypted(&key)? { Some(ask(&key)?) } else { None };
        // A wrong passphrase must not become that of the new key.
        let given = |path: &Path| match &passphrase {
            Some(passphrase) => Ok(passphrase.clone()),
            None => keys::no_passphrase(path),
        };
        keys::read(&key, &self.config.origin, Algorithm::Ed25519, &given)?;
        keys::create_under(&next, Algorithm::Ed25519, passphrase.as_ref())?;
        // A crash from here on: the next start finds both keys, and the log tells which one is in force.
        let successor = keys::read(&next, &self.config.origin, Algorithm::Ed25519, &given)?;
        let outcome = self.ledger.rotate_key(successor, actor)?;
        if matches!(outcome, Outcome::Recorded { .. }) {
            keys::put_in_place(&next, &key)?;
            tell_public_keys(&self.directory, &self.ledger)?;
        } else {
            std::fs::remove_file(&next).map_err(|source| KeyError::File { doing: "removing", path: next, source })?;
        }
        Ok(outcome)
    }
}

/// A file that was lost is made again from the published checkpoint: that one was signed for certain.
fn signed_heads(directory: &LedgerDirectory, log_key: &dyn Signer) -> Result<SignedHeadsFile, ServiceError> {
    let path = directory.signed_heads();
    if path.exists() {
        return Ok(SignedHeadsFile::open(&path)?);
    }
    tracing::warn!(path = %path.display(), "made again from the published checkpoint: what was signed after it is forgotten");
    let heads = SignedHeadsFile::create(&path)?;
    if let Some(head) = published(directory, log_key) {
        heads.remember(head)?;
    }
    Ok(heads)
}

/// The head of the published checkpoint, if the log's own key signed it.
fn published(directory: &LedgerDirectory, log_key: &dyn Signer) -> Option<SignedHead> {
    let note = std::fs::read(directory.checkpoint()).ok()?;
    let key = VerifierKey::parse(&log_key.verifier_key()).ok()?;
    let signed = SignedCheckpoint::open(&note, &key).ok()?;
    let checkpoint = signed.checkpoint();
    Some(SignedHead { tree_size: checkpoint.size, root: checkpoint.root })
}
