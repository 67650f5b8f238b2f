//! The reference of the tables that can be imported (`docs/reference/import.md`), read off the program.

use crate::generated::head;
use crate::repository::Repository;
use mingzhang::import::{Column, Need, RecordType, Table, Word};
use mingzhang_events::{
    ActivityClass, ActivityKind, AttendanceOutcome, CancellationReason, CorrectionReason, Evidence, ExemptionReason,
    LateCheckInReason, LeavingReason, MemberClass, OrganizationLevel, ReturnReason,
};
use std::fmt::Write;

/// The whole page.
pub(crate) fn columns(_: &Repository) -> String {
    let mut page = head("导入的表格 Tables for import");
    page.push_str(
        "\nA header may use any of a column's names, in any order; case, spaces, underscores and punctuation don't matter. How it all\n\
         works: [guide](../guides/import.md), [中文](../guides/import.zh.md).\n",
    );
    for (title, table) in [
        ("组织 organizations", Table::Organizations),
        ("花名册 roster", Table::Roster),
        ("记录 records", Table::Records),
    ] {
        write!(page, "\n## {title}\n\n| 列 | column | also | 必填 | 含义 | meaning |\n|---|---|---|---|---|---|\n")
            .expect("writing to memory");
        for row in table.columns() {
            let column: Column = row.column;
            let needed = match row.need {
                Need::Required => "是 yes".to_owned(),
                Need::Optional => String::new(),
                Need::Without(other) => format!("没有“{}”列时 without `{}`", other.chinese(), other.english()),
            };
            let also = column.aliases().join("、");
            let names = format!("{} | `{}` | {also}", column.chinese(), column.english());
            writeln!(page, "| {names} | {needed} | {} | {} |", row.chinese, row.english).expect("writing to memory");
        }
    }
    page.push_str("\n## 记录的类型 Types of record\n\nEach needs its type and its start; `member` stands for a number, a name with its branch, or an id, and `end`\nand `minutes` for whatever says how long it took: the start's cell, the end, or one of the lengths.\n\n| 类型 | type | needs |\n|---|---|---|\n");
    for record_type in RecordType::ALL {
        let needs: Vec<String> = record_type.needs().iter().map(|column| format!("`{}`", column.english())).collect();
        writeln!(page, "| {} | `{}` | {} |", record_type.chinese(), record_type.as_str(), needs.join(", "))
            .expect("writing to memory");
    }
    page.push_str("\n## 可写的词 Words\n\n| for | words |\n|---|---|\n");
    let words = [
        ("组织层级 level", OrganizationLevel::known()),
        ("党员类别 member's class", MemberClass::known()),
        ("活动类型 kind", ActivityKind::known()),
        ("活动性质 activity's class", ActivityClass::known()),
        ("出席情况 outcome", AttendanceOutcome::known()),
        ("佐证方式 evidence", Evidence::known()),
        ("补签原因 why checked in late", LateCheckInReason::known()),
        ("免报原因 why exempt", ExemptionReason::known()),
        ("退出原因 why left", LeavingReason::known()),
        ("取消原因 why cancelled", CancellationReason::known()),
        ("退回原因 why returned", ReturnReason::known()),
        ("更正、冲正原因 why corrected or reversed", CorrectionReason::known()),
    ];
    for (list, known) in words {
        writeln!(page, "| {list} | {known} |").expect("writing to memory");
    }
    page
}
