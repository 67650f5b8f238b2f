//! The notice for a terminal: aligned by display width, because a Chinese character is two columns wide.

use crate::document::Qr;
use crate::notice::changes::wording as wording_of_changes;
use crate::notice::changes::{About, ChangedItem, Changes, groups, shifts_in_words};
use crate::notice::format::{NO_FIGURE, WITHHELD, count, hours_and_minutes, percent, points_in_column};
use crate::notice::wording::{self, Words, figures, headings};
use crate::notice::{Imprint, Notice, prose};
use mingzhang_events::Month;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest line of prose, in columns.
const WIDTH: usize = 78;

/// The whole notice as plain text.
pub fn text(notice: &Notice, imprint: &Imprint) -> String {
    let mut page = Page::default();
    let without_number = imprint.without_number();
    let number = if notice.number.is_empty() { &*without_number.chinese } else { &*notice.number };
    let issuing_body = imprint.letterhead.issuing_body.as_deref().unwrap_or(&notice.name);
    if let Some(parts) = imprint.red_header(issuing_body) {
        page.centred(&parts.join("　"));
    }
    page.centred(number);
    page.line(&"━".repeat(WIDTH));
    if imprint.demonstration {
        page.centred(&wording::DEMONSTRATION.chinese);
    }
    page.centred(&imprint.title(notice.month));
    page.line("");
    if let Some(until) = imprint.disclosed_until {
        page.line(&wording::OBJECTING.chinese);
        page.paragraph(&wording::disclosure_period(imprint.issued_on, until));
        page.paragraph(imprint.letterhead.how_to_object());
        imprint.letterhead.contact.iter().for_each(|contact| page.paragraph(&format!("{}{contact}", wording::CONTACT)));
        page.line("");
    }

    if let (Some(superseded), Some(changes)) = (&notice.supersedes, &notice.changes) {
        page.line(&wording_of_changes::HEADING.chinese);
        page.paragraph(&format!("{}{}。", wording_of_changes::supersedes(superseded).chinese, superseded.digest));
        say_changes(&mut page, changes, notice.month, imprint);
    }
    page.heading("一", &headings::OVERVIEW);
    prose::overview(notice).iter().for_each(|paragraph| page.paragraph(paragraph));
    page.heading("二", &headings::ORGANIZATIONS);
    if notice.sub_organizations.is_empty() {
        page.paragraph(prose::NO_SUB_ORGANIZATIONS);
    } else {
        page.table(&organization_rows(notice), 1..2);
    }
    page.heading("三", &headings::SERVICE);
    for (name, sentence) in prose::service(notice) {
        page.paragraph(&format!("{}：{sentence}", name.chinese));
    }
    page.heading("四", &headings::EVIDENCE);
    page.paragraph(&prose::records(notice));
    page.table(&evidence_rows(notice), 0..1);
    page.heading("五", &headings::DEFINITIONS);
    page.paragraph(&prose::rules(notice));
    for (place, definition) in (1..).zip(prose::definitions(notice, imprint)) {
        page.paragraph(&format!("{place}. {}", definition.chinese));
    }
    page.heading("六", &headings::CHECKING);
    page.paragraph(&prose::checkpoint(notice));
    page.paragraph(&wording::witnessing(&imprint.witnessing, notice.checkpoint.tree_size).chinese);
    for (name, value) in prose::checkpoint_lines(notice) {
        page.line(&format!("　　{}　{value}", pad(&name.chinese, 8, Side::Left)));
    }
    page.line("");
    page.paragraph(&wording::QR_CODE.chinese);
    Qr::of(notice.checkpoint.text().trim_end()).lines().iter().for_each(|line| page.line(line));
    page.line("");
    page.line(&pad(issuing_body, WIDTH - 4, Side::Right));
    if let Some(date) = imprint.issued_on {
        page.line(&pad(&wording::date_in_words(date), WIDTH - 4, Side::Right));
    }
    page.line("");
    page.line(&headings::MEMBERS.chinese);
    page.table(&member_rows(notice, imprint), 1..3);
    page.text
}

/// What differs between two notices, in words. `between` says which.
pub fn changes_text(between: &str, changes: &Changes, month: Month, imprint: &Imprint) -> String {
    let mut page = Page::default();
    page.paragraph(between);
    say_changes(&mut page, changes, month, imprint);
    page.text
}

fn say_changes(page: &mut Page, changes: &Changes, month: Month, imprint: &Imprint) {
    if changes.is_nothing() {
        page.paragraph(&wording_of_changes::NOTHING.chinese);
        return;
    }
    for group in groups(changes, month, |member| imprint.name_of(member)) {
        let presence = group.presence.map_or_else(String::new, |presence| format!("　{presence}"));
        page.line(&format!("　{}{presence}", about(&group.about)));
        let width = group.items.iter().map(|item| item.item.chinese.width()).max().unwrap_or(0);
        for ChangedItem { item, before, after } in &group.items {
            let item = pad(&item.chinese, width, Side::Left);
            page.line(&format!("　　{item}　{} → {}", before.written(), after.written()));
        }
        for cause in &group.causes {
            page.line(&format!(
                "　　{}：{}，第 {} 条",
                wording_of_changes::CAUSES.chinese,
                cause.text,
                cause.log_index
            ));
            for (what, id) in &cause.ids {
                page.line(&format!("　　　　{what} {id}"));
            }
        }
    }
    page.line("");
    if let Some(sentence) = shifts_in_words(changes) {
        page.paragraph(&sentence);
    }
    page.paragraph(&wording_of_changes::REASONS_NOTE.chinese);
}

fn about(about: &About) -> String {
    match about {
        About::Whole => wording_of_changes::WHOLE.chinese.to_string(),
        About::Organization { name } => name.clone(),
        About::Member { name, number_tail, branch } => {
            format!("{}尾号{number_tail}　{branch}", name.as_ref().map_or_else(String::new, |name| format!("{name} ")))
        }
    }
}

fn organization_rows(notice: &Notice) -> Vec<Vec<String>> {
    let header = [
        &figures::RANK,
        &figures::ORGANIZATION,
        &figures::DUE,
        &figures::ENROLLMENT,
        &figures::PAIRING_SIGN_UP,
        &figures::PATROL_SIGN_UP,
        &figures::POINTS,
        &figures::AVERAGE_POINTS,
    ];
    let mut rows = vec![header.map(|words| words.chinese.to_string()).to_vec()];
    rows.extend(notice.sub_organizations.iter().map(|organization| {
        vec![
            organization.rank.map_or(NO_FIGURE.to_owned(), |rank| rank.to_string()),
            organization.name.clone(),
            count(u64::from(organization.due)),
            percent(organization.rates.enrollment),
            percent(organization.rates.pairing_sign_up),
            percent(organization.rates.patrol_sign_up),
            points_in_column(organization.totals.points),
            organization.totals.average_points.map_or(WITHHELD.to_owned(), points_in_column),
        ]
    }));
    rows
}

fn evidence_rows(notice: &Notice) -> Vec<Vec<String>> {
    let mut rows = vec![vec![figures::EVIDENCE.chinese.to_string(), figures::RECORDS.chinese.to_string()]];
    rows.extend(
        (notice.evidence.iter())
            .map(|line| vec![wording::evidence(line.evidence).chinese.to_string(), count(u64::from(line.records))]),
    );
    rows
}

fn member_rows(notice: &Notice, imprint: &Imprint) -> Vec<Vec<String>> {
    let header =
        [&figures::RANK, &figures::MEMBER, &figures::BRANCH, &figures::MEMBER_POINTS, &figures::VOLUNTARY_TIME];
    let mut rows = vec![header.map(|words| words.chinese.to_string()).to_vec()];
    rows.extend(notice.members.iter().map(|line| {
        let name = imprint.name_of(line.member).unwrap_or("");
        vec![
            line.rank.to_string(),
            format!("{} {}", pad(name, 6, Side::Left), line.number_tail),
            line.branch.clone().unwrap_or_else(|| wording::LEFT.to_owned()),
            points_in_column(line.points),
            hours_and_minutes(u64::from(line.voluntary_minutes)),
        ]
    }));
    rows
}

/// On which side of its column a cell has its blanks.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

fn pad(cell: &str, width: usize, text_on: Side) -> String {
    let blanks = " ".repeat(width.saturating_sub(cell.width()));
    match text_on {
        Side::Left => format!("{cell}{blanks}"),
        Side::Right => format!("{blanks}{cell}"),
    }
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end_matches(' '));
        self.text.push('\n');
    }

    fn centred(&mut self, text: &str) {
        self.line(&format!("{}{text}", " ".repeat(WIDTH.saturating_sub(text.width()) / 2)));
    }

    fn heading(&mut self, number: &str, heading: &Words) {
        self.line(&format!("{number}、{}", heading.chinese));
    }

    /// Breaks between any two characters, as Chinese does, but keeps numbers whole and closing marks off the beginning of a line.
    fn paragraph(&mut self, text: &str) {
        let (mut line, mut width) = ("　　".to_owned(), 4);
        let together = |before: char, after: char| before.is_ascii_graphic() && after.is_ascii_graphic();
        for piece in text.chars().collect::<Vec<_>>().chunk_by(|before, after| together(*before, *after)) {
            let columns: usize = piece.iter().filter_map(|character| character.width()).sum();
            if width + columns > WIDTH && !"，。；：、）》”".contains(piece[0]) {
                self.line(&line);
                line.clear();
                width = 0;
            }
            line.extend(piece);
            width += columns;
        }
        self.line(&line);
        self.line("");
    }

    /// The first row is the header; the columns of `texts` are text, the others figures.
    fn table(&mut self, rows: &[Vec<String>], texts: std::ops::Range<usize>) {
        let columns = rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> =
            (0..columns).map(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or(0)).collect();
        for (place, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                pad(cell, *width, if texts.contains(&column) { Side::Left } else { Side::Right })
            });
            self.line(&cells.collect::<Vec<_>>().join("  "));
            if place == 0 {
                self.line(&"─".repeat(widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1)));
            }
        }
        self.line("");
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::notice::samples;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn no_line_breaks_inside_a_number() {
        let mut page = super::Page::default();
        for lead in 0..super::WIDTH {
            page.paragraph(&format!("{}报到率96.42%，1,234.50分", "率".repeat(lead)));
        }
        assert_eq!(page.text.matches("96.42%").count(), super::WIDTH);
        assert_eq!(page.text.matches("1,234.50").count(), super::WIDTH);
    }

    #[test]
    fn every_row_of_the_members_table_ends_in_the_same_column() {
        let notice = samples::street();
        let text = text(&notice, &samples::imprint());
        let annex = text.split("附件").nth(1).expect("the annex");
        let widths: Vec<usize> =
            annex.lines().skip(1).filter(|line| !line.is_empty()).map(|line| line.width()).collect();
        assert_eq!(widths.len(), notice.members.len() + 2);
        assert!(widths.iter().all(|width| *width == widths[0]), "{annex}");
    }

    #[test]
    fn a_superseding_notice_says_for_whom_and_why() {
        let text = text(&samples::superseding_street(), &samples::imprint());
        for said in [
            "本通报取代〔2026〕10号通报",
            "更正（异议成立：时间不符），第 28425 条",
            "补登（异议成立：漏记）",
            "新列入",
            "仅名次随之变动",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
    }

    /// Somebody exempt may visit: nobody of those due is paired, and there is a visit.
    #[test]
    fn of_whom_the_paired_are_counted_is_said() {
        let text = text(&samples::street(), &samples::imprint());
        assert!(text.contains("应参加的党员中"), "{text}");
    }

    #[test]
    fn a_branch_of_three_shows_no_rate() {
        let text = text(&samples::small_branch(), &samples::imprint());
        assert!(text.contains("报到率不公布"), "{text}");
    }
}
