//! A column of a table: what it is called, and how wide it is. Knows no format.

use super::title::width;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Its share of the width, in characters of the body.
    pub width: u16,
}

impl Column {
    /// As wide as the widest of the texts that stand in it, so that a row takes one line; within bounds, so that no text makes the others illegible.
    pub fn fitting<'a>(heading: &str, (least, most): (u16, u16), texts: impl Iterator<Item = &'a str>) -> Column {
        let widest = texts.map(|text| width(text).div_ceil(10)).max().unwrap_or(0);
        let width = u16::try_from(widest).unwrap_or(u16::MAX).clamp(least, most);
        Column { heading: heading.to_owned(), width }
    }
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn a_column_is_as_wide_as_what_stands_in_it_within_its_bounds() {
        let width = |texts: &[&str]| Column::fitting("支部", (6, 12), texts.iter().copied()).width;
        assert_eq!(width(&["北池社区第三网格党支部", "红石榴网格党支部"]), 11);
        assert_eq!(width(&["甲支部"]), 6);
        assert_eq!(width(&[]), 6);
        assert_eq!(width(&["中国共产党孝感市孝南区书院街道工作委员会"]), 12);
        // A digit is a little over half as wide.
        assert_eq!(width(&["15726 15745"]), 7);
    }
}
