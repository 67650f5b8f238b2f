//! The tables of a small street, in every format.

use super::{Format, Kind, TABLES, TableError, Value, Wanted, named};
use mingzhang_events::{
    ActorId, Event, EventId, Evidence, Instant, MemberClass, MemberId, MemberRostered, OrganizationEstablished,
    OrganizationLevel, RecordedEvent, decode_data,
};
use mingzhang_projections::{DEFAULT_RULES_TOML, ReadModels, parse_rules};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek};

/// A street with two communities, one of them called like a formula, and four members, of whom one did a bit of everything.
fn models() -> ReadModels {
    let at: Instant = "2026-10-03T02:00:00Z".parse().expect("an instant");
    let established = |code: &str, parent: Option<&str>, level, name: &str| {
        let (organization, parent) = (code.parse().expect("a code"), parent.map(|code| code.parse().expect("a code")));
        Event::from(OrganizationEstablished { level, name: name.to_owned(), organization, parent })
    };
    let mut events = vec![
        established("420902001", None, OrganizationLevel::Subdistrict, "书院街道"),
        established("420902001001", Some("420902001"), OrganizationLevel::Community, "=1+1"),
        established("420902001002", Some("420902001"), OrganizationLevel::Community, "槐荫社区"),
    ];
    for member in 1..=4 {
        let organization = if member == 1 { "420902001001" } else { "420902001002" }.parse().expect("a code");
        events.push(MemberRostered { class: MemberClass::ALL[0], member: MemberId(member), organization }.into());
    }
    let recorded_by: ActorId = "w-0001".parse().expect("an actor");
    let mut models = ReadModels::new();
    let recorded = events.into_iter().map(|event| (at, event)).chain(month());
    for (log_index, (at, event)) in (0..).zip(recorded) {
        let (id, evidence) = (EventId(u128::from(log_index) + 1), Evidence::Imported);
        let recorded =
            RecordedEvent { id, event, evidence, imported: None, occurred_at: at, recorded_at: at, recorded_by };
        models.apply(log_index, &recorded);
    }
    models.settle();
    models
}

/// Something for every table, and when it was recorded: behind the seven entries of the roster.
fn month() -> Vec<(Instant, Event)> {
    let rules = parse_rules(DEFAULT_RULES_TOML).expect("the default rules");
    let mut rules = serde_json::to_value(rules).expect("rules are JSON");
    rules["effective_from"] = json!("2026-09");
    let (member, exempt, community) = (MemberId(2).to_string(), MemberId(4).to_string(), "420902001002");
    let (activity, household) = ("a0000000000001", "h7zzzzzzzzzzzz");
    let of_activity = json!({ "activity": activity, "member": member });
    let patrol = json!({
        "activity": activity, "class": "voluntary", "kind": "night_patrol", "organization": community,
        "starts_at": "2026-10-05T11:00:00Z", "ends_at": "2026-10-05T14:00:00Z",
    });
    // The sixth of this list.
    let check_in = EventId(7 + 6).to_string();
    let hash = "0123456789abcdef".repeat(4);
    let notice = json!({
        "digest": hash, "month": "2026-10", "number": "〔2026〕10号", "organization": "420902001", "root_hash": hash,
        "tree_size": 17,
    });
    let facts = [
        ("scoring-rules.adopted", "2026-10-03T03:00:00Z", json!({ "rules": rules })),
        ("member.enrolled", "2026-10-03T03:00:00Z", json!({ "member": member, "community": community })),
        (
            "member.exempted",
            "2026-10-03T03:00:00Z",
            json!({ "member": exempt, "reason": "illness", "until": "2026-12-31" }),
        ),
        ("activity.scheduled", "2026-10-03T03:00:00Z", patrol),
        ("sign-up.made", "2026-10-04T02:00:00Z", of_activity.clone()),
        ("check-in.recorded", "2026-10-05T11:00:00Z", of_activity.clone()),
        ("check-out.recorded", "2026-10-05T13:30:00Z", of_activity),
        ("home-visit.made", "2026-10-06T11:00:00Z", json!({ "household": household, "member": member, "minutes": 45 })),
        ("points.granted", "2026-10-23T01:00:00Z", json!({ "clause": "4.1", "member": member, "points": "2.00" })),
        (
            "objection.raised",
            "2026-11-02T01:00:00Z",
            json!({ "ground": "time_wrong", "member": member, "subject": check_in }),
        ),
        ("month.closed", "2026-11-03T01:00:00Z", json!({ "month": "2026-10", "organization": "420902001" })),
        ("notice.issued", "2026-11-04T01:00:00Z", notice),
    ];
    let decoded = facts.into_iter().map(|(name, time, data)| {
        let stored = Event::STORED_TYPES.iter().find(|stored| **stored == format!("mingzhang.{name}.v1")).expect(name);
        (time.parse().expect("an instant"), decode_data(stored, &data.to_string()).expect(name))
    });
    decoded.collect()
}

/// Writes a table, and says how many rows it has.
fn write(name: &str, format: Format, organization: &str, into: File) -> Result<u64, TableError> {
    let models = models();
    let names = |members: &[MemberId]| Ok(members.iter().map(|&member| (member, "+张*".to_owned())).collect());
    let organization = organization.parse().expect("a code");
    let wanted = Wanted { models: &models, organization, names: &names, abandoned: &|| false };
    named(name).expect("a table").write(&wanted, format, into, scratch().path())
}

/// A table as bytes, and how many rows it has.
fn written(name: &str, format: Format, organization: &str) -> Result<(Vec<u8>, u64), TableError> {
    let file = tempfile::tempfile().expect("a file");
    let mut read = file.try_clone().expect("the same file");
    let rows = write(name, format, organization, file)?;
    read.rewind().expect("a file");
    let mut bytes = Vec::new();
    read.read_to_end(&mut bytes).expect("a file");
    Ok((bytes, rows))
}

/// Where a workbook's rows may stand.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

fn text(name: &str, organization: &str) -> String {
    String::from_utf8(written(name, Format::Csv, organization).expect("a table").0).expect("UTF-8")
}

#[test]
fn every_table_follows_from_events_that_there_are_and_names_its_columns_once() {
    let known: BTreeSet<&str> = Event::STORED_TYPES.iter().copied().collect();
    for table in TABLES {
        for source in table.sources {
            assert!(known.contains(format!("mingzhang.{source}.v1").as_str()), "{}: {source}", table.name);
        }
        assert_eq!(table.sources.is_empty(), table.names_people, "{}", table.name);
        let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
        let headings: BTreeSet<&str> = table.columns.iter().map(|column| column.chinese).collect();
        assert_eq!((columns.len(), headings.len()), (table.columns.len(), table.columns.len()), "{}", table.name);
    }
}

#[test]
fn the_same_models_give_the_same_bytes_in_every_format() {
    for table in TABLES {
        for format in Format::ALL {
            let once = written(table.name, format, "420902001").expect("a table");
            assert_eq!(once, written(table.name, format, "420902001").expect("a table"), "{} {format:?}", table.name);
        }
    }
}

#[test]
fn a_name_that_begins_like_a_formula_stays_a_text_in_a_spreadsheet() {
    assert!(text("organizations", "420902001").contains("420902001001,'=1+1,community,420902001,true\r\n"));
    assert!(text("names", "420902001").contains(",'+张*\r\n"));
    let (ndjson, _) = written("organizations", Format::Ndjson, "420902001").expect("a table");
    assert!(String::from_utf8(ndjson).expect("UTF-8").contains("\"name\":\"=1+1\""));
}

#[test]
fn a_part_of_the_tree_has_its_own_rows_and_no_others() {
    let roster = text("roster", "420902001002");
    assert_eq!(roster.lines().count(), 4, "{roster}");
    assert!(!roster.contains("420902001001") && roster.contains("420902001002"));
    assert_eq!(text("names", "420902001001").lines().count(), 2);
    assert_eq!(text("organizations", "420902001001").lines().count(), 2);
}

#[test]
fn an_organisation_that_never_was_has_no_table() {
    for table in TABLES {
        let refused = written(table.name, Format::Csv, "999");
        assert!(matches!(refused, Err(TableError::UnknownOrganization(_))), "{}", table.name);
    }
}

#[test]
fn a_table_that_nobody_waits_for_is_given_up() {
    let (models, names) = (models(), |_: &[MemberId]| Ok(BTreeMap::new()));
    let organization = "420902001".parse().expect("a code");
    let wanted = Wanted { models: &models, organization, names: &names, abandoned: &|| true };
    let file = tempfile::tempfile().expect("a file");
    let given_up = named("roster").expect("a table").write(&wanted, Format::Csv, file, scratch().path());
    assert!(matches!(given_up, Err(TableError::Abandoned)), "{given_up:?}");
}

#[test]
fn every_value_of_a_row_is_of_its_columns_kind() {
    let (models, names) = (models(), |members: &[MemberId]| {
        Ok(members.iter().map(|&member| (member, "张*".to_owned())).collect::<BTreeMap<_, _>>())
    });
    for table in TABLES {
        let organization = "420902001".parse().expect("a code");
        let wanted = Wanted { models: &models, organization, names: &names, abandoned: &|| false };
        let mut count = 0;
        let mut rows = |row: &[Value]| {
            count += 1;
            assert_eq!(row.len(), table.columns.len(), "{}", table.name);
            for (value, column) in row.iter().zip(table.columns) {
                let fits = match value {
                    Value::Nothing => column.optional,
                    Value::Text(_) => column.kind == Kind::Text,
                    Value::Number(_) => matches!(column.kind, Kind::Count | Kind::Minutes),
                    Value::Hundredths(_) => matches!(column.kind, Kind::Points | Kind::Percent),
                    Value::Instant(_) => column.kind == Kind::Instant,
                    Value::Date(_) => column.kind == Kind::Date,
                    Value::Flag(_) => column.kind == Kind::Flag,
                };
                assert!(fits, "{}.{}: {value:?}", table.name, column.name);
            }
            Ok(())
        };
        assert!((table.rows)(&wanted, &mut rows).expect("rows"), "{}", table.name);
        assert!(count > 0, "{} has no row to prove it by", table.name);
    }
}

#[test]
fn a_file_that_takes_nothing_more_is_an_error_in_every_format() {
    for format in Format::ALL {
        let full = File::options().write(true).open("/dev/full").expect("what is always full");
        let told = write("records", format, "420902001", full).expect_err("nothing was written");
        let mut because: Option<&dyn std::error::Error> = Some(&told);
        let mut said = String::new();
        while let Some(error) = because {
            said.push_str(&format!("{error}\n"));
            because = error.source();
        }
        assert!(said.contains("os error 28"), "{format:?}: {said}");
    }
}
