//! `mingzhang template`: an empty table to fill in, with drop-downs and examples.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{faint, say};
use super::written::{self, FOR_ALL};
use crate::import::{Table, template};
use std::path::PathBuf;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang template roster --output 花名册.xlsx
  mingzhang import roster 花名册.xlsx --preview";

/// Its options.
#[derive(clap::Args)]
#[command(about = "导入模板：带下拉列表、说明和示例  An empty table to fill in and import", after_help = EXAMPLE, arg_required_else_help = true)]
pub(super) struct Options {
    #[arg(value_name = "TABLE", value_enum, help = "哪张表  Which table")]
    table: Which,
    #[arg(long, value_name = "XLSX", help = "写到哪个文件  The file to write")]
    output: PathBuf,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Which {
    #[value(help = "组织  Organisations")]
    Organizations,
    #[value(help = "花名册  The roster")]
    Roster,
    #[value(help = "记录  Records")]
    Records,
}

impl From<Which> for Table {
    fn from(which: Which) -> Table {
        match which {
            Which::Organizations => Table::Organizations,
            Which::Roster => Table::Roster,
            Which::Records => Table::Records,
        }
    }
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let table = Table::from(options.table);
    let path = options.output.display();
    let failed = |cause: &dyn std::error::Error| {
        Failure::of_world(both(format!("无法写入 {path}"), format!("writing {path}")), cause)
    };
    let bytes = template(table).map_err(|error| failed(&error))?;
    // What stands there may have been filled in.
    written::write_new(&options.output, &bytes, FOR_ALL)
        .map_err(|failure| failure.next(both("请换一个文件名", "choose another name")))?;
    say(format!("{path}：{}模板；填好后：mingzhang import {} {path} --preview", table.chinese(), table.as_str()))?;
    say(faint(format!(
        "{path}: a template; once it is filled in: mingzhang import {} {path} --preview",
        table.as_str()
    )))?;
    Ok(Exit::Done)
}
