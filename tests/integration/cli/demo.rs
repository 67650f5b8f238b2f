//! The demonstration: the same every time, and never in the place of a real ledger.

use super::fixture::Place;

const DEMO: &str = "demo --divisions 420902001001 --members 120 --no-serve";

#[test]
fn the_same_seed_gives_the_same_root_and_circulars_and_another_seed_others() {
    let place = Place::new();
    let root = |arguments: &str| {
        let ran = place.run(&format!("{DEMO} {arguments}")).exits(0).saying("模拟数据").saying("党员报到率");
        let line = ran.stdout.lines().find(|line| line.contains("root  ")).expect("the root").to_owned();
        line.trim().to_owned()
    };
    let (one, two) = (root("--directory one"), root("--directory two"));
    assert_eq!(one, two);
    assert_ne!(one, root("--directory three --seed 7"));
    for (month, format) in ["2026-10", "2026-10-superseding"]
        .into_iter()
        .flat_map(|month| ["html", "csv", "json", "txt"].map(|format| (month, format)))
    {
        let read =
            |place_name: &str| std::fs::read(place.path(&format!("{place_name}/notices/{month}.{format}"))).unwrap();
        assert_eq!(read("one"), read("two"), "{month}.{format}");
    }
    place.run("verify --ledger one").exits(0);
}

#[test]
fn the_month_is_told_from_the_consents_to_the_notice_that_took_the_place_of_the_first() {
    let place = Place::new();
    place
        .run(DEMO)
        .exits(0)
        .saying("撤回")
        .saying("公示 3 个工作日")
        .saying("成立并更正 1 件，不成立 1 件")
        .saying("取代原通报");
    let in_demo_asked = |command: &str| place.run(&format!("{command} --ledger mingzhang-demo"));
    let in_demo = |command: &str| in_demo_asked(command).exits(0);
    in_demo("verify");
    in_demo("month status --month 2026-10 --organization 420902001001").saying("superseded");
    let below = "--organization 420902001001";
    in_demo("notice --month 2026-10").saying("下级印发过").saying(below).saying("but below it");
    assert!(!in_demo(&format!("notice --month 2026-10 {below}")).said().contains("below it"));
    in_demo("objection list --organization 420902001001").saying("不成立");
    let superseding = std::fs::read_to_string(place.path("mingzhang-demo/notices/2026-10-superseding.txt")).unwrap();
    assert!(superseding.contains("更正说明") && superseding.contains("更正（录入差错）"), "{superseding}");
    // What it has written is known for ever, and another format of a notice is issued by the number that it was issued under.
    for format in ["csv", "docx", "html", "json", "txt", "xlsx"] {
        let of = |notice: &str| in_demo_asked(&format!("check-document mingzhang-demo/notices/{notice}.{format}"));
        of("2026-10-superseding").exits(0).saying("was issued").saying("10号更正");
        of("2026-10").exits(3).saying("was issued").saying("superseded");
    }
    for number in ["〔2026〕10号", "〔2026〕10号更正"] {
        let issue = format!("notice --organization 420902001001 --month 2026-10 --issue --number {number}");
        in_demo(&issue).saying("nothing is new");
    }
    let of = |name: &str| std::fs::read(place.path(&format!("mingzhang-demo/notices/{name}.json"))).unwrap();
    assert!(String::from_utf8(of("2026-10-superseding")).unwrap().contains("mingzhang.notice.v2"));
    assert!(!String::from_utf8(of("2026-10")).unwrap().contains("supersedes"));
}

#[test]
fn a_demonstration_is_made_anew_but_a_real_ledger_stays() {
    let place = Place::with_ledger();
    place.run(&format!("{DEMO} --directory ledger")).exits(1).saying("choose another directory");
    place.run("verify --ledger ledger").exits(0);
    place.run(&format!("{DEMO} --directory demo")).exits(0);
    place.run(&format!("{DEMO} --directory demo")).exits(0);
    place.run("verify --ledger demo").exits(0);
}

#[test]
fn where_anything_stands_that_is_not_the_demonstrations_nothing_of_either_is_removed() {
    let place = Place::new();
    place.run(&format!("{DEMO} --directory demo")).exits(0);
    let root = place.run("show checkpoint --ledger demo").exits(0).stdout;
    for mine in ["demo/mine.txt", "demo/notices/mine.txt", "demo/notices/2026-10.html.mine", "demo/notices/sub/mine"] {
        place.write(mine, "mine");
        place.run(&format!("{DEMO} --directory demo")).exits(1).saying("nothing was removed").saying("--directory");
        assert_eq!(std::fs::read(place.path(mine)).unwrap(), b"mine");
        assert_eq!(place.run("show checkpoint --ledger demo").exits(0).stdout, root, "{mine}");
        assert!(place.path("demo/notices/2026-10-superseding.html").exists(), "{mine}");
        std::fs::remove_file(place.path(mine)).unwrap();
    }
    std::fs::remove_dir(place.path("demo/notices/sub")).unwrap();
    place.run(&format!("{DEMO} --directory demo")).exits(0);
}

#[test]
fn a_division_that_is_not_built_in_is_a_wrong_usage() {
    Place::new().run("demo --divisions 110000 --no-serve").exits(2).saying("4209");
}
