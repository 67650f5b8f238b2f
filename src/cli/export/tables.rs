//! `mingzhang export tables`: everything that one may see, as tables for other programs, with the dictionary beside them.

use super::super::exit::Exit;
use super::super::failure::{Failure, both};
use super::super::output::{count, faint, good, say};
use super::super::target::{Directory, Target, TargetOptions};
use super::super::written::{FOR_ALL, FOR_THE_OWNER};
use crate::durable::{Unfinished, beside};
use crate::tables::{self, Format, TABLES, Table, TableError, Wanted};
use mingzhang_events::{MemberId, OrganizationId};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang export tables --output 数据 --format parquet --ledger 账本
  mingzhang export tables --output 数据 --organization 420902001001 --url https://… --token …   令牌所及的组织  what the token reaches
  mingzhang export tables --output 数据 --table records --table months
  duckdb -c \"SELECT kind, count(*) FROM '数据/records.parquet' GROUP BY kind\"

每表一个文件，另有数据字典 dictionary.md。党员只以标识出现；写明 --with-names 才另导出姓名表，请妥善保管。
A file for each table, and the dictionary of their columns. Members stand under opaque ids; --with-names adds a table of names:
keep it safe.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "数据表：CSV、NDJSON、XLSX 或 Parquet，附数据字典  Everything as tables, with a dictionary", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(long, value_name = "DIR", help = "写入哪个目录  The directory to write into")]
    output: PathBuf,
    #[arg(long, value_enum, default_value = "csv", help = "格式  The format")]
    format: As,
    #[arg(
        long,
        value_name = "CODE",
        help = "组织代码，含其下级；省略则为全账  Of this organisation and all below it; of the whole tree if left out"
    )]
    organization: Option<OrganizationId>,
    #[arg(long = "table", value_name = "NAME", help = "只导出这张表，可写多次  Only this table; may be repeated")]
    only: Vec<String>,
    #[arg(long, help = "另导出姓名表  With the table of names")]
    with_names: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// The formats as options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum As {
    Csv,
    Ndjson,
    Xlsx,
    Parquet,
}

impl As {
    fn format(self) -> Format {
        match self {
            As::Csv => Format::Csv,
            As::Ndjson => Format::Ndjson,
            As::Xlsx => Format::Xlsx,
            As::Parquet => Format::Parquet,
        }
    }
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = || {
        let output = options.output.display();
        both(format!("导出数据表到 {output}"), format!("exporting tables to {output}"))
    };
    export(options).map_err(|failure| failure.trying(tried()))
}

fn export(options: &Options) -> Result<Exit, Failure> {
    let wanted = wanted(options)?;
    let target = options.target.open()?;
    fs::create_dir_all(&options.output).map_err(|error| unwritten(&options.output, &error))?;
    let tree_size = match &target {
        Target::Directory(directory) => {
            let organization = options.organization.map_or_else(|| target.root(), Ok)?;
            written_from(directory, organization, options, &wanted)?
        }
        Target::Server(_) => downloaded(&target, options, &wanted)?,
    };
    let dictionary = format!("# 数据字典 Data dictionary\n{}", tables::dictionary::markdown());
    let path = options.output.join("dictionary.md");
    whole(&path, FOR_ALL, |mut file| file.write_all(dictionary.as_bytes()).map_err(|error| unwritten(&path, &error)))?;
    say(format!("{} {} 张表，截至第 {} 条", good("✓"), wanted.len(), count(tree_size)))?;
    say(faint(format!("  {} tables, as of {} entries", wanted.len(), count(tree_size))))?;
    target.close()?;
    Ok(Exit::Done)
}

/// The tables that are asked for, in the order of the dictionary.
fn wanted(options: &Options) -> Result<Vec<&'static Table>, Failure> {
    if let Some(unknown) = options.only.iter().find(|name| tables::named(name).is_none()) {
        let known: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        let wrong = both(format!("没有名为 {unknown} 的表"), format!("there is no table {unknown}"));
        let known = known.join(" ");
        return Err(Failure::usage(wrong).next(both(format!("可选的表：{known}"), format!("the tables are {known}"))));
    }
    let is_wanted = |table: &&Table| match table.names_people {
        true => options.with_names,
        false => options.only.is_empty() || options.only.iter().any(|name| name == table.name),
    };
    if !options.with_names && options.only.iter().any(|name| name == "names") {
        let wrong = both("姓名表须写明 --with-names", "the table of names needs --with-names");
        return Err(Failure::usage(wrong).next(both("请加上 --with-names", "add --with-names")));
    }
    Ok(TABLES.iter().copied().filter(is_wanted).collect())
}

fn written_from(
    directory: &Directory,
    organization: OrganizationId,
    options: &Options,
    wanted: &[&'static Table],
) -> Result<u64, Failure> {
    let service = &directory.service;
    // Held for all tables: they are of one size of the log.
    let models = service.models_blocking();
    let names = |members: &[MemberId]| service.identity.full_names(members).map_err(Into::into);
    let from = Wanted { models: &models, organization, names: &names, abandoned: &|| false };
    for table in wanted {
        let path = options.output.join(format!("{}.{}", table.name, options.format.format().suffix()));
        let rows = whole(&path, mode_of(table), |file| {
            table.write(&from, options.format.format(), file, &options.output).map_err(|error| match error {
                TableError::UnknownOrganization(organization) => Failure::no_organization(organization),
                TableError::File(_) | TableError::Workbook(_) | TableError::Parquet(_) => unwritten(&path, &error),
                TableError::Names(_) | TableError::Abandoned => cannot_write(&path, &error),
            })
        })?;
        told(table, Some(rows), &path)?;
    }
    Ok(models.tree_size())
}

/// From a server, a table after the other, all of the tree size of the first.
fn downloaded(target: &Target, options: &Options, wanted: &[&'static Table]) -> Result<u64, Failure> {
    let Target::Server(client) = target else { unreachable!("asked of servers only") };
    let suffix = options.format.format().suffix();
    let mut tree_size = None;
    for table in wanted {
        let mut address = format!("/v1/tables/{}.{suffix}", table.name);
        let organization = options.organization.map(|organization| format!("organization={organization}"));
        let as_of = tree_size.map(|tree_size: u64| format!("as_of={tree_size}"));
        for (separator, parameter) in ["?", "&"].into_iter().zip(organization.into_iter().chain(as_of)) {
            address.push_str(separator);
            address.push_str(&parameter);
        }
        let path = options.output.join(format!("{}.{suffix}", table.name));
        let of = whole(&path, mode_of(table), |mut file| client.download(&address, &mut file))?;
        tree_size = Some(of);
        told(table, None, &path)?;
    }
    Ok(tree_size.unwrap_or(0))
}

/// A file that has its name once it is whole, in the place of what had it.
fn whole<T>(path: &Path, mode: u32, write: impl FnOnce(File) -> Result<T, Failure>) -> Result<T, Failure> {
    // Of an export that was broken off.
    drop(fs::remove_file(beside(path, ".unfinished")));
    let (unfinished, file) = Unfinished::create(path, mode).map_err(|error| unwritten(path, &error))?;
    let written =
        write(file).and_then(|written| unfinished.finish().map(|()| written).map_err(|error| unwritten(path, &error)));
    if written.is_err() {
        unfinished.remove();
    }
    written
}

/// A table that names people can be read by its owner alone.
fn mode_of(table: &Table) -> u32 {
    if table.names_people { FOR_THE_OWNER } else { FOR_ALL }
}

fn told(table: &Table, rows: Option<u64>, path: &Path) -> Result<(), Failure> {
    let rows = rows.map_or_else(String::new, |rows| format!("　{} 行 rows", count(rows)));
    say(format!("  {}　{}{rows}", path.display(), table.chinese))
}

fn cannot_write(path: &Path, error: &dyn std::error::Error) -> Failure {
    let path = path.display();
    Failure::of_world(both(format!("无法写入 {path}"), format!("writing {path}")), error)
}

fn unwritten(path: &Path, error: &dyn std::error::Error) -> Failure {
    cannot_write(path, error).next(both(
        "请腾出空间，或换一个目录，再导出一次：已写完的表是完整的，没写完的没有留下",
        "make room or take another directory, and export again: tables that are there are whole, and nothing is left of the others",
    ))
}
