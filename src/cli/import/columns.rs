//! The columns of a table, for the help that teaches them.

use crate::import::{Need, Table};

/// The help below a table's options.
pub(super) fn help(table: Table) -> String {
    let mut text = "列 Columns（中英文列名均可，* 为必填；either name, * is required）:\n".to_owned();
    for column in table.columns() {
        let mark = if column.need == Need::Optional { " " } else { "*" };
        let (chinese, english) = (column.column.chinese(), column.column.english());
        text.push_str(&format!(" {mark}{chinese} {english}：{}\n     {}\n", column.chinese, column.english));
    }
    text
}
