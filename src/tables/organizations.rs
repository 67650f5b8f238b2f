//! 组织.

use super::{Column, Each, Kind, Table, TableError, Value, Wanted};

pub(super) const ORGANIZATIONS: Table = Table {
    name: "organizations",
    chinese: "组织",
    english: "An organisation that ever was, as it is now",
    order: ("按代码", "by code"),
    sources: &[
        "organization.established",
        "organization.renamed",
        "organization.moved",
        "organization.merged",
        "organization.dissolved",
    ],
    columns: &[
        Column::new("organization", Kind::Text, "组织代码", "its code"),
        Column::new("name", Kind::Text, "名称", "its public name"),
        Column::new(
            "level",
            Kind::Text,
            "层级",
            "its level: `city`, `county`, `subdistrict`, `community`, `branch` or `group`",
        ),
        Column::optional(
            "parent",
            Kind::Text,
            "上级组织代码",
            "the code of the organisation above it; none for the root",
        ),
        Column::new("exists", Kind::Flag, "现存", "false once it was merged or dissolved"),
    ],
    names_people: false,
    rows,
};

fn rows(wanted: &Wanted<'_>, each: &mut Each<'_>) -> Result<bool, TableError> {
    let Some(codes) = wanted.models.organizations_ever_in(wanted.organization) else { return Ok(false) };
    for card in codes.into_iter().filter_map(|code| wanted.models.organization(code, None)) {
        each(&[
            Value::text(card.organization),
            Value::text(&card.name),
            Value::word(card.level.as_str()),
            Value::maybe(card.parent, Value::text),
            Value::Flag(card.exists),
        ])?;
    }
    Ok(true)
}
