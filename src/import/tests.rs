//! Tables as people make them, good and bad.

use super::*;
use mingzhang_events::{ActivityKind, EventId, HouseholdId, MemberId, OrganizationId, OrganizationLevel};
use std::collections::HashMap;

mod cells;
mod constants;
mod names;
mod people;

const ORGANIZATIONS: &[u8] = include_bytes!("../../tests/fixtures/import/organizations.csv");
const DIVISIONS: &[u8] = include_bytes!("../../tests/fixtures/import/organizations-divisions.csv");
const ROSTER: &[u8] = include_bytes!("../../tests/fixtures/import/roster.csv");
const RECORDS: &[u8] = include_bytes!("../../tests/fixtures/import/records.csv");

/// What `identity` would know.
#[derive(Default)]
struct Known {
    people: Vec<(NamedMember, OrganizationId)>,
    households: HashMap<String, HouseholdId>,
    /// Names of organisations, each with its code and the name of the one above.
    organizations: Vec<(&'static str, &'static str, &'static str)>,
}

impl Known {
    /// Remembers what a roster named.
    fn remember(&mut self, parsed: &Parsed) {
        let branches = parsed.commands.iter().filter_map(|(_, command)| {
            if let Event::MemberRostered(event) = &command.event { Some(event.organization) } else { None }
        });
        self.people.extend(parsed.people.iter().cloned().zip(branches));
        self.households.extend(parsed.households.iter().map(|named| (named.code.clone(), named.household)));
    }
}

impl Members for Known {
    fn fitting(&self, whom: &Whom) -> Vec<MemberId> {
        let fits = |(person, branch): &&(NamedMember, OrganizationId)| {
            whom.member.is_none_or(|member| member == person.member)
                && whom.number.as_ref().is_none_or(|number| match &person.number {
                    Some(own) => own == number,
                    None => whom.member.is_some(),
                })
                && whom.name.as_ref().is_none_or(|name| *name == person.name)
                && whom.branch.is_none_or(|wanted| wanted == *branch)
        };
        self.people.iter().filter(fits).map(|(person, _)| person.member).collect()
    }
    fn whom(&self, member: MemberId) -> Whom {
        let (person, branch) = self.people.iter().find(|(person, _)| person.member == member).expect("a member");
        let (name, number) = (Some(person.name.clone()), person.number.clone());
        Whom { member: Some(member), number, name, branch: Some(*branch) }
    }
}

impl Organizations for Known {
    fn called(&self, name: &str) -> Vec<OrganizationId> {
        let called = self.organizations.iter().filter(|(known, ..)| *known == name);
        called.map(|(_, code, _)| code.parse().expect("a code")).collect()
    }
    fn name_above(&self, organization: OrganizationId) -> Option<String> {
        let found = self.organizations.iter().find(|(_, code, _)| *code == organization.as_str());
        found.map(|(.., above)| (*above).to_owned())
    }
}

impl Households for Known {
    fn by_code(&self, code: &str) -> Option<HouseholdId> {
        self.households.get(code).copied()
    }
}

/// What is read of a table, or the faults of a file that is none.
fn read(table: Table, file: &[u8], rows: impl FnOnce(&TableFile) -> Parsed) -> Parsed {
    match TableFile::open(table, file, &Reading::default()) {
        Ok(file) => rows(&file),
        Err(faults) => Parsed { faults, ..Parsed::default() },
    }
}

fn read_organizations(file: &[u8]) -> Parsed {
    let context = OrganizationContext { known: &|_| false, since: Instant::EARLIEST };
    read(Table::Organizations, file, |file| organizations(file, &context))
}

fn read_roster(file: &[u8], known: &Known, first_id: u64) -> Parsed {
    read_roster_that(false, false, file, known, first_id)
}

/// The same, of one that may rename people, or give them numbers.
fn read_roster_that(renames: bool, gives_numbers: bool, file: &[u8], known: &Known, first_id: u64) -> Parsed {
    let mut next = first_id;
    let mut new_member = || {
        next += 1;
        MemberId(next)
    };
    let new_member = &mut new_member;
    let mut context =
        RosterContext { members: known, organizations: known, new_member, renames, gives_numbers, since: None };
    read(Table::Roster, file, |file| roster(file, &mut context))
}

fn read_records(file: &[u8], known: &Known, now: &str, occurred_at: &dyn Fn(EventId) -> Option<Instant>) -> Parsed {
    read_records_as(file, known, now, occurred_at, &Reading::default())
}

fn read_records_as(
    file: &[u8],
    known: &Known,
    now: &str,
    occurred_at: &dyn Fn(EventId) -> Option<Instant>,
    reading: &Reading,
) -> Parsed {
    let mut next = 0;
    let mut new_household = || {
        next += 1;
        HouseholdId(next)
    };
    let now = now.parse().expect("an instant");
    let mut context = RecordContext {
        origin: "test.example",
        members: known,
        organizations: known,
        households: known,
        now,
        occurred_at,
        new_household: &mut new_household,
    };
    match TableFile::open(Table::Records, file, reading) {
        Ok(file) => records(&file, &mut context),
        Err(faults) => Parsed { faults, ..Parsed::default() },
    }
}

fn rostered() -> Known {
    let mut known = Known::default();
    known.remember(&read_roster(ROSTER, &known, 0));
    known
}

/// Lines, columns and reasons of the faults.
fn told(parsed: &Parsed) -> Vec<(u64, &str, &Reason)> {
    parsed.faults.iter().map(|fault| (fault.line, fault.column.as_str(), &fault.reason)).collect()
}

#[test]
fn parents_come_first_whatever_the_order_of_the_file() {
    let parsed = read_organizations(ORGANIZATIONS);
    assert_eq!(parsed.faults, []);
    assert_eq!((parsed.rows, parsed.commands.len()), (7, 7));
    assert_eq!(parsed.ignored_columns, ["备注"]);
    let mut established = Vec::new();
    for (_, command) in &parsed.commands {
        let Event::OrganizationEstablished(event) = &command.event else { panic!("{command:?}") };
        assert!(event.parent.is_none_or(|parent| established.contains(&parent)), "{event:?}");
        established.push(event.organization);
    }
    let (line, last) = &parsed.commands[6];
    assert_eq!(*line, 3, "a row with a line break in a cell is named by its first line");
    assert_eq!(last.occurred_at, local_instant("2019-05-01 00:00").expect("an instant"));
}

#[test]
fn the_level_of_a_division_is_told_by_its_code() {
    let parsed = read_organizations(DIVISIONS);
    let level = |command: &Command| {
        let Event::OrganizationEstablished(event) = &command.event else { panic!("{command:?}") };
        event.level
    };
    let levels: Vec<OrganizationLevel> = parsed.commands.iter().map(|(_, command)| level(command)).collect();
    use OrganizationLevel::{City, Community, County, Subdistrict};
    assert_eq!(levels, [City, County, Subdistrict, Community]);
}

#[test]
fn every_fault_of_a_table_of_organizations_is_told_with_its_line_and_column() {
    let file = "代码,名称,层级,上级\n\
                1,甲,市,\n\
                2,,省,1\n\
                3,丙,街道,2\n\
                4,丁,街道,99\n\
                5,戊,街道,6\n\
                6,己,街道,5\n\
                7,庚,街道,6\n\
                1,辛,市,\n\
                壬,壬,社区,1,多余\n\
                1,甲,街道,\n\
                1,甲,市,\n";
    let parsed = read_organizations(file.as_bytes());
    assert_eq!(parsed.rows, 11);
    assert_eq!(parsed.commands.len(), 1);
    let unknown = Reason::UnknownWord { known: <OrganizationLevel as Word>::known() };
    assert_eq!(
        told(&parsed),
        [
            (3, "名称", &Reason::CellEmpty),
            (3, "层级", &unknown),
            (4, "上级", &Reason::UnknownParent),
            (5, "上级", &Reason::UnknownParent),
            (6, "上级", &Reason::ParentCircle),
            (7, "上级", &Reason::ParentCircle),
            (8, "上级", &Reason::ParentFaulty { line: 7 }),
            (9, "代码", &Reason::OtherOnLine { line: 2, other: "甲".into() }),
            (10, "", &Reason::CellWithoutHeader),
            (10, "代码", &Reason::NotACode),
            (11, "代码", &Reason::OtherOnLine { line: 2, other: "市".into() }),
            (12, "代码", &Reason::SameAsLine { line: 2 }),
        ]
    );
    let text = parsed.faults[1].to_string();
    assert!(text.starts_with("第 3 行，“层级”列，“省”：不认识这个词"), "{text}");
    assert!(text.contains(" / line 3, column \"层级\", \"省\": unknown word; write one of: 市 (city)"), "{text}");
}

#[test]
fn a_roster_gives_commands_without_names_and_names_without_commands() {
    let parsed = read_roster(ROSTER, &Known::default(), 0);
    assert_eq!(parsed.faults, []);
    assert_eq!((parsed.rows, parsed.commands.len(), parsed.people.len()), (4, 4 + 2 + 1, 4));
    assert!(!format!("{:?}", parsed.commands).contains("示例"));
    assert_eq!(parsed.people[0].name, "张示例");
    assert_eq!(parsed.people[0].number.as_deref(), Some("1001"));
}

#[test]
fn a_roster_imported_again_gives_the_same_commands() {
    let first = read_roster(ROSTER, &Known::default(), 0);
    let mut known = Known::default();
    known.remember(&first);
    let second = read_roster(ROSTER, &known, 1_000);
    assert_eq!(first.commands, second.commands);
    assert_eq!(first.people, second.people);
}

#[test]
fn a_roster_without_numbers_finds_its_members_by_name_and_branch() {
    let file = "姓名,支部,类别,日期\n张三,a-01,社区党员,2024-01-01\n张三,a-02,社区党员,2024-01-01\n";
    let first = read_roster(file.as_bytes(), &Known::default(), 0);
    assert_eq!(first.faults, []);
    let mut known = Known::default();
    known.remember(&first);
    assert_eq!(read_roster(file.as_bytes(), &known, 1_000).commands, first.commands);
}

#[test]
fn every_fault_of_a_roster_is_told_and_its_row_gives_nothing() {
    let file = "编号,姓名,支部,类别,日期,报到社区,报到日期,免报原因\n\
                1,张三,a-01,社区党员,2024-02-30,,,\n\
                2,李四,支部一,党员,,,,\n\
                3,王五,a-01,社区党员,2024-01-01,,2024-01-01,\n\
                4,赵六,a-01,社区党员,2024-01-01,,,忙\n\
                4,钱七,a-01,社区党员,2024-01-01,,,\n\
                5,孙八,a-01,社区党员,2024-01-01,,,\n\
                5,周九,a-01,社区党员,2024-01-01,,,\n\
                ,孙八,a-01,社区党员,2024-01-01,,,\n\
                6,吴十,a-01,社区党员,2024-01-01,,,\n\
                6,吴十,a-01,在职党员,2024-01-01,a-01,,\n\
                6,吴十,a-01,社区党员,2024-01-01,,,\n";
    let parsed = read_roster(file.as_bytes(), &Known::default(), 0);
    let class = Reason::UnknownWord { known: mingzhang_events::MemberClass::known() };
    let exemption = Reason::UnknownWord { known: mingzhang_events::ExemptionReason::known() };
    assert_eq!(
        told(&parsed),
        [
            (2, "日期", &Reason::NotADate),
            (3, "支部", &Reason::UnknownOrganization),
            (3, "类别", &class),
            (3, "日期", &Reason::CellEmpty),
            (4, "报到社区", &Reason::CellEmpty),
            (5, "免报原因", &exemption),
            (8, "编号", &Reason::OtherOnLine { line: 7, other: "孙八".into() }),
            (9, "姓名", &Reason::OtherOnLine { line: 7, other: "5".into() }),
            (11, "编号", &Reason::OtherOnLine { line: 10, other: "社区党员 — —".into() }),
            (12, "编号", &Reason::SameAsLine { line: 10 }),
        ]
    );
    assert_eq!(parsed.commands.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 7, 10]);
    assert_eq!(parsed.people.len(), 3);
}

#[test]
fn each_row_of_the_records_template_gives_one_command() {
    let parsed = read_records(RECORDS, &rostered(), "2026-11-01T00:00:00Z", &|_| None);
    assert_eq!(parsed.faults, []);
    assert_eq!((parsed.rows, parsed.commands.len()), (16, 16));
    let event = |line: usize| &parsed.commands[line - 2].1.event;

    let Event::ActivityScheduled(patrol) = event(2) else { panic!("{:?}", event(2)) };
    assert_eq!(patrol.kind, ActivityKind::NightPatrol);
    assert_eq!(patrol.activity, activity_of_code("test.example", "XL-2026-10-03-晚"));
    assert_eq!(
        (patrol.starts_at.to_string(), patrol.ends_at.to_string()),
        ("2026-10-03T13:30:00Z".to_owned(), "2026-10-03T16:30:00Z".to_owned())
    );

    let (Event::HardshipPairingFormed(pairing), Event::HomeVisitMade(visit)) = (event(9), event(10)) else { panic!() };
    assert_eq!(pairing.household, visit.household);
    assert_eq!(parsed.households, [NamedHousehold { household: pairing.household, code: "H-07".to_owned() }]);

    let Event::DutyServed(duty) = event(12) else { panic!("{:?}", event(12)) };
    assert_eq!(duty.minutes, 510);

    let Event::RecordCorrected(correction) = event(16) else { panic!("{:?}", event(16)) };
    assert_eq!(correction.record, parsed.commands[10 - 2].1.key.event_id(), "a record is found by its row's key");
}

#[test]
fn an_activitys_code_means_the_same_however_it_is_typed() {
    let of = |code| activity_of_code("test.example", code);
    assert_eq!(of("ＸＬ-１　晚"), of("XL-1 晚"));
    assert_ne!(of("XL-1 晚"), of("XL-1"));
}

#[test]
fn a_start_with_its_offset_is_of_the_day_that_its_row_names() {
    let file = "类型,编号,活动,日期,开始时间\n\
                签到,1001,a,2026-05-03,2026-06-03T19:30:00+08:00\n\
                签到,1001,b,2026-05-03,2026-05-02T16:30:00Z\n";
    let parsed = read_records(file.as_bytes(), &rostered(), "2026-11-01T00:00:00Z", &|_| None);
    assert_eq!(told(&parsed), [(2, "开始时间", &Reason::DatesDiffer)]);
    // Half past midnight of the third, where the members are.
    assert_eq!(parsed.commands.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3]);
}

#[test]
fn a_plan_imported_again_was_planned_when_it_was_first_imported() {
    let known = rostered();
    let first = read_records(RECORDS, &known, "2026-09-28T00:00:00Z", &|_| None);
    let happened: HashMap<EventId, Instant> =
        first.commands.iter().map(|(_, command)| (command.key.event_id(), command.occurred_at)).collect();
    let mut again = rostered();
    again.remember(&first);
    let second = read_records(RECORDS, &again, "2026-10-30T00:00:00Z", &|id| happened.get(&id).copied());
    assert_eq!(first.commands, second.commands);
    assert_eq!(second.households, [], "a household keeps the id that it got");
    assert_eq!(first.commands[0].1.occurred_at.to_string(), "2026-09-28T00:00:00Z");
}

#[test]
fn every_fault_of_a_table_of_records_is_told() {
    let file = "类型,编号,姓名,支部代码,活动,户,时间,结束,分钟,出席,佐证,原因,记录,幂等键\n\
                巡逻,1001,,,a,,2026-10-03 19:30,,,,,,,\n\
                签到,9999,,,a,,2026-10-03,,,,目击,,,\n\
                签到,,,,,,2026-10-03 25:00,,,,,,,\n\
                走访,1001,,,,H-1,2026-10-03 19:30,,0,,,,,\n\
                走访,1001,,,,H-1,2026-10-03 19:30,20:30,30,,,,,\n\
                补签,1001,,,a,,2026-10-03 19:30,,,,,睡过头,,\n\
                会议出席,,张示例,420902001001-02,a,,2026-10-03 19:30,,,来了,,,,\n\
                更正,,,,,,2026-10-03 19:30,,30,,,录入差错,不是键,\n\
                签到,1001,,,b,,2026-10-03 19:30,,,,,,,k 1\n\
                签到,1001,,,c,,2026-10-03 19:30,,,,,,,\n\
                签到,1001,,,c,,2026-10-03 19:30,,,,,,,\n\
                签到,1001,,,c,,2026-10-03 19:30:00,,,,,,,own-key\n";
    let parsed = read_records(file.as_bytes(), &rostered(), "2026-11-01T00:00:00Z", &|_| None);
    let positions: Vec<_> = told(&parsed).into_iter().map(|(line, column, _)| (line, column.to_owned())).collect();
    let expected = [
        (2, "类型"),
        (3, "佐证"),
        (3, "编号"),
        (3, "时间"),
        (4, "活动"),
        (4, "编号"),
        (4, "时间"),
        (5, "户"),
        (5, "分钟"),
        (6, "户"),
        (6, "结束"),
        (7, "原因"),
        (7, "结束"),
        (8, "姓名"),
        (8, "出席"),
        (9, "记录"),
        (10, "幂等键"),
        (12, "幂等键"),
    ];
    assert_eq!(positions, expected.map(|(line, column)| (line, column.to_owned())));
    assert_eq!(parsed.faults.last().map(|fault| &fault.reason), Some(&Reason::SameAsLine { line: 11 }));
    assert_eq!(parsed.commands.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [11, 13]);
}

#[test]
fn a_file_that_is_no_table_is_one_fault_and_no_commands() {
    let broken = "代码,名称\n1,\u{4e00}".as_bytes().split_last().expect("bytes").1;
    let cases: [(&[u8], Reason); 7] = [
        (b"", Reason::NoHeader),
        (b"\xef\xbb\xbf\r\n\r\n", Reason::NoHeader),
        (broken, Reason::EncodingBroken { line: 2 }),
        (b"\x89PNG\r\n\x1a\n\0\0", Reason::NotText),
        (b"<html><table><tr><td>code</td></tr></table></html>", Reason::OtherFormat),
        (b"code,level\n1,city\n", Reason::ColumnMissing),
        ("code,name,名称\n1,2,3\n".as_bytes(), Reason::ColumnTwice),
    ];
    for (file, reason) in cases {
        let parsed = read_organizations(file);
        assert_eq!(parsed.faults.iter().map(|fault| &fault.reason).collect::<Vec<_>>(), [&reason]);
        assert!(parsed.commands.is_empty());
    }
}

#[test]
fn an_unclosed_quotation_mark_is_told_and_not_imported() {
    let mut file = b"code,name,level\n1,\"open,city\n".to_vec();
    file.extend(std::iter::repeat_n(b"2,x,city\n", 1_000).flatten());
    let parsed = read_organizations(&file);
    assert_eq!(told(&parsed), [(1, "", &Reason::QuoteUnclosed { line: 2 })]);
    assert_eq!(parsed.commands.len(), 0);
    // Also where little stands below it, and where a cell below begins with a quotation mark of its own.
    for rest in ["3,丙,city\n", "3,\"丙\",city\n4,丁,city\n"] {
        let parsed = read_organizations(format!("code,name,level\n1,甲,city\n2,\"乙,city\n{rest}").as_bytes());
        assert_eq!(told(&parsed), [(1, "", &Reason::QuoteUnclosed { line: 3 })], "{rest}");
    }
    // A cell of several lines with a quotation mark in it, one in the midst of a text, and one that is a cell are none.
    let sound =
        "code,name,level\r\n1,\"甲\r\n(\"\"一\"\")\",city\r\n2,乙\"二,city\r\n3,\"\"\"\",city\r\n4,\"丁\"x,city\n";
    assert_eq!(TableFile::of_text(Table::Organizations, sound).expect("a table").sheet.rows().count(), 5);
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let file = "code,name,level\r\n\r\n\r\n1,甲,city\r\n , ,\r\n2,\"乙\r\n\",city\r\n3,丙,x\r\n";
    let file = TableFile::of_text(Table::Organizations, file).expect("a table");
    let lines: Vec<u64> = file.sheet.rows().map(|row| row.line).collect();
    assert_eq!(lines, [1, 4, 6, 8]);
}

#[test]
fn dates_and_times_are_read_as_people_write_them() {
    let instant = |text: &str| local_instant(text).map(|instant| instant.to_string()).ok();
    for text in [
        "2026-10-03 19:30",
        "2026/10/3 19:30:00",
        "2026年10月3日 19：30",
        "2026-10-03T11:30:00Z",
        "2026-10-03T19:30:00+08:00",
    ] {
        assert_eq!(instant(text).as_deref(), Some("2026-10-03T11:30:00Z"), "{text}");
    }
    for text in [
        "2026-10-03",
        "19:30",
        "2026-13-01 10:00",
        "26-10-03 10:00",
        "2026-10-03 24:00",
        "2026-10-03T11:30:00.5Z",
        "1999-12-31 10:00",
        "10/3/2026 10:00",
    ] {
        assert_eq!(instant(text), None, "{text}");
    }
    let start = local_instant("2026-10-03 21:30").expect("an instant");
    assert_eq!(end_after(start, "00:30"), local_instant("2026-10-04 00:30"));
    assert_eq!(end_after(start, "22:00"), local_instant("2026-10-03 22:00"));
}

#[test]
fn every_word_of_a_closed_list_has_chinese() {
    for (name, values, words) in word::lists() {
        assert_eq!(values, words, "{name}");
    }
}

#[test]
fn every_header_name_means_one_column_of_its_table() {
    for table in [Table::Organizations, Table::Roster, Table::Records] {
        let mut meaning: HashMap<String, Column> = HashMap::new();
        for column in table.columns().iter().map(|column| column.column) {
            for name in [column.english(), column.chinese()].iter().chain(column.aliases()) {
                assert_eq!(table.column_of(name), Some(column), "{name}");
                assert_eq!(meaning.insert((*name).to_owned(), column), None, "{name}");
            }
        }
    }
}

#[test]
fn a_template_is_a_table_without_rows_whose_examples_could_be_imported() {
    for table in [Table::Organizations, Table::Roster, Table::Records] {
        let bytes = template(table).expect("a workbook");
        assert_eq!(template(table).expect("a workbook"), bytes, "the same bytes again");
        let file = TableFile::open(table, &bytes, &Reading::default()).expect("a table");
        let mut parsed = Parsed::default();
        fields::for_each_row(&file, &mut parsed, |_, _| Ok(()));
        let examples = parsed.left_out.iter().filter(|(_, why, _)| *why == LeftOut::Example).count();
        assert_eq!((parsed.rows, parsed.left_out.len()), (0, examples), "{table:?}");
        assert!(examples >= 2 && parsed.ignored_columns.is_empty(), "{:?}", parsed.ignored_columns);

        let unmarked = file
            .sheet
            .rows()
            .map(|row| row.cells().map(|cell| cell.text.replace("示例", "")).collect::<Vec<_>>().join(",") + "\n");
        let unmarked: String = unmarked.collect();
        let mut known = Known::default();
        known.people.push((
            NamedMember { member: MemberId(7), name: "张某某".to_owned(), number: Some("1001".to_owned()) },
            "420902001001-01".parse().expect("a code"),
        ));
        let parsed = match table {
            Table::Organizations => {
                let context = OrganizationContext { known: &|_| true, since: Instant::EARLIEST };
                read(table, unmarked.as_bytes(), |file| organizations(file, &context))
            }
            Table::Roster => read_roster(unmarked.as_bytes(), &Known::default(), 0),
            Table::Records => read_records(unmarked.as_bytes(), &known, "2026-11-01T00:00:00Z", &|_| None),
        };
        assert_eq!(parsed.faults, [], "{table:?}");
        assert_eq!(usize::try_from(parsed.rows).expect("few"), examples, "{table:?}");
    }
}

#[test]
fn the_words_of_the_closed_lists_are_found_however_they_are_typed() {
    for text in ["在职党员", " 在职 党员 ", "在　职", "IN_SERVICE"] {
        assert_eq!(mingzhang_events::MemberClass::read(text), Ok(mingzhang_events::MemberClass::InService), "{text}");
    }
    assert_eq!(OrganizationLevel::read("县（区）"), Ok(OrganizationLevel::County));
}

#[test]
fn every_row_of_a_copy_begins_on_the_line_on_which_it_began() {
    let file = "sep=,\n五月表\n\n编号,姓名,支部,类别,入册日期\n\n1,\"甲\n\",一,二,三\n\"\"\n2,\"乙\n又\",一,二,三\n\n\n,,,,\n3,丙,一,二,三\n";
    let file = TableFile::of_text(Table::Roster, file).expect("a table");
    let faults = std::collections::BTreeMap::from([(9, vec!["错".to_owned()]), (14, vec!["误".to_owned()])]);
    let copy = marked_text(&file, &faults);
    let again = TableFile::open(Table::Roster, &copy, &Reading::default()).expect("a table");
    let lines = |file: &TableFile| -> Vec<(u64, String)> {
        file.sheet.rows().map(|row| (row.line, row.cell(1).text.to_owned())).collect()
    };
    assert_eq!(lines(&again), lines(&file), "{}", String::from_utf8_lossy(&copy));
    let marked = |line: u64| again.sheet.row_of_line(line).map(|row| row.cell(5).text.to_owned());
    assert_eq!((marked(9).as_deref(), marked(14).as_deref(), marked(6).as_deref()), (Some("错"), Some("误"), Some("")));
}
