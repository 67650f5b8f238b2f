//! What the template is given: the document with every value written out, as JSON. Says nothing of where anything stands.

use super::fonts::{Families, Fonts};
use crate::document::{Annex, Block, Cell, Charted, Document, Numbering, Qr, Table, date_in_words};
use serde::Serialize;
use std::collections::BTreeSet;

/// What is printed for a character that no font has: the mark that compositors put for type that was missing (U+3013).
const MISSING: char = '〓';
/// A computer wrote a run that is longer, so it may be broken anywhere.
const RUN_MAX: usize = 16;

#[derive(Serialize)]
pub(super) struct Content<'a> {
    families: &'a Families,
    header: Option<String>,
    number: Option<String>,
    title: String,
    title_lines: Vec<String>,
    addressees: Option<String>,
    body: Vec<Part>,
    signature: Option<Signed>,
    anchor: Option<Anchored>,
    annexes: Vec<Annexed>,
    /// Year, month and day.
    date: Option<(i16, i8, i8)>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Part {
    Heading { depth: u8, text: String },
    Paragraph { text: String },
    Note { text: String },
    Table { table: Register },
    Chart { title: String, description: String, picture: String, alternative: String, table: Register },
}

#[derive(Serialize)]
struct Register {
    description: String,
    columns: Vec<Shown>,
    rows: Vec<Vec<String>>,
    /// Whether a cell holds what a computer wrote.
    runs: bool,
}

/// A column as it is set.
#[derive(Serialize)]
struct Shown {
    heading: String,
    width: u16,
    side: &'static str,
}

#[derive(Serialize)]
struct Annexed {
    title: String,
    table: Register,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Signed {
    body: String,
    date: String,
    /// Whether room is left for a seal.
    sealed: bool,
}

#[derive(Serialize)]
struct Anchored {
    fields: [(&'static str, String); 3],
    lines: Vec<String>,
    /// SVG.
    code: String,
    alternative: &'static str,
}

impl<'a> Content<'a> {
    /// Everything that the document says, in characters that the fonts have.
    pub(super) fn of(document: &Document<'_>, fonts: &'a Fonts) -> Content<'a> {
        let mut writer = Writer { fonts, known: BTreeSet::new(), missing: BTreeSet::new() };
        let mut numbering = Numbering::default();
        let body = document.body.iter().map(|block| writer.part(block, &mut numbering)).collect();
        let date = document.dated.map(|date| (date.year(), date.month(), date.day()));
        let mut content = Content {
            families: &fonts.families,
            header: document.header.as_deref().map(|text| writer.text(text)),
            number: document.number.as_deref().map(|text| writer.text(text)),
            title: writer.text(&document.title),
            title_lines: document.title.lines().into_iter().map(|line| writer.text(line)).collect(),
            addressees: document.addressees.as_deref().map(|text| writer.text(text)),
            body,
            signature: document.signature.as_ref().map(|signature| Signed {
                body: writer.text(&signature.body),
                date: date_in_words(signature.date),
                sealed: signature.sealed,
            }),
            anchor: document.anchor.as_ref().map(|anchor| Anchored {
                fields: [
                    ("账本", writer.text(&anchor.origin)),
                    ("条目数", anchor.tree_size.to_string()),
                    ("根哈希", anchor.root_hash.clone()),
                ],
                lines: anchor.lines.iter().map(|line| writer.text(line)).collect(),
                code: code(&anchor.code),
                alternative: "检查点二维码：账本名称、条目数、根哈希",
            }),
            annexes: document.annexes.iter().map(|annex| writer.annex(annex)).collect(),
            date,
        };
        let Writer { missing, .. } = writer;
        content.body.extend(note_of(&missing));
        content
    }
}

/// Which characters are missing, by number, so that whoever reads it can look them up.
fn note_of(missing: &BTreeSet<char>) -> Option<Part> {
    let numbers: Vec<String> = missing.iter().map(|character| format!("U+{:04X}", u32::from(*character))).collect();
    let text = format!("{MISSING}：字库中没有的字，依次为 {}。", numbers.join("、"));
    (!missing.is_empty()).then_some(Part::Note { text })
}

fn code(text: &str) -> String {
    let (qr, mut svg) = (Qr::of(text), String::new());
    let side = qr.side();
    svg.push_str(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\">"));
    svg.push_str(&format!("<path d=\"{}\"/></svg>", qr.path()));
    svg
}

struct Writer<'a> {
    fonts: &'a Fonts,
    /// Characters that were looked for already and found.
    known: BTreeSet<char>,
    missing: BTreeSet<char>,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) -> String {
        // Which of its variants a character is to be shown in (UTS #37, Unicode §23.4): without a font for it, the character itself says it all.
        let is_shown = |character: &char| !is_variation_selector(*character) || self.fonts.have(*character);
        let shown: Vec<char> = text.chars().filter(is_shown).collect();
        shown.into_iter().map(|character| self.character(character)).collect()
    }

    fn character(&mut self, character: char) -> char {
        if character.is_control() {
            return ' ';
        }
        if self.known.contains(&character) {
            return character;
        }
        if self.fonts.have(character) {
            self.known.insert(character);
            return character;
        }
        self.missing.insert(character);
        MISSING
    }

    fn part(&mut self, block: &Block<'_>, numbering: &mut Numbering) -> Part {
        match block {
            Block::Heading { depth, text } => Part::Heading {
                depth: (*depth).clamp(1, 2),
                text: format!("{}{}", numbering.next(*depth), self.text(text)),
            },
            Block::Paragraph(text) => Part::Paragraph { text: self.text(text) },
            Block::Note(text) => Part::Note { text: self.text(text) },
            Block::Table(table) => Part::Table { table: self.register(table) },
            Block::Chart(charted) => self.chart(charted),
        }
    }

    fn chart(&mut self, charted: &Charted) -> Part {
        Part::Chart {
            title: self.text(charted.title()),
            description: self.text(charted.description()),
            picture: charted.chart.svg(),
            alternative: self.text(&charted.alternative()),
            table: self.register(&charted.figures),
        }
    }

    fn annex(&mut self, annex: &Annex<'_>) -> Annexed {
        Annexed {
            title: self.text(&annex.title),
            table: self.register(&annex.table),
            notes: annex.notes.iter().map(|note| self.text(note)).collect(),
        }
    }

    fn register(&mut self, table: &Table<'_>) -> Register {
        let mut columns: Vec<Shown> = (table.columns.iter())
            .map(|column| Shown { heading: self.text(&column.heading), width: column.width.max(1), side: "center" })
            .collect();
        let mut runs = false;
        let mut row = |place: usize| -> Vec<String> {
            let cells = (table.row)(place);
            for (column, cell) in columns.iter_mut().zip(&cells) {
                // Texts among figures are read as texts: of a table that says what and which, the figures stand below them.
                if column.side != "left" {
                    column.side = side(cell).unwrap_or(column.side);
                }
            }
            let written = cells.iter().map(|cell| self.text(&cell.written()));
            written.inspect(|text| runs |= has_a_run(text)).collect()
        };
        let rows = (0..table.rows).map(&mut row).collect();
        Register { description: self.text(&table.description), columns, rows, runs }
    }
}

fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn has_a_run(text: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric()).any(|run| run.len() > RUN_MAX)
}

/// On which side of its column a value stands; none where the others of the column decide.
fn side(cell: &Cell) -> Option<&'static str> {
    match cell {
        Cell::Empty | Cell::Withheld(_) => None,
        Cell::Text(_) | Cell::Name(_) | Cell::Time(_) | Cell::Worded { .. } => Some("left"),
        Cell::Count(_) | Cell::Points(_) | Cell::Percent(_) | Cell::Minutes(_) => Some("right"),
        Cell::Date(_) => Some("center"),
    }
}
