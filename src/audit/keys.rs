//! Which key signs the log at which size: the handovers among its entries, one after another.

use super::Finding;
use crate::transparency::{CheckpointError, NoteError, VerifierKey, check_handover};
use mingzhang_events::{Event, RecordedEvent, SigningKeyRotated};

/// The handovers seen so far, in order.
#[derive(Default)]
pub(super) struct Keys(Vec<Handover>);

struct Handover {
    log_index: u64,
    old: VerifierKey,
    new: VerifierKey,
}

impl Keys {
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

    /// The key that signs the log of that size, for whoever trusts one of the keys that ever signed it.
    pub(super) fn in_force(&self, trusted: &VerifierKey, tree_size: u64) -> Result<VerifierKey, Finding> {
        let Some(first) = self.0.first() else { return Ok(trusted.clone()) };
        if first.old != *trusted && !self.0.iter().any(|handover| handover.new == *trusted) {
            let source = CheckpointError::Note(NoteError::NotSigned);
            return Err(Finding::CheckpointNotSigned { source });
        }
        let last = self.0.iter().rev().find(|handover| handover.log_index < tree_size);
        Ok(last.map_or(&first.old, |handover| &handover.new).clone())
    }
}
