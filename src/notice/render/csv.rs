//! The members' table for spreadsheets, and what differs between two notices.
//!
//! Invariant: every row is as wide as the header, and every member has one.

use crate::document::csv_in_memory;
use crate::notice::changes::{About, CauseInWords, ChangeGroup, ChangedItem, Changes, MemberChange, groups, wording};
use crate::notice::wording::{LEFT, figures};
use crate::notice::{Imprint, MemberLine, Notice, prose};
use mingzhang_events::{MemberId, Month};
use std::collections::BTreeMap;

/// Cells that a superseding notice has beside those of a line: as it was, and why it changed.
const BEFORE: [&str; 4] = ["更正前名次", "更正前积分", "更正前志愿服务时长（分钟）", "更正依据"];

/// One row for each member: rank, name, number, branch, points, voluntary minutes. Below them, as many cells wide, the checkpoint and the digest. In a
/// superseding notice each row goes on with what stood there before and why it changed; below are what it takes the place of, and what else changed.
pub fn csv(notice: &Notice, imprint: &Imprint) -> Vec<u8> {
    let mut table = Table::new(if notice.changes.is_some() { 10 } else { 6 });
    let header = [
        &*figures::RANK.chinese,
        &*figures::MEMBER.chinese,
        "编号尾号",
        &*figures::BRANCH.chinese,
        &*figures::MEMBER_POINTS.chinese,
        "志愿服务时长（分钟）",
    ];
    table.row(header.iter().chain(&BEFORE).map(|cell| (*cell).to_owned()));
    let changed: BTreeMap<MemberId, &MemberChange> =
        notice.changes.iter().flat_map(|of| &of.members).map(|change| (change.member(), change)).collect();
    for line in &notice.members {
        let change = changed.get(&line.member);
        let before = change.map_or_else(Vec::new, |change| before(change, notice));
        table.row(cells(line, true, imprint).into_iter().chain(before));
    }
    let went = notice.changes.iter().flat_map(|of| &of.members).filter(|change| change.after.is_none());
    for change in went {
        table.row(cells(change.line(), false, imprint).into_iter().chain(before(change, notice)));
    }
    let beside = |name: &str, value: &str| ["", name, "", value].map(str::to_owned);
    for (name, value) in prose::checkpoint_lines(notice) {
        table.row(beside(&name.chinese, &value));
    }
    if let (Some(superseded), Some(changes)) = (&notice.supersedes, &notice.changes) {
        let size = superseded.tree_size.to_string();
        table.row(beside("取代通报", &superseded.number));
        table.row(beside("取代通报的条目数", &size));
        table.row(beside("取代通报的摘要", &superseded.digest));
        for group in groups(changes, notice.month, |member| imprint.name_of(member)) {
            let about = match group.about {
                About::Whole => String::new(),
                About::Organization { name } => name,
                About::Member { .. } => continue,
            };
            for ChangedItem { item, before, after } in group.items {
                let (before, after) = (before.written(), after.written());
                let cells =
                    [String::new(), item.chinese.into_owned(), String::new(), about.clone(), after, String::new()];
                table.row(cells.into_iter().chain([String::new(), before]));
            }
        }
    }
    table.bytes()
}

/// What differs between two notices: a row for each item of each change.
pub fn changes_csv(changes: &Changes, month: Month, imprint: &Imprint) -> Vec<u8> {
    let mut table = Table::new(8);
    let header = ["类别", "名称", "编号尾号", "所在支部", "项目", "之前", "之后", "依据"];
    table.row(header.map(str::to_owned));
    for group in groups(changes, month, |member| imprint.name_of(member)) {
        let causes = causes(&group);
        let about = match group.about {
            About::Whole => ["总体".to_owned(), String::new(), String::new(), String::new()],
            About::Organization { name } => ["组织".to_owned(), name, String::new(), String::new()],
            About::Member { name, number_tail, branch } => {
                ["党员".to_owned(), name.unwrap_or_default(), format!("尾号{number_tail}"), branch]
            }
        };
        for ChangedItem { item, before, after } in group.items {
            let (before, after) = (before.written(), after.written());
            table.row(about.clone().into_iter().chain([item.chinese.into_owned(), before, after, causes.clone()]));
        }
    }
    for shift in &changes.rank_shifts {
        let ranks = |first: i64, last: i64| if first == last { first.to_string() } else { format!("{first}—{last}") };
        let rank = |rank: usize| i64::try_from(rank).expect("a count of members");
        let (first, last) = (rank(shift.first), rank(shift.last));
        let cells = [
            "名次".to_owned(),
            format!("{}人，积分和时长未变", shift.members),
            String::new(),
            String::new(),
            figures::RANK.chinese.to_string(),
            ranks(first, last),
            ranks(first + shift.by, last + shift.by),
        ];
        table.row(cells);
    }
    table.bytes()
}

/// A line's own cells; those of one that went have no figures.
fn cells(line: &MemberLine, stands: bool, imprint: &Imprint) -> [String; 6] {
    let now = |text: String| if stands { text } else { String::new() };
    [
        now(line.rank.to_string()),
        imprint.name_of(line.member).unwrap_or("").to_owned(),
        // A spreadsheet would take a number such as 00e4 for 0·10⁴.
        format!("尾号{}", line.number_tail),
        line.branch.clone().unwrap_or_else(|| LEFT.to_owned()),
        now(line.points.to_string()),
        now(line.voluntary_minutes.to_string()),
    ]
}

fn before(change: &MemberChange, notice: &Notice) -> Vec<String> {
    let was = |cell: fn(&MemberLine) -> String| change.before.as_ref().map_or_else(String::new, cell);
    let causes: Vec<String> = (change.causes.iter())
        .map(|cause| format!("{} {}", wording::cause_in_words(cause, notice.month), cause.event))
        .collect();
    vec![
        was(|line| line.rank.to_string()),
        was(|line| line.points.to_string()),
        was(|line| line.voluntary_minutes.to_string()),
        causes.join("；"),
    ]
}

fn causes(group: &ChangeGroup) -> String {
    let cause = |cause: &CauseInWords| {
        let ids: Vec<String> = cause.ids.iter().map(|(what, id)| format!("{what} {id}")).collect();
        format!("{} {}", cause.text, ids.join(" "))
    };
    group.causes.iter().map(cause).collect::<Vec<_>>().join("；")
}

/// Rows of as many cells.
struct Table {
    rows: Vec<Vec<String>>,
    width: usize,
}

impl Table {
    fn new(width: usize) -> Table {
        Table { rows: Vec::new(), width }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<String> = cells.into_iter().take(self.width).collect();
        cells.resize(self.width, String::new());
        self.rows.push(cells);
    }

    fn bytes(self) -> Vec<u8> {
        csv_in_memory(|rows| self.rows.iter().try_for_each(|row| rows.values(row)))
    }
}

#[cfg(test)]
mod tests {
    use super::{changes_csv, csv};
    use crate::notice::changes::Changes;
    use crate::notice::samples;
    use mingzhang_events::Points;

    #[test]
    fn a_name_that_begins_like_a_formula_is_text() {
        let mut imprint = samples::imprint();
        let notice = samples::street();
        imprint.names.insert(notice.members[1].member, "=HYPERLINK(\"x\")".to_owned());
        let text = String::from_utf8(csv(&notice, &imprint)).expect("utf-8");
        assert!(text.contains("\"'=HYPERLINK"), "{text}");
    }

    #[test]
    fn the_checkpoint_stands_below_the_members() {
        let notice = samples::street();
        let text = String::from_utf8(csv(&notice, &samples::imprint())).expect("utf-8");
        let below: Vec<&str> = text.lines().skip(1 + notice.members.len()).collect();
        let head = &notice.checkpoint;
        let expected = [head.origin.clone(), head.tree_size.to_string(), head.root_hash.clone(), notice.digest()];
        assert!(below.iter().zip(&expected).all(|(line, value)| line.contains(value.as_str())), "{below:?}");
    }

    #[test]
    fn a_superseding_notice_has_each_changed_line_as_it_was_and_why() {
        let notice = samples::superseding_street();
        let text = String::from_utf8(csv(&notice, &samples::imprint())).expect("utf-8");
        // A reader that isn't told otherwise refuses rows of unequal widths.
        let rows = ::csv::Reader::from_reader(text.as_bytes()).into_records();
        assert!(rows.map(|row| row.expect("as wide as the header").len()).all(|width| width == 10), "{text}");
        let fallen = notice.changes.as_ref().expect("changes").members[0].before.as_ref().expect("it was there");
        let row = text.lines().find(|line| line.contains("异议成立：时间不符")).expect("the line that fell");
        assert!(row.contains(&fallen.points.to_string()) && row.contains("59.55"), "{row}");
        assert!(text.contains("取代通报,,〔2026〕10号"), "{text}");
    }

    #[test]
    fn points_below_zero_stay_a_number() {
        let mut notice = samples::superseding_street();
        let below = Points::from_hundredths(-500);
        notice.members[0].points = below;
        let changes = notice.changes.as_mut().expect("changes");
        changes.members[0].before.as_mut().expect("it was there").points = below;
        let text = String::from_utf8(csv(&notice, &samples::imprint())).expect("utf-8");
        assert_eq!(text.matches(",-5.00,").count(), 2, "as it is and as it was: {text}");
        let changes = notice.changes.as_ref().expect("changes");
        let text = String::from_utf8(changes_csv(changes, notice.month, &samples::imprint())).expect("utf-8");
        assert!(text.contains(",−5.00,") && !text.contains('\''), "there figures are as they are printed: {text}");
    }

    #[test]
    fn a_rank_that_moved_is_told_as_it_was_and_as_it_is() {
        let mut after = samples::street();
        let before = after.clone();
        let last = after.members.pop().expect("a member");
        after.members.iter_mut().for_each(|line| line.rank += 1);
        after.members.insert(0, crate::notice::MemberLine { points: Points::from_hundredths(9_900), rank: 1, ..last });
        let changes = Changes::between(&before, &after, &[]);
        let shift = changes.rank_shifts[0];
        let text = String::from_utf8(changes_csv(&changes, after.month, &samples::imprint())).expect("utf-8");
        let row = text.lines().find(|line| line.starts_with("名次,")).expect("the run");
        let (was, is) = (format!("1—{}", shift.last), format!("2—{}", shift.last + 1));
        assert!(row.ends_with(&format!(",名次,{was},{is},")), "{row}");
    }

    #[test]
    fn excel_sees_utf_8_and_every_member_has_a_row() {
        let notice = samples::street();
        let bytes = csv(&notice, &samples::imprint());
        assert!(bytes.starts_with(b"\xef\xbb\xbf"));
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(rows, 1 + notice.members.len() + 4, "a header, the members, the four lines of the checkpoint");
    }
}
