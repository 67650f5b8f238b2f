//! What a picture says, whatever the figures.

use super::drawing::Drawing;
use super::{Chart, Form, Series, Text, Unit, Value};

fn text(chinese: &str) -> Text {
    Text { chinese: chinese.to_owned(), english: format!("{chinese} in English") }
}

fn value(amount: Option<i64>) -> Value {
    Value { amount, text: amount.map_or("＊".to_owned(), |amount| amount.to_string()) }
}

fn chart(form: Form, unit: Unit, series: &[&[Option<i64>]]) -> Chart {
    Chart {
        id: "sample",
        title: text("样图"),
        description: text("说明"),
        form,
        unit,
        step: text("月份"),
        steps: (1..=series[0].len()).map(|month| format!("{month}月")).collect(),
        series: (series.iter())
            .map(|values| Series { name: text("甲<乙"), values: values.iter().copied().map(value).collect() })
            .collect(),
    }
}

fn count(of: &str, within: &str) -> usize {
    within.matches(of).count()
}

#[test]
fn the_same_figures_give_the_same_bytes_and_one_changed_figure_others() {
    let of = |last| chart(Form::Columns, Unit::Count, &[&[Some(3), Some(last)]]).svg();
    assert_eq!(of(5), of(5));
    assert_ne!(of(5), of(4));
}

#[test]
fn every_figure_stands_in_the_table_beneath_in_its_own_row() {
    let figure = chart(Form::Lines, Unit::Percent, &[&[Some(9_583), None], &[Some(4_711), Some(10_000)]]).figure();
    let rows: Vec<&str> = figure.split("<tr>").skip(2).collect();
    assert!(rows[0].contains("1月</th>") && rows[0].contains(">9583<") && rows[0].contains(">4711<"), "{}", rows[0]);
    assert!(rows[1].contains("2月</th>") && rows[1].contains(">＊<") && rows[1].contains(">10000<"), "{}", rows[1]);
}

#[test]
fn a_picture_says_what_it_shows_to_whoever_does_not_see_it() {
    let svg = chart(Form::Shares, Unit::Count, &[&[Some(1)], &[Some(3)]]).svg();
    assert!(svg.contains("role=\"img\" aria-labelledby=\"sample-title sample-description\""));
    assert!(svg.contains("<title id=\"sample-title\">样图") && svg.contains("<desc id=\"sample-description\">说明"));
}

#[test]
fn a_text_is_text_and_never_markup() {
    let figure = chart(Form::Shares, Unit::Count, &[&[Some(1)], &[Some(3)]]).figure();
    assert!(!figure.contains("甲<乙") && count("甲&#60;乙", &figure) == 4, "{figure}");
}

#[test]
fn where_there_is_no_figure_a_line_is_broken_and_no_column_is_drawn() {
    let broken = chart(Form::Lines, Unit::Percent, &[&[Some(1_000), None, Some(3_000)]]).svg();
    let (_, path) = broken.split_once("<path d=\"M").expect("a line");
    assert_eq!(path.split_once('"').expect("its end").0.matches('L').count(), 0);
    let columns = chart(Form::Columns, Unit::Count, &[&[Some(4), None, Some(0)]]).svg();
    assert_eq!(count("<rect class=\"series-0\"", &columns), 1);
    assert!(columns.contains(">＊</text>"));
}

#[test]
fn shares_fill_their_column_whatever_the_rounding() {
    let svg = chart(Form::Shares, Unit::Count, &[&[Some(1)], &[Some(1)], &[Some(1)]]).svg();
    let number = |bar: &str, of: &str| -> i64 {
        let (_, rest) = bar.split_once(&format!(" {of}=\"")).expect("a length");
        rest.split_once('"').expect("its end").0.parse().expect("a number")
    };
    let bars: Vec<&str> = svg.split("<rect class=\"series-").skip(1).collect();
    assert_eq!(bars.len(), 3);
    assert_eq!(bars.iter().map(|bar| number(bar, "height")).sum::<i64>(), 300);
    assert_eq!(bars.iter().map(|bar| number(bar, "y")).min(), Some(40));
}

#[test]
fn series_differ_by_more_than_their_colour() {
    let svg = chart(Form::Shares, Unit::Count, &[&[Some(1)][..]; super::SERIES_MAX]).svg();
    let hatch = |series: usize| {
        let (_, pattern) = svg.split_once(&format!("<pattern id=\"sample-{series}\""))?;
        Some(pattern.split_once('>')?.1.split_once("</pattern>")?.0)
    };
    let fills = svg.split("<rect class=\"series-").skip(1).enumerate().map(|(series, bar)| {
        let (_, fill) = bar.split_once("fill=\"").expect("a fill");
        let (fill, _) = fill.split_once(" stroke=").expect("its end");
        let is_hatched = fill.starts_with("url(");
        if is_hatched { hatch(series).expect("a hatch") } else { fill }
    });
    let distinct: std::collections::BTreeSet<&str> = fills.collect();
    assert_eq!(distinct.len(), super::SERIES_MAX);
}

/// Every place at which something begins or ends: its x and y.
fn places(drawing: &Drawing<'_>) -> Vec<(i64, i64)> {
    let starts = |path: &str| -> Vec<(i64, i64)> {
        let of_number = |of: &str| of.parse().expect("a number");
        path.split(['M', 'L'])
            .filter(|part| !part.is_empty())
            .map(|part| {
                let part = part.split(|of: char| of.is_ascii_alphabetic()).next().expect("a place");
                let (x, y) = part.split_once(' ').expect("two numbers");
                (of_number(x), of_number(y))
            })
            .collect()
    };
    let (left, right) = (drawing.left, drawing.right);
    let mut places: Vec<(i64, i64)> = drawing.lines.iter().flat_map(|line| [(left, line.y), (right, line.y)]).collect();
    places.extend(drawing.bars.iter().flat_map(|bar| [(bar.x, bar.y), (bar.x + bar.width, bar.y + bar.height)]));
    places.extend(drawing.steps.iter().chain(&drawing.captions).map(|caption| (caption.x, caption.y)));
    places.extend(drawing.curves.iter().flat_map(|curve| [starts(&curve.path), starts(&curve.marks)].concat()));
    places.extend(drawing.legend.iter().map(|entry| (entry.x, entry.y)));
    places.extend(drawing.legend.iter().filter_map(|entry| entry.mark.as_deref()).flat_map(starts));
    places
}

#[test]
fn extreme_figures_are_drawn_within_the_picture() {
    for amounts in [[Some(i64::MAX), Some(i64::MIN)], [Some(i64::MIN), Some(0)], [Some(0), Some(0)], [None, None]] {
        for form in [Form::Columns, Form::Lines, Form::Shares] {
            for unit in [Unit::Count, Unit::Hundredths, Unit::Percent] {
                let chart = chart(form, unit, &[&amounts, &amounts, &amounts]);
                let drawing = Drawing::of(&chart);
                for (x, y) in places(&drawing) {
                    let within = (0..=drawing.width).contains(&x) && (0..=drawing.height).contains(&y);
                    assert!(within, "{form:?} {unit:?}: {x} {y}: {}", chart.svg());
                }
            }
        }
    }
}

#[test]
fn a_page_of_charts_loads_nothing_and_its_lines_are_text() {
    let page = super::page("标题", &["<b>甲".to_owned()], &[chart(Form::Columns, Unit::Count, &[&[Some(1)]])]);
    assert!(page.contains("&#60;b&#62;甲") && !page.contains("<script") && !page.contains("http"));
    assert_eq!(count("<svg", &page), 1);
}
