//! Rows that a spreadsheet doesn't show, filtered out or hidden by hand: what reads workbooks doesn't tell them.
//!
//! Noted while the parts are looked through. Invariant: never more rows are kept than a sheet may have.

use super::SHEET_ROWS_MAX;
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;

/// What the parts say of it.
#[derive(Debug, Default)]
pub(super) struct HiddenRows {
    /// By part: their lines, from 1.
    of_parts: BTreeMap<String, Vec<u32>>,
    count: usize,
    /// The line that was begun last in the part that is read.
    line: u32,
    /// Each sheet's name, with the id of its relationship.
    sheets: Vec<(String, String)>,
    /// Where relationships of the workbook lead.
    targets: BTreeMap<String, String>,
}

impl HiddenRows {
    /// A part begins.
    pub(super) fn begin_part(&mut self) {
        self.line = 0;
    }

    /// A tag of a part. What can't be understood hides nothing.
    pub(super) fn note(&mut self, part: &str, tag: &BytesStart<'_>, name: &str) {
        match name {
            "row" if part.starts_with("xl/worksheets/") => self.note_row(part, tag),
            "sheet" if part.ends_with("workbook.xml") => {
                self.sheets.extend(value(tag, "name").zip(value(tag, "id")));
            }
            "Relationship" if part.ends_with("workbook.xml.rels") => {
                self.targets.extend(value(tag, "Id").zip(value(tag, "Target")));
            }
            _ => {}
        }
    }

    fn note_row(&mut self, part: &str, tag: &BytesStart<'_>) {
        self.line += 1;
        if !tag.attributes_raw().contains("hidden") || self.count >= SHEET_ROWS_MAX {
            return;
        }
        self.line = value(tag, "r").and_then(|line| line.parse().ok()).unwrap_or(self.line);
        if value(tag, "hidden").is_some_and(|hidden| matches!(hidden.as_str(), "1" | "true")) {
            self.of_parts.entry(part.to_owned()).or_default().push(self.line);
            self.count += 1;
        }
    }

    /// By the names of sheets: the lines, from 1.
    pub(super) fn of_sheets(mut self) -> BTreeMap<String, Vec<u32>> {
        let mut of_sheets = BTreeMap::new();
        for (name, id) in self.sheets {
            let Some(target) = self.targets.get(&id) else { continue };
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            of_sheets.extend(self.of_parts.remove(&part.to_ascii_lowercase()).map(|lines| (name, lines)));
        }
        of_sheets
    }
}

/// The value of an attribute, whatever the prefix of its name.
fn value(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}
