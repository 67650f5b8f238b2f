//! What a superseding notice says beside its figures (更正说明), as values.

use crate::document::{Annex, Block, Cell, Column, Table};
use crate::notice::changes::{About, CauseInWords, ChangeGroup, ChangedItem, groups, shifts_in_words, wording};
use crate::notice::wording::headings;
use crate::notice::{Imprint, Notice};

/// Which notice it takes the place of, and how the ranks of those moved whose points stayed; the rest is in the annex.
pub(super) fn blocks<'a>(notice: &Notice) -> Vec<Block<'a>> {
    let Some((superseded, changes)) = notice.supersedes.as_ref().zip(notice.changes.as_ref()) else {
        return Vec::new();
    };
    let mut blocks = vec![
        Block::Heading { depth: 1, text: wording::HEADING.chinese.into_owned() },
        Block::Paragraph(format!("{}{}。", wording::supersedes(superseded).chinese, superseded.digest)),
    ];
    if changes.is_nothing() {
        blocks.push(Block::Paragraph(wording::NOTHING.chinese.into_owned()));
    }
    blocks.extend(shifts_in_words(changes).map(Block::Paragraph));
    blocks
}

/// What changed, for whom and why: a row for each item. None where nothing did.
pub(super) fn items<'a>(notice: &Notice, imprint: &Imprint) -> Option<Annex<'a>> {
    let changes = notice.changes.as_ref()?;
    let rows: Vec<Vec<Cell>> =
        groups(changes, notice.month, |member| imprint.name_of(member)).iter().flat_map(rows).collect();
    let column = |heading: &str, width| Column { heading: heading.to_owned(), width };
    let fitting = |heading: &str, most: u16, place: usize| {
        let texts: Vec<String> = rows.iter().map(|row| row[place].written()).collect();
        Column::fitting(heading, (4, most), texts.iter().map(String::as_str))
    };
    let columns = vec![
        column("对象", 8),
        fitting("项目", 7, 1),
        fitting(&wording::BEFORE.chinese, 8, 2),
        fitting(&wording::AFTER.chinese, 8, 3),
        column(&wording::CAUSES.chinese, 10),
    ];
    (!rows.is_empty()).then(|| Annex {
        title: headings::ITEMS_CHANGED.chinese.into_owned(),
        table: Table {
            description: "每一项更正的对象、更正前后和依据".to_owned(),
            columns,
            rows: rows.len(),
            row: Box::new(move |place| rows[place].clone()),
        },
        notes: vec![wording::REASONS_NOTE.chinese.into_owned()],
        last_sheet: true,
    })
}

/// Each names whom it is about, so that the table can be sorted. The reasons stand once, one beside each item from the first on; those that are left have
/// rows of their own, because there may be hundreds and a cell of a workbook has its limit.
fn rows(group: &ChangeGroup) -> Vec<Vec<Cell>> {
    let about = match &group.about {
        About::Whole => Cell::Text(wording::WHOLE.chinese.into_owned()),
        About::Organization { name } => Cell::Text(name.clone()),
        About::Member { name, number_tail, branch } => {
            let name = name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
            Cell::Name(format!("{name}尾号{number_tail}　{branch}"))
        }
    };
    let causes: Vec<String> =
        group.presence.into_iter().map(str::to_owned).chain(group.causes.iter().map(cause)).collect();
    let text = |text: Option<&str>| text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned()));
    let row = |place: usize| {
        let item: Option<&ChangedItem> = group.items.get(place);
        vec![
            about.clone(),
            text(item.map(|item| &*item.item.chinese)),
            item.map_or(Cell::Empty, |item| item.before.clone()),
            item.map_or(Cell::Empty, |item| item.after.clone()),
            text(causes.get(place).map(String::as_str)),
        ]
    };
    (0..group.items.len().max(causes.len())).map(row).collect()
}

fn cause(cause: &CauseInWords) -> String {
    let ids: Vec<String> = cause.ids.iter().map(|(what, id)| format!("{what} {id}")).collect();
    format!("{}，第 {} 条 {}", cause.text, cause.log_index, ids.join(" "))
}
