//! Who signs for a ledger's directory, and what was signed there before.

use super::{LedgerDirectory, ServiceError};
use crate::config::Config;
use crate::keys;
use crate::ledger::Signing;
use crate::store::{SignedHead, SignedHeads, SignedHeadsFile};
use crate::transparency::{SignedCheckpoint, Signer, VerifierKey};

/// The keys of the directory with the head that was signed last.
pub(super) fn signing(directory: &LedgerDirectory, config: &Config) -> Result<Signing, ServiceError> {
    let signer = keys::read(&directory.signing_key(), &config.origin)?;
    let heads = Box::new(signed_heads(directory, signer.as_ref())?);
    Ok(Signing { signers: vec![signer], heads })
}

/// A file that was lost is made again from the published checkpoint: that one was signed for certain.
fn signed_heads(directory: &LedgerDirectory, signer: &dyn Signer) -> Result<SignedHeadsFile, ServiceError> {
    let path = directory.signed_heads();
    if path.exists() {
        return Ok(SignedHeadsFile::open(&path)?);
    }
    tracing::warn!(path = %path.display(), "made again from the published checkpoint: what was signed after it is forgotten");
    let heads = SignedHeadsFile::create(&path)?;
    if let Some(head) = published(directory, signer) {
        heads.remember(head)?;
    }
    Ok(heads)
}

/// The head of the published checkpoint, if the log's own key signed it.
fn published(directory: &LedgerDirectory, signer: &dyn Signer) -> Option<SignedHead> {
    let note = std::fs::read(directory.checkpoint()).ok()?;
    let key = VerifierKey::parse(&signer.verifier_key()).ok()?;
    let signed = SignedCheckpoint::open(&note, &key).ok()?;
    let checkpoint = signed.checkpoint();
    Some(SignedHead { tree_size: checkpoint.size, root: checkpoint.root })
}
