//! Names of things in the log: opaque, short, ASCII, without anything personal in them. Pure values.

use crate::text::read_as_text;
use std::fmt;
use std::str::FromStr;

/// Crockford's base 32 in lower case: no i, l, o, u, so that a number read aloud or from paper survives.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The value of each byte as a base-32 digit; 0xff where it is none.
const DIGITS: [u8; 256] = {
    let mut digits = [0xff; 256];
    let mut value = 0;
    while value < 32 {
        #[expect(clippy::cast_possible_truncation, reason = "value is below 32")]
        {
            digits[ALPHABET[value] as usize] = value as u8;
        }
        value += 1;
    }
    digits
};

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct IdError {
    text: String,
    expected: &'static str,
}

fn encode_base32<const LENGTH: usize>(mut value: u128) -> [u8; LENGTH] {
    let mut text = [b'0'; LENGTH];
    for digit in text.iter_mut().rev() {
        *digit = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    text
}

fn decode_base32(text: &[u8]) -> Option<u128> {
    let mut value: u128 = 0;
    for &byte in text {
        let digit = DIGITS[usize::from(byte)];
        if digit == 0xff || value >> 123 != 0 {
            return None;
        }
        value = value << 5 | u128::from(digit);
    }
    Some(value)
}

/// Text form, parsing and serde of an id whose `Display` and `FromStr` exist.
macro_rules! text_form {
    ($name:ident, $expected:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.with_text(|text| serializer.serialize_str(text))
            }
        }
        read_as_text!($name, $expected);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_text(|text| f.pad(text))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_text(|text| f.write_str(text))
            }
        }
    };
}

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $prefix:literal, $digits:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl $name {
            fn with_text<R>(&self, then: impl FnOnce(&str) -> R) -> R {
                let mut text = [0; $digits + 1];
                text[0] = $prefix;
                text[1..].copy_from_slice(&encode_base32::<$digits>(u128::from(self.0)));
                then(std::str::from_utf8(&text).expect("base 32 is ASCII"))
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                match text.as_bytes() {
                    [$prefix, digits @ ..] if digits.len() == $digits => {
                        decode_base32(digits).and_then(|value| <$inner>::try_from(value).ok()).map($name)
                    }
                    _ => None,
                }
                .ok_or_else(|| IdError { text: text.to_owned(), expected: $expected })
            }
        }

        text_form!($name, $expected);
    };
}

opaque_id!(
    /// A member (党员): a random pseudonym. Whose it is stands in `identity`, never in the log.
    MemberId, u64, b'm', 13, "a member id: m and 13 digits of base 32"
);
opaque_id!(
    /// A household in hardship (困难家庭): a random pseudonym. Who lives there is never in the log.
    HouseholdId, u64, b'h', 13, "a household id: h and 13 digits of base 32"
);
opaque_id!(
    /// One planned patrol, meeting or other activity (活动).
    ActivityId, u64, b'a', 13, "an activity id: a and 13 digits of base 32"
);
opaque_id!(
    /// One recorded event. Derived from the idempotency key of its command, so that a repeated command finds it.
    EventId, u128, b'e', 26, "an event id: e and 26 digits of base 32"
);

/// A short ASCII code: letters, digits, `.`, `_`, `-`; 1 to 31 bytes. It starts with a letter or digit, so that it can be a file
/// name or an argument of a command (`..` and `-f` are no codes). Copied, not allocated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Code {
    bytes: [u8; 31],
    length: u8,
}

impl Code {
    fn parse(text: &str) -> Option<Code> {
        let length = u8::try_from(text.len()).ok().filter(|length| (1..=31).contains(length))?;
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) || !text.as_bytes().iter().all(allowed) {
            return None;
        }
        let mut bytes = [0; 31];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Code { bytes, length })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).expect("codes are ASCII")
    }
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Code);

        impl $name {
            /// Its text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            fn with_text<R>(&self, then: impl FnOnce(&str) -> R) -> R {
                then(self.0.as_str())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Code::parse(text).map($name).ok_or_else(|| IdError { text: text.to_owned(), expected: $expected })
            }
        }

        text_form!($name, $expected);
    };
}

code!(
    /// An organisation: its statistical division code (统计用区划代码, 12 digits) or, below the community, that code with a
    /// suffix such as `420902001001-03`.
    OrganizationId, "an organization code: 1 to 31 letters, digits, '.', '_' or '-', a letter or digit first"
);
code!(
    /// Who records, reviews or publishes (经办人): a log-in's pseudonym, such as `w-0012`.
    ActorId, "an actor id: 1 to 31 letters, digits, '.', '_' or '-', a letter or digit first"
);
code!(
    /// A clause of the scoring rules (积分细则的条款), such as `3.1`.
    ClauseId, "a clause: 1 to 31 letters, digits, '.', '_' or '-', a letter or digit first"
);
code!(
    /// The number of a version of the scoring rules, such as `2026-1`.
    RulesVersion, "a rules version: 1 to 31 letters, digits, '.', '_' or '-', a letter or digit first"
);
