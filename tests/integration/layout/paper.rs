//! A PDF as another program sees it: every character with its face, size and place.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A millimetre in points.
pub(super) const MM: f64 = 72.0 / 25.4;

#[derive(Deserialize)]
pub(super) struct Paper {
    pub(super) pages: Vec<Page>,
    pub(super) title: String,
    pub(super) language: String,
    pub(super) is_tagged: bool,
    pub(super) shows_title: bool,
    /// How often each kind of structure element stands in the tree.
    pub(super) tags: BTreeMap<String, usize>,
    /// XMP.
    pub(super) metadata: String,
}

/// What it is, its face, its size, its left and right edge, its baseline from the bottom.
type Character = (String, String, f64, f64, f64, f64);

#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    characters: Vec<Character>,
    /// Left, bottom, right, top.
    pub(super) drawn: Vec<(f64, f64, f64, f64)>,
}

/// Characters on one baseline, from left to right.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    /// Of its first character, without the letters that tell a subset.
    pub(super) face: String,
    /// Of its first character, in points.
    pub(super) size: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    /// From the top of the page, in points.
    pub(super) baseline: f64,
}

impl Line {
    pub(super) fn characters(&self) -> usize {
        self.text.chars().count()
    }
}

impl Page {
    /// From top to bottom.
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut by_baseline: BTreeMap<i64, Vec<&Character>> = BTreeMap::new();
        for character in &self.characters {
            let from_top = self.height - character.5;
            #[expect(clippy::cast_possible_truncation, reason = "a page has 842 points")]
            by_baseline.entry((from_top * 10.0).round() as i64).or_default().push(character);
        }
        let line = |mut characters: Vec<&Character>| {
            characters.sort_by(|one, other| one.3.total_cmp(&other.3));
            let first = characters[0];
            Line {
                text: characters.iter().map(|character| character.0.as_str()).collect(),
                face: first.1.split_once('+').map_or("", |(_, face)| face).to_owned(),
                size: first.2,
                left: first.3,
                right: characters.iter().map(|character| character.4).fold(0.0, f64::max),
                baseline: self.height - first.5,
            }
        };
        by_baseline.into_values().map(line).collect()
    }

    pub(super) fn line(&self, containing: &str) -> Line {
        let found = self.lines().into_iter().find(|line| line.text.contains(containing));
        found.unwrap_or_else(|| panic!("no line with {containing}"))
    }
}

/// Reads it with `tests/python/read_pdf.py`.
pub(super) fn read(pdf: &Path) -> Paper {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_pdf.py");
    let output = Command::new(crate::exported::python()).arg(script).arg(pdf).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\nit needs pdfminer.six, which tests/run puts there");
    serde_json::from_slice(&output.stdout).expect("JSON")
}
