//! A document as an editable text (DOCX, ECMA-376): in the layout of GB/T 9704-2012, by styles that Word, WPS and LibreOffice know, with real tables and page numbers.
//!
//! Invariants: what people change is changed in a style; a table's header stands on each of its pages; same document, same bytes. A register is written row by row.

use super::{Anchor, Annex, Block, Cell, Charted, Document, Numbering, Qr, Signature, Table, date_in_words};
use askama::Template;
use jiff::civil::Date;
use std::borrow::Cow;
use std::io::{BufWriter, Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

mod chart;
#[cfg(test)]
mod tests;

use chart::Drawn;

/// The width of the type area (版心, 156 mm), in twentieths of a point.
const TYPE_AREA: usize = 8_844;
/// Its height (225 mm), which is its width on a page that lies on its side.
const TYPE_AREA_ON_SIDE: usize = 12_756;
/// A character of the body (三号, 16 pt), in the same unit.
const CHARACTER: usize = 320;
/// A character in a table (五号, 10.5 pt).
const CELL_CHARACTER: usize = 210;
/// The smallest that one is set in (7 pt).
const CELL_CHARACTER_MIN: usize = 140;
/// Left and right of what stands in a cell.
const CELL_MARGINS: usize = 114;
/// A table in the text of so many rows stands on one page.
const ROWS_TOGETHER_MAX: usize = 14;
/// So many rows stay with what follows: no page has an imprint and nothing else.
const ROWS_WITH_NEXT: usize = 2;
/// Points on each side of a module of the code: sharp in print.
const CODE_SCALE: usize = 8;

/// The document as a DOCX file.
pub fn docx(document: &Document<'_>) -> Vec<u8> {
    let mut package = Package::new();
    let code = document.anchor.as_ref().map(|anchor| Qr::of(&anchor.code).png(CODE_SCALE));
    let charts = || {
        document.body.iter().filter_map(|block| if let Block::Chart(chart) = block { Some(&chart.chart) } else { None })
    };
    package.filled("[Content_Types].xml", &ContentTypes { charts: charts().count() });
    package.part("_rels/.rels", include_bytes!("docx/templates/package-rels.xml"));
    let body = document.signature.as_ref().map(|signature| clean(&signature.body));
    package.filled("docProps/core.xml", &Core { title: clean(&document.title), body, dated: document.dated });
    package
        .filled("word/_rels/document.xml.rels", &Relationships { has_code: code.is_some(), charts: charts().count() });
    package.part("word/styles.xml", include_bytes!("docx/templates/styles.xml"));
    package.part("word/settings.xml", include_bytes!("docx/templates/settings.xml"));
    package.part("word/fontTable.xml", include_bytes!("docx/templates/fontTable.xml"));
    package.filled("word/footer-odd.xml", &Footer { style: "FooterOdd" });
    package.filled("word/footer-even.xml", &Footer { style: "FooterEven" });
    if let Some(code) = &code {
        package.part("word/media/code.png", code);
    }
    for (place, chart) in (1..).zip(charts()) {
        package.filled(&format!("word/charts/chart{place}.xml"), &Drawn::of(chart));
    }
    package.filled("word/document.xml", &Content::of(document));
    package.bytes()
}

/// The archive that a DOCX file is.
struct Package(ZipWriter<Cursor<Vec<u8>>>);

impl Package {
    fn new() -> Package {
        Package(ZipWriter::new(Cursor::new(Vec::new())))
    }

    fn begin(&mut self, name: &str) {
        // Every part has the first instant that an archive can name.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::DEFAULT);
        self.0.start_file(name, options).expect("writing to memory");
    }

    fn part(&mut self, name: &str, bytes: &[u8]) {
        self.begin(name);
        self.0.write_all(bytes).expect("writing to memory");
    }

    fn filled(&mut self, name: &str, template: &impl Template) {
        self.begin(name);
        let mut writer = BufWriter::new(&mut self.0);
        Template::write_into(template, &mut writer).expect("writing to memory");
        writer.flush().expect("writing to memory");
    }

    fn bytes(self) -> Vec<u8> {
        self.0.finish().expect("writing to memory").into_inner()
    }
}

#[derive(Template)]
#[template(path = "document/docx/templates/core.xml", config = ".askama.toml")]
struct Core<'a> {
    title: Cow<'a, str>,
    body: Option<Cow<'a, str>>,
    dated: Option<Date>,
}

#[derive(Template)]
#[template(path = "document/docx/templates/document-rels.xml", config = ".askama.toml")]
struct Relationships {
    has_code: bool,
    charts: usize,
}

#[derive(Template)]
#[template(path = "document/docx/templates/content-types.xml", config = ".askama.toml")]
struct ContentTypes {
    charts: usize,
}

#[derive(Template)]
#[template(path = "document/docx/templates/footer.xml", config = ".askama.toml")]
struct Footer {
    style: &'static str,
}

/// What the document says, each part with its style.
#[derive(Template)]
#[template(path = "document/docx/templates/document.xml", config = ".askama.toml")]
struct Content<'a> {
    header: Option<Cow<'a, str>>,
    number: Option<Cow<'a, str>>,
    title: Vec<Cow<'a, str>>,
    addressees: Option<Cow<'a, str>>,
    body: Vec<Part<'a>>,
    listed: Vec<Listed>,
    signed: Option<[Line<'a>; 2]>,
    annexes: Vec<LaidAnnex<'a>>,
    anchor: Option<Imprint<'a>>,
}

enum Part<'a> {
    Styled { style: &'static str, text: Cow<'a, str> },
    Table(Laid<'a>),
    Chart(Pictured<'a>),
}

/// 附图, with its title beneath and then its figures.
struct Pictured<'a> {
    /// Of the pictures, from 1.
    number: usize,
    title: Cow<'a, str>,
    description: Cow<'a, str>,
    alternative: String,
    figures: Laid<'a>,
}

struct LaidAnnex<'a> {
    /// Whether the pages before it stand otherwise: its own begin a section.
    turns: bool,
    title: String,
    table: Laid<'a>,
    notes: Vec<Cow<'a, str>>,
}

/// 附件说明: one of the annexes.
struct Listed {
    /// By so much the line begins to the left of the lines below it, in twentieths of a point.
    hanging: usize,
    text: String,
}

/// A line that ends so far from the right, in twentieths of a point.
struct Line<'a> {
    style: &'static str,
    right: usize,
    text: Cow<'a, str>,
}

/// 版记: what the figures rest on.
struct Imprint<'a> {
    width: usize,
    code: Cow<'a, str>,
    lines: Vec<Cow<'a, str>>,
}

impl<'a> Content<'a> {
    fn of(document: &'a Document<'a>) -> Content<'a> {
        let line = |text: &'a Option<String>| text.as_deref().map(clean);
        let (mut numbering, mut numbers) = (Numbering::default(), 1..);
        let body = document.body.iter().map(|block| match block {
            Block::Heading { depth, text } => Part::Styled {
                style: if *depth <= 1 { "Heading1" } else { "Heading2" },
                text: format!("{}{}", numbering.next(*depth), clean(text)).into(),
            },
            Block::Paragraph(text) => Part::Styled { style: "Normal", text: clean(text) },
            Block::Note(text) => Part::Styled { style: "Note", text: clean(text) },
            Block::Table(table) => Part::Table(Laid::in_text(table)),
            Block::Chart(charted) => Part::Chart(Pictured::of(charted, numbers.next().unwrap_or_default())),
        });
        let several = document.annexes.len() > 1;
        let mut annexes: Vec<LaidAnnex<'a>> = (1_u32..)
            .zip(&document.annexes)
            .map(|(place, annex)| LaidAnnex::of(annex, several.then_some(place)))
            .collect();
        if let Some(last) = annexes.last_mut().filter(|_| document.anchor.is_some()) {
            last.table.stays = Stays::WithNext;
        }
        let mut on_side = false;
        for annex in &mut annexes {
            annex.turns = annex.table.on_side != std::mem::replace(&mut on_side, annex.table.on_side);
        }
        Content {
            header: line(&document.header),
            number: line(&document.number),
            title: document.title.lines().into_iter().map(clean).collect(),
            addressees: line(&document.addressees),
            body: body.collect(),
            listed: listed(&document.annexes),
            signed: document.signature.as_ref().map(signed),
            annexes,
            anchor: document.anchor.as_ref().map(|anchor| Imprint::of(anchor, area(on_side))),
        }
    }

    /// Whether the imprint follows the text and its signature.
    fn ends_with_imprint(&self) -> bool {
        self.annexes.is_empty() && self.anchor.is_some()
    }

    /// Whether the last pages lie on their side.
    fn ends_on_side(&self) -> bool {
        self.annexes.last().is_some_and(|annex| annex.table.on_side)
    }
}

impl<'a> Pictured<'a> {
    fn of(charted: &'a Charted, number: usize) -> Pictured<'a> {
        Pictured {
            number,
            title: clean(charted.title()),
            description: clean(charted.description()),
            alternative: clean(&charted.alternative()).into_owned(),
            figures: Laid { stays: Stays::TogetherWithNext, ..Laid::in_text(&charted.figures) },
        }
    }
}

impl<'a> LaidAnnex<'a> {
    fn of(annex: &'a Annex<'a>, number: Option<u32>) -> LaidAnnex<'a> {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        LaidAnnex {
            turns: false,
            title: format!("附件{number}　{}", clean(&annex.title)),
            table: Laid::of(&annex.table),
            notes: annex.notes.iter().map(|note| clean(note)).collect(),
        }
    }
}

impl<'a> Imprint<'a> {
    fn of(anchor: &'a Anchor, width: usize) -> Imprint<'a> {
        let head = [
            format!("账本　{}", clean(&anchor.origin)),
            format!("条目数　{}", anchor.tree_size),
            format!("根哈希　{}", clean(&anchor.root_hash)),
        ];
        let lines = head.into_iter().map(Cow::Owned).chain(anchor.lines.iter().map(|line| clean(line)));
        Imprint { width, code: clean(&anchor.code), lines: lines.collect() }
    }
}

/// The width of the type area.
const fn area(on_side: bool) -> usize {
    if on_side { TYPE_AREA_ON_SIDE } else { TYPE_AREA }
}

/// 附件说明 (GB/T 9704-2012 §7.3.4): two characters in, numbered if there are several.
fn listed(annexes: &[Annex<'_>]) -> Vec<Listed> {
    let several = annexes.len() > 1;
    let line = |(place, annex): (usize, &Annex<'_>)| {
        let label = if place == 1 { "附件：" } else { "" };
        let number = if several { format!("{place}. ") } else { String::new() };
        Listed { hanging: label.chars().count() * CHARACTER, text: format!("{label}{number}{}", clean(&annex.title)) }
    };
    (1..).zip(annexes).map(line).collect()
}

/// 署名 and 成文日期 (GB/T 9704-2012 §7.3.5). Under a seal the date ends four characters from the right, and the name stands centred above it; without one the
/// name ends two characters from the right and the date begins two behind it, or, where the date is longer, the date ends two from the right.
fn signed(signature: &Signature) -> [Line<'_>; 2] {
    let width = |text: &str| -> usize {
        text.chars().map(|character| if character.is_ascii() { CHARACTER / 2 } else { CHARACTER }).sum()
    };
    let words = date_in_words(signature.date);
    let (name, date) = (width(&signature.body), width(&words));
    let (name_right, date_right) = match signature.sealed {
        true => {
            let date_right = (4 * CHARACTER).max(name.saturating_sub(date) / 2);
            ((date_right + date / 2).saturating_sub(name / 2), date_right)
        }
        false if date > name => (4 * CHARACTER + date - name, 2 * CHARACTER),
        false => (2 * CHARACTER, name - date),
    };
    let style = if signature.sealed { "SignatureBody" } else { "SignatureBodyUnsealed" };
    [
        Line { style, right: name_right, text: clean(&signature.body) },
        Line { style: "SignatureDate", right: date_right, text: words.into() },
    ]
}

/// A table with the width of each column, in twentieths of a point.
struct Laid<'a> {
    table: &'a Table<'a>,
    /// Whether it is too wide for an upright page.
    on_side: bool,
    /// Of its characters in half points, where those of the style are too large.
    size: Option<usize>,
    widths: Vec<usize>,
    /// Columns with texts among their figures, which are read as texts.
    of_texts: Vec<bool>,
    stays: Stays,
}

/// Which of a table's rows stand on one page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stays {
    /// The first with the second, below the header.
    Apart,
    /// All of them.
    Together,
    /// The last ones with what follows.
    WithNext,
    /// All of them, with what follows.
    TogetherWithNext,
}

/// One row.
struct LaidRow {
    cells: Vec<LaidCell>,
    /// Whether it stands on the page of what is below it.
    keeps: bool,
}

/// One cell as it stands in its column.
struct LaidCell {
    width: usize,
    style: &'static str,
    text: String,
}

impl<'a> Laid<'a> {
    /// A register that is to be on pages of its own: on its side, and smaller, if it is too wide.
    fn of(table: &'a Table<'a>) -> Laid<'a> {
        let shares = shares(table);
        let on_side = room_of_a_character(&shares, TYPE_AREA) < CELL_CHARACTER;
        Laid::on(table, &shares, on_side)
    }

    /// A table in the text, which stands upright.
    fn in_text(table: &'a Table<'a>) -> Laid<'a> {
        let mut of_texts = vec![false; table.columns.len()];
        for row in 0..table.rows {
            for (of_texts, cell) in of_texts.iter_mut().zip((table.row)(row)) {
                *of_texts |= matches!(cell, Cell::Text(_) | Cell::Name(_) | Cell::Time(_) | Cell::Worded { .. });
            }
        }
        let stays = if table.rows <= ROWS_TOGETHER_MAX { Stays::Together } else { Stays::Apart };
        Laid { of_texts, stays, ..Laid::on(table, &shares(table), false) }
    }

    /// As wide as the type area: each column its characters and its margins.
    fn on(table: &'a Table<'a>, shares: &[usize], on_side: bool) -> Laid<'a> {
        let room = room_of_a_character(shares, area(on_side));
        let size = (room < CELL_CHARACTER).then(|| room.max(CELL_CHARACTER_MIN) / 10);
        let widths = shares.iter().map(|share| room * share / 10 + CELL_MARGINS).collect();
        Laid { table, on_side, size, widths, of_texts: Vec::new(), stays: Stays::Apart }
    }

    fn width(&self) -> usize {
        self.widths.iter().sum()
    }

    fn stays_with_next(&self) -> bool {
        matches!(self.stays, Stays::WithNext | Stays::TogetherWithNext)
    }

    fn description(&self) -> Cow<'_, str> {
        clean(&self.table.description)
    }

    fn headings(&self) -> impl Iterator<Item = (Cow<'_, str>, usize)> {
        let headings = self.table.columns.iter().map(|column| clean(&column.heading));
        headings.zip(self.widths.iter().copied())
    }

    fn rows(&self) -> impl Iterator<Item = LaidRow> {
        (0..self.table.rows).map(|row| {
            let of_texts = self.of_texts.iter().copied().chain(std::iter::repeat(false));
            let cells = (self.table.row)(row).into_iter().zip(&self.widths).zip(of_texts);
            let cells = cells.map(|((cell, width), of_texts)| LaidCell::of(&cell, *width, of_texts)).collect();
            let is_last = row + 1 == self.table.rows;
            let keeps = match self.stays {
                Stays::Apart => row == 0 && !is_last,
                Stays::Together => !is_last,
                Stays::TogetherWithNext => true,
                Stays::WithNext => row == 0 || row + ROWS_WITH_NEXT >= self.table.rows,
            };
            LaidRow { cells, keeps }
        })
    }
}

impl LaidCell {
    fn of(cell: &Cell, width: usize, of_texts: bool) -> LaidCell {
        let style = match cell {
            Cell::Count(_)
            | Cell::Points(_)
            | Cell::Percent(_)
            | Cell::Minutes(_)
            | Cell::Withheld(_)
            | Cell::Date(_)
                if of_texts =>
            {
                "CellText"
            }
            Cell::Empty | Cell::Text(_) | Cell::Time(_) | Cell::Worded { .. } => "CellText",
            Cell::Name(_) => "CellName",
            Cell::Count(_) | Cell::Points(_) | Cell::Percent(_) | Cell::Minutes(_) | Cell::Withheld(_) => "CellNumber",
            Cell::Date(_) => "CellCentred",
        };
        LaidCell { width, style, text: clean(&cell.written()).into_owned() }
    }
}

/// How wide each column is, in tenths of a character: as it is said to be, and wide enough for each of its figures, which no program keeps from being broken.
fn shares(table: &Table<'_>) -> Vec<usize> {
    let mut shares: Vec<usize> = table.columns.iter().map(|column| 10 * usize::from(column.width)).collect();
    for row in 0..table.rows {
        for (share, cell) in shares.iter_mut().zip((table.row)(row)) {
            *share = (*share).max(width_of_figure(&cell));
        }
    }
    shares
}

/// In tenths of a character, in the widest of the fonts that stand in for a missing one.
fn width_of_figure(cell: &Cell) -> usize {
    match cell {
        Cell::Count(_) | Cell::Points(_) | Cell::Percent(_) | Cell::Minutes(_) | Cell::Time(_) => {
            let width = |character| match character {
                '%' | '−' => 9,
                _ if character.is_ascii() => 6,
                _ => 10,
            };
            cell.written().chars().map(width).sum::<usize>() + 1
        }
        Cell::Empty | Cell::Text(_) | Cell::Name(_) | Cell::Date(_) | Cell::Worded { .. } | Cell::Withheld(_) => 0,
    }
}

/// How much of a width is left for each character that the columns are wide.
fn room_of_a_character(shares: &[usize], width: usize) -> usize {
    10 * width.saturating_sub(CELL_MARGINS * shares.len()) / shares.iter().sum::<usize>().max(1)
}

/// Without what XML can't hold (XML 1.0 §2.2).
fn clean(text: &str) -> Cow<'_, str> {
    let is_refused = |character: char| character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
    if text.contains(is_refused) { text.replace(is_refused, " ").into() } else { text.into() }
}
