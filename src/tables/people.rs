//! 花名册、报到、免予报到, by opaque ids; and the one table of names.

use super::{Column, Each, Kind, Table, TableError, Value, Wanted};
use mingzhang_events::{MemberId, OrganizationId};
use mingzhang_projections::{MemberHistory, ReadModels};

const MEMBER: Column = Column::new("member", Kind::Text, "党员标识", "the member's opaque id");
/// Names are read so many at a time.
const NAMES_AT_ONCE: usize = 1_000;

pub(super) const ROSTER: Table = Table {
    name: "roster",
    chinese: "花名册",
    english: "A stay of a member in a branch, in one class",
    order: ("按党员标识，再按起始时间", "by member, then by its beginning"),
    sources: &["member.rostered", "member.transferred", "member.reclassified", "member.left"],
    columns: &[
        MEMBER,
        Column::new("organization", Kind::Text, "组织代码", "the branch as recorded"),
        Column::new("class", Kind::Text, "党员类别", "`resident`, `in_service`, `deployed` or `floating`"),
        Column::new("since", Kind::Instant, "起始时间", "from this instant on"),
        Column::optional("until", Kind::Instant, "终止时间", "until this instant; none while it lasts"),
        Column::optional("leaving", Kind::Text, "退出原因", "why the member left the roster at its end, if they did"),
    ],
    names_people: false,
    rows: roster,
};

pub(super) const ENROLLMENTS: Table = Table {
    name: "enrollments",
    chinese: "报到",
    english: "An enrolment of a member with a community",
    order: ("按党员标识，再按登记先后", "by member, then in the order of recording"),
    sources: &["member.enrolled", "enrollment.ended"],
    columns: &[
        MEMBER,
        Column::new("community", Kind::Text, "社区代码", "the community"),
        Column::new("since", Kind::Instant, "起始时间", "from this instant on"),
        Column::optional("until", Kind::Instant, "终止时间", "until this instant; none while it lasts"),
    ],
    names_people: false,
    rows: enrollments,
};

pub(super) const EXEMPTIONS: Table = Table {
    name: "exemptions",
    chinese: "免予报到",
    english: "An exemption of a member",
    order: ("按党员标识，再按登记先后", "by member, then in the order of recording"),
    sources: &["member.exempted"],
    columns: &[
        MEMBER,
        Column::new("reason", Kind::Text, "原因", "`age`, `illness`, `away`, `maternity` or `other`"),
        Column::new("since", Kind::Instant, "起始时间", "from this instant on"),
        Column::optional("until", Kind::Date, "最后一日", "its last local date; none without an end"),
    ],
    names_people: false,
    rows: exemptions,
};

pub(super) const NAMES: Table = Table {
    name: "names",
    chinese: "姓名",
    english: "The name of a member. Not in the log: kept beside it, and gone once it is erased",
    order: ("按党员标识", "by member"),
    sources: &[],
    columns: &[MEMBER, Column::new("name", Kind::Text, "姓名", "the full name")],
    names_people: true,
    rows: names,
};

/// The members in question: those who are in the part of the tree now, or whose last branch was there.
fn histories<'a>(
    models: &'a ReadModels,
    organization: OrganizationId,
) -> Option<impl Iterator<Item = MemberHistory> + use<'a>> {
    let members = models.members_ever_in(organization)?;
    Some(members.into_iter().filter_map(move |member| models.member(member)))
}

/// Whether the member is in the part of the tree now, or was there last.
fn is_theirs(wanted: &Wanted<'_>, history: &MemberHistory) -> bool {
    let last = history.branches.iter().rev().find_map(|membership| membership.organization);
    last.is_some_and(|branch| wanted.models.stands_below(branch, wanted.organization))
}

fn roster(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(histories) = histories(wanted.models, wanted.organization) else { return Ok(false) };
    for history in histories {
        for (at, stay) in history.branches.iter().enumerate() {
            let Some(branch) = stay.organization else { continue };
            if !wanted.models.stands_below(branch, wanted.organization) {
                continue;
            }
            let next = history.branches.get(at + 1);
            each(&[
                Value::text(history.member),
                Value::text(branch),
                Value::word(stay.class.as_str()),
                Value::Instant(stay.from),
                Value::maybe(next, |next| Value::Instant(next.from)),
                Value::maybe(next.and_then(|next| next.leaving), |reason| Value::word(reason.as_str())),
            ])?;
        }
    }
    Ok(true)
}

fn enrollments(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(histories) = histories(wanted.models, wanted.organization) else { return Ok(false) };
    for history in histories.filter(|history| is_theirs(wanted, history)) {
        for enrollment in &history.enrollments {
            each(&[
                Value::text(history.member),
                Value::text(enrollment.community),
                Value::Instant(enrollment.from),
                Value::maybe(enrollment.until, Value::Instant),
            ])?;
        }
    }
    Ok(true)
}

fn exemptions(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(histories) = histories(wanted.models, wanted.organization) else { return Ok(false) };
    for history in histories.filter(|history| is_theirs(wanted, history)) {
        for exemption in &history.exemptions {
            each(&[
                Value::text(history.member),
                Value::word(exemption.reason.as_str()),
                Value::Instant(exemption.from),
                Value::maybe(exemption.until, Value::Date),
            ])?;
        }
    }
    Ok(true)
}

fn names(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(histories) = histories(wanted.models, wanted.organization) else { return Ok(false) };
    let theirs = histories.filter(|history| is_theirs(wanted, history)).map(|history| history.member);
    let theirs: Vec<MemberId> = theirs.collect();
    for members in theirs.chunks(NAMES_AT_ONCE) {
        for (member, name) in (wanted.names)(members).map_err(TableError::Names)? {
            each(&[Value::text(member), Value::text(name)])?;
        }
    }
    Ok(true)
}
