//! The sentences of the circular (正文): the same figures as in the tables, as an office would write them. Chinese only.

use super::circular::Notice;
use super::counting::Counting;
use super::figures::{Rate, SessionFigures};
use super::format::{count, hours_in_words, percent, points};
use super::imprint::Imprint;
use super::wording::{self, Words, figures, month_in_words};
use mingzhang_events::Evidence;

/// `95.83%`, or why there is none, in words that fit into a sentence.
fn rate(rate: Rate) -> String {
    match rate {
        Rate::Of { .. } => percent(rate),
        Rate::Nobody => "无（没有应报到的党员）".to_owned(),
        Rate::Withheld => "不公布".to_owned(),
    }
}

fn numerator(rate: Rate) -> Option<u64> {
    match rate {
        Rate::Of { numerator, .. } => Some(u64::from(numerator)),
        Rate::Nobody | Rate::Withheld => None,
    }
}

/// 总体情况, in two paragraphs.
pub(crate) fn overview(notice: &Notice) -> [String; 2] {
    let rates = &notice.rates;
    // The rules may count others as due for this rate than for the sums: then both are told.
    let own_due = match rates.enrollment {
        Rate::Of { denominator, .. } if denominator != notice.due => {
            let counted = if denominator < notice.due { "其中" } else { "另按细则" };
            format!("{counted}计入报到率的{}人，", of(denominator))
        }
        Rate::Of { .. } | Rate::Nobody | Rate::Withheld => String::new(),
    };
    let enrolled = numerator(rates.enrollment).map(|count_of| format!("{own_due}已报到{}人，", count(count_of)));
    let open = if notice.month_closed { "" } else { "本月尚未月结，以下数字仍可能变动。" };
    let standing = format!(
        "{open}截至{}{}日24时，{}应报到党员{}人，{}报到率{}；结对报名率{}，巡逻报名率{}。",
        month_in_words(notice.month),
        notice.month.last_day().day(),
        notice.name,
        count(u64::from(notice.due)),
        enrolled.unwrap_or_default(),
        rate(rates.enrollment),
        rate(rates.pairing_sign_up),
        rate(rates.patrol_sign_up),
    );
    let took_part = numerator(rates.participation).map(|count_of| format!("{}人参加了活动，", count(count_of)));
    let average = notice.totals.average_points.map(|average| format!("，人均{}分", points(average)));
    let done = format!(
        "全月{}参与率{}；积分合计{}分{}；志愿服务累计{}。",
        took_part.unwrap_or_default(),
        rate(rates.participation),
        points(notice.totals.points),
        average.unwrap_or_default(),
        hours_in_words(notice.totals.voluntary_minutes),
    );
    [standing, done]
}

/// What stands where an organisation has none below it.
pub(crate) const NO_SUB_ORGANIZATIONS: &str = "没有下级组织。";

/// 履职情况: name and sentence of each kind of service.
pub(crate) fn service(notice: &Notice) -> [(Words, String); 5] {
    [
        (figures::PATROLS, patrols(notice)),
        (figures::VISITS, visits(notice)),
        (figures::MEETINGS, sessions(&notice.meetings)),
        (figures::TRAININGS, sessions(&notice.trainings)),
        (figures::DUTY, duty(notice)),
    ]
}

fn of(number: u32) -> String {
    count(u64::from(number))
}

fn patrols(notice: &Notice) -> String {
    let patrols = &notice.patrols;
    let no_shows = match notice.month_closed || notice.no_shows_counted {
        true => format!("报名未到{}人次", of(patrols.no_shows)),
        false => "报名未到的人次尚未统计".to_owned(),
    };
    format!(
        "开展{}班次，报名{}人次，参加{}人次，累计{}；{no_shows}。参与率{}。",
        of(patrols.shifts),
        of(patrols.signed_up),
        of(patrols.attended),
        hours_in_words(patrols.minutes),
        rate(notice.rates.patrol_participation)
    )
}

fn visits(notice: &Notice) -> String {
    let paired =
        numerator(notice.rates.pairing_sign_up).map(|paired| format!("应参加的党员中{}名结对，", count(paired)));
    format!(
        "{}走访困难家庭{}次，参与率{}。",
        paired.unwrap_or_default(),
        of(notice.home_visits),
        rate(notice.rates.pairing_participation)
    )
}

fn sessions(sessions: &SessionFigures) -> String {
    let SessionFigures { absent, attended, held, on_leave } = *sessions;
    match held {
        0 => "本月没有安排。".to_owned(),
        _ => format!("{}次，出席{}人次，请假{}人次，缺席{}人次。", of(held), of(attended), of(on_leave), of(absent)),
    }
}

fn duty(notice: &Notice) -> String {
    let Some(duty) = &notice.duty else {
        return format!("{}年的法定工作日历尚未载入，本项不统计。", notice.month.year());
    };
    let covered = match (duty.days_covered, duty.days_needed) {
        (_, 0) => return "本月没有值守要求。".to_owned(),
        (numerator, denominator) => Rate::Of { numerator, denominator },
    };
    format!(
        "本月{}个工作日；各社区合计应值守{}天，其中{}天有{}名以上队员在岗，占{}。",
        duty.working_days,
        of(duty.days_needed),
        of(duty.days_covered),
        duty.members_per_working_day,
        percent(covered)
    )
}

/// 记录与佐证.
pub(crate) fn records(notice: &Notice) -> String {
    let records = &notice.records;
    let back_entered = notice.evidence.iter().find(|line| line.evidence == Evidence::BackEntered);
    format!(
        "有效记录{}条；待审核{}条，退回{}条，未签退{}条，这三类均不计分。有效和待审核的记录中，补录{}条。",
        of(records.accepted),
        of(records.pending),
        of(records.returned),
        of(records.check_out_missing),
        of(back_entered.map_or(0, |line| line.records))
    )
}

/// 积分细则.
pub(crate) fn rules(notice: &Notice) -> String {
    match &notice.rules {
        Some(rules) => format!("本月积分按《{}》（{}版）计算。", rules.title, rules.version),
        None => "本月没有施行的积分细则，不计积分。".to_owned(),
    }
}

/// What the checkpoint is.
pub(crate) fn checkpoint(notice: &Notice) -> String {
    format!(
        "本通报的全部数字，由账本最前面的{}条记录算出。账本只能添加，不能修改；“根哈希”是这些记录的指纹，改动其中任何一条，指纹就不同。",
        count(notice.checkpoint.tree_size)
    )
}

/// What the checkpoint consists of.
pub(crate) fn checkpoint_lines(notice: &Notice) -> [(Words, String); 4] {
    [
        (figures::ORIGIN, notice.checkpoint.origin.clone()),
        (figures::TREE_SIZE, notice.checkpoint.tree_size.to_string()),
        (figures::ROOT_HASH, notice.checkpoint.root_hash.clone()),
        (figures::DIGEST, notice.digest()),
    ]
}

/// 短注: every definition that the notice uses.
pub(crate) fn definitions(notice: &Notice, imprint: &Imprint) -> Vec<Words> {
    let Counting { own_rates, dated_by, withholds_against_subtraction } = &imprint.counting;
    let unless_defined = (!own_rates.is_empty()).then_some(wording::UNLESS_DEFINED);
    let small_groups = wording::small_groups(notice.published_group_members_min, *withholds_against_subtraction);
    (unless_defined.into_iter())
        .chain(wording::definitions(*dated_by))
        .chain(own_rates.iter().map(wording::own_rate))
        .chain([small_groups])
        .collect()
}
