//! Dates in the log, for `#[serde(with)]`: one spelling, `2026-10-03`, from 2000 to 2199, as instants and months have. Pure.

use crate::time::digits;
use jiff::civil::Date;
use serde::de::{Deserializer, Visitor};
use serde::ser::{Error as _, Serializer};
use std::fmt;

const EXPECTED: &str = "a date like 2026-10-03 between 2000 and 2199";

fn in_range(date: Date) -> bool {
    (2000..=2199).contains(&date.year())
}

fn parse(text: &str) -> Option<Date> {
    let [year @ .., b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let (year, month, day) = (digits(year)?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (text.len() == 10 && in_range(date)).then_some(date)
}

pub(crate) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    if in_range(*date) {
        serializer.collect_str(date)
    } else {
        Err(S::Error::custom(format_args!("{date} is not {EXPECTED}")))
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = Date;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(EXPECTED)
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Date, E> {
            parse(text).ok_or_else(|| E::custom(format_args!("{text:?} is not {EXPECTED}")))
        }
    }
    deserializer.deserialize_str(Text)
}

/// The same for a date that may be absent. Present, it is never `null`.
pub(crate) mod optional {
    use super::{Date, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => super::serialize(date, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
        super::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_one_spelling_of_a_date_is_accepted() {
        assert_eq!(parse("2026-10-03").map(|date| date.to_string()), Some("2026-10-03".to_owned()));
        for refused in [
            "20261003",
            "2026-10-3",
            "2026-10-03T00:00:00",
            "2026-10-03 ",
            "+002026-10-03",
            "2026-02-30",
            "1999-12-31",
            "2200-01-01",
            "-000001-01-01",
            "２０２６-10-03",
            "",
        ] {
            assert_eq!(parse(refused), None, "{refused}");
        }
    }
}
