//! Where everything in a picture is. Lengths are in halves of a pixel at the size at which a phone shows it.

use super::scale::{Scale, line_text};
use super::{Chart, Form, Unit};

const WIDTH: i64 = 720;
/// The plot: from here to there.
const LEFT: i64 = 92;
const RIGHT: i64 = WIDTH - 12;
const TOP: i64 = 40;
const BOTTOM: i64 = 340;
/// The size of its texts.
const LETTER: i64 = 26;
/// What a row of the legend takes, and the sign in it.
const LEGEND_ROW: i64 = 44;
const SIGN: i64 = 40;

/// The parts of a picture.
pub(super) struct Drawing<'a> {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) left: i64,
    pub(super) right: i64,
    pub(super) letter: i64,
    /// The lines of the axis, and which of them is zero.
    pub(super) lines: Vec<Line>,
    /// What stands below the plot.
    pub(super) steps: Vec<Caption<'a>>,
    /// What stands in the plot.
    pub(super) captions: Vec<Caption<'a>>,
    pub(super) bars: Vec<Bar>,
    pub(super) curves: Vec<Curve>,
    pub(super) legend: Vec<Entry<'a>>,
    /// How many series there are to be filled.
    pub(super) filled: usize,
}

/// A line of the axis.
pub(super) struct Line {
    pub(super) y: i64,
    pub(super) text: String,
    pub(super) is_zero: bool,
}

/// A text with its middle at `x` and its foot at `y`.
pub(super) struct Caption<'a> {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) text: &'a str,
}

pub(super) struct Bar {
    pub(super) series: usize,
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// A line through the figures of a series, and the mark at each.
pub(super) struct Curve {
    pub(super) series: usize,
    pub(super) path: String,
    pub(super) marks: String,
}

/// A series in the legend.
pub(super) struct Entry<'a> {
    pub(super) series: usize,
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) text: &'a str,
    /// The mark of a curve; none where there are bars.
    pub(super) mark: Option<String>,
}

impl<'a> Drawing<'a> {
    pub(super) fn of(chart: &'a Chart) -> Drawing<'a> {
        let scale = Scale::of(chart);
        let unit = if chart.form == Form::Shares { Unit::Percent } else { chart.unit };
        let lines = scale.lines().map(|amount| Line {
            y: height_of(scale, amount),
            text: line_text(amount, unit),
            is_zero: amount == 0,
        });
        let mut drawing = Drawing {
            width: WIDTH,
            height: BOTTOM + 56,
            left: LEFT,
            right: RIGHT,
            letter: LETTER,
            lines: lines.collect(),
            steps: step_captions(chart),
            captions: Vec::new(),
            bars: Vec::new(),
            curves: Vec::new(),
            legend: Vec::new(),
            filled: if chart.form == Form::Shares { chart.series.len() } else { 1 },
        };
        match chart.form {
            Form::Columns => drawing.columns(chart, scale),
            Form::Lines => drawing.curves = (0..chart.series.len()).map(|series| curve(chart, scale, series)).collect(),
            Form::Shares => drawing.shares(chart, scale),
        }
        if chart.series.len() > 1 {
            drawing.legend(chart);
        }
        drawing
    }

    /// The series that are hatched: the first is filled, and the third is filled lightly, because tiles of one colour show their seams in print.
    pub(super) fn hatches(&self) -> impl Iterator<Item = usize> {
        (0..self.filled).filter(|series| !matches!(series, 0 | 2))
    }

    fn columns(&mut self, chart: &'a Chart, scale: Scale) {
        let Some(series) = chart.series.first() else { return };
        let (zero, last) = (height_of(scale, 0), chart.steps.len().saturating_sub(1));
        let wide = series.values.iter().map(|value| text_width(&value.text)).max().unwrap_or(0);
        let all_fit = wide + 6 <= step_width(chart);
        for (step, value) in series.values.iter().enumerate() {
            let top = value.amount.map_or(zero, |amount| height_of(scale, amount));
            let (y, height) = (top.min(zero), (top - zero).abs());
            let (x, width) = bar_at(chart, step);
            if height > 0 {
                self.bars.push(Bar { series: 0, x, y, width, height });
            }
            if all_fit || step == last || value.amount.is_none() {
                let half = text_width(&value.text) / 2;
                let x = (x + width / 2).min(RIGHT - half);
                self.captions.push(Caption { x, y: y - 8, text: &value.text });
            }
        }
    }

    fn shares(&mut self, chart: &'a Chart, scale: Scale) {
        for step in 0..chart.steps.len() {
            let (x, width) = bar_at(chart, step);
            let values = || chart.series.iter().filter_map(|series| series.values.get(step));
            let part = |value: &super::Value| value.amount.unwrap_or(0).max(0);
            // Beyond all that can be counted, the last ones are drawn too small.
            let all = values().map(part).fold(0_i64, i64::saturating_add);
            if all == 0 {
                let text = values().find(|value| value.amount.is_none()).map_or("—", |value| value.text.as_str());
                self.captions.push(Caption { x: x + width / 2, y: BOTTOM - 8, text });
                continue;
            }
            let mut below = 0_i64;
            for (series, value) in values().enumerate() {
                let share = |amount: i64| i64::try_from(i128::from(amount) * 10_000 / i128::from(all)).unwrap_or(0);
                let above = below.saturating_add(part(value));
                let (foot, top) = (height_of(scale, share(below)), height_of(scale, share(above)));
                below = above;
                if foot > top {
                    self.bars.push(Bar { series, x, y: top, width, height: foot - top });
                }
            }
        }
    }

    /// In as many columns as the longest name leaves room for.
    fn legend(&mut self, chart: &'a Chart) {
        let wide = chart.series.iter().map(|series| text_width(&series.name.chinese)).max().unwrap_or(0);
        let entry_width = SIGN + 12 + wide + 24;
        let across = usize::try_from((WIDTH / entry_width).max(1)).unwrap_or(1);
        let top = self.height;
        for (series, of) in chart.series.iter().enumerate() {
            let (x, y) = (8 + length(series % across) * entry_width, top + length(series / across) * LEGEND_ROW);
            let mark = (chart.form == Form::Lines).then(|| mark(series, x + SIGN / 2, y + LEGEND_ROW / 2 - 6));
            self.legend.push(Entry { series, x, y, text: &of.name.chinese, mark });
        }
        self.height = top + length(chart.series.len().div_ceil(across)) * LEGEND_ROW;
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn height_of(scale: Scale, amount: i64) -> i64 {
    BOTTOM - scale.above_low(amount, BOTTOM - TOP)
}

fn step_width(chart: &Chart) -> i64 {
    (RIGHT - LEFT) / length(chart.steps.len().max(1))
}

fn middle_of(chart: &Chart, step: usize) -> i64 {
    LEFT + (RIGHT - LEFT) * (2 * length(step) + 1) / (2 * length(chart.steps.len().max(1)))
}

/// From where, and how wide.
fn bar_at(chart: &Chart, step: usize) -> (i64, i64) {
    let width = (step_width(chart) * 7 / 10).clamp(2, 96);
    (middle_of(chart, step) - width / 2, width)
}

/// Every step's name; where they don't fit, every second, third …, the last always.
fn step_captions(chart: &Chart) -> Vec<Caption<'_>> {
    let wide = chart.steps.iter().map(|name| text_width(name)).max().unwrap_or(0) + 10;
    let every = usize::try_from((wide + step_width(chart) - 1) / step_width(chart).max(1)).unwrap_or(1).max(1);
    let last = chart.steps.len().saturating_sub(1);
    let named = chart.steps.iter().enumerate().filter(|(step, _)| (last - step).is_multiple_of(every));
    named.map(|(step, text)| Caption { x: middle_of(chart, step), y: BOTTOM + LETTER + 10, text }).collect()
}

fn curve(chart: &Chart, scale: Scale, series: usize) -> Curve {
    let (mut path, mut marks, mut is_drawing) = (String::new(), String::new(), false);
    for (step, value) in chart.series[series].values.iter().enumerate() {
        let Some(amount) = value.amount else {
            is_drawing = false;
            continue;
        };
        let (x, y) = (middle_of(chart, step), height_of(scale, amount));
        path.push_str(&format!("{}{x} {y}", if is_drawing { "L" } else { "M" }));
        marks.push_str(&mark(series, x, y));
        is_drawing = true;
    }
    Curve { series, path, marks }
}

/// The mark of a series around a place: circle, square, triangle, diamond, and again.
fn mark(series: usize, x: i64, y: i64) -> String {
    match series % 4 {
        0 => format!("M{} {y}a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z", x - 8),
        1 => format!("M{} {}h14v14h-14z", x - 7, y - 7),
        2 => format!("M{x} {}l9 16h-18z", y - 10),
        _ => format!("M{x} {}l10 10l-10 10l-10 -10z", y - 10),
    }
}

/// About how wide a text is: Chinese characters are square, digits and letters a little more than half as wide.
fn text_width(text: &str) -> i64 {
    text.chars().map(|letter| if letter.is_ascii() || letter == '–' { LETTER * 4 / 7 } else { LETTER }).sum()
}
