//! What makes a rules document unusable although it can be read: numbers out of range, references to nothing, contradictions.
//!
//! Holds for ever: a document without faults that was adopted must stay without. Only what is newly optional may be newly faulty.

use super::item::{Caps, ScoringUnit};
use super::{MakeUpDay, RateKind, ScoringRules, WindowCount};
use crate::id::ClauseId;
use crate::name::{NAME_CHARACTERS_MAX, is_public_name};
use crate::points::Points;
use jiff::civil::{Date, Weekday};
use std::collections::BTreeSet;
use std::fmt;

/// One thing that makes a document unusable, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesFault {
    /// In which clause; none for the document itself.
    pub clause: Option<ClauseId>,
    /// In which field.
    pub field: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub chinese: String,
    /// The same in English.
    pub english: String,
}

impl fmt::Display for RulesFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.clause {
            Some(clause) => write!(f, "clause {clause}: {}", self.english),
            None => f.write_str(&self.english),
        }
    }
}

const CLAUSES_MAX: usize = 200;
/// A quarter of a year: longer, and the next months would wait.
const DISCLOSURE_WORKING_DAYS_MAX: u8 = 60;

/// Faults as they are found.
#[derive(Default)]
struct Found(Vec<RulesFault>);

impl Found {
    fn say(
        &mut self,
        clause: impl Into<Option<ClauseId>>,
        field: &'static str,
        chinese: impl Into<String>,
        english: impl Into<String>,
    ) {
        self.0.push(RulesFault { clause: clause.into(), field, chinese: chinese.into(), english: english.into() });
    }
}

impl ScoringRules {
    /// What makes the document unusable; empty if nothing does.
    pub fn faults(&self) -> Vec<RulesFault> {
        let mut found = Found::default();
        self.check_numbers(&mut found);
        self.check_amounts(&mut found);
        self.check_caps(&mut found);
        self.check_items(&mut found);
        self.check_coefficients(&mut found);
        self.check_assessment(&mut found);
        self.check_document(&mut found);
        self.check_calendars(&mut found);
        self.check_names(&mut found);
        found.0
    }

    /// Every clause with its name, in the order of the document's parts.
    pub fn clauses(&self) -> impl Iterator<Item = (ClauseId, &str)> {
        let given = self.items.iter().map(|item| (item.clause, &item.name));
        let taken = self.deductions.iter().map(|item| (item.clause, &item.name));
        let awards = self.awards.iter().map(|award| (award.clause, &award.name));
        let base = self.base.iter().map(|base| (base.clause, &base.name));
        let groups = self.groups.iter().map(|group| (group.clause, &group.name));
        let coefficients = self.coefficients.iter().map(|coefficient| (coefficient.clause, &coefficient.name));
        let periods = self.resets.iter().chain(&self.vetoes).map(|clause| (clause.clause, &clause.name));
        let quota = self.back_entry_quota.iter().map(|quota| (quota.clause, &quota.name));
        let gates = self.gates.iter().map(|gate| (gate.clause, &gate.name));
        let bands = self.assessment.iter().flat_map(|of| &of.bands).map(|band| (band.clause, &band.name));
        let all = given.chain(taken).chain(awards).chain(base).chain(groups).chain(coefficients);
        all.chain(periods).chain(quota).chain(gates).chain(bands).map(|(clause, name)| (clause, name.as_str()))
    }

    fn check_numbers(&self, found: &mut Found) {
        let mut clauses = BTreeSet::new();
        for (clause, _) in self.clauses() {
            if !clauses.insert(clause) {
                let english = "occurs twice: give each clause its own number";
                found.say(clause, "clause", "编号出现两次：每条须有自己的编号", english);
            }
        }
        let bands = self.assessment.as_ref().map_or(0, |assessment| assessment.bands.len());
        let lists = [
            ("items", self.items.len()),
            ("deductions", self.deductions.len()),
            ("awards", self.awards.len()),
            ("base", self.base.len()),
            ("groups", self.groups.len()),
            ("coefficients", self.coefficients.len()),
            ("resets", self.resets.len()),
            ("vetoes", self.vetoes.len()),
            ("gates", self.gates.len()),
            ("assessment", bands),
            ("review_chain", self.review_chain.len()),
        ];
        for (list, _) in lists.into_iter().filter(|(_, length)| *length > CLAUSES_MAX) {
            found.say(
                None,
                list,
                format!("同类条款超过 {CLAUSES_MAX} 条"),
                format!("more than {CLAUSES_MAX} clauses of one sort"),
            );
        }
    }

    fn check_amounts(&self, found: &mut Found) {
        let items = self.items.iter().filter(|item| item.per != ScoringUnit::Bracket);
        let brackets = self
            .items
            .iter()
            .flat_map(|item| item.brackets.iter().map(move |bracket| (item.clause, "brackets", bracket.points)));
        let amounts = (items.map(|item| (item.clause, "points", item.points)))
            .chain(brackets)
            .chain(self.deductions.iter().map(|item| (item.clause, "points", item.points)))
            .chain(self.awards.iter().map(|award| (award.clause, "points_max", award.points_max)))
            .chain(self.base.iter().map(|base| (base.clause, "points", base.points)));
        for (clause, field, points) in amounts {
            if points <= Points::ZERO || points > Points::LARGEST {
                let (chinese, english) = (
                    format!("分值须大于 0 且不超过 {}", Points::LARGEST),
                    format!("points must be above 0 and at most {}", Points::LARGEST),
                );
                found.say(clause, field, chinese, english);
            }
        }
    }

    fn check_caps(&self, found: &mut Found) {
        let all = (self
            .items
            .iter()
            .filter_map(|item| item.caps.as_ref().map(|caps| (Some(item.clause), "caps", caps))))
        .chain(
            self.deductions.iter().filter_map(|item| item.caps.as_ref().map(|caps| (Some(item.clause), "caps", caps))),
        )
        .chain(
            self.awards.iter().filter_map(|award| award.caps.as_ref().map(|caps| (Some(award.clause), "caps", caps))),
        )
        .chain(self.groups.iter().map(|group| (Some(group.clause), "caps", &group.caps)))
        .chain(self.total_caps.iter().map(|caps| (None, "total_caps", caps)))
        .chain(self.deduction_caps.iter().map(|caps| (None, "deduction_caps", caps)));
        let too_low = |caps: &Caps| caps.set().any(|(_, cap)| cap < Points::ZERO);
        for (clause, field, _) in all.filter(|(_, _, caps)| too_low(caps)) {
            found.say(clause, field, "上限不能小于 0", "a cap can't be below 0");
        }
        for item in &self.deductions {
            if item.per_month_max.is_some_and(|cap| cap < Points::ZERO) {
                found.say(item.clause, "per_month_max", "上限不能小于 0", "a cap can't be below 0");
            }
            if item.per_month_max.is_some() && item.caps.as_ref().is_some_and(|caps| caps.per_month.is_some()) {
                let (chinese, english) = (
                    "per_month_max 与 caps.per_month 只写一个",
                    "write either per_month_max or caps.per_month, not both",
                );
                found.say(item.clause, "per_month_max", chinese, english);
            }
        }
    }

    fn check_items(&self, found: &mut Found) {
        for item in &self.items {
            let by_bracket = item.per == ScoringUnit::Bracket;
            if by_bracket == item.brackets.is_empty() {
                found.say(
                    item.clause,
                    if by_bracket { "per" } else { "brackets" },
                    "per = \"bracket\" 须写 brackets，其他计分单位不写",
                    "an item per \"bracket\" has brackets, and only it",
                );
            }
            if by_bracket && item.points != Points::ZERO {
                found.say(
                    item.clause,
                    "points",
                    "分档计分的条款不写 points：分值写在各档中",
                    "an item per \"bracket\" has no points of its own: write them in its brackets",
                );
            }
            if !item.brackets.is_sorted_by(|lower, upper| lower.minutes_from < upper.minutes_from) {
                found.say(
                    item.clause,
                    "brackets",
                    "各档的 minutes_from 须由低到高",
                    "brackets must be in ascending order of minutes_from",
                );
            }
        }
        let grouped = (self.items.iter().map(|item| (item.clause, item.group)))
            .chain(self.awards.iter().map(|award| (award.clause, award.group)));
        for (clause, group) in grouped.filter_map(|(clause, group)| group.map(|group| (clause, group))) {
            if !self.groups.iter().any(|known| known.clause == group) {
                found.say(
                    clause,
                    "group",
                    format!("没有编号为 {group} 的类别：请在 [[groups]] 中写明"),
                    format!("there is no group {group}: write it under [[groups]]"),
                );
            }
        }
        if let Some(quota) = &self.back_entry_quota {
            if quota.evidence.is_empty() || (quota.percent_max, quota.records_max) == (None, None) {
                found.say(
                    quota.clause,
                    "evidence",
                    "补录限额须写明佐证方式，以及 percent_max 或 records_max",
                    "a quota names ways of evidence, and percent_max or records_max",
                );
            }
            if quota.percent_max.is_some_and(|percent| percent > 100) {
                found.say(quota.clause, "percent_max", "百分比不超过 100", "percent_max is at most 100");
            }
        }
    }

    fn check_coefficients(&self, found: &mut Found) {
        for coefficient in &self.coefficients {
            let item = |clause: &ClauseId| self.items.iter().find(|item| item.clause == *clause);
            if let Some(unknown) = coefficient.items.iter().find(|clause| item(clause).is_none()) {
                found.say(
                    coefficient.clause,
                    "items",
                    format!("没有编号为 {unknown} 的加分条款"),
                    format!("there is no item {unknown}"),
                );
            }
            let Some(window) = &coefficient.window else { continue };
            if window.from == window.until {
                found.say(coefficient.clause, "window", "时段的起止不能相同", "a window can't end when it begins");
            }
            let untimed = |clause: &ClauseId| item(clause).is_some_and(|item| item.per == ScoringUnit::Occurrence);
            if window.counts == WindowCount::OverlappingMinutes && coefficient.items.iter().any(untimed) {
                found.say(
                    coefficient.clause,
                    "window",
                    "按次计分的条款没有可按时段计的分钟：请用 whole_shift",
                    "an item per occurrence has no minutes to count: use whole_shift",
                );
            }
        }
    }

    fn check_assessment(&self, found: &mut Found) {
        if let Some(assessment) = &self.assessment {
            let percent: u32 = assessment.parts.iter().map(|part| u32::from(part.percent)).sum();
            if percent != 100 {
                found.say(
                    None,
                    "assessment",
                    format!("评定各部分的百分比合计须为 100，现为 {percent}"),
                    format!("the parts of the assessment add up to {percent} percent: they must be 100"),
                );
            }
            for (at, band) in assessment.bands.iter().enumerate() {
                if at + 1 < assessment.bands.len() && (band.points_from, band.voluntary_minutes_from) == (None, None) {
                    found.say(
                        band.clause,
                        "points_from",
                        "没有条件的等次只能排在最后",
                        "a band without a threshold can only be the last",
                    );
                }
            }
            if !assessment.bands.is_sorted_by(|upper, lower| {
                upper.points_from.is_none() || lower.points_from.is_none() || upper.points_from >= lower.points_from
            }) {
                found.say(None, "assessment", "等次须由高到低排列", "bands must be in descending order of points_from");
            }
        }
        for gate in self.gates.iter().filter(|gate| !(1..=100).contains(&gate.percent_min)) {
            found.say(gate.clause, "percent_min", "百分比须在 1 至 100 之间", "percent_min must be 1 to 100");
        }
        for &rate in RateKind::ALL {
            if self.rates.iter().filter(|definition| definition.rate == rate).count() > 1 {
                found.say(
                    None,
                    "rates",
                    format!("比率 {rate} 定义了两次"),
                    format!("the rate {rate} is defined twice"),
                );
            }
        }
    }

    fn check_document(&self, found: &mut Found) {
        if !(1..=1440).contains(&self.stretch_minutes_max()) {
            found.say(
                None,
                "stretch_minutes_max",
                "stretch_minutes_max 须在 1 至 1440 之间",
                "stretch_minutes_max must be between 1 and 1440",
            );
        }
        let periods = self.disclosure.iter().flat_map(|disclosure| {
            [Some(disclosure.working_days), disclosure.notice_working_days, disclosure.answer_within_working_days]
        });
        if periods.flatten().any(|working_days| !(1..=DISCLOSURE_WORKING_DAYS_MAX).contains(&working_days)) {
            found.say(
                None,
                "disclosure",
                format!("公示期和期限须为 1 至 {DISCLOSURE_WORKING_DAYS_MAX} 个工作日"),
                format!("periods and deadlines of the disclosure have 1 to {DISCLOSURE_WORKING_DAYS_MAX} working days"),
            );
        }
        let of = self.conduct();
        let in_range = (1..=1440).contains(&of.burst_minutes())
            && of.burst_records_min() >= 2
            && of.late_after_days() <= 366
            && (1..=1440).contains(&of.plausible_day_minutes());
        if !in_range {
            found.say(
                None,
                "conduct",
                "核查标准：burst_minutes、plausible_day_minutes 须在 1 至 1440 之间，burst_records_min 至少 2，late_after_days 不超过 366",
                "burst_minutes and plausible_day_minutes must be between 1 and 1440, burst_records_min 2 at least, late_after_days 366 at most",
            );
        }
        if self.review_chain.iter().any(|step| step.within_working_days == Some(0)) {
            found.say(None, "review_chain", "审核期限至少一个工作日", "a review step has at least one working day");
        }
    }

    fn check_calendars(&self, found: &mut Found) {
        for (at, calendar) in self.calendars.iter().enumerate() {
            let year = calendar.year;
            let mut say = |chinese: &str, english: &str| {
                found.say(
                    None,
                    "calendars",
                    format!("{year} 年日历：{chinese}"),
                    format!("the calendar of {year}: {english}"),
                );
            };
            if self.calendars[..at].iter().any(|earlier| earlier.year == year) {
                say("出现两次", "it occurs twice");
            }
            let before = year.checked_sub(1);
            let in_year = |date: Date| date.year() == year || (Some(date.year()) == before && date.month() == 12);
            let days = calendar.holidays.iter().flat_map(|holiday| [holiday.from, holiday.until]);
            if let Some(date) = days.chain(calendar.make_up_days.iter().map(|day| day.0)).find(|date| !in_year(*date)) {
                say(&format!("{date} 不在该年"), &format!("{date} isn't in that year"));
            }
            if let Some(holiday) = calendar.holidays.iter().find(|holiday| holiday.until < holiday.from) {
                let from = holiday.from;
                say(&format!("{from} 起的假期先止后起"), &format!("the holiday from {from} on ends before it begins"));
            }
            let holiday = |date: Date| calendar.holidays.iter().any(|of| (of.from..=of.until).contains(&date));
            let weekend = |date: Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            if let Some(MakeUpDay(date)) = calendar.make_up_days.iter().find(|day| holiday(day.0) || !weekend(day.0)) {
                say(
                    &format!("调休上班日 {date} 须为假期之外的周六、周日"),
                    &format!("the make-up day {date} must be a Saturday or Sunday outside the holidays"),
                );
            }
        }
    }

    fn check_names(&self, found: &mut Found) {
        let steps = self.review_chain.iter().map(|step| (None, "review_chain", step.name.as_str()));
        let consequences = self.assessment.iter().flat_map(|of| &of.bands).filter_map(|band| {
            band.consequence.as_deref().map(|consequence| (Some(band.clause), "consequence", consequence))
        });
        let notices = self.calendars.iter().map(|calendar| (None, "calendars", calendar.notice.as_str()));
        let names = (self.clauses().map(|(clause, name)| (Some(clause), "name", name)))
            .chain(consequences)
            .chain(notices)
            .chain(steps)
            .chain([(None, "title", self.title.as_str())]);
        for (clause, field, name) in names.filter(|(_, _, name)| !is_public_name(name)) {
            let whose = if field == "title" { "the title" } else { "the name" };
            found.say(
                clause,
                field,
                format!("{name:?} 须为 1 至 {NAME_CHARACTERS_MAX} 个可见字符"),
                format!("{whose} {name:?} must have 1 to {NAME_CHARACTERS_MAX} visible characters"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Holiday, ScoringRules, YearCalendar};
    use jiff::civil::date;

    #[test]
    fn the_calendar_of_a_year_that_no_clock_shows_is_a_fault_and_no_panic() {
        for year in [i16::MIN, i16::MAX] {
            let holidays = vec![Holiday { from: date(2026, 12, 31), until: date(2027, 1, 3) }];
            let calendar = YearCalendar { holidays, make_up_days: Vec::new(), notice: "通知".to_owned(), year };
            let document = r#"{"effective_from":"2026-12","review_required_for":[],"title":"t","version":"v"}"#;
            let rules = ScoringRules { calendars: vec![calendar], ..serde_json::from_str(document).expect("rules") };
            assert!(!rules.faults().is_empty(), "{year}");
        }
    }
}
