//! A picture as a chart of the office's own (DrawingML, ECMA-376 Part 1 §21.2): it can be edited, needs no font and no rasteriser, and is sharp in print.
//!
//! Invariant: it is drawn from the same figures as the table beneath; where there is no figure, nothing is drawn.

use super::clean;
use crate::chart::{Chart, Form, Unit, ink};
use crate::document::charted::{is_from_zero, number, shown_as};
use askama::Template;
use std::borrow::Cow;

/// Fills that are told apart without colour, in the order of the series; the first is full.
const PATTERNS: [Option<&str>; 7] =
    [None, Some("wdUpDiag"), Some("pct30"), Some("narHorz"), Some("dotGrid"), Some("trellis"), Some("narVert")];
/// Dashes of lines, and the marks on them.
const LINES: [(&str, &str); 4] =
    [("solid", "circle"), ("dash", "square"), ("sysDot", "triangle"), ("dashDot", "diamond")];

/// The chart's part of the package.
#[derive(Template)]
#[template(path = "document/docx/templates/chart.xml", config = ".askama.toml")]
pub(super) struct Drawn<'a> {
    is_lines: bool,
    is_shares: bool,
    /// Whether the axis goes to all.
    is_percent: bool,
    /// Whether it begins at nothing: an office program would begin it at what is lowest, and make much of little.
    is_from_zero: bool,
    /// Whether each figure stands above its column.
    is_labelled: bool,
    /// How figures are shown.
    number: &'static str,
    steps: Vec<Cow<'a, str>>,
    series: Vec<DrawnSeries<'a>>,
}

struct DrawnSeries<'a> {
    name: Cow<'a, str>,
    ink: &'static str,
    pattern: Option<&'static str>,
    dash: &'static str,
    symbol: &'static str,
    /// Each with its place along the axis.
    values: Vec<(usize, String)>,
}

impl<'a> Drawn<'a> {
    pub(super) fn of(chart: &'a Chart) -> Drawn<'a> {
        let series = chart.series.iter().enumerate().map(|(place, series)| {
            let (dash, symbol) = LINES[place % LINES.len()];
            let values = series.values.iter().enumerate();
            DrawnSeries {
                name: clean(&series.name.chinese),
                ink: ink(place),
                pattern: PATTERNS[place % PATTERNS.len()],
                dash,
                symbol,
                values: values.filter_map(|(step, value)| Some((step, number(value.amount?, chart.unit)))).collect(),
            }
        });
        Drawn {
            is_lines: chart.form == Form::Lines,
            is_shares: chart.form == Form::Shares,
            is_percent: shown_as(chart) == Unit::Percent,
            is_from_zero: is_from_zero(chart),
            is_labelled: chart.form == Form::Columns,
            number: match chart.unit {
                Unit::Count => "#,##0",
                Unit::Hundredths => "#,##0.##",
                Unit::Percent => "0.00%",
            },
            steps: chart.steps.iter().map(|step| clean(step)).collect(),
            series: series.collect(),
        }
    }
}
