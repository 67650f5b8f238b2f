//! A mapping as text: what was recognised in a file, and all that a person needs to say the rest.
//!
//! Invariant: [`Mapping::read`](super::Mapping::read) reads it as it is, and every header of the file stands in it once.

use crate::import::accepted;
use crate::import::column::{Need, Table, TableColumn, plain_header};
use crate::import::layout::{Layout, Reading, Recognition};
use std::collections::HashSet;
use std::fmt::Write;

/// A mapping to be saved.
#[derive(Debug)]
pub struct MappingDraft {
    /// As TOML.
    pub text: String,
    /// The columns that the table needs and that no header stands for.
    pub missing: Vec<&'static TableColumn>,
}

impl MappingDraft {
    /// Of a file's table. `sketched` says that its header wasn't recognised, so that its line is to be looked at, too.
    pub fn of(table: Table, layout: &Layout, reading: &Reading, sketched: bool) -> MappingDraft {
        let unmatched = table.columns().iter().filter(|column| {
            let is_set = layout.constants.iter().any(|(constant, _)| *constant == column.column);
            layout.place(column.column).is_none() && !is_set
        });
        let (missing, optional): (Vec<_>, Vec<_>) = unmatched.partition(|column| layout.is_missing(column));
        let mut text = String::from(
            "# 列的对应关系：左边是文件中的表头，右边填列名；空着则不用。列名见下。\n\
             # Headers of the file = names of columns, which stand below; \"\" is not used.\n",
        );
        let name = table.as_str();
        text.push_str(&format!("# mingzhang import {name} FILE --mapping THIS --preview\ntable = \"{name}\"\n"));
        if let Some(sheet) = reading.sheet() {
            text.push_str(&format!("sheet = {}\n", quoted(sheet)));
        }
        if sketched {
            text.push_str("# 表头在第几行：请核对。 The line of the header: check it.\n");
        }
        if let Some(line) = reading.header_row().or(sketched.then_some(layout.header_line)) {
            text.push_str(&format!("header_row = {line}\n"));
        }
        if let Some(year) = reading.year() {
            text.push_str(&format!("year = {year}\n"));
        }
        write_columns(layout, &mut text);
        write_constants(layout, &mut text);
        write_unmatched(table, &missing, &optional, &mut text);
        MappingDraft { text, missing }
    }
}

fn write_columns(layout: &Layout, text: &mut String) {
    text.push_str("\n[columns]\n");
    let (mut headers, mut meant) = (HashSet::new(), HashSet::new());
    for cell in layout.header.iter().filter(|cell| !cell.name.is_empty()) {
        if !headers.insert(plain_header(&cell.name)) {
            text.push_str(&format!("# 又一列 once more: {}\n", quoted(&cell.name)));
            continue;
        }
        let (name, remark) = match cell.means {
            Recognition::Marginal => continue,
            Recognition::SetAside | Recognition::Unknown => ("", ""),
            Recognition::Named(column) | Recognition::Mapped(column) if meant.insert(column as usize) => {
                (column.english(), "")
            }
            Recognition::Named(_) | Recognition::Mapped(_) => ("", "  # 也像上面的一列 looks like one above as well"),
        };
        text.push_str(&format!("{} = {}{remark}\n", quoted(&cell.name), quoted(name)));
    }
}

fn write_constants(layout: &Layout, text: &mut String) {
    text.push_str(
        "\n# 文件中没有、而每一行都相同的，写在这里。 What every row has, where the file has no such column.\n[set]\n",
    );
    for (column, value) in &layout.constants {
        text.push_str(&format!("{} = {}\n", column.english(), quoted(value)));
    }
}

fn write_unmatched(table: Table, missing: &[&TableColumn], optional: &[&TableColumn], text: &mut String) {
    if !missing.is_empty() || !optional.is_empty() {
        text.push_str("\n# 还没有对应的列，* 为必填。 Columns that no header stands for yet; * is needed.\n");
    }
    for (mark, column) in missing.iter().map(|column| ('*', column)).chain(optional.iter().map(|column| (' ', column)))
    {
        let or = match column.need {
            Need::Without(other) => format!("（或 or {}）", other.english()),
            Need::Required | Need::Optional => String::new(),
        };
        let (english, chinese) = (column.column.english(), column.column.chinese());
        let told = format!("# {mark} {english}{or} {chinese}：{}  {}\n", column.chinese, column.english);
        text.push_str(&told);
        let words = accepted::words(table, column.column);
        if !words.is_empty() {
            writeln!(text, "#     可写 one of: {}", words.join("、")).expect("writing to memory");
        }
    }
}

/// A text as TOML writes it on one line, also as a key.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            char if char.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(char))),
            char => quoted.push(char),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::MappingDraft;
    use crate::import::column::{Column, Table};
    use crate::import::{Mapping, Reading, TableFile};

    fn draft(table: Table, file: &str) -> (MappingDraft, Mapping) {
        let layout = TableFile::sketch(table, file.as_bytes(), &Reading::default()).expect("a sheet");
        let draft = MappingDraft::of(table, &layout, &Reading::default(), true);
        let mapping = Mapping::read(table, &draft.text).unwrap_or_else(|error| panic!("{error:?}\n{}", draft.text));
        (draft, mapping)
    }

    #[test]
    fn a_file_without_a_known_header_gives_every_header_and_what_the_table_needs() {
        let file = "某街道情况,,\n谁,\"做了\"\"什么\"\"\\\",谁,序号\n甲,走访,,1\n";
        let (draft, mapping) = draft(Table::Records, file);
        assert_eq!(mapping.header_row, Some(2));
        let headers: Vec<(&str, &str)> = mapping.columns.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(headers, [("做了\"什么\"\\", ""), ("谁", "")]);
        let missing: Vec<&str> = draft.missing.iter().map(|column| column.column.english()).collect();
        assert_eq!(missing, ["type", "start"]);
        for told in ["# * type 类型", "可写 one of: 活动安排、", "# * start（或 or date）", "#   number 编号：党员编号"]
        {
            assert!(draft.text.contains(told), "{told} in\n{}", draft.text);
        }
        assert!(!draft.text.contains("序号"), "{}", draft.text);
    }

    #[test]
    fn what_is_recognised_is_filled_in_and_a_second_column_of_one_meaning_is_not() {
        let (draft, mapping) = draft(Table::Roster, "姓名,党员姓名,所在支部,身份\n甲,乙,丙,丁\n");
        assert_eq!(mapping.columns["姓名"], Column::MemberName.english());
        assert_eq!((&*mapping.columns["党员姓名"], &*mapping.columns["身份"]), ("", ""));
        let missing: Vec<&str> = draft.missing.iter().map(|column| column.column.english()).collect();
        assert_eq!(missing, ["class"]);
        assert!(draft.text.contains("looks like one above") && !draft.text.contains("# * name"), "{}", draft.text);
    }
}
