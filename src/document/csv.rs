//! The tables of a document for spreadsheets. Values stand there as a program reads them.
//!
//! Invariant: each value stands in a cell of its own, in the order of the document.

use super::{Block, Cell, CsvRows, Document, Table, csv_in_memory};
use std::io::Write;

/// Each table below its title, an empty row between them; then the checkpoint.
pub fn csv(document: &Document<'_>) -> Vec<u8> {
    csv_in_memory(|rows| {
        rows.texts([&*document.title])?;
        if let Some(number) = &document.number {
            rows.texts([number])?;
        }
        for block in &document.body {
            match block {
                Block::Table(table) => write_table(rows, &table.description, table)?,
                Block::Chart(chart) => {
                    write_table(rows, chart.title(), &chart.figures)?;
                    rows.texts([chart.description()])?;
                }
                Block::Heading { text, .. } | Block::Paragraph(text) | Block::Note(text) => rows.texts([text])?,
            }
        }
        for annex in &document.annexes {
            write_table(rows, &annex.title, &annex.table)?;
        }
        if let Some(anchor) = &document.anchor {
            rows.texts([""])?;
            rows.texts(["账本", &anchor.origin])?;
            rows.texts(["条目数", &anchor.tree_size.to_string()])?;
            rows.texts(["根哈希", &anchor.root_hash])?;
        }
        Ok(())
    })
}

fn write_table<W: Write>(rows: &mut CsvRows<W>, title: &str, table: &Table<'_>) -> Result<(), csv::Error> {
    rows.texts([""])?;
    rows.texts([title])?;
    let first = if table.rows > 0 { (table.row)(0) } else { Vec::new() };
    let of_minutes = |place: usize| matches!(first.get(place), Some(Cell::Minutes(_)));
    rows.texts(table.columns.iter().enumerate().map(|(place, column)| {
        let unit = if of_minutes(place) { "（分钟）" } else { "" };
        format!("{}{unit}", column.heading)
    }))?;
    for row in 0..table.rows {
        for (place, cell) in (table.row)(row).iter().enumerate() {
            write_cell(rows, cell, of_minutes(place))?;
        }
        rows.end_row()?;
    }
    Ok(())
}

/// A number without separators; a length of time in a column of such in minutes: what can be added up.
fn write_cell<W: Write>(rows: &mut CsvRows<W>, cell: &Cell, in_minutes: bool) -> Result<(), csv::Error> {
    match cell {
        Cell::Count(number) => rows.value(number),
        Cell::Minutes(minutes) if in_minutes => rows.value(minutes),
        Cell::Points(points) => rows.value(points),
        Cell::Empty | Cell::Minutes(_) | Cell::Percent(_) | Cell::Date(_) | Cell::Time(_) | Cell::Withheld(_) => {
            rows.value(cell.written())
        }
        Cell::Text(text) | Cell::Name(text) | Cell::Worded { words: text, .. } => rows.text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::csv;
    use crate::document::{Annex, Cell, Column, Document, Table};

    #[test]
    fn no_cell_is_a_formula_and_minutes_can_be_added_up() {
        let column = |heading: &str| Column { heading: heading.to_owned(), width: 4 };
        let rows = [
            vec![Cell::Name("=cmd|x".to_owned()), Cell::Minutes(90), Cell::Text("a,\"b\"".to_owned())],
            vec![Cell::Text("+1".to_owned()), Cell::Minutes(1_230), Cell::Count(12_345)],
        ];
        let table = Table {
            description: String::new(),
            columns: vec![column("党员"), column("时长"), column("备注")],
            rows: rows.len(),
            row: Box::new(move |place| rows[place].clone()),
        };
        let document = Document {
            header: None,
            number: None,
            title: "台账".into(),
            addressees: None,
            body: Vec::new(),
            signature: None,
            anchor: None,
            annexes: vec![Annex { title: "名单".to_owned(), table, notes: Vec::new(), last_sheet: false }],
            dated: None,
        };
        let written = String::from_utf8(csv(&document)).expect("UTF-8");
        let expected = "\u{feff}台账\r\n\"\"\r\n名单\r\n党员,时长（分钟）,备注\r\n'=cmd|x,90,\"a,\"\"b\"\"\"\r\n'+1,1230,12345\r\n";
        assert_eq!(written, expected);
    }
}
