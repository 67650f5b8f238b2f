//! The page of a line: every forgery of it is shown, and what can't be proved there is named.

use super::browser::Browser;
use super::fixture::Street;
use super::verification::{Forgery, changed, each_is_shown, flipped, in_place, verify};
use mingzhang_events::{Event, MemberId};
use serde_json::{Value, json};

const OF_A_LINE: &[Forgery] = &[
    ("a record left out", "/lines/1", "page", |text| {
        changed(text, |of| drop(of["items"].as_array_mut().expect("items").pop()))
    }),
    ("a changed proof of a record", "/lines/1", "lines", |text| {
        changed(text, |of| {
            let proof = &mut of["items"][0]["entries"][0]["inclusion_proof"];
            proof[0] = flipped(&proof[0]);
        })
    }),
    ("a page that shows other points", "", "page", |text| {
        text.replacen("class=\"line-points\">", "class=\"line-points\">1", 1)
    }),
    ("a page that shows another entry", "", "page", |text| {
        text.replacen("class=\"log-index\">", "class=\"log-index\">9", 1)
    }),
    ("a changed figure of the notice", ".json", "digest", |text| changed(text, |of| of["notice"]["due"] = json!(1))),
    ("a page of another month", "", "page", |text| {
        text.replacen("<h1>书院街道　2026年10月", "<h1>书院街道　2026年9月", 1)
    }),
    ("a page of another line", "", "page", |text| text.replacen("records behind line 1<", "records behind line 2<", 1)),
    ("a page that shows another branch", "", "page", |text| in_place(text, "所在支部", "</div>", "<dd>", "<dd>乡")),
    ("a page that shows another date", "", "page", |text| {
        text.replacen("class=\"date\">2026-10-", "class=\"date\">2026-10-0", 1)
    }),
    ("a page that shows another clause", "", "page", |text| {
        in_place(text, "class=\"records\"", "</table>", "<td>1.", "<td>2.")
    }),
    ("a page that shows better evidence", "", "page", |text| {
        in_place(text, "class=\"records\"", "</table>", "现场扫码", "双方确认")
    }),
    ("a page that shows another kind", "", "page", |text| {
        in_place(text, "<tbody>", "</tbody>", "<th scope=\"row\">", "<th scope=\"row\">急难")
    }),
    ("a page that says there is no record", "", "page", |text| {
        let nothing = "<p class=\"nothing\">本月没有记录，积分为零。 No records in this month: no points.</p><table class=\"records\"";
        text.replacen("<table class=\"records\"", nothing, 1)
    }),
    ("a page with a figure more", "", "page", |text| text.replacen("回到通报", "回到通报（99分）", 1)),
    ("a page with a figure more outside of it", "", "page", |text| {
        text.replacen("</footer>", "<p>共九十九分</p></footer>", 1)
    }),
];

#[test]
fn every_forgery_of_a_line_is_shown_at_the_step_that_it_breaks() {
    each_is_shown(OF_A_LINE, &Street::served(), "/lines/1");
}

const OF_A_LINE_WITHOUT_RECORDS: &[Forgery] = &[
    ("a page that doesn't say that there is no record", "", "page", |text| {
        in_place(text, "<p class=\"nothing\">", "</p>", "本月没有记录，积分为零。", "")
    }),
    ("a page that says that many were lost", "", "page", |text| {
        in_place(text, "<p class=\"nothing\">", "</p>", "积分为零", "补录后为十分")
    }),
    ("a page that says it twice, once with a figure", "", "page", |text| {
        text.replacen("<p class=\"nothing\">", "<p class=\"nothing\">另有九分</p><p class=\"nothing\">", 1)
    }),
    ("a page with a record", "", "page", |text| {
        let table = "<table class=\"records\"><tbody><tr><td>2026-10-01</td></tr></tbody></table>";
        text.replacen("<p class=\"nothing\">", &format!("{table}<p class=\"nothing\">"), 1)
    }),
];

#[test]
fn every_forgery_of_a_line_without_records_is_shown_and_an_honest_one_verifies() {
    // Neither paired nor on patrol, and away from the one meeting.
    let idle = MemberId(23);
    let street = Street::shaped(|events| {
        events.retain(|(_, event)| !matches!(event, Event::AttendanceRecorded(of) if of.member == idle));
    });
    let of = |number| format!("{}/v1/notices/{}/lines/{number}", street.address, street.notice);
    let without = (1..=24).find(|number| {
        let line = ureq::get(of(*number)).call().expect("an answer").body_mut().read_to_string().expect("text");
        serde_json::from_str::<Value>(&line).expect("JSON")["items"] == json!([])
    });
    let page = format!("/lines/{}", without.expect("a line without records"));
    each_is_shown(OF_A_LINE_WITHOUT_RECORDS, &street, &page);
}

/// Entries aren't public, so what a line's page says of them can't be proved there: the result must not pass over it.
#[test]
fn what_a_line_says_of_its_records_is_named_as_not_proved() {
    let street = Street::served();
    let address = format!("{}/notices/{}/lines/1", street.address, street.notice);
    let line = ureq::get(format!("{}/v1/notices/{}/lines/1", street.address, street.notice)).call();
    let line = line.expect("an answer").body_mut().read_to_string().expect("text");
    let line: Value = serde_json::from_str(&line).expect("JSON");
    let date = line["items"][0]["date"].as_str().expect("a date").to_owned();
    street.forge(move |path, text| if path.contains("/lines/1") { text.replace(&date, "2026-10-28") } else { text });
    let mut browser = Browser::start();
    browser.open(&address);
    let verdict = verify(&mut browser);
    assert_eq!(verdict.stopped_at, None, "{}", verdict.text);
    let result = verdict.text.split("没有核验的：").nth(1).unwrap_or_default();
    for named in ["日期", "事项", "分钟", "条款", "佐证", "姓名"] {
        assert!(result.contains(named), "{named}: {}", verdict.text);
    }
}
