//! 数据字典: what each table and column is, as a page that lies beside an export and stands in the reference.

use super::{Kind, TABLES, Table};
use std::fmt::Write;

/// The dictionary as Markdown, below its heading.
pub fn markdown() -> String {
    let mut page = String::from(
        "\n`mingzhang export tables` 导出的各表。党员只以标识出现；姓名只在 `names` 表，须写明 `--with-names` 才导出。时间在 XLSX 中为北京时间，其余为 UTC。\n\n\
         The tables of `mingzhang export tables`. Members stand under opaque ids; names are in the table `names` only, which is written with \
         `--with-names`. Times are in UTC, in XLSX in local time (Asia/Shanghai). In NDJSON, points and shares are decimals as text.\n\n\
         | 类型 type | CSV, NDJSON | XLSX | Parquet |\n|---|---|---|---|\n",
    );
    for (kind, delimited, workbook, parquet) in [
        (Kind::Text, "text", "text", "`STRING`"),
        (Kind::Count, "whole number", "number", "`INT64`"),
        (Kind::Minutes, "whole number", "number", "`INT64`"),
        (Kind::Points, "`12.50`", "number", "`DECIMAL(18, 2)`"),
        (Kind::Percent, "`95.83`", "number", "`DECIMAL(18, 2)`"),
        (Kind::Instant, "`2026-10-03T02:00:00Z`", "date and time", "`TIMESTAMP(MILLIS)`, UTC"),
        (Kind::Date, "`2026-10-03`", "date", "`DATE`"),
        (Kind::Flag, "`true`, `false`", "yes or no", "`BOOLEAN`"),
    ] {
        line(&mut page, &[kind.name(), delimited, workbook, parquet]);
    }
    for table in TABLES {
        section(&mut page, table);
    }
    page
}

fn section(page: &mut String, table: &Table) {
    let Table { name, chinese, english, order: (order, order_in_english), .. } = table;
    let mut say = |text: String| {
        page.push_str(&text);
        page.push('\n');
    };
    say(format!("\n## `{name}` {chinese}\n\n{english}. 行序 Order: {order}，{order_in_english}.\n"));
    let events: Vec<String> = table.sources.iter().map(|source| format!("`mingzhang.{source}.v1`")).collect();
    say(match events.is_empty() {
        true => "来源 Source: 账本之外的人员库 the database of people, beside the log.\n".to_owned(),
        false => format!("来源事件 Source events: {}.\n", events.join(", ")),
    });
    say("| 列 column | 类型 type | 单位 unit | 含义 | meaning |\n|---|---|---|---|---|".to_owned());
    for column in table.columns {
        let kind = format!("{}{}", column.kind.name(), if column.optional { "?" } else { "" });
        line(page, &[&format!("`{}`", column.name), &kind, column.kind.unit(), column.chinese, column.english]);
    }
}

fn line(page: &mut String, cells: &[&str]) {
    writeln!(page, "| {} |", cells.join(" | ")).expect("writing to memory");
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Count => "count",
            Kind::Minutes => "minutes",
            Kind::Points => "points",
            Kind::Percent => "percent",
            Kind::Instant => "instant",
            Kind::Date => "date",
            Kind::Flag => "flag",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Kind::Minutes => "分钟 min",
            Kind::Points => "分 points",
            Kind::Percent => "%",
            Kind::Text | Kind::Count | Kind::Instant | Kind::Date | Kind::Flag => "",
        }
    }
}
