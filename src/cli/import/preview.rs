//! What was recognised in a file: said in short with every import, in full when it is asked for.

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::output::{Side, bad, faint, good, remark, say, strong, table};
use crate::import::{Encoding, Format, HeaderCell, Recognition, TableFile, UnderstoodCell, YearFrom, understood};

/// How many rows are shown.
const ROWS_SHOWN: usize = 5;

/// Says what isn't plain to see: another encoding, which of several sheets, a header further down, an assumed year.
pub(super) fn remark_on(file: &TableFile) {
    let mut said = Vec::new();
    match file.format {
        Format::Text(Encoding::Utf8 | Encoding::Utf8Marked) => {}
        Format::Text(encoding) => said.push(format!("编码 encoding {}", encoding.name())),
        Format::Xlsx | Format::Xls => said.push(format!("工作表 sheet “{}”", file.sheet_name)),
    }
    if !file.other_sheets.is_empty() {
        said.push(format!("未读取 not read {}", file.other_sheets.join("、")));
    }
    if file.layout.header_line > 1 {
        said.push(format!("表头在第 {line} 行 header on line {line}", line = file.layout.header_line));
    }
    said.extend(year(file));
    said.extend(constants(file));
    if !said.is_empty() {
        remark(faint(said.join("；")));
    }
    if let Some(unseen) = unseen(file) {
        remark(unseen);
    }
}

/// Rows that are read, though whoever looks at the sheet doesn't see them, or sees them crossed out.
fn unseen(file: &TableFile) -> Option<String> {
    let mut said = Vec::new();
    let (hidden, struck) = file.hidden_and_struck();
    if hidden > 0 {
        said.push(format!("{hidden} 行是隐藏的（如被筛选掉） {hidden} rows are hidden, as by a filter"));
    }
    if struck > 0 {
        said.push(format!("{struck} 行有删除线 {struck} rows have struck-through text"));
    }
    let advice = "；同样读取，不该登记的请先删去  they are read as any other: delete those that don't belong here";
    (!said.is_empty()).then(|| format!("{}{advice}", said.join("；")))
}

fn year(file: &TableFile) -> Option<String> {
    let (year, from) = file.layout.year?;
    let (chinese, english) = match from {
        YearFrom::Said => ("已指明", "as said"),
        YearFrom::Title => ("取自标题", "from the title"),
    };
    Some(format!("未写年份的日期按 {year} 年（{chinese}） days without a year are of {year} ({english})"))
}

fn constants(file: &TableFile) -> Option<String> {
    let told = file.layout.constants.iter().map(|(column, value)| format!("{} = {value}", full(*column)));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("每一行 every row：{}", told.join("；")))
}

/// Says everything.
fn say_all(file: &TableFile) -> Result<(), Failure> {
    let format = match file.format {
        Format::Xlsx => "XLSX".to_owned(),
        Format::Xls => "XLS".to_owned(),
        Format::Text(encoding) => format!("CSV，{}", encoding.name()),
    };
    say(format!("{}  {format}", strong("文件 file")))?;
    if !file.sheet_name.is_empty() {
        let others = if file.other_sheets.is_empty() {
            String::new()
        } else {
            format!("（其余未读取 others not read：{}）", file.other_sheets.join("、"))
        };
        say(format!("{}  {}{others}", strong("工作表 sheet"), file.sheet_name))?;
    }
    say(format!("{}  第 {line} 行 line {line}", strong("表头 header"), line = file.layout.header_line))?;
    for title in &file.layout.titles {
        say(faint(format!("  标题 title：{title}")))?;
    }
    if let Some(year) = year(file) {
        say(format!("{}  {year}", strong("年份 year")))?;
    }
    if let Some(constants) = constants(file) {
        say(format!("{}  {constants}", strong("另行指明 --set")))?;
    }
    if let Some(unseen) = unseen(file) {
        say(bad(unseen))?;
    }
    say("")?;
    let sides = &[Side::Left; 3];
    let rows: Vec<Vec<String>> = file.layout.header.iter().filter(|cell| !cell.name.is_empty()).map(header).collect();
    say(table(sides, &["文件中的列 in the file", "认作 read as", "依据 by"], &rows))
}

fn header(cell: &HeaderCell) -> Vec<String> {
    let (column, by) = match cell.means {
        Recognition::Named(column) => (good(full(column)), "列名 its name"),
        Recognition::Mapped(column) => (good(full(column)), "--mapping"),
        Recognition::SetAside => (faint("不用 not used"), "--mapping"),
        Recognition::Marginal => (faint("不用 not used"), "序号或错误 numbering or faults"),
        Recognition::Unknown => (faint("不用 not used"), "不认识 unknown"),
    };
    vec![cell.name.clone(), column, by.to_owned()]
}

fn full(column: crate::import::Column) -> String {
    format!("{} {}", column.chinese(), column.english())
}

/// The whole preview; needs no ledger.
pub(super) fn say_preview(file: &TableFile) -> Result<Exit, Failure> {
    say_all(file)?;
    for (line, cells) in understood(file, ROWS_SHOWN) {
        say(format!("\n{}", strong(format!("第 {line} 行 line {line}"))))?;
        for cell in cells {
            say(format!("  {}", cell_line(&cell)))?;
        }
    }
    Ok(Exit::Done)
}

fn cell_line(cell: &UnderstoodCell) -> String {
    match &cell.meaning {
        Ok(meaning) if *meaning == cell.text => format!("{}：{meaning}", cell.column),
        Ok(meaning) => format!("{}：{} → {}", cell.column, cell.text, good(meaning)),
        Err(reason) => {
            let (chinese, english) = (reason.chinese(), reason.english());
            format!("{}：{} → {}  {}", cell.column, cell.text, bad(chinese), faint(english))
        }
    }
}
