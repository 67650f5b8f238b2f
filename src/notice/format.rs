//! Numbers as people read them, in integer arithmetic.

use super::figures::Rate;
pub(crate) use crate::document::{count, hours_and_minutes, points_in_column};
use mingzhang_events::Points;

/// What stands where there is no figure.
pub(crate) const NO_FIGURE: &str = "—";

/// `95.83%`; a dash where nobody was due; ＊ where it is withheld.
pub(crate) fn percent(rate: Rate) -> String {
    match (rate, rate.percent_hundredths()) {
        (Rate::Of { numerator, denominator }, Some(_)) if numerator == denominator => "100%".to_owned(),
        (_, Some(hundredths)) => format!("{}.{:02}%", hundredths / 100, hundredths % 100),
        (Rate::Withheld, None) => WITHHELD.to_owned(),
        (Rate::Of { .. } | Rate::Nobody, None) => NO_FIGURE.to_owned(),
    }
}

/// `95.83%（23/24）`: with both counts, so that two rates that round alike are told apart.
pub(crate) fn percent_of(rate: Rate) -> String {
    match rate {
        Rate::Of { numerator, denominator } => {
            format!("{}（{}/{}）", percent(rate), count(numerator.into()), count(denominator.into()))
        }
        Rate::Nobody | Rate::Withheld => percent(rate),
    }
}

/// What stands where a figure over too few members is withheld.
pub(crate) const WITHHELD: &str = "＊";

/// `12,345.50` points, without the decimals where they are zero.
pub(crate) fn points(points: Points) -> String {
    let text = points_in_column(points);
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// `1,220小时30分`.
pub(crate) fn hours_in_words(minutes: u64) -> String {
    match minutes % 60 {
        0 => format!("{}小时", count(minutes / 60)),
        rest => format!("{}小时{rest}分", count(minutes / 60)),
    }
}

/// `+1.20`, `−0.35`, `0`: a signed amount of hundredths.
pub(crate) fn signed(hundredths: i64) -> String {
    let sign = match hundredths {
        0 => return "0".to_owned(),
        1.. => "+",
        _ => "−",
    };
    let magnitude = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", count(magnitude / 100), magnitude % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_shows_two_decimals_unless_it_is_all_of_them() {
        let of = |numerator, denominator| percent(Rate::Of { numerator, denominator });
        assert_eq!(of(1_150, 1_200), "95.83%");
        assert_eq!(of(2, 3), "66.67%");
        assert_eq!(of(99_999, 100_000), "100.00%");
        assert_eq!(of(7, 7), "100%");
        assert_eq!(of(0, 7), "0.00%");
        assert_eq!(percent(Rate::Nobody), "—");
    }

    #[test]
    fn two_rates_that_round_alike_are_told_apart_by_their_counts() {
        let of = |numerator, denominator| percent_of(Rate::Of { numerator, denominator });
        assert_eq!((of(19, 19), of(20, 20)), ("100%（19/19）".to_owned(), "100%（20/20）".to_owned()));
        assert_eq!((percent_of(Rate::Nobody), percent_of(Rate::Withheld)), ("—".to_owned(), "＊".to_owned()));
    }

    #[test]
    fn a_change_has_its_sign() {
        assert_eq!((signed(-35), signed(120), signed(0)), ("−0.35".to_owned(), "+1.20".to_owned(), "0".to_owned()));
    }
}
