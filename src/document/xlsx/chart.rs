//! A picture as a chart of the workbook's own, over the cells of the table above it. Writes no figure.

use super::TEXT;
use crate::chart::{Form, Unit, ink};
use crate::document::Charted;
use crate::document::charted::{is_from_zero, shown_as};
use rust_xlsxwriter::{
    Chart, ChartEmptyCells, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartPatternFill, ChartPatternFillType, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

/// In pixels; a row is 20 of them high.
const SIZE: (u32, u32) = (560, 300);
/// So many rows it covers, with one left free.
const ROWS: u32 = 16;

/// Fills that are told apart without colour, in the order of the series; the first is full.
const PATTERNS: [Option<ChartPatternFillType>; 7] = [
    None,
    Some(ChartPatternFillType::DiagonalStripesWideUpwards),
    Some(ChartPatternFillType::Dotted30Percent),
    Some(ChartPatternFillType::HorizontalStripesNarrow),
    Some(ChartPatternFillType::DottedGrid),
    Some(ChartPatternFillType::Trellis),
    Some(ChartPatternFillType::VerticalStripesNarrow),
];
/// Dashes of lines, and the marks on them.
const LINES: [(ChartLineDashType, ChartMarkerType); 4] = [
    (ChartLineDashType::Solid, ChartMarkerType::Circle),
    (ChartLineDashType::Dash, ChartMarkerType::Square),
    (ChartLineDashType::RoundDot, ChartMarkerType::Triangle),
    (ChartLineDashType::DashDot, ChartMarkerType::Diamond),
];

/// Puts the picture below its table, whose header stands in a row. Gives the row after it.
pub(super) fn insert(sheet: &mut Worksheet, header: u32, below: u32, charted: &Charted) -> Result<u32, XlsxError> {
    let (first, last) = (header + 1, below.saturating_sub(2));
    let mut chart = Chart::new(match charted.chart.form {
        Form::Columns => ChartType::Column,
        Form::Lines => ChartType::Line,
        Form::Shares => ChartType::ColumnPercentStacked,
    });
    for (place, column) in (0..charted.chart.series.len()).zip(1_u16..) {
        let colour = format!("#{}", ink(place));
        let series = chart.add_series();
        series.set_categories((TEXT, first, 0, last, 0)).set_values((TEXT, first, column, last, column));
        series.set_name((TEXT, header, column));
        let (dash, mark) = LINES[place % LINES.len()];
        let full = ChartSolidFill::new().set_color(colour.as_str()).clone();
        let mut format = ChartFormat::new();
        match (charted.chart.form, PATTERNS[place % PATTERNS.len()]) {
            (Form::Lines, _) => {
                format.set_line(ChartLine::new().set_color(colour.as_str()).set_dash_type(dash).set_width(2));
                let mut filled = ChartFormat::new().set_solid_fill(&full).clone();
                series.set_marker(ChartMarker::new().set_type(mark).set_format(&mut filled));
            }
            (Form::Columns | Form::Shares, None) => {
                format.set_solid_fill(&full);
            }
            (Form::Columns | Form::Shares, Some(pattern)) => {
                let hatch = ChartPatternFill::new()
                    .set_pattern(pattern)
                    .set_foreground_color(colour.as_str())
                    .set_background_color("#ffffff")
                    .clone();
                format.set_pattern_fill(&hatch).set_border(ChartLine::new().set_color(colour.as_str()));
            }
        }
        series.set_format(&mut format);
    }
    if shown_as(&charted.chart) == Unit::Percent {
        chart.y_axis().set_num_format("0%").set_max(1);
    }
    // A workbook would begin the axis at what is lowest, and make much of little.
    if is_from_zero(&charted.chart) {
        chart.y_axis().set_min(0);
    }
    match charted.chart.series.len() {
        0 | 1 => chart.legend().set_hidden(),
        _ => chart.legend().set_position(ChartLegendPosition::Bottom),
    };
    chart.title().set_name(charted.title());
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.set_alt_text(charted.alternative()).set_width(SIZE.0).set_height(SIZE.1);
    sheet.insert_chart(below - 1, 0, &chart)?;
    Ok(below - 1 + ROWS)
}
