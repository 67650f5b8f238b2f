//! The report in words: what was checked, what was found, what to look at, and one sentence at the end.

use super::super::failure::Failure;
use super::super::output::{Side, bad, count, faint, good, say, strong, table};
use crate::audit::bundle::BundleFault;
use crate::audit::offline::{AuditFinding, Check, CheckOutcome, Outcome, Remarks, Revealed, Subject, Verdict};
use crate::notice::wording;
use mingzhang_events::Instant;
use std::collections::BTreeMap;

/// So many findings of one kind are printed one by one; the JSON has more.
const SHOWN_OF_EACH: usize = 20;

/// Says the whole report.
pub(super) fn say_all(report: &Verdict) -> Result<(), Failure> {
    if let Some(subject) = &report.subject {
        say_subject(subject)?;
    }
    say(format!("\n{}", strong("核对 Checks")))?;
    for outcome in &report.checks {
        say(check_line(outcome.check, outcome.outcome, report))?;
    }
    for superseded in &report.superseded {
        let (number, size) = (&superseded.number, count(superseded.tree_size));
        let said = match superseded.recomputed {
            true => format!("{} 所取代的通报 {number}：按其 {size} 条记录重算，与印发时相同", good("✓")),
            false => format!("{} 所取代的通报 {number}：按其 {size} 条记录重算，与印发时不同", bad("✗")),
        };
        let english =
            if superseded.recomputed { "as published, computed anew: the same" } else { "isn't what was published" };
        say(format!("{said} {}", faint(english)))?;
    }
    if !report.findings.is_empty() {
        say(format!("\n{}", strong("发现 Findings")))?;
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        let mut more = report.findings_untold;
        for finding in &report.findings {
            let of_kind = shown.entry(finding.code()).or_insert(0);
            *of_kind += 1;
            if *of_kind > SHOWN_OF_EACH {
                more += 1;
                continue;
            }
            say(format!("{} {}", bad("✗"), chinese(finding)))?;
            say(faint(format!("  [{}] {finding}", finding.code())))?;
        }
        if more > 0 {
            say(format!("  另有 {more} 项，见 --format json  {more} more: see --format json"))?;
        }
    }
    if !report.differences.is_empty() {
        say(format!("\n{}", strong("数字不符 Figures that differ")))?;
        let cell = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
        let rows: Vec<Vec<String>> = (report.differences.iter())
            .map(|difference| {
                vec![difference.figure.clone(), cell(&difference.published), cell(&difference.recomputed)]
            })
            .collect();
        say(table(
            &[Side::Left, Side::Right, Side::Right],
            &["数字 figure", "公布 published", "重算 recomputed"],
            &rows,
        ))?;
    }
    say_revealed(&report.revealed)?;
    if let Some(conduct) = &report.conduct {
        say_conduct(conduct, report.subject.as_ref())?;
    }
    say_verdict(report)
}

fn say_subject(subject: &Subject) -> Result<(), Failure> {
    let name = subject.organization_name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
    say(strong(format!("{name}{} {} 通报 {}", subject.organization, subject.month, subject.number)))?;
    let size = count(subject.tree_size);
    say(format!("账本 log         {}", subject.origin))?;
    let part = match subject.first_index {
        0 => "全部 all".to_owned(),
        first => format!("自第 {first} 条起 from {first} on"),
    };
    say(format!("记录 entries     {size}（{part}）"))?;
    if let Some(root) = &subject.root_hash {
        say(format!("根哈希 root      {root}"))?;
    }
    if let Some((first, last)) = subject.recorded {
        say(format!("登记时间 recorded {} — {}", local(first), local(last)))?;
    }
    say(format!("公钥 key         {}", subject.verifier_key))?;
    let authenticated = if subject.key_is_authenticated {
        "由您提供 given by you".to_owned()
    } else {
        bad("取自审计包，未经认证 from the bundle: nothing authenticates it")
    };
    say(format!("                 {authenticated}"))
}

fn local(instant: Instant) -> String {
    let minute = instant.local_minute_of_day();
    format!("{} {:02}:{:02}", instant.local_date(), minute / 60, minute % 60)
}

fn check_line(check: Check, outcome: Outcome, report: &Verdict) -> String {
    let (chinese, english) = words(check);
    let mark = match outcome {
        Outcome::Holds => good("✓"),
        Outcome::HoldsAsTold => bad("!"),
        Outcome::Fails => bad("✗"),
        Outcome::NotMade => faint("–"),
    };
    let said = match (check, outcome) {
        (_, Outcome::NotMade) => "未核对 not checked".to_owned(),
        (Check::Checkpoint, Outcome::HoldsAsTold) => {
            "签名有效，但公钥来自审计包本身 signed, by a key that only the bundle names".to_owned()
        }
        (Check::Reveals, Outcome::HoldsAsTold) => {
            "相符，但承诺在审计包以外的记录中，只凭包内所列 as the bundle lists; the entries aren't in it".to_owned()
        }
        (Check::Notice, Outcome::HoldsAsTold) => {
            "相符，但它依据的根哈希在审计包以前，未核对 holds; the root that it rests on is of before the bundle and wasn't checked".to_owned()
        }
        (Check::Documents, Outcome::HoldsAsTold) => {
            let many = count(report.documents_not_checked.len() as u64);
            format!("{many} 份依据的根哈希在审计包以前，未核对 {many} rest on roots of before the bundle and weren't checked")
        }
        (Check::Figures, Outcome::Holds) => {
            let compared = count(report.figures_compared.unwrap_or(0) as u64);
            format!("{compared} 项逐项相同 {compared} compared, all the same")
        }
        (Check::Witnesses, Outcome::Holds) => {
            let names = report.subject.as_ref().map(|subject| subject.cosigners.join("、")).unwrap_or_default();
            format!("达到法定数：{names} quorum met")
        }
        (_, Outcome::Holds | Outcome::HoldsAsTold) => "无误 holds".to_owned(),
        (_, Outcome::Fails) => "有误 fails".to_owned(),
    };
    format!("{mark} {chinese} {english}　{said}")
}

pub(super) const fn words(check: Check) -> (&'static str, &'static str) {
    match check {
        Check::Bundle => ("审计包完整", "the file is whole"),
        Check::Checkpoint => ("检查点由账本签名", "the log signed the checkpoint"),
        Check::Witnesses => ("见证人联署", "witnesses cosigned it"),
        Check::Previous => ("接续以前的检查点", "it continues the earlier checkpoint"),
        Check::Entries => ("记录规范、依次、不重复", "entries are canonical, in order, once each"),
        Check::Root => ("由全部记录重算的根哈希与签名一致", "the entries have the signed root"),
        Check::Notice => ("通报就是账本印发的那一份", "the notice is the one that was issued"),
        Check::Documents => ("印发的文书依据的根哈希", "documents name roots that the log had"),
        Check::Figures => ("由记录和细则重算的每个数字", "every figure, computed anew"),
        Check::Rules => ("细则就是账本施行的", "the rules are those adopted"),
        Check::Reveals => ("出示的身份就是账本所承诺的人", "whoever was revealed is who the log committed to"),
        Check::Reviews => ("没有人审核自己登记或涉及自己的记录", "nobody reviewed their own"),
    }
}

/// Who was who, since when, and what was committed to before.
fn say_revealed(revealed: &[Revealed]) -> Result<(), Failure> {
    if revealed.is_empty() {
        return Ok(());
    }
    say(format!("\n{}", strong("身份抽查 Revealed")))?;
    for Revealed { member, name, number, since, other_names, other_numbers, .. } in revealed {
        let number = number.as_ref().map(|number| format!("（编号 {number}）")).unwrap_or_default();
        say(format!("{} {member} 就是 {name}{number}，自第 {since} 条起", good("✓")))?;
        say(faint(format!("  this member was {name}{number} from entry {since} on")))?;
        for log_index in other_names {
            say(format!("{} 此前第 {log_index} 条承诺的是另一个姓名：请查明是更名还是换人", bad("!")))?;
            say(faint(format!(
                "  before that, entry {log_index} committed to another name: ask whether it was renamed or another person"
            )))?;
        }
        for log_index in other_numbers {
            say(format!("{} 第 {log_index} 条承诺的是另一个编号", bad("!")))?;
            say(faint(format!("  entry {log_index} committed to another number")))?;
        }
    }
    Ok(())
}

fn say_conduct(conduct: &Remarks, subject: Option<&Subject>) -> Result<(), Failure> {
    say(format!(
        "\n{}",
        strong("值得查看（全账本，不限于本组织） Worth a look (the whole log, not this organisation only)")
    ))?;
    let rows: Vec<Vec<String>> = (conduct.evidence.iter())
        .map(|mix| {
            let name = wording::evidence(mix.evidence);
            vec![
                format!("{} {}", name.chinese, name.english),
                count(mix.records),
                count(mix.in_month),
                count(mix.late_in_month),
            ]
        })
        .collect();
    let sides = [Side::Left, Side::Right, Side::Right, Side::Right];
    let late = format!("迟 {} 天以上 late", conduct.late_after_days);
    say(table(&sides, &["佐证 evidence", "全部 all", "当月 month", &late], &rows))?;
    let (after_close, after_close_in_english) = match conduct.corrections_after_close {
        Some(after) => (format!("其中月结后 {} 次", count(after)), format!("after the close {after}")),
        None => (
            "其中月结后的次数，这一部分账目说明不了".to_owned(),
            "after the close: this part of the log can't tell".to_owned(),
        ),
    };
    say(format!(
        "补签 {} 次；更正 {} 次，{after_close}；审核 {} 次",
        count(conduct.late_check_ins),
        count(conduct.corrections),
        count(conduct.reviews)
    ))?;
    say(faint(format!(
        "late check-ins {}; corrections {}, {after_close_in_english}; reviews {}",
        conduct.late_check_ins, conduct.corrections, conduct.reviews
    )))?;
    if subject.is_some_and(|subject| subject.first_index == 0) {
        say(format!(
            "已知 {} 名经办人是党员本人：只有他们能查出是否审核了自己的记录 (reviews about oneself can be told of {} actors only)",
            conduct.actors_known, conduct.actors_known
        ))?;
    }
    for by in &conduct.back_entered_by {
        say(format!("补录 back-entered  {}  {}", by.actor, count(by.entries)))?;
    }
    for silence in &conduct.silences {
        say(format!(
            "无登记 silence  {} — {}  {} 小时 h（第 {} 条之后）",
            local(silence.from),
            local(silence.until),
            count(silence.hours),
            silence.log_index
        ))?;
    }
    for hour in &conduct.busiest_hours {
        say(format!("最忙一小时 busiest  {}  {} 条 entries", local(hour.from), count(hour.entries)))?;
    }
    Ok(())
}

/// What it comes to, in Chinese and in English, with what that rests on.
pub(super) fn conclusion(report: &Verdict) -> (String, String) {
    let (mut chinese, mut english) = verdict(report);
    let not_compared = |check: &CheckOutcome| check.check == Check::Previous && check.outcome == Outcome::NotMade;
    if report.sound && report.checks.iter().any(not_compared) {
        chinese.push_str("没有与以前的检查点对照（--previous）：单凭一个包，看不出账本是否另有一份。");
        english.push_str(
            " Not compared with an earlier checkpoint (--previous): one bundle alone can't show a second version of the log.",
        );
    }
    let many = report.documents_not_checked.len();
    if report.sound && many > 0 {
        chinese.push_str(&format!("有 {many} 份文书依据的根哈希在审计包以前，没有核对：须用全部记录的审计包。"));
        english.push_str(&format!(
            " {many} documents rest on roots of before the bundle, which weren't checked: a bundle of the whole log tells."
        ));
    }
    (chinese, english)
}

fn verdict(report: &Verdict) -> (String, String) {
    let found = count((report.findings.len() + report.findings_untold) as u64);
    match (&report.subject, report.sound) {
        (_, false) => (
            format!("结论：不成立。发现 {found} 处矛盾；查明之前请不要采信这份通报。"),
            format!(
                "Verdict: it does not hold. {found} contradictions were found; don't rely on this notice until they are explained."
            ),
        ),
        (Some(subject), true) if subject.first_index > 0 => (
            "结论：通报和所附记录没有被改动。审计包不含全部记录，通报的数字没有重算。".to_owned(),
            "Verdict: notice and entries are unchanged. The bundle hasn't got the whole log: no figure was recomputed."
                .to_owned(),
        ),
        (subject, true) => {
            let authenticated = subject.as_ref().is_some_and(|subject| subject.key_is_authenticated);
            let premise =
                if authenticated { "" } else { "前提是包里的公钥确属该账本：请另行核实。" };
            let premise_english = if authenticated {
                ""
            } else {
                " Provided that the key in the bundle is the log's: make sure by another way."
            };
            (
                format!("结论：成立。通报的每个数字都能由账本的记录和细则重新算出。{premise}"),
                format!("Verdict: it holds. Every figure follows from the log's entries and rules.{premise_english}"),
            )
        }
    }
}

fn say_verdict(report: &Verdict) -> Result<(), Failure> {
    let (chinese, english) = conclusion(report);
    let chinese = if report.sound { good(chinese) } else { bad(chinese) };
    say(format!("\n{}\n{}", strong(chinese), faint(english)))
}

/// A finding in Chinese.
pub(super) fn chinese(finding: &AuditFinding) -> String {
    match finding {
        AuditFinding::Bundle(fault) => chinese_fault(fault),
        AuditFinding::ManifestDiffers { field, manifest, found } => {
            format!("清单中的 {field} 写的是 {manifest}，实际是 {found}")
        }
        AuditFinding::CheckpointNotSigned { .. } => "检查点不是账本的密钥签的".to_owned(),
        AuditFinding::QuorumNotMet { cosigners } => format!("见证人联署不足：只有 {cosigners} 个"),
        AuditFinding::RootDiffers { tree_size } => {
            format!("{tree_size} 条记录的根哈希与签名的不符：至少有一条被改动、删除、添加或调换")
        }
        AuditFinding::PreviousForeign { .. } => "以前的检查点不属于这本账".to_owned(),
        AuditFinding::RolledBack { previous, tree_size } => {
            format!("账本变短了：以前有 {previous} 条，现在只有 {tree_size} 条")
        }
        AuditFinding::Rewritten { previous } => format!("账本被改写：前 {previous} 条与以前的检查点不符"),
        AuditFinding::NotAnEvent { log_index, .. } => format!("第 {log_index} 条不是本账本的规范记录"),
        AuditFinding::RecordedEarlier { log_index } => format!("第 {log_index} 条的登记时间早于前一条"),
        AuditFinding::HandoverNotProved { log_index } => {
            format!("第 {log_index} 条更换账本密钥，但没有新旧密钥共同签署")
        }
        AuditFinding::RecordedBeforeItHappened { log_index } => format!("第 {log_index} 条在事情发生之前登记"),
        AuditFinding::IdTwice { count } => format!("{count} 条与前面的记录编号相同"),
        AuditFinding::NoticeNotIssued { event } => format!("账本里没有印发这份通报的记录 {event}"),
        AuditFinding::NoticeNotAsIssued { log_index } => {
            format!("notice.json 不是第 {log_index} 条印发的那一份：摘要不同")
        }
        AuditFinding::NoticeRootDiffers { tree_size } => format!("通报上的根哈希不是账本在 {tree_size} 条时的根哈希"),
        AuditFinding::DocumentRootDiffers { log_index } => {
            format!("第 {log_index} 条印发的文书写的根哈希，不是账本当时的根哈希")
        }
        AuditFinding::NoticeNotLatest { log_index } => format!("第 {log_index} 条印发了同一组织同一月份更新的通报"),
        AuditFinding::NoticeImpossible => "由通报所依据的记录组不成通报".to_owned(),
        AuditFinding::SupersededDiffers { log_index } => {
            format!("第 {log_index} 条印发的、已被取代的通报，由当时的记录重新计算，结果不同")
        }
        AuditFinding::FiguresDiffer { count } => format!("通报有 {count} 项与重新计算的结果不同"),
        AuditFinding::RulesDiffer { path } => format!("{path} 不是账本施行的细则"),
        AuditFinding::ReviewOfOwnRecord { log_index, of, actor } => {
            format!("第 {log_index} 条：{actor} 审核了自己在第 {of} 条登记或更改的记录")
        }
        AuditFinding::ReviewAboutOneself { log_index, actor } => {
            format!("第 {log_index} 条：{actor} 审核了涉及自己的记录")
        }
        AuditFinding::RevealForeign { member } => format!("出示的 {member} 属于另一本账"),
        AuditFinding::RevealNotCommitted { member } => {
            format!("账本没有对 {member} 作过身份承诺，无法证明是谁")
        }
        AuditFinding::RevealDiffers { member, log_index } => {
            format!(
                "{member} 不是所出示的人：没有任何一条承诺过这个姓名、编号和随机值；最近一次承诺在第 {log_index} 条"
            )
        }
        AuditFinding::RevealSuperseded { member, from, log_index } => {
            format!("{member} 自第 {from} 条起是所出示的人，但第 {log_index} 条已改为另一个姓名或编号")
        }
    }
}

fn chinese_fault(fault: &BundleFault) -> String {
    match fault {
        BundleFault::Unreadable { .. } => "文件无法解开：不是审计包，或已损坏、残缺".to_owned(),
        BundleFault::TooCompressible { .. } => "文件解开后大得反常，不是审计包".to_owned(),
        BundleFault::FileUnexpected { expected, found } => {
            format!("应为 {expected} 的地方是 {found}：缺少、多出或调换了文件")
        }
        BundleFault::HeaderChanged { path } => format!("{path} 的文件头被改动"),
        BundleFault::FileTooLong { path, .. } => format!("{path} 长得反常"),
        BundleFault::FileChanged { path } => format!("{path} 与清单中的 SHA-256 不符"),
        BundleFault::ManifestMalformed { .. } => "清单无法读取".to_owned(),
        BundleFault::FileMalformed { path, .. } => format!("{path} 无法读取"),
        BundleFault::EntryUnreadable { log_index, .. } => format!("第 {log_index} 条记录无法读取或已缺失"),
        BundleFault::TooMuch => "最后一条记录之后还有别的内容".to_owned(),
    }
}
