//! A command: a fact that somebody proposes to record. `decide` says yes or no; it never changes the fact.

use mingzhang_events::{ActorId, Event, EventId, Evidence, ImportedRow, Instant, Month, OrganizationId, encode_data};
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
    /// The key of a fact that brings none: the same fact at the same instant is the same command. It holds opaque ids only; a
    /// key made of a name or a number could be guessed from the event's id, which is public.
    pub fn of_fact(event: &Event, occurred_at: Instant) -> IdempotencyKey {
        let content = encode_data(event).expect("an event without floats or maps is JSON");
        IdempotencyKey::of_content(&[event.stored_type(), &content, &occurred_at.to_string()])
    }

    /// The key of a plan that doesn't say when it was made.
    pub fn of_plan(event: &Event) -> IdempotencyKey {
        let content = encode_data(event).expect("an event without floats or maps is JSON");
        IdempotencyKey::of_content(&[event.stored_type(), &content])
    }

    /// The key of the notice with this number: issuing it again is the same command.
    pub fn of_notice(organization: OrganizationId, month: Month, number: &str) -> IdempotencyKey {
        IdempotencyKey::of_content(&["notice", &organization.to_string(), &month.to_string(), number])
    }

    /// The key of the disclosure of a month: opening it again is the same command.
    pub fn of_disclosure(organization: OrganizationId, month: Month, working_days: Option<u8>) -> IdempotencyKey {
        let days = working_days.unwrap_or(0).to_string();
        IdempotencyKey::of_content(&["disclosure", &organization.to_string(), &month.to_string(), &days])
    }

    /// Whether it has the form of those made from a content: that of an event's id.
    pub fn is_of_content(&self) -> bool {
        self.0.parse::<EventId>().is_ok()
    }

    /// Whether it may stand for this fact. A key in the form of those made from a content stands for that content only:
    /// else whoever has a token could take the keys of another's table before they import it.
    pub fn may_stand_for(&self, event: &Event, occurred_at: Instant) -> bool {
        if !self.is_of_content() {
            return true;
        }
        if let Event::NoticeIssued(issued) = event
            && *self == IdempotencyKey::of_notice(issued.organization, issued.month, &issued.number)
        {
            return true;
        }
        *self == IdempotencyKey::of_fact(event, occurred_at) || *self == IdempotencyKey::of_plan(event)
    }

    /// The key that stands for this content.
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

    /// The id of the event where somebody else has recorded theirs under the same key: see [`Command::is_also_whose_it_is`].
    pub fn event_id_of(&self, actor: ActorId) -> EventId {
        IdempotencyKey::of_content(&[self.as_str(), actor.as_str()]).event_id()
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
    /// Which row of which table says so, if one does. A repeated command may come from another file.
    pub imported: Option<ImportedRow>,
    /// When it happened.
    pub occurred_at: Instant,
}

impl Command {
    /// Whether the same content from somebody else is another fact: a step of a review under a key made from the content. Each step is
    /// somebody else's, and who takes it stands outside the content.
    pub fn is_also_whose_it_is(&self) -> bool {
        matches!(self.event, Event::ServiceApproved(_) | Event::ServiceReturned(_)) && self.key.is_of_content()
    }
}
