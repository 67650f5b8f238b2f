//! Cells that hold something which only looks like a value: nothing is made of them.

use super::*;

/// What a roster's reading of one cell comes to.
fn of_cell(header: &str, cell: &str) -> Result<NamedMember, Reason> {
    let cells = |column: &str, value: &str| if column == header { cell.to_owned() } else { value.to_owned() };
    let row = format!("{},{},b-1,社区党员,2024-01-01", cells("编号", "9001"), cells("姓名", "张三"));
    let parsed = read_roster(format!("编号,姓名,支部代码,类别,入册日期\n{row}\n").as_bytes(), &Known::default(), 0);
    match (&parsed.faults[..], &parsed.people[..]) {
        ([fault], []) => Err(fault.reason.clone()),
        ([], [person]) => Ok(person.clone()),
        other => panic!("{cell}: {other:?}"),
    }
}

#[test]
fn what_stands_for_a_name_is_nobodys_name() {
    for (reason, cells) in [
        (Reason::Ditto, &["同上", " 同 上 ", "〃", "″", "\"\"\"\"", "ditto", "〃〃"][..]),
        (
            Reason::SeveralNames,
            &["张三、李四", "张三/李四", "张三；李四", "张三／李四", "\"张三\n李四\"", "\"张三,李四\""],
        ),
        (
            Reason::NotAPersonsName,
            &["无", "—", "/", "-", "……", "暂缺", "未知", "姓名", "合计", "本页小计", "共5人", "N/A", "张*", "TRUE"],
        ),
        (
            Reason::NotAPersonsName,
            &["13900000000", "１３９００００００００", "420902199001011234", "42090219900101123X", "张三139000"],
        ),
    ] {
        for cell in cells {
            assert_eq!(of_cell("姓名", cell), Err(reason.clone()), "{cell}");
        }
    }
    for cell in [
        "张三",
        "张　三",
        "买买提·艾力",
        "王五（预备）",
        "𠮷野",
        "Anna Schmidt",
        "甲2",
        "无名氏",
        "计春",
        "共青",
        "=cmd/x",
    ] {
        assert!(of_cell("姓名", cell).is_ok(), "{cell}");
    }
}

#[test]
fn a_number_that_a_text_file_keeps_as_text_is_that_number() {
    for (cell, number) in
        [("\"=\"\"3603\"\"\"", "3603"), ("'3604", "3604"), ("0012", "0012"), ("'=1", "=1"), ("A-7", "A-7")]
    {
        assert_eq!(of_cell("编号", cell).expect("a number").number.as_deref(), Some(number), "{cell}");
    }
    for (cell, reason) in [("TRUE", Reason::NotANumber), ("false", Reason::NotANumber), ("同上", Reason::Ditto)] {
        assert_eq!(of_cell("编号", cell), Err(reason), "{cell}");
    }
}

#[test]
fn a_row_of_totals_is_left_out_and_named_however_it_is_written() {
    let head = "编号,姓名,支部代码,类别,入册日期\n1001,张三,b-1,社区党员,2024-01-01\n";
    for total in [
        "本页小计",
        "合计（人）",
        "总人数",
        "人数合计",
        "平均",
        "计",
        "共5人",
        "共 五 人。",
        "合计：",
        "合计：5人",
        "总计5人",
    ] {
        let parsed = read_roster(format!("{head}{total},5,,,\n").as_bytes(), &Known::default(), 0);
        let left_out: Vec<_> = parsed.left_out.iter().map(|(line, why, _)| (*line, *why)).collect();
        assert_eq!((left_out, parsed.faults.len()), (vec![(3, LeftOut::Total)], 0), "{total}");
    }
    let parsed = read_roster(format!("{head}共和路1,李四,b-1,社区党员,2024-01-01\n").as_bytes(), &Known::default(), 0);
    assert_eq!((parsed.left_out.len(), parsed.people.len()), (0, 2));
}

/// How long a duty with these cells took.
fn minutes_of(start: &str, end: &str) -> Result<u16, Reason> {
    let table = format!("类型,编号,组织,日期,开始时间,结束时间\n值守,1001,c-1,2026-05-05,{start},{end}\n");
    let mut known = Known::default();
    let member = NamedMember { member: MemberId(1), name: "张三".to_owned(), number: Some("1001".to_owned()) };
    known.people.push((member, "b-1".parse().expect("a code")));
    let parsed = read_records(table.as_bytes(), &known, "2026-06-01T00:00:00Z", &|_| None);
    match (&parsed.faults[..], &parsed.commands[..]) {
        ([fault], []) => Err(fault.reason.clone()),
        ([], [(_, Command { event: Event::DutyServed(served), .. })]) => Ok(served.minutes),
        other => panic!("{start} {end}: {other:?}"),
    }
}

#[test]
fn an_end_that_may_be_meant_otherwise_is_a_fault_in_one_cell_and_in_two() {
    for (start, end, minutes) in [
        ("19:30", "19:30", None),
        ("19:30", "7:30", None),
        ("14:00", "3点", None),
        ("上午9点", "2点", None),
        ("8:00", "8:00", None),
        ("晚上7:30", "9:30", Some(120)),
        ("晚上7点半", "10点", Some(150)),
        ("下午2点", "凌晨1点", Some(660)),
        ("22:00", "02:00", Some(240)),
        ("21:30", "00:30", Some(180)),
        ("晚上10点", "1点", Some(180)),
        ("20:00", "7:30", Some(690)),
        ("9:00", "21:30", Some(750)),
        ("22:00", "24:00", Some(120)),
        ("8:00", "次日8:00", Some(1_440)),
        ("19:30", "次日 7:30", Some(720)),
        ("19:30", "第二天早上7点半", Some(720)),
        ("19:30", "2026-05-06 07:30", Some(720)),
    ] {
        let expected = minutes.ok_or(Reason::NextDayUnsaid);
        assert_eq!(minutes_of(start, end), expected, "{start} | {end}");
        let in_one = minutes_of(&format!("{start}-{end}"), "");
        assert_eq!(in_one, expected, "{start}-{end}");
    }
}

#[test]
fn a_line_that_is_said_to_be_the_header_and_is_empty_is_told_as_that() {
    let reading = Reading { header_row: Some(99), ..Reading::default() };
    let faults = TableFile::open(Table::Roster, ROSTER, &reading).expect_err("there is no line 99");
    let told: Vec<_> = faults.iter().map(|fault| (fault.line, fault.reason.clone())).collect();
    assert_eq!(told, [(99, Reason::HeaderRowEmpty { last: 5 })]);
}
