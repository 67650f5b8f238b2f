//! Verifying a ledger's directory: reads only, also while a server holds it.

use super::state_snapshot::{self, Kept};
use super::{LedgerDirectory, ServiceError, signing};
use crate::audit::{
    Finding, Previous, Published, SnapshotFile, Verified, found_in_signed_entries, key_in_force, policy_over_handovers,
    verify_ledger,
};
use crate::config::Config;
use crate::keys::{self, Algorithm};
use crate::ledger::{LedgerState, tree_of_size};
use crate::store::{BeyondEnd, EventStore, SignedHead, SignedHeadsFile, SqliteStore, StoreError};
use crate::transparency::{Checkpoint, Hash, Note, NoteError, Policy, PolicyError, SignedCheckpoint, VerifierKey};
use mingzhang_events::RecordedEvent;
use std::path::Path;

/// Why a verification didn't end well.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Something contradicts itself.
    #[error(transparent)]
    Finding(#[from] Finding),
    /// There is nothing to verify, or it can't be read.
    #[error(transparent)]
    Service(ServiceError),
    /// The key to check the checkpoint with isn't one.
    #[error("reading the verifier key")]
    Key(#[source] NoteError),
}

impl From<ServiceError> for VerifyError {
    fn from(error: ServiceError) -> VerifyError {
        if let ServiceError::Contradiction(finding) = error { finding.into() } else { VerifyError::Service(error) }
    }
}

/// Checks a ledger's directory against its entries, and against earlier checkpoints that others kept. The published checkpoint has to meet the
/// policy of whoever asks; without one the ledger's own key tells itself. Calls `progress` with entries done and their total.
pub fn verify(
    path: &Path,
    policy: Option<&Policy>,
    earlier: &[Previous],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified, VerifyError> {
    let directory = LedgerDirectory::at(path);
    if !directory.config().exists() {
        return Err(ServiceError::NoLedger(path.to_owned()).into());
    }
    let config = Config::read(&directory.config()).map_err(ServiceError::from)?;
    let public_keys = public_keys(&directory)?;
    // In this order: what is signed, published or kept while the log is being read is of a later size.
    let note = signing::published(&directory)?;
    let key = match policy {
        Some(policy) => trusted_key(policy, &config.origin, &note)?,
        None => log_key(&directory, &config)?,
    };
    let signed = SignedHeadsFile::read_last(&directory.signed_heads()).map_err(signing::forgotten)?;
    let remembered = signing::check_remembered(&note, signed);
    let snapshots = snapshot_files(&directory.snapshots());
    let mut decisions = Decisions::of(&directory);
    let store = SqliteStore::open_read_only(&directory.log()).map_err(Finding::from)?;
    if let Err(older) = remembered {
        // A head of another history was written there for good: that is the worse finding.
        signed.map_or(Ok(()), |signed| check_signed(&store, signed, store.head().map_err(Finding::from)?))?;
        return Err(older.into());
    }
    let published = Published { note: &note, key: &key };
    let beside = &mut |log_index, event: &RecordedEvent| decisions.take(log_index, event);
    let verified = verify_ledger(&store, &config.origin, Some(published), &snapshots, beside, progress)
        .map_err(|finding| in_signed_entries(&store, &published, earlier, finding))?;
    // From here on the stored nodes are known to be those of the entries.
    if let Some(signed) = signed {
        check_signed(&store, signed, verified.tree_size)?;
    }
    if let Some(policy) = policy {
        let policy = policy_over_handovers(&store, policy, verified.tree_size)?;
        policy.check(&note).map_err(|source| Finding::CheckpointNotMet { source })?;
    }
    for previous in earlier {
        check_earlier(&store, previous, &key, &config.origin, verified.tree_size)?;
    }
    decisions.check(&store, verified.tree_size)?;
    check_beside(&note, &public_keys)?;
    if let Some(BeyondEnd { table, position, tree_size }) = store.beyond_end().map_err(Finding::from)? {
        return Err(Finding::BeyondEnd { table, position, tree_size }.into());
    }
    // Last, because it can't tell which entry it is.
    match store.check_structure() {
        Ok(()) => Ok(verified),
        Err(StoreError::Damaged { what, .. }) => Err(Finding::DatabaseDamaged { what }.into()),
        Err(error) => Err(Finding::Unfinished(error).into()),
    }
}

/// What was found, told better if the entries are those of the published checkpoint. Of the earlier ones those count that the log's key signed.
fn in_signed_entries(
    store: &dyn EventStore,
    published: &Published<'_>,
    earlier: &[Previous],
    finding: Finding,
) -> Finding {
    let signed_by = |size: u64| key_in_force(store, published.key, size).ok();
    let signed = Checkpoint::of_note(published.note).ok();
    let signed = signed.and_then(|claimed| SignedCheckpoint::open(published.note, &signed_by(claimed.size)?).ok());
    let Some(signed) = signed.as_ref().map(SignedCheckpoint::checkpoint) else { return finding };
    let opened = |kept: &Previous| {
        let claimed = kept.claimed();
        let of_log = claimed.origin == signed.origin && claimed.size <= signed.size;
        kept.opened(&Policy::of_log(signed_by(claimed.size).filter(|_| of_log)?)).ok()
    };
    let earlier: Vec<Checkpoint> = earlier.iter().filter_map(opened).collect();
    found_in_signed_entries(store, signed, &earlier, finding)
}

/// The key of a policy to begin with: the one that signed the checkpoint, or else any of the log; the log tells who followed whom.
fn trusted_key(policy: &Policy, origin: &str, note: &[u8]) -> Result<VerifierKey, VerifyError> {
    match policy.open(note) {
        Ok(witnessed) => Ok(witnessed.log.clone()),
        Err(source) => {
            let of_log = policy.logs().iter().map(|log| &log.key).find(|key| key.name() == origin);
            of_log.cloned().ok_or_else(|| Finding::CheckpointNotMet { source }.into())
        }
    }
}

/// The key that signs the log at present, as its directory tells it.
pub(super) fn log_key(directory: &LedgerDirectory, config: &Config) -> Result<VerifierKey, VerifyError> {
    let told = public_keys(directory)?.into_iter().next();
    let key = told.map_or_else(|| key_of_the_secret(directory, config), Ok)?;
    VerifierKey::parse(&key).map_err(VerifyError::Key)
}

/// The keys in `verifier-key`; none if there is no such file.
fn public_keys(directory: &LedgerDirectory) -> Result<Vec<String>, VerifyError> {
    match std::fs::read_to_string(directory.verifier_key()) {
        Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(ServiceError::File { doing: "reading", path: directory.verifier_key(), source }.into()),
    }
}

fn key_of_the_secret(directory: &LedgerDirectory, config: &Config) -> Result<String, ServiceError> {
    let path = directory.signing_key();
    Ok(keys::read(&path, &config.origin, Algorithm::Ed25519, &keys::no_passphrase)?.verifier_key())
}

/// What the keys beside the log's own have signed, they have signed rightly.
fn check_beside(note: &[u8], public_keys: &[String]) -> Result<(), VerifyError> {
    let keys = public_keys.iter().skip(1).map(|key| VerifierKey::parse(key)).collect::<Result<Vec<_>, _>>();
    let keys = keys.map_err(VerifyError::Key)?;
    let wrong = |source: NoteError| Finding::CheckpointNotSigned { source: source.into() };
    Note::parse(note).and_then(|note| note.signatures_by(&keys).map(drop)).map_err(wrong)?;
    Ok(())
}

/// The head that was signed last is one of this log.
fn check_signed(store: &dyn EventStore, signed: SignedHead, tree_size: u64) -> Result<(), VerifyError> {
    let SignedHead { tree_size: signed, root } = signed;
    if signed > tree_size {
        return Err(Finding::OlderThanSigned { signed, tree_size }.into());
    }
    if root_of_size(store, signed)? != root {
        return Err(Finding::OtherThanSigned { signed }.into());
    }
    Ok(())
}

/// The log extends a checkpoint that it signed before.
fn check_earlier(
    store: &dyn EventStore,
    previous: &Previous,
    trusted: &VerifierKey,
    origin: &str,
    tree_size: u64,
) -> Result<(), VerifyError> {
    let not_signed = |source: PolicyError| Finding::EarlierNotSigned { source };
    let claimed = previous.claimed();
    if claimed.origin != origin {
        return Err(Finding::EarlierOfOtherLog { origin: claimed.origin.clone() }.into());
    }
    let in_force = key_in_force(store, trusted, claimed.size.min(tree_size))?;
    let Checkpoint { size, root, .. } = previous.opened(&Policy::of_log(in_force)).map_err(not_signed)?;
    if size > tree_size {
        return Err(Finding::RolledBack { earlier: size, published: tree_size }.into());
    }
    if root_of_size(store, size)? != root {
        return Err(Finding::Forked { earlier: size }.into());
    }
    Ok(())
}

fn root_of_size(store: &dyn EventStore, size: u64) -> Result<Hash, VerifyError> {
    Ok(tree_of_size(store, size).map_err(ServiceError::from)?.root())
}

/// The snapshot of the decision state against a replay up to its size.
struct Decisions {
    snapshot: Option<(Kept, u64)>,
    state: LedgerState,
}

impl Decisions {
    /// Entries after which what could be undone is forgotten: a replay undoes nothing.
    const FORGET_EVERY: u64 = 8_192;

    fn of(directory: &LedgerDirectory) -> Decisions {
        let kept = state_snapshot::kept(directory);
        let snapshot = kept.and_then(|kept| {
            let size = LedgerState::from_bytes(kept.bytes())?.tree_size();
            Some((kept, size))
        });
        Decisions { snapshot, state: LedgerState::default() }
    }

    fn take(&mut self, log_index: u64, event: &RecordedEvent) {
        if self.snapshot.as_ref().is_some_and(|(_, size)| log_index < *size) {
            self.state.apply(log_index, event);
            if log_index % Self::FORGET_EVERY == Self::FORGET_EVERY - 1 {
                let mark = self.state.mark();
                self.state.forget_before(&mark);
            }
        }
    }

    fn check(self, store: &dyn EventStore, tree_size: u64) -> Result<(), VerifyError> {
        let Some((kept, size)) = self.snapshot else { return Ok(()) };
        // One of another log is never used.
        if size > tree_size || root_of_size(store, size)? != kept.root || self.state.to_bytes() == kept.bytes() {
            return Ok(());
        }
        Err(Finding::DecisionsDiffer { tree_size: size }.into())
    }
}

/// Files named `<tree size>-<root>.models`, smallest size first.
fn snapshot_files(directory: &Path) -> Vec<SnapshotFile> {
    let Ok(files) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut snapshots: Vec<SnapshotFile> = files
        .filter_map(|file| {
            let path = file.ok()?.path();
            let (tree_size, root) = path.file_name()?.to_str()?.strip_suffix(".models")?.split_once('-')?;
            let (tree_size, root) = (tree_size.parse().ok()?, parse_hex(root)?);
            Some(SnapshotFile { tree_size, root, path })
        })
        .collect();
    snapshots.sort_by_key(|file| file.tree_size);
    snapshots
}

fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    bytes?.try_into().ok()
}
