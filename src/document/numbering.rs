//! How an office writes numbers of headings and days. Chinese only.

use jiff::civil::Date;

/// The numbers of headings (GB/T 9704-2012 §7.3.3), in the order in which they come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Numbering {
    first: u32,
    second: u32,
}

impl Numbering {
    /// `一、` at depth 1, `（一）` below.
    pub(crate) fn next(&mut self, depth: u8) -> String {
        if depth <= 1 {
            *self = Numbering { first: self.first + 1, second: 0 };
            format!("{}、", in_characters(self.first))
        } else {
            self.second += 1;
            format!("（{}）", in_characters(self.second))
        }
    }
}

/// `二十三`; in digits above 99.
fn in_characters(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |digit: u32| DIGITS[digit as usize % 10];
    match number {
        1..=9 => digit(number).to_owned(),
        10..=19 => format!("十{}", digit(number % 10)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number % 10)),
        _ => number.to_string(),
    }
}

/// `2026年11月3日`.
pub fn date_in_words(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::{Numbering, in_characters};

    #[test]
    fn headings_are_numbered_by_their_depth_and_begin_anew_below_each() {
        let mut numbering = Numbering::default();
        let numbers = [1, 2, 2, 1, 2].map(|depth| numbering.next(depth));
        assert_eq!(numbers, ["一、", "（一）", "（二）", "二、", "（一）"]);
        for (number, written) in [(9, "九"), (10, "十"), (19, "十九"), (20, "二十"), (27, "二十七"), (100, "100")]
        {
            assert_eq!(in_characters(number), written);
        }
    }
}
