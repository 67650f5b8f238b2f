//! 标题: parted into lines between its phrases and never within a word, the upper lines a little longer (梯形, GB/T 9704-2012 §7.3.1).
//!
//! Invariant: the lines, one after the other, are the title.

use std::ops::Deref;

/// Characters of size 2 (22 pt) in the width of the type area, 156 mm.
const LINE_CHARACTERS: usize = 20;
/// A Chinese character, in tenths of itself; a digit or letter is a little over half as wide.
const WIDE: usize = 10;
const NARROW: usize = 6;
/// By so much the upper line of two should be longer: a trapezoid, and no rectangle.
const STEP: usize = 2 * WIDE;

/// The title of a document, and where its lines may end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    text: String,
    /// Where each phrase ends, in bytes.
    ends: Vec<usize>,
}

impl Title {
    /// Of phrases: a line ends behind one of them.
    pub fn of(phrases: &[impl AsRef<str>]) -> Title {
        let ends = phrases.iter().scan(0, |end, phrase| {
            *end += phrase.as_ref().len();
            Some(*end)
        });
        Title { text: phrases.iter().map(AsRef::as_ref).collect(), ends: ends.collect() }
    }

    /// Its lines as they are set in size 2: as few as the width allows, and of those the most even ones. A single phrase that is wider than a line stays one.
    pub fn lines(&self) -> Vec<&str> {
        let room = LINE_CHARACTERS * WIDE;
        let phrases = self.phrases();
        let mut lines = phrases.len().min(width(&self.text).div_ceil(room)).max(1);
        while lines <= phrases.len() {
            let fits = |parted: &Vec<usize>| self.between(parted).iter().all(|line| width(line) <= room);
            let best =
                parted(phrases.len(), lines).into_iter().filter(fits).min_by_key(|parted| self.unevenness(parted));
            if let Some(best) = best {
                return self.between(&best);
            }
            lines += 1;
        }
        phrases
    }

    fn phrases(&self) -> Vec<&str> {
        self.between(&(1..self.ends.len()).collect::<Vec<_>>())
    }

    /// The lines, if they end behind so many phrases.
    fn between(&self, parted: &[usize]) -> Vec<&str> {
        let ends = parted.iter().map(|&phrases| self.ends[phrases - 1]).chain([self.text.len()]);
        let mut start = 0;
        ends.map(|end| &self.text[std::mem::replace(&mut start, end)..end]).collect()
    }

    /// How far each line is from being a step shorter than the one above it.
    fn unevenness(&self, parted: &[usize]) -> usize {
        let lines = self.between(parted);
        lines.windows(2).map(|pair| width(pair[0]).abs_diff(width(pair[1]) + STEP)).sum()
    }
}

/// Every way to part so many phrases into so many lines: behind which each line but the last ends.
fn parted(phrases: usize, lines: usize) -> Vec<Vec<usize>> {
    if lines <= 1 {
        return vec![Vec::new()];
    }
    let with_last = |last: usize| {
        parted(last, lines - 1).into_iter().map(move |mut ends| {
            ends.push(last);
            ends
        })
    };
    (lines - 1..phrases).flat_map(with_last).collect()
}

/// How wide a text is, in tenths of a Chinese character.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { NARROW } else { WIDE }).sum()
}

impl Deref for Title {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Title {
    fn from(text: &str) -> Title {
        Title::of(&[text])
    }
}

impl From<String> for Title {
    fn from(text: String) -> Title {
        Title { ends: vec![text.len()], text }
    }
}

#[cfg(test)]
mod tests {
    use super::Title;

    #[test]
    fn a_line_ends_between_phrases_and_the_upper_line_is_no_shorter() {
        for month in ["2026年5月", "2026年10月"] {
            let title = Title::of(&["关于", month, "党员参与", "基层治理", "积分情况的", "通报"]);
            assert_eq!(title.lines(), [&*format!("关于{month}党员参与"), "基层治理积分情况的通报"]);
        }
        assert_eq!(Title::of(&["个人", "积分", "明细"]).lines(), ["个人积分明细"]);
    }

    #[test]
    fn a_title_has_as_many_lines_as_it_needs_and_says_the_same() {
        let name = "中共书院街道工作委员会红石榴社区";
        let title = Title::of(&[name, "第三网格党支部", "2026年10月", "志愿服务和组织生活", "情况", "台账"]);
        let lines = title.lines();
        assert_eq!((lines.len(), lines.concat()), (3, title.to_string()));
        assert_eq!(lines[0], name);
        let unparted = "一".repeat(50);
        assert_eq!(Title::from(unparted.as_str()).lines(), [unparted.as_str()]);
    }
}
