//! What the demonstration came to, as one enjoys reading it.

use super::super::failure::Failure;
use super::super::output::{Side, bar, columns, count, faint, good, hex, say, strong, table_within};
use super::play::{Consents, Played};
use crate::audit::Verified;
use mingzhang_events::OrganizationLevel;
use mingzhang_projections::{MonthSummary, NoticeEntry, ObjectionStanding, Rate};
use std::path::Path;

/// Columns of the bars, and of what stands beside them.
const BAR: u64 = 32;
const BESIDE_THE_BAR: u64 = 44;
/// Less than this is no bar.
const BAR_MIN: u64 = 4;
/// Members shown.
const TOP: usize = 10;

pub(super) fn say_summary(played: &Played, verified: &Verified, path: &Path) -> Result<(), Failure> {
    let models = played.models();
    let Some(summary) = models.month_summary(played.division, played.month) else {
        return Err(Failure::bug("the demonstration has no organisation"));
    };
    let month = played.month;
    say(format!(
        "\n{}  {}",
        strong(format!("{} · {month}", summary.organization.name)),
        faint("区划真实，党员为模拟数据  real divisions, synthetic members")
    ))?;
    let tree = models.subtree(played.division, None).unwrap_or_default();
    let levels: Vec<String> = OrganizationLevel::ALL
        .iter()
        .filter_map(|level| {
            let number = tree.iter().filter(|card| card.level == *level).count();
            (number > 0).then(|| format!("{} {}", level_name(*level), count(number)))
        })
        .collect();
    say(format!("  组织  {}", levels.join("  ")))?;
    let members = summary.members;
    say(format!(
        "  党员  在册 {}  应参加 {}  免予报到 {}  {}",
        count(members.rostered),
        count(members.due),
        count(members.exempt),
        faint("rostered, due, exempt")
    ))?;
    say(format!(
        "  登记  {} 条事实{}  {}",
        count(played.events),
        speed(played),
        faint("facts recorded, each durable")
    ))?;
    say_rates(&summary)?;
    say(format!(
        "  积分  合计 {}  人均 {}  志愿服务 {} 小时  {}",
        summary.points,
        summary.average.points.map_or_else(|| "—".to_owned(), |points| points.to_string()),
        count(summary.voluntary_minutes / 60),
        faint("points, average, hours of service")
    ))?;
    say_top(played)?;
    say_story(played)?;
    say(format!("\n  {}  {} 条记录逐条重算无误", good("✓ 核验通过 verified"), count(verified.tree_size)))?;
    say(format!("  根哈希 root  {}", strong(hex(&verified.root))))?;
    say(format!(
        "  {}",
        faint("签名密钥由种子得出，只供演示  the signing key comes from the seed: for demonstrations only")
    ))?;
    say_next(played, path)
}

fn level_name(level: OrganizationLevel) -> &'static str {
    match level {
        OrganizationLevel::City => "市",
        OrganizationLevel::County => "区县",
        OrganizationLevel::Subdistrict => "街道、乡镇",
        OrganizationLevel::Community => "社区、村",
        OrganizationLevel::Branch => "支部",
        OrganizationLevel::Group => "小组",
    }
}

/// Events per second, in whole numbers.
fn speed(played: &Played) -> String {
    let millis = played.recording.as_millis().max(1);
    let per_second = u128::from(played.events) * 1_000 / millis;
    format!("，用时 {}.{} 秒，每秒 {} 条", millis / 1_000, millis % 1_000 / 100, count(per_second))
}

fn say_rates(summary: &MonthSummary) -> Result<(), Failure> {
    say("")?;
    let rates = &summary.rates;
    let room = columns().map_or(BAR, |columns| (columns as u64).saturating_sub(BESIDE_THE_BAR));
    for (name, english, rate) in [
        ("党员报到率", "enrolment", rates.enrollment),
        ("结对报名率", "pairing sign-up", rates.pairing_sign_up),
        ("巡逻报名率", "patrol sign-up", rates.patrol_sign_up),
    ] {
        let filled = bar(u64::from(rate.numerator), u64::from(rate.denominator), room.clamp(BAR_MIN, BAR));
        say(format!(
            "  {name}  {filled}  {:>7}  {}",
            percent(rate),
            faint(format!("{}/{}  {english}", rate.numerator, rate.denominator))
        ))?;
    }
    say("")
}

fn percent(rate: Rate) -> String {
    match rate.percent_hundredths {
        Some(hundredths) => format!("{}.{:02}%", hundredths / 100, hundredths % 100),
        None => "—".to_owned(),
    }
}

fn say_top(played: &Played) -> Result<(), Failure> {
    let models = played.models();
    let Some(ranking) = models.member_ranking(played.division, played.month, None, TOP) else { return Ok(()) };
    let members = || ranking.rows.iter().map(|row| row.member);
    let in_full = models.consenting(members());
    let names = played.service.identity.shown_names(members(), &in_full, played.service.config.mask_names)?;
    let rows: Vec<Vec<String>> = ranking
        .rows
        .iter()
        .map(|row| {
            let branch = row.branch.and_then(|branch| models.organization(branch, None));
            let branch = branch.map_or_else(|| "—".to_owned(), |card| card.name);
            let hours = format!("{}:{:02}", row.voluntary_minutes / 60, row.voluntary_minutes % 60);
            let name = names.get(&row.member).cloned().unwrap_or_else(|| row.member.to_string());
            vec![row.rank.to_string(), name, branch, row.points.to_string(), hours]
        })
        .collect();
    let sides = [Side::Right, Side::Left, Side::Left, Side::Right, Side::Right];
    let room = columns().map_or(usize::MAX, |columns| columns.saturating_sub(2));
    let table = table_within(room, &sides, &["名次", "姓名", "支部", "积分", "志愿时长"], &rows);
    say(format!("\n  {}", strong(format!("积分前 {} 名  top {}", rows.len(), rows.len()))))?;
    for line in table.lines() {
        say(format!("  {line}"))?;
    }
    Ok(())
}

/// How the month went, from the consents to the notice that took the place of the first.
fn say_story(played: &Played) -> Result<(), Failure> {
    let (models, month, division) = (played.models(), played.month, played.division);
    let line = |chinese: String, english: String| say(format!("    {chinese}  {}", faint(english)));
    say(format!("\n  {}", strong("这个月是怎样办结的  How the month was settled")))?;
    let Consents { given, withdrawn } = played.consents;
    if given > 0 {
        let (given, withdrawn) = (count(given), count(withdrawn));
        line(
            format!("{given} 名党员同意公开姓名，{withdrawn} 名后来撤回"),
            format!("{given} let their names be printed, {withdrawn} thought better of it"),
        )?;
    }
    if let Some(disclosed) = models.disclosures().into_iter().find(|disclosed| disclosed.month == month) {
        let (from, until, days) = (disclosed.opened_at.local_date(), disclosed.until, disclosed.working_days);
        line(
            format!("{from} 冻结、公示 {days} 个工作日，至 {until}"),
            format!("frozen, and disclosed for {days} working days"),
        )?;
    }
    let objections = models.objections(division, Some(month)).unwrap_or_default();
    if !objections.is_empty() {
        let standing =
            |wanted: ObjectionStanding| objections.iter().filter(|objection| objection.standing == wanted).count();
        let (upheld, dismissed) = (standing(ObjectionStanding::Upheld), standing(ObjectionStanding::Dismissed));
        line(
            format!("异议 {} 件：成立并更正 {upheld} 件，不成立 {dismissed} 件", objections.len()),
            format!("objections: {upheld} upheld and corrected, {dismissed} dismissed"),
        )?;
    }
    let mut notices: Vec<NoticeEntry> = models.notices(Some(division));
    notices.retain(|notice| notice.month == month);
    for notice in notices.iter().rev() {
        let (on, number) = (notice.issued_at.local_date(), &notice.number);
        match notice.supersedes {
            None => line(format!("{on} 月结，印发通报{number}"), "closed, and its notice issued".to_owned()),
            Some(_) => {
                line(format!("{on} 查出差错，{number}取代原通报"), "superseded, saying what changed and why".to_owned())
            }
        }?;
    }
    Ok(())
}

fn say_next(played: &Played, path: &Path) -> Result<(), Failure> {
    let (path, month, division) = (path.display(), played.month, played.division);
    say(format!("\n  {}", strong("通报 circulars")))?;
    for circular in &played.circulars {
        say(format!("    {}", circular.display()))?;
    }
    say(format!(
        "\n  {}
    mingzhang show organization {division} --month {month} --ledger {path}
    mingzhang show member D000001 --month {month} --ledger {path}
    mingzhang verify --ledger {path}",
        strong("继续看 Look further")
    ))
}
