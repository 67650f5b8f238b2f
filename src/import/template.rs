//! Empty tables to fill in, as workbooks: the headers that the import knows, drop-downs of the words that it takes, notes, examples.
//!
//! Invariants: what a template offers is what the import reads, from the same lists; its examples are marked, so that they are never
//! imported; the same program writes the same bytes.

use crate::import::accepted;
use crate::import::column::{Column, Need, Table};
use crate::import::records::RecordType;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatBorder, Formula, Note,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};

/// The last line that has drop-downs and takes what is typed.
const ROWS: u32 = 20_000;
/// The sheet of the lists that the drop-downs offer.
const LISTS: &str = "词表";
/// What marks an example, in the first column, which no table uses.
const EXAMPLE: &str = "示例";

/// The template of a table as an XLSX workbook.
pub fn template(table: Table) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::parse_from_str("2026-01-01")?;
    let title = format!("明账导入模板：{}", table.chinese());
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
    let formats = Formats::new();
    let columns = ordered(table);
    write_table(workbook.add_worksheet(), table, &columns, &formats)?;
    write_instructions(workbook.add_worksheet(), table, &columns, &formats)?;
    write_lists(workbook.add_worksheet(), table, &columns)?;
    workbook.save_to_buffer()
}

/// What everybody fills in first.
fn ordered(table: Table) -> Vec<(Column, Need)> {
    let mut columns: Vec<(Column, Need)> = table.columns().iter().map(|column| (column.column, column.need)).collect();
    // Of the ways to say the same, a template offers one; the others are for tables that exist.
    let left_out = [Column::Member, Column::Hours, Column::Duration, Column::Date, Column::Key, Column::PlannedAt];
    columns.retain(|(column, _)| !left_out.contains(column));
    columns
}

fn write_table(
    sheet: &mut Worksheet,
    table: Table,
    columns: &[(Column, Need)],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(table.chinese())?;
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    sheet.set_row_height(0, 30)?;
    sheet.write_string_with_format(0, 0, "序号", &formats.header)?;
    sheet.set_column_width(0, 6)?;
    sheet.set_column_format(0, &formats.text)?;
    for (place, (column, need)) in (1_u16..).zip(columns) {
        let mark = if *need == Need::Optional { "" } else { "*" };
        sheet.write_string_with_format(0, place, format!("{}{mark}", column.chinese()), &formats.header)?;
        let told = table.columns().iter().find(|told| told.column == *column).expect("a column of the table");
        let text = format!("{}\n{}", told.chinese, told.english);
        sheet.insert_note(0, place, &Note::new(text).add_author_prefix(false).set_width(260).set_height(110))?;
        sheet.set_column_width(place, width(*column))?;
        sheet.set_column_format(place, formats.of(*column))?;
        if let Some(validation) = validation(table, *column, place)? {
            sheet.add_data_validation(1, place, ROWS, place, &validation)?;
        }
    }
    for (row, example) in (1_u32..).zip(examples(table)) {
        sheet.write_string_with_format(row, 0, EXAMPLE, &formats.example)?;
        for (place, (column, _)) in (1_u16..).zip(columns) {
            let cell = example.iter().find(|(named, _)| named == column).map_or("", |(_, text)| *text);
            sheet.write_string_with_format(row, place, cell, &formats.example)?;
        }
    }
    // Without a password: it keeps the headers from slips, not from people.
    sheet.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        delete_rows: true,
        sort: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    });
    Ok(())
}

fn write_instructions(
    sheet: &mut Worksheet,
    table: Table,
    columns: &[(Column, Need)],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name("填写说明")?;
    let lines = [
        "一行一条。带 * 的列必须填写；序号可不填。标“示例”的行不会导入，可以删去。",
        "填好后先看一看：mingzhang import TABLE 文件 --preview；再导入：mingzhang import TABLE 文件 --ledger 目录",
        "One row each. Columns with * are needed. Rows marked 示例 are examples and never imported.",
    ];
    let mut row = 0;
    for line in lines {
        sheet.write_string(row, 0, line.replace("TABLE", table.as_str()))?;
        row += 1;
    }
    row += 1;
    for (place, (title, width)) in
        (0_u16..).zip([("列", 14), ("必填", 8), ("填什么", 52), ("what it holds", 52), ("可写的词", 60)])
    {
        sheet.write_string_with_format(row, place, title, &formats.header)?;
        sheet.set_column_width(place, width)?;
    }
    for (column, need) in columns {
        row += 1;
        let told = table.columns().iter().find(|told| told.column == *column).expect("a column of the table");
        let needed = if *need == Need::Optional { "" } else { "是" };
        let words = accepted::words(table, *column).join("、");
        for (place, text) in (0_u16..).zip([column.chinese(), needed, told.chinese, told.english, words.as_str()]) {
            sheet.write_string_with_format(row, place, text, &formats.wrapped)?;
        }
    }
    if table == Table::Records {
        row += 2;
        sheet.write_string_with_format(row, 0, "类型", &formats.header)?;
        sheet.write_string_with_format(row, 2, "除类型、开始时间外还要填", &formats.header)?;
        for record_type in RecordType::ALL {
            row += 1;
            // Whoever is meant is told by the number, or by the name with the branch.
            let instead = [
                (Column::Member, "编号（或姓名和支部代码）"),
                (Column::Minutes, "结束时间（或分钟）"),
                (Column::End, "结束时间（或分钟）"),
            ];
            let chinese = |column: &Column| {
                instead.iter().find(|(needed, _)| needed == column).map_or(column.chinese(), |(_, text)| *text)
            };
            let needs: Vec<&str> = record_type.needs().iter().map(chinese).collect();
            sheet.write_string_with_format(row, 0, record_type.chinese(), &formats.wrapped)?;
            sheet.write_string_with_format(row, 2, needs.join("、"), &formats.wrapped)?;
        }
    }
    sheet.protect();
    Ok(())
}

/// One column for each list: a drop-down whose words are longer than 255 characters can't hold them itself.
fn write_lists(sheet: &mut Worksheet, table: Table, columns: &[(Column, Need)]) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    sheet.set_hidden(true);
    for (place, (column, _)) in (1_u16..).zip(columns) {
        for (row, word) in (0_u32..).zip(accepted::words(table, *column)) {
            sheet.write_string(row, place, word)?;
        }
    }
    sheet.protect();
    Ok(())
}

fn validation(table: Table, column: Column, place: u16) -> Result<Option<DataValidation>, XlsxError> {
    let words = accepted::words(table, column);
    if !words.is_empty() {
        let letter = rust_xlsxwriter::utility::column_number_to_name(place);
        let range = Formula::new(format!("='{LISTS}'!${letter}$1:${letter}${}", words.len()));
        let validation = DataValidation::new().allow_list_formula(range).set_error_title("请从列表中选择")?;
        return Ok(Some(validation.set_error_message("只能写下拉列表中的词。")?));
    }
    let validation = DataValidation::new();
    if column == Column::Minutes {
        // A number is refused unless it can be one of minutes, or a part of a day, as which a spreadsheet keeps 2:30. A length with its unit is a
        // text, of which nothing more may be asked: INT of it is an error, and so is the AND or OR around it. Rows begin below the header.
        let first = format!("{}2", rust_xlsxwriter::utility::column_number_to_name(place));
        let number = format!("IF({first}<1,{first}>0,AND({first}<=1440,{first}=INT({first})))");
        let rule = format!("=IF(ISTEXT({first}),TRUE,{number})");
        let validation = validation.allow_custom(Formula::new(rule)).set_error_title("分钟数")?;
        return Ok(Some(validation.set_error_message("请写 1 至 1440 的整数，或写明单位，如 2.5小时。")?));
    }
    if column == Column::Points {
        let validation =
            validation.allow_decimal_number(DataValidationRule::GreaterThan(0.0)).set_error_title("分值")?;
        return Ok(Some(validation.set_error_message("请写大于 0 的数。")?));
    }
    Ok(None)
}

type Example = &'static [(Column, &'static str)];

fn examples(table: Table) -> &'static [Example] {
    match table {
        Table::Organizations => &[
            &[
                (Column::Code, "420902001001"),
                (Column::Name, "书院社区"),
                (Column::Level, "社区"),
                (Column::Parent, "420902001"),
            ],
            &[
                (Column::Code, "420902001001-01"),
                (Column::Name, "书院社区第一网格党支部"),
                (Column::Level, "支部"),
                (Column::Parent, "420902001001"),
                (Column::Since, "2019-05-01"),
            ],
        ],
        Table::Roster => &[
            &[
                (Column::Number, "1001"),
                (Column::MemberName, "张某某"),
                (Column::Branch, "420902001001-01"),
                (Column::Class, "在职党员"),
                (Column::Since, "2026-01-01"),
                (Column::Community, "420902001001"),
                (Column::EnrolledOn, "2026-01-05"),
            ],
            &[
                (Column::Number, "1002"),
                (Column::MemberName, "李某某"),
                (Column::Branch, "420902001001-01"),
                (Column::Class, "流动党员"),
                (Column::Since, "2026-01-01"),
                (Column::Exemption, "外出流动"),
                (Column::ExemptUntil, "2026-12-31"),
            ],
        ],
        Table::Records => &[
            &[
                (Column::Type, "活动安排"),
                (Column::Activity, "XL-2026-05-03-晚"),
                (Column::Organization, "420902001001"),
                (Column::Start, "2026-05-03 19:30"),
                (Column::End, "2026-05-03 22:00"),
                (Column::Kind, "夜间巡逻"),
                (Column::Class, "志愿服务"),
            ],
            &[
                (Column::Type, "补签"),
                (Column::Number, "1001"),
                (Column::Activity, "XL-2026-05-03-晚"),
                (Column::Start, "2026年5月3日 晚上7点半–10点"),
                (Column::Reason, "纸质签到"),
            ],
            &[
                (Column::Type, "值守"),
                (Column::MemberName, "张某某"),
                (Column::Branch, "420902001001-01"),
                (Column::Organization, "420902001001"),
                (Column::Start, "2026-05-06 08:30"),
                (Column::End, "17:00"),
                (Column::Evidence, "见证"),
            ],
        ],
    }
}

fn width(column: Column) -> f64 {
    const WIDTHS: &[(Column, f64)] = &[
        (Column::Code, 20.0),
        (Column::Parent, 20.0),
        (Column::Branch, 20.0),
        (Column::Organization, 20.0),
        (Column::Community, 20.0),
        (Column::Name, 30.0),
        (Column::Start, 22.0),
        (Column::End, 22.0),
        (Column::Activity, 22.0),
        (Column::Record, 28.0),
    ];
    WIDTHS.iter().find(|(wide, _)| *wide == column).map_or(13.0, |(_, width)| *width)
}

struct Formats {
    header: Format,
    text: Format,
    free: Format,
    example: Format,
    wrapped: Format,
}

impl Formats {
    fn new() -> Formats {
        Formats {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(0xF2_E6_E6))
                .set_border(FormatBorder::Thin),
            // As text: a spreadsheet would round long codes and drop zeros in front.
            text: Format::new().set_num_format("@").set_unlocked(),
            free: Format::new().set_unlocked(),
            example: Format::new().set_num_format("@").set_unlocked().set_italic().set_font_color(Color::Gray),
            wrapped: Format::new().set_text_wrap(),
        }
    }

    fn of(&self, column: Column) -> &Format {
        if matches!(column, Column::Minutes | Column::Points) { &self.free } else { &self.text }
    }
}
