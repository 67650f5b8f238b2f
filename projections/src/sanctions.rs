//! 暂停登记: whose right to record was suspended, from when until when. A few bytes each; there are few.

use bitcode::{Decode, Encode};
use jiff::civil::Date;
use mingzhang_events::{ActorId, Instant, SuspensionReason, date_from_days};
use serde::Serialize;

/// A suspension of somebody's right to record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suspension {
    /// Whose.
    pub actor: ActorId,
    /// Why.
    pub reason: SuspensionReason,
    /// From this instant on.
    pub since: Instant,
    /// The last local day; none without an end.
    pub until: Option<Date>,
    /// When it was ended before that; none if it wasn't.
    pub restored_at: Option<Instant>,
    /// The entry that suspended.
    pub log_index: u64,
}

#[derive(Encode, Decode)]
struct Stored {
    actor: String,
    reason: u8,
    since: i64,
    /// [`u32::MAX`] without an end.
    until_day: u32,
    /// [`i64::MIN`] if it wasn't ended.
    restored_at: i64,
    log_index: u32,
}

/// Every suspension in order of the log.
#[derive(Default, Encode, Decode)]
pub(crate) struct Sanctions(Vec<Stored>);

impl Sanctions {
    pub(crate) fn suspend(
        &mut self,
        actor: ActorId,
        reason: SuspensionReason,
        until_day: Option<u32>,
        since: i64,
        log_index: u32,
    ) {
        let until_day = until_day.unwrap_or(u32::MAX);
        let (actor, reason) = (actor.to_string(), reason as u8);
        self.0.push(Stored { actor, reason, since, until_day, restored_at: i64::MIN, log_index });
    }

    pub(crate) fn restore(&mut self, actor: ActorId, at: i64) -> Option<()> {
        let actor = actor.to_string();
        let newest = self.0.iter_mut().rev().find(|stored| stored.actor == actor && stored.restored_at == i64::MIN)?;
        newest.restored_at = at;
        Some(())
    }

    /// Whether the right to record is suspended on a local day, as far as the log goes.
    pub(crate) fn is_suspended(&self, actor: ActorId, day: u32) -> bool {
        let actor = actor.to_string();
        self.0.iter().any(|stored| stored.actor == actor && stored.restored_at == i64::MIN && day <= stored.until_day)
    }

    pub(crate) fn all(&self) -> Vec<Suspension> {
        let shown = |stored: &Stored| {
            Some(Suspension {
                actor: stored.actor.parse().ok()?,
                reason: *SuspensionReason::ALL.get(usize::from(stored.reason))?,
                since: crate::span::instant(stored.since),
                until: (stored.until_day != u32::MAX).then(|| date_from_days(i64::from(stored.until_day))),
                restored_at: (stored.restored_at != i64::MIN).then(|| crate::span::instant(stored.restored_at)),
                log_index: u64::from(stored.log_index),
            })
        };
        self.0.iter().filter_map(shown).collect()
    }
}
