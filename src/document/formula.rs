//! What a spreadsheet would run. A text that somebody typed, such as a name, must stay a text wherever it is opened.
//!
//! Invariant: no cell that the program writes, as CSV or as XLSX, is taken for a formula (OWASP, CSV injection).

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula; Chinese editions of Excel take the full-width signs as well.
const STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet would take the text for a formula.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(STARTS)
}

/// The text for a cell of a CSV file: one that begins like a formula gets an apostrophe in front.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_text_that_begins_like_a_formula_gets_an_apostrophe() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM(A1)"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "张*", "'=1", "−2.00", " =1"] {
            assert_eq!(guarded(text), text);
        }
    }
}
