//! The sheet of what the document says: its title, sentences and tables one below the other, with the notes of its annexes. Writes nowhere but into the sheet that it is given.
//!
//! Invariant: rows are written from top to bottom, as a sheet in constant memory wants them.

use super::{Formats, set_up_print, write_cell, write_header};
use crate::document::{Block, Document, Numbering, Table, date_in_words};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use std::borrow::Cow;

/// The narrowest that a sheet of sentences may be, in digits.
const WIDTH_MIN: u16 = 84;
/// The height of a line, in points; a spreadsheet takes no row higher than 409.
const LINE: u32 = 16;

/// One line or table, in order.
enum Part<'a> {
    Title(&'a str),
    Heading(Cow<'a, str>),
    Sentence(Cow<'a, str>),
    Table(&'a Table<'a>),
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
            parts.push(match block {
                Block::Heading { depth, text } => Part::Heading(format!("{}{text}", numbering.next(*depth)).into()),
                Block::Paragraph(text) | Block::Note(text) => Part::Sentence(text.into()),
                Block::Table(table) => Part::Table(table),
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
            if let Part::Table(table) = part {
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
                Part::Table(table) => {
                    write_header(sheet, row, table, formats)?;
                    for (row, of_table) in (row + 1..).zip(0..table.rows) {
                        for ((place, cell), width) in (0_u16..).zip((table.row)(of_table)).zip(&self.widths) {
                            write_cell(sheet, (row, place), &cell, *width, formats)?;
                        }
                    }
                    row + 2 + u32::try_from(table.rows).unwrap_or(u32::MAX)
                }
            };
        }
        Ok(())
    }

    /// A text over the whole width, as high as it needs: a spreadsheet doesn't do that for merged cells. Gives the next row.
    fn line(&self, sheet: &mut Worksheet, row: u32, text: &str, format: &Format) -> Result<u32, XlsxError> {
        let last_column = u16::try_from(self.widths.len() - 1).unwrap_or(u16::MAX);
        let width: usize = self.widths.iter().map(|width| usize::from(*width)).sum();
        let columns: usize = text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
        let lines = u32::try_from(columns.div_ceil(width.saturating_sub(2))).unwrap_or(u32::MAX).clamp(1, 25);
        sheet.set_row_height(row, lines * LINE)?;
        sheet.merge_range(row, 0, row, last_column, text, format)?;
        Ok(row + 1)
    }
}
