//! 附图: what a notice says, as pictures: how points and rates went over the months, how points are spread, what the records are of and how they
//! were evidenced. They stand beside the notice and not in it: its digest is what it was before there were any
//! ([0023](../../docs/decisions/0023-charts-are-of-the-page.md)).
//!
//! Invariant: nothing is drawn of a group too small to be published, in whichever month.

use super::circular::Notice;
use super::figures::Rate;
use super::format;
use super::wording::{self, Words, charts as words, figures, month_in_words};
use crate::chart::{Chart, Form, Series, Text, Unit, Value, round_steps};
use mingzhang_events::{Month, OrganizationId};
use mingzhang_projections::{self as projections, CourseMonth, ReadModels};

/// So far back.
const MONTHS_MAX: usize = 12;
/// Into so many bands points are spread at most, those of nothing and of less apart.
const BANDS_MAX: i64 = 8;

/// The months up to a notice's own, as the models have them. None for an unknown organisation.
pub fn course(models: &ReadModels, organization: OrganizationId, month: Month) -> Option<Vec<CourseMonth>> {
    models.course(organization, month, MONTHS_MAX)
}

/// The pictures of a notice; those that would show nothing left out. `course` is of the notice's own checkpoint.
pub fn charts(notice: &Notice, course: &[CourseMonth]) -> Vec<Chart> {
    let mut charts = Vec::new();
    let months = Months::of(course);
    if course.len() > 1 {
        charts.push(months.chart("chart-points", words::POINTS, Form::Columns, Unit::Hundredths, vec![points(course)]));
        charts.push(months.chart("chart-rates", words::RATES, Form::Lines, Unit::Percent, rates(course)));
    }
    charts.extend(distribution(notice));
    let kinds =
        mix(course, |month| month.kinds.iter().map(|&(kind, records)| (wording::kind(kind), records)).collect());
    let evidence =
        mix(course, |month| month.evidence.iter().map(|&(of, records)| (wording::evidence(of), records)).collect());
    charts.push(months.chart("chart-kinds", words::KINDS, Form::Shares, Unit::Count, kinds));
    charts.push(months.chart("chart-evidence", words::EVIDENCE, Form::Shares, Unit::Count, evidence));
    let is_drawn =
        |chart: &Chart| chart.series.iter().flat_map(|series| &series.values).any(|value| value.amount.is_some());
    charts.retain(is_drawn);
    charts
}

/// The months along the bottom.
struct Months {
    steps: Vec<String>,
    /// From when to when, in both languages.
    stretch: Text,
}

impl Months {
    fn of(course: &[CourseMonth]) -> Months {
        let (first, last) = (course.first().map(|of| of.month), course.last().map(|of| of.month));
        let named = |month: Option<Month>, name: fn(Month) -> String| month.map(name).unwrap_or_default();
        let between = |name: fn(Month) -> String, until: &str| match course.len() {
            0 | 1 => named(last, name),
            _ => format!("{}{until}{}", named(first, name), named(last, name)),
        };
        Months {
            steps: course.iter().map(|of| format!("{}月", of.month.first_day().month())).collect(),
            stretch: Text { chinese: between(month_in_words, "至"), english: between(|of| of.to_string(), " to ") },
        }
    }

    fn chart(
        &self,
        id: &'static str,
        (title, description): (Words, Words),
        form: Form,
        unit: Unit,
        series: Vec<Series>,
    ) -> Chart {
        let Text { chinese, english } = &self.stretch;
        Chart {
            id,
            title: text(&title),
            description: Text {
                chinese: format!("{chinese}，{}", description.chinese),
                english: format!("{english}: {}", description.english),
            },
            form,
            unit,
            step: text(&words::MONTH),
            steps: self.steps.clone(),
            series,
        }
    }
}

fn points(course: &[CourseMonth]) -> Series {
    let value = |of: &CourseMonth| match is_small(of) {
        true => withheld(),
        false => Value { amount: Some(of.points.hundredths()), text: format::points(of.points) },
    };
    Series { name: text(&figures::POINTS), values: course.iter().map(value).collect() }
}

/// Whether too few were due for anything to be published, or nobody: whoever was exempt and served all the same would be known by it.
fn is_small(of: &CourseMonth) -> bool {
    of.average.withheld.is_some()
}

fn withheld() -> Value {
    Value { amount: None, text: format::WITHHELD.to_owned() }
}

fn rates(course: &[CourseMonth]) -> Vec<Series> {
    let series = |name: Words, rate_of: fn(&projections::Rates) -> projections::Rate| {
        let value = |of: &CourseMonth| {
            let rate = Rate::from(rate_of(&of.rates));
            Value { amount: rate.percent_hundredths().map(i64::from), text: format::percent(rate) }
        };
        Series { name: text(&name), values: course.iter().map(value).collect() }
    };
    vec![
        series(figures::ENROLLMENT, |rates| rates.enrollment),
        series(figures::PAIRING_SIGN_UP, |rates| rates.pairing_sign_up),
        series(figures::PATROL_SIGN_UP, |rates| rates.patrol_sign_up),
        series(figures::PARTICIPATION, |rates| rates.participation),
    ]
}

/// What records are of or how they were evidenced, month by month; without what there is none of in any month that may be published.
fn mix(course: &[CourseMonth], counts_of: impl Fn(&CourseMonth) -> Vec<(Words, u32)>) -> Vec<Series> {
    let mut series: Vec<Series> = Vec::new();
    for of in course {
        for (at, (name, records)) in counts_of(of).into_iter().enumerate() {
            if series.len() == at {
                series.push(Series { name: text(&name), values: Vec::new() });
            }
            series[at].values.push(match is_small(of) {
                true => withheld(),
                false => Value { amount: Some(records.into()), text: format::count(records.into()) },
            });
        }
    }
    series.retain(|series| series.values.iter().any(|value| value.amount.is_some_and(|records| records > 0)));
    series
}

/// How many members have how many points. None if they are too few.
fn distribution(notice: &Notice) -> Option<Chart> {
    let members = notice.members.len();
    if notice.due < notice.published_group_members_min || members < notice.published_group_members_min as usize {
        return None;
    }
    let hundredths = || notice.members.iter().map(|line| line.points.hundredths());
    let highest = hundredths().max()?;
    let width = round_steps(100).find(|width| highest.saturating_add(width - 1) / width <= BANDS_MAX)?;
    let mut bands: Vec<(String, i64)> = Vec::new();
    for (name, in_band) in [
        (words::BELOW_ZERO, hundredths().filter(|&of| of < 0).count()),
        ("0", hundredths().filter(|&of| of == 0).count()),
    ] {
        if in_band > 0 {
            bands.push((name.to_owned(), i64::try_from(in_band).ok()?));
        }
    }
    let mut above = 0;
    while above < highest {
        let in_band = hundredths().filter(|&of| above < of && of <= above + width).count();
        bands.push((format!("{}–{}", above / 100, (above + width) / 100), i64::try_from(in_band).ok()?));
        above += width;
    }
    let value = |&(_, members): &(String, i64)| Value { amount: Some(members), text: members.to_string() };
    let (title, description) = words::DISTRIBUTION;
    Some(Chart {
        id: "chart-distribution",
        title: text(&title),
        description: Text {
            chinese: format!("{}，{}", month_in_words(notice.month), description.chinese),
            english: format!("{}: {}", notice.month, description.english),
        },
        form: Form::Columns,
        unit: Unit::Count,
        step: text(&figures::MEMBER_POINTS),
        series: vec![Series { name: text(&words::MEMBERS), values: bands.iter().map(value).collect() }],
        steps: bands.into_iter().map(|(name, _)| name).collect(),
    })
}

fn text(words: &Words) -> Text {
    Text { chinese: words.chinese.to_string(), english: words.english.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{charts, distribution};
    use crate::notice::samples;
    use mingzhang_events::Points;

    #[test]
    fn every_member_stands_in_one_band_of_the_distribution() {
        let mut notice = samples::street();
        notice.members[0].points = Points::from_hundredths(-350);
        notice.members[1].points = Points::from_hundredths(0);
        notice.members[2].points = Points::from_hundredths(1_000);
        notice.members[3].points = Points::from_hundredths(1_001);
        let chart = distribution(&notice).expect("a chart");
        let counted: i64 = chart.series[0].values.iter().filter_map(|value| value.amount).sum();
        assert_eq!(counted, 60);
        assert_eq!(chart.steps, ["＜0", "0", "0–10", "10–20", "20–30", "30–40", "40–50", "50–60", "60–70"]);
        let of = |band: usize| chart.series[0].values[band].amount;
        assert_eq!((of(0), of(1)), (Some(1), Some(1)));
    }

    #[test]
    fn nothing_is_drawn_of_a_group_too_small_to_be_published() {
        let months = samples::course();
        let mut small = months.clone();
        for of in &mut small {
            *of = samples::small_month(of.month);
        }
        assert!(charts(&samples::small_branch(), &small).is_empty());
        let shown: Vec<&str> = charts(&samples::street(), &months).iter().map(|chart| chart.id).collect();
        assert_eq!(shown, ["chart-points", "chart-rates", "chart-distribution", "chart-kinds", "chart-evidence"]);
    }

    #[test]
    fn the_month_that_is_small_or_in_which_nobody_was_due_is_withheld_and_the_others_are_not() {
        for withheld in [samples::small_month, samples::exempt_month] {
            let mut months = samples::course();
            months[1] = withheld(months[1].month);
            let drawn = charts(&samples::street(), &months);
            let of_members = ["chart-points", "chart-kinds", "chart-evidence"];
            for chart in drawn.iter().filter(|chart| of_members.contains(&chart.id)) {
                for series in &chart.series {
                    assert_eq!((series.values[1].amount, series.values[1].text.as_str()), (None, "＊"), "{}", chart.id);
                    assert!(series.values[0].amount.is_some() && series.values[2].amount.is_some());
                }
            }
        }
    }
}
