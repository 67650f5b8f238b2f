//! 承诺: 32 bytes that bind somebody to a text without telling it. A pure value; how it is made is no business of the log.

use crate::text::{read_as_text, read_hex, write_hex};
use std::fmt;
use std::str::FromStr;

/// A commitment (承诺) to a personal text whose salt stands in `identity`, never in the log: SHA-256 in 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Commitment(pub [u8; 32]);

/// Not 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a commitment has 64 lower-case hex digits")]
pub struct CommitmentError;

impl FromStr for Commitment {
    type Err = CommitmentError;
    fn from_str(text: &str) -> Result<Commitment, CommitmentError> {
        read_hex(text).map(Commitment).ok_or(CommitmentError)
    }
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Commitment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

read_as_text!(Commitment, "a commitment: 64 lower-case hex digits");
