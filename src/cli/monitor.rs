//! `mingzhang monitor`: follows a ledger from outside and raises an alarm when it contradicts itself. It needs no ledger and no token.

use super::exit::Exit;
use super::failure::{Failure, both};
use super::output::{bad, count, faint, good, hex, remark, say};
use super::policy;
use super::progress::Progress;
use crate::clock::MachineClock;
use crate::monitor::{Again, Alarm, AlarmKind, Habits, Monitor, MonitorError, RecordsError, Seen};
use crate::serve;
use crate::transparency::Policy;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

const EXAMPLE: &str = "\
示例 Examples:
  mingzhang monitor https://ledger.example.gov.cn/log --policy policy --state 监测 --once      看一次，适合定时任务  one look, for cron
  mingzhang monitor https://ledger.example.gov.cn/log --policy policy --state 监测             持续监测  go on watching

地址是 checkpoint 之前的部分。每次读取检查点，核对签名和见证人，再用公开的记录哈希从上次的位置重新算到新的根哈希：只要账本改动、删除或
另立过一条，就会报警。此外读取上层的全部哈希块，并轮流重读一部分旧的（--reread）。报警是标准错误上的一行 JSON（alarm 字段为类型），互相矛盾的检查点存入状态目录的 alarms。
报警类型 fork、rollback、bad_signature、wrong_tile 立即结束监测；missing_tile、unwitnessed、unreachable 持续监测时只报警，不结束。
The URL is what stands before /checkpoint. Each look checks signatures and witnesses and recomputes the root from the public leaf hashes, from
the last look on; besides, it reads all tiles of the higher levels, and some of the old ones in turn (--reread). An alarm is a line of JSON on standard error; the checkpoints that contradict are kept under alarms in the state directory.
fork, rollback, bad_signature and wrong_tile end the watching; missing_tile, unwitnessed and unreachable do so only with --once.";

/// Its options.
#[derive(clap::Args)]
#[command(about = "监测账本：倒退、分叉、缺块、未见证即报警  Watch a ledger from outside", after_help = EXAMPLE)]
pub(super) struct Options {
    #[arg(value_name = "URL", help = "账目地址，如 https://…/log  The log's address")]
    url: String,
    #[arg(long, value_name = "FILE", help = "信任谁：账本和见证人的公钥（C2SP tlog-policy）  Whom to trust")]
    policy: PathBuf,
    #[arg(
        long,
        value_name = "DIR",
        default_value = "monitor",
        help = "保存所见检查点的目录  Where what was seen is kept"
    )]
    state: PathBuf,
    #[arg(long, help = "只看一次  One look")]
    once: bool,
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration, help = "间隔，如 60s、5m、1h  Between two looks")]
    interval: Duration,
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration, help = "见证签名多久算过时  How old a cosignature may be")]
    stale_after: Duration,
    #[arg(
        long,
        value_name = "N",
        default_value = "3",
        help = "读取失败时共试几次  How often to try before the log counts as unreachable"
    )]
    tries: u32,
    #[arg(
        long,
        value_name = "N|all",
        default_value = "64",
        value_parser = again,
        help = "每次另外重读多少个旧哈希块，all 为全部  How many old tiles to read again at each look"
    )]
    reread: Again,
}

/// `64`, `0`, `all`.
fn again(text: &str) -> Result<Again, String> {
    if text == "all" {
        return Ok(Again::All);
    }
    text.parse().map(Again::Tiles).map_err(|_| "写数目或 all  a number, or all".to_owned())
}

/// `90`, `90s`, `5m`, `1h`, `2d`.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        Some((at, 'd')) => (&text[..at], 86_400),
        Some(_) | None => (text, 1),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).filter(|seconds| *seconds > 0);
    seconds.map(Duration::from_secs).ok_or_else(|| "写成 60s、5m、1h 这样  write it like 60s, 5m or 1h".to_owned())
}

pub(super) fn run(options: &Options) -> Result<Exit, Failure> {
    let tried = both(format!("监测 {}", options.url), format!("watching {}", options.url));
    watch(options).map_err(|failure| failure.trying(tried))
}

fn watch(options: &Options) -> Result<Exit, Failure> {
    let path = options.policy.display();
    let policy = std::fs::read(&options.policy)
        .map_err(|error| Failure::of_world(both(format!("无法读取 {path}"), format!("reading {path}")), &error))?;
    let policy = Policy::parse(&policy).map_err(|error| {
        Failure::usage(both(format!("{path} 写法有误"), format!("{path} isn't a policy"))).because(&error)
    })?;
    serve::start_logging(&std::env::var("MINGZHANG_LOG").unwrap_or_else(|_| "info".to_owned()));
    let habits =
        Habits { tries: options.tries, pause: Duration::from_secs(1), cosignature_age_max: options.stale_after };
    let mut monitor = Monitor::open(&options.url, policy, &options.state, Arc::new(MachineClock), habits)
        .map_err(|error| records_failed(&error))?;
    let (_kept, never) = channel::<()>();
    let mut raised = None;
    loop {
        let looked = {
            let bar = Progress::of("读取哈希 reading hashes");
            let seen = monitor.look(&mut |done, total| bar.reached(done, total));
            seen.and_then(|seen| {
                let read = monitor.look_again(&seen.checkpoint, options.reread, &mut |_, _| {})?;
                Ok((seen, read))
            })
        };
        match looked {
            Ok((seen, read)) => {
                if raised.take().is_some() {
                    tracing::info!(size = seen.checkpoint.size, "in order again");
                }
                if options.once || seen.new_entries > 0 {
                    say_seen(&seen, read)?;
                }
                if options.once {
                    return Ok(Exit::Done);
                }
            }
            Err(MonitorError::Alarm(alarm)) => {
                // One line for each alarm, however long it lasts.
                if raised.replace(alarm.kind) != Some(alarm.kind) {
                    log(&options.url, &alarm);
                }
                if options.once || alarm.kind.ends_watching() {
                    tell(&alarm);
                    return Ok(Exit::Alarm);
                }
            }
            Err(MonitorError::Records(error)) => return Err(records_failed(&error)),
        }
        let _waited = never.recv_timeout(options.interval);
    }
}

fn log(url: &str, alarm: &Alarm) {
    let kept = alarm.kept.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    tracing::error!(alarm = alarm.kind.code(), url, known_size = alarm.known_size, what = alarm.what, kept, "alarm");
}

fn tell(alarm: &Alarm) {
    let kind: AlarmKind = alarm.kind;
    remark(format!("{} {}", bad("报警："), kind.chinese()));
    remark(format!("{} {} ({})", bad("alarm:"), kind.english(), alarm.what));
    if let Some(kept) = &alarm.kept {
        remark(format!("  证据 evidence: {}.*", kept.display()));
    }
    if kind == AlarmKind::BadSignature {
        let next = policy::was_the_key_replaced();
        remark(format!("  {}", next.chinese));
        remark(format!("  {}", next.english));
    }
}

fn say_seen(seen: &Seen, (read, full): (u64, u64)) -> Result<(), Failure> {
    let check = good("✓");
    say(format!(
        "{check} {} 条，新增 {} 条，从记录哈希重新算出的根哈希与签名一致  {} entries, {} new, the root recomputed",
        count(seen.checkpoint.size),
        count(seen.new_entries),
        count(seen.checkpoint.size),
        count(seen.new_entries)
    ))?;
    let (read, full) = (count(read), count(full));
    say(format!(
        "{check} 上层哈希块全部相符；旧哈希块重读 {read} 个，共 {full} 个  all higher tiles hold; {read} of {full} old tiles were read again"
    ))?;
    let cosigners = if seen.cosigners.is_empty() {
        "policy 未要求  none asked for".to_owned()
    } else {
        seen.cosigners.join("、")
    };
    say(format!("{check} 见证人  witnesses: {cosigners}"))?;
    say(faint(format!("  {}  {}", seen.checkpoint.origin, hex(&seen.checkpoint.root))))
}

fn records_failed(error: &RecordsError) -> Failure {
    let wrong = both("监测记录无法使用", "the monitor's records can't be used");
    match error {
        RecordsError::Held(path) => {
            let held = both(format!("{} 正被另一个监测进程使用", path.display()), error.to_string());
            Failure::new(Exit::Held, held).next(both("请换一个 --state 目录", "take another --state directory"))
        }
        RecordsError::File { .. } | RecordsError::Damaged(_) => Failure::of_world(wrong, error),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn a_time_has_a_number_and_perhaps_a_unit() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3_600), ("2d", 172_800)] {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "0s", "-1s", "1w", "1.5h", "99999999999999999999h", "小时"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
