//! Points (积分): whole hundredths with checked arithmetic. Never a float.
//!
//! Their text is always a decimal with two places, `"12.50"`, in the log, in rules documents and in the API alike, so
//! that no reader takes 200 hundredths for 200 points.

use std::fmt;
use std::str::FromStr;

/// An amount of points (积分) in whole hundredths; may be negative. Its text has two decimal places, as in `12.50`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(i64);

/// Not a decimal with at most two places, or beyond 64 bits of hundredths.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an amount of points like 2, 1.5 or -0.25 (at most two decimal places)")]
pub struct PointsError(String);

impl Points {
    /// No points.
    pub const ZERO: Points = Points(0);
    /// The largest amount a rule or a grant may name: 1,000,000 points.
    pub const LARGEST: Points = Points(100_000_000);

    /// From hundredths.
    pub const fn from_hundredths(hundredths: i64) -> Points {
        Points(hundredths)
    }

    /// In hundredths.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond the range of 64 bits.
    pub fn checked_add(self, other: Points) -> Option<Points> {
        self.0.checked_add(other.0).map(Points)
    }

    /// So many times this amount, or `None` beyond the range of 64 bits.
    pub fn checked_times(self, count: i64) -> Option<Points> {
        self.0.checked_mul(count).map(Points)
    }
}

impl std::ops::Neg for Points {
    type Output = Points;
    fn neg(self) -> Points {
        Points(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Points {
    /// The sum; saturates at the range of 64 bits, which no ledger reaches (9·10^16 points).
    fn sum<I: Iterator<Item = Points>>(amounts: I) -> Points {
        Points(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

impl FromStr for Points {
    type Err = PointsError;
    fn from_str(text: &str) -> Result<Points, PointsError> {
        let refused = || PointsError(text.to_owned());
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
            return Err(refused());
        }
        let sign = if negative { "-" } else { "" };
        format!("{sign}{whole}{fraction:0<2}").parse().map(Points).map_err(|_| refused())
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100))
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Points {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Points {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Points, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Points;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount of points as text, like \"1.50\"")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Points, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}
