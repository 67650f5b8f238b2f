//! A year that the program doesn't know: its calendar comes with the rules, and every deadline in it is counted by that.

use super::world::{Answered, STREET, World, command, member};
use mingzhang::clock::SetClock;
use mingzhang_events::Instant;
use serde_json::{Value, json};
use std::sync::Arc;

const MONTH: &str = "2026-12";

/// Of a document from a month on.
fn rules(version: &str, from: &str, lines: &str) -> Value {
    let document = format!(
        "title = \"t\"\nversion = \"{version}\"\neffective_from = \"{from}\"\nreview_required_for = []\n{lines}\n"
    );
    json!({ "rules": mingzhang_projections::parse_rules(&document).expect("rules") })
}

fn instant(text: &str) -> Instant {
    text.parse().expect("an instant")
}

async fn told(world: &World, token: &str, stored_type: &str, time: &str, data: Value) -> Answered {
    let key = format!("{stored_type}-{time}");
    world.post("/v1/commands", Some(token), Some(&key), command(stored_type, time, "office", data)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlines_of_a_year_that_came_with_the_rules_are_counted_by_its_calendar_and_refused_before() {
    // A Tuesday.
    let clock = Arc::new(SetClock::at(instant("2027-01-05T02:00:00Z")));
    let world = World::street_at(Arc::clone(&clock));
    let keeper = world.token("k-1", &["publisher", "operator"]);
    let periods = "[disclosure]\nworking_days = 4\nanswer_within_working_days = 2\nnotice_working_days = 2";
    let (adopted, early) = ("mingzhang.scoring-rules.adopted.v1", "2026-12-01T00:00:00Z");
    let december = told(&world, &keeper, adopted, early, rules("december", MONTH, periods)).await;
    assert_eq!(december.status, 201, "{}", december.text());
    // Months are settled in their order.
    let october = json!({ "month": "2026-10", "organization": STREET });
    let closed = told(&world, &keeper, "mingzhang.month.closed.v1", "2027-01-05T00:30:00Z", october).await;
    assert_eq!(closed.status, 201, "{}", closed.text());
    let month = json!({ "month": MONTH, "organization": STREET });
    let today = "2027-01-05T01:00:00Z";
    let freeze = json!({ "counts_no_shows": true, "month": MONTH, "organization": STREET });
    let frozen = told(&world, &keeper, "mingzhang.month.frozen.v1", today, freeze).await;
    assert_eq!(frozen.status, 201, "{}", frozen.text());

    let disclose = || async {
        let wanted = json!({ "organization": STREET }).to_string();
        world.post(&format!("/v1/months/{MONTH}/disclosure"), Some(&keeper), Some("d"), wanted).await
    };
    let refused = disclose().await;
    assert_eq!(refused.problem(), (409, "calendar_missing".to_owned()));
    for words in ["2027", "放假安排写进积分细则", "adopt"] {
        assert!(refused.text().contains(words), "{words}: {}", refused.text());
    }

    // The New Year's holiday, and the Saturday after it made up.
    let calendar = "[[calendars]]\nyear = 2027\nnotice = \"通知\"\nmake_up_days = [\"2027-01-09\"]\n\
                    holidays = [{ from = \"2027-01-01\", until = \"2027-01-03\" }]";
    let year = told(&world, &keeper, adopted, today, rules("year-2027", "2027-01", calendar)).await;
    assert_eq!(year.status, 201, "{}", year.text());
    let opened = disclose().await;
    assert_eq!(opened.status, 201, "{}", opened.text());
    let progress =
        || async { world.get(&format!("/v1/months/{MONTH}?organization={STREET}"), Some(&keeper)).await.json() };
    assert_eq!(progress().await["disclosure"]["until"], "2027-01-09", "Wednesday to Friday, and the Saturday");

    // Thursday: Friday and the Saturday are its two days.
    clock.set(instant("2027-01-07T02:00:00Z"));
    let own = world.token_of("m-8", Some(8), &[]);
    let objected = |subject: Value, ground: &str| json!({ "subject": subject, "member": member(8), "ground": ground });
    let raise = "mingzhang.objection.raised.v1";
    let to_disclosure = objected(opened.json()["id"].clone(), "points_wrong");
    let raised = told(&world, &own, raise, "2027-01-07T01:00:00Z", to_disclosure).await;
    assert_eq!(raised.status, 201, "{}", raised.text());
    let listed = world.get(&format!("/v1/objections?month={MONTH}"), Some(&keeper)).await.json();
    assert_eq!(listed["objections"][0]["decide_until"], "2027-01-09");
    let withdrawn = json!({ "objection": raised.json()["id"] });
    let withdrawal = told(&world, &own, "mingzhang.objection.withdrawn.v1", "2027-01-07T01:30:00Z", withdrawn).await;
    assert_eq!(withdrawal.status, 201, "{}", withdrawal.text());

    let close = "mingzhang.month.closed.v1";
    clock.set(instant("2027-01-09T15:00:00Z"));
    let running = told(&world, &keeper, close, "2027-01-09T14:00:00Z", month.clone()).await;
    assert_eq!(running.problem(), (409, "disclosure_running".to_owned()));
    clock.set(instant("2027-01-11T02:00:00Z"));
    let late = objected(opened.json()["id"].clone(), "record_missing");
    let too_late = told(&world, &own, raise, "2027-01-11T01:00:00Z", late).await;
    assert_eq!(too_late.problem(), (409, "objection_too_late".to_owned()));
    assert!(too_late.text().contains("2027-01-09"), "{}", too_late.text());
    let closed = told(&world, &keeper, close, "2027-01-11T01:00:00Z", month).await;
    assert_eq!(closed.status, 201, "{}", closed.text());

    let wanted = json!({ "organization": STREET, "month": MONTH, "number": "〔2027〕1号" }).to_string();
    let issued = world.post("/v1/notices", Some(&keeper), Some("n"), wanted).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    let to_notice = |ground: &str| objected(issued.json()["id"].clone(), ground);
    clock.set(instant("2027-01-13T15:00:00Z"));
    let in_time = told(&world, &own, raise, "2027-01-13T14:00:00Z", to_notice("points_wrong")).await;
    assert_eq!(in_time.status, 201, "{}", in_time.text());
    clock.set(instant("2027-01-14T02:00:00Z"));
    let after = told(&world, &own, raise, "2027-01-14T01:00:00Z", to_notice("record_missing")).await;
    assert_eq!(after.problem(), (409, "objection_too_late".to_owned()));
    assert!(after.text().contains("2027-01-13"), "{}", after.text());
}
