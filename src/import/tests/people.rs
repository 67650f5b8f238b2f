//! Rows that name somebody: nobody is taken for somebody else.

use super::*;

/// Three of one branch, the third without a number, and one of another branch.
const REGISTERED: &str = "编号,姓名,支部代码,类别,入册日期\n\
    1001,张三,b-1,社区党员,2024-01-01\n\
    1002,李四,b-1,社区党员,2024-01-01\n\
    ,孙八,b-1,社区党员,2024-01-01\n\
    2001,钱九,b-2,社区党员,2024-01-01\n";

fn registered() -> Known {
    let mut known = Known::default();
    known.remember(&read_roster(REGISTERED.as_bytes(), &known, 0));
    known
}

#[test]
fn a_row_whose_number_and_name_or_branch_are_two_peoples_is_a_fault() {
    let known = registered();
    let table = "类型,党员标识,编号,姓名,支部代码,组织,日期\n\
        值守排班,,1001,张　三,b-1,c-1,2026-05-01\n\
        值守排班,,1001,,,c-1,2026-05-02\n\
        值守排班,,1001,李四,b-1,c-1,2026-05-03\n\
        值守排班,,1001,李四,b-2,c-1,2026-05-04\n\
        值守排班,,1001,张三,b-2,c-1,2026-05-05\n\
        值守排班,m0000000000001,1002,,,c-1,2026-05-06\n\
        值守排班,m0000000000001,1001,钱九,,c-1,2026-05-07\n\
        值守排班,,9999,张三,b-1,c-1,2026-05-08\n";
    let parsed = read_records(table.as_bytes(), &known, "2026-06-01T00:00:00Z", &|_| None);
    let other = |whose: &str| Reason::OtherPerson { whose: whose.to_owned(), name: Some("张三".to_owned()) };
    let branch = Reason::OtherBranch { whose: "1001".to_owned(), branch: Some("b-1".parse().expect("a code")) };
    assert_eq!(
        told(&parsed),
        [
            (4, "姓名", &other("1001")),
            (5, "姓名", &other("1001")),
            (5, "支部代码", &branch),
            (6, "支部代码", &branch),
            (7, "编号", &Reason::OtherNumber),
            (8, "姓名", &other("m0000000000001")),
            (9, "编号", &Reason::UnknownMember),
        ]
    );
    assert!(parsed.faults[0].chinese().contains("1001 是张三，与这一行写的姓名不符"), "{}", parsed.faults[0]);
}

#[test]
fn a_roster_renames_nobody_unless_it_is_said_that_it_may() {
    let known = registered();
    let table = "编号,姓名,支部代码,类别,入册日期,党员标识\n\
        1001,李四,b-1,社区党员,2024-01-01,\n\
        1002,张三,b-1,社区党员,2024-01-01,\n\
        ,孙八,b-1,社区党员,2024-01-01,\n\
        2002,钱九,b-2,社区党员,2024-01-01,m0000000000004\n\
        1002,王五,b-1,社区党员,2024-01-01,m0000000000001\n";
    let parsed = read_roster(table.as_bytes(), &known, 10);
    let named = |whose: &str, name: &str| Reason::RegisteredAs { whose: whose.to_owned(), name: Some(name.to_owned()) };
    let reasons = told(&parsed);
    assert_eq!(
        reasons[..3],
        [
            (2, "姓名", &named("1001", "张三")),
            (3, "姓名", &named("1002", "李四")),
            (5, "编号", &Reason::NumberedAs { number: Some("2001".to_owned()) }),
        ]
    );
    assert!(matches!(reasons[3], (6, "编号", Reason::OtherOnLine { .. })), "{reasons:?}");
    assert_eq!(parsed.changed, []);

    let allowed = read_roster_that(true, false, table.as_bytes(), &known, 10);
    let changed: Vec<_> = allowed.changed.iter().map(|changed| (changed.line, changed.name.as_str())).collect();
    assert_eq!(changed, [(2, "李四"), (3, "张三"), (5, "钱九")]);
    assert_eq!(allowed.changed[0].before.name.as_deref(), Some("张三"));
    assert_eq!(told(&allowed).len(), 1, "nobody gets the number of somebody else: {:?}", told(&allowed));
    let holder = "编号,姓名,支部代码,类别,入册日期,党员标识\n1002,张三,b-1,社区党员,2024-01-01,m0000000000001\n";
    let holder = read_roster_that(true, false, holder.as_bytes(), &known, 10);
    assert_eq!(told(&holder), [(2, "编号", &Reason::OtherNumber)]);
}

#[test]
fn a_new_number_of_somebody_whose_namesake_has_none_is_not_guessed() {
    let known = registered();
    let table = "编号,姓名,支部代码,类别,入册日期\n\
        7777,孙八,b-1,社区党员,2024-01-01\n\
        7778,孙八,b-2,社区党员,2024-01-01\n\
        7779,张三,b-1,社区党员,2024-01-01\n";
    let parsed = read_roster(table.as_bytes(), &known, 10);
    assert_eq!(told(&parsed), [(2, "编号", &Reason::Unnumbered { candidates: "m0000000000003".to_owned() })]);
    assert_eq!(parsed.people.len(), 2, "a namesake with a number, or in another branch, is somebody else");
    let given = read_roster_that(false, true, table.as_bytes(), &known, 10);
    assert_eq!((given.faults.len(), given.people[0].member, given.changed.len()), (0, MemberId(3), 1));
    let by_id = "编号,姓名,支部代码,类别,入册日期,党员标识\n7777,孙八,b-1,社区党员,2024-01-01,m0000000000003\n";
    let by_id = read_roster(by_id.as_bytes(), &known, 10);
    assert_eq!((by_id.faults.len(), by_id.people[0].member), (0, MemberId(3)));
}

/// Whom earlier versions, other formats or a spreadsheet's own zeros gave the same number in other characters.
fn registered_in_other_characters() -> Known {
    let mut known = registered();
    for (id, number, name) in
        [(21, "12", "赵一"), (22, "0044", "周二"), (23, "=\"3603\"", "吴三"), (24, "'0007", "郑四")]
    {
        let person = NamedMember { member: MemberId(id), name: name.to_owned(), number: Some(number.to_owned()) };
        known.people.push((person, "b-1".parse().expect("a code")));
    }
    known
}

#[test]
fn a_number_in_other_characters_makes_nobody_a_second_time() {
    let known = registered_in_other_characters();
    let table = "编号,姓名,支部代码,类别,入册日期\n\
        0012,赵一,b-1,社区党员,2024-01-01\n\
        44,周二,b-1,社区党员,2024-01-01\n\
        3603,吴三,b-1,社区党员,2024-01-01\n\
        7,郑四,b-1,社区党员,2024-01-01\n\
        00000012,赵一,b-2,社区党员,2024-01-01\n\
        120,赵一,b-1,社区党员,2024-01-01\n\
        012,钱五,b-1,社区党员,2024-01-01\n\
        0012A,赵一,b-1,社区党员,2024-01-01\n";
    let parsed = read_roster(table.as_bytes(), &known, 30);
    let known_as = |number: &str| Reason::NumberedOtherwise { known: number.to_owned() };
    assert_eq!(
        told(&parsed),
        [
            (2, "编号", &known_as("12")),
            (3, "编号", &known_as("0044")),
            (4, "编号", &known_as("=\"3603\"")),
            (5, "编号", &known_as("'0007")),
            (6, "编号", &known_as("12")),
        ]
    );
    assert!(parsed.faults[0].chinese().contains("登记的编号是 12，只差前面的 0"), "{}", parsed.faults[0]);
    assert_eq!(parsed.people.len(), 3, "another number, another name, and what is no number but letters, are new");

    let first = &table[..table.find("00000012").expect("the line")];
    let renamed = read_roster_that(true, false, first.as_bytes(), &known, 30);
    let numbers: Vec<_> = renamed.people.iter().map(|person| (person.member.0, person.number.as_deref())).collect();
    assert_eq!(numbers, [(21, Some("0012")), (22, Some("44")), (23, Some("3603")), (24, Some("7"))]);
    let before: Vec<_> = renamed.changed.iter().map(|changed| changed.before.number.as_deref()).collect();
    assert_eq!(before, [Some("12"), Some("0044"), Some("=\"3603\""), Some("'0007")], "{:?}", told(&renamed));
}

#[test]
fn of_several_numbers_in_other_characters_none_is_guessed() {
    let mut known = registered_in_other_characters();
    let person = NamedMember { member: MemberId(25), name: "赵一".to_owned(), number: Some("012".to_owned()) };
    known.people.push((person, "b-1".parse().expect("a code")));
    let table = "编号,姓名,支部代码,类别,入册日期\n0012,赵一,b-1,社区党员,2024-01-01\n";
    let parsed = read_roster_that(true, false, table.as_bytes(), &known, 30);
    assert_eq!(told(&parsed), [(2, "编号", &Reason::NumberedOtherwise { known: "12、012".to_owned() })]);
}

#[test]
fn a_record_whose_number_is_on_record_in_other_characters_is_told_so() {
    let known = registered_in_other_characters();
    let table = "类型,编号,组织,日期\n\
        值守排班,0012,c-1,2026-05-01\n\
        值守排班,3603,c-1,2026-05-02\n\
        值守排班,00,c-1,2026-05-03\n\
        值守排班,13,c-1,2026-05-04\n";
    let parsed = read_records(table.as_bytes(), &known, "2026-06-01T00:00:00Z", &|_| None);
    let written = |number: &str| Reason::NumberWrittenOtherwise { known: number.to_owned() };
    assert_eq!(
        told(&parsed),
        [
            (2, "编号", &written("12")),
            (3, "编号", &written("=\"3603\"")),
            (4, "编号", &Reason::UnknownMember),
            (5, "编号", &Reason::UnknownMember),
        ]
    );
}
