//! `as_of`: answers as they were.

use super::world::{EAST, PATROL, STREET, World, check_in, member};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_as_of_a_tree_size_is_byte_for_byte_the_answer_given_then() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "auditor"]);
    let questions = [
        "/v1/organizations?".to_owned(),
        format!("/v1/organizations/{STREET}?"),
        format!("/v1/organizations/{EAST}/ranking?month=2026-10&"),
        format!("/v1/organizations/{STREET}/units?month=2026-10&"),
        format!("/v1/organizations/{EAST}/rates?month=2026-10&"),
        format!("/v1/organizations/{EAST}/attendance?month=2026-10&"),
        format!("/v1/organizations/{EAST}/duty?month=2026-10&"),
        format!("/v1/organizations/{STREET}/summary?month=2026-10&"),
        format!("/v1/organizations/{EAST}/ranking.csv?month=2026-10&"),
        format!("/v1/members/{}?", member(5)),
        format!("/v1/members/{}/points?month=2026-10&", member(5)),
        format!("/v1/documents/draft?kind=register&organization={EAST}&month=2026-10&"),
        format!("/v1/documents/draft?kind=statement&member={}&month=2026-10&format=xlsx&", member(5)),
        format!("/v1/documents/draft?kind=attendance&activity={PATROL}&format=csv&"),
        "/v1/rules?".to_owned(),
        "/v1/notices?".to_owned(),
        "/v1/events?limit=1000&".to_owned(),
    ];
    let size = world.service.ledger.head().tree_size;
    let mut then = Vec::new();
    for question in &questions {
        then.push(world.get(question, Some(&token)).await);
    }
    let late = json!({
        "activity": PATROL, "member": member(5), "ended_at": "2026-10-03T13:30:00Z", "reason": "forgotten",
    });
    world.record("later-1", "mingzhang.late-check-in.recorded.v1", "2026-10-03T11:00:00Z", "both_parties", late);
    let renamed = json!({ "organization": EAST, "name": "朝阳社区党委" });
    world.record("later-2", "mingzhang.organization.renamed.v1", "2026-10-02T00:00:00Z", "office", renamed);
    world.post("/v1/commands", Some(&token), Some("later-3"), check_in(1)).await;
    let mut changed = 0;
    for (question, then) in questions.iter().zip(&then) {
        let now = world.get(question, Some(&token)).await;
        changed += usize::from(now.body != then.body);
        let again = world.get(&format!("{question}as_of={size}"), Some(&token)).await;
        assert_eq!(again.body, then.body, "{question}");
        assert_eq!(again.header("mingzhang-tree-size"), size.to_string());
    }
    assert!(changed >= 10, "the later facts change what is asked about: {changed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_to_ask_about_the_past_is_that_of_today() {
    let world = World::street();
    let token = world.token("w-1", &[&format!("recorder@{EAST}")]);
    // At size 1 there was no east community yet, and still the role reaches it: it reaches it now.
    let past = world.get(&format!("/v1/organizations/{EAST}/ranking?month=2026-10&as_of=1"), Some(&token)).await;
    assert_eq!(past.problem(), (404, "unknown".to_owned()));
    let past = world.get(&format!("/v1/organizations/{STREET}/ranking?month=2026-10&as_of=1"), Some(&token)).await;
    assert_eq!(past.problem(), (403, "role_does_not_reach".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_later_is_not_there_yet_at_an_earlier_size() {
    let world = World::street();
    let token = world.token("w-1", &["recorder", "auditor", "publisher"]);
    let before = world.service.ledger.head().tree_size;
    let event = world.post("/v1/commands", Some(&token), Some("k-1"), check_in(1)).await.json();
    let event = format!("/v1/events/{}", event["id"].as_str().expect("an id"));
    let closed = json!({ "organization": EAST, "month": "2026-10" });
    world.record("close", "mingzhang.month.closed.v1", "2026-11-05T00:00:00Z", "office", closed);
    let wanted = json!({ "organization": EAST, "month": "2026-10", "number": "〔2026〕1号" }).to_string();
    let notice = world.post("/v1/notices", Some(&token), Some("n-1"), wanted).await.json();
    let notice = format!("/v1/notices/{}", notice["id"].as_str().expect("an id"));
    let head = world.service.ledger.head().tree_size;
    for (path, recorded_at) in [(&event, before), (&notice, head - 1)] {
        let not_yet = world.get(&format!("{path}?as_of={recorded_at}"), Some(&token)).await;
        assert_eq!(not_yet.problem(), (404, "unknown".to_owned()), "{path}");
        let then = world.get(&format!("{path}?as_of={}", recorded_at + 1), Some(&token)).await;
        assert_eq!(then.status, 200, "{path}: {}", then.text());
        let beyond = world.get(&format!("{path}?as_of={}", head + 1), Some(&token)).await;
        assert_eq!(beyond.problem(), (404, "as_of_beyond_head".to_owned()), "{path}");
    }
    let page = world.get(&format!("/v1/events?from={}&limit=100&as_of={before}", before - 2), Some(&token)).await;
    let body = page.json();
    assert_eq!((&body["tree_size"], &body["next"]), (&json!(before), &json!(null)));
    assert_eq!(body["events"].as_array().map(Vec::len), Some(2));
    let beyond = world.get(&format!("/v1/events?as_of={}", head + 1), Some(&token)).await;
    assert_eq!(beyond.problem(), (404, "as_of_beyond_head".to_owned()));
    let accept = [("accept", "text/event-stream")];
    let stream = world.get_with(&format!("/v1/events?as_of={before}"), Some(&token), &accept).await;
    assert_eq!(stream.problem(), (400, "malformed_query".to_owned()));
}
