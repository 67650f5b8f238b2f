//! 删除个人信息: what the log says of it is carried out on the database of people. The log alone tells who is to be erased.
//!
//! Invariant: whoever the log calls erased is kept in no database of people that this service has opened, be it one that was
//! put back from a backup.

use super::{Service, ServiceError};
use crate::identity::{Identity, IdentityError};
use crate::ledger::{Command, IdempotencyKey};
use crate::notice::render::KeptFiles;
use crate::store::StoreError;
use mingzhang_events::{Event, Evidence, MemberId, PersonErased, RecordedEvent, decode};
use mingzhang_projections::ReadModels;

impl Service {
    /// Erases what is kept of somebody of whom the log has nothing more to say: it calls them erased already, or never knew them,
    /// as after a roster whose import broke off. Tells whether anything was kept.
    pub fn erase_kept(&self, member: MemberId) -> Result<bool, ServiceError> {
        let kept = !self.identity.known_of(&[member])?.is_empty();
        if kept {
            self.identity.erase(&[member])?;
        }
        Ok(kept)
    }

    /// The command that a person be erased: the one that was recorded, if it was, so that it can be repeated until the last
    /// byte is gone.
    pub fn erasing(&self, member: MemberId) -> Result<Command, ServiceError> {
        let key = IdempotencyKey::of_content(&["person-erased", &member.to_string()]);
        let recorded = self.ledger.find(key.event_id())?;
        let entry = recorded.map(|log_index| self.ledger.entries(log_index, 1)).transpose()?;
        let before = entry.and_then(|entries| decode(&entries.first()?.bytes).ok());
        let occurred_at = before.map_or_else(|| self.clock.now(), |before| before.occurred_at);
        Ok(Command {
            key,
            event: PersonErased { member }.into(),
            evidence: Evidence::Office,
            imported: None,
            occurred_at,
        })
    }
}

/// Erases whom these events say. What fails is tried again at the next start, and by whoever asked for it.
pub(super) fn carry_out(identity: &Identity, files: &KeptFiles, events: &[RecordedEvent]) {
    let erased = |recorded: &RecordedEvent| {
        if let Event::PersonErased(event) = &recorded.event { Some(event.member) } else { None }
    };
    let members: Vec<MemberId> = events.iter().filter_map(erased).collect();
    if members.is_empty() {
        return;
    }
    if let Err(failure) = identity.erase(&members) {
        tracing::error!(error = %failure, "a person who was erased by the log is still in the database of people");
    }
    files.forget();
}

/// Erases whoever came back with an old copy of the database, or was left by a crash: their rows, or only the old bytes of them.
pub(super) fn make_good(identity: &Identity, models: &ReadModels) -> Result<(), ServiceError> {
    let erased = models.erased();
    if erased.is_empty() {
        return Ok(());
    }
    let left = identity.known_of(&erased)?;
    match identity.erase(&left) {
        Err(IdentityError::Store(StoreError::PeopleInUse)) if left.is_empty() => {
            // Perhaps only to copy it. The next start looks again.
            tracing::warn!(
                "another process reads the database of people: old bytes of erased people may still be in it"
            );
            Ok(())
        }
        erased => Ok(erased?),
    }
}
