//! Points (积分): whole hundredths with checked arithmetic. Never a float.
//!
//! Their text is always a decimal with two places, `"12.50"`, in the log, in rules documents and in the API alike, so
//! that no reader takes 200 hundredths for 200 points.

use crate::text::read_as_text;
use std::fmt;
use std::str::FromStr;

/// An amount of points (积分) in whole hundredths; may be negative. Its text has two decimal places, as in `12.50`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(i64);

/// Of `-92233720368547758.08`.
const TEXT_LENGTH_MAX: usize = 21;

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

    /// Calls `write` with the text, made without allocating: a page of a ranking has many.
    fn with_text<T>(self, write: impl FnOnce(&str) -> T) -> T {
        let mut text = [b'0'; TEXT_LENGTH_MAX];
        let (mut at, mut magnitude) = (TEXT_LENGTH_MAX, self.0.unsigned_abs());
        // At least one digit before the point, so three in all.
        for place in 0.. {
            if place == 2 {
                at -= 1;
                text[at] = b'.';
            }
            at -= 1;
            text[at] = b'0' + u8::try_from(magnitude % 10).expect("a digit");
            magnitude /= 10;
            if magnitude == 0 && place >= 2 {
                break;
            }
        }
        if self.0 < 0 {
            at -= 1;
            text[at] = b'-';
        }
        write(std::str::from_utf8(&text[at..]).expect("ASCII"))
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
        self.with_text(|text| f.pad(text))
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Points {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

read_as_text!(Points, "an amount of points as text, like \"1.50\"");
