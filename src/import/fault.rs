//! What is wrong with a row, in words for whoever made the table: Chinese first, English second.

use mingzhang_events::OrganizationId;
use std::fmt;

/// Why a cell, a row or a whole file can't be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The bytes aren't text in UTF-8, GBK, GB18030 or UTF-16, nor a workbook.
    NotText,
    /// Text whose encoding is broken.
    EncodingBroken {
        /// From which line on.
        line: u64,
    },
    /// A quotation mark that is never closed, or only far below: what lies between is one cell.
    QuoteUnclosed {
        /// On which line it stands.
        line: u64,
    },
    /// Larger than 512 MiB.
    FileTooLarge,
    /// A workbook that unpacks to more than it may.
    TooLargeInflated,
    /// A workbook that can't be read.
    Unreadable,
    /// A workbook under a password.
    Encrypted,
    /// Some other sort of file.
    OtherFormat,
    /// More than 500,000 rows in one sheet.
    TooManyRows,
    /// A cell beyond the 512th column.
    TooManyColumns,
    /// No sheet has this name.
    SheetUnknown {
        /// The sheets that there are.
        names: String,
    },
    /// No sheet has the table.
    SheetNotFound {
        /// The sheets that aren't empty.
        names: String,
    },
    /// More text or cells than are kept in memory.
    SheetTooLarge,
    /// Several sheets have the table.
    SheetAmbiguous {
        /// Which.
        names: String,
    },
    /// There is no header row.
    NoHeader,
    /// A cell longer than 4,096 bytes.
    CellTooLong,
    /// So many rows are faulty, or no records, that the rest wasn't read.
    TooManyFaults,
    /// A column that the table needs isn't in the header.
    ColumnMissing,
    /// Two columns of the header mean the same.
    ColumnTwice,
    /// A column of the header whose value was said for every row.
    SetAndColumn,
    /// A cell has text but no header above it.
    CellWithoutHeader,
    /// The cell is empty and mustn't be.
    CellEmpty,
    /// Not a code.
    NotACode,
    /// A name with control characters, or longer than 100 characters.
    NotAName,
    /// Not a date.
    NotADate,
    /// Not a date with a time of day.
    NotAnInstant,
    /// A day without its year.
    YearMissing,
    /// Not a length of time from 1 to 1440 whole minutes.
    NotMinutes,
    /// A length of time that is said to be about so long.
    Approximate,
    /// An end that isn't after the start, and may be the next day's or the afternoon's.
    NextDayUnsaid,
    /// A mark for the cell above.
    Ditto,
    /// Several names in one cell.
    SeveralNames,
    /// A number, a total, or a word for that there is no name.
    NotAPersonsName,
    /// `TRUE`, where a number should stand.
    NotANumber,
    /// The line that is said to be the header has nothing.
    HeaderRowEmpty {
        /// The last line that has something.
        last: u64,
    },
    /// A length of time without its unit.
    UnitMissing,
    /// Two cells name different days.
    DatesDiffer,
    /// A formula without its value.
    FormulaWithoutValue,
    /// An error of the spreadsheet, such as `#REF!`.
    CellIsError,
    /// A long number that the spreadsheet has rounded.
    NumberRounded,
    /// The end and the minutes contradict each other, or the end isn't after the start.
    EndWrong,
    /// Not an amount of points above zero.
    NotPoints,
    /// Not an idempotency key.
    NotAKey,
    /// Not a member's opaque id.
    NotAMemberId,
    /// A word that isn't in its closed list.
    UnknownWord {
        /// The words that are.
        known: String,
    },
    /// Nobody has this number, or nobody of this name is in the branch.
    UnknownMember,
    /// More than one member of this name is in the branch.
    AmbiguousMember {
        /// Their numbers, or their ids where they have none.
        candidates: String,
    },
    /// Neither a code, nor the name of an organisation where names are looked up.
    UnknownOrganization,
    /// More than one organisation is called so.
    AmbiguousOrganization {
        /// Their codes, each with the name of the one above.
        candidates: String,
    },
    /// Neither an id, a number, nor a name with a branch.
    MemberNotNamed,
    /// The row's name isn't that of whom its number or id tells.
    OtherPerson {
        /// The number, or the id.
        whose: String,
        /// Their name, if it may be told.
        name: Option<String>,
    },
    /// Whom the number or id tells never belonged to the row's branch.
    OtherBranch {
        /// The number, or the id.
        whose: String,
        /// Where they belong, if it may be told.
        branch: Option<OrganizationId>,
    },
    /// The number isn't that of whom the id tells.
    OtherNumber,
    /// A roster calls somebody otherwise, and it wasn't said that it may.
    RegisteredAs {
        /// The number, or the id.
        whose: String,
        /// The name on record, if it may be told.
        name: Option<String>,
    },
    /// A roster gives somebody another number, and it wasn't said that it may.
    NumberedAs {
        /// The number on record, if it may be told.
        number: Option<String>,
    },
    /// A new number, and somebody of this name has one that differs by zeros in front or by what keeps it as text.
    NumberedOtherwise {
        /// The numbers on record.
        known: String,
    },
    /// Nobody has this number, and somebody has one that differs so.
    NumberWrittenOtherwise {
        /// The numbers on record.
        known: String,
    },
    /// A new number, and somebody of this name in this branch has none.
    Unnumbered {
        /// Their ids.
        candidates: String,
    },
    /// No household has this code.
    UnknownHousehold,
    /// The organisation above is neither in the file nor in the ledger.
    UnknownParent,
    /// The row of the organisation above has a fault.
    ParentFaulty {
        /// On which line.
        line: u64,
    },
    /// The organisations stand below one another in a circle.
    ParentCircle,
    /// What tells rows from each other is that of an earlier row, and the rest isn't.
    OtherOnLine {
        /// On which line.
        line: u64,
        /// What that line says.
        other: String,
    },
    /// The same as an earlier row.
    SameAsLine {
        /// On which line.
        line: u64,
    },
}

impl Reason {
    /// That what tells rows from each other stands on an earlier line, whose cells are these: all the same, or which are others there.
    pub(super) fn stands_on<const CELLS: usize>(
        line: u64,
        earlier: [String; CELLS],
        cells: &[String; CELLS],
    ) -> Reason {
        let others = earlier.into_iter().zip(cells).filter(|(earlier, cell)| earlier != *cell);
        let others: Vec<String> =
            others.map(|(earlier, _)| if earlier.is_empty() { "—".to_owned() } else { earlier }).collect();
        match others.is_empty() {
            true => Reason::SameAsLine { line },
            false => Reason::OtherOnLine { line, other: others.join(" ") },
        }
    }

    /// In Chinese.
    pub fn chinese(&self) -> String {
        let text = match self {
            Reason::NotText => "文件不是表格，也不是文本：请另存为 .xlsx 或“CSV UTF-8”后再导入",
            Reason::EncodingBroken { line } => {
                return format!("从第 {line} 行起文字编码有误：请用原来的程序另存为“CSV UTF-8”后再导入");
            }
            Reason::QuoteUnclosed { line } => {
                return format!("第 {line} 行有一个引号没有成对，其后各行因此无法分清：请补上或删去这个引号后再导入");
            }
            Reason::TooLargeInflated => "工作簿展开后过大：请只保留要导入的工作表，另存后再导入",
            Reason::Unreadable => "工作簿已损坏或不完整：请用 WPS 或 Excel 打开后另存为 .xlsx",
            Reason::Encrypted => "工作簿设有密码：请取消密码后再导入",
            Reason::OtherFormat => "不是可导入的文件：请另存为 .xlsx、.xls 或 CSV",
            Reason::TooManyRows => "工作表超过 50 万行：请另存为 CSV，或分成几个文件",
            Reason::TooManyColumns => "这一行超出第 512 列：请删去多余的列",
            Reason::SheetUnknown { names } => return format!("没有这个工作表；文件中有：{names}"),
            Reason::SheetAmbiguous { names } => {
                return format!("有几个工作表都像这张表，请用 --sheet 指定一个：{names}");
            }
            Reason::SheetNotFound { names } => return format!("没有一个工作表像这张表；文件中有：{names}"),
            Reason::FileTooLarge => "文件超过 512 MB：请分成几个文件",
            Reason::SheetTooLarge => "工作表的内容过多，读不完：请分成几个文件",
            Reason::NoHeader => "没有找到表头：前 30 行中没有一行的列名可认出；可用 --header-row 或 --mapping 说明",
            Reason::CellTooLong => "单元格超过 4096 字节：请删短；若是文本文件，也可能是引号没有成对",
            Reason::TooManyFaults => "以上有误或不是记录的行过多，从这一行起没有读：请先改正，并删去没有内容的行",
            Reason::ColumnMissing => "缺少这一列",
            Reason::ColumnTwice => "这一列出现了两次：请删去一列",
            Reason::SetAndColumn => {
                "文件中有这一列，又用 --set 指定了它：请去掉 --set，或在列对应关系中把这一列的列名写为空"
            }
            Reason::CellWithoutHeader => "单元格上方没有列名",
            Reason::CellEmpty => "不能为空",
            Reason::NotACode => "代码只能有 1 至 31 个字母、数字、“.”“_”“-”",
            Reason::NotAName => "名称应为 1 至 100 个字",
            Reason::NotADate => "不是日期：请写成 2026-10-03",
            Reason::NotAnInstant => "不是日期和时间：请写成 2026-10-03 19:30",
            Reason::YearMissing => "日期没有年份：请写全，或加 --year 2026",
            Reason::NotMinutes => "不是时长：请写 1 至 1440 分钟，如 150分钟、2.5小时、2小时30分",
            Reason::Approximate => "是大约的时长：请写实际时长，如 2小时、1小时50分",
            Reason::NextDayUnsaid => {
                "结束不晚于开始，又看不出是不是次日：到次日的请写“次日7:30”或结束日期，当天的请按 24 小时制写，如 19:30"
            }
            Reason::Ditto => "“同上”等记号不是内容：请在每一行写全",
            Reason::SeveralNames => "一格里不止一个姓名，或有分隔符：请一人一行",
            Reason::NotAPersonsName => "不是姓名：请填写姓名；没有这个人的行请删去",
            Reason::NotANumber => "不是编号，而是表格软件的逻辑值：请把该列设为文本格式，重新填写",
            Reason::HeaderRowEmpty { last } => {
                return format!("这一行没有内容，不能是表头；有内容的最后一行是第 {last} 行：请核对 --header-row");
            }
            Reason::UnitMissing => "时长没有单位：请写成 2小时 或 120分钟，或把列名改为“小时”“分钟”",
            Reason::DatesDiffer => "与“日期”列不是同一天",
            Reason::FormulaWithoutValue => "公式没有保存结果：请用 WPS 或 Excel 打开后保存，再导入",
            Reason::CellIsError => "单元格是错误值：请改正",
            Reason::NumberRounded => "数字过长，已被表格软件舍入：请把该列设为文本格式，重新填写",
            Reason::EndWrong => "结束时间应晚于开始时间，并与分钟数一致，最长一天",
            Reason::NotPoints => "不是分值：请写大于 0、最多两位小数的数",
            Reason::NotAKey => "幂等键应为 1 至 200 个可见的 ASCII 字符",
            Reason::NotAMemberId => "不是党员标识：应为 m 加 13 位字符；编号请填在“编号”列",
            Reason::UnknownWord { known } => return format!("不认识这个词，可写：{known}"),
            Reason::UnknownMember => "花名册里没有这个人：请先导入花名册，或核对编号、姓名和支部",
            Reason::AmbiguousMember { candidates } => {
                return format!("该支部有同名党员，请填写编号或党员标识：{candidates}");
            }
            Reason::UnknownOrganization => "没有叫这个名称的组织：请核对名称，或填写代码",
            Reason::AmbiguousOrganization { candidates } => {
                return format!("有几个组织叫这个名称，请填写代码，或在前面写明上级名称：{candidates}");
            }
            Reason::MemberNotNamed => "没有说明是谁：请填写编号，或姓名和支部",
            Reason::OtherPerson { whose, name } => {
                let known = name.as_ref().map_or_else(|| "不是叫这个姓名的人".to_owned(), |name| format!("是{name}"));
                return format!("{whose} {known}，与这一行写的姓名不符：请核对是否错行，例如只有一列排过序");
            }
            Reason::OtherBranch { whose, branch } => {
                let now = branch.map_or_else(String::new, |branch| format!("，现属于 {branch}"));
                return format!("{whose} 不属于这个支部{now}：请核对是否错行");
            }
            Reason::OtherNumber => "编号与党员标识不是同一个人的：请核对是否错行",
            Reason::RegisteredAs { whose, name } => {
                let known = name.as_ref().map_or_else(|| "另一个".to_owned(), |name| format!("“{name}”"));
                return format!("{whose} 登记的姓名是{known}：请核对是否错行；确是更改姓名，请加 --rename");
            }
            Reason::NumberedAs { number } => {
                let known = number.as_ref().map_or_else(|| "另一个".to_owned(), |number| format!(" {number}"));
                return format!("这名党员登记的编号是{known}：请核对是否错行；确是更改编号，请加 --rename");
            }
            Reason::NumberedOtherwise { known } => {
                return format!(
                    "同名党员登记的编号是 {known}，只差前面的 0 或引号：若是同一人，请照登记的编号填写，或加 --rename 改用这个编号；若是另一人，请先给其中一位改编号"
                );
            }
            Reason::NumberWrittenOtherwise { known } => {
                return format!(
                    "花名册里没有这个编号，但有 {known}，只差前面的 0 或引号：若是同一人，请照登记的编号填写"
                );
            }
            Reason::Unnumbered { candidates } => {
                return format!(
                    "该支部已有同名党员，还没有编号（{candidates}）：若是同一人，请在“党员标识”列填写这个标识，或加 --give-numbers；若不是，请先给那一位登记编号"
                );
            }
            Reason::UnknownHousehold => "没有这一户：请先登记结对",
            Reason::UnknownParent => "上级组织既不在本文件中，也不在账本中",
            Reason::ParentFaulty { line } => return format!("上级组织所在的第 {line} 行有误"),
            Reason::ParentCircle => "上下级关系成了一个圈",
            Reason::OtherOnLine { line, other } => {
                return format!("第 {line} 行已写过，但写的是“{other}”：请核对是哪一行写错了");
            }
            Reason::SameAsLine { line } => return format!("与第 {line} 行重复"),
        };
        text.to_owned()
    }

    /// In English.
    pub fn english(&self) -> String {
        let text = match self {
            Reason::NotText => "the file is neither a workbook nor text: save it as .xlsx or \"CSV UTF-8\"",
            Reason::EncodingBroken { line } => {
                return format!("the encoding is broken from line {line} on: save it anew as \"CSV UTF-8\"");
            }
            Reason::QuoteUnclosed { line } => {
                return format!(
                    "a quotation mark on line {line} is not closed, so that the lines from there on can't be told apart: close or delete it"
                );
            }
            Reason::TooLargeInflated => {
                "the workbook unpacks to too much: keep only the sheet to import, and save it anew"
            }
            Reason::Unreadable => "the workbook is damaged or incomplete: open it in WPS or Excel and save it as .xlsx",
            Reason::Encrypted => "the workbook has a password: take it away first",
            Reason::OtherFormat => "not a file that can be imported: save it as .xlsx, .xls or CSV",
            Reason::TooManyRows => "the sheet has more than 500,000 rows: save it as CSV, or split it",
            Reason::TooManyColumns => "the row goes beyond the 512th column: delete what is too much",
            Reason::SheetUnknown { names } => return format!("there is no such sheet; the file has: {names}"),
            Reason::SheetAmbiguous { names } => {
                return format!("several sheets look like this table; name one with --sheet: {names}");
            }
            Reason::SheetNotFound { names } => {
                return format!("no sheet looks like this table; the file has: {names}");
            }
            Reason::FileTooLarge => "the file is larger than 512 MB: split it",
            Reason::SheetTooLarge => "the sheet holds more than can be read: split it into several files",
            Reason::NoHeader => {
                "no header was found: none of the first 30 rows names known columns; say which with --header-row or --mapping"
            }
            Reason::CellTooLong => {
                "the cell is longer than 4,096 bytes: shorten it; in a text file a quotation mark may not be closed"
            }
            Reason::TooManyFaults => {
                "so many rows above are faulty or no records that nothing was read from here on: correct those first, and delete rows without content"
            }
            Reason::ColumnMissing => "this column is missing",
            Reason::ColumnTwice => "this column occurs twice: delete one",
            Reason::SetAndColumn => {
                "the file has this column and --set says it as well: leave --set out, or give the column the empty name in a mapping"
            }
            Reason::CellWithoutHeader => "the cell has no column name above it",
            Reason::CellEmpty => "must not be empty",
            Reason::NotACode => "a code has 1 to 31 letters, digits, '.', '_' or '-'",
            Reason::NotAName => "a name has 1 to 100 characters",
            Reason::NotADate => "not a date: write 2026-10-03",
            Reason::NotAnInstant => "not a date and time: write 2026-10-03 19:30",
            Reason::YearMissing => "the day has no year: write it in full, or add --year 2026",
            Reason::NotMinutes => "not a length of time from 1 to 1440 minutes: write 150分钟, 2.5小时 or 2小时30分",
            Reason::Approximate => "about so long is no length: write how long it was, such as 2小时 or 1小时50分",
            Reason::NextDayUnsaid => {
                "the end isn't after the start, and may be the next day's or not: if it is, write 次日7:30 or its date; if not, write it in 24 hours, such as 19:30"
            }
            Reason::Ditto => "a mark for the cell above: write each row in full",
            Reason::SeveralNames => "several names in one cell, or a separator: write one person a row",
            Reason::NotAPersonsName => "not a person's name: write the name; delete rows that are about nobody",
            Reason::NotANumber => {
                "not a number but a spreadsheet's true or false: format the column as text and enter it again"
            }
            Reason::HeaderRowEmpty { last } => {
                return format!(
                    "nothing stands on this line, so it is no header; the last line that has something is {last}: check --header-row"
                );
            }
            Reason::UnitMissing => "the length has no unit: write 2小时 or 120分钟, or call the column 小时 or 分钟",
            Reason::DatesDiffer => "not the day of the column with the date",
            Reason::FormulaWithoutValue => {
                "the formula was saved without its value: open the file in WPS or Excel and save it"
            }
            Reason::CellIsError => "the cell is an error: correct it",
            Reason::NumberRounded => {
                "the spreadsheet has rounded this long number: format the column as text and enter it again"
            }
            Reason::EndWrong => "the end must be after the start, agree with the minutes, and be at most a day later",
            Reason::NotPoints => "not an amount of points: write a number above 0 with at most two decimal places",
            Reason::NotAKey => "an idempotency key has 1 to 200 visible ASCII characters",
            Reason::NotAMemberId => {
                "not a member id, which is m and 13 characters: a number goes into the column \"number\""
            }
            Reason::UnknownWord { known } => return format!("unknown word; write one of: {known}"),
            Reason::UnknownMember => {
                "nobody on the roster fits: import the roster first, or check number, name and branch"
            }
            Reason::AmbiguousMember { candidates } => {
                return format!(
                    "the branch has several members of this name: give the number or the member id: {candidates}"
                );
            }
            Reason::UnknownOrganization => "no organisation is called so here: check the name, or give the code",
            Reason::AmbiguousOrganization { candidates } => {
                return format!(
                    "several organisations are called so: give the code, or the name of the one above before it: {candidates}"
                );
            }
            Reason::MemberNotNamed => "nobody is named: give the number, or the name and the branch",
            Reason::OtherPerson { whose, name } => {
                let known =
                    name.as_ref().map_or_else(|| "isn't called so".to_owned(), |name| format!("is {name} here"));
                return format!(
                    "{whose} {known}, and the row names somebody else: check whether rows were mixed up, as by sorting one column alone"
                );
            }
            Reason::OtherBranch { whose, branch } => {
                let now = branch.map_or_else(String::new, |branch| format!(", but now to {branch}"));
                return format!("{whose} doesn't belong to this branch{now}: check whether rows were mixed up");
            }
            Reason::OtherNumber => "number and member id are two people's: check whether rows were mixed up",
            Reason::RegisteredAs { whose, name } => {
                let known = name.as_ref().map_or_else(|| "another name".to_owned(), |name| format!("the name {name}"));
                return format!(
                    "{whose} is registered under {known}: check whether rows were mixed up; to change the name, add --rename"
                );
            }
            Reason::NumberedAs { number } => {
                let known = number.as_ref().map_or_else(|| "another number".to_owned(), Clone::clone);
                return format!(
                    "this member is registered under {known}: check whether rows were mixed up; to change the number, add --rename"
                );
            }
            Reason::NumberedOtherwise { known } => {
                return format!(
                    "a member of this name is registered under {known}, which differs by zeros in front or quotation marks only: if it is the same person, write that number, or add --rename to change it to this one; if not, give one of them another number first"
                );
            }
            Reason::NumberWrittenOtherwise { known } => {
                return format!(
                    "nobody on the roster has this number, but somebody has {known}, which differs by zeros in front or quotation marks only: if it is the same person, write that number"
                );
            }
            Reason::Unnumbered { candidates } => {
                return format!(
                    "the branch has a member of this name without a number ({candidates}): if it is the same person, write this id into the column \"member\" or add --give-numbers; if not, give that member a number first"
                );
            }
            Reason::UnknownHousehold => "no such household: record its pairing first",
            Reason::UnknownParent => "the organisation above is neither in this file nor in the ledger",
            Reason::ParentFaulty { line } => return format!("the organisation above, on line {line}, has a fault"),
            Reason::ParentCircle => "the organisations stand below one another in a circle",
            Reason::OtherOnLine { line, other } => {
                return format!("stands on line {line} already, which says {other:?}: check which of them is wrong");
            }
            Reason::SameAsLine { line } => return format!("the same as line {line}"),
        };
        text.to_owned()
    }
}

/// One thing that is wrong, and where. The value may be personal: it is for whoever imports, not for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column as the file calls it, or as the table would call it if the file doesn't have it; empty for a whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub reason: Reason,
}

impl RowFault {
    pub(super) fn of_line(line: u64, reason: Reason) -> RowFault {
        RowFault { line, column: String::new(), value: String::new(), reason }
    }

    /// In Chinese: `第 3 行，“日期”列，“2026-13-01”：不是日期…`.
    pub fn chinese(&self) -> String {
        let column = if self.column.is_empty() { String::new() } else { format!("，“{}”列", self.column) };
        let value = if self.value.is_empty() { String::new() } else { format!("，“{}”", self.value) };
        format!("第 {} 行{column}{value}：{}", self.line, self.reason.chinese())
    }

    /// In English: `line 3, column "date", "2026-13-01": not a date…`.
    pub fn english(&self) -> String {
        let column = if self.column.is_empty() { String::new() } else { format!(", column \"{}\"", self.column) };
        let value = if self.value.is_empty() { String::new() } else { format!(", \"{}\"", self.value) };
        format!("line {}{column}{value}: {}", self.line, self.reason.english())
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.chinese(), self.english())
    }
}
