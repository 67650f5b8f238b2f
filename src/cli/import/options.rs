//! The options of an import, and the files beside the table that they name: the mapping, and the copy with faults.

use super::super::exit::Exit;
use super::super::failure::{Both, Failure, both};
use super::super::output::{faint, remark};
use super::super::target::TargetOptions;
use super::super::written::{self, FOR_ALL};
use super::columns;
use crate::import::{
    Column, FILE_BYTES_MAX, Mapping, MappingDraft, Reading, Table, TableFile, local_date, marked_text, marked_workbook,
};
use jiff::civil::Date;
use mingzhang_events::OrganizationId;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang import organizations 组织.csv --ledger 账本
  mingzhang import roster 花名册.xlsx --preview                    先看认出了什么  see what is recognised
  mingzhang import roster 花名册.xlsx --ledger 账本 --dry-run       只看会怎样  only see what would happen
  mingzhang import records 十月记录.xls --ledger 账本 --accept-valid --errors 待改.xlsx
  mingzhang import records 走访.xlsx --set 类型=走访 --ledger 账本     每一行都是走访  every row is a visit
  mingzhang import records 十月记录.csv --url https://… --token mz_…
  mingzhang import records --help                                 各列的含义  what the columns mean

整个文件要么全部登记，要么一条也不登记；同一文件导入两次不会重复登记。
The whole file is recorded, or nothing of it; importing a file twice changes nothing.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "导入表格（XLSX、XLS、CSV）：组织、花名册、记录  Import tables: organisations, roster, records", after_help = EXAMPLE, arg_required_else_help = true)]
pub(in crate::cli) struct Options {
    #[command(subcommand)]
    table: TableOptions,
    #[command(flatten)]
    pub(super) target: TargetOptions,
}

#[derive(clap::Subcommand)]
enum TableOptions {
    #[command(about = "组织  Organisations", after_help = columns::help(Table::Organizations))]
    Organizations(FileOptions),
    #[command(about = "花名册  The roster", after_help = columns::help(Table::Roster))]
    Roster(RosterOptions),
    #[command(about = "记录  Records", after_help = columns::help(Table::Records))]
    Records(FileOptions),
}

#[derive(clap::Args)]
struct RosterOptions {
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    allowed: Allowed,
}

/// What a roster may change about those who are known.
#[derive(clap::Args, Clone, Copy, Default)]
pub(super) struct Allowed {
    #[arg(long, help = "允许更改已登记的姓名或编号  Those who are known may get another name or number")]
    pub(super) rename: bool,
    #[arg(
        long,
        help = "新编号给本支部唯一同名而没有编号的人  A new number is that of the only one of the name in the branch who has none"
    )]
    pub(super) give_numbers: bool,
}

#[derive(clap::Args)]
pub(super) struct FileOptions {
    #[arg(value_name = "FILE", help = "XLSX、XLS 或 CSV 文件（UTF-8、GBK、GB18030）  An XLSX, XLS or CSV file")]
    pub(super) file: PathBuf,
    #[arg(long, help = "只显示认出的列和前几行，不需要账本  Only show the recognised columns and the first rows")]
    pub(super) preview: bool,
    #[arg(long, help = "只检查并说明会怎样，不登记  Only say what would happen")]
    pub(super) dry_run: bool,
    #[arg(long, help = "登记其中无误的行  Record the sound rows even if others are faulty")]
    pub(super) accept_valid: bool,
    #[arg(
        long,
        value_name = "OUT",
        help = "另存一份，在有误的行旁注明错误（.xlsx 或 .csv）  Write a copy with the faults beside their rows"
    )]
    errors: Option<PathBuf>,
    #[arg(long, value_name = "NAME", help = "工作表名称  The sheet")]
    sheet: Option<String>,
    #[arg(long, value_name = "N", help = "表头在第几行  The line of the header")]
    header_row: Option<u64>,
    #[arg(long, value_name = "YYYY", value_parser = clap::value_parser!(i16).range(2000..2100), help = "没有写年份的日期是哪一年  The year of days without one")]
    year: Option<i16>,
    #[arg(
        long,
        value_name = "COLUMN=VALUE",
        help = "文件中没有、而每一行都相同的列，如 --set 类型=走访；可写多次  What every row has where the file has no such column; may be repeated"
    )]
    set: Vec<String>,
    #[arg(long, value_name = "TOML", help = "按保存的列对应关系读取  Read by a saved mapping")]
    mapping: Option<PathBuf>,
    #[arg(
        long,
        value_name = "TOML",
        help = "保存本次认出的列对应关系；认不出的可在其中填写  Save the mapping that was recognised, to be filled in where it wasn't"
    )]
    save_mapping: Option<PathBuf>,
    #[arg(
        long,
        value_name = "CODE",
        help = "组织名称只在该组织及其下级中查找  Look up names of organisations at or below this one only"
    )]
    pub(super) below: Option<OrganizationId>,
    #[arg(long, value_name = "DATE", value_parser = date, help = "没有写日期的组织或党员自何日起  From when on, for rows without a date")]
    pub(super) since: Option<Date>,
}

fn date(text: &str) -> Result<Date, String> {
    local_date(text).map_err(|reason| format!("{}  {}", reason.chinese(), reason.english()))
}

impl Options {
    pub(super) fn table(&self) -> (Table, &FileOptions, Allowed) {
        match &self.table {
            TableOptions::Organizations(file) => (Table::Organizations, file, Allowed::default()),
            TableOptions::Roster(RosterOptions { file, allowed }) => (Table::Roster, file, *allowed),
            TableOptions::Records(file) => (Table::Records, file, Allowed::default()),
        }
    }
}

impl FileOptions {
    /// The whole file.
    pub(super) fn read(&self) -> Result<Vec<u8>, Failure> {
        let unreadable =
            |error: std::io::Error| Failure::of_world(both("文件无法读取", "the file can't be read"), &error);
        let mut bytes = Vec::new();
        let file = std::fs::File::open(&self.file).map_err(unreadable)?;
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(bytes)
    }

    /// Refuses to write over a file: it may be the table itself, which is what its facts are evidenced by. Asked before anything is read
    /// or recorded.
    pub(super) fn must_be_new(&self) -> Result<(), Failure> {
        let there =
            [&self.errors, &self.save_mapping].into_iter().flatten().find(|path| path.symlink_metadata().is_ok());
        there.map_or(Ok(()), |path| Err(written::taken(path).next(another_name())))
    }

    /// What is said about the file.
    pub(super) fn reading(&self, table: Table) -> Result<Reading, Failure> {
        let mapping = self.mapping.as_deref().map(|path| read_mapping(table, path)).transpose()?;
        let (sheet, set) = (self.sheet.clone(), self.constants(table)?);
        Ok(Reading { sheet, header_row: self.header_row, year: self.year, set, mapping })
    }

    /// What every row has, by column: each once, and none without a value.
    fn constants(&self, table: Table) -> Result<Vec<(Column, String)>, Failure> {
        let mut constants: Vec<(Column, String)> = Vec::new();
        for said in &self.set {
            let wrong = |chinese: String, english: String| {
                let help = format!("mingzhang import {} --help", table.as_str());
                Failure::usage(both(format!("--set {said}：{chinese}"), format!("--set {said}: {english}")))
                    .next(both(format!("各列的名称：{help}"), format!("the names of columns: {help}")))
            };
            let (name, value) =
                said.split_once('=').map_or((said.trim(), ""), |(name, value)| (name.trim(), value.trim()));
            let Some(column) = table.column_named(name).or_else(|| table.column_of(name)) else {
                return Err(wrong(format!("这张表没有“{name}”列"), format!("the table has no column {name:?}")));
            };
            if value.is_empty() {
                return Err(wrong("应写成 列=值".to_owned(), "write COLUMN=VALUE".to_owned()));
            }
            if constants.iter().any(|(known, _)| *known == column) {
                let english = format!("the column {:?} is said twice", column.english());
                return Err(wrong(format!("“{}”列写了两次", column.chinese()), english));
            }
            constants.push((column, value.to_owned()));
        }
        Ok(constants)
    }

    /// Keeps what was recognised, if that is wanted.
    pub(super) fn save_mapping(&self, file: &TableFile, reading: &Reading) -> Result<(), Failure> {
        let Some(path) = &self.save_mapping else { return Ok(()) };
        write(path, MappingDraft::of(file.table, &file.layout, reading, false).text.as_bytes())?;
        remark(faint(format!("列的对应关系已保存到 {path}  mapping saved to {path}", path = path.display())));
        Ok(())
    }

    /// Writes what is to be filled in about a file that couldn't be read, if that is wanted, and says what to do next. `sketched` says that not even a
    /// header was found.
    pub(super) fn draft_mapping(
        &self,
        table: Table,
        bytes: &[u8],
        reading: &Reading,
        sketched: bool,
    ) -> Result<(), Failure> {
        let (file, name) = (self.file.display(), table.as_str());
        let Some(path) = &self.save_mapping else {
            remark(format!(
                "下一步：改正后再导入一次；或写出一份列对应关系来填写：mingzhang import {name} {file} --preview --save-mapping 列.toml"
            ));
            remark(faint(format!(
                "next: correct it and import it again; or have a mapping written to fill in: mingzhang import {name} {file} --preview --save-mapping columns.toml"
            )));
            return Ok(());
        };
        let Some(layout) = TableFile::sketch(table, bytes, reading) else {
            remark("没有写出列对应关系：看不出是哪个工作表，请用 --sheet 指定");
            remark(faint("no mapping was written: which sheet it is can't be told, say it with --sheet"));
            return Ok(());
        };
        let draft = MappingDraft::of(table, &layout, reading, sketched);
        write(path, draft.text.as_bytes())?;
        let path = path.display();
        let missing: Vec<String> = draft
            .missing
            .iter()
            .map(|column| format!("{} {}", column.column.chinese(), column.column.english()))
            .collect();
        let (lack, lack_english) = match missing.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("（还缺 {}）", missing.join("、")), format!(" (still missing: {})", missing.join(", "))),
        };
        remark(format!(
            "列的对应关系已写到 {path}，待填写：在 [columns] 中给表头填上列名，或在 [set] 中写明每行相同的值{lack}"
        ));
        remark(faint(format!(
            "a mapping to fill in was written to {path}: give headers their columns under [columns], or say under [set] what every row has{lack_english}"
        )));
        remark(format!("下一步 next: mingzhang import {name} {file} --mapping {path} --preview"));
        Ok(())
    }

    /// Writes the copy with faults, if it is wanted and there are any.
    pub(super) fn write_errors(
        &self,
        file: &TableFile,
        faults: impl FnOnce() -> BTreeMap<u64, Vec<String>>,
    ) -> Result<(), Failure> {
        let Some(path) = self.errors.as_deref() else { return Ok(()) };
        let faults = faults();
        if faults.is_empty() {
            return Ok(());
        }
        let is_text = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let copy = if is_text { Ok(marked_text(file, &faults)) } else { marked_workbook(file, &faults) };
        let bytes =
            copy.map_err(|error| Failure::of_world(both("无法制作带错误说明的副本", "making the copy"), &error))?;
        write(path, &bytes).map_err(|failure| {
            failure.next(both(
                "以上所说的登记结果不受影响；换一个文件名再导入一次可得到副本，已登记的不会重复登记",
                "what is said above holds; importing again with another name gives the copy and records nothing twice",
            ))
        })?;
        remark(format!(
            "{path}：副本，{count} 行旁注明错误。值和类型都在；原来的格式、公式、批注和其他工作表不在其中",
            path = path.display(),
            count = faults.len()
        ));
        remark(faint(format!(
            "{path}: a copy with faults beside {count} rows. It has values and their types, not formats, formulas, comments or other sheets",
            path = path.display(),
            count = faults.len()
        )));
        Ok(())
    }
}

/// Writes a file that isn't there.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    written::write_new(path, bytes, FOR_ALL).map_err(|failure| failure.next(another_name()))
}

fn another_name() -> Both {
    both("已有的文件不会覆盖：请换一个文件名", "what is there isn't written over: choose another name")
}

fn read_mapping(table: Table, path: &Path) -> Result<Mapping, Failure> {
    let name = path.display();
    let wrong = || both(format!("列对应关系 {name} 无法使用"), format!("the mapping {name} can't be used"));
    let text = std::fs::read_to_string(path).map_err(|error| Failure::of_world(wrong(), &error))?;
    Mapping::read(table, &text).map_err(|error| Failure::new(Exit::Usage, wrong()).because(&error))
}
