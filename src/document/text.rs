//! A document as plain text: to read on a terminal, and where nothing else opens. East Asian characters are two columns wide.

use super::{Annex, Block, Cell, Document, Numbering, Table, date_in_words};
use unicode_width::UnicodeWidthStr;

/// The document in UTF-8.
pub fn text(document: &Document<'_>) -> Vec<u8> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(document.header.clone());
    lines.push(document.title.to_string());
    lines.extend(document.number.clone());
    lines.extend(document.addressees.iter().flat_map(|addressees| [String::new(), addressees.clone()]));
    let mut numbering = Numbering::default();
    for block in &document.body {
        lines.push(String::new());
        match block {
            Block::Heading { depth, text } => lines.push(format!("{}{text}", numbering.next(*depth))),
            Block::Paragraph(text) => lines.push(format!("　　{text}")),
            Block::Note(text) => lines.push(text.clone()),
            Block::Table(table) => write_table(table, &mut lines),
            Block::Chart(chart) => {
                lines.push(chart.title().to_owned());
                write_table(&chart.figures, &mut lines);
                lines.push(chart.description().to_owned());
            }
        }
    }
    if let Some(signature) = &document.signature {
        lines.extend([String::new(), signature.body.clone(), date_in_words(signature.date)]);
    }
    for (place, annex) in (1..).zip(&document.annexes) {
        write_annex(place, annex, &mut lines);
    }
    if let Some(anchor) = &document.anchor {
        lines.push(String::new());
        lines.push(format!("账本　{}", anchor.origin));
        lines.push(format!("条目数　{}", anchor.tree_size));
        lines.push(format!("根哈希　{}", anchor.root_hash));
        lines.extend(anchor.lines.iter().cloned());
    }
    (lines.join("\n") + "\n").into_bytes()
}

fn write_annex(place: usize, annex: &Annex<'_>, lines: &mut Vec<String>) {
    lines.extend([String::new(), format!("附件{place}　{}", annex.title)]);
    write_table(&annex.table, lines);
    lines.extend(annex.notes.iter().cloned());
}

/// Columns as wide as their widest cell; numbers stand to the right.
fn write_table(table: &Table<'_>, lines: &mut Vec<String>) {
    let rows: Vec<Vec<Cell>> = (0..table.rows).map(|place| (table.row)(place)).collect();
    let headings: Vec<&str> = table.columns.iter().map(|column| column.heading.as_str()).collect();
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.written().width());
        }
    }
    let mut write = |cells: Vec<(String, bool)>| {
        let padded = cells.iter().zip(&widths).map(|((text, is_number), &width)| {
            let room = " ".repeat(width.saturating_sub(text.width()));
            if *is_number { format!("{room}{text}") } else { format!("{text}{room}") }
        });
        lines.push(padded.collect::<Vec<_>>().join("  ").trim_end().to_owned());
    };
    write(headings.iter().map(|heading| ((*heading).to_owned(), false)).collect());
    for row in rows {
        write(row.iter().map(|cell| (cell.written(), is_number(cell))).collect());
    }
}

fn is_number(cell: &Cell) -> bool {
    match cell {
        Cell::Count(_) | Cell::Points(_) | Cell::Percent(_) | Cell::Minutes(_) => true,
        Cell::Empty
        | Cell::Text(_)
        | Cell::Name(_)
        | Cell::Date(_)
        | Cell::Time(_)
        | Cell::Worded { .. }
        | Cell::Withheld(_) => false,
    }
}
