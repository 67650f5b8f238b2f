//! Where a table stands in a sheet: its header, its columns, the year of its dates, and rows that belong to no record.
//!
//! The rules by which all this is recognised are a decision (how a table is recognised). Invariant: nothing is left out or assumed that isn't said in what comes of it.

use crate::import::column::{Column, Need, Table, TableColumn, plain_header};
use crate::import::fault::{Reason, RowFault};
use crate::import::mapping::Mapping;
use crate::import::moment::Dating;
use crate::import::sheet::{CellKind, Sheet, SheetCell, SheetRow};
use crate::import::source::Epoch;
use crate::import::text::plain;
use crate::import::understood::faults_of_constants;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How far down a header is looked for.
pub(super) const HEADER_ROWS_MAX: usize = 30;
/// The header of the column that a copy with faults has.
pub(super) const FAULTS_HEADER: &str = "错误 errors";

/// What whoever imports says about the file. The more is said, the less is recognised.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The sheet.
    pub sheet: Option<String>,
    /// The line of the header.
    pub header_row: Option<u64>,
    /// The year of days that are written without one.
    pub year: Option<i16>,
    /// What a column of the table has in every row, instead of a column of the file.
    pub set: Vec<(Column, String)>,
    /// A saved mapping.
    pub mapping: Option<Mapping>,
}

impl Reading {
    /// The sheet that is said, by an option or by the mapping.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref().or_else(|| self.mapping.as_ref()?.sheet.as_deref())
    }

    /// The line of the header, likewise.
    pub fn header_row(&self) -> Option<u64> {
        self.header_row.or_else(|| self.mapping.as_ref()?.header_row)
    }

    /// The year of days without one, likewise.
    pub fn year(&self) -> Option<i16> {
        self.year.or_else(|| self.mapping.as_ref()?.year)
    }

    /// What every row has, likewise: of a column that both name, the option counts.
    fn constants(&self, table: Table) -> Vec<(Column, String)> {
        let mapped = self.mapping.iter().flat_map(|mapping| &mapping.set);
        let mapped = mapped.filter_map(|(name, value)| Some((table.column_named(name)?, value.clone())));
        let unsaid = mapped.filter(|(column, _)| self.set.iter().all(|(said, _)| said != column));
        let mut constants: Vec<_> = self.set.iter().cloned().chain(unsaid).collect();
        constants.sort_unstable();
        constants
    }
}

/// How a header was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// By one of the column's names.
    Named(Column),
    /// The mapping says so.
    Mapped(Column),
    /// The mapping says that it isn't used.
    SetAside,
    /// Nothing is known of it.
    Unknown,
    /// What numbers the rows, or the faults of an earlier import.
    Marginal,
}

impl Recognition {
    fn column(self) -> Option<Column> {
        match self {
            Recognition::Named(column) | Recognition::Mapped(column) => Some(column),
            Recognition::SetAside | Recognition::Unknown | Recognition::Marginal => None,
        }
    }
}

/// A header of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderCell {
    /// As the file says.
    pub name: String,
    /// What it means.
    pub means: Recognition,
}

/// Where the year of short dates comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearFrom {
    /// An option or the mapping.
    Said,
    /// The title above the header, or the sheet's name.
    Title,
}

/// A table's place in a sheet.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The line of the header.
    pub header_line: u64,
    /// Its cells from the left.
    pub header: Vec<HeaderCell>,
    /// The rows above it, as text.
    pub titles: Vec<String>,
    /// The year of days that are written without one, and how it is known.
    pub year: Option<(i16, YearFrom)>,
    /// What every row has in columns that the file doesn't have, in the order of the columns.
    pub constants: Vec<(Column, String)>,
    pub(super) dating: Dating,
    /// The row below the header.
    pub(super) first_row: usize,
    places: [Option<usize>; Column::ALL.len()],
}

/// Why a row is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// 合计、小计.
    Total,
    /// 填表人、审核人、注: what stands below a table.
    Footnote,
    /// The header again, as it is repeated on each page.
    HeaderAgain,
    /// An example of a template.
    Example,
    /// Nothing in any column that is used, such as a row that has been numbered only.
    NothingUsed,
}

impl LeftOut {
    /// In Chinese.
    pub const fn chinese(self) -> &'static str {
        match self {
            LeftOut::Total => "合计行",
            LeftOut::Footnote => "表尾说明",
            LeftOut::HeaderAgain => "重复的表头",
            LeftOut::Example => "示例",
            LeftOut::NothingUsed => "没有要用的内容",
        }
    }

    /// In English.
    pub const fn english(self) -> &'static str {
        match self {
            LeftOut::Total => "total",
            LeftOut::Footnote => "footnote",
            LeftOut::HeaderAgain => "header again",
            LeftOut::Example => "example",
            LeftOut::NothingUsed => "nothing that is used",
        }
    }
}

const TOTALS: &[&str] = &[
    "合计",
    "总计",
    "小计",
    "共计",
    "总和",
    "累计",
    "计",
    "平均",
    "平均值",
    "平均数",
    "总人数",
    "总人次",
    "人数",
    "人数合计",
    "合计人数",
    "total",
    "subtotal",
    "average",
];
/// What may stand before such a word.
const OF_WHAT: &[&str] = &["本页", "本月", "本周", "本表", "全部"];
const FOOTNOTES: &[&str] = &[
    "填表人",
    "制表人",
    "制表",
    "填报人",
    "填报单位",
    "填报时间",
    "填报日期",
    "制表日期",
    "审核人",
    "审核",
    "负责人",
    "经办人",
    "联系人",
    "联系电话",
    "单位盖章",
    "盖章",
    "签字",
    "签名",
    "注",
    "备注",
    "说明",
    "填表说明",
];
const EXAMPLES: &[&str] = &["示例", "样例", "例", "example"];
const MARGINAL: &[&str] = &["序号", "行号", "no", "no.", "#", "serial"];

impl Layout {
    /// Finds the table in a sheet.
    pub(super) fn of(
        table: Table,
        sheet: &Sheet,
        sheet_name: &str,
        epoch: Epoch,
        reading: &Reading,
    ) -> Result<Layout, Vec<RowFault>> {
        let (at, row) = find_header(table, sheet, reading).ok_or_else(|| {
            // The header may stand on a line that can't be read.
            let unreadable = sheet.unreadable.iter().take(HEADER_ROWS_MAX).cloned();
            let last = sheet.rows().last().map_or(0, |row| row.line);
            let none = match reading.header_row() {
                Some(line) => (line, Reason::HeaderRowEmpty { last }),
                None => (1, Reason::NoHeader),
            };
            unreadable.chain([none]).map(|(line, reason)| RowFault::of_line(line, reason)).collect::<Vec<_>>()
        })?;
        let (layout, faults) = Layout::at(table, sheet, sheet_name, epoch, reading, (at, row));
        if faults.is_empty() { Ok(layout) } else { Err(faults) }
    }

    /// The same as far as it goes: where no header is recognised, the row with the most texts is taken for it. Only for somebody to look at.
    pub(super) fn sketch(
        table: Table,
        sheet: &Sheet,
        sheet_name: &str,
        epoch: Epoch,
        reading: &Reading,
    ) -> Option<Layout> {
        let texts = |row: SheetRow<'_>| row.cells().filter(|cell| is_heading(cell.text)).count();
        let fullest = || {
            let rows = sheet.rows().take(HEADER_ROWS_MAX).enumerate();
            let fullest = rows.max_by_key(|(at, row)| (texts(*row), Reverse(*at)));
            fullest.filter(|(_, row)| reading.header_row().is_none() && texts(*row) > 0)
        };
        let header = find_header(table, sheet, reading).or_else(fullest)?;
        Some(Layout::at(table, sheet, sheet_name, epoch, reading, header).0)
    }

    fn at(
        table: Table,
        sheet: &Sheet,
        sheet_name: &str,
        epoch: Epoch,
        reading: &Reading,
        (at, row): (usize, SheetRow<'_>),
    ) -> (Layout, Vec<RowFault>) {
        let titles: Vec<String> = sheet.rows().take(at).map(text_of).collect();
        let year = match reading.year() {
            Some(year) => Some((year, YearFrom::Said)),
            None => one_year(titles.iter().map(String::as_str).chain([sheet_name])).map(|year| (year, YearFrom::Title)),
        };
        let mut layout = Layout {
            header_line: row.line,
            header: Vec::new(),
            titles,
            year,
            constants: reading.constants(table),
            dating: Dating { year: year.map(|(year, _)| year), epoch },
            first_row: at + 1,
            places: [None; Column::ALL.len()],
        };
        let mut faults = layout.read_header(table, row, reading);
        faults.extend(faults_of_constants(table, &layout, row));
        (layout, faults)
    }

    fn read_header(&mut self, table: Table, row: SheetRow<'_>, reading: &Reading) -> Vec<RowFault> {
        let mut faults = Vec::new();
        let fault = |column: String, reason| RowFault { line: row.line, column, value: String::new(), reason };
        for (place, cell) in row.cells().enumerate() {
            let name = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let means = meaning(table, &name, reading);
            if let Some(column) = means.column() {
                if let Some(value) = self.constant(column) {
                    let (column, value) = (name.clone(), value.text.to_owned());
                    faults.push(RowFault { line: row.line, column, value, reason: Reason::SetAndColumn });
                }
                match self.places[column as usize] {
                    Some(_) => faults.push(fault(name.clone(), Reason::ColumnTwice)),
                    None => self.places[column as usize] = Some(place),
                }
            }
            self.header.push(HeaderCell { name, means });
        }
        self.read_headers_of_names(table);
        let missing = table.columns().iter().filter(|column| self.is_missing(column));
        faults.extend(missing.map(|column| fault(full_name(column.column), Reason::ColumnMissing)));
        let mapped = reading.mapping.iter().flat_map(|mapping| &mapping.columns);
        for (name, _) in mapped.filter(|(_, column)| !column.is_empty()) {
            if !self.header.iter().any(|cell| plain_header(&cell.name) == plain_header(name)) {
                faults.push(fault(name.clone(), Reason::ColumnMissing));
            }
        }
        faults
    }

    /// A column of names stands for its organisations where none of codes does.
    fn read_headers_of_names(&mut self, table: Table) {
        for (place, cell) in self.header.iter_mut().enumerate().filter(|(_, cell)| cell.means == Recognition::Unknown) {
            let Some(column) = table.column_of_names(&cell.name) else { continue };
            let is_said = self.constants.iter().any(|(constant, _)| *constant == column);
            if self.places[column as usize].is_none() && !is_said {
                self.places[column as usize] = Some(place);
                cell.means = Recognition::Named(column);
            }
        }
    }

    /// Where a column stands, from 0.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }

    /// Whether the table needs a column that isn't there.
    pub(super) fn is_missing(&self, column: &TableColumn) -> bool {
        let has = |column: Column| self.place(column).is_some() || self.constant(column).is_some();
        !has(column.column)
            && match column.need {
                Need::Required => true,
                Need::Optional => false,
                Need::Without(other) => !has(other),
            }
    }

    /// The cell of a row, or what every row has; none if the file has no such column.
    pub(super) fn cell<'a>(&'a self, row: SheetRow<'a>, column: Column) -> Option<SheetCell<'a>> {
        self.place(column).map(|place| row.cell(place)).or_else(|| self.constant(column))
    }

    fn constant(&self, column: Column) -> Option<SheetCell<'_>> {
        let (_, text) = self.constants.iter().find(|(constant, _)| *constant == column)?;
        Some(SheetCell { text: text.trim(), kind: CellKind::Text })
    }

    /// What the file calls a column, or where else its value comes from.
    pub(super) fn name_of(&self, column: Column) -> String {
        match (self.place(column), self.constant(column)) {
            (Some(place), _) => self.header[place].name.clone(),
            (None, Some(_)) => format!("--set {}", column.english()),
            (None, None) => full_name(column),
        }
    }

    /// Headers that aren't used because nothing is known of them.
    pub fn unknown_headers(&self) -> impl Iterator<Item = &str> {
        let unknown = self.header.iter().filter(|cell| cell.means == Recognition::Unknown && !cell.name.is_empty());
        unknown.map(|cell| cell.name.as_str())
    }

    /// Why a row below the header is no record, if it is none.
    pub(super) fn left_out(&self, row: SheetRow<'_>) -> Option<LeftOut> {
        let used = || self.places.iter().flatten();
        let first = row.cells().find(|cell| !cell.is_empty())?;
        let first = plain(first.text).replace(' ', "").to_lowercase();
        let unused_marks_example = || {
            let unused = |place: &usize| self.header.get(*place).is_none_or(|cell| cell.means.column().is_none());
            let marked = |place: usize| EXAMPLES.contains(&plain(row.cell(place).text).trim_end_matches(':'));
            (0..row.width()).filter(unused).any(marked)
        };
        if is_total(&first) {
            return Some(LeftOut::Total);
        }
        if FOOTNOTES.iter().any(|word| first.strip_prefix(word).is_some_and(|rest| rest.starts_with(':'))) {
            return Some(LeftOut::Footnote);
        }
        if unused_marks_example() {
            return Some(LeftOut::Example);
        }
        if used().all(|&place| row.cell(place).is_empty()) {
            return Some(LeftOut::NothingUsed);
        }
        let again = used().all(|&place| plain_header(row.cell(place).text) == plain_header(&self.header[place].name));
        again.then_some(LeftOut::HeaderAgain)
    }
}

/// The row that names the most columns, of equals the first; or the one that is said.
fn find_header<'a>(table: Table, sheet: &'a Sheet, reading: &Reading) -> Option<(usize, SheetRow<'a>)> {
    if let Some(line) = reading.header_row() {
        return sheet.rows().enumerate().find(|(_, row)| row.line == line);
    }
    let score = |row: SheetRow<'_>| {
        let known = row.cells().filter_map(|cell| meaning(table, cell.text, reading).column());
        known.map(|column| column as usize).collect::<BTreeSet<_>>().len()
    };
    let scored = sheet.rows().take(HEADER_ROWS_MAX).enumerate().map(|(at, row)| (score(row), at, row));
    let best = scored.max_by_key(|(score, at, _)| (*score, Reverse(*at)));
    best.filter(|(score, at, _)| *score > 1 || (*score == 1 && *at == 0)).map(|(_, at, row)| (at, row))
}

/// Whether a text may head a column: no number, no date.
fn is_heading(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(|char: char| char.is_ascii_digit())
}

/// Whether this is what stands before totals: 合计, 本页小计:, 合计(人), 共5人. Written plainly and without spaces.
pub(super) fn is_total(text: &str) -> bool {
    let text = OF_WHAT.iter().find_map(|of| text.strip_prefix(of)).unwrap_or(text);
    let bare = text.split_once(':').map_or(text, |(bare, _)| bare).trim_end_matches([',', '，']);
    let bare = bare.split_once('(').filter(|(_, unit)| unit.ends_with(')')).map_or(bare, |(bare, _)| bare);
    TOTALS.contains(&bare) || ["共", "共计", "合计", "总计"].iter().any(|word| is_count(text, word))
}

/// `共5人`, `合计五人`.
fn is_count(text: &str, word: &str) -> bool {
    let counted = text
        .strip_prefix(word)
        .and_then(|rest| rest.trim_end_matches('.').strip_suffix(['人', '名', '户', '条', '次']));
    let is_digit = |char: char| char.is_ascii_digit() || "〇一二三四五六七八九十百千".contains(char);
    counted.is_some_and(|number| !number.is_empty() && number.chars().all(is_digit))
}

/// A row's cells as one text.
pub(super) fn text_of(row: SheetRow<'_>) -> String {
    let mut texts: Vec<&str> = row.cells().map(|cell| cell.text).filter(|text| !text.is_empty()).collect();
    texts.dedup();
    texts.join(" ")
}

fn full_name(column: Column) -> String {
    format!("{} ({})", column.chinese(), column.english())
}

fn meaning(table: Table, header: &str, reading: &Reading) -> Recognition {
    if header.is_empty() {
        return Recognition::Unknown;
    }
    if let Some(mapped) = reading.mapping.as_ref().and_then(|mapping| mapping.column_of(table, header)) {
        return mapped.map_or(Recognition::SetAside, Recognition::Mapped);
    }
    let plain = plain_header(header);
    if MARGINAL.contains(&plain.as_str()) || plain == plain_header(FAULTS_HEADER) {
        return Recognition::Marginal;
    }
    table.column_of(header).map_or(Recognition::Unknown, Recognition::Named)
}

/// The one year that these texts name, if it is one.
fn one_year<'t>(texts: impl Iterator<Item = &'t str>) -> Option<i16> {
    let mut years = BTreeSet::new();
    for text in texts {
        let text = plain(text);
        for (at, _) in text.match_indices("20") {
            let digits = text.get(at..at + 4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
            let alone = !text[..at].ends_with(|char: char| char.is_ascii_digit());
            let named = text.get(at + 4..).is_some_and(|rest| rest.trim_start().starts_with(['年', '-', '/', '.']));
            years.extend(digits.filter(|_| alone && named).and_then(|year| year.parse::<i16>().ok()));
        }
    }
    (years.len() == 1).then(|| years.pop_first()).flatten()
}
