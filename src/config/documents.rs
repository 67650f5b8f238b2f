//! How documents look and are numbered: the section `[documents]` of `mingzhang.toml`.

use super::wording::DocumentWording;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the operator sets about documents. Every key has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentConfig {
    /// 红头, such as `中共书院街道工作委员会文件`; the issuing body and the name of the series if absent, and none if empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// 发文字号 of notices.
    pub notice_number: NumberFormat,
    /// The number of a certificate of voluntary service.
    pub certificate_number: NumberFormat,
    /// Whether room is left for a seal (GB/T 9704-2012 §7.3.5): name and date stand otherwise without one.
    pub sealed: bool,
    /// Whom to turn to with objections and questions, as it is printed: an office, an address, a telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What the office words itself. Last: a table in TOML.
    #[serde(skip_serializing_if = "DocumentWording::is_default")]
    pub wording: DocumentWording,
}

impl Default for DocumentConfig {
    fn default() -> DocumentConfig {
        let format = |text: &str| text.parse().expect("a number format");
        DocumentConfig {
            header: None,
            notice_number: format("〔{year}〕{n}号"),
            certificate_number: format("志证〔{year}〕{n}号"),
            sealed: true,
            contact: None,
            wording: DocumentWording::default(),
        }
    }
}

impl DocumentConfig {
    /// Whether it is what a new ledger has.
    pub fn is_default(&self) -> bool {
        *self == DocumentConfig::default()
    }
}

/// How numbers are written: a text with `{n}` once and `{year}` at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat(String);

/// Not such a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no number format: write {{n}} once and {{year}} at most once, as in 〔{{year}}〕{{n}}号, in 40 characters at most"
)]
pub struct NumberFormatError(String);

const N: &str = "{n}";
const YEAR: &str = "{year}";
const CHARACTERS_MAX: usize = 40;

impl FromStr for NumberFormat {
    type Err = NumberFormatError;
    fn from_str(text: &str) -> Result<NumberFormat, NumberFormatError> {
        let rest = text.replacen(N, "", 1).replacen(YEAR, "", 1);
        let fits = text.contains(N) && !rest.contains(['{', '}']) && text.chars().count() <= CHARACTERS_MAX;
        if fits && !text.chars().any(char::is_control) {
            return Ok(NumberFormat(text.to_owned()));
        }
        Err(NumberFormatError(text.to_owned()))
    }
}

impl fmt::Display for NumberFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for NumberFormat {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NumberFormat {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<NumberFormat, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl NumberFormat {
    /// The number `n` of a year.
    pub fn number(&self, year: i16, n: u32) -> String {
        self.0.replacen(N, &n.to_string(), 1).replacen(YEAR, &year.to_string(), 1)
    }

    /// The number after the highest of these that are of this format and year: 1 if none is.
    pub fn next<'a>(&self, year: i16, used: impl IntoIterator<Item = &'a str>) -> String {
        let pattern = self.0.replacen(YEAR, &year.to_string(), 1);
        let (before, after) = pattern.split_once(N).expect("held when it was read");
        let n = |number: &str| number.strip_prefix(before)?.strip_suffix(after)?.parse::<u32>().ok();
        let highest = used.into_iter().filter_map(n).max().unwrap_or(0);
        self.number(year, highest.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::NumberFormat;

    #[test]
    fn the_next_number_follows_the_highest_of_the_same_year_and_format() {
        let format: NumberFormat = "〔{year}〕{n}号".parse().expect("a format");
        let used = ["〔2026〕9号", "〔2026〕10号", "〔2025〕99号", "志证〔2026〕50号", "〔2026〕x号"];
        assert_eq!(format.next(2026, used), "〔2026〕11号");
        assert_eq!(format.next(2027, used), "〔2027〕1号");
        let plain: NumberFormat = "第{n}期".parse().expect("a format");
        assert_eq!(plain.next(2026, ["第7期"]), "第8期");
    }

    #[test]
    fn a_format_has_one_number_and_at_most_one_year() {
        for faulty in ["", "{year}", "{n}{n}", "{n}{year}{year}", "{n}{x}", "{n", &"{n}".repeat(14)] {
            assert!(faulty.parse::<NumberFormat>().is_err(), "{faulty}");
        }
    }
}
