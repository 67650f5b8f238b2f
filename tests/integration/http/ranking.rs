//! `GET /v1/organizations/{code}/ranking`: pages, tables, formats.

use super::conforms::conforms;
use super::world::{EAST, STREET, World, member};
use serde_json::{Value, json};

async fn page(world: &World, token: &str, path: &str) -> (Vec<Value>, Option<String>) {
    let answered = world.get(path, Some(token)).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let body = answered.json();
    conforms(&body, "get", "/v1/organizations/{code}/ranking", "200");
    let link = answered.header("link");
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).map(str::to_owned);
    (body["rows"].as_array().expect("rows").clone(), next)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_put_together_are_the_whole_ranking() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let path = format!("/v1/organizations/{STREET}/ranking?month=2026-10");
    let (whole, none) = page(&world, &token, &path).await;
    assert_eq!((whole.len(), none), (10, None));
    let (mut together, mut next) = (Vec::new(), Some(format!("{path}&limit=3")));
    let mut pages = 0;
    while let Some(path) = next {
        let (rows, after) = page(&world, &token, &path).await;
        together.extend(rows);
        next = after;
        pages += 1;
    }
    assert_eq!((together, pages), (whole, 4));
}

/// A grant of so many points to a member, as entry `key`.
fn grant(world: &World, key: &str, number: u64, points: &str) {
    let data = json!({ "member": member(number), "clause": "3.2", "points": points });
    world.record(key, "mingzhang.points.granted.v1", "2026-10-20T00:00:00Z", "office", data);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_rises_or_falls_while_the_pages_are_turned_stands_on_exactly_one_of_them() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let path = format!("/v1/organizations/{STREET}/ranking?month=2026-10");
    let (whole, _) = page(&world, &token, &path).await;
    let size = world.service.ledger.head().tree_size;
    let (mut together, mut next) = (Vec::new(), Some(format!("{path}&limit=2")));
    let mut risen = 10;
    while let Some(path) = next {
        let (rows, after) = page(&world, &token, &path).await;
        together.extend(rows);
        next = after;
        // The last of all becomes the first of all: ahead of the page that was just read.
        grant(&world, &format!("risen-{risen}"), risen, "2");
        risen -= 1;
    }
    assert_eq!(together, whole, "the pages are those of the first page's tree size");
    let (now, _) = page(&world, &token, &path).await;
    assert_ne!(now, whole);
    // Nothing in an answer says which way it was found; but the size is that of the first page on each.
    let second = world.get(&format!("{path}&limit=2"), Some(&token)).await;
    let cursor = second.json()["next"].as_str().expect("a cursor").to_owned();
    assert!(cursor.ends_with(&format!("@{}", world.service.ledger.head().tree_size)), "{cursor}");
    let contradiction = world.get(&format!("{path}&cursor={cursor}&as_of={size}"), Some(&token)).await;
    assert_eq!(contradiction.problem(), (400, "malformed_query".to_owned()));
    let (rows, _) = page(&world, &token, &format!("{path}&cursor={cursor}")).await;
    assert_eq!(rows, now[2..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_later_entries_do_not_change_needs_no_replay() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let path = format!("/v1/organizations/{EAST}/ranking?month=2026-10&limit=3");
    let (_, next) = page(&world, &token, &path).await;
    let next = next.expect("a second page");
    let (then, _) = page(&world, &token, &next).await;
    // Another community's points: the ranking of the east stands.
    grant(&world, "west", 8, "2");
    let started = world.service.follower.replays();
    // An answer of the present: from here on none of then is kept.
    page(&world, &token, &path).await;
    let (now, _) = page(&world, &token, &next).await;
    assert_eq!((now, world.service.follower.replays()), (then.clone(), started));
    // Its own: the page of then is found by replaying.
    grant(&world, "east", 7, "2");
    page(&world, &token, &path).await;
    let (now, _) = page(&world, &token, &next).await;
    assert_eq!((now, world.service.follower.replays()), (then, started + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ranking_as_a_table_has_a_byte_order_mark_and_a_chinese_file_name() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    let by_suffix = world.get(&format!("/v1/organizations/{EAST}/ranking.csv?month=2026-10"), Some(&token)).await;
    let path = format!("/v1/organizations/{EAST}/ranking?month=2026-10");
    let by_accept = world.get_with(&path, Some(&token), &[("accept", "text/csv")]).await;
    assert_eq!(by_suffix.body, by_accept.body);
    assert_eq!(by_suffix.header("content-type"), "text/csv; charset=utf-8");
    assert!(by_suffix.header("content-disposition").contains("filename*=UTF-8''420902001001-2026-10-%E5%85%9A"));
    let text = by_suffix.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines[0], "\u{feff}名次,党员,支部,积分,志愿服务分钟");
    assert_eq!(lines.len(), 7 + 2);
    let json = world.get(&format!("/v1/organizations/{EAST}/ranking.json?month=2026-10"), Some(&token)).await.json();
    let first = &json["rows"][0];
    assert!(lines[1].starts_with(&format!("1,{},{EAST},{}", text_of(&first["member"]), text_of(&first["points"]))));
}

fn text_of(value: &Value) -> &str {
    value.as_str().expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_be_is_refused() {
    let world = World::street();
    let token = world.token("w-1", &["auditor"]);
    for (query, status, code) in [
        ("", 400, "malformed_query"),
        ("?month=2026-13", 400, "malformed_query"),
        ("?month=2026-10&cursor=x", 400, "malformed_query"),
        ("?month=2026-10&mouth=2026-09", 400, "malformed_query"),
        ("?month=2026-10&limit=0", 400, "malformed_query"),
        ("?month=2026-10&limit=1001", 400, "malformed_query"),
        ("?month=2026-10&as_of=1000000", 404, "as_of_beyond_head"),
    ] {
        let answered = world.get(&format!("/v1/organizations/{EAST}/ranking{query}"), Some(&token)).await;
        assert_eq!(answered.problem(), (status, code.to_owned()), "{query}");
    }
    let nowhere = world.get("/v1/organizations/999/ranking?month=2026-10", Some(&token)).await;
    assert_eq!(nowhere.problem(), (404, "unknown".to_owned()));
    let html = world
        .get_with(&format!("/v1/organizations/{EAST}/ranking?month=2026-10"), Some(&token), &[("accept", "text/html")])
        .await;
    assert_eq!(html.problem(), (406, "not_acceptable".to_owned()));
}
