//! The audit report (审计报告) as a document: what was audited, every check, every finding, what to look at. The same as is told on a terminal.

use super::told::{chinese, conclusion, words};
use crate::audit::offline::{AuditFinding, Check, CheckOutcome, Outcome, Remarks, Subject, Verdict};
use crate::document::{Anchor, Annex, Block, Cell, Charted, Column, Document, Table, Title};
use crate::ledger::wording::local;
use crate::notice::{CheckpointHead, wording};

/// What the pictures rest on.
const CHARTS: &str = "以下各图由审计包中的记录重新算出，不取自通报；人数过少的月份不画。";

/// The report. Who audits signs it by hand: it has no signature, and no date but those of the log.
pub(super) fn document(report: &Verdict) -> Document<'static> {
    let heading = |text: &str| Block::Heading { depth: 1, text: text.to_owned() };
    let mut body = vec![heading("结论"), Block::Paragraph(conclusion(report).0)];
    if let Some(subject) = &report.subject {
        body.extend([heading("审计对象"), Block::Table(subject_table(subject))]);
    }
    let checks = report.checks.iter().map(|check| vec![text(words(check.check).0), text(outcome(check))]);
    body.extend([
        heading("核对情况"),
        Block::Table(table("各项核对及其结果", &[("核对", 20), ("结果", 8)], checks.collect())),
    ]);
    if !report.superseded.is_empty() {
        let rows = report.superseded.iter().map(|superseded| {
            let result = if superseded.recomputed { "与印发时相同" } else { "与印发时不同" };
            vec![text(&superseded.number), Cell::Count(superseded.tree_size), text(result), text(&superseded.digest)]
        });
        let columns = [("被取代的通报", 8), ("条目数", 4), ("重算", 6), ("摘要", 10)];
        body.push(Block::Table(table("被取代的通报按其检查点重算的结果", &columns, rows.collect())));
    }
    if !report.charts.is_empty() {
        body.extend([heading("附图"), Block::Paragraph(CHARTS.to_owned())]);
        body.extend(report.charts.iter().cloned().map(|chart| Block::Chart(Box::new(Charted::of(chart)))));
    }
    if let Some(remarks) = &report.conduct {
        body.extend([heading("值得查看（全账本，不限于本组织）"), Block::Table(evidence_table(remarks))]);
        body.push(Block::Paragraph(format!(
            "补签{}次；更正{}次，其中月结后{}；审核{}次。",
            remarks.late_check_ins,
            remarks.corrections,
            remarks
                .corrections_after_close
                .map_or_else(|| "的次数这一部分账目说明不了".to_owned(), |after| format!("{after}次")),
            remarks.reviews
        )));
        if report.subject.as_ref().is_some_and(|subject| subject.first_index == 0) {
            body.push(Block::Paragraph(format!(
                "已知{}名经办人是党员本人：只有他们能查出是否审核了自己的记录。",
                remarks.actors_known
            )));
        }
        body.push(Block::Table(look_at_table(remarks)));
    }
    body.push(Block::Note("审计单位（盖章）：　　　　　　审计人（签字）：　　　　　　日期：".to_owned()));
    Document {
        header: None,
        number: None,
        title: title(report.subject.as_ref()),
        addressees: None,
        body,
        signature: None,
        anchor: report.subject.as_ref().and_then(anchor),
        annexes: annexes(report),
        dated: None,
    }
}

/// `书院街道2026年10月积分通报审计报告`.
fn title(subject: Option<&Subject>) -> Title {
    let named = subject.and_then(|subject| Some((subject.organization_name.as_deref()?, subject.month)));
    match named {
        Some((organization, month)) => {
            Title::of(&[organization, &wording::month_in_words(month), "积分通报", "审计报告"])
        }
        None => "积分通报审计报告".into(),
    }
}

fn annexes(report: &Verdict) -> Vec<Annex<'static>> {
    let mut annexes = Vec::new();
    if !report.findings.is_empty() {
        let row = |finding: &AuditFinding| {
            vec![text(finding.code()), finding.log_index().map_or(Cell::Empty, Cell::Count), text(chinese(finding))]
        };
        let untold = report.findings_untold;
        annexes.push(Annex {
            title: "发现的矛盾".to_owned(),
            table: table(
                "每一处矛盾",
                &[("代码", 7), ("账目", 4), ("说明", 20)],
                report.findings.iter().map(row).collect(),
            ),
            notes: (untold > 0).then(|| format!("另有{untold}处未列。")).into_iter().collect(),
            last_sheet: false,
        });
    }
    if !report.differences.is_empty() {
        let cell = |value: &Option<String>| value.as_ref().map_or(Cell::Withheld("—"), text);
        let rows = report.differences.iter().map(|difference| {
            vec![text(&difference.figure), cell(&difference.published), cell(&difference.recomputed)]
        });
        annexes.push(Annex {
            title: "不符的数字".to_owned(),
            table: table("公布的与重算的", &[("数字", 12), ("公布", 8), ("重算", 8)], rows.collect()),
            notes: Vec::new(),
            last_sheet: false,
        });
    }
    if !report.revealed.is_empty() {
        let rows = report.revealed.iter().map(|revealed| {
            let others = revealed.other_names.iter().chain(&revealed.other_numbers);
            let others: Vec<String> = others.map(u64::to_string).collect();
            vec![
                text(revealed.member.to_string()),
                Cell::Name(revealed.name.clone()),
                revealed.number.as_ref().map_or(Cell::Empty, text),
                Cell::Count(revealed.since),
                text(others.join(" ")),
            ]
        });
        let columns = [("党员标识", 7), ("姓名", 4), ("编号", 5), ("自第几条", 4), ("承诺过其他姓名或编号的账目", 8)];
        annexes.push(Annex {
            title: "身份抽查".to_owned(),
            table: table("出示的身份就是账本所承诺的人", &columns, rows.collect()),
            notes: Vec::new(),
            last_sheet: false,
        });
    }
    annexes
}

fn text(text: impl AsRef<str>) -> Cell {
    Cell::Text(text.as_ref().to_owned())
}

fn table(description: &str, columns: &[(&str, u16)], rows: Vec<Vec<Cell>>) -> Table<'static> {
    let column = |&(heading, width): &(&str, u16)| Column { heading: heading.to_owned(), width };
    Table {
        description: description.to_owned(),
        columns: columns.iter().map(column).collect(),
        rows: rows.len(),
        row: Box::new(move |place| rows[place].clone()),
    }
}

const fn outcome(of: &CheckOutcome) -> &'static str {
    match of.outcome {
        Outcome::Holds => "无误",
        Outcome::HoldsAsTold if matches!(of.check, Check::Notice | Check::Documents) => {
            "无误，但审计包以前的根哈希未核对"
        }
        Outcome::HoldsAsTold => "无误，但只凭审计包本身",
        Outcome::Fails => "有误",
        Outcome::NotMade => "未核对",
    }
}

fn subject_table(subject: &Subject) -> Table<'static> {
    let key = if subject.key_is_authenticated { "另行得知" } else { "取自审计包，未经认证" };
    let recorded = subject.recorded.map(|(first, last)| format!("{}至{}", local(first), local(last)));
    let part = match subject.first_index {
        0 => "全部".to_owned(),
        first => format!("自第{first}条起"),
    };
    let rows = vec![
        vec![text("被审计组织"), subject.organization_name.as_ref().map_or(Cell::Withheld("—"), text)],
        vec![text("组织代码"), text(subject.organization.to_string())],
        vec![text("月份"), text(wording::month_in_words(subject.month))],
        vec![text("通报文号"), text(&subject.number)],
        vec![text("印发记录"), text(subject.notice.to_string())],
        vec![text("审计包所含记录"), text(part)],
        vec![text("登记时间"), recorded.map_or(Cell::Empty, text)],
        vec![text("公钥"), text(&subject.verifier_key)],
        vec![text("公钥来源"), text(key)],
        vec![text("联署的见证人"), text(subject.cosigners.join("、"))],
    ];
    table("审计对象", &[("项目", 8), ("内容", 20)], rows)
}

fn evidence_table(remarks: &Remarks) -> Table<'static> {
    let rows = remarks.evidence.iter().map(|mix| {
        let name = wording::evidence(mix.evidence).chinese;
        vec![text(name), Cell::Count(mix.records), Cell::Count(mix.in_month), Cell::Count(mix.late_in_month)]
    });
    let late = format!("迟{}天以上", remarks.late_after_days);
    table("记录的佐证方式", &[("佐证", 8), ("全部", 5), ("当月", 5), (late.as_str(), 6)], rows.collect())
}

/// Who back-entered, when nothing was recorded, when the most was.
fn look_at_table(remarks: &Remarks) -> Table<'static> {
    let by = remarks
        .back_entered_by
        .iter()
        .map(|by| vec![text("补录"), text(by.actor.to_string()), Cell::Count(by.entries)]);
    let silences = remarks.silences.iter().map(|silence| {
        let (from, until) = (local(silence.from), local(silence.until));
        let hours = format!("{from}至{until}（小时），第{}条之后", silence.log_index);
        vec![text("无登记"), text(hours), Cell::Count(silence.hours)]
    });
    let busy = remarks.busiest_hours.iter();
    let busy = busy.map(|hour| vec![text("最忙一小时（条）"), text(local(hour.from)), Cell::Count(hour.entries)]);
    table("经办情况", &[("项目", 7), ("经办人或时间", 16), ("数量", 5)], by.chain(silences).chain(busy).collect())
}

fn anchor(subject: &Subject) -> Option<Anchor> {
    let (origin, tree_size) = (subject.origin.clone(), subject.tree_size);
    let head = CheckpointHead { origin, root_hash: subject.root_hash.clone()?, tree_size };
    Some(Anchor {
        code: head.text().trim_end().to_owned(),
        origin: head.origin,
        tree_size,
        root_hash: head.root_hash,
        lines: vec!["根哈希由审计包中的全部记录重算。".to_owned()],
    })
}
