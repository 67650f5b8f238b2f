//! The words of a notice that aren't figures: those of its rules, and those that an office sets itself. The button passes them as they are, and lets no figure hide in them.

use super::browser::Browser;
use super::fixture::Street;
use super::verification::{Forgery, assert_passes, assert_stops, each_is_shown, in_place};
use mingzhang_events::{Event, RecordDating};

/// What an office words itself is its own, and no figure can hide in the title.
const OF_OWN_WORDS: &[Forgery] = &[
    ("a title of another month", "", "page", |text| in_place(text, "<h1", "</h1>", "2026年10月", "2026年9月")),
    ("a title of no month", "", "page", |text| in_place(text, "<h1", "</h1>", "2026年10月", "")),
    ("a figure in the title", "", "page", |text| in_place(text, "<h1", "</h1>", "公告", "公告（前十名）")),
    ("a figure in the title of the window", "", "page", |text| in_place(text, "<title", "</title>", "公告", "公告2")),
    ("a period that ends earlier", "", "page", |text| {
        in_place(text, "class=\"objecting\"", "</section>", "至2026年11月10日止", "至2026年11月5日止")
    }),
    ("a table among own words", "", "page", |text| {
        in_place(text, "class=\"addressees own\">", "</p>", "各党支部（共9个）：", "各党支部（共9个）：<b>第1名</b>")
    }),
    ("another paragraph of own words", "", "page", |text| {
        in_place(
            text,
            "class=\"objecting\"",
            "</section>",
            "党建办提出。",
            "党建办提出。</p><p class=\"own\">公示期至11月3日止。",
        )
    }),
    ("words of nobody's with a figure in them", "", "page", |text| {
        in_place(text, "class=\"hereby own\"", "</p>", "现予公告。", "现予公告。</p><p>共99人。")
    }),
];

#[test]
fn what_an_office_words_itself_verifies_and_no_forgery_hides_in_it() {
    let street = Street::disclosing_as(|config| {
        let text = "notice_title = '{month}|积分|通告'\ndisclosure_title = '{month}|积分|公告'\naddressees = '各党支部（共9个）：'\n\
            disclosure_closing = '现予公告。'\nhow_to_object = '5个工作日内向党建办提出。'";
        config.documents.wording = toml::from_str(text).expect("wording");
    });
    let page = ureq::get(street.notice_page()).call().expect("an answer").body_mut().read_to_string().expect("text");
    for own in ["2026年10月积分公告", "各党支部（共9个）：", "现予公告。", "5个工作日内向党建办提出。"]
    {
        assert!(page.contains(own), "{own}");
    }
    for not in ["基层治理积分情况的公示", "特此公示", "没有账号的", "whoever has no log-in"] {
        assert!(!page.contains(not), "{not}");
    }
    each_is_shown(OF_OWN_WORDS, &street, "");
}

/// By which date records go into months, and what is withheld beside small groups: as those rules have it that the notice was counted by.
#[test]
fn the_notes_of_a_notice_follow_its_rules_and_pass_with_their_figures_only() {
    let street = Street::shaped(|events| {
        let rules = events.iter_mut().find_map(|(_, event)| {
            if let Event::ScoringRulesAdopted(adopted) = event { Some(&mut adopted.rules) } else { None }
        });
        let rules = rules.expect("rules");
        (rules.records_dated_by, rules.withhold_against_subtraction) = (Some(RecordDating::OwnStart), Some(false));
    });
    let mut browser = Browser::start();
    let notes = |browser: &mut Browser, street: &Street| {
        browser.open(&street.notice_page());
        let notes = browser.evaluate("document.querySelector('.definitions').textContent");
        notes.as_str().expect("text").to_owned()
    };
    let own = notes(&mut browser, &street);
    assert!(own.contains("记录按实际开始（签到）之日") && !own.contains("计划开始"), "{own}");
    assert!(own.contains("不足5人的。") && !own.contains("推算"), "{own}");
    assert_passes(&mut browser, "rules that date records by the check-in and withhold nothing beside small groups");
    street.forge(|_, text| text.replacen("不足5人的。", "不足3人的。", 1));
    browser.open(&street.notice_page());
    assert_stops(&mut browser, "failed", "page", "another limit");
    // Rules that are adopted between the announcements of two activities hold for the second of them only.
    let street = Street::shaped(|events| {
        let rules = |event: &Event| if let Event::ScoringRulesAdopted(of) = event { Some(of.clone()) } else { None };
        let adopted = events.iter().find_map(|(_, event)| rules(event));
        let mut adopted = adopted.expect("rules");
        (adopted.rules.version, adopted.rules.records_dated_by) =
            ("later".parse().expect("a version"), Some(RecordDating::OwnStart));
        let mut activities =
            events.iter().enumerate().filter(|(_, (_, event))| matches!(event, Event::ActivityScheduled(_)));
        let (second, _) = activities.nth(1).expect("two activities");
        events.insert(second, ("2026-09-01T01:30:00Z", adopted.into()));
    });
    let both = notes(&mut browser, &street);
    assert!(both.contains("有的按活动计划开始之日") && both.contains("有的按实际开始（签到）之日"), "{both}");
    assert_passes(&mut browser, "records dated in both ways");
    let planned = notes(&mut browser, &Street::served());
    assert!(planned.contains("按活动计划开始之日") && planned.contains("可由此推算出不足5人"), "{planned}");
}
