//! Organisations that are named, and columns of names.

use super::*;

#[test]
fn an_organisation_is_named_by_its_code_or_by_a_name_that_only_one_has() {
    let organizations = vec![
        ("第一党支部", "420902001001-01", "书院社区"),
        ("第一党支部", "420902001002-01", "北外社区"),
        ("书院社区第一党支部", "420902001001-01", "书院社区"),
        ("书院社区", "420902001001", "书院街道"),
    ];
    let known = Known { organizations, ..Known::default() };
    let table = "编号,姓名,支部,类别,入册日期,报到社区\n\
        1,甲,书院社区　第一党支部,社区党员,2024-01-01,书院社区\n\
        2,乙,420902001002-01,社区党员,2024-01-01,420902001002\n\
        3,丙,第一党支部,社区党员,2024-01-01,\n\
        4,丁,第二党支部,社区党员,2024-01-01,\n\
        5,戊,4209/01,社区党员,2024-01-01,\n";
    let parsed = read_roster(table.as_bytes(), &known, 0);
    let candidates = "420902001001-01（书院社区）、420902001002-01（北外社区）".to_owned();
    assert_eq!(
        told(&parsed),
        [
            (4, "支部", &Reason::AmbiguousOrganization { candidates }),
            (5, "支部", &Reason::UnknownOrganization),
            (6, "支部", &Reason::NotACode),
        ]
    );
    let events: Vec<&Event> = parsed.commands.iter().map(|(_, command)| &command.event).collect();
    let [Event::MemberRostered(one), Event::MemberEnrolled(enrolled), Event::MemberRostered(two), _] = events[..]
    else {
        panic!("{events:?}");
    };
    let codes = [one.organization, enrolled.community, two.organization];
    assert_eq!(codes.map(|code| code.to_string()), ["420902001001-01", "420902001001", "420902001002-01"]);
}

#[test]
fn of_many_organisations_that_are_called_alike_some_are_listed() {
    struct City;
    impl Organizations for City {
        fn called(&self, _: &str) -> Vec<OrganizationId> {
            (0..1_700).map(|number| format!("b-{number}").parse().expect("a code")).collect()
        }
        fn name_above(&self, _: OrganizationId) -> Option<String> {
            None
        }
    }
    let mut context = RosterContext {
        members: &Known::default(),
        organizations: &City,
        new_member: &mut || MemberId(1),
        renames: false,
        gives_numbers: false,
        since: None,
    };
    let file = "姓名,支部,类别,入册日期\n甲,第一党支部,社区党员,2024-01-01\n".as_bytes();
    let parsed = read(Table::Roster, file, |file| roster(file, &mut context));
    let [(2, "支部", Reason::AmbiguousOrganization { candidates })] = told(&parsed)[..] else { panic!("{parsed:?}") };
    assert!(candidates.ends_with("、b-19、……"), "{candidates}");
}

#[test]
fn a_column_of_names_is_read_where_there_is_none_of_codes() {
    let read = |head: &str| {
        let file = format!("姓名,{head},类别\n甲,一,二\n");
        TableFile::of_text(Table::Roster, &file).expect("a table").layout
    };
    assert_eq!(read("支部名称").place(Column::Branch), Some(1));
    let both = read("党支部,支部代码");
    assert_eq!(both.place(Column::Branch), Some(2));
    assert_eq!(both.unknown_headers().collect::<Vec<_>>(), ["党支部"]);
}
