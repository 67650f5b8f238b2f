//! 志愿服务记录证明: the fields of 民发〔2015〕149号 (who, what service, who certifies, number and day) and of 民政部令第67号. Only voluntary service that
//! counts; the full name only with the member's request.

use super::common::{Content, Names, column, entries, entries_column, organizations, particulars, span, table, text};
use super::{Setting, wording};
use crate::document::{Annex, Block, Cell, count};
use crate::notice::wording::{evidence, kind, month_in_words};
use mingzhang_events::{ActivityClass, MemberId, Month};
use mingzhang_projections::{ExplainedItem, MemberPoints, Occasion, Standing};

pub(super) fn content(
    member: MemberId,
    (from, until): (Month, Month),
    months: &[MemberPoints],
    names: &Names,
    setting: &Setting,
) -> Content {
    let items: Vec<&ExplainedItem> = certified_items(months).collect();
    let minutes = minutes(months);
    let certified = setting.certified.as_ref();
    let name = certified.map_or_else(|| names.member(member), |certified| Cell::Name(certified.name.clone()));
    let stretch = match from == until {
        true => month_in_words(from),
        false => format!("{}至{}", month_in_words(from), month_in_words(until)),
    };
    let volunteer = particulars(
        "志愿者信息",
        vec![
            ("姓名", name),
            ("志愿者编号", text(member.to_string())),
            ("证件类型及号码", text(wording::BY_HAND)),
            ("服务期间", text(stretch)),
            ("服务次数", Cell::Count(items.len() as u64)),
            ("服务时长（小时:分）", Cell::Minutes(minutes)),
            ("服务内容", text(kinds(&items))),
            ("申请日期", certified.map_or(Cell::Empty, |certified| Cell::Date(certified.requested_at.local_date()))),
            ("负责人（签字）", text(wording::BY_HAND)),
            ("经办人（签字）", text(wording::BY_HAND)),
            (
                "联系方式",
                setting.imprint.letterhead.contact.as_ref().map_or(Cell::Empty, |contact| text(contact.clone())),
            ),
        ],
    );
    let body = vec![
        Block::Paragraph(format!(
            "兹证明以下志愿者参加志愿服务{}次，服务时长如下表，明细见附件。",
            count(items.len() as u64)
        )),
        Block::Table(volunteer),
    ];
    let columns = vec![
        column("服务日期", 6),
        column("服务内容", 4),
        organizations("服务单位", names, items.iter().map(|item| item.branch)),
        column("起", 3),
        column("止", 5),
        column("时长", 3),
        column("佐证", 4),
        entries_column(items.iter().map(|item| item.log_indexes.as_slice())),
    ];
    let row = |item: &&ExplainedItem| {
        let [start, end] = span(item.date, item.started_at, item.minutes);
        vec![
            Cell::Date(item.date),
            item.kind.map_or(Cell::Empty, |of| text(kind(of).chinese)),
            names.organization(item.branch),
            start,
            end,
            Cell::Minutes(item.minutes.into()),
            item.evidence.map_or(Cell::Empty, |of| text(evidence(of).chinese)),
            entries(&item.log_indexes),
        ]
    };
    let description = "志愿服务记录明细".to_owned();
    let annex = Annex {
        title: "志愿服务记录明细".to_owned(),
        table: table(description, columns, items.iter().map(row).collect()),
        notes: wording::CERTIFICATE_NOTES.map(str::to_owned).to_vec(),
        last_sheet: false,
    };
    let number = certified.map(|certified| certified.number.clone());
    Content { title: "志愿服务记录证明".into(), number, body, annexes: vec![annex] }
}

/// How long it is that can be certified.
pub(super) fn minutes(months: &[MemberPoints]) -> u64 {
    certified_items(months).map(|item| u64::from(item.minutes)).sum()
}

fn certified_items(months: &[MemberPoints]) -> impl Iterator<Item = &ExplainedItem> {
    months.iter().flat_map(|points| &points.items).filter(|item| counts(item))
}

/// Service that counts and was voluntary: never meetings, never duty.
fn counts(item: &ExplainedItem) -> bool {
    item.occasion == Occasion::Service
        && item.class == Some(ActivityClass::Voluntary)
        && item.standing == Standing::Accepted
}

/// `夜间巡逻、走访`.
fn kinds(items: &[&ExplainedItem]) -> String {
    let mut kinds: Vec<_> = items.iter().filter_map(|item| item.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(|of| kind(of).chinese).collect::<Vec<_>>().join("、")
}
