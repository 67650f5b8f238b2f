//! A command: a fact that somebody proposes to record. `decide` says yes or no; it never changes the fact.

use mingzhang_events::{Event, EventId, Evidence, Instant};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// What makes a repeated command the same command (幂等键): 1 to 200 visible ASCII characters, one meaning in the whole
/// ledger. The event's id is derived from it, so the log itself remembers which keys were used.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Box<str>);

/// Not 1 to 200 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to 200 visible ASCII characters: use a UUID, or a number of your own system")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// The key that stands for this content: for imports, where the same row twice is the same fact.
    pub fn of_content(parts: &[&str]) -> IdempotencyKey {
        let mut hash = Sha256::new_with_prefix(b"mingzhang/content-key/v1\0");
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let id = u128::from_be_bytes(digest[..16].try_into().expect("16 of 32 bytes"));
        IdempotencyKey(EventId(id).to_string().into())
    }

    /// The id of the event that a command with this key records.
    pub fn event_id(&self) -> EventId {
        let digest: [u8; 32] =
            Sha256::new_with_prefix(b"mingzhang/event-id/v1\0").chain_update(self.0.as_bytes()).finalize().into();
        EventId(u128::from_be_bytes(digest[..16].try_into().expect("16 of 32 bytes")))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = IdempotencyKeyError;
    fn from_str(text: &str) -> Result<IdempotencyKey, IdempotencyKeyError> {
        if (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(IdempotencyKey(text.into()))
        } else {
            Err(IdempotencyKeyError)
        }
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A fact proposed for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The same key again is the same command again.
    pub key: IdempotencyKey,
    /// What happened.
    pub event: Event,
    /// How it is evidenced.
    pub evidence: Evidence,
    /// When it happened.
    pub occurred_at: Instant,
}
