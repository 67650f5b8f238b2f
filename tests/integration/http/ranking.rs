//! `GET /v1/organizations/{code}/ranking`: pages, tables, formats.

use super::conforms::conforms;
use super::world::{EAST, STREET, World};
use serde_json::Value;

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
