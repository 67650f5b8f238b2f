//! That nothing of a notice is lost on the way to paper.

use super::document;
use crate::document::{Annex, Block, Cell, Document, Table, unpacked, xlsx};
use crate::notice::changes::{ChangeCause, ChangeGroup, RankShift, groups};
use crate::notice::format::{hours_in_words, points};
use crate::notice::{Imprint, Notice, samples};
use jiff::civil::date;
use mingzhang_events::Points;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn rows<'a>(table: &'a Table<'_>) -> impl Iterator<Item = Vec<Cell>> + 'a {
    (0..table.rows).map(|place| (table.row)(place))
}

fn annex<'a, 'b>(document: &'a Document<'b>, title: &str) -> &'a Annex<'b> {
    document.annexes.iter().find(|annex| annex.title == title).expect(title)
}

fn texts(block: &Block<'_>) -> Vec<String> {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Note(text) => vec![text.clone()],
        Block::Chart(_) => unreachable!("a notice has no pictures"),
        Block::Table(table) => rows(table).flatten().map(|cell| cell.written()).collect(),
    }
}

/// Every run of characters that could be a figure, anywhere in the document.
fn figures(document: &Document<'_>) -> BTreeSet<String> {
    let mut texts: Vec<String> = document.body.iter().flat_map(texts).collect();
    texts.extend(document.annexes.iter().flat_map(|annex| rows(&annex.table).flatten()).map(|cell| cell.written()));
    let anchor = document.anchor.as_ref().expect("an anchor");
    texts.push(anchor.tree_size.to_string());
    let is_of_figure = |character: char| character.is_ascii_digit() || ",.:%".contains(character);
    let texts = texts.join("\n").replace("小时", ":");
    let runs = texts.split(|character| !is_of_figure(character));
    runs.map(|run| run.trim_matches([',', '.', ':']).to_owned()).filter(|run| !run.is_empty()).collect()
}

/// Puts another number in the place of every number of a notice, no two of them alike, and tells how each is printed.
fn tell_apart(place: &str, value: &mut Value, next: &mut u64, wanted: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(fields) if fields.contains_key("numerator") => {
            *next += 13;
            let (numerator, denominator) = (*next, 7 * *next + 90_000);
            let hundredths = (numerator * 20_000 + denominator) / (2 * denominator);
            *value = json!({ "denominator": denominator, "numerator": numerator, "percent_hundredths": hundredths });
            let percent = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
            wanted.push((place.to_owned(), vec![percent]));
        }
        Value::Object(fields) => {
            for (key, below) in fields {
                tell_apart(&format!("{place}.{key}"), below, next, wanted);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter_mut().enumerate() {
                tell_apart(&format!("{place}.{number}"), item, next, wanted);
            }
        }
        // A byte.
        Value::Number(_) if place.ends_with("members_per_working_day") => {
            *value = json!(113);
            wanted.push((place.to_owned(), vec!["113".to_owned()]));
        }
        Value::Number(_) => {
            *next += 13;
            let written = match place.ends_with("minutes") {
                true => {
                    let in_words = hours_in_words(*next).replace("小时", ":");
                    vec![in_words.trim_end_matches(['分', ':']).to_owned(), Cell::Minutes(*next).written()]
                }
                false => vec![Cell::Count(*next).written(), next.to_string()],
            };
            *value = json!(*next);
            wanted.push((place.to_owned(), written));
        }
        Value::String(text) if place.ends_with("points") && text.parse::<Points>().is_ok() => {
            *next += 13;
            let earned = Points::from_hundredths(i64::try_from(*next).expect("small"));
            *value = json!(earned.to_string());
            wanted.push((place.to_owned(), vec![points(earned), Cell::Points(earned).written()]));
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[test]
fn every_figure_of_the_json_is_in_the_document() {
    let mut value = serde_json::from_slice(&samples::street().canonical_json()).expect("JSON");
    let (mut next, mut wanted) = (1_000_000, Vec::new());
    tell_apart("", &mut value, &mut next, &mut wanted);
    let notice: Notice = serde_json::from_value(value).expect("a notice with other figures");
    let imprint = Imprint::default();
    let document = document(&notice, &imprint);
    let found = figures(&document);
    assert!(wanted.len() > 250, "{} figures", wanted.len());
    for (place, written) in wanted {
        assert!(written.iter().any(|written| found.contains(written)), "{place}: {written:?}");
    }
}

#[test]
fn every_line_has_its_name_number_branch_and_values() {
    let (notice, imprint) = (samples::street(), samples::imprint());
    let document = document(&notice, &imprint);
    let table = &annex(&document, "党员积分排名").table;
    assert_eq!(table.rows, notice.members.len());
    for (line, cells) in notice.members.iter().zip(rows(table)) {
        assert_eq!(cells.len(), table.columns.len());
        assert_eq!(cells[1], imprint.name_of(line.member).map_or(Cell::Empty, |name| Cell::Name(name.to_owned())));
        assert_eq!(cells[2], Cell::Text(line.number_tail.clone()));
        assert_eq!((&cells[4], &cells[5]), (&Cell::Points(line.points), &Cell::Minutes(line.voluntary_minutes.into())));
    }
}

#[test]
fn a_disclosure_says_until_when_and_how_to_object_and_has_no_number() {
    let (mut notice, mut imprint) = (samples::street(), samples::imprint());
    notice.number.clear();
    imprint.disclosed_until = Some(date(2026, 11, 10));
    let document = document(&notice, &imprint);
    let said: Vec<String> = document.body.iter().flat_map(texts).collect();
    for wanted in ["公示期自2026年11月3日起，至2026年11月10日止。", "没有账号的，由经办人代为提出", "特此公示。"]
    {
        assert!(said.iter().any(|text| text.contains(wanted)), "{wanted}");
    }
    assert_eq!(&*document.title, "关于2026年10月党员参与基层治理积分情况的公示");
    assert!(document.number.expect("why it has none").starts_with("公示稿"));
}

#[test]
fn an_office_words_title_addressees_closing_and_how_to_object() {
    let (notice, mut imprint) = (samples::street(), samples::imprint());
    let text = "notice_title = '{month}|积分|通告'\ndisclosure_title = '{month}|积分|公告'\naddressees = ''\n\
        notice_closing = '此告。'\ndisclosure_closing = ''\nhow_to_object = '向党建办提出。'";
    imprint.letterhead.wording = toml::from_str(text).expect("wording");
    let said = |imprint: &Imprint| document(&notice, imprint).body.iter().flat_map(texts).collect::<Vec<_>>();
    let titled = |imprint: &Imprint| document(&notice, imprint).title.to_string();
    assert_eq!((titled(&imprint).as_str(), document(&notice, &imprint).addressees), ("2026年10月积分通告", None));
    assert_eq!(said(&imprint).last().map(String::as_str), Some("此告。"));
    imprint.disclosed_until = Some(date(2026, 11, 10));
    assert_eq!(titled(&imprint), "2026年10月积分公告");
    let disclosed = said(&imprint);
    assert!(disclosed.iter().any(|text| text == "向党建办提出。"));
    assert!(
        !disclosed.iter().any(|text| text.contains("没有账号的") || text.contains("此告") || text.contains("特此"))
    );
}

#[test]
fn a_superseding_document_names_what_it_replaces_and_each_change_with_its_cause() {
    let (notice, imprint) = (samples::superseding_street(), samples::imprint());
    let document = document(&notice, &imprint);
    let said: String = document.body.iter().flat_map(texts).collect();
    let superseded = notice.supersedes.as_ref().expect("what it supersedes");
    assert!(said.contains(&superseded.number) && said.contains(&superseded.digest));
    let changes = notice.changes.as_ref().expect("changes");
    let items: Vec<Vec<Cell>> = rows(&annex(&document, "更正明细").table).collect();
    let expected = groups(changes, notice.month, |member| imprint.name_of(member));
    let reasons = |group: &ChangeGroup| usize::from(group.presence.is_some()) + group.causes.len();
    let wanted: usize = expected.iter().map(|group| group.items.len().max(reasons(group))).sum();
    assert_eq!(items.len(), wanted);
    for cause in changes.members.iter().flat_map(|change| &change.causes) {
        let named = |row: &Vec<Cell>| row[4].written().contains(&cause.event.to_string());
        assert!(items.iter().any(named), "{cause:?}");
    }
}

#[test]
fn the_anchor_has_all_that_is_needed_to_check() {
    let (notice, imprint) = (samples::street(), samples::imprint());
    let document = document(&notice, &imprint);
    let anchor = document.anchor.expect("an anchor");
    let head = &notice.checkpoint;
    assert_eq!((&anchor.origin, anchor.tree_size, &anchor.root_hash), (&head.origin, head.tree_size, &head.root_hash));
    assert!(anchor.lines[0].contains(&notice.digest()));
    assert!(anchor.lines.iter().any(|line| line.contains("市档案馆")), "who witnessed");
    assert_eq!(anchor.code, head.text().trim_end());
}

#[test]
fn a_workbook_holds_however_many_reasons_and_moved_ranks() {
    let (mut notice, imprint) = (samples::superseding_street(), samples::imprint());
    let changes = notice.changes.as_mut().expect("changes");
    let cause = changes.members[0].causes[0].clone();
    changes.causes = (0..400).map(|place| ChangeCause { log_index: 40_000 + place, ..cause.clone() }).collect();
    changes.rank_shifts =
        (0..1_500).map(|run| RankShift { by: 1, first: 10 * run + 1, last: 10 * run + 9, members: 9 }).collect();
    let document = document(&notice, &imprint);
    let workbook = xlsx(&document, None).expect("no cell is too long");
    let parts = String::from_utf8_lossy(&unpacked(&workbook).expect("a workbook")).into_owned();
    for place in 40_000..40_400 {
        assert!(parts.contains(&format!("第 {place} 条")), "{place}");
    }
    for run in 0..1_500 {
        assert!(parts.contains(&format!("原第{}名至第{}名", 10 * run + 1, 10 * run + 9)), "{run}");
    }
}
