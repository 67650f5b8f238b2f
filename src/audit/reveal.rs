//! A reveal (出示): the name, number and salts of one member, for whoever may know them, to be held against the commitments in the log.
//!
//! Personal: it is given to somebody, never published, and never part of a bundle. Invariant: what is read back is what was written.

use crate::transparency::{Salt, commitment};
use mingzhang_events::{Commitment, IdentityCommitted, MemberId};
use serde::{Deserialize, Serialize};

/// The format named in a reveal.
pub const REVEAL_FORMAT: &str = "mingzhang.reveal.v1";

/// What opens the commitments to a member.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// `mingzhang.reveal.v1`.
    pub format: String,
    /// The name of the log.
    pub origin: String,
    /// Whose.
    pub member: MemberId,
    /// The full name.
    pub name: String,
    /// Of the commitment to the name, in 64 hex digits.
    #[serde(with = "salt_text")]
    pub name_salt: Salt,
    /// The organisation's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Of the commitment to the number, in 64 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "salt_text::optional")]
    pub number_salt: Option<Salt>,
}

impl Reveal {
    /// Reads a file. None if it isn't one.
    pub fn parse(bytes: &[u8]) -> Option<Reveal> {
        serde_json::from_slice(bytes).ok().filter(|reveal: &Reveal| reveal.format == REVEAL_FORMAT)
    }

    /// As a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a reveal is JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Whether the commitment is to this name.
    pub(super) fn opens_name(&self, committed: &IdentityCommitted) -> bool {
        let made = Commitment(commitment(IdentityCommitted::NAME_DOMAIN, &self.name_salt, &self.name));
        committed.member == self.member && committed.name_commitment == made
    }

    /// Whether the commitment is to this number, or to none where there is none.
    pub(super) fn opens_number(&self, committed: &IdentityCommitted) -> bool {
        let made = self
            .number
            .as_ref()
            .zip(self.number_salt)
            .map(|(number, salt)| Commitment(commitment(IdentityCommitted::NUMBER_DOMAIN, &salt, number)));
        self.number.is_some() == self.number_salt.is_some() && committed.number_commitment == made
    }
}

/// A salt as text: spelt like a commitment.
mod salt_text {
    use super::{Commitment, Salt};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(salt: &Salt, serializer: S) -> Result<S::Ok, S::Error> {
        Commitment(*salt).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Salt, D::Error> {
        Commitment::deserialize(deserializer).map(|read| read.0)
    }

    pub(super) mod optional {
        use super::{Commitment, Deserialize, Deserializer, Salt, Serialize, Serializer};

        pub(in super::super) fn serialize<S: Serializer>(
            salt: &Option<Salt>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            salt.map(Commitment).serialize(serializer)
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Salt>, D::Error> {
            Ok(Option::<Commitment>::deserialize(deserializer)?.map(|read| read.0))
        }
    }
}
