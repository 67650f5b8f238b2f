//! A document as a workbook (XLSX, ECMA-376): a sheet for each annex, which is a register that can be filtered and added up; then what the document says, then
//! the checkpoint, then what was corrected. Rows are written as they are made, into temporary files; in memory is the finished file, packed.
//!
//! Invariants: a cell holds the value and not its picture; no text is taken for a formula; same document, same bytes.

use super::scratch::{WorkbookError, with_scratch};
use super::{Anchor, Annex, Cell, Document, Qr, Table, is_formula};
use jiff::civil::{Date, date};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Image, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeSet;
use std::path::Path;
use text::Text;

mod chart;
#[cfg(test)]
mod tests;
mod text;

/// Rows of a sheet below its header (ECMA-376 §18.3.1.73): a longer register goes on in another sheet.
pub const SHEET_ROWS_MAX: u32 = 1_048_575;
/// The sheet of what the document says.
const TEXT: &str = "正文与口径";
/// The sheet of the checkpoint.
const CHECKPOINT: &str = "检查点";
/// So many digits stand beside each other on an upright page and can still be read.
const UPRIGHT_DIGITS_MAX: u16 = 100;
/// The height of a line, in points; a spreadsheet takes no row higher than 409.
const LINE: u32 = 16;
/// So many lines go into a row.
const LINES_MAX: usize = 25;
/// So many rows are given their height. The writer keeps 370 bytes for each; the rest is left to whoever opens the file.
const HEIGHTS_MAX: u32 = 10_000;
/// So many minutes has a day.
const DAY: u64 = 1_440;
/// A4 (ECMA-376 §18.3.1.63).
const A4: u8 = 9;
/// What a file says of when it was made if the document has no date: the first day that a ZIP archive can name.
const UNDATED: Date = date(1980, 1, 1);

/// The document as an XLSX file. Fails if a text is longer than 32,767 characters, or if there is no room for its rows in `scratch`, or the directory for temporary files.
pub fn xlsx(document: &Document<'_>, scratch: Option<&Path>) -> Result<Vec<u8>, WorkbookError> {
    with_scratch(scratch, || written(document, scratch))
}

fn written(document: &Document<'_>, scratch: Option<&Path>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    if let Some(scratch) = scratch {
        workbook.set_tempdir(scratch)?;
    }
    let created = day(document.dated.unwrap_or(UNDATED))?;
    workbook.set_properties(&DocProperties::new().set_title(&*document.title).set_creation_datetime(&created));
    let formats = Formats::new();
    let mut names = SheetNames::default();
    for annex in document.annexes.iter().filter(|annex| !annex.last_sheet) {
        write_annex(&mut workbook, annex, &formats, &mut names)?;
    }
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(names.unused(TEXT))?;
    Text::of(document).write(sheet, &formats)?;
    if let Some(anchor) = &document.anchor {
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.unused(CHECKPOINT))?;
        write_anchor(sheet, anchor, &formats)?;
    }
    for annex in document.annexes.iter().filter(|annex| annex.last_sheet) {
        write_annex(&mut workbook, annex, &formats, &mut names)?;
    }
    workbook.save_to_buffer()
}

/// A register: its header stays in view and is repeated on paper, and nothing stands beneath that a sum or a filter would take in.
fn write_annex(
    workbook: &mut Workbook,
    annex: &Annex<'_>,
    formats: &Formats,
    names: &mut SheetNames,
) -> Result<(), XlsxError> {
    let table = &annex.table;
    let rows_max = SHEET_ROWS_MAX as usize;
    for first in (0..table.rows.max(1)).step_by(rows_max) {
        let rows = first..table.rows.min(first + rows_max);
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(names.unused(&annex.title))?;
        set_up_print(sheet, &annex.title)?;
        let widths: Vec<u16> = table.columns.iter().map(|column| digits(column.width)).collect();
        if widths.iter().sum::<u16>() > UPRIGHT_DIGITS_MAX {
            sheet.set_landscape();
        }
        sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 0)?;
        let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), last_column)?;
        for (place, width) in (0_u16..).zip(&widths) {
            sheet.set_column_width(place, *width)?;
        }
        write_header(sheet, 0, table, formats)?;
        for (row, of_table) in (1_u32..).zip(rows) {
            let cells = (table.row)(of_table);
            if row <= HEIGHTS_MAX {
                set_height(sheet, row, &cells, &widths)?;
            }
            for ((place, cell), width) in (0_u16..).zip(cells).zip(&widths) {
                write_cell(sheet, (row, place), &cell, *width, formats)?;
            }
        }
    }
    Ok(())
}

/// The width of so many characters of the body, with a margin: a spreadsheet counts in digits, of which two are as wide as a character.
fn digits(characters: u16) -> u16 {
    characters.saturating_mul(2).saturating_add(1)
}

/// A4, as wide as the page, with title and page number.
fn set_up_print(sheet: &mut Worksheet, title: &str) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.7, 0.7, 0.8, 0.8, 0.4, 0.4);
    // An ampersand begins a code (ECMA-376 §18.3.1.39); at most 255 characters.
    let title: String = title.chars().take(60).collect();
    sheet.set_header(format!("&C{}", title.replace('&', "&&"))).set_footer("&C— &P —");
    Ok(())
}

fn write_header(sheet: &mut Worksheet, row: u32, table: &Table<'_>, formats: &Formats) -> Result<(), XlsxError> {
    for (place, column) in (0_u16..).zip(&table.columns) {
        sheet.write_string_with_format(row, place, &column.heading, &formats.header)?;
    }
    Ok(())
}

/// As high as its longest text needs: not every program finds that out by itself.
fn set_height(sheet: &mut Worksheet, row: u32, cells: &[Cell], widths: &[u16]) -> Result<(), XlsxError> {
    let lines_of = |(cell, width): (&Cell, &u16)| match cell {
        Cell::Text(text) | Cell::Name(text) => digits_of(text).div_ceil(usize::from(width.saturating_sub(1).max(1))),
        Cell::Empty
        | Cell::Count(_)
        | Cell::Points(_)
        | Cell::Percent(_)
        | Cell::Minutes(_)
        | Cell::Date(_)
        | Cell::Time(_)
        | Cell::Worded { .. }
        | Cell::Withheld(_) => 1,
    };
    let lines = cells.iter().zip(widths).map(lines_of).max().unwrap_or(1).min(LINES_MAX);
    if lines > 1 {
        sheet.set_row_height(row, u32::try_from(lines).unwrap_or(u32::MAX) * LINE)?;
    }
    Ok(())
}

/// How wide a text is, in digits.
fn digits_of(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// The value in a column of so many digits; a text that is wider goes on in a further line.
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    width: u16,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, &formats.text)?,
        Cell::Text(text) | Cell::Name(text) => {
            let format = match is_formula(text) {
                true => &formats.quoted,
                false if digits_of(text) >= usize::from(width) => &formats.wide,
                false => &formats.text,
            };
            sheet.write_string_with_format(row, column, text, format)?
        }
        Cell::Count(count) => sheet.write_number_with_format(row, column, number(count), &formats.count)?,
        Cell::Points(points) => sheet.write_number_with_format(row, column, number(points), &formats.points)?,
        Cell::Percent(hundredths) => {
            let share = number(format_args!("{}.{:04}", hundredths / 10_000, hundredths % 10_000));
            sheet.write_number_with_format(row, column, share, &formats.percent)?
        }
        Cell::Minutes(minutes) => sheet.write_number_with_format(row, column, days(*minutes), &formats.minutes)?,
        Cell::Time(minutes) => match u64::try_from(*minutes) {
            Ok(minutes) => {
                let format = if minutes < DAY { &formats.time } else { &formats.next_day };
                sheet.write_number_with_format(row, column, days(minutes), format)?
            }
            // A spreadsheet shows no time before its first day.
            Err(_) => sheet.write_string_with_format(row, column, cell.written(), &formats.text)?,
        },
        Cell::Worded { value, .. } => return write_cell(sheet, (row, column), value, width, formats),
        Cell::Date(date) => sheet.write_datetime_with_format(row, column, day(*date)?, &formats.date)?,
        Cell::Withheld(mark) => sheet.write_string_with_format(row, column, *mark, &formats.withheld)?,
    };
    Ok(())
}

/// The number that a spreadsheet makes of the same digits.
fn number(digits: impl std::fmt::Display) -> f64 {
    digits.to_string().parse().expect("digits, a point and a sign")
}

/// A length of time as spreadsheets count it: in days. Shown in hours and minutes it is exact, and so are sums of it.
#[expect(clippy::float_arithmetic, reason = "a spreadsheet knows no other number")]
fn days(minutes: u64) -> f64 {
    number(minutes) / number(DAY)
}

fn day(date: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::parse_from_str(&date.to_string())
}

/// Name and value of each line, then how to check, then the code.
fn write_anchor(sheet: &mut Worksheet, anchor: &Anchor, formats: &Formats) -> Result<(), XlsxError> {
    set_up_print(sheet, CHECKPOINT)?;
    sheet.set_column_width(0, 12)?.set_column_width(1, 76)?;
    sheet.write_string_with_format(0, 0, "项目", &formats.header)?;
    sheet.write_string_with_format(0, 1, "内容", &formats.header)?;
    let mut row = 1;
    let size = Cell::Count(anchor.tree_size);
    for (name, value) in [
        ("账本", &Cell::Text(anchor.origin.clone())),
        ("条目数", &size),
        ("根哈希", &Cell::Text(anchor.root_hash.clone())),
    ] {
        sheet.write_string_with_format(row, 0, name, &formats.text)?;
        write_cell(sheet, (row, 1), value, 76, formats)?;
        row += 1;
    }
    for line in &anchor.lines {
        sheet.write_string_with_format(row, 1, line, &formats.wrapped)?;
        row += 1;
    }
    let code = Image::new_from_buffer(&Qr::of(&anchor.code).png(4))?;
    sheet.insert_image(row + 1, 1, &code.set_alt_text(format!("检查点二维码：{}", anchor.code)))?;
    Ok(())
}

/// Names that sheets have so far.
#[derive(Default)]
struct SheetNames(BTreeSet<String>);

impl SheetNames {
    /// A name like the one wanted that a sheet may have and no sheet has: at most 31 characters, none of `[]:*?/\`, no apostrophe at an end.
    fn unused(&mut self, wanted: &str) -> String {
        let allowed = |character: &char| !character.is_control() && !"[]:*?/\\'".contains(*character);
        let cleaned: String = wanted.chars().filter(allowed).collect();
        let cleaned = if cleaned.trim().is_empty() { "附件" } else { cleaned.trim() };
        for copy in 1.. {
            let suffix = if copy == 1 { String::new() } else { format!("（{copy}）") };
            let room = 31 - suffix.encode_utf16().count();
            let mut units = 0;
            let fits = |character: &char| {
                units += character.len_utf16();
                units <= room
            };
            let name = cleaned.chars().take_while(fits).collect::<String>() + &suffix;
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
        }
        unreachable!("there are more numbers than sheets")
    }
}

/// How each kind of cell is shown.
struct Formats {
    header: Format,
    heading: Format,
    title: Format,
    text: Format,
    wide: Format,
    wrapped: Format,
    /// A text that begins like a formula: it stays a text when somebody edits the cell.
    quoted: Format,
    count: Format,
    points: Format,
    percent: Format,
    minutes: Format,
    time: Format,
    /// Times of the day after, which are above 1: shrunk, because a column shows no part of a number that is wider.
    next_day: Format,
    date: Format,
    withheld: Format,
}

impl Formats {
    fn new() -> Formats {
        let cell = || Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        Formats {
            header: cell().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color(0xF2_E6_E6),
            heading: Format::new().set_bold().set_font_size(13),
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
            text: cell(),
            wide: cell().set_text_wrap(),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            quoted: cell().set_quote_prefix().set_text_wrap(),
            count: cell().set_num_format("#,##0"),
            points: cell().set_num_format("#,##0.00"),
            percent: cell().set_num_format("0.00%"),
            minutes: cell().set_num_format("[h]:mm"),
            time: cell().set_num_format("hh:mm"),
            next_day: cell().set_num_format("\"次日\"hh:mm").set_shrink(),
            date: cell().set_num_format("yyyy-mm-dd"),
            withheld: cell().set_align(FormatAlign::Right),
        }
    }
}
