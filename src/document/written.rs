//! Values as people write them, in integer arithmetic: what every format prints in a cell.

use super::Cell;
use mingzhang_events::Points;

/// So many minutes has a day.
const DAY: i64 = 1_440;

impl Cell {
    /// As it is printed.
    pub fn written(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Name(text) | Cell::Worded { words: text, .. } => text.clone(),
            Cell::Count(number) => count(*number),
            Cell::Points(points) => points_in_column(*points),
            Cell::Percent(hundredths) => format!("{}.{:02}%", hundredths / 100, hundredths % 100),
            Cell::Minutes(minutes) => hours_and_minutes(*minutes),
            Cell::Date(date) => date.to_string(),
            Cell::Time(minutes) => time_of_day(*minutes),
            Cell::Withheld(sign) => (*sign).to_owned(),
        }
    }
}

/// `12345` as `12,345`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12,345.50` points with both decimals always, so that a column of them can be read down.
pub fn points_in_column(points: Points) -> String {
    let magnitude = points.hundredths().unsigned_abs();
    let sign = if points.hundredths() < 0 { "−" } else { "" };
    format!("{sign}{}.{:02}", count(magnitude / 100), magnitude % 100)
}

/// `20:30`: hours and minutes.
pub fn hours_and_minutes(minutes: u64) -> String {
    format!("{}:{:02}", count(minutes / 60), minutes % 60)
}

/// `19:05`; on another day with that.
fn time_of_day(minutes: i64) -> String {
    let other_day = match minutes.div_euclid(DAY) {
        ..0 => "前日",
        0 => "",
        1.. => "次日",
    };
    let minutes = minutes.rem_euclid(DAY);
    format!("{other_day}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::{count, hours_and_minutes, points_in_column};
    use crate::document::Cell;
    use jiff::civil::date;
    use mingzhang_events::Points;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
        assert_eq!(points_in_column(Points::from_hundredths(-123_450)), "−1,234.50");
        assert_eq!(hours_and_minutes(1_230), "20:30");
    }

    #[test]
    fn a_cell_is_printed_as_people_write_its_value() {
        for (cell, written) in [
            (Cell::Empty, ""),
            (Cell::Percent(9_583), "95.83%"),
            (Cell::Percent(10_000), "100.00%"),
            (Cell::Date(date(2026, 11, 3)), "2026-11-03"),
            (Cell::Time(425), "07:05"),
            (Cell::Time(1_440), "次日00:00"),
            (Cell::Time(-1), "前日23:59"),
            (Cell::Worded { words: "2小时".to_owned(), value: Box::new(Cell::Minutes(120)) }, "2小时"),
            (Cell::Withheld("＊"), "＊"),
        ] {
            assert_eq!(cell.written(), written);
        }
    }
}
