//! A rules document as statements in words, clause by clause: what `explain` prints and `diff` compares.
//!
//! Complete: whatever two documents may differ in is said by some aspect of some statement, or by the order of those that stand in a
//! turn; a test holds that no field is forgotten.

use super::words;
use crate::cli::failure::{Both, both};
use mingzhang_events::{
    Assessment, AwardClause, AwardDirection, BackEntryQuota, BasePoints, Caps, Coefficient, ConductRules,
    DeductionItem, DisclosureRules, Gate, ObjectorRole, Objectors, PeriodClause, RateDefinition, RecordDating,
    ScoringGroup, ScoringItem, ScoringRules, ScoringUnit, YearCalendar,
};

/// One thing that a clause says.
pub(super) struct Aspect {
    /// What it is about: the same in every version.
    pub(super) about: String,
    pub(super) words: Both,
}

/// What one clause says.
pub(super) struct Statement {
    pub(super) chapter: &'static str,
    /// The same in every version.
    pub(super) key: String,
    pub(super) title: String,
    /// Whether the order of the chapter's clauses says something: of several that fit, the first counts, or the first goes first. That
    /// of the others says nothing, and nobody's points follow from it.
    pub(super) in_turn: bool,
    pub(super) aspects: Vec<Aspect>,
}

impl Statement {
    fn new(chapter: &'static str, key: impl ToString, title: &str) -> Statement {
        let key = key.to_string();
        let title = if key.is_empty() { title.to_owned() } else { format!("{key} {title}") };
        Statement { chapter, key, title, in_turn: false, aspects: Vec::new() }
    }

    fn says(mut self, about: impl Into<String>, chinese: impl Into<String>, english: impl Into<String>) -> Statement {
        self.aspects.push(Aspect { about: about.into(), words: both(chinese, english) });
        self
    }

    fn in_turn(self) -> Statement {
        Statement { in_turn: true, ..self }
    }

    fn caps(self, caps: &Caps) -> Statement {
        caps.set().fold(self, |statement, (name, cap)| {
            let word = words::cap(name);
            let (chinese, english) =
                (format!("{}不超过 {cap} 分", word.chinese), format!("at most {cap} {}", word.english));
            statement.says(format!("caps.{name}"), chinese, english)
        })
    }

    fn limited_to(self, about: &str, to: &Both, empty: bool) -> Statement {
        if empty {
            return self;
        }
        self.says(about, format!("限{}", to.chinese), format!("only {}", to.english))
    }
}

/// Everything that a document says.
pub(super) fn statements(rules: &ScoringRules) -> Vec<Statement> {
    let mut all = vec![document(rules)];
    all.extend(rules.base.iter().map(base));
    all.extend(rules.items.iter().map(item));
    all.extend(rules.coefficients.iter().map(coefficient));
    all.extend(rules.groups.iter().map(group));
    all.extend(
        rules.total_caps.iter().map(|caps| Statement::new("上限 Caps", "", "加分合计 everything given").caps(caps)),
    );
    all.extend(
        rules.deduction_caps.iter().map(|caps| Statement::new("上限 Caps", "", "扣分合计 everything taken").caps(caps)),
    );
    all.extend(rules.deductions.iter().map(|item| deduction(item, rules)));
    all.extend(rules.awards.iter().map(award));
    all.extend(rules.resets.iter().map(reset));
    all.extend(rules.vetoes.iter().map(veto));
    all.extend(rules.back_entry_quota.iter().map(quota));
    if let Some(of) = &rules.assessment {
        assessment(of, &mut all);
    }
    all.extend(rules.gates.iter().map(gate));
    all.extend(rules.rates.iter().map(rate));
    all.push(review(rules));
    all.extend(rules.disclosure.iter().map(disclosure));
    all.extend(rules.conduct.iter().map(conduct));
    all.extend(rules.calendars.iter().map(calendar));
    all
}

fn document(rules: &ScoringRules) -> Statement {
    let (published, duty) = (rules.published_group_members_min(), rules.duty_members_per_working_day());
    let (from, stretch) = (rules.effective_from, rules.stretch_minutes_max());
    let subtraction = if rules.withholds_against_subtraction() {
        ("可由此相减推算出的，也不公布", "what such a figure would follow from by subtraction isn't published either")
    } else {
        ("可由此相减推算出的，仍公布", "what such a figure would follow from by subtraction is published all the same")
    };
    Statement::new("总则 General", "", "本细则 the rules")
        .says("title", format!("名称“{}”", rules.title), format!("called {}", rules.title))
        .says("version", format!("版本 {}", rules.version), format!("version {}", rules.version))
        .says("effective_from", format!("自 {from} 起计分"), format!("score from {from} on"))
        .says(
            "stretch_minutes_max",
            format!("一次连续服务最长 {stretch} 分钟"),
            format!("a stretch of service lasts {stretch} minutes at most"),
        )
        .says(
            "duty_members_per_working_day",
            format!("每个工作日值守 {duty} 人"),
            format!("a working day's duty needs {duty} members"),
        )
        .says(
            "published_group_members_min",
            format!("不足 {published} 人的比率和平均分不公布"),
            format!("rates and averages over fewer than {published} members aren't published"),
        )
        .says("withhold_against_subtraction", subtraction.0, subtraction.1)
}

fn disclosure(of: &DisclosureRules) -> Statement {
    let mut statement = Statement::new("公示 Disclosure", "", "月结之前 before the close").says(
        "working_days",
        format!("公示至少 {} 个工作日", of.working_days),
        format!("shown for {} working days at least", of.working_days),
    );
    statement = match of.objectors() {
        Objectors::Concerned => statement.says("objectors", "本人可以提出异议", "the member concerned may object"),
        Objectors::AnyMember => statement.says("objectors", "任何党员可以提出异议", "any member may object"),
    };
    if !of.objector_roles.is_empty() {
        let chinese: Vec<&str> = of.objector_roles.iter().map(|role| objector(*role)).collect();
        let english: Vec<&str> = of.objector_roles.iter().map(|role| role.as_str()).collect();
        statement = statement.says(
            "objector_roles",
            format!("{}也可以提出异议", chinese.join("、")),
            format!("so may who is {} over the member's branch", english.join(" or ")),
        );
    }
    if let Some(days) = of.answer_within_working_days {
        statement = statement.says(
            "answer_within_working_days",
            format!("异议在 {days} 个工作日内决定"),
            format!("objections are decided within {days} working days"),
        );
    }
    if let Some(days) = of.notice_working_days {
        statement = statement.says(
            "notice_working_days",
            format!("通报印发后 {days} 个工作日内可以提出异议"),
            format!("a notice may be objected to for {days} working days"),
        );
    }
    statement
}

const fn objector(role: ObjectorRole) -> &'static str {
    match role {
        ObjectorRole::Reviewer => "审核人",
        ObjectorRole::Publisher => "发布人",
        ObjectorRole::Auditor => "监督人",
    }
}

fn conduct(of: &ConductRules) -> Statement {
    let (records, within) = (of.burst_records_min(), of.burst_minutes());
    let (late, day) = (of.late_after_days(), of.plausible_day_minutes());
    Statement::new("核查 Conduct", "", "经办情况 how records were entered")
        .says(
            "burst",
            format!("{within} 分钟内登记 {records} 条以上为集中登记"),
            format!("{records} records by one hand within {within} minutes are a burst"),
        )
        .says(
            "late_after_days",
            format!("开始 {late} 天以后登记为逾期"),
            format!("a record is late more than {late} days after it began"),
        )
        .says(
            "plausible_day_minutes",
            format!("一天服务超过 {day} 分钟为超长"),
            format!("more than {day} minutes of service on a day are hardly possible"),
        )
}

fn base(of: &BasePoints) -> Statement {
    let each = words::each(of.each);
    Statement::new("基础分 Base points", of.clause, &of.name)
        .in_turn()
        .says(
            "points",
            format!("{}给 {} 分", each.chinese, of.points),
            format!("{} points {}", of.points, each.english),
        )
        .limited_to("member_classes", &words::any_of(&of.member_classes), of.member_classes.is_empty())
}

fn item(of: &ScoringItem) -> Statement {
    let (kind, unit) = (words::word(of.kind), words::unit(of.per));
    let mut statement = Statement::new("加分 Points given", of.clause, &of.name).in_turn().says(
        "kind",
        format!("“{}”的记录", kind.chinese),
        format!("records of {}", kind.english),
    );
    if let Some(class) = of.class {
        statement = statement.limited_to("class", &words::word(class), false);
    }
    statement = if of.per == ScoringUnit::Bracket {
        let brackets = |text: fn(u16, mingzhang_events::Points) -> String, between: &str| {
            of.brackets.iter().map(|of| text(of.minutes_from, of.points)).collect::<Vec<_>>().join(between)
        };
        let chinese = brackets(|minutes, points| format!("满 {minutes} 分钟 {points} 分"), "，");
        statement.says("points", chinese, brackets(|minutes, points| format!("{points} from {minutes} minutes"), ", "))
    } else {
        let (chinese, english) =
            (format!("{} {} 分", unit.chinese, of.points), format!("{} points {}", of.points, unit.english));
        statement.says("points", chinese, english)
    };
    if matches!(of.per, ScoringUnit::Hour | ScoringUnit::HalfHour) {
        let rounding = words::rounding(of.rounding.unwrap_or(mingzhang_events::Rounding::Down));
        statement = statement.says("rounding", rounding.chinese, rounding.english);
    }
    if let Some(group) = of.group {
        statement = statement.says("group", format!("计入类别 {group}"), format!("shares the caps of {group}"));
    }
    match &of.caps {
        Some(caps) => statement.caps(caps),
        None => statement,
    }
}

fn coefficient(of: &Coefficient) -> Statement {
    let clauses: Vec<Both> = of.items.iter().map(|clause| both(clause.to_string(), clause.to_string())).collect();
    let mut statement = Statement::new("系数 Coefficients", of.clause, &of.name)
        .in_turn()
        .says("times", format!("乘以 {}", of.times), format!("times {}", of.times))
        .limited_to("kinds", &words::any_of(&of.kinds), of.kinds.is_empty())
        .limited_to("items", &words::joined(&clauses), of.items.is_empty())
        .limited_to("member_classes", &words::any_of(&of.member_classes), of.member_classes.is_empty())
        .limited_to("evidence", &words::any_of(&of.evidence), of.evidence.is_empty())
        .limited_to("emergency_grades", &words::any_of(&of.emergency_grades), of.emergency_grades.is_empty());
    if let Some(window) = &of.window {
        let counts = words::counts(window.counts);
        statement = statement.says(
            "window",
            format!("限 {}–{}，{}", window.from, window.until, counts.chinese),
            format!("only between {} and {}, {}", window.from, window.until, counts.english),
        );
    }
    statement
}

fn group(of: &ScoringGroup) -> Statement {
    Statement::new("类别 Groups", of.clause, &of.name).caps(&of.caps)
}

fn deduction(of: &DeductionItem, rules: &ScoringRules) -> Statement {
    let ground = words::ground(of.on);
    let mut statement = Statement::new("扣分 Points taken", of.clause, &of.name).in_turn().says(
        "on",
        format!("{}，每次扣 {} 分", ground.chinese, of.points),
        format!("{} points for {}", of.points, ground.english),
    );
    if let Some(kind) = of.kind {
        statement = statement.limited_to("kind", &words::word(kind), false);
    }
    statement = statement.caps(&of.all_caps());
    if rules.exempt_from_deductions() {
        statement = statement.says("exempt", "当时免予报到的不扣", "not from who is exempt at the time");
    }
    statement
}

fn award(of: &AwardClause) -> Statement {
    let direction = match of.only {
        Some(AwardDirection::Grant) => both("只加分", "grants only"),
        Some(AwardDirection::Deduct) => both("只扣分", "deductions only"),
        None => both("可加可扣", "grants and deductions"),
    };
    let mut statement = Statement::new("奖惩 Decisions", of.clause, &of.name)
        .says("only", direction.chinese, direction.english)
        .says("points_max", format!("每次 {} 分以内", of.points_max), format!("up to {} each", of.points_max));
    if let Some(group) = of.group {
        statement =
            statement.says("group", format!("加分计入类别 {group}"), format!("grants share the caps of {group}"));
    }
    match &of.caps {
        Some(caps) => statement.caps(caps),
        None => statement,
    }
}

fn reset(of: &PeriodClause) -> Statement {
    let period = words::period(of.period);
    let chinese = format!("清零：扣去{}到那一刻为止的积分", period.chinese);
    let english = format!("a reset takes what there is of {} up to then", period.english);
    Statement::new("清零、否决 Resets and vetoes", of.clause, &of.name).says("period", chinese, english)
}

fn veto(of: &PeriodClause) -> Statement {
    let period = words::period(of.period);
    let chinese = format!("一票否决：{}那一刻之后的加分不给", period.chinese);
    let english = format!("after a veto nothing more of {} is given", period.english);
    Statement::new("清零、否决 Resets and vetoes", of.clause, &of.name).says("period", chinese, english)
}

fn quota(of: &BackEntryQuota) -> Statement {
    let evidence = words::any_of(&of.evidence);
    let mut statement = Statement::new("补录限额 Back-entry", of.clause, &of.name).says(
        "evidence",
        format!("以{}佐证的记录", evidence.chinese),
        format!("records evidenced as {}", evidence.english),
    );
    if let Some(most) = of.records_max {
        statement =
            statement.says("records_max", format!("每人每月最多计 {most} 条"), format!("{most} a member and month"));
    }
    if let Some(percent) = of.percent_max {
        let (chinese, english) =
            (format!("且不超过当月记录的 {percent}%"), format!("{percent} % of the month's records at most"));
        statement = statement.says("percent_max", chinese, english);
    }
    statement
}

fn assessment(of: &Assessment, all: &mut Vec<Statement>) {
    const CHAPTER: &str = "评定 Assessment";
    let parts: Vec<Both> = (of.parts.iter())
        .map(|part| {
            let measure = words::measure(part.of);
            both(format!("{} {}%", measure.chinese, part.percent), format!("{} % of {}", part.percent, measure.english))
        })
        .collect();
    let made_of = words::joined(&parts);
    all.push(Statement::new(CHAPTER, "", "评定分 assessed points").says("parts", made_of.chinese, made_of.english));
    for (place, band) in (1..).zip(&of.bands) {
        let mut statement = Statement::new(CHAPTER, band.clause, &band.name).in_turn().says(
            "place",
            format!("第 {place} 等"),
            format!("band {place}"),
        );
        if let Some(points) = band.points_from {
            statement = statement.says("points_from", format!("{points} 分以上"), format!("from {points} points on"));
        }
        if let Some(minutes) = band.voluntary_minutes_from {
            let (chinese, english) =
                (format!("志愿服务满 {minutes} 分钟"), format!("from {minutes} minutes of voluntary service on"));
            statement = statement.says("voluntary_minutes_from", chinese, english);
        }
        if let Some(consequence) = &band.consequence {
            statement = statement.says("consequence", format!("后果：{consequence}"), format!("then: {consequence}"));
        }
        all.push(statement);
    }
}

fn gate(of: &Gate) -> Statement {
    let rate = words::rate(of.rate);
    Statement::new("门槛 Gates", of.clause, &of.name).in_turn().says(
        "percent_min",
        format!("{}不足 {}% 的组织不参加排名", rate.chinese, of.percent_min),
        format!("an organisation whose {} is below {} % isn't ranked", rate.english, of.percent_min),
    )
}

fn rate(of: &RateDefinition) -> Statement {
    let name = words::rate(of.rate);
    let at = words::cutoff(of.cutoff.unwrap_or(mingzhang_events::Cutoff::MonthEnd));
    let excused = match &of.exempting_reasons {
        None => both("免予报到的不计", "exempt members aren't due"),
        Some(reasons) if reasons.is_empty() => both("免予报到的也计", "exempt members are due, too"),
        Some(reasons) => {
            let reasons = words::any_of(reasons);
            both(format!("因“{}”免予报到的不计", reasons.chinese), format!("exempt for {} aren't due", reasons.english))
        }
    };
    Statement::new("比率口径 Rates", "", &format!("{} {}", name.chinese, name.english))
        .says("cutoff", format!("以{}为准", at.chinese), format!("as of {}", at.english))
        .limited_to("member_classes", &words::any_of(&of.member_classes), of.member_classes.is_empty())
        .says("exempting_reasons", excused.chinese, excused.english)
}

fn review(rules: &ScoringRules) -> Statement {
    let required = words::any_of(&rules.review_required_for);
    let mut statement = Statement::new("审核 Review", "", "审核与更正 review and corrections");
    statement = if rules.review_required_for.is_empty() {
        statement.says("review_required_for", "记录不经审核即计分", "records count without review")
    } else {
        let english = format!("records evidenced as {} count once approved", required.english);
        statement.says("review_required_for", format!("以{}佐证的记录须经审核", required.chinese), english)
    };
    for (number, step) in (1..).zip(&rules.review_chain) {
        let role = words::role(step.role);
        let level = step.level.map(words::word).unwrap_or_default();
        let (within, days) = match step.within_working_days {
            Some(days) => (format!("，{days} 个工作日内"), format!(" within {days} working days")),
            None => (String::new(), String::new()),
        };
        statement = statement.says(
            format!("review_chain.{number}"),
            format!("第 {number} 步“{}”由{}{}办理{within}", step.name, level.chinese, role.chinese),
            format!("step {number}, {}: {} {}{days}", step.name, level.english, role.english),
        );
    }
    let corrections = words::corrections(rules.closed_month_corrections());
    let dating = words::dating(rules.records_dated_by.unwrap_or(RecordDating::OwnStart));
    statement.says("closed_month_corrections", corrections.chinese, corrections.english).says(
        "records_dated_by",
        dating.chinese,
        dating.english,
    )
}

fn calendar(of: &YearCalendar) -> Statement {
    let days: Vec<String> = of.holidays.iter().map(|days| format!("{} – {}", days.from, days.until)).collect();
    let works: Vec<String> = of.make_up_days.iter().map(|day| day.0.to_string()).collect();
    Statement::new("日历 Calendar", of.year, "年节假日 holidays")
        .says("notice", format!("依 {}", of.notice), format!("by {}", of.notice))
        .says("holidays", format!("放假 {}", days.join("、")), format!("off {}", days.join(", ")))
        .says("make_up_days", format!("上班 {}", works.join("、")), format!("worked {}", works.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingzhang_projections::{DEFAULT_RULES_TOML, parse_rules};

    #[test]
    fn a_clause_reads_like_a_sentence() {
        let rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
        let all = statements(&rules);
        let patrol = all.iter().find(|statement| statement.key == "1.1").expect("the first item");
        let words: Vec<&str> = patrol.aspects.iter().map(|aspect| aspect.words.chinese.as_str()).collect();
        assert_eq!(
            (patrol.title.as_str(), words.join("；").as_str()),
            ("1.1 夜间巡逻", "“夜间巡逻”的记录；每半小时 0.50 分；零头舍去；每日不超过 3.00 分；每月不超过 20.00 分")
        );
    }

    #[test]
    fn every_clause_of_a_document_has_its_statement() {
        let rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
        let all = statements(&rules);
        for (clause, name) in rules.clauses() {
            assert!(all.iter().any(|statement| statement.title == format!("{clause} {name}")), "{clause} {name}");
        }
    }
}
