//! Changes as people read them: whom or what each is about, item by item before and after, and the entries behind it. What every format prints.

use super::{ChangeCause, Changes, FigureValue, MemberChange, OrganizationChange, wording};
use crate::document::Cell;
use crate::notice::figures::{MemberLine, Rates, SubOrganization};
use crate::notice::format::{NO_FIGURE, WITHHELD, count};
use crate::notice::wording::{LEFT, Words, figures};
use mingzhang_events::{EventId, MemberId, Month};

/// What a group of changes is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The figures of the whole organisation.
    Whole,
    /// An organisation directly below.
    Organization {
        /// Its name.
        name: String,
    },
    /// A member, as their line shows them.
    Member {
        /// As it may be shown; none where only the number is.
        name: Option<String>,
        /// 编号尾号.
        number_tail: String,
        /// 所在支部.
        branch: String,
    },
}

/// An item before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedItem {
    /// What it is called.
    pub item: Words,
    /// In the earlier notice: a text, or a value in words.
    pub before: Cell,
    /// In the later one.
    pub after: Cell,
}

impl ChangedItem {
    /// Values that round alike, such as two rates, are told apart by their words.
    fn of(item: Words, before: Cell, after: Cell) -> ChangedItem {
        match (before, after) {
            (Cell::Worded { words, value }, Cell::Worded { words: later, value: same }) if value == same => {
                ChangedItem { item, before: Cell::Text(words), after: Cell::Text(later) }
            }
            (before, after) => ChangedItem { item, before, after },
        }
    }
}

/// An entry behind a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseInWords {
    /// What was done and why.
    pub text: String,
    /// Its place in the log.
    pub log_index: u64,
    /// The event, and the objection and the decision that it follows from.
    pub ids: Vec<(&'static str, EventId)>,
}

/// Changes of one member, of one organisation, or of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeGroup {
    /// Whose.
    pub about: About,
    /// That it is new, or is no more.
    pub presence: Option<&'static str>,
    /// What changed.
    pub items: Vec<ChangedItem>,
    /// Why.
    pub causes: Vec<CauseInWords>,
}

/// The changes of a month: of the whole first, then organisations, then members.
pub fn groups<'a>(changes: &Changes, month: Month, name_of: impl Fn(MemberId) -> Option<&'a str>) -> Vec<ChangeGroup> {
    let cell = |value: &Option<FigureValue>| value.as_ref().map_or_else(no_figure, FigureValue::cell);
    let items: Vec<ChangedItem> = (changes.figures.iter())
        .map(|change| ChangedItem::of(change.name.clone(), cell(&change.before), cell(&change.after)))
        .collect();
    let causes: Vec<CauseInWords> = changes.causes.iter().map(|cause| cause_of(cause, month)).collect();
    // Where no figure changed, they are behind the rows of the organisations.
    let behind_rows = if items.is_empty() { causes.clone() } else { Vec::new() };
    let whole = ChangeGroup { about: About::Whole, presence: None, items, causes };
    let organizations = changes.organizations.iter().map(|change| organization(change, behind_rows.clone()));
    let members = changes.members.iter().map(|change| member(change, month, name_of(change.member())));
    let all = std::iter::once(whole).chain(organizations).chain(members);
    all.filter(|group| !group.items.is_empty() || group.presence.is_some()).collect()
}

fn cause_of(cause: &ChangeCause, month: Month) -> CauseInWords {
    CauseInWords {
        text: wording::cause_in_words(cause, month),
        log_index: cause.log_index,
        ids: wording::ids_of(cause),
    }
}

fn presence(came: bool, went: bool) -> Option<&'static str> {
    match (came, went) {
        (true, _) => Some(wording::CAME),
        (_, true) => Some(wording::WENT),
        (false, false) => None,
    }
}

fn no_figure() -> Cell {
    Cell::Text(NO_FIGURE.to_owned())
}

/// A value among texts, in the words of a table.
fn figure(value: Cell) -> Cell {
    Cell::Worded { words: value.written(), value: Box::new(value) }
}

fn rank(rank: usize) -> Cell {
    Cell::Worded { words: rank.to_string(), value: Box::new(Cell::Count(rank as u64)) }
}

/// Of two lists of the same items, those that differ. Where a line came or went, all of them.
fn differing(before: Option<Vec<Cell>>, after: Option<Vec<Cell>>, items: &[Words]) -> Vec<ChangedItem> {
    let absent = || vec![no_figure(); items.len()];
    let (before, after) = (before.unwrap_or_else(absent), after.unwrap_or_else(absent));
    let rows = items.iter().zip(before.into_iter().zip(after)).filter(|(_, (before, after))| before != after);
    rows.map(|(item, (before, after))| ChangedItem::of(item.clone(), before, after)).collect()
}

fn organization(change: &OrganizationChange, causes: Vec<CauseInWords>) -> ChangeGroup {
    let cells = |row: &SubOrganization| {
        let Rates {
            enrollment,
            pairing_participation,
            pairing_sign_up,
            participation,
            patrol_participation,
            patrol_sign_up,
        } = row.rates;
        vec![
            row.rank.map_or_else(no_figure, rank),
            Cell::Text(row.name.clone()),
            figure(Cell::Count(row.due.into())),
            FigureValue::Rate(enrollment).cell(),
            FigureValue::Rate(pairing_sign_up).cell(),
            FigureValue::Rate(patrol_sign_up).cell(),
            FigureValue::Rate(participation).cell(),
            FigureValue::Rate(pairing_participation).cell(),
            FigureValue::Rate(patrol_participation).cell(),
            figure(Cell::Points(row.totals.points)),
            row.totals.average_points.map_or(Cell::Text(WITHHELD.to_owned()), |points| figure(Cell::Points(points))),
            figure(Cell::Minutes(row.totals.voluntary_minutes)),
        ]
    };
    let items = [
        figures::RANK,
        figures::ORGANIZATION,
        figures::DUE,
        figures::ENROLLMENT,
        figures::PAIRING_SIGN_UP,
        figures::PATROL_SIGN_UP,
        figures::PARTICIPATION,
        figures::PAIRING_PARTICIPATION,
        figures::PATROL_PARTICIPATION,
        figures::POINTS,
        figures::AVERAGE_POINTS,
        figures::VOLUNTARY_TIME,
    ];
    ChangeGroup {
        about: About::Organization { name: change.row().name.clone() },
        presence: presence(change.before.is_none(), change.after.is_none()),
        items: differing(change.before.as_ref().map(cells), change.after.as_ref().map(cells), &items),
        causes,
    }
}

fn member(change: &MemberChange, month: Month, name: Option<&str>) -> ChangeGroup {
    let branch = |line: &MemberLine| line.branch.clone().unwrap_or_else(|| LEFT.to_owned());
    let cells = |line: &MemberLine| {
        vec![
            figure(Cell::Points(line.points)),
            rank(line.rank),
            figure(Cell::Minutes(line.voluntary_minutes.into())),
            Cell::Text(branch(line)),
        ]
    };
    let items = [figures::MEMBER_POINTS, figures::RANK, figures::VOLUNTARY_TIME, figures::BRANCH];
    let line = change.line();
    ChangeGroup {
        about: About::Member {
            name: name.map(str::to_owned),
            number_tail: line.number_tail.clone(),
            branch: branch(line),
        },
        presence: presence(change.before.is_none(), change.after.is_none()),
        items: differing(change.before.as_ref().map(cells), change.after.as_ref().map(cells), &items),
        causes: change.causes.iter().map(|cause| cause_of(cause, month)).collect(),
    }
}

/// How those moved whose points stayed, in one sentence; none if nobody did.
pub fn shifts_in_words(changes: &Changes) -> Option<String> {
    let (moved, runs) = (changes.members_shifted(), &changes.rank_shifts);
    let runs: Vec<String> = runs.iter().map(wording::shift_in_words).collect();
    (moved > 0)
        .then(|| format!("另有{}名党员积分和时长未变，仅名次随之变动：{}。", count(moved as u64), runs.join("；")))
}
