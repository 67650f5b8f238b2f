//! The table beneath a picture (附图), as every format has it: the picture is never the only place of a figure. Draws nothing.

use super::{Cell, Column, Table};
use crate::chart::{Chart, Form, Unit, Value};
use mingzhang_events::Points;

/// A column of figures is at least so wide, in characters.
const WIDTH_MIN: u16 = 4;
/// The first column: what the steps are called.
const STEP_WIDTH: u16 = 6;

/// 附图 in a document: a picture, and the table beneath.
pub struct Charted {
    /// The picture.
    pub(super) chart: Chart,
    /// Its figures: a row for each step, a column for each series.
    pub(super) figures: Table<'static>,
}

impl Charted {
    /// The picture with its figures.
    pub fn of(chart: Chart) -> Charted {
        let figures = figures(&chart);
        Charted { chart, figures }
    }

    /// What it is called.
    pub(super) fn title(&self) -> &str {
        &self.chart.title.chinese
    }

    /// What is drawn, in a sentence.
    pub(super) fn description(&self) -> &str {
        &self.chart.description.chinese
    }

    /// What somebody hears who doesn't see it.
    pub(super) fn alternative(&self) -> String {
        format!("{}：{}", self.title(), self.description())
    }
}

fn figures(chart: &Chart) -> Table<'static> {
    let series = chart.series.iter().map(|series| {
        let heading = series.name.chinese.clone();
        let width = u16::try_from(heading.chars().count()).unwrap_or(u16::MAX).max(WIDTH_MIN);
        Column { heading, width }
    });
    let step = Column { heading: chart.step.chinese.clone(), width: STEP_WIDTH };
    let row = |(place, step): (usize, &String)| -> Vec<Cell> {
        let values = chart.series.iter().map(|series| series.values.get(place));
        let figures = values.map(|value| value.map_or(Cell::Empty, |value| cell(value, chart.unit)));
        std::iter::once(Cell::Text(step.clone())).chain(figures).collect()
    };
    let rows: Vec<Vec<Cell>> = chart.steps.iter().enumerate().map(row).collect();
    Table {
        description: chart.description.chinese.clone(),
        columns: std::iter::once(step).chain(series).collect(),
        rows: rows.len(),
        row: Box::new(move |place| rows[place].clone()),
    }
}

/// A figure as what it is.
fn cell(value: &Value, unit: Unit) -> Cell {
    let text = || Cell::Text(value.text.clone());
    let Some(amount) = value.amount else { return text() };
    match unit {
        Unit::Hundredths => Cell::Points(Points::from_hundredths(amount)),
        Unit::Count => u64::try_from(amount).map_or_else(|_| text(), Cell::Count),
        Unit::Percent => u32::try_from(amount).map_or_else(|_| text(), Cell::Percent),
    }
}

/// A figure as programs read it: points whole, a share of one.
pub(super) fn number(amount: i64, unit: Unit) -> String {
    let (sign, whole) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    match unit {
        Unit::Count => amount.to_string(),
        Unit::Hundredths => format!("{sign}{}.{:02}", whole / 100, whole % 100),
        Unit::Percent => format!("{sign}{}.{:04}", whole / 10_000, whole % 10_000),
    }
}

/// Whether nothing of it is below zero.
pub(super) fn is_from_zero(chart: &Chart) -> bool {
    chart.series.iter().flat_map(|series| &series.values).all(|value| value.amount.is_none_or(|amount| amount >= 0))
}

/// What an axis of it shows.
pub(super) const fn shown_as(chart: &Chart) -> Unit {
    match chart.form {
        Form::Shares => Unit::Percent,
        Form::Columns | Form::Lines => chart.unit,
    }
}
