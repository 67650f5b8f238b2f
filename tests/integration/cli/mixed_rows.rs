//! Tables whose rows name two people at once, on the files and over a server: nothing of somebody's is put on somebody else's account.

use super::fixture::Place;
use super::server::{Server, token};

const HEAD: &str = "类型,编号,姓名,支部,组织,日期\n";
/// The fixtures' 1001 and 1002 the other way round.
const SWAPPED: &str = "编号,姓名,支部代码,类别,入册日期\n\
    1001,李示例,420902001001-01,社区党员,2024-01-01\n1002,张示例,420902001001-01,在职党员,2024-03-01\n";
const UNNUMBERED: &str = "姓名,支部代码,类别,入册日期\n孙示例,420902001001-01,社区党员,2024-01-01\n";
const NUMBERED: &str = "编号,姓名,支部代码,类别,入册日期\n7777,孙示例,420902001001-01,社区党员,2024-01-01\n";

/// Imports that go to the files, and imports that go to a server with these grants.
fn both_ways(grants: &[&str], claim: impl Fn(&Place, &str)) {
    let place = Place::with_roster();
    claim(&place, "--ledger ledger");
    let place = Place::with_roster();
    let server = Server::of(&place);
    let secret = token(&place, grants);
    claim(&place, &format!("--url {} --token {secret}", server.url));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_table_with_one_column_sorted_alone_records_nothing() {
    both_ways(&["recorder"], |place, target| {
        let rows = "值守排班,1001,李示例,420902001001-01,420902001001,2026-10-05\n\
            值守排班,1002,李示例,420902001001-02,420902001001,2026-10-05\n\
            值守排班,1003,王 示例,书院社区,420902001001,2026-10-05\n";
        place.write("records.csv", format!("{HEAD}{rows}"));
        let ran = place.run(&format!("import records records.csv {target}")).exits(4).saying("2 faults");
        let ran = ran.saying("1001 是张示例").saying("1001 is 张示例 here").saying("nothing was recorded");
        ran.saying("1002 不属于这个支部，现属于 420902001001-01");
        place.run(&format!("import records records.csv {target} --accept-valid")).exits(4).saying("1 recorded");
    });
}

#[test]
fn a_table_of_before_a_transfer_may_name_the_branch_of_then() {
    let place = Place::with_roster();
    place.write("records.csv", format!("{HEAD}值守排班,1001,张示例,420902001001-01,420902001001,2026-10-05\n"));
    place.write(
        "transfer.csv",
        "类型,编号,姓名,支部,组织,日期\n组织关系转接,1001,张示例,420902001001-01,420902001001-02,2026-10-06\n",
    );
    place.run("import records records.csv --ledger ledger").exits(0).saying("1 recorded");
    place.run("import records transfer.csv --ledger ledger").exits(0).saying("1 recorded");
    for file in ["records.csv", "transfer.csv"] {
        place.run(&format!("import records {file} --ledger ledger")).exits(0).saying("1 were there already");
    }
}

/// A workbook that shows 01001 where another file says 1001.
#[test]
fn a_number_with_other_zeros_in_front_makes_no_second_member() {
    both_ways(&["recorder"], |place, target| {
        let roster = "编号,姓名,支部代码,类别,入册日期\n01001,张示例,420902001001-01,社区党员,2024-01-01\n";
        let records = "类型,编号,组织,日期\n值守排班,01001,420902001001,2026-10-05\n";
        place.write("roster.csv", roster);
        place.write("records.csv", records);
        let before = place.entries();
        let ran = place.run(&format!("import roster roster.csv {target}")).exits(4);
        ran.saying("登记的编号是 1001，只差前面的 0").saying("add --rename").saying("nothing was recorded");
        place.run(&format!("import records records.csv {target}")).exits(4).saying("somebody has 1001, which differs");
        assert_eq!(place.entries(), before);
        let ran = place.run(&format!("import roster roster.csv {target} --rename")).exits(0);
        ran.saying("1001").saying("1 were there already");
        place.run(&format!("import records records.csv {target}")).exits(0).saying("1 recorded");
    });
}

#[test]
fn who_may_not_be_told_of_a_member_isnt() {
    let place = Place::with_roster();
    let server = Server::of(&place);
    let elsewhere = token(&place, &["recorder@420902001001-02"]);
    place.write("records.csv", format!("{HEAD}值守排班,1001,李示例,420902001001-01,420902001001,2026-10-05\n"));
    let ran = place.run(&format!("import records records.csv --url {} --token {elsewhere}", server.url)).exits(4);
    assert!(!ran.said().contains("张示例"), "{}", ran.said());
    ran.saying("nobody on the roster fits");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_mixed_up_roster_swaps_nobody_and_a_renaming_one_says_whom() {
    both_ways(&["recorder"], |place, target| {
        let entries = place.entries();
        place.write("swapped.csv", SWAPPED);
        for mode in ["", "--dry-run"] {
            let ran = place.run(&format!("import roster swapped.csv {target} {mode}")).exits(4);
            let ran = ran.saying("1001 is registered under the name 张示例");
            ran.saying("1002 登记的姓名是“李示例”").saying("--rename");
        }
        let listed = |ran: &str| {
            let lines: Vec<&str> = ran.lines().filter(|line| line.contains("示例")).collect();
            assert_eq!(lines.len(), 2, "{ran}");
            assert!(lines[0].contains("1001") && lines[0].find("张示例") < lines[0].find("李示例"), "{ran}");
        };
        let rehearsed = place.run(&format!("import roster swapped.csv {target} --rename --dry-run")).exits(0);
        listed(&rehearsed.stdout);
        assert_eq!(place.entries(), entries);
        let renamed = place.run(&format!("import roster swapped.csv {target} --rename")).exits(0);
        listed(&renamed.stdout);
        renamed.saying("2 people get another name or number");
        place.run(&format!("import roster swapped.csv {target}")).exits(0).saying("were there already");
    });
}

#[test]
fn a_new_number_is_given_to_a_namesake_only_where_it_is_said() {
    both_ways(&["recorder"], |place, target| {
        place.write("unnumbered.csv", UNNUMBERED);
        place.write("numbered.csv", NUMBERED);
        place.run(&format!("import roster unnumbered.csv {target}")).exits(0).saying("1 recorded");
        let fault = place.run(&format!("import roster numbered.csv {target}")).exits(4);
        fault.saying("没有编号（m").saying("--give-numbers").saying("nothing was recorded");
        let given = place.run(&format!("import roster numbered.csv {target} --give-numbers")).exits(0);
        given.saying("0 recorded, 1 were there already").saying("7777");
        place.run(&format!("import roster numbered.csv {target}")).exits(0).saying("0 recorded, 1 were there");
        // A table without numbers takes nobody's away.
        place.run(&format!("import roster unnumbered.csv {target}")).exits(0).saying("0 recorded, 1 were there");
        place.run(&format!("import roster numbered.csv {target}")).exits(0).saying("0 recorded, 1 were there");
    });
}
