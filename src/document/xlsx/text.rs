//! The sheet of what the document says: its title, sentences and tables one below the other, with the notes of its annexes. Writes nowhere but into the sheet that it is given.
//!
//! Invariant: rows are written from top to bottom, as a sheet in constant memory wants them.

use super::chart;
use super::{Formats, LINE, LINES_MAX, set_height, set_up_print, write_cell, write_header};
use crate::document::{Block, Charted, Document, Numbering, Table, date_in_words};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use std::borrow::Cow;

/// The narrowest that a sheet of sentences may be, in digits.
const WIDTH_MIN: u16 = 84;
/// A cell takes 32,767 characters: never more than it has columns.
const CELL_COLUMNS_MAX: usize = 32_000;

/// One line or table, in order.
enum Part<'a> {
    Title(&'a str),
    Heading(Cow<'a, str>),
    Sentence(Cow<'a, str>),
    Table(&'a Table<'a>),
    Charted(&'a Charted),
}

/// What stands in the sheet.
pub(super) struct Text<'a> {
    parts: Vec<Part<'a>>,
    widths: Vec<u16>,
}

impl<'a> Text<'a> {
    /// Everything that the document says, apart from its registers and its checkpoint.
    pub(super) fn of(document: &'a Document<'a>) -> Text<'a> {
        let mut parts = vec![Part::Title(&document.title)];
        let lines = document.header.iter().chain(&document.number).chain(&document.addressees);
        parts.extend(lines.map(|line| Part::Sentence(line.into())));
        let mut numbering = Numbering::default();
        for block in &document.body {
            if let Block::Chart(chart) = block {
                parts.extend([chart.title(), chart.description()].map(|line| Part::Sentence(line.into())));
            }
            parts.push(match block {
                Block::Heading { depth, text } => Part::Heading(format!("{}{text}", numbering.next(*depth)).into()),
                Block::Paragraph(text) | Block::Note(text) => Part::Sentence(text.into()),
                Block::Table(table) => Part::Table(table),
                Block::Chart(chart) => Part::Charted(chart),
            });
        }
        if let Some(signature) = &document.signature {
            parts.push(Part::Sentence((&signature.body).into()));
            parts.push(Part::Sentence(date_in_words(signature.date).into()));
        }
        for annex in document.annexes.iter().filter(|annex| !annex.notes.is_empty()) {
            parts.push(Part::Heading((&annex.title).into()));
            parts.extend(annex.notes.iter().map(|note| Part::Sentence(note.into())));
        }
        let mut widths: Vec<u16> = Vec::new();
        for part in &parts {
            let table = match part {
                Part::Table(table) => Some(*table),
                Part::Charted(chart) => Some(&chart.figures),
                Part::Title(_) | Part::Heading(_) | Part::Sentence(_) => None,
            };
            if let Some(table) = table {
                widths.resize(widths.len().max(table.columns.len()), 0);
                for (width, column) in widths.iter_mut().zip(&table.columns) {
                    *width = (*width).max(super::digits(column.width));
                }
            }
        }
        // Sentences are merged over all columns: a second one even where there is no table, because one cell can't be merged.
        widths.resize(widths.len().max(2), 0);
        let missing = WIDTH_MIN.saturating_sub(widths.iter().sum());
        *widths.last_mut().expect("two columns") += missing;
        Text { parts, widths }
    }

    pub(super) fn write(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
        set_up_print(sheet, super::TEXT)?;
        for (place, width) in (0_u16..).zip(&self.widths) {
            sheet.set_column_width(place, *width)?;
        }
        let mut row = 0;
        for part in &self.parts {
            row = match part {
                Part::Title(text) => {
                    let next = self.line(sheet, row, text, &formats.title)?;
                    sheet.set_row_height(row, 2 * LINE)?;
                    next
                }
                Part::Heading(text) => self.line(sheet, row + 1, text, &formats.heading)?,
                Part::Sentence(text) => self.line(sheet, row, text, &formats.wrapped)?,
                Part::Table(table) => self.table(sheet, row, table, formats)?,
                Part::Charted(chart) => {
                    let below = self.table(sheet, row, &chart.figures, formats)?;
                    chart::insert(sheet, row, below, chart)?
                }
            };
        }
        Ok(())
    }

    /// The rows of a table below its header. Gives the second row after it.
    fn table(&self, sheet: &mut Worksheet, row: u32, table: &Table<'_>, formats: &Formats) -> Result<u32, XlsxError> {
        write_header(sheet, row, table, formats)?;
        for (row, of_table) in (row + 1..).zip(0..table.rows) {
            let cells = (table.row)(of_table);
            set_height(sheet, row, &cells, &self.widths)?;
            for ((place, cell), width) in (0_u16..).zip(cells).zip(&self.widths) {
                write_cell(sheet, (row, place), &cell, *width, formats)?;
            }
        }
        Ok(row + 2 + u32::try_from(table.rows).unwrap_or(u32::MAX))
    }

    /// A text over the whole width, as high as it needs: a spreadsheet doesn't do that for merged cells. One that is too long for a row goes on in the
    /// next. Gives the row after it.
    fn line(&self, sheet: &mut Worksheet, row: u32, text: &str, format: &Format) -> Result<u32, XlsxError> {
        let last_column = u16::try_from(self.widths.len() - 1).unwrap_or(u16::MAX);
        let width: usize = self.widths.iter().map(|width| usize::from(*width)).sum();
        let width = width.saturating_sub(2);
        let mut next = row;
        for piece in pieces(text, (LINES_MAX * width).min(CELL_COLUMNS_MAX)) {
            let columns: usize = piece.chars().map(columns_of).sum();
            let lines = u32::try_from(columns.div_ceil(width).clamp(1, LINES_MAX)).unwrap_or(u32::MAX);
            sheet.set_row_height(next, lines * LINE)?;
            sheet.merge_range(next, 0, next, last_column, piece, format)?;
            next += 1;
        }
        Ok(next)
    }
}

/// How wide a character is, in digits.
fn columns_of(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

/// A text in pieces of at most so many columns: broken behind a mark where there is one, and nothing is lost.
fn pieces(text: &str, columns_max: usize) -> Vec<&str> {
    let (mut pieces, mut left) = (Vec::new(), text);
    loop {
        let mut columns = 0;
        let beyond = left.char_indices().find(|(_, character)| {
            columns += columns_of(*character);
            columns > columns_max
        });
        let Some((end, _)) = beyond else { break };
        let marked = left[..end].rfind(['；', '。']).map_or(end, |mark| mark + '。'.len_utf8());
        let (piece, rest) = left.split_at(marked);
        pieces.push(piece);
        left = rest;
    }
    pieces.push(left);
    pieces
}

#[cfg(test)]
mod tests {
    use super::{columns_of, pieces};

    #[test]
    fn a_long_sentence_is_broken_behind_its_marks_and_nothing_is_lost() {
        assert_eq!(pieces("短句。", 50), ["短句。"]);
        assert_eq!(pieces("原第1名；原第2名；原第3名。", 20), ["原第1名；原第2名；", "原第3名。"]);
        assert_eq!(pieces("没有标点的一句话", 6), ["没有标", "点的一", "句话"]);
        let long = "原第1名至第9名（9人）后移1位；".repeat(500);
        let pieces = pieces(&long, 400);
        assert_eq!(pieces.concat(), long);
        assert!(pieces.iter().all(|piece| piece.chars().map(columns_of).sum::<usize>() <= 400));
    }
}
