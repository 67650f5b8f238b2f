//! Tables that name organisations instead of giving their codes.

use super::fixture::Place;
use super::server::{Server, token};

/// A second community with a branch that is called like the first one's.
const NAMESAKE: &str =
    "代码,名称,层级,上级代码,成立日期\n420902001002-01,北外社区第一网格党支部,支部,420902001002,2019-05-01\n";
const ROSTER: &str = "编号,姓名,支部名称,类别,入册日期,报到社区\n\
    3001,甲示例,书院社区第一网格党支部,社区党员,2024-01-01,北外社区\n\
    3002,乙示例,北外社区 第一网格党支部,社区党员,2024-01-01,４２０９０２００１００１\n\
    3003,丙示例,第二网格党支部,社区党员,2024-01-01,\n";

fn street() -> Place {
    let place = Place::with_roster();
    place.write("namesake.csv", NAMESAKE);
    place.run("import organizations namesake.csv --ledger ledger").exits(0);
    place
}

#[test]
fn a_roster_may_name_branches_and_communities_instead_of_their_codes() {
    let place = street();
    place.write("roster.csv", ROSTER);
    let preview = place.run("import roster roster.csv --preview").exits(0);
    preview.saying("支部名称").saying("第二网格党支部（按名称查找 looked up by name）");
    place.run("import roster roster.csv --ledger ledger").exits(0).saying("5 recorded, 0 were there already");
    place.run("import roster roster.csv --ledger ledger").exits(0).saying("0 recorded, 5 were there already");
    for (number, branch) in [("3001", "420902001001-01"), ("3002", "420902001002-01"), ("3003", "420902001001-02")] {
        place.run(&format!("show member {number} --ledger ledger")).exits(0).saying(branch);
    }
}

#[test]
fn of_several_organisations_that_are_called_alike_none_is_guessed() {
    let place = street();
    place.write(
        "roster.csv",
        "编号,姓名,支部,类别,入册日期\n3001,甲示例,第一网格党支部,社区党员,2024-01-01\n3002,乙示例,第九网格党支部,社区党员,2024-01-01\n",
    );
    let before = place.entries();
    let ran = place.run("import roster roster.csv --ledger ledger --errors copy.csv").exits(4);
    let candidates = "420902001001-01（书院社区）、420902001002-01（北外社区）";
    let ran = ran.saying(candidates).saying("several organisations are called so");
    ran.saying("没有叫这个名称的组织").saying("nothing was recorded");
    let copy = std::fs::read_to_string(place.path("copy.csv")).expect("a copy");
    assert!(copy.contains(candidates) && copy.contains("no organisation is called so here"), "{copy}");
    assert_eq!(place.entries(), before);
    // Within one community there is only one of the name.
    place.write("one.csv", "编号,姓名,支部,类别,入册日期\n3001,甲示例,第一网格党支部,社区党员,2024-01-01\n");
    place.run("import roster one.csv --ledger ledger --below 420902001002").exits(0).saying("1 recorded");
    place.run("show member 3001 --ledger ledger").exits(0).saying("420902001002-01");
    place.run("import roster one.csv --ledger ledger --below 999").exits(3).saying("check the code of --below");
}

#[test]
fn records_name_members_by_a_branch_that_is_named_itself() {
    let place = street();
    let head = "类型,姓名,支部,组织,时间\n";
    let row = |branch: &str, community: &str| format!("{head}值守排班,张示例,{branch},{community},2026-10-05\n");
    place.write("records.csv", row("书院社区第一网格党支部", "书院社区"));
    place.run("import records records.csv --ledger ledger").exits(0).saying("1 recorded");
    place.run("import records records.csv --ledger ledger").exits(0).saying("1 were there already");
    place.write("ambiguous.csv", row("第一网格党支部", "书院社区"));
    place.run("import records ambiguous.csv --ledger ledger").exits(4).saying("420902001002-01（北外社区）");
    // The rules' refusal speaks of the name that the table has.
    place.write("again.csv", "类型,编号,组织,时间\n组织关系转接,1001,书院社区第一网格党支部,2026-10-06\n");
    let refused = place.run("import records again.csv --ledger ledger").exits(4).saying("already_in_branch");
    assert!(!refused.said().contains("420902001001-01"), "{}", refused.said());
}

#[test]
fn over_a_server_names_are_those_that_the_token_reaches() {
    let place = street();
    let server = Server::of(&place);
    let import = |token: &str, file: &str| place.run(&format!("import {file} --url {} --token {token}", server.url));
    place.write("roster.csv", "编号,姓名,支部,类别,入册日期\n3001,甲示例,第一网格党支部,社区党员,2024-01-01\n");
    let whole = token(&place, &["recorder"]);
    import(&whole, "roster roster.csv").exits(4).saying("420902001001-01（书院社区）、420902001002-01（北外社区）");
    let clerk = token(&place, &["recorder@420902001002"]);
    import(&clerk, "roster roster.csv").exits(0).saying("1 recorded, 0 were there already");
    import(&whole, "roster roster.csv --below 420902001002").exits(0).saying("1 were there already");
    // By the names of member, branch and community alone.
    place.write("records.csv", "类型,姓名,支部,组织,时间\n值守排班,甲示例,第一网格党支部,北外社区,2026-10-05\n");
    import(&clerk, "records records.csv").exits(0).saying("1 recorded");
    assert_eq!(server.stop(), Some(0));
    place.run("show member 3001 --ledger ledger").exits(0).saying("420902001002-01");
}
