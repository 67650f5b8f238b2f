//! 图表: figures as a picture, made on the server. Knows no notice, no log and no person: titles, figures and their texts are put in.
//!
//! Invariant: the same figures, the same bytes, in integer arithmetic. A picture is never the only place of a figure: the figure element has the
//! table beneath, and says in words what is drawn. Series differ by hatching, dashes and marks, so that they are told apart without colour.

mod drawing;
mod scale;

use askama::Template;
use drawing::Drawing;
pub use scale::round_steps;

/// One picture with its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What its parts are called by on a page: there, no other has it.
    pub id: &'static str,
    /// 图题.
    pub title: Text,
    /// What is drawn, in a sentence: for whoever doesn't see it.
    pub description: Text,
    /// How it is drawn.
    pub form: Form,
    /// What its figures are.
    pub unit: Unit,
    /// What the steps are, such as 月份: the heading of the table's first column.
    pub step: Text,
    /// From left to right.
    pub steps: Vec<String>,
    /// What is drawn at each step. At most [`SERIES_MAX`].
    pub series: Vec<Series>,
}

/// So many series can be told apart without colour.
pub const SERIES_MAX: usize = 7;

/// The colours of series, in order, as six hexadecimal digits: legible on white, and apart in grey too.
const INKS: [&str; SERIES_MAX] = ["a3141a", "1f4e79", "7a5a00", "1d6a3c", "5b3a86", "8a3b12", "3d3a36"];

/// The colour of a series, as six hexadecimal digits.
pub const fn ink(series: usize) -> &'static str {
    INKS[series % SERIES_MAX]
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// 简体中文.
    pub chinese: String,
    /// English.
    pub english: String,
}

/// How figures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A column for each step, of the first series.
    Columns,
    /// A line for each series; it is broken where there is no figure.
    Lines,
    /// At each step, what part of the sum each series is.
    Shares,
}

/// What figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole things.
    Count,
    /// Hundredths of a point.
    Hundredths,
    /// Hundredths of a per cent, drawn from 0 % to 100 %.
    Percent,
}

/// One row of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What it is called.
    pub name: Text,
    /// A figure for each step.
    pub values: Vec<Value>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What is drawn; none where there is no figure, or it may not be published.
    pub amount: Option<i64>,
    /// What is printed.
    pub text: String,
}

impl Chart {
    /// The picture as it stands alone: an SVG with title and description.
    pub fn svg(&self) -> String {
        Picture { chart: self, drawing: Drawing::of(self), stands_alone: true }.render().expect("writing to memory")
    }

    /// The rows of the table: a step, and the value of each series there.
    fn rows(&self) -> impl Iterator<Item = (&str, Vec<&Value>)> {
        let values = |step: usize| self.series.iter().filter_map(|series| series.values.get(step)).collect();
        self.steps.iter().enumerate().map(move |(step, name)| (name.as_str(), values(step)))
    }

    /// The picture within a page: a `<figure>` with the table beneath.
    pub fn figure(&self) -> String {
        let picture = Picture { chart: self, drawing: Drawing::of(self), stands_alone: false };
        Figure { chart: self, picture }.render().expect("writing to memory")
    }
}

/// Pictures as a page that needs nothing else, with some lines above them.
pub fn page(title: &str, lines: &[String], charts: &[Chart]) -> String {
    Page { title, lines, charts }.render().expect("writing to memory")
}

#[derive(Template)]
#[template(path = "chart/templates/page.html", config = ".askama.toml")]
struct Page<'a> {
    title: &'a str,
    lines: &'a [String],
    charts: &'a [Chart],
}

#[derive(Template)]
#[template(path = "chart/templates/picture.svg", config = ".askama.toml", escape = "html")]
struct Picture<'a> {
    chart: &'a Chart,
    drawing: Drawing<'a>,
    stands_alone: bool,
}

impl Picture<'_> {
    fn ink(&self, series: &usize) -> &'static str {
        ink(*series)
    }
}

#[derive(Template)]
#[template(path = "chart/templates/figure.html", config = ".askama.toml")]
struct Figure<'a> {
    chart: &'a Chart,
    picture: Picture<'a>,
}

#[cfg(test)]
mod tests;
