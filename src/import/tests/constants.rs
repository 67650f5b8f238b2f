//! What every row has, said once.

use super::*;

const NOW: &str = "2026-10-31T12:00:00Z";

/// Two duties of two members; with or without the columns that are the same in both.
fn duties(with_columns: bool) -> String {
    let row = |number: &str, day: &str| match with_columns {
        true => format!("值守排班,{number},420902001001,{day}\n"),
        false => format!("{number},{day}\n"),
    };
    let head = if with_columns { "类型,编号,组织,时间\n" } else { "编号,时间\n" };
    format!("{head}{}{}", row("1001", "2026-10-05"), row("1002", "2026-10-06"))
}

fn set(constants: &[(Column, &str)]) -> Reading {
    let set = constants.iter().map(|(column, value)| (*column, (*value).to_owned())).collect();
    Reading { set, ..Reading::default() }
}

#[test]
fn what_every_row_has_is_read_as_a_column_of_it_would_be() {
    let (known, read) = (rostered(), |file: &str, reading: &Reading| {
        read_records_as(file.as_bytes(), &rostered(), NOW, &|_| None, reading)
    });
    let whole = read_records(duties(true).as_bytes(), &known, NOW, &|_| None);
    let said = set(&[(Column::Type, "值守排班"), (Column::Organization, " ４２０９０２００１００１ ")]);
    let mut mapping = Mapping { table: "records".to_owned(), ..Mapping::default() };
    mapping.set =
        [("type", "报到"), ("organization", "420902001001")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    // Of what both say, the option counts.
    let both = Reading { mapping: Some(mapping), ..set(&[(Column::Type, "值守排班")]) };
    for reading in [said, both] {
        let parsed = read(&duties(false), &reading);
        assert_eq!(parsed.faults, []);
        let commands = |parsed: &Parsed| -> Vec<_> {
            let told = |(line, command): &(u64, Command)| (*line, command.key.clone(), command.event.clone());
            parsed.commands.iter().map(told).collect()
        };
        assert_eq!(commands(&parsed), commands(&whole));
        assert_eq!(commands(&parsed).len(), 2);
    }
}

#[test]
fn what_every_row_has_is_refused_beside_a_column_of_it_or_where_it_cant_be_read() {
    let read = |file: &str, reading: &Reading| read_records_as(file.as_bytes(), &rostered(), NOW, &|_| None, reading);
    let beside = read(&duties(true), &set(&[(Column::Type, "值守排班")]));
    assert_eq!(told(&beside), [(1, "类型", &Reason::SetAndColumn)]);
    // Once, and not of each row; together with what is missing.
    let wrong = [
        (Column::Type, "值日"),
        (Column::Member, "1001"),
        (Column::Start, "后天"),
        (Column::Class, "别的"),
        (Column::Reason, "天气晴"),
        (Column::Minutes, "2小"),
        (Column::Clause, "一、"),
        (Column::Key, "键"),
        (Column::Evidence, " "),
    ];
    let parsed = read("编号,活动\n1001,A\n1002,B\n", &set(&wrong));
    let columns: Vec<&str> = parsed.faults.iter().map(|fault| fault.column.as_str()).collect();
    let expected = ["type", "member", "class", "start", "minutes", "evidence", "reason", "clause", "key"];
    let mut expected = expected.map(|name| format!("--set {name}"));
    expected.sort();
    let mut sorted = columns.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    assert!(parsed.faults.iter().all(|fault| fault.line == 1), "{:?}", parsed.faults);
    for (column, value) in [
        (Column::Start, "19:30"),
        (Column::End, "00:30"),
        (Column::Class, "值守"),
        (Column::Class, "在职党员"),
        (Column::Reason, "纸质签到"),
        (Column::Reason, "on_paper"),
        (Column::Member, "m0000000000001"),
    ] {
        let parsed = read("类型,编号,日期\n报到,1001,2026-10-05\n", &set(&[(column, value)]));
        let wrong: Vec<_> = parsed.faults.iter().filter(|fault| fault.line == 1).collect();
        assert!(wrong.is_empty(), "{value}: {wrong:?}");
    }
}
