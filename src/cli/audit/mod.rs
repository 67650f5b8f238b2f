//! `mingzhang audit`: recomputes an audit bundle on a machine without the ledger and says whether the notice holds.

mod paper;
mod told;

use super::exit::Exit;
use super::failure::{Failure, both};
use super::notice::cannot_render;
use super::output::{remark, say_json};
use super::policy;
use super::progress::Progress;
use super::written::Over;
use crate::audit::Reveal;
use crate::audit::offline::{Trust, Verdict, audit_bundle};
use crate::chart;
use crate::document::{self, FontDirectory};
use crate::transparency::{Policy, VerifierKey};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang audit 审计包.tar.zst --policy 策略                  策略文件写明公钥和见证人  keys and witnesses of your own
  mingzhang audit 审计包.tar.zst --key 'example.gov.cn/shuyuan+5f9a1c2e+AT…' --previous 上次的检查点
  mingzhang audit 审计包.tar.zst --reveal 张三.json --key …      抽查某人是谁  a spot check of who somebody is
  mingzhang audit 审计包.tar.zst --format json > 报告.json
  mingzhang audit 审计包.tar.zst --charts 图表.html              重新算出的数字，附图  charts of the figures as computed anew
  mingzhang audit 审计包.tar.zst --key … --report 审计报告.docx    审计报告文件  the report as a document

--previous：以前保存的 checkpoint 文件，或通报上印的三行（账本、条目数、根哈希），即二维码的内容。
没有 --policy 或 --key 时使用包里的公钥，报告会说明它未经认证。退出代码：0 无误，5 有误，1 文件打不开，2 写法有误，或不是审计包。
--previous is a checkpoint kept earlier, or the three lines that a notice prints (its QR code). Without --policy or --key
the key of the bundle is used, and the report says that nothing authenticates it. Exit codes: 0 sound, 5 not, 1 the file
can't be opened, 2 usage, or it is no bundle.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "审计：不要账本，由审计包重新算出通报  Audit: recompute a notice from its audit bundle", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "FILE", help = "审计包（export audit 的输出）  The audit bundle")]
    file: PathBuf,
    #[arg(
        long,
        value_name = "FILE",
        help = "策略文件（C2SP tlog-policy）：公钥、见证人、法定数  Keys, witnesses, quorum"
    )]
    policy: Option<PathBuf>,
    #[arg(
        long,
        value_name = "KEY",
        conflicts_with = "policy",
        help = "另行得知的账本公钥  The log's key, from elsewhere"
    )]
    key: Option<String>,
    #[arg(long, value_name = "FILE", help = "以前保存的检查点  A checkpoint that was kept earlier")]
    previous: Option<PathBuf>,
    #[arg(long, value_name = "FILE", num_args = 1.., help = "出示的身份（person reveal 的输出），核对其是否账本所承诺的人  Whom was revealed: whether it is who the log committed to")]
    reveal: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text", help = "格式  The format")]
    format: Format,
    #[arg(
        long,
        value_name = "FILE",
        help = "另将走势、分布和构成写成图表页（HTML）  Also write charts of the figures as a page (HTML)"
    )]
    charts: Option<PathBuf>,
    #[arg(
        long = "report",
        value_name = "FILE",
        help = "另写成审计报告文件，格式按后缀：.txt .csv .xlsx .docx .pdf  Also write it as a document, by its suffix"
    )]
    document: Option<PathBuf>,
    #[command(flatten)]
    over: Over,
}

/// How a frame of Zstandard begins (RFC 8878 §3.1.1), and so a bundle.
const ZSTD_FRAME: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let file = options.file.display();
    let tried = both(format!("审计 {file}"), format!("auditing {file}"));
    let format = options.document.as_deref().map(format_of).transpose()?;
    // An audit takes minutes.
    for path in options.charts.iter().chain(&options.document) {
        options.over.must_be_free(path)?;
    }
    let report = audited(options).map_err(|failure| failure.trying(tried))?;
    match options.format {
        Format::Text => told::say_all(&report)?,
        Format::Json => say_json(&report)?,
    }
    if let Some(path) = &options.charts {
        write_charts(path, options.over, &report)?;
    }
    if let (Some(path), Some(format)) = (&options.document, format) {
        write(path, options.over, &report, format)?;
    }
    Ok(if report.sound { Exit::Done } else { Exit::VerificationFailed })
}

/// The format that the suffix of a file's name says.
fn format_of(path: &Path) -> Result<document::Format, Failure> {
    let suffix = path.extension().and_then(|suffix| suffix.to_str()).unwrap_or_default();
    document::Format::of_suffix(suffix).ok_or_else(|| {
        let wrong = both(format!("不知道“.{suffix}”是什么格式"), format!("the suffix {suffix:?} is of no format"));
        let all = document::Format::ALL.map(document::Format::suffix).join(", ");
        Failure::usage(wrong).next(both(format!("请用其中之一：{all}"), format!("use one of {all}")))
    })
}

fn write(path: &Path, over: Over, report: &Verdict, format: document::Format) -> Result<(), Failure> {
    let bytes = document::render(&paper::document(report), format, &FontDirectory::of_machine());
    let bytes = bytes.map_err(|error| cannot_render(format.name(), &error))?;
    over.write(path, &bytes)
}

fn audited(options: &Options) -> Result<Verdict, Failure> {
    let trusted = match (&options.policy, &options.key) {
        (Some(path), _) => Some(Policy::parse(&read(path)?).map_err(|fault| {
            let path = path.display();
            Failure::usage(both(format!("{path} 不是策略文件"), format!("{path} is no policy"))).because(&fault)
        })?),
        (None, Some(key)) => Some(Policy::of_log(
            VerifierKey::parse(key)
                .map_err(|fault| Failure::usage(both("公钥写法有误", "the verifier key isn't one")).because(&fault))?,
        )),
        (None, None) => None,
    };
    must_be_bundle(&options.file)?;
    let previous = options.previous.as_deref().map(policy::read_previous).transpose()?;
    let reveals: Vec<Reveal> = options.reveal.iter().map(|path| read_reveal(path)).collect::<Result<_, _>>()?;
    let trust = trusted.as_ref().map_or(Trust::Bundle, Trust::Policy);
    let bar = Progress::of("审计 auditing");
    let report = audit_bundle(|| File::open(&options.file), trust, previous.as_ref(), &reveals, &mut |done, total| {
        bar.reached(done, total)
    });
    report.map_err(|error| cannot_read(&options.file, &error))
}

/// The pictures, with the verdict above them: they are of figures that were computed here, sound or not.
fn write_charts(path: &Path, over: Over, report: &Verdict) -> Result<(), Failure> {
    let Some(subject) = report.subject.as_ref().filter(|_| !report.charts.is_empty()) else {
        remark(
            "没有可绘的图表：审计包没有全部记录，或人数过少  no charts: not every entry is there, or too few members",
        );
        return Ok(());
    };
    let verdict = match report.sound {
        true => "结论：成立  Verdict: it holds",
        false => "结论：不成立，见审计报告  Verdict: it does not hold: see the report",
    };
    let lines = [
        verdict.to_owned(),
        format!(
            "{}　{}　{}　{}",
            subject.organization_name.as_deref().unwrap_or_default(),
            subject.organization,
            subject.month,
            subject.number
        ),
        format!("{}　{}　{}", subject.origin, subject.tree_size, subject.root_hash.as_deref().unwrap_or("—")),
    ];
    let title = "审计附图：由审计包重新算出  Charts of the audit, as computed anew";
    over.write(path, chart::page(title, &lines, &report.charts).as_bytes())
}

/// Of what was never a bundle nothing can be recomputed, and nothing is said against anybody. A damaged one begins as a bundle does.
fn must_be_bundle(path: &Path) -> Result<(), Failure> {
    let mut begins = [0; ZSTD_FRAME.len()];
    let mut file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    match file.read_exact(&mut begins) {
        Ok(()) if begins == ZSTD_FRAME => Ok(()),
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(cannot_read(path, &error)),
        Ok(()) | Err(_) => {
            let path = path.display();
            let wrong = both(
                format!("{path} 不是审计包，什么也没有核对"),
                format!("{path} is no audit bundle: nothing was checked"),
            );
            let next =
                both("应为 mingzhang export audit 写出的文件", "it has to be a file of `mingzhang export audit`");
            Err(Failure::usage(wrong).next(next))
        }
    }
}

fn read_reveal(path: &Path) -> Result<Reveal, Failure> {
    Reveal::parse(&read(path)?).ok_or_else(|| {
        let path = path.display();
        Failure::usage(both(format!("{path} 不是出示的身份"), format!("{path} reveals nobody")))
            .next(both("应为 mingzhang person reveal 写出的文件", "it has to be a file of `mingzhang person reveal`"))
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    let path = path.display();
    Failure::of_world(both(format!("无法读取 {path}"), format!("reading {path}")), error)
}
