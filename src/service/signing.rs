//! Who signs for a ledger's directory: its keys, the handover from one to the next, and what was signed before.
//!
//! Invariant: at every moment, also between two steps of a handover, the key that the log names is in the directory.

use super::{LedgerDirectory, Service, ServiceError};
use crate::audit::Finding;
use crate::clock::Clock;
use crate::config::Config;
use crate::durable::{MachineDisk, replace};
use crate::identity::Actor;
use crate::keys::{self, Algorithm, AskPassphrase, KeyError, Passphrase, asked_once};
use crate::ledger::{Ledger, Outcome, Signing};
use crate::publication::PublicationError;
use crate::store::{SignedHead, SignedHeads, SignedHeadsError, SignedHeadsFile};
use crate::transparency::{Checkpoint, SignedCheckpoint, Signer};
use std::path::Path;
use std::sync::Arc;

/// The keys of the directory with the head that was signed last.
pub(super) fn signing(
    directory: &LedgerDirectory,
    config: &Config,
    ask: &AskPassphrase<'_>,
) -> Result<Signing, ServiceError> {
    let read = |path: &Path, algorithm| keys::read(path, &config.origin, algorithm, ask);
    let log_key = log_key(directory, config, ask)?;
    let next = directory.next_signing_key();
    let successor = if next.exists() { Some(read(&next, Algorithm::Ed25519)?) } else { None };
    let beside =
        if config.sm2_signature { vec![read(&directory.sm2_signing_key(), Algorithm::Sm2)?] } else { Vec::new() };
    // Without word of what was signed nothing is: the log could be an older copy of itself.
    let heads = Box::new(SignedHeadsFile::open(&directory.signed_heads()).map_err(forgotten)?);
    Ok(Signing { log_key, successor, beside, heads })
}

/// The key that signs for the log.
pub(super) fn log_key(
    directory: &LedgerDirectory,
    config: &Config,
    ask: &AskPassphrase<'_>,
) -> Result<Box<dyn Signer>, ServiceError> {
    Ok(keys::read(&directory.signing_key(), &config.origin, Algorithm::Ed25519, ask)?)
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

/// Gives the log a second signature by SM2, under the passphrase of the log's own key if that has one. Gives all verifier keys.
/// Half done by a crash, it is finished by doing it again.
pub fn add_sm2(path: &Path, clock: Arc<dyn Clock>, ask: &AskPassphrase<'_>) -> Result<Vec<String>, ServiceError> {
    let ask = asked_once(ask);
    // Nobody else holds the directory, and a mistyped passphrase ends here: it must not become that of the new key.
    let service = Service::open_with(path, Arc::clone(&clock), &ask, &mut |_, _| {})?;
    let directory = LedgerDirectory::at(path);
    let (log_key, key) = (directory.signing_key(), directory.sm2_signing_key());
    if !key.exists() {
        let same = if keys::is_encrypted(&log_key)? { Some(ask(&log_key)?) } else { None };
        keys::create_under(&key, Algorithm::Sm2, same.as_ref())?;
    }
    keys::read(&key, &service.config.origin, Algorithm::Sm2, &ask)?;
    let config = Config { sm2_signature: true, ..service.config.clone() };
    let (file, text) = (directory.config(), config.to_toml());
    replace(&MachineDisk, &file, text.as_bytes()).map_err(|source| ServiceError::File {
        doing: "writing the configuration",
        path: file,
        source,
    })?;
    service.stop()?;
    drop(service);
    let service = Service::open_with(path, clock, &ask, &mut |_, _| {})?;
    service.stop()?;
    Ok(service.ledger.verifier_keys())
}

/// Writes down for the first time that a head is signed, and its checkpoint: from now on a directory without them isn't whole.
pub(super) fn begin(
    directory: &LedgerDirectory,
    config: &Config,
    head: SignedHead,
    key: &dyn Signer,
) -> Result<(), ServiceError> {
    SignedHeadsFile::create(&directory.signed_heads())?.remember(head)?;
    let checkpoint = Checkpoint::new(&config.origin, head.tree_size, head.root);
    let signed = SignedCheckpoint::sign(checkpoint, &[key]).map_err(PublicationError::Sign)?;
    replace(&MachineDisk, &directory.checkpoint(), signed.note().as_bytes()).map_err(|source| ServiceError::File {
        doing: "writing the checkpoint",
        path: directory.checkpoint(),
        source,
    })
}

/// The checkpoint that the ledger in a directory has published last, for anybody: neither the key nor the log is opened.
pub fn published_note(path: &Path) -> Result<Vec<u8>, ServiceError> {
    let directory = LedgerDirectory::at(path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path.to_owned()));
    }
    published(&directory)
}

/// The checkpoint published last.
pub(super) fn published(directory: &LedgerDirectory) -> Result<Vec<u8>, ServiceError> {
    std::fs::read(directory.checkpoint()).map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            return Finding::CheckpointMissing.into();
        }
        ServiceError::File { doing: "reading", path: directory.checkpoint(), source }
    })
}

/// A memory of what was signed that is missing or damaged is a finding.
pub(super) fn forgotten(error: SignedHeadsError) -> ServiceError {
    match error {
        SignedHeadsError::Missing(_) => Finding::SignedHeadsMissing.into(),
        SignedHeadsError::Damaged(_) => Finding::SignedHeadsDamaged.into(),
        SignedHeadsError::File { .. } => error.into(),
    }
}

/// Every head is remembered before it is published. What isn't a checkpoint at all is told of by whoever reads it.
pub(super) fn check_remembered(note: &[u8], last: Option<SignedHead>) -> Result<(), Finding> {
    let signed = last.map_or(0, |head| head.tree_size);
    match Checkpoint::of_note(note) {
        Ok(Checkpoint { size: published, .. }) if published > signed || last.is_none() => {
            Err(Finding::SignedHeadsOlder { signed, published })
        }
        Ok(_) | Err(_) => Ok(()),
    }
}
