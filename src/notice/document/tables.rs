//! The tables of a notice as values: what is counted stays a number.

use crate::document::{Annex, Cell, Column, Table};
use crate::notice::figures::{Rate, Rates, Totals};
use crate::notice::format::{NO_FIGURE, WITHHELD};
use crate::notice::wording::{self, Words, figures, headings, month_in_words};
use crate::notice::{Imprint, Notice};
use mingzhang_events::Points;

fn column(heading: &str, width: u16) -> Column {
    Column { heading: heading.to_owned(), width }
}

fn counted(number: u32) -> Cell {
    Cell::Count(number.into())
}

fn percent(rate: Rate) -> Cell {
    match (rate, rate.percent_hundredths()) {
        (_, Some(hundredths)) => Cell::Percent(hundredths),
        (Rate::Withheld, None) => Cell::Withheld(WITHHELD),
        (Rate::Of { .. } | Rate::Nobody, None) => Cell::Withheld(NO_FIGURE),
    }
}

fn average(points: Option<Points>) -> Cell {
    points.map_or(Cell::Withheld(WITHHELD), Cell::Points)
}

/// Numerator, denominator and rate.
fn of(rate: Rate) -> [Cell; 3] {
    match rate {
        Rate::Of { numerator, denominator } => [counted(numerator), counted(denominator), percent(rate)],
        Rate::Nobody | Rate::Withheld => [percent(rate), percent(rate), percent(rate)],
    }
}

/// A table whose rows are few.
fn table<'a>(description: String, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table<'a> {
    Table { description, columns, rows: rows.len(), row: Box::new(move |place| rows[place].clone()) }
}

/// A figure by its name, and where it is read.
type Named<Figures, Figure> = (Words, fn(&Figures) -> Figure);

/// The six rates, each with what it was counted from, beside those of the month before.
pub(super) fn rates(notice: &Notice) -> Table<'static> {
    let by_name: [Named<Rates, Rate>; 6] = [
        (figures::ENROLLMENT, |rates| rates.enrollment),
        (figures::PAIRING_SIGN_UP, |rates| rates.pairing_sign_up),
        (figures::PATROL_SIGN_UP, |rates| rates.patrol_sign_up),
        (figures::PARTICIPATION, |rates| rates.participation),
        (figures::PAIRING_PARTICIPATION, |rates| rates.pairing_participation),
        (figures::PATROL_PARTICIPATION, |rates| rates.patrol_participation),
    ];
    let previous = notice.previous.as_ref();
    let mut columns = vec![column("指标", 6), column("人数", 4), column(&figures::DUE.chinese, 4), column("比率", 4)];
    if previous.is_some() {
        columns.extend([column("上月人数", 5), column("上月应报到", 6), column("上月比率", 5)]);
    }
    let row = |(name, rate): &Named<Rates, Rate>| {
        let earlier = previous.map(|previous| of(rate(&previous.rates)));
        let name = Cell::Text(name.chinese.to_string());
        std::iter::once(name).chain(of(rate(&notice.rates))).chain(earlier.into_iter().flatten()).collect()
    };
    let description = format!("{}{}各项比率", notice.name, month_in_words(notice.month));
    table(description, columns, by_name.iter().map(row).collect())
}

/// The three sums, beside those of the month before.
pub(super) fn sums(notice: &Notice) -> Table<'static> {
    let previous = notice.previous.as_ref();
    let by_name: [Named<Totals, Cell>; 3] = [
        (figures::POINTS, |totals| Cell::Points(totals.points)),
        (figures::AVERAGE_POINTS, |totals| average(totals.average_points)),
        (figures::VOLUNTARY_TIME, |totals| Cell::Minutes(totals.voluntary_minutes)),
    ];
    let mut columns = vec![column("合计", 10), column(&month_in_words(notice.month), 9)];
    columns.extend(previous.map(|previous| column(&month_in_words(previous.month), 9)));
    let row = |(name, of): &Named<Totals, Cell>| {
        let earlier = previous.map(|previous| of(&previous.totals));
        [Cell::Text(name.chinese.to_string()), of(&notice.totals)].into_iter().chain(earlier).collect()
    };
    let description = format!("{}{}积分和志愿服务时长", notice.name, month_in_words(notice.month));
    table(description, columns, by_name.iter().map(row).collect())
}

fn names(notice: &Notice) -> impl Iterator<Item = &str> {
    notice.sub_organizations.iter().map(|of| of.name.as_str())
}

/// The organisations directly below: who was due, signed up and took part.
pub(super) fn organizations(notice: &Notice) -> Table<'_> {
    let columns = vec![
        column(&figures::RANK.chinese, 3),
        Column::fitting(&figures::ORGANIZATION.chinese, (6, 10), names(notice)),
        column(&figures::DUE.chinese, 4),
        column(&figures::ENROLLMENT.chinese, 4),
        column(&figures::PAIRING_SIGN_UP.chinese, 4),
        column(&figures::PATROL_SIGN_UP.chinese, 4),
        column(&figures::POINTS.chinese, 6),
        column(&figures::AVERAGE_POINTS.chinese, 4),
    ];
    let row = move |place: usize| {
        let of = &notice.sub_organizations[place];
        vec![
            of.rank.map_or(Cell::Withheld(NO_FIGURE), |rank| Cell::Count(rank as u64)),
            Cell::Text(of.name.clone()),
            counted(of.due),
            percent(of.rates.enrollment),
            percent(of.rates.pairing_sign_up),
            percent(of.rates.patrol_sign_up),
            Cell::Points(of.totals.points),
            average(of.totals.average_points),
        ]
    };
    let description = "各组织报到、报名和积分，按人均积分排列".to_owned();
    Table { description, columns, rows: notice.sub_organizations.len(), row: Box::new(row) }
}

/// The organisations directly below: who took part, and for how long.
pub(super) fn participation(notice: &Notice) -> Table<'_> {
    let columns = vec![
        Column::fitting(&figures::ORGANIZATION.chinese, (6, 12), names(notice)),
        column(&figures::PARTICIPATION.chinese, 5),
        column(&figures::PAIRING_PARTICIPATION.chinese, 5),
        column(&figures::PATROL_PARTICIPATION.chinese, 5),
        column(&figures::VOLUNTARY_TIME.chinese, 6),
    ];
    let row = move |place: usize| {
        let of = &notice.sub_organizations[place];
        vec![
            Cell::Text(of.name.clone()),
            percent(of.rates.participation),
            percent(of.rates.pairing_participation),
            percent(of.rates.patrol_participation),
            Cell::Minutes(of.totals.voluntary_minutes),
        ]
    };
    let description = "各组织参与情况和志愿服务时长".to_owned();
    Table { description, columns, rows: notice.sub_organizations.len(), row: Box::new(row) }
}

/// How records were evidenced.
pub(super) fn evidence(notice: &Notice) -> Table<'_> {
    let columns = vec![
        column(&figures::EVIDENCE.chinese, 12),
        column(&figures::RECORDS.chinese, 8),
        column(&figures::SHARE.chinese, 8),
    ];
    let denominator: u32 = notice.evidence.iter().map(|line| line.records).sum();
    let row = move |place: usize| {
        let line = &notice.evidence[place];
        let share = match denominator {
            0 => Rate::Nobody,
            denominator => Rate::Of { numerator: line.records, denominator },
        };
        vec![Cell::Text(wording::evidence(line.evidence).chinese.into_owned()), counted(line.records), percent(share)]
    };
    let description = "有效和待审核记录的佐证方式".to_owned();
    Table { description, columns, rows: notice.evidence.len(), row: Box::new(row) }
}

/// Everybody, by rank.
pub(super) fn members<'a>(notice: &'a Notice, imprint: &'a Imprint) -> Annex<'a> {
    let branches = notice.members.iter().filter_map(|line| line.branch.as_deref());
    let columns = vec![
        column(&figures::RANK.chinese, 3),
        column(&figures::MEMBER.chinese, 4),
        column("编号尾号", 4),
        Column::fitting(&figures::BRANCH.chinese, (6, 16), branches),
        column(&figures::MEMBER_POINTS.chinese, 4),
        column("志愿时长", 4),
    ];
    let row = move |place: usize| {
        let line = &notice.members[place];
        vec![
            Cell::Count(line.rank as u64),
            imprint.name_of(line.member).map_or(Cell::Empty, |name| Cell::Name(name.to_owned())),
            Cell::Text(line.number_tail.clone()),
            Cell::Text(line.branch.clone().unwrap_or_else(|| wording::LEFT.to_owned())),
            Cell::Points(line.points),
            Cell::Minutes(line.voluntary_minutes.into()),
        ]
    };
    let of_month = month_in_words(notice.month);
    let description = format!("{}{of_month}党员积分，共{}名", notice.name, notice.members.len());
    Annex {
        title: headings::RANKING.chinese.into_owned(),
        table: Table { description, columns, rows: notice.members.len(), row: Box::new(row) },
        notes: vec![wording::NAMES_NOTE.chinese.into_owned()],
        last_sheet: false,
    }
}
