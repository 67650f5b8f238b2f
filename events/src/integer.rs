//! Counts in the log, for `#[serde(with)]`: at most 2^53 − 1, because RFC 8785 writes numbers as IEEE doubles and beyond
//! that two counts have the same bytes (RFC 7493 §2.2). Pure.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serializer};

const LARGEST: u64 = (1 << 53) - 1;

fn too_large(value: u64) -> String {
    format!("{value} is above {LARGEST}, the largest integer that canonical JSON keeps apart from the next")
}

pub(crate) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    if *value <= LARGEST { serializer.serialize_u64(*value) } else { Err(S::Error::custom(too_large(*value))) }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = u64::deserialize(deserializer)?;
    if value <= LARGEST { Ok(value) } else { Err(D::Error::custom(too_large(value))) }
}
