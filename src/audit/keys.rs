//! Which key signs the log at which size: the handovers among its entries, one after another.

use super::Finding;
use super::scan::entries_of_types;
use crate::store::EventStore;
use crate::transparency::{CheckpointError, KeyKind, NoteError, Policy, VerifierKey, check_handover};
use mingzhang_events::{Event, RecordedEvent, SigningKeyRotated};

/// The stored name of an entry that hands over.
pub(super) const HANDOVER: &str = "mingzhang.signing-key.rotated.v1";

/// The handovers seen so far, in order.
#[derive(Default)]
pub(super) struct Keys(Vec<Handover>);

struct Handover {
    log_index: u64,
    old: VerifierKey,
    new: VerifierKey,
}

impl Keys {
    /// Those among the first `tree_size` entries. Looks at no other entry; that they are in the log is for whoever checks its root.
    pub(super) fn of_log(store: &dyn EventStore, tree_size: u64) -> Result<Keys, Finding> {
        let mut keys = Keys::default();
        for (log_index, event) in entries_of_types(store, tree_size, &[HANDOVER])? {
            keys.take(log_index, &event)?;
        }
        Ok(keys)
    }

    /// Takes an entry. A handover is by the key that is in force, and signed by both.
    pub(super) fn take(&mut self, log_index: u64, event: &RecordedEvent) -> Result<(), Finding> {
        let Event::SigningKeyRotated(SigningKeyRotated { handover, new_key, old_key }) = &event.event else {
            return Ok(());
        };
        let not_proved = |source: NoteError| Finding::HandoverNotProved { log_index, source };
        let old = VerifierKey::parse(old_key).map_err(not_proved)?;
        let new = VerifierKey::parse(new_key).map_err(not_proved)?;
        if self.0.last().is_some_and(|before| before.new != old) {
            return Err(not_proved(NoteError::NotSigned));
        }
        check_handover(handover.as_bytes(), &old, &new).map_err(not_proved)?;
        self.0.push(Handover { log_index, old, new });
        Ok(())
    }

    /// How often the key was handed over.
    pub(super) fn handovers(&self) -> usize {
        self.0.len()
    }

    /// The key that signs the log of that size, for whoever trusts one of the keys that ever signed it. A second key (SM2) isn't handed over
    /// in the log: whoever trusts it trusts it at every size.
    pub(super) fn in_force(&self, trusted: &VerifierKey, tree_size: u64) -> Result<VerifierKey, Finding> {
        if trusted.kind() == KeyKind::Sm2 {
            return Ok(trusted.clone());
        }
        let Some(first) = self.0.first() else { return Ok(trusted.clone()) };
        if !self.have(trusted) {
            let source = CheckpointError::Note(NoteError::NotSigned);
            return Err(Finding::CheckpointNotSigned { source });
        }
        let last = self.0.iter().rev().find(|handover| handover.log_index < tree_size);
        Ok(last.map_or(&first.old, |handover| &handover.new).clone())
    }

    /// A policy, with all keys of the log if it trusts one of them: each was signed by the one before and the one after.
    pub(super) fn added_to(&self, policy: &Policy) -> Policy {
        if !policy.logs().iter().any(|log| self.have(&log.key)) {
            return policy.clone();
        }
        policy.with_log_keys(self.0.iter().flat_map(|handover| [&handover.old, &handover.new]))
    }

    fn have(&self, key: &VerifierKey) -> bool {
        self.0.first().is_some_and(|first| first.old == *key) || self.0.iter().any(|handover| handover.new == *key)
    }
}

/// The key that signs a log at a size, for whoever trusts one of the keys that ever signed it: along the handovers among the entries.
pub fn key_in_force(store: &dyn EventStore, trusted: &VerifierKey, tree_size: u64) -> Result<VerifierKey, Finding> {
    Keys::of_log(store, store.head()?)?.in_force(trusted, tree_size)
}

/// A policy with all keys of a log, along the handovers among its entries, if it trusts one of them.
pub fn policy_over_handovers(store: &dyn EventStore, policy: &Policy, tree_size: u64) -> Result<Policy, Finding> {
    Ok(Keys::of_log(store, tree_size)?.added_to(policy))
}
