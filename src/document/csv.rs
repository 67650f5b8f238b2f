//! The tables of a document for spreadsheets: UTF-8 with a byte order mark, so that Excel reads the Chinese. Values stand there as a program reads them.
//!
//! Invariant: no cell is a formula.

use super::{Block, Cell, Document, Table, guarded};

/// Each table below its title, an empty row between them; then the checkpoint.
pub fn csv(document: &Document<'_>) -> Vec<u8> {
    let mut layout = csv::WriterBuilder::new();
    layout.flexible(true).terminator(csv::Terminator::CRLF);
    let mut rows = Rows(layout.from_writer(b"\xef\xbb\xbf".to_vec()));
    rows.row([document.title.as_str()]);
    if let Some(number) = &document.number {
        rows.row([number.as_str()]);
    }
    for block in &document.body {
        match block {
            Block::Table(table) => rows.table(&table.description, table),
            Block::Note(text) => rows.row([text.as_str()]),
            Block::Heading { .. } | Block::Paragraph(_) => {}
        }
    }
    for annex in &document.annexes {
        rows.table(&annex.title, &annex.table);
    }
    if let Some(anchor) = &document.anchor {
        rows.row([""]);
        rows.row(["账本", anchor.origin.as_str()]);
        rows.row(["条目数", anchor.tree_size.to_string().as_str()]);
        rows.row(["根哈希", anchor.root_hash.as_str()]);
    }
    rows.0.into_inner().expect(IN_MEMORY)
}

const IN_MEMORY: &str = "memory takes every row";

/// Rows of RFC 4180, of as many fields as each has.
struct Rows(csv::Writer<Vec<u8>>);

impl Rows {
    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let cells: Vec<_> = cells.into_iter().map(guarded).collect();
        self.0.write_record(cells.iter().map(|cell| cell.as_bytes())).expect(IN_MEMORY);
    }

    fn table(&mut self, title: &str, table: &Table<'_>) {
        self.row([""]);
        self.row([title]);
        let first = if table.rows > 0 { (table.row)(0) } else { Vec::new() };
        let of_minutes = |place: usize| matches!(first.get(place), Some(Cell::Minutes(_)));
        let headings = table.columns.iter().enumerate().map(|(place, column)| {
            let unit = if of_minutes(place) { "（分钟）" } else { "" };
            format!("{}{unit}", column.heading)
        });
        let headings: Vec<String> = headings.collect();
        self.row(headings.iter().map(String::as_str));
        for row in 0..table.rows {
            let cells = (table.row)(row);
            let cells = cells.iter().enumerate().map(|(place, cell)| value(cell, of_minutes(place)));
            self.0.write_record(cells.map(String::into_bytes)).expect(IN_MEMORY);
        }
    }
}

/// A number without separators; a length of time in a column of such in minutes: what can be added up.
fn value(cell: &Cell, in_minutes: bool) -> String {
    match cell {
        Cell::Count(number) => number.to_string(),
        Cell::Minutes(minutes) if in_minutes => minutes.to_string(),
        Cell::Points(points) => points.to_string(),
        Cell::Empty | Cell::Minutes(_) | Cell::Percent(_) | Cell::Date(_) | Cell::Withheld(_) => cell.written(),
        Cell::Text(text) | Cell::Name(text) => guarded(text).into_owned(),
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
            title: "台账".to_owned(),
            addressees: None,
            body: Vec::new(),
            signature: None,
            anchor: None,
            annexes: vec![Annex { title: "名单".to_owned(), table, notes: Vec::new() }],
            dated: None,
        };
        let written = String::from_utf8(csv(&document)).expect("UTF-8");
        let expected = "\u{feff}台账\r\n\"\"\r\n名单\r\n党员,时长（分钟）,备注\r\n'=cmd|x,90,\"a,\"\"b\"\"\"\r\n'+1,1230,12345\r\n";
        assert_eq!(written, expected);
    }
}
